"""iCalendar as RFC 5545 has it, as much as a hearing needs. Django-free.

Lines end with CRLF and hold 75 octets at most, folded between characters (3.1); in texts backslash, semicolon, comma and
line breaks are escaped (3.3.11). Times stand in Asia/Shanghai, which has had one offset since 1991; its VTIMEZONE says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from grid.days import SHANGHAI

PRODID = "-//Xinan//Hearings//ZH"
CONFIRMED, CANCELLED = "CONFIRMED", "CANCELLED"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"
OCTETS = 75
ZONE = "Asia/Shanghai"
VTIMEZONE = (
    "BEGIN:VTIMEZONE", f"TZID:{ZONE}", "BEGIN:STANDARD", "DTSTART:19910915T020000", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0800",
    "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    uid: str  # the same for one hearing, however often it moves
    sequence: int  # counts its changes
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    status: str = CONFIRMED
    organizer: str = ""  # a mail address: what is published has one (RFC 5546, 3.2.1)


def calendar(entries: Iterable[Entry], *, written_at: datetime, name: str = "", method: str = PUBLISH) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    if name:
        lines += [f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}", f"X-WR-TIMEZONE:{ZONE}"]
    lines += VTIMEZONE
    for entry in entries:
        lines += event(entry, written_at)
    lines.append("END:VCALENDAR")
    return b"".join(octets for line in lines for octets in folded(line))


def event(entry: Entry, written_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(entry.uid)}"
    yield f"DTSTAMP:{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART;TZID={ZONE}:{local(entry.starts_at)}"
    yield f"DTEND;TZID={ZONE}:{local(entry.ends_at)}"
    yield f"SUMMARY:{text(entry.summary)}"
    for name, value in (("LOCATION", entry.location), ("DESCRIPTION", entry.description)):
        if value:
            yield f"{name}:{text(value)}"
    if entry.url:
        yield f"URL:{entry.url}"  # a URI, not a text: nothing is escaped (3.3.13)
    if entry.organizer:
        yield f"ORGANIZER:mailto:{entry.organizer}"
    yield f"STATUS:{entry.status}"
    yield "END:VEVENT"


def local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"


def text(value: str) -> str:
    """Control characters no calendar may hold are left out; a tab is allowed."""
    said = value.replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(one for one in said if one >= " " and one != "\x7f" or one in "\n\t")
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        said = said.replace(plain, escaped)
    return said


def folded(line: str) -> Iterator[bytes]:
    """The line in pieces of 75 octets, each after the first behind a space; no character is torn."""
    piece, room = b"", OCTETS
    for character in line:
        octets = character.encode("utf-8", errors="replace")
        if len(piece) + len(octets) > room:
            yield piece + b"\r\n"
            piece, room = b" ", OCTETS
        piece += octets
    yield piece + b"\r\n"
