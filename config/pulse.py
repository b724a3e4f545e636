"""Signs of life of worker and beat: keys in Redis that vanish by themselves when nobody renews them.

Each process writes its own, the worker from its event loop and beat from its scheduler, so that /healthz
can tell which of the two is dead. A task sent by one and handled by the other could not, and would call a
worker dead that is merely busy.
"""

import logging

import redis
from celery import bootsteps
from celery.beat import Scheduler
from django.conf import settings

EVERY = 2.0  # seconds between two signs
LASTS = 10.0  # seconds a sign counts
PATIENCE = 1.0
KEYS = {"worker": "xinan:alive:worker", "beat": "xinan:alive:beat"}

log = logging.getLogger(__name__)


def connect() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)


def show_life(line: redis.Redis, name: str) -> None:
    try:
        line.set(KEYS[name], 1, px=int(LASTS * 1000))
    except redis.RedisError as error:
        log.warning("no sign of life could be given: %s", error)  # the broker is down; /healthz says that itself


class WorkerPulse(bootsteps.StartStopStep):
    requires = {"celery.worker.components:Timer"}

    def start(self, worker: object) -> None:
        self.line = connect()
        show_life(self.line, "worker")
        self.timer = worker.timer.call_repeatedly(EVERY, show_life, (self.line, "worker"))

    def stop(self, worker: object) -> None:
        self.timer.cancel()
        self.line.close()


class PulsingScheduler(Scheduler):
    """Beat without a schedule file: every entry is periodic and looks for all that is due."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self.line = connect()

    def tick(self, *args: object, **kwargs: object) -> float:
        show_life(self.line, "beat")
        return super().tick(*args, **kwargs)
