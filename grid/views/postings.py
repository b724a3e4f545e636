"""The posts of people: appointing, which is where a vacancy leads, ending, taking back. Administrators only."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grid import rostering
from grid.authority import may_appoint, people_of, place_of
from grid.forms.people import AppointForm, EndForm
from grid.models import Posting
from grid.refused import Refused
from grid.views.people import asked_post, clock, form_page, places_for, said_of, show, staffing_scope, work_of

MOST_NAMES = 300  # offered while typing


@form_page
def posting_new(request: HttpRequest) -> HttpResponse:
    """Where a vacancy leads: somebody who is there already gets a post."""
    now, today = clock()
    scope = staffing_scope(request, today, administrators_only=True)
    people = people_of(request.user, today)
    form = AppointForm(
        request.POST if request.method == "POST" else None, places=places_for(request, scope), people=people,
        initial={**asked_post(request, today), "username": request.GET.get("username", "")},
    )  # fmt: skip
    refusal = ""
    if form.is_valid():
        person = form.cleaned_data["username"]
        try:
            rostering.appoint(person, request.user, now=now, **said_of(form))
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("已登记%(name)s的任职。") % {"name": person.full_name})
            return redirect("person_detail", person.pk)
    names = people.filter(is_active=True).order_by("full_name").values_list("username", "full_name")[:MOST_NAMES]
    context = {"form": form, "names": names, "refusal": refusal, "query": request.GET.urlencode()}
    return render(request, "grid/people/appoint.html", context, status=409 if refusal else 200)


@form_page
def posting_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    posting = posting_or_404(request, pk, today)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": posting.ends_on or today})
    refusal = ""
    if form.is_valid():
        try:
            rostering.end_posting(posting, request.user, now=now, last_day=form.cleaned_data["last_day"])
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("已登记任职止日。请查看是否有未办事项需要交接。"))
            return redirect("person_detail", posting.person_id)
    context = {"posting": posting, "form": form, "refusal": refusal, "work": work_of(posting.person)}
    return render(request, "grid/people/end.html", context, status=409 if refusal else 200)


def posting_or_404(request: HttpRequest, pk: UUID, today: date) -> Posting:
    posting = get_object_or_404(Posting.objects.select_related("person", "region", "body"), pk=pk)
    if not may_appoint(request.user, place_of(posting), today):
        raise Http404
    return posting


@require_POST
def posting_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    posting = posting_or_404(request, pk, today)
    try:
        rostering.withdraw_posting(posting, request.user, now=now)
    except Refused as refused:
        return show(request, posting.person, today, 409, refusal=refused.message)
    messages.success(request, _("任职已撤回。"))
    return redirect("person_detail", posting.person_id)
