"""An incident around a claim: opening it, reporting on it, its paper."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.forms.incidents import NextForm, OpenForm
from arrears.incidents import verbs
from arrears.incidents.table import FIRST, REPORTS
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Incident
from arrears.permits import find, may, require
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.models import Person
from grid.refused import Refused
from grid.scope import get_visible

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def claim_incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A gathering, a threat: opened with the first report."""
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("site", "region"), request.user, today, pk=pk)
    place = claim.site.name if claim.site else claim.region.name
    initial = {"happened_at": now, "place": place, "people": claim.worker_count, "demand": claim.request[:300]}
    form = OpenForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"claim": claim, "form": form, "report": REPORTS[FIRST]}
    try:
        require(may(find(CLAIM, "note"), claim, request.user, today))
        if form.is_valid():
            incident = verbs.open_incident(claim, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("首报已经报送，案件列为敏感案件。有新情况请随时续报。"))
            return redirect("incident_detail", incident.pk)
    except Refused as refusal:
        return render(request, "arrears/incident/new.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/incident/new.html", context)


@form_page
def incident_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The incident with the times of each report; printed, it is the 快报."""
    now, today = clock()
    rows = Incident.objects.select_related("claim__region", "opened_by").prefetch_related("reports__sent_by")
    incident = get_visible(rows, request.user, today, pk=pk)
    form = NextForm(incident, request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    try:
        if form.is_valid():
            messages.success(request, report_next(incident, request.user, dict(form.cleaned_data), now))
            return redirect("incident_detail", incident.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    if request.method != "POST":
        log_access(request.user, "read", "claim", incident.claim_id, now=now, region_code=incident.claim.region_id, address=address_of(request))
    may_report = bool(may(find(CLAIM, "note"), incident.claim, request.user, today)) if incident.claim.is_open else bool(verbs.may_still(incident.claim, request.user, now))
    context = {
        "incident": incident, "claim": incident.claim, "form": form, "refusal": refusal, "table": REPORTS.values(),
        "reports": [(row, REPORTS[row.kind]) for row in incident.reports.all()], "is_late": incident.is_late(now),
        "may_report": may_report and incident.is_open,
    }  # fmt: skip
    return render(request, "arrears/incident/detail.html", context, status=status)


def report_next(incident: Incident, person: Person, said: dict[str, Any], now: datetime) -> str:
    """Reports, and says what is owed after it."""
    which = said.pop("report")
    if which == NextForm.FINAL:
        verbs.finish(incident, person, now=now, **said)
        return _("终报已经报送，这个事件不再需要报告。")
    verbs.follow_up(incident, person, now=now, has_ended=which == NextForm.ENDED, **said)
    incident.refresh_from_db()
    due = timezone.localtime(incident.next_due_at).strftime("%Y-%m-%d %H:%M")
    return _("续报已经报送。下一次是%(report)s，最迟 %(due)s。") % {"report": incident.report_name, "due": due}
