"""反映欠薪: the public page, the notice on the board, and the follow-up by number."""

import re
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from arrears import casework
from arrears.intake import ClaimantFacts
from arrears.models import Claim, Report, ReportFile, Site
from arrears.reports import deciding
from arrears.reports.challenge import LASTS, SALT, Challenge
from arrears.reports.limits import PER_ADDRESS, PER_PHONE, WITHOUT_PHONE
from arrears.reports.receiving import Said, receive
from arrears.worker.slips import code_of_form, give
from arrears.worker.tracking import TRIES_PER_NUMBER, find
from grid.models import Notice, Region, Task
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
        numbers = (self.report.public_number, self.make_claim().public_number, "0000-0000-0000", "")
        for number in numbers:
            with self.subTest(number), self.assertNumQueries(3):
                self.assertIsNone(find(number, "9999"))

    def test_a_wrong_secret_gets_the_answer_a_wrong_number_gets(self) -> None:
        """Status, headers and page: of a report, of a claim, of a number nobody has, also when it was tried too often."""
        claim = self.make_claim()
        for tries in range(TRIES_PER_NUMBER + 1):
            answers = [self.answer_to(number) for number in (self.report.public_number, claim.public_number, "0000-0000-0000")]
            self.assertEqual(answers[0], answers[1], tries)
            self.assertEqual(answers[0], answers[2], tries)
        self.assertEqual(answers[0][0], 429)

    def answer_to(self, number: str) -> tuple[object, ...]:
        address = {self.report.public_number: "10.0.0.1", "0000-0000-0000": "10.0.0.2"}.get(number, "10.0.0.3")
        response = self.client.post("/track/", {"number": number, "secret": "9999"}, REMOTE_ADDR=address)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(number, "NUMBER")
        return response.status_code, sorted(set(response.headers) - {"Content-Length"}), sorted(self.client.cookies), page

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

    def test_more_papers_are_kept_while_it_waits_once_each_and_those_who_answer_are_told(self) -> None:
        page = self.client.get("/track/")
        self.assertContains(page, reverse("track_file"))
        paper = SimpleUploadedFile("欠条.txt", "欠八千元".encode())
        self.assertContains(self.client.post(reverse("track_file"), {"files": [paper]}, follow=True), "工作人员会看到")
        paper.seek(0)
        self.client.post(reverse("track_file"), {"files": [paper]})
        self.assertEqual((self.report.files.count(), self.report.events.filter(kind="added").count()), (1, 1))
        self.assertEqual(Notice.objects.filter(kind="report_added", channel="in_app", recipient=self.grid_worker).count(), 1)
        bad = SimpleUploadedFile("x.jpg", b"MZ\x90\x00")
        self.client.post(reverse("track_file"), {"files": [bad]}, follow=True)
        self.assertEqual(self.report.files.count(), 1)

    def test_who_no_longer_needs_it_says_so_once_and_an_official_decides(self) -> None:
        said = {"text": "钱已经给了。", "sure": "on"}
        self.assertContains(self.client.post(reverse("track_withdraw"), said, follow=True), "已经记下")
        self.assertContains(self.client.post(reverse("track_withdraw"), said, follow=True), "已经提出过")
        self.report.refresh_from_db()
        self.assertEqual(self.report.state, "waiting")
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(f"/reports/{self.report.pk}/"), "反映人说不用再办：钱已经给了。")

    def test_decided_it_takes_nothing_more(self) -> None:
        deciding.decline(self.report, self.grid_worker, now=self.now, reason="不属于欠薪。")
        self.assertNotContains(self.client.get("/track/"), reverse("track_file"))
        paper = SimpleUploadedFile("欠条.txt", "欠八千元".encode())
        self.client.post(reverse("track_file"), {"files": [paper]})
        self.assertEqual(self.report.files.count(), 0)

    def test_the_buttons_of_a_case_do_nothing_for_a_report(self) -> None:
        self.assertRedirects(self.client.post(reverse("track_nudge")), "/track/")


class WithoutPhoneTest(PublicTestCase):
    NOBODY = {"reach": "none", "phone": "", "reach_note": "工地宿舍 3 号楼，晚上在。"}

    def setUp(self) -> None:
        super().setUp()
        self.kept = self.send(**self.NOBODY)
        self.report = Report.objects.get()
        self.code = code_of_form(self.report.once)

    def enter(self, secret: str) -> HttpResponse:
        self.client.cookies.clear()
        return self.client.post("/track/", {"number": self.report.public_number, "secret": secret}, follow=True)

    def test_number_and_code_are_shown_once_and_how_to_learn_of_progress(self) -> None:
        self.assertEqual((self.report.phone, self.report.contact_rule, self.report.reach), ("", "none", "none"))
        for words in (self.report.public_number, self.code, "密码只显示这一次", "工作人员会到您写的地方找您", "陇集镇"):
            self.assertContains(self.kept, words)
        self.assertIn("no-store", self.kept["Cache-Control"])
        self.assertNotContains(self.client.get("/track/"), self.code)
        self.assertNotIn(self.code, repr(Report.objects.values().get()))

    def test_the_code_opens_it_and_nothing_else_does(self) -> None:
        self.assertContains(self.enter(self.code), "等待工作人员处理")
        wrong = f"{(int(self.code) + 1) % 10**6:06d}"
        for secret in (wrong, self.code[-4:], self.code[:4], "0000", "工地宿舍"):
            self.assertContains(self.enter(secret), "对不上")

    def test_sent_again_after_the_answer_was_lost_it_shows_the_same_and_is_one_report(self) -> None:
        form = self.form(**self.NOBODY, employer="另一个老板")
        pages = [self.client.post("/report/", form) for _time in range(2)]
        self.assertEqual(Report.objects.filter(employer="另一个老板").count(), 1)
        code = code_of_form(Report.objects.get(employer="另一个老板").once)
        for page in pages:
            self.assertContains(page, code)

    def test_once_it_is_a_claim_the_same_code_opens_the_claim(self) -> None:
        claim = deciding.accept(self.report, self.grid_worker, now=self.now)
        worker = claim.claimants.get()
        self.assertEqual((worker.phone, worker.contact_rule), ("", "none"))
        self.assertContains(self.enter(self.code), "8,000.00")
        self.assertEqual(claim.events.get(kind="register").facts["reach_note"], "工地宿舍 3 号楼，晚上在。")

    def test_declined_somebody_goes_there_and_tells_them(self) -> None:
        deciding.decline(self.report, self.grid_worker, now=self.now, reason="不属于欠薪。")
        task = Task.objects.get(kind="tell_reporter")
        self.assertEqual((task.owner, task.path), (self.grid_worker, f"/reports/{self.report.pk}/"))
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(task.path), "工地宿舍 3 号楼，晚上在。")

    def test_where_to_find_them_is_asked_and_whose_telephone_it_is(self) -> None:
        for changes, said in (
            ({"reach": "none", "phone": "", "reach_note": ""}, "请写到哪里能找到您"),
            ({"reach": "others", "reach_note": ""}, "请写这是谁的手机"),
            ({"reach": "own", "phone": ""}, "请填手机号；没有手机的"),
        ):
            with self.subTest(said):
                response = self.send(**changes)
                self.assertContains(response, said)
                self.assertContains(response, "干了三个月。")
        self.assertEqual(Report.objects.count(), 1)

    def test_a_telephone_of_somebody_else_is_one_to_be_careful_with(self) -> None:
        self.assertRedirects(self.send(reach="others", reach_note="老乡张强的手机", phone="13900000008"), "/track/")
        report = Report.objects.get(reach="others")
        worker = deciding.accept(report, self.grid_worker, now=self.now).claimants.get()
        self.assertEqual((worker.phone, worker.safe_phone), ("", "13900000008"))
        self.assertIsNotNone(find(report.public_number, "0008"))

    def test_one_address_reports_so_often_without_a_telephone(self) -> None:
        for _number in range(WITHOUT_PHONE - 1):
            self.assertEqual(self.send(**self.NOBODY).status_code, 200)
        self.assertContains(self.send(**self.NOBODY), "次数太多", status_code=429)
        self.assertEqual(self.send().status_code, 302)  # with one


class SlipTest(PublicTestCase):
    """A worker who was logged in the field and has neither telephone nor card."""

    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim(claimants=[ClaimantFacts("王芳")], person=self.grid_worker)
        self.worker = self.claim.claimants.get()
        self.address = reverse("claimant_slip", args=[self.worker.pk])

    def test_it_is_printed_once_opens_the_case_and_the_next_one_ends_it(self) -> None:
        self.sign_in(self.grid_worker)
        self.assertNotContains(self.client.get(self.address), self.claim.public_number)
        codes = [self.client.post(self.address).context["code"] for _time in range(2)]
        self.assertNotContains(self.client.get(self.address), codes[1])
        self.assertIsNone(find(self.claim.public_number, codes[0]))
        self.assertEqual(find(self.claim.public_number, codes[1]).claimant, self.worker)
        self.assertIsNone(find(self.make_claim().public_number, codes[1]))
        self.assertEqual(self.claim.events.filter(kind="slip_given", actor=self.grid_worker).count(), 2)
        self.assertNotIn(codes[1], repr(list(self.claim.events.values_list("facts"))))

    def test_only_those_who_work_on_the_case_give_one(self) -> None:
        for person, status in ((self.chief, 200), (self.auditor, 403), (self.chief_a2, 404), (self.partner, 404), (self.outsider, 404)):
            self.sign_in(person)
            self.assertEqual(self.client.post(self.address).status_code, status, person)

    def test_it_goes_on_opening_a_case_that_was_merged(self) -> None:
        code = give(self.worker, self.grid_worker, now=self.now)
        target = self.make_claim()
        casework.advance(self.claim, "merge", self.chief, now=self.now, merged_into=target, reason="同一工地")
        self.assertEqual(find(self.claim.public_number, code).claim, self.claim)


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

