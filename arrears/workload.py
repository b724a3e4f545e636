"""How much each region has on its hands: open claims, those past a limit and those past a target only, counted in
one grouped query within what the reader may see."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from arrears.models import Claim
from arrears.models.claims import overdue, past_target
from grid.models import Person
from grid.scope import COLUMNS


@dataclass(frozen=True)
class Load:
    open: int = 0
    overdue: int = 0
    past_target: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.open + other.open, self.overdue + other.overdue, self.past_target + other.past_target)


def workload(person: Person, today: date, *, with_villages: bool = False) -> dict[str, Load]:
    """Every region with open claims, from the city down to the townships or villages, with what lies inside it."""
    columns = ["township_code", "village_code"] if with_villages else ["township_code"]
    rows = (
        Claim.objects.visible_to(person, today).open().order_by().values(*columns)
        .annotate(open=Count("pk"), overdue=Count("pk", filter=overdue(today)), past_target=Count("pk", filter=past_target(today)))
    )  # fmt: skip
    found: dict[str, Load] = defaultdict(Load)
    for row in rows:
        code = row.get("village_code") or row["township_code"]  # many are logged to the township only
        for width in COLUMNS:
            if width <= len(code):
                found[code[:width]] += Load(row["open"], row["overdue"], row["past_target"])
    return found
