"""/api/v1/situations/ and /api/v1/interruptions/: what the pages show and do, for machines."""

from datetime import timedelta

from django.urls import reverse

from arrears import casework, referrals
from arrears.intake import RespondentFacts
from arrears.models import Event, Interruption
from arrears.supervision import orders
from tests.arrears.test_api import ApiTestCase
from tests.base import NOW, TODAY

CHAIN = [RespondentFacts("宿迁宏远劳务有限公司", role="labour"), RespondentFacts("沭阳城建集团", role="general")]


class SituationApiTest(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, respondents=CHAIN, site_name="翰林雅苑二期")
        cls.path = f"situations/{cls.claim.pk}/"

    def put(self, person, **body):
        self.client.force_login(person)
        return self.client.put(f"/api/v1/{self.path}", body, content_type="application/json")

    def test_reading_tells_facts_payers_and_roads(self) -> None:
        answer = self.get(self.path, self.grid_worker).json()
        self.assertIn("has_general", answer["holds"])
        self.assertEqual([payer["role"] for payer in answer["liable"]][:2], ["labour", "general"])
        general = answer["liable"][1]
        self.assertEqual((general["names"], general["duty"]), (["沭阳城建集团"], "先行清偿"))
        self.assertIn("ARBITRATE", [road["id"] for road in answer["roads"]])

    def test_stating_facts_is_the_verb_with_its_refusals(self) -> None:
        answer = self.put(self.grid_worker, said=["owner_unpaid"], unsettled="5000.00")
        self.assertEqual((answer.status_code, answer.json()["said"], answer.json()["unsettled"]), (200, ["owner_unpaid"], "5000.00"))
        self.assertEqual(Event.objects.filter(kind="state_facts").count(), 1)
        refused = self.put(self.grid_worker, said=["moon"])
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "unknown_fact"))
        self.assertEqual(self.put(self.grid_worker, said=[], names={"moon": "x"}).status_code, 400)
        self.assertEqual(self.put(self.auditor, said=[]).json()["code"], "not_your_role")

    def test_out_of_scope_is_404(self) -> None:
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.assertEqual(self.get(self.path, person).status_code, 404)
            self.assertEqual(self.put(person, said=[]).status_code, 404)

    def test_interruptions_are_listed_made_and_withdrawn(self) -> None:
        body = {"claim": str(self.claim.pk), "kind": "demand", "happened_on": "2026-02-20", "proof": "微信催要"}
        made = self.post("interruptions/", self.grid_worker, body)
        self.assertEqual((made.status_code, made.json()["proof"]), (201, "微信催要"))
        self.assertEqual(self.post("interruptions/", self.grid_worker, {**body, "proof": ""}).status_code, 409)
        self.assertEqual(self.post("interruptions/", self.auditor, body).json()["code"], "not_your_role")
        self.assertEqual(self.post("interruptions/", self.county_b, body).status_code, 404)
        listed = self.get("interruptions/", self.grid_worker, claim=str(self.claim.pk)).json()["results"]
        self.assertEqual([row["id"] for row in listed], [made.json()["id"]])
        gone = self.post(f"interruptions/{made.json()['id']}/withdraw/", self.grid_worker, {"reason": "日期有误"})
        self.assertEqual((gone.status_code, gone.json()["withdrawn_because"]), (200, "日期有误"))
        self.assertIsNotNone(Interruption.objects.get().withdrawn_at)
        self.assertEqual(self.get(f"interruptions/{made.json()['id']}/", self.county_b).status_code, 404)


    def test_what_stops_or_starts_a_limit_is_listed_made_ended_and_withdrawn(self) -> None:
        body = {"claim": str(self.claim.pk), "kind": "force_majeure", "starts_on": "2026-02-20", "proof": "防汛通告"}
        made = self.post("limit-entries/", self.grid_worker, body)
        self.assertEqual((made.status_code, made.json()["ended_on"]), (201, None))
        own = f"limit-entries/{made.json()['id']}/"
        self.assertEqual(self.post("limit-entries/", self.grid_worker, body).json()["code"], "overlaps")
        self.assertEqual(self.post("limit-entries/", self.auditor, body).json()["code"], "not_your_role")
        self.assertEqual(self.post("limit-entries/", self.county_b, body).status_code, 404)
        self.assertEqual(self.post(f"{own}clear/", self.grid_worker, {"ended_on": "2026-02-20"}).json()["code"], "ends_before")
        self.assertEqual(self.post(f"{own}clear/", self.grid_worker, {"ended_on": "2026-02-25"}).json()["ended_on"], "2026-02-25")
        listed = self.get("limit-entries/", self.grid_worker, claim=str(self.claim.pk)).json()["results"]
        self.assertEqual([row["id"] for row in listed], [made.json()["id"]])
        self.assertEqual(self.post(f"{own}withdraw/", self.grid_worker, {"reason": "日期有误"}).json()["withdrawn_because"], "日期有误")
        self.assertEqual(self.get(own, self.county_b).status_code, 404)


class DocumentsTest(SituationApiTest):
    def test_a_referral_freezes_who_must_pay_and_shows_it_to_the_body(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        referral = referrals.refer(self.claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持")
        self.assertEqual([payer["names"] for payer in referral.shared["liable"]][:2], [["宿迁宏远劳务有限公司"], ["沭阳城建集团"]])
        self.assertIn("申请劳动仲裁", referral.shared["roads"])
        self.client.force_login(self.partner)
        page = self.client.get(reverse("referral_detail", args=[referral.pk]))
        self.assertContains(page, "依法应当付款的")
        self.assertContains(page, "保障农民工工资支付条例 第三十条")

    def test_the_paper_of_an_order_names_who_must_pay(self) -> None:
        order = orders.issue(self.claim, self.county, now=NOW, demand="请约谈。", reply_by=TODAY + timedelta(days=3))
        self.client.force_login(self.county)
        page = self.client.get(reverse("order_print", args=[order.pk]))
        self.assertContains(page, "依法应当付款的")
        self.assertContains(page, "沭阳城建集团 · 先行清偿")
