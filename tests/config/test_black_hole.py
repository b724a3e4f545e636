"""A broker that takes connections and never says a word, as behind a firewall that drops: whoever asks it must get on."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

PUBLISH = """
import django; django.setup()
from config.celery import app
try:
    app.send_task("arrears.tasks.sweep")
except Exception as error:
    print(type(error).__name__)
"""
TRACK = """
import django; django.setup()
from django.test import Client
answer = Client(SERVER_NAME="localhost").post("/track/", {"number": "K7QF-03MX-9ZTR", "secret": "0001"})
print(answer.status_code)
"""
BEAT = [sys.executable, "-P", "-m", "celery", "--app", "config.celery", "beat", "--loglevel", "info"]


@pytest.fixture
def deaf() -> Iterator[dict[str, str]]:
    """The environment of a process with such a broker."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield {**os.environ, "REDIS_URL": f"redis://127.0.0.1:{server.getsockname()[1]}/0", "PYTHONPATH": str(settings.ROOT)}


LONGEST = 120  # seconds; it ends within ten on a quiet machine, and never where nothing bounds the wait


def run(script: str, env: dict[str, str]) -> str:
    """What it said. Raises TimeoutExpired if it waits for ever."""
    return subprocess.run([sys.executable, "-P", "-c", script], env=env, capture_output=True, text=True, timeout=LONGEST).stdout.strip()


def test_a_page_that_counts_tries_there_says_so(deaf: dict[str, str]) -> None:
    assert run(TRACK, deaf) == "503"


def test_sending_a_task_gives_up(deaf: dict[str, str]) -> None:
    assert run(PUBLISH, deaf) in ("OperationalError", "TimeoutError")
