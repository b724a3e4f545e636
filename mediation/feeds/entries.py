"""A hearing as an entry of a calendar. Nothing personal: whoever runs that calendar reads it, too."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mediation.feeds.ical import CANCELLED, CONFIRMED, Entry
from mediation.models import Hearing

OFF = ("cancelled", "adjourned")  # it does not take place


def entry_of(hearing: Hearing) -> Entry:
    """`hearing` with its room and the number of its claim."""
    path = reverse("mediation_detail", args=[hearing.mediation_id])
    url = settings.SITE_URL.rstrip("/") + path
    number = hearing.mediation.claim.number
    return Entry(
        uid=f"{hearing.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}", sequence=hearing.version,
        starts_at=hearing.starts_at, ends_at=hearing.ends_at, summary=_("调解会 %(number)s") % {"number": number},
        location=place_of(hearing), description=_("详情请登录系统查看：%(url)s") % {"url": url}, url=url,
        status=CANCELLED if hearing.state in OFF else CONFIRMED,
    )  # fmt: skip


def place_of(hearing: Hearing) -> str:
    room = hearing.room
    return "，".join(filter(None, (room.name, room.way)))
