"""仲裁110: a hearing that begins where it happens."""

from datetime import timedelta
from types import SimpleNamespace

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from arrears import afterwards
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

    def test_pressed_twice_it_is_one_hearing_and_nobody_who_came_in_has_to_come_again(self) -> None:
        claim = self.make_handled_claim()
        hearing = self.begin(claim)
        self.everybody_in(hearing)
        again = start(claim, self.mediator, now=NOW + timedelta(minutes=2), place="陇集镇安置房工地", length="60")
        self.assertEqual((again, hearing.presences.count(), hearing.version), (hearing, 3, again.version))
        later = start(claim, self.mediator, now=NOW + timedelta(minutes=61), place="陇集镇安置房工地", length="60")  # it is over: begun anew
        self.assertEqual((later.pk, hearing.presences.count(), len(hearing.earlier_sittings.get().people)), (hearing.pk, 0, 3))

    def test_the_page_of_a_site_leads_to_it(self) -> None:
        claim = self.make_handled_claim(site_name="陇集镇安置房工地")
        address = reverse("site_detail", args=[claim.site_id])
        for person, has in ((self.mediator, True), (self.chief, True), (self.grid_worker, False)):
            with self.subTest(person.username):
                self.client.force_login(person)
                page = self.client.get(address)
                (self.assertContains if has else self.assertNotContains)(page, f"{reverse('on_site')}?site={claim.site_id}")
        self.client.force_login(self.chief)
        self.assertContains(self.client.get(reverse("on_site"), {"site": claim.site_id}), reverse("claim_on_site", args=[claim.pk]))

    def test_a_claim_that_is_not_there_yet_is_registered_first_and_leads_back(self) -> None:
        site = self.make_handled_claim(site_name="陇集镇安置房工地").site
        self.client.force_login(self.chief)
        answer = self.client.post(reverse("on_site"), {"site": site.pk})
        self.assertRedirects(answer, reverse("site_intake", args=[site.pk]))
        request = SimpleNamespace(session=self.client.session)
        claim = self.make_other_claim()
        self.assertEqual(afterwards.page_of(request, claim, timezone.now()), reverse("claim_on_site", args=[claim.pk]))
        self.assertEqual(afterwards.page_of(request, claim, timezone.now()), reverse("claim_detail", args=[claim.pk]))  # once
        afterwards.remember(request, "on_site", timezone.now() - timedelta(hours=3))
        self.assertEqual(afterwards.page_of(request, claim, timezone.now()), reverse("claim_detail", args=[claim.pk]))

    def test_who_may_not_register_is_told_who_does(self) -> None:
        self.client.force_login(self.mediator)
        page = self.client.get(reverse("on_site"), {"q": "没有这个人"})
        self.assertContains(page, "请同行的网格员或者乡镇工作人员先登记")
        self.assertNotContains(page, "先登记案件，再开始")
        self.assertEqual(self.client.post(reverse("on_site")).status_code, 403)

    def test_out_of_sight_and_without_the_post_it_is_404(self) -> None:
        claim = self.make_handled_claim()
        for person in (self.mediator_b, self.auditor):
            self.client.force_login(person)
            self.assertEqual(self.client.get(reverse("claim_on_site", args=[claim.pk])).status_code, 404)
