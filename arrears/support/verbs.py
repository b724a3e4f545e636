"""The verbs of a support case: opened, its conditions filled in, who applies, and the moves of its table.

A verb takes the claim first (`hold`), so that nobody else changes case or claim meanwhile. An opinion is written with the facts
as they were; what is approved goes to those who were chosen to stand behind in the same transaction.
"""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from arrears import referrals
from arrears.casework import told_of
from arrears.groups.law import GENERAL
from arrears.history import actor_post, hold, record
from arrears.lifecycle import CLAIM
from arrears.models import Applicant, Authority, Claim, Claimant, Clock, Evidence, Opinion, Representative, SupportCase
from arrears.moves import Move
from arrears.notice_kinds import facts_of
from arrears.permits import claim_posts, find, may, require
from arrears.support.lifecycle import AGREE, ONE, OPINION_MOVES, OPINION_OF, SHAPES, SUPPORT, VERDICT_OF, WAITING
from arrears.support.permits import may_open, may_support
from arrears.support.standing import checks_of, defendant_of, event_facts
from arrears.support.supporting import hand_to, narrow, recall_open, tell_who_joined
from arrears.support.table import REASONS, needs_city
from arrears.timing import clocks
from arrears.worker.notices import tell_workers
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import CITY, CITY_SUPERVISOR

Answers = dict[str, Any]
LONGEST = timedelta(days=366)
SOURCE_LANGUAGE = "zh-hans"  # frozen facts are a document of the house


def begin(claim: Claim, person: Person, *, now: datetime) -> SupportCase:
    """Raises Refused: as casework.advance; open_already."""
    require(may_open(claim, person, day_of(now)))
    with transaction.atomic():
        claim = hold(claim)
        require(may_open(claim, person, day_of(now)))
        try:
            with transaction.atomic():
                case = SupportCase.objects.create(claim=claim, opened_by=person, opened_at=now)
        except IntegrityError as twice:
            if "one_open_support_case" not in str(twice):
                raise
            raise Refused("open_already", _("本案已有一份在办的支持起诉申请，请在那一份上继续。")) from twice
        record(claim, "support", person, now=now, **event_facts(case, "open"))
    return case


def prepare(
    case: SupportCase, person: Person, *, now: datetime, reasons: Collection[str], why: str, told_apart: str = "",
    mediated_on: date | None = None, mediated: str = "", why_not_mediated: str = "", shape: str = ONE,
) -> SupportCase:  # fmt: skip
    """What the record does not show. Half of it may be left for later; `apply` looks at the whole. Raises Refused: those of
    `may_support`, unknown_reason, in_future."""
    if unknown := [reason for reason in reasons if reason not in REASONS]:
        raise Refused("unknown_reason", _("没有这种情形：%(name)s") % {"name": unknown[0]})
    if mediated_on and mediated_on > day_of(now):
        raise Refused("in_future", _("日期不能晚于今天。"))
    if shape not in dict(SHAPES):
        raise Refused("unknown_shape", _("请选择一件共同诉讼，还是每人分别起诉。"))
    said = {
        "reasons": list(dict.fromkeys(reasons)), "why": why.strip()[:500], "told_apart": told_apart.strip()[:300], "mediated_on": mediated_on,
        "mediated": mediated.strip()[:300], "why_not_mediated": why_not_mediated.strip()[:300], "shape": shape,
    }  # fmt: skip
    with transaction.atomic():
        case = held(case, "prepare", person, now)
        SupportCase.objects.filter(pk=case.pk).update(**said)
        for name, value in said.items():
            setattr(case, name, value)
        record(case.claim, "support", person, now=now, **event_facts(case, "prepare", why_alone=list(case.reasons)))
    return case


def apply_for(
    case: SupportCase, person: Person, claimants: Collection[UUID], *, now: datetime, signed_on: date, paper: Evidence | None = None,
    amounts: dict[Any, Decimal] | None = None, via: UUID | None = None,
) -> int:  # fmt: skip
    """These workers apply, with one signed paper: each their own, or a representative's (`via`) who was given authority. Who was
    chosen before keeps what is not said anew. `amounts` by worker; without, what is unpaid of their lines. How many. Raises
    Refused: those of `may_support`, nobody, not_of_claim, no_amount, too_much, other_claim, file_quarantined, in_future,
    no_representative, no_authority, nothing_new, city_needed."""
    move = "choose_workers" if case.state in SUPPORT.find("choose_workers").sources else "join"
    with transaction.atomic():
        case = held(case, move, person, now)
        workers = chosen_of(case.claim, claimants)
        if signed_on > day_of(now):
            raise Refused("in_future", _("日期不能晚于今天。"))
        check_paper(case.claim, paper)
        known = {row.claimant_id: row for row in case.applicants.filter(claimant__in=workers)}
        if move == "join":
            workers = [worker for worker in workers if worker.pk not in known]
            if not workers:
                raise Refused("nothing_new", _("所选劳动者都已经在申请里。"))
            if paper is None:
                raise Refused("not_signed", _("补充加入的劳动者要有签字的申请书，请一并上传。"))
        owed = amounts_of(case.claim, workers, amounts or {})
        is_citys = move == "join" and asks_city(case, owed)
        if is_citys and not leads_city(case, person, now):
            raise Refused("city_needed", _("加入以后，人数或者金额达到市级意见的标准，而本案还没有市级意见。请由市级督办员登记补报。"))
        representative, scopes = authority_of(case.claim, via, workers)
        batch = (case.applicants.aggregate(last=Max("batch"))["last"] or 0) + 1 if move == "join" else 0
        for worker in workers:
            row = known.get(worker.pk) or Applicant(case=case, claimant=worker, batch=batch, added_by=person, added_at=now)
            row.amount, row.via, row.scope = owed[worker.pk], representative, scopes.get(worker.pk, "")
            if paper:
                row.paper, row.signed_on = paper, signed_on
            row.save(force_insert=worker.pk not in known, **({"update_fields": ["amount", "via", "scope", "paper", "signed_on"]} if worker.pk in known else {}))
        total = sum(owed.values(), Decimal(0))
        record(
            case.claim, "support", person, now=now, happened_on=signed_on,
            **event_facts(case, move, applicants=[worker.name for worker in workers], total=total, proof=paper.title if paper else None),
        )  # fmt: skip
        if is_citys:
            sign(case, CITY, AGREE, _("补报以后达到市级意见的标准，市级同意补报：%(names)s") % {"names": _("、").join(worker.name for worker in workers)}, person, now)
        if move == "join":
            supplement(case, workers, person, now)
    return len(workers)


def asks_city(case: SupportCase, joining: dict[Any, Decimal]) -> bool:
    """Would it be the city's with these, after it was agreed to without the city? Before that the next opinion asks."""
    if case.state in WAITING or case.opinions.filter(level=CITY, verdict=AGREE).exists():
        return False
    total = case.applicants.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return needs_city(case.applicants.count() + len(joining), total + sum(joining.values(), Decimal(0)))


def leads_city(case: SupportCase, person: Person, now: datetime) -> bool:
    return any(post.role.name == CITY_SUPERVISOR and post.level == CITY for post in claim_posts(case.claim, person, day_of(now)))


def leave_out(case: SupportCase, person: Person, claimants: Collection[UUID], *, now: datetime, reason: str = "") -> int:
    """These do not want to apply after all; once the application was handed in they say why, and the bodies that have it work on
    without them. Raises Refused: those of `may_support`, nobody, no_reason, everybody."""
    move = "choose_workers" if case.state in SUPPORT.find("choose_workers").sources else "leave"
    with transaction.atomic():
        case = held(case, move, person, now)
        rows = list(case.applicants.filter(claimant__in=list(claimants)).select_related("claimant"))
        if not rows:
            raise Refused("nobody", _("请选择劳动者。"))
        if move == "leave" and not reason.strip():
            raise Refused("no_reason", _("请写明劳动者撤回的理由。"))
        if move == "leave" and len(rows) == case.applicants.count():
            raise Refused("everybody", _("所选的是全部申请人，请用“劳动者撤回申请”撤回整个申请。"))
        names = [row.claimant.name for row in rows]
        Applicant.objects.filter(pk__in=[row.pk for row in rows]).delete()
        said = {"reason": reason.strip()} if move == "leave" else {}
        event = record(case.claim, "support", person, now=now, **event_facts(case, "leave" if said else "leave_out", applicants=names, **said))
        if said:
            tell_workers(case.claim, event, only={row.claimant_id for row in rows})
            narrow(case, names, now)
            notify(case, SUPPORT.find(move), told_of(case.claim, ("handler",), day_of(now)), person, now)
    return len(rows)


def held(case: SupportCase, move_name: str, person: Person, now: datetime) -> SupportCase:
    """The case as it is now, its claim held, for a verb of the table that changes no state."""
    claim = hold(case.claim)
    case = SupportCase.objects.get(pk=case.pk)
    case.claim = claim
    require(may_support(find(SUPPORT, move_name), case, person, day_of(now)))
    return case


def chosen_of(claim: Claim, ids: Collection[UUID]) -> list[Claimant]:
    wanted = {str(one) for one in ids}
    if not wanted:
        raise Refused("nobody", _("请选择劳动者。"))
    found = [worker for worker in claim.claimants.filter(same_as=None) if str(worker.pk) in wanted]
    if len(found) != len(wanted):
        raise Refused("not_of_claim", _("所选劳动者有的已不在本案，请刷新后重新选择。"))
    return found


def check_paper(claim: Claim, paper: Evidence | None) -> None:
    if paper is None:
        return
    if paper.claim_id != claim.pk:
        raise Refused("other_claim", _("所选证据不属于本案。"))
    if paper.is_quarantined:
        raise Refused("file_quarantined", _("文件查出病毒，已隔离，请另拍一份。"))


def unpaid_of(claim: Claim, workers: Iterable[Claimant]) -> dict[Any, Decimal]:
    """What is unpaid of each one's lines; of the only worker of a claim, what is unpaid of the claim."""
    rows = claim.lines.filter(claimant__in=list(workers)).order_by().values("claimant").annotate(unpaid=Sum("unpaid"))
    found = {row["claimant"]: row["unpaid"] for row in rows}
    return {pk: min(amount, claim.unpaid) for pk, amount in found.items()} if claim.worker_count == 1 else found


def amounts_of(claim: Claim, workers: Collection[Claimant], said: dict[Any, Decimal]) -> dict[Any, Decimal]:
    owed, asked = unpaid_of(claim, workers), {}
    by_id = {str(pk): amount for pk, amount in said.items()}
    for worker in workers:
        most = owed.get(worker.pk, Decimal(0))
        amount = by_id.get(str(worker.pk), most)
        if amount <= 0:
            raise Refused("no_amount", _("%(name)s还没有工资明细，或者已经付清，不能申请。") % {"name": worker.name})
        if amount > most:
            words = {"name": worker.name, "amount": f"{amount:,.2f}", "most": f"{most:,.2f}"}
            raise Refused("too_much", _("%(name)s请求 %(amount)s 元，多于工资明细里还欠的 %(most)s 元。请先补登工资明细。") % words)
        asked[worker.pk] = amount
    return asked


def authority_of(claim: Claim, via: UUID | None, workers: Collection[Claimant]) -> tuple[Representative | None, dict[Any, str]]:
    """The representative, and by worker how far the authority goes; the representative himself signs for himself."""
    if via is None:
        return None, {}
    one = Representative.objects.filter(pk=via, claim=claim, ended_at=None).select_related("claimant").first()
    if one is None:
        raise Refused("no_representative", _("这名代表人已经更换，请刷新后重新选择。"))
    given = Authority.objects.filter(representative=one, ended_at=None).values_list("claimant", "scope")
    scopes = {**dict(given), one.claimant_id: GENERAL}
    without = [worker.name for worker in workers if worker.pk not in scopes]
    if without:
        raise Refused("no_authority", _("%(names)s还没有授权给%(representative)s，请先登记授权，或者由本人签字。") % {"names": _("、").join(without), "representative": one.claimant.name})
    return one, scopes


def supplement(case: SupportCase, workers: Collection[Claimant], person: Person, now: datetime) -> None:
    """Those who are asked for an opinion, and the bodies that have the case, hear who joined."""
    people = [one for one in told_of(case.claim, ("handler",), day_of(now)) if one != person]
    joined = case.applicants.filter(claimant__in=workers).select_related("claimant", "paper")
    for referral in tell_who_joined(case, joined, person, now):
        people += [one for one in (referrals.sender_of(referral),) if one]
    if case.level:
        people += Roster.around(case.claim.region_id, day_of(now)).answerable(case.level, case.claim.region_id)[1]
    notify(case, SUPPORT.find("join"), people, person, now)


# The moves of the table.


def advance(case: SupportCase, move_name: str, person: Person | None, *, now: datetime, **answers: Any) -> SupportCase:
    """Makes one move of the table. `person` None: the system. Raises Refused: unknown_move, not_your_role, wrong_state,
    not_your_opinion, claim_closed, stale, or a guard's code."""
    move = find(SUPPORT, move_name)
    if move.is_own_page:
        raise Refused("unknown_move", _("没有这项操作。"))
    with transaction.atomic():
        claim = hold(case.claim)
        case = SupportCase.objects.get(pk=case.pk)
        case.claim = claim
        if person is not None:
            require(may_support(move, case, person, day_of(now)))
        for guard in move.guards:
            GUARDS[guard](case, answers, person, now)
        if move.name in OPINION_MOVES:
            write_opinion(case, move, answers, person, now)
        shift(case, move, {**CHANGES.get(move.name, nothing)(case, answers, now)})
        event = record(claim, "support", person, now=now, **event_facts(case, move.name, **answers))
        run_clocks(case, move, answers, now)
        announce(case, move, person, now)
        tell_workers(claim, event, only=set(case.applicants.values_list("claimant", flat=True)))
        AFTER.get(move.name, lambda *_: None)(case, answers, person, now)
    return case


def shift(case: SupportCase, move: Move, changes: Answers) -> None:
    if move.target:
        changes = {**changes, "state": move.target, "level": OPINION_OF.get(move.target, "")}
        if SUPPORT.state(move.target).is_final:
            changes["due_on"] = None
    if not SupportCase.objects.filter(pk=case.pk, state=case.state).update(**changes):
        raise Refused("stale", _("这份支持起诉申请刚刚已被他人处理，请刷新后再操作。"))
    for name, value in changes.items():
        setattr(case, name, value)


def nothing(case: SupportCase, answers: Answers, now: datetime) -> Answers:
    return {}


def end(case: SupportCase, answers: Answers, now: datetime) -> Answers:
    return {"ended_at": now, "outcome": answers.get("outcome", ""), "note": answers.get("reason") or answers.get("note") or ""}


CHANGES: dict[str, Callable[[SupportCase, Answers, datetime], Answers]] = {
    "apply": lambda case, answers, now: {"applied_at": now, "lacking": ""},
    "send_back": lambda case, answers, now: {"lacking": answers["lacking"].strip()},
    "hand_over": lambda case, answers, now: {"handed_over_at": now},
    "conclude": end, "refuse": end, "withdraw": end,
}  # fmt: skip


def run_clocks(case: SupportCase, move: Move, answers: Answers, now: datetime) -> None:
    claim = case.claim
    if move.stops:
        clocks.stop(claim, move.stops, now=now, was_met=move.name not in ("withdraw", "lapse"), about_id=case.pk)
    for rule in move.starts:
        clocks.start(claim, rule, day_of(now), now=now, about_id=case.pk, due_on=answers.get("complete_by"))
    if move.starts or move.stops:
        running = Clock.objects.running().filter(claim=claim, about_id=case.pk).order_by("due_on").first()
        case.due_on = running.due_on if running else None
        SupportCase.objects.filter(pk=case.pk).update(due_on=case.due_on)


def write_opinion(case: SupportCase, move: Move, answers: Answers, person: Person | None, now: datetime) -> Opinion:
    words = answers.get("opinion") or answers.get("reason") or answers.get("lacking") or ""
    return sign(case, OPINION_OF[case.state], VERDICT_OF[move.name], words, person, now)


def sign(case: SupportCase, level: str, verdict: str, words: str, person: Person | None, now: datetime) -> Opinion:
    facts = frozen(case, day_of(now))
    return Opinion.objects.create(
        case=case, level=level, verdict=verdict, text=words, by=person,
        post=actor_post(person, case.claim, "support", day_of(now)), at=now, facts=facts, digest=digest_of(facts),
    )  # fmt: skip


def frozen(case: SupportCase, today: date) -> dict[str, Any]:
    """The facts an opinion rests on, in the house's language: they do not change when the case does."""
    claim, defendant = case.claim, defendant_of(case.claim)
    with override(SOURCE_LANGUAGE):
        return {
            "on": today.isoformat(), "claim": claim.number, "shape": case.shape,
            "applicants": [
                {"name": row.claimant.name, "amount": str(row.amount), "via": row.via.claimant.name if row.via else "", "scope": row.scope}
                for row in case.applicants.select_related("claimant", "via__claimant")
            ],
            "defendant": {
                "name": defendant.legal_name, "aliases": defendant.aliases, "credit_code": defendant.credit_code, "id": defendant.id_masked,
            } if defendant else None,
            "reasons": [REASONS[one].name for one in case.reasons if one in REASONS], "why": case.why,
            "conditions": [{"id": one.condition.id, "met": one.is_met, "says": one.says.text()} for one in checks_of(case)],
            "supporters": [{"body": row.body.name, "why": row.why} for row in case.supporters.select_related("body")],
        }  # fmt: skip


def digest_of(facts: dict[str, Any]) -> str:
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def announce(case: SupportCase, move: Move, person: Person | None, now: datetime) -> None:
    """Whoever is to give the next opinion, and whoever has the claim in hand."""
    claim, today = case.claim, day_of(now)
    roster = Roster.around(claim.region_id, today)
    if "level" in move.tells and case.level:
        people = [one for one in roster.answerable(case.level, claim.region_id)[1] if one != person]
        tell(
            people, "opinion_asked", key=f"support:{case.pk}:{move.name}:{now.timestamp()}", now=now, path=path_of(case), subject_id=claim.pk,
            region_code=claim.region_id, facts={**facts_of(claim), "due": case.due_on.isoformat() if case.due_on else "", "move_msgid": move.label, "by": str(person or "")},
        )  # fmt: skip
    if "handler" in move.tells:
        notify(case, move, told_of(claim, ("handler",), today), person, now)


def notify(case: SupportCase, move: Move, people: Iterable[Person], person: Person | None, now: datetime) -> None:
    claim = case.claim
    people = list({one.pk: one for one in people if one != person}.values())
    if people:
        tell(
            people, "support_moved", key=f"support:{case.pk}:{move.name}:handler:{now.timestamp()}", now=now, path=path_of(case),
            subject_id=claim.pk, region_code=claim.region_id, facts={**facts_of(claim), "move_msgid": move.label, "by": str(person or "")},
        )  # fmt: skip


def path_of(case: SupportCase) -> str:
    return f"/support/{case.pk}/"


# Conditions that need the database, by the name the table gives them.


def conditions_met(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    lacking = [one for one in checks_of(case) if not one.is_met]
    if lacking:
        said = _("；").join(_("%(name)s：%(what)s") % {"name": one.condition.text("name", get_language() or ""), "what": one.says.text(_).rstrip("。.")} for one in lacking)
        raise Refused("conditions_missing", _("还缺：%(what)s。") % {"what": said})


def city_not_needed(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    if is_for_city(case):
        raise Refused("city_needed", _("本案人数或者金额达到市级意见的标准，请选择“同意，报市级”。"))


def is_for_city(case: SupportCase) -> bool:
    total = case.applicants.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return needs_city(case.applicants.count(), total)


def supporters_chosen(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    if not case.supporters.exists():
        raise Refused("no_supporter", _("还没有选支持单位。请先选一个或者几个支持单位，并写明理由。"))


def claim_goes_on(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    """What is approved is handed over at once: the claim must be one that can be referred, by this person."""
    if person is not None:
        require(may(find(CLAIM, "refer"), case.claim, person, day_of(now)))


def day_to_come(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    if answers["complete_by"] <= day_of(now):
        raise Refused("day_past", _("最迟日期应在今天之后。"))
    if answers["complete_by"] - day_of(now) > LONGEST:
        raise Refused("day_too_far", _("最迟日期应在一年以内，请核对。"))


def answers_are_in(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    waits = [row.body.name for row in case.supporters.select_related("body", "referral") if row.referral and row.referral.is_open]
    if waits:
        raise Refused("referral_open", _("%(bodies)s还没有办结，请等反馈结果，或者先撤回移送。") % {"bodies": _("、").join(waits)})


GUARDS: dict[str, Callable[[SupportCase, Answers, Person | None, datetime], None]] = {
    guard.__name__: guard
    for guard in (conditions_met, city_not_needed, supporters_chosen, claim_goes_on, day_to_come, answers_are_in)
}
assert {name for move in SUPPORT.moves for name in move.guards} <= GUARDS.keys(), "a guard of the table is not written"


# What follows.


def approved(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    advance(case, "hand_over", person, now=now)
    case.refresh_from_db()


def handed(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    hand_to(case, person, now)


def withdrawn(case: SupportCase, answers: Answers, person: Person | None, now: datetime) -> None:
    recall_open(case, answers.get("reason", ""), now)


AFTER: dict[str, Callable[[SupportCase, Answers, Person | None, datetime], None]] = {
    "agree": approved, "approve": approved, "hand_over": handed, "withdraw": withdrawn,
}  # fmt: skip
