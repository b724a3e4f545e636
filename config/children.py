"""A child of bin/serve: started in a process group of its own, its words copied to screen and log,
restarted with growing pauses when it dies, stopped without leaving anybody behind.
"""

import contextlib
import logging
import logging.handlers
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from config.embedded.process import die_with_parent, wait_gone

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY = 60.0  # seconds after which an end is no longer counted as a repetition
LOG_BYTES, LOG_FILES = 5_000_000, 2
LOOK = 0.2

logging.raiseExceptions = False  # a full disk must not stop the copying


class Child:
    """`is_late`: nobody waits for it; it is started when everything else is ready."""

    def __init__(self, name: str, command: list[str], log: Path, stop_limit: float, *, is_late: bool = False) -> None:
        self.name, self.command, self.log_path, self.stop_limit = name, command, log, stop_limit
        self.is_late = is_late
        self.log = open_log(name, log)
        self.on_screen = False  # until all are up; who cannot start is told in one line
        self.pause, self.started, self.next_start = FIRST_PAUSE, 0.0, 0.0
        self.process: subprocess.Popen[str] | None = None
        self.last_line = ""

    def start(self, env: dict[str, str], now: float) -> None:
        self.started = now
        self.process = subprocess.Popen(
            self.command,
            env=env,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        threading.Thread(target=self.copy_words, args=[self.process.stdout], daemon=True).start()

    def copy_words(self, words: "subprocess.IO[str]") -> None:
        for line in words:
            if line.strip():
                self.say(line.rstrip())
                self.last_line = line.rstrip()  # after the log has it: who reads this goes on to look there

    def say(self, line: str) -> None:
        self.log.info(line)
        if self.on_screen:
            with contextlib.suppress(OSError):  # nobody is looking any more; the log has it
                print(f"{self.name:<8}| {line}", flush=True)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self, env: dict[str, str], now: float) -> None:
        """Called every moment: starts it again when it has died and its pause is over."""
        if self.is_alive():
            return
        if not self.next_start:
            self.pause = FIRST_PAUSE if now - self.started > STEADY else min(self.pause * 2, LONGEST_PAUSE)
            self.next_start = now + self.pause
            self.kill_group()
            self.say(f"已退出（{self.process.returncode}），{self.pause:.0f} 秒后重新启动 / ended, restarting")
        elif now >= self.next_start:
            self.next_start = 0.0
            self.start(env, now)

    def stop(self, in_hurry: Callable[[], bool]) -> None:
        if self.process is None:
            return
        limit = time.monotonic() + self.stop_limit
        if self.is_alive():
            self.process.terminate()
        while self.is_alive() and time.monotonic() < limit and not in_hurry():
            wait_gone(self.process.pid, LOOK)
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """Whoever is left of it. The leader is reaped afterwards, so its number is still ours."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def open_log(name: str, path: Path) -> logging.Logger:
    log = logging.Logger(name)
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    log.addHandler(handler)
    return log
