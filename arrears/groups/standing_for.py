"""Who stands for whom in a claim: for its page, its list of those who have not given authority, and what partners are shown.
And how it ends when workers go over into another claim: they were chosen by those of their own claim."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from arrears.groups.law import FROM, LEAST, PROVISIONS, SPECIAL, Provision
from arrears.models import Authority, Claim, Claimant, Representative

NAMES = 30


@dataclass(frozen=True)
class Stand:
    """One representative, and by whom they were authorised."""

    row: Representative
    general: int
    special: int

    @property
    def name(self) -> str:
        return self.row.claimant.name


class Group:
    """`workers` of the claim are fetched already."""

    provisions: tuple[Provision, ...] = PROVISIONS

    def __init__(self, claim: Claim, workers: Iterable[Claimant]) -> None:
        self.claim, self.everybody = claim, workers

    @cached_property
    def workers(self) -> list[Claimant]:
        return [worker for worker in self.everybody if worker.same_as_id is None]

    @property
    def is_shown(self) -> bool:
        return self.claim.worker_count >= FROM or bool(self.rows)

    @cached_property
    def rows(self) -> list[Representative]:
        found = Representative.objects.filter(claim=self.claim, ended_at=None).select_related("claimant")
        return list(found.prefetch_related("authorities"))

    @cached_property
    def given(self) -> dict[UUID, list[Authority]]:
        """By representative, what counts today."""
        present = {worker.pk for worker in self.workers}
        return {
            row.pk: [one for one in row.authorities.all() if one.ended_at is None and one.claimant_id in present] for row in self.rows
        }  # fmt: skip

    @property
    def stands(self) -> list[Stand]:
        return [
            Stand(row, sum(one.scope != SPECIAL for one in self.given[row.pk]), sum(one.scope == SPECIAL for one in self.given[row.pk]))
            for row in self.rows
        ]

    @cached_property
    def missing(self) -> list[Claimant]:
        """Who has given none of them authority, and is none of them."""
        heard = {one.claimant_id for some in self.given.values() for one in some} | {row.claimant_id for row in self.rows}
        return [worker for worker in self.workers if worker.pk not in heard] if self.rows else []

    @property
    def missing_names(self) -> str:
        """The first of them; how many there are says `missing`."""
        return gettext("、").join(worker.name for worker in self.missing[:NAMES])

    @property
    def not_registered(self) -> int:
        return self.claim.worker_count - len(self.workers)

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
