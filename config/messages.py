"""Message catalogues: .po is kept, .mo is made from it: `python -m config.messages`."""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_one(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file)
    handle, fresh = tempfile.mkstemp(dir=source.parent)
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalogue)
    os.chmod(fresh, 0o644)
    os.replace(fresh, source.with_suffix(".mo"))  # whole or not at all: another command may be reading it


if __name__ == "__main__":
    for path in LOCALE.glob("*/LC_MESSAGES/*.po"):
        compile_one(path)
