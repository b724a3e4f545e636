"""Arithmetic of a plan, to the cent, and what is derived from the money that came."""

from datetime import date
from decimal import Decimal as D

from django.test import SimpleTestCase

from mediation.instalments import faults, progress

MARCH, APRIL, MAY = date(2026, 3, 20), date(2026, 4, 20), date(2026, 5, 20)
THIRDS = [(MARCH, D("33.33")), (APRIL, D("33.33")), (MAY, D("33.34"))]


def codes(plan: list[tuple[date, D]], total: str, effective_on: date = date(2026, 3, 1)) -> list[str]:
    return [fault.code for fault in faults(plan, D(total), effective_on)]


class PlanTest(SimpleTestCase):
    def test_a_plan_adds_up_to_the_cent(self) -> None:
        self.assertEqual(codes(THIRDS, "100.00"), [])
        self.assertEqual(codes(THIRDS, "99.99"), ["sum_differs"])
        self.assertEqual(codes(THIRDS, "100.01"), ["sum_differs"])

    def test_the_sentence_says_by_how_much_it_differs(self) -> None:
        (fault,) = faults(THIRDS, D("1100.05"), date(2026, 3, 1))
        self.assertEqual(fault.phrase.text(), "各期合计100.00元，与协议总额1,100.05元相差1,000.05元，请核对。")

    def test_a_plan_has_at_least_one_instalment(self) -> None:
        self.assertEqual(codes([], "100"), ["no_instalment"])

    def test_amounts_are_above_zero_and_whole_cents(self) -> None:
        self.assertEqual(codes([(MARCH, D("0")), (APRIL, D("5"))], "5"), ["instalment_amount"])
        self.assertEqual(codes([(MARCH, D("-1")), (APRIL, D("6"))], "5"), ["instalment_amount"])
        self.assertEqual(codes([(MARCH, D("1.005")), (APRIL, D("3.995"))], "5"), ["instalment_amount"] * 2)

    def test_days_follow_each_other_from_the_day_of_effect_on(self) -> None:
        self.assertEqual(codes([(APRIL, D(1)), (MARCH, D(1))], "2"), ["not_in_order"])
        self.assertEqual(codes([(MARCH, D(1)), (MARCH, D(1))], "2"), ["not_in_order"])
        self.assertEqual(codes([(MARCH, D(1))], "1", effective_on=APRIL), ["due_before_effect"])
        self.assertEqual(codes([(MARCH, D(1))], "1", effective_on=MARCH), [])


class ProgressTest(SimpleTestCase):
    def states(self, paid: str, today: date) -> list[str]:
        return [part.status.name for part in progress(THIRDS, D(paid), today)]

    def test_money_fills_the_oldest_instalment_first(self) -> None:
        self.assertEqual(self.states("0", MARCH), ["open", "open", "open"])
        self.assertEqual(self.states("10", MARCH), ["part", "open", "open"])
        self.assertEqual(self.states("33.33", MARCH), ["paid", "open", "open"])
        self.assertEqual(self.states("33.34", MARCH), ["paid", "part", "open"])
        self.assertEqual(self.states("100", MARCH), ["paid", "paid", "paid"])

    def test_the_due_day_is_in_time_and_the_day_after_is_late(self) -> None:
        self.assertEqual(self.states("33.32", MARCH), ["part", "open", "open"])
        self.assertEqual(self.states("33.32", date(2026, 3, 21)), ["overdue", "open", "open"])

    def test_a_late_instalment_does_not_vanish_when_a_later_one_is_paid(self) -> None:
        parts = progress(THIRDS, D("33.33"), date(2026, 4, 21))
        self.assertEqual([part.status.name for part in parts], ["paid", "overdue", "open"])
        self.assertEqual([part.left for part in parts], [D("0"), D("33.33"), D("33.34")])

    def test_more_than_agreed_and_less_than_nothing_change_nothing(self) -> None:
        self.assertEqual(self.states("5000", MAY), ["paid", "paid", "paid"])
        self.assertEqual(self.states("-5", MARCH), ["open", "open", "open"])
