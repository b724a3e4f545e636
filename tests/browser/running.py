"""The system as bin/serve runs it: web server, worker and beat, each a process of its own, on this run's database."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.celery import app
from config.embedded.folder import open_folder
from config.embedded.process import pick_port
from config.serve import list_children, wait_ready
from tests.smtp import MailServer

HOST = "127.0.0.1"


@dataclass
class Running:
    url: str
    mail: MailServer = field(repr=False)

    def send_turn(self, name: str) -> None:
        """What beat sends when the turn of `name` comes, a minute early: through the broker, to the worker."""
        entry = app.conf.beat_schedule[name]
        app.send_task(entry["task"], **entry["options"])


@contextmanager
def running(folder: Path, **extra: str) -> Iterator[Running]:
    """`extra`: of the environment, beside what this run has."""
    port = pick_port(None)
    children = list_children(open_folder(folder), HOST, port)
    with MailServer() as mail:
        env = {**environment(f"http://{HOST}:{port}", mail), **extra}
        try:
            for child in children:
                child.start(env, time.monotonic())
            wait_ready(children, (HOST, port))
            yield Running(env["SITE_URL"], mail)
        finally:
            for child in children:
                child.stop(lambda: False)


def environment(url: str, mail: MailServer) -> dict[str, str]:
    """As this run's, except for the database, which is the test database, and a mail server that takes everything."""
    server, _, _ = settings.DATABASE_URL.partition("?")
    database = server.rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
    return {
        **os.environ, "PYTHONPATH": str(settings.ROOT), "DATABASE_URL": settings.DATABASE_URL.replace(server, database),
        "SITE_URL": url, "EMAIL_HOST": HOST, "EMAIL_PORT": str(mail.server_address[1]),
    }  # fmt: skip
