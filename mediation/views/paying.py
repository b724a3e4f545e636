"""What came of an agreement: by instalment, by worker, payment by payment; a bank's file; the proof for the worker."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.lifecycle import CLAIM
from arrears.models import Claimant, Payment
from arrears.permits import find, may, require
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible
from mediation import bank_sheet, paying
from mediation.bank_sheet import Transfer
from mediation.drafting.scans import attach
from mediation.forms.paying import BankForm, PaymentForm, ScanForm
from mediation.models import Mediation
from mediation.outstanding import by_worker, standing_of
from mediation.paying import Came
from mediation.roads import roads_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = Mediation.objects.select_related("claim", "claim__region", "mediator", "agreement").prefetch_related("agreement__instalments", "claim__proceedings")
MOST_BYTES = 2 * 1024 * 1024
SEAL = "mediation.bank"


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
    return render(request, "mediation/paying/page.html", {**shown(mediation, request, today), "form": form, "refusal": refusal}, status=409 if refusal else 200)


def shown(mediation: Mediation, request: HttpRequest, today: date) -> dict[str, Any]:
    claim, agreement = mediation.claim, mediation.agreement
    found = standing_of(agreement, claim, today)
    return {
        "mediation": mediation, "claim": claim, "agreement": agreement, "standing": found, "workers": by_worker(agreement, claim), "bank": BankForm(),
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


@form_page
def payments_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file is read and shown line by line; nothing is recorded before the lines come back, sealed, and then all of them or none."""
    now, today = clock()
    mediation = agreed_or_404(request, pk, today)
    workers = [share.claimant for share in mediation.agreement.shares.select_related("claimant")]
    context: dict[str, Any] = {"mediation": mediation, "claim": mediation.claim, "form": BankForm()}
    status = 200
    try:
        require(may(find(CLAIM, "record_payment"), mediation.claim, request.user, today))
        if "lines" in request.POST:
            return taken(request, mediation, workers, now)
        if request.method == "POST":
            form = context["form"] = BankForm(request.POST, request.FILES)
            if form.is_valid():
                context |= looked_at(read(form.cleaned_data["file"], workers, mediation, today), mediation)
    except Refused as refused:
        context["refusal"], status = refused.message, 409
    return render(request, "mediation/paying/file.html", context, status=422 if context["form"].errors else status)


def read(file: Any, workers: list[Claimant], mediation: Mediation, today: date) -> list[Transfer]:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused("file_large", _("文件最大 2 MB，请只保留付给本案劳动者的几行。"))
    return bank_sheet.read(data, file.name, workers, str(mediation.claim_id), today)


def seal_of(mediation: Mediation) -> str:
    """Lines that were looked at for one agreement are no other's."""
    return f"{SEAL}:{mediation.pk}"


def looked_at(lines: list[Transfer], mediation: Mediation) -> dict[str, Any]:
    known = set(Payment.objects.filter(line_key__in=[line.key for line in lines if line.key]).values_list("line_key", flat=True))
    new = [line for line in lines if line.is_good and line.key not in known]
    packed = [[str(line.worker.pk), f"{line.amount:.2f}", line.day.isoformat(), line.note, line.key] for line in new]
    return {
        "lines": [(line, line.key in known) for line in lines], "good": len(new), "sum": sum((line.amount for line in new), Decimal(0)),
        "sealed": signing.dumps(packed, salt=seal_of(mediation), compress=True),
    }  # fmt: skip


def taken(request: HttpRequest, mediation: Mediation, workers: list[Claimant], now: datetime) -> HttpResponse:
    by_pk = {str(worker.pk): worker for worker in workers}
    try:
        packed = signing.loads(request.POST["lines"], salt=seal_of(mediation), max_age=3600)
    except (signing.BadSignature, json.JSONDecodeError):
        messages.error(request, _("这份文件已经过期，请重新上传。"))
        return redirect("payments_import", mediation.pk)
    if any(pk not in by_pk for pk, *_line in packed):  # never everybody's money because somebody is gone
        raise Refused("not_of_agreement", _("文件里的劳动者已经不在这份协议里，请重新上传，再看一遍。"))
    lines = [Came(Decimal(amount), date.fromisoformat(day), "bank", note, by_pk[pk], key) for pk, amount, day, note, key in packed]
    done = paying.pay_all(mediation.agreement, lines, request.user, now=now)
    messages.success(request, ngettext("已登记 %(n)s 笔付款。", "已登记 %(n)s 笔付款。", done) % {"n": done})
    return redirect("mediation_payments", mediation.pk)


@require_safe
def payment_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To print and hand to the worker. What others got does not stand on it."""
    now, today = clock()
    payment = get_visible(Payment.objects.select_related("claim", "claim__region", "claimant", "recorded_by"), request.user, today, pk=pk)
    log_access(request.user, "read", "claim", payment.claim_id, now=now, region_code=payment.claim.region_id, address=address_of(request))
    return render(request, "mediation/paying/proof.html", paying.proof_of(payment))
