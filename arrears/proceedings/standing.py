"""What may be opened for a claim now, and what stands against it, with the article. It opens again by itself once the other
has ended: nothing is stored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.models import Claim
from arrears.proceedings.shows import beside, shown_elsewhere
from arrears.proceedings.table import KINDS, REFERRAL, REFUSE, Exclusion, Kind, StepRow, excluding
from arrears.proceedings.threshold import reached
from arrears.proceedings.workers import free, present
from arrears.situation.of_claim import facts_of, situation_of
from grid.refused import Refused


def said_of(claim: Claim, today: date, ids: Collection[UUID] = ()) -> frozenset[str]:
    """The facts of the claim, with whether the criminal amount is reached. `ids`: as they are for these workers, without what only
    the proceedings of others show."""
    said = facts_of(claim, today).said
    if ids:
        said -= shown_elsewhere(claim, ids, today) - set(situation_of(claim).said)
    return said | {"crime_amount"} if reached(claim, today) else said


@dataclass(frozen=True)
class Opening:
    """A first step, and what stands against it. `already`: one of the kind is open, and only one can be."""

    kind: Kind
    row: StepRow
    against: tuple[Exclusion, ...]
    already: bool

    @property
    def refusals(self) -> list[Exclusion]:
        return [row for row in self.against if row.effect == REFUSE]

    @property
    def warnings(self) -> list[Exclusion]:
        return [row for row in self.against if row.effect != REFUSE]

    @property
    def is_open(self) -> bool:
        return not self.already and not self.refusals


def openings(claim: Claim, today: date) -> list[Opening]:
    said, open_now, everybody = said_of(claim, today), beside(claim), present(claim)
    found = []
    for kind in KINDS.values():
        workers = free(claim, kind, everybody)
        for_them = said if len(workers) in (0, len(everybody)) else said_of(claim, today, [worker.pk for worker in workers])
        found += [opening_of(kind, row, for_them, open_now, is_taken=bool(everybody) and not workers) for row in kind.openings]
    return found


def opening_for(claim: Claim, kind: Kind, row: StepRow, today: date, ids: Collection[UUID] = ()) -> Opening:
    return opening_of(kind, row, said_of(claim, today, ids), beside(claim))


def opening_of(kind: Kind, row: StepRow, said: Iterable[str], open_now: set[str], *, is_taken: bool = False) -> Opening:
    """`is_taken`: all the workers are in one of this kind."""
    already = kind.once and any(one.partition(".")[0] == kind.id for one in open_now)
    return Opening(kind, row, tuple(excluding(row.id, said, open_now)), already or is_taken)


def sentence_of(row: Exclusion) -> str:
    language = get_language() or ""
    return _("%(why)s（%(article)s）") % {"why": row.text("why", language), "article": row.citation(language)}


def require_open(claim: Claim, kind: Kind, row: StepRow, today: date, ids: Collection[UUID] = ()) -> list[Exclusion]:
    """What is only warned of. Raises Refused: already_open, excluded."""
    found = opening_for(claim, kind, row, today, ids)
    if found.already:
        raise Refused("already_open", _("本案的“%(kind)s”还没有结束，不能再开一件；请在原来的程序里登记。") % {"kind": kind.text("name", get_language() or "")})
    if found.refusals:
        raise Refused("excluded", sentence_of(found.refusals[0]))
    return found.warnings


def require_referable(claim: Claim, referral_kind: str, today: date) -> None:
    """Raises Refused: excluded — a complaint for which another procedure is under way (条例第二十一条)."""
    against = [row for row in excluding(REFERRAL + referral_kind, facts_of(claim, today).said, beside(claim)) if row.effect == REFUSE]
    if against:
        raise Refused("excluded", sentence_of(against[0]))
