"""What people are told of, as a table. The apps above add their rows when they start (notice_kinds.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

URGENCIES = ("info", "warn", "late")


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


# What a person sets channels for (grid.Preference).
TOPICS = {
    "deadlines": _("时限与提级"),
    "moves": _("案件进展"),
    "hearings": _("调解会"),
    "orders": _("督办单"),
    "worker": _("劳动者的消息"),
    "system": _("系统运行"),
}


@dataclass(frozen=True)
class Kind:
    """`title`, `text` and `short` (for SMS; "": the title) are gettext msgids with %(name)s places that `facts` fills.

    A statutory kind goes out at once whatever the reader chose: preference, quiet hours and digests are for the others.
    """

    name: str
    title: str
    text: str
    urgency: str = "info"
    by_mail: bool = True  # False: stays inside the system
    topic: str = "moves"
    is_statutory: bool = False
    short: str = ""
    sample: Mapping[str, Any] = field(default_factory=dict, hash=False)  # facts for the preview of a wording
    is_discreet: bool = False  # whoever sees the telephone must not learn what it is about
    moment: str = ""  # the fact that says at which instant it is of no more use
    is_call: bool = False  # to something that begins at that moment: not sent any more once it has
    label: str = ""  # what administrators call it; "": its title about an invented case


KINDS: dict[str, Kind] = {}


# Stands in for a kind that was taken out of the code while rows of it are kept: what reads old rows must not fail.
GONE = Kind("", _("一条通知"), _("这条通知原来的文字已经无法显示，请打开它所指的页面了解情况。"), topic="system", label=_("不再使用的通知"))


def kind_of(name: str) -> Kind:
    return KINDS.get(name, GONE)


def add_kinds(kinds: Iterable[Kind]) -> None:
    for kind in kinds:
        assert kind.name not in KINDS or KINDS[kind.name] == kind, f"two notice kinds are called {kind.name}"
        assert kind.urgency in URGENCIES
        assert kind.topic in TOPICS
        KINDS[kind.name] = kind
