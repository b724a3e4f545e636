"""What publishing a ladder would change, computed without writing anything: which clocks would follow it, which rungs
come, go or move, and some clocks as examples. Counting is one statement, the examples a bounded number of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q

from arrears.calendars import calendar_now
from arrears.deadlines import RULES
from arrears.ladders.align import class_q
from arrears.ladders.book import CLAIM_CLASSES, Book, Draft, Version, kinds_of
from arrears.ladders.rungs import Rung
from arrears.ladders.store import book_now
from arrears.models import Claim, Clock, Watch
from arrears.models.claims import OPEN_CLAIM
from arrears.timing.counting import PAUSES
from arrears.timing.watches import times_on
from arrears.workdays import Calendar
from grid.days import SHANGHAI, day_of

SAMPLES = 20
ADDED, GONE, CHANGED, SAME = "added", "gone", "changed", "same"


@dataclass(frozen=True)
class Change:
    """A rung by its name: as it is and as it would be."""

    what: str  # ADDED, GONE, CHANGED, SAME
    before: Rung | None
    after: Rung | None


@dataclass(frozen=True)
class Sample:
    """One running clock: what comes next now, and what would come next."""

    claim_id: Any
    number: str
    rule_id: str
    due_on: Any
    before: Rung | None
    at_before: datetime | None
    after: Rung | None
    at_after: datetime | None


@dataclass(frozen=True)
class Preview:
    by_rule: Mapping[str, int]  # running clocks that would follow it
    changes: Sequence[Change]  # against the ladder that is right today for the same line
    samples: Sequence[Sample]
    replaces: int  # number of the newest version of the line
    overtakes: Sequence[Version]  # of the line, to come until now, which would never hold
    is_seasonal: bool = False  # for special campaigns, and none runs on the day it becomes valid
    season_on: date | None = None  # then: when the next one begins, if one is to come

    @property
    def total(self) -> int:
        return sum(self.by_rule.values())


def preview(draft: Draft, now: datetime) -> Preview:
    """A draft without faults is expected (arrears.ladders.changes.publish names them)."""
    book = book_now()
    version, then = draft.among(book)
    day = max(draft.valid_from, day_of(now))
    if is_seasonal := draft.claim_kind == "festival" and not book.in_season(day):
        day = min((first for first, _last in book.seasons if first > day), default=day)
    in_season = is_seasonal or book.in_season(day)  # without a season: what would follow it in one
    followers = {
        (rule, name)
        for rule in RULES
        for name, example in CLAIM_CLASSES.items()
        if follows(then, version, rule, kinds_of(*example, in_season), day, book)
    }
    running = Clock.objects.running().filter(of(followers), claim__in=Claim.objects.filter(OPEN_CLAIM))
    counts = running.order_by().values_list("rule_id").annotate(count=Count("pk")).order_by("-count", "rule_id")
    latest = book.latest(draft.line)
    return Preview(
        dict(counts), changes(standing(draft, book, day), version.rungs or standing(draft, then, day)),
        samples(followers, book, then, calendar_now(), day, now) if book.in_season(day) or not is_seasonal else [], latest.number if latest else 0,
        [one for one in book.to_come(draft.line, day_of(now)) if one.valid_from >= draft.valid_from],
        is_seasonal, day if is_seasonal and book.in_season(day) else None,
    )  # fmt: skip


def follows(then: Book, version: Version, rule: str, kinds: Sequence[str], day: Any, book: Book) -> bool:
    """Would a clock of the rule take the draft? If it ends its line: would it lose what it follows now?"""
    if version.rungs:
        return then.choose(rule, kinds, day) is version
    return then.choose(rule, kinds, day).id != book.choose(rule, kinds, day).id


def standing(draft: Draft, book: Book, day: Any) -> Sequence[Rung]:
    """The rungs that a claim of the line's kind follows."""
    rule = draft.rule_id or next(rule for rule in RULES if book.choose(rule, ("",), day).family == draft.family)
    return book.choose(rule, (draft.claim_kind, "") if draft.claim_kind else ("",), day).rungs


def of(followers: set[tuple[str, str]]) -> Q:
    wanted = Q(pk__in=[])
    for name in CLAIM_CLASSES:
        if rules := sorted(rule for rule, found in followers if found == name):
            wanted |= Q(class_q(name), rule_id__in=rules)
    return wanted


def changes(before: Sequence[Rung], after: Sequence[Rung]) -> list[Change]:
    was, will = {rung.name: rung for rung in before}, {rung.name: rung for rung in after}
    found = [
        Change(ADDED if name not in was else SAME if was[name] == rung else CHANGED, was.get(name), rung)
        for name, rung in will.items()
    ]
    return found + [Change(GONE, rung, None) for name, rung in was.items() if name not in will]


def samples(
    followers: set[tuple[str, str]], book: Book, then: Book, calendar: Calendar, day: Any, now: datetime
) -> list[Sample]:
    """The clocks that call soonest."""
    switch = max(now, datetime.combine(day, time.min, SHANGHAI))
    clocks = Clock.objects.running().filter(of(followers), claim__in=Claim.objects.filter(OPEN_CLAIM), watch__next_at__gt=now)
    rows = clocks.select_related("claim", "watch").prefetch_related(PAUSES).order_by("watch__next_at", "pk")[:SAMPLES]
    return [sample(clock.watch, clock, book, then, calendar, day, switch) for clock in rows]


def sample(
    watch: Watch, clock: Clock, book: Book, then: Book, calendar: Calendar, day: Any, switch: datetime
) -> Sample:
    claim = clock.claim
    standing = book.version(watch.ladder_id, clock.rule_id)
    version = then.choose(clock.rule_id, then.kinds(claim.worker_count, claim.sensitive, day), day)
    times = times_on(version, clock, calendar)
    coming = next((index for index, at in enumerate(times) if at > switch), None)
    return Sample(
        clock.claim_id, claim.number, clock.rule_id, clock.due_on, standing.rungs[watch.rung], watch.next_at,
        None if coming is None else version.rungs[coming], None if coming is None else times[coming],
    )  # fmt: skip
