"""What the worker's own page says of a mediation: the hearing they are called to, and the way into it if it is online."""

from datetime import date

from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant
from arrears.worker.page import ToCome, add_calls
from grid.days import day_of
from mediation.models import Hearing


def hearings(claim: Claim, worker: Claimant, today: date) -> list[ToCome]:
    """On its day it stays until the evening."""
    rows = Hearing.objects.live().filter(mediation__claim=claim, attendances__party_id=worker.pk).select_related("room").order_by("span")
    return [
        ToCome(_("调解会"), row.starts_at, row.ends_at, *((row.room.name, row.room.link) if row.room.is_online else (place_of(row), "")))
        for row in rows
        if day_of(row.starts_at) >= today
    ]


def place_of(hearing: Hearing) -> str:
    return "，".join(filter(None, (hearing.room.name, hearing.room.address)))


add_calls(hearings)
