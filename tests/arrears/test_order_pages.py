"""The pages of supervision orders: list, order, paper, moves, issuing, desk and API; who may and who may not."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from django.db import connections
from django.http import HttpResponse
from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from arrears import casework
from arrears.models import Claim, Order
from arrears.supervision import orders
from grid.models import AccessLog, Person, Posting
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_api import ApiTestCase
from tests.base import NOW, TODAY, Cast

DAY = TODAY + timedelta(days=4)
LIST = "/orders/"


class OrderPagesTestCase(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)
        cls.order = cls.make_order()

    @classmethod
    def make_order(cls, claim: Claim | None = None, person: Person | None = None, **changes: Any) -> Order:
        said = {"demand": "约谈宏远劳务。", "reply_by": DAY, **changes}
        return orders.issue(claim or cls.claim, person or cls.county, now=NOW, **said)

    def page(self, person: Person | None = None, name: str = "order_detail") -> HttpResponse:
        if person:
            self.sign_in(person)
        return self.client.get(reverse(name, args=[self.order.pk]))

    def move(self, name: str, person: Person | None = None, **said: str) -> HttpResponse:
        if person:
            self.sign_in(person)
        return self.client.post(reverse("order_move", args=[self.order.pk, name]), said)

    def listed(self, **asked: str) -> list[str]:
        return [row.order.number for row in self.client.get(LIST, asked).context["rows"]]


class OrderPageTest(OrderPagesTestCase):
    def test_it_says_who_must_do_what_by_when_and_at_whose_demand(self) -> None:
        response = self.page(self.chief)
        for words in ("约谈宏远劳务。", "宿督〔2026〕00001", "3月6日（周五）", "签收并回复", "章镇", "沭阳县 县（区）专员", "冼安", "李建国"):
            self.assertContains(response, words)

    def test_the_page_of_its_clock_says_that_the_day_was_written_and_not_agreed(self) -> None:
        clock = self.claim.clocks.get(about_id=self.order.pk)
        self.assertContains(self.page(self.chief), reverse("clock_why", args=[clock.pk]))
        response = self.client.get(reverse("clock_why", args=[clock.pk]))
        self.assertContains(response, "2026-03-06 周五：写明的日期")
        self.assertNotContains(response, "约定的日期")
        self.assertContains(response, reverse("order_detail", args=[self.order.pk]))

    def test_the_coming_rungs_stand_there_with_names(self) -> None:
        response = self.page(self.chief)
        for words in ("接下来会怎样", "督办单回复期限将至", "督办单过了答复日未回复", "督办单过了答复日三个工作日未回复，报市级督办", "史督"):
            self.assertContains(response, words)

    def test_only_the_region_finds_it(self) -> None:
        expected = {"grid_worker", "chief", "county", "city", "mediator", "auditor"}
        for name, person in self.everybody().items():
            with self.subTest(name):
                for page in ("order_detail", "order_print"):
                    self.assertEqual(self.page(person, page).status_code, 200 if name in expected else 404)

    def test_each_side_is_offered_its_moves(self) -> None:
        def offered(person: Person) -> list[str]:
            return [act.move.name for act in self.page(person).context["page"].acts]

        self.assertEqual(offered(self.chief), ["receive", "reply"])
        self.assertEqual(offered(self.county), ["withdraw"])
        self.assertEqual(offered(self.grid_worker), [])
        self.assertEqual(offered(self.auditor), [])

    def test_looking_is_logged_by_the_name_an_auditor_knows(self) -> None:
        self.page(self.chief)
        row = AccessLog.objects.get(person=self.chief, subject="order")
        self.assertEqual((row.act, row.subject_id, row.region_code), ("read", self.order.pk, "321322101"))
        self.sign_in(self.auditor)
        self.assertContains(self.client.get(reverse("access_log")), f"{self.order.number} · {self.claim.number}")

    def test_it_is_signed_for_answered_sent_back_answered_again_and_accepted(self) -> None:
        page = reverse("order_detail", args=[self.order.pk])
        for name, person, said, words in (
            ("receive", self.chief, {}, "已签收，待回复"),
            ("reply", self.chief, {"reply": "已约谈。"}, "等待沭阳县 县（区）专员"),
            ("send_back", self.county, {"verdict": "请附凭证。", "reply_by": "2026-03-13"}, "退回意见"),
            ("reply", self.chief, {"reply": "已附凭证。"}, "已附凭证。"),
            ("accept", self.county, {"verdict": ""}, "已办结"),
        ):
            with self.subTest(name):
                self.assertRedirects(self.move(name, person, **said), page)
                self.assertContains(self.page(), words)

    def test_a_form_that_lacks_something_keeps_what_was_typed(self) -> None:
        self.move("reply", self.chief, reply="已约谈。")
        response = self.move("send_back", self.county, verdict="请附凭证。", reply_by="")
        self.assertContains(response, "请附凭证。")
        self.order.refresh_from_db()
        self.assertEqual(self.order.state, "replied")

    def test_a_rule_that_says_no_is_said_over_the_form(self) -> None:
        self.move("reply", self.chief, reply="已约谈。")
        response = self.move("send_back", self.county, verdict="请附凭证。", reply_by="2026-03-02")
        self.assertContains(response, "回复期限应在今天之后。", status_code=409)
        self.assertContains(response, "请附凭证。", status_code=409)

    def test_refusals(self) -> None:
        self.assertEqual(self.move("reply", self.county, reply="x").status_code, 409)
        self.assertEqual(self.move("accept", self.county).status_code, 409)
        for name in ("issue", "lapse", "dance"):
            self.assertEqual(self.move(name, self.county).status_code, 404)
        self.assertEqual(self.move("reply", self.chief_a2, reply="x").status_code, 404)

    def test_the_paper_holds_number_sides_facts_demand_day_and_places_to_sign(self) -> None:
        self.move("reply", self.chief, reply="已约谈。")
        response = self.page(self.chief, "order_print")
        for words in (
            "欠薪案件督办单", self.order.number, self.claim.number, "李建国", "宿迁宏远劳务有限公司", "8,000.00",
            "陇集镇 乡镇（街道）网格长", "约谈宏远劳务。", "2026年3月6日", "已约谈。", "签发人：冼安", "签收人：章镇", "（盖章）",
        ):  # fmt: skip
            self.assertContains(response, words)

    def test_a_late_reply_is_marked(self) -> None:
        orders.advance(self.order, "reply", self.chief, now=NOW + timedelta(days=9), reply="已办。")
        self.assertContains(self.page(self.county), "过了答复日才回复")

    def test_a_long_story_costs_as_many_queries_as_a_short_one(self) -> None:
        self.sign_in(self.county)
        address = reverse("order_detail", args=[self.order.pk])
        orders.advance(self.order, "reply", self.chief, now=NOW, reply="一。")
        short = self.queries(address)
        for hours in range(1, 11):
            orders.advance(self.order, "send_back", self.county, now=NOW + timedelta(hours=hours), verdict="再办。", reply_by=DAY)
            orders.advance(self.order, "reply", self.chief, now=NOW + timedelta(hours=hours, minutes=1), reply="又办。")
        self.assertEqual(self.queries(address), short)


class IssuingTest(OrderPagesTestCase):
    def post(self, person: Person, claim: Claim | None = None, **said: str) -> HttpResponse:
        self.sign_in(person)
        typed = {"level": "township", "demand": "请办。", "reply_by": "2026-03-06", **said}
        return self.client.post(reverse("claim_order", args=[(claim or self.claim).pk]), typed)

    def test_the_form_offers_the_levels_below_and_a_working_day(self) -> None:
        self.sign_in(self.city)
        form = self.client.get(reverse("claim_order", args=[self.claim.pk])).context["form"]
        self.assertEqual([level for level, _post in form.fields["level"].choices], ["township", "county"])
        self.assertEqual(str(form.initial["reply_by"]), "2026-03-05")

    def test_it_is_issued_and_leads_to_its_page(self) -> None:
        response = self.post(self.county)
        order = Order.objects.order_by("number").last()
        self.assertRedirects(response, reverse("order_detail", args=[order.pk]))
        self.assertEqual((order.number, order.demand), ("宿督〔2026〕00002", "请办。"))

    def test_what_is_missing_or_wrong_is_said_and_the_rest_kept(self) -> None:
        self.assertContains(self.post(self.county, demand=""), "2026-03-06")
        self.assertContains(self.post(self.county, reply_by="2026-03-01"), "请办。", status_code=409)
        self.assertEqual(self.post(self.county, level="county").status_code, 200)  # not among the choices
        self.assertEqual(Order.objects.count(), 1)

    def test_a_level_whose_post_is_vacant_is_refused_before_anything_is_typed(self) -> None:
        Posting.objects.filter(person=self.chief).delete()
        self.sign_in(self.county)
        page = self.client.get(reverse("claim_order", args=[self.claim.pk]))
        self.assertContains(page, "乡镇级岗位空缺，没有人可以签收督办单", status_code=409)
        self.assertNotContains(page, "<textarea", status_code=409)
        self.assertEqual(self.post(self.county).status_code, 409)
        self.assertEqual(Order.objects.count(), 1)

    def test_a_vacant_level_is_not_among_those_to_choose_from_and_the_form_says_why(self) -> None:
        Posting.objects.filter(person=self.county).delete()
        self.sign_in(self.city)
        page = self.client.get(reverse("claim_order", args=[self.claim.pk]))
        self.assertEqual([level for level, _post in page.context["form"].fields["level"].choices], ["township"])
        self.assertContains(page, "岗位空缺，不能选择")
        self.assertEqual(self.post(self.city).status_code, 302)

    def test_who_may_not(self) -> None:
        self.assertContains(self.post(self.chief), "只有县（区）专员和市级督办员", status_code=409)
        self.assertEqual(self.post(self.county_b).status_code, 404)

    def test_a_claim_that_ended_is_not_ordered_and_the_page_says_why(self) -> None:
        ended = self.make_claim()
        casework.advance(ended, "withdraw", self.chief, now=NOW, reason="已解决", confirmed=True)
        self.assertContains(self.post(self.county, ended), "案件已经结束", status_code=409)

    def test_the_page_of_the_claim_lists_its_orders_and_offers_another_to_superiors_only(self) -> None:
        self.sign_in(self.county)
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, self.order.number)
        self.assertContains(page, reverse("claim_order", args=[self.claim.pk]))
        self.sign_in(self.chief)
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, self.order.number)
        self.assertNotContains(page, reverse("claim_order", args=[self.claim.pk]))


class OrderListTest(OrderPagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        elsewhere = cls.make_claim(region="321323101")
        cls.replied = cls.make_order(cls.make_claim(region="321322102"))
        orders.advance(cls.replied, "reply", cls.chief_a2, now=NOW, reply="已办。")
        cls.late = cls.make_order(reply_by=TODAY + timedelta(days=1))
        Order.objects.filter(pk=cls.late.pk).update(reply_by=TODAY - timedelta(days=1))
        cls.of_city = cls.make_order(elsewhere, cls.city, level="county")
        cls.withdrawn = cls.make_order()
        orders.advance(cls.withdrawn, "withdraw", cls.county, now=NOW, reason="重复。")
        cls.numbers = {
            "open": cls.order.number, "replied": cls.replied.number, "late": cls.late.number,
            "of_city": cls.of_city.number, "withdrawn": cls.withdrawn.number,
        }  # fmt: skip

    def found(self, person: Person, **asked: str) -> set[str]:
        self.sign_in(person)
        names = {number: name for name, number in self.numbers.items()}
        return {names[number] for number in self.listed(**asked)}

    def test_each_reader_finds_what_each_question_means_for_them(self) -> None:
        for person, show, expected in (
            (self.chief, "open", {"open", "late"}),
            (self.chief, "mine", {"open", "late"}),
            (self.chief, "review", set()),
            (self.chief_a2, "mine", set()),
            (self.county, "open", {"open", "late", "replied"}),
            (self.county, "mine", set()),
            (self.county, "review", {"replied"}),
            (self.county, "late", {"late"}),
            (self.county, "ended", {"withdrawn"}),
            (self.county_b, "mine", {"of_city"}),
            (self.city, "review", set()),
            (self.city, "all", set(self.numbers)),
            (self.auditor, "open", {"open", "late", "replied", "of_city"}),
            (self.outsider, "all", set()),
        ):
            with self.subTest(who=person.username, show=show):
                self.assertEqual(self.found(person, show=show), expected)

    def test_a_state_alone_is_looked_for_everywhere(self) -> None:
        self.assertEqual(self.found(self.county, state="withdrawn"), {"withdrawn"})
        self.assertEqual(self.found(self.county, state="moon"), set())

    def test_what_an_empty_post_owes_is_its_superiors_when_it_was_not_they_who_asked(self) -> None:
        below = self.make_order(self.make_claim(region="321322102"), self.city, level="township")
        self.numbers["below"] = below.number
        self.assertEqual(self.found(self.county, show="mine"), set())
        Posting.objects.filter(person=self.chief_a2).delete()
        self.assertEqual(self.found(self.county, show="mine"), {"below"})

    def test_count_and_rows_agree_and_the_tiles_of_the_desk_with_them(self) -> None:
        for person in self.everybody().values():
            self.sign_in(person)
            shown = self.client.get("/").context.get("tiles") or []
            for tile in [tile for tile in shown if tile.url.startswith(LIST)]:
                with self.subTest(who=person.username, tile=tile.tile.name):
                    response = self.client.get(tile.url)
                    rows = len(response.context["rows"])
                    self.assertEqual((tile.count.number, response.context["count"].number), (rows, rows))

    def test_the_desk_shows_what_waits_for_the_reader(self) -> None:
        self.sign_in(self.chief)
        self.assertContains(self.client.get("/"), "等您签收或回复的督办单")
        self.sign_in(self.county)
        self.assertContains(self.client.get("/"), "等您审核的督办回复")
        self.sign_in(self.chief_a2)
        self.assertNotContains(self.client.get("/"), "等您签收或回复的督办单")

    def test_paging_walks_every_order_once(self) -> None:
        for _number in range(60):
            self.make_order()
        self.sign_in(self.county)
        address, seen = f"{LIST}?show=open", []
        while address:
            page = self.client.get(address)
            seen += [row.order.number for row in page.context["rows"]]
            address = page.context["older"] and LIST + page.context["older"]
        self.assertEqual((len(seen), len(set(seen))), (63, 63))

    def test_a_long_list_costs_as_many_queries_as_a_short_one(self) -> None:
        self.sign_in(self.county)
        short = self.queries(LIST, show="open"), self.queries(LIST, show="mine"), self.queries("/")
        for _number in range(20):
            self.make_order()
        self.assertEqual((self.queries(LIST, show="open"), self.queries(LIST, show="mine"), self.queries("/")), short)

    def test_an_empty_list_says_what_to_do(self) -> None:
        self.sign_in(self.chief_a2)
        self.assertContains(self.client.get(LIST, {"show": "mine"}), "没有等您签收或回复的督办单")


class OrderApiTest(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def test_an_order_is_issued_listed_and_answered(self) -> None:
        body = {"claim": str(self.claim.pk), "demand": "请办。", "reply_by": (timezone.now() + timedelta(days=5)).date().isoformat()}
        self.assertEqual(self.post("orders/", self.chief, body).json()["code"], "not_your_role")
        self.assertEqual(self.post("orders/", self.county_b, body).status_code, 404)
        order = self.post("orders/", self.county, body).json()
        self.assertEqual((order["level"], order["from_level"], order["state"]), ("township", "county", "issued"))
        found = self.get("orders/", self.chief, claim=str(self.claim.pk), state="issued").json()["results"]
        self.assertEqual([row["number"] for row in found], [order["number"]])
        moves = self.get(f"orders/{order['id']}/moves/", self.chief).json()
        self.assertEqual([move["name"] for move in moves], ["receive", "reply"])
        replied = self.post(f"orders/{order['id']}/moves/reply/", self.chief, {"reply": "已办。"})
        self.assertEqual(replied.json()["state"], "replied")
        self.assertEqual(self.post(f"orders/{order['id']}/moves/reply/", self.chief, {"reply": "x"}).json()["code"], "wrong_state")
        self.assertEqual(self.get(f"orders/{order['id']}/", self.chief_a2).status_code, 404)


class AtTheSameTime(Cast, TransactionTestCase):
    def test_two_supervisors_at_once_get_two_numbers(self) -> None:
        self.make_cast()
        claim, gate = self.make_claim(), Barrier(2)

        def issue(person: Person) -> None:
            gate.wait(10)
            try:
                orders.issue(Claim.objects.get(pk=claim.pk), person, now=NOW, demand="请办。", reply_by=DAY)
            finally:
                connections.close_all()

        threads = [Thread(target=issue, args=[person]) for person in (self.county, self.city)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        numbers = Order.objects.order_by("number").values_list("number", flat=True)
        self.assertEqual(list(numbers), ["宿督〔2026〕00001", "宿督〔2026〕00002"])
