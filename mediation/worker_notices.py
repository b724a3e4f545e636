"""What workers are told of a mediation, by text message (arrears.worker.notices)."""

from arrears.worker.words import Message, add_messages, kind, said
from grid.notices import add_kinds


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


KINDS = (
    kind("worker_hearing", _("调解会通知"), _("调解会定于%(when)s在%(room)s开，请准时到场、带好证据。查询号%(query)s，%(url)s"), when="2026-03-05 14:30–16:00", room="县调解一室"),
    kind("worker_hearing_moved", _("调解会改期"), _("调解会改到%(when)s在%(room)s开，请准时到场。查询号%(query)s，%(url)s"), when="2026-03-06 09:00–10:30", room="县调解一室"),
    kind("worker_hearing_off", _("调解会休会"), _("调解会休会，新的时间定了再通知您。查询号%(query)s，查进展：%(url)s")),
    kind("worker_no_agreement", _("调解未成"), _("调解没有达成协议，我们继续办理；您也可以申请劳动仲裁。查询号%(query)s，%(url)s")),
)  # fmt: skip

add_kinds(KINDS)
add_messages({
    "mediation.schedule": Message("worker_hearing", said("when", "room")),
    "mediation.postpone": Message("worker_hearing_moved", said("when", "room")),
    "mediation.adjourn": Message("worker_hearing_off"),
    "mediation.fail": Message("worker_no_agreement"),
})
