"""The calendar page: which years are known, and loading an official file through the same door as the command."""

from datetime import timedelta
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from arrears.forms.calendars import LARGEST
from arrears.models import CalendarYear, Clock
from arrears.timing import clocks
from tests.base import NOW, CastTestCase

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

    def test_everybody_reads_it_and_only_administrators_load(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.client.force_login(person)
                page = self.client.get(reverse("calendar_list"))
                self.assertEqual(page.status_code, 200)
                self.assertEqual("载入年度文件" in page.content.decode(), name == "administrator")
                if name != "administrator":
                    self.assertEqual(self.load().status_code, 403)
        self.assertFalse(CalendarYear.objects.exists())

    def test_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.delete(reverse("calendar_list")).status_code, 405)
