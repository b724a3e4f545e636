"""The page of a site or an employer: all its claims that the reader may see, and what they say together. A fixed number
of queries, however many claims there are. Templates neither query nor decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from arrears.calendars import calendar_now
from arrears.claim_rows import Row, level_mark, rows_of
from arrears.models import Claim, Claimant, Employer, Payment, Respondent, Site
from arrears.models.claims import OPEN_CLAIM, ClaimQuerySet, overdue, past_target
from arrears.models.parties import CHAIN_ROLES
from arrears.sites.signs import Seen, signs_of
from arrears.sites.totals import Totals
from grid.models import Person
from grid.paging import AFTER, BEFORE, Order, Page, address, count, page_of
from grid.paging import Count as Counted

MONTHS, PAYMENT_DAYS, PARTIES, REPEATED, NAMES = 12, 15, 40, 10, 12
ROLE_NAMES = dict(CHAIN_ROLES)
# Which of the claims are listed, and in which order.
SHOWN: dict[str, tuple[Any, Order]] = {
    "open": (_("在办"), Order("due_on")),
    "overdue": (_("已超期"), Order("due_on")),
    "past_target": (_("已过内部目标"), Order("due_on")),
    "settled": (_("已约定付款"), Order("due_on")),
    "all": (_("全部"), Order("received_on", is_descending=True)),
}


@dataclass(frozen=True)
class Party:
    """Somebody seen on these claims in one role. `employer`: its own page, if it is a firm the grid knows."""

    role: str
    label: str
    name: str
    employer: Any
    claims: int
    last_on: date


@dataclass(frozen=True)
class Month:
    first: date
    number: int
    most: int  # of any month shown


@dataclass(frozen=True)
class Again:
    """A worker, known by the ID number, who is on more than one of the claims."""

    name: str
    masked: str
    claims: int
    last_on: date
    newest: str  # one of their case numbers, for a search


class PlacePage:
    """`claims` are those of the site or employer within what the reader may see."""

    def __init__(self, subject: Site | Employer, claims: ClaimQuerySet, person: Person, today: date, asked: Mapping[str, str]) -> None:
        self.subject, self.claims, self.person, self.today, self.asked = subject, claims, person, today, asked

    @classmethod
    def of_site(cls, site: Site, person: Person, today: date, asked: Mapping[str, str]) -> "PlacePage":
        return cls(site, Claim.objects.visible_to(person, today).filter(site=site), person, today, asked)

    @classmethod
    def of_employer(cls, employer: Employer, person: Person, today: date, asked: Mapping[str, str]) -> "PlacePage":
        named = Respondent.objects.filter(employer=employer).values("claim")  # once, in however many roles
        return cls(employer, Claim.objects.visible_to(person, today).filter(pk__in=named), person, today, asked)

    @property
    def ids(self) -> QuerySet:
        return self.claims.order_by().values("pk")

    @cached_property
    def totals(self) -> Totals:
        return Totals.of(self.claims, self.today)

    @cached_property
    def signs(self) -> list[Seen]:
        return signs_of(self.claims, self.totals, self.today)

    # The claims

    @cached_property
    def shown(self) -> str:
        asked = self.asked.get("show", "")
        return asked if asked in SHOWN else "open" if self.totals.open else "all"

    @property
    def tabs(self) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _order) in SHOWN.items()]

    @property
    def wanted(self) -> ClaimQuerySet:
        which = {
            "open": OPEN_CLAIM, "overdue": overdue(self.today), "past_target": past_target(self.today), "settled": Q(stage="settled"), "all": Q(),
        }  # fmt: skip
        return self.claims.filter(which[self.shown])

    @cached_property
    def page(self) -> Page:
        return page_of(self.wanted.for_list(), SHOWN[self.shown][1], self.asked)

    @cached_property
    def rows(self) -> list[Row]:
        return rows_of(self.page.rows, self.today, calendar_now(), self.person)

    @cached_property
    def count(self) -> Counted:
        return count(self.wanted)

    @property
    def newer(self) -> str:
        return address(self.asked, BEFORE, self.page.before)

    @property
    def older(self) -> str:
        return address(self.asked, AFTER, self.page.after)

    # What they say together

    @cached_property
    def chain(self) -> list[Party]:
        """From the money down to the worker; of one role the most named first. Who has no legal name is who they are
        called."""
        named = Case(When(legal_name="", then=F("aliases")), default=F("legal_name"))
        rows = (
            Respondent.objects.filter(claim__in=self.ids).order_by().annotate(called=named).values("role", "called", "employer")
            .annotate(claims=Count("claim", distinct=True), last_on=Max("claim__received_on")).order_by("-claims", "called")
        )  # fmt: skip
        order = [role for role, _label in CHAIN_ROLES]
        found = [
            Party(row["role"], ROLE_NAMES[row["role"]], row["called"], row["employer"], row["claims"], row["last_on"])
            for row in rows[:PARTIES]
        ]
        return sorted(found, key=lambda party: (order.index(party.role), -party.claims, party.name))

    @cached_property
    def aliases(self) -> list[str]:
        """What else workers call an employer, and other spellings of its name."""
        if not isinstance(self.subject, Employer):
            return []
        rows = Respondent.objects.filter(claim__in=self.ids, employer=self.subject).order_by().values_list("legal_name", "aliases")
        said = (name.strip() for row in rows.distinct()[:NAMES] for name in row)
        return list(dict.fromkeys(name for name in said if name and name != self.subject.name))

    @cached_property
    def payments(self) -> list[dict[str, Any]]:
        """The newest days on which money came, each with its sum."""
        rows = Payment.objects.filter(claim__in=self.ids).order_by().values("paid_on")
        return list(rows.annotate(sum=Sum("amount"), claims=Count("claim", distinct=True)).order_by("-paid_on")[:PAYMENT_DAYS])

    @cached_property
    def again(self) -> list[Again]:
        rows = (
            Claimant.objects.filter(claim__in=self.claims.exclude(stage="merged").order_by().values("pk")).exclude(id_index="")
            .order_by().values("id_index")
            .annotate(
                number=Count("claim", distinct=True), called=Max("name"), masked=Max("id_masked"), last_on=Max("claim__received_on"),
                newest=Max("claim__number"),
            )
            .filter(number__gte=2).order_by("-number", "-last_on", "id_index")
        )  # fmt: skip
        return [Again(row["called"], row["masked"], row["number"], row["last_on"], row["newest"]) for row in rows[:REPEATED]]

    @cached_property
    def months(self) -> list[Month]:
        """Claims received in each of the last twelve months, months without any too."""
        firsts = [first_of(self.today, back) for back in range(MONTHS - 1, -1, -1)]
        rows = (
            self.claims.filter(received_on__gte=firsts[0]).order_by().annotate(month=TruncMonth("received_on"))
            .values_list("month").annotate(number=Count("pk"))
        )  # fmt: skip
        found = dict(rows)
        most = max(found.values(), default=0)
        return [Month(first, found.get(first, 0), most) for first in firsts]

    @property
    def has_months(self) -> bool:
        return any(month.number for month in self.months)

    @cached_property
    def in_hand(self) -> list[dict[str, Any]]:
        """Who has the open claims in hand, and at which level."""
        rows = (
            self.claims.filter(OPEN_CLAIM).order_by().values("level", "handler__full_name").annotate(number=Count("pk"))
            .order_by("-number", "level", "handler__full_name")
        )  # fmt: skip
        return [{"level": level_mark(row["level"]), "name": row["handler__full_name"], "number": row["number"]} for row in rows[:PARTIES]]


def first_of(today: date, months_back: int) -> date:
    """The first day of the month so many months ago."""
    year, month = divmod(today.year * 12 + today.month - 1 - months_back, 12)
    return date(year, month + 1, 1)
