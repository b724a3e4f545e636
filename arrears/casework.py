"""The verbs of a claim: the only place that changes one.

Each verb guards, then in one transaction makes a conditional update (the row count is the lock), appends
the event, moves the clocks, and tells people. Tables say what (lifecycle.py); this says how.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.groups import carrying
from arrears.history import hold, record
from arrears.ladders.align import replan
from arrears.ladders.store import book_now
from arrears.lifecycle import CLAIM, UNSETTLED
from arrears.limitation.running import run_again
from arrears.models import Claim, Claimant, Event, Payment
from arrears.moves import Move
from arrears.notice_kinds import facts_of
from arrears.objections.standing import claim_reopened
from arrears.owed.verbs import lapse, require_kept
from arrears.permits import claim_posts, find, may, require
from arrears.proceedings import clocks as proceedings
from arrears.serving import carrying as services
from arrears.sources import promised
from arrears.supervision import orders
from arrears.support import standing as support
from arrears.support.carrying import carry_searches
from arrears.timing import clocks, merging, pausing
from arrears.worker import questions
from arrears.worker.notices import tell_workers
from grid.access import log_access
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import LEVEL_LABELS, above, below

Answers = dict[str, Any]
SOME = 5  # numbers named in a refusal
UNMET = ("breach", "withdraw", "merge")  # end clocks without doing what these called for


def advance(claim: Claim, move_name: str, person: Person | None, *, now: datetime, **answers: Any) -> Claim:
    """Makes one move of the claim's table. `person` None is the system itself, which needs no permission.

    Raises Refused: unknown_move, not_your_role, wrong_state, not_in_charge, stale, or a guard's code.
    """
    move = find(CLAIM, move_name)
    if person is not None:
        require(may(move, claim, person, day_of(now)))
    return carry_out(claim, move, person, now, answers)


def carry_out(claim: Claim, move: Move, person: Person | None, now: datetime, answers: Answers) -> Claim:
    """The move itself. For `advance`, and for verbs whose own table has already permitted the person: an agreement
    settles the claim, whatever level it has climbed to. The caller has seen that the stage is one of the sources."""
    with transaction.atomic():
        hold(claim, *beside(move, answers))  # before the guards, so that nothing they ask for is begun meanwhile
        if person is not None:
            require_kept(claim, move)
        for guard in move.guards:
            GUARDS[guard](claim, answers)
        if move.target and claim.suspended_until:
            pausing.end(claim, person, now)
        EFFECTS.get(move.name, change_nothing)(claim, answers, person, now)
        changes = CHANGES.get(move.name, lambda *_: {})(claim, answers, day_of(now))
        shift(claim, move, changes)
        event = record(claim, move.name, person, now=now, **answers)
        run_clocks(claim, move, answers, now)
        announce(claim, move, person, now)
        tell_workers(claim, event)
        CONSEQUENCES.get(move.name, lambda *_: None)(claim, now)
        if clocks.EVERY in move.stops:
            orders.lapse(claim, now)
            lapse(claim, now)
            support.lapse(claim, now)
            questions.lapse(claim, now)
            claim.proceedings.open().update(due_on=None)  # what may outlive the claim has no clock of it any more
    return claim


def beside(move: Move, answers: Answers) -> list[Claim]:
    """The other claims a move has to do with."""
    return [answers[ask.name] for ask in move.asks if ask.kind == "claim"]


def shift(claim: Claim, move: Move, changes: Answers) -> None:
    """The conditional update: nothing moves if somebody else has moved the claim since it was read."""
    if move.target:
        changes = {**changes, "stage": move.target}
    unmoved = Claim.objects.filter(
        pk=claim.pk, stage=claim.stage, level=claim.level, suspended_until=claim.suspended_until
    )
    moved = unmoved.update(**(changes or {"stage": claim.stage}))
    if not moved:
        raise Refused("stale", _("该案件刚刚已被他人处理，请刷新后再操作。"))
    for name, value in changes.items():
        setattr(claim, name, value)


def run_clocks(claim: Claim, move: Move, answers: Answers, now: datetime) -> None:
    if move.stops:
        clocks.stop(claim, move.stops, now=now, was_met=move.name not in UNMET)
    read = {"calendar": calendar_now(), "book": book_now()} if move.starts else {}
    for rule in move.starts:
        clocks.start(claim, rule, day_of(now), now=now, **read, due_on=answers.get("pay_by") if rule == "AGREED-PAY" else None)
    if move.resumes:
        clocks.resume(claim, move.resumes, now=now)
    if move.starts or move.stops:
        clocks.refresh_due(claim)


def announce(claim: Claim, move: Move, person: Person | None, now: datetime) -> None:
    """Tells those the table names, except whoever did it."""
    people = [told for told in told_of(claim, move.tells, day_of(now)) if person is None or told.pk != person.pk]
    if people:
        tell(
            people, "claim_moved", key=f"move:{claim.pk}:{move.name}:{now.timestamp()}", now=now,
            facts={**facts_of(claim), "move_msgid": move.label, "by": str(person or "")},
            path=f"/claims/{claim.pk}/", subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip


def told_of(claim: Claim, tells: tuple[str, ...], today: date) -> list[Person]:
    """Of a handler who is away, whoever stands in for them; if nobody does, whoever leads the level in charge."""
    if not tells:
        return []
    people: list[Person] = []
    roster = Roster.around(claim.region_id, today)
    if "handler" in tells and claim.handler_id:
        people += owners_of(claim, roster)
    if "level" in tells:
        people += roster.answerable(claim.level, claim.region_id)[1]
    return people


def owners_of(claim: Claim, roster: Roster) -> list[Person]:
    """The handler if on duty, else the leads of the level in charge, or of the next one with anybody in it."""
    handler = roster.on_duty(claim.handler_id, claim.region_id)
    return [handler] if handler else roster.answerable(claim.level, claim.region_id)[1]


# What a move sets on the claim, beside its stage.


def closing(claim: Claim, answers: Answers, today: date) -> Answers:
    return {"closed_on": today, "result": answers.get("result") or answers.get("ground") or ""}


def level_above(claim: Claim, today: date) -> str:
    """The next one up whose post is filled, as on a ladder; up to where nobody is nothing climbs."""
    found, people = Roster.around(claim.region_id, today).answerable(above(claim.level), claim.region_id)
    if not people:
        raise Refused("vacant", _("上级岗位均空缺，没有人可以接办，暂不能提级。请先补充人员。"))
    return found


CHANGES: dict[str, Callable[[Claim, Answers, date], Answers]] = {
    "verify": lambda claim, answers, today: {"verified": answers["verified_amount"]},
    "settle": lambda claim, answers, today: {"agreed": answers["agreed_amount"]},
    "assign": lambda claim, answers, today: {"handler": answers["handler"]},
    "escalate": lambda claim, answers, today: {"level": level_above(claim, today), "handler": None},
    "suspend": lambda claim, answers, today: {"suspended_until": answers["planned_end"]},
    "resume": lambda claim, answers, today: {"suspended_until": None},
    "mark_sensitive": lambda claim, answers, today: {"sensitive": answers["ground"]},
    "unmark_sensitive": lambda claim, answers, today: {"sensitive": ""},
    "hand_back": lambda claim, answers, today: {"level": below(claim.level), "handler": None},
    "reopen": lambda claim, answers, today: {"closed_on": None, "result": "", "handler": None},
    "gather": lambda claim, answers, today: {"part_of": answers["part_of"]},
    "ungather": lambda claim, answers, today: {"part_of": None},
    "merge": lambda claim, answers, today: {**closing(claim, answers, today), "merged_into": answers["merged_into"]},
    "close": closing,
    "conclude": closing,
    "reject": closing,
    "transfer": closing,
    "withdraw": closing,
}


# What a move writes elsewhere.


def change_nothing(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    pass


def write_payment(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    if answers["paid_on"] > day_of(now):
        raise Refused("payment_in_future", _("付款日期不能晚于今天；尚未到账的款项请在到账后登记。"))
    Claim.objects.select_for_update().get(pk=claim.pk)  # two payments at once must add up
    Payment.objects.create(
        claim=claim, amount=answers["amount"], paid_on=answers["paid_on"], method=answers["method"],
        note=answers.get("note") or "", claimant=answers.get("claimant"), excess=answers.get("excess") or Decimal(0),
        line_key=answers.pop("line_key", None), recorded_by=person, recorded_at=now,
    )  # fmt: skip


def suspend(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    assert person is not None, "nobody suspends a claim by themselves"
    posts = [post for post in claim_posts(claim, person, day_of(now)) if post.role.name in find(CLAIM, "suspend").roles]
    asked = {"ground": answers["ground"], "planned_end": answers["planned_end"], "note": answers["reason"]}
    answers["clocks"] = pausing.pause(claim, person, posts, now=now, **asked)


def resume(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    answers.update(pausing.wake(claim, person, now=now))
    tell_woken(claim, person, now)


def check_climbed(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    """Whoever had the page open when the ladder lifted the claim would lift it a second time without knowing."""
    today = day_of(now)
    climbed = Event.objects.filter(claim=claim, kind="climbed", happened_on=today)
    if person is not None and climbed.exists():
        raise Refused(
            "climbed_today",
            _("系统今天已经将案件提级，现由%(level)s办理；一天最多提级一次，仍需提级的请明天再办。情况紧急的，请直接联系上级。")
            % {"level": _(LEVEL_LABELS[claim.level])},
        )


def check_answer_day(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    if answers["answer_by"] < day_of(now):
        raise Refused("day_past", _("回答的日期不能早于今天。"))


def merge(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    """Who waits, what they are owed and what was proved goes over; whoever waited longest keeps the day."""
    target = answers["merged_into"]
    merging.hand_on(claim, target, find(CLAIM, "reopen").resumes, person, now)
    answers.update(carrying.carry(claim, target, person, now))
    carry_searches(claim, target, person, now)
    questions.carry(claim, target)
    promised.carry(claim, target)
    services.carry(claim, target)
    announce(target, find(CLAIM, "merge"), person, now)


def gather(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    record(answers["part_of"], "part_gathered", person, now=now, part=claim.number)


def ungather(claim: Claim, answers: Answers, person: Person | None, now: datetime) -> None:
    parent = claim.part_of
    assert parent is not None, "the guard has seen that it is a part"
    record(parent, "part_ungathered", person, now=now, part=claim.number)


def tell_woken(claim: Claim, person: Person | None, now: datetime) -> None:
    """Whoever owes the next step hears that its time runs again, also when nobody woke the claim."""
    owners = owners_of(claim, Roster.around(claim.region_id, day_of(now)))
    people = [owner for owner in owners if person is None or owner.pk != person.pk]
    due = claim.due_on.isoformat() if claim.due_on else "—"
    tell(
        people, "claim_woke", key=f"woke:{claim.pk}:{now.timestamp()}", now=now,
        facts={"number": claim.number, "due": due}, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
        region_code=claim.region_id,
    )  # fmt: skip


# What an effect finds it adds to the answers, so that it stands in the event.
EFFECTS: dict[str, Callable[[Claim, Answers, Person | None, datetime], None]] = {
    "record_payment": write_payment, "suspend": suspend, "resume": resume, "merge": merge, "gather": gather,
    "ungather": ungather, "escalate": check_climbed, "ask": check_answer_day,
}  # fmt: skip


def count_payments(claim: Claim, now: datetime) -> None:
    """When all that is owed has come, the claim moves on by itself."""
    claim.paid = claim.payments.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    Claim.objects.filter(pk=claim.pk).update(paid=claim.paid)
    confirm = find(CLAIM, "confirm_paid")
    if not claim.unpaid and claim.stage in confirm.sources:
        advance(claim, confirm.name, None, now=now)


def count_target(claim: Claim, now: datetime) -> None:
    """What had been paid on the merged claim may have been all that both are owed."""
    if claim.merged_into and claim.merged_into.paid:
        count_payments(claim.merged_into, now)


def reopened(claim: Claim, now: datetime) -> None:
    claim_reopened(claim, now)
    proceedings.follow_open(claim, now)
    run_again(claim, None, now)  # a right that was used is not open again
    promised.resume(claim, now)


CONSEQUENCES: dict[str, Callable[[Claim, datetime], None]] = {
    "record_payment": count_payments, "merge": count_target, "mark_sensitive": replan, "unmark_sensitive": replan,
    "ask": questions.begin, "reopen": reopened,
}  # fmt: skip


# Conditions that need the database, by the name the table gives them.


def paid_in_full(claim: Claim, answers: Answers) -> None:
    if claim.unpaid:
        raise Refused(
            "not_paid_in_full",
            _("尚有 %(unpaid)s 元未付，不能确认清偿。请先登记付款，或核定应付金额。") % {"unpaid": claim.unpaid},
        )


def nothing_pending(claim: Claim, answers: Answers) -> None:
    """A claim does not end while another body or a mediation still works on it."""
    pending = [r for r in claim.referrals.all() if r.is_open]
    if pending:
        raise Refused("referral_open", _("还有移送未办结，请先撤回或等待协同单位反馈结果。"))
    if any(mediation.is_open for mediation in claim.mediations.all()):
        raise Refused("mediation_open", _("还有调解未结束，请先在调解页面登记结果。"))


def proceedings_ended(claim: Claim, answers: Answers) -> None:
    """Nor while a court, a commission or the police still works on it."""
    left = [row for row in claim.proceedings.open() if not row.lets_close]
    if left:
        said = {"names": _("、").join(str(row) for row in left[:SOME])}
        raise Refused("proceeding_open", _("还有程序没有结束（%(names)s）。请先登记它的结果：付清、撤回或者执行完毕。") % said)


def support_ended(claim: Claim, answers: Answers) -> None:
    """Who applied, and what was thought of it, belongs to one claim."""
    if support.open_of(claim):
        raise Refused("support_open", _("支持起诉申请还没有办结，请先办结，或者由劳动者撤回申请。"))


def merge_target(claim: Claim, answers: Answers) -> None:
    target = answers["merged_into"]
    if target.pk == claim.pk:
        raise Refused("merge_into_itself", _("不能并入案件自身。"))
    target.refresh_from_db(fields=["stage", "level", "handler", "suspended_until"])  # it is held by now
    if not target.is_open:
        raise Refused("merge_target_closed", _("并入的案件已经结束，请选择一件在办案件。"))
    if target.stage not in UNSETTLED:
        raise Refused("merge_target_settled", _("并入的案件已经约定清偿或者付清，其金额已定，不能再并入；请选择另一件，或者单独办理。"))


def parts_ended(claim: Claim, answers: Answers) -> None:
    """A collective case does not end before the claims under it."""
    left = list(claim.parts.open().order_by("number").values_list("number", flat=True))
    if left:
        words = {"count": len(left), "numbers": _("、").join(left[:SOME])}
        raise Refused("parts_open", _("还有 %(count)s 件子案没有结束（%(numbers)s）。请先办结子案，或者把它们移出本案。") % words)


def may_be_part(claim: Claim, answers: Answers) -> None:
    """One level only: what has parts is no part, and what is a part has none."""
    parent = answers["part_of"]
    parent.refresh_from_db(fields=["stage", "level", "part_of"])
    if parent.pk == claim.pk:
        raise Refused("part_of_itself", _("不能把案件纳入它自己。"))
    if not parent.is_open:
        raise Refused("parent_closed", _("牵头案件已经结束，请选择一件在办案件。"))
    if parent.part_of_id:
        raise Refused("parent_is_part", _("所选案件自己是子案，请选它的牵头案件。"))
    if claim.parts.exists():
        raise Refused("has_parts", _("本案自己有子案，不能再纳入别的案件；请先移出子案。"))


def is_part(claim: Claim, answers: Answers) -> None:
    claim.refresh_from_db(fields=["part_of"])
    if claim.part_of_id is None:
        raise Refused("not_part", _("本案不在集体案件之下。"))
    answers["was_part_of"] = claim.part_of.number


def not_top(claim: Claim, answers: Answers) -> None:
    if above(claim.level) is None:
        raise Refused("top_level", _("案件已由市级办理，不能再提级。"))


def not_bottom(claim: Claim, answers: Answers) -> None:
    if below(claim.level) is None:
        raise Refused("bottom_level", _("案件已由乡镇级办理，不能再退回。"))


GUARDS: dict[str, Callable[[Claim, Answers], None]] = {
    guard.__name__: guard for guard in (paid_in_full, nothing_pending, support_ended, parts_ended, proceedings_ended, merge_target, may_be_part, is_part, not_top, not_bottom)
}
assert {name for move in CLAIM.moves for name in move.guards} <= GUARDS.keys(), "a guard of the table is not written"


def reveal_id_number(claimant: Claimant, person: Person, reason: str, *, now: datetime, address: str | None = None) -> str:
    """The whole ID number, for a stated reason that is logged and stands in the claim's history. Not for readers."""
    if not claim_posts(claimant.claim, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))
    if len(reason.strip()) < 4:
        raise Refused("reason_needed", _("请写明查看身份证号的理由（不少于四个字）。"))
    with transaction.atomic():
        log_access(
            person, "reveal", "claimant", claimant.pk, now=now, region_code=claimant.claim.region_id,
            reason=reason, address=address,
        )  # fmt: skip
        record(claimant.claim, "id_revealed", person, now=now, worker=claimant.name, reason=reason)
    return claimant.id_number()
