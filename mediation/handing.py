"""A signed agreement is handed to each side (双方各一份). With the signing each party's copy is a paper to be served: it has a day and a
ladder of its own (arrears.serving), also after the claim has ended, so that nobody goes home without one and is forgotten.

Handed over in the room it is one act for all who are still to get theirs. It is proved by what they sign: a receipt, or the signed
agreement itself if it says that each of them got one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.claim_rows import Mark
from arrears.history import hold
from arrears.models import Claim, Claimant, Evidence, Respondent, Service
from arrears.models.serving import WAITING
from arrears.owed.carrying import the_same
from arrears.permits import require
from arrears.serving import verbs as serving
from arrears.serving.rows import state_mark
from arrears.serving.verbs import Said
from grid.days import SHANGHAI, day_of
from grid.models import Person
from grid.refused import Refused
from mediation.models import Agreement, AgreementCopy, Mediation
from mediation.parties import MOST_CALLED, RESPONDENT
from mediation.placing import last_hearing

WHAT, WAY = "agreement", "direct"


def title_of(agreement: Agreement) -> str:
    return f"调解协议书 {agreement.number}"


def bring(agreement: Agreement, person: Person | None, now: datetime) -> list[AgreementCopy]:
    """Called inside the transaction in which it was signed, the claim held."""
    claim = agreement.mediation.claim
    told: dict[str, Any] = {"now": now, "what": WHAT, "title": title_of(agreement), "made_on": agreement.effective_on}
    told["in_hand"] = person is not None and person.pk == agreement.mediation.mediator_id
    made = [serving.bring(claim, person, claimant=one, **told) for one in workers(agreement, claim)]
    made += [serving.bring(claim, person, respondent=one, **told) for one in payers(agreement.mediation)]
    return AgreementCopy.objects.bulk_create([AgreementCopy(agreement=agreement, service=service) for service in made])


def workers(agreement: Agreement, claim: Claim) -> list[Claimant]:
    """Everybody who gets something by it; of very many those who represent them, if somebody does."""
    found = [share.claimant.goes_on_as for share in agreement.shares.select_related("claimant__same_as")]
    if len(found) > MOST_CALLED:
        chosen = [row.claimant for row in claim.representatives.filter(ended_at=None).select_related("claimant")]
        found = [one for one in found if one in chosen] or found
    return list({one.pk: one for one in found}.values())


def payers(mediation: Mediation) -> list[Respondent]:
    """Those of the other side who were there when it was agreed; else whoever the claim is against."""
    hearing, known = last_hearing(mediation), list(mediation.claim.respondents.all())
    away = Q(was_present=False)
    came = set(hearing.attendances.filter(party_kind=RESPONDENT).exclude(away).values_list("party_id", flat=True)) if hearing else set()
    return [one for one in known if one.pk in came] or known[:1]


def start(agreement: Agreement, person: Person, *, now: datetime) -> list[AgreementCopy]:
    """For an agreement that was signed before copies were kept. Raises Refused: not_your_role, under_way."""
    require(serving.may_serve(agreement.mediation.claim, person, day_of(now)))
    with transaction.atomic():
        hold(agreement.mediation.claim)
        if agreement.copies.exists():
            raise Refused("under_way", _("这份协议已经在送达，请在各份里登记。"))
        return bring(agreement, person, now)


# Handing over on the spot


def hand_over(
    agreement: Agreement, person: Person, *, now: datetime, whom: Collection[UUID], receipt: UploadedFile | None = None, place: str = "",
) -> int:  # fmt: skip
    """`whom`: ids of copies; those that have reached somebody meanwhile are passed over. Without a receipt the signed agreement proves it.
    All of them or none. How many. Raises Refused: nobody_to_hand, no_receipt, and as arrears.serving.verbs.attempt."""
    chosen = [copy for copy in copies(agreement) if copy.pk in set(whom) and copy.service.is_waiting]
    if not chosen:
        raise Refused("nobody_to_hand", _("请勾选现在拿到协议书的当事人；已经送达的不用再登记。"))
    on, clock = day_of(now), now.astimezone(SHANGHAI).time().replace(second=0, microsecond=0)
    with transaction.atomic():
        for claim in sorted({copy.service.claim for copy in chosen}, key=lambda claim: claim.pk):
            hold(claim)
        for copy in chosen:
            if receipt:
                receipt.seek(0)
            known = [] if receipt else [signed_paper(agreement, copy.service.claim)]
            said = said_of(copy.service, on, clock, place or place_of(agreement), receipt, known)
            serving.attempt(copy.service, person, now=now, method=WAY, said=said)
    return len(chosen)


def said_of(service: Service, on: Any, clock: time, place: str, receipt: UploadedFile | None, known: list[Evidence]) -> Said:
    return Said(
        on=on, at=clock, place=place[:200], received_by=service.receiver[:60], note=_("签署协议以后当场交给本人或者其代理人"),
        files={"receipt": [receipt]} if receipt else {}, known={"receipt": known} if known else {},
    )  # fmt: skip


def signed_paper(agreement: Agreement, claim: Claim) -> Evidence:
    """The newest scan, as it lies in the claim in which the copy is served: that may have been merged since."""
    signature = agreement.signatures.exclude(scan=None).first()
    scan = the_same(signature.scan_id, claim) if signature else None
    if scan is None or scan.is_quarantined:
        raise Refused("no_receipt", _("请拍下各方签收的回证；或者先上传签过字的协议书，上面写明各方已当场各收到一份。"))
    return scan


def place_of(agreement: Agreement) -> str:
    hearing = last_hearing(agreement.mediation)
    return "，".join(filter(None, (hearing.room.name, hearing.room.address))) if hearing else ""


# What is seen of it


def copies(agreement: Agreement) -> list[AgreementCopy]:
    """Two queries, however many."""
    rows = agreement.copies.select_related("service__claim__region", "service__respondent", "service__claimant")
    return list(rows.order_by("service__made_at", "id").prefetch_related("service__attempts"))


@dataclass(frozen=True)
class Line:
    copy: AgreementCopy
    state: Mark
    way: str


def lines_of(found: Iterable[AgreementCopy]) -> list[Line]:
    language = get_language() or ""
    return [Line(copy, state_mark(copy.service), copy.service.way.text("name", language) if copy.service.way else "") for copy in found]


def unserved() -> Q:
    """Of mediations: their agreement has not reached everybody yet, or nobody ever began to serve it."""
    all_of_it = AgreementCopy.objects.filter(agreement__mediation=OuterRef("pk"))
    return Q(state="agreed") & (Q(Exists(all_of_it.filter(service__state=WAITING))) | ~Q(Exists(all_of_it)))
