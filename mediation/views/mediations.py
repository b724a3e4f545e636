"""The list of mediations and the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from arrears.answerable import NEAR_DAYS
from arrears.calendars import calendar_now
from arrears.claim_rows import DUE_LOOKS, Mark, place_of, workers_of
from arrears.deadlines import LIMIT, TARGET, remaining
from arrears.ladders import day_of_what
from arrears.models import Claim, Clock
from arrears.permits import find
from arrears.search import search
from arrears.views.asking import address_of, clock, render_part
from arrears.workdays import Calendar
from grid.access import log_access
from grid.models import Person
from grid.paging import AFTER, BEFORE, Order, page_of
from grid.scope import get_visible
from mediation.lifecycle import MEDIATION
from mediation.mediation_page import MediationPage
from mediation.models import Hearing, Mediation
from mediation.models.mediations import MediationQuerySet

NEW, TO_SCHEDULE = "new", "to_schedule"
VIEWS = (
    ("open", _("在办")),
    (NEW, _("待受理")),
    (TO_SCHEDULE, _("待安排调解会")),
    ("mine", _("我主持的")),
    ("agreed", _("已达成协议")),
    ("failed", _("调解未成")),
)
SCHEDULE = find(MEDIATION, "schedule")
SOONEST, LATEST = Order("due_on"), Order("ended_on", is_descending=True)


@dataclass(frozen=True)
class Row:
    mediation: Mediation
    workers: str
    place: str
    state: Mark
    due: Mark | None
    hearing: Hearing | None  # the next one


@require_safe
def mediation_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    view = request.GET.get("view", "")
    view = view if view in dict(VIEWS) else "open"
    asked = request.GET.get("q", "").strip()
    rows = asked_for(Mediation.objects.visible_to(request.user, today), view, asked, request.user)
    live = Prefetch("hearings", Hearing.objects.live().select_related("room"), to_attr="to_come")
    page = page_of(rows.for_list().prefetch_related(live), LATEST if view in ("agreed", "failed") else SOONEST, request.GET)
    calendar, late = calendar_now(), past_limit(page.rows, today)
    return render_part(request, "mediation/list/page.html", "mediation/list/_results.html", {
        "rows": [row_of(mediation, today, calendar, mediation.pk in late) for mediation in page.rows], "view": view, "views": VIEWS, "q": asked,
        "before": address(request, BEFORE, page.before), "after": address(request, AFTER, page.after),
    })  # fmt: skip


def asked_for(rows: MediationQuerySet, view: str, words: str, person: Person) -> MediationQuerySet:
    narrowed = {
        "open": rows.open(),
        NEW: rows.filter(state=MEDIATION.initial),
        TO_SCHEDULE: rows.filter(state__in=SCHEDULE.sources),
        "mine": rows.open().filter(mediator=person),
        "agreed": rows.filter(state="agreed"),
        "failed": rows.filter(state="failed"),
    }[view]
    return narrowed.filter(claim__in=search(Claim.objects.all(), words)) if words else narrowed


def past_limit(mediations: Iterable[Mediation], today: date) -> set[UUID]:
    """Those that are past what binds, not only past a target of the city's own. One query."""
    past = Clock.objects.running().filter(about_id__in=[one.pk for one in mediations], due_on__lt=today)
    return {about for about, rule in past.values_list("about_id", "rule_id") if day_of_what(rule) == LIMIT}


def row_of(mediation: Mediation, today: date, calendar: Calendar, is_late: bool) -> Row:
    status, claim = mediation.status, mediation.claim
    return Row(
        mediation, workers_of(claim), place_of(claim), Mark(gettext(status.label), status.tone),
        due_mark(mediation, today, calendar, is_late), next(iter(mediation.to_come), None),
    )  # fmt: skip


def due_mark(mediation: Mediation, today: date, calendar: Calendar, is_late: bool) -> Mark | None:
    """The earlier day drives the colour, what binds the words."""
    if mediation.due_on is None or not mediation.is_open:
        return None
    days, past = (mediation.due_on - today).days, LIMIT if is_late else TARGET
    standing = {LIMIT: "overdue", TARGET: "past_target"}[past] if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(mediation.due_on, today, calendar, of=past).text(gettext), *DUE_LOOKS[standing])


def address(request: HttpRequest, way: str, place: str | None) -> str:
    """The list one page on, with everything else as it was asked."""
    if place is None:
        return ""
    params = request.GET.copy()
    for name in (AFTER, BEFORE):
        params.pop(name, None)
    params[way] = place
    return f"?{params.urlencode()}"


@require_safe
def mediation_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = get_visible(MediationPage.rows(), request.user, today, pk=pk)
    log_access(
        request.user, "read", "mediation", mediation.pk, now=now, region_code=mediation.claim.region_id,
        address=address_of(request),
    )  # fmt: skip
    page = MediationPage(mediation, request.user, today)
    return render(request, "mediation/detail/page.html", {"mediation": mediation, "claim": mediation.claim, "page": page})
