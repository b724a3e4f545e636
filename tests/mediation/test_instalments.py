"""Arithmetic of a plan, to the cent, and what is derived from the money that came."""

from datetime import date, timedelta
from decimal import Decimal
from decimal import Decimal as D
from random import Random

from django.test import SimpleTestCase

from arrears.money import shares
from mediation.instalments import each, faults, progress, standing

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

class StandingTest(SimpleTestCase):
    """Over random plans and payments, also reversed ones: nothing is lost and nothing is counted twice, to the cent."""

    def test_what_came_is_what_was_paid_of_it_and_what_is_over(self) -> None:
        rng = Random(20260302)
        for _turn in range(400):
            cents = [rng.randrange(1, 900_000) for _part in range(rng.randrange(1, 7))]
            plan = [(date(2026, 3, 1) + timedelta(days=20 * number), Decimal(one) / 100) for number, one in enumerate(cents)]
            payments = [Decimal(rng.randrange(-20_000, 400_000)) / 100 for _payment in range(rng.randrange(0, 9))]
            came, total = sum(payments, Decimal(0)), sum((amount for _day, amount in plan), Decimal(0))
            found = standing(plan, came, date(2026, 3, 1) + timedelta(days=rng.randrange(0, 140)), accelerates=rng.random() < 0.5)
            self.assertEqual(found.paid + found.left, total)
            self.assertEqual(found.paid + found.over, max(came, Decimal(0)))
            self.assertTrue(found.left == 0 or found.over == 0)
            self.assertTrue(sum(part.left for part in found.late) <= found.due_now <= found.left)
            weights = [rng.randrange(0, 500) for _worker in range(rng.randrange(1, 12))]
            amounts = list(enumerate(shares(total, [Decimal(one) for one in weights] if any(weights) else [Decimal(1)] * len(weights))))
            alone = {key: min(amount, Decimal(rng.randrange(0, 300_000)) / 100) for key, amount in amounts if rng.random() < 0.4}
            rows = each(amounts, alone, came)
            self.assertEqual(sum(row.paid for row in rows), found.paid)
            self.assertEqual(sum(row.left for row in rows), found.left)
            self.assertTrue(all(0 <= row.paid <= row.amount for row in rows))
            if sum(alone.values()) <= found.paid:
                self.assertTrue(all(row.paid >= alone.get(row.key, 0) for row in rows))

    def test_one_missed_instalment_makes_the_rest_due_only_where_that_was_agreed(self) -> None:
        plan = [(date(2026, 3, 20), Decimal("3000")), (date(2026, 4, 20), Decimal("5000"))]
        day = date(2026, 3, 21)
        self.assertEqual([standing(plan, Decimal("1000"), day, accelerates=one).due_now for one in (False, True)], [Decimal("2000"), Decimal("7000")])
        self.assertEqual(standing(plan, Decimal("3000"), day, accelerates=True).due_now, Decimal("0"))
        self.assertFalse(standing(plan, Decimal("1000"), date(2026, 3, 20), accelerates=True).has_fallen_due)  # its day itself

    def test_what_reached_one_worker_pays_nobody_elses_share(self) -> None:
        rows = each([("a", Decimal("5000")), ("b", Decimal("3000"))], {"b": Decimal("3000")}, Decimal("4000"))
        self.assertEqual([(row.key, row.paid, row.left) for row in rows], [("a", Decimal("1000"), Decimal("4000")), ("b", Decimal("3000"), Decimal("0"))])
