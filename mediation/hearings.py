"""The verbs of a mediation: the only place that changes one.

Each verb guards, then in one transaction writes, makes a conditional update (the row count is the lock), appends
the event to the claim's history, moves the clocks and tells people. lifecycle.py says what, this says how.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears import casework, history
from arrears.history import record
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Clock
from arrears.moves import Move
from arrears.notice_kinds import facts_of
from arrears.permits import find, may, require
from arrears.timing import clocks
from arrears.worker.notices import tell_workers
from grid.days import day_of
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from mediation import agreements, handing, in_the_way, party_notices, sittings, together
from mediation.lifecycle import LIVE, MEDIATION, SITTING_BECOMES
from mediation.marks import asking
from mediation.models import EarlierSitting, Hearing, Mediation
from mediation.parties import WORKER
from mediation.permits import may_mediate, mediators_for
from mediation.placing import beginning, convert, join, last_hearing, on_site, postpone, schedule, seen_by, where
from mediation.room import calling, earlier
from mediation.room.absence import Away, away_of, take_back
from mediation.suiting import check_recusal
from mediation.worker_notices import recall, recall_end

Answers = dict[str, Any]
APPLY = MEDIATION.find("apply")
BEGUN_BEFORE = gettext_noop("留存改动以前的到场登记")


def apply(
    claim: Claim, person: Person | None, *, now: datetime, applied_on: date, request: str, is_oral: bool = False,
    mediator: Person | None = None,
) -> Mediation:  # fmt: skip
    """Takes an application for mediation. A claim that was accepted but not begun is begun by it.

    Raises Refused: the claim's (not_your_role, wrong_state …), in_future, before_claim, not_a_mediator, already_open.
    """
    if person is not None:
        require(may(find(CLAIM, "mediate"), claim, person, day_of(now)))
    check_application(claim, applied_on, mediator, day_of(now))
    with transaction.atomic():
        fresh = history.hold(claim)
        if person is not None:
            require(may(find(CLAIM, "mediate"), fresh, person, day_of(now)))
        mediation = write_application(
            claim=claim, applied_on=applied_on, applied_at=now, applied_by=person, request=request, is_oral=is_oral,
            mediator=mediator,
        )  # fmt: skip
        if claim.stage in agreements.HANDLE.sources:
            casework.carry_out(claim, agreements.HANDLE, person, now, {})
        note(mediation, APPLY, person, now, {"applied_on": applied_on, "request": request, "mediator": mediator})
        run_clocks(mediation, APPLY, {}, now)
        announce(mediation, APPLY, person, now, {}, None)
    return mediation


def check_application(claim: Claim, applied_on: date, mediator: Person | None, today: date) -> None:
    if applied_on > today:
        raise Refused("in_future", _("收到申请日期不能晚于今天。"))
    if applied_on < claim.received_on:
        raise Refused("before_claim", _("收到调解申请的日期不能早于收到案件的日期。"))
    if mediator is not None:
        check_mediator(claim, mediator, today)


def check_mediator(claim: Claim, mediator: Person, today: date) -> None:
    if not mediators_for(claim, today).filter(pk=mediator.pk).exists():
        raise Refused("not_a_mediator", _("所选人员目前不能担任本案调解员，请另选。"))


def write_application(**fields: Any) -> Mediation:
    try:
        with transaction.atomic():
            return Mediation.objects.create(**fields)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "one_open_mediation_per_claim":
            raise
        raise Refused("already_open", _("该案件已有一件正在进行的调解，无需重复申请。")) from error


def advance(mediation: Mediation, move_name: str, person: Person | None, *, now: datetime, **answers: Any) -> Mediation:
    """Makes one move of the mediation's table. `person` None is the system itself, which needs no permission.

    `parties` and `absent` are ids of claimants and respondents (`parties` left out: everybody), `instalments`
    pairs of day and amount. Raises Refused: unknown_move, not_your_role, wrong_state, stale, a guard's code, or
    what sittings.py refuses; then nothing has changed in the database.
    """
    move = find(MEDIATION, move_name)
    if person is not None:
        require(may_mediate(move, mediation, person, day_of(now)))
    answers["by"] = person
    others = together.others(mediation) if is_of_all(move, answers) else []
    for other in others:
        if person is not None:
            require(may_mediate(move, other, person, day_of(now)))
    with transaction.atomic():
        for claim in sorted((one.claim for one in (mediation, *others)), key=lambda claim: claim.pk):
            history.hold(claim)
        if others:
            answers["joint"] = together.hold(mediation, others, answers)
        make(mediation, move, person, now, answers)
        for other in others:  # what the page showed was the first one's version
            make(other, move, person, now, {name: value for name, value in answers.items() if name != "version"})
    return mediation


def is_of_all(move: Move, answers: Answers) -> bool:
    """In another room at the same time the mediator of hearings held together can only be with all of them."""
    return move.name == "convert" or move.name == "postpone" and bool(answers.get("together"))


def make(mediation: Mediation, move: Move, person: Person | None, now: datetime, answers: Answers) -> None:
    before = mediation.mediator
    for guard in move.guards:
        GUARDS[guard](mediation, answers, now)
    was = earlier.begun(last_hearing(mediation)) if move.name in PLACES and mediation.state == "scheduled" else None
    facts = EFFECTS[move.name](mediation, answers, person, now)
    shift(mediation, move, CHANGES.get(move.name, lambda *_: {})(answers, day_of(now)))
    if move.name in RECALLS:
        recall(mediation.claim)
    note(mediation, move, person, now, facts)
    if move.name == "agree":
        handing.bring(mediation.agreement, person, now)
    run_clocks(mediation, move, answers, now)
    announce(mediation, move, person, now, facts, before)
    hearing = last_hearing(mediation)
    if move.name in PLACES:
        Hearing.objects.filter(pk=hearing.pk).update(placed_at=now)
        if was and (kept := earlier.begin_anew(hearing, was, person, now)):
            note_begun(mediation, hearing, kept, person, now)
    calling.follow(mediation, hearing, move.name, person, now)
    if move.name in SETTLES:
        in_the_way.settle(hearing, now)


def note_begun(mediation: Mediation, hearing: Hearing, kept: EarlierSitting, person: Person | None, now: datetime) -> None:
    here = [one["name"] for one in kept.people if one["at"]]
    record(
        mediation.claim, "mediation", person, now=now, move="begun_before", move_msgid=BEGUN_BEFORE, mediation=str(mediation.pk), hearing=str(hearing.pk),
        was=sittings.when(kept.starts_at, kept.ends_at), who=here,
    )  # fmt: skip


def shift(mediation: Mediation, move: Move, changes: Answers) -> None:
    """The conditional update: nothing moves if somebody else has moved the mediation since it was read."""
    changes = {"state": move.target, **changes}
    if not Mediation.objects.filter(pk=mediation.pk, state=mediation.state).update(**changes):
        raise Refused("stale", _("该调解刚刚已被他人处理，请刷新后再操作。"))
    for name, value in changes.items():
        setattr(mediation, name, value)


def note(mediation: Mediation, move: Move, person: Person | None, now: datetime, facts: Answers) -> None:
    """The event on the claim, and its workers told. The label goes with it: the claim's page does not know this table."""
    kind = "agreement" if move.target == "agreed" else "mediation"
    event = record(
        mediation.claim, kind, person, now=now, move=move.name, move_msgid=move.label, mediation=str(mediation.pk), **facts
    )
    tell_workers(mediation.claim, event, called_to(mediation) if move.name in ABOUT_A_HEARING else None)
    party_notices.follow(mediation, last_hearing(mediation), event, move.name, person, now)


# What workers were to be told of a hearing before, and what has not gone out yet, holds no longer.
RECALLS = ("schedule", "postpone", "convert", "join", "on_site", "hold", "no_show", "adjourn", "undo", "fail", "reinstate")
# What was in the way of a hearing is out of it.
PLACES = ("schedule", "postpone", "convert", "join", "on_site")  # the hearing has another time or place: reminders are counted anew
SETTLES = ("postpone", "convert", "join", "on_site", "hold", "no_show", "adjourn")
ABOUT_A_HEARING = ("schedule", "postpone", "convert", "join", "adjourn", "no_show", "undo")


def called_to(mediation: Mediation) -> list[Any]:
    """The claimants who are to come to the last hearing."""
    return list(last_hearing(mediation).attendances.filter(party_kind=WORKER).values_list("party_id", flat=True))


# The day from which a rule counts, where it is not today.
COUNTS_FROM: dict[str, Callable[[Mediation, Answers], date]] = {
    "MED-15": lambda mediation, answers: mediation.applied_on,  # receipt of the application (调解仲裁法 第十四条)
    "MED-CONFIRM-30": lambda mediation, answers: answers["effective_on"],  # 人民调解法 第三十三条
    "MED-ARBREVIEW-15": lambda mediation, answers: answers["effective_on"],  # 劳动人事争议仲裁办案规则 第七十四条 (not verified)
}


SHORT = ("MED-ARBREVIEW-15",)  # shorter than the first rungs of its ladder, which would call at once with words that are not true


def run_clocks(mediation: Mediation, move: Move, answers: Answers, now: datetime) -> None:
    claim = mediation.claim
    if move.stops:
        clocks.stop(claim, move.stops, now=now, was_met=move.name not in ("fail", "undo"), about_id=mediation.pk)
    clocks.resume(claim, move.resumes, now=now, about_id=mediation.pk)
    for rule in answers.get("starts", move.starts):
        begins = COUNTS_FROM[rule](mediation, answers) if rule in COUNTS_FROM else day_of(now)
        clocks.start(claim, rule, begins, now=now, about_id=mediation.pk, quietly=rule in SHORT)
    running = Clock.objects.running().filter(claim=claim, about_id=mediation.pk).order_by("due_on").first()
    mediation.due_on = running.due_on if running else None
    Mediation.objects.filter(pk=mediation.pk).update(due_on=mediation.due_on)


REPLACED = "replaced"  # of a notice: it goes to the mediator whose hearing it was (mail_files)
# else mediation_moved
NOTICE_OF = {"on_site": "hearing_on_site", "schedule": "hearing_scheduled", "postpone": "hearing_moved", "convert": "hearing_moved", "join": "hearing_scheduled"}


def announce(
    mediation: Mediation, move: Move, person: Person | None, now: datetime, facts: Answers, before: Person | None
) -> None:
    """Tells those the table names, except whoever did it; a mediator who was replaced hears of it too."""
    claim = mediation.claim
    people = casework.told_of(claim, move.tells, day_of(now))
    replaced = []
    if "mediator" in move.tells:
        people += [mediation.mediator] if mediation.mediator else []
        replaced = [before] if before and before not in people else []
    said = {
        **facts_of(claim), "move_msgid": move.label, "by": str(person or ""),
        **{name: facts[name] for name in ("when", "was", "room", "mediator", "hearing") if name in facts},
    }
    for group, more in ((people, {}), (replaced, {REPLACED: True})):
        tell(
            [one for one in group if person is None or one.pk != person.pk],
            NOTICE_OF.get(move.name, "mediation_moved"), key=f"mediation:{mediation.pk}:{move.name}:{now.timestamp()}", now=now,
            facts={**said, **more}, path=f"/mediations/{mediation.pk}/", subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip


# What a move sets on the mediation, beside its state.
CHANGES: dict[str, Callable[[Answers, date], Answers]] = {
    "accept": lambda answers, today: {"mediator": answers["mediator"]},
    "schedule": lambda answers, today: {"mediator": answers["mediator"]},
    "postpone": lambda answers, today: {"mediator": answers["mediator"]},
    "join": lambda answers, today: {"mediator": answers["hearing"].mediator},
    "on_site": lambda answers, today: {"mediator": answers["by"]},
    "agree": lambda answers, today: {"ended_on": today},
    "fail": lambda answers, today: {
        "ended_on": today, "ground": answers.get("ground") or "", "result": answers["reason"],
    },
    "reinstate": lambda answers, today: {"state": answers["state"], "ended_on": None, "ground": "", "result": "", "marks_asked_at": None},
}  # fmt: skip


# What a move writes elsewhere. Each returns what the event says of it.


def accept(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    check_mediator(mediation.claim, answers["mediator"], day_of(now))
    check_recusal(answers["mediator"], mediation)
    return {"mediator": str(answers["mediator"]), "note": answers.get("note")}


def hold(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    hearing = last_hearing(mediation)
    away = away_of(hearing, answers, person, now)
    sittings.finish(hearing, SITTING_BECOMES["hold"], answers["minutes"], away.ids)
    return {"minutes": answers["minutes"], "absent": away.names, "hearing": str(hearing.pk), **uncalled(away)}


def no_show(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """Of whoever was called. Where nobody could be called nobody is absent: it is adjourned."""
    hearing = last_hearing(mediation)
    away = away_of(hearing, answers, person, now)
    if not away.absent and away.uncalled:
        raise Refused("not_called", _("没有来的都是没有通知到的，不算缺席：请用“休会，择期再开”，依法补送通知以后再定时间。"))
    if not away.absent:
        raise Refused("nobody_absent", _("请选择未到场的当事人。"))
    sittings.finish(hearing, SITTING_BECOMES["no_show"], answers.get("note") or "", away.ids)
    return {"absent": away.names, "note": answers.get("note"), "hearing": str(hearing.pk), **beginning(hearing), **uncalled(away)}


def uncalled(away: Away) -> Answers:
    return {"uncalled": [one.name for one in away.uncalled]} if away.uncalled else {}


def has_begun(hearing: Hearing, now: datetime) -> bool:
    """Its time has come, or somebody was let in before."""
    return hearing.starts_at <= now or any(one.is_here for one in hearing.presences.all())


def adjourn(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """One that was held stays held, one that had not begun does not take place."""
    hearing = last_hearing(mediation)
    if hearing.is_live:
        sittings.finish(hearing, SITTING_BECOMES["adjourn" if has_begun(hearing, now) else "fail"], answers["reason"])
    return {"reason": answers["reason"], "hearing": str(hearing.pk), **beginning(hearing)}


def undo(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    hearing = last_hearing(mediation)
    take_back(hearing)
    sittings.revive(hearing, seen_by(person, now), now)
    again = {"when": sittings.when(hearing.starts_at, hearing.ends_at), **where(hearing.room), **beginning(hearing)} if hearing.starts_at > now else {}
    return {"reason": answers["reason"], "was_msgid": mediation.status.label, "hearing": str(hearing.pk), **again}


def agree(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    agreement = agreements.write(mediation, answers, person, now)
    return {
        "number": agreement.number, "total": agreement.total, "effective_on": agreement.effective_on,
        "instalments": [[due_on.isoformat(), str(amount)] for due_on, amount in agreements.plan_of(answers)],
    }  # fmt: skip


def fail(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """A hearing still to come is cancelled with it; what became of one that has begun is to be said first."""
    hearing = last_hearing(mediation)
    cancelled = hearing if hearing is not None and hearing.state == LIVE else None
    if cancelled and has_begun(cancelled, now):
        raise Refused("hearing_begun", _("这场调解会的时间已经到了，或者已经有人签到，请先登记结果（已开会、休会或者有人缺席），再终结调解。"))
    if cancelled:
        sittings.finish(cancelled, SITTING_BECOMES["fail"])
        in_the_way.settle(cancelled, now)
    return {"ground": answers.get("ground"), "reason": answers["reason"], **({"hearing": str(cancelled.pk), **beginning(cancelled)} if cancelled else {})}


def reinstate(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """A hearing that was cancelled with the end stays cancelled: everybody was told that it is off."""
    answers["state"] = stood(mediation)
    answers["starts"] = MEDIATION.find("reinstate").starts if answers["state"] in ("accepted", "adjourned") else ()
    asking.withdraw(mediation, now)
    recall_end(mediation.claim)
    return {"reason": answers["reason"], "state": answers["state"]}


def stood(mediation: Mediation) -> str:
    """Where it goes on: what was held need not be held again before an agreement can be recorded."""
    hearing = last_hearing(mediation)
    if hearing is not None:
        return "held" if hearing.state == SITTING_BECOMES["hold"] else "adjourned"
    was_accepted = Clock.objects.filter(claim=mediation.claim, rule_id="MED-ARRANGE-5", about_id=mediation.pk).exists()
    return "accepted" if was_accepted else MEDIATION.initial


EFFECTS: dict[str, Callable[[Mediation, Answers, Person | None, datetime], Answers]] = {
    effect.__name__: effect for effect in (accept, schedule, postpone, convert, join, on_site, hold, no_show, adjourn, undo, agree, fail, reinstate)
}
assert {move.name for move in MEDIATION.moves if move.sources} == EFFECTS.keys(), "a move of the table is not written"


def not_recused(mediation: Mediation, answers: Answers, now: datetime) -> None:
    """Neither whoever held the last hearing nor whoever has the case: with a recusal nothing they record of it counts."""
    for mediator in {last_hearing(mediation).mediator, mediation.mediator}:
        check_recusal(mediator, mediation)


MISTAKE_WITHIN = timedelta(days=15)  # of the end: a choice of this house, as long as a mediation may last


def ended_lately(mediation: Mediation, answers: Answers, now: datetime) -> None:
    if mediation.ended_on + MISTAKE_WITHIN < day_of(now):
        raise Refused("too_late", _("终结已经超过 %(days)s 天，不能再更正；双方愿意调解的，请重新申请。") % {"days": MISTAKE_WITHIN.days})
    if Mediation.objects.open().filter(claim=mediation.claim_id).exists():
        raise Refused("already_open", _("本案后来又申请了调解，正在进行，请在那一件里办理。"))


def claim_goes_on(mediation: Mediation, answers: Answers, now: datetime) -> None:
    if not mediation.claim.is_open:
        raise Refused("claim_over", _("案件已经结束，先在案件页“重新办理”，再更正。"))


GUARDS: dict[str, Callable[[Mediation, Answers, datetime], None]] = {
    guard.__name__: guard for guard in (agreements.three_signatures, agreements.plan_adds_up, agreements.for_each_worker, agreements.claim_in_hand, not_recused, ended_lately, claim_goes_on)
}
assert {name for move in MEDIATION.moves for name in move.guards} <= GUARDS.keys(), "a guard of the table is not written"
