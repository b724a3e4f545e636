"""The verbs of the log of interruptions: each with its proof, each an event, each counting the limit anew."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import NoCalendar
from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.limitation.limits import COUNTS, interrupted
from arrears.limitation.running import run_limits
from arrears.models import Claim, Evidence, Interruption, Situation
from arrears.permits import find, may, require
from arrears.timing.counting import around_obstacles
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOVE = "interrupt"


def interrupt(
    claim: Claim, person: Person | None, *, now: datetime, kind: str, happened_on: date, proof: str = "",
    evidence: Evidence | None = None, source_key: str = "",
) -> Interruption:  # fmt: skip
    """Logs what interrupted the limit, and sets the limit anew. One that comes too early or too late is kept too, and the
    history says that it changes nothing. Raises Refused: not_your_role, wrong_state, in_future, no_proof, other_claim,
    already_logged, no_calendar."""
    if person is not None:
        require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    check(claim, happened_on, proof, evidence, day_of(now))
    with transaction.atomic():
        claim = hold(claim)
        if person is not None:
            require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
        kept = write(
            claim=claim, kind=kind, happened_on=happened_on, proof=proof.strip() or str(evidence and evidence.title),
            evidence=evidence, source_key=source_key, recorded_by=person, recorded_at=now,
        )  # fmt: skip
        verdict = verdict_of(kept)
        useless = {} if verdict == COUNTS else {"cause": "useless", "why_not": verdict}
        record(
            claim, MOVE, person, now=now, happened_on=happened_on, interruption=kind, happened=happened_on, proof=kept.proof,
            id=str(kept.pk), **useless,
        )  # fmt: skip
        run_limits(claim, said_of(claim), person, now)
    return kept


def check(claim: Claim, happened_on: date, proof: str, evidence: Evidence | None, today: date) -> None:
    if happened_on > today:
        raise Refused("in_future", _("中断发生的日期不能晚于今天。"))
    if not proof.strip() and evidence is None:
        raise Refused("no_proof", _("请写明凭什么证明，或者选一份证据；没有证明的中断，仲裁和诉讼中不会被采信。"))
    if evidence is not None and evidence.claim_id != claim.pk:
        raise Refused("other_claim", _("所选证据不属于本案。"))


def write(**fields: object) -> Interruption:
    try:
        with transaction.atomic():
            return Interruption.objects.create(**fields)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "interruption_from_record_once":
            raise
        raise Refused("already_logged", _("这条记录已经登记为时效中断。")) from error


def verdict_of(kept: Interruption) -> str:
    """Does it interrupt? Without a last working day nobody can say yet; then it waits."""
    base = kept.claim.last_working_day
    if base is None:
        return COUNTS
    rows = list(kept.claim.interruptions.filter(withdrawn_at=None).values_list("pk", "happened_on"))
    try:
        calendar = around_obstacles(kept.claim.limit_entries.all(), calendar_now())
        verdicts = interrupted(base, [day for _pk, day in rows], calendar).verdicts
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from error
    return dict(zip([pk for pk, _day in rows], verdicts, strict=True))[kept.pk]


def withdraw(interruption: Interruption, person: Person | None, *, now: datetime, reason: str) -> Interruption:
    """Takes back what was entered wrongly; it stays in the log with the reason. Raises Refused: as `interrupt`, no_reason,
    stale."""
    claim = interruption.claim
    if person is not None:
        require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    with transaction.atomic():
        claim = hold(claim)
        interruption.take_back(person, reason=reason, now=now)
        record(
            claim, "interruption_withdrawn", person, now=now, interruption=interruption.kind,
            happened=interruption.happened_on, id=str(interruption.pk), reason=interruption.withdrawn_because,
        )  # fmt: skip
        run_limits(claim, said_of(claim), person, now)
    return interruption


def said_of(claim: Claim) -> list[str]:
    return next(iter(Situation.objects.filter(claim=claim).values_list("said", flat=True)), [])
