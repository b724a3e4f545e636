"""What an officer may choose from where that depends on the claim: to which party a paper goes."""

from typing import Any

from django.utils.translation import gettext as _

from arrears.papers.record import Record
from arrears.papers.tellers.people import name_of


def choices_for(name: str, record: Record) -> tuple[tuple[Any, str], ...]:
    """Of a question whose choices the claim gives; () for every other. Who must pay first stands first."""
    if name != "party":
        return ()
    said = _("%(name)s（%(role)s）")
    return tuple((str(row.pk), said % {"name": name_of(row), "role": _(row.get_role_display())}) for row in record.respondents)
