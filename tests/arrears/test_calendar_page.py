"""The calendar page: which years are known, and loading an official file through the same door as the command."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from kombu.exceptions import OperationalError

from arrears.forms.calendars import LARGEST
from arrears.models import CalendarYear, Clock
from arrears.tasks import recount_years
from arrears.timing import clocks
from arrears.year_loading import load_year
from grid.models import Notice
from grid.roles import ADMINISTRATOR
from tests.base import NOW, CastTestCase, make_person

DECEMBER = NOW.replace(month=12, day=1)
YEAR = """# 国务院办公厅关于2027年部分节假日安排的通知
date,kind,name
2027-01-01,off,元旦
2027-01-02,off,元旦
2027-01-03,off,元旦
2027-02-05,off,春节
2027-02-08,off,春节
2027-02-09,off,春节
2027-02-10,off,春节
2027-02-11,off,春节
2027-02-14,work,春节
2027-04-05,off,清明节
2027-05-01,off,劳动节
2027-05-02,off,劳动节
2027-06-09,off,端午节
2027-09-15,off,中秋节
2027-10-01,off,国庆节
2027-10-02,off,国庆节
2027-10-03,off,国庆节
"""


class CalendarPageTest(CastTestCase):
    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=DECEMBER)
        clock.start()
        self.addCleanup(clock.stop)
        self.client.force_login(self.administrator)

    def load(self, text: str = YEAR, name: str = "2027.csv", encoding: str = "utf-8", **more: str):
        upload = SimpleUploadedFile(name, text.encode(encoding), "text/csv")
        return self.client.post(reverse("calendar_list"), {"file": upload, **more})

    def test_it_says_which_years_are_known_and_which_is_missing(self) -> None:
        response = self.client.get(reverse("calendar_list"))
        self.assertEqual([(row.year, row.is_known) for row in response.context["years"]], [(2027, False), (2026, True), (2025, True), (2024, True)])
        self.assertContains(response, "2027 年的放假安排还没有载入")
        self.assertContains(response, "全年 248 个工作日。")

    def test_an_official_file_makes_the_year_known(self) -> None:
        response = self.client.post(
            reverse("calendar_list"), {"file": SimpleUploadedFile("2027.csv", YEAR.encode()), "source": ""}, follow=True
        )
        self.assertContains(response, "已载入2027年放假安排")
        self.assertContains(response, "2026-12-01 10:00</time> 载入")
        self.assertNotContains(response, "还没有载入")
        stored = CalendarYear.objects.get()
        self.assertEqual((stored.year, stored.source, stored.loaded_by), (2027, "国务院办公厅关于2027年部分节假日安排的通知", self.administrator))

    def test_what_was_a_guess_is_counted_again(self) -> None:
        claim = self.make_claim(now=DECEMBER - timedelta(days=1))
        clocks.start(claim, "JC-INVEST", DECEMBER.date(), now=DECEMBER)
        self.assertTrue(Clock.objects.get(rule_id="JC-INVEST").is_provisional)
        self.assertContains(self.client.get(reverse("calendar_list")), "现有 4 个时限为暂定")
        self.load()
        self.assertFalse(Clock.objects.get(rule_id="JC-INVEST").is_provisional)

    def clocks_to_count(self, number: int) -> None:
        for claim in [self.make_claim(now=DECEMBER - timedelta(days=1), person=self.grid_worker) for _ in range(number)]:
            clocks.start(claim, "JC-INVEST", DECEMBER.date(), now=DECEMBER)

    def test_where_much_hangs_on_it_a_task_counts_and_the_page_says_how_far_it_is(self) -> None:
        self.clocks_to_count(3)
        text = YEAR.replace("2027-02-05", "2027-01-04,off,元旦\n2027-02-05")  # a day more off than anybody had guessed
        with patch("arrears.year_loading.AT_HAND", 2), patch("arrears.timing.clocks.CLAIMS_AT_ONCE", 1):
            with patch.object(recount_years, "delay") as asked, self.captureOnCommitCallbacks(execute=True):
                response = self.client.post(reverse("calendar_list"), {"file": SimpleUploadedFile("2027.csv", text.encode())}, follow=True)
            asked.assert_called_once_with()
            self.assertContains(response, "涉及的案件较多，正在后台重新计算")
            self.assertContains(response, "受影响的案件正在后台重新计算")
            self.assertTrue(Clock.objects.filter(rule_id="JC-INVEST", is_provisional=True).count() == 3)

            real, turns = clocks.recount, []

            def dies_on_the_third(*given: Any, **more: Any) -> int:
                turns.append(given)
                if len(turns) == 3:
                    raise KeyboardInterrupt
                return real(*given, **more)

            with patch("arrears.timing.clocks.recount", dies_on_the_third), self.assertRaises(KeyboardInterrupt):
                recount_years()
            self.assertContains(self.client.get(reverse("calendar_list")), "受影响的 3 件案件已算完 2 件")
            self.assertFalse(Notice.objects.filter(kind="calendar_moved").exists())
            with patch("arrears.timing.clocks.recount", side_effect=real) as again:
                self.assertEqual((recount_years(), recount_years()), (1, 0))
            self.assertEqual(again.call_count, 1)  # only the claim that was left
        self.assertFalse(Clock.objects.filter(rule_id="JC-INVEST", is_provisional=True).exists())
        told = Notice.objects.filter(kind="calendar_moved", channel="in_app")
        self.assertEqual([(one.recipient, one.facts["count"]) for one in told], [(self.grid_worker, 3)])
        page = self.client.get(reverse("calendar_list"))
        self.assertContains(page, "个时限的届满日随之变更")
        self.assertContains(page, "已通知1名责任人，每人一条。")
        self.assertNotContains(page, "正在重新计算")

    def test_a_broker_that_is_down_does_not_lose_the_load(self) -> None:
        self.clocks_to_count(1)
        with (
            patch("arrears.year_loading.AT_HAND", 0), patch.object(recount_years, "delay", side_effect=OperationalError),
            self.assertLogs("arrears.views.calendars", "ERROR"), self.captureOnCommitCallbacks(execute=True),
        ):  # fmt: skip
            self.assertEqual(self.load(source="通知").status_code, 302)
        self.assertEqual(recount_years(), 1)

    def test_a_correction_that_arrives_meanwhile_is_counted_from_the_beginning(self) -> None:
        self.clocks_to_count(3)
        other = YEAR.replace("2027-02-05", "2027-01-04,off,元旦\n2027-02-05")
        real = clocks.recount

        def corrected(*given: Any, **more: Any) -> int:
            moved = real(*given, **more)
            if CalendarYear.objects.get().loaded_at == DECEMBER:
                load_year(other.encode(), now=DECEMBER + timedelta(hours=1), name="2027.csv", later=lambda: None)
            return moved

        with patch("arrears.year_loading.AT_HAND", 0), patch("arrears.timing.clocks.CLAIMS_AT_ONCE", 1):
            load_year(YEAR.encode(), now=DECEMBER, name="2027.csv", later=lambda: None)
            with patch("arrears.timing.clocks.recount", corrected):
                recount_years()
            self.assertIsNone(CalendarYear.objects.get().counted_at)
            self.assertEqual(recount_years(), 1)
        days = set(Clock.objects.filter(rule_id="JC-INVEST").values_list("due_on", "is_provisional"))
        self.assertEqual(len(days), 1)
        self.assertEqual(CalendarYear.objects.get().counts["told"], 1)

    def test_the_source_may_be_given_and_a_second_time_changes_nothing(self) -> None:
        self.load(source="国办发明电〔2026〕7号")
        self.assertEqual(CalendarYear.objects.get().source, "国办发明电〔2026〕7号")
        response = self.client.post(
            reverse("calendar_list"), {"file": SimpleUploadedFile("2027.csv", YEAR.encode()), "source": "国办发明电〔2026〕7号"}, follow=True
        )
        self.assertContains(response, "2027年的放假安排没有变化。")

    def test_a_bad_file_changes_nothing_and_every_problem_is_said(self) -> None:
        for text, encoding, words in (
            (YEAR + "2027-02-30,off,春节\nmorgen,frei,\n", "utf-8", ("第20行，date列：", "第21行，date列：", "第21行，name列：")),
            (YEAR + "2027-03-01,work,春节\n", "utf-8", ("第20行，kind列：2027-03-01不是周末",)),
            ("hello", "utf-8", ("文件里没有日期",)),
            (YEAR, "gb18030", ("不是 UTF-8 编码",)),
        ):
            with self.subTest(words):
                response = self.load(text, encoding=encoding)
                self.assertContains(response, "文件不能使用，什么都没有改动")
                for said in words:
                    self.assertContains(response, said)
        self.assertContains(self.load(" " * (LARGEST + 1)), "文件太大")
        self.assertContains(self.client.post(reverse("calendar_list"), {}), "还有内容需要改正")
        self.assertFalse(CalendarYear.objects.exists())

    def test_everybody_reads_it_and_only_administrators_of_the_city_load(self) -> None:
        of_county = make_person("guanli_sy", "县管", ADMINISTRATOR, "321322")
        for name, person in {**self.everybody(), "of one county": of_county}.items():
            with self.subTest(name):
                self.client.force_login(person)
                if name == "partner":  # bodies have their inbox and nothing else
                    self.assertEqual(self.client.get(reverse("calendar_list")).status_code, 404)
                    continue
                page = self.client.get(reverse("calendar_list"))
                self.assertEqual(page.status_code, 200)
                self.assertEqual("载入年度文件" in page.content.decode(), name == "administrator")
                if name != "administrator":
                    self.assertEqual(self.load().status_code, 403)
        self.assertFalse(CalendarYear.objects.exists())

    def test_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.delete(reverse("calendar_list")).status_code, 405)
