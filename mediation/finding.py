"""找时间 for one mediation: what mediation.slots needs, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Aggregate, F, Q, TextField
from django.utils.translation import gettext as _

from arrears.models import Clock
from arrears.workdays import Calendar, NoCalendar
from grid.days import SHANGHAI, day_of
from grid.models import Leave, Person, Posting
from grid.refused import Refused
from grid.roles import MEDIATOR
from mediation import in_court
from mediation.hearing_days import rules_around
from mediation.models import (
    Attendance,
    Blackout,
    Hearing,
    Mediation,
    MediatorTerms,
    PartyDay,
    PartyTerms,
    Recusal,
    Room,
)
from mediation.models.scheduling import ASKED, GRANTED
from mediation.parties import Party, parties_of
from mediation.permits import mediators_for
from mediation.slots import finding
from mediation.slots.finding import MOST_DAYS, Found, Open, Place, Wish, window
from mediation.slots.kinds import PART_MASKS
from mediation.slots.masks import FIRST, LAST, span
from mediation.slots.rules import HearingDays, closed, in_force, is_short

LIMIT_RULE = "MED-15"
GOES_ON = 30  # days looked at where the parties have agreed to go on after the limit, unless another day is asked for
EPOCH = date(1970, 1, 1).toordinal()
AHEAD = 480  # minutes our wall clock is ahead of UTC, always since 1991

Taken = dict[Any, dict[date, int]]


@dataclass(frozen=True)
class Asked:
    """What whoever looks for a time says; everything has a default (asked_for)."""

    length: int
    last: date
    parties: tuple[Any, ...] = ()  # ids; (): everybody
    medium: str = ""
    equipment: frozenset[str] = frozenset()
    mediator: Any = None
    only_mediator: bool = False
    anyway: bool = False  # the parties agree to a rest day, or to short notice
    beyond: bool = False  # they agree to go on after the fifteen days
    first: date | None = None  # not before; None: today
    only_place: Any = None
    only_minute: int | None = None
    avoid: frozenset[Any] = frozenset()  # mediators
    avoid_rooms: frozenset[Any] = frozenset()
    with_it: tuple[Mediation, ...] = ()  # whose hearings are held together with it, and move with it
    limit: date | None = None  # the last of the fifteen days
    rules: tuple[HearingDays, ...] = ()


@dataclass(frozen=True)
class Times:
    """What was found, and from what."""

    found: Found
    wish: Wish
    asked: Asked
    rule: HearingDays
    parties: list[Party] = field(default_factory=list)


def limit_of(mediation: Mediation) -> date | None:
    clock = Clock.objects.running().filter(claim=mediation.claim_id, about_id=mediation.pk, rule_id=LIMIT_RULE).first()
    return clock.due_on if clock else None


def check_last(last: date, today: date) -> None:
    if not today <= last < today + timedelta(days=MOST_DAYS):
        raise Refused("too_far", _("请填写今天起 %(days)s 天以内的日期。") % {"days": MOST_DAYS})


def asked_for(mediation: Mediation, now: datetime, **said: Any) -> Asked:
    """The usual: the length the office's rule says, until the last day of the limit, with everybody; of those that move together the
    limit that ends first. Raises Refused: too_far."""
    today = day_of(now)
    if said.get("last"):
        check_last(said["last"], today)
    limit = min(filter(None, map(limit_of, (mediation, *said.get("with_it", ())))), default=None)
    rules = tuple(rules_around([mediation.claim.region_id]))
    rule = in_force(rules, mediation.claim.region_id, today)
    last = limit if limit and limit >= today and not said.get("beyond") else today + timedelta(days=GOES_ON)
    known = {name: value for name, value in said.items() if value not in (None, "")}
    return Asked(**{"length": rule.length, "last": last, "mediator": mediation.mediator_id, "limit": limit, "rules": rules, **known})


@dataclass
class Given:
    """What was given out in one go and is not in the database yet, so that nothing is proposed twice."""

    rooms: Taken = field(default_factory=dict)
    mediators: Taken = field(default_factory=dict)
    parties: Taken = field(default_factory=dict)
    load: Taken = field(default_factory=dict)

    def add(self, times: "Times", one: finding.Proposal, buffer: int) -> None:
        busy, heard = (span(one.minute, one.minute + times.wish.length + more) for more in (buffer, 0))
        for taken, key, mask in (
            (self.rooms, one.place.key, busy), (self.mediators, one.mediator.key, busy),
            *((self.parties, party.key, heard) for party in times.parties),
        ):  # fmt: skip
            days = taken.setdefault(key, {})
            days[one.day] = days.get(one.day, 0) | mask
        load = self.load.setdefault(one.mediator.key, {})
        load[one.day] = load.get(one.day, 0) + 1


def with_given(taken: dict[date, int], given: dict[date, int] | None) -> dict[date, int]:
    return taken if not given else {day: taken.get(day, 0) | given.get(day, 0) for day in {**taken, **given}}


NOTHING_GIVEN = Given()


def find_times(mediation: Mediation, asked: Asked, now: datetime, calendar: Calendar, given: Given = NOTHING_GIVEN) -> Times:
    today, claim = day_of(now), mediation.claim
    called = called_to(mediation, asked)
    days = window(max(today, asked.first or today), min(asked.last, today + timedelta(days=MOST_DAYS - 1)))
    fitting, fit = Room.objects.for_claim(claim), mediators_for(claim, today)
    for other in asked.with_it:
        fitting, fit = fitting.filter(pk__in=Room.objects.for_claim(other.claim).order_by().values("pk")), fit.filter(pk__in=mediators_for(other.claim, today).order_by().values("pk"))
    rooms, people = list(fitting.exclude(pk__in=asked.avoid_rooms)), list(fit.exclude(pk__in=asked.avoid))
    opens = [open_day(day, in_force(asked.rules, claim.region_id, day), asked, today, calendar) for day in days]
    wish = wish_of(mediation, asked, called, now)
    moving = (mediation, *asked.with_it)
    found = finding.find(
        wish, opens, places(rooms, claim, days, moving, given), mediators(people, moving, days, today, given), suits(called, moving, days, given)
    )
    return Times(found, wish, asked, in_force(asked.rules, claim.region_id, today), called)


def called_to(mediation: Mediation, asked: Asked) -> list[Party]:
    """Those who were chosen; of hearings that move together everybody. One firm, or one telephone, is one of them."""
    called = [party for party in parties_of(mediation.claim) if not asked.parties or str(party.pk) in {str(one) for one in asked.parties}]
    keys = {party.key for party in called}
    return called + [party for other in asked.with_it for party in parties_of(other.claim) if party.key not in keys]


def wish_of(mediation: Mediation, asked: Asked, called: Collection[Party], now: datetime) -> Wish:
    ids = [party.pk for party in called]
    terms = list(PartyTerms.objects.filter(mediation__in=(mediation, *asked.with_it), party_id__in=ids))
    here = now.astimezone(SHANGHAI)
    return Wish(
        people=len(called) + 1, length=asked.length, medium=asked.medium, equipment=asked.equipment, mediator=asked.mediator,
        only_mediator=asked.only_mediator, only_place=asked.only_place, only_minute=asked.only_minute, is_step_free=any(one.is_step_free for one in terms),
        languages=frozenset(one.language for one in terms if one.language and not one.has_interpreter),
        earliest_minute={here.date(): here.hour * 60 + here.minute + 1},
    )  # fmt: skip


def open_day(day: date, rule: HearingDays, asked: Asked, today: date, calendar: Calendar) -> Open:
    try:
        code = "" if asked.anyway else closed(day, rule, calendar)
        if not code and not asked.anyway and is_short(day, today, rule.notice, calendar):
            code = "short_notice"
    except NoCalendar:
        code = "no_calendar"
    if not code and asked.limit and day > asked.limit and not asked.beyond:
        code = "past_limit"
    return Open(day, rule.hours, code, rule.buffer)


# What is taken, by whom


class Minutes(Aggregate):
    """The ranges of a group as minutes since 1970, "begin-end,begin-end,…": ten thousand hearings come as a hundred rows."""

    template = "string_agg({} || '-' || {}, ',')".format(
        *(f"(extract(epoch FROM {bound}(%(expressions)s))::bigint / 60)" for bound in ("lower", "upper"))
    )
    output_field = TextField()


class Read(dict[str, tuple[tuple[date, int], ...]]):
    """"begin-end" → the days it touches and what of each is taken. Most hearings begin when others do."""

    def __missing__(self, said: str) -> tuple[tuple[date, int], ...]:
        start, end = (int(one) + AHEAD for one in said.split("-"))
        found = self[said] = tuple((date.fromordinal(EPOCH + ordinal), mask) for ordinal, mask in days_of(start, end))
        return found


def taken_of(rows: Any, key: str, column: str) -> tuple[Taken, Taken]:
    """Of each key what is taken of which day, and how many there are: those that begin together are held together. One query."""
    taken: Taken = {}
    counts: Taken = {}
    read = Read()
    for who, said in rows.order_by().values_list(key).annotate(minutes=Minutes(F(column))):
        of_key, count = taken.setdefault(who, {}), counts.setdefault(who, {})
        begun: set[str] = set()
        for one in said.split(","):
            begins = one.partition("-")[0]
            for day, mask in read[one]:
                of_key[day] = of_key.get(day, 0) | mask
                count[day] = count.get(day, 0) + (begins not in begun)
            begun.add(begins)
    return taken, counts


def days_of(start: int, end: int) -> list[tuple[int, int]]:
    """The days from minute to minute since 1970, and what of each is taken."""
    first, begins = divmod(start, 1440)
    last, ends = divmod(end, 1440)
    if first == last:
        return [(first, span(begins, ends))]
    whole = [(day, span(FIRST, LAST)) for day in range(first + 1, min(last, first + MOST_DAYS))]
    return [(first, span(begins, LAST)), *whole, *([(last, span(FIRST, ends))] if ends else [])]


def between(days: list[date]) -> tuple[datetime, datetime]:
    return datetime.combine(days[0], time(0), SHANGHAI), datetime.combine(days[-1] + timedelta(days=1), time(0), SHANGHAI)


Moving = Collection[Mediation]


def others(moving: Moving, days: list[date]) -> Any:
    return Hearing.objects.live().filter(span__overlap=between(days)).exclude(mediation__in=moving)


def places(rooms: list[Room], claim: Any, days: list[date], moving: Moving, given: Given) -> list[Place]:
    taken, _counts = taken_of(others(moving, days).filter(room__in=rooms), "room", "busy")
    shut, _counts = taken_of(Blackout.objects.filter(room__in=rooms, span__overlap=between(days)), "room", "span")
    return [
        Place(
            room.pk, room.name, room.capacity, rank_of(room, claim), room.is_step_free, room.medium, frozenset(room.equipment),
            with_given(taken.get(room.pk, {}), given.rooms.get(room.pk)), shut.get(room.pk, {}),
        )
        for room in rooms
    ]  # fmt: skip


def rank_of(room: Room, claim: Any) -> int:
    """Near to the case: its township, its county, another township of it, the city."""
    nearness = {claim.township_code: 0, claim.county_code: 1, claim.city_code: 3}
    return nearness.get(room.region_id, 2)


def mediators(people: list[Person], moving: Moving, days: list[date], today: date, given: Given) -> list[finding.Mediator]:
    taken, load = taken_of(others(moving, days).filter(mediator__in=people), "mediator", "busy")
    terms = MediatorTerms.objects.in_bulk([one.pk for one in people])
    by_post = set(Posting.objects.on(today).filter(person__in=people, role=MEDIATOR).values_list("person", flat=True))
    recused = set(Recusal.objects.filter(mediation__in=moving, state__in=[ASKED, GRANTED]).values_list("mediator", flat=True))
    away, court = leaves_of(people, days), masks_of(in_court.of_officers([one.pk for one in people], *between(days)))
    usual = MediatorTerms(daily=None)
    return [
        finding.Mediator(
            one.pk, one.full_name, 0 if one.pk in by_post else 1, frozenset((had := terms.get(one.pk, usual)).languages), had.daily,
            had.is_on_panel, one.pk in recused, away.get(one.pk, frozenset()),
            with_given(taken.get(one.pk, {}), given.mediators.get(one.pk)), court.get(one.pk, {}), sums(load.get(one.pk, {}), given.load.get(one.pk, {})),
        )
        for one in people
    ]  # fmt: skip


def masks_of(spans: in_court.Spans) -> Taken:
    """What of each day is taken."""
    masks: Taken = {}
    for key, found in spans.items():
        days = masks.setdefault(key, {})
        for starts_at, ends_at in found:
            for ordinal, mask in days_of(*(int(at.timestamp()) // 60 + AHEAD for at in (starts_at, ends_at))):
                day = date.fromordinal(EPOCH + ordinal)
                days[day] = days.get(day, 0) | mask
    return masks


def sums(one: dict[date, int], other: dict[date, int]) -> dict[date, int]:
    return {day: one.get(day, 0) + other.get(day, 0) for day in {**one, **other}}


def leaves_of(people: list[Person], days: list[date]) -> dict[Any, frozenset[date]]:
    away: dict[Any, set[date]] = defaultdict(set)
    rows = Leave.objects.filter(person__in=people, starts_on__lte=days[-1], ends_on__gte=days[0])
    for person, starts_on, ends_on in rows.values_list("person", "starts_on", "ends_on"):
        away[person].update(window(max(starts_on, days[0]), min(ends_on, days[-1])))
    return {person: frozenset(found) for person, found in away.items()}


def suits(called: list[Party], moving: Moving, days: list[date], given: Given) -> list[finding.Party]:
    elsewhere = Attendance.objects.filter(
        Q(is_live=True), ~Q(hearing__mediation__in=moving), party_key__in=[party.key for party in called], span__overlap=between(days)
    )
    taken, _counts = taken_of(elsewhere, "party_key", "span")
    unsuited: Taken = defaultdict(dict)
    for row in PartyDay.objects.filter(mediation__in=moving, day__range=(days[0], days[-1])):
        unsuited[row.party_id][row.day] = unsuited[row.party_id].get(row.day, 0) | PART_MASKS[row.part]
    court = masks_of(in_court.of_parties({party.key for party in called}, *between(days)))
    return [
        finding.Party(
            party.name, with_given(taken.get(party.key, {}), given.parties.get(party.key)), unsuited.get(party.pk, {}), court.get(party.key, {})
        )
        for party in called
    ]  # fmt: skip
