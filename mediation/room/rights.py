"""What is read to both sides before a hearing begins. Django-free; what was read is kept word for word with the hearing."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from arrears.rules.tables import LawRow, own_file, read_section

TABLE = Path(__file__).with_name("rights.toml")


@dataclass(frozen=True, kw_only=True)
class Right(LawRow):
    version: str
    say: str
    say_en: str


def load(override: Path | None = None) -> tuple[Right, ...]:
    """Raises BadRules."""
    return tuple(Right.of("rights", row_id, row) for row_id, row in read_section("rights", TABLE, override=override).items())


def version_of(rights: tuple[Right, ...]) -> str:
    """The newest date of a sentence and what the whole text is known by: a sentence changed without its date is noticed."""
    return f"{max(right.version for right in rights)}-{hashlib.sha256(text_of(rights).encode()).hexdigest()[:6]}"


def text_of(rights: tuple[Right, ...]) -> str:
    """As it is read out and kept."""
    return "\n".join(f"{number}. {right.say}" for number, right in enumerate(rights, 1))


RIGHTS = load(own_file())
VERSION = version_of(RIGHTS)
