"""What proceedings start and end when something is corrected, comes early, fails, or lies beside another. Dates by hand."""

from datetime import date
from decimal import Decimal

from arrears.models import Proceeding
from arrears.proceedings import verbs
from arrears.proceedings.shows import shown_by
from tests.arrears.test_proceedings import ProceedingTestCase, at
from tests.base import TODAY


class RoadTestCase(ProceedingTestCase):
    def judged(self, **said) -> Proceeding:
        """Received on Wednesday 8 April, by the other side too: the time to appeal ends on the 23rd."""
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="ordinary")
        self.step(suit, "judged", date(2026, 4, 8), amount=Decimal(8000), until=date(2026, 5, 11), **{"other_on": date(2026, 4, 8), **said})
        return suit

    def accepted(self) -> Proceeding:
        row = self.open("arbitration.applied")
        self.step(row, "accepted", date(2026, 3, 6))
        return row

    def awarded(self, **said) -> Proceeding:
        """Received on 15 April: fifteen days end on Thursday the 30th."""
        row = self.accepted()
        self.step(row, "awarded", date(2026, 4, 15), amount=Decimal(8000), until=date(2026, 5, 20), **said)
        return row

    def names(self, proceeding: Proceeding) -> list[str]:
        return [step.name for step in proceeding.steps.filter(withdrawn_at=None).order_by("recorded_at", "id")]

    def shown(self, day: date = TODAY) -> set[str]:
        self.claim = type(self.claim).objects.get(pk=self.claim.pk)
        return set(shown_by(self.claim, day))


class TakenBackTest(RoadTestCase):
    def test_what_the_system_recorded_is_not_recorded_again_once_somebody_took_it_back(self) -> None:
        suit = self.judged()
        self.assertEqual(verbs.advance_due(at(date(2026, 4, 24))), 1)
        verbs.take_back(suit.steps.get(name="effective"), self.county, reason="对方已在期内上诉", now=at(date(2026, 4, 28)))
        self.assertIsNone(self.fresh(suit).auto_on)
        self.assertEqual(verbs.advance_due(at(date(2026, 4, 29))), 0)
        self.step(suit, "appealed", date(2026, 4, 22), now=at(date(2026, 4, 29)))
        self.assertEqual((self.fresh(suit).state, self.running(suit).keys()), ("appealed", {"PROC-FOLLOW-30"}))

    def test_another_day_of_the_other_side_lets_it_be_recorded_on_that_day(self) -> None:
        suit = self.judged()
        verbs.advance_due(at(date(2026, 4, 24)))
        verbs.take_back(suit.steps.get(name="effective"), self.county, reason="对方收到的日期填错了", now=at(date(2026, 4, 27)))
        self.step(suit, "other_received", date(2026, 4, 27), other_on=date(2026, 4, 20))
        # Fifteen days from 20 April end on 5 May, a holiday: the 6th; in force on the 7th.
        self.assertEqual((self.fresh(suit).auto_step, self.fresh(suit).auto_on), ("effective", date(2026, 5, 7)))


class EarlyTest(RoadTestCase):
    def test_a_title_waits_for_the_other_sides_time_where_its_day_is_known(self) -> None:
        suit = self.judged(other_on=None)
        self.step(suit, "other_received", date(2026, 4, 13), other_on=date(2026, 4, 10))  # ends on Monday 27 April
        self.assertIn("2026-04-28", self.refused("too_early", self.step, suit, "effective", date(2026, 4, 27)))
        self.step(suit, "effective", date(2026, 4, 28))

    def test_an_award_is_not_in_force_within_the_fifteen_days(self) -> None:
        row = self.awarded()
        self.assertIn("2026-04-30", self.refused("too_early", self.step, row, "effective", date(2026, 4, 30)))
        self.step(row, "effective", date(2026, 5, 6))

    def test_a_payment_order_is_not_enforceable_while_the_debtor_may_object(self) -> None:
        row = self.open("payment_order.applied_30")
        self.step(row, "accepted", date(2026, 3, 6))
        self.step(row, "issued", date(2026, 3, 20))
        self.step(row, "served", date(2026, 3, 27))  # until Monday 13 April
        self.assertIn("2026-04-13", self.refused("too_early", self.step, row, "enforceable", date(2026, 4, 13)))
        self.step(row, "enforceable", date(2026, 4, 14))

    def test_the_time_to_contest_a_decision_is_not_over_before_its_day(self) -> None:
        row = self.open("admin.decided", until=date(2026, 3, 12), docket="1")
        self.refused("too_early", self.step, row, "period_over", date(2026, 9, 1))
        self.step(row, "period_over", date(2026, 9, 2))


class FailedEnforcementTest(RoadTestCase):
    def enforcing(self) -> Proceeding:
        suit = self.judged()
        verbs.advance_due(at(date(2026, 4, 24)))
        force = self.open("enforcement.applied", on=date(2026, 5, 12), now=at(date(2026, 5, 12)))
        self.assertFalse(self.fresh(suit).is_open)
        return force

    def test_refused_or_withdrawn_the_two_years_run_anew(self) -> None:
        for name in ("not_docketed", "withdrawn"):
            force = self.enforcing() if name == "not_docketed" else self.open("enforcement.applied", on=date(2026, 5, 19), now=at(date(2026, 5, 19)))
            self.step(force, name, date(2026, 5, 19))
            self.assertEqual(self.running(force), {"ENF-2Y": date(2028, 5, 19)})
        self.open("enforcement.applied", on=date(2026, 6, 1), now=at(date(2026, 6, 1)))
        self.assertEqual(self.running(force), {})


class ShownTest(RoadTestCase):
    def test_an_order_set_aside_no_longer_counts_and_one_upheld_is_final(self) -> None:
        row = self.open("admin.decided", until=date(2026, 3, 12), docket="1")
        self.assertIn("ordered_unpaid", self.shown(date(2026, 3, 13)))
        self.step(row, "contested", date(2026, 4, 1), court="宿迁市人民政府")
        upheld = self.step(row, "upheld", date(2026, 6, 1))
        self.assertLessEqual({"decision_final", "ordered_unpaid"}, self.shown(date(2026, 6, 1)))
        verbs.take_back(upheld, self.county, reason="看错了", now=at(date(2026, 6, 1)))
        self.step(row, "set_aside", date(2026, 6, 1))
        self.assertFalse({"decision_final", "ordered_unpaid"} & self.shown(date(2026, 6, 1)))

    def limits(self) -> dict[str, date]:
        return {clock.rule_id: clock.started_on for clock in self.claim.clocks.filter(ended_on=None, about_id=None, rule_id__in=("ARB-LIMIT-1Y", "CIV-LIMIT-3Y"))}

    def test_between_the_award_and_its_force_the_right_has_been_used(self) -> None:
        self.assertIn("ARB-LIMIT-1Y", self.limits())
        self.awarded()
        self.tick()
        self.assertEqual(self.limits(), {})

    def test_between_the_judgment_and_its_force_and_after_a_lost_suit_too(self) -> None:
        suit = self.judged()
        self.tick("iou")
        self.assertEqual(self.limits(), {})
        self.assertIn("suing", self.shown())
        judged = suit.steps.get(name="judged")
        verbs.take_back(judged, self.county, reason="判决是驳回", now=at(date(2026, 4, 9)))
        self.step(suit, "dismissed", date(2026, 4, 9))
        self.tick("iou")
        self.assertEqual(self.limits(), {})
        verbs.advance_due(at(date(2026, 4, 28)))
        self.assertEqual((self.fresh(suit).state, self.fresh(suit).is_open), ("lost", False))
        self.tick("iou")
        self.assertEqual(self.limits(), {})
        self.assertNotIn("suing", self.shown())
