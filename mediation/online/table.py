"""Who sits in an online hearing, and its limits. Django-free."""

from dataclasses import dataclass
from datetime import timedelta


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Seat:
    """`is_silent`: sends neither sound nor picture, and needs nobody's leave to come in: oversight that asks first is none."""

    kind: str
    label: str
    is_silent: bool = False
    by_link: bool = False  # may be invited by a link


MEDIATOR, HANDLER, WORKER, SUPERVISOR = "mediator", "handler", "worker", "supervisor"
SEATS = {
    seat.kind: seat
    for seat in (
        Seat(MEDIATOR, _("调解员")),
        Seat(HANDLER, _("经办人")),
        Seat(WORKER, _("申请人")),
        Seat("employer", _("被申请方"), by_link=True),
        Seat("other", _("其他当事人"), by_link=True),
        Seat("interpreter", _("翻译"), by_link=True),
        Seat("observer", _("旁听"), by_link=True),
        Seat(SUPERVISOR, _("监督席"), is_silent=True),
    )
}
KINDS = tuple((seat.kind, seat.label) for seat in SEATS.values())
INVITED = tuple((seat.kind, seat.label) for seat in SEATS.values() if seat.by_link)

WAITING, ADMITTED, REMOVED = "waiting", "admitted", "removed"
STATES = ((WAITING, _("等候室")), (ADMITTED, _("已入会")), (REMOVED, _("已请出")))

# Each sends to each: with six people everybody sends five times. More needs a server that mixes.
MOST_SEATED = 6
MOST_SILENT = 2
EARLY, LATE = timedelta(minutes=30), timedelta(hours=3)  # before it begins, after it ends
MOST_LINKS = 12  # of one hearing
MOST_TRIES = 10  # wrong codes of one link

# Of the mailbox. A browser asks four times a second while something happens, else once in a second and a half.
LIVES = 60  # seconds a letter waits for whoever it is for
AWAY = 12  # seconds without a word after which somebody is not there
MOST_LETTERS = 400  # waiting for one browser
MOST_AT_ONCE = 40  # in one request
LONGEST_LETTER = 24_000  # characters of JSON; a description of a browser's sound and picture has some eight thousand
LONGEST_REQUEST = 200_000  # bytes
WINDOW, MOST_TURNS, MOST_SENT = 30, 300, 800  # seconds; requests and letters of one seat within them
LETTERS = ("offer", "answer", "candidates", "again")
