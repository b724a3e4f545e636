"""Who stands for whom in a claim: for its page, its list of those who have not given authority, and what partners are shown.
And how it ends when workers go over into another claim: they were chosen by those of their own claim."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from arrears.groups.law import LEAST, PROVISIONS, SPECIAL, Provision
from arrears.models import Authority, Claim, Claimant, Representative

NAMES = 30


@dataclass(frozen=True)
class Stand:
    """One representative, and by how many they were authorised."""

    row: Representative
    general: int
    special: int

    @property
    def name(self) -> str:
        return self.row.claimant.name


class Group:
    """Counted in the database: a case of ten thousand is told like one of ten. `has_none`: known that nobody is chosen."""

    provisions: tuple[Provision, ...] = PROVISIONS

    def __init__(self, claim: Claim, today: date, *, has_none: bool = False) -> None:
        self.claim, self.today, self.has_none = claim, today, has_none

    @property
    def workers(self) -> QuerySet[Claimant]:
        return self.claim.claimants.filter(same_as=None)

    @cached_property
    def rows(self) -> list[Representative]:
        """Each with how many of those who are in the claim today gave which authority."""
        if self.has_none:
            return []
        counts = Authority.holds_on(self.today, "authorities__") & Q(authorities__claimant__claim=self.claim, authorities__claimant__same_as=None)
        found = Representative.objects.filter(claim=self.claim, ended_at=None).select_related("claimant")
        return list(
            found.annotate(
                general=Count("authorities", filter=counts & ~Q(authorities__scope=SPECIAL)),
                special=Count("authorities", filter=counts & Q(authorities__scope=SPECIAL)),
            )
        )  # fmt: skip

    @property
    def stands(self) -> list[Stand]:
        return [Stand(row, row.general, row.special) for row in self.rows]

    @property
    def missing(self) -> QuerySet[Claimant]:
        """Who has given none of them authority that holds today, and is none of them."""
        given = Authority.objects.filter(claimant=OuterRef("pk"), representative__in=[row.pk for row in self.rows])
        return self.workers.exclude(pk__in=[row.claimant_id for row in self.rows]).exclude(Exists(given.filter(Authority.holds_on(self.today))))

    @cached_property
    def missing_count(self) -> int:
        return self.missing.count() if self.rows else 0

    @property
    def missing_names(self) -> str:
        """The first of them."""
        return gettext("、").join(self.missing.values_list("name", flat=True)[:NAMES])

    @cached_property
    def not_registered(self) -> int:
        return self.claim.worker_count - self.workers.count()

    @property
    def is_few(self) -> bool:
        return 0 < len(self.rows) < LEAST

    def shared(self) -> list[dict[str, Any]]:
        """For a partner body: names, and how far they may go."""
        return [{"name": stand.name, "general": stand.general, "special": stand.special} for stand in self.stands]


def end(rows: Collection[Representative], now: datetime) -> None:
    ids = [row.pk for row in rows]
    Authority.objects.filter(representative__in=ids, ended_at=None).update(ended_at=now)
    Representative.objects.filter(pk__in=ids, ended_at=None).update(ended_at=now)


def end_of_claim(claim: Claim, now: datetime) -> list[str]:
    """The workers of the claim go over into another one, where all choose anew."""
    rows = list(Representative.objects.filter(claim=claim, ended_at=None).select_related("claimant"))
    end(rows, now)
    return [str(row) for row in rows]


def end_of_workers(workers: Collection[Claimant], now: datetime) -> None:
    """These leave the claim: they stand for nobody there, and what they let others do there ends."""
    end(list(Representative.objects.filter(claimant__in=workers, ended_at=None)), now)
    Authority.objects.filter(claimant__in=workers, ended_at=None).update(ended_at=now)
