"""What an agreement must say: the clause library, days by rule, and the lint. No database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import SimpleTestCase

from arrears.rules.tables import BadRules
from arrears.workdays import PUBLISHED
from mediation.drafting import clauses, dues
from mediation.drafting.case import rests_by
from mediation.drafting.lint import Case, Worker, lint
from mediation.drafting.terms import kept, read

TODAY = date(2026, 3, 2)
GOOD = {
    "total": "8,000元", "manner": "bank", "payee": "张三，农行，6228 0000 0000 0000", "terms": "分两期支付。", "default_clause": "一期逾期，余款全部到期。",
    "accelerates": True, "signer": "李四", "signer_post": "legal", "plan": [["2026-03-20", "3000"], ["2026-04-20", "5000"]],
}  # fmt: skip
ZHANG, LI = Worker("a", "张三", Decimal("5000.00")), Worker("b", "李四", Decimal("3000.00"))


def codes(case: dict[str, Any] | None = None, **said: Any) -> list[str]:
    """Hard ones with an exclamation mark."""
    facts = {"today": TODAY, "verified": Decimal("8000"), "claimed": Decimal("8000"), "paid": Decimal(0), "workers": (ZHANG,), **(case or {})}
    terms = read(kept({**GOOD, **said}, ["a", "b"]))
    return [f"{finding.code}{'!' if finding.is_hard else ''}" for finding in lint(terms, Case(**facts))]


class LintTest(SimpleTestCase):
    def test_a_whole_agreement_has_nothing_wrong(self) -> None:
        self.assertEqual(codes(), [])

    def test_what_is_missing_or_unreadable_refuses(self) -> None:
        for said, code in (
            ({"total": ""}, "total_missing!"), ({"total": "八仙"}, "total_unreadable!"), ({"total": "0"}, "nothing_to_pay!"), ({"plan": []}, "no_instalment!"),
            ({"plan": [["", "8000"]]}, "due_missing!"), ({"plan": [["2026-03-20", "好多"]]}, "amount_missing!"), ({"manner": ""}, "manner_missing!"),
            ({"payee": ""}, "payee_missing!"), ({"terms": " "}, "terms_missing!"), ({"terms": "按＿＿＿＿支付"}, "blank_left!"), ({"signer": ""}, "signer_missing!"),
            ({"signer_post": ""}, "signer_without_authority!"), ({"plan": [["2026-03-20", "3000"], ["2026-04-20", "4999.99"]]}, "sum_differs!"),
            ({"plan": [["2026-03-01", "8000"]]}, "due_before_effect!"),
        ):  # fmt: skip
            with self.subTest(code=code):
                self.assertIn(code, codes(**said))

    def test_what_is_unwise_is_said_and_refuses_nothing(self) -> None:
        self.assertEqual(codes(default_clause=""), ["no_default_clause"])
        self.assertEqual(codes(accelerates=False), ["no_acceleration"])
        self.assertEqual(codes(manner="cash", payee=""), ["payee_missing"])
        self.assertEqual(codes(payee="打到卡上"), ["payee_vague"])
        self.assertEqual([codes(payee=said) for said in ("本人工资卡", "账号见附表", "农行尾号１２３４")], [[], [], []])
        self.assertEqual(codes(clauses=["once"]), ["clause_does_not_fit"])
        self.assertEqual(codes(plan=[["2026-03-20", "3000"], ["2026-12-20", "5000"]]), ["long_plan"])

    def test_a_payday_on_a_day_of_rest_is_said_with_the_day_before_it(self) -> None:
        rests = rests_by(PUBLISHED)
        self.assertEqual(codes({"rests": rests}, plan=[["2026-03-20", "3000"], ["2026-05-02", "5000"]]), ["due_on_rest_day"])
        self.assertEqual([rests(day) for day in (date(2026, 5, 2), date(2026, 2, 22), date(2026, 3, 20), date(2199, 1, 1))], [date(2026, 4, 30), date(2026, 2, 14), None, None])

    def test_one_hand_that_signs_for_workers_who_do_not_get_alike_is_said(self) -> None:
        zhang, li = replace(ZHANG, by="a"), replace(LI, by="a")
        people = {"workers": (zhang, li)}
        alike = {"a": ["5000", "person"], "b": ["3000", "authority"]}
        self.assertEqual(codes(people, shares=alike), [])
        unlike = {"a": ["6000", "person"], "b": ["2000", "authority"]}
        self.assertIn("opposed_interests", codes(people, shares=unlike))
        self.assertIn("opposed_interests!", codes({**people, "refuses_opposed": True}, shares=unlike))
        self.assertNotIn("opposed_interests", codes(people, shares={"a": ["6000", "person"], "b": ["2000", "person"]}))

    def test_less_than_was_verified_needs_a_reason_and_less_than_was_claimed_a_word(self) -> None:
        less = {"total": "7000", "plan": [["2026-03-20", "7000"]]}
        self.assertEqual(codes(**less), ["less_than_verified!"])
        self.assertEqual(codes(**less, less_reason="双方核对后少算一个月"), [])
        self.assertEqual(codes({"verified": None}, **less), ["less_than_claimed"])
        self.assertEqual(codes({"paid": Decimal("1000")}, **less), [])  # what had come is not missing
        self.assertEqual(codes({"verified": Decimal("7000")}), ["more_than_owed"])

    def test_of_several_workers_each_has_a_sum_and_has_consented(self) -> None:
        case = {"workers": (ZHANG, LI)}
        good = {"a": ["5000", "person"], "b": ["3000.00", "glass"]}
        self.assertEqual(codes(case, shares=good), [])
        self.assertEqual(codes(case), ["share_missing!", "consent_missing!"])
        self.assertEqual(codes(case, shares={**good, "b": ["2999.99", "glass"]}), ["shares_differ!"])
        self.assertEqual(codes(case, shares={**good, "b": ["3000", ""]}), ["consent_missing!"])
        self.assertEqual(codes(case, shares={"a": ["8000", "person"], "b": ["0", "person"]}), ["share_above_owed", "share_of_nothing"])

    def test_a_representative_signs_only_for_those_whose_special_authority_stands(self) -> None:
        shares = {"a": ["5000", "authority"], "b": ["3000", "person"]}
        self.assertEqual(codes({"workers": (ZHANG, LI)}, shares=shares), ["no_authority!"])
        represented = Worker("a", "张三", Decimal("5000"), by="x")
        self.assertEqual(codes({"workers": (represented, LI)}, shares=shares), [])

    def test_every_sentence_reads_whole(self) -> None:
        case = Case(TODAY, Decimal("9000"), Decimal("9000"), Decimal(0), (ZHANG, LI))
        found = lint(read(kept({**GOOD, "shares": {"a": ["5000", "authority"], "b": ["1", ""]}}, ["a", "b"])), case)
        for finding in found:
            self.assertNotIn("%(", str(finding.phrase), finding.code)
        self.assertIn("每人数额合计5,001.00元，与协议总额8,000.00元相差2,999.00元，请核对到分。", [str(finding.phrase) for finding in found])


class TermsTest(SimpleTestCase):
    def test_what_cannot_be_read_is_kept_as_it_was_typed(self) -> None:
        told = kept({"total": "八千多", "plan": [["下月", "一半"], ["", ""]]}, [])
        self.assertEqual((told["total"], told["plan"]), ("八千多", [["下月", "一半"]]))

    def test_shares_of_strangers_and_unknown_consents_are_not_kept(self) -> None:
        told = kept({"shares": {"a": ["1", "telepathy"], "x": ["5", "person"]}}, ["a"])
        self.assertEqual(told["shares"], {"a": ["1", ""]})


class ClausesTest(SimpleTestCase):
    def test_each_states_its_article_and_whether_it_was_checked(self) -> None:
        self.assertTrue({"once", "plan", "speedup", "penalty", "confirm", "account", "kept", "costs"} <= clauses.CLAUSES.keys())
        self.assertEqual(clauses.CLAUSES["late"].citation(), "劳动争议调解仲裁法 第十六条")
        self.assertEqual([clauses.CLAUSES[one].verified for one in ("late", "penalty")], [True, False])

    def test_words_fill_it_and_what_nobody_said_stays_a_blank(self) -> None:
        text = clauses.CLAUSES["once"].filled({"被申请人": "宏远公司", "申请人": "张三", "总额": "8,000.00元", "大写": "捌仟元整"})
        self.assertEqual(text, "宏远公司于＿＿＿＿前一次性支付张三劳动报酬8,000.00元（大写：人民币捌仟元整）。")

    def test_several_are_numbered_and_one_is_not(self) -> None:
        self.assertTrue(clauses.written(["once", "costs"], clauses.TERMS, {}).startswith("1．"))
        self.assertFalse(clauses.written(["late"], clauses.DEFAULT, {}).startswith("1．"))
        self.assertEqual(clauses.written(["late"], clauses.TERMS, {}), "")

    def test_a_clause_with_a_word_nobody_fills_stops_the_start(self) -> None:
        row = {"name": "x", "name_en": "x", "part": "terms", "wording": "【利息】", "usual": False, "law": "民法典", "article": "一", "article_en": "1", "confidence": "K"}
        made = clauses.Clause.of("clauses", "x", row)
        self.assertEqual(list(made.faults()), ["nothing fills 利息"])
        with self.assertRaises(BadRules):
            clauses.Clause.of("clauses", "x", {**row, "law": "不存在的法"})


class DuesTest(SimpleTestCase):
    def test_a_payday_that_is_a_day_of_rest_is_kept_before_it(self) -> None:
        # 20 June 2026 is a Saturday and the second day of 端午; Friday the 19th is a holiday too: Thursday
        self.assertEqual(dues.rolled(date(2026, 6, 20), PUBLISHED), date(2026, 6, 18))
        self.assertEqual(dues.rolled(date(2026, 3, 20), PUBLISHED), date(2026, 3, 20))

    def test_the_thirty_first_of_a_shorter_month_is_its_last_day(self) -> None:
        self.assertEqual(dues.monthly(date(2026, 12, 31), 3), [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)])

    def test_every_so_many_weeks(self) -> None:
        self.assertEqual(dues.weekly(date(2026, 3, 4), 3, 2), [date(2026, 3, 4), date(2026, 3, 18), date(2026, 4, 1)])

    def test_the_parts_add_up_to_the_cent(self) -> None:
        plan = dues.plan(Decimal("100.00"), date(2026, 3, 20), 3, dues.MONTHLY, 0, PUBLISHED)
        self.assertEqual([amount for _day, amount in plan], [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")])
        self.assertEqual([day for day, _amount in plan], [date(2026, 3, 20), date(2026, 4, 20), date(2026, 5, 20)])
