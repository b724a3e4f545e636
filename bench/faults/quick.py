"""The real application on a quick timetable: what takes minutes in earnest takes seconds here. And each message goes
out by itself, under its own key, however many wait for one person: they are to be counted.

    celery --app bench.faults.quick worker|beat
"""

from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402

from config.celery import app  # noqa: E402
from grid import outbox  # noqa: E402

SWEEPERS, DELIVERERS = 2, 4  # at once
SWEEP, DELIVER = "faults-sweep", "faults-deliver"

settings.FLOOD = 0
outbox.STUCK_AFTER = timedelta(seconds=6)  # a message lasts a hundredth of a second; in earnest a quarter of an hour
outbox.RETRY_AFTER = (timedelta(seconds=2),) * 30


def turns(task: str, queue: str, every: float, count: int) -> dict[str, dict]:
    options = {"queue": queue, "expires": 4 * every}
    return {f"{queue}-{number}": {"task": task, "schedule": every, "options": options} for number in range(count)}


app.conf.beat_max_loop_interval = 0.5
app.conf.beat_schedule = {
    **turns("arrears.tasks.sweep", SWEEP, 1.0, SWEEPERS),
    **turns("grid.tasks.deliver", DELIVER, 1.0, DELIVERERS),
}
