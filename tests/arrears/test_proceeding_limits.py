"""What proceedings start and end when something is corrected, comes early, fails, or lies beside another. Dates by hand."""

from datetime import date
from decimal import Decimal

from arrears import casework
from arrears.models import Claim, Clock, Proceeding
from arrears.proceedings import verbs
from arrears.proceedings.shows import shown_by
from tests.arrears.test_proceedings import ProceedingTestCase, at
from tests.base import NOW, TODAY


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


class SecondInstanceTest(RoadTestCase):
    def appealed(self) -> Proceeding:
        suit = self.judged()
        self.step(suit, "appealed", date(2026, 4, 20))
        return suit

    def test_registered_above_three_months_run_until_the_judgment_that_is_final(self) -> None:
        suit = self.appealed()
        self.assertNotIn("title", self.shown())
        self.step(suit, "appeal_docketed", date(2026, 5, 6), court="宿迁市中级人民法院", docket="（2026）苏13民终7号")
        self.assertEqual(self.running(suit), {"CIV-SECOND-3M": date(2026, 8, 6)})
        self.assertFalse(Clock.objects.get(rule_id="CIV-SECOND-3M").rule.verified)
        self.step(suit, "hearing", date(2026, 5, 20), hearing=at(date(2026, 6, 10)), place="第一法庭")
        self.step(suit, "decided_above", date(2026, 7, 1), amount=Decimal(7000), until=date(2026, 7, 15), docket="")
        self.assertEqual(self.running(suit), {"ENF-2Y": date(2028, 7, 17)})  # 15 July 2028 is a Saturday
        row = self.fresh(suit)
        self.assertEqual((row.amount, row.docket_number, row.court), (Decimal(7000), "（2026）苏13民终7号", "宿迁市中级人民法院"))
        self.assertIn("title", self.shown())

    def test_sent_back_the_first_court_judges_again(self) -> None:
        suit = self.appealed()
        self.step(suit, "remanded", date(2026, 6, 1))
        self.assertEqual(self.running(suit), {"CIV-ORD-6M": date(2026, 12, 1)})
        self.step(suit, "judged", date(2026, 8, 3), amount=Decimal(8000), until=date(2026, 9, 1))
        self.assertEqual(self.running(suit), {"CIV-APPEAL-15": date(2026, 8, 18)})
        self.assertIsNone(self.fresh(suit).auto_on, "the day on which the first judgment was received counts no more")

    def test_withdrawn_the_first_judgment_is_in_force_and_of_a_dismissal_nothing_is(self) -> None:
        suit = self.appealed()
        self.step(suit, "appeal_withdrawn", date(2026, 5, 11), until=None)
        self.assertEqual(self.running(suit), {"ENF-2Y": date(2028, 5, 11)})
        self.assertIn("title", self.shown())

    def test_a_refusal_that_was_appealed_is_ordered_in_or_stands(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "not_docketed", date(2026, 3, 6))
        self.step(suit, "appealed_ruling", date(2026, 3, 10), court="宿迁市中级人民法院")
        self.assertEqual(self.running(suit), {"CIV-SECOND-30": date(2026, 4, 9)})
        self.refused("wrong_state", self.step, suit, "decided_above", date(2026, 3, 20), amount=Decimal(1), until=date(2026, 4, 1))
        self.step(suit, "ordered_in", date(2026, 3, 30))
        self.step(suit, "docketed", date(2026, 4, 1), procedure="ordinary", court="沭阳县人民法院")
        self.assertEqual(list(self.running(suit)), ["CIV-SERVE-5", "CIV-ORD-6M"])


class FinalAwardTest(RoadTestCase):
    def awarded_final(self, **said) -> Proceeding:
        row = self.accepted()
        self.step(row, "awarded_final", date(2026, 4, 15), amount=Decimal(8000), until=date(2026, 5, 20), **said)
        return row

    def test_the_workers_time_to_sue_ends_by_itself_whatever_is_known_of_the_employer(self) -> None:
        row = self.awarded_final()
        self.assertEqual(self.running(row), {"ARB-SUE-15": date(2026, 4, 30), "ENF-2Y": date(2028, 5, 22)})  # 20 May 2028 is a Saturday
        # Until 30 April; the day after.
        self.assertEqual((self.fresh(row).auto_step, self.fresh(row).auto_on), ("final_kept", date(2026, 5, 1)))
        self.assertEqual(verbs.advance_due(at(date(2026, 5, 1))), 1)
        self.assertEqual(self.running(row), {"ENF-2Y": date(2028, 5, 22)})
        self.assertIn("title", self.shown())
        self.step(row, "annulled", date(2026, 6, 1), court="宿迁市中级人民法院")
        self.assertEqual(self.running(row), {"ARB-REVOKED-15": date(2026, 6, 16)})

    def test_the_employers_receipt_begins_the_time_to_ask_for_annulment_and_that_ends_too(self) -> None:
        row = self.awarded_final()
        self.refused("wrong_state", self.step, row, "other_received", date(2026, 4, 20), other_on=date(2026, 4, 17))
        self.step(row, "final_received", date(2026, 4, 20), other_on=date(2026, 4, 17))
        # Thirty days from 17 April end on Sunday 17 May: Monday the 18th.
        self.assertEqual(self.running(row)["ARB-REVOKE-30"], date(2026, 5, 18))
        verbs.advance_due(at(date(2026, 5, 1)))
        self.assertEqual((self.fresh(row).auto_step, self.fresh(row).auto_on), ("final_safe", date(2026, 5, 19)))
        verbs.advance_due(at(date(2026, 5, 19)))
        self.assertEqual((self.fresh(row).state, list(self.running(row))), ("final_safe", ["ENF-2Y"]))
        self.open("enforcement.applied", on=date(2026, 5, 25), now=at(date(2026, 5, 25)))
        self.assertFalse(self.fresh(row).is_open)


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


class OthersEndedTest(RoadTestCase):
    def test_taking_a_suit_back_takes_back_what_it_ended(self) -> None:
        row = self.awarded()
        suit = self.open("suit.filed_after", on=date(2026, 4, 20), now=at(date(2026, 4, 20)))
        self.assertFalse(self.fresh(row).is_open)
        verbs.take_back(suit.steps.get(), self.county, reason="没有起诉", now=at(date(2026, 4, 21)))
        self.assertEqual((self.fresh(row).state, self.fresh(row).is_open), ("awarded", True))
        self.assertEqual(self.running(row), {"ARB-SUE-15": date(2026, 4, 30)})
        self.assertEqual(self.claim.events.filter(kind="proceeding_taken_back").count(), 2)

    def test_not_where_something_was_recorded_since(self) -> None:
        self.tick("iou")
        kept = self.open("preservation.pre_suit")
        self.step(kept, "ruled_pre", date(2026, 3, 4), amount=Decimal(8000))
        suit = self.open("suit.filed_direct", on=date(2026, 3, 30), now=at(date(2026, 3, 30)))
        released = self.step(kept, "released", date(2026, 4, 1))
        said = self.refused("others_moved", verbs.take_back, suit.steps.get(), self.county, reason="错了", now=at(date(2026, 4, 2)))
        self.assertIn("财产保全", said)
        self.assertTrue(self.fresh(suit).is_open)
        verbs.take_back(released, self.county, reason="错了", now=at(date(2026, 4, 2)))
        verbs.take_back(suit.steps.get(), self.county, reason="错了", now=at(date(2026, 4, 2)))
        self.assertEqual((self.fresh(kept).state, self.running(kept)), ("ruled_pre", {"PRE-SUIT-30": date(2026, 4, 3)}))


class OutlivingTest(RoadTestCase):
    def sent(self) -> Proceeding:
        row = self.open("criminal.reported", four=["evades", "amount", "ordered", "unpaid"])
        self.step(row, "approved", TODAY)
        self.step(row, "sent", TODAY, court="沭阳县公安局")
        self.close()
        return row

    def close(self) -> None:
        casework.advance(self.claim, "record_payment", self.county, now=NOW, amount=Decimal(8000), paid_on=TODAY, method="bank", note="")
        self.claim.refresh_from_db()
        casework.advance(self.claim, "close", self.county, now=NOW, result="paid_in_full", note="付清")

    def test_what_would_begin_a_time_asks_for_the_claim_to_be_taken_up_again(self) -> None:
        row = self.sent()
        said = self.refused("claim_closed", self.step, self.fresh(row), "not_filed", date(2026, 3, 4))
        self.assertIn("重新办理", said)
        self.step(self.fresh(row), "filed", date(2026, 3, 4))
        self.assertEqual(self.running(row), {})

    def test_taken_up_again_a_right_that_was_used_is_not_open_again(self) -> None:
        suit = self.judged()
        verbs.advance_due(at(date(2026, 4, 24)))
        self.step(suit, "performed", date(2026, 5, 11))
        self.close()
        self.claim = Claim.objects.get(pk=self.claim.pk)
        casework.advance(self.claim, "reopen", self.county, now=at(date(2026, 6, 1)), reason="少付一笔")
        self.assertFalse(Clock.objects.running().filter(claim=self.claim, rule_id="ARB-LIMIT-1Y").exists())

    def test_taken_up_again_each_open_proceeding_is_followed(self) -> None:
        row = self.sent()
        self.claim = Claim.objects.get(pk=self.claim.pk)
        casework.advance(self.claim, "reopen", self.county, now=at(date(2026, 3, 5)), reason="公安不立案")
        # Thirty days from 5 March: 4 April, the first of three days off for Qingming: Tuesday the 7th.
        self.assertEqual(list(self.running(row)), ["PROC-FOLLOW-30"])
        self.assertEqual(self.fresh(row).due_on, self.running(row)["PROC-FOLLOW-30"])
        self.step(self.fresh(row), "not_filed", date(2026, 3, 5))
        self.assertEqual(self.running(row), {"POLICE-RECON-3": date(2026, 3, 9)})
