"""The list of claims: what stands in a row, what an address finds, what it costs, and the file it exports."""

import csv
import io

from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Claim, Claimant, Clock
from grid.models import AccessLog
from tests.arrears.pages import HTMX, PagesTestCase

LIST, EXPORT = reverse("claim_list"), reverse("claim_export")


class ClaimListTest(PagesTestCase):
    def test_a_row_says_who_owes_whom_how_much_at_what_stage_and_by_when(self) -> None:
        self.make_claim(person=self.grid_worker, worker_count=12)
        response = self.client.get(LIST)
        for words in ("宿迁宏远劳务有限公司", "李建国等 12 人 · 沭阳县陇集镇", "宿欠〔2026〕321322-00001", "8,000.00", "已登记", "乡镇级", "王格", "还剩5个工作日", "2026-03-09"):
            self.assertContains(response, words)
        self.assertNotContains(response, "13800000001")

    def test_the_address_finds_the_rows_and_says_what_it_asks(self) -> None:
        self.make_claim(channel="phone")
        other = self.make_claim(channel="letter", respondents=[RespondentFacts("锦绣服饰有限公司")])
        response = self.client.get(LIST, {"channel": "letter", "q": "锦绣"})
        self.assertEqual(self.numbers(response), [other.number])
        self.assertEqual(response.context["count"].number, 1)
        self.assertContains(response, "来信")
        self.assertContains(response, 'href="/claims.csv?channel=letter&amp;q=%E9%94%A6%E7%BB%A3"')
        self.assertContains(response, 'value="锦绣"')

    def test_a_page_leads_to_the_next_and_back_with_the_same_question(self) -> None:
        Claim.objects.bulk_create(copies_of(self.make_claim(channel="phone"), 26))
        first = self.client.get(LIST, {"channel": "phone"})
        self.assertEqual((len(first.context["rows"]), first.context["before"]), (25, ""))
        self.assertContains(first, "27 件")
        second = self.client.get(LIST + first.context["after"])
        self.assertEqual((len(second.context["rows"]), second.context["after"]), (2, ""))
        self.assertIn("channel=phone", second.context["before"])
        back = self.client.get(LIST + second.context["before"])
        self.assertEqual(self.numbers(back), self.numbers(first))

    def test_a_long_list_costs_as_many_queries_as_a_short_one(self) -> None:
        for _number in range(3):
            self.make_claim(person=self.grid_worker)
        asked = {"state": "open", "region": "321322101", "sort": "due", "q": "宏远劳务"}
        short = [self.queries(LIST), self.queries(LIST, **asked)]
        copies = Claim.objects.bulk_create(copies_of(Claim.objects.first(), 297))
        days = Clock.objects.values("rule_id", "started_on", "natural_on", "due_on").filter(rule_id="JC-ACCEPT").first()
        Clock.objects.bulk_create(Clock(claim=claim, **days) for claim in copies)
        Claimant.objects.bulk_create(Claimant(claim=claim, name="李建国", phone="13800000001") for claim in copies)
        self.assertEqual([self.queries(LIST), self.queries(LIST, **asked)], short)
        # session, person, postings; rows, their clocks and pauses, their nudges, count, calendars, regions offered; unread notices;
        # the workers of the rows, their other claims, which pairs were judged, what stands under them; sites and employers of that name
        self.assertLessEqual(max(short), 17)

    def test_the_tab_that_is_asked_is_marked_and_no_other(self) -> None:
        response = self.client.get(LIST, {"state": "open", "sort": "due", "q": ""})
        self.assertEqual([view["label"] for view in response.context["views"] if view["is_current"]], ["在办"])

    def test_empty_lists_say_why_and_lead_on(self) -> None:
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(LIST), "辖区内还没有案件")
        self.assertContains(self.client.get(LIST, {"q": "没有这个"}), "没有符合条件的案件")

    def test_a_question_that_cannot_be_read_shows_what_is_wrong_and_no_rows(self) -> None:
        self.make_claim()
        response = self.client.get(LIST, {"amount_from": "许多"})
        self.assertContains(response, "看不懂这个金额")
        self.assertContains(response, "筛选条件有误")
        self.assertEqual((self.numbers(response), response.context["count"].number), ([], 0))

    def test_htmx_gets_the_list_alone_and_a_tidy_address(self) -> None:
        response = self.client.get(LIST, {"state": "open", "q": "", "due": "", "sort": "newest"}, **HTMX)
        self.assertNotContains(response, "<html")
        self.assertEqual(response["HX-Push-Url"], "/claims/?state=open")
        self.assertIn("HX-Request", response["Vary"])
        whole = self.client.get(LIST, **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")
        self.assertContains(whole, "<html")

    def test_another_method_is_not_allowed(self) -> None:
        self.assertEqual([self.client.post(url).status_code for url in (LIST, EXPORT)], [405, 405])

    def test_who_is_not_signed_in_is_sent_to_sign_in(self) -> None:
        self.client.logout()
        for url in (LIST, EXPORT):
            self.assertRedirects(self.client.get(url), f"{reverse('sign_in')}?next={url}", fetch_redirect_response=False)


class ExportTest(PagesTestCase):
    def export(self, **params: str) -> list[dict[str, str]]:
        content = b"".join(self.client.get(EXPORT, params).streaming_content)
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the mark to know it is UTF-8")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    def test_the_file_holds_what_the_list_shows_all_pages_of_it_in_its_order(self) -> None:
        self.make_claim(channel="letter")
        Claim.objects.bulk_create(copies_of(self.make_claim(channel="phone"), 25))
        rows = self.export(channel="phone")
        listed = self.client.get(LIST, {"channel": "phone"})
        self.assertEqual([row["案号"] for row in rows][:25], self.numbers(listed))
        self.assertEqual(len(rows), 26)
        self.assertEqual((rows[0]["主张金额"], rows[0]["来源"], rows[0]["时限状态"]), ("8000.00", "来电", "三日内到期"))  # the city's own target

    def test_it_is_logged_with_what_was_asked(self) -> None:
        self.export(channel="phone", q="")
        log = AccessLog.objects.get()
        self.assertEqual((log.person, log.act, log.subject, log.reason), (self.chief, "export", "claims", "channel=phone"))

    def test_nothing_typed_by_a_stranger_runs_as_a_formula(self) -> None:
        for number, name in enumerate(('=HYPERLINK("http://x")', "+86", "-1", "@cmd", "＝1+1", "\u3000=1", "正常公司")):
            self.make_claim(respondents=[RespondentFacts(name)], claimants=[ClaimantFacts(f"张{number}")])
        cells = [row["被申请方"] for row in self.export()]
        self.assertEqual(sum(cell.startswith("'") for cell in cells), 6)
        self.assertIn("正常公司", cells)

    def test_no_phone_and_no_id_number_leaves_with_it(self) -> None:
        self.make_claim(claimants=[ClaimantFacts("李建国", "13800000001", "321399198001010015")])
        content = b"".join(self.client.get(EXPORT).streaming_content).decode()
        for secret in ("13800000001", "321399198001010015"):
            self.assertNotIn(secret, content)

    def test_its_words_are_in_the_language_of_the_reader_to_the_last_row(self) -> None:
        self.make_claim()
        self.client.cookies["django_language"] = "en"
        response = self.client.get(EXPORT)
        with translation.override("zh-hans"):
            content = b"".join(response.streaming_content).decode()
        self.assertNotIn("案号", content.splitlines()[0])

    def test_a_question_that_cannot_be_read_exports_nothing(self) -> None:
        self.make_claim()
        response = self.client.get(EXPORT, {"amount_from": "许多"})
        self.assertRedirects(response, LIST + "?amount_from=%E8%AE%B8%E5%A4%9A", fetch_redirect_response=False)
        self.assertEqual([str(message) for message in get_messages(response.wsgi_request)], ["筛选条件有误，没有导出。"])
        self.assertFalse(AccessLog.objects.exists())


def copies_of(claim: Claim, number: int) -> list[Claim]:
    claim.refresh_from_db()
    fields = {field.attname: getattr(claim, field.attname) for field in Claim._meta.concrete_fields if field.attname not in ("id", "public_number")}
    return [Claim(**{**fields, "number": f"{claim.number}-{index}"}) for index in range(number)]


class PlacesTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(site_name="翰林雅苑二期")

    def found(self, query: str) -> list[str]:
        return [place["name"] for place in self.client.get(reverse("claim_list"), {"q": query}).context["places"]]

    def test_a_search_leads_to_the_pages_of_sites_and_employers(self) -> None:
        self.assertEqual((self.found("翰林"), self.found("宏远劳务")), (["翰林雅苑二期"], ["宿迁宏远劳务有限公司"]))
        page = self.client.get(reverse("claim_list"), {"q": "翰林"})
        self.assertContains(page, reverse("site_detail", args=[self.claim.site_id]))
        self.assertEqual((self.found(""), self.found("翰")), ([], []))

    def test_those_out_of_sight_are_not_offered(self) -> None:
        self.sign_in(self.county_b)
        self.assertEqual(self.found("翰林"), [])
