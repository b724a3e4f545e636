"""The verbs of a referral: part of a claim handed to a partner body, which answers by a date."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.casework import told_of
from arrears.groups.standing_for import Group
from arrears.history import hold, record
from arrears.liability.said import said_of
from arrears.lifecycle import BODIES_FOR, CLAIM, REFERRAL, REFERRAL_KINDS
from arrears.limitation.limits import ARBITRATION, INSPECTION
from arrears.models import Claim, ClaimLine, Clock, Evidence, Referral, SharedPage
from arrears.models.referrals import PEOPLE_AT_ONCE
from arrears.moves import Move
from arrears.notice_kinds import facts_of
from arrears.owed.verbs import require_kept
from arrears.permits import find, may, may_refer, require
from arrears.proceedings.standing import require_referable
from arrears.timing import clocks
from arrears.worker.notices import tell_workers
from grid.bulk import insert
from grid.days import day_of
from grid.duty import Roster
from grid.models import Body, Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import BODY_KINDS, PARTNER

# What a move of the table writes on the referral, beside its state: the instant, and what was said.
STAMPS = {
    "send": "sent_at", "receive": "received_at", "accept": "answered_at", "decline": "answered_at",
    "conclude": "concluded_at",
}  # fmt: skip
KEPT = ("ground", "outcome", "docket_number")
# Limits of the worker that a move of a referral meets: 条例第二十条 举报, 调解仲裁法第二十七条 申请仲裁.
MEETS = {("inspection", "send"): (INSPECTION,), ("arbitration", "accept"): (ARBITRATION,)}


def refer(
    claim: Claim, person: Person, *, now: datetime, kind: str, body: Body, summary: str, evidence: Iterable[Evidence] = ()
) -> Referral:
    """Drafts and sends a referral in one act. Raises Refused as casework.advance does, body_inactive, not_competent,
    body_elsewhere, already_referred."""
    require(may(find(CLAIM, "refer"), claim, person, day_of(now)))
    check_body(claim, kind, body)
    if Referral.objects.filter(claim=claim, body=body, kind=kind, state__in=REFERRAL.open_states).exists():
        raise Refused("already_referred", _("同一事项已移送该单位且尚未办结，无需重复移送。"))
    with transaction.atomic():
        require(may(find(CLAIM, "refer"), hold(claim), person, day_of(now)))
        require_kept(claim, find(CLAIM, "refer"))
        require_referable(claim, kind, day_of(now))
        referral = Referral.objects.create(
            claim=claim, kind=kind, body=body, summary=summary, created_at=now, sent_by=person
        )
        referral.evidence.set(row for row in evidence if row.claim_id == claim.pk)
        advance(referral, "send", person, now=now)
    return referral


def check_body(claim: Claim, kind: str, body: Body) -> None:
    if not body.is_active:
        raise Refused("body_inactive", _("该协同单位已停用，请另选单位。"))
    if body.kind not in BODIES_FOR[kind]:
        raise Refused("not_competent", not_competent(kind))
    if body.region_id not in (claim.county_code, claim.city_code):
        raise Refused("body_elsewhere", _("该协同单位不在案件所在的县（区）或本市，请另选单位。"))


def bodies_for(claim: Claim) -> QuerySet[Body]:
    """Bodies in use of the claim's county, and of the city."""
    return Body.objects.filter(is_active=True, region__in=[claim.county_code, claim.city_code]).select_related("region")


def not_competent(kind: str) -> str:
    competent = _("、").join(_(BODY_KINDS[name]) for name in BODIES_FOR[kind])
    words = {"kind": _(dict(REFERRAL_KINDS)[kind]), "bodies": competent}
    return _("“%(kind)s”由%(bodies)s办理，请核对移送事项和协同单位。") % words


def advance(referral: Referral, move_name: str, person: Person | None, *, now: datetime, **answers: Any) -> Referral:
    """Makes one move of the referral's table. Raises Refused: unknown_move, not_your_role, wrong_state, stale."""
    move = find(REFERRAL, move_name)
    if person is not None:
        require(may_refer(move, referral, person, day_of(now)))
    with transaction.atomic():
        hold(referral.claim)
        shift(referral, move, now, answers)
        event = record(
            referral.claim, "referral", person, now=now, move=move.name, referral=str(referral.pk),
            body=referral.body.name, referral_kind=referral.kind, **answers,
        )  # fmt: skip
        run_clocks(referral, move, now)
        announce(referral, move, person, now)
        tell_workers(referral.claim, event)
    return referral


def shift(referral: Referral, move: Move, now: datetime, answers: dict[str, Any]) -> None:
    changes = {"state": move.target, **{name: answers[name] for name in KEPT if answers.get(name)}}
    changes["note"] = answers.get("reason") or answers.get("note") or referral.note
    if move.name in STAMPS:
        changes[STAMPS[move.name]] = now
    pages: list[dict[str, Any]] = []
    if move.name == "send":
        first, *pages = people_of(referral.claim)
        changes["shared"] = snapshot(referral.claim, day_of(now)) | first
    if not Referral.objects.filter(pk=referral.pk, state=referral.state).update(**changes):
        raise Refused("stale", _("该移送刚刚已被他人处理，请刷新后再操作。"))
    if "shared" in changes:
        referral.pages.all().delete()
        insert(SharedPage(referral=referral, number=number, people=people) for number, people in enumerate(pages, 2))
    for name, value in changes.items():
        setattr(referral, name, value)


def snapshot(claim: Claim, today: date) -> dict[str, Any]:
    """What the body is shown: the facts as they stood, ID numbers masked, frozen with the referral; the workers beside it
    (people_of)."""
    return {
        "number": claim.number,
        "region": claim.region.full_name,
        "received_on": claim.received_on.isoformat(),
        "last_working_day": claim.last_working_day.isoformat() if claim.last_working_day else None,
        "worker_count": claim.worker_count,
        "contract": claim.contract,
        "site": claim.site.name if claim.site else "",
        "work": claim.work,
        "story": claim.story,
        "request": claim.request,
        "claimed": str(claim.claimed),
        "verified": str(claim.verified) if claim.verified is not None else None,
        "paid": str(claim.paid),
        **said_of(claim, today),
        "representatives": Group(claim).shared(),
        "respondents": [
            {"role": r.role, "legal_name": r.legal_name, "aliases": r.aliases, "credit_code": r.credit_code,
             "contact": r.contact, "phone": r.phone, "address": r.address}
            for r in claim.respondents.all()
        ],
    }  # fmt: skip


def people_of(claim: Claim) -> list[dict[str, Any]]:
    """The workers with their lines, a page of them at a time; at least one page, and the first says how many there are."""
    lines = defaultdict(list)
    for line in claim.lines.order_by("id"):
        lines[line.claimant_id].append(line)
    workers = list(claim.claimants.all())
    pages = [
        {
            "claimants": [  # only the number that is safe to call, and how to be careful
                {"name": c.name, "phone": c.reached_at, "id_masked": c.id_masked, "contact": c.contact_rule} for c in some
            ],
            "lines": [line_of(line, worker.name) for worker in some for line in lines[worker.pk]],
        }
        for some in (workers[start : start + PEOPLE_AT_ONCE] for start in range(0, len(workers), PEOPLE_AT_ONCE))
    ] or [{"claimants": [], "lines": []}]
    pages[0]["claimant_count"] = len(workers)
    return pages


def line_of(line: ClaimLine, worker: str) -> dict[str, str]:
    return {
        "claimant": worker, "from": str(line.period_from or ""), "to": str(line.period_to or ""), "unit": line.unit,
        "rate": str(line.rate), "quantity": str(line.quantity), "due": str(line.due), "paid": str(line.paid),
        "unpaid": str(line.unpaid),
    }  # fmt: skip


def run_clocks(referral: Referral, move: Move, now: datetime) -> None:
    claim = referral.claim
    if move.stops:
        clocks.stop(claim, move.stops, now=now, was_met=move.name != "recall", about_id=referral.pk)
    if met := MEETS.get((referral.kind, move.name)):
        clocks.stop(claim, met, now=now)
    for rule in move.starts:
        clocks.start(claim, rule, day_of(now), now=now, about_id=referral.pk)
    running = Clock.objects.running().filter(claim=claim, about_id=referral.pk).order_by("due_on").first()
    referral.answer_by = running.due_on if running else None
    Referral.objects.filter(pk=referral.pk).update(answer_by=referral.answer_by)


def announce(referral: Referral, move: Move, person: Person | None, now: datetime) -> None:
    what = dict(
        key=f"referral:{referral.pk}:{move.name}:{now.timestamp()}", now=now, subject_id=referral.claim_id,
        facts={
            **facts_of(referral.claim), "move_msgid": move.label, "by": str(person or ""),
            "kind_msgid": dict(REFERRAL_KINDS)[referral.kind],
        },
    )  # fmt: skip
    if "body" in move.tells and referral.sent_at:
        tell(body_people(referral, now), "referral_moved", path=f"/referrals/{referral.pk}/", body_id=referral.body_id, **what)
    if "sender" in move.tells:
        people = [referral.followed_by or referral.sent_by, *told_of(referral.claim, ("handler",), day_of(now))]
        tell(
            [one for one in people if one and one != person], "referral_moved",
            path=f"/referrals/{referral.pk}/", region_code=referral.claim.region_id, **what,
        )  # fmt: skip


def body_people(referral: Referral, now: datetime) -> list[Person]:
    return Roster(day_of(now)).holders(PARTNER, referral.body_id)
