"""Employers and sites offered while somebody types: nearby first, nothing out of the person's sight, filled in by one tap."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.identity import make_credit_code
from arrears.intake import RespondentFacts
from arrears.models import Employer, Site
from grid.ids import uuid7
from tests.arrears.pages import HTMX
from tests.arrears.test_intake_pages import STEPS, WHERE, WHOM, IntakeTestCase, rows

CODES = [make_credit_code("321399", number) for number in range(6)]


def firm(name: str, **more: str) -> RespondentFacts:
    return RespondentFacts(name, **{"role": "labour", **more})


class KnownTestCase(IntakeTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.make_claim(
            site_name="翰林雅苑二期", site_address="人民路8号",
            respondents=[firm("宿迁宏远劳务有限公司", credit_code=CODES[0], contact="孙志强", phone="13951234567", address="北路1号")],
        )  # fmt: skip
        cls.make_claim(region="321322102", site_name="翰林府", respondents=[firm("沭阳宏远建筑有限公司", credit_code=CODES[1], contact="钱别处", address="别处路2号"), firm("宏远老板李四")])
        cls.make_claim(region="321323101", site_name="翰林名都", respondents=[firm("泗阳宏远装饰有限公司", credit_code=CODES[2])])
        Employer.objects.create(name="南京宏远有限公司", credit_code=CODES[3], region_id="32")

    def setUp(self) -> None:
        super().setUp()
        self.pk = self.begin()

    def find(self, typed: str, row: str = "whom-0") -> list[tuple[str, str, str]]:
        said = {**WHOM, f"{row}-legal_name": typed, "find": row}
        response = self.client.post(self.step(self.pk, "whom"), said, **HTMX)
        return [(one.name, one.detail, one.ring) for one in response.context["known"]]

    def find_site(self, typed: str) -> list[tuple[str, str]]:
        response = self.client.post(self.step(self.pk, "where"), {**WHERE, "site_name": typed, "find": "site"}, **HTMX)
        return [(one.name, one.ring) for one in response.context["known"]]


class OfferedTest(KnownTestCase):
    def test_nearby_comes_first_and_of_what_is_out_of_sight_only_the_public_register(self) -> None:
        """The employer without a credit code, a person maybe, is known in another township: not a word of them."""
        self.assertEqual(self.find("宏远"), [
            ("宿迁宏远劳务有限公司", CODES[0], "本乡镇（街道）"), ("沭阳宏远建筑有限公司", CODES[1], ""), ("泗阳宏远装饰有限公司", CODES[2], ""),
        ])  # fmt: skip

    def test_whoever_sees_the_county_is_offered_what_its_claims_name(self) -> None:
        self.sign_in(self.county)
        self.pk = self.begin()
        self.client.post(self.step(self.pk, "where"), {**WHERE, "region": "321322102"})
        self.assertEqual(self.find("宏远"), [
            ("宏远老板李四", "", "本乡镇（街道）"), ("沭阳宏远建筑有限公司", CODES[1], "本乡镇（街道）"), ("宿迁宏远劳务有限公司", CODES[0], "本县（区）"),
            ("泗阳宏远装饰有限公司", CODES[2], ""),
        ])  # fmt: skip

    def test_a_page_of_its_own_is_led_to_only_where_it_is_seen(self) -> None:
        response = self.client.post(self.step(self.pk, "whom"), {**WHOM, "whom-0-legal_name": "宏远", "find": "whom-0"}, **HTMX)
        self.assertContains(response, reverse("employer_detail", args=[Employer.objects.get(credit_code=CODES[0]).pk]))
        for code in CODES[1:3]:
            self.assertNotContains(response, reverse("employer_detail", args=[Employer.objects.get(credit_code=code).pk]))

    def test_sites_are_those_in_sight(self) -> None:
        self.assertEqual(self.find_site("翰林"), [("翰林雅苑二期", "本乡镇（街道）")])
        self.sign_in(self.county)
        self.pk = self.begin()
        self.assertEqual(self.find_site("翰林"), [("翰林雅苑二期", "本乡镇（街道）"), ("翰林府", "本县（区）")])

    def test_one_character_and_nonsense_find_nothing(self) -> None:
        for typed in ("", "宏", " 宏 ", "%%", "没有的公司"):
            with self.subTest(typed=typed):
                self.assertEqual(self.find(typed), [])
        self.client.post(self.step(self.pk, "whom"), {**WHOM, "find": "x'];--"}, **HTMX)

    def test_eight_at_most_at_a_constant_price(self) -> None:
        address, said = self.step(self.pk, "whom"), {**WHOM, "whom-0-legal_name": "宏远", "find": "whom-0"}
        self.client.post(address, said, **HTMX)
        before = self.posted(address, said)
        Employer.objects.bulk_create(Employer(name=f"第{number}宏远公司", credit_code=f"{number:018d}", region_id="321322101") for number in range(30))
        self.assertEqual(self.posted(address, said), before)
        self.assertEqual(len(self.find("宏远")), 8)

    def posted(self, address: str, said: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as found:
            self.client.post(address, said, **HTMX)
        return len(found)


class ChosenTest(KnownTestCase):
    def choose(self, choice: str, said: dict[str, str], step: str = "whom", **headers: str):
        return self.client.post(self.step(self.pk, step), {**said, "choose": choice}, **headers)

    def typed(self, step: str) -> dict[str, list[str]]:
        return self.grid_worker.drafts.get(pk=self.pk).typed()[step]

    def test_choosing_a_firm_fills_its_code_and_what_claims_in_sight_say_of_it(self) -> None:
        empty = rows("whom", {"role": "labour", "legal_name": "宏远", "aliases": "", "credit_code": "", "contact": "", "phone": "", "address": ""})
        known = Employer.objects.get(credit_code=CODES[0])
        response = self.choose(f"whom-0:{known.pk}", empty)
        self.assertContains(response, f'value="{CODES[0]}"')
        kept = self.typed("whom")
        self.assertEqual(
            [kept[f"whom-0-{name}"] for name in ("legal_name", "credit_code", "contact", "phone", "address")],
            [["宿迁宏远劳务有限公司"], [CODES[0]], ["孙志强"], ["13951234567"], ["北路1号"]],
        )

    def test_of_a_firm_out_of_sight_only_the_register_is_filled_in(self) -> None:
        self.choose(f"whom-0:{Employer.objects.get(credit_code=CODES[1]).pk}", WHOM)
        kept = self.typed("whom")
        self.assertEqual([kept[f"whom-0-{name}"] for name in ("legal_name", "credit_code", "contact", "address")], [["沭阳宏远建筑有限公司"], [CODES[1]], [""], [""]])

    def test_what_was_typed_beside_it_stays(self) -> None:
        self.choose(f"whom-1:{Employer.objects.get(credit_code=CODES[0]).pk}", {**WHOM, "whom-1-address": "南路9号"})
        kept = self.typed("whom")
        self.assertEqual((kept["whom-1-address"], kept["whom-0-aliases"]), (["南路9号"], ["孙老板"]))

    def test_what_may_not_be_offered_cannot_be_chosen_either(self) -> None:
        hidden = Employer.objects.get(name="宏远老板李四")
        for choice in (f"whom-0:{hidden.pk}", f"whom-7:{Employer.objects.get(credit_code=CODES[0]).pk}", f"whom-0:{uuid7()}", "whom-0:nonsense", "site:1", ""):
            with self.subTest(choice=choice):
                self.assertEqual(self.choose(choice, WHOM).status_code, 200)
                self.assertEqual(self.typed("whom")["whom-0-legal_name"], [""])
        self.choose(f"site:{Site.objects.get(name='翰林府').pk}", {**WHERE, "site_name": ""}, "where")
        self.assertEqual(self.typed("where")["site_name"], [""])

    def test_choosing_a_site_fills_its_address_and_township(self) -> None:
        self.sign_in(self.county)
        self.pk = self.begin()
        self.choose(f"site:{Site.objects.get(name='翰林雅苑二期').pk}", {**WHERE, "region": "", "site_name": "翰林"}, "where")
        kept = self.county.drafts.get(pk=self.pk).typed()["where"]
        self.assertEqual((kept["site_name"], kept["site_address"], kept["region"]), (["翰林雅苑二期"], ["人民路8号"], ["321322101"]))

    def test_without_a_script_a_button_looks_and_another_takes(self) -> None:
        response = self.client.post(self.step(self.pk, "whom"), {**WHOM, "whom-0-legal_name": "宏远劳务", "find": "whom-0"})
        key = f"whom-0:{Employer.objects.get(credit_code=CODES[0]).pk}"
        self.assertContains(response, f'name="choose" value="{key}"')
        self.assertContains(response, 'name="find" value="whom-1"')
        self.assertContains(self.choose(key, STEPS["whom"]), "孙志强")
        response = self.client.post(self.step(self.pk, "whom"), {**WHOM, "whom-0-legal_name": "没有的公司", "find": "whom-0"})
        self.assertContains(response, "没有找到登记过的")
