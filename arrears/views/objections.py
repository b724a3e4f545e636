"""异议: those that wait, and the page of one with its answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.calendars import calendar_now
from arrears.forms.objections import AnswerForm
from arrears.lifecycle import OFFICE
from arrears.models import Objection
from arrears.models.saying import REOPENED, WAITING
from arrears.objections import answering
from arrears.objections.rows import ENDED, NEWEST, ORDER, SHOWS, chosen, due_mark, for_list, rows_of, state_mark
from arrears.permits import Denied
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.paging import AFTER, BEFORE, address, count, page_of
from grid.refused import Refused
from grid.roles import AUDITOR
from grid.scope import get_visible

READERS = frozenset({*OFFICE, AUDITOR})


@require_safe
def objection_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    if not READERS & request.user.scope(today).roles:
        raise Http404
    show = request.GET.get("show", WAITING)
    show = show if show in SHOWS else WAITING
    rows = chosen(Objection.objects.visible_to(request.user, today), show, today)
    page = page_of(for_list(rows), NEWEST if show == ENDED else ORDER, request.GET)
    context = {
        "shown": show, "tabs": SHOWS.items(), "rows": rows_of(page.rows, today, calendar_now()), "count": count(rows),
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    }  # fmt: skip
    return render(request, "arrears/objection/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    objection = get_visible(for_list(Objection.objects.all()), request.user, today, pk=pk)
    may = answering.may_answer(objection, request.user, today)
    form, refusal = AnswerForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            answering.answer(objection, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已经答复，劳动者在查询页面上看得到。"))
            return redirect("claim_detail", objection.claim_id) if objection.state == REOPENED else redirect("objection_detail", pk)
        except Refused as refused:
            refusal = refused.message
    claim = objection.claim
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    context = {
        "objection": objection, "claim": claim, "form": form, "may": bool(may), "refusal": refusal,
        "why_not": may.message if isinstance(may, Denied) and objection.is_waiting else "", "state": state_mark(objection),
        "due": due_mark(objection, today, calendar_now()),
    }  # fmt: skip
    return render(request, "arrears/objection/detail.html", context, status=409 if refusal else 200)
