"""Which years' working days are known, and loading the official file of another one."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from arrears import year_files
from arrears.calendars import calendar_now
from arrears.forms.calendars import YearFileForm
from arrears.models import CalendarYear, Clock
from arrears.tasks import recount_years
from arrears.views.asking import clock
from arrears.workdays import OFF, Calendar, name_phrase, year_to_load
from arrears.year_files import BadYearFile
from arrears.year_loading import load_year, outcome
from grid.authority import administers_city

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Holiday:
    name: str
    off: list[date]
    made_up: list[date]


@dataclass(frozen=True)
class YearRow:
    """A year as the page shows it. `loaded`: the official file; else what is published, else a guess."""

    year: int
    loaded: CalendarYear | None
    is_known: bool
    working_days: int
    holidays: list[Holiday]

    @property
    def is_counting(self) -> bool:
        """What the year changes is still being counted, in the background."""
        return bool(self.loaded and self.loaded.counted_at is None)

    @property
    def came_out(self) -> list[str]:
        return outcome(self.loaded.counts) if self.loaded and self.loaded.counted_at else []


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    may_load = administers_city(request.user.scope(today))
    if request.method == "POST" and not may_load:
        raise PermissionDenied
    form = YearFileForm(request.POST, request.FILES) if request.method == "POST" else YearFileForm()
    problems: list[str] = []
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            said = load_year(upload.read(), now=now, person=request.user, source=form.cleaned_data["source"], name=upload.name, later=ask_for_it)
        except BadYearFile as bad:
            problems = [problem.phrase().text(gettext) for problem in bad.problems]
        else:
            for sentence in said:
                messages.success(request, sentence)
            return redirect("calendar_list")
    calendar = calendar_now()
    return render(request, "arrears/calendar/page.html", {
        "years": list(rows_of(calendar, today)),
        "year_missing": year_to_load(calendar, today),
        "provisional": Clock.objects.running().filter(is_provisional=True).count(),
        "form": form if may_load else None,
        "problems": problems,
        "example": EXAMPLE,
    })  # fmt: skip


def ask_for_it() -> None:
    """The row says that it is to be counted; beat asks again if this is lost."""
    try:
        recount_years.delay()
    except OperationalError:
        logger.exception("nobody could be asked to count the calendar year; beat will")


# The format as the reader of the file describes it, without its heading.
EXAMPLE = "\n".join(line.strip() for line in (year_files.__doc__ or "").splitlines() if line.startswith("    "))


def rows_of(calendar: Calendar, today: date) -> Iterator[YearRow]:
    """The coming year, this one, the two before, and every other that was loaded; newest first."""
    loaded = {row.year: row for row in CalendarYear.objects.select_related("loaded_by")}
    for year in sorted({*range(today.year - 2, today.year + 2), *loaded}, reverse=True):
        yield YearRow(year, loaded.get(year), calendar.is_known(year), calendar.working_days_in(year), holidays_of(calendar, year))


def holidays_of(calendar: Calendar, year: int) -> list[Holiday]:
    days = sorted((day, kind, name) for day, (kind, name) in calendar.year_days(year).items() if day.year == year)
    by_name: dict[str, Holiday] = {}
    for (name, kind), group in groupby(days, lambda fact: (fact[2], fact[1])):
        holiday = by_name.setdefault(name, Holiday(name_phrase(name).text(gettext), [], []))
        (holiday.off if kind == OFF else holiday.made_up).extend(day for day, *_rest in group)
    return list(by_name.values())
