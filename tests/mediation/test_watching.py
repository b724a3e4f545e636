"""An agreement is watched until its last instalment is paid, and what came of it adds up to the cent wherever it is shown."""

from datetime import date, datetime, time
from decimal import Decimal as D
from random import Random
from typing import Any

from arrears import casework
from arrears.escalation.seats import hands_of
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Clock, Event, Payment
from arrears.papers.told import told_already
from arrears.worker.page import AGREED
from grid.days import SHANGHAI
from grid.models import Notice
from grid.refused import Refused
from mediation import paying
from mediation.drafting import verbs
from mediation.models import Agreement, Instalment
from mediation.outstanding import by_worker, standing_of
from mediation.paying import Came
from mediation.roads import roads_of
from mediation.watching import tell_missed
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase
from tests.mediation.test_drafts import SIGNED, told

BEFORE, MORNING = (datetime.combine(date(2026, 3, 21), time(hour), SHANGHAI) for hour in (8, 9))


class WatchTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("agreed")  # 3,000.00 by 20 March, 5,000.00 by 20 April
        cls.claim = cls.mediation.claim

    def pay(self, amount: str) -> None:
        casework.advance(self.claim, "record_payment", self.grid_worker, now=NOW, amount=D(amount), paid_on=TODAY, method="bank")

    def running(self) -> dict[str, date]:
        return dict(Clock.objects.running().filter(claim=self.claim, rule_id__in=("INSTALMENT-PAY", "AGREED-PAY")).values_list("rule_id", "due_on"))

    def test_its_clock_stands_on_the_first_instalment_and_moves_on_with_the_money(self) -> None:
        self.assertEqual(self.running(), {"INSTALMENT-PAY": date(2026, 3, 20), "AGREED-PAY": date(2026, 4, 20)})
        self.pay("2999.99")
        self.assertEqual(self.running()["INSTALMENT-PAY"], date(2026, 3, 20))
        self.pay("0.01")
        self.assertEqual(self.running(), {"AGREED-PAY": date(2026, 4, 20)})  # the last one is the claim's own day
        self.assertTrue(Clock.objects.get(rule_id="INSTALMENT-PAY").was_met)

    def test_its_mediator_is_called_first(self) -> None:
        clock = Clock.objects.get(rule_id="INSTALMENT-PAY")
        self.assertEqual(hands_of([clock]), {self.mediation.pk: self.mediator.pk})

    def test_a_breach_and_a_payment_taken_back_move_it_too(self) -> None:
        self.pay("3000")
        self.pay("-1")
        self.assertEqual(self.running()["INSTALMENT-PAY"], date(2026, 3, 20))
        casework.advance(self.claim, "breach", self.chief, now=NOW, reason="没有付")
        self.assertEqual(self.running(), {})

    def test_a_missed_instalment_is_told_the_next_morning_and_once(self) -> None:
        self.assertEqual([tell_missed(NOW), tell_missed(BEFORE), tell_missed(MORNING), tell_missed(MORNING)], [0, 0, 1, 0])
        event = Event.objects.get(facts__move="missed")
        self.assertEqual((event.facts["part"], event.facts["left"]), (1, "3,000.00"))
        told_to = set(Notice.objects.filter(kind="instalment_missed", channel="in_app").values_list("recipient__username", flat=True))
        self.assertLessEqual({self.mediator.username}, told_to)
        self.assertGreater(len(told_to), 1)

    def test_what_was_paid_in_time_or_is_no_longer_promised_is_not_told(self) -> None:
        self.pay("3000")
        self.assertEqual(tell_missed(MORNING), 0)
        casework.advance(self.claim, "breach", self.chief, now=NOW, reason="没有付")
        self.assertEqual(tell_missed(datetime.combine(date(2026, 5, 1), time(10), SHANGHAI)), 0)
        self.assertEqual(Instalment.objects.exclude(missed_at=None).count(), 0)

    def test_the_roads_from_here(self) -> None:
        agreement = self.mediation.agreement
        names = [road.name for road in roads_of(agreement, self.claim, standing_of(agreement, self.claim, TODAY), TODAY)]
        self.assertEqual(names, ["agreement", "confirm", "review"])
        self.client.force_login(self.county)
        for road in roads_of(agreement, self.claim, standing_of(agreement, self.claim, TODAY), TODAY):
            for link in road.links:
                self.assertEqual(self.client.get(link.url).status_code, 200, link.url)
        late = date(2026, 4, 2)  # the thirty days are over, one instalment is missed
        roads = roads_of(agreement, self.claim, standing_of(agreement, self.claim, late), late)
        self.assertEqual([road.name for road in roads], ["sue", "agreement"])
        self.assertIn("3,000.00", roads[0].said)

    def test_the_payment_order_knows_since_when_money_is_missing(self) -> None:
        self.assertEqual(told_already(self.claim, ["F-14"])["debt_due_on"], date(2026, 3, 20))
        self.pay("3000")
        self.assertEqual(told_already(Claim.objects.get(), ["F-14"])["debt_due_on"], date(2026, 4, 20))

    def test_arbitral_review_runs_beside_the_confirmation(self) -> None:
        found = dict(Clock.objects.running().filter(claim=self.claim, rule_id__startswith="MED-").values_list("rule_id", "due_on"))
        self.assertEqual(found, {"MED-CONFIRM-30": date(2026, 4, 1), "MED-ARBREVIEW-15": date(2026, 3, 17)})


class GroupTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = [ClaimantFacts(name, lines=[LineFacts(rate=D(rate))]) for name, rate in (("张三", "5000"), ("李四", "2000"), ("王五", "1000"))]
        cls.mediation = cls.make_mediation("held", cls.make_handled_claim(claimants=people))
        cls.claim = cls.mediation.claim
        cls.zhang, cls.li, cls.wang = cls.claim.claimants.order_by("id")
        shares = {str(one.pk): [amount, "person"] for one, amount in ((cls.zhang, "5000"), (cls.li, "2000"), (cls.wang, "1000"))}
        verbs.keep(cls.mediation, told(shares=shares), cls.mediator, now=NOW, version=0)
        cls.agreement = verbs.sign(cls.mediation, cls.mediator, now=NOW, version=1, effective_on=TODAY, **SIGNED).agreement

    def pay(self, amount: str, worker: Any = None, **more: Any) -> Payment:
        agreement = Agreement.objects.select_related("mediation__claim").get()
        return paying.pay(agreement, Came(D(amount), TODAY, "bank", worker=worker, **more), self.county, now=NOW)

    def left(self) -> dict[str, D]:
        return {own.key.name: own.left for own in by_worker(self.agreement, Claim.objects.get())}

    def refused(self, act: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act()
        return caught.exception.code

    def test_money_for_all_is_spread_by_what_is_left_of_each(self) -> None:
        self.pay("1000", self.wang)
        self.pay("700")
        self.assertEqual(self.left(), {"张三": D("4500"), "李四": D("1800"), "王五": D("0")})

    def test_what_one_gets_beyond_their_share_pays_nobody_elses_and_stays_in_sight(self) -> None:
        payment = self.pay("1500", self.wang)
        self.assertEqual((payment.amount, payment.excess), (D("1000"), D("500")))
        self.assertIn("500.00", payment.note)
        self.assertEqual((Claim.objects.get().paid, Claim.objects.get().unpaid), (D("1000"), D("7000")))
        again = self.pay("10", self.wang)
        self.assertEqual((again.amount, again.excess), (D("0"), D("10")))

    def test_a_worker_of_another_claim_a_day_before_and_nothing_are_refused(self) -> None:
        stranger = self.make_other_claim().claimants.get()
        self.assertEqual(self.refused(lambda: self.pay("1", stranger)), "not_of_agreement")
        self.assertEqual(self.refused(lambda: self.pay("0")), "bad_amount")
        came = Came(D("1"), date(2026, 2, 1), "bank")
        self.assertEqual(self.refused(lambda: paying.pay(self.agreement, came, self.county, now=NOW)), "before_agreement")

    def test_lines_of_a_file_come_all_or_not_at_all_and_never_twice(self) -> None:
        lines = [Came(D("100"), TODAY, "bank", worker=self.zhang, key="a"), Came(D("50"), TODAY, "bank", worker=self.li, key="b")]
        wrong = [*lines, Came(D("1"), date(2026, 2, 1), "bank", key="c")]
        self.assertEqual(self.refused(lambda: paying.pay_all(self.agreement, wrong, self.county, now=NOW)), "before_agreement")
        self.assertEqual(Payment.objects.count(), 0)
        self.assertEqual([paying.pay_all(self.agreement, lines, self.county, now=NOW) for _turn in range(2)], [2, 0])
        self.assertEqual(self.refused(lambda: self.pay("100", self.zhang, key="a")), "known_line")

    def test_every_view_says_the_same_after_any_payments(self) -> None:
        rng = Random(7)
        for _turn in range(25):
            claim = Claim.objects.get()
            if claim.stage != "settled":
                break
            self.pay(f"{rng.randrange(1, 60_000) / 100:.2f}", rng.choice([None, None, self.zhang, self.li, self.wang]))
            claim = Claim.objects.get()
            found, own = standing_of(self.agreement, claim, TODAY), by_worker(self.agreement, claim)
            shown = [AGREED[0](claim, worker, TODAY).left for worker in (self.zhang, self.li, self.wang)]
            self.assertEqual([found.left, sum(row.left for row in own), sum(shown)], [claim.unpaid] * 3)
            kept = sum((row.amount + row.excess for row in Payment.objects.all()), D(0))
            self.assertEqual(kept, found.paid + found.over + sum((row.excess for row in Payment.objects.all()), D(0)))

    def test_the_proof_names_the_worker_and_changes_with_the_sum(self) -> None:
        one, two = self.pay("100", self.zhang), self.pay("100", self.zhang)
        self.assertEqual(paying.number_of(one), f"{self.claim.number}-付1")
        self.assertNotEqual(paying.fingerprint(one), paying.fingerprint(two))
        before = paying.fingerprint(one)
        one.amount = D("100.01")
        self.assertNotEqual(paying.fingerprint(one), before)
