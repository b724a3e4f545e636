"""The work desk: the first page of everybody, made of what their posts have to do with."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from arrears.desk.table import MAIN, SIDE, Desk, panels_of, tiles_of
from arrears.intake import REGISTER
from arrears.views.asking import clock
from arrears.workdays import year_to_load
from grid.authority import administers_city
from grid.days import SHANGHAI
from grid.models import Person, Posting
from grid.roles import ADMINISTRATOR, CITY_SUPERVISOR, COUNTY_OFFICER

autodiscover_modules("desk")  # the tiles and panels of every app

# Who has to see to next year's calendar, or plans across the turn of the year. Others see the mark on each date.
PLANNERS = (ADMINISTRATOR, CITY_SUPERVISOR, COUNTY_OFFICER)
GREETINGS = ((5, _("夜深了")), (11, _("上午好")), (13, _("中午好")), (18, _("下午好")), (24, _("晚上好")))


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    seat = Desk(request, now)
    context = {"today": today, "greeting": greeting(now)}
    if not seat.scope.posts:
        return render(request, "arrears/desk/no_posting.html", {**context, "administrators": administrators(seat)})
    return render(request, "arrears/desk/page.html", {
        **context,
        "tiles": tiles_of(seat),
        "main": panels_of(seat, MAIN),
        "side": panels_of(seat, SIDE),
        "year_missing": year_to_load(seat.calendar, today) if seat.is_for(PLANNERS) else None,
        "loads_years": administers_city(seat.scope),
        "may_register": seat.is_for(REGISTER.roles),
    })  # fmt: skip


def greeting(now: datetime) -> str:
    hour = now.astimezone(SHANGHAI).hour
    return str(next(words for until, words in GREETINGS if hour < until))


def administrators(seat: Desk) -> list[Person]:
    """Whom somebody without a post turns to."""
    rows = Posting.objects.present(seat.today).filter(role=ADMINISTRATOR).select_related("person")
    return list({row.person_id: row.person for row in rows.order_by("region", "id")}.values())[:5]
