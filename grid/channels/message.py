"""What a channel is handed, and what it says when it fails."""

from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

from grid.addressees import Contact


class SendError(Exception):
    """`permanent`: the same message would fail again, so it is not retried. `of_channel`: nothing would go out this way
    now, whoever it is for (no connection, our sign-in refused, too much asked of it); it counts against the circuit."""

    def __init__(self, message: str, *, permanent: bool = False, of_channel: bool = False) -> None:
        super().__init__(message)
        self.permanent, self.of_channel = permanent, of_channel


@dataclass(frozen=True)
class Message:
    """Already in the language of its reader. `key` names what it is about, so that a repeat can be seen."""

    key: str
    to: Contact
    title: str
    text: str
    short: str = ""  # for SMS; "": the title
    path: str = ""

    @property
    def link(self) -> str:
        return settings.SITE_URL.rstrip("/") + self.path if self.path else ""

    @property
    def digest(self) -> str:
        """The same for every try of this message to this addressee: Message-ID, Idempotency-Key."""
        return sha256(f"{self.key} {self.to.id}".encode()).hexdigest()[:32]
