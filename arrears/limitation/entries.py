"""The verbs of what else moves the worker's limits: an obstacle during which the year for arbitration stands still, and the
day from which the general limit runs. Each with its proof, each an event, each counting the limits anew."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.limitation.interrupting import MOVE, said_of
from arrears.limitation.limits import ENTRIES, OBSTACLES
from arrears.limitation.running import run_limits
from arrears.models import Claim, Evidence, LimitEntry
from arrears.permits import find, may, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused


def enter(
    claim: Claim, person: Person, *, now: datetime, kind: str, starts_on: date, ended_on: date | None = None, proof: str = "",
    evidence: Evidence | None = None,
) -> LimitEntry:  # fmt: skip
    """Raises Refused: not_your_role, wrong_state, unknown_kind, in_future, ends_before, no_end, overlaps, no_proof,
    other_claim, started_already, no_calendar."""
    require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    check_days(kind, starts_on, ended_on, day_of(now))
    check_proof(claim, proof, evidence)
    with transaction.atomic():
        claim = hold(claim)
        require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
        if kind in dict(OBSTACLES):
            check_apart(claim, starts_on, ended_on)
        entry = write(
            claim=claim, kind=kind, starts_on=starts_on, ended_on=ended_on, proof=proof.strip() or str(evidence and evidence.title),
            evidence=evidence, recorded_by=person, recorded_at=now,
        )  # fmt: skip
        note(entry, "obstacle" if entry.is_obstacle else "civil_start", person, now, proof=entry.proof)
    return entry


def clear(entry: LimitEntry, person: Person, *, now: datetime, ended_on: date) -> LimitEntry:
    """The cause is gone: from that day the year runs on. Raises Refused: not_your_role, wrong_state, not_on, in_future,
    ends_before, overlaps, no_calendar."""
    require(may(find(CLAIM, MOVE), entry.claim, person, day_of(now)))
    check_days(entry.kind, entry.starts_on, ended_on, day_of(now))
    with transaction.atomic():
        entry.claim = hold(entry.claim)
        check_apart(entry.claim, entry.starts_on, ended_on, besides=entry)
        if not LimitEntry.objects.filter(pk=entry.pk, kind__in=dict(OBSTACLES), ended_on=None, withdrawn_at=None).update(ended_on=ended_on):
            raise Refused("not_on", _("这项登记已经写明消除之日，或者已被撤销。"))
        entry.ended_on = ended_on
        note(entry, "obstacle_cleared", person, now, ended=ended_on)
    return entry


def withdraw_entry(entry: LimitEntry, person: Person, *, now: datetime, reason: str) -> LimitEntry:
    """Takes back what was entered wrongly; it stays in the log with the reason. Raises Refused: not_your_role,
    wrong_state, no_reason, stale, no_calendar."""
    require(may(find(CLAIM, MOVE), entry.claim, person, day_of(now)))
    with transaction.atomic():
        entry.claim = hold(entry.claim)
        entry.take_back(person, reason=reason, now=now)
        note(entry, "limit_entry_withdrawn", person, now, reason=entry.withdrawn_because)
    return entry


def check_days(kind: str, starts_on: date, ended_on: date | None, today: date) -> None:
    if kind not in dict(ENTRIES):
        raise Refused("unknown_kind", _("没有这种时效登记。"))
    if kind not in dict(OBSTACLES):  # a day of payment may still be to come
        if ended_on:
            raise Refused("no_end", _("只有时效中止才填原因消除之日。"))
        return
    if starts_on > today or (ended_on and ended_on > today):
        raise Refused("in_future", _("日期不能晚于今天；原因还没有消除的，消除之日先不填。"))
    if ended_on and ended_on <= starts_on:
        raise Refused("ends_before", _("原因消除之日应在开始之日以后。"))


def check_proof(claim: Claim, proof: str, evidence: Evidence | None) -> None:
    if not proof.strip() and evidence is None:
        raise Refused("no_proof", _("请写明凭什么证明，或者选一份证据；没有证明的，仲裁和诉讼中不会被采信。"))
    if evidence is not None and evidence.claim_id != claim.pk:
        raise Refused("other_claim", _("所选证据不属于本案。"))


def check_apart(claim: Claim, starts_on: date, ended_on: date | None, besides: LimitEntry | None = None) -> None:
    """A day on which two causes held is taken out once; whoever enters it twice has made a mistake."""
    last = ended_on or date.max
    for row in claim.limit_entries.filter(withdrawn_at=None, kind__in=dict(OBSTACLES)):
        if (besides is None or row.pk != besides.pk) and row.starts_on < last and starts_on < (row.ended_on or date.max):
            raise Refused("overlaps", _("与已登记的一段时间重叠，请核对日期，或者先撤销那一项。"))


def write(**fields: object) -> LimitEntry:
    try:
        with transaction.atomic():
            return LimitEntry.objects.create(**fields)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "one_civil_start":
            raise
        raise Refused("started_already", _("普通诉讼时效的起算日已经登记；日期有误的，请先撤销。")) from error


def note(entry: LimitEntry, kind: str, person: Person, now: datetime, **more: object) -> None:
    record(entry.claim, kind, person, now=now, limit_entry=entry.kind, from_day=entry.starts_on, id=str(entry.pk), **more)
    run_limits(entry.claim, said_of(entry.claim), person, now)
