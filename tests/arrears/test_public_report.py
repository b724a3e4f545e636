"""反映欠薪: the public page, the notice on the board, and the follow-up by number."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from arrears.models import Claim, Report, ReportFile, Site
from arrears.reports import deciding
from arrears.reports.challenge import LASTS, SALT, Challenge
from arrears.reports.limits import PER_ADDRESS, PER_PHONE
from arrears.reports.receiving import Said, receive
from arrears.worker.tracking import find
from grid.models import Notice, Region
from grid.regions import level_of
from tests.arrears.pages import PagesTestCase

SAID = {
    "kind": "construction", "region": "321322101", "place": "翰林雅苑二期", "employer": "孙老板", "amount": "8,000", "people": "3",
    "name": "李建国", "phone": "138 0000 0001", "contact_rule": "open", "story": "干了三个月。", "website": "",
}  # fmt: skip


class PublicTestCase(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.logout()
        cache.clear()
        self.addCleanup(cache.clear)

    def form(self, **changes: object) -> dict[str, object]:
        asked = Challenge.new(self.now)
        return {**SAID, "token": asked.token, "answer": str(asked.first + asked.second), **changes}

    def send(self, address: str = "/report/", extra: dict[str, str] | None = None, **changes: object) -> HttpResponse:
        return self.client.post(address, self.form(**changes), **(extra or {}))


class SendingTest(PublicTestCase):
    def test_it_is_kept_with_its_day_and_the_number_is_shown_at_once(self) -> None:
        self.assertContains(self.client.get("/report/"), "谁欠您的钱")
        self.assertRedirects(self.send(), "/track/")
        report = Report.objects.get()
        self.assertEqual(
            (report.region_id, report.employer, report.amount, report.people, report.phone, report.due_on.isoformat(), report.state),
            ("321322101", "孙老板", Decimal(8000), 3, "13800000001", "2026-03-04", "waiting"),
        )
        page = self.client.get("/track/")
        self.assertContains(page, report.public_number)
        self.assertContains(page, '<time datetime="2026-03-04">2026年3月4日</time>前答复您')
        self.assertEqual([row.kind for row in report.events.all()], ["received"])

    def test_only_townships_of_this_city_are_offered_and_taken(self) -> None:
        """The divisions of the whole country are loaded; elsewhere nobody of ours would answer."""
        for code, name, parent in (("3202", "无锡市", "32"), ("320282", "宜兴市", "3202"), ("320282101", "张渚镇", "320282")):
            Region.objects.create(code=code, name=name, parent_id=parent, level=level_of(code), code_system="x", full_name=name)
        page = self.client.get("/report/")
        self.assertContains(page, "陇集镇")
        self.assertNotContains(page, "张渚镇")
        self.assertEqual(self.send(region="320282101").status_code, 200)
        self.assertFalse(Report.objects.exists())

    def test_sent_twice_it_is_one_report_and_one_notice(self) -> None:
        form = self.form()
        for _time in range(2):
            self.assertRedirects(self.client.post("/report/", form), "/track/")
        self.assertEqual(Report.objects.count(), 1)
        self.assertEqual(Notice.objects.filter(kind="report_arrived", channel="in_app", recipient=self.grid_worker).count(), 1)

    def test_grid_worker_and_chief_of_that_township_are_told_and_nobody_elsewhere(self) -> None:
        self.send()
        told = set(Notice.objects.filter(kind="report_arrived", channel="in_app").values_list("recipient__username", flat=True))
        self.assertEqual(told, {"wangge", "zhangzhen"})

    def test_what_is_missing_or_wrong_is_said_and_the_rest_is_kept(self) -> None:
        for name, value, said in (
            ("employer", "", "谁欠您的钱"), ("phone", "138000", "电话号码不正确"), ("name", "", "您叫什么名字"), ("region", "", "请选择乡镇"),
            ("region", "999999999", ""), ("kind", "x", ""), ("amount", "多少", ""), ("people", "0", ""), ("answer", "99", "算得不对"),
            ("answer", "x", "算得不对"), ("name", "a\x00b", ""),
        ):  # fmt: skip
            with self.subTest(name, value=value):
                response = self.send(**{name: value})
                self.assertContains(response, said)
                self.assertContains(response, "干了三个月。")
        self.assertFalse(Report.objects.exists())

    def test_an_answer_in_full_width_digits_is_one(self) -> None:
        asked = Challenge.new(self.now)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(asked.first + asked.second))
        self.assertRedirects(self.client.post("/report/", {**SAID, "token": asked.token, "answer": wide}), "/track/")

    def test_a_token_made_up_or_too_old_gets_a_new_question(self) -> None:
        old = Challenge.new(self.now - LASTS - timedelta(seconds=1))
        forged = signing.dumps(["x", 1, 1, int(self.now.timestamp())], salt=SALT, key="another")
        for token, answer in ((old.token, str(old.first + old.second)), (forged, "2"), ("", "2"), ("\x00", "2")):
            response = self.send(token=token, answer=answer)
            self.assertContains(response, "页面打开太久了")
        self.assertFalse(Report.objects.exists())

    def test_whoever_fills_in_what_nobody_sees_is_no_worker(self) -> None:
        self.assertEqual(self.send(website="http://spam.example").status_code, 400)
        self.assertFalse(Report.objects.exists())

    def test_one_telephone_and_one_address_report_so_often_an_hour(self) -> None:
        for _number in range(PER_PHONE):
            self.assertEqual(self.send().status_code, 302)
        refused = self.send()
        self.assertContains(refused, "次数太多", status_code=429)
        for number in range(PER_ADDRESS - PER_PHONE - 1):
            self.assertEqual(self.send(phone=f"139000000{number:02d}").status_code, 302)
        self.assertEqual(self.send(phone="13700000000").status_code, 429)
        self.assertEqual(self.send("/report/", {"REMOTE_ADDR": "10.0.0.9"}, phone="13700000001").status_code, 302)

    def test_files_are_looked_at_and_a_bad_one_loses_nothing(self) -> None:
        bad = SimpleUploadedFile("欠条.jpg", b"MZ\x90\x00 program", "image/jpeg")
        response = self.send(files=[bad])
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, "干了三个月。")
        self.assertFalse(Report.objects.exists())
        four = [SimpleUploadedFile(f"{number}.txt", f"干了{number}天".encode()) for number in range(4)]
        self.assertContains(self.send(files=four), "最多选三个文件")
        for file in four:
            file.seek(0)
        self.assertEqual(self.send(files=four[:2]).status_code, 302)
        self.assertEqual(ReportFile.objects.filter(report=Report.objects.get()).count(), 2)

    def test_no_account_no_cache_no_session(self) -> None:
        response = self.client.get("/report/")
        self.assertEqual(response["X-Robots-Tag"], "noindex, nofollow")
        self.assertIn("no-store", response["Cache-Control"])
        self.assertNotIn("sessionid", self.client.cookies)
        self.assertEqual(self.client.put("/report/").status_code, 405)


class NoticeOnTheBoardTest(PublicTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.known = self.make_claim(site_name="翰林雅苑二期", person=self.grid_worker)
        self.site = Site.objects.get()

    def test_the_code_leads_to_the_form_that_knows_the_site_and_says_no_more_than_the_board(self) -> None:
        address = reverse("report_site", args=[self.site.pk])
        response = self.client.get(address)
        self.assertContains(response, "翰林雅苑二期")
        for secret in ("宏远", "李建国", self.known.number, self.known.public_number):
            self.assertNotContains(response, secret)
        self.assertNotContains(response, 'name="region"')
        self.assertRedirects(self.send(address, employer=""), "/track/")
        report = Report.objects.get()
        self.assertEqual((report.site, report.region_id, report.where), (self.site, "321322101", "翰林雅苑二期"))

    def test_the_claim_takes_the_usual_chain_of_the_site(self) -> None:
        self.send(reverse("report_site", args=[self.site.pk]), employer="")
        claim = deciding.accept(Report.objects.get(), self.grid_worker, now=self.now)
        self.assertEqual([row.legal_name for row in claim.respondents.all()], ["宿迁宏远劳务有限公司"])
        self.assertEqual(claim.site, self.site)

    def test_a_site_that_is_not_there_is_404(self) -> None:
        self.assertEqual(self.client.get(reverse("report_site", args=[self.known.pk])).status_code, 404)

    def test_the_notice_is_printed_by_those_who_see_the_site(self) -> None:
        address = reverse("site_notice", args=[self.site.pk])
        for person, status in ((self.grid_worker, 200), (self.county, 200), (self.chief_a2, 404), (self.outsider, 404)):
            self.client.force_login(person)
            response = self.client.get(address)
            self.assertEqual(response.status_code, status, person)
        self.client.force_login(self.county)
        self.assertContains(self.client.get(address), "<svg")
        self.assertContains(self.client.get(address), reverse("report_site", args=[self.site.pk]))


class FollowingTest(PublicTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.send()
        self.report = Report.objects.get()

    def enter(self, secret: str = "0001") -> HttpResponse:
        self.client.cookies.clear()
        return self.client.post("/track/", {"number": self.report.public_number, "secret": secret}, follow=True)

    def test_number_and_last_four_digits_open_it_and_nothing_else_does(self) -> None:
        self.assertContains(self.enter(), "等待工作人员处理")
        self.assertContains(self.enter("0002"), "对不上")
        self.assertContains(self.enter("13800000001"), "对不上")

    def test_a_wrong_secret_costs_the_database_what_a_wrong_number_costs(self) -> None:
        with self.assertNumQueries(2):
            self.assertIsNone(find(self.report.public_number, "9999"))
        with self.assertNumQueries(2):
            self.assertIsNone(find("0000-0000-0000", "9999"))
        with self.assertNumQueries(2):
            self.assertIsNone(find("", "9999"))

    def test_once_it_is_a_claim_the_same_number_opens_the_claim(self) -> None:
        claim = deciding.accept(self.report, self.grid_worker, now=self.now)
        self.assertEqual(claim.public_number, self.report.public_number)
        self.assertContains(self.client.get("/track/"), "正在等待决定是否受理")  # with the cookie of the report
        self.assertContains(self.enter(), "8,000.00")

    def test_the_reason_for_declining_is_read_as_it_was_written(self) -> None:
        deciding.decline(self.report, self.grid_worker, now=self.now, reason="不属于欠薪，请向法院起诉。")
        response = self.enter()
        self.assertContains(response, "不属于欠薪，请向法院起诉。")
        self.assertContains(response, "再反映一次")
        self.assertNotContains(response, "王格")

    def test_joined_it_shows_nothing_of_the_claim_of_others(self) -> None:
        """The telephone of a report is anybody's word: it opens no case of the worker whose number it is."""
        claim = self.make_claim()
        deciding.join(self.report, self.grid_worker, now=self.now, claim=claim)
        response = self.enter()
        self.assertContains(response, "已有案件在办")
        for secret in (claim.number, claim.public_number, "宏远", "8,000"):
            self.assertNotContains(response, secret)

    def test_the_buttons_of_a_case_do_nothing_for_a_report(self) -> None:
        self.assertRedirects(self.client.post(reverse("track_nudge")), "/track/")


class SmsTest(PublicTestCase):
    def test_the_worker_is_told_as_they_said_it_is_safe(self) -> None:
        with patch("arrears.reports.telling.is_set_up", return_value=True), patch("grid.notices.is_set_up", return_value=True):
            for phone, rule in (("13800000001", "open"), ("13800000002", "discreet"), ("13800000003", "none")):
                self.send(phone=phone, contact_rule=rule)
        sent = Notice.objects.filter(addressee_kind="reporter")
        kinds = {Report.objects.get(pk=row.addressee_id).phone: (row.kind, set(row.facts)) for row in sent}
        self.assertEqual(kinds, {
            "13800000001": ("report_received", {"query", "url", "due"}), "13800000002": ("worker_discreet", set()),
        })  # fmt: skip


class FormOfTheSameFormTest(PublicTestCase):
    def test_two_taps_at_once_are_one_report(self) -> None:
        """The second finds the row of the first only when it writes its own."""
        self.send()
        first = Report.objects.get()
        with patch.object(Report.objects, "filter", side_effect=[Report.objects.none(), Report.objects.filter(pk=first.pk)]):
            again = receive(Said(region=first.region, phone=first.phone), now=self.now, once=first.once)
        self.assertEqual((again.pk, Report.objects.count(), Claim.objects.count()), (first.pk, 1, 0))

