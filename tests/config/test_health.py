"""/healthz names what is dead and nothing else; nobody needs to sign in for it, and it never hangs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from config import health
from config.pulse import KEYS, LASTS, connect, show_life

ALL = {"web": True, "database": True, "broker": True, "worker": True, "beat": True}
CELERY = [sys.executable, "-P", "-m", "celery", "--quiet", "--app", "config.celery"]
COMMANDS = {
    "worker": [
        *CELERY,
        "worker",
        "--concurrency",
        "1",
        "--without-gossip",
        "--without-mingle",
        "--queues",
        "health-test",
    ],
    "beat": [*CELERY, "beat"],
}


@pytest.fixture(autouse=True)
def no_signs() -> Iterator[None]:
    forget()
    yield
    forget()


def forget(*names: str) -> None:
    with connect() as line:
        line.delete(*(KEYS[name] for name in names or KEYS))


def show(*names: str) -> None:
    with connect() as line:
        for name in names:
            show_life(line, name)


def ask() -> tuple[int, dict]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def test_all_alive_is_200_without_signing_in_and_never_cached() -> None:
    show("worker", "beat")
    assert ask() == (200, {"ok": True, "checks": ALL, "missing": []})
    assert "no-store" in Client().get("/healthz")["Cache-Control"]
    assert Client().post("/healthz").status_code == 405


@pytest.mark.parametrize("dead", ["worker", "beat"])
def test_a_missing_sign_of_life_is_named(dead: str) -> None:
    show(*(set(KEYS) - {dead}))
    assert ask() == (503, {"ok": False, "checks": {**ALL, dead: False}, "missing": [dead]})


def test_a_dead_database_is_named(settings) -> None:
    show("worker", "beat")
    settings.DATABASE_URL = "postgresql://u:p@127.0.0.1:1/x"
    assert ask() == (503, {"ok": False, "checks": {**ALL, "database": False}, "missing": ["database"]})


def test_a_dead_broker_is_named_and_who_speaks_through_it_is_unknown(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    checks = {**ALL, "broker": False, "worker": None, "beat": None}
    assert ask() == (503, {"ok": False, "checks": checks, "missing": ["broker"]})


def test_servers_that_accept_and_never_answer_cost_no_more_than_the_limit(settings, monkeypatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        settings.DATABASE_URL, settings.REDIS_URL = (
            f"postgresql://u:p@127.0.0.1:{port}/x",
            f"redis://127.0.0.1:{port}/0",
        )
        begin = time.monotonic()
        status, said = ask()
    assert (status, said["missing"]) == (503, ["database", "broker"])
    assert time.monotonic() - begin < 1


def test_a_sign_of_life_does_not_last() -> None:
    show("worker")
    with connect() as line:
        assert 0 < line.pttl(KEYS["worker"]) <= LASTS * 1000


@pytest.fixture
def crew() -> Iterator[dict[str, subprocess.Popen]]:
    """A real worker and a real beat."""
    started = {
        name: subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(settings.ROOT)},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for name, command in COMMANDS.items()
    }
    yield started
    for process in started.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until_shown(names: set[str], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    with connect() as line:
        while not all(line.exists(KEYS[name]) for name in names):
            assert time.monotonic() < limit, f"no sign of life from {names}"
            time.sleep(0.05)


def test_worker_and_beat_are_told_apart_when_one_is_really_killed(crew: dict[str, subprocess.Popen]) -> None:
    until_shown({"worker", "beat"})
    assert ask()[0] == 200
    crew["beat"].kill()
    crew["beat"].wait()
    forget()  # in place of waiting: who lives shows it again
    until_shown({"worker"})
    assert ask()[1]["missing"] == ["beat"]

    os.killpg(crew["worker"].pid, signal.SIGKILL)
    crew["worker"].wait()
    forget()
    show("beat")
    assert ask()[1]["missing"] == ["worker"]
