"""Celery's application. Beat's table says what runs when; every entry expires before its next turn."""

import os

import kombu
from celery import Celery
from celery.schedules import crontab

from config.pulse import EVERY, WorkerPulse
from config.queues import OTHERS, QUEUES, TASKS, limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("xinan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(WorkerPulse)

app.conf.task_queues = [kombu.Queue(name) for name in QUEUES]
app.conf.task_default_queue = OTHERS
app.conf.task_routes = {task: {"queue": queue} for task, queue in TASKS.items()}
app.conf.task_annotations = {task: limits(task) for task in TASKS}

app.conf.beat_scheduler = "config.pulse:PulsingScheduler"
app.conf.beat_max_loop_interval = EVERY
# The sweep twice a minute: whatever falls due just after one is told within the minute, with time for the sweep itself.
app.conf.beat_schedule = {
    "sweep": {"task": "arrears.tasks.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "deliver": {"task": "grid.tasks.deliver", "schedule": 15.0, "options": {"expires": 14}},
    "return_changes": {"task": "arrears.tasks.return_changes", "schedule": 15.0, "options": {"expires": 14}},
    "digests": {"task": "grid.tasks.digests", "schedule": 60.0, "options": {"expires": 55}},
    "remind_of_hearings": {"task": "mediation.tasks.remind", "schedule": 60.0, "options": {"expires": 55}},
    "watch_marks": {"task": "mediation.tasks.watch_marks", "schedule": 60.0, "options": {"expires": 55}},
    "watch_instalments": {"task": "mediation.tasks.watch_instalments", "schedule": 60.0, "options": {"expires": 55}},
    "make_packets": {"task": "arrears.tasks.make_packets", "schedule": 60.0, "options": {"expires": 55}},
    "import_orders": {"task": "arrears.tasks.import_orders", "schedule": 60.0, "options": {"expires": 55}},
    "register_sheets": {"task": "arrears.tasks.register_sheets", "schedule": 60.0, "options": {"expires": 55}},
    "see_watchman": {"task": "config.tasks.see_watchman", "schedule": 60.0, "options": {"expires": 55}},
    "end_online_stays": {"task": "mediation.tasks.end_online_stays", "schedule": 60.0, "options": {"expires": 55}},
    "scan_files": {"task": "arrears.tasks.scan_files", "schedule": 60.0, "options": {"expires": 55}},
    # Of a load that a page has left to it; here only in case that message, or its worker, was lost.
    "recount_years": {"task": "arrears.tasks.recount_years", "schedule": 300.0, "options": {"expires": 290}},
    "forget_words": {"task": "arrears.tasks.forget_words", "schedule": crontab(hour=3, minute=10), "options": {"expires": 3600}},
    "check_integrity": {
        "task": "arrears.tasks.check_integrity", "schedule": crontab(hour=2, minute=30), "options": {"expires": 3600},
    },
}  # fmt: skip
