"""The doors of a claim with what starts them, and the worker's limits with the log of what interrupted them."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from arrears import casework, referrals
from arrears.limitation.interrupting import interrupt, withdraw
from arrears.limitation.limits import interrupted, needs_aid_at_once
from arrears.models import Claim, Clock, Event, Interruption
from arrears.situation.recording import Said, state_facts
from arrears.workdays import Calendar
from grid.models import Body
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

LAST = date(2025, 6, 30)  # a year later: Tuesday 2026-06-30


class LimitsCase(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, last_working_day=LAST)

    def clock(self, rule: str = "ARB-LIMIT-1Y", claim: Claim | None = None) -> Clock | None:
        return Clock.objects.running().filter(claim=claim or self.claim, rule_id=rule).first()

    def interrupt(self, day: date, **more: Any) -> Interruption:
        said = {"kind": "demand", "proof": "微信催要的聊天记录", **more}
        return interrupt(self.claim, more.pop("person", self.grid_worker), now=NOW, happened_on=day, **{k: v for k, v in said.items() if k != "person"})


class InterruptedTest(LimitsCase):
    def test_the_year_runs_anew_from_each_day_that_falls_into_it(self) -> None:
        calendar = Calendar()
        for base, days, start, verdicts in (
            (date(2024, 3, 4), [], date(2024, 3, 4), ()),
            (date(2024, 3, 4), [date(2024, 9, 2)], date(2024, 9, 2), ("counts",)),
            (date(2024, 3, 4), [date(2025, 3, 4)], date(2025, 3, 4), ("counts",)),  # the last day is still in time
            (date(2024, 3, 4), [date(2025, 3, 5)], date(2024, 3, 4), ("too_late",)),
            (date(2024, 3, 4), [date(2025, 8, 1), date(2024, 9, 2)], date(2025, 8, 1), ("counts", "counts")),  # in any order
            (date(2024, 3, 4), [date(2024, 3, 4), date(2024, 2, 1)], date(2024, 3, 4), ("before", "before")),
        ):
            found = interrupted(base, days, calendar)
            self.assertEqual((found.start, found.verdicts), (start, verdicts))

    def test_less_than_seven_days(self) -> None:
        self.assertEqual([needs_aid_at_once(TODAY + timedelta(days=n), TODAY) for n in (-1, 0, 6, 7)], [False, True, True, False])

    def test_an_interruption_moves_the_clock_and_stands_in_the_history(self) -> None:
        self.assertEqual(self.clock().due_on, date(2026, 6, 30))
        clock = self.clock().pk
        self.interrupt(date(2025, 12, 1))
        self.assertEqual((self.clock().pk, self.clock().started_on, self.clock().due_on), (clock, date(2025, 12, 1), date(2026, 12, 1)))
        self.assertEqual(self.clock("JC-LIMIT-2Y").due_on, date(2027, 6, 30))  # nothing interrupts that
        kinds = list(Event.objects.filter(claim=self.claim).order_by("seq").values_list("kind", flat=True))
        self.assertEqual(kinds[-2:], ["interrupt", "clock_moved"])

    def test_one_entered_wrongly_is_withdrawn_with_a_reason_and_stays(self) -> None:
        kept = self.interrupt(date(2025, 12, 1))
        with self.assertRaises(Refused) as caught:
            withdraw(kept, self.chief, now=NOW, reason=" ")
        self.assertEqual(caught.exception.code, "no_reason")
        withdraw(kept, self.chief, now=NOW, reason="日期记错")
        self.assertEqual((self.clock().due_on, Interruption.objects.count()), (date(2026, 6, 30), 1))
        with self.assertRaises(Refused) as caught:
            withdraw(kept, self.chief, now=NOW, reason="再撤")
        self.assertEqual(caught.exception.code, "stale")

    def test_bad_input_and_strangers_are_refused(self) -> None:
        for code, day, more in (
            ("in_future", TODAY + timedelta(days=1), {}),
            ("no_proof", TODAY, {"proof": " "}),
            ("not_your_role", TODAY, {"person": self.auditor}),
            ("not_your_role", TODAY, {"person": self.chief_a2}),
        ):
            with self.assertRaises(Refused) as caught:
                self.interrupt(day, **more)
            self.assertEqual(caught.exception.code, code)
        self.assertEqual(Interruption.objects.count(), 0)

    def test_the_limits_stand_still_end_and_begin_with_what_is_said(self) -> None:
        def say(*ticks: str, **more: Any) -> None:
            state_facts(self.claim, self.chief, Said(ticks, **more), now=NOW)

        say("still_employed")
        self.assertEqual((self.clock(), self.clock("JC-LIMIT-2Y")), (None, None))
        say("arrears_continue")
        self.assertEqual((self.clock().due_on, self.clock("JC-LIMIT-2Y")), (date(2026, 6, 30), None))
        say("arbitrating")
        self.assertIsNone(self.clock())
        self.assertTrue(Clock.objects.filter(claim=self.claim, rule_id="ARB-LIMIT-1Y").latest("ended_on", "id").was_met)
        say(last_working_day=date(2025, 9, 30))
        self.assertEqual(self.clock().due_on, date(2026, 9, 30))

    def test_accepting_meets_inspections_two_years(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        self.assertIsNone(self.clock("JC-LIMIT-2Y"))
        self.assertIsNotNone(self.clock())


class LimitsPageTest(LimitsCase):
    def setUp(self) -> None:
        super().setUp()
        self.address = reverse("claim_limits", args=[self.claim.pk])

    def test_it_says_how_long_is_left_and_takes_a_new_interruption(self) -> None:
        self.assertContains(self.client.get(self.address), "还剩 120 日")
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "还剩 120 日", 2)  # card and clocks
        clock = self.claim.clocks.get(rule_id="ARB-LIMIT-1Y", ended_on=None)
        self.assertContains(self.client.get(reverse("clock_why", args=[clock.pk])), "还剩 120 日")
        response = self.client.post(self.address, {"kind": "consent", "happened_on": "2026-02-02", "proof": "老板微信承诺年后付"}, follow=True)
        self.assertContains(response, "老板微信承诺年后付")
        self.assertEqual(self.clock().due_on, date(2027, 2, 2))

    def test_bad_input_loses_nothing(self) -> None:
        for data, words in (
            ({"kind": "demand", "happened_on": "2026-02-02"}, "请写明凭什么证明"),
            ({"kind": "demand", "happened_on": "2027-02-02", "proof": "短信"}, "不能晚于今天"),
            ({"happened_on": "2026-02-02", "proof": "短信记录"}, "短信记录"),
        ):
            self.assertContains(self.client.post(self.address, data), words)
        self.assertEqual(Interruption.objects.count(), 0)

    def test_a_record_of_the_claim_is_one_click_and_counts_once(self) -> None:
        (found,) = self.client.get(self.address).context["page"].candidates
        self.assertEqual((found.kind, found.happened_on), ("relief", TODAY))
        click = reverse("interruption_from_record", args=[found.event.pk])
        for _click in range(2):
            self.assertRedirects(self.client.post(click), self.address)
        self.assertEqual((Interruption.objects.get().source_key, self.clock().started_on), (found.source_key, TODAY))
        self.assertEqual(self.client.get(self.address).context["page"].candidates, [])
        note = casework.advance(self.claim, "note", self.chief, now=NOW, note="打过电话") and Event.objects.get(claim=self.claim, kind="note")
        self.assertEqual(self.client.post(reverse("interruption_from_record", args=[note.pk])).status_code, 404)

    def test_withdrawing_has_its_page(self) -> None:
        kept = self.interrupt(date(2025, 12, 1))
        page = reverse("interruption_withdraw", args=[kept.pk])
        self.assertContains(self.client.post(page, {"reason": ""}), "撤销的理由")
        self.assertRedirects(self.client.post(page, {"reason": "记错"}), self.address)
        self.assertContains(self.client.get(self.address), "已撤销：记错")

    def test_out_of_scope_is_absent(self) -> None:
        kept, event = self.interrupt(date(2025, 12, 1)), Event.objects.filter(claim=self.claim).first()
        doors = reverse("claim_doors", args=[self.claim.pk])
        for person in (self.chief_a2, self.county_b, self.partner, self.administrator, self.outsider):
            self.sign_in(person)
            pages = (self.address, doors, reverse("interruption_withdraw", args=[kept.pk]))
            self.assertEqual({self.client.get(page).status_code for page in pages}, {404}, person)
            self.assertEqual(self.client.post(reverse("interruption_from_record", args=[event.pk])).status_code, 404)
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(self.address, {"kind": "demand", "happened_on": "2026-02-02", "proof": "短信"}).status_code, 409)

    def test_as_many_queries_for_three_as_for_thirty(self) -> None:
        for n in range(3):
            self.interrupt(date(2025, 7, 1) + timedelta(days=n))
        few = self.queries(self.address)
        for n in range(27):
            self.interrupt(date(2025, 8, 1) + timedelta(days=n))
        self.assertEqual(self.queries(self.address), few)


class DoorsPageTest(LimitsCase):
    def doors(self, claim: Claim | None = None) -> Any:
        return self.client.get(reverse("claim_doors", args=[(claim or self.claim).pk]))

    def starts(self, response: Any) -> dict[str, str]:
        page = response.context["page"]
        return {row.road.id: row.start.url or row.start.words for row in (*page.open, *page.beside)}

    def test_a_button_where_it_can_be_begun_and_words_where_not(self) -> None:
        starts = self.starts(self.doors())
        self.assertEqual(starts["MEDIATE"], reverse("claim_mediate", args=[self.claim.pk]))
        self.assertEqual(starts["ARBITRATE"], "")
        self.assertContains(self.doors(), "可以请县（区）专员在系统里移送，也可以指引劳动者自己申请。", 1)
        self.sign_in(self.county)
        self.assertContains(self.doors(), "案件受理以后可以在系统里移送", 1)
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        self.assertIn("还没有登记能办理的协同单位", self.starts(self.doors())["ARBITRATE"])
        body = Body.objects.create(name="沭阳县劳动人事争议仲裁院", kind="arbitration", region_id="321322")
        url = self.starts(self.doors())["ARBITRATE"]
        self.assertEqual(url, reverse("claim_refer", args=[self.claim.pk]) + "?kind=arbitration")
        form = self.client.get(url).context["form"]
        self.assertEqual((form["kind"].value(), form.initial["body"]), ("arbitration", body))
        self.assertEqual(self.client.get(reverse("claim_refer", args=[self.claim.pk]) + "?kind=x").context["form"]["kind"].value(), "support")

    def test_what_is_shut_says_why(self) -> None:
        state_facts(self.claim, self.chief, Said(["iou", "preserved"]), now=NOW)
        response = self.doors()
        self.assertContains(response, "已经申请诉前财产保全，不能再申请支付令")
        self.assertContains(response, "监察走完全程可能比仲裁还久")

    def test_the_pages_ask_for_the_situation_or_offer_to_change_it_never_both(self) -> None:
        for asked in (False, True):
            if asked:
                state_facts(self.claim, None, Said(["iou"]), now=NOW)
            for name, ask in (("claim_doors", "现在问清情形"), ("claim_liability", "现在问清情形")):
                with self.subTest(name, asked=asked):
                    page = self.client.get(reverse(name, args=[self.claim.pk])).content.decode()
                    self.assertEqual((ask in page, "修改情形" in page), (not asked, asked))

    def test_below_seven_days_legal_aid_is_offered_at_once_until_it_was_asked_for(self) -> None:
        claim = self.make_claim(last_working_day=date(2025, 3, 7))  # Saturday 7 March 2026 rolls to the 9th: seven days
        pages = [reverse(name, args=[claim.pk]) for name in ("claim_detail", "claim_doors", "claim_limits")]
        for page in pages:
            self.assertNotContains(self.client.get(page), "马上申请法律援助")
        self.now = NOW + timedelta(days=1)
        self.sign_in(self.chief)
        for page in pages:
            self.assertContains(self.client.get(page), "仲裁时效只剩 6 日，马上申请法律援助")
        casework.advance(claim, "accept", None, now=NOW)
        aid = Body.objects.create(name="沭阳县法律援助中心", kind="legal_aid", region_id="321322")
        self.sign_in(self.county)
        self.assertContains(self.client.get(pages[0]), f"{reverse('claim_refer', args=[claim.pk])}?kind=legal_aid")
        referrals.refer(claim, self.county, now=NOW, kind="legal_aid", body=aid, summary="请先行援助。")
        self.assertNotContains(self.client.get(pages[0]), "马上申请法律援助")
