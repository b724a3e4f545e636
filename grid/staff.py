"""Who holds which post where: what the pages of the grid show. One query for any number of regions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grid.models import Leave, Person, Posting
from grid.roles import LEADS, ROLES

ORDER = list(ROLES)  # the table's order: the grid from below, then the others


@dataclass(frozen=True)
class Holder:
    """Somebody on a post; `back_on` is the last day of their leave, if they are away today."""

    person: Person
    role: str  # label
    is_lead: bool
    is_deputy: bool
    away_until: date | None


def staff_of(codes: Iterable[str], day: date) -> dict[str, list[Holder]]:
    """The holders of the posts at each region, in the order of the roles, principals before deputies."""
    rows = Posting.objects.on(day).filter(region__in=list(codes)).select_related("person")
    away = dict(Leave.objects.filter(starts_on__lte=day, ends_on__gte=day).values_list("person", "ends_on"))
    found: dict[str, list[Holder]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (ORDER.index(row.role), row.is_deputy, row.person.full_name)):
        holder = Holder(
            row.person, ROLES[row.role].label, row.role in LEADS.values(), row.is_deputy, away.get(row.person_id)
        )
        found[row.region_id].append(holder)
    return found
