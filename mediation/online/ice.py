"""How browsers reach each other: STUN tells them their address, TURN carries what finds no direct way.

The TURN password is made for one person and four hours (the shared-secret scheme of coturn, `use-auth-secret`): the secret itself
never leaves the house. With ONLINE_RELAY_ONLY everything goes by the relay: for networks that let nothing else through, and where
nobody is to learn from which address another one speaks. Without any of it browsers find each other inside one network only.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from grid.refused import Refused
from mediation.models import OnlineSeat
from mediation.online import signalling
from mediation.online.table import REMOVED

LASTS = timedelta(hours=4)


def ways(seat: OnlineSeat, now: datetime) -> dict[str, Any]:
    """What a browser is told of it."""
    return {"ice": servers(seat, now), "relay_only": settings.ONLINE_RELAY_ONLY}


def to_try(seat: OnlineSeat, now: datetime) -> dict[str, Any]:
    """For whoever waits, too: they test the line before they go in. Raises Refused: sent_out, too_fast."""
    if seat.state == REMOVED:
        raise Refused("sent_out", _("调解员请您离开了会场。如有疑问，请打电话联系调解员。"))
    signalling.check_rate(seat.room_id, seat.pk, 0, now)
    return ways(seat, now)


def servers(seat: OnlineSeat, now: datetime) -> list[dict[str, Any]]:
    """RTCConfiguration.iceServers."""
    found: list[dict[str, Any]] = [{"urls": settings.ONLINE_STUN}] if settings.ONLINE_STUN else []
    if settings.ONLINE_TURN:
        user = f"{int((now + LASTS).timestamp())}:{seat.pk}"
        found.append({"urls": settings.ONLINE_TURN, "username": user, "credential": password(user)})
    return found


def password(user: str) -> str:
    return base64.b64encode(hmac.digest(settings.ONLINE_TURN_SECRET.encode(), user.encode(), hashlib.sha1)).decode()
