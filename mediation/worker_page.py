"""What the worker's own page says of a mediation: the hearing they are called to, and the way into it if it is online."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant
from arrears.worker.page import ToCome, add_calls
from grid.days import day_of
from mediation.models import Hearing


def hearings(claim: Claim, worker: Claimant, today: date) -> list[ToCome]:
    """On its day it stays until the evening."""
    rows = Hearing.objects.live().filter(mediation__claim=claim, attendances__party_id=worker.pk).select_related("room").order_by("span")
    return [to_come(row) for row in rows if day_of(row.starts_at) >= today]


def to_come(hearing: Hearing) -> ToCome:
    room, times = hearing.room, (_("调解会"), hearing.starts_at, hearing.ends_at)
    return ToCome(*times, room.name, room.link, reverse("track_hearing", args=[hearing.pk])) if room.is_online else ToCome(*times, place_of(hearing))


def place_of(hearing: Hearing) -> str:
    return "，".join(filter(None, (hearing.room.name, hearing.room.address)))


add_calls(hearings)
