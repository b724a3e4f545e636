"""The embedded servers by name, and whether one is running."""

import fcntl
from pathlib import Path
from types import ModuleType

from config.embedded import postgres, valkey

ENGINES: dict[str, ModuleType] = {"postgres": postgres, "valkey": valkey}


def is_guarded(data: Path, name: str) -> bool:
    """A guard holds this lock for as long as it lives."""
    try:
        with (data / f"run/{name}.guard").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
