"""The situation of a claim: asked once, kept with its history, and shown as who must pay."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from arrears import casework, referrals
from arrears.intake import RespondentFacts
from arrears.models import Claim, Event, Evidence, Respondent, Situation
from arrears.search import search
from arrears.situation.of_claim import facts_of, known_of
from arrears.situation.recording import Said, state_facts
from arrears.telling import tell
from grid.models import AccessLog, Body
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

CHAIN = [
    RespondentFacts("宿迁宏远劳务有限公司", role="labour"), RespondentFacts("沭阳城建集团", role="general"),
    RespondentFacts("沭阳城投公司", role="owner"),
]  # fmt: skip


class SituationCase(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, respondents=CHAIN, site_name="翰林雅苑二期")

    def state(self, *ticks: str, person: Any = None, claim: Claim | None = None, **said: Any) -> Situation:
        return state_facts(claim or self.claim, person or self.grid_worker, Said(ticks, **said), now=self.now)

    def events(self, kind: str = "state_facts") -> list[Event]:
        return list(Event.objects.filter(claim=self.claim, kind=kind).order_by("seq"))

    def refused(self, code: str, *ticks: str, **said: Any) -> Refused:
        with self.assertRaises(Refused) as caught:
            self.state(*ticks, **said)
        self.assertEqual(caught.exception.code, code)
        return caught.exception


class StateFactsTest(SituationCase):
    def test_what_is_said_is_kept_and_stands_in_the_history(self) -> None:
        kept = self.state("owner_unpaid", "sublet_whole", unsettled=Decimal("5000"))
        self.assertEqual((kept.said, kept.unsettled), (["sublet_whole", "owner_unpaid"], Decimal("5000")))
        (event,) = self.events()
        told = tell(event)
        self.assertEqual(told.title, "登记情形：工程被整个转包、建设单位没有按合同约定及时拨付工程款")
        self.assertEqual(told.notes, ["未结清的工程款：¥5,000.00"])
        self.assertEqual(event.actor, self.grid_worker)

    def test_a_change_is_another_event_that_says_what_changed(self) -> None:
        self.state("owner_unpaid", unsettled=Decimal("5000"))
        self.state("lent_name", lender="general")
        first, second = self.events()
        self.assertEqual((first.facts["added"], second.facts["added"], second.facts["removed"]), (["owner_unpaid"], ["lent_name"], ["owner_unpaid"]))
        self.assertEqual(tell(second).notes, ["不再认定：建设单位没有按合同约定及时拨付工程款", "被借用名义的单位：施工总承包单位", "不再填写：未结清的工程款"])

    def test_saying_the_same_again_changes_nothing(self) -> None:
        self.state("iou")
        self.state("iou")
        self.assertEqual(len(self.events()), 1)

    def test_asked_and_nothing_found_is_an_answer_too(self) -> None:
        self.state()
        self.state()
        self.assertEqual(([tell(event).title for event in self.events()], Situation.objects.get().said), (["登记情形"], []))

    def test_a_unit_found_out_becomes_a_respondent_and_is_found_by_its_name(self) -> None:
        claim = self.make_claim()
        self.state("construction", claim=claim, names={"general": "江苏华厦建设"})
        self.assertEqual(list(claim.respondents.values_list("role", "legal_name")), [("labour", "宿迁宏远劳务有限公司"), ("general", "江苏华厦建设")])
        self.assertEqual(list(search(Claim.objects.all(), "江苏华厦建设")), [claim])
        event = Event.objects.get(claim=claim, kind="state_facts")
        self.assertEqual(tell(event).notes, ["查明的单位：江苏华厦建设"])

    def test_who_works_on_the_case_may_say_who_reads_may_not(self) -> None:
        for person in (self.grid_worker, self.chief, self.county, self.city, self.mediator):
            self.state("iou", person=person)
        for person in (self.chief_a2, self.county_b, self.partner, self.auditor, self.administrator, self.outsider):
            self.refused("not_your_role", "iou", "retired", person=person)

    def test_what_the_office_decides_a_grid_worker_cannot(self) -> None:
        self.assertIn("网格长或者专员", self.refused("office_decides", "arrears_continue").message)
        self.state("arrears_continue", person=self.chief)
        self.state("arrears_continue", "iou")  # leaves it as it was decided
        self.refused("office_decides", "iou")
        self.state("iou", person=self.county)

    def test_what_makes_no_sense_is_refused_and_nothing_is_kept(self) -> None:
        self.refused("unknown_fact", "rich")
        self.refused("cap_without_owner", unsettled=Decimal("1"))
        self.refused("in_future", last_working_day=TODAY + timedelta(days=1))
        self.refused("already_named", names={"general": "别的集团"})
        self.refused("already_named", names={"foreman": "孙老板"})
        self.assertEqual((self.events(), Situation.objects.count(), Respondent.objects.count()), ([], 0, 3))

    def test_a_claim_that_has_ended_is_not_changed(self) -> None:
        casework.advance(self.claim, "withdraw", self.grid_worker, now=NOW, reason="已私下付清", confirmed=True)
        self.refused("wrong_state", "iou")


class KnownTest(SituationCase):
    """What the record shows is not asked again."""

    def known(self, claim: Claim) -> set[str]:
        return known_of(Claim.objects.get(pk=claim.pk), TODAY)

    def test_a_site_and_ten_workers(self) -> None:
        self.assertEqual(self.known(self.claim), {"construction"})
        self.assertEqual(self.known(self.make_claim(worker_count=10)), {"collective"})
        self.assertEqual(self.known(self.make_claim(worker_count=9)), set())

    def test_an_iou_among_the_evidence_unless_it_was_replaced_by_something_else(self) -> None:
        iou = self.paper("iou", "1")
        self.assertEqual(self.known(self.claim), {"construction", "iou"})
        self.paper("other", "2", replaces=iou)
        self.assertEqual(self.known(self.claim), {"construction"})

    def paper(self, kind: str, sha: str, **more: Any) -> Evidence:
        return Evidence.objects.create(
            claim=self.claim, kind=kind, title="欠条", original_name="a.jpg", file="x", extension="jpg", mime="image/jpeg",
            size=1, sha256=sha, added_by=self.grid_worker, added_at=NOW, **more,
        )  # fmt: skip

    def test_an_open_referral_shows_what_was_begun(self) -> None:
        claim = self.make_claim()
        for move in ("accept", "handle"):
            casework.advance(claim, move, None, now=NOW)
        arbitration = Body.objects.create(name="沭阳县劳动人事争议仲裁院", kind="arbitration", region_id="321322")
        referral = referrals.refer(claim, self.county, now=NOW, kind="arbitration", body=arbitration, summary="请仲裁。")
        self.assertEqual(self.known(claim), set())  # sent, but not taken up
        for move in ("receive", "accept"):
            referrals.advance(referral, move, None, now=NOW)
        self.assertEqual(self.known(claim), {"arbitrating"})
        referrals.advance(referral, "conclude", None, now=NOW, outcome="judged", note="已裁决")
        self.assertEqual(self.known(claim), set())
        referrals.refer(claim, self.county, now=NOW, kind="preservation", body=self.court, summary="请保全。")
        self.assertEqual(self.known(claim), {"preserved"})

    def test_limits_whose_day_has_passed(self) -> None:
        late = self.make_claim(last_working_day=date(2024, 1, 31))
        self.assertEqual(self.known(late), {"arb_expired", "inspect_expired"})
        self.assertEqual(self.known(self.make_claim(last_working_day=date(2025, 2, 28))), {"arb_expired"})
        self.assertEqual(self.known(self.make_claim(last_working_day=date(2025, 3, 1))), set())  # a Sunday: rolls to today

    def test_the_facts_are_what_was_said_and_what_is_known(self) -> None:
        self.state("owner_unpaid", unsettled=Decimal("5000"))
        facts = facts_of(Claim.objects.get(pk=self.claim.pk), TODAY)
        self.assertLessEqual({"owner_unpaid", "construction", "sub_hires", "has_general"}, facts.said)
        self.assertEqual((facts.owed, facts.unsettled, facts.names["owner"]), (Decimal(8000), Decimal(5000), ("沭阳城投公司",)))


class FactsPageTest(SituationCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)
        self.address = reverse("claim_state_facts", args=[self.claim.pk])

    def test_what_is_known_is_shown_and_not_asked(self) -> None:
        response = self.client.get(self.address)
        self.assertContains(response, "案卷里已经有的，不用再问")
        self.assertNotIn("construction", response.context["form"].fields)
        self.assertNotIn("name_general", response.context["form"].fields)
        self.assertIn("name_investor", response.context["form"].fields)

    def test_saving_leads_to_who_must_pay(self) -> None:
        response = self.client.post(self.address, {"owner_unpaid": "on", "unsettled": "１.２万", "last_working_day": "2026-01-20"}, follow=True)
        self.assertRedirects(response, reverse("claim_liability", args=[self.claim.pk]))
        self.assertContains(response, "以未结清的工程款 <span class=\"money\">¥12,000.00</span> 为限，最多垫付 <span class=\"money\">¥8,000.00</span>。")
        self.assertEqual([box.role for box in response.context["page"].parties], ["labour", "general", "owner"])

    def test_what_was_ticked_comes_back_ticked_and_can_be_taken_back(self) -> None:
        self.state("retired", "iou")
        form = self.client.get(self.address).context["form"]
        self.assertEqual([name for name in form.fields if form[name].value() is True], ["iou", "retired"])
        self.client.post(self.address, {"iou": "on"})
        self.assertEqual(Situation.objects.get().said, ["iou"])

    def test_what_was_decided_by_the_office_survives_a_grid_workers_save(self) -> None:
        self.state("arrears_continue", person=self.chief)
        self.client.post(self.address, {"iou": "on"})
        self.assertEqual(Situation.objects.get().said, ["iou", "arrears_continue"])

    def test_bad_input_says_what_to_do_and_loses_nothing(self) -> None:
        for data, words in (
            ({"iou": "on", "unsettled": "5000"}, "请同时勾选"),
            ({"iou": "on", "owner_unpaid": "on", "unsettled": "很多"}, "金额"),
            ({"iou": "on", "lender": "general"}, "请同时勾选“挂靠”"),
            ({"iou": "on", "lender": "mayor"}, "mayor"),
            ({"iou": "on", "last_working_day": "2027-01-01"}, "最后工作日不能晚于今天"),
            ({"iou": "on", "last_working_day": "昨天"}, "日期"),
            ({"iou": "on", "name_investor": "长" * 121}, "120"),
        ):
            response = self.client.post(self.address, data)
            self.assertContains(response, words)
            self.assertIs(response.context["form"]["iou"].value(), True)
        self.assertEqual(Situation.objects.count(), 0)

    def test_out_of_scope_is_absent_and_who_only_reads_is_told_why(self) -> None:
        for person in (self.chief_a2, self.county_b, self.partner, self.administrator, self.outsider):
            self.sign_in(person)
            for method in (self.client.get, self.client.post):
                self.assertEqual(method(self.address).status_code, 404, person)
        self.sign_in(self.auditor)
        self.assertContains(self.client.post(self.address, {"iou": "on"}), "您的岗位不能进行这项操作", status_code=409)
        self.assertEqual(Situation.objects.count(), 0)


class LiabilityPageTest(SituationCase):
    def setUp(self) -> None:
        super().setUp()
        self.address = reverse("claim_liability", args=[self.claim.pk])

    def page(self) -> Any:
        return self.client.get(self.address)

    def test_the_picture_goes_from_the_money_down_to_the_worker(self) -> None:
        response = self.page()
        self.assertEqual(
            [(box.role, box.liable and box.liable.order) for box in response.context["page"].boxes],
            [("owner", None), ("general", 2), ("labour", 1)],
        )
        for words in ("先行清偿", "保障农民工工资支付条例 第三十条第三款", "付后可以追偿", "目前没有要它付的依据", "情形还没有问清"):
            self.assertContains(response, words)

    def test_once_asked_it_stops_asking(self) -> None:
        self.state("owner_unpaid")
        response = self.page()
        self.assertNotContains(response, "情形还没有问清")
        self.assertContains(response, "上限是建设单位未结清的工程款，数额还不知道")
        self.assertContains(response, "上限待查")

    def test_a_missing_link_is_seen_and_what_nobody_checked_says_so(self) -> None:
        claim = self.make_claim(respondents=[RespondentFacts(aliases="孙老板", role="foreman")], site_name="翰林雅苑二期")
        self.address = reverse("claim_liability", args=[claim.pk])
        self.state("general_gave_unqualified", claim=claim)
        response = self.page()
        self.assertContains(response, "施工总承包单位（名称待查）")
        self.assertContains(response, "未核实")
        self.assertContains(response, "维权信息告示牌")

    def test_english(self) -> None:
        self.client.cookies["django_language"] = "en"
        self.assertContains(self.page(), "Regulation on Ensuring Wage Payment to Migrant Workers, art. 30(3)")

    def test_readers_see_it_without_a_button_others_not_at_all_and_every_look_is_logged(self) -> None:
        self.sign_in(self.auditor)
        self.assertNotContains(self.page(), reverse("claim_state_facts", args=[self.claim.pk]) + '"><svg')
        self.assertEqual(AccessLog.objects.filter(person=self.auditor, subject_id=self.claim.pk).count(), 1)
        for person in (self.chief_a2, self.county_b, self.partner, self.administrator, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.page().status_code, 404, person)

    def test_as_many_queries_for_three_as_for_thirty(self) -> None:
        def address(n: int) -> str:
            many = [RespondentFacts(f"某公司{i}", role="sub") for i in range(n)]
            return reverse("claim_liability", args=[self.make_claim(respondents=many, site_name="某工地").pk])

        few, many = address(3), address(30)
        self.queries(few)
        self.assertEqual(self.queries(few), self.queries(many))
