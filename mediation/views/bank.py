"""A bank's file: uploaded, looked at line by line, and recorded. Reloading loses nothing: what was read is kept for a day."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from arrears.lifecycle import CLAIM
from arrears.permits import find, may, require
from arrears.views.asking import clock
from grid.refused import Refused
from mediation.bank import kept, reading, taking
from mediation.forms.paying import BankForm
from mediation.views.paying import agreed_or_404

CHOICE = "line-"


@require_http_methods(["GET", "HEAD", "POST"])
def payments_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nothing is recorded before the lines were seen; the file is named by `file` of the address."""
    now, today = clock()
    mediation = agreed_or_404(request, pk, today)
    mediation.agreement.mediation = mediation
    context: dict[str, Any] = {"mediation": mediation, "claim": mediation.claim, "form": BankForm()}
    status = 200
    try:
        require(may(find(CLAIM, "record_payment"), mediation.claim, request.user, today))
        if request.method == "POST" and "file" not in request.GET:
            form = context["form"] = BankForm(request.POST, request.FILES)
            if form.is_valid():
                upload = form.cleaned_data["file"]
                read = reading.read(upload.read(reading.MOST_BYTES + 1), upload.name, str(mediation.claim_id), today)
                return redirect(address(pk, kept.keep(mediation.agreement, request.user, read)))
            status = 422
        elif token := request.GET.get("file"):
            read = kept.find(mediation.agreement, request.user, uuid_or_none(token))
            if read is None:
                messages.error(request, _("这份文件已经过期，请重新上传。"))
                return redirect("payments_import", pk)
            context |= {"read": read, "chosen": chosen_in(request.POST)}
            if request.method == "POST":
                done = taking.take(mediation.agreement, read, context["chosen"], request.user, now=now)
                messages.success(request, ngettext("已登记 %(n)s 笔付款。", "已登记 %(n)s 笔付款。", done) % {"n": done})
                mediation.claim.refresh_from_db()
                left = taking.preview(mediation.agreement, read, today)
                return redirect("mediation_payments", pk) if left.is_done else redirect(address(pk, token))
    except Refused as refused:
        context["refusal"], status = refused.message, 409
    if read := context.pop("read", None):
        context |= shown(taking.preview(mediation.agreement, read, today), context.pop("chosen"))
    return render(request, "mediation/paying/file.html", context, status=status)


def shown(found: taking.Preview, chosen: dict[int, str]) -> dict[str, Any]:
    places = len({line.transfer.sheet for line in found.lines}) > 1
    return {"found": found, "lines": [(line, chosen.get(line.transfer.place, "")) for line in found.lines], "has_sheets": places}


def chosen_in(said: QueryDict) -> dict[int, str]:
    """By the place of the line; what is no place is nobody's choice."""
    return {int(name.removeprefix(CHOICE)): value for name, value in said.items() if name.removeprefix(CHOICE).isdecimal() and name.startswith(CHOICE) and value}


def address(pk: UUID, token: Any) -> str:
    return f"{reverse('payments_import', args=[pk])}?file={token}"


def uuid_or_none(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
