"""Working days (工作日): the State Council's yearly calendar with its make-up days (调休). Django-free.

A year's facts come from the first of
1. the official file an administrator loaded (arrears/year_files.py),
2. the `chinesecalendar` package, which holds the published notices,
3. for a year nobody has published: Monday to Friday less the statutory holidays and their substitute
   days (`holidays` package). Such a year is not *known*, and every date that rests on it is provisional.

Where 1 to 3 have nothing the answer is NoCalendar, never a plain Monday-to-Friday week.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache
from typing import NamedTuple

import chinese_calendar
from holidays.countries.china import China

from arrears.phrases import Phrase

OFF, WORK = "off", "work"  # the two ways a notice moves a day out of the Monday-to-Friday week
YearDays = Mapping[date, tuple[str, str]]  # day → (OFF or WORK, name of the holiday)

# Saturday became a day of rest on 1995-05-01 (State Council Decree 174); earlier weeks cannot be inferred.
FIRST_YEAR = 1996
LAST_YEAR = China.end_year  # past it the package finds no holidays, and does not say so
NOTICE_MONTH = 11  # next year's notice usually comes out around the turn of October
ONE_DAY = timedelta(days=1)


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
HOLIDAYS = (
    _("元旦"), _("除夕"), _("春节"), _("清明节"), _("劳动节"), _("端午节"), _("中秋节"), _("国庆节"),
    _("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"), _("休息日"),
)  # fmt: skip
# The packages' short or long forms of the same names.
USUAL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "农历除夕": "除夕"}


class NoCalendar(ValueError):
    """No source says which days of this year are working days."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.phrase = Phrase(
            _("没有%(year)s年的放假安排，也无法推算；可以推算的年份是%(first)s年至%(last)s年。"),
            {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR},
        )
        super().__init__(self.phrase.text())


class DayFact(NamedTuple):
    """Why a day is, or is not, a working day."""

    day: date
    is_working: bool
    cause: str  # weekday, weekend, holiday, make_up; paused, paused_for (arrears.timing.pauses)
    name: str  # of the holiday, also for the make-up day it brought; several are joined by 、; the ground of a pause
    is_provisional: bool

    def phrase(self) -> Phrase:
        name = Phrase(self.name) if self.cause in PAUSED else name_phrase(self.name)
        return Phrase(CAUSES[self.cause], {"name": name} if self.name else {})


CAUSES = {
    "weekday": _("工作日"),
    "weekend": _("周末"),
    "holiday": _("%(name)s放假"),
    "make_up": _("%(name)s调休上班"),
    "paused": _("中止"),
    "paused_for": _("中止（%(name)s）"),
}

PAUSED = ("paused", "paused_for")  # the causes of days that a clock does not count (arrears.timing.pauses)


def name_phrase(name: str) -> Phrase:
    """A holiday's name, or two that fall on one day, as something to translate."""
    first, also, rest = name.partition("、")
    if not also:
        return Phrase(name)
    return Phrase(_("%(first)s、%(second)s"), {"first": Phrase(first), "second": name_phrase(rest)})


def weekday_phrase(day: date) -> Phrase:
    return Phrase(WEEKDAYS[day.weekday()])


class _Year(NamedTuple):
    days: YearDays
    working: frozenset[int]  # ordinals, so that a datetime asks as well as a date
    ordinals: list[int]  # the same, ascending, for counting
    is_known: bool


def _build(year: int, days: YearDays, is_known: bool) -> _Year:
    ordinals = [day.toordinal() for day in _days_of(year) if _works(day, days)]
    return _Year(days, frozenset(ordinals), ordinals, is_known)


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1).toordinal()
    return map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))


def _works(day: date, days: YearDays) -> bool:
    return days[day][0] == WORK if day in days else day.weekday() < 5


@cache
def published() -> Mapping[int, YearDays]:
    """The published years. Known slip of the package: Saturday 2005-12-31 was a make-up day and is missing."""
    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    years: dict[int, dict[date, tuple[str, str]]] = {}
    for kind, listed in ((OFF, chinese_calendar.holidays), (WORK, chinese_calendar.workdays)):
        for day, english in listed.items():
            years.setdefault(day.year, {})[day] = (kind, _usual(names[english]))
    return years


def statutory(year: int) -> YearDays:
    """The statutory holidays of a year and their substitute days, for want of a published calendar."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoCalendar(year)
    # expand=False: otherwise a question about another year would quietly add that year
    found = China(years=year, expand=False, language="zh_CN")
    days = {day: (WORK, "休息日") for day in found.weekend_workdays if day.year == year}
    return days | {day: (OFF, _usual(name)) for day, name in found.items()}


def _usual(name: str) -> str:
    """春节（补假） → 春节; 中秋节; 国庆节 → 中秋节、国庆节"""
    plain = [part.split("（")[0] for part in name.split("; ")]
    return "、".join(USUAL_NAMES.get(part, part) for part in plain)


@cache
def _reference_year(year: int) -> _Year:
    known = published().get(year)
    return _build(year, known if known is not None else statutory(year), known is not None)


@dataclass(frozen=True)
class Calendar:
    """An unchanging value. `official` holds the years an administrator loaded; they replace the packages'.

    A notice may turn days of the December before into working days (2007, 2012 …): those days of an
    official year are laid over the year before, which does not thereby become known.
    """

    official: Mapping[int, YearDays] = field(default_factory=dict)
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_known(self, year: int) -> bool:
        """Is the year's calendar published or officially loaded?"""
        return year in self.official or year in published()

    def is_working(self, day: date) -> bool:
        return day.toordinal() in self._year(day.year).working

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n is negative; `day` itself never counts."""
        if n == 0:
            return day
        year, ordinal = day.year, day.toordinal()
        ordinals = self._year(year).ordinals
        index = bisect_right(ordinals, ordinal) + n - 1 if n > 0 else bisect_left(ordinals, ordinal) + n
        while index >= len(ordinals):
            year, index = year + 1, index - len(ordinals)
            ordinals = self._year(year).ordinals
        while index < 0:
            year -= 1
            ordinals = self._year(year).ordinals
            index += len(ordinals)
        return date.fromordinal(ordinals[index])

    def forward(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_working(day) else self.add(day, 1)

    def back(self, day: date) -> date:
        """The day itself if it is a working day, else the last one before it."""
        return day if self.is_working(day) else self.add(day, -1)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days follow `first` up to and including `last`; negative when `last` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        whole_years = sum(len(self._year(year).ordinals) for year in range(first.year, last.year))
        return whole_years + self._rank(last) - self._rank(first)

    def why(self, day: date) -> DayFact:
        year = self._year(day.year)
        kind, name = year.days.get(day, ("", ""))
        cause = {OFF: "holiday", WORK: "make_up"}.get(kind) or ("weekday" if day.weekday() < 5 else "weekend")
        return DayFact(day, self.is_working(day), cause, name, not year.is_known)

    @property
    def unpaused(self) -> "Calendar":
        """The calendar without the pauses of a clock (arrears.timing.pauses): itself."""
        return self

    def pushed(self, first: date, last: date) -> date:
        """`last` moved by the paused days after `first`. A calendar of its own has none."""
        return last

    def unknown_years(self, first: date, last: date) -> list[int]:
        """The years from one day to another whose calendar is not known."""
        return [year for year in range(first.year, last.year + 1) if not self.is_known(year)]

    def year_days(self, year: int) -> YearDays:
        """The days that leave the Monday-to-Friday week in this year."""
        return self._year(year).days

    def working_days_in(self, year: int) -> int:
        return len(self._year(year).ordinals)

    def _rank(self, day: date) -> int:
        return bisect_right(self._year(day.year).ordinals, day.toordinal())

    def _year(self, year: int) -> _Year:
        try:
            return self._years[year]
        except KeyError:
            return self._years.setdefault(year, self._make_year(year))

    def _make_year(self, year: int) -> _Year:
        if not MINYEAR <= year <= MAXYEAR:
            raise NoCalendar(year)
        spilled = {day: fact for day, fact in self.official.get(year + 1, {}).items() if day.year == year}
        if year in self.official:
            own = {day: fact for day, fact in self.official[year].items() if day.year == year}
            return _build(year, own | spilled, is_known=True)
        reference = _reference_year(year)
        return _build(year, {**reference.days, **spilled}, reference.is_known) if spilled else reference


PUBLISHED = Calendar()


def year_to_load(calendar: Calendar, today: date) -> int | None:
    """The year whose official file the administrator should load now: this one, or the next from November on."""
    if not calendar.is_known(today.year):
        return today.year
    if today.month >= NOTICE_MONTH and not calendar.is_known(today.year + 1):
        return today.year + 1
    return None
