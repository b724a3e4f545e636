"""/healthz names what is dead or late and nothing else; nobody needs to sign in for it, and it never hangs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone

from arrears.models import Report, Watch
from arrears.reports.receiving import Said, receive
from config import health
from config.pulse import KEYS, LASTS, connect, show_life
from config.queues import QUEUES, emptied_by
from grid import rounds
from grid.models import Notice
from grid.models.notices import QUEUED
from tests.base import Cast

ALL = {
    **dict.fromkeys(("web", "database", "broker", "worker", "courier", "papers", "beat", "watchman"), True),
    "sweep": None,
    "rung": None,
}
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
        ",".join(emptied_by("worker")),
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
        show_life(line, *names)


def ask() -> tuple[int, dict]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def dead(**checks: bool | None) -> tuple[int, dict]:
    """What is to be answered when these are not as in ALL. The run's first database has no tables, hence no ages."""
    missing = [name for name, alive in checks.items() if alive is False]
    return 503, {"ok": False, "checks": {**ALL, **checks}, "missing": missing, "ages": {}}


def test_all_alive_is_200_without_signing_in_and_never_cached() -> None:
    show(*KEYS)
    assert ask() == (200, {"ok": True, "checks": ALL, "missing": [], "ages": {}})
    assert "no-store" in Client().get("/healthz")["Cache-Control"]
    assert Client().post("/healthz").status_code == 405


@pytest.mark.parametrize("silent", KEYS)
def test_a_missing_sign_of_life_is_named(silent: str, settings) -> None:
    settings.STARTED_AT = timezone.now() - timedelta(hours=1)
    show(*(set(KEYS) - {silent}))
    assert ask() == dead(**{QUEUES[silent].worker if silent in QUEUES else silent: False})


def test_a_dead_database_is_named(settings) -> None:
    show(*KEYS)
    settings.DATABASE_URL = "postgresql://u:p@127.0.0.1:1/x"
    assert ask() == dead(database=False)


def test_a_dead_broker_is_named_and_who_speaks_through_it_is_unknown(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ask() == dead(broker=False, worker=None, courier=None, papers=None, beat=None, watchman=None)


def test_the_watchman_begins_last_and_is_not_missed_before(settings) -> None:
    show(*(set(KEYS) - {"watchman"}))
    for seconds, expected in ((0, None), (50, None), (70, False)):
        settings.STARTED_AT = timezone.now() - timedelta(seconds=seconds)
        assert ask()[1]["checks"]["watchman"] is expected
    show("watchman")
    assert ask()[1]["checks"]["watchman"] is True


def test_its_sign_outlasts_two_of_its_rounds() -> None:
    show("watchman")
    with connect() as line:
        assert line.pttl(KEYS["watchman"]) > 2 * 20_000


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
    show("sweep")
    with connect() as line:
        assert 0 < line.pttl(KEYS["sweep"]) <= LASTS * 1000


class Sweeping(Cast, TransactionTestCase):
    """On tables, with rows that others have committed."""

    def setUp(self) -> None:
        show(*KEYS)
        self.now = timezone.now()
        server, mark, options = settings.DATABASE_URL.partition("?")
        database = f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{options}"
        self.enterContext(self.settings(DATABASE_URL=database, STARTED_AT=self.now - timedelta(hours=1)))

    def swept(self, seconds_ago: float) -> dict[str, Any]:
        rounds.end(rounds.SWEEP, self.now - timedelta(seconds=seconds_ago), {})
        return ask()[1]

    def test_a_sweep_that_keeps_time_is_well_and_a_late_one_is_named(self) -> None:
        said = self.swept(290)
        self.assertTrue(said["ok"] and said["checks"]["sweep"])
        self.assertTrue(290 <= said["ages"]["sweep"] < 295)
        self.assertEqual(self.swept(301)["missing"], ["sweep"])
        self.assertEqual(ask()[0], 503)

    def test_before_the_first_sweep_since_the_start_nothing_is_known(self) -> None:
        self.assertEqual(ask()[1]["missing"], ["sweep"])  # an hour without any
        with self.settings(STARTED_AT=self.now - timedelta(seconds=60)):
            self.assertIsNone(ask()[1]["checks"]["sweep"])
            self.assertIsNone(self.swept(36_000)["checks"]["sweep"])  # stopped over night
            self.assertTrue(self.swept(30)["checks"]["sweep"])

    def test_one_rung_that_nobody_fires_is_named_though_the_sweep_keeps_time(self) -> None:
        self.make_cast()
        clock = self.make_claim().clocks.first()
        Watch.objects.update(next_at=self.now + timedelta(hours=1))
        for minutes, well in ((9, True), (11, False)):
            Watch.objects.filter(clock=clock).update(next_at=self.now - timedelta(minutes=minutes))
            self.assertIs(self.swept(1)["checks"]["rung"], well)
        said = self.swept(1)
        self.assertEqual((said["missing"], said["checks"]["sweep"], ask()[0]), (["rung"], True, 503))
        with self.settings(RUNG_PATIENCE=1200):
            self.assertTrue(self.swept(1)["ok"])

    def test_a_report_nobody_is_called_about_is_a_rung_too(self) -> None:
        self.make_cast()
        report = receive(Said(region=self.regions["321322101"], name="李建国", phone="13800000001", story="没有给钱。"), now=self.now)
        for minutes, well in ((9, True), (11, False)):
            Report.objects.filter(pk=report.pk).update(next_at=self.now - timedelta(minutes=minutes))
            self.assertIs(self.swept(1)["checks"]["rung"], well)

    def test_one_that_is_tried_every_hour_in_vain_is_named_too(self) -> None:
        self.make_cast()
        clock = self.make_claim().clocks.first()
        Watch.objects.update(next_at=self.now + timedelta(minutes=50))
        for minutes, well in ((9, True), (11, False)):
            Watch.objects.filter(clock=clock).update(faulty_since=self.now - timedelta(minutes=minutes))
            self.assertIs(self.swept(1)["checks"]["rung"], well)
        Watch.objects.filter(clock=clock).update(next_at=self.now + timedelta(hours=2))  # put right since
        self.assertTrue(self.swept(1)["checks"]["rung"])

    def test_what_fell_due_while_everything_was_off_is_not_called_stuck_at_once(self) -> None:
        self.make_cast()
        Watch.objects.filter(clock=self.make_claim().clocks.first()).update(next_at=self.now - timedelta(hours=9))
        with self.settings(STARTED_AT=self.now - timedelta(minutes=5)):
            self.assertIsNone(self.swept(1)["checks"]["rung"])
        with self.settings(STARTED_AT=self.now - timedelta(minutes=11)):
            self.assertIs(self.swept(1)["checks"]["rung"], False)

    def test_how_long_the_oldest_rung_and_message_have_been_due(self) -> None:
        self.assertEqual(self.swept(1)["ages"] | {"sweep": 0}, {"sweep": 0, "rung": None, "notice": None})
        self.make_cast()
        clocks = self.make_claim().clocks.all()
        Watch.objects.filter(clock__in=clocks).update(next_at=self.now + timedelta(hours=1))
        Watch.objects.filter(clock=clocks[0]).update(next_at=self.now - timedelta(minutes=7))
        about = dict(kind="claim_moved", channel="email", recipient=self.chief, state=QUEUED, created_at=self.now)
        for key, minutes in (("later", -5), ("long", 9), ("short", 2)):
            Notice.objects.create(key=key, next_try_at=self.now - timedelta(minutes=minutes), **about)
        Notice.objects.exclude(key__in=("later", "long", "short")).delete()
        ages = ask()[1]["ages"]
        self.assertEqual([int(ages["rung"] // 60), int(ages["notice"] // 60)], [7, 9])


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
    others = [*emptied_by("courier"), *emptied_by("papers"), "watchman"]  # of these there is none here
    until_shown({*emptied_by("worker"), "beat"})
    show("watchman")
    assert ask()[1]["missing"] == ["courier", "papers"]
    show(*others)
    assert ask()[0] == 200
    crew["beat"].kill()
    crew["beat"].wait()
    forget()  # in place of waiting: who lives shows it again
    until_shown(set(emptied_by("worker")))
    show(*others)
    assert ask()[1]["missing"] == ["beat"]

    os.killpg(crew["worker"].pid, signal.SIGKILL)
    crew["worker"].wait()
    forget()
    show("beat", *others)
    assert ask()[1]["missing"] == ["worker"]
