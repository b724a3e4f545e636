"""Whatever is done in whatever order: no two hearings share room, mediator or party, nobody was left with an old notice, and
whoever is called has exactly one that holds."""

from datetime import datetime, time, timedelta
from itertools import combinations
from typing import Any

from django.test import SimpleTestCase, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from arrears import handover
from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.workdays import PUBLISHED
from grid.models import Notice
from grid.models.notices import QUEUED
from grid.refused import Refused
from mediation import batches, hearings, rooms
from mediation.models import Hearing, HearingLink, HearingRule, Mediation, Room
from mediation.notice_kinds import PARTY_KINDS
from mediation.worker_notices import OF_HEARINGS
from tests.arrears.test_worker_notices import SMS
from tests.base import NOW, TODAY
from tests.mediation.base import TOMORROW, MediationCast, at

BUFFER = timedelta(minutes=15)
ABOUT = ("hearing_scheduled", "hearing_moved", "mediation_moved")
MOVES = ["schedule", "schedule", "postpone", "together", "join", "convert", "adjourn", "hold", "undo", "no_show", "fail", "many", "give", "way"]
OPS = st.lists(
    st.tuples(st.sampled_from(MOVES), st.integers(0, 3), st.integers(0, 7), st.booleans(), st.booleans()), min_size=3, max_size=14
)


def check_no_overlap(test: SimpleTestCase) -> None:
    live = list(Hearing.objects.live().select_related("mediation").prefetch_related("attendances"))
    for one, other in combinations(live, 2):
        if one.joint == other.joint:
            test.assertEqual((one.room_id, one.mediator_id, one.span), (other.room_id, other.mediator_id, other.span))
            test.assertEqual(one.mediation.mediator_id, other.mediation.mediator_id)
            continue
        near = one.starts_at < other.ends_at + BUFFER and other.starts_at < one.ends_at + BUFFER
        at_once = one.starts_at < other.ends_at and other.starts_at < one.ends_at
        test.assertFalse(near and one.room_id == other.room_id)
        test.assertFalse(near and one.mediator_id == other.mediator_id)
        keys = [{row.party_key for row in hearing.attendances.all()} for hearing in (one, other)]
        test.assertFalse(at_once and keys[0] & keys[1])
    for hearing in live:
        test.assertEqual({row.span for row in hearing.attendances.all()}, {hearing.span})
    test.assertEqual(Mediation.objects.filter(state="scheduled").count(), len(live))


def check_no_orphan(test: SimpleTestCase) -> None:
    """Every notice names a hearing that is there, and the last one about it says what holds now."""
    told = Notice.objects.filter(kind__in=ABOUT, channel="in_app", facts__has_key="hearing").order_by("created_at", "id")
    last = {notice.facts["hearing"]: notice for notice in told}
    known = {str(hearing.pk): hearing for hearing in Hearing.objects.select_related("room")}
    test.assertLessEqual(last.keys(), known.keys())
    for pk, hearing in known.items():
        notice = last[pk]
        if hearing.is_live and notice.kind != "mediation_moved":
            test.assertEqual(notice.facts["when"], when(hearing))
            test.assertEqual(notice.facts["room"], hearing.room.name)
        if hearing.state in ("adjourned", "cancelled", "no_show"):
            test.assertEqual(notice.kind, "mediation_moved")


def check_called_once(test: SimpleTestCase) -> None:
    """What waits to go out to a worker: of a hearing to come one call, which says when and where; else none."""
    waiting = Notice.objects.filter(channel="sms", kind__in=OF_HEARINGS, state=QUEUED)
    for mediation in Mediation.objects.select_related("claim"):
        hearing = mediation.hearings.live().select_related("room").first()
        for worker in mediation.claim.claimants.all():
            calls = [notice for notice in waiting.filter(addressee_id=worker.pk) if notice.kind != "worker_hearing_off"]
            if hearing is None:
                test.assertEqual(calls, [])
                continue
            (call,) = calls
            test.assertEqual(call.facts["when"], when(hearing))
            test.assertEqual(call.kind.endswith("_online"), hearing.room.is_online)
            if not hearing.room.is_online:
                test.assertEqual(call.facts["room"], hearing.room.name)
            test.assertEqual(waiting.filter(addressee_id=worker.pk).count(), 1)


def check_firms_called_once(test: SimpleTestCase) -> None:
    """The same of what waits to go out to a respondent: through the link of the hearing to come, else nothing but that one is off."""
    kinds = [kind.name for kind in PARTY_KINDS if kind.name != "party_hearing_way"]
    waiting = list(Notice.objects.filter(channel="sms", addressee_kind="called", kind__in=kinds, state=QUEUED))
    links = {link.pk: link for link in HearingLink.objects.select_related("hearing__room")}
    calls = [(row, links[row.addressee_id].hearing) for row in waiting if row.kind != "party_hearing_off"]
    test.assertEqual({hearing.pk for _row, hearing in calls}, set(Hearing.objects.live().values_list("pk", flat=True)))
    test.assertEqual(len(calls), Hearing.objects.live().count())
    for row, hearing in calls:
        test.assertEqual(row.facts["when"], when(hearing))
        test.assertEqual("place_msgid" in row.facts, hearing.room.is_online)
        if not hearing.room.is_online:
            test.assertEqual(row.facts["place"], hearing.room.name)
    for row in waiting:
        test.assertEqual(row.kind == "party_hearing_off", not links[row.addressee_id].hearing.is_live)


def when(hearing: Hearing) -> str:
    return f"{hearing.starts_at:%Y-%m-%d %H:%M}–{hearing.ends_at:%H:%M}"


class Scene(MediationCast):
    @classmethod
    def make_scene(cls) -> None:
        cls.make_cast()
        cls.online = Room.objects.create(name="线上一室", region_id="321322", medium="online", link="https://meeting.example/1")
        HearingRule.objects.create(
            region_id="321322", since=TODAY, weekdays=[0, 1, 2, 3, 4], opens=time(8, 30), closes=time(17, 30), length=60, buffer=15, notice=0,
            set_by=cls.county, set_at=NOW,
        )  # fmt: skip
        firms = ("甲公司", "甲公司", "乙公司", "丙公司")  # the first two share their firm
        cls.rows = [
            cls.make_mediation(
                "accepted",
                cls.make_handled_claim(
                    claimants=[ClaimantFacts(f"工人{n}", f"1380000100{n}")],
                    respondents=[RespondentFacts(firm, phone=f"1370000100{n}", credit_code="91321322MA1M000000" if n < 2 else "")],
                ),
            )
            for n, firm in enumerate(firms)
        ]

    def fresh(self, which: int) -> Mediation:
        return Mediation.objects.select_related("claim", "claim__region", "mediator").get(pk=self.rows[which].pk)

    def move_many(self, now: datetime, way: str, *, room: bool, reason: str = "调解员生病") -> list[batches.Outcome]:
        seen = Hearing.objects.visible_to(self.county, TODAY)
        chosen = {"room": self.room, "mediator": None} if room else {"room": None, "mediator": self.mediator}
        rows = batches.to_move(seen, chosen["mediator"], chosen["room"], TOMORROW, TOMORROW, now)
        lines = batches.moves(rows, way, TOMORROW, TOMORROW, now, PUBLISHED, is_room=room)
        values = [line.value for line in lines if line.proposal]
        return batches.carry_out(values, Mediation.objects.visible_to(self.county, TODAY), self.county, now=now, reason=reason, anyway=True)


@override_settings(**SMS.options)
class SequenceTest(Scene, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.make_scene()

    @given(OPS)
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def test_no_overlap_no_orphan_notice_and_one_call_for_each_who_is_called(self, ops: list[tuple[str, int, int, bool, bool]]) -> None:
        for number, op in enumerate(ops):
            self.do(NOW + timedelta(seconds=number), *op)
            check_no_overlap(self)
            check_called_once(self)
            check_firms_called_once(self)
        check_no_orphan(self)

    def do(self, now: datetime, move: str, which: int, slot: int, other_room: bool, other_mediator: bool) -> None:
        if move == "many":
            for outcome in self.move_many(now, batches.KEEP_TIME if slot % 2 else batches.OTHER_TIME, room=other_room):
                self.assertTrue(outcome.said)
                self.assertNotEqual(outcome.code, "busy")
            return
        if move == "give":  # whoever leaves hands over everything; some of it may have to stay
            leaver, receiver = (self.mediator, self.mediator2) if other_mediator else (self.mediator2, self.mediator)
            handover.hand_over(leaver, [receiver], self.county, now=now, reason="调离岗位")
            return
        if move == "way":
            self.online.refresh_from_db()
            facts = {name: getattr(self.online, name) for name in ("name", "medium", "address", "capacity", "is_step_free", "is_active", "equipment")}
            rooms.change(self.online, self.county, now=now, version=self.online.version, **facts, link=f"https://meeting.example/{slot}")
            return
        mediation, is_together = self.fresh(which), move == "together"
        move = "postpone" if is_together else move
        start = at("09:00") + slot * timedelta(minutes=20)
        sitting = {
            "room": self.room2 if other_room else self.room, "mediator": self.mediator2 if other_mediator else self.mediator,
            "starts_at": start, "ends_at": start + timedelta(minutes=60), "together": is_together,
        }  # fmt: skip
        answers: dict[str, Any] = self.answers_for(move, mediation)
        if move in ("schedule", "postpone"):
            answers.update(sitting)
        if move == "convert":
            answers["room"] = self.room if other_room else self.online
        if move == "join":
            answers["hearing"] = Hearing.objects.live().exclude(mediation=mediation).first()
            if answers["hearing"] is None:
                return
        try:
            hearings.advance(mediation, move, self.county, now=now, **answers)
        except Refused as refused:
            self.assertTrue(refused.message)
