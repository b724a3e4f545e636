"""What a booking is refused for beside a clash, each refusal beside its success: recusal, leave, capacity, closed rooms, buffers,
rest days, notice and dates that do not suit; converting, joining and standing apart again."""

from datetime import date, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from arrears.handover_kinds import KINDS
from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.worker.words import message_of
from grid.leaves import cancel_leave, change_leave, enter_leave
from grid.models import Leave, Notice, Task
from grid.refused import Refused
from grid.tasklist import words
from mediation import hearings, rooms, worker_page
from mediation.models import Blackout, Hearing, HearingRule, Mediation, MediatorTerms, PartyDay, Recusal, Room
from mediation.parties import parties_of
from mediation.suits import add_days, drop_day
from tests.base import NOW, TODAY
from tests.mediation.base import TOMORROW, MediationTestCase, at


class Refusing(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("accepted")

    def refused(self, move: str = "schedule", mediation: Mediation | None = None, **changes: Any) -> str:
        with self.assertRaises(Refused) as caught, transaction.atomic():
            self.make_move(mediation or self.mediation, move, **changes)
        self.said = caught.exception.message
        return caught.exception.code


class SuitingTest(Refusing):
    def set_rule(self, **changes: Any) -> HearingRule:
        usual = {
            "weekdays": [0, 1, 2, 3, 4], "opens": time(8, 30), "closes": time(17, 30), "length": 90, "buffer": 0, "notice": 0,
            "set_by": self.county, "set_at": NOW,
        }  # fmt: skip
        return HearingRule.objects.create(region_id="321322", since=TODAY, **{**usual, **changes})

    def test_a_mediator_who_is_away(self) -> None:
        Leave.objects.create(person=self.mediator, starts_on=TOMORROW, ends_on=TOMORROW, deputy=self.mediator2)
        self.assertEqual(self.refused(), "mediator_away")
        self.assertIn("代理人：田杰", self.said)
        self.make_move(self.mediation, "schedule", mediator=self.mediator2)

    def test_a_mediator_who_is_full_that_day(self) -> None:
        MediatorTerms.objects.create(person=self.mediator, daily=1, set_at=NOW)
        self.make_move(self.mediation, "schedule")
        other = self.make_mediation("accepted", self.make_other_claim())
        self.assertEqual(self.refused(mediation=other, starts_at=at("14:00"), ends_at=at("15:00")), "mediator_full")
        self.make_move(other, "schedule", starts_at=at("14:00", date(2026, 3, 4)), ends_at=at("15:00", date(2026, 3, 4)))
        self.make_move(self.mediation, "postpone")  # their own one does not stand in its way

    def test_a_mediator_who_is_not_on_the_panel(self) -> None:
        MediatorTerms.objects.create(person=self.mediator, is_on_panel=False, set_at=NOW)
        self.assertEqual(self.refused(), "off_panel")

    def test_a_recusal_granted_or_not_decided_yet(self) -> None:
        row = Recusal.objects.create(
            mediation=self.mediation, mediator=self.mediator, asked_by="worker", ground="relative", reason="系老板表弟",
            entered_by=self.county, entered_at=NOW,
        )  # fmt: skip
        self.assertEqual(self.refused(), "recusal_open")
        Recusal.objects.filter(pk=row.pk).update(state="granted")
        self.assertEqual(self.refused(), "mediator_recused")
        Recusal.objects.filter(pk=row.pk).update(state="denied")
        self.make_move(self.mediation, "schedule")

    def test_who_is_recused_neither_takes_the_case_nor_records_what_became_of_it(self) -> None:
        new = self.make_mediation("applied", self.make_other_claim())
        held = self.make_mediation("held", starts_at=at("14:00"), ends_at=at("15:00"))
        self.make_move(self.mediation, "schedule")
        for mediation in (new, held, self.mediation):
            Recusal.objects.create(
                mediation=mediation, mediator=self.mediator, asked_by="worker", ground="relative", reason="系老板表弟", state="granted",
                entered_by=self.county, entered_at=NOW,
            )  # fmt: skip
        self.assertEqual(self.refused("accept", new), "mediator_recused")
        self.assertEqual(self.refused("hold"), "mediator_recused")
        self.assertEqual(self.refused("agree", held), "mediator_recused")
        self.make_move(new, "accept", mediator=self.mediator2)
        self.make_move(self.mediation, "postpone", mediator=self.mediator2)
        self.make_move(self.mediation, "hold")
        self.make_move(self.mediation, "agree")

    def test_work_is_not_handed_over_to_who_is_recused(self) -> None:
        kind, other = KINDS["mediation"], self.make_mediation("accepted", self.make_other_claim())
        Recusal.objects.create(
            mediation=other, mediator=self.mediator2, asked_by="worker", ground="relative", reason="系老板表弟", entered_by=self.county, entered_at=NOW
        )
        self.assertEqual(kind.give(kind, [self.mediation, other], self.mediator, self.mediator2), {self.mediation.pk})
        other.refresh_from_db()
        self.assertEqual(other.mediator, self.mediator)

    def test_a_room_that_is_closed_then(self) -> None:
        Blackout.objects.create(room=self.room, span=(at("10:00"), at("12:00")), reason="消防检查", entered_by=self.county, entered_at=NOW)
        self.assertEqual(self.refused(), "room_blackout")
        self.assertEqual(self.said, "“第一调解室”2026-03-03 10:00 至 2026-03-03 12:00 停用（消防检查），请另选时间或调解室。")
        self.make_move(self.mediation, "schedule", ends_at=at("10:00"))

    def test_the_buffer_is_the_databases_own(self) -> None:
        self.set_rule(buffer=15)
        self.make_move(self.mediation, "schedule")  # 09:00–10:30
        other = self.make_mediation("accepted", self.make_other_claim())
        for room, mediator in ((self.room, self.mediator2), (self.room2, self.mediator)):
            self.assertIn(self.refused(mediation=other, room=room, mediator=mediator, starts_at=at("10:30"), ends_at=at("11:00")), ("room_taken", "mediator_taken"))
            self.assertIn("须留出间隔", self.said)
        self.make_move(other, "schedule", starts_at=at("10:45"), ends_at=at("11:00"))
        hearing = other.hearings.get()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Hearing.objects.filter(pk=hearing.pk).update(busy=(at("10:30"), at("11:15")))
        with self.assertRaises(IntegrityError), transaction.atomic():  # and nobody is less busy than the hearing lasts
            Hearing.objects.filter(pk=hearing.pk).update(busy=(at("10:45"), at("10:50")))

    def test_a_rest_day_wants_the_parties_to_agree(self) -> None:
        day = date(2026, 3, 7)  # Saturday
        sitting = {"starts_at": at("09:00", day), "ends_at": at("10:00", day)}
        self.assertEqual(self.refused(**sitting), "rest_day")
        self.assertIn("双方当事人已同意", self.said)
        self.make_move(self.mediation, "schedule", **sitting, anyway=True)

    def test_a_saturday_on_which_the_office_hears_is_no_rest_day(self) -> None:
        self.set_rule(weekdays=[1, 5])
        sunday, saturday = date(2026, 3, 8), date(2026, 3, 7)
        self.assertEqual(self.refused(starts_at=at("09:00", sunday), ends_at=at("10:00", sunday)), "rest_day")
        self.make_move(self.mediation, "schedule", starts_at=at("09:00", saturday), ends_at=at("10:00", saturday))

    def test_short_notice_wants_the_parties_to_agree(self) -> None:
        self.set_rule(notice=2)
        self.assertEqual(self.refused(), "short_notice")  # for Tuesday the Friday before
        wednesday = date(2026, 3, 4)
        self.make_move(self.mediation, "schedule", starts_at=at("09:00", wednesday), ends_at=at("10:00", wednesday))
        self.assertEqual(self.refused("postpone"), "short_notice")
        self.make_move(self.mediation, "postpone", anyway=True)

    def test_a_result_that_is_undone_is_asked_what_a_booking_is_asked(self) -> None:
        for move in ("schedule", "adjourn"):
            self.make_move(self.mediation, move)
        shut = Blackout.objects.create(room=self.room, span=(at("10:00"), at("12:00")), reason="消防检查", entered_by=self.county, entered_at=NOW)
        self.assertEqual(self.refused("undo"), "room_blackout")
        shut.delete()
        leave = Leave.objects.create(person=self.mediator, starts_on=TOMORROW, ends_on=TOMORROW)
        self.assertEqual(self.refused("undo"), "mediator_away")
        with self.assertRaises(Refused), transaction.atomic():
            hearings.advance(self.mediation, "undo", self.mediator, now=at("08:59"), reason="误登")
        hearings.advance(self.mediation, "undo", self.mediator, now=at("11:00"), reason="误登")  # it is over: only what was said of it changes
        self.assertEqual(self.mediation.hearings.get().state, "scheduled")
        leave.delete()

    def test_a_half_day_that_does_not_suit_a_party(self) -> None:
        worker = self.mediation.claim.claimants.get()
        PartyDay.objects.create(mediation=self.mediation, party_id=worker.pk, day=TOMORROW, part="am", said_at=NOW)
        self.assertEqual(self.refused(), "party_unsuited")
        self.assertIn("李建国", self.said)
        self.make_move(self.mediation, "schedule", starts_at=at("14:00"), ends_at=at("15:00"))

    def test_a_stale_page_moves_nothing(self) -> None:
        self.make_move(self.mediation, "schedule")
        self.make_move(self.mediation, "postpone", version=0)
        self.assertEqual(self.refused("postpone", version=0, starts_at=at("16:00"), ends_at=at("17:00")), "stale")
        self.assertIn("2026-03-03 14:00–15:00", self.said)
        self.assertEqual(self.mediation.hearings.get().starts_at, at("14:00"))
        self.make_move(self.mediation, "postpone", version=1, starts_at=at("16:00"), ends_at=at("17:00"))
        self.assertEqual(self.mediation.hearings.get().version, 2)


class InTheWayTest(MediationTestCase):
    """What comes in the way of a hearing that is booked is told to who holds it and to who has the case."""

    def setUp(self) -> None:
        self.mediation = self.make_mediation("scheduled")  # tomorrow 09:00–10:30, 条和 in room 1

    def told(self) -> list[tuple[Any, str]]:
        rows = Notice.objects.filter(kind="hearing_in_the_way", channel="in_app").order_by("created_at", "recipient__full_name")
        return [(row.recipient, row.facts["why_msgid"]) for row in rows]

    def test_a_leave_that_covers_it(self) -> None:
        later = TOMORROW + timedelta(days=1)
        leave = enter_leave(self.mediator, self.mediator, now=NOW, starts_on=later, ends_on=later)
        self.assertEqual(self.told(), [])
        change_leave(leave, self.mediator, now=NOW, starts_on=TOMORROW, ends_on=later, deputy=None)
        self.assertEqual(self.told(), [(self.chief, "调解员请假")])  # she herself knows
        change_leave(leave, self.mediator, now=NOW, starts_on=TOMORROW, ends_on=later + timedelta(days=1), deputy=None)
        self.assertEqual(len(self.told()), 1)  # once
        task = Task.objects.get(kind="hearing_to_move")
        self.assertEqual((task.owner, task.due_on, task.subject_id), (self.chief, TODAY, self.mediation.claim_id))
        self.assertIn("调解员请假", words(task)[1])
        self.make_move(self.mediation, "postpone", mediator=self.mediator2)
        task.refresh_from_db()
        self.assertIsNotNone(task.done_at)

    def test_out_of_the_way_again_nobody_has_to_move_it(self) -> None:
        is_open = Task.objects.filter(kind="hearing_to_move", done_at=None).exists
        leave = enter_leave(self.mediator, self.mediator, now=NOW, starts_on=TOMORROW, ends_on=TOMORROW)
        rooms.close(self.room, self.county, now=NOW, starts_at=at("08:00"), ends_at=at("10:00"), reason="检修")
        cancel_leave(leave, self.mediator, now=NOW)
        self.assertTrue(is_open(), "the room is closed still")
        rooms.reopen(Blackout.objects.get(), self.county, now=NOW)
        self.assertFalse(is_open())
        leave = enter_leave(self.mediator, self.mediator, now=NOW, starts_on=TOMORROW, ends_on=TOMORROW)
        self.assertTrue(is_open())
        later = TOMORROW + timedelta(days=3)
        change_leave(leave, self.mediator, now=NOW, starts_on=later, ends_on=later, deputy=None)
        self.assertFalse(is_open())
        party = parties_of(self.mediation.claim)[0]
        add_days(self.mediation, party, [(TOMORROW, "am")], self.county, now=NOW)
        self.assertTrue(is_open())
        drop_day(PartyDay.objects.get(), self.county, now=NOW)
        self.assertFalse(is_open())

    def test_a_room_that_is_closed(self) -> None:
        rooms.close(self.room2, self.county, now=NOW, starts_at=at("08:00"), ends_at=at("12:00"), reason="检修")
        rooms.close(self.room, self.county, now=NOW, starts_at=at("10:30"), ends_at=at("12:00"), reason="检修")
        self.assertEqual(self.told(), [])
        rooms.close(self.room, self.county, now=NOW, starts_at=at("08:00"), ends_at=at("10:00"), reason="检修")
        self.assertEqual(set(self.told()), {(self.mediator, "调解室停用"), (self.chief, "调解室停用")})
        task = Task.objects.get(kind="hearing_to_move", done_at=None)
        self.make_move(self.mediation, "fail")
        task.refresh_from_db()
        self.assertIsNotNone(task.done_at)


class TogetherTest(Refusing):
    """Online and back; two cases against one firm heard together, and apart again."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.online = Room.objects.create(name="线上一室", region_id="321322", medium="online", link="https://meeting.example/1")
        cls.make_move(cls.mediation, "schedule")
        cls.first = cls.mediation.hearings.get()
        cls.other = cls.make_mediation("accepted", cls.make_handled_claim(claimants=[ClaimantFacts("王芳", "13900000009")]))

    def test_online_and_back_at_the_same_time(self) -> None:
        self.assertEqual(self.refused("convert", room=self.room2, reason="x"), "same_medium")
        self.make_move(self.mediation, "convert", room=self.online, reason="工人已回老家")
        hearing = self.mediation.hearings.get()
        self.assertEqual((hearing.room, hearing.span, hearing.version), (self.online, self.first.span, 1))
        event = self.mediation.claim.events.order_by("-seq").first()
        self.assertEqual((event.facts["reason"], event.facts["was_room"]), ("工人已回老家", "第一调解室"))
        self.make_move(self.mediation, "convert", room=self.room, reason="网络不好")

    def test_who_is_called_online_is_told_so_and_finds_the_way_in(self) -> None:
        claim, words = self.mediation.claim, lambda: message_of(self.mediation.claim.events.order_by("-seq").first()).kind
        worker = claim.claimants.get()
        (one,) = worker_page.hearings(claim, worker, TODAY)
        self.assertEqual((one.where, one.link, one.starts_at), ("第一调解室", "", at("09:00")))
        self.make_move(self.mediation, "convert", room=self.online, reason="工人已回老家")
        self.assertEqual(words(), "worker_hearing_moved_online")
        (one,) = worker_page.hearings(claim, worker, TODAY)
        self.assertEqual((one.where, one.link), ("线上一室", "https://meeting.example/1"))
        self.assertEqual(one.door, f"/track/hearings/{self.mediation.hearings.get().pk}/")
        self.assertEqual(worker_page.hearings(claim, self.other.claim.claimants.get(), TODAY), [])  # only who is called
        for move, kind in (("adjourn", "worker_hearing_off"), ("undo", "worker_hearing_online")):
            self.make_move(self.mediation, move)
            self.assertEqual(words(), kind)
        self.make_move(self.mediation, "convert", room=self.room, reason="网络不好")
        self.assertEqual(words(), "worker_hearing_moved")
        self.assertEqual(worker_page.hearings(claim, worker, TOMORROW + timedelta(days=1)), [])

    def test_another_link_reaches_who_is_called(self) -> None:
        self.make_move(self.mediation, "convert", room=self.online, reason="工人已回老家")
        events, version = self.mediation.claim.events.count(), self.mediation.hearings.get().version
        facts = {name: getattr(self.online, name) for name in ("name", "medium", "address", "capacity", "is_step_free", "is_active", "link", "equipment")}
        rooms.change(self.online, self.county, now=NOW, version=1, **facts)
        self.assertEqual(self.mediation.claim.events.count(), events)  # the same link
        rooms.change(self.online, self.county, now=NOW, version=2, **{**facts, "link": "https://meeting.example/2"})
        event = self.mediation.claim.events.order_by("-seq").first()
        self.assertEqual((event.facts["move"], message_of(event).kind), ("way_changed", "worker_hearing_way"))
        told = Notice.objects.filter(kind="hearing_way_changed", channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.mediator, self.chief})
        self.assertEqual(self.mediation.hearings.get().version, version + 1)
        self.assertEqual(worker_page.hearings(self.mediation.claim, self.mediation.claim.claimants.get(), TODAY)[0].link, "https://meeting.example/2")
        self.assertEqual(self.other.claim.events.filter(facts__move="way_changed").count(), 0)

    def test_those_held_together_move_together_or_are_split(self) -> None:
        self.make_move(self.other, "join", hearing=self.first, reason="同一用人单位")
        joint = Hearing.objects.get(mediation=self.mediation).joint
        self.make_move(self.mediation, "convert", room=self.online, reason="工人已回老家")
        self.assertEqual({row.room for row in Hearing.objects.all()}, {self.online})
        later = {"starts_at": at("14:00"), "ends_at": at("15:00")}
        self.make_move(self.mediation, "postpone", room=self.room2, mediator=self.mediator2, together=True, **later)
        rows = Hearing.objects.live()
        self.assertEqual({(row.room, row.mediator, row.starts_at, row.joint) for row in rows}, {(self.room2, self.mediator2, at("14:00"), joint)})
        self.other.refresh_from_db()
        self.assertEqual(self.other.mediator, self.mediator2)
        for mediation in (self.mediation, self.other):
            event = mediation.claim.events.order_by("-seq").first()
            self.assertEqual((event.facts["move"], event.facts["was_room"]), ("postpone", "线上一室"))
        # one that is refused keeps all where they are
        Recusal.objects.create(mediation=self.other, mediator=self.mediator, asked_by="worker", ground="interest", reason="x", entered_by=self.county, entered_at=NOW)
        with self.assertRaises(Refused) as caught:
            self.make_move(self.mediation, "postpone", together=True)
        self.assertEqual(caught.exception.code, "recusal_open")
        self.assertEqual({row.mediator for row in rows.all()}, {self.mediator2})
        # without it this one leaves
        self.make_move(self.mediation, "postpone", starts_at=at("16:00"), ends_at=at("17:00"), mediator=self.mediator2)
        self.assertEqual(len({row.joint for row in rows.all()}), 2)

    def test_a_result_undone_does_not_come_back_into_those_that_moved_on(self) -> None:
        third = self.make_mediation("accepted", self.make_handled_claim(claimants=[ClaimantFacts("赵六")]))
        for one in (self.other, third):
            self.make_move(one, "join", hearing=self.first, reason="同一用人单位")
        self.make_move(self.mediation, "adjourn")
        self.make_move(self.other, "postpone", starts_at=at("09:30"), ends_at=at("11:00"), room=self.room2, mediator=self.mediator2, together=True)
        with self.assertRaises(Refused) as caught:
            self.make_move(self.mediation, "undo")
        self.assertEqual(caught.exception.code, "party_taken")  # the firm sits elsewhere by now

    def test_joining_asks_what_a_booking_asks_of_the_parties(self) -> None:
        PartyDay.objects.create(mediation=self.other, party_id=self.other.claim.claimants.get().pk, day=TOMORROW, part="am", said_at=NOW)
        with self.assertRaises(Refused) as caught:
            self.make_move(self.other, "join", hearing=self.first, reason="同一用人单位")
        self.assertEqual(caught.exception.code, "party_unsuited")
        self.make_move(self.other, "join", hearing=self.first, reason="同一用人单位", anyway=True)

    def test_two_cases_against_one_firm_are_heard_together(self) -> None:
        self.assertEqual(self.refused(mediation=self.other, room=self.room2, mediator=self.mediator2), "party_taken")
        self.make_move(self.other, "join", hearing=self.first, reason="同一用人单位")
        joined = self.other.hearings.get()
        self.assertEqual((joined.room, joined.span, joined.mediator, joined.joint), (self.room, self.first.span, self.mediator, self.first.joint))
        self.assertEqual(self.other.mediator, self.mediator)
        third = self.make_mediation("accepted", self.make_other_claim())
        self.assertEqual(self.refused(mediation=third), "room_taken")

    def test_moved_away_each_stands_alone(self) -> None:
        self.make_move(self.other, "join", hearing=self.first, reason="同一用人单位")
        self.make_move(self.other, "postpone")
        apart = self.other.hearings.get()
        self.assertNotEqual(apart.joint, self.first.joint)
        self.assertEqual(apart.attendances.first().joint, apart.joint)
        there = {"starts_at": at("09:00"), "ends_at": at("10:30"), "room": self.room2, "mediator": self.mediator2}
        self.assertEqual(self.refused("postpone", self.other, **there), "party_taken")

    def test_one_that_is_over_cannot_be_joined(self) -> None:
        self.make_move(self.mediation, "adjourn")
        self.assertEqual(self.refused("join", self.other, hearing=self.first, reason="x"), "hearing_gone")

    def test_heard_together_counts_once_for_the_mediators_day(self) -> None:
        MediatorTerms.objects.create(person=self.mediator, daily=1, set_at=NOW)
        self.make_move(self.other, "join", hearing=self.first, reason="同一用人单位")
        strangers = [RespondentFacts("沭阳恒达建筑有限公司")]
        third = self.make_mediation("accepted", self.make_handled_claim(claimants=[ClaimantFacts("赵六")], respondents=strangers))
        late = {"starts_at": at("16:00"), "ends_at": at("17:00")}
        self.assertEqual(self.refused(mediation=third, **late), "mediator_full")
