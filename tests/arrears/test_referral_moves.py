"""What happens between sender and body after a referral was sent: asking for more, returning, supplements, disputes. Days by
hand: 2026-03-02 is a Monday, and no holiday falls into March."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears import casework, referrals
from arrears.escalation.run import sweep
from arrears.intake import ClaimantFacts, LineFacts
from arrears.lifecycle import REFERRAL
from arrears.models import Claimant, Clock, Event, Evidence, Proceeding, Referral, Supplement
from arrears.partners import disputes, frozen, supplements
from arrears.referral_page import ReferralPage
from arrears.worker.words import MESSAGES
from grid.days import SHANGHAI
from grid.models import Body, Notice, Task
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR, PARTNER
from tests.base import NOW, CastTestCase, make_person


def at(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=SHANGHAI)


class Scene(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.union = Body.objects.create(name="沭阳县总工会", kind="union", region_id="321322")
        cls.union_person = make_person("gonghui", "龚惠", PARTNER, body=cls.union)
        cls.claim = cls.make_claim()
        casework.advance(cls.claim, "accept", cls.county, now=NOW, conditions=True)
        cls.referral = cls.refer(cls.procuratorate)

    @classmethod
    def refer(cls, body: Body, now: datetime = NOW) -> Referral:
        return referrals.refer(cls.claim, cls.county, now=now, kind="support", body=body, summary="请支持起诉。", evidence=[])

    def make(self, name: str, person=None, day: int = 2, referral: Referral | None = None, **said) -> Referral:
        person = person or (self.partner if name in BODYS else self.county)
        return referrals.advance(referral or self.referral, name, person, now=at(day), **said)

    def running(self, referral: Referral | None = None) -> dict[str, date]:
        rows = Clock.objects.running().filter(about_id=(referral or self.referral).pk)
        return dict(rows.values_list("rule_id", "due_on"))

    def refused(self, code: str):
        scene = self

        class Expecting:
            def __enter__(self):
                return self

            def __exit__(self, kind, error, _trace):
                scene.assertIs(kind, Refused)
                scene.assertEqual(error.code, code)
                return True

        return Expecting()

    def file(self, title: str) -> Evidence:
        return Evidence.objects.create(
            claim=self.claim, kind="iou", title=title, original_name="a.jpg", file="evidence/none", extension="jpg",
            mime="image/jpeg", size=3, sha256=title, added_at=NOW, added_by=self.county,
        )  # fmt: skip


BODYS = {move.name for move in REFERRAL.moves if PARTNER in move.roles}


class AskingForMoreTest(Scene):
    def test_the_senders_day_runs_and_the_bodys_stands_still_until_it_begins_anew(self) -> None:
        self.make("receive")
        self.assertEqual(self.running(), {"REF-ANSWER-5": date(2026, 3, 9)})
        self.make("ask_more", day=5, wanted="三个月的考勤", supply_by=date(2026, 3, 20))
        self.assertEqual(self.running(), {"REF-SUPPLY": date(2026, 3, 20)})
        self.assertEqual((self.referral.state, self.referral.answer_by), ("queried", date(2026, 3, 20)))
        supplements.send(self.referral, self.county, now=at(16), note="考勤在此。", evidence=[self.file("考勤表")])
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "received")
        self.assertEqual(self.running(), {"REF-ANSWER-5": date(2026, 3, 23), "REF-SUPPLEMENT-2": date(2026, 3, 18)})

    def test_the_day_lies_ahead_or_the_body_is_told(self) -> None:
        self.make("receive")
        for day in (date(2026, 3, 2), date(2026, 2, 1), date(2028, 1, 1)):
            with self.refused("day_not_ahead"):
                self.make("ask_more", wanted="考勤", supply_by=day)
        self.make("ask_more", wanted="考勤", supply_by=date(2026, 3, 3))

    def test_after_acceptance_the_bodys_time_goes_on(self) -> None:
        self.make("receive")
        self.make("accept", day=3)
        before = self.running()
        self.make("ask_further", day=4, wanted="银行流水", supply_by=date(2026, 3, 30))
        self.assertEqual(self.running(), {**before, "REF-SUPPLY": date(2026, 3, 30)})
        self.assertEqual(self.referral.state, "accepted")
        supplements.send(self.referral, self.county, now=at(6), note="流水在此。")
        self.assertEqual(self.running(), {**before, "REF-SUPPLEMENT-2": date(2026, 3, 10)})

    def test_the_body_may_decide_without_waiting(self) -> None:
        for name, said in (("accept", {}), ("decline", {"ground": "evidence", "reason": "等不到"}), ("return", {"wanted": "重新整理"})):
            with self.subTest(name):
                referral = self.refer(self.union) if name == "accept" else self.referral
                Clock.objects.filter(about_id=referral.pk).delete()
                Referral.objects.filter(pk=referral.pk).update(state="received")
                referral.refresh_from_db()
                person = self.union_person if referral.body_id == self.union.pk else self.partner
                self.make("ask_more", person, referral=referral, wanted="考勤", supply_by=date(2026, 3, 20))
                self.make(name, person, 3, referral, **said)
                self.assertNotIn("REF-SUPPLY", self.running(referral))

    def test_the_sender_is_called_by_the_ladder_and_then_who_stands_above(self) -> None:
        self.make("receive")
        self.make("ask_more", wanted="考勤", supply_by=date(2026, 3, 20))
        sweep(at(20))
        told = set(Notice.objects.filter(kind="supply_near", channel="in_app").values_list("recipient__username", flat=True))
        self.assertEqual(told, {"xianan"})
        sweep(at(25))
        late = set(Notice.objects.filter(kind="supply_late", channel="in_app").values_list("recipient__username", flat=True))
        self.assertEqual(late, {"xianan", "shidu"})


class ReturningTest(Scene):
    def test_what_was_returned_is_put_right_and_begins_again(self) -> None:
        self.make("receive")
        self.make("return", day=3, wanted="缺授权委托书")
        self.assertEqual(self.running(), {"REF-CORRECT-5": date(2026, 3, 10)})
        supplements.send(self.referral, self.county, now=at(5), note="已补授权委托书。")
        self.referral.refresh_from_db()
        self.assertEqual((self.referral.state, self.running()), ("sent", {"REF-RECEIVE-2": date(2026, 3, 9)}))
        self.make("receive", day=6)
        self.assertIsNotNone(self.referral.supplements.get().received_at)

    def test_a_supplement_never_goes_into_a_claim_that_has_ended(self) -> None:
        self.make("receive")
        self.make("return", day=3, wanted="缺授权委托书")
        type(self.claim).objects.filter(pk=self.claim.pk).update(stage="withdrawn")
        self.referral = Referral.objects.get(pk=self.referral.pk)
        with self.refused("claim_ended"):
            supplements.send(self.referral, self.county, now=at(5), note="x")
        self.assertFalse(Supplement.objects.exists())


class SupplementTest(Scene):
    def test_only_what_has_changed_is_sent_and_the_first_version_stays(self) -> None:
        first, print_ = dict(self.referral.shared), self.referral.sha256
        casework.advance(self.claim, "verify", self.county, now=NOW, verified_amount=Decimal("7500"), basis="工资表")
        casework.advance(self.claim, "record_payment", self.county, now=NOW, amount=Decimal("500"), paid_on=NOW.date(), method="bank")
        worker = Claimant.objects.create(claim=self.claim, name="周三", phone="13900000003")
        self.claim.lines.create(claimant=worker, unit="lump", rate=Decimal("900"), quantity=Decimal(1), due=Decimal("900"), paid=0, unpaid=Decimal("900"))
        sent = supplements.send(self.referral, self.county, now=at(3), note="")
        self.assertEqual(sent.facts["verified"], "7500.00")
        self.assertEqual(sent.facts["paid"], "500.00")
        self.assertNotIn("story", sent.facts)
        self.assertEqual([row["name"] for row in sent.people["claimants"]], ["周三"])
        self.referral.refresh_from_db()
        self.assertEqual((self.referral.shared, self.referral.sha256), (first, print_))
        with self.refused("nothing_new"):
            supplements.send(self.referral, self.county, now=at(4), note=" ")

    def test_each_has_its_own_number_fingerprint_and_receipt(self) -> None:
        one = supplements.send(self.referral, self.county, now=at(3), note="一", evidence=[self.file("甲")])
        two = supplements.send(self.referral, self.county, now=at(4), note="二", evidence=[self.file("乙")])
        self.assertEqual((one.number, two.number), (1, 2))
        self.assertNotEqual(one.sha256, two.sha256)
        self.assertEqual(self.running()["REF-SUPPLEMENT-2"], date(2026, 3, 5))  # the second gives the first no more time
        self.make("receive", day=4)
        self.assertEqual(set(self.referral.supplements.values_list("received_by", flat=True)), {"简察"})
        self.assertNotIn("REF-SUPPLEMENT-2", self.running())
        with self.refused("nothing_to_take"):
            self.make("take", day=4)
        self.referral = Referral.objects.get(pk=self.referral.pk)
        supplements.send(self.referral, self.county, now=at(5), note="三")
        self.make("take", day=6)
        self.assertEqual(self.referral.supplements.filter(received_at=None).count(), 0)

    def test_of_two_sent_from_pages_opened_at_once_each_has_its_number_and_news_go_once(self) -> None:
        casework.advance(self.claim, "verify", self.county, now=NOW, verified_amount=Decimal("7500"), basis="工资表")
        pages = [ReferralPage.rows().get(pk=self.referral.pk) for _person in range(2)]
        for page in pages:
            list(page.supplements.all())  # as the page has read them
        for page, note in zip(pages, ("先", "后"), strict=True):
            supplements.send(page, self.county, now=at(3), note=note)
        sent = [(row.number, row.note, row.facts.get("verified")) for row in self.referral.supplements.order_by("number")]
        self.assertEqual(sent, [(1, "先", "7500.00"), (2, "后", None)])

    def test_a_page_from_before_the_bodys_question_does_not_answer_it(self) -> None:
        self.make("receive")
        page = ReferralPage.rows().get(pk=self.referral.pk)
        self.make("ask_more", day=3, wanted="考勤", supply_by=date(2026, 3, 20))
        with self.refused("wrong_state"):
            supplements.send(page, self.county, now=at(3), note="补一份欠条")

    def test_a_file_of_another_claim_or_sent_before_is_not_sent(self) -> None:
        known = self.file("甲")
        other = self.make_claim()
        foreign = Evidence.objects.create(
            claim=other, kind="iou", title="外", original_name="a", file="x", extension="jpg", mime="image/jpeg", size=1, sha256="外", added_at=NOW
        )
        supplements.send(self.referral, self.county, now=at(3), note="一", evidence=[known, foreign])
        self.assertEqual(list(self.referral.evidence.all()), [known])
        with self.refused("nothing_new"):
            supplements.send(self.referral, self.county, now=at(3), note="", evidence=[known])

    def test_the_fingerprint_tells_what_was_tampered_with(self) -> None:
        sent = supplements.send(self.referral, self.county, now=at(3), note="一")
        self.assertTrue(frozen.is_intact(Referral.objects.get(pk=self.referral.pk)))
        self.assertTrue(frozen.is_supplement_intact(Supplement.objects.get(pk=sent.pk)))
        self.client.force_login(self.partner)
        page = reverse("referral_detail", args=[self.referral.pk])
        self.assertContains(self.client.get(page), self.referral.sha256)
        self.assertNotContains(self.client.get(page), "核对不一致")
        shared = {**self.referral.shared, "claimed": "80000.00"}
        Referral.objects.filter(pk=self.referral.pk).update(shared=shared)
        Supplement.objects.filter(pk=sent.pk).update(note="二")
        self.assertFalse(frozen.is_intact(Referral.objects.get(pk=self.referral.pk)))
        self.assertFalse(frozen.is_supplement_intact(Supplement.objects.get(pk=sent.pk)))
        self.assertContains(self.client.get(page), "核对不一致，请联系管理员", count=2)

    def test_all_pages_of_workers_are_in_the_fingerprint(self) -> None:
        claim = self.make_claim(claimants=[ClaimantFacts(f"工人{n}", f"1370000{n:04}", lines=[LineFacts(Decimal(10), Decimal(1), "lump")]) for n in range(101)])
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        referral = referrals.refer(claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="x", evidence=[])
        self.assertTrue(frozen.is_intact(Referral.objects.get(pk=referral.pk)))
        page = referral.pages.get()
        page.people["claimants"][0]["name"] = "别人"
        page.save(update_fields=["people"])
        self.assertFalse(frozen.is_intact(Referral.objects.get(pk=referral.pk)))

    def test_the_page_of_the_form_says_what_changed_and_sends_it(self) -> None:
        casework.advance(self.claim, "verify", self.county, now=NOW, verified_amount=Decimal("7500"), basis="工资表")
        url = reverse("referral_supplement", args=[self.referral.pk])
        self.client.force_login(self.county)
        self.assertContains(self.client.get(url), "¥7,500.00")
        self.assertContains(self.client.post(url, {"note": ""}), "没有可以补充的内容", status_code=409)
        self.assertRedirects(self.client.post(url, {"note": "已核定", "with_facts": "on"}), reverse("referral_detail", args=[self.referral.pk]))
        for person, code in ((self.partner, 404), (self.union_person, 404), (self.county_b, 404), (self.chief, 409)):
            self.client.force_login(person)
            self.assertEqual(self.client.get(url).status_code, code)
        self.client.force_login(self.partner)
        page = self.client.get(reverse("referral_detail", args=[self.referral.pk]))
        for words in ("第 1 次补充", "已核定", "¥7,500.00", "对方尚未签收"):
            self.assertContains(page, words)

    def test_the_page_costs_the_same_with_one_and_with_many_supplements(self) -> None:
        self.client.force_login(self.partner)
        supplements.send(self.referral, self.county, now=at(3), note="一", evidence=[self.file("甲")])
        costs = []
        for number in (2, 9):
            with CaptureQueriesContext(connection) as asked:
                self.client.get(reverse("referral_detail", args=[self.referral.pk]))
            costs.append(len(asked))
            for _n in range(number):
                supplements.send(self.referral, self.county, now=at(3), note="又", evidence=[self.file(f"乙{number}{_n}")])
        self.assertEqual(costs[0], costs[1])


class DisputeTest(Scene):
    def declined(self, referral: Referral, person) -> Referral:
        self.make("receive", person, referral=referral)
        return self.make("decline", person, 3, referral, ground="not_ours", reason="不归我们")

    def test_a_body_that_says_it_is_not_theirs_can_be_ruled_to_take_it(self) -> None:
        self.declined(self.referral, self.partner)
        self.make("dispute", day=4, reason="支持起诉是检察机关的职责")
        self.assertEqual(self.running(), {"REF-RULING-5": date(2026, 3, 11)})
        self.assertTrue(Notice.objects.filter(recipient=self.city, facts__move_msgid="提请裁定由谁办理").exists())
        self.make("rule_takes", self.city, 5, reason="由检察院办理")
        self.assertEqual((self.referral.state, self.referral.is_binding, self.referral.ruled_by), ("accepted", True, self.city))
        self.assertEqual(list(self.running()), ["REF-CONCLUDE-60"])

    def test_another_body_gets_it_and_cannot_send_it_away_again(self) -> None:
        self.declined(self.referral, self.partner)
        self.make("dispute", day=4, reason="请裁定")
        with self.refused("same_body"):
            self.make("rule_other", self.city, 5, other_body=self.procuratorate, reason="x")
        self.make("rule_other", self.city, 5, other_body=self.union, reason="由工会办理")
        passed = Referral.objects.get(body=self.union)
        self.assertEqual((self.referral.state, passed.state, passed.ruled_from, passed.in_hand_of_id), ("passed_on", "sent", self.referral, self.county.pk))
        self.make("receive", self.union_person, 6, passed)
        with self.refused("ruled"):
            self.make("decline", self.union_person, 6, passed, ground="not_ours", reason="也不归我们")
        self.make("decline", self.union_person, 6, passed, ground="no_request", reason="没有申请")

    def test_it_may_stand_and_is_not_disputed_twice(self) -> None:
        self.declined(self.referral, self.partner)
        self.make("dispute", day=4, reason="请裁定")
        self.make("rule_stands", self.city, 5, reason="确实不归其办理")
        self.assertEqual((self.referral.state, self.running()), ("declined", {}))
        with self.refused("ruled_already"):
            self.make("dispute", day=6, reason="再请")

    def test_only_not_ours_or_silence_past_all_rungs_is_a_dispute(self) -> None:
        with self.refused("not_silent"):
            self.make("dispute", reason="太慢")
        for day in (4, 6, 11, 12):
            sweep(at(day))
        self.referral.refresh_from_db()
        self.assertTrue(disputes.is_silent(self.referral))
        self.make("dispute", day=12, reason="一直不答复")
        self.assertEqual(list(self.running()), ["REF-RULING-5"])
        other = self.refer(self.union)
        self.make("receive", self.union_person, referral=other)
        self.make("decline", self.union_person, 3, other, ground="can_sue", reason="能自己起诉")
        with self.refused("not_disputed"):
            self.make("dispute", day=4, referral=other, reason="不服")

    def test_the_second_body_that_sends_it_away_offers_the_ruling(self) -> None:
        self.declined(self.referral, self.partner)
        self.assertFalse(Task.objects.filter(kind="ruling_offered").exists())
        second = self.declined(self.refer(self.union, at(4)), self.union_person)
        task = Task.objects.get(kind="ruling_offered")
        self.assertEqual((task.owner, task.path), (self.county, f"/referrals/{second.pk}/"))
        self.client.force_login(self.county)
        self.assertContains(self.client.get(task.path), "不要再转第三家")
        self.client.force_login(self.union_person)
        self.assertNotContains(self.client.get(task.path), "不要再转第三家")

    def test_nobody_rules_on_what_they_sent_while_somebody_else_is_there(self) -> None:
        mine = referrals.refer(self.claim, self.city, now=NOW, kind="legal_aid", body=self.union, summary="x", evidence=[])
        self.declined(mine, self.union_person)
        self.make("dispute", self.city, 4, mine, reason="请裁定")
        second = make_person("erdu", "尔督", CITY_SUPERVISOR, "3213")
        with self.refused("own_referral"):
            self.make("rule_takes", self.city, 5, mine, reason="我裁定")
        self.make("rule_takes", second, 5, mine, reason="由工会办理")

    def test_the_form_of_the_ruling_offers_competent_bodies_only(self) -> None:
        self.declined(self.referral, self.partner)
        self.make("dispute", day=4, reason="请裁定")
        self.client.force_login(self.city)
        page = self.client.get(reverse("referral_move", args=[self.referral.pk, "rule_other"]))
        self.assertContains(page, "沭阳县总工会")
        self.assertNotContains(page, f'value="{self.procuratorate.pk}"')
        self.client.force_login(self.county)
        self.assertEqual(self.client.get(reverse("referral_move", args=[self.referral.pk, "rule_other"])).status_code, 409)

    def test_a_city_without_anybody_to_rule_still_calls_by_the_ladder(self) -> None:
        self.declined(self.referral, self.partner)
        self.make("dispute", day=4, reason="请裁定")
        for day in (10, 11, 13):
            sweep(at(day))
        told = set(Notice.objects.filter(kind="ruling_late", channel="in_app").values_list("recipient__username", flat=True))
        self.assertEqual(told, {"shidu", "xianan"})


class WordsOfEachMoveTest(Scene):
    # Moves between officials of which there is nothing for the worker in them.
    UNTOLD = {"draft", "begin", "take"}

    def test_the_worker_is_told_of_each_hand_over_and_answer(self) -> None:
        told = {name.removeprefix("referral.") for name in MESSAGES if name.startswith("referral.")}
        self.assertEqual(told, {move.name for move in REFERRAL.moves} - self.UNTOLD)

    @override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
    def test_the_message_names_the_body_and_the_query_number(self) -> None:
        self.make("receive")
        self.make("return", day=3, wanted="缺授权委托书")
        notice = Notice.objects.get(kind="worker_body_returned")
        self.assertEqual((notice.facts["body"], notice.facts["query"]), ("沭阳县人民检察院", self.claim.claimants.get().query_number))

    def test_the_history_says_what_each_move_made_of_it(self) -> None:
        self.make("receive")
        self.make("ask_more", wanted="三个月的考勤", supply_by=date(2026, 3, 20))
        supplements.send(self.referral, self.county, now=at(3), note="考勤在此。")
        self.client.force_login(self.county)
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        page = self.client.get(reverse("referral_detail", args=[self.referral.pk]))
        for words in ("支持起诉 · 沭阳县人民检察院：待补充材料", "三个月的考勤", "请在 2026-03-20 前补充", "已补充材料，重新等待答复", "第 1 次补充"):
            self.assertContains(page, words)
        self.assertEqual(Event.objects.filter(kind="referral").count(), 4)


class ClockOfReferralTest(Scene):
    def test_recalling_ends_every_clock_in_every_open_state(self) -> None:
        for state in REFERRAL.open_states:
            with self.subTest(state):
                referral = self.refer(self.union)
                Referral.objects.filter(pk=referral.pk).update(state=state)
                referral.refresh_from_db()
                self.make("recall", referral=referral, reason="撤回")
                self.assertEqual(self.running(referral), {})
                self.assertIsNone(referral.answer_by)

    def test_two_answers_at_once_are_one(self) -> None:
        self.make("receive")
        again = Referral.objects.get(pk=self.referral.pk)
        self.make("accept")
        with self.refused("stale"):
            self.make("decline", referral=again, ground="not_ours", reason="x")
        self.assertEqual(Event.objects.filter(kind="referral", facts__move="decline").count(), 0)

    def test_the_days_of_a_move_are_of_its_own_day(self) -> None:
        self.make("receive", day=4)
        clock = Clock.objects.get(about_id=self.referral.pk, rule_id="REF-RECEIVE-2")
        self.assertEqual((clock.was_met, clock.ended_on), (True, date(2026, 3, 4)))
        self.assertEqual(timedelta(days=7), self.running()["REF-ANSWER-5"] - date(2026, 3, 4))


class ProceedingTest(Scene):
    def page(self, person):
        self.client.force_login(person)
        return self.client.get(reverse("referral_detail", args=[self.referral.pk]))

    def test_what_was_accepted_leads_to_its_proceeding_with_what_is_known_filled_in(self) -> None:
        self.assertNotContains(self.page(self.county), "登记程序进展")
        self.make("receive")
        self.make("accept", day=4)
        Referral.objects.filter(pk=self.referral.pk).update(docket_number="（2026）苏1322民初7号")
        page = self.page(self.county)
        self.assertContains(page, "登记程序进展")
        url = page.context["page"].opening_url
        self.assertEqual(url, f"/claims/{self.claim.pk}/proceedings/?referral={self.referral.pk}#open")  # a suit has several beginnings
        self.assertContains(self.client.get(url), f"?referral={self.referral.pk}")
        form = self.client.get(reverse("proceeding_open", args=[self.claim.pk, "suit", "filed_direct"]), {"referral": str(self.referral.pk)})
        self.assertContains(form, "2026-03-04")
        self.assertNotContains(form, 'value="沭阳县人民检察院"')  # it supports the suit, the court is another
        for person in (self.partner, self.auditor):
            self.assertNotContains(self.page(person), "登记程序进展")
        Proceeding.objects.create(claim=self.claim, kind="suit", opened_as="file", state="file", opened_at=NOW, referral=self.referral, docket_number="（2026）苏1322民初7号")
        again = self.page(self.county)
        self.assertNotContains(again, "登记程序进展")
        self.assertContains(again, "（2026）苏1322民初7号")
