"""Signs of life of the workers, of beat and of the watchman: keys in Redis that vanish by themselves when nobody renews them.

Each process writes its own, a worker one for each queue it empties, from its event loop, and beat from its
scheduler, so that /healthz can tell who is dead. A task sent by one and handled by the other could not, and would
call a worker dead that is merely busy.
"""

import logging

import redis
from celery import bootsteps
from celery.beat import Scheduler
from celery.schedules import crontab
from django.conf import settings

from config.queues import QUEUES

EVERY = 2.0  # seconds between two signs
LASTS = 10.0  # seconds a sign counts
PATIENCE = 1.0
BEAT, WATCHMAN = "beat", "watchman"
ROUNDS_OF_WATCHMAN = 60.0  # it looks every 20 seconds, and may take long over a server that hangs
KEYS = {name: f"xinan:alive:{name}" for name in (*QUEUES, BEAT, WATCHMAN)}

log = logging.getLogger(__name__)


def connect() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)


def show_life(line: redis.Redis, *names: str) -> None:
    try:
        for name in names:
            line.set(KEYS[name], 1, px=int((ROUNDS_OF_WATCHMAN if name == WATCHMAN else LASTS) * 1000))
    except redis.RedisError as error:
        log.warning("no sign of life could be given: %s", error)  # the broker is down; /healthz says that itself


class WorkerPulse(bootsteps.StartStopStep):
    requires = {"celery.worker.components:Timer"}

    def start(self, worker: object) -> None:
        self.line = connect()
        emptied = [name for name in worker.app.amqp.queues.consume_from if name in KEYS]
        show_life(self.line, *emptied)
        self.timer = worker.timer.call_repeatedly(EVERY, show_life, (self.line, *emptied))

    def stop(self, worker: object) -> None:
        self.timer.cancel()
        self.line.close()


class PulsingScheduler(Scheduler):
    """Beat without a schedule file: every entry is periodic and looks for all that is due. What comes round every
    few seconds comes first of all when beat starts, so that a beat that is killed again and again still sends it."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            if not isinstance(entry.schedule, crontab):
                entry.last_run_at -= entry.schedule.run_every
        self.line = connect()

    def tick(self, *args: object, **kwargs: object) -> float:
        show_life(self.line, BEAT)
        return super().tick(*args, **kwargs)
