"""Who watches the watchman."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from config.pulse import KEYS, WATCHMAN, connect, show_life
from config.tasks import see_watchman
from grid.models import Notice
from grid.wordings import words
from tests.base import NOW, CastTestCase

MINUTE = timedelta(minutes=1)


def forget() -> None:
    with connect() as line:
        line.delete(*KEYS.values())


@override_settings(STARTED_AT=NOW - timedelta(days=1))
class SeeWatchman(CastTestCase):
    def setUp(self) -> None:
        forget()
        self.addCleanup(forget)

    def see(self, minutes: int) -> list[Notice]:
        with patch("django.utils.timezone.now", return_value=NOW + minutes * MINUTE):
            see_watchman()
        return list(Notice.objects.filter(kind="watchman_silent").order_by("created_at", "channel"))

    def live(self) -> None:
        with connect() as line:
            show_life(line, WATCHMAN)

    def test_while_he_lives_nobody_is_told(self) -> None:
        self.live()
        for minutes in (0, 10, 20):
            self.assertEqual(self.see(minutes), [])

    def test_when_he_is_silent_administrators_are_told_once_and_again_each_day(self) -> None:
        self.live()
        self.see(0)
        forget()
        self.assertEqual(self.see(4), [])
        told = self.see(5)
        self.assertEqual([(row.recipient, row.channel) for row in told], [(self.administrator, "email"), (self.administrator, "in_app")])
        self.assertEqual(words(told[0])[0], "值守程序 5 分钟没有动静")
        self.assertIn("自 2026-03-02 10:00 起", words(told[0])[1])
        self.assertEqual(len(self.see(60)), 2)
        self.assertEqual(len(self.see(24 * 60 + 5)), 4)

    def test_the_next_silence_is_another_one(self) -> None:
        self.live()
        self.see(0)
        forget()
        self.see(6)
        self.live()
        self.see(7)
        forget()
        self.assertEqual(len(self.see(13)), 4)

    def test_he_who_was_never_seen_is_missed_too(self) -> None:
        self.assertEqual(self.see(0), [])
        self.assertEqual(len(self.see(6)), 2)

    def test_after_a_night_in_which_everything_was_off_he_has_time_to_begin(self) -> None:
        self.live()
        self.see(0)
        forget()
        with override_settings(STARTED_AT=NOW + 600 * MINUTE):
            self.assertEqual(self.see(601), [])
            self.assertEqual(len(self.see(606)), 2)


def test_the_real_one_shows_his_life() -> None:
    """Before he has looked for the first time, for that may take long."""
    forget()
    with TemporaryDirectory() as data:
        Path(data, "run").mkdir()
        env = {**os.environ, "PYTHONPATH": str(settings.ROOT), "XINAN_DATA": data, "DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x"}
        env |= {"XINAN_SINCE": timezone.now().isoformat()}
        process = subprocess.Popen([sys.executable, "-P", "-m", "config.watchman"], env=env, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            limit = time.monotonic() + 20
            with connect() as line:
                while not line.exists(KEYS[WATCHMAN]):
                    assert time.monotonic() < limit
                    time.sleep(0.05)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            forget()
