"""One page for a site or employer: everything the reader may see of it, exact money, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from arrears import casework
from arrears.identity import make_credit_code, make_id
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Employer, Site
from grid.models import AccessLog
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

ID = make_id("321399", date(1980, 1, 1), 1)
CODE = make_credit_code("321399", 7)
GENERAL = RespondentFacts("江苏中城建设集团有限公司", role="general", credit_code=CODE)
LABOUR = RespondentFacts("宿迁宏远劳务有限公司", "恒达劳务", role="labour", contact="孙志强", phone="13951234567", address="陇集镇北路1号")
FOREMAN = RespondentFacts(aliases="孙老板", role="foreman")


def worker(name: str, amount: str, id_number: str = "", phone: str = "") -> ClaimantFacts:
    return ClaimantFacts(name, phone, id_number, [LineFacts(Decimal(amount))])


class SitePagesTestCase(PagesTestCase):
    """Three claims of one site in township A1, one at a site in A2 and one in county B against the same labour firm."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        here = {"site_name": "翰林雅苑二期", "site_address": "人民路8号"}
        cls.first = cls.make_claim(**here, claimants=[worker("李建国", "8000.10", ID)], respondents=[GENERAL, LABOUR], received_on=date(2026, 1, 5), now=NOW)
        cls.second = cls.make_claim(**here, claimants=[worker("李建国", "1000.20", ID)], respondents=[LABOUR, FOREMAN], received_on=TODAY - timedelta(days=20))
        cls.third = cls.make_claim(**here, claimants=[worker("王桂英", "0.30")], respondents=[LABOUR], worker_count=12)
        cls.other = cls.make_claim(region="321322102", site_name="苏宿新城", claimants=[worker("赵六", "500")], respondents=[LABOUR])
        cls.far = cls.make_claim(region="321323101", site_name="运河湾", claimants=[worker("钱七", "700")], respondents=[LABOUR])
        cls.site, cls.labour = cls.first.site, Employer.objects.get(name="宿迁宏远劳务有限公司")

    def site_page(self, site: Site | None = None, **params: str):
        return self.client.get(reverse("site_detail", args=[(site or self.site).pk]), params)

    def employer_page(self, **params: str):
        return self.client.get(reverse("employer_detail", args=[self.labour.pk]), params)


class SitePageTest(SitePagesTestCase):
    def test_the_money_is_exact_and_leaves_out_what_is_not_owed_here(self) -> None:
        for move in ("accept", "handle"):
            casework.advance(self.first, move, None, now=NOW)
        casework.advance(self.first, "record_payment", self.chief, now=NOW, amount=Decimal("3000.05"), paid_on=TODAY, method="bank")
        casework.advance(self.second, "withdraw", self.chief, now=NOW, reason="已私下解决", confirmed=True)
        totals = self.site_page().context["page"].totals
        self.assertEqual((totals.claims, totals.open, totals.workers), (3, 2, 13))
        self.assertEqual((totals.claimed, totals.agreed), (Decimal("8000.40"), Decimal(0)))
        self.assertEqual((totals.paid, totals.unpaid), (Decimal("3000.05"), Decimal("5000.35")))

    def test_totals_are_those_of_the_claims_one_by_one(self) -> None:
        for move in ("accept", "handle"):
            casework.advance(self.first, move, None, now=NOW)
        casework.advance(self.first, "verify", self.chief, now=NOW, verified_amount=Decimal("7000"), basis="考勤")
        casework.advance(self.first, "settle", self.chief, now=NOW, agreed_amount=Decimal("6000.07"), pay_by=TODAY, terms="分期")
        totals = self.site_page().context["page"].totals
        claims = Claim.objects.filter(site=self.site)
        self.assertEqual(totals.claimed, sum(claim.claimed for claim in claims))
        self.assertEqual(totals.agreed, Decimal("6000.07"))
        self.assertEqual(totals.unpaid, sum(claim.unpaid for claim in claims))

    def test_open_claims_come_soonest_due_first_with_who_has_them(self) -> None:
        response = self.site_page()
        self.assertEqual(self.numbers_on(response), [self.first.number, self.second.number, self.third.number])
        self.assertContains(response, "未指派")
        casework.advance(self.third, "assign", self.chief, now=NOW, handler=self.grid_worker)
        self.assertContains(self.site_page(), "王格")

    def test_the_chain_runs_from_the_money_to_the_worker_with_how_often_each_was_named(self) -> None:
        chain = [(party.role, party.name, party.claims) for party in self.site_page().context["page"].chain]
        self.assertEqual(chain, [("general", GENERAL.legal_name, 1), ("labour", LABOUR.legal_name, 3), ("foreman", "孙老板", 1)])

    def test_payments_stand_by_day(self) -> None:
        for move in ("accept", "handle"):
            casework.advance(self.first, move, None, now=NOW)
        for amount in ("100.10", "200.20"):
            casework.advance(self.first, "record_payment", self.chief, now=NOW, amount=Decimal(amount), paid_on=TODAY, method="bank")
        self.assertEqual(self.site_page().context["page"].payments, [{"paid_on": TODAY, "sum": Decimal("300.30"), "claims": 1}])

    def test_a_worker_of_two_claims_is_named_once_with_the_number_hidden(self) -> None:
        response = self.site_page()
        self.assertEqual([(row.name, row.claims) for row in response.context["page"].again], [("李建国", 2)])
        self.assertNotContains(response, ID)

    def test_a_merged_claim_is_no_second_complaint(self) -> None:
        casework.advance(self.second, "merge", self.chief, now=NOW, merged_into=self.first, reason="重复")
        self.assertEqual(self.site_page().context["page"].again, [])

    def test_months_without_a_claim_stand_too(self) -> None:
        months = [(month.first, month.number) for month in self.site_page().context["page"].months]
        self.assertEqual(len(months), 12)
        self.assertEqual(months[-3:], [(date(2026, 1, 1), 1), (date(2026, 2, 1), 1), (date(2026, 3, 1), 1)])
        self.assertEqual(months[0], (date(2025, 4, 1), 0))

    def test_tabs_pick_claims_and_an_unknown_one_is_the_usual(self) -> None:
        casework.advance(self.second, "withdraw", self.chief, now=NOW, reason="已私下解决", confirmed=True)
        for show, wanted in (("all", {1, 2, 3}), ("open", {1, 3}), ("overdue", {1}), ("settled", set()), ("what", {1, 3})):
            with self.subTest(show=show):
                numbers = {1: self.first.number, 2: self.second.number, 3: self.third.number}
                self.assertEqual(set(self.numbers_on(self.site_page(show=show))), {numbers[one] for one in wanted})

    def test_the_look_is_logged(self) -> None:
        self.site_page()
        self.assertTrue(AccessLog.objects.filter(person=self.chief, act="read", subject="site", subject_id=self.site.pk).exists())

    def test_the_page_is_printed_with_a_button_and_its_title(self) -> None:
        self.assertContains(self.site_page(), "data-print")

    def numbers_on(self, response) -> list[str]:
        return [row.claim.number for row in response.context["page"].rows]


class SignsTest(SitePagesTestCase):
    def said(self) -> set[str]:
        return {seen.sign.name for seen in self.site_page().context["page"].signs}

    def test_what_is_seen_is_what_is_there(self) -> None:
        self.assertEqual(self.said(), {"workers", "several", "overdue"})
        self.assertContains(self.site_page(), "在办案件涉及 14 人")

    def test_below_the_numbers_nothing_is_said(self) -> None:
        casework.advance(self.third, "withdraw", self.chief, now=NOW, reason="已私下解决", confirmed=True)
        casework.advance(self.first, "withdraw", self.chief, now=NOW, reason="已私下解决", confirmed=True)
        Claim.objects.filter(pk=self.second.pk).update(due_on=TODAY)
        self.assertEqual(self.said(), set())

    def test_a_promise_counts_from_the_day_after_its_day(self) -> None:
        for move in ("accept", "handle"):
            casework.advance(self.third, move, None, now=NOW)
        casework.advance(self.third, "settle", self.chief, now=NOW, agreed_amount=Decimal("0.30"), pay_by=TODAY, terms="一次付清")
        self.assertNotIn("promises", self.said())
        self.now = NOW + timedelta(days=1)
        self.sign_in(self.chief)
        self.assertIn("promises", self.said())

    def test_a_claim_after_one_that_was_paid_is_a_sign_and_one_before_it_is_not(self) -> None:
        Claim.objects.filter(pk=self.first.pk).update(stage="closed", result="paid_in_full", closed_on=TODAY)
        self.assertNotIn("again", self.said())
        Claim.objects.filter(pk=self.first.pk).update(closed_on=TODAY - timedelta(days=1))
        self.assertIn("again", self.said())


class ScopeTest(SitePagesTestCase):
    """Written by hand: the claims of the firm that each of the cast sees, and which of the sites."""

    FIRM = {
        "grid_worker": 3, "chief": 3, "chief_a2": 1, "county": 4, "county_b": 1, "city": 5, "mediator": 4, "auditor": 5,
        "partner": None, "administrator": None, "outsider": None,
    }  # fmt: skip
    SITES = {
        "grid_worker": {"翰林雅苑二期"}, "chief": {"翰林雅苑二期"}, "chief_a2": {"苏宿新城"}, "county": {"翰林雅苑二期", "苏宿新城"},
        "county_b": {"运河湾"}, "city": {"翰林雅苑二期", "苏宿新城", "运河湾"}, "mediator": {"翰林雅苑二期", "苏宿新城"},
        "auditor": {"翰林雅苑二期", "苏宿新城", "运河湾"}, "partner": set(), "administrator": set(), "outsider": set(),
    }  # fmt: skip

    def test_a_firms_page_counts_only_what_the_reader_sees(self) -> None:
        for name, person in self.everybody().items():
            self.sign_in(person)
            response = self.employer_page(show="all")
            with self.subTest(who=name):
                self.assertEqual(response.status_code, 404 if self.FIRM[name] is None else 200)
                if self.FIRM[name] is not None:
                    self.assertEqual(response.context["page"].totals.claims, self.FIRM[name])

    def test_a_site_out_of_sight_is_absent_from_page_and_list(self) -> None:
        sites = list(Site.objects.all())
        for name, person in self.everybody().items():
            self.sign_in(person)
            with self.subTest(who=name):
                self.assertEqual({site.name for site in sites if self.site_page(site).status_code == 200}, self.SITES[name])
                listed = self.client.get(reverse("site_list"))
                found = {row.subject.name for row in listed.context["rows"]} if listed.status_code == 200 else set()
                self.assertEqual(found, self.SITES[name])

    def test_what_others_have_is_on_no_part_of_the_page(self) -> None:
        response = self.employer_page(show="all")
        for words in (self.other.number, self.far.number, "赵六", "钱七"):
            self.assertNotContains(response, words)

    def test_a_firm_nobody_here_has_a_claim_against_is_absent(self) -> None:
        self.sign_in(self.county_b)
        general = Employer.objects.get(credit_code=CODE)
        self.assertEqual(self.client.get(reverse("employer_detail", args=[general.pk])).status_code, 404)


class ListTest(SitePagesTestCase):
    def found(self, name: str = "employer_list", **params: str) -> list[str]:
        return [row.subject.name for row in self.client.get(reverse(name), params).context["rows"]]

    def test_a_firm_is_found_by_two_characters_or_its_code_and_a_site_by_its_name(self) -> None:
        for typed, wanted in (("宏远", [LABOUR.legal_name]), ("远宏", []), ("中城 建设", [GENERAL.legal_name]), (CODE, [GENERAL.legal_name]), ("远", [LABOUR.legal_name]), ("%", [])):
            with self.subTest(typed=typed):
                self.assertEqual(self.found(q=typed), wanted)
        self.assertEqual(self.found("site_list", q="雅苑"), ["翰林雅苑二期"])

    def test_only_those_with_open_claims_if_asked(self) -> None:
        casework.advance(self.first, "withdraw", self.chief, now=NOW, reason="已私下解决", confirmed=True)
        self.assertEqual(self.found(state="open"), [LABOUR.legal_name])

    def test_a_region_narrows_both_lists(self) -> None:
        self.sign_in(self.city)
        self.assertEqual(self.found("site_list", region="321323"), ["运河湾"])
        self.assertEqual(self.found(region="321323"), [LABOUR.legal_name])
        self.assertEqual(self.found(region="3213230"), sorted([GENERAL.legal_name, LABOUR.legal_name]))  # no such region

    def test_numbers_are_of_claims_not_of_times_named(self) -> None:
        twice = [LABOUR, RespondentFacts("宿迁宏远劳务有限公司", role="employer")]
        self.make_claim(respondents=twice, claimants=[worker("孙八", "10")])
        row = next(row for row in self.client.get(reverse("employer_list")).context["rows"] if row.subject == self.labour)
        self.assertEqual((row.claims, row.open), (4, 4))
        self.assertEqual(self.employer_page().context["page"].totals.claims, 4)

    def test_pages_of_a_list_hold_each_once(self) -> None:
        Site.objects.bulk_create(Site(name=f"项目{number:02d}", region_id="321322101") for number in range(30))
        address, seen = reverse("site_list"), []
        while address:
            response = self.client.get(address)
            seen += [row.subject.name for row in response.context["rows"]]
            address = response.context["after"] and reverse("site_list") + response.context["after"]
        self.assertEqual((len(seen), len(set(seen))), (31, 31))

    def test_the_claim_page_leads_to_both_and_the_region_to_its_sites(self) -> None:
        response = self.client.get(reverse("claim_detail", args=[self.first.pk]))
        self.assertContains(response, reverse("site_detail", args=[self.site.pk]))
        self.assertContains(response, reverse("employer_detail", args=[self.labour.pk]))
        response = self.client.get(reverse("region_detail", args=["321322101"]))
        self.assertContains(response, reverse("site_list") + "?region=321322101")


class CostTest(SitePagesTestCase):
    def test_a_page_costs_the_same_with_thirty_claims(self) -> None:
        for address in (reverse("site_detail", args=[self.site.pk]), reverse("employer_detail", args=[self.labour.pk]), reverse("site_list"), reverse("employer_list")):
            before = self.queries(address)
            for number in range(30):
                self.make_claim(
                    claimants=[worker(f"工人{number}", "100")], respondents=[LABOUR, RespondentFacts(f"第{number}公司{before}", role="sub")],
                    site_name="翰林雅苑二期",
                )  # fmt: skip
            with self.subTest(address=address):
                self.assertEqual(self.queries(address), before)
