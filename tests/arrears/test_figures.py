"""Publishing and withdrawing figures, and the page of a claim that reckons with them."""

from datetime import date
from decimal import Decimal as D
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from arrears.models import ClaimLine, PublishedFigure
from arrears.sums.book import figures_now, publish, withdraw
from arrears.sums.kinds import PUBLISHED
from grid.models import Region
from grid.refused import Refused
from grid.roles import ADMINISTRATOR
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY, make_person


class FiguresCase(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.county_admin = make_person("xianguan", "县管", ADMINISTRATOR, "321322")
        cls.shuyang = Region.objects.get(code="321322")
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def publish(self, **more: Any) -> PublishedFigure:
        said = {"kind": "MIN-WAGE", "region": self.shuyang, "amount": D("2010"), "since": date(2026, 1, 1), "source": "某文件", "confidence": "T", **more}
        person = said.pop("person", self.administrator)
        return publish(person, now=NOW, today=TODAY, **said)

    def answers(self, response) -> dict[str, Any]:
        return {row.answer.sum.id: row for row in response.context["answers"]}

    def sums(self, **params: Any):
        return self.client.get(reverse("claim_sums", args=[self.claim.pk]), params)


class BookTest(FiguresCase):
    def test_one_figure_from_a_day_and_a_withdrawn_one_makes_room(self) -> None:
        first = self.publish()
        with self.assertRaises(Refused) as caught:
            self.publish(amount=D("2100"))
        self.assertEqual(caught.exception.code, "already_published")
        withdraw(first, self.administrator, reason="数字写错", now=NOW, today=TODAY)
        self.publish(amount=D("2100"))
        self.assertEqual([one.amount for one in figures_now() if one.kind == "MIN-WAGE"], [D("2100")])
        with self.assertRaises(Refused) as caught:
            withdraw(first, self.administrator, reason="再撤", now=NOW, today=TODAY)
        self.assertEqual(caught.exception.code, "stale")
        self.assertEqual(PublishedFigure.objects.count(), 2)

    def test_no_door_takes_a_figure_that_cannot_be(self) -> None:
        for wrong in ({"region": None}, {"amount": D(0)}, {"amount": D("2010.005")}, {"kind": "DELAY-DAY", "region": None, "amount": D("1.75")}, {"kind": "X"}):
            with self.assertRaises(Refused) as caught:
                self.publish(**wrong)
            self.assertEqual(caught.exception.code, "bad_figure")
        with self.assertRaises(Refused) as caught:
            withdraw(self.publish(), self.administrator, reason="  ", now=NOW, today=TODAY)
        self.assertEqual(caught.exception.code, "no_reason")

    def test_everywhere_is_a_place_too(self) -> None:
        self.publish(kind="AVG-WAGE", region=None)
        with self.assertRaises(Refused):
            self.publish(kind="AVG-WAGE", region=None)

    def test_only_administrators_of_the_city_publish(self) -> None:
        row = self.publish()
        for person in (self.county_admin, self.county, self.city):
            for act in (lambda p: self.publish(person=p, since=TODAY), lambda p: withdraw(row, p, reason="x", now=NOW, today=TODAY)):
                with self.assertRaises(Refused) as caught:
                    act(person)
                self.assertEqual(caught.exception.code, "not_yours")

    def test_the_database_refuses_what_no_verb_would_write(self) -> None:
        row = self.publish()
        for wrong in ({"amount": 0}, {"withdrawn_at": NOW}, {"withdrawn_because": "x"}):
            with self.assertRaises(IntegrityError), transaction.atomic():
                PublishedFigure.objects.filter(pk=row.pk).update(**wrong)

    def test_what_comes_with_the_program_stands_behind(self) -> None:
        self.publish(kind="CRIME-ONE", region=None, amount=D("12000"), since=date(2014, 1, 15))
        self.assertEqual(figures_now()[: len(PUBLISHED)], list(PUBLISHED))
        self.assertEqual(figures_now()[-1].amount, D("12000"))


class FigurePagesTest(FiguresCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.administrator)

    def post(self, **more: Any):
        said = {"kind": "MIN-WAGE", "region": "321322", "amount": "2010", "since": "2026-01-01", "source": "苏人社发〔2025〕1号", "confidence": "P", **more}
        return self.client.post(reverse("figure_list"), said, follow=True)

    def test_the_page_says_what_holds_where_nothing_is_known_and_takes_a_new_one(self) -> None:
        self.assertContains(self.client.get(reverse("figure_list")), "沭阳县")
        self.assertContains(self.post(), "2,010.00")
        kinds = {row.kind.id: row for row in self.client.get(reverse("figure_list")).context["page"].kinds}
        self.assertNotIn("沭阳县", kinds["MIN-WAGE"].gaps)
        self.assertEqual([row.amount for row in kinds["SMALL-MUST"].holds], ["60,862.00"])
        self.assertEqual([row.amount for row in kinds["SMALL-MUST"].others], ["51,811.00"])
        self.assertEqual([row.amount for row in kinds["DELAY-DAY"].holds], ["0.000175"])

    def test_a_wrong_form_is_told_what_to_do_and_kept(self) -> None:
        for field, more in (
            ("region", {"region": ""}), ("region", {"region": "999999"}), ("amount", {"amount": "-3"}), ("amount", {"amount": "两千"}), ("amount", {"amount": "2010.005"}),
            ("amount", {"kind": "DELAY-DAY", "region": "", "amount": "1.75"}), ("since", {"since": "2026-02-30"}), ("source", {"source": ""}), ("kind", {"kind": "X"}),
        ):  # fmt: skip
            form = self.post(**more).context["form"]
            self.assertIn(field, form.errors)
        self.assertEqual(PublishedFigure.objects.count(), 0)

    def test_withdrawing_asks_why_and_keeps_it_in_sight(self) -> None:
        self.post()
        row = PublishedFigure.objects.get()
        address = reverse("figure_withdraw", args=[row.pk])
        self.assertContains(self.client.get(address), "2,010.00")
        self.assertEqual(self.client.post(address, {"reason": ""}).status_code, 200)
        self.assertContains(self.client.post(address, {"reason": "写错了"}, follow=True), "已撤销：写错了")

    def test_others_read_and_may_not_write(self) -> None:
        for person in (self.grid_worker, self.county_admin):
            self.sign_in(person)
            response = self.client.get(reverse("figure_list"))
            self.assertNotContains(response, 'id="publish"')
            self.assertEqual(self.post().status_code, 409)
        self.assertEqual(PublishedFigure.objects.count(), 0)

    def test_queries_do_not_grow(self) -> None:
        def asked() -> int:
            return self.queries(reverse("figure_list"))
        self.publish()
        few = asked()
        for year in range(1990, 2020):
            self.publish(since=date(year, 1, 1))
        self.assertEqual(asked(), few)


class ClaimSumsTest(FiguresCase):
    def test_the_claims_own_facts_are_filled_in(self) -> None:
        self.publish()
        response = self.sums()
        self.assertEqual(response.context["form"].data["wages"], self.claim.unpaid)
        rows = self.answers(response)
        self.assertEqual(rows["final"].lines[0][1], D("24120.00"))
        self.assertEqual(rows["simple"].missing, ["上年度全省职工年平均工资"])
        self.assertContains(response, "还没有登记“上年度全省职工年平均工资”")

    def test_another_amount_is_tried_without_touching_the_claim(self) -> None:
        self.publish()
        rows = self.answers(self.sums(wages="3万", months="2", severance="", pay_by="2026-01-05", perform_by="", until="", ended=""))
        self.assertEqual(rows["extra"].lines, [("最低（50%）", D("15000.00")), ("最高（100%）", D("30000.00"))])
        self.assertIn("超过限额", rows["final"].verdict)
        before = self.claim.unpaid
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.unpaid, before)

    def test_wrong_input_is_said_and_nothing_is_reckoned(self) -> None:
        response = self.sums(wages="很多", months="-1", perform_by="2026-05-05", until="2026-05-01", bars="nonsense", ended="won")
        self.assertEqual(set(response.context["form"].errors), {"wages", "months", "until", "bars", "ended"})
        self.assertEqual(response.context["answers"], [])

    def test_many_workers_each_by_their_lines(self) -> None:
        for row in range(11):
            worker = self.claim.claimants.create(name=f"工人{row}")
            ClaimLine.objects.create(
                claim=self.claim, claimant=worker, rate=D("6000"), quantity=1, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31)
            )
        response = self.sums()
        self.assertGreater(len(response.context["workers"]), 10)
        self.assertNotIn("wages", response.context["form"].fields)
        self.assertIn("十人以上", self.answers(response)["crime"].verdict)

    def test_out_of_sight_is_404(self) -> None:
        self.sign_in(self.chief_a2)
        self.assertEqual(self.sums().status_code, 404)


class ApiTest(FiguresCase):
    def as_(self, person) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    def test_only_an_administrator_of_the_city_publishes_and_withdraws(self) -> None:
        said = {"kind": "MIN-WAGE", "region": "321322", "amount": "2010", "since": "2026-01-01", "source": "某文件", "confidence": "T"}
        for person in (self.chief, self.county, self.county_admin, self.city, self.outsider):
            self.assertEqual(self.as_(person).post("/api/v1/figures/", said, format="json").json()["code"], "not_yours", person)
        made = self.as_(self.administrator).post("/api/v1/figures/", said, format="json")
        self.assertEqual((made.status_code, made.json()["amount"], made.json()["region"]), (201, "2010.000000", "321322"))
        url = f"/api/v1/figures/{made.json()['id']}/withdraw/"
        self.assertEqual(self.as_(self.county_admin).post(url, {"reason": "错"}, format="json").json()["code"], "not_yours")
        self.assertIsNotNone(self.as_(self.administrator).post(url, {"reason": "数字写错"}, format="json").json()["withdrawn_at"])

    def test_bad_figures_are_refused_by_field_or_with_a_code(self) -> None:
        client = self.as_(self.administrator)
        said = {"kind": "MIN-WAGE", "region": "999999", "amount": "2010", "since": "2026-01-01", "source": "某文件", "confidence": "T"}
        self.assertEqual(set(client.post("/api/v1/figures/", said, format="json").json()), {"region"})
        self.assertEqual(client.post("/api/v1/figures/", {**said, "region": ""}, format="json").json()["code"], "bad_figure")

    def test_the_list_says_what_is_not_checked_and_what_may_be_old(self) -> None:
        rows = self.as_(self.chief).get("/api/v1/figures/").json()
        delay = next(row for row in rows if row["kind"] == "DELAY-DAY")
        self.assertEqual((delay["id"], delay["confidence"], "unverified" in delay["doubts"]), (None, "K", True))

    def test_a_claim_is_reckoned_as_its_page_reckons_it(self) -> None:
        self.publish()
        found = {row["id"]: row for row in self.as_(self.grid_worker).get(f"/api/v1/claims/{self.claim.pk}/sums/").json()}
        self.sign_in(self.grid_worker)
        page = self.answers(self.sums())
        self.assertEqual({name: row["verdict"] for name, row in found.items()}, {name: row.verdict or None for name, row in page.items()})
        self.assertEqual(found["fee"]["lines"], [{"label": "每件", "amount": "10.00"}])
        self.assertTrue(found["delay"]["is_provisional"])
        self.assertEqual(found["simple"]["missing"], ["AVG-WAGE"])

    def test_items_are_judged_one_by_one_and_the_advance_has_its_ceiling(self) -> None:
        self.publish()
        asked = {"wages": "30000", "overtime": "5000", "severance": "24120", "unsettled": "12000"}
        found = {row["id"]: row for row in self.as_(self.county).get(f"/api/v1/claims/{self.claim.pk}/sums/", asked).json()}
        self.assertEqual(
            [(line["label"], line["amount"]) for line in found["final"]["lines"]],
            [("限额（十二个月最低工资）", "24120.00"), ("劳动报酬：超过限额", "30000.00"), ("加班工资：在限额以内", "5000.00"), ("经济补偿：在限额以内", "24120.00")],
        )  # fmt: skip
        self.assertEqual([line["amount"] for line in found["advance"]["lines"]], ["12000.00", "12000.00"])
        self.assertEqual(found["advance"]["verdict"], "只能垫付未结清的工程款那一部分，其余仍由用人单位支付。")

    def test_bad_input_and_out_of_scope(self) -> None:
        answer = self.as_(self.county).get(f"/api/v1/claims/{self.claim.pk}/sums/", {"wages": "很多"})
        self.assertEqual((answer.status_code, set(answer.json())), (400, {"wages"}))
        for person in (self.county_b, self.partner, self.outsider):
            self.assertEqual(self.as_(person).get(f"/api/v1/claims/{self.claim.pk}/sums/").status_code, 404, person)
