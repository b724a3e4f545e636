"""Partner bodies and their contact persons, for whoever keeps them (grid.contacts)."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import contacts
from grid.days import day_of
from grid.forms.bodies import ContactForm
from grid.models import Body, BodyContact
from grid.refused import Refused

form_page = require_http_methods(["GET", "HEAD", "POST"])
IN_USE = Q(contacts__is_active=True)


def bodies(request: HttpRequest) -> tuple[date, QuerySet[Body]]:
    today = day_of(timezone.now())
    if not contacts.places(request.user.scope(today)):
        raise Http404
    return today, contacts.bodies_of(request.user, today)


@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    today, mine = bodies(request)
    working = Q(postings__starts_on__lte=today) & (Q(postings__ends_on=None) | Q(postings__ends_on__gte=today))
    rows = mine.annotate(
        reached=Count("contacts", filter=IN_USE, distinct=True), accounts=Count("postings__person", filter=working, distinct=True)
    )
    return render(request, "grid/bodies/list.html", {"rows": rows})


@require_safe
def body_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    _today, mine = bodies(request)
    body = get_object_or_404(mine, pk=pk)
    return render(request, "grid/bodies/detail.html", {"body": body, "contacts": body.contacts.order_by("-is_active", "name")})


@form_page
def contact_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    _today, mine = bodies(request)
    body = get_object_or_404(mine, pk=pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact = contacts.add(body, request.user, timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return render(request, "grid/bodies/contact.html", {"body": body, "form": form}, status=409)
        messages.success(request, _("已添加联系人%(name)s。") % {"name": contact.name})
        return redirect("body_detail", body.pk)
    return render(request, "grid/bodies/contact.html", {"body": body, "form": form})


def contact_or_404(request: HttpRequest, pk: UUID) -> BodyContact:
    _today, mine = bodies(request)
    return get_object_or_404(BodyContact.objects.filter(body__in=mine).select_related("body"), pk=pk)


@form_page
def contact_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    contact = contact_or_404(request, pk)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact)
    if form.is_valid():
        try:
            contacts.change(contact_or_404(request, pk), request.user, timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return render(request, "grid/bodies/contact.html", {"body": contact.body, "form": form}, status=409)
        messages.success(request, _("已保存联系人%(name)s。") % {"name": form.cleaned_data["name"]})
        return redirect("body_detail", contact.body_id)
    return render(request, "grid/bodies/contact.html", {"body": contact.body, "form": form})


@require_POST
def contact_switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    contact = contact_or_404(request, pk)
    try:
        contacts.switch(contact, request.user, timezone.now(), is_active=request.POST.get("on") == "1")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("body_detail", contact.body_id)
