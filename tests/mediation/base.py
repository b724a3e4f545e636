"""Rooms, mediators and the steps of a mediation that the tests of this app share."""

import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models.base import ModelState

from arrears import casework
from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Claim
from grid import roles
from grid.days import SHANGHAI
from grid.ids import uuid7
from grid.models import Person
from mediation import hearings
from mediation.models import Hearing, Mediation, Room
from tests.base import NOW, TODAY, Cast, CastTestCase, make_person

TOMORROW = TODAY + timedelta(days=1)


def at(clock: str, day: date = TOMORROW) -> datetime:
    """at("09:30"): tomorrow, Tuesday 2026-03-03, in Shanghai."""
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), SHANGHAI)


class MediationCast(Cast):
    @classmethod
    def make_cast(cls) -> None:
        super().make_cast()
        cls.room = Room.objects.create(name="第一调解室", region_id="321322", capacity=8)
        cls.room2 = Room.objects.create(name="第二调解室", region_id="321322", capacity=4)
        cls.room_b = Room.objects.create(name="泗阳调解室", region_id="321323")
        cls.mediator2 = make_person("tiaojie", "田杰", roles.MEDIATOR, "321322")
        cls.mediator_b = make_person("siyangtj", "司洋", roles.MEDIATOR, "321323")

    @classmethod
    def make_handled_claim(cls, **changes: Any) -> Claim:
        claim = cls.make_claim(**changes)
        for move in ("accept", "handle"):
            casework.advance(claim, move, None, now=NOW)
        return claim

    @classmethod
    def make_other_claim(cls, **changes: Any) -> Claim:
        """Nobody in it is a party of make_claim()'s."""
        strangers = {
            "claimants": [ClaimantFacts("王芳", "13900000009")], "respondents": [RespondentFacts("沭阳恒达建筑有限公司")]
        }  # fmt: skip
        return cls.make_handled_claim(**{**strangers, **changes})

    @classmethod
    def make_mediation(cls, state: str = "accepted", claim: Claim | None = None, **sitting: Any) -> Mediation:
        """A mediation brought to `state` by its verbs; `sitting` overrides what scheduled() asks for."""
        mediation = hearings.apply(
            claim or cls.make_handled_claim(), cls.county, now=NOW, applied_on=TODAY, request="请求支付拖欠工资"
        )
        for move in WAY_TO[state]:
            cls.make_move(mediation, move, **(sitting if move == "schedule" else {}))
        return mediation

    @classmethod
    def make_copies(cls, mediation: Mediation, numbers: range) -> None:
        """Rows like `mediation` and its hearing, for lists: each a day later, with a claim of its own. No verbs."""
        claim, (hearing,) = mediation.claim, mediation.hearings.all()
        claims = [copy_of(claim, number=f"{claim.number}-{n}", public_number=f"副本{n}") for n in numbers]
        Claim.objects.bulk_create(claims)
        mediations = [copy_of(mediation, claim=one) for one in claims]
        Mediation.objects.bulk_create(mediations)
        spans = [(hearing.starts_at + timedelta(minutes=30 * n), hearing.starts_at + timedelta(minutes=30 * (n + 1))) for n in numbers]
        Hearing.objects.bulk_create(
            copy_of(hearing, mediation=one, span=span, busy=span, joint=uuid7()) for one, span in zip(mediations, spans, strict=True)
        )

    @classmethod
    def make_move(cls, mediation: Mediation, move: str, person: Person | None = None, **changes: Any) -> Mediation:
        answers = {**cls.answers_for(move, mediation), **changes}
        return hearings.advance(mediation, move, person or cls.mediator, now=NOW, **answers)

    @classmethod
    def answers_for(cls, move: str, mediation: Mediation) -> dict[str, Any]:
        sitting = {"room": cls.room, "mediator": cls.mediator, "starts_at": at("09:00"), "ends_at": at("10:30")}
        return {
            "accept": {"mediator": cls.mediator},
            "schedule": sitting,
            "postpone": {**sitting, "starts_at": at("14:00"), "ends_at": at("15:00"), "reason": "用人单位申请"},
            "convert": {"reason": "工人已回老家"},
            "join": {"reason": "同一用人单位"},
            "on_site": {"place": "陇集镇安置房工地", "length": "60"},
            "hold": {"minutes": "双方到场，就金额交换意见。"},
            "adjourn": {"reason": "双方需核对考勤"},
            "no_show": {"absent": [mediation.claim.respondents.all()[0].pk], "called_by": "phone", "called_proof": "3月1日通话两分钟"},
            "undo": {"reason": "误登"},
            "agree": agreement(),
            "fail": {"ground": "no_agreement", "reason": "金额差距过大"},
            "reinstate": {"reason": "登错了案件"},
        }[move]


def copy_of(row: Any, **changes: Any) -> Any:
    """The same row under a new id."""
    twin = copy.copy(row)
    twin._state = ModelState()
    for name, value in {"pk": uuid7(), **changes}.items():
        setattr(twin, name, value)
    return twin


WAY_TO = {
    "applied": (),
    "accepted": ("accept",),
    "scheduled": ("accept", "schedule"),
    "held": ("accept", "schedule", "hold"),
    "adjourned": ("accept", "schedule", "adjourn"),
    "no_show": ("accept", "schedule", "no_show"),
    "agreed": ("accept", "schedule", "hold", "agree"),
    "failed": ("fail",),
}


def agreement(**changes: Any) -> dict[str, Any]:
    """8,000.00 in two instalments, signed and sealed."""
    return {
        "total": Decimal("8000.00"), "effective_on": TODAY, "manner": "bank", "terms": "分两期支付工资。",
        "default_clause": "逾期未付的，可申请强制执行。",
        "instalments": [(date(2026, 3, 20), Decimal("3000.00")), (date(2026, 4, 20), Decimal("5000.00"))],
        "signed_by_parties": True, "signed_by_mediator": True, "sealed": True, **changes,
    }  # fmt: skip


class MediationTestCase(MediationCast, CastTestCase):
    pass
