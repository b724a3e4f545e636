"""The duty roster of a region, a month at once: a calendar on a desk, a list on a phone, a table on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from grid.authority import may_set_duty
from grid.models import Duty, Person, Region
from grid.places import region_choices
from grid.refused import Refused
from grid.rota import Candidate, candidates_for, in_turn, rostered, set_duties
from grid.views.people import clock

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKDAYS = (
    gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"), gettext_lazy("周五"),
    gettext_lazy("周六"), gettext_lazy("周日"),
)  # fmt: skip
KINDS_OF_DAYS = {"all": (0, 1, 2, 3, 4, 5, 6), "weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6)}


@dataclass(frozen=True)
class Day:
    """A day of the month: who is on duty, who could be, and who is proposed."""

    day: date
    people: list[Person]
    options: list[tuple[Candidate, bool]]  # with whether they are away; empty: the day cannot be changed
    chosen: Any  # id of the person in the list
    is_today: bool
    is_new: bool  # proposed, not saved

    @property
    def is_weekend(self) -> bool:
        return self.day.weekday() >= SATURDAY


@require_http_methods(["GET", "HEAD", "POST"])
def duty_roster(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    regions = rostered(request.user.scope(today))
    if not regions:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    region = next((one for one in regions if one.code == asked.get("region")), None)
    if region is None and request.method == "POST":
        raise Http404
    region = region or regions[0]
    first = month_of(asked.get("month", ""), today)
    known = candidates_for(region, first, last_of(first))
    if request.method == "POST":
        return store(request, regions, region, first, known, now, today)
    return show(request, regions, region, first, known, today, proposed=proposal(request, first, known, today))


def store(
    request: HttpRequest, regions: list[Region], region: Region, first: date, known: Mapping[Any, Candidate],
    now: datetime, today: date,
) -> HttpResponse:  # fmt: skip
    people = {str(pk): one.person for pk, one in known.items()}
    days = [day for day in days_of(first) if day >= today and day.isoformat() in request.POST]
    asked = {day: request.POST[day.isoformat()] for day in days}
    plan = {day: people.get(named) for day, named in asked.items()}
    try:
        if gone := [day.isoformat() for day, named in asked.items() if named and not plan[day]]:
            raise Refused("no_post_here", _("%(days)s 所选的人员已不能在这里值班，请另选。") % {"days": _("、").join(gone)})
        changed = set_duties(region, plan, request.user, now=now)
    except Refused as refused:
        return show(request, regions, region, first, known, today, proposed=plan, status=409, refusal=refused.message)
    said = ngettext("已保存，%(n)s 天有变动。", "已保存，%(n)s 天有变动。", changed) % {"n": changed}
    messages.success(request, said if changed else _("没有变动。"))
    return redirect(f"{request.path}?{urlencode({'region': region.code, 'month': f'{first:%Y-%m}'})}")


def proposal(request: HttpRequest, first: date, known: Mapping[Any, Candidate], today: date) -> dict[date, Person | None]:
    """?turn=ID&turn=ID&days=weekends: those people one after the other, on days nobody has saved yet."""
    people = [one for pk, one in known.items() if str(pk) in request.GET.getlist("turn")]
    weekdays = KINDS_OF_DAYS.get(request.GET.get("days", ""), KINDS_OF_DAYS["all"])
    return in_turn(people, [day for day in days_of(first) if day >= today and day.weekday() in weekdays]) if people else {}


def show(
    request: HttpRequest, regions: list[Region], region: Region, first: date, known: Mapping[Any, Candidate], today: date, *,
    proposed: Mapping[date, Person | None], status: int = 200, refusal: str = "",
) -> HttpResponse:  # fmt: skip
    may_set = may_set_duty(request.user, region.code, today)
    kept, weeks = {"region": region.code}, weeks_of(region, first, known if may_set else {}, today, proposed)
    return render(request, "grid/roster/page.html", {
        "region": region, "regions": region_choices(regions) if len(regions) > 1 else [], "first": first, "today": today,
        "weeks": weeks, "has_past": any(day and day.people and day.day < today for week in weeks for day in week),
        "may_set": may_set, "refusal": refusal,
        "weekdays": WEEKDAYS, "candidates": list(known.values()), "turn": request.GET.getlist("turn"), "is_proposed": bool(proposed) and not refusal,
        "days": request.GET.get("days", "all"), "is_editable": may_set and last_of(first) >= today,
        "before": month_url(kept, first - ONE_DAY), "after": month_url(kept, last_of(first) + ONE_DAY),
        "to_today": month_url(kept, today) if first != today.replace(day=1) else "",
    }, status=status)  # fmt: skip


def weeks_of(
    region: Region, first: date, known: Mapping[Any, Candidate], today: date, proposed: Mapping[date, Person | None]
) -> list[list[Day | None]]:
    """Monday to Sunday; None outside the month."""
    saved: dict[date, list[Person]] = {}
    for duty in Duty.objects.filter(region=region, day__range=(first, last_of(first))).select_related("person"):
        saved.setdefault(duty.day, []).append(duty.person)
    days = [day_for(day, saved.get(day, []), known, today, proposed) for day in days_of(first)]
    cells: list[Day | None] = [None] * first.weekday() + days
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def day_for(
    day: date, people: list[Person], known: Mapping[Any, Candidate], today: date, proposed: Mapping[date, Person | None]
) -> Day:
    options = [(one, one.is_away(day)) for one in known.values() if one.is_posted(day)] if day >= today else []
    meant = proposed[day] if day in proposed else people[0] if people else None
    is_new = day in proposed and meant not in (people or [None])
    return Day(day, people, options, meant.pk if meant else None, day == today, is_new)


def month_of(written: str, today: date) -> date:
    """The first day of the month written 2026-03; of this month if it cannot be read or no calendar reaches it."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= 5 else today.replace(day=1)


def last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - ONE_DAY


def days_of(first: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(last_of(first).day)]


def month_url(kept: Mapping[str, str], day: date) -> str:
    return f"?{urlencode({**kept, 'month': f'{day:%Y-%m}'})}"
