"""仲裁110: a hearing that begins where it happens."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

from grid.refused import Refused
from mediation import hearings
from mediation.models import Hearing, Mediation, Room
from mediation.room.starting import start
from mediation.rooms import of_office
from tests.base import NOW, TODAY
from tests.mediation.base import at
from tests.mediation.room_base import RoomTestCase


class OnSiteTest(RoomTestCase):
    def begin(self, claim, person=None, **said):
        return start(claim, person or self.mediator, now=NOW, **{"place": "陇集镇安置房工地", "length": "60", **said})

    def test_one_step_from_a_claim_without_a_mediation_to_an_open_room(self) -> None:
        claim = self.make_handled_claim()
        hearing = self.begin(claim, request="当场要求付清")
        mediation = hearing.mediation
        self.assertEqual((mediation.state, mediation.mediator, mediation.is_oral, mediation.applied_on), ("scheduled", self.mediator, True, TODAY))
        self.assertEqual((hearing.is_on_site, hearing.room.name, hearing.room.medium, hearing.starts_at), (True, "陇集镇安置房工地", "site", NOW))
        self.assertEqual(set(hearing.attendances.values_list("party_kind", flat=True)), {"worker", "respondent"})
        self.assertEqual([event.facts.get("move") for event in claim.events.filter(kind="mediation")], ["on_site", "apply"])

    def test_a_mediation_not_yet_accepted_is_accepted_with_it(self) -> None:
        mediation = self.make_mediation("applied")
        self.assertEqual(self.begin(mediation.claim).mediation_id, mediation.pk)
        mediation.refresh_from_db()
        self.assertEqual((mediation.state, mediation.mediator), ("scheduled", self.mediator))

    def test_what_was_to_come_is_held_now_and_its_room_is_free(self) -> None:
        mediation = self.make_mediation("scheduled")
        hearing = self.begin(mediation.claim)
        self.assertEqual((Hearing.objects.count(), hearing.number, hearing.is_on_site, hearing.version), (1, 1, True, 1))
        self.make_mediation("scheduled", self.make_other_claim())  # at the same time in the same room

    def test_the_mediator_is_never_in_two_places(self) -> None:
        other = self.make_mediation("scheduled", self.make_other_claim(), starts_at=NOW + timedelta(minutes=30), ends_at=NOW + timedelta(minutes=90), anyway=True)
        claim = self.make_handled_claim()
        self.assertEqual(self.refusal(self.begin, claim), "mediator_taken")
        self.assertFalse(Mediation.objects.filter(claim=claim).exists())  # all of it or nothing
        self.assertEqual(self.begin(claim, length="30").ends_at, other.hearings.get().starts_at)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Hearing.objects.filter(is_on_site=True).update(span=other.hearings.get().span, busy=other.hearings.get().busy)

    def test_two_mediators_may_sit_at_one_site(self) -> None:
        self.begin(self.make_handled_claim())
        self.begin(self.make_other_claim(), self.mediator2)
        self.assertEqual(Room.objects.filter(medium="site").count(), 1)

    def test_nobody_books_a_site_afterwards(self) -> None:
        claim = self.make_handled_claim()
        site = self.begin(claim).room
        self.assertFalse(Room.objects.for_claim(claim).filter(pk=site.pk).exists())
        self.assertFalse(of_office(self.county, TODAY).filter(pk=site.pk).exists())

    def test_late_in_the_evening_people_are_not_sent_away(self) -> None:
        claim = self.make_handled_claim()
        late = start(claim, self.mediator, now=at("22:30", TODAY), place="工地", length="120")
        self.assertEqual(late.starts_at, at("22:30", TODAY))

    def test_who_is_recused_or_no_mediator_of_the_case_does_not_begin(self) -> None:
        claim = self.make_handled_claim()
        self.assertEqual(self.refusal(self.begin, claim, self.grid_worker), "not_a_mediator")
        self.assertEqual(self.refusal(self.begin, claim, place="  "), "no_place")

    def test_postponed_it_goes_to_a_room_like_any_other(self) -> None:
        hearing = self.begin(self.make_handled_claim())
        self.make_move(hearing.mediation, "postpone", anyway=True)
        hearing.refresh_from_db()
        self.assertEqual((hearing.is_on_site, hearing.room), (False, self.room))

    def test_the_system_itself_never_stands_at_a_site(self) -> None:
        mediation = self.make_mediation("accepted")
        with self.assertRaises(Refused):
            hearings.advance(mediation, "on_site", None, now=NOW, place="工地", length="60")

    def test_from_the_phone(self) -> None:
        claim = self.make_handled_claim()
        self.client.force_login(self.mediator)
        found = self.client.get(reverse("on_site"), {"q": claim.number})
        self.assertContains(found, reverse("claim_on_site", args=[claim.pk]))
        answer = self.client.post(reverse("claim_on_site", args=[claim.pk]), {"place": "", "length": "60", "request": "付清"})
        self.assertEqual(answer.status_code, 422)
        answer = self.client.post(reverse("claim_on_site", args=[claim.pk]), {"place": "工地", "length": "60", "request": "付清"})
        self.assertRedirects(answer, reverse("hearing_room", args=[Hearing.objects.get().pk]))
        self.assertContains(self.client.get(reverse("hearing_day")), "工地")

    def test_out_of_sight_and_without_the_post_it_is_404(self) -> None:
        claim = self.make_handled_claim()
        for person in (self.mediator_b, self.auditor):
            self.client.force_login(person)
            self.assertEqual(self.client.get(reverse("claim_on_site", args=[claim.pk])).status_code, 404)
