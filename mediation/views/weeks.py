"""The calendar beside the day: the week by mediator, the month, and the list for the door."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.calendars import calendar_now
from arrears.proceedings.hearings import from_to
from arrears.views.asking import clock
from mediation.cause_list import by_room
from mediation.lifecycle import ARRANGING, MEDIATION
from mediation.models import Hearing
from mediation.permits import may_mediate
from mediation.views.hearing_day import day_asked
from mediation.weeks import MOST, WEEK, monday_of, month_of, week_of


@require_safe
def hearing_week(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    day = day_asked(request, today)
    first = monday_of(day)
    seen = Hearing.objects.visible_to(request.user, today)
    postpone = MEDIATION.find("postpone")
    rows, is_cut = week_of(day, seen, lambda hearing: bool(may_mediate(postpone, hearing.mediation, request.user, today)), today, calendar_now())
    return render(request, "mediation/calendar/week.html", {
        "rows": rows, "days": rows[0].cells if rows else [], "first": first, "last": first + timedelta(days=WEEK - 1), "day": day, "today": today,
        "before": f"?day={first - timedelta(days=WEEK)}", "after": f"?day={first + timedelta(days=WEEK)}", "most": MOST, "is_cut": is_cut,
        "may_arrange": bool(request.user.scope(today).roles & set(ARRANGING)),
        "court": from_to(request.user, first, first + timedelta(days=WEEK - 1), today)[:MOST],
    })  # fmt: skip


@require_safe
def hearing_doors(request: HttpRequest) -> HttpResponse:
    """A sheet for the door of each room."""
    _now, today = clock()
    day = day_asked(request, today)
    seen = Hearing.objects.visible_to(request.user, today).on(day).for_list().prefetch_related("attendances")
    return render(request, "mediation/calendar/doors.html", {"rooms": by_room(seen), "day": day})


@require_safe
def hearing_month(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    day = day_asked(request, today).replace(day=1)
    weeks = month_of(day, Hearing.objects.visible_to(request.user, today), today, calendar_now())
    return render(request, "mediation/calendar/month.html", {
        "weeks": weeks, "day": day, "today": today, "before": f"?day={(day - timedelta(days=1)).replace(day=1)}",
        "after": f"?day={(day + timedelta(days=32)).replace(day=1)}", "is_this": day == today.replace(day=1),
        "court": from_to(request.user, day, (day + timedelta(days=32)).replace(day=1) - timedelta(days=1), today)[:MOST],
    })  # fmt: skip
