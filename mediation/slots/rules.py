"""开庭日规则: on which days and hours an office hears, how long, how far apart, and how long before it says so.

The office's own choice, not law: no statute was found that sets a period for calling parties to a mediation, so
without a rule of its own an office has none. Arbitration's three and five days (调解仲裁法 第三十五条) are not this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from arrears.workdays import Calendar
from mediation.lifecycle import CLOSES, OPENS
from mediation.slots.masks import minute, span


@dataclass(frozen=True)
class HearingDays:
    weekdays: frozenset[int] = frozenset(range(5))  # of working days; Saturday and Sunday count where they are named
    opens: time = time(8, 30)
    closes: time = time(17, 30)
    rest_from: time | None = time(12, 0)
    rest_to: time | None = time(14, 0)
    length: int = 90  # minutes, proposed
    buffer: int = 0  # minutes free behind each hearing, for room and mediator
    notice: int = 0  # working days
    region: str = ""
    since: date = date.min

    @property
    def hours(self) -> int:
        """The steps of a day in which it hears."""
        whole = span(minute(max(self.opens, OPENS)), minute(min(self.closes, CLOSES)))
        if self.rest_from and self.rest_to:
            whole &= ~span(minute(self.rest_from), minute(self.rest_to))
        return whole


USUAL = HearingDays()


def in_force(rules: Iterable[HearingDays], region: str, day: date) -> HearingDays:
    """The nearest office that covers `region` and has a rule, as it stands on `day`."""
    fitting = [rule for rule in rules if region.startswith(rule.region) and rule.since <= day]
    return max(fitting, key=lambda rule: (len(rule.region), rule.since), default=USUAL)


def last_day_to_tell(day: date, notice: int, calendar: Calendar) -> date:
    """Counted backward: so many working days lie between the notice and the hearing, neither day counting."""
    return calendar.add(day, -notice) if notice else day


def is_short(day: date, today: date, notice: int, calendar: Calendar) -> bool:
    return last_day_to_tell(day, notice, calendar) < today


def closed(day: date, rule: HearingDays, calendar: Calendar) -> str:
    """Why nobody hears on this day; "" if they do. A make-up day is worked, whatever weekday it is."""
    if not calendar.is_working(day):
        return "" if day.weekday() in rule.weekdays and calendar.why(day).cause == "weekend" else "rest"
    is_make_up = calendar.why(day).cause == "make_up"
    return "" if is_make_up or day.weekday() in rule.weekdays else "not_a_hearing_day"
