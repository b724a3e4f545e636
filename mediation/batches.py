"""Many hearings at once: moved away from a mediator who is ill or a room that is closed, or arranged on one day from the cases
that are ready. First a preview of what would happen to each; then each by itself, in a transaction of its own, with its outcome.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.translation import gettext as _

from arrears.claim_rows import workers_of
from arrears.models.claims import COLLECTIVE_FROM
from arrears.workdays import Calendar
from grid.days import SHANGHAI, day_of
from grid.models import Person
from grid.refused import Refused
from mediation import hearings
from mediation.finding import Given, asked_for, find_times
from mediation.mediation_rows import SCHEDULE
from mediation.models import Hearing, Mediation, Room
from mediation.permits import mediators_for
from mediation.sittings import when
from mediation.slots.finding import Proposal
from mediation.slots.masks import clock
from mediation.slots.rules import in_force
from mediation.times_page import TimesPage
from mediation.together import others

logger = logging.getLogger(__name__)

MOST = 40  # in one go
KEEP_TIME, OTHER_TIME = "keep", "other"
KINDS = ("", "group", "sensitive")
BY_AGE, BY_PRIORITY = "age", "priority"
ORDERS = {BY_AGE: ("applied_on", "id"), BY_PRIORITY: ("claim__rank", "due_on", "applied_on", "id")}


@dataclass(frozen=True)
class Line:
    """What would happen to one mediation. `value` is what the page sends back for it."""

    mediation: Mediation
    hearing: Hearing | None
    proposal: Proposal | None
    length: int
    why: str = ""  # nothing was found
    with_it: tuple[Mediation, ...] = ()  # held together with it

    @property
    def workers(self) -> str:
        return _("、").join(workers_of(one.claim) for one in (self.mediation, *self.with_it))

    @property
    def was(self) -> str:
        return f"{when(self.hearing.starts_at, self.hearing.ends_at)} · {self.hearing.room.name} · {self.hearing.mediator.full_name}" if self.hearing else ""

    @property
    def becomes(self) -> str:
        one = self.proposal
        return f"{one.day} {clock(one.minute):%H:%M}–{clock(one.minute + self.length):%H:%M} · {one.place.name} · {one.mediator.name}"

    @property
    def value(self) -> str:
        one, version = self.proposal, self.hearing.version if self.hearing else ""
        return f"{self.mediation.pk} {one.day} {clock(one.minute):%H:%M} {self.length} {one.place.key} {one.mediator.key} {version}".strip()


def to_move(seen: Any, mediator: Person | None, room: Room | None, first: date, last: date, now: datetime) -> list[Hearing]:
    """Hearings to come from a day to a day, early first; one more than are moved in one go says that there are more."""
    begins = max(now, datetime.combine(first, time(0), SHANGHAI))
    rows = seen.live().filter(span__overlap=(begins, datetime.combine(last + timedelta(days=1), time(0), SHANGHAI)))
    rows = rows.filter(mediator=mediator) if mediator else rows
    rows = rows.filter(room=room) if room else rows
    return list(rows.for_list().select_related("mediation__mediator")[: MOST + 1])


def moves(rows: Iterable[Hearing], way: str, first: date, last: date, now: datetime, calendar: Calendar, *, is_room: bool) -> Iterator[Line]:
    """Where each would go; those held together go together. The mediator who is away, or the room that is closed, is not asked
    again."""
    given, gone = Given(), set()
    for hearing in rows:
        if hearing.joint in gone:
            continue
        gone.add(hearing.joint)
        length = int((hearing.ends_at - hearing.starts_at).total_seconds() // 60)
        said: dict[str, Any] = {"length": length, "mediator": hearing.mediator_id if is_room else None, "with_it": tuple(others(hearing.mediation))}
        if is_room:
            said["avoid_rooms"] = frozenset({hearing.room_id})
        else:
            said["avoid"] = frozenset({hearing.mediator_id})
        if way == KEEP_TIME:
            day, starts = hearing.starts_at.date(), hearing.starts_at
            said |= {"first": day, "last": day, "only_minute": starts.hour * 60 + starts.minute, "anyway": True, "beyond": True}
            said |= {} if is_room else {"only_place": hearing.room_id}
        elif is_room:
            said |= {"first": last + timedelta(days=1), "avoid_rooms": frozenset()}
        else:  # with the same mediator, once they are back
            said |= {"avoid": frozenset(), "mediator": hearing.mediator_id, "only_mediator": True, "first": last + timedelta(days=1)}
        yield line_of(hearing.mediation, hearing, said, given, now, calendar)


def ready(seen: Any, region: str, kind: str, order: str) -> list[Mediation]:
    """Accepted or waiting for another hearing, by the rule that was chosen; one more than are arranged in one go, as above."""
    rows = seen.filter(state__in=SCHEDULE.sources).select_related("claim", "claim__region", "mediator")
    if region:
        rows = rows.filter(claim__region__code__startswith=region)
    if kind == "group":
        rows = rows.filter(claim__worker_count__gte=COLLECTIVE_FROM)
    if kind == "sensitive":
        rows = rows.exclude(claim__sensitive="")
    return list(rows.order_by(*ORDERS[order])[: MOST + 1])


def fills(rows: Iterable[Mediation], day: date, now: datetime, calendar: Calendar) -> Iterator[Line]:
    """Each on that day, as long as there is room."""
    given = Given()
    for mediation in rows:
        yield line_of(mediation, None, {"first": day, "last": day}, given, now, calendar)


def line_of(mediation: Mediation, hearing: Hearing | None, said: dict[str, Any], given: Given, now: datetime, calendar: Calendar) -> Line:
    try:
        asked = asked_for(mediation, now, **said)
    except Refused as refused:  # a hearing arranged for a day that is too far away to look at
        return Line(mediation, hearing, None, said.get("length") or 0, refused.message)
    if asked.first and asked.last < asked.first:
        return Line(mediation, hearing, None, asked.length, _("期限以内没有剩下的日子。"))
    times = find_times(mediation, asked, now, calendar, given)
    best = times.found.proposals[0] if times.found.proposals else None
    if best:
        given.add(times, best, in_force(asked.rules, mediation.claim.region_id, best.day).buffer)
    return Line(mediation, hearing, best, times.wish.length, "" if best else why_none(TimesPage(times)), asked.with_it)


def why_none(page: TimesPage) -> str:
    """The first things in the way."""
    lines = [*page.days, *page.mediators, *page.rooms][:3]
    return _("；").join(" ".join(filter(None, (line.who, line.why))) for line in lines)


@dataclass(frozen=True)
class Outcome:
    mediation: Mediation
    said: str
    code: str = ""  # of what refused it

    @property
    def is_done(self) -> bool:
        return not self.code


def carry_out(values: Sequence[str], seen: Any, person: Person, *, now: datetime, reason: str = "", anyway: bool = False) -> list[Outcome]:
    """Each by itself: what cannot be done leaves the others alone. Raises Refused: bad_lines, where none can be read."""
    done = []
    for value in values[:MOST]:
        parts = value.split()
        rows = seen.select_related("claim", "claim__region", "mediator")
        try:
            mediation = rows.filter(pk=UUID(parts[0])).first()
        except (IndexError, ValueError):  # no page of ours sends that
            continue
        if mediation is not None:
            done.append(one_of(mediation, parts[1:], person, now, reason, anyway))
    if values and not done:
        raise Refused("bad_lines", _("所选的各行读不出来，或者已经不在您的辖区，请重新预览后再选。"))
    return done


def one_of(mediation: Mediation, parts: Sequence[str], person: Person, now: datetime, reason: str, anyway: bool) -> Outcome:
    try:
        day, starts, length, room, mediator, *version = parts
        begins = datetime.combine(date.fromisoformat(day), time.fromisoformat(starts), SHANGHAI)
        answers: dict[str, Any] = {
            "room": Room.objects.for_claim(mediation.claim).get(pk=room), "mediator": mediators_for(mediation.claim, day_of(now)).get(pk=mediator),
            "starts_at": begins, "ends_at": begins + timedelta(minutes=int(length)),
        }  # fmt: skip
        seen_as = [int(one) for one in version]
    except (ValueError, OverflowError, ValidationError, Room.DoesNotExist, Person.DoesNotExist):
        return Outcome(mediation, _("这一行读不出来，请重新预览。"), "bad_line")
    move = "postpone" if version else "schedule"
    if version:
        answers |= {"reason": reason, "version": seen_as[0], "anyway": anyway, "together": True}
    try:
        hearings.advance(mediation, move, person, now=now, **answers)
    except Refused as refused:
        return Outcome(mediation, refused.message, refused.code)
    except OperationalError:  # the database ended one of two that waited for each other, or was gone: the others go on
        logger.exception("mediation %s was not booked", mediation.pk)
        return Outcome(mediation, _("系统正忙，这一件没有排上，请稍后再试。"), "busy")
    return Outcome(mediation, f"{when(answers['starts_at'], answers['ends_at'])} · {answers['room'].name} · {answers['mediator'].full_name}")
