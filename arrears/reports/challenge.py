"""A question a machine does not answer by itself and a screen reader reads out; no script, no other server.

The question travels in its own signed token. That is also what makes a form one report however often it is sent.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.core import signing
from django.utils.translation import gettext as _

SALT = "arrears.reports.challenge"
LASTS = timedelta(hours=6)  # somebody may fetch a paper meanwhile


@dataclass(frozen=True)
class Challenge:
    once: str
    first: int
    second: int
    token: str

    @classmethod
    def new(cls, now: datetime) -> Self:
        once, first, second = secrets.token_hex(16), 2 + secrets.randbelow(8), 1 + secrets.randbelow(9)
        return cls(once, first, second, signing.dumps([once, first, second, int(now.timestamp())], salt=SALT))

    @classmethod
    def read(cls, token: str, now: datetime) -> Self | None:
        """None: made up, or too old."""
        try:
            once, first, second, asked = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(once, first, second, token) if now.timestamp() - asked <= LASTS.total_seconds() else None

    @property
    def words(self) -> str:
        return _("请算一算：%(first)s 加 %(second)s 等于几？") % {"first": self.first, "second": self.second}

    def is_answered(self, typed: str) -> bool:
        return unicodedata.normalize("NFKC", typed).strip() == str(self.first + self.second)
