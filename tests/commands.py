"""Runs the commands that bring servers of their own, as somebody types them, apart from the servers of this test run."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# What a test run, or whoever started it, has set and a fresh terminal has not.
FOREIGN = ("PYTEST_", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "XINAN_", "SECRET_KEY", "VAULT_KEYS")


def clean(env: dict[str, str]) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}, **env}


def start(*command: str, **env: str) -> subprocess.Popen:
    """bin/COMMAND in a process group of its own, as a terminal starts it."""
    return subprocess.Popen(
        [ROOT / "bin" / command[0], *command[1:]], env=clean(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def run(file: Path, *command: str, **env: str) -> dict[str, Any]:
    """What bin/COMMAND wrote into its JSON file; every key of it stands in the printed table too."""
    done = subprocess.run(
        [ROOT / "bin" / command[0], *command[1:], "--json", file], env=clean(env), capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found = json.loads(file.read_text())
    assert all(name in done.stdout for name in found)
    return found
