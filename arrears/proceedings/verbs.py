"""The verbs of proceedings: one is opened, a step recorded, a wrong one taken back, and what follows by itself.

A step is never changed. Only the last one can be taken back, with a reason: then its clocks are as if it had never been.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears import casework
from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.limitation.running import run_again
from arrears.models import Claim, Evidence, Proceeding, Referral, Step
from arrears.notice_kinds import facts_of
from arrears.one_by_one import one_by_one
from arrears.permits import Denied, claim_posts, find, may, require
from arrears.proceedings import clocks
from arrears.proceedings.standing import require_open
from arrears.proceedings.table import ASKS, FOUR, KINDS, PROCEDURES, Asked, StepRow, find_step
from arrears.proceedings.workers import checked_grants, choose, concerns, continued, write_grants
from arrears.worker.notices import tell_workers
from grid.days import SHANGHAI, day_of
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused

MOVE = "proceed"
AT_ONCE = 500
Said = dict[str, Any]

# Called inside the transaction in which a step is recorded, after all that follows from it here.
ON_STEP: list[Callable[[Step, datetime], None]] = []


def add_on_step(after: Callable[[Step, datetime], None]) -> None:
    if after not in ON_STEP:
        ON_STEP.append(after)


def open_proceeding(
    claim: Claim, kind: str, step: str, person: Person, *, on: date, now: datetime, referral: Referral | None = None,
    workers: Collection[UUID] | None = None, about: Proceeding | None = None, **said: Any,
) -> Proceeding:  # fmt: skip
    """Begins a road with its first step. `workers`: whose it is; `about`: the one it goes on with, where there are several.
    Raises Refused: as casework.advance, unknown_step, not_your_role, already_open, excluded, worker_in_another, nobody,
    not_of_claim, which_one, not_continued, and as record_step."""
    row = find_step(kind, step)
    if row is None or not row.opens:
        raise Refused("unknown_step", _("没有这一步，请刷新后重新选择。"))
    require(may_open(claim, row, person, day_of(now)))
    with transaction.atomic():
        claim = hold(claim)
        require(may_open(claim, row, person, day_of(now)))
        claim._prefetched_objects_cache = {}
        chosen = choose(claim, KINDS[kind], workers, about)
        require_open(claim, KINDS[kind], row, day_of(now), [worker.pk for worker in chosen])
        before = continued(claim, row, [worker.pk for worker in chosen], about)
        if referral is not None and referral.claim_id != claim.pk:
            raise Refused("other_claim", _("这项移送不属于本案。"))
        made = Proceeding.objects.create(
            claim=claim, kind=kind, opened_as=step, state=step, referral=referral, body=referral.body if referral else None,
            opened_by=person, opened_at=now, continues=before,
        )  # fmt: skip
        made.workers.set(chosen)
        write(made, row, person, on=on, now=now, said=said)
    return made


def open_as_reported(claim: Claim, kind: str, step: str, *, on: date, now: datetime, referral: Referral, workers: Collection[UUID] | None = None, **said: Any) -> Proceeding:
    """What a court has taken, as a body reports. Nothing stands in its way any more, and what the report does not say is asked
    for with the steps to come. Called with the claim held."""
    row, chosen = KINDS[kind].steps[step], choose(claim, KINDS[kind], workers, None)
    made = Proceeding.objects.create(claim=claim, kind=kind, opened_as=step, state=step, referral=referral, body=referral.body, opened_at=now)
    made.workers.set(chosen)
    write(made, row, None, on=on, now=now, said=said, is_whole=False)
    return made


def may_open(claim: Claim, row: StepRow, person: Person, today: date) -> Denied | bool:
    allowed = may(find(CLAIM, MOVE), claim, person, today)
    return allowed and may_record(claim, row, person, today)


def may_record(claim: Claim, row: StepRow, person: Person, today: date) -> Denied | bool:
    if any(post.role.name in row.roles for post in claim_posts(claim, person, today)):
        return True
    if row.by == "city":
        return Denied("not_your_role", _("这一步由市级批准和登记（%(article)s），您的岗位不能进行这项操作。") % {"article": row.citation(get_language() or "")})
    if row.by == "county":
        return Denied("not_your_role", _("这一步由县级以上登记，您的岗位不能进行这项操作。"))
    return Denied("not_your_role", _("您的岗位不能进行这项操作。"))


def record_step(proceeding: Proceeding, step: str, person: Person, *, on: date, now: datetime, **said: Any) -> Step:
    """Raises Refused: unknown_step, not_your_role, claim_closed, wrong_state, too_early, step_missing, missing, in_future, before_last,
    bad_answer, other_claim, file_quarantined, stale, no_calendar, and for money as casework.advance."""
    row = find_step(proceeding.kind, step)
    if row is None:
        raise Refused("unknown_step", _("没有这一步，请刷新后重新选择。"))
    with transaction.atomic():
        proceeding = held(proceeding)
        require(may_record(proceeding.claim, row, person, day_of(now)))
        if not proceeding.is_open:
            raise Refused("wrong_state", _("这项程序已经结束，不能再登记。登记有误的，请撤销最后一步。"))
        if row not in proceeding.table.after(proceeding.state, proceeding.opened_as):
            raise Refused("wrong_state", _("现在不能走这一步：程序处于“%(done)s”。") % {"done": proceeding.done})
        clocks.require_answered(proceeding, row)
        return write(proceeding, row, person, on=on, now=now, said=said)


def held(proceeding: Proceeding) -> Proceeding:
    """As it is now, its claim locked."""
    claim = hold(proceeding.claim)
    fresh = Proceeding.objects.get(pk=proceeding.pk)
    fresh.claim = claim
    return fresh


def write(proceeding: Proceeding, row: StepRow, person: Person | None, *, on: date, now: datetime, said: Said, is_whole: bool = True) -> Step:
    """The step itself, whoever takes it. Called with the claim held. `is_whole`: all that is asked must be there; otherwise a body
    has reported it."""
    claim = proceeding.claim
    answers = checked(proceeding, row, said, on, day_of(now), is_whole=is_whole)
    grants = checked_grants(proceeding, said.get("grants"), answers.get("amount")) if any(one.name == "grants" for one in row.asked) else {}
    clocks.too_early(proceeding, row, on)
    step = Step(proceeding=proceeding, name=row.step, on=on, recorded_by=person, recorded_at=now, **answers)
    step.save(force_insert=True)
    write_grants(step, grants)
    proceeding._prefetched_objects_cache = {}
    clocks.run(proceeding, step, row, now)
    if row.takes_payment:
        take_payment(proceeding, step, person, now)
    clocks.refresh(proceeding)
    if set(clocks.RIGHTS) & set(row.meets) or row.ends:
        follow_limits(claim, person, now)
    event = record(
        claim, "proceeding", person, now=now, happened_on=on, move=row.id, proceeding=str(proceeding.pk), proceeding_kind=proceeding.kind,
        step=row.id, docket_number=step.docket, court=step.court, amount=step.amount, until=step.until,
        hearing=when_of(step), place=step.place, reason=step.reason, note=step.note,
    )  # fmt: skip
    announce(proceeding, row, person, now)
    if is_whole:  # of a report they have heard already
        tell_workers(claim, event)
    for other in row.ends_other:
        move_others(proceeding, other, person, on, now)
    for after in ON_STEP:
        after(step, now)
    return step


def when_of(step: Step) -> str:
    return f"{step.hearing.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if step.hearing else ""


# What must be said


def checked(proceeding: Proceeding, row: StepRow, said: Said, on: date, today: date, *, is_whole: bool = True) -> Said:
    """The answers as the row keeps them."""
    if on > today:
        raise Refused("in_future", _("日期不能晚于今天；还没有发生的，等发生以后再登记。"))
    last = next((step for step in reversed(clocks.steps_of(proceeding)) if not step.row.stays), None)
    if last is not None and on < last.on:
        raise Refused("before_last", _("日期不能早于上一步（%(step)s，%(day)s）。上一步的日期错了的，请先撤销它。") % {"step": last.label, "day": last.on})
    answers: Said = {"note": str(said.get("note") or "").strip()[:300]}
    for asked in (one for one in row.asked if one.name != "grants"):
        answers |= answer_of(proceeding, row, asked if is_whole else Asked(asked.name, is_required=False), said, today)
    return answers


def answer_of(proceeding: Proceeding, row: StepRow, asked: Asked, said: Said, today: date) -> Said:
    value = said.get(asked.name)
    if value in (None, "", []):
        if asked.is_required:
            raise Refused("missing", _("请填写“%(what)s”。") % {"what": _(ASKS[asked.name])})
        return {}
    check = CHECKS.get(asked.name)
    if check is not None:
        check(proceeding, value, today)
    if asked.name == "hearing":
        return {"hearing": value, "place": str(said.get("place") or "").strip()[:200]}
    if isinstance(value, str):
        value = value.strip()[: LONGEST.get(asked.name, 300)]
    return {asked.name: value}


LONGEST = {"docket": 60, "court": 120, "lawyer": 120, "procedure": 10}


def check_paper(proceeding: Proceeding, paper: Evidence, today: date) -> None:
    if paper.claim_id != proceeding.claim_id:
        raise Refused("other_claim", _("所选材料不属于本案。"))
    if paper.is_quarantined:
        raise Refused("file_quarantined", _("文件查出病毒，已隔离，请另拍一份。"))


def check_amount(proceeding: Proceeding, amount: Any, today: date) -> None:
    if amount <= 0:
        raise Refused("bad_answer", _("金额要大于零。"))


def check_other_day(proceeding: Proceeding, day: date, today: date) -> None:
    if day > today:
        raise Refused("in_future", _("对方收到的日期不能晚于今天；还不知道的先不填。"))


def check_procedure(proceeding: Proceeding, value: str, today: date) -> None:
    if value not in dict(PROCEDURES):
        raise Refused("bad_answer", _("请选择审理程序。"))


def check_four(proceeding: Proceeding, value: list[str], today: date) -> None:
    """刑法第二百七十六条之一: all four, or there is nothing to transfer."""
    lacking = [label for name, label in FOUR if name not in value]
    if lacking:
        raise Refused("element_missing", _("移送须四个要件都有证据证明，还缺：%(lacking)s。") % {"lacking": _("、").join(map(_, lacking))})


CHECKS = {"paper": check_paper, "amount": check_amount, "other_on": check_other_day, "procedure": check_procedure, "four": check_four}


# What follows


def take_payment(proceeding: Proceeding, step: Step, person: Person | None, now: datetime) -> None:
    """Money that a court or an authority found is a payment of the claim, the proceeding named."""
    claim = proceeding.claim
    note = _("%(proceeding)s到账") % {"proceeding": " ".join(filter(None, (proceeding.table.name, proceeding.docket_number)))}
    casework.advance(claim, "record_payment", person, now=now, amount=step.amount, paid_on=step.on, method="enforced", note=note)
    step.payment = claim.payments.order_by("-recorded_at", "-id").first()
    step.save(update_fields=["payment"])


def follow_limits(claim: Claim, person: Person | None, now: datetime) -> None:
    """The limits of the worker as they stand with what proceedings show now."""
    if claim.is_open:
        run_again(claim, person, now)


def move_others(proceeding: Proceeding, other: str, person: Person | None, on: date, now: datetime) -> None:
    """The step KIND.STEP of what the proceeding goes on with, or goes along with it, where it stands so that it can be taken."""
    claim = proceeding.claim
    kind, _dot, name = other.partition(".")
    row = KINDS[kind].steps[name]
    for one in Proceeding.objects.open().filter(claim=claim, kind=kind, state__in=row.after).prefetch_related("workers"):
        if not concerns(proceeding, one):
            continue
        one.claim, one._prefetched_objects_cache = claim, {}
        write(one, row, person, on=max(on, clocks.steps_of(one)[-1].on), now=now, said={"note": ""})


def announce(proceeding: Proceeding, row: StepRow, person: Person | None, now: datetime) -> None:
    people = [one for one in casework.told_of(proceeding.claim, ("handler",), day_of(now)) if person is None or one.pk != person.pk]
    if people:
        tell(
            people, "proceeding_moved", key=f"proceeding:{proceeding.pk}:{row.step}:{now.timestamp()}", now=now,
            facts={**facts_of(proceeding.claim), **named(proceeding, row), "by": str(person or "")},
            path=f"/proceedings/{proceeding.pk}/", subject_id=proceeding.claim_id, region_code=proceeding.claim.region_id,
        )  # fmt: skip


def named(proceeding: Proceeding, row: StepRow) -> dict[str, str]:
    return {
        "what": f"{proceeding.table.name}：{row.done}", "what_en": f"{proceeding.table.name_en}: {row.done_en}",
    }  # fmt: skip


# Taken back


def may_take_back(step: Step, person: Person, today: date) -> Denied | bool:
    row = find_step(step.proceeding.kind, step.name)
    if row is None:
        return Denied("unknown_step", _("没有这一步，请刷新后重新选择。"))
    return may_record(step.proceeding.claim, row, person, today)


def take_back(step: Step, person: Person, *, reason: str, now: datetime) -> Proceeding:
    """The last step was wrong, and with it what it entered elsewhere. Raises Refused: not_your_role, not_last, has_payment,
    others_moved, no_reason, stale."""
    with transaction.atomic():
        proceeding = held(step.proceeding)
        step.proceeding = proceeding
        require(may_take_back(step, person, day_of(now)))
        standing = clocks.steps_of(proceeding)
        if not standing or standing[-1].pk != step.pk:
            raise Refused("not_last", _("只能撤销最后登记的一步；前面的错了，请从后往前逐步撤销。"))
        if step.payment_id:
            raise Refused("has_payment", _("这一步登记了付款，付款已经计入案件，不能撤销；多登记的，请在案件里登记一笔冲正。"))
        undone = [*taken_along(step), step]
        for one in undone:
            one.take_back(person, reason=reason, now=now)
            one.proceeding._prefetched_objects_cache = {}
            clocks.undo(one, now)
        for one in undone:
            if clocks.steps_of(one.proceeding):
                clocks.refresh(one.proceeding)
            else:
                end_unbegun(one.proceeding, now)
        follow_limits(proceeding.claim, person, now)
        for one in reversed(undone):
            record(
                proceeding.claim, "proceeding_taken_back", person, now=now, proceeding=str(one.proceeding_id), proceeding_kind=one.proceeding.kind,
                step=one.row.id, happened=one.on, reason=one.withdrawn_because,
            )  # fmt: skip
    return proceeding


def taken_along(step: Step) -> list[Step]:
    """What it entered in other proceedings of the claim, in the same moment. Raises Refused: others_moved."""
    claim, ended = step.proceeding.claim, step.row.ends_other
    same = Step.objects.filter(proceeding__claim=claim, recorded_at=step.recorded_at, withdrawn_at=None).exclude(proceeding=step.proceeding_id)
    found = [one for one in same.select_related("proceeding") if one.row.id in ended]
    for one in found:
        one.proceeding.claim = claim
        if clocks.steps_of(one.proceeding)[-1].pk != one.pk:
            said = {"name": one.proceeding, "step": one.label}
            raise Refused("others_moved", _("这一步同时登记了“%(name)s”的“%(step)s”，那里后来又登记了别的，请先在那里撤销。") % said)
    return found


def end_unbegun(proceeding: Proceeding, now: datetime) -> None:
    """Its only step was wrong: it never was."""
    proceeding.ended_on, proceeding.auto_step, proceeding.auto_on, proceeding.due_on = day_of(now), "", None, None
    proceeding.save(update_fields=["ended_on", "auto_step", "auto_on", "due_on"])


# By itself


def advance_due(now: datetime) -> int:
    """Proceedings whose day has come: the time to appeal is over, the listing has run out. How many."""
    due = Proceeding.objects.open().filter(auto_on__lte=day_of(now)).select_related("claim").order_by("auto_on", "id")
    return one_by_one(due[:AT_ONCE], lambda row: advance_one(row, now))


def advance_one(proceeding: Proceeding, now: datetime) -> bool:
    with transaction.atomic():
        proceeding = held(proceeding)
        clocks.refresh(proceeding)  # a calendar that came meanwhile may have moved the day
        row = find_step(proceeding.kind, proceeding.auto_step) if proceeding.auto_step else None
        if row is None or not proceeding.is_open or proceeding.auto_on is None or proceeding.auto_on > day_of(now):
            return False
        write(proceeding, row, None, on=proceeding.auto_on, now=now, said={})
    return True

