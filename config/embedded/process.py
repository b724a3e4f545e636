"""Small facts about processes that Python does not offer."""

import ctypes
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A preexec_fn: the kernel sends the child this signal when its parent is gone (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, number) and None


def find_by_folder(program: str, folder: Path) -> list[int]:
    """Processes of that program whose working folder it is: what a killed run left behind."""
    return [int(p.name) for p in Path("/proc").glob("[0-9]*") if leads(p / "cwd", folder) and leads(p / "exe", program)]


def leads(link: Path, target: Path | str) -> bool:
    try:
        goal = os.readlink(link)
    except OSError:
        return False
    return goal == str(target) or Path(goal).name == target


def wait_gone(pid: int, seconds: float) -> bool:
    """Whether the process (of any parent) ended in time. A zombie counts as ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def end(pid: int, signals: tuple[signal.Signals, ...], seconds: float) -> None:
    """Ask politely first; each further signal after `seconds` without success."""
    for number in signals:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_gone(pid, seconds):
            return


def pick_port(wished: int | None) -> int:
    """The wished port of this machine if it is free, else any free one."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port or 0))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free port")
