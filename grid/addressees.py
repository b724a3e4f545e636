"""Who can be told of something: people of the house, and others that a row names by kind and id.

An app above adds its own kind: `add_addressee("claimant", find)`, where `find(id)` gives a Contact, or None for one that
is gone. It is asked at the moment of sending, so what it says of `may_be_told` is as true as it can be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, Self
from uuid import UUID

from grid.models import Notice, Person, Robot
from grid.models.notices import PERSON
from grid.scope import sees_region
from grid.vault import CannotOpen, open_sealed

ROBOT = "robot"


@dataclass(frozen=True)
class Addressee:
    """Somebody who is no person of the house, for grid.notices.rows_to."""

    kind: str  # ADDRESSEES
    id: UUID
    channels: tuple[str, ...] = ("sms",)


@dataclass(frozen=True)
class Contact:
    """How to reach somebody; only channels see it."""

    id: UUID
    name: str
    email: str = ""
    phone: str = ""
    url: str = field(default="", repr=False)  # a robot's; whoever has it can post
    secret: str = field(default="", repr=False)
    language: str = "zh-hans"
    may_be_told: bool = True
    quiet: tuple[time | None, time | None] = (None, None)  # from, to
    said: Mapping[str, str] = field(default_factory=dict, repr=False)  # what is put into the words only now: no row keeps it
    signs_in: bool = True  # can open the pages of the house
    lead: timedelta = timedelta()  # what is about a moment within this of the end of the quiet hours does not wait for it

    @classmethod
    def of(cls, person: Person) -> Self:
        chosen = getattr(person, "preference", None)
        quiet = (chosen.quiet_from, chosen.quiet_to) if chosen else (None, None)
        return cls(
            person.pk, str(person), person.email, person.phone, language=person.language, may_be_told=person.is_active,
            quiet=quiet,
        )  # fmt: skip


def robot(pk: UUID) -> Contact | None:
    found = Robot.objects.filter(pk=pk).first()
    if found is None:
        return None
    try:
        secret = open_sealed(found.secret_sealed, Robot.SEAL) if found.secret_sealed else ""
        url = open_sealed(found.url_sealed, Robot.SEAL)
    except CannotOpen:  # the key is gone; its channel says that there is no address
        url = secret = ""
    return Contact(found.pk, found.name, url=url, secret=secret, may_be_told=found.is_active)


ADDRESSEES: dict[str, Callable[[UUID], Contact | None]] = {ROBOT: robot}


def add_addressee(kind: str, find: Callable[[UUID], Contact | None]) -> None:
    assert ADDRESSEES.get(kind, find) == find, f"two kinds of addressee are called {kind}"
    ADDRESSEES[kind] = find


def contact_of(notice: Notice) -> Contact | None:
    if notice.addressee_kind == PERSON:
        return Contact.of(notice.recipient)
    return ADDRESSEES[notice.addressee_kind](notice.addressee_id)


def same_addressee(notice: Notice) -> dict[str, Any]:
    """The filter for all rows to whom this one goes."""
    return {"recipient": notice.recipient_id, "addressee_id": notice.addressee_id}


# Who may be told although no post of theirs covers the notice's region. The apps above add theirs.
MAY_SEE: list[Callable[[Person, Notice, date], bool]] = []


def may_be_told(notice: Notice, today: date) -> bool:
    """Asked at the moment of sending: since it was written the recipient may have moved office or left. Of somebody who
    is no person of the house, the Contact says it."""
    person = notice.recipient
    if person is None or not person.is_active:
        return person is None
    if notice.body_id:
        return notice.body_id in person.scope(today).bodies
    if not notice.region_code:
        return True
    return sees_region(person, notice.region_code, today) or any(may_see(person, notice, today) for may_see in MAY_SEE)
