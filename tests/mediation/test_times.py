"""找时间 over the database: what is read is what stands there; the page books with one click and says what is in the way."""

from datetime import date, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.workdays import PUBLISHED
from grid.models import Leave, Person
from mediation.finding import Times, asked_for, find_times
from mediation.models import Blackout, HearingRule, Mediation, MediatorTerms, PartyDay, PartyTerms, Recusal, Room
from mediation.slots.masks import clock
from mediation.times_page import TimesPage, runs_of
from tests.base import NOW, TODAY
from tests.mediation.base import TOMORROW, MediationTestCase, at
from tests.mediation.test_pages import PageTestCase

WED, THU = date(2026, 3, 4), date(2026, 3, 5)


class FindTimesTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("accepted")

    def find(self, **said: Any) -> Times:
        return find_times(self.mediation, asked_for(self.mediation, NOW, **said), NOW, PUBLISHED)

    def outs(self, **said: Any) -> set[tuple[str, str, str]]:
        return {(out.kind, out.code, out.who) for out in self.find(**said).found.outs}

    def test_it_looks_from_today_to_the_last_of_the_fifteen_days(self) -> None:
        times = self.find()
        self.assertEqual((times.asked.limit, times.found.days), (date(2026, 3, 17), 16))  # applied on 03-02
        first = times.found.proposals[0]
        self.assertEqual((first.day, first.minute, first.place.name, first.mediator.name), (TODAY, 10 * 60 + 15, "第二调解室", "条和"))
        self.assertIn("past_limit", {code for _kind, code, _who in self.outs(last=date(2026, 3, 20))})
        self.assertNotIn("past_limit", {code for _kind, code, _who in self.outs(last=date(2026, 3, 20), beyond=True)})

    def test_what_stands_in_the_database_falls_out_with_its_reason(self) -> None:
        MediatorTerms.objects.create(person=self.mediator2, is_on_panel=False, set_at=NOW)
        Leave.objects.create(person=self.mediator, starts_on=TODAY, ends_on=WED)
        Blackout.objects.create(room=self.room, span=(at("00:00", TODAY), at("00:00", THU)), reason="维修", entered_by=self.county, entered_at=NOW)
        worker = self.mediation.claim.claimants.get()
        PartyTerms.objects.create(mediation=self.mediation, party_id=worker.pk, language="sign")
        PartyDay.objects.create(mediation=self.mediation, party_id=worker.pk, day=TOMORROW, part="all", said_at=NOW)
        Recusal.objects.create(mediation=self.mediation, mediator=self.county, asked_by="worker", ground="interest", reason="x", entered_by=self.county, entered_at=NOW)
        found = self.outs(last=WED)
        self.assertLessEqual({
            ("mediator", "off_panel", "田杰"), ("mediator", "language", "条和"), ("party", "unsuited", "李建国"),
            ("mediator", "recused", self.county.full_name),
        }, found)  # fmt: skip
        PartyTerms.objects.update(has_interpreter=True)
        self.assertLessEqual({("mediator", "leave", "条和"), ("place", "blackout", "第一调解室")}, self.outs(last=WED))

    def test_hearings_that_are_there_take_their_room_mediator_and_parties(self) -> None:
        self.make_mediation("scheduled", self.make_other_claim(), room=self.room2, starts_at=at("07:00"), ends_at=at("11:00"))
        self.make_mediation("scheduled", self.make_handled_claim(), starts_at=at("11:00"), ends_at=at("15:00"), mediator=self.mediator2)
        self.make_mediation("scheduled", self.make_handled_claim(), starts_at=at("15:00"), ends_at=at("19:00"), mediator=self.mediator2)
        day = [one for one in self.find().found.proposals if one.day == TOMORROW]
        # the worker and the firm of this case are heard from eleven on: only before that
        self.assertTrue(all(one.minute + 90 <= 11 * 60 for one in day))
        self.assertTrue(all(one.place.key != self.room2.pk for one in day))
        self.assertTrue(all(one.mediator.key != self.mediator.pk for one in day))

    def test_the_offices_rule_gives_days_hours_length_and_notice(self) -> None:
        HearingRule.objects.create(
            region_id="321322", since=TODAY, weekdays=[3], opens=time(14), closes=time(16), length=60, buffer=0, notice=2,
            set_by=self.county, set_at=NOW,
        )  # fmt: skip
        times = self.find()
        self.assertEqual(times.wish.length, 60)
        self.assertEqual({one.day for one in times.found.proposals}, {THU, date(2026, 3, 12)})
        self.assertEqual(min(one.minute for one in times.found.proposals), 14 * 60)
        self.assertEqual({one.day for one in self.find(anyway=True, last=THU).found.proposals}, {TODAY, TOMORROW, WED, THU})

    def test_hearings_held_together_count_once_for_the_mediators_day(self) -> None:
        MediatorTerms.objects.create(person=self.mediator, daily=2, set_at=NOW)
        one = self.make_mediation("scheduled", self.make_other_claim())
        strangers = [RespondentFacts("沭阳恒达建筑有限公司")]
        other = self.make_mediation("accepted", self.make_handled_claim(claimants=[ClaimantFacts("赵六")], respondents=strangers))
        self.make_move(other, "join", hearing=one.hearings.get())
        asked = {"mediator": self.mediator.pk, "only_mediator": True, "first": TOMORROW, "last": TOMORROW}
        self.assertTrue(self.find(**asked).found.proposals)
        third = self.make_mediation("accepted", self.make_handled_claim(claimants=[ClaimantFacts("钱七")], respondents=[RespondentFacts("泗洪远大公司")]))
        self.make_move(third, "schedule", starts_at=at("15:00"), ends_at=at("16:00"))
        self.assertFalse(self.find(**asked).found.proposals)

    def test_whatever_is_proposed_can_be_booked(self) -> None:
        """Also where the township has a rule of its own, and the room is the county's."""
        usual = {"weekdays": [0, 1, 2, 3, 4], "opens": time(9), "closes": time(17), "length": 60, "set_by": self.county, "set_at": NOW, "since": TODAY}
        HearingRule.objects.create(region_id="321322", buffer=0, notice=0, **usual)
        HearingRule.objects.create(region_id="321322101", buffer=45, notice=2, **usual)
        MediatorTerms.objects.create(person=self.mediator, daily=2, set_at=NOW)
        Leave.objects.create(person=self.mediator2, starts_on=THU, ends_on=THU)
        self.make_mediation("scheduled", self.make_other_claim(), starts_at=at("10:00", THU), ends_at=at("11:00", THU))
        Blackout.objects.create(room=self.room2, span=(at("09:00", THU), at("13:00", THU)), reason="维修", entered_by=self.county, entered_at=NOW)
        proposals = self.find(last=date(2026, 3, 6)).found.proposals
        self.assertGreater(len(proposals), 3)
        for one in proposals:
            begins = at(f"{clock(one.minute):%H:%M}", one.day)
            point = transaction.savepoint()
            self.make_move(
                Mediation.objects.get(pk=self.mediation.pk), "schedule", starts_at=begins, ends_at=begins + timedelta(minutes=60),
                room=Room.objects.get(pk=one.place.key), mediator=Person.objects.get(pk=one.mediator.key),
            )  # fmt: skip
            transaction.savepoint_rollback(point)

    def test_queries_do_not_grow_with_rooms_people_and_hearings(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                self.find()
            return len(seen)

        self.make_mediation("scheduled", self.make_other_claim(), ends_at=at("09:30"))
        few = queries()
        Room.objects.bulk_create(Room(name=f"室{n}", region_id="321322") for n in range(30))
        self.make_copies(Mediation.objects.get(hearings__isnull=False), range(1, 20))
        self.assertEqual(queries(), few)

    def test_runs_of_days_are_said_as_from_and_to(self) -> None:
        days = [date(2026, 3, n) for n in (2, 3, 4, 6)]
        self.assertEqual(list(runs_of(days)), [(days[0], days[2]), (days[3], days[3])])

    def test_every_reason_has_words_in_both_languages(self) -> None:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                page = TimesPage(self.find(last=date(2026, 3, 20)))
                self.assertTrue(all(line.why for line in [*page.days, *page.rooms, *page.mediators]))


class TimesPageTest(PageTestCase):
    def page(self, mediation: Mediation) -> str:
        return reverse("mediation_times", args=[mediation.pk])

    def test_one_click_books(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        answer = self.client.get(self.page(mediation))
        offer = answer.context["page"].offers[0]
        self.assertContains(answer, offer.take)
        self.client.post(self.page(mediation), {"take": offer.take, "length": 90})
        hearing = mediation.hearings.get()
        self.assertEqual((hearing.starts_at.date(), hearing.starts_at.time(), hearing.room_id), (offer.proposal.day, offer.starts, offer.proposal.place.key))
        self.assertEqual(hearing.attendances.count(), 2)

    def test_what_was_taken_meanwhile_is_said_and_other_times_are_shown(self) -> None:
        mediation, rival = self.open_mediation(), self.open_mediation(number=1)
        self.sign_in(self.mediator)
        offer = self.client.get(self.page(mediation)).context["page"].offers[0]
        self.client.post(self.page(rival), {"take": offer.take, "length": 90})
        answer = self.client.post(self.page(mediation), {"take": offer.take, "length": 90})
        self.assertContains(answer, "请另选时间", status_code=409)
        self.assertTrue(answer.context["page"].offers)
        self.assertNotIn(offer.take, [one.take for one in answer.context["page"].offers])
        self.assertEqual(mediation.hearings.count(), 0)

    def test_moving_wants_a_reason_and_the_page_as_it_is(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        answer = self.client.get(self.page(mediation))
        offer, version = answer.context["page"].offers[0], answer.context["last"].version
        self.assertEqual(self.client.post(self.page(mediation), {"take": offer.take, "length": 90, "version": version}).status_code, 409)
        self.client.post(self.page(mediation), {"take": offer.take, "length": 90, "version": version, "reason": "出差"})
        self.assertEqual(mediation.hearings.get().starts_at.time(), offer.starts)
        again = self.client.post(self.page(mediation), {"take": offer.take, "length": 90, "version": version, "reason": "出差"})
        self.assertContains(again, "刚刚已被他人改动", status_code=409)

    def test_nonsense_is_a_sentence_and_no_crash(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        for take in ("", "x y z", "2026-13-01 25:00 a b", f"{self.day} 09:00 {self.room.pk} {self.outsider.pk}"):
            answer = self.client.post(self.page(mediation), {"take": take, "length": 90})
            self.assertContains(answer, "读不出来", status_code=409)
        for asked in ({"length": "5", "last": "x"}, {"length": "90", "last": (self.today + timedelta(days=400)).isoformat()}):
            self.assertContains(self.client.get(self.page(mediation), asked), "form-errors")

    def test_who_may_look_and_who_may_book(self) -> None:
        mediation = self.open_mediation()
        codes = self.seen_by(self.page(mediation))
        self.assertEqual({name for name, code in codes.items() if code != 404}, {"grid_worker", "chief", "county", "city", "mediator", "auditor"})
        self.sign_in(self.auditor)
        self.assertContains(self.client.post(self.page(mediation), {"take": "x"}), "您的岗位不能", status_code=409)

    def test_it_is_offered_where_a_hearing_is_to_be_arranged(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        detail = reverse("mediation_detail", args=[mediation.pk])
        self.assertContains(self.client.get(detail), self.page(mediation))
        self.sign_in(self.auditor)
        self.assertNotContains(self.client.get(detail), self.page(mediation))
