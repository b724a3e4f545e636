"""The data folder (XINAN_DATA): who may enter, and the secrets of a local installation."""

import base64
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.trouble import CannotStart

MB = 1024 * 1024
ROOM_TO_BEGIN, ROOM_TO_GO_ON = 300 * MB, 64 * MB  # a fresh PostgreSQL with divisions and demo city takes 200 MB
PRIVATE = ("media", "mail", "log", "run")


def open_folder(data: Path) -> Path:
    """The folder, made and entered. Root leaves it passable, because PostgreSQL runs as another user."""
    data.mkdir(parents=True, exist_ok=True)
    if data.stat().st_uid == os.geteuid():
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in PRIVATE:
        (data / name).mkdir(mode=0o700, exist_ok=True)
    (data / "run/touch").write_text("")
    check_room(data)
    return data


def check_room(data: Path) -> None:
    """Better not to begin than to stop in the middle."""
    needed = ROOM_TO_GO_ON if (data / "postgres").exists() else ROOM_TO_BEGIN
    if shutil.disk_usage(data).free < needed:
        raise CannotStart(
            f"磁盘空间不足，至少需要 {needed // MB} MB：{data}",
            f"the disk is (almost) full, {needed // MB} MB are needed: {data}",
        )


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold `path` as a lock. The kernel lets go of it when the holder ends, however it ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_secrets(data: Path) -> dict[str, str]:
    """Secrets of this data folder, made on first use. Lost with it: sealed ID numbers need them."""
    path = data / "secrets.json"
    with alone(data / "run/secrets.lock"):
        if not path.exists():
            write_whole(path, json.dumps(make_secrets(), indent=1))
    return json.loads(path.read_text())


def make_secrets() -> dict[str, str]:
    sealing, index = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": f"k1:{sealing} index:{index}",
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
    }


def write_whole(path: Path, text: str) -> None:
    """Write so that a reader, or a full disk, never sees half a file. Only the owner may read it."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise
