"""Celery's application. Beat's table says what runs when; every entry expires before its next turn."""

import os

from celery import Celery

from config.pulse import EVERY, WorkerPulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("xinan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(WorkerPulse)

app.conf.beat_scheduler = "config.pulse:PulsingScheduler"
app.conf.beat_max_loop_interval = EVERY
app.conf.beat_schedule = {
    "sweep": {"task": "arrears.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "deliver": {"task": "grid.tasks.deliver", "schedule": 15.0, "options": {"expires": 14}},
}
