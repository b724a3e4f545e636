"""Which workers a proceeding is of, and what its title grants each of them.

Who is named is fixed when it is opened. One that names nobody is of everybody: of the whole claim, or from before there were names.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant, Grant, Proceeding, Step
from arrears.proceedings.table import EACH, KINDS, Kind, StepRow
from grid.refused import Refused

BESIDE = "preservation"  # goes along with a road, and is not continued by another
NAMED = 5  # in a refusal
ZERO = Decimal(0)


def named(proceeding: Proceeding) -> frozenset[UUID]:
    """Whoever reads several prefetches `workers`."""
    return frozenset(worker.pk for worker in proceeding.workers.all())


def named_in(proceeding_id: UUID | None) -> frozenset[UUID]:
    """Of a paper that is about it; of one that is about something else, or nothing, nobody is named."""
    links = Proceeding.workers.through.objects.filter(proceeding=proceeding_id) if proceeding_id else ()
    return frozenset(link.claimant_id for link in links)


def share(one: Collection[UUID], other: Collection[UUID]) -> bool:
    return not one or not other or not set(one).isdisjoint(other)


def present(claim: Claim) -> list[Claimant]:
    return [worker for worker in claim.claimants.all() if worker.same_as_id is None]


def free(claim: Claim, kind: Kind, everybody: list[Claimant] | None = None) -> list[Claimant]:
    """Whom a new one of the kind can be of: of some kinds nobody has two at once. `everybody`: read already."""
    workers = present(claim) if everybody is None else everybody
    if kind.workers != EACH:
        return workers
    for row in claim.proceedings.all():
        if row.kind == kind.id and is_live(row):
            ids = named(row)
            workers = [worker for worker in workers if ids and worker.pk not in ids]
    return workers


def is_live(proceeding: Proceeding) -> bool:
    return proceeding.is_open and proceeding.state in proceeding.table.steps and not proceeding.row.frees


def choose(claim: Claim, kind: Kind, asked: Collection[UUID] | None, about: Proceeding | None) -> list[Claimant]:
    """Those of a new one; who is not asked for, of whom it goes on with, else everybody it can be of.
    Raises Refused: not_of_claim, nobody, worker_in_another."""
    workers = present(claim) if kind.workers else []
    if not workers:
        return []
    able, of_about = free(claim, kind), named(about) if about else frozenset()
    if asked is None:
        chosen = [worker for worker in able if share([worker.pk], of_about)]
        busy = [] if chosen else workers
    else:
        chosen = [worker for worker in workers if worker.pk in set(asked)]
        if len(chosen) != len(set(asked)):
            raise Refused("not_of_claim", _("所选劳动者有的已不在本案，请刷新后重新选择。"))
        if not chosen:
            raise Refused("nobody", _("请至少选一名劳动者。"))
        busy = [worker for worker in chosen if worker not in able]
    if busy:
        said = {"names": names_of(busy), "kind": kind.text("name", get_language() or "")}
        raise Refused("worker_in_another", _("%(names)s已经在另一件没有结束的“%(kind)s”里，同一名劳动者不能同时有两件。") % said)
    return chosen


def names_of(workers: Collection[Claimant]) -> str:
    names = [worker.name for worker in workers]
    some = _("、").join(names[:NAMED])
    return some if len(names) <= NAMED else _("%(some)s等%(count)s人") % {"some": some, "count": len(names)}


# What goes on with what


def can_continue(claim: Claim, row: StepRow, ids: Collection[UUID] = ()) -> list[Proceeding]:
    """The open ones of these workers that end with this first step."""
    ends = [KINDS[kind].steps[name] for kind, _dot, name in (other.partition(".") for other in row.ends_other) if kind != BESIDE]
    found = [one for one in claim.proceedings.all() if one.is_open and any(one.kind == step.kind and one.state in step.after for step in ends)]
    return [one for one in found if share(ids, named(one))]


def continued(claim: Claim, row: StepRow, ids: Collection[UUID], about: Proceeding | None) -> Proceeding | None:
    """Which one the new goes on with. Raises Refused: not_continued, which_one."""
    found = can_continue(claim, row, ids)
    if about is not None:
        if about.pk not in {one.pk for one in found}:
            raise Refused("not_continued", _("“%(name)s”现在不能由这一步接着走，或者不是所选劳动者的，请重新选择。") % {"name": about})
        return about
    if len(found) > 1:
        raise Refused("which_one", _("本案有几件可以接着走（%(names)s），请选择接着哪一件。") % {"names": _("、").join(map(str, found))})
    return found[0] if found else None


def concerns(proceeding: Proceeding, other: Proceeding) -> bool:
    """Does what `proceeding` does end or meet something of `other`?"""
    if proceeding.pk == other.pk:
        return True
    if proceeding.continues_id and proceeding.continues.kind == other.kind:
        return proceeding.continues_id == other.pk
    return share(named(proceeding), named(other))


def is_of_all(proceeding: Proceeding) -> bool:
    ids = named(proceeding)
    return not ids or ids >= {worker.pk for worker in present(proceeding.claim)}


def left_out(claim: Claim, everybody: list[Claimant] | None = None) -> list[Claimant]:
    """Where some workers went to the commission or to court: those who never did."""
    rows = [named(row) for row in claim.proceedings.all() if row.kind in KINDS and KINDS[row.kind].workers == EACH]
    if not rows or any(not ids for ids in rows):
        return []
    return [worker for worker in everybody or present(claim) if not any(worker.pk in ids for ids in rows)]


# What is granted to each


def of_proceeding(proceeding: Proceeding) -> list[Claimant]:
    ids = named(proceeding)
    return [worker for worker in present(proceeding.claim) if not ids or worker.pk in ids]


def checked_grants(proceeding: Proceeding, said: Mapping[UUID, Decimal] | None, amount: Decimal | None) -> dict[UUID, Decimal]:
    """By worker; the only one gets all. Raises Refused: not_of_claim, bad_answer, grants_differ."""
    workers = of_proceeding(proceeding)
    given = {pk: value for pk, value in (said or {}).items() if value is not None}
    if not given:
        return {workers[0].pk: amount} if len(workers) == 1 and amount is not None else {}
    if not given.keys() <= {worker.pk for worker in workers}:
        raise Refused("not_of_claim", _("所选劳动者有的不在这件程序里，请刷新后重新填写。"))
    if min(given.values()) < 0:
        raise Refused("bad_answer", _("每名劳动者的金额不能小于零。"))
    total = sum(given.values(), ZERO)
    if total != amount:
        said_of = {"total": f"{total:,.2f}", "amount": f"{amount or ZERO:,.2f}", "apart": f"{abs(total - (amount or ZERO)):,.2f}"}
        raise Refused("grants_differ", _("每名劳动者的金额加起来是 %(total)s 元，文书的金额是 %(amount)s 元，相差 %(apart)s 元，请核对。") % said_of)
    return given


def write_grants(step: Step, grants: Mapping[UUID, Decimal]) -> None:
    Grant.objects.bulk_create([Grant(step=step, claimant_id=pk, amount=amount) for pk, amount in grants.items()])


def granted(steps: Collection[Step]) -> list[Grant]:
    """What the newest paper that says so grants each. Whoever reads several prefetches `steps__grants__claimant`."""
    return next((grants for step in reversed(list(steps)) if (grants := list(step.grants.all()))), [])


# Merged and split


def fix_workers(claim: Claim) -> None:
    """Before somebody comes into the claim: those its proceedings are of, by name."""
    rows: list[Any] = [row for row in claim.proceedings.all() if KINDS[row.kind].workers and not named(row)]
    workers = present(claim)
    for row in rows:
        row.workers.set(workers)


def go_on_as(proceedings: Collection[Proceeding]) -> None:
    """Workers who are one with somebody of the claim they came to."""
    through = Proceeding.workers.through
    for link in through.objects.filter(proceeding__in=proceedings).exclude(claimant__same_as=None).select_related("claimant__same_as"):
        own = link.claimant.goes_on_as
        if through.objects.filter(proceeding_id=link.proceeding_id, claimant=own).exists():
            link.delete()
        else:
            through.objects.filter(pk=link.pk).update(claimant=own)
    for grant in Grant.objects.filter(step__proceeding__in=proceedings).exclude(claimant__same_as=None).select_related("claimant__same_as"):
        own = grant.claimant.goes_on_as
        same = Grant.objects.filter(step=grant.step_id, claimant=own).first()
        if same:
            same.amount += grant.amount
            same.save(update_fields=["amount"])
            grant.delete()
        else:
            grant.claimant = own
            grant.save(update_fields=["claimant"])
