"""So many officers want one room and one mediator at one time, in the same moment, over many connections: half of them arrange
a hearing there, half move one there. Exactly one gets it, and every other hears who was first.
"""

import copy
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from threading import Barrier, local
from typing import Any

from django.db import connection
from django.db.models.base import ModelState
from django.utils import timezone

from arrears import casework
from arrears.models import Claim, Claimant
from bench import city
from bench.report import Figures, say
from bench.slotting import LENGTH, claim_of, furnish
from grid.days import SHANGHAI, day_of
from grid.ids import uuid7
from grid.models import Leave, Person
from grid.refused import Refused
from mediation import hearings
from mediation.models import Attendance, Blackout, Hearing, HearingRule, Mediation, Room

FAULTS = ("errors", "doubled", "half_done")
CONNECTIONS = 20  # at once
CLEAR = {"room_taken", "mediator_taken", "mediator_full"}  # what whoever was not first may hear
CLOCKS = ("08:30", "10:15", "14:00", "15:45")


def run(size: int, seed: int) -> Figures:
    now = timezone.now()
    city.build_alone()
    rooms, people, _office = furnish(now)
    for model in (Leave, Blackout, HearingRule):  # nothing is in the way but the others
        model.objects.all().delete()
    slot = Slot(rooms[0], people[0], datetime.combine(day_of(now) + timedelta(days=30), datetime.min.time(), SHANGHAI) + timedelta(hours=9))
    say(f"{size:,} cases that wait for one slot")
    tries = cases(size, rooms[1:], people[1:], slot, now)
    Random(seed).shuffle(tries)
    say(f"{size:,} tries over {CONNECTIONS} connections")
    said, slowest = together(tries)
    there = Hearing.objects.live().filter(room=slot.room, span__overlap=(slot.starts_at, slot.ends_at)).count()
    refused = sum(count for code, count in said.items() if code in CLEAR)
    return {
        "tries": size, "connections": CONNECTIONS, "booked": said["booked"], "refused": refused,
        "errors": size - said["booked"] - refused, "doubled": abs(there - 1), "said": dict(said),
        "half_done": half_done(), "slowest_ms": round(slowest),
    }  # fmt: skip


class Slot:
    def __init__(self, room: Room, mediator: Person, starts_at: datetime) -> None:
        self.room, self.mediator, self.starts_at, self.ends_at = room, mediator, starts_at, starts_at + LENGTH

    def answers(self) -> dict[str, Any]:
        return {"room": self.room, "mediator": self.mediator, "starts_at": self.starts_at, "ends_at": self.ends_at, "anyway": True}


def cases(size: int, rooms: list[Room], people: list[Person], slot: Slot, now: datetime) -> list[Callable[[], Any]]:
    """Each with a worker of its own; every second one has a hearing on another day already."""
    first = claim_of("工人", now)
    casework.advance(first, "accept", None, now=now)
    claims = Claim.objects.bulk_create([twin(first, number=f"{first.number}-{n}", public_number=f"slot{n}") for n in range(size)])
    worker = first.claimants.get()
    Claimant.objects.bulk_create([twin(worker, claim=claim, name=f"工人{n}") for n, claim in enumerate(claims)])
    like = dict(applied_on=day_of(now), applied_at=now, request="请求支付工资", mediator=slot.mediator)
    rows = [Mediation(claim=claim, state="scheduled" if n % 2 else "accepted", **like) for n, claim in enumerate(claims)]
    Mediation.objects.bulk_create(rows)
    arrange(rows[1::2], rooms, people, now)
    return [(lambda row=row: move(row, slot, now)) for row in rows]


def arrange(rows: list[Mediation], rooms: list[Room], people: list[Person], now: datetime) -> None:
    """On days before the slot's, as many at a time as there are mediators."""
    made = []
    for number, row in enumerate(rows):
        turn, seat = divmod(number, len(people))
        day = day_of(now) + timedelta(days=2 + turn // len(CLOCKS))
        start = datetime.combine(day, datetime.strptime(CLOCKS[turn % len(CLOCKS)], "%H:%M").time(), SHANGHAI)
        span = (start, start + LENGTH)
        made.append(Hearing(mediation=row, number=1, room=rooms[seat], mediator=people[seat], span=span, busy=span))
    Hearing.objects.bulk_create(made)
    Attendance.objects.bulk_create([
        Attendance(hearing=one, party_kind="worker", party_id=one.pk, party_key=f"claimant:{one.pk}", name="某人", span=one.span, joint=one.joint)
        for one in made
    ])  # fmt: skip


def move(row: Mediation, slot: Slot, now: datetime) -> None:
    if row.state == "scheduled":
        hearings.advance(row, "postpone", None, now=now, reason="换一天", version=0, **slot.answers())
    else:
        hearings.advance(row, "schedule", None, now=now, **slot.answers())


def together(tries: list[Callable[[], Any]]) -> tuple[Counter[str], float]:
    """What became of them, by word; and the longest anybody waited, in milliseconds."""
    start, mine = Barrier(CONNECTIONS), local()

    def attempt(act: Callable[[], Any]) -> tuple[str, float]:
        if not hasattr(mine, "begun"):
            mine.begun = True
            start.wait(60)
        begun = time.monotonic()
        try:
            act()
            word = "booked"
        except Refused as refused:
            word = refused.code if refused.message.strip() else "unsaid"
        except Exception as error:  # counted, and shown by its name
            word = type(error).__name__
        return word, 1000 * (time.monotonic() - begun)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        done = list(pool.map(attempt, tries))
        list(pool.map(lambda _n: connection.close(), range(CONNECTIONS)))
    return Counter(word for word, _took in done), max(took for _word, took in done)


def half_done() -> int:
    """Mediations whose state and hearings disagree."""
    live = Hearing.objects.live().values("mediation")
    return Mediation.objects.filter(state="scheduled").exclude(pk__in=live).count() + Mediation.objects.filter(state="accepted", pk__in=live).count()


def twin(row: Any, **changes: Any) -> Any:
    """The same row under a new id."""
    other = copy.copy(row)
    other._state = ModelState()
    for name, value in {"pk": uuid7(), **changes}.items():
        setattr(other, name, value)
    return other
