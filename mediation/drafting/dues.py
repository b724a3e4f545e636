"""The days of a plan by rule, and its sums. Django-free.

A payday that falls on a day of rest is kept before it: 保障农民工工资支付条例 第十四条.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from arrears.money import shares
from arrears.workdays import Calendar

MONTHLY, WEEKLY = "monthly", "weekly"
MOST = 36


def rolled(day: date, calendar: Calendar) -> date:
    """The day itself, or the last working day before it."""
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


def monthly(first: date, count: int) -> list[date]:
    """The same day of every month from `first` on; the 31st of a shorter month is its last day."""
    days = []
    for number in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        days.append(date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])))
    return days


def weekly(first: date, count: int, weeks: int) -> list[date]:
    return [first + timedelta(weeks=weeks * number) for number in range(count)]


def plan(total: Decimal, first: date, count: int, every: str, weeks: int, calendar: Calendar) -> list[tuple[date, Decimal]]:
    """`count` equal parts of `total`, to the cent, on days by rule; those that a long holiday brings to one day are one. Raises NoCalendar
    for a year nobody knows."""
    days = monthly(first, count) if every == MONTHLY else weekly(first, count, weeks)
    sums = shares(total, [Decimal(1)] * count)
    together: dict[date, Decimal] = {}
    for day, amount in zip([rolled(day, calendar) for day in days], sums, strict=True):
        together[day] = together.get(day, Decimal(0)) + amount
    return list(together.items())
