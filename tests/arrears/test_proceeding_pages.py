"""The pages of proceedings: the line of steps, the form of one, taking one back, the list, and what stands in red."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.models import Proceeding, Step
from arrears.proceedings import verbs
from grid.days import SHANGHAI
from grid.models import Body
from tests.arrears.test_evidence import upload
from tests.arrears.test_proceedings import ProceedingTestCase, at
from tests.base import NOW, TODAY


class ProceedingPagesTest(ProceedingTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(self.at_time(NOW))
        self.client.force_login(self.county)

    def at_time(self, now: datetime):
        return patch("django.utils.timezone.now", return_value=now)

    def page(self, status: int = 200):
        response = self.client.get(reverse("claim_proceedings", args=[self.claim.pk]))
        self.assertEqual(response.status_code, status)
        return response

    def address(self, opening: str) -> str:
        return reverse("proceeding_open", args=[self.claim.pk, *opening.split(".")])


class ProposedTest(ProceedingPagesTest):
    def test_the_fitting_bodies_of_the_region_are_proposed_and_another_can_be_typed(self) -> None:
        commission = Body.objects.create(name="沭阳县劳动人事争议仲裁委员会", kind="arbitration", region_id="321322")
        Body.objects.create(name="宿迁市中级人民法院", kind="court", region_id="3213")
        Body.objects.create(name="泗阳县人民法院", kind="court", region_id="321323")
        response = self.client.get(self.address("arbitration.applied"))
        self.assertEqual(response.context["form"].proposed, [commission.name])
        self.assertContains(response, 'list="proposed-bodies"')
        self.assertContains(response, f'value="{commission.name}"', count=2)  # the only one stands in the field already
        self.tick("iou")
        response = self.client.get(self.address("suit.filed_direct"))
        self.assertEqual(response.context["form"].proposed, ["沭阳县人民法院", "宿迁市中级人民法院"])
        said = {"on": "2026-03-02", "court": "淮安铁路运输法院", "amount": "8000", "paper": str(self.paper.pk)}
        self.client.post(self.address("suit.filed_direct"), said)
        suit = Proceeding.objects.get()
        self.assertEqual(suit.court, "淮安铁路运输法院")
        response = self.client.get(reverse("proceeding_step", args=[suit.pk, "docketed"]))
        self.assertIn("淮安铁路运输法院", response.context["form"].proposed)


class ClaimPageTest(ProceedingPagesTest):
    def test_what_can_be_begun_has_a_button_and_what_cannot_its_reason_and_article(self) -> None:
        response = self.page()
        self.assertContains(response, self.address("arbitration.applied"))
        self.assertNotContains(response, self.address("suit.filed_direct"))
        self.assertContains(response, "劳动争议先仲裁")
        self.assertContains(response, "劳动争议调解仲裁法 第五条")

    def test_the_line_says_done_next_and_later_and_what_can_no_longer_be(self) -> None:
        row = self.open("payment_order.applied_30")
        chain = self.page().context["page"].chains[0]
        self.assertEqual(
            [(dot.row.step, dot.state) for dot in chain.dots],
            [("applied_30", "done"), ("accepted", "next"), ("issued", "later"), ("served", "later"), ("enforceable", "later")],
        )
        self.assertIn("lapsed_16", [one.step for one in chain.impossible])
        self.assertNotIn("lapsed_30", [one.step for one in chain.impossible])
        self.assertEqual([act.row.step for act in chain.open_acts], ["accepted", "rejected", "withdrawn"])
        self.assertContains(self.page(), reverse("proceeding_step", args=[row.pk, "accepted"]))

    def test_a_judgment_in_force_leads_to_the_enforcement_and_not_to_the_mere_end_of_the_suit(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", TODAY, procedure="small")
        self.step(suit, "judged_small", TODAY, amount=Decimal(8000), until=TODAY)
        chain = self.page().context["page"].chains[0]
        self.assertEqual([(act.label, act.url) for act in chain.open_acts][0], ("申请强制执行", self.address("enforcement.applied")))
        self.assertEqual(chain.first_act.url, self.address("enforcement.applied"))
        self.assertNotContains(self.page(), reverse("proceeding_step", args=[suit.pk, "enforced"]))
        self.client.post(
            self.address("enforcement.applied"), {"on": "2026-03-02", "court": "沭阳县人民法院", "amount": "8000", "paper": str(self.paper.pk)}
        )
        self.assertEqual((self.fresh(suit).state, Proceeding.objects.get(kind="enforcement").state), ("enforced", "applied"))

    def test_what_has_to_wait_says_until_when(self) -> None:
        row = self.open("admin.decided", docket="1号")
        verbs.advance_due(at(date(2026, 9, 2)))
        self.step(row, "demanded", date(2026, 9, 3))
        with self.at_time(at(date(2026, 9, 4))):
            self.client.force_login(self.county)
            chain = self.page().context["page"].chains[0]
        self.assertIn("2026-09-17", next(act.why_not for act in chain.shut_acts if act.row.step == "applied"))

    def test_a_day_that_costs_a_right_stands_in_red_on_both_pages_of_the_claim(self) -> None:
        self.tick("iou")
        kept = self.open("preservation.pre_suit")
        for name in ("claim_proceedings", "claim_detail"):
            self.assertNotContains(self.client.get(reverse(name, args=[self.claim.pk])), "诉前冻结的财产会解除保全")
        self.step(kept, "ruled_pre", TODAY, amount=Decimal(8000))
        for name in ("claim_proceedings", "claim_detail"):
            response = self.client.get(reverse(name, args=[self.claim.pk]))
            self.assertContains(response, "诉前冻结的财产会解除保全")
            self.assertContains(response, "马上把起诉状或者仲裁申请书交上去")

    def test_the_criminal_amount_is_told_with_the_four_elements(self) -> None:
        self.assertNotContains(self.page(), "拒不支付劳动报酬罪的数额")
        for line in self.claim.lines.all():
            type(line).objects.filter(pk=line.pk).update(
                unpaid=Decimal(10000), period_from=date(2025, 10, 1), period_to=date(2025, 12, 31)
            )
        type(self.claim).objects.filter(pk=self.claim.pk).update(claimed=Decimal(10000))
        response = self.page()
        self.assertContains(response, "欠薪达到拒不支付劳动报酬罪的数额")
        self.assertContains(response, "转移财产、逃匿，或者有能力而不支付")
        self.assertNotContains(response, "失信联合惩戒名单的候选")
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "审查是否移送公安")
        self.tick("ordered_unpaid")
        self.assertContains(self.page(), "失信联合惩戒名单的候选")

    def test_out_of_sight_is_404_and_readers_have_no_buttons(self) -> None:
        self.client.force_login(self.county_b)
        self.page(404)
        self.client.force_login(self.auditor)
        self.assertNotContains(self.page(), self.address("arbitration.applied"))
        self.assertEqual(self.client.get(self.address("arbitration.applied")).status_code, 409)


class FormTest(ProceedingPagesTest):
    def test_a_step_with_a_photograph_of_the_receipt(self) -> None:
        response = self.client.post(
            self.address("arbitration.applied"),
            {"on": "2026-03-02", "court": "沭阳县劳动人事争议仲裁委员会", "amount": "8,000", "scan": upload("回执.png"), "note": ""},
        )
        row = Proceeding.objects.get()
        self.assertRedirects(response, f"/claims/{self.claim.pk}/proceedings/#p-{row.pk}", fetch_redirect_response=False)
        step = row.steps.get()
        self.assertEqual((step.paper.kind, row.court, row.amount), ("document", "沭阳县劳动人事争议仲裁委员会", Decimal(8000)))

    def test_nothing_typed_is_lost_when_something_is_missing(self) -> None:
        response = self.client.post(self.address("arbitration.applied"), {"on": "2026-03-02", "court": "仲裁委"})
        self.assertContains(response, "请选择或者上传回执、文书")
        self.assertContains(response, 'value="仲裁委"')
        self.assertFalse(Proceeding.objects.exists())

    def test_what_is_excluded_is_refused_with_its_sentence(self) -> None:
        response = self.client.post(
            self.address("suit.filed_direct"), {"on": "2026-03-02", "court": "沭阳县人民法院", "paper": str(self.paper.pk)}
        )
        self.assertContains(response, "劳动争议先仲裁", status_code=409)

    def test_a_hearing_is_asked_with_time_and_place(self) -> None:
        row = self.open("arbitration.applied")
        self.step(row, "accepted", TODAY)
        address = reverse("proceeding_step", args=[row.pk, "hearing"])
        self.assertContains(self.client.get(address), "开庭地点")
        self.client.post(address, {"on": "2026-03-02", "hearing": "2026-03-20 14:30", "place": "第一仲裁庭"})
        self.assertEqual(self.fresh(row).hearing_at, datetime(2026, 3, 20, 14, 30, tzinfo=SHANGHAI))

    def test_a_step_is_taken_back_with_a_reason(self) -> None:
        row = self.open("arbitration.applied")
        step = self.step(row, "accepted", TODAY)
        address = reverse("step_take_back", args=[step.pk])
        self.assertContains(self.page(), address)
        self.assertContains(self.client.post(address, {"reason": ""}), "请填写。")
        self.client.post(address, {"reason": "看错了"})
        self.assertTrue(Step.objects.get(pk=step.pk).is_withdrawn)
        self.assertContains(self.page(), "看错了")

    def test_unknown_steps_are_404(self) -> None:
        for opening in ("arbitration.nonsense", "nonsense.applied", "arbitration.accepted"):
            self.assertEqual(self.client.get(self.address(opening)).status_code, 404)


class ListTest(ProceedingPagesTest):
    def test_soonest_first_and_narrowed_by_kind_court_and_day(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct", court="宿迁市中级人民法院")
        aid = self.open("legal_aid.applied", court="沭阳县法律援助中心", on=TODAY - timedelta(days=5))

        def shown(query: str = "") -> list:
            return [row.proceeding.pk for row in self.client.get(reverse("proceeding_list") + query).context["rows"]]

        # Legal aid from 25 February: seven days end on 4 March; the suit's seven from 2 March on the 9th.
        self.assertEqual(shown(), [aid.pk, suit.pk])
        self.assertEqual(shown("?kind=suit"), [suit.pk])
        self.assertEqual(shown("?court=法律援助"), [aid.pk])
        self.assertEqual(shown("?until=2026-03-05"), [aid.pk])
        self.assertEqual(shown("?show=ended"), [])
        self.assertEqual(shown("?kind=nonsense"), [])
        self.step(aid, "over", TODAY)
        self.assertEqual((shown(), shown("?show=ended")), ([suit.pk], [aid.pk]))

    def test_others_see_only_what_is_in_their_scope(self) -> None:
        self.open("arbitration.applied")
        for person, count in ((self.grid_worker, 1), (self.city, 1), (self.county_b, 0), (self.outsider, 0)):
            self.client.force_login(person)
            self.assertEqual(len(self.client.get(reverse("proceeding_list")).context["rows"]), count, person)

    def test_it_costs_the_same_for_three_and_for_twenty(self) -> None:
        def cost(number: int) -> int:
            while Proceeding.objects.count() < number:
                self.open("arbitration.applied")
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("proceeding_list"))
            return len(queries)

        cost(3)
        self.assertEqual(cost(3), cost(20))

    def test_so_does_the_page_of_a_claim(self) -> None:
        def cost(number: int) -> int:
            while Proceeding.objects.count() < number:
                self.open("arbitration.applied")
            with CaptureQueriesContext(connection) as queries:
                self.page()
            return len(queries)

        cost(3)
        self.assertEqual(cost(3), cost(12))
