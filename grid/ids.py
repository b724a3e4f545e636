"""Names of rows: keys that sort by time, and public numbers nobody can guess."""

import re
import secrets
import threading
import time
import unicodedata
import uuid
from typing import Protocol

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
GROUPS = 3  # of four: 12 characters, 60 bits
# What people type for a character they misread.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})

_lock = threading.Lock()
_last = 0


class Chooser(Protocol):
    """`secrets` in earnest, `random.Random(seed)` for a demo that is the same every time."""

    def choice(self, seq: str) -> str: ...


def uuid7() -> uuid.UUID:
    """RFC 9562 version 7: milliseconds, then 12 bits that count up inside one (method 1), then chance.

    Never smaller than the one before in this process, even when the clock is set back."""
    chance = secrets.randbits(70)  # drawn at once: asking the system for chance is the dear part
    stamp = stamps(1, chance >> 62)
    return uuid.UUID(int=uuid7_of(stamp, chance))


def uuid7_hexes(count: int) -> list[str]:
    """As many, in order, as PostgreSQL reads them; for steps that write thousands of rows."""
    chance = secrets.token_bytes(8 * count)
    first = stamps(count, chance[0])
    return [f"{uuid7_of(first + i, int.from_bytes(chance[8 * i : 8 * i + 8], 'big')):032x}" for i in range(count)]


def stamps(count: int, chance: int) -> int:
    """The first of so many numbers of milliseconds and counter; an exhausted counter borrows the next millisecond."""
    global _last
    with _lock:
        first = max(_last + 1, (time.time_ns() // 1_000_000 << 12) + chance)
        _last = first + count - 1
    return first


def uuid7_of(stamp: int, chance: int) -> int:
    return stamp >> 12 << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | chance & (1 << 62) - 1


def public_number(rng: Chooser = secrets) -> str:
    """K7QF-03MX-9ZTR: what a worker is given to follow the case. Carries no meaning and no order."""
    return "-".join("".join(rng.choice(ALPHABET) for _ in range(4)) for _ in range(GROUPS))


def normal_public_number(typed: str) -> str | None:
    """What somebody typed, as we store it; None if it cannot be a public number."""
    text = re.sub(r"[\s\-‐-―−_.·]", "", unicodedata.normalize("NFKC", typed)).upper().translate(MISREAD)
    if len(text) != 4 * GROUPS or not set(text) <= set(ALPHABET):
        return None
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))
