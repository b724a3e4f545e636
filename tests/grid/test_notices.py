"""Writing notices: who gets which rows, once, and in which words."""

from django.test import SimpleTestCase
from django.utils import translation

from grid.models import Notice, Person
from grid.models.notices import QUEUED, SENT
from grid.notices import KINDS, Kind, add_kinds, tell, words
from tests.base import NOW, CastTestCase

FACTS = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "第十八条", "article_en": "art. 18", "rung_msgid": "时限届满",
}  # fmt: skip


class Telling(CastTestCase):
    def tell(self, *people: Person, kind: str = "clock_near", key: str = "k") -> None:
        tell(people, kind, key=key, now=NOW, facts=FACTS, region_code="321322101")

    def test_everybody_gets_a_row_in_the_system_at_once_and_one_that_waits_to_be_mailed(self) -> None:
        self.tell(self.chief)
        rows = {row.channel: (row.state, row.sent_at, row.next_try_at) for row in Notice.objects.all()}
        self.assertEqual(rows, {"in_app": (SENT, NOW, None), "email": (QUEUED, None, NOW)})

    def test_no_mail_without_an_address_or_for_a_kind_that_is_not_mailed(self) -> None:
        self.chief.email = ""
        self.tell(self.chief)
        self.tell(self.county, kind="delivery_failed")
        self.assertEqual(set(Notice.objects.values_list("channel", flat=True)), {"in_app"})

    def test_the_same_thing_is_told_once_however_often_and_to_somebody_new_as_well(self) -> None:
        for people in ([self.chief], [self.chief, self.chief], [self.chief, self.county]):
            self.tell(*people)
        self.assertEqual(Notice.objects.count(), 4)
        self.tell(self.chief, key="another")
        self.assertEqual(Notice.objects.count(), 6)

    def test_the_inbox_holds_what_is_in_the_system_for_this_person(self) -> None:
        self.tell(self.chief, self.county)
        [row] = Notice.objects.inbox_of(self.chief).unread()
        self.assertEqual((row.recipient, row.channel), (self.chief, "in_app"))


class Words(SimpleTestCase):
    def notice(self, **facts: str) -> Notice:
        return Notice(kind="clock_late", facts={**FACTS, **facts})

    def test_title_and_text_are_filled_from_the_facts(self) -> None:
        with translation.override("zh-hans"):
            title, text = words(self.notice())
        self.assertEqual(title, "宿欠〔2026〕321322-00001：时限届满")
        self.assertEqual(text, "案件 宿欠〔2026〕321322-00001 的“受理决定”应于 2026-03-09 前完成，现已逾期（第十八条）。")

    def test_english_takes_the_english_facts(self) -> None:
        with translation.override("en"):
            text = words(self.notice())[1]
        self.assertIn("Acceptance decision", text)
        self.assertIn("art. 18", text)
        self.assertNotIn("受理决定", text)

    def test_what_nobody_did_the_system_did(self) -> None:
        notice = self.notice(by="", respondent="宏远劳务", move_msgid="确认清偿")
        notice.kind = "claim_moved"
        for language, start in (("zh-hans", "本系统 对案件"), ("en", "The system did")):
            with translation.override(language):
                self.assertTrue(words(notice)[1].startswith(start))

    def test_a_kind_is_named_once(self) -> None:
        with self.assertRaises(AssertionError):
            add_kinds([Kind("clock_late", "x", "y")])
        add_kinds([KINDS["clock_late"]])  # the same again is no contradiction
