"""The pages of a PDF that is shown, as pictures: everybody looks at the same page in the room itself, on a phone too, and nobody's browser
opens what a stranger brought. Drawn when the first one asks for it, by one process at a time, and kept as long as the paper is shown."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from mediation.models import OnlineShown

PATIENCE = 30  # seconds of the clock; the process has its own measure of the processor's time
DRAWING = "mediation.online.leaf_drawing"


class Leaves(NamedTuple):
    pages: int
    lacks_faces: bool  # letters are missing in the pictures: the file itself must be opened


def leaves_of(place: str) -> Leaves | None:
    """None: locked, broken, empty or too long."""
    said = asked(place)
    return Leaves(*json.loads(said)) if said is not None else None


def leaf(shown: OnlineShown, page: int) -> Path | None:
    """The picture of a page; None: not yet, somebody else has it drawn just now. Raises CannotDraw;
    FileNotFoundError when it was taken down meanwhile."""
    place = place_of(shown, page)
    if place.exists():
        return place
    paper = Path(shown.file.path)
    if not paper.exists():
        raise FileNotFoundError(paper)
    with open(f"{shown.file.path}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        if not place.exists():
            draw(shown, page, place)
    if not paper.exists():  # taken down while it was drawn: nothing of it stays
        forget(paper)
        raise FileNotFoundError(paper)
    return place


class CannotDraw(Exception):
    """It can be counted but not drawn: the page says so, and the file can be opened."""


def draw(shown: OnlineShown, page: int, place: Path) -> None:
    half = place.with_suffix(".half")
    try:
        if asked(shown.file.path, str(page), str(half)) is None:
            raise CannotDraw(f"page {page} of {shown.pk}")
        os.chmod(half, 0o600)
        half.rename(place)
    finally:
        half.unlink(missing_ok=True)


def place_of(shown: OnlineShown, page: int) -> Path:
    return Path(f"{shown.file.path}-{page}.png")


def forget(place: Path) -> None:
    """The file, and all that was drawn of it."""
    for one in (place, *place.parent.glob(f"{place.name}-*.png"), place.with_name(f"{place.name}.lock")):
        one.unlink(missing_ok=True)


def asked(*said: str) -> str | None:
    """What the process answers; None if it did not end well."""
    env = {"PYTHONPATH": str(settings.ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "TMPDIR": os.environ.get("TMPDIR", "/tmp")}
    try:
        done = subprocess.run([sys.executable, "-P", "-m", DRAWING, *said], env=env, capture_output=True, text=True, errors="replace", timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
