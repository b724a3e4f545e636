"""排期表: the day's hearings by room and time, also on paper."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from arrears.calendars import calendar_now
from arrears.filters import region_choices
from arrears.models import Proceeding
from arrears.proceedings.hearings import from_to
from arrears.views.asking import clock
from grid.scope import COLUMNS
from mediation.day import plan_of
from mediation.lifecycle import ARRANGING, SITTING
from mediation.models import Hearing, Room
from mediation.models.hearings import HearingQuerySet, RoomQuerySet

ONE_DAY = timedelta(days=1)


@require_safe
def hearing_day(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    day = day_asked(request, today)
    scope = request.user.scope(today)
    regions = region_choices(scope)
    region = request.GET.get("region", "")
    region = region if region in dict(regions) else ""
    is_mine = "mine" in request.GET
    seen = narrowed(Hearing.objects.visible_to(request.user, today), region)
    rooms = Room.objects.within(scope) if not is_mine else Room.objects.none()
    plan = plan_of(day, in_region(rooms, region), seen.filter(mediator=request.user) if is_mine else seen)
    kept = {**({"region": region} if region else {}), **({"mine": "1"} if is_mine else {})}
    return render(request, "mediation/day/page.html", {
        "plan": plan, "day": day, "today": today, "now": now, "is_mine": is_mine, "region": region,
        "regions": regions if len(regions) > 1 else [], "rest": reason_for_rest(day),
        "before": address(kept, day - ONE_DAY), "after": address(kept, day + ONE_DAY), "to_today": address(kept, today),
        "court": [] if is_mine else court_hearings(request, day, today, region),
        "everybody": address({"region": region} if region else {}, day), "mine": address({**kept, "mine": "1"}, day),
        "may_arrange": bool(scope.roles & set(ARRANGING)), "may_sit": bool(scope.roles & set(SITTING)),
    })  # fmt: skip


def court_hearings(request: HttpRequest, day: date, today: date, region: str) -> list[Proceeding]:
    """What courts and commissions hear on the day, of the cases in sight."""
    found = from_to(request.user, day, day, today)
    return list(found.filter(**{f"claim__{COLUMNS[len(region)]}": region}) if region else found)


def reason_for_rest(day: date) -> str:
    """清明节放假, 周末; empty on a working day."""
    fact = calendar_now().why(day)
    return "" if fact.is_working else fact.phrase().text(gettext)


def day_asked(request: HttpRequest, today: date) -> date:
    """An unreadable day, or one no calendar reaches, is today."""
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if day and abs((day - today).days) < 3660 else today


def narrowed(hearings: HearingQuerySet, region: str) -> HearingQuerySet:
    return hearings.filter(**{f"mediation__claim__{COLUMNS[len(region)]}": region}) if region else hearings


def in_region(rooms: RoomQuerySet, region: str) -> RoomQuerySet:
    return rooms.filter(region__code__startswith=region) if region else rooms


def address(kept: dict[str, str], day: date) -> str:
    return "?" + urlencode({**kept, "day": day.isoformat()})
