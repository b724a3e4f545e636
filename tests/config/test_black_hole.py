"""A broker that takes connections and never says a word, as behind a firewall that drops: whoever asks it must get on."""

import os
import socket
import subprocess
import sys
import time
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


def run(script: str, env: dict[str, str], most: float) -> tuple[str, float]:
    """What it said, and how long it took; killed long after it should have ended."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-P", "-c", script], env=env, capture_output=True, text=True, timeout=most + 30)
    return done.stdout.strip(), time.monotonic() - begun


def test_a_page_that_counts_tries_there_says_so_within_seconds(deaf: dict[str, str]) -> None:
    said, took = run(TRACK, deaf, 12)
    assert said == "503"
    assert took < 12  # with the start of Python


def test_sending_a_task_gives_up_within_seconds(deaf: dict[str, str]) -> None:
    said, took = run(PUBLISH, deaf, 25)
    assert said in ("OperationalError", "TimeoutError")
    assert took < 25
