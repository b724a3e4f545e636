"""A lease on an embedded server: a shared lock that the kernel drops when the holder ends."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from config.embedded.engines import ENGINES, is_guarded
from config.embedded.folder import alone, read_secrets
from config.embedded.process import find_by_folder, wait_gone
from config.embedded.trouble import CannotStart

LEAVE_LIMIT = 40.0


@contextmanager
def lease(name: str, data: Path, *, throwaway: bool = False) -> Iterator[str]:
    """The URL of the running server; started if nobody has yet, stopped if nobody needs it any more."""
    with (data / f"run/{name}.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits for a guard that is just stopping
        guard = start_once(name, data, throwaway)
        try:
            yield ENGINES[name].url(read_state(data, name)["port"], read_secrets(data))
        finally:
            leave(users, read_state(data, name)["pid"], guard)


def start_once(name: str, data: Path, throwaway: bool) -> subprocess.Popen[bytes] | None:
    with alone(data / f"run/{name}.start"):
        return None if is_guarded(data, name) else start_guard(name, data, throwaway)


def start_guard(name: str, data: Path, throwaway: bool) -> subprocess.Popen[bytes]:
    reader, writer = os.pipe()
    command = [sys.executable, "-P", "-m", "config.embedded.guard", name, str(data), str(writer)]
    with (data / f"log/{name}.log").open("a") as log:
        guard = subprocess.Popen(
            [*command, "throwaway"] if throwaway else command,
            cwd="/",
            start_new_session=True,
            pass_fds=[writer],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            told = pipe.read()
    except BaseException:
        give_up(guard, ENGINES[name].PROGRAM, data / name)
        raise
    report = (
        json.loads(told) if told else {"error": f"{name}：守护进程意外退出，见 {data}/log/{name}.log / its guard died"}
    )
    if "error" in report:
        guard.wait()
        raise CannotStart(report["error"])
    for note in report["notes"]:
        print(note, file=sys.stderr)
    return guard


def give_up(guard: subprocess.Popen[bytes], program: str, folder: Path) -> None:
    """Interrupted while the guard was still starting: take it along, with whatever it has begun."""
    os.killpg(guard.pid, signal.SIGTERM)
    guard.wait()
    for pid in find_by_folder(program, folder):
        wait_gone(pid, LEAVE_LIMIT)  # the kernel has told it that its guard is gone


def read_state(data: Path, name: str) -> dict:
    return json.loads((data / f"run/{name}.json").read_text())


def leave(users: TextIO, pid: int, guard: subprocess.Popen[bytes] | None) -> None:
    """Drop the lease; whoever is last waits until the server has stopped, so that nothing is left behind."""
    shared = not try_lock(users, fcntl.LOCK_EX) and try_lock(users, fcntl.LOCK_SH)
    users.close()
    if not shared:
        wait_gone(pid, LEAVE_LIMIT)
    if guard:
        guard.poll()


def try_lock(file: TextIO, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
