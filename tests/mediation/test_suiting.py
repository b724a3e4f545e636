"""What a booking is refused for beside a clash, each refusal beside its success: recusal, leave, capacity, closed rooms, buffers,
rest days, notice and dates that do not suit; converting, joining and standing apart again."""

from datetime import date, time
from typing import Any

from django.db import IntegrityError, transaction

from arrears.handover_kinds import KINDS
from arrears.intake import ClaimantFacts, RespondentFacts
from grid.models import Leave
from grid.refused import Refused
from mediation import hearings
from mediation.models import Blackout, Hearing, HearingRule, Mediation, MediatorTerms, PartyDay, Recusal, Room
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
