"""Sites and employers: the lists of those in sight, and the page of one. Out of sight is 404."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from arrears.forms.steps import register_regions
from arrears.intake import REGISTER
from arrears.models import Claim, Employer, Site
from arrears.sites import patrol
from arrears.sites.acts import acts_of
from arrears.sites.lists import BY_NAME, PATHS, containing, listed, with_open_claims
from arrears.sites.page import PlacePage
from arrears.views.asking import address_of, clock, render_part
from arrears.views.intake import claim_of, proposed_id
from grid.access import log_access
from grid.ids import uuid7
from grid.models import Person, Region
from grid.paging import AFTER, BEFORE, address, count, page_of
from grid.scope import COLUMNS, get_visible

OPEN = "open"
LONGEST = 60


@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    return show_list(request, Site.objects.select_related("region"), "site_list")


@require_safe
def employer_list(request: HttpRequest) -> HttpResponse:
    return show_list(request, Employer.objects.select_related("region"), "employer_list")


def show_list(request: HttpRequest, rows: QuerySet, name: str) -> HttpResponse:
    now, today = clock()
    if not request.user.scope(today).regions:
        raise Http404
    typed, state = request.GET.get("q", "").strip()[:LONGEST], request.GET.get("state", "")
    region = Region.objects.filter(pk=request.GET.get("region", "")).first()
    found = containing(rows.visible_to(request.user, today), typed)
    if state == OPEN:
        found = with_open_claims(found, request.user, today)
    if region:
        found = inside(found, region, request.user, today)
    page = page_of(found, BY_NAME, request.GET)
    context = {
        "name": name, "typed": typed, "state": state, "region": region, "rows": listed(page.rows, request.user, today),
        "count": count(found), "before": address(request.GET, BEFORE, page.before), "after": address(request.GET, AFTER, page.after),
    }  # fmt: skip
    return render_part(request, "arrears/site/list.html", "arrears/site/_list.html", context)


def inside(rows: QuerySet, region: Region, person: Person, today: date) -> QuerySet:
    """Sites of the region; employers of claims there."""
    if rows.model is Site:
        return rows.filter(region__code__startswith=region.code)
    if len(region.code) not in COLUMNS:
        return rows.none()
    there = Claim.objects.visible_to(person, today).filter(**{COLUMNS[len(region.code)]: region.code, PATHS[Employer]: OuterRef("pk")})
    return rows.filter(Exists(there))


@require_safe
def site_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    site = get_visible(Site.objects.select_related("region"), request.user, today, pk=pk)
    log_access(request.user, "read", "site", site.pk, now=now, region_code=site.region_id, address=address_of(request))
    page = PlacePage.of_site(site, request.user, today, request.GET)
    return show_page(request, page, {"site": site, "may_register": may_register(request.user, site, today), "acts": acts_of(site, request.user, today)})


def may_register(person: Person, site: Site, today: date) -> bool:
    """From a post around the site, or at a village of its township."""
    posts = [post for post in person.scope(today).posts if post.role.name in REGISTER.roles]
    return any(post.covers(site.region_id) or post.region.startswith(site.region_id) for post in posts)


@require_safe
def employer_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    employer = get_visible(Employer.objects.select_related("region"), request.user, today, pk=pk)
    ground = request.user.scope(today).ground
    log_access(request.user, "read", "employer", employer.pk, now=now, region_code=ground, address=address_of(request))
    return show_page(request, PlacePage.of_employer(employer, request.user, today, request.GET), {"employer": employer})


def show_page(request: HttpRequest, page: PlacePage, more: dict[str, Any]) -> HttpResponse:
    return render(request, "arrears/site/page.html", {"page": page, "subject": page.subject, **more})


@require_http_methods(["GET", "POST"])
def site_intake(request: HttpRequest, pk: UUID) -> HttpResponse:
    """"这里有工人要登记": which of the chain to take along, then a draft that starts at the worker."""
    now, today = clock()
    site = get_visible(Site.objects.select_related("region"), request.user, today, pk=pk)
    if not may_register(request.user, site, today):
        raise PermissionDenied
    links = patrol.chain_of(site, request.user, today)
    regions = [(code, name) for code, name in register_regions(request.user.scope(today)) if code.startswith(site.region_id)]
    if request.method == "POST":
        draft_id, chosen = proposed_id(request), set(request.POST.getlist("link"))
        if claim := claim_of(request, draft_id, today):
            return redirect("claim_detail", claim.pk)  # sent again after it was registered
        region = request.POST.get("region", "")
        taken = [link for link in links if link.key in chosen]
        patrol.begin(draft_id, site, taken, region if region in dict(regions) else "", request.user, today, now=now)
        return redirect("draft_step", draft_id, patrol.FIRST_STEP)
    context = {"site": site, "links": links, "regions": regions, "draft_id": uuid7()}
    return render(request, "arrears/site/intake.html", context)
