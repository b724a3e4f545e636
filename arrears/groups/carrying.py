"""What goes over when a claim is merged into another (并案): the workers with what each is owed, what was paid, the papers,
the parties, and what was said of the situation. Called by arrears.casework inside the transaction, both claims held.

Money and workers are moved, so that nothing is counted twice. Respondents and papers are copied: the merged claim keeps its
own record, and a paper that was handed to a partner body stays where it was handed from; so do papers that were issued and
packets, which say what was true of the claim they name. The interruptions of a limit, its obstacles and its start stay
with the claim whose limit they interrupted (arrears.limitation.running reads them there). The same worker in both claims
is one worker afterwards, and a wage that both state alike is counted once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce

from arrears.groups.copies import anew
from arrears.groups.standing_for import end_of_claim
from arrears.history import record
from arrears.identity import digits
from arrears.ladders.align import replan
from arrears.models import Claim, Claimant, ClaimLine, Evidence, Payment, RedactedCopy, Respondent, Situation
from arrears.owed.carrying import carry_owed, give_to_the_only_worker
from arrears.proceedings.carrying import carry_proceedings
from arrears.proceedings.workers import fix_workers
from arrears.shown import SHOWN, fill
from arrears.timing import clocks
from arrears.timing.kinds import fit
from arrears.worker.notices import STRICTNESS
from grid.models import Person

AMOUNTS = ("verified", "agreed", "typed_total")
Facts = dict[str, Any]


def carry(merged: Claim, target: Claim, person: Person | None, now: datetime) -> Facts:
    """Everything goes over. What the event of the merged claim says of it; the target gets an event of its own."""
    target.refresh_from_db()
    merged.refresh_from_db(fields=["worker_count", "claimed", "paid", *AMOUNTS])
    was = {"workers_was": target.worker_count, "claimed_was": target.claimed}
    give_to_the_only_worker(merged)
    give_to_the_only_worker(target)
    shared = share_respondent(merged, target)
    no_more = end_of_claim(merged, now)
    fix_workers(merged)
    fix_workers(target)
    carried, same, doubled = carry_workers(merged, target, is_one_debt=shared)
    paid = carry_payments(merged, target)
    copy_respondents(merged, target)
    papers = copy_evidence(merged, target)
    owed = carry_owed(merged, target)
    proceedings = carry_proceedings(merged, target)
    carry_situation(merged, target)
    target.worker_count += merged.worker_count - len(same)
    unverified = join_amounts(merged, target)
    refill(target)
    if was["workers_was"] != target.worker_count:
        fit(target, now)
        replan(target, now)  # ten and more have targets and a ladder of their own
        clocks.refresh_due(target)
    said = {
        "carried": carried, "same": same, "doubled": doubled, "paid_over": paid or None, "papers": papers or None, "owed_over": owed or None, "proceedings_over": proceedings or None,
        "overlap": overlapping(target, same), "unverified": unverified, "no_more": no_more,
    }  # fmt: skip
    told = {name: value for name, value in said.items() if value}
    record(
        target, "merged_in", person, now=now, merged=merged.number, **was, workers_now=target.worker_count,
        claimed_now=target.claimed, **told,
    )  # fmt: skip
    return told


# Workers and what they are owed


class Known:
    """The workers who stand in a claim already, to know one again: by the ID number; without one on either side by name and
    phone."""

    def __init__(self, claim: Claim) -> None:
        workers = list(claim.claimants.filter(same_as=None))
        self.by_index = {worker.id_index: worker for worker in workers if worker.id_index}
        self.by_phone = {(worker.name, digits(phone)): worker for worker in workers for phone in phones_of(worker)}

    def find(self, worker: Claimant) -> Claimant | None:
        if worker.id_index and worker.id_index in self.by_index:
            return self.by_index[worker.id_index]
        alike = (self.by_phone.get((worker.name, digits(phone))) for phone in phones_of(worker))
        return next((one for one in alike if one and not (one.id_index and worker.id_index)), None)


def phones_of(worker: Claimant) -> list[str]:
    return [phone for phone in (worker.phone, worker.safe_phone) if phone]


def carry_workers(merged: Claim, target: Claim, *, is_one_debt: bool) -> tuple[int, list[str], Decimal]:
    """How many go over, the names of those who stood there already, and what both claims stated alike."""
    known, doubled, moving, same = Known(target), Decimal(0), [], []
    for worker in merged.claimants.filter(same_as=None):
        one = known.find(worker)
        if one is None:
            moving.append(worker.pk)
            continue
        fresh, twice = apart_from(one, worker.lines.all(), is_one_debt=is_one_debt)
        doubled += sum((line.unpaid for line in twice), Decimal(0))
        ClaimLine.objects.filter(pk__in=[line.pk for line in fresh]).update(claim=target, claimant=one)
        Claimant.objects.filter(pk=worker.pk).update(same_as=one, registered_in=Coalesce("registered_in", merged.pk))
        complete(one, worker)
        same.append(worker.name)
    ClaimLine.objects.filter(claimant__in=moving).update(claim=target)
    Claimant.objects.filter(pk__in=moving).update(claim=target, registered_in=Coalesce("registered_in", merged.pk))
    return len(moving), same, doubled


def apart_from(known: Claimant, lines: Iterable[ClaimLine], *, is_one_debt: bool) -> tuple[list[ClaimLine], list[ClaimLine]]:
    """What the worker claims anew, and what stands there already in every figure: that counts once."""
    counted = Counter(figures(line) for line in known.lines.all()) if is_one_debt else Counter()
    fresh, twice = [], []
    for line in lines:
        is_there = counted[figures(line)] > 0
        counted[figures(line)] -= is_there
        (twice if is_there else fresh).append(line)
    return fresh, twice


def figures(line: ClaimLine) -> tuple[Any, ...]:
    return line.unit, line.rate, line.quantity, line.paid, line.period_from, line.period_to


def complete(known: Claimant, worker: Claimant) -> None:
    """What only the other row knew; of two wishes how to be reached the more careful one."""
    for name in ("phone", "safe_phone"):
        setattr(known, name, getattr(known, name) or getattr(worker, name))
    if not known.id_index:
        known.id_sealed, known.id_index, known.id_masked = worker.id_sealed, worker.id_index, worker.id_masked
    known.contact_rule = min(known.contact_rule, worker.contact_rule, key=STRICTNESS.index)
    known.save(update_fields=["phone", "safe_phone", "contact_rule", "id_sealed", "id_index", "id_masked"])


def overlapping(target: Claim, names: Sequence[str]) -> list[str]:
    """Workers of both claims with two lines for days that meet: somebody has to look which is right."""
    lines: dict[str, list[ClaimLine]] = {}
    for line in target.lines.filter(claimant__name__in=names).select_related("claimant"):
        lines.setdefault(line.claimant.name, []).append(line)
    return [name for name, some in lines.items() if any(meet(*pair) for pair in pairs(some))]


def pairs(some: Sequence[ClaimLine]) -> Iterable[tuple[ClaimLine, ClaimLine]]:
    return ((one, other) for place, one in enumerate(some) for other in some[place + 1 :] if one.claimant_id == other.claimant_id)


def meet(one: ClaimLine, other: ClaimLine) -> bool:
    """A line without days may mean any."""
    ends = [(line.period_from or date.min, line.period_to or date.max) for line in (one, other)]
    return ends[0][0] <= ends[1][1] and ends[1][0] <= ends[0][1]


# Money


def carry_payments(merged: Claim, target: Claim) -> Decimal:
    paid = merged.payments.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    Payment.objects.filter(claim=merged).update(claim=target)
    Claim.objects.filter(pk=merged.pk).update(paid=Decimal(0))
    merged.paid, target.paid = Decimal(0), target.paid + paid
    return paid


def join_amounts(merged: Claim, target: Claim) -> list[str]:
    """What was verified or agreed on both sides adds up. What only one side knew is nobody's sum any more: it is asked for
    anew, and its name is told."""
    both = {name: (getattr(target, name), getattr(merged, name)) for name in ("verified", "agreed")}
    for name, (own, other) in both.items():
        setattr(target, name, own + other if own is not None and other is not None else None)
    if target.typed_total is not None or merged.typed_total is not None:
        said = (one.claimed if one.typed_total is None else one.typed_total for one in (target, merged))
        target.typed_total = sum(said, Decimal(0))
    return [name for name, (own, other) in both.items() if (own is None) != (other is None)]


# Parties, papers, situation


def is_same_respondent(one: Respondent, other: Respondent) -> bool:
    if one.employer_id and other.employer_id:
        return one.employer_id == other.employer_id
    if one.credit_code and other.credit_code:
        return one.credit_code == other.credit_code
    return (one.legal_name or one.aliases) == (other.legal_name or other.aliases)


def share_respondent(one: Claim, other: Claim) -> bool:
    theirs = list(other.respondents.all())
    return any(is_same_respondent(row, known) for row in one.respondents.all() for known in theirs)


def copy_respondents(source: Claim, target: Claim) -> None:
    """Those the target does not name in the same role yet."""
    known = list(target.respondents.all())
    Respondent.objects.bulk_create(
        anew(row, claim=target)
        for row in source.respondents.all()
        if not any(row.role == other.role and is_same_respondent(row, other) for other in known)
    )


def copy_evidence(source: Claim, target: Claim) -> int:
    """The same files under the target, as far as it does not have them, with what others are shown in their place. Who brought
    them, and when, stays."""
    known = dict(target.evidence.values_list("sha256", "pk"))
    rows = [row for row in source.evidence.order_by("added_at", "id") if row.sha256 not in known]
    copies = {row.pk: anew(row, claim=target) for row in rows}
    for row in rows:
        newer = copies.get(row.replaces_id)
        copies[row.pk].replaces = newer
    Evidence.objects.bulk_create(copies.values())
    redacted = RedactedCopy.objects.filter(evidence__in=rows).order_by("added_at", "id")
    RedactedCopy.objects.bulk_create(anew(row, evidence=copies[row.evidence_id]) for row in redacted)
    return len(copies)


def carry_situation(source: Claim, target: Claim) -> None:
    """What was said of the target itself stands."""
    said = Situation.objects.filter(claim=source).first()
    if said and not Situation.objects.filter(claim=target).exists():
        said.pk = target.pk
        said.save(force_insert=True)


def refill(claim: Claim) -> None:
    """Sums and what lists show, from the rows. Not the number of workers: whoever was never registered counts too."""
    claim.claimed = claim.lines.aggregate(sum=Sum("unpaid"))["sum"] or Decimal(0)
    workers = list(claim.claimants.filter(same_as=None).values_list("name", flat=True))
    fill(claim, workers, list(claim.respondents.all()), claim.site.name if claim.site else "")
    claim.save(update_fields=[*SHOWN, "worker_count", "paid", *AMOUNTS])
