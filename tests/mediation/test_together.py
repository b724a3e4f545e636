"""Hearings that are held together: handed over and moved as one, wherever somebody asks for it."""

from datetime import timedelta
from unittest.mock import patch

from django.urls import reverse

from arrears import handover
from arrears.handover import Plan
from arrears.intake import ClaimantFacts
from grid import roles
from grid.models import Person
from mediation import hearings
from mediation.models import Hearing, Mediation, PartyDay, Recusal
from tests.base import NOW, make_person
from tests.mediation.base import MediationTestCase, at
from tests.mediation.test_pages import PageTestCase


class HandedOverTest(MediationTestCase):
    def setUp(self) -> None:
        self.first = self.make_mediation("scheduled")
        self.second = self.joined("赵六")

    def joined(self, worker: str) -> Mediation:
        mediation = self.make_mediation("accepted", self.make_handled_claim(claimants=[ClaimantFacts(worker)]))
        return self.make_move(mediation, "join", hearing=self.first.hearings.get())

    def hand(self, *receivers: Person) -> Plan:
        return handover.hand_over(self.mediator, receivers, self.county, now=NOW, reason="调离岗位")

    def mediators(self) -> list[tuple[Person, Person]]:
        return [(row.mediator, row.mediation.mediator) for row in Hearing.objects.live().order_by("pk").select_related("mediator", "mediation__mediator")]

    def reasons(self, plan: Plan) -> list[str]:
        return [one.reason for one in plan.stays if one.item.kind.name == "mediation"]

    def test_all_go_to_one_receiver_however_many_there_are(self) -> None:
        third = make_person("disan", "狄三", roles.MEDIATOR, "321322")
        plan = self.hand(self.mediator2, third)
        self.assertEqual(self.reasons(plan), [])
        self.assertIn(self.mediators(), ([(one, one)] * 2 for one in (self.mediator2, third)))

    def test_who_joins_what_somebody_else_has_just_taken_over_goes_to_them(self) -> None:
        mediation = self.make_mediation("applied", self.make_handled_claim(claimants=[ClaimantFacts("孙八")]))
        seen = Hearing.objects.select_related("mediator").get(mediation=self.first)
        self.hand(self.mediator2)  # between the look and the press
        self.make_move(mediation, "accept")
        self.make_move(mediation, "join", hearing=seen)
        self.assertEqual(self.mediators(), [(self.mediator2, self.mediator2)] * 3)

    def test_a_batch_is_never_cut_between_them(self) -> None:
        with patch.object(handover, "BATCH", 1):
            self.hand(self.mediator2)
        self.assertEqual(self.mediators(), [(self.mediator2, self.mediator2)] * 2)

    def test_where_the_receiver_sits_elsewhere_then_all_stay(self) -> None:
        other = self.make_mediation("accepted", self.make_other_claim())
        self.make_move(other, "schedule", self.county, room=self.room2, mediator=self.mediator2, starts_at=at("09:30"), ends_at=at("10:00"))
        self.assertEqual(self.reasons(self.hand(self.mediator2)), ["busy", "busy"])
        self.assertEqual(Hearing.objects.live().filter(mediator=self.mediator).count(), 2)

    def test_where_the_receiver_is_recused_in_one_all_stay(self) -> None:
        Recusal.objects.create(
            mediation=self.second, mediator=self.mediator2, asked_by="worker", ground="interest", reason="x", entered_by=self.county, entered_at=NOW
        )
        self.assertEqual(self.reasons(self.hand(self.mediator2)), ["busy", "busy"])
        self.assertEqual(self.mediators(), [(self.mediator, self.mediator)] * 2)

    def test_where_one_of_them_is_not_theirs_to_hand_over_all_stay_and_it_is_said_why(self) -> None:
        Mediation.objects.filter(pk=self.second.pk).update(mediator=self.mediator2)
        self.assertEqual(self.reasons(self.hand(self.mediator2)), ["together"])
        self.assertEqual(Hearing.objects.live().filter(mediator=self.mediator).count(), 2)


class TimesTogetherTest(PageTestCase):
    """By the real clock: the page has no other."""

    def setUp(self) -> None:
        super().setUp()
        self.first = self.open_mediation("scheduled")
        self.second = self.open_mediation(number=1)
        hearings.advance(self.second, "join", self.mediator, now=self.now, hearing=self.first.hearings.get(), anyway=True, reason="同一用人单位")
        self.url = reverse("mediation_times", args=[self.first.pk])
        self.sign_in(self.mediator)

    def test_the_page_looks_for_all_of_them_and_moves_all(self) -> None:
        stranger = self.second.claim.claimants.get()
        before = self.client.get(self.url).context["page"].offers[0]
        PartyDay.objects.create(mediation=self.second, party_id=stranger.pk, day=before.proposal.day, part="all", said_at=NOW)
        answer = self.client.get(self.url)
        self.assertNotIn(before.proposal.day, {offer.proposal.day for offer in answer.context["page"].offers})
        self.assertContains(answer, "合并开的各案一起改")
        offer, version = answer.context["page"].offers[0], answer.context["last"].version
        self.client.post(self.url, {"take": offer.take, "length": answer.context["page"].times.wish.length, "version": version, "reason": "出差", "together": "on"})
        rows = Hearing.objects.live().filter(mediation__in=[self.first, self.second])
        self.assertEqual({(row.starts_at.date(), row.starts_at.time()) for row in rows}, {(offer.proposal.day, offer.starts)})
        self.assertEqual(len({row.joint for row in rows}), 1)

    def test_unticked_it_looks_for_this_one_alone_which_leaves_them(self) -> None:
        usual = self.client.get(self.url).context["form"].initial
        asked = {"length": usual["length"], "last": (self.today + timedelta(days=10)).isoformat(), "beyond": "on"}
        answer = self.client.get(self.url, asked)
        self.assertNotContains(answer, 'name="together" value="on"')
        offer, version = answer.context["page"].offers[0], answer.context["last"].version
        self.client.post(self.url, {"take": offer.take, "length": usual["length"], "version": version, "reason": "出差"})
        self.assertEqual(len(set(Hearing.objects.live().filter(mediation__in=[self.first, self.second]).values_list("joint", flat=True))), 2)

    def test_one_that_stands_alone_is_not_asked(self) -> None:
        alone = self.open_mediation("scheduled", number=2)
        self.assertNotContains(self.client.get(reverse("mediation_times", args=[alone.pk])), "合并开的各案一起改")
