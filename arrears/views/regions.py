"""The grid: the tree of the regions somebody works for, and the page of one. Who is on which post, and how much waits
there. These pages stand here and not in grid, because they count claims.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from arrears.models import Claim
from arrears.views.asking import clock
from arrears.workload import Load, workload
from grid.authority import STAFFING, administered
from grid.models import Body, Person, Region
from grid.regions import LEVEL_LABELS, WIDTHS, ancestors
from grid.roles import LEADS, ROLES
from grid.scope import Scope
from grid.staff import Holder, staff_of
from grid.vacancies import vacancy_at

TOWNSHIP, VILLAGE = WIDTHS["township"], WIDTHS["village"]


@dataclass
class Branch:
    """A region with its people, its open claims and what lies inside it."""

    region: Region
    holders: list[Holder]
    load: Load
    branches: list["Branch"] = field(default_factory=list)

    @property
    def leads(self) -> list[Holder]:
        """Who answers today: principals, else deputies."""
        here = [holder for holder in self.holders if holder.is_lead and not holder.away_until]
        return [holder for holder in here if not holder.is_deputy] or here

    @property
    def post(self) -> str:
        """The post that leads the region; villages, provinces and what is retired have none."""
        return ROLES[LEADS[self.region.level]].label if self.region.level in LEADS and self.region.is_open else ""


@require_safe
def region_tree(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    grounds = grounds_of(request.user.scope(today))
    if not grounds:
        raise Http404
    return render(request, "arrears/region/tree.html", {
        "trees": [tree for code in grounds if (tree := tree_of(code, request.user, today))],
        "sees_claims": bool(request.user.scope(today).regions),
    })  # fmt: skip


def grounds_of(scope: Scope) -> list[str]:
    """The regions somebody has a post at, without those inside another of theirs."""
    codes = {post.region for post in scope.posts if post.region}
    return sorted(code for code in codes if not any(code != other and code.startswith(other) for other in codes))


def tree_of(code: str, person: Person, today: date) -> Branch | None:
    """A city or county opens down to its townships, a township to its villages."""
    deepest = TOWNSHIP if len(code) < TOWNSHIP else VILLAGE
    levels = [level for level, width in WIDTHS.items() if width <= deepest]
    regions = list(Region.objects.current().under(code).filter(level__in=levels).order_by("code"))
    staff = staff_of([region.code for region in regions], today)
    loads = workload(person, today, with_villages=deepest == VILLAGE)
    branches = {region.code: Branch(region, staff[region.code], loads[region.code]) for region in regions}
    for branch in branches.values():
        above = branches.get(branch.region.parent_id or "")
        if above and not branch.region.is_placeholder:  # 市辖区 is the statistics' own; nothing lies below it here
            above.branches.append(branch)
    return branches.get(code)


@require_safe
def region_detail(request: HttpRequest, code: str) -> HttpResponse:
    now, today = clock()
    region = get_object_or_404(Region.objects.select_related("successor"), pk=code)
    scope = request.user.scope(today)
    grounds = grounds_of(scope)
    if not is_near(code, grounds):
        raise Http404
    below = Region.objects.current().filter(parent=region).order_by("code")
    inside = [place for place in below if not place.is_placeholder and is_near(place.code, grounds)]
    staff = staff_of([code, *(place.code for place in inside)], today)
    loads = workload(request.user, today, with_villages=len(code) >= TOWNSHIP)
    return render(request, "arrears/region/detail.html", {
        "own": Branch(region, staff[code], loads[code], [Branch(place, staff[place.code], loads[place.code]) for place in inside]),
        "region": region,
        "above": Region.objects.filter(code__in=ancestors(code)).exclude(level="province").order_by("code"),
        "level": LEVEL_LABELS[region.level],
        "vacancy": vacancy_at(region, administered(scope)) if region.level in LEADS and scope.roles & STAFFING else None,
        "bodies": Body.objects.filter(region=region, is_active=True).order_by("kind", "name"),
        "sees_claims": Claim.objects.visible_to(request.user, today).filter(region__code__startswith=code).exists(),
    })  # fmt: skip


def is_near(code: str, grounds: Iterable[str]) -> bool:
    """Inside a region somebody works for, or around it: a grid worker looks up who the county's officer is."""
    return any(code.startswith(ground) or ground.startswith(code) for ground in grounds)
