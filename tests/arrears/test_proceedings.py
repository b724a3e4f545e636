"""Proceedings: chains of steps with their clocks, what excludes what, the walk from suit to paid. Dates counted by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from arrears import casework, referrals
from arrears.models import Claim, Clock, Event, Evidence, Proceeding, Step
from arrears.proceedings import hearings, verbs
from arrears.proceedings.shows import shown_by
from arrears.situation.of_claim import facts_of
from arrears.situation.recording import Said, state_facts
from arrears.telling import tell
from grid.days import SHANGHAI
from grid.models import Body, Notice
from grid.refused import Refused
from tests.arrears.test_evidence import EvidenceTestCase
from tests.base import NOW, TODAY


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


class ProceedingTestCase(EvidenceTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = Claim.objects.get(pk=self.claim.pk)
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        self.paper = Evidence.objects.create(
            claim=self.claim, kind="document", title="回执", original_name="a.pdf", file="x/a.pdf", extension="pdf", mime="application/pdf",
            size=1, sha256="0" * 64, added_at=NOW,
        )  # fmt: skip

    def tick(self, *facts: str) -> None:
        state_facts(self.claim, self.county, Said(ticks=list(facts)), now=NOW)

    def open(self, opening: str, on: date = TODAY, person=None, now=NOW, **said) -> Proceeding:
        kind, _dot, step = opening.partition(".")
        said = {"court": "沭阳县人民法院", "paper": self.paper, "amount": Decimal(8000), "until": on + timedelta(days=10), **said}
        return verbs.open_proceeding(self.claim, kind, step, person or self.county, on=on, now=now, **said)

    def step(self, proceeding: Proceeding, name: str, on: date, person=None, now=None, **said) -> Step:
        said = {"docket": "（2026）苏1322民初1号", "paper": self.paper, "reason": "材料不齐", **said}
        return verbs.record_step(proceeding, name, person or self.county, on=on, now=now or at(on), **said)

    def refused(self, code: str, act, *args, **said) -> str:
        with self.assertRaises(Refused) as caught:
            act(*args, **said)
        self.assertEqual(caught.exception.code, code, caught.exception.message)
        return caught.exception.message

    def clock(self, rule: str) -> Clock:
        return Clock.objects.filter(claim=self.claim, rule_id=rule).order_by("-started_on", "-id").first()

    def running(self, proceeding: Proceeding) -> dict[str, date]:
        rows = Clock.objects.running().filter(about_id=proceeding.pk)
        return {clock.rule_id: clock.due_on for clock in rows}

    def fresh(self, proceeding: Proceeding) -> Proceeding:
        return Proceeding.objects.get(pk=proceeding.pk)


class SuitWalkTest(ProceedingTestCase):
    def test_from_filed_to_paid(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.assertEqual(self.running(suit), {"CIV-FILE-7": date(2026, 3, 9)})
        self.assertIsNotNone(self.clock("ARB-LIMIT-1Y").ended_on, "who sues uses the right")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="simple")
        self.assertEqual(
            self.running(suit), {"CIV-SERVE-5": date(2026, 3, 10), "CIV-SIMPLE-3M": date(2026, 6, 5)}
        )
        self.step(suit, "hearing", date(2026, 3, 10), hearing=datetime(2026, 4, 1, 9, 30, tzinfo=SHANGHAI), place="第三法庭")
        self.assertEqual(self.fresh(suit).hearing_at, datetime(2026, 4, 1, 9, 30, tzinfo=SHANGHAI))
        self.assertEqual(self.fresh(suit).state, "docketed", "a hearing moves nothing")
        self.assertEqual(self.running(suit), {"CIV-SIMPLE-3M": date(2026, 6, 5)}, "who is summoned has been served")
        # Judgment received on Wednesday 8 April; fifteen days end on 23 April. The other side received it on the 10th: 25 April
        # is a Saturday, so the 27th; in force on the 28th.
        self.step(suit, "judged", date(2026, 4, 8), amount=Decimal(8000), until=date(2026, 5, 11))
        self.assertEqual(self.running(suit), {"CIV-APPEAL-15": date(2026, 4, 23)})
        self.step(suit, "other_received", date(2026, 4, 13), other_on=date(2026, 4, 10))
        self.assertEqual((self.fresh(suit).auto_step, self.fresh(suit).auto_on), ("effective", date(2026, 4, 28)))
        self.assertEqual(verbs.advance_due(at(date(2026, 4, 27))), 0)
        self.assertEqual(verbs.advance_due(at(date(2026, 4, 28))), 1)
        self.assertEqual(self.fresh(suit).state, "effective")
        # Two years from the last day of performance, 11 May 2026: 11 May 2028, a Thursday.
        self.assertEqual(self.running(suit), {"ENF-2Y": date(2028, 5, 11)})
        self.assertIn("title", facts_of(self.claim, date(2026, 4, 28)).said)
        force = self.open("enforcement.applied", on=date(2026, 5, 12), now=at(date(2026, 5, 12)))
        self.assertFalse(self.fresh(suit).is_open)
        self.assertTrue(self.clock("ENF-2Y").was_met)
        self.assertEqual(self.running(force), {"ENF-6M": date(2026, 11, 12)})
        self.step(force, "docketed", date(2026, 5, 20), docket="（2026）苏1322执9号")
        self.step(force, "paid", date(2026, 6, 1), amount=Decimal(3000))
        claim = Claim.objects.get(pk=self.claim.pk)
        self.assertEqual((claim.paid, claim.stage), (Decimal(3000), "accepted"))
        payment = claim.payments.get()
        self.assertEqual((payment.method, payment.note), ("enforced", "强制执行 （2026）苏1322执9号到账"))
        self.step(force, "paid", date(2026, 7, 1), amount=Decimal(5000))
        claim.refresh_from_db()
        self.assertEqual((claim.paid, claim.stage), (Decimal(8000), "paid"))
        self.refused("proceeding_open", casework.advance, claim, "close", self.county, now=at(date(2026, 7, 2)), result="paid_in_full", note="执行完毕")
        self.step(force, "over", date(2026, 7, 2))
        casework.advance(Claim.objects.get(pk=claim.pk), "close", self.county, now=at(date(2026, 7, 3)), result="paid_in_full", note="执行完毕")
        self.assertFalse(Clock.objects.running().filter(claim=claim).exists())

    def test_a_judgment_does_not_take_effect_by_itself_while_the_other_sides_day_is_unknown(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="ordinary")
        self.step(suit, "judged", date(2026, 4, 8), amount=Decimal(8000), until=date(2026, 5, 11))
        self.assertIsNone(self.fresh(suit).auto_on)
        self.assertEqual(verbs.advance_due(at(date(2026, 6, 1))), 0)
        self.step(suit, "effective", date(2026, 6, 1))
        self.assertEqual(self.running(suit), {"ENF-2Y": date(2028, 6, 1)}, "never from before it is in force")

    def test_a_judgment_is_not_entered_as_in_force_while_it_can_be_appealed(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="ordinary")
        self.step(suit, "judged", date(2026, 4, 8), amount=Decimal(8000), until=date(2026, 5, 11))
        said = self.refused("too_early", self.step, suit, "effective", date(2026, 4, 23))
        self.assertIn("2026-04-23", said)
        self.assertEqual(self.fresh(suit).state, "judged")
        self.step(suit, "effective", date(2026, 4, 24))
        self.assertEqual(self.fresh(suit).state, "effective")

    def test_an_appeal_keeps_it_from_taking_effect(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="ordinary")
        self.step(suit, "judged", date(2026, 4, 8), amount=Decimal(8000), until=date(2026, 5, 11), other_on=date(2026, 4, 8))
        self.step(suit, "appealed", date(2026, 4, 20))
        self.assertTrue(self.clock("CIV-APPEAL-15").was_met)
        self.assertEqual(verbs.advance_due(at(date(2026, 5, 30))), 0)
        self.assertEqual(list(self.running(suit)), ["PROC-FOLLOW-30"], "something always calls")
        self.step(suit, "decided_above", date(2026, 7, 1), amount=Decimal(8000), until=date(2026, 7, 20))
        self.assertEqual(self.running(suit), {"ENF-2Y": date(2028, 7, 20)})


class ArbitrationTest(ProceedingTestCase):
    def test_award_fifteen_days_to_sue_and_then_in_force(self) -> None:
        row = self.open("arbitration.applied")
        # Five working days from Monday 2 March: Monday the 9th.
        self.assertEqual(self.running(row), {"ARB-ACCEPT": date(2026, 3, 9)})
        self.assertIn("arbitrating", set(shown_by(self.claim, TODAY)))
        self.step(row, "accepted", date(2026, 3, 6))
        # 45 days from 6 March: 20 April, a Monday.
        self.assertEqual(self.running(row)["ARB-AWARD-45"], date(2026, 4, 20))
        self.step(row, "awarded", date(2026, 4, 15), amount=Decimal(8000), until=date(2026, 5, 20), other_on=date(2026, 4, 14))
        # Fifteen days from 15 April: 30 April, a Thursday and a working day.
        self.assertEqual(self.running(row), {"ARB-SUE-15": date(2026, 4, 30)})
        self.assertEqual(verbs.advance_due(at(date(2026, 5, 1))), 1)
        self.assertEqual((self.fresh(row).state, self.fresh(row).steps.get(name="effective").on), ("effective", date(2026, 5, 1)))
        self.assertFalse(self.clock("ARB-SUE-15").was_met)

    def test_suing_in_time_meets_the_fifteen_days_and_ends_the_arbitration(self) -> None:
        row = self.open("arbitration.applied")
        self.step(row, "accepted", date(2026, 3, 6))
        self.step(row, "awarded", date(2026, 4, 15), amount=Decimal(8000), until=date(2026, 5, 20))
        suit = self.open("suit.filed_after", on=date(2026, 4, 29), now=at(date(2026, 5, 6)))
        self.assertTrue(self.clock("ARB-SUE-15").was_met, "filed in time, entered a week later")
        self.assertEqual((self.fresh(row).state, self.fresh(row).ended_on), ("sued", date(2026, 4, 29)))
        self.assertTrue(suit.is_open)

    def test_a_final_award_is_a_title_until_a_court_annuls_it(self) -> None:
        row = self.open("arbitration.applied")
        self.step(row, "accepted", date(2026, 3, 6))
        self.step(row, "awarded_final", date(2026, 4, 15), amount=Decimal(8000), until=date(2026, 5, 20), other_on=date(2026, 4, 14))
        # Thirty days from 14 April: 14 May, a Thursday.
        self.assertEqual(
            self.running(row), {"ARB-SUE-15": date(2026, 4, 30), "ARB-REVOKE-30": date(2026, 5, 14), "ENF-2Y": date(2028, 5, 22)}
        )  # 20 May 2028 is a Saturday
        self.assertIn("title", set(shown_by(self.claim, TODAY)))
        self.step(row, "annulled", date(2026, 6, 1), court="宿迁市中级人民法院")
        self.assertEqual(self.running(row), {"ARB-REVOKED-15": date(2026, 6, 16)})
        self.assertNotIn("title", set(shown_by(self.claim, TODAY)))


class AdministrativeTest(ProceedingTestCase):
    def test_decision_six_months_demand_ten_working_days_three_months(self) -> None:
        row = self.open("admin.decided", docket="宿人社处〔2026〕1号", until=date(2026, 3, 12))
        # 60 days from 2 March: 1 May is a holiday until the 5th, so the 6th. Six months: 2 September.
        self.assertEqual(self.running(row), {"RECON-60": date(2026, 5, 6), "ADMLIT-6M": date(2026, 9, 2)})
        self.assertNotIn("ordered_unpaid", set(shown_by(self.claim, date(2026, 3, 12))))
        self.assertIn("ordered_unpaid", set(shown_by(self.claim, date(2026, 3, 13))))
        self.assertEqual(verbs.advance_due(at(date(2026, 9, 2))), 1)
        self.assertEqual(self.running(row), {"ENF-ADMIN-3M": date(2026, 12, 2)})
        self.refused("step_missing", self.step, row, "applied", date(2026, 9, 3), court="沭阳县人民法院", amount=Decimal(8000))
        self.step(row, "demanded", date(2026, 9, 3))
        # Ten working days from Thursday 3 September: 17 September.
        self.assertEqual(self.running(row)["ENF-CUIGAO"], date(2026, 9, 17))
        said = self.refused("too_early", self.step, row, "applied", date(2026, 9, 17), court="沭阳县人民法院", amount=Decimal(8000))
        self.assertIn("第五十四条", said)
        self.step(row, "applied", date(2026, 9, 18), court="沭阳县人民法院", amount=Decimal(8000))
        self.assertTrue(self.clock("ENF-ADMIN-3M").was_met)

    def test_only_the_city_approves_a_query_of_accounts(self) -> None:
        row = self.open("admin.ordered", docket="改字1号")
        said = self.refused("not_your_role", self.step, row, "accounts", TODAY)
        self.assertIn("第四十条", said)
        self.step(row, "accounts", TODAY, person=self.city)


class PaymentOrderTest(ProceedingTestCase):
    def served(self, opening: str) -> Proceeding:
        row = self.open(opening)
        self.assertEqual(self.running(row), {"PAYORD-ACCEPT-5": date(2026, 3, 9)})  # the 7th is a Saturday
        self.step(row, "accepted", date(2026, 3, 6))
        self.assertEqual(self.running(row), {"PAYORD-ISSUE-15": date(2026, 3, 23)})  # the 21st is a Saturday
        self.step(row, "issued", date(2026, 3, 20))
        self.assertEqual(self.running(row), {"PAYORD-SERVE-30": date(2026, 4, 20)})  # the 19th is a Sunday
        self.step(row, "served", date(2026, 3, 27))
        self.assertEqual(self.running(row), {"PAYORD-OBJECT-15": date(2026, 4, 13)})  # the 11th is a Saturday
        return row

    def test_without_objection_it_becomes_enforceable_by_itself(self) -> None:
        row = self.served("payment_order.applied_30")
        self.assertEqual(verbs.advance_due(at(date(2026, 4, 14))), 1)
        self.assertEqual(self.fresh(row).state, "enforceable")
        self.assertIn("title", set(shown_by(self.claim, TODAY)))

    def test_one_under_article_30_that_fails_leads_back_to_arbitration(self) -> None:
        row = self.served("payment_order.applied_30")
        self.refused("wrong_state", self.step, row, "lapsed_16", date(2026, 4, 1))
        self.step(row, "lapsed_30", date(2026, 4, 1))
        self.assertFalse(self.fresh(row).is_open)
        self.assertIn("payord30_failed", set(shown_by(self.claim, TODAY)))
        said = self.refused("excluded", self.open, "suit.filed_direct", now=at(date(2026, 4, 2)))
        self.assertIn("仲裁", said)
        self.open("arbitration.applied", now=at(date(2026, 4, 2)))

    def test_one_on_an_agreement_that_fails_opens_the_suit(self) -> None:
        self.tick("agreement_late")
        row = self.served("payment_order.applied_16")
        self.refused("wrong_state", self.step, row, "lapsed_30", date(2026, 4, 1))
        self.step(row, "lapsed_16", date(2026, 4, 1))
        self.assertEqual(self.running(row), {"PAYORD-NOSUE-7": date(2026, 4, 8)})
        self.step(row, "no_suit", date(2026, 4, 3))
        self.open("suit.filed_direct", now=at(date(2026, 4, 9)))


class ExclusionTest(ProceedingTestCase):
    """Each exclusion, and its opposite."""

    def test_payment_order_and_pre_suit_preservation_exclude_each_other_until_one_ends(self) -> None:
        kept = self.open("preservation.pre_suit")
        self.assertIn("第四百二十七条", self.refused("excluded", self.open, "payment_order.applied_30"))
        self.step(kept, "refused", TODAY)
        order = self.open("payment_order.applied_30")
        self.assertIn("第四百二十七条", self.refused("excluded", self.open, "preservation.pre_suit"))
        self.step(order, "withdrawn", TODAY)
        self.open("preservation.pre_suit")

    def test_what_was_ticked_counts_like_a_proceeding(self) -> None:
        self.tick("preserved")
        self.refused("excluded", self.open, "payment_order.applied_30")
        self.tick()
        self.open("payment_order.applied_30")

    def test_a_missing_debtor_and_a_counter_debt_bar_the_payment_order(self) -> None:
        for fact in ("debtor_missing", "counter_debt"):
            self.tick(fact)
            self.refused("excluded", self.open, "payment_order.applied_30")
        self.tick()
        self.open("payment_order.applied_30")

    def test_arbitration_comes_first_unless_the_roads_say_otherwise(self) -> None:
        self.refused("excluded", self.open, "suit.filed_direct")
        self.refused("excluded", self.open, "suit.filed_after")
        for fact in ("iou", "agreement_late", "no_employer"):
            self.tick(fact)
            suit = self.open("suit.filed_direct")
            self.step(suit, "withdrawn", TODAY)
        self.tick("arb_refused")
        self.open("suit.filed_after")

    def test_an_iou_with_more_than_wages_goes_to_arbitration(self) -> None:
        self.tick("iou", "more_than_wages")
        self.refused("excluded", self.open, "suit.filed_direct")
        self.tick("iou")
        self.open("suit.filed_direct")

    def test_arbitration_and_suit_exclude_each_other(self) -> None:
        self.tick("iou")
        arbitration = self.open("arbitration.applied")
        self.refused("excluded", self.open, "suit.filed_direct")
        self.step(arbitration, "withdrawn", TODAY)
        suit = self.open("suit.filed_direct")
        self.refused("excluded", self.open, "arbitration.applied")
        self.step(suit, "withdrawn", TODAY)
        self.open("arbitration.applied")

    def test_inspection_cannot_take_what_is_in_arbitration(self) -> None:
        body = Body.objects.create(name="沭阳县劳动保障监察大队", kind="inspection", region_id="321322")
        row = self.open("arbitration.applied")
        asked = {"now": NOW, "kind": "inspection", "body": body, "summary": "请查处"}
        self.assertIn("第二十一条", self.refused("excluded", referrals.refer, self.claim, self.county, **asked))
        self.refused("excluded", self.open, "admin.ordered", docket="1")
        self.step(row, "withdrawn", TODAY)
        referrals.refer(self.claim, self.county, **asked)
        self.open("admin.ordered", docket="1")

    def test_confirmation_needs_an_agreement(self) -> None:
        self.refused("excluded", self.open, "confirmation.applied")

    def test_preservation_is_before_or_within_the_suit(self) -> None:
        self.tick("iou")
        self.refused("excluded", self.open, "preservation.in_suit")
        suit = self.open("suit.filed_direct")
        self.refused("excluded", self.open, "preservation.pre_suit")
        self.open("preservation.in_suit")
        self.step(suit, "withdrawn", TODAY)
        self.open("preservation.pre_suit")

    def test_advance_enforcement_lives_within_arbitration_or_suit(self) -> None:
        self.refused("excluded", self.open, "advance.applied")
        self.open("arbitration.applied")
        self.open("advance.applied")

    def test_enforcement_needs_a_title(self) -> None:
        self.refused("excluded", self.open, "enforcement.applied")
        self.tick("title")
        self.open("enforcement.applied")

    def test_only_one_payment_order_at_a_time_and_no_second_arbitration_of_the_same_worker(self) -> None:
        self.open("payment_order.applied_30")
        self.refused("already_open", self.open, "payment_order.applied_30")
        self.open("arbitration.applied")
        self.refused("worker_in_another", self.open, "arbitration.applied")


class PreservationTest(ProceedingTestCase):
    def test_thirty_days_to_sue_and_three_months_to_enforce(self) -> None:
        self.tick("iou")
        kept = self.open("preservation.pre_suit")
        self.assertEqual(self.running(kept), {"PRE-48H": date(2026, 3, 4)})
        self.step(kept, "ruled_pre", date(2026, 3, 4), amount=Decimal(8000))
        # Thirty days from 4 March: 3 April, a Friday.
        self.assertEqual(self.running(kept), {"PRE-SUIT-30": date(2026, 4, 3)})
        suit = self.open("suit.filed_direct", on=date(2026, 3, 30), now=at(date(2026, 3, 30)))
        self.assertTrue(self.clock("PRE-SUIT-30").was_met)
        self.assertEqual(self.fresh(kept).state, "kept")
        self.step(suit, "docketed", date(2026, 4, 1), procedure="small")
        self.step(suit, "judged_small", date(2026, 5, 20), amount=Decimal(8000), until=date(2026, 6, 10))
        # Three months from the day it took effect, 20 May: 20 August; two years from 10 June 2026: 12 June 2028 (the 10th is a Saturday).
        self.assertEqual(self.running(suit), {"PRE-ENFORCE-3M": date(2026, 8, 20), "ENF-2Y": date(2028, 6, 12)})
        self.open("enforcement.applied", on=date(2026, 6, 15), now=at(date(2026, 6, 15)))
        self.assertTrue(self.clock("PRE-ENFORCE-3M").was_met)
        self.assertEqual(self.fresh(kept).state, "enforced")

    def test_nothing_preserved_no_three_months(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="small")
        self.step(suit, "judged_small", date(2026, 5, 20), amount=Decimal(8000), until=date(2026, 6, 10))
        self.assertEqual(list(self.running(suit)), ["ENF-2Y"])


class CriminalTest(ProceedingTestCase):
    FOUR = ["evades", "amount", "ordered", "unpaid"]

    def test_approved_in_three_days_sent_within_24_hours_reviewed_in_three(self) -> None:
        row = self.open("criminal.reported", four=self.FOUR)
        self.assertEqual(self.running(row), {"TRANSFER-APPROVE-3": date(2026, 3, 5)})
        self.step(row, "approved", date(2026, 3, 4))
        self.assertEqual(self.running(row), {"TRANSFER-24H": date(2026, 3, 5)})
        self.step(row, "sent", date(2026, 3, 5), court="沭阳县公安局")
        self.assertEqual(self.running(row), {"POLICE-REVIEW-3": date(2026, 3, 9)})  # the 8th is a Sunday
        self.step(row, "not_filed", date(2026, 3, 9))
        self.assertEqual(self.running(row), {"POLICE-RECON-3": date(2026, 3, 12)})
        self.step(row, "reconsidered", date(2026, 3, 11))
        self.assertTrue(self.clock("POLICE-RECON-3").was_met)
        self.assertEqual(self.running(row), {"POLICE-ANSWER-3": date(2026, 3, 16)})  # the 14th is a Saturday

    def test_three_of_four_elements_are_not_enough(self) -> None:
        said = self.refused("element_missing", self.open, "criminal.reported", four=self.FOUR[1:])
        self.assertIn("转移财产", said)

    def test_the_township_does_not_transfer(self) -> None:
        self.refused("not_your_role", self.open, "criminal.reported", person=self.chief, four=self.FOUR)


class BlacklistTest(ProceedingTestCase):
    def test_three_years_and_early_removal_after_six_months(self) -> None:
        row = self.open("blacklist.listed", docket="宿人社列字1号")
        self.assertEqual(self.fresh(row).auto_on, date(2029, 3, 3))
        self.step(row, "corrected", date(2026, 4, 1))
        self.assertEqual(self.running(row)["BLK-6M"], date(2026, 10, 1))
        self.refused("too_early", self.step, row, "removed_early", date(2026, 10, 1))
        self.step(row, "removed_early", date(2026, 10, 2))
        self.assertFalse(self.fresh(row).is_open)

    def test_it_outlives_the_claim_and_expires_by_itself(self) -> None:
        row = self.open("blacklist.listed", docket="宿人社列字1号")
        casework.advance(self.claim, "record_payment", self.county, now=NOW, amount=Decimal(8000), paid_on=TODAY, method="bank", note="")
        self.claim.refresh_from_db()
        casework.advance(self.claim, "close", self.county, now=NOW, result="paid_in_full", note="付清")
        self.assertEqual(verbs.advance_due(at(date(2029, 3, 2))), 0)
        self.assertEqual(verbs.advance_due(at(date(2029, 3, 3))), 1)
        self.assertEqual(self.fresh(row).state, "expired")


class RecordingTest(ProceedingTestCase):
    def test_what_must_be_given_is_asked_for_by_name(self) -> None:
        self.assertIn("回执", self.refused("missing", self.open, "arbitration.applied", paper=None))
        self.assertIn("法院", self.refused("missing", self.open, "arbitration.applied", court=""))
        self.refused("in_future", self.open, "arbitration.applied", on=TODAY + timedelta(days=1))
        row = self.open("arbitration.applied")
        self.refused("before_last", self.step, row, "accepted", TODAY - timedelta(days=1), now=NOW)
        self.refused("wrong_state", self.step, row, "awarded", TODAY)
        self.refused("unknown_step", self.step, row, "nonsense", TODAY)
        self.step(row, "accepted", TODAY)

    def test_a_paper_of_another_claim_is_refused(self) -> None:
        other = self.make_claim()
        self.paper.claim = other
        self.refused("other_claim", self.open, "arbitration.applied", paper=self.paper)

    def test_a_wrong_step_is_taken_back_and_its_clocks_are_as_before(self) -> None:
        row = self.open("arbitration.applied")
        step = self.step(row, "accepted", date(2026, 3, 6))
        self.refused("no_reason", verbs.take_back, step, self.county, reason=" ", now=at(date(2026, 3, 6)))
        verbs.take_back(step, self.county, reason="看错了文书", now=at(date(2026, 3, 6)))
        self.assertEqual(self.running(row), {"ARB-ACCEPT": date(2026, 3, 9)})
        self.assertEqual(self.fresh(row).state, "applied")
        step.refresh_from_db()
        self.assertEqual((step.is_withdrawn, step.withdrawn_because), (True, "看错了文书"))
        self.assertEqual(Event.objects.filter(kind="proceeding_taken_back").count(), 1)

    def test_only_the_last_step_can_be_taken_back_and_the_only_one_ends_it(self) -> None:
        row = self.open("arbitration.applied")
        first = row.steps.get()
        last = self.step(row, "accepted", TODAY)
        self.refused("not_last", verbs.take_back, first, self.county, reason="错了", now=NOW)
        verbs.take_back(last, self.county, reason="错了", now=NOW)
        verbs.take_back(first, self.county, reason="错了", now=NOW)
        self.assertFalse(self.fresh(row).is_open)
        self.assertNotIn("arbitrating", set(shown_by(Claim.objects.get(pk=self.claim.pk), TODAY)))
        self.assertIsNone(self.clock("ARB-LIMIT-1Y").ended_on, "the right runs on")

    def test_a_step_that_brought_money_is_not_taken_back(self) -> None:
        self.tick("title")
        row = self.open("enforcement.applied")
        step = self.step(row, "paid", TODAY, amount=Decimal(100))
        self.refused("has_payment", verbs.take_back, Step.objects.get(pk=step.pk), self.county, reason="错了", now=NOW)

    def test_whoever_may_not_record_is_told_so(self) -> None:
        allowed = {
            name for name, person in self.everybody().items()
            if verbs.may_open(self.claim, verbs.find_step("arbitration", "applied"), person, TODAY)
        }
        self.assertEqual(allowed, {"grid_worker", "chief", "county", "city", "mediator"})
        by_county = {
            name for name, person in self.everybody().items() if verbs.may_open(self.claim, verbs.find_step("criminal", "reported"), person, TODAY)
        }
        self.assertEqual(by_county, {"county", "city"})

    def test_the_history_says_kind_and_step(self) -> None:
        self.open("arbitration.applied")
        told = tell(Event.objects.filter(kind="proceeding").get())
        self.assertEqual(told.title, "劳动仲裁：已申请，等待受理")


class HearingTest(ProceedingTestCase):
    def test_handler_and_worker_are_reminded_once_two_days_before(self) -> None:
        self.tick("iou")
        casework.advance(self.claim, "assign", self.chief, now=NOW, handler=self.grid_worker)
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="simple")
        self.step(suit, "hearing", date(2026, 3, 6), hearing=datetime(2026, 4, 1, 9, 30, tzinfo=SHANGHAI), place="第三法庭")
        self.assertEqual(hearings.remind_due(at(date(2026, 3, 30), 9)), 0)
        self.assertEqual(hearings.remind_due(at(date(2026, 3, 30), 10)), 1)
        self.assertEqual(hearings.remind_due(at(date(2026, 3, 30), 11)), 0)
        notice = Notice.objects.filter(kind="hearing_soon", recipient=self.grid_worker, channel="in_app").get()
        self.assertEqual((notice.facts["when"], notice.facts["place"]), ("2026-04-01 09:30", "第三法庭"))
        self.assertEqual(Event.objects.filter(kind="hearing_reminded").count(), 1)

    def test_of_a_hearing_that_was_moved_only_the_new_day_is_reminded(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", date(2026, 3, 5), procedure="simple")
        for day in (1, 20):
            self.step(suit, "hearing", date(2026, 3, 6), hearing=datetime(2026, 4, day, 9, 30, tzinfo=SHANGHAI), place="第三法庭")
        self.assertEqual(hearings.remind_due(at(date(2026, 3, 30), 10)), 0)
        self.assertEqual(hearings.remind_due(at(date(2026, 4, 19), 10)), 1)
        self.assertEqual([row.pk for row in hearings.from_to(self.county, date(2026, 4, 20), date(2026, 4, 26), TODAY)], [suit.pk])
        self.assertEqual(list(hearings.from_to(self.county_b, date(2026, 4, 20), date(2026, 4, 26), TODAY)), [])
