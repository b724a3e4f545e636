"""What came of an agreement: by instalment, by worker, payment by payment; the scan of it; the proof for the worker."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.lifecycle import CLAIM
from arrears.models import Payment
from arrears.permits import find, may
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible
from mediation import paying
from mediation.drafting.scans import attach
from mediation.forms.paying import BankForm, PaymentForm, ScanForm
from mediation.models import Mediation
from mediation.outstanding import by_worker, standing_of
from mediation.paying import Came
from mediation.roads import roads_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = Mediation.objects.select_related("claim", "claim__region", "mediator", "agreement").prefetch_related("agreement__instalments", "claim__proceedings__steps")


def agreed_or_404(request: HttpRequest, pk: UUID, today: date) -> Mediation:
    mediation = get_visible(ROWS, request.user, today, pk=pk)
    if getattr(mediation, "agreement", None) is None:
        raise Http404
    return mediation


@form_page
def mediation_payments(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = agreed_or_404(request, pk, today)
    workers = [share.claimant for share in mediation.agreement.shares.select_related("claimant").order_by("claimant_id")]
    form = PaymentForm(workers, today, request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method != "POST":
        log_access(request.user, "read", "mediation", mediation.pk, now=now, region_code=mediation.claim.region_id, address=address_of(request))
    elif form.is_valid():
        said = form.cleaned_data
        try:
            paying.pay(mediation.agreement, Came(said["amount"], said["paid_on"], said["method"], said["note"], form.worker()), request.user, now=now)
            messages.success(request, _("已登记付款。"))
            return redirect("mediation_payments", pk)
        except Refused as refused:
            refusal = refused.message
    return render(request, "mediation/paying/page.html", {**shown(mediation, request, today), "form": form, "refusal": refusal}, status=409 if refusal else 422 if form.errors else 200)


def shown(mediation: Mediation, request: HttpRequest, today: date) -> dict[str, Any]:
    claim, agreement = mediation.claim, mediation.agreement
    found, own = standing_of(agreement, claim, today), by_worker(agreement, claim)
    tails = paying.told_apart(row.key for row in own)
    return {
        "mediation": mediation, "claim": claim, "agreement": agreement, "standing": found, "workers": own, "named": [(row, tails[row.key]) for row in own], "bank": BankForm(),
        "payments": claim.payments.filter(paid_on__gte=agreement.effective_on).select_related("claimant"), "roads": roads_of(agreement, claim, found, today),
        "may": bool(may(find(CLAIM, "record_payment"), claim, request.user, today)), "percent": int(100 * found.paid / found.total),
    }  # fmt: skip


@require_POST
def agreement_scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = agreed_or_404(request, pk, today)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请先选择签署件的扫描或者照片。"))
        return redirect("mediation_detail", pk)
    try:
        attach(mediation.agreement, form.cleaned_data["scan"], request.user, now=now)
        messages.success(request, _("已收下签署件，存为案件证据。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("mediation_detail", pk)


@require_safe
def payment_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To print and hand to the worker. What others got does not stand on it."""
    now, today = clock()
    payment = get_visible(Payment.objects.select_related("claim", "claim__region", "claimant", "recorded_by"), request.user, today, pk=pk)
    log_access(request.user, "read", "claim", payment.claim_id, now=now, region_code=payment.claim.region_id, address=address_of(request))
    return render(request, "mediation/paying/proof.html", paying.proof_of(payment))
