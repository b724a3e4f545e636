"""That a claim has come to the amount of the crime is told once, to those who may do something about it."""

from decimal import Decimal

from arrears import casework
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Event
from arrears.proceedings.criminal import look
from grid.models import Notice
from tests.base import NOW, TODAY, CastTestCase

MONTHS = {"period_from": TODAY.replace(month=1, day=1, year=2025), "period_to": TODAY.replace(month=6, day=30, year=2025)}


class CriminalNoticeTest(CastTestCase):
    def claim_of(self, amount: str) -> Claim:
        people = [ClaimantFacts("李建国", "13800000001", lines=[LineFacts(Decimal(amount), **MONTHS)])]
        with self.captureOnCommitCallbacks(execute=True):
            return self.make_claim(claimants=people)

    def advance(self, claim: Claim, move: str, **said: object) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            casework.advance(Claim.objects.get(pk=claim.pk), move, self.chief, now=NOW, **said)

    def events(self, claim: Claim) -> list[str]:
        return list(Event.objects.filter(claim=claim, kind__startswith="crime_").order_by("seq").values_list("kind", flat=True))

    def told(self, claim: Claim) -> list[str]:
        rows = Notice.objects.filter(kind="crime_reached", subject_id=claim.pk, channel="in_app")
        return sorted(row.recipient.username for row in rows.select_related("recipient"))

    def test_below_the_amount_nothing_is_said(self) -> None:
        claim = self.claim_of("9999.99")
        self.assertEqual((self.events(claim), self.told(claim)), ([], []))

    def test_it_is_told_once_to_the_handler_and_the_county(self) -> None:
        claim = self.claim_of("10000")  # Jiangsu: 10,000 of one worker, three months and more
        self.assertEqual(self.events(claim), ["crime_reached"])
        self.assertIn(self.county.username, self.told(claim))
        self.assertNotIn(self.county_b.username, self.told(claim))
        before = self.told(claim)
        self.advance(claim, "accept", conditions=True)
        self.advance(claim, "verify", verified_amount=Decimal(12000), basis="工资表")
        self.assertEqual(look(claim.pk, NOW), "")
        self.assertEqual((self.events(claim), self.told(claim)), (["crime_reached"], before))

    def test_undone_and_reached_again_it_is_told_again(self) -> None:
        claim = self.claim_of("10000")
        once = self.told(claim)
        self.advance(claim, "accept", conditions=True)
        self.advance(claim, "record_payment", amount=Decimal(500), paid_on=TODAY, method="bank", note="")
        self.assertEqual((self.events(claim), self.told(claim)), (["crime_reached", "crime_undone"], once))
        self.advance(claim, "verify", verified_amount=Decimal(15000), basis="工资表")
        self.assertEqual(self.events(claim), ["crime_reached", "crime_undone", "crime_reached"])
        self.assertEqual(len(self.told(claim)), 2 * len(once))

    def test_what_has_ended_is_left_alone(self) -> None:
        claim = self.claim_of("10000")
        Claim.objects.filter(pk=claim.pk).update(stage="closed", paid=Decimal(10000))
        self.assertEqual((look(claim.pk, NOW), self.events(claim)), ("", ["crime_reached"]))
