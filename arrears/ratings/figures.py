"""The figures of what workers say: for those who lead, by region and month; and for everybody, without any that could name a
person.

The public ones count whole months that are over, so that no two of them differ by one worker's answer. A region with fewer
than FEWEST answers is not shown alone: such regions are counted together, or, if they are too few even so, not at all, and
the sum is that of the lines shown, so that nothing can be worked out by taking away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncDate, TruncMonth

from arrears.models import Objection, Rating, Report
from arrears.models.reports import WAITING
from arrears.models.saying import LOW, REOPENED
from grid.days import SHANGHAI
from grid.models import Region

GOOD = 4  # stars and more: satisfied
FEWEST = 10  # answers behind a public figure
MONTHS = 12


@dataclass(frozen=True)
class Marks:
    """What one region or month was given."""

    name: str
    code: str
    n: int
    average: float
    good: int
    low: int
    looked: int  # of the low ones

    @property
    def share(self) -> int:
        return percent(self.good, self.n)

    @property
    def to_look(self) -> int:
        return self.low - self.looked


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def month_start(day: date, back: int = 0) -> date:
    """The first of the month, so many months ago."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


COUNTED = {
    "n": Count("pk"), "average": Avg("stars"), "good": Count("pk", filter=Q(stars__gte=GOOD)), "low": Count("pk", filter=Q(stars__lte=LOW)),
    "looked": Count("pk", filter=Q(stars__lte=LOW, looked_at__isnull=False)),
}  # fmt: skip


def by_region(rows: QuerySet[Rating], column: str) -> list[Marks]:
    """Most answers first."""
    found = list(rows.order_by().values(column).annotate(**COUNTED))
    names = dict(Region.objects.filter(code__in=[row[column] for row in found]).values_list("code", "name"))
    marks = [marks_of(row, names.get(row[column], row[column]), row[column]) for row in found]
    return sorted(marks, key=lambda one: (-one.n, one.code))


def by_month(rows: QuerySet[Rating]) -> list[Marks]:
    """The latest first."""
    found = rows.order_by().annotate(month=TruncMonth("rated_on")).values("month").annotate(**COUNTED).order_by("-month")
    return [marks_of(row, f"{row['month']:%Y-%m}", f"{row['month']:%Y-%m}") for row in found]


def marks_of(row: Mapping[str, Any], name: str, code: str) -> Marks:
    return Marks(name, code, row["n"], round(row["average"] or 0, 1), row["good"], row["low"], row["looked"])


# For everybody


@dataclass(frozen=True)
class Line:
    """A line of a public table: of `n`, `good` were as they should be. `name` "": several regions together."""

    name: str
    n: int
    good: int

    @property
    def share(self) -> int:
        return percent(self.good, self.n)


@dataclass(frozen=True)
class Table:
    lines: Sequence[Line]
    hidden: int  # regions with too few, shown nowhere

    @property
    def total(self) -> Line | None:
        if not self.lines:
            return None
        return Line("", sum(line.n for line in self.lines), sum(line.good for line in self.lines))


def table_of(counted: Iterable[tuple[str, int, int]]) -> Table:
    """`counted`: name, how many, how many of them good."""
    rows = [Line(*row) for row in counted if row[1]]
    few = [row for row in rows if row.n < FEWEST]
    lines = sorted((row for row in rows if row.n >= FEWEST), key=lambda row: (-row.n, row.name))
    together = Line("", sum(row.n for row in few), sum(row.good for row in few))
    if lines and len(few) > 1 and together.n >= FEWEST:  # alone it would be no other region at all
        return Table([*lines, together], 0)
    return Table(lines, len(few))


@dataclass(frozen=True)
class Public:
    first: date
    last: date  # the last month counted
    ratings: Table
    reports: Table  # answered in time
    objections: Table  # reopened


def public(city: str, today: date) -> Public:
    first, until = month_start(today, MONTHS), month_start(today)
    ratings = Rating.objects.filter(city_code=city, rated_on__gte=first, rated_on__lt=until)
    reports = Report.objects.filter(city_code=city, received_on__gte=first, received_on__lt=until, due_on__lt=today)
    objections = Objection.objects.filter(claim__city_code=city, received_on__gte=first, received_on__lt=until).exclude(state=WAITING)
    good = Count("pk", filter=Q(stars__gte=GOOD))
    in_time = Count("pk", filter=Q(decided_on__lte=F("due_on")))
    reopened = Count("pk", filter=Q(state=REOPENED))
    decided_on = TruncDate("decided_at", tzinfo=SHANGHAI)
    return Public(
        first, month_start(today, 1), table(ratings, "county_code", good),
        table(reports.annotate(decided_on=decided_on), "county_code", in_time), table(objections, "claim__county_code", reopened),
    )  # fmt: skip


def table(rows: QuerySet[Any], column: str, good: Count) -> Table:
    found = list(rows.order_by().values_list(column).annotate(n=Count("pk"), good=good))
    names = dict(Region.objects.filter(code__in=[code for code, _n, _good in found]).values_list("code", "name"))
    return table_of((names.get(code, code), n, good) for code, n, good in found)
