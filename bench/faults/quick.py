"""The real application, with its queues and as many processes for each, on a quick timetable: what takes minutes in
earnest takes seconds here. And each message goes out by itself, under its own key, however many wait for one person:
they are to be counted.

    celery --app bench.faults.quick worker|beat
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from celery import Task
from celery.signals import task_postrun, task_prerun
from django.conf import settings

django.setup()

from config.celery import app  # noqa: E402
from config.queues import QUEUES, TASKS, WORKERS  # noqa: E402
from grid import outbox  # noqa: E402

SWEEP, DELIVER = TASKS["arrears.tasks.sweep"], TASKS["grid.tasks.deliver"]
SWEEPERS, DELIVERERS = (WORKERS[QUEUES[name].worker] for name in (SWEEP, DELIVER))  # at once
TURNS = settings.DATA / "log/turns.log"  # which task began and ended when, for whoever counts how many ran at once

settings.FLOOD = 0
outbox.STUCK_AFTER = timedelta(seconds=6)  # a message lasts a hundredth of a second; in earnest a quarter of an hour
outbox.RETRY_AFTER = (timedelta(seconds=2),) * 30


def turns(task: str, every: float, count: int) -> dict[str, dict]:
    return {f"{task}-{number}": {"task": task, "schedule": every, "options": {"expires": 4 * every}} for number in range(count)}


def note(what: str) -> Callable[..., None]:
    def write(task: Task, task_id: str, **_given: Any) -> None:
        with TURNS.open("a") as file:
            file.write(f"{time.monotonic():.6f} {what} {TASKS[task.name]} {task_id}:{os.getpid()}\n")

    return write


task_prerun.connect(note("begins"), weak=False)
task_postrun.connect(note("ends"), weak=False)


app.conf.beat_max_loop_interval = 0.5
app.conf.beat_schedule = {
    **turns("arrears.tasks.sweep", 1.0, SWEEPERS),
    **turns("grid.tasks.deliver", 1.0, DELIVERERS),
}
