"""When a time limit ends. Functions of dates and a calendar value; nothing here asks what day it is. Django-free.

The rules are data (arrears/rules), the working days a value (arrears/workdays, or arrears/pauses for a clock that was
suspended), the reasons a telling of the same count (arrears/reasons). Hours are wall-clock time in Asia/Shanghai, which
has no summer time.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from fractions import Fraction
from math import ceil

from arrears.phrases import Phrase
from arrears.reasons import Course, Step, explain, provisional_steps, written
from arrears.rules import BACK, CALENDAR, FORWARD, HOURS, MONTHS, NONE, RULES, WORKING, YEARS, Rule
from arrears.timing.pauses import Paused
from arrears.workdays import ONE_DAY, Calendar, NoCalendar

__all__ = [
    "RULES", "Days", "Due", "NoCalendar", "Rule", "at_share", "days_left", "due", "is_suspendable", "months_after", "remaining",
    "share_used", "written",
]  # fmt: skip

Days = Calendar | Paused


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Due:
    """The end of a limit. `natural_on` is the end before rolling; `due_at` is set for limits in hours; `course` has the
    days between, for the reasons."""

    rule: Rule
    start: date
    due_on: date
    natural_on: date
    provisional: bool  # rests on a day of a year whose calendar is not known
    due_at: datetime | None = None
    calendar: Days = field(default_factory=Calendar, repr=False, compare=False)
    course: Course | None = field(default=None, repr=False, compare=False)

    @property
    def end(self) -> date:
        return self.due_at or self.due_on

    @property
    def steps(self) -> tuple[Step, ...]:
        """The day-by-day reason; worked out when asked for."""
        course = self.course or Course(self.start, self.start, self.natural_on, self.natural_on, self.end)
        told = explain(self.rule, course, self.calendar)
        return told + provisional_steps(_unknown_years(self.rule, self.start, self.natural_on, self.due_on, self.calendar))


def due(rule: Rule, start: date, calendar: Days, *, given_on: date | None = None) -> Due:
    """The end of the rule's limit. `start` is the day of the event (a datetime for limits in hours); a rule without
    length has its day given, and that day is `start`. Where that day was given on `given_on`, the days paused since
    move it too. Raises NoCalendar."""
    assert isinstance(start, datetime) == (rule.unit == HOURS), f"{rule.id} counts in {rule.unit}"
    if not is_suspendable(rule):
        calendar = calendar.unpaused
    try:
        if rule.unit == HOURS:
            return _due_in_hours(rule, start, calendar)
        since, unpaused_on = given_on or start, _natural_end(rule, start, calendar.unpaused)
        natural_on = _natural_end(rule, start, calendar) if rule.unit == WORKING else calendar.pushed(since, unpaused_on)
        due_on = _rolled(rule, natural_on, calendar)
    except OverflowError as error:
        raise NoCalendar(MAXYEAR + 1) from error
    provisional = bool(_unknown_years(rule, start, natural_on, due_on, calendar))
    course = Course(start, since, unpaused_on, natural_on, due_on)
    return Due(rule, start, due_on, natural_on, provisional, calendar=calendar, course=course)


def is_suspendable(rule: Rule) -> bool:
    """Hours run through everything; what is counted or rolled backward hangs on an event, not on the work."""
    return rule.unit != HOURS and (rule.length or 0) >= 0 and rule.roll != BACK


def _due_in_hours(rule: Rule, start: datetime, calendar: Days) -> Due:
    assert rule.length is not None
    # Hours run through holidays. Civil Procedure Law art. 85 leaves out the starting hour, so the legal end
    # may be up to an hour later; the earlier one is the safe one.
    end = start + timedelta(hours=rule.length)
    return Due(rule, start, end.date(), end.date(), False, end, calendar)


def _natural_end(rule: Rule, start: date, calendar: Days) -> date:
    length = rule.length or 0
    if rule.unit == WORKING:
        return calendar.add(start, length)  # the start is not counted (Civil Code art. 201), working day or not
    if rule.unit == CALENDAR:
        return start + length * ONE_DAY  # day 1 is the day after the start (Civil Code art. 201)
    return months_after(start, length * MONTHS_IN[rule.unit])


MONTHS_IN = {MONTHS: 1, YEARS: 12}


def months_after(start: date, months: int) -> date:
    """The corresponding day of the month so many months away, else that month's last day (Civil Code art. 202).
    Counted from the start itself: going by way of the day after it ends a day early for 29 to 31 August + 6."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"year {year}")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _rolled(rule: Rule, natural_on: date, calendar: Days) -> date:
    if rule.roll == FORWARD:
        return calendar.forward(natural_on)  # Civil Code art. 203, Civil Procedure Law art. 85
    if rule.roll == BACK:
        return calendar.back(natural_on)  # wages: before the day off (State Council Decree 724 art. 14)
    return natural_on


def _unknown_years(rule: Rule, start: date, natural_on: date, due_on: date, calendar: Days) -> list[int]:
    """The unknown years among those whose days decided the result: all days counted, or all days rolled over."""
    if rule.unit == HOURS or (rule.unit != WORKING and rule.roll == NONE):
        return []
    if rule.unit != WORKING:
        return calendar.unknown_years(min(natural_on, due_on), max(natural_on, due_on))
    if due_on > start:
        return calendar.unknown_years(start + ONE_DAY, due_on)
    return calendar.unknown_years(due_on, start - ONE_DAY)


def at_share(start: date, due_on: date, share: float, calendar: Days) -> date:
    """The working day at whose end at least this share of the working days from `start` to `due_on` is used.
    Measured in working days for every unit, so that a reminder falls on a day when somebody reads it."""
    whole = calendar.working_days_between(start, due_on)
    used = ceil(Fraction(share).limit_denominator(1000) * whole)  # 0.7 of 10 days is 7, not 7.000000000000001
    return calendar.add(start, used) if used > 0 else due_on


def share_used(start: date, due_on: date, today: date, calendar: Days) -> float:
    """How much of the time is used at the end of `today`, in working days; above 1 when it is overdue."""
    whole = calendar.working_days_between(start, due_on)
    if whole <= 0:
        return float(today >= due_on)
    return max(0.0, calendar.working_days_between(start, today) / whole)


def days_left(due_on: date, today: date) -> Phrase:
    """还剩 120 日, 今天届满, 已经届满: of limits of months and years, whose days all count."""
    days = (due_on - today).days
    if days > 0:
        return Phrase(_("还剩 %(days)s 日"), {"days": days})
    return Phrase(_("已经届满")) if days else Phrase(_("今天届满"))


# What is said once a day is past: only a limit that binds is overdue (逾期). A target of the city's own, and the day by
# which a level of the grid or a partner body was asked for an answer, are passed.
LIMIT, TARGET, ANSWER, WAITED = "limit", "target", "answer", "waited"
PASSED = {
    LIMIT: (_("已逾期%(count)s个工作日"), _("已逾期，其后尚无工作日")),
    TARGET: (_("已过内部目标%(count)s个工作日"), _("已过内部目标")),
    ANSWER: (_("已过答复日%(count)s个工作日"), _("已过答复日")),
    WAITED: (_("等候期已满%(count)s个工作日"), _("等候期已满")),
}


def remaining(due_on: date, today: date, calendar: Days, *, of: str = LIMIT) -> Phrase:
    """还剩 3 个工作日, 今天到期, 已逾期 2 个工作日: counted in working days after `today`. `of`: a key of PASSED."""
    days = calendar.working_days_between(today, due_on)
    if due_on == today:
        return Phrase(_("今天到期"))
    if due_on > today:
        return Phrase(_("还剩%(count)s个工作日"), {"count": days}) if days else Phrase(_("还剩不到1个工作日"))
    counted, without_count = PASSED[of]
    return Phrase(counted, {"count": -days}) if days else Phrase(without_count)
