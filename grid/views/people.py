"""The people of somebody's region: who they are, which posts they hold and held, and what an administrator does with
them. Whoever administers or leads a region sees its people (grid.authority); only administrators change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import rostering
from grid.authority import STAFFING, administered, led, may_appoint, may_enter_leave, may_manage, people_of, place_of
from grid.days import day_of
from grid.forms.people import ContactForm, PersonForm, PostForm
from grid.models import Leave, Person, Posting
from grid.open_work import WORK, open_work
from grid.paging import AFTER, BEFORE, Order, address, page_of, without_place
from grid.people_filter import PeopleFilter
from grid.places import BODY, place_choices, region_choices, regions_in
from grid.places import place_of as chosen_place
from grid.refused import Refused
from grid.scope import Scope
from grid.vacancies import soon_vacant, vacancies_for

BY_NAME = Order("full_name")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Held:
    """A post as the pages show it."""

    posting: Posting
    may_change: bool
    has_begun: bool


def clock() -> tuple[datetime, date]:
    now = timezone.now()
    return now, day_of(now)


def staffing_scope(request: HttpRequest, today: date, *, administrators_only: bool = False) -> Scope:
    scope = request.user.scope(today)
    if not (administered(scope) if administrators_only else scope.roles & STAFFING):
        raise Http404
    return scope


def person_or_404(request: HttpRequest, pk: UUID, today: date) -> Person:
    return get_object_or_404(people_of(request.user, today), pk=pk)


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    scope = staffing_scope(request, today)
    places = region_choices(regions_in([*administered(scope), *led(scope)]))
    asked = PeopleFilter(request.GET, people_of(request.user, today), places=places, today=today)
    page = page_of(asked.rows.prefetch_related(*shown_with(today)), BY_NAME, request.GET)
    vacant = vacancies_for(scope)
    return render(request, "grid/people/list.html", {
        "filter": asked, "chips": asked.chips(), "people": page.rows, "is_administrator": bool(administered(scope)),
        "is_asked": bool(without_place(request.GET)), "vacant": len(vacant),
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    })  # fmt: skip


def shown_with(today: date) -> Iterable[Prefetch]:
    """The posts of today and the leave, for any number of rows."""
    in_force = Q(ends_on=None) | Q(ends_on__gte=today)
    held = Posting.objects.filter(in_force, starts_on__lte=today).select_related("region", "body")
    away = Leave.objects.filter(starts_on__lte=today, ends_on__gte=today).select_related("deputy")
    return Prefetch("postings", held, to_attr="held"), Prefetch("leaves", away, to_attr="away")


@require_safe
def vacancy_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    scope = staffing_scope(request, today)
    return render(request, "grid/people/vacancies.html", {"vacant": vacancies_for(scope), "soon": soon_vacant(scope)})


@require_safe
def person_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    return show(request, person_or_404(request, pk, today), today)


def show(request: HttpRequest, person: Person, today: date, status: int = 200, **more: Any) -> HttpResponse:
    postings = person.postings.select_related("region", "body").order_by("-starts_on", "-pk")
    held = [Held(row, may_appoint(request.user, place_of(row), today), row.starts_on <= today) for row in postings]
    leaves = person.leaves.filter(ends_on__gte=today).select_related("deputy").order_by("starts_on")
    stands_in = person.deputises.filter(ends_on__gte=today).select_related("person").order_by("starts_on")
    return render(request, "grid/people/person.html", {
        "person": person, "today": today,
        "current": [one for one in held if one.has_begun and not is_over(one.posting, today)],
        "coming": [one for one in held if not one.has_begun],
        "past": [one for one in held if is_over(one.posting, today)],
        "leaves": leaves, "stands_in": stands_in, "duties": person.duties.filter(day__gte=today).select_related("region")[:7],
        "work": work_of(person),
        "may_manage": request.user.pk != person.pk and may_manage(request.user, person, today),
        "may_appoint": request.user.pk != person.pk and bool(administered(request.user.scope(today))),
        "may_hand_over": bool(led(request.user.scope(today))),
        "may_enter_leave": person.is_active and may_enter_leave(request.user, person, today), **more,
    }, status=status)  # fmt: skip


def work_of(person: Person) -> list[tuple[str, int]]:
    return [(WORK[name].label, number) for name, number in open_work([person.pk])[person.pk].items()]


def is_over(posting: Posting, today: date) -> bool:
    return posting.ends_on is not None and posting.ends_on < today


@never_cache
@form_page
def person_new(request: HttpRequest) -> HttpResponse:
    """Somebody with their first post. The password stands on the page that answers, and nowhere else."""
    now, today = clock()
    scope = staffing_scope(request, today, administrators_only=True)
    data = request.POST if request.method == "POST" else None
    form, post = PersonForm(data), post_form(request, scope, today, data)
    refusal = ""
    if form.is_valid() and post.is_valid():
        try:
            person, password = rostering.add_person(request.user, now=now, **form.cleaned_data, **said_of(post))
        except Refused as refused:
            refusal = refused.message
        else:
            return render(request, "grid/people/password.html", {"person": person, "password": password, "is_new": True})
    context = {"form": form, "post": post, "refusal": refusal}
    return render(request, "grid/people/new.html", context, status=409 if refusal else 200)


def post_form(request: HttpRequest, scope: Scope, today: date, data: Any) -> PostForm:
    return PostForm(data, places=places_for(request, scope), initial=asked_post(request, today))


def places_for(request: HttpRequest, scope: Scope) -> list[tuple[Any, Any]]:
    asked = request.POST.get("place") or request.GET.get("region", "")
    return place_choices(administered(scope), also=asked)


def asked_post(request: HttpRequest, today: date) -> dict[str, Any]:
    """What a vacancy's link says: ?role=…&region=… or &body=…"""
    body = request.GET.get("body", "")
    place = f"{BODY}{body}" if body else request.GET.get("region", "")
    return {"role": request.GET.get("role", ""), "place": place, "starts_on": today}


def said_of(form: PostForm) -> dict[str, Any]:
    said = {name: form.cleaned_data[name] for name in ("role", "is_deputy", "starts_on", "ends_on")}
    return {**said, **chosen_place(form.cleaned_data["place"])}


@form_page
def person_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    person = managed_or_404(request, pk, today)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=Person.objects.get(pk=person.pk))
    if form.is_valid():
        rostering.change_person(person, request.user, now=now, **form.cleaned_data)
        messages.success(request, _("资料已保存。"))
        return redirect("person_detail", person.pk)
    return render(request, "grid/people/edit.html", {"person": person, "form": form})


def managed_or_404(request: HttpRequest, pk: UUID, today: date) -> Person:
    person = person_or_404(request, pk, today)
    if request.user.pk == person.pk or not may_manage(request.user, person, today):
        raise Http404
    return person


@sensitive_post_parameters()
@never_cache
@require_POST
def person_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    person = managed_or_404(request, pk, today)
    try:
        password = rostering.reset_password(person, request.user, now=now)
    except Refused as refused:
        return show(request, person, today, 409, refusal=refused.message)
    return render(request, "grid/people/password.html", {"person": person, "password": password})


@require_POST
def person_active(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Closes the account, or opens it again (active=1). With open work it wants to be said twice (despite=1)."""
    now, today = clock()
    person = managed_or_404(request, pk, today)
    if request.POST.get("active"):
        rostering.reactivate(person, request.user, now=now)
        messages.success(request, _("账号已恢复。"))
        return redirect("person_detail", person.pk)
    try:
        rostering.deactivate(person, request.user, now=now, leaves_work=bool(request.POST.get("despite")))
    except Refused as refused:
        return show(request, person, today, 409, refusal=refused.message, asks_again=refused.code == "has_open_work")
    messages.success(request, _("账号已停用，登录随即失效。"))
    return redirect("person_detail", person.pk)
