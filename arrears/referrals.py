"""The verbs of a referral: part of a claim handed to a partner body, which answers by a date."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.casework import told_of
from arrears.history import hold, record
from arrears.lifecycle import BODIES_FOR, CLAIM, REFERRAL, REFERRAL_KINDS
from arrears.limitation.limits import ARBITRATION, INSPECTION
from arrears.models import Claim, Clock, Evidence, Referral, SharedPage
from arrears.moves import Move
from arrears.notice_kinds import facts_of
from arrears.owed.verbs import require_kept
from arrears.partners import disputes
from arrears.partners.answering import Outsider, instant, may_answer, may_record
from arrears.partners.frozen import FILES, content_of, files_of, fingerprint, people_of, snapshot
from arrears.partners.links import carry_on
from arrears.permits import Denied, find, may, may_refer, require
from arrears.proceedings.standing import require_referable
from arrears.timing import clocks
from arrears.worker.notices import tell_workers
from grid import tasklist
from grid.bulk import insert
from grid.days import day_of
from grid.duty import Roster
from grid.models import Body, Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import BODY_KINDS, PARTNER

# What a move of the table writes on the referral, beside its state: the instant, and what was said.
STAMPS = {
    "send": "sent_at", "receive": "received_at", "accept": "answered_at", "decline": "answered_at", "return": "answered_at",
    "conclude": "concluded_at", "dispute": "disputed_at", "rule_takes": "ruled_at", "rule_other": "ruled_at", "rule_stands": "ruled_at",
}  # fmt: skip
KEPT = ("ground", "outcome", "docket_number", "wanted")
RULINGS = ("rule_takes", "rule_other", "rule_stands")
LATER = ("supply", "supplement", "resend")  # what arrears.partners.supplements sends; its note is the supplement's
# Limits of the worker that a move of a referral meets: 条例第二十条 举报, 调解仲裁法第二十七条 申请仲裁.
MEETS = {("inspection", "send"): (INSPECTION,), ("arbitration", "accept"): (ARBITRATION,)}


# What rooms above do once a referral has moved, within its transaction.
FOLLOWERS: list[Callable[[Referral, Move, datetime], None]] = []


def add_follower(follow: Callable[[Referral, Move, datetime], None]) -> None:
    FOLLOWERS.append(follow)


def refer(
    claim: Claim, person: Person, *, now: datetime, kind: str, body: Body, summary: str, evidence: Iterable[Evidence] = (),
    only: Collection[UUID] | None = None,
) -> Referral:  # fmt: skip
    """Drafts and sends a referral in one act; `only`: about these workers. Raises Refused as casework.advance does, body_inactive, not_competent,
    body_elsewhere, already_referred."""
    require(may(find(CLAIM, "refer"), claim, person, day_of(now)))
    with transaction.atomic():
        require(may(find(CLAIM, "refer"), hold(claim), person, day_of(now)))
        require_kept(claim, find(CLAIM, "refer"))
        return hand_over(claim, person, now, evidence, kind=kind, body=body, summary=summary, only=only if only is None else list(only))


def hand_over(claim: Claim, person: Person, now: datetime, evidence: Iterable[Evidence], **about: Any) -> Referral:
    """The same once it is known that the person may; within the claim's lock."""
    kind, body = about["kind"], about["body"]
    check_body(claim, kind, body)
    require_referable(claim, kind, day_of(now))
    if Referral.objects.filter(claim=claim, body=body, kind=kind, state__in=REFERRAL.open_states).exists():
        raise Refused("already_referred", _("同一事项已移送该单位且尚未办结，无需重复移送。"))
    referral = Referral.objects.create(claim=claim, created_at=now, sent_by=person, **about)
    referral.evidence.set(row for row in evidence if row.claim_id == claim.pk)
    return advance(referral, "send", person, now=now)


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


def competent_bodies(claim: Claim, kind: str) -> QuerySet[Body]:
    return bodies_for(claim).filter(kind__in=BODIES_FOR[kind])


def not_competent(kind: str) -> str:
    competent = _("、").join(_(BODY_KINDS[name]) for name in BODIES_FOR[kind])
    words = {"kind": _(dict(REFERRAL_KINDS)[kind]), "bodies": competent}
    return _("“%(kind)s”由%(bodies)s办理，请核对移送事项和协同单位。") % words


def advance(
    referral: Referral, move_name: str, person: Person | None, /, *, now: datetime, said_by: Outsider | None = None, **answers: Any
) -> Referral:
    """Makes one move of the referral's table. `said_by`: somebody outside answered for the body; then `person` is who wrote it
    down, if anybody did. Raises Refused: unknown_move, not_your_role, wrong_state, stale, paper_day, no_calendar, and those
    of partners.disputes.GUARDS."""
    move = find(REFERRAL, move_name)
    require(permitted(move, referral, person, said_by, now))
    with transaction.atomic():
        hold(referral.claim)
        for guard in move.guards:
            disputes.GUARDS[guard](referral, person, now, answers)
        at = instant(said_by, referral, now)
        shift(referral, move, at, person, answers)
        event = record(
            referral.claim, "referral", person, now=now, happened_on=day_of(at), move=move.name, referral=str(referral.pk),
            body=referral.body.name, referral_kind=referral.kind, **answers, **(said_by.facts() if said_by else {}),
        )  # fmt: skip
        if move.name in TAKING:
            take_supplements(referral, str(said_by.called if said_by else person or ""), at)
        run_clocks(referral, move, now, at, answers)
        announce(referral, move, person, now, said_by)
        if move.name == "rule_other":
            pass_on(referral, person, answers, now)
        if move.name == "decline":
            offer_ruling(referral, now)
        tell_workers(referral.claim, event, only=referral.only)
        carry_on(referral, now)
        for follow in FOLLOWERS:
            follow(referral, move, now)
    return referral


def permitted(move: Move, referral: Referral, person: Person | None, said_by: Outsider | None, now: datetime) -> Denied | bool:
    if said_by is None and person is not None:
        return may_refer(move, referral, person, day_of(now))
    if said_by is None:  # the system: what a move of something else brings with it
        return True if referral.state in move.sources else Denied("wrong_state", _("该移送当前状态不能进行这项操作。"))
    if person is not None:
        recorder = may_record(referral, person, day_of(now))
        return may_answer(move, referral) if recorder else recorder
    return may_answer(move, referral)


def shift(referral: Referral, move: Move, at: datetime, person: Person | None, answers: dict[str, Any]) -> None:
    changes = {name: answers[name] for name in KEPT if answers.get(name)}
    changes["state"] = move.target or referral.state
    if move.name not in LATER:
        changes["note"] = answers.get("reason") or answers.get("note") or referral.note
    if move.name in STAMPS:
        changes[STAMPS[move.name]] = at
    if move.name in RULINGS:
        changes |= {"ruled_by": person, "is_binding": move.name == "rule_takes"}
    pages: list[dict[str, Any]] = []
    if move.name == "send":
        first, *pages = people_of(referral.claim, referral.only)
        shared = snapshot(referral.claim, day_of(at)) | {FILES: files_of(referral.evidence.order_by("added_at", "id"))} | first
        changes |= {"shared": shared, "sha256": fingerprint(content_of(referral, shared, pages))}
    if not Referral.objects.filter(pk=referral.pk, state=referral.state).update(**changes):
        raise Refused("stale", _("该移送刚刚已被他人处理，请刷新后再操作。"))
    if "shared" in changes:
        referral.pages.all().delete()
        insert(SharedPage(referral=referral, number=number, people=people) for number, people in enumerate(pages, 2))
    for name, value in changes.items():
        setattr(referral, name, value)


TAKING, RECEIPT = ("take", "receive"), "REF-SUPPLEMENT-2"


def take_supplements(referral: Referral, by: str, at: datetime) -> None:
    """The receipt of everything that was sent later, up to now."""
    referral.supplements.filter(received_at=None).update(received_at=at, received_by=by)


def run_clocks(referral: Referral, move: Move, now: datetime, at: datetime, answers: dict[str, Any]) -> None:
    """`at`: when it was done, which may be days before it was written down."""
    claim = referral.claim
    if move.stops:
        clocks.stop(claim, move.stops, now=at, was_met=move.name not in ("recall", "dispute"), about_id=referral.pk)
    if met := MEETS.get((referral.kind, move.name)):
        clocks.stop(claim, met, now=at)
    going = set(Clock.objects.running().filter(claim=claim, about_id=referral.pk).values_list("rule_id", flat=True))
    for rule in move.starts:
        if rule == RECEIPT and rule in going:  # what was sent first still waits, and no second one gives it more time
            continue
        due_on = answers.get("supply_by") if rule == "REF-SUPPLY" else None
        clocks.start(claim, rule, day_of(at), now=now, due_on=due_on, about_id=referral.pk)
    running = Clock.objects.running().filter(claim=claim, about_id=referral.pk).order_by("due_on").first()
    referral.answer_by = running.due_on if running else None
    Referral.objects.filter(pk=referral.pk).update(answer_by=referral.answer_by)


def pass_on(referral: Referral, person: Person, answers: dict[str, Any], now: datetime) -> Referral:
    """What the body of the ruling gets: the same thing with the same papers, as it stands today. It is followed by who
    followed it before."""
    more = {"only": referral.only, "is_binding": True, "ruled_from": referral, "followed_by_id": referral.in_hand_of_id}
    return hand_over(
        referral.claim, person, now, referral.evidence.all(), kind=referral.kind, body=answers["other_body"],
        summary=referral.summary, **more,
    )  # fmt: skip


def offer_ruling(referral: Referral, now: datetime) -> None:
    """A second body says that it is not theirs: whoever sent it is asked to have it ruled."""
    owner = Roster(day_of(now)).on_duty(referral.in_hand_of_id, referral.claim.region_id) or sender_of(referral)
    if owner and disputes.is_ping_pong(referral):
        tasklist.add(
            owner, "ruling_offered", key=f"ruling:{referral.claim_id}:{referral.kind}:{referral.pk}", now=now,
            facts={"number": referral.claim.number, "kind_msgid": dict(REFERRAL_KINDS)[referral.kind]},
            path=f"/referrals/{referral.pk}/", subject_id=referral.claim_id, region_code=referral.claim.region_id,
        )  # fmt: skip


def sender_of(referral: Referral) -> Person | None:
    return referral.followed_by or referral.sent_by


def announce(referral: Referral, move: Move, person: Person | None, now: datetime, said_by: Outsider | None = None) -> None:
    what = dict(
        key=f"referral:{referral.pk}:{move.name}:{now.timestamp()}", now=now, subject_id=referral.claim_id,
        facts={
            **facts_of(referral.claim), "move_msgid": move.label, "by": referral.body.name if said_by else str(person or ""),
            "kind_msgid": dict(REFERRAL_KINDS)[referral.kind],
        },
    )  # fmt: skip
    page = f"/referrals/{referral.pk}/"
    if "body" in move.tells and referral.sent_at:
        tell(body_people(referral, now), "referral_moved", path=page, body_id=referral.body_id, **what)
    inside = []
    if "sender" in move.tells:
        inside += [sender_of(referral), *told_of(referral.claim, ("handler",), day_of(now))]
    if "arbiter" in move.tells:
        inside += disputes.arbiters(referral, day_of(now))
    inside = [one for one in inside if one and (one != person or said_by)]
    tell(inside, "referral_moved", path=page, region_code=referral.claim.region_id, **what)


def body_people(referral: Referral, now: datetime) -> list[Person]:
    return Roster(day_of(now)).holders(PARTNER, referral.body_id)
