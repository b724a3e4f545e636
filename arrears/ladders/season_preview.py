"""What other days of a season would change: from which day to which another ladder holds, and for how many clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q

from arrears.deadlines import RULES
from arrears.ladders.book import CLAIM_CLASSES, Book, kinds_of
from arrears.ladders.preview import of
from arrears.ladders.store import book_now
from arrears.models import Claim, Clock, Season
from arrears.models.claims import OPEN_CLAIM
from grid.days import SHANGHAI, day_of

ONE_DAY = timedelta(days=1)
Days = tuple[date, date]  # first and last


@dataclass(frozen=True)
class SeasonPreview:
    gained: Sequence[Days]  # from today on, days on which the ladders of the season would hold and do not now
    lost: Sequence[Days]  # and the other way round
    by_rule: Mapping[str, int]  # running clocks that follow another ladder on those days
    calling: int  # of those, whose next rung calls on one of them

    @property
    def total(self) -> int:
        return sum(self.by_rule.values())


def season_preview(season: Season | None, starts_on: date, ends_on: date, now: datetime) -> SeasonPreview:
    """`season` None: a new one. Days that other seasons cover do not change."""
    today, book = day_of(now), book_now()
    others = list(Season.objects.exclude(pk=season.pk if season else None).values_list("starts_on", "ends_on"))
    was = [*others, (season.starts_on, season.ends_on)] if season else others
    will = [*others, (starts_on, ends_on)]
    gained, lost = between(today, will, was), between(today, was, will)
    changed = [*gained, *lost]
    if not changed:
        return SeasonPreview(gained, lost, {}, 0)
    day = min(first for first, _last in changed)
    running = Clock.objects.running().filter(of(differing(book, day)), claim__in=Claim.objects.filter(OPEN_CLAIM))
    rows = running.order_by().values_list("rule_id").annotate(count=Count("pk")).order_by("-count", "rule_id")
    calls = Q(pk__in=[])
    for first, last in changed:
        calls |= Q(watch__next_at__gte=midnight(first), watch__next_at__lt=midnight(last + ONE_DAY))
    return SeasonPreview(gained, lost, dict(rows), running.filter(calls).count())


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def differing(book: Book, day: date) -> set[tuple[str, str]]:
    """Rules and classes of claims that follow another ladder in a season."""
    return {
        (rule, name)
        for rule in RULES
        for name, example in CLAIM_CLASSES.items()
        if book.choose(rule, kinds_of(*example, True), day).id != book.choose(rule, kinds_of(*example, False), day).id
    }


def between(today: date, inside: Sequence[Days], outside: Sequence[Days]) -> list[Days]:
    """The days from today on that lie in one of the first and in none of the second."""
    days = {first + ONE_DAY * number for first, last in inside for number in range((last - first).days + 1)}
    days = {day for day in days if day >= today and not any(first <= day <= last for first, last in outside)}
    found: list[Days] = []
    for day in sorted(days):
        if found and found[-1][1] == day - ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
