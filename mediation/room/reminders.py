"""When everybody is reminded of a hearing, as one table. Django-free.

Each step has an instant counted back from the beginning. Of the steps that have come only the last is said, and one that was past when
the hearing got its time is never said: who was told this afternoon of tomorrow morning is not told again that it is in three days.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from arrears.workdays import Calendar
from grid.days import SHANGHAI


@dataclass(frozen=True)
class Step:
    name: str
    working_days: int = 0  # before the day, at `at`
    days: int = 0
    at: time | None = None
    before: timedelta | None = None  # the beginning itself

    def instant(self, starts_at: datetime, calendar: Calendar) -> datetime:
        if self.before is not None:
            return starts_at - self.before
        day = starts_at.astimezone(SHANGHAI).date()
        day = calendar.add(day, -self.working_days) if self.working_days else day - timedelta(days=self.days)
        assert self.at is not None
        return datetime.combine(day, self.at, SHANGHAI)


STEPS = (
    Step("ahead", working_days=3, at=time(9, 30)),
    Step("eve", days=1, at=time(15, 0)),
    Step("soon", before=timedelta(hours=2)),
)
FURTHEST = timedelta(days=21)  # no step is further away, holidays included


def due_step(starts_at: datetime, placed_at: datetime, now: datetime, calendar: Calendar) -> Step | None:
    """The last step that has come by now and was still to come when the hearing got its time."""
    if now >= starts_at:
        return None
    come = [step for step in STEPS if placed_at < step.instant(starts_at, calendar) <= now]
    return max(come, key=lambda step: step.instant(starts_at, calendar)) if come else None
