"""Money that comes under an agreement, recorded by hand or line by line from a bank's file. All verbs raise Refused."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from arrears import casework
from arrears.history import hold
from arrears.models import Claim, Claimant, Payment
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.models import Agreement
from mediation.outstanding import by_worker


@dataclass(frozen=True)
class Came:
    """One payment. `worker` None: for all of them together. `key`: of the line of a file, so that it comes once."""

    amount: Decimal
    paid_on: date
    method: str
    note: str = ""
    worker: Claimant | None = None
    key: str | None = None


def pay(agreement: Agreement, came: Came, person: Person, *, now: datetime) -> Payment:
    """What one worker gets beyond their share pays nobody else's: it is kept beside the payment. Raises Refused: bad_amount,
    not_of_agreement, known_line, before_agreement, and as casework.advance."""
    if came.amount <= 0:
        raise Refused("bad_amount", _("金额要大于零；登记错了的，在案件里登记一笔冲正。"))
    if came.paid_on < agreement.effective_on:
        raise Refused("before_agreement", _("到账日期早于协议生效（%(day)s）：协议以前付的钱已经扣除。请核对日期；漏登记的，在案件里登记。") % {"day": agreement.effective_on})
    with transaction.atomic():
        claim = hold(agreement.mediation.claim)
        if came.key and Payment.objects.filter(line_key=came.key).exists():
            raise Refused("known_line", _("这一行已经登记过，没有重复登记。"))
        counted = came.amount if came.worker is None else min(came.amount, left_of(agreement, claim, came.worker))
        note = came.note
        if excess := came.amount - counted:
            note = _("%(note)s（其中 %(excess)s 元多于本人份额，不抵其他人的）") % {"note": came.note, "excess": f"{excess:,.2f}"}
        casework.advance(
            claim, "record_payment", person, now=now, amount=counted, paid_on=came.paid_on, method=came.method, note=note[:300],
            claimant=came.worker, excess=excess, line_key=came.key,
        )  # fmt: skip
        return claim.payments.order_by("-recorded_at", "-id").first()


def left_of(agreement: Agreement, claim: Claim, worker: Claimant) -> Decimal:
    """Of one who has a share; money for anybody else is not of this agreement."""
    own = next((row for row in by_worker(agreement, claim) if row.key.pk == worker.pk), None)
    if own is None:
        raise Refused("not_of_agreement", _("协议附表里没有这名劳动者，请另选，或者登记为全体的付款。"))
    return own.left


def pay_all(agreement: Agreement, lines: Sequence[Came], person: Person, *, now: datetime) -> int:
    """All lines or none; those that are known already are passed over. How many were new."""
    done = 0
    with transaction.atomic():
        hold(agreement.mediation.claim)
        for came in lines:
            if not (came.key and Payment.objects.filter(line_key=came.key).exists()):
                pay(agreement, came, person, now=now)
                done += 1
    return done


def told_apart(workers: Iterable[Claimant]) -> dict[Claimant, str]:
    """Of workers of one name the last four of the ID; of the others nothing."""
    found = list(workers)
    names = Counter(worker.name for worker in found)
    return {worker: worker.id_masked[-4:] if names[worker.name] > 1 else "" for worker in found}


# The proof


def number_of(payment: Payment) -> str:
    """The claim's number and which of its payments it is, in the order in which they were recorded."""
    before = Payment.objects.filter(claim=payment.claim_id, recorded_at__lt=payment.recorded_at).count()
    same = Payment.objects.filter(claim=payment.claim_id, recorded_at=payment.recorded_at, id__lte=payment.pk).count()
    return f"{payment.claim.number}-付{before + same}"


def fingerprint(payment: Payment) -> str:
    """Of what the proof says: another sum, day or name gives another one."""
    said = (
        payment.pk, payment.claim.public_number, f"{payment.amount + payment.excess:.2f}", payment.paid_on.isoformat(), payment.method,
        payment.claimant.name if payment.claimant else "", payment.recorded_at.isoformat(),
    )  # fmt: skip
    return hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()


def proof_of(payment: Payment) -> dict[str, Any]:
    """What the proof says; what others got does not stand on it."""
    return {
        "payment": payment, "claim": payment.claim, "number": number_of(payment), "fingerprint": fingerprint(payment), "amount": payment.amount + payment.excess,
        "recorded_on": day_of(payment.recorded_at),
    }  # fmt: skip


def own_payments(claims: Collection[Claim], worker: Claimant) -> QuerySet[Payment]:
    """What reached the worker alone, and everything of a claim in which nobody else is."""
    alone = Q(claim__in=[claim.pk for claim in claims if claim.worker_count == 1], claimant=None)
    theirs = Q(claimant__in={worker.pk, worker.goes_on_as.pk})
    return Payment.objects.filter(theirs | alone, claim__in=[claim.pk for claim in claims]).select_related("claim", "claim__region", "claimant").order_by("-paid_on", "-id")
