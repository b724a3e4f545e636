"""A claim as a row of a list shows it: on the claim list, the desk, wherever claims stand below each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.timezone import localtime
from django.utils.translation import gettext

from arrears.answerable import Left, next_clock, next_limit, target_within
from arrears.ladders import family_of, is_target
from arrears.models import Claim, Clock
from arrears.supervision.nudges import Nudged, may_nudge, nudged_of
from arrears.timing.counting import PAUSES
from arrears.workdays import Calendar
from grid.models import Person
from grid.roles import CITY, COUNTY, LEVEL_LABELS, TOWNSHIP

# Words, colour and picture go together (tone of tokens.css, symbol of icons.svg).
LEVEL_LOOKS = {TOWNSHIP: ("plain", "level-1"), COUNTY: ("info", "level-2"), CITY: ("brand", "level-3")}

DUE_LOOKS = {"overdue": ("bad", "late"), "past_target": ("bad", "local"), "near": ("warn", "near"), "on_time": ("good", "clock")}


@dataclass(frozen=True)
class Mark:
    """A badge: words, tone, icon, what the pointer shows."""

    text: str
    tone: str
    icon: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Day:
    on: date
    label: str = ""  # 法定, 约定, 目标, 目标已过; none where there is only one day


@dataclass(frozen=True)
class Row:
    claim: Claim
    workers: str
    place: str
    stage: Mark
    level: Mark
    due: Mark | None
    days: Sequence[Day] = ()  # the dates under it: the limit's and, within it, the city's own target
    nudged: Mark | None = None
    may_nudge: bool = False  # the reader, and it is time to
    group: Mark | None = None  # stands above others, or under one (arrears.groups.parts)
    again: Mark | None = None  # another claim of one of its workers, where the list looked for that


def rows_of(claims: Iterable[Claim], today: date, calendar: Calendar, person: Person) -> list[Row]:
    claims = list(claims)
    prefetch_related_objects(claims, running_clocks())
    nudged = nudged_of(claims)
    return [row_of(claim, today, calendar, nudged.get(claim.pk), person) for claim in claims]


def running_clocks() -> Prefetch:
    """What a row needs to know of a claim's time; those who prefetch the clocks themselves bring it."""
    return Prefetch("clocks", Clock.objects.running().prefetch_related(PAUSES))


def row_of(
    claim: Claim, today: date, calendar: Calendar, nudged: Nudged | None = None, person: Person | None = None
) -> Row:
    clocks = claim.clocks.all()
    clock = next_clock(clocks, today) if claim.is_open else None
    target = clock and target_within(clock, clocks)
    limit = next_limit(clocks) if clock and is_target(clock.rule_id) else None
    due = due_mark(claim, clock, target, today, calendar)
    return Row(
        claim, workers_of(claim), place_of(claim), stage_mark(claim), level_mark(claim.level), due, days_of(clock, target, limit, today),
        nudge_mark(nudged) if nudged and claim.is_open else None,
        bool(person and due and due.tone in ("bad", "warn") and may_nudge(claim, person, today)),
    )  # fmt: skip


def nudge_mark(nudged: Nudged) -> Mark:
    hint = gettext("最近一次催办：%(day)s") % {"day": localtime(nudged.last_at).date()}
    return Mark(gettext("催 %(count)s") % {"count": nudged.count}, "warn", "bell", hint)


def workers_of(claim: Claim) -> str:
    """李国庆, or 李国庆等 12 人."""
    if claim.worker_count == 1:
        return claim.worker_name
    first = claim.worker_name.rsplit(" +", 1)[0]
    return gettext("%(name)s等 %(count)s 人") % {"name": first, "count": claim.worker_count}


def place_of(claim: Claim) -> str:
    """沭阳县陇集镇: within the city nobody needs to be told the city."""
    return claim.region.full_name.rsplit(settings.CITY_NAME, 1)[-1]


def stage_mark(claim: Claim) -> Mark:
    return Mark(gettext(claim.state.label), claim.state.tone)


class OfClaim:
    """What every row and page about a claim says of it."""

    claim: Claim

    @property
    def workers(self) -> str:
        return workers_of(self.claim)

    @property
    def place(self) -> str:
        return place_of(self.claim)

    @property
    def stage(self) -> Mark:
        return stage_mark(self.claim)


@dataclass(frozen=True)
class Listed(OfClaim):
    """A claim in a short list of others."""

    claim: Claim


def level_mark(level: str) -> Mark:
    return Mark(gettext(LEVEL_LABELS[level]), *LEVEL_LOOKS[level])


def due_mark(claim: Claim, clock: Clock | None, target: Clock | None, today: date, calendar: Calendar) -> Mark | None:
    """None: the claim has ended, or nothing the office owes it is running."""
    if clock is None:
        return None
    left = Left.of(clock, today, calendar, target)
    if claim.suspended_until:
        return Mark(gettext("中止至 %(day)s") % {"day": claim.suspended_until.isoformat()}, left.tone, left.icon)
    return Mark(left.text, left.tone, left.icon)


def days_of(clock: Clock | None, target: Clock | None, limit: Clock | None, today: date) -> list[Day]:
    """`limit`: the next one that binds, where the clock itself is a target of the city's own."""
    if clock is None:
        return []
    if limit:
        return [target_day(clock, limit, today), limit_day(limit)]
    if target is None:
        return [Day(clock.due_on)]
    return [limit_day(clock), target_day(target, clock, today)]


def limit_day(limit: Clock) -> Day:
    return Day(limit.due_on, gettext("约定") if family_of(limit.rule_id) == "promise" else gettext("法定"))


def target_day(target: Clock, limit: Clock, today: date) -> Day:
    is_missed = target.due_on < today <= limit.due_on  # why the mark is red while nothing is overdue
    return Day(target.due_on, gettext("目标已过") if is_missed else gettext("目标"))
