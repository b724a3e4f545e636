"""What the worker keeps: the proof of each payment, and the agreement as far as it is theirs. Without an account, from their own page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arrears.models import Claim, Claimant
from arrears.views.asking import clock
from arrears.views.track import public, visitor_of
from arrears.worker.tracking import course
from mediation.outstanding import plan_of
from mediation.paying import own_payments, proof_of
from mediation.worker_page import agreements_of

Found = Callable[[list[Claim], Claimant], Any]


def own_or_none(request: HttpRequest, find: Found) -> Any:
    """What is the visitor's own; of others there is nothing."""
    visitor = visitor_of(request)
    if visitor is None or visitor.claim is None or visitor.claimant is None:
        return None
    return find(course(visitor.claim, visitor.claimant), visitor.claimant)


def back(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("查询已经过期，请重新输入查询号。"))
    return redirect("track")


@public
@require_safe
def track_payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    payment = own_or_none(request, lambda claims, worker: own_payments(claims, worker).filter(pk=pk).first())
    return render(request, "mediation/own/payment.html", proof_of(payment)) if payment else back(request)


@public
@require_safe
def track_agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words that bind both sides, and the worker's own sum; never what others get."""
    def find(claims: list[Claim], worker: Claimant) -> Any:
        agreement = agreements_of(claims, worker).filter(pk=pk).prefetch_related("instalments", "signatures").first()
        share = agreement.shares.filter(claimant__in={worker.pk, worker.goes_on_as.pk}).first() if agreement else None
        return (agreement, share) if share else None

    _now, today = clock()
    found = own_or_none(request, find)
    if found is None:
        return back(request)
    agreement, share = found
    is_alone = agreement.total == share.amount
    return render(request, "mediation/own/agreement.html", {
        "agreement": agreement, "share": share, "is_alone": is_alone, "plan": plan_of(agreement), "claim": agreement.mediation.claim, "today": today,
        "signatures": [one for one in agreement.signatures.all() if one.name and (is_alone or one.role != "worker")],
    })  # fmt: skip
