"""An administrator reads, tries and publishes the words of notices."""

from unittest.mock import patch

from django.test import override_settings
from django.urls import reverse

from grid.models import Wording
from grid.notices import KINDS, Kind
from grid.roles import ADMINISTRATOR
from grid.wordings import NAMES
from tests.base import CastTestCase, make_person

KIND = Kind(
    "test_late", "%(number)s 已逾期", "案件 %(number)s 的期限已过。", "late", topic="deadlines", is_statutory=True,
    short="%(number)s 逾期，请办理。", sample={"number": "宿欠〔2026〕321322-00001"},
)  # fmt: skip
PAGE = "/wordings/test_late/"


@patch.dict(KINDS, {KIND.name: KIND})
class WordingsTest(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.administrator)

    def send(self, button: str = "publish", **changes: str):
        words = {
            "title": "%(number)s 超期", "text": "案件 %(number)s 超期，请办理。", "short": "", "title_en": "%(number)s late",
            "text_en": "Case %(number)s is late.", "short_en": "", "note": "说得更清楚", "base": "0",
        }  # fmt: skip
        return self.client.post(PAGE, {**words, **changes, button: "1"})

    def test_the_list_says_what_each_kind_is_about_and_which_were_changed(self) -> None:
        page = self.client.get(reverse("wording_list"))
        self.assertContains(page, "宿欠〔2026〕321322-00001 已逾期")
        self.assertContains(page, "法定，立即发送")
        self.assertNotContains(page, "已修改")
        self.send()
        self.assertContains(self.client.get(reverse("wording_list")), "第 1 版，管理")

    def test_the_page_shows_the_words_in_force_their_places_and_how_they_look(self) -> None:
        page = self.client.get(PAGE)
        self.assertContains(page, "%(number)s 逾期，请办理。")
        self.assertContains(page, "<code>%(number)s</code>")
        self.assertContains(page, "案件 宿欠〔2026〕321322-00001 的期限已过。")
        self.assertContains(page, "【薪安】宿欠〔2026〕321322-00001 逾期，请办理。")
        length = len("【薪安】宿欠〔2026〕321322-00001 逾期，请办理。")
        self.assertContains(page, f"短信 {length} 个字，分 1 条发送")

    def test_the_sign_in_front_counts_as_part_of_a_message(self) -> None:
        for words, parts in (("短" * 66, 1), ("短" * 67, 2), ("短" * 130, 2), ("短" * 131, 3)):
            page = self.send("preview", short=words)
            self.assertContains(page, f"短信 {4 + len(words)} 个字，分 {parts} 条发送")

    @override_settings(SMS_SIGN="薪安", SMS_SIGN_DISCREET="便民服务")
    def test_what_is_to_be_discreet_is_shown_under_the_other_sign(self) -> None:
        page = self.client.get("/wordings/worker_discreet/")
        self.assertContains(page, "【便民服务】您咨询的事项")
        self.assertNotContains(page, "【薪安】")
        with override_settings(SMS_SIGN_DISCREET=""):
            page = self.client.get("/wordings/worker_discreet/")
        self.assertContains(page, "<p>您咨询的事项")

    def test_a_preview_shows_what_was_typed_and_keeps_nothing(self) -> None:
        page = self.send("preview", text="长" * 200, short="短" * 71, note="")
        self.assertContains(page, "长" * 200)
        self.assertContains(page, "短信 75 个字，分 2 条发送")
        self.assertContains(page, "宿欠〔2026〕321322-00001 late")
        self.assertFalse(Wording.objects.exists())

    def test_publishing_makes_a_version_with_who_when_and_what(self) -> None:
        self.assertRedirects(self.send(), PAGE)
        row = Wording.objects.get()
        self.assertEqual((row.version, row.published_by, row.note), (1, self.administrator, "说得更清楚"))
        page = self.client.get(PAGE)
        self.assertContains(page, "<del>%(number)s 已逾期</del><ins>%(number)s 超期</ins>")
        self.assertContains(page, "恢复原文")

    def test_the_original_words_come_back_as_another_version(self) -> None:
        self.send()
        self.assertRedirects(self.client.post(PAGE, {"restore": "1"}), PAGE)
        newest = Wording.objects.get(version=2)
        self.assertEqual((newest.title, newest.short, newest.note), (KIND.title, KIND.short, "恢复原文"))
        self.assertNotContains(self.client.get(PAGE), "也可以回到系统原来的文字")

    def test_a_strange_place_is_named_at_its_field_and_what_was_typed_stays(self) -> None:
        for button in ("preview", "publish"):
            page = self.send(button, text="%(number)s 和 %(id_number)s", short_en="%(nobody)s")
            self.assertContains(page, "这类通知没有 %(id_number)s，请删去或改用下面列出的内容。")
            self.assertContains(page, "这类通知没有 %(nobody)s")
            self.assertContains(page, "%(number)s 和 %(id_number)s")
        self.assertFalse(Wording.objects.exists())

    def test_a_stray_percent_an_empty_text_and_a_missing_note_are_said(self) -> None:
        self.assertContains(self.send("preview", text="付了 50% 工资"), "写错的占位符")
        self.assertContains(self.send(text="付了 50% 工资"), "写错的占位符", status_code=409)
        self.assertContains(self.send(text_en=""), "还有内容需要改正")
        self.assertContains(self.send(note=" "), "请写明为什么修改。", status_code=409)
        self.assertFalse(Wording.objects.exists())

    def test_who_was_overtaken_is_told(self) -> None:
        self.send()
        self.assertContains(self.send(title="另一个"), "别人刚刚发布了新的版本", status_code=409)
        self.assertEqual(Wording.objects.count(), 1)

    def test_only_administrators(self) -> None:
        for person in (self.chief, self.city, self.auditor, self.outsider):
            self.client.force_login(person)
            for address in (reverse("wording_list"), PAGE):
                self.assertEqual(self.client.get(address).status_code, 404)
            self.assertEqual(self.send().status_code, 404)
        self.client.force_login(make_person("xianguan", "县管", ADMINISTRATOR, "321322"))
        self.assertContains(self.client.get(PAGE), "只有市级系统管理员可以修改")
        self.assertNotContains(self.client.get(PAGE), 'name="publish"')
        self.assertContains(self.send(), "只有市级系统管理员可以修改", status_code=409)
        self.assertFalse(Wording.objects.exists())
        self.client.force_login(self.administrator)
        self.assertNotContains(self.client.get(PAGE), "只有市级系统管理员可以修改")
        self.assertEqual(self.client.get("/wordings/nothing/").status_code, 404)


class EveryKindTest(CastTestCase):
    def test_every_kind_of_notice_has_a_page_and_a_whole_preview(self) -> None:
        self.client.force_login(self.administrator)
        for kind in KINDS.values():
            with self.subTest(kind.name):
                page = self.client.get(reverse("wording_edit", args=[kind.name]))
                self.assertEqual(len(page.context["previews"]), 2)
                for preview in page.context["previews"]:
                    self.assertNotIn("—", preview.said.title + preview.said.text + preview.said.short)

    def test_names_of_the_form_are_those_of_the_draft(self) -> None:
        self.client.force_login(self.administrator)
        form = self.client.get(reverse("wording_edit", args=["digest"])).context["form"]
        self.assertEqual([bound.name for bound in (*form.chinese, *form.english)], list(NAMES))
