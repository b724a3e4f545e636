"""The words of the notices that grid itself writes."""

from grid.notices import Kind, add_kinds


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


KINDS = (
    Kind(
        "delivery_failed", _("发给%(person)s的%(channel)s没有送达"),
        _("发给%(person)s的%(channel)s没有送达（%(error)s）。请另行通知本人，并核对其联系方式。"),
        "warn", by_mail=False,
    ),
)  # fmt: skip

add_kinds(KINDS)
