"""How browsers reach each other: STUN tells them their address, TURN carries what finds no direct way.

The TURN password is made for one person and four hours (the shared-secret scheme of coturn, `use-auth-secret`): the secret itself
never leaves the house. Without any of it browsers find each other inside one network only.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from mediation.models import OnlineSeat

LASTS = timedelta(hours=4)


def servers(seat: OnlineSeat, now: datetime) -> list[dict[str, Any]]:
    """RTCConfiguration.iceServers."""
    found: list[dict[str, Any]] = [{"urls": settings.ONLINE_STUN}] if settings.ONLINE_STUN else []
    if settings.ONLINE_TURN:
        user = f"{int((now + LASTS).timestamp())}:{seat.pk}"
        found.append({"urls": settings.ONLINE_TURN, "username": user, "credential": password(user)})
    return found


def password(user: str) -> str:
    return base64.b64encode(hmac.digest(settings.ONLINE_TURN_SECRET.encode(), user.encode(), hashlib.sha1)).decode()
