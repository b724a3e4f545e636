"""Workers who complained before: marks of lists and pages, and what a list can be asked for. By the ID number, or by name and
phone together; always among the claims the reader may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.claim_rows import Mark, Row
from arrears.lifecycle import OPEN
from arrears.models import Apart, Claim, Claimant
from arrears.models.claims import OPEN_CLAIM, ClaimQuerySet
from grid.models import Person

DUPLICATE, REPEATED = "duplicate", "repeated"
CHOICES = [(DUPLICATE, _("另有在办案件（疑似重复）")), (REPEATED, _("以前投诉过"))]
MOST = 2000  # rows of other claims that are counted for one page


@dataclass(frozen=True)
class Earlier:
    """Other claims of one worker: how many, and how many of them are still open."""

    claims: int
    open: int
    query: str  # for the list of claims

    @property
    def text(self) -> str:
        said = {"claims": self.claims, "ended": self.claims - self.open}
        return gettext("另有 %(claims)s 件案件（已结束 %(ended)s 件）") % said


def filtered(rows: ClaimQuerySet, asked: str, person: Any, today: date) -> ClaimQuerySet:
    """The rows asked for: with another open claim of a worker that nobody judged to be another matter; or with any other."""
    others = others_in_sight(person, today)
    if asked == DUPLICATE:
        rows, others = rows.filter(OPEN_CLAIM), others.filter(claim__stage__in=OPEN)
    mine = Claimant.objects.filter(claim=OuterRef("pk"), same_as=None)
    other = others.exclude(claim=OuterRef("claim"))
    if asked == DUPLICATE:
        judged = Apart.objects.filter(
            Q(first=OuterRef("claim"), second=OuterRef(OuterRef("claim"))) | Q(second=OuterRef("claim"), first=OuterRef(OuterRef("claim")))
        )
        other = other.exclude(Exists(judged))
    by_id = mine.exclude(id_index="").filter(Exists(other.filter(id_index=OuterRef("id_index"))))
    by_phone = mine.exclude(phone="").filter(Exists(other.filter(phone=OuterRef("phone"), name=OuterRef("name"))))
    return rows.exclude(stage="merged").filter(Exists(by_id) | Exists(by_phone))


def others_in_sight(person: Any, today: date) -> QuerySet:
    """What was merged stands in another claim."""
    return Claimant.objects.visible_to(person, today).filter(same_as=None).exclude(claim__stage="merged")


def others_of(claims: Iterable[Claim], person: Person, today: date) -> dict[UUID, list[tuple[UUID, str]]]:
    """By claim of a page, the other claims in sight of the same workers, with their stages. Two queries."""
    ids = [claim.pk for claim in claims]
    mine = Claimant.objects.filter(claim__in=ids, same_as=None).order_by().values_list("claim", "id_index", "phone", "name")
    by_key: dict[tuple[str, ...], set[UUID]] = defaultdict(set)
    for claim, index, phone, name in mine:
        for key in keys_of(index, phone, name):
            by_key[key].add(claim)
    if not by_key:
        return {}
    wanted = Q(id_index__in=[key[0] for key in by_key if len(key) == 1]) | Q(phone__in=[key[0] for key in by_key if len(key) == 2])
    rows = others_in_sight(person, today).filter(wanted).order_by("-id")
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for other, stage, index, phone, name in rows.values_list("claim", "claim__stage", "id_index", "phone", "name")[:MOST]:
        for key in keys_of(index, phone, name):
            for claim in by_key.get(key, ()):
                if claim != other:
                    found[claim][other] = stage
    return {claim: list(others.items()) for claim, others in found.items()}


def keys_of(index: str, phone: str, name: str) -> list[tuple[str, ...]]:
    return ([(index,)] if index else []) + ([(phone, name)] if phone else [])


@dataclass(frozen=True)
class Flag:
    """What a row of a list says: other claims of its workers, and how many of them are open and nobody's other matter."""

    claims: int
    open: int


def flags_of(claims: Collection[Claim], person: Person, today: date) -> dict[UUID, Flag]:
    others = others_of([claim for claim in claims if claim.stage != "merged"], person, today)
    if not others:
        return {}
    judged = {
        frozenset(pair) for pair in Apart.objects.filter(Q(first__in=others) | Q(second__in=others)).values_list("first", "second")
    }  # fmt: skip
    is_open = {claim.pk: claim.is_open for claim in claims}
    return {
        claim: Flag(
            len(found),
            sum(1 for other, stage in found if stage in OPEN and frozenset((claim, other)) not in judged) if is_open[claim] else 0,
        )
        for claim, found in others.items()
    }  # fmt: skip


def mark_of(flag: Flag) -> Mark:
    if flag.open:
        hint = gettext("同一劳动者另有 %(count)s 件在办案件") % {"count": flag.open}
        return Mark(gettext("疑似重复"), "warn", "people", hint)
    return Mark(gettext("再次投诉"), "info", "history", gettext("同一劳动者另有 %(count)s 件案件") % {"count": flag.claims})


def flagged(rows: Sequence[Row], person: Person, today: date) -> list[Row]:
    """The rows of a list, with what is known of their workers. Three queries at the most."""
    flags = flags_of([row.claim for row in rows], person, today)
    return [replace(row, again=mark_of(flags[row.claim.pk])) if row.claim.pk in flags else row for row in rows]


def earlier_of(claim: Claim, workers: Collection[Claimant], person: Person, today: date) -> dict[UUID, Earlier]:
    """By worker of one claim: their other claims in sight, ended ones too. One query."""
    indexes = {worker.id_index for worker in workers if worker.id_index}
    if not indexes:
        return {}
    rows = others_in_sight(person, today).filter(id_index__in=indexes).exclude(claim=claim).order_by("-id")
    found: dict[str, dict[UUID, str]] = defaultdict(dict)
    for index, other, stage in rows.values_list("id_index", "claim", "claim__stage")[:MOST]:
        found[index][other] = stage
    return {
        worker.pk: Earlier(len(others), sum(1 for stage in others.values() if stage in OPEN), f"id:{worker.id_index}")
        for worker in workers
        if (others := found.get(worker.id_index))
    }
