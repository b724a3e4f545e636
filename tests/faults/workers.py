"""Real workers on a queue of their own, to be killed in the middle of their work."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from config.celery import app
from tests.base import Cast

QUEUE = f"faults-{os.getpid()}"
WORKER = (
    sys.executable, "-P", "-m", "celery", "--quiet", "--app", "config.celery", "worker", "--concurrency", "2",
    "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "error", "--queues", QUEUE,
)  # fmt: skip


class RealWorkers(Cast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        self.addCleanup(self.purge)

    def start(self) -> subprocess.Popen:
        server, mark, options = settings.DATABASE_URL.partition("?")
        database = f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{options}"
        env = {**os.environ, "PYTHONPATH": str(settings.ROOT), "DATABASE_URL": database}
        worker = subprocess.Popen(WORKER, env=env, start_new_session=True)
        self.addCleanup(self.kill, worker)
        return worker

    def kill(self, worker: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def purge(self) -> None:
        with app.connection_for_write() as line:
            line.default_channel.queue_delete(QUEUE)

    def send(self, task: str, times: int = 1) -> None:
        for _ in range(times):
            app.send_task(task, queue=QUEUE)

    def wait(self, until: Callable[[], bool]) -> None:
        limit = time.monotonic() + 30
        while not until():
            self.assertLess(time.monotonic(), limit, "the worker does not get on")
            time.sleep(0.005)
