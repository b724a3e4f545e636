"""What mediations came to, by mediator: how many agreed, how long they took, and what the parties think of it.

Counted are those that ended within the last year with or without an agreement. Not counted, and said beside it, are those the applicant
withdrew and those settled in another way: nobody succeeded or failed there. An average mark needs FEWEST answers; what is shown to
mediators ends with the last month that is over, so that no answer can be told from another by looking every day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from grid.models import Person
from mediation.models import Mark, Mediation

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)
NOT_COUNTED = ("withdrawn", "elsewhere")  # grounds of mediation.lifecycle.FAIL_GROUNDS
FEWEST = 5  # answers behind an average
LASTED = ExpressionWrapper(F("ended_on") - F("applied_on"), output_field=DurationField())
COUNTED = ~Q(state="failed", ground__in=NOT_COUNTED)
SUMS = {
    "counted": Count("id", filter=COUNTED), "agreed": Count("id", filter=Q(state="agreed")), "left_out": Count("id", filter=~COUNTED),
    "lasted": Avg(LASTED, filter=COUNTED),
}  # fmt: skip


@dataclass(frozen=True)
class Marks:
    n: int
    average: float | None  # None: too few answers

    @property
    def is_enough(self) -> bool:
        return self.average is not None


@dataclass(frozen=True)
class Results:
    name: str
    counted: int
    agreed: int
    left_out: int
    days: float | None
    marks: Marks

    @property
    def percent(self) -> int:
        """Rounded down: 100 % are all of them."""
        return 100 * self.agreed // self.counted if self.counted else 0


def ended(rows: QuerySet[Mediation], today: date) -> QuerySet[Mediation]:
    return rows.filter(ended_on__gt=today - A_YEAR, ended_on__lte=today).order_by()


def of_one(person: Person, today: date) -> Results | None:
    """The mediator's own: for their desk. Two queries."""
    found = ended(Mediation.objects.filter(mediator=person), today).aggregate(**SUMS)
    if not found["counted"] and not found["left_out"]:
        return None
    rows = Mark.objects.filter(mediator=person, said_on__gt=today - A_YEAR, said_on__lt=today.replace(day=1)).order_by()
    return results_of(str(person), found, marks_of(rows.aggregate(n=Count("pk"), average=Avg("stars"))))


def by_mediator(mediations: QuerySet[Mediation], marks: QuerySet[Mark], person: Person, today: date) -> list[Results]:
    """For those who lead: of what they see, most first; of themselves as their own desk shows it. Three queries."""
    found = list(ended(mediations.exclude(mediator=None), today).values("mediator").annotate(**SUMS))
    of_others = ~Q(mediator=person) | Q(said_on__lt=today.replace(day=1))
    said = marks.filter(of_others, said_on__gt=today - A_YEAR).order_by().values("mediator").annotate(n=Count("pk"), average=Avg("stars"))
    by_pk = {row["mediator"]: marks_of(row) for row in said}
    names = {person.pk: str(person) for person in Person.objects.filter(pk__in=[row["mediator"] for row in found])}
    rows = [results_of(names[row["mediator"]], row, by_pk.get(row["mediator"], Marks(0, None))) for row in found]
    return sorted(rows, key=lambda row: (-row.counted, row.name))


def results_of(name: str, found: Mapping[str, Any], marks: Marks) -> Results:
    days = round(found["lasted"] / A_DAY, 1) if found["lasted"] is not None else None
    return Results(name, found["counted"], found["agreed"], found["left_out"], days, marks)


def marks_of(found: Mapping[str, Any]) -> Marks:
    return Marks(found["n"], round(float(found["average"]), 1) if found["n"] >= FEWEST else None)


def total(rows: Sequence[Results]) -> tuple[int, int]:
    return sum(row.counted for row in rows), sum(row.agreed for row in rows)
