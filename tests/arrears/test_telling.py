"""The history in plain words: a sentence for every kind of event, and never a raw key in it."""

from datetime import timedelta

from django.test import SimpleTestCase
from django.utils import translation

from arrears.history import KINDS
from arrears.lifecycle import CLAIM
from arrears.models import Event
from arrears.telling import LABELS, TELLINGS, Telling, add_tellings, tell
from tests.base import NOW


def event(of: str, /, **facts) -> Event:
    return Event(kind=of, at=NOW, happened_on=NOW.date(), stage="handling", level="county", facts=facts)


class TellingTest(SimpleTestCase):
    def test_every_move_and_every_kind_has_a_sentence(self) -> None:
        self.assertLessEqual({move.name for move in CLAIM.moves} | KINDS.keys(), TELLINGS.keys())

    def test_facts_are_said_as_people_say_them(self) -> None:
        for kind, facts, title in (
            ("register", {"channel": "hotline"}, "登记案件，来源：12345 热线"),
            ("record_payment", {"amount": "6000.00", "method": "deposit", "paid_on": "2026-03-01"}, "收到付款 ¥6,000.00，动用工资保证金，到账日期 2026-03-01"),
            ("escalate", {"reason": "需要协调"}, "提级办理，现由县级负责"),
            ("reject", {"ground": "time_barred", "reason": "x"}, "决定不予受理：超过两年查处时效（劳动保障监察条例第二十条）"),
            ("climbed", {"rule": "JC-ACCEPT", "rung": "late1", "due": "2026-03-09"}, "“劳动保障监察投诉受理或者不予受理决定”应于 2026-03-09 前完成，到期未办，系统自动提级，现由县级负责"),
            ("alerted", {"rule": "CASE-WHOLE-60", "rung": "near", "due": "2026-05-29"}, "系统提醒：“全案办结”应于 2026-05-29 前完成（时限已用八成）"),
            ("referral", {"move": "decline", "body": "沭阳县人民检察院", "referral_kind": "support"}, "支持起诉 · 沭阳县人民检察院：未接受"),
            ("add_evidence", {"title": "欠条", "kind": "iou"}, "添加证据：欠条（工资欠条或结算单）"),
        ):  # fmt: skip
            with self.subTest(kind=kind):
                self.assertEqual(tell(event(kind, **facts)).title, title)

    def test_a_missing_fact_leaves_the_bare_label_and_never_a_hole(self) -> None:
        for kind in TELLINGS:
            with self.subTest(kind=kind):
                title = tell(event(kind)).title
                self.assertNotIn("%(", title)
                self.assertTrue(title)
        self.assertEqual(tell(event("verify")).title, "核定金额")

    def test_what_the_actor_wrote_is_quoted_in_order(self) -> None:
        self.assertEqual(tell(event("accept", conditions=True, note="材料齐全。")).quotes, ["材料齐全。"])
        self.assertEqual(tell(event("conclude", result="insolvent", reason="已破产")).quotes, ["已破产"])

    def test_whom_the_system_told_and_which_posts_it_passed_over_is_said(self) -> None:
        told = tell(event("climbed", rule="JC-ACCEPT", rung="late1", due="2026-03-09", told=["章镇", "冼安"], vacant=["township", "body"]))
        self.assertEqual(told.notes, ["已通知：章镇、冼安", "岗位空缺，已由上一级代为负责：乡镇级"])

    def test_another_day_is_told_only_when_it_is_another(self) -> None:
        late = event("register", channel="patrol")
        self.assertIsNone(tell(late).happened_on)
        late.happened_on = NOW.date() - timedelta(days=2)
        self.assertEqual(tell(late).happened_on, late.happened_on)

    def test_an_unknown_rule_rung_or_kind_is_told_as_it_stands(self) -> None:
        self.assertEqual(tell(event("climbed", rule="OLD-RULE", due="2020-01-01")).title, "“OLD-RULE”应于 2020-01-01 前完成，到期未办，系统自动提级，现由县级负责")
        self.assertEqual(tell(event("dance")).title, "dance")

    def test_the_apps_above_add_their_own_words(self) -> None:
        self.addCleanup(TELLINGS.pop, "test.kind")
        add_tellings({"test.kind": Telling("做了%(what)s", labels={"what": {"x": "一件事"}})})
        self.assertEqual(tell(event("test.kind", what="x")).title, "做了一件事")

    def test_every_choice_of_an_ask_that_a_sentence_names_has_its_label(self) -> None:
        for move in CLAIM.moves:
            for ask in move.asks:
                if ask.choices:
                    self.assertLessEqual({value for value, label in ask.choices}, LABELS[ask.name].keys(), move.name)

    def test_it_speaks_the_readers_language(self) -> None:
        with translation.override("en"):
            self.assertNotRegex(tell(event("alerted", rule="CASE-WHOLE-60", rung="near", due="2026-05-29")).title, "[\u4e00-\u9fff]")
