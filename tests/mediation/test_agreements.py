"""The agreement: its three signatures, its arithmetic, and the seam with the claim."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from arrears import casework
from arrears.models import Claim, Clock
from grid.refused import Refused
from mediation.instalments import progress
from mediation.models import Agreement, Mediation
from mediation.signs import behind_plan
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase


class AgreementTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("held")
        cls.claim = cls.mediation.claim

    def refused(self, **changes: Any) -> str:
        with self.assertRaises(Refused) as caught:
            self.make_move(self.mediation, "agree", **changes)
        self.assertFalse(Agreement.objects.exists())
        self.assertEqual(Mediation.objects.get(pk=self.mediation.pk).state, "held")
        return caught.exception.code

    def pay(self, amount: str, claim: Claim | None = None) -> None:
        casework.advance(
            claim or self.claim, "record_payment", self.grid_worker, now=NOW, amount=Decimal(amount), paid_on=TODAY,
            method="bank",
        )  # fmt: skip

    def parts(self, mediation: Mediation, today: date = TODAY) -> list[str]:
        agreement = mediation.agreement
        plan = [(row.due_on, row.amount) for row in agreement.instalments.all()]
        paid = Claim.objects.get(pk=mediation.claim_id).paid - agreement.paid_before
        return [part.status.name for part in progress(plan, paid, today)]

    def test_one_act_settles_the_claim_and_starts_what_follows(self) -> None:
        self.make_move(self.mediation, "agree")
        self.claim.refresh_from_db()
        self.assertEqual((self.mediation.state, self.mediation.ended_on), ("agreed", TODAY))
        self.assertEqual((self.claim.stage, self.claim.agreed), ("settled", Decimal("8000.00")))
        running = dict(Clock.objects.running().filter(claim=self.claim).values_list("rule_id", "due_on"))
        self.assertEqual(running["AGREED-PAY"], date(2026, 4, 20))  # the last instalment
        self.assertEqual(running["MED-CONFIRM-30"], date(2026, 4, 1))  # thirty days from effect
        self.assertFalse({"MED-15", "MED-ARRANGE-5", "JC-INVEST"} & running.keys())
        self.assertTrue(Clock.objects.get(claim=self.claim, rule_id="MED-15").was_met)

    def test_history_has_the_agreement_and_the_settlement(self) -> None:
        self.make_move(self.mediation, "agree")
        kinds = list(self.claim.events.values_list("kind", flat=True)[:4])
        self.assertEqual(kinds, ["service", "service", "agreement", "settle"])
        facts = self.claim.events.get(kind="agreement").facts
        self.assertEqual((facts["total"], facts["number"]), ("8000.00", f"{self.claim.number}-调1"))
        self.assertEqual(facts["instalments"], [["2026-03-20", "3000.00"], ["2026-04-20", "5000.00"]])

    def test_without_all_three_signatures_there_is_no_agreement(self) -> None:
        for missing in ("signed_by_parties", "signed_by_mediator", "sealed"):
            self.assertEqual(self.refused(**{missing: False}), "not_signed", missing)

    def test_instalments_must_add_up_to_the_cent(self) -> None:
        self.assertEqual(self.refused(total=Decimal("8000.01")), "sum_differs")
        self.assertEqual(self.refused(instalments=[]), "no_instalment")
        self.assertEqual(self.refused(total=Decimal("0"), instalments=[(TODAY, Decimal("0"))]), "nothing_to_pay")

    def test_it_takes_effect_between_the_application_and_today(self) -> None:
        self.assertEqual(self.refused(effective_on=TODAY + timedelta(days=1)), "not_yet_effective")
        self.assertEqual(self.refused(effective_on=TODAY - timedelta(days=1)), "effective_before_application")

    def test_payments_fill_the_instalments_and_pay_the_claim(self) -> None:
        self.make_move(self.mediation, "agree")
        self.assertEqual(self.parts(self.mediation), ["open", "open"])
        self.pay("2999.99")
        self.assertEqual(self.parts(self.mediation), ["part", "open"])
        self.assertEqual(self.parts(self.mediation, date(2026, 3, 21)), ["overdue", "open"])
        self.pay("0.01")
        self.assertEqual(self.parts(self.mediation, date(2026, 4, 21)), ["paid", "overdue"])
        self.pay("5000")
        self.claim.refresh_from_db()
        self.assertEqual((self.parts(self.mediation), self.claim.stage), (["paid", "paid"], "paid"))

    def test_what_was_paid_before_the_agreement_does_not_pay_its_instalments(self) -> None:
        self.pay("2000")
        self.make_move(
            self.mediation, "agree", total=Decimal("6000"), instalments=[(date(2026, 3, 20), Decimal("6000"))]
        )
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.agreed, self.claim.unpaid), (Decimal("8000"), Decimal("6000")))
        self.assertEqual(self.parts(self.mediation), ["open"])
        self.pay("6000")
        self.claim.refresh_from_db()
        self.assertEqual((self.parts(self.mediation), self.claim.stage), (["paid"], "paid"))

    def test_a_claim_that_was_never_accepted_must_be_accepted_first(self) -> None:
        mediation = self.make_mediation("applied", self.make_claim())
        for move in ("accept", "schedule", "hold"):
            self.make_move(mediation, move)
        with self.assertRaises(Refused) as caught:
            self.make_move(mediation, "agree")
        self.assertEqual(caught.exception.code, "claim_not_accepted")
        casework.advance(mediation.claim, "accept", self.chief, now=NOW)
        self.make_move(mediation, "agree")  # begins it on the way
        mediation.claim.refresh_from_db()
        self.assertEqual(mediation.claim.stage, "settled")

    def test_a_claim_settled_in_another_way_takes_no_agreement(self) -> None:
        casework.advance(
            self.claim, "settle", self.chief, now=NOW, agreed_amount=Decimal("1"), pay_by=TODAY, terms="自行和解"
        )
        self.assertEqual(self.refused(), "claim_not_in_hand")

    def test_the_mediator_settles_a_claim_that_has_climbed_to_the_city(self) -> None:
        for _ in range(2):
            casework.advance(self.claim, "escalate", None, now=NOW, reason="金额较大")
        self.make_move(self.mediation, "agree")
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.stage, self.claim.level), ("settled", "city"))

    def test_a_second_agreement_on_a_claim_has_its_own_number(self) -> None:
        self.make_move(self.mediation, "agree")
        casework.advance(self.claim, "breach", self.chief, now=NOW, reason="首期未付")
        again = self.make_mediation("held", self.claim)
        self.make_move(again, "agree")
        self.assertEqual(again.agreement.number, f"{self.claim.number}-调2")


class BehindPlanTest(MediationTestCase):
    """The sign on the page of a site or employer: instalments of which less has come than was due."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_mediation("agreed").claim  # 3,000.00 by 20 March, 5,000.00 by 20 April

    def behind(self, today: date) -> int:
        return behind_plan(Claim.objects.all(), None, today)

    def test_on_its_day_an_instalment_is_not_behind_and_the_day_after_it_is(self) -> None:
        self.assertEqual([self.behind(date(2026, 3, 20)), self.behind(date(2026, 3, 21))], [0, 1])

    def test_what_came_is_counted_to_the_cent(self) -> None:
        casework.advance(self.claim, "record_payment", self.grid_worker, now=NOW, amount=Decimal("2999.99"), paid_on=TODAY, method="bank")
        self.assertEqual(self.behind(date(2026, 3, 21)), 1)
        casework.advance(self.claim, "record_payment", self.grid_worker, now=NOW, amount=Decimal("0.01"), paid_on=TODAY, method="bank")
        self.assertEqual([self.behind(date(2026, 3, 21)), self.behind(date(2026, 4, 21))], [0, 1])

    def test_a_claim_that_was_paid_or_broken_has_no_plan_any_more(self) -> None:
        casework.advance(self.claim, "breach", self.chief, now=NOW, reason="没有付")
        self.assertEqual(self.behind(date(2026, 5, 1)), 0)
