"""The verbs of rooms: what they are, and when they are closed. All raise Refused."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.worker.notices import tell_workers
from grid.days import day_of
from grid.models import Person, Region
from grid.refused import Refused
from mediation import party_notices
from mediation.hearing_days import may_set
from mediation.in_the_way import CLOSED, announce, look_again, people_of, tell_of
from mediation.models import Blackout, Hearing, Room
from mediation.parties import WORKER
from mediation.sittings import take_turns, when
from mediation.slots.kinds import SITE

WAY_CHANGED = gettext_noop("调解会的地点或会议链接有变")
FEWEST, LONGEST = 3, timedelta(days=92)


def of_office(person: Person, today: date) -> QuerySet[Room]:
    """Of the regions the person works for, out of use too; not the sites at which somebody once sat."""
    wanted = Q(pk__in=[])
    for code in person.scope(today).regions:
        wanted |= Q(region__code__startswith=code)
    return Room.objects.filter(wanted).exclude(medium=SITE).select_related("region").order_by("region", "name")


def require_office(person: Person, code: str, now: datetime) -> None:
    if not may_set(person, code, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能管理该地区的调解室。"))


def add(region: Region, person: Person, *, now: datetime, **facts: Any) -> Room:
    require_office(person, region.pk, now)
    check(**facts)
    with name_refused():
        return Room.objects.create(region=region, **facts)


def change(room: Room, person: Person, *, now: datetime, version: int, **facts: Any) -> None:
    """Hearings that are arranged keep their room; where another address or meeting is reached by its name now, whoever is
    called to one is told."""
    require_office(person, room.region_id, now)
    check(**facts)
    with transaction.atomic():
        coming = list(Hearing.objects.live().filter(room=room, span__startswith__gt=now).for_list().select_related("mediation__mediator"))
        for claim in sorted({one.mediation.claim for one in coming}, key=lambda claim: claim.pk):  # before the room: as a booking does
            hold(claim)
        was = Room.objects.get(pk=room.pk)
        with name_refused():
            if not Room.objects.filter(pk=room.pk, version=version).update(**facts, version=F("version") + 1):
                raise Refused("stale", _("这间调解室刚刚已被他人改动，请刷新后再填写。"))
        kept = Room.objects.get(pk=room.pk)
        if (kept.medium, kept.way) != (was.medium, was.way):
            tell_way(coming, kept, person, now)


def tell_way(hearings: Iterable[Hearing], room: Room, person: Person, now: datetime) -> None:
    """Each is another version of itself from now on: the calendars that have it read the new way."""
    for hearing in hearings:
        if not Hearing.objects.live().filter(pk=hearing.pk, room=room).update(version=F("version") + 1):
            continue
        mediation, said = hearing.mediation, {"when": when(hearing.starts_at, hearing.ends_at), "room": room.name}
        called = hearing.attendances.filter(party_kind=WORKER).values_list("party_id", flat=True)
        event = record(
            mediation.claim, "mediation", person, now=now, move="way_changed", move_msgid=WAY_CHANGED, mediation=str(mediation.pk),
            hearing=str(hearing.pk), begins=hearing.starts_at.isoformat(), **said,
        )  # fmt: skip
        tell_workers(mediation.claim, event, list(called))
        party_notices.tell(mediation, hearing, event, party_notices.WAY, person, now)
        announce(
            mediation, [hearing.mediator, *people_of(mediation, day_of(now))], None, "hearing_way_changed", key=f"way:{hearing.pk}:{now.timestamp()}",
            now=now, hearing=str(hearing.pk), **said,
        )  # fmt: skip


def check(*, medium: str, capacity: int, link: str, **others: Any) -> None:
    if medium == "place" and capacity < FEWEST:
        raise Refused("too_small", _("一间调解室至少要容纳三人。"))
    if medium == "online" and not link:
        raise Refused("no_link", _("线上调解室请填写会议链接。"))


@contextmanager
def name_refused() -> Iterator[None]:
    """The database's word about a second room of one name, as a sentence; the transaction around it goes on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "one_room_per_region_and_name":
            raise
        raise Refused("name_taken", _("该地区已有同名的调解室，请换一个名称。")) from error


def close(room: Room, person: Person, *, now: datetime, starts_at: datetime, ends_at: datetime, reason: str) -> list[Hearing]:
    """Closed from … to …; the hearings that are arranged in that time, which somebody has to move: who holds
    them, and who has their cases, are told."""
    require_office(person, room.region_id, now)
    if ends_at <= starts_at:
        raise Refused("ends_before_start", _("结束时间须晚于开始时间。"))
    if ends_at <= now:
        raise Refused("in_the_past", _("这段时间已经过去，无需登记停用。"))
    if ends_at - starts_at > LONGEST:
        raise Refused("too_long", _("一次最多停用 92 天；更久的请把调解室设为停用。"))
    try:
        with transaction.atomic():
            take_turns(*days_between(starts_at, ends_at))  # a booking of these days is either seen below or sees this
            shut = Blackout.objects.create(room=room, span=(starts_at, ends_at), reason=reason, entered_by=person, entered_at=now)
            rows = Hearing.objects.live().filter(room=room, span__overlap=(starts_at, ends_at))
            hearings = list(rows.for_list().select_related("mediation__mediator"))
            tell_of([one for one in hearings if one.starts_at > now], CLOSED, person, key=f"blackout:{shut.pk}", now=now)
            return hearings
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "blackout_once":
            raise
        raise Refused("closed_already", _("这间调解室在这段时间里已登记停用，请先撤销原来的。")) from error


def days_between(starts_at: datetime, ends_at: datetime) -> list[Any]:
    first, last = day_of(starts_at), day_of(ends_at)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def reopen(blackout: Blackout, person: Person, *, now: datetime) -> None:
    require_office(person, blackout.room.region_id, now)
    if blackout.ends_at <= now:
        raise Refused("in_the_past", _("这次停用已经结束，不能撤销。"))
    with transaction.atomic():
        rows = Hearing.objects.live().filter(room=blackout.room, span__overlap=blackout.span, span__startswith__gt=now)
        hearings = list(rows.for_list().select_related("mediation__mediator"))
        blackout.delete()
        look_again(hearings, now)


def close_many(lines: Iterable[Any], person: Person, *, now: datetime) -> list[tuple[Any, str, list[Hearing]]]:
    """Each line by itself: what was wrong with it, or "", and the hearings in its way."""
    done = []
    for line in lines:
        try:
            done.append((line, "", close(line.room, person, now=now, starts_at=line.starts_at, ends_at=line.ends_at, reason=line.reason)))
        except Refused as refused:
            done.append((line, refused.message, []))
    return done
