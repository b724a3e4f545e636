"""What a channel is handed, and what it says when it fails."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings

from grid.addressees import Contact


class SendError(Exception):
    """`permanent`: the same message would fail again, so it is not retried. `of_channel`: nothing would go out this way
    now, whoever it is for (no connection, our sign-in refused, too much asked of it); it counts against the circuit.
    `wait`: the service said for how long it wants to hear nothing."""

    def __init__(
        self, message: str, *, permanent: bool = False, of_channel: bool = False, wait: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.permanent, self.of_channel, self.wait = permanent, of_channel, wait or timedelta(0)


class TooMuch(SendError):
    """HTTP 429."""


@dataclass(frozen=True)
class File:
    """Goes with a mail; other channels leave it out."""

    name: str
    content: bytes
    kind: str  # main/sub
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Message:
    """Already in the language of its reader. `key` names what it is about, so that a repeat can be seen."""

    key: str
    to: Contact
    title: str
    text: str
    short: str = ""  # for SMS; "": the title
    path: str = ""
    is_discreet: bool = False  # SMS: under the neutral sign
    files: tuple[File, ...] = ()

    @property
    def link(self) -> str:
        return settings.SITE_URL.rstrip("/") + self.path if self.path else ""

    @property
    def digest(self) -> str:
        """The same for every try of this message to this addressee: Message-ID, Idempotency-Key."""
        return sha256(f"{self.key} {self.to.id}".encode()).hexdigest()[:32]
