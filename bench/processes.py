"""Processes a bench or a fault test starts: workers, beat, steps in a process of their own. None outlives it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.embedded.process import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-P", "-W", "ignore:You're running the worker with superuser"]


def start(
    *arguments: str, command: list[str] | None = None, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen:
    """A Python module with its arguments, or a whole command."""
    return subprocess.Popen(
        command or [*PYTHON, "-m", *arguments],
        env={**os.environ, **(env or {})},
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
        **options,
    )


def kill(process: subprocess.Popen) -> None:
    """With everything it has started, at once and without a word."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def ask(module: str, **options: Any) -> dict[str, Any]:
    """Runs a step in a process of its own and returns the JSON object it prints last."""
    done = start(module, stdout=subprocess.PIPE, text=True, **options)
    said, _nothing = done.communicate()
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}")
    return json.loads(said.strip().splitlines()[-1])
