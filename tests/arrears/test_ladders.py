"""The ladders: their days by a worked calendar, and that a table which contradicts itself does not start."""

from dataclasses import replace
from datetime import date, datetime

from django.test import SimpleTestCase

from arrears.ladders import (
    DUE,
    LADDER_OF_RULE,
    LADDERS,
    NEAR,
    Rung,
    family_of,
    faults,
    faults_of,
    ladder_of,
    notice_kind,
    rung_times,
)
from arrears.ladders.rungs import POSTS_AT_LEVELS, name_for, seat_phrase
from arrears.workdays import PUBLISHED
from grid.days import SHANGHAI


def days(rule: str, start: str, due: str) -> list[str]:
    times = rung_times(ladder_of(rule), date.fromisoformat(start), date.fromisoformat(due), PUBLISHED)
    return [f"{at:%m-%d}" for at in times]


class Days(SimpleTestCase):
    def test_rungs_call_at_nine_in_the_morning_in_shanghai(self) -> None:
        at = rung_times(ladder_of("JC-ACCEPT"), date(2026, 3, 2), date(2026, 3, 9), PUBLISHED)[0]
        self.assertEqual(at, datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI))

    def test_a_legal_limit_of_the_office(self) -> None:
        # Received on Monday 2 March, five working days: due Monday 9th. Four of the five are used on Friday 6th.
        self.assertEqual(days("JC-ACCEPT", "2026-03-02", "2026-03-09"), ["03-06", "03-09", "03-10", "03-12", "03-16"])

    def test_rungs_count_working_days_through_a_holiday_and_its_make_up_days(self) -> None:
        # Spring Festival is 15 to 23 February 2026; Saturdays 14 and 28 February are worked.
        self.assertEqual(days("JC-ACCEPT", "2026-02-06", "2026-02-13"), ["02-12", "02-13", "02-14", "02-25", "02-27"])

    def test_a_local_target_a_promise_and_a_right(self) -> None:
        self.assertEqual(days("HANDLE-START-3", "2026-03-02", "2026-03-05"), ["03-05", "03-05", "03-09", "03-12"])
        self.assertEqual(days("AGREED-PAY", "2026-03-02", "2026-03-20"), ["03-17", "03-20", "03-23", "03-27"])
        self.assertEqual(days("ARB-LIMIT-1Y", "2025-06-30", "2026-06-30"), ["06-01", "06-23", "06-30"])

    def test_a_due_day_that_is_no_working_day_calls_on_that_day(self) -> None:
        # Saturday 20 June 2026 (Dragon Boat): a right does not wait for Monday.
        self.assertEqual(days("ARB-LIMIT-1Y", "2025-06-20", "2026-06-20")[-1], "06-20")

    def test_times_of_every_ladder_come_in_the_order_of_the_ladder(self) -> None:
        for rule in ("JC-ACCEPT", "CLOSE-5", "ARB-LIMIT-1Y", "AGREED-PAY", "MED-15", "REF-ANSWER-5"):
            found = rung_times(ladder_of(rule), date(2026, 2, 10), date(2026, 2, 13), PUBLISHED)
            self.assertEqual(found, sorted(found), rule)


class Tables(SimpleTestCase):
    def faults(self, *ladder: Rung, name: str = "legal") -> list[str]:
        return list(faults({name: ladder}, {}))

    def test_the_tables_in_force_are_whole(self) -> None:
        self.assertEqual(list(faults(LADDERS, LADDER_OF_RULE)), [])

    def test_a_rule_follows_its_own_ladder_or_that_of_its_kind(self) -> None:
        names = [family_of(rule) for rule in ("JC-ACCEPT", "CASE-WHOLE-60", "ARB-LIMIT-1Y", "REF-ANSWER-5", "MED-15")]
        self.assertEqual(names, ["legal", "local", "right", "partner", "mediation"])

    def test_a_right_and_a_promise_have_words_of_their_own(self) -> None:
        late = Rung("x", "x", ("level",), working_days=1, urgency="late")
        kinds = [notice_kind(rule, late) for rule in ("JC-ACCEPT", "ARB-LIMIT-1Y", "AGREED-PAY", "REF-ANSWER-5")]
        self.assertEqual(kinds, ["clock_late", "right_ends", "payment_late", "answer_late"])

    def test_contradictions_are_named(self) -> None:
        cases = {
            "选填一项": replace(NEAR, working_days=1),
            "百分之一到百分之九十九": replace(NEAR, share=1.2),
            "至少选择一个通知对象": replace(DUE, tells=()),
            "没有这样的通知对象：mayor": replace(DUE, tells=("mayor",)),
            "到期之后才能提级": replace(DUE, climbs=True),
        }
        for fault, rung in cases.items():
            self.assertIn(fault, " ".join(self.faults(rung)))

    def test_rungs_out_of_order_or_of_one_name_are_refused(self) -> None:
        late = Rung("late1", "x", ("level",), working_days=1)
        self.assertIn("先后排列", " ".join(self.faults(late, DUE)))
        self.assertIn("同一个名称", " ".join(self.faults(DUE, replace(late, name="due"))))
        before = Rung("before", "x", ("level",), working_days=-3)
        self.assertIn("不能放在同一阶梯里", " ".join(self.faults(NEAR, before, DUE)))

    def test_an_unknown_rule_ladder_or_ladder_without_words_is_refused(self) -> None:
        self.assertIn("no such rule", " ".join(faults(LADDERS, {"NO-SUCH": "legal"})))
        self.assertIn("no ladder", " ".join(faults(LADDERS, {"JC-ACCEPT": "steep"})))
        self.assertIn("no words", " ".join(self.faults(DUE, name="steep")))


class Written(SimpleTestCase):
    """What an administrator may write, and the sentences they get."""

    def faults(self, *rungs: Rung, family: str = "legal") -> str:
        return "\n".join(faults_of(family, rungs))

    def test_a_role_at_a_level_may_be_told(self) -> None:
        for seat in ("mediator@county", "mediator@city", "township_chief@township", "county_officer@county"):
            self.assertEqual(self.faults(replace(DUE, tells=(seat,))), "", seat)
        for seat in ("mediator", "mayor@city", "mediator@village", "auditor@city", "partner@county", "county_officer@city"):
            self.assertIn(f"没有这样的通知对象：{seat}", self.faults(replace(DUE, tells=(seat,))))

    def test_sender_and_body_belong_to_referrals(self) -> None:
        rung = replace(DUE, tells=("sender", "body"))
        self.assertIn("只有移送的时限才有", self.faults(rung))
        self.assertEqual(self.faults(rung, family="partner"), "")

    def test_orders_come_after_the_due_day_and_never_about_orders(self) -> None:
        self.assertIn("到期之后才能下达督办单", self.faults(replace(DUE, order_days=3)))
        late = Rung("late1", "逾期", ("level",), working_days=1, order_days=3, urgency="late")
        self.assertEqual(self.faults(late), "")
        self.assertIn("不能再下达督办单", self.faults(late, family="order"))

    def test_a_fault_names_the_rung_by_its_number_and_label(self) -> None:
        self.assertEqual(self.faults(NEAR, replace(DUE, ack_days=31)), "第2级“时限届满”：签收期限须在0到30个工作日之间。")

    def test_names_labels_channels_and_urgency_are_checked(self) -> None:
        cases = {
            "名称须以小写英文字母开头": replace(DUE, name="Due day"),
            "请填写标题": replace(DUE, label=" "),
            "没有这样的通知渠道：fax": replace(DUE, channels=("sms", "fax")),
            "轻重程度": replace(DUE, urgency="panic"),
            "不能超过250个工作日": replace(DUE, working_days=251),
            "回复期限须在0到60个": replace(DUE, order_days=61),
        }
        for fault, rung in cases.items():
            self.assertIn(fault, self.faults(rung))
        many = [Rung(f"late{day}", "逾期", ("level",), working_days=day) for day in range(13)]
        self.assertIn("最多12级，现有13级", self.faults(*many))

    def test_a_new_rung_is_named_after_its_day(self) -> None:
        names = {(None, 3): "late3", (None, -5): "before5", (None, 0): "due", (0.8, None): "share80"}
        self.assertEqual({day: name_for(*day) for day in names}, names)

    def test_seats_have_words(self) -> None:
        said = [seat_phrase(seat).text() for seat in ("handler", "body", "county", "mediator@county")]
        self.assertEqual(said, ["经办人", "协同单位", "县级", "县级调解员"])
        self.assertIn("mediator@county", POSTS_AT_LEVELS)

    def test_a_label_is_said_in_the_readers_language(self) -> None:
        own = replace(DUE, label="过期", label_en="Past due")
        texts = [rung.text(language, str.upper) for rung in (own, DUE) for language in ("en", "zh-hans")]
        self.assertEqual(texts, ["Past due", "过期", "时限届满", "时限届满"])
        self.assertEqual((own.facts(), DUE.facts()), ({"rung": "过期", "rung_en": "Past due"}, {"rung_msgid": "时限届满"}))
