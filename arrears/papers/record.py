"""The claim as its papers read it: every table once, however many papers a packet has and however many workers the claim."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings

from arrears.liability import Liability, liable
from arrears.lifecycle import SIGNATURES
from arrears.models import Authority, Claim, Claimant, ClaimLine, Evidence, Owed, Representative, Respondent
from arrears.owed.table import NOTICE
from arrears.papers.about import due_of, workers_of
from arrears.situation.facts import Facts
from arrears.situation.of_claim import facts_of, rows
from grid.models import Body, Region

ZERO = Decimal(0)

# What a paper of one among several cannot say once something was agreed for them or paid to them together.
TOGETHER = ("金额.请求", "金额.认定", "金额.尚欠", "请求")


@dataclass(frozen=True)
class Money:
    """What somebody is owed by their lines."""

    due: Decimal = ZERO
    paid: Decimal = ZERO
    unpaid: Decimal = ZERO
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, lines: list[ClaimLine]) -> "Money":
        starts = [line.period_from for line in lines if line.period_from]
        ends = [line.period_to for line in lines if line.period_to]
        due, paid = sum((line.due for line in lines), ZERO), sum((line.paid for line in lines), ZERO)
        return cls(due, paid, due - paid, min(starts, default=None), max(ends, default=None))


class Record:
    """`numbers`: whole ID numbers by claimant; without them papers carry masks. `only`: one of several, whose papers speak of
    nobody else. `about_id`: the proceeding they are about: of one of some workers they speak of these. `by_agreement`: its papers ask
    for what was agreed, where something was."""

    def __init__(
        self, claim: Claim, today: date, numbers: Mapping[UUID, str] | None = None, only: Claimant | None = None, *, by_agreement: bool = False,
        about_id: UUID | None = None,
    ) -> None:  # fmt: skip
        self.pk, self.today, self.numbers, self.only, self.by_agreement, self.about_id = claim.pk, today, numbers, only, by_agreement, about_id
        self._kept: dict[str, Any] = {}

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """What a room above reads of its own tables, once for all papers of a packet."""
        if name not in self._kept:
            self._kept[name] = read()
        return self._kept[name]

    @cached_property
    def claim(self) -> Claim:
        return rows().select_related("registered_by").get(pk=self.pk)

    @cached_property
    def situation(self) -> Facts:
        known = facts_of(self.claim, self.today)
        return known if self.only is None else replace(known, owed=self.money.unpaid)

    @cached_property
    def liability(self) -> Liability:
        return liable(self.situation)

    @cached_property
    def everybody(self) -> list[Claimant]:
        return list(self.claim.claimants.filter(same_as=None))

    @property
    def is_part(self) -> bool:
        """Of some of the workers? What was paid or verified was so for all together."""
        return len(self.workers) < len(self.everybody)

    @cached_property
    def workers(self) -> list[Claimant]:
        """For whom the papers speak."""
        if self.only is not None:
            return [worker for worker in self.everybody if worker.pk == self.only.pk]
        ids = workers_of(self.about_id)
        return [worker for worker in self.everybody if not ids or worker.pk in ids]

    def is_of_one(self, worker: Claimant | None) -> bool:
        """Is it the paper of one worker, or of some, while the money of the claim is that of more?"""
        return ((worker or self.only) is not None and len(self.everybody) > 1) or self.is_part

    @cached_property
    def lines(self) -> list[ClaimLine]:
        """In the order of the workers, then of time."""
        place = {worker.pk: number for number, worker in enumerate(self.workers)}
        found = [line for line in self.claim.lines.all() if line.claimant_id in place]
        return sorted(found, key=lambda line: (place[line.claimant_id], line.period_from or date.min, line.pk))

    def lines_of(self, worker: Claimant) -> list[ClaimLine]:
        return self._lines_by_worker.get(worker.pk, [])

    @cached_property
    def _lines_by_worker(self) -> dict[UUID, list[ClaimLine]]:
        found: dict[UUID, list[ClaimLine]] = {}
        for line in self.lines:
            found.setdefault(line.claimant_id, []).append(line)
        return found

    @cached_property
    def money(self) -> Money:
        return Money.of(self.lines)

    @cached_property
    def fallen_due(self) -> Decimal | None:
        """What has fallen due of what the papers are about, where that says it."""
        return due_of(self.claim, self.about_id, self.today, by_agreement=self.by_agreement)

    @property
    def agreed_together(self) -> Decimal | None:
        """What was agreed for all of them, where the papers ask for that and it is not simply what each one claims."""
        agreed = self.claim.agreed if self.by_agreement else None
        return None if agreed == self.claimed else agreed

    @cached_property
    def claimed(self) -> Decimal:
        """What everybody's lines come to, whoever the papers speak for."""
        wanted = {worker.pk for worker in self.everybody}
        return sum((line.unpaid for line in self.claim.lines.all() if line.claimant_id in wanted), ZERO)

    @cached_property
    def respondents(self) -> list[Respondent]:
        """Those who must pay first in the order in which they are turned to, then the others."""
        order = {party.role: party.order for party in self.liability.parties}
        return sorted(self.claim.respondents.all(), key=lambda row: (order.get(row.role, len(order) + 1), row.pk))

    @cached_property
    def sued(self) -> list[Respondent]:
        """Who is named as the other side: all who must pay and whose name is known (民事诉讼法 第一百二十二条: a definite
        defendant); while nobody's is, all of them, so that the gap is seen."""
        roles = {party.role for party in self.liability.parties}
        liable_ones = [row for row in self.respondents if row.role in roles] or self.respondents
        return [row for row in liable_ones if row.legal_name] or liable_ones

    @cached_property
    def representatives(self) -> list[Representative]:
        """Nobody stands for a worker who goes alone."""
        if self.only is not None:
            return []
        found = Representative.objects.filter(claim=self.pk, ended_at=None).select_related("claimant")
        return list(found.filter(claimant__in=self.workers) if self.is_part else found)

    @cached_property
    def authorities(self) -> dict[UUID, Authority]:
        """What each worker gave, the newest."""
        found = Authority.objects.filter(representative__in=[row.pk for row in self.representatives]).filter(Authority.holds_on(self.today))
        return {row.claimant_id: row for row in found.select_related("representative__claimant")}

    @cached_property
    def evidence(self) -> list[Evidence]:
        """The newest copy of each paper, without what a virus was found in."""
        papers = list(self.claim.evidence.all())
        replaced = {paper.replaces_id for paper in papers}
        return [paper for paper in papers if paper.pk not in replaced and paper.kind not in SIGNATURES and not paper.is_quarantined]

    @cached_property
    def owed(self) -> list[Owed]:
        return list(self.claim.owed_papers.all())

    @property
    def notices(self) -> list[Owed]:
        """What the employer was told to produce."""
        return [row for row in self.owed if row.side == NOTICE]

    @cached_property
    def places(self) -> dict[str, str]:
        """Names of city, county and township."""
        claim = self.claim
        names = dict(Region.objects.filter(code__in=[claim.city_code, claim.county_code, claim.township_code]).values_list("code", "name"))
        return {
            "city": names.get(claim.city_code, settings.CITY_NAME),
            "county": names.get(claim.county_code) or names.get(claim.city_code, settings.CITY_NAME),
            "township": names.get(claim.township_code) or names.get(claim.county_code, settings.CITY_NAME),
        }

    @cached_property
    def bodies(self) -> dict[str, str]:
        """The partner body of each kind that is competent: the county's before the city's."""
        claim = self.claim
        found = Body.objects.filter(is_active=True, region__in=[claim.county_code, claim.city_code]).order_by("region_id", "name")
        return {body.kind: body.name for body in found}  # the county's codes come after the city's

    def number_of(self, worker: Claimant) -> str:
        """The whole number where it was opened for this paper, else its mask; "" if nobody knows it."""
        return (self.numbers or {}).get(worker.pk) or worker.id_masked

    def each(self) -> Iterator[tuple[int, Claimant, list[ClaimLine]]]:
        for place, worker in enumerate(self.workers, 1):
            yield place, worker, self.lines_of(worker)
