"""The verbs of a paper that is owed: promised, notified, brought, refused, given more time, waived, broken, lapsed.

A promise may be made once: after a broken one nobody takes another for that paper, and the moves that need it
(table.BLOCKS) are refused until it is there or somebody in charge waives it. In a claim of several one worker may promise
for themselves; that somebody else's promise is broken holds up nobody else's case. An employer's refusal, or silence, is what the
presumptions of the table follow from.
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.lifecycle import CLAIM, EVIDENCE_KINDS, OFFICE
from arrears.models import Claim, Claimant, Clock, Evidence, Owed
from arrears.moves import Move
from arrears.one_by_one import one_by_one
from arrears.owed.table import (
    BLOCKS,
    BROKEN,
    KEPT,
    LAPSED,
    LONGEST,
    NOTICE,
    OPEN,
    PRODUCED,
    PROMISE,
    REFUSED,
    RULE_OF,
    WAIVED,
)
from arrears.permits import Denied, claim_posts, find, may, require
from arrears.timing import clocks
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER

LABELS = dict(EVIDENCE_KINDS)
EXTENDING = (COUNTY_OFFICER, CITY_SUPERVISOR)
AT_ONCE = 500


def label_of(paper: str) -> str:
    return _(LABELS[paper])


def promise(
    claim: Claim, paper: str, due_on: date, person: Person, *, now: datetime, note: str = "", signed: Evidence | None = None,
    claimant: Claimant | None = None,
) -> Owed:  # fmt: skip
    """The worker has signed to bring it; `claimant`: one of several, for themselves. Raises Refused: as casework.advance,
    not_promised, not_of_claim, paper_there, broken_before, owed_already, day_past, day_far."""
    require(may(find(CLAIM, "add_evidence"), claim, person, day_of(now)))
    if paper not in BLOCKS:
        raise Refused("not_promised", _("这种材料不能用承诺代替。"))
    with transaction.atomic():
        held = hold(claim)
        if claimant is not None and not held.claimants.filter(pk=claimant.pk, same_as=None).exists():
            raise Refused("not_of_claim", _("所选劳动者不在本案，请刷新后重新选择。"))
        if claimant is None and held.evidence.filter(kind=paper).exclude(scan="infected").exists():
            raise Refused("paper_there", _("“%(paper)s”已经在案，不用承诺。") % {"paper": label_of(paper)})
        if broken_of(held).filter(paper=paper, claimant=claimant).exists():
            raise Refused("broken_before", _("“%(paper)s”的承诺已经失信，不能再次承诺，请直接补交。") % {"paper": label_of(paper)})
        return owe(held, PROMISE, paper, due_on, person, now, note=note, signed=signed, claimant=claimant)


def notify(claim: Claim, paper: str, employer: str, due_on: date, person: Person, *, now: datetime, note: str = "") -> Owed:
    """The employer is told to produce what he holds. Raises Refused: as casework.advance, not_produced, no_employer,
    owed_already, day_past, day_far."""
    require(may_notify(claim, person, day_of(now)))
    if paper not in PRODUCED:
        raise Refused("not_produced", _("这种材料不由用人单位掌握，不能要求其提供。"))
    if not employer.strip():
        raise Refused("no_employer", _("请写明应当提供材料的单位。"))
    with transaction.atomic():
        return owe(hold(claim), NOTICE, paper, due_on, person, now, employer=employer.strip()[:120], note=note)


def may_notify(claim: Claim, person: Person, today: date) -> Denied | bool:
    """Whoever leads a level, whatever level is in charge: the notice orders nobody of the house."""
    allowed = may(find(CLAIM, "add_evidence"), claim, person, today)
    if allowed and not any(post.role.name in OFFICE for post in claim_posts(claim, person, today)):
        return Denied("not_your_role", _("举证通知由乡镇以上负责人发出，您的岗位不能进行这项操作。"))
    return allowed


def owe(claim: Claim, side: str, paper: str, due_on: date, person: Person | None, now: datetime, **said: Any) -> Owed:
    check_day(side, due_on, day_of(now))
    try:
        with transaction.atomic():
            row = Owed.objects.create(claim=claim, side=side, paper=paper, due_on=due_on, made_by=person, made_at=now, **said)
    except IntegrityError:
        raise Refused("owed_already", _("“%(paper)s”已有待交的登记，请等到期或者先登记结果。") % {"paper": label_of(paper)}) from None
    clocks.start(claim, RULE_OF[side], day_of(now), now=now, due_on=due_on, about_id=row.pk)
    record(claim, "paper_owed", person, now=now, **facts_of(row, side), note=row.note)
    return row


def sign(row: Owed, evidence: Evidence, person: Person, *, now: datetime) -> Owed:
    """The scan of the promise the worker signed, kept as evidence under its fingerprint. One sheet may be of several
    promises. Raises Refused: as casework.advance, other_claim, not_promised, signed_already, file_quarantined."""
    require(may(find(CLAIM, "add_evidence"), row.claim, person, day_of(now)))
    if evidence.claim_id != row.claim_id:
        raise Refused("other_claim", _("这份材料不属于本案。"))
    if evidence.is_quarantined:
        raise Refused("file_quarantined", _("文件查出病毒，已隔离，请另拍一份。"))
    if not row.is_promise:
        raise Refused("not_promised", _("只有劳动者的承诺才有签字件。"))
    with transaction.atomic():
        row.claim = hold(row.claim)
        if not Owed.objects.filter(pk=row.pk, signed=None).update(signed=evidence):
            raise Refused("signed_already", _("这份承诺已有签字件。"))
        row.signed = evidence
        record(row.claim, "paper_owed", person, now=now, **facts_of(row, "signed"), sha256=evidence.sha256)
    return row


def check_day(side: str, due_on: date, today: date) -> None:
    if due_on <= today:
        raise Refused("day_past", _("最迟日期应在今天之后。"))
    if due_on > today + LONGEST[side]:
        raise Refused("day_far", _("最迟日期不能超过 %(days)s 天，请核对。") % {"days": LONGEST[side].days})


def facts_of(row: Owed, move: str) -> dict[str, Any]:
    return {
        "move": move, "owed": str(row.pk), "paper": row.paper, "due": row.due_on.isoformat(), "employer": row.employer,
        "promised_by": row.claimant.name if row.claimant else "",
    }  # fmt: skip


# What becomes of it.


def receive(row: Owed, person: Person, *, now: datetime, note: str = "") -> Owed:
    """It is there, shown or handed over on paper. Raises Refused: as casework.advance, wrong_state, stale."""
    require(may(find(CLAIM, "add_evidence"), row.claim, person, day_of(now)))
    return settle(row, KEPT, person, now, note)


def refuse(row: Owed, person: Person, *, now: datetime, note: str) -> Owed:
    """The employer says that he will not, or cannot. Raises Refused: not_your_role, wrong_state, no_reason, stale."""
    require(may_notify(row.claim, person, day_of(now)))
    if row.is_promise:
        raise Refused("wrong_state", _("只有用人单位才会拒不提供；劳动者不交的，到期自动记为逾期。"))
    if not note.strip():
        raise Refused("no_reason", _("请写明用人单位怎样答复。"))
    return settle(row, REFUSED, person, now, note)


def waive(row: Owed, person: Person, *, now: datetime, note: str) -> Owed:
    """Nobody waits for it any more. Raises Refused: not_your_role, not_in_charge, wrong_state, no_reason, stale."""
    require(may(find(CLAIM, "assign"), row.claim, person, day_of(now)))
    if not note.strip():
        raise Refused("no_reason", _("请写明为什么不再需要这份材料。"))
    return settle(row, WAIVED, person, now, note)


def extend(row: Owed, due_on: date, person: Person, *, now: datetime, note: str = "") -> Owed:
    """More time, given by the county, once. Raises Refused: not_your_role, wrong_state, no_times_left, day_past, day_far."""
    require(may_extend(row, person, day_of(now)))
    check_day(row.side, due_on, day_of(now))
    if due_on <= row.due_on:
        raise Refused("day_past", _("延长后的日期应晚于原定的 %(day)s。") % {"day": row.due_on})
    with transaction.atomic():
        row.claim = hold(row.claim)
        was = row.due_on
        if not Owed.objects.filter(pk=row.pk, state=OPEN, first_due_on=None).update(due_on=due_on, first_due_on=was):
            raise Refused("stale", _("这份材料刚刚已有结果，请刷新后查看。"))
        row.due_on, row.first_due_on = due_on, was
        clock = Clock.objects.select_related("watch").get(about_id=row.pk, ended_on=None)
        clock.natural_on = due_on
        clocks.move(clock, row.claim, "natural_on", now=now)
        record(row.claim, "paper_owed", person, now=now, **facts_of(row, "extended"), old=was.isoformat(), note=note)
    return row


def may_extend(row: Owed, person: Person, today: date) -> Denied | bool:
    if not any(post.role.name in EXTENDING for post in claim_posts(row.claim, person, today)):
        return Denied("not_your_role", _("延长由县级以上决定，您的岗位不能进行这项操作。"))
    if not row.is_open:
        return Denied("wrong_state", _("这份材料已有结果，不能延长。"))
    return True if row.first_due_on is None else Denied("no_times_left", _("只能延长一次，已经用完。"))


def settle(row: Owed, state: str, person: Person | None, now: datetime, note: str = "", came_as: Evidence | None = None) -> Owed:
    """The conditional update: who comes second finds that there is a result."""
    before = (OPEN,) if state in (LAPSED, BROKEN) else (OPEN, BROKEN, REFUSED) if state == KEPT else (OPEN, BROKEN)
    if row.state not in before:
        raise Refused("wrong_state", _("这份材料已有结果，不能再登记。"))
    changes = {"state": state, "settled_by": person, "settled_at": now, "outcome": note.strip()[:300], "came_as": came_as}
    with transaction.atomic():
        row.claim = hold(row.claim)
        if not Owed.objects.filter(pk=row.pk, state=row.state).update(**changes):
            raise Refused("stale", _("这份材料刚刚已有结果，请刷新后查看。"))
        for name, value in changes.items():
            setattr(row, name, value)
        if state != BROKEN:  # until then the ladder goes on to ask for it
            clocks.stop(row.claim, [RULE_OF[row.side]], now=now, was_met=state == KEPT, about_id=row.pk)
        record(row.claim, "paper_owed", person, now=now, **facts_of(row, state), note=row.outcome)
    return row


def arrived(evidence: Evidence, person: Person | None, now: datetime) -> None:
    """A paper that came keeps the promise of it. Whether the employer has produced what he was told to, and whose paper it
    is where one of several promised for themselves, somebody says."""
    kept = Owed.objects.filter(claim=evidence.claim, side=PROMISE, paper=evidence.kind, state__in=(OPEN, BROKEN))
    for row in kept if evidence.claim.worker_count == 1 else kept.filter(claimant=None):
        settle(row, KEPT, person, now, came_as=evidence)


def break_due(now: datetime) -> int:
    """Those whose day has passed; how many. Whoever is to hear of it is told by the clock's ladder."""
    late = Owed.objects.filter(state=OPEN, due_on__lt=day_of(now)).select_related("claim").order_by("due_on", "id")
    return one_by_one(late[:AT_ONCE], lambda row: break_one(row, now))


def break_one(row: Owed, now: datetime) -> bool:
    try:
        settle(row, BROKEN, None, now)
    except Refused:
        return False  # it came at this moment
    return True


def lapse(claim: Claim, now: datetime) -> None:
    """The claim has ended, and its clocks with it. Called inside the transaction that ends it."""
    for row in Owed.objects.filter(claim=claim, state=OPEN):
        settle(row, LAPSED, None, now)


def broken_of(claim: Claim) -> Any:
    return Owed.objects.filter(claim=claim, side=PROMISE, state=BROKEN)


def require_kept(claim: Claim, move: Move) -> None:
    """A move that needs a paper which was promised and did not come. What one of several promised for themselves holds up
    nobody else. Raises Refused: promise_broken."""
    needed = [paper for paper, moves in BLOCKS.items() if move.name in moves]
    broken = broken_of(claim) if claim.worker_count == 1 else broken_of(claim).filter(claimant=None)
    row = broken.filter(paper__in=needed).first() if needed else None
    if row is not None:
        said = {"paper": label_of(row.paper), "due": row.due_on, "move": _(move.label)}
        raise Refused(
            "promise_broken",
            _("劳动者承诺于 %(due)s 前补交“%(paper)s”，至今没有交，不能进行“%(move)s”。请先收到材料；确实无法取得的，由负责人登记免交并说明理由。") % said,
        )
