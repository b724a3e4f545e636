"""Whatever is done in whatever order: no two hearings share room, mediator or party, and nobody was left with an old notice."""

from datetime import datetime, time, timedelta
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from arrears.intake import ClaimantFacts, RespondentFacts
from grid.models import Notice
from grid.refused import Refused
from mediation import hearings
from mediation.models import Hearing, HearingRule, Mediation
from tests.base import NOW, TODAY
from tests.mediation.base import MediationCast, at

BUFFER = timedelta(minutes=15)
ABOUT = ("hearing_scheduled", "hearing_moved", "mediation_moved")
OPS = st.lists(
    st.tuples(
        st.sampled_from(["schedule", "schedule", "postpone", "join", "adjourn", "hold", "undo", "no_show", "fail"]),
        st.integers(0, 3), st.integers(0, 7), st.booleans(), st.booleans(),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


class SequenceTest(MediationCast, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.make_cast()
        HearingRule.objects.create(
            region_id="321322", since=TODAY, weekdays=[0, 1, 2, 3, 4], opens=time(8, 30), closes=time(17, 30), length=60, buffer=15, notice=0,
            set_by=cls.county, set_at=NOW,
        )  # fmt: skip
        firms = ("甲公司", "甲公司", "乙公司", "丙公司")  # the first two share their firm
        cls.rows = [
            cls.make_mediation("accepted", cls.make_handled_claim(claimants=[ClaimantFacts(f"工人{n}")], respondents=[RespondentFacts(firm, credit_code="91321322MA1M000000" if n < 2 else "")]))
            for n, firm in enumerate(firms)
        ]

    @given(OPS)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_no_overlap_and_no_orphan_notice(self, ops: list[tuple[str, int, int, bool, bool]]) -> None:
        for number, op in enumerate(ops):
            self.do(NOW + timedelta(seconds=number), *op)
            self.no_overlap()
        self.no_orphan()

    def do(self, now: datetime, move: str, which: int, slot: int, other_room: bool, other_mediator: bool) -> None:
        mediation = Mediation.objects.select_related("claim", "mediator").get(pk=self.rows[which].pk)
        start = at("09:00") + slot * timedelta(minutes=20)
        sitting = {
            "room": self.room2 if other_room else self.room, "mediator": self.mediator2 if other_mediator else self.mediator,
            "starts_at": start, "ends_at": start + timedelta(minutes=60),
        }  # fmt: skip
        answers: dict[str, Any] = self.answers_for(move, mediation)
        if move in ("schedule", "postpone"):
            answers.update(sitting)
        if move == "join":
            answers["hearing"] = Hearing.objects.live().exclude(mediation=mediation).first()
            if answers["hearing"] is None:
                return
        try:
            hearings.advance(mediation, move, self.county, now=now, **answers)
        except Refused as refused:
            self.assertTrue(refused.message)

    def no_overlap(self) -> None:
        live = list(Hearing.objects.live().prefetch_related("attendances"))
        for one, other in combinations(live, 2):
            if one.joint == other.joint:
                self.assertEqual((one.room_id, one.mediator_id, one.span), (other.room_id, other.mediator_id, other.span))
                continue
            near = one.starts_at < other.ends_at + BUFFER and other.starts_at < one.ends_at + BUFFER
            at_once = one.starts_at < other.ends_at and other.starts_at < one.ends_at
            self.assertFalse(near and one.room_id == other.room_id)
            self.assertFalse(near and one.mediator_id == other.mediator_id)
            keys = [{row.party_key for row in hearing.attendances.all()} for hearing in (one, other)]
            self.assertFalse(at_once and keys[0] & keys[1])
        for hearing in live:
            self.assertEqual({row.span for row in hearing.attendances.all()}, {hearing.span})
        self.assertEqual(Mediation.objects.filter(state="scheduled").count(), len(live))

    def no_orphan(self) -> None:
        """Every notice names a hearing that is there, and the last one about it says what holds now."""
        told = Notice.objects.filter(kind__in=ABOUT, channel="in_app", facts__has_key="hearing").order_by("created_at", "id")
        last = {notice.facts["hearing"]: notice for notice in told}
        known = {str(hearing.pk): hearing for hearing in Hearing.objects.select_related("room")}
        self.assertLessEqual(last.keys(), known.keys())
        for pk, hearing in known.items():
            notice = last[pk]
            if hearing.is_live and notice.kind != "mediation_moved":
                self.assertEqual(notice.facts["when"], f"{hearing.starts_at:%Y-%m-%d %H:%M}–{hearing.ends_at:%H:%M}")
                self.assertEqual(notice.facts["room"], hearing.room.name)
            if hearing.state in ("adjourned", "cancelled", "no_show"):
                self.assertEqual(notice.kind, "mediation_moved")
