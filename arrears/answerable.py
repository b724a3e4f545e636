"""Who must act on a claim, by when and why; and who will be told if nobody does. Reads; changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, gettext

from arrears.deadlines import TARGET, WAITED, Days, days_left, remaining, share_used
from arrears.escalation.known import asked_last, silent_until
from arrears.escalation.ordering import way_of
from arrears.escalation.seats import BODY, Case, hands_of, leads, own_levels_of, seated
from arrears.ladders import DUTY_LADDERS, Rung, day_of_what, family_of, is_target
from arrears.ladders.book import Book
from arrears.ladders.rungs import seat_phrase
from arrears.ladders.store import book_now
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Clock, Referral, Watch
from arrears.moves import Move
from arrears.permits import claim_posts
from arrears.phrases import Phrase
from arrears.rules import MONTHS, YEARS
from arrears.timing.counting import calendar_of
from arrears.timing.watches import UNACKED, times_on
from arrears.workdays import PAUSED, Calendar
from grid.duty import Called, Roster
from grid.models import Person, Region
from grid.roles import CITY, LEADS, LEVEL_WIDTHS, LEVELS, ROLES, above
from grid.scope import Post

NEAR_DAYS = 3


@dataclass(frozen=True)
class Left:
    """How a running clock stands on a day, with the city's target within its limit, if there is one. The limit gives
    the words, whichever day is earlier the colour."""

    text: str  # 还剩 3 个工作日
    days: int  # working days, negative when late
    percent: int  # of its time that is used, 100 when late
    tone: str
    icon: str
    target: str = ""  # 还剩 3 个工作日, of the target

    @classmethod
    def of(cls, clock: Clock, today: date, calendar: Calendar, target: Clock | None = None) -> "Left":
        days = calendar_of(clock, calendar)
        tone, icon = look_of(clock if target is None else min(clock, target, key=due_day), today)
        if days.why(today).cause in PAUSED:
            tone, icon = ("bad" if tone == "bad" else "muted"), "paused"
        return cls(
            text=left_of(clock, today, days).text(gettext),
            days=days.working_days_between(today, clock.due_on),
            percent=min(100, round(100 * share_used(clock.started_on, clock.due_on, today, days))),
            tone=tone, icon=icon,
            target=remaining(target.due_on, today, calendar_of(target, calendar), of=TARGET).text(gettext) if target else "",
        )  # fmt: skip


def left_of(clock: Clock, today: date, calendar: Days) -> Phrase:
    """The same words for the same limit wherever it is shown."""
    if clock.rule.unit in (MONTHS, YEARS):
        return days_left(clock.due_on, today)
    return remaining(clock.due_on, today, calendar, of=day_of_what(clock.rule_id))


def due_day(clock: Clock) -> date:
    return clock.due_on


def look_of(clock: Clock, today: date) -> tuple[str, str]:
    if clock.due_on < today:
        return ("good", "check") if day_of_what(clock.rule_id) == WAITED else ("bad", "late")
    return ("warn", "near") if is_near(clock, today) else ("good", "clock")


def is_near(clock: Clock, today: date) -> bool:
    return (clock.due_on - today).days <= NEAR_DAYS


class Places:
    """Names of the region of a claim at each level of the grid, read once; a list brings the `names` of all its claims."""

    def __init__(self, code: str, names: Mapping[str, str] | None = None) -> None:
        self.codes = {level: code[:width] for level, width in LEVEL_WIDTHS.items() if len(code) >= width}
        self._names = names_of(self.codes.values()) if names is None else names

    def name(self, level: str) -> str:
        return self._names.get(self.codes.get(level, ""), "")

    def post(self, level: str) -> str:
        """The post that leads a level: 陇集镇 乡镇（街道）网格长."""
        return f"{self.name(level)} {gettext(ROLES[LEADS[level]].label)}".strip()


def names_of(codes: Iterable[str]) -> dict[str, str]:
    return dict(Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


@dataclass(frozen=True)
class Duty:
    """The next thing the office owes this claim."""

    clock: Clock
    left: Left
    people: Sequence[Person]  # nobody: every post up to the city is vacant
    post: str
    vacant: Sequence[str]  # posts passed over because nobody is in them
    target: Clock | None = None  # the city's own, within the limit
    notes: Mapping[Any, str] = field(default_factory=dict)  # by person's id: why they, who hold another post (代王格, 值班)

    @property
    def who(self) -> list[str]:
        return [
            gettext("%(name)s（%(note)s）") % {"name": one.full_name, "note": self.notes[one.pk]} if one.pk in self.notes else one.full_name
            for one in self.people
        ]


def next_clock(clocks: Iterable[Clock], today: date) -> Clock | None:
    """The running clock that is the office's own next duty; its day or its target's gave the claim its due date. A
    limit goes before the target that is due before it, and one that has passed before every target: only then is
    anything overdue, and that is what must be said."""
    owed = [clock for clock in clocks if clock.ended_on is None and clock.about_id is None and family_of(clock.rule_id) in DUTY_LADDERS]
    late = [clock for clock in owed if clock.due_on < today and not is_target(clock.rule_id)]
    first = min(late or owed, key=lambda clock: (clock.due_on, clock.pk), default=None)
    return first and next((clock for clock in owed if clock.rule_id == first.rule.target_of), first)


def next_limit(clocks: Iterable[Clock]) -> Clock | None:
    """The office's own running clock that binds and is due first."""
    owed = [clock for clock in clocks if clock.ended_on is None and clock.about_id is None and family_of(clock.rule_id) in DUTY_LADDERS]
    return min((clock for clock in owed if not is_target(clock.rule_id)), key=due_day, default=None)


def target_within(clock: Clock, clocks: Iterable[Clock]) -> Clock | None:
    """The city's earliest target that began with the limit, and runs or ended with it."""
    same = (clock.about_id, clock.started_on, clock.ended_on)
    found = [c for c in clocks if c.rule.target_of == clock.rule_id and (c.about_id, c.started_on, c.ended_on) == same]
    return min(found, key=due_day, default=None)


def duty_of(
    claim: Claim, clocks: Iterable[Clock], roster: Roster, places: Places, calendar: Calendar, today: date
) -> Duty | None:
    """Lists and pages that show many claims prefetch `pauses` with the clocks (arrears.timing.counting.PAUSES)."""
    clocks = list(clocks)
    clock = next_clock(clocks, today)
    if clock is None:
        return None
    target = target_within(clock, clocks)
    left = Left.of(clock, today, calendar, target)
    handler = roster.on_duty(claim.handler_id, claim.region_id)
    if handler and (hand := hand_of(claim, clock, claim_posts(claim, handler, today))):
        called = Called(handler, roster.person(claim.handler_id) if handler.pk != claim.handler_id else None)
        return Duty(clock, left, [handler], f"{hand.region_name} {gettext(hand.role.label)}", [], target, notes_of([called]))
    people, vacant = leads(roster, claim.level, claim.region_id)
    seat = LEVELS[LEVELS.index(claim.level) + len(vacant)] if people else claim.level
    notes = notes_of(roster.called(seat, claim.region_id))
    return Duty(clock, left, people, places.post(seat), [places.post(level) for level in vacant], target, notes)


def notes_of(called: Iterable[Called]) -> dict[Any, str]:
    """Why somebody answers for a post or a claim that is not theirs."""
    notes = {}
    for one in called:
        if one.instead_of:
            notes[one.person.pk] = gettext("代%(name)s") % {"name": one.instead_of.full_name}
        elif one.is_on_call:
            notes[one.person.pk] = gettext("值班")
    return notes


def hand_of(claim: Claim, clock: Clock, posts: Iterable[Post]) -> Post | None:
    """The post, at the level in charge or above, whose holder can make a move that meets the clock. A clock that
    only the end of the case meets is theirs who can end it next; where the case is far from its end, anybody's who
    handles it."""
    meeting = roles_of(move for move in CLAIM.moves if clock.rule_id in move.stops)
    meeting = meeting or roles_of(move for move in CLAIM.moves if is_next_end(move, claim))
    for post in posts:
        is_in_charge = LEVELS.index(post.level or LEVELS[0]) >= LEVELS.index(claim.level)
        if is_in_charge and (not meeting or post.role.name in meeting):
            return post
    return None


def roles_of(moves: Iterable[Move]) -> set[str]:
    return {role for move in moves for role in move.roles}


def is_next_end(move: Move, claim: Claim) -> bool:
    """Is it the way forward from here (办结 of what is paid), and no side exit?"""
    return "*" in move.stops and claim.stage in move.sources and move.tone == "primary"


@dataclass(frozen=True)
class Call:
    """A rung of the ladder that is still to come: when, what, and whom it would tell as things stand today."""

    at: datetime
    rung: Rung
    people: Sequence[Person]
    vacant: Sequence[str]
    climbs_to: str | None
    early_at: datetime | None = None  # it comes then if nobody has acknowledged the last call until then
    ordered: str = ""  # the post that its supervision order asks
    is_own: bool = False  # what the clock is about climbs, and the claim stays
    is_unaddressed: bool = False  # it would issue one, and nobody could sign for it

    @property
    def label(self) -> str:
        return self.rung.text(get_language() or "", gettext)


def calls_to_come(
    clock: Clock, claim: Claim, roster: Roster, places: Places, calendar: Calendar, referral: Referral | None = None,
    book: Book | None = None, watch: Watch | None = None,
) -> list[Call]:  # fmt: skip
    """Empty once the clock has ended or its ladder is climbed. Told by the same seats as the sweep's, on the ladder
    its watch follows. `calendar` is the one the clock counts by; `watch`: instead of its own."""
    watch = watch or getattr(clock, "watch", None)
    if watch is None or not claim.is_open:
        return []
    case = replace(Case.of(claim), referral=referral, hand_id=hands_of([clock]).get(clock.about_id))
    if own := own_levels_of([clock]).get(clock.about_id):
        case = replace(case, level=own, handler_id=None)
    book = book or book_now()
    version = book.version(watch.ladder_id, clock.rule_id)
    rungs = list(zip(version.rungs, times_on(version, clock, calendar), strict=True))[watch.rung :]
    calls = [replace(call_of(rung, at, case, roster, places), is_own=bool(own)) for rung, at in rungs]
    if calls and watch.cause == UNACKED and (silence := silent_until(asked_last(clock, book))):
        calls[0] = replace(calls[0], early_at=min(calls[0].at, max(watch.next_at, silence)))
    return calls


def call_of(rung: Rung, at: datetime, case: Case, roster: Roster, places: Places) -> Call:
    """Moves the case up for the rungs that follow, if this one climbs."""
    seats, vacant = seated(roster, case, rung.tells)
    people = {person.pk: person for found in seats.values() for person in found}
    climbs_to = None
    if rung.climbs and above(case.level):
        climbs_to, found = roster.answerable(above(case.level) or case.level, case.region)
        climbs_to = climbs_to if found else None
        case.level, case.handler_id = climbs_to or case.level, None
    way = way_of(roster, case.level, case.region, reports_to_city=CITY in rung.tells) if rung.order_days else None
    posts = [places.post(post) if post in LEVELS else seat_phrase(post).text(gettext) for post in vacant if post != BODY]
    return Call(
        at, rung, list(people.values()), posts, climbs_to, ordered=places.post(way.level) if way else "",
        is_unaddressed=bool(rung.order_days) and way is None,
    )  # fmt: skip
