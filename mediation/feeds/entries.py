"""A hearing, here or of a court, as an entry of a calendar. Nothing personal: whoever runs that calendar reads it, too."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from arrears.models import Proceeding
from mediation.feeds.ical import CANCELLED, CONFIRMED, Entry
from mediation.in_court import LASTS
from mediation.models import Hearing

OFF = ("cancelled",)  # it does not take place; one that was adjourned had begun


def entry_of(hearing: Hearing) -> Entry:
    """`hearing` with its room and the number of its claim."""
    path = reverse("mediation_detail", args=[hearing.mediation_id])
    url = settings.SITE_URL.rstrip("/") + path
    number = hearing.mediation.claim.number
    return Entry(
        uid=f"{hearing.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}", sequence=hearing.version,
        starts_at=hearing.starts_at, ends_at=hearing.ends_at, summary=_("调解会 %(number)s") % {"number": number},
        location=place_of(hearing), description=_("详情请登录系统查看：%(url)s") % {"url": url}, url=url,
        status=CANCELLED if hearing.state in OFF else CONFIRMED, organizer=house(),
    )  # fmt: skip


def entry_of_court(proceeding: Proceeding) -> Entry:
    """The next hearing of a court or commission; `proceeding` with its claim, and how many times a hearing was announced."""
    url = settings.SITE_URL.rstrip("/") + reverse("proceeding_detail", args=[proceeding.pk])
    return Entry(
        uid=f"court-{proceeding.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}", sequence=proceeding.announced,
        starts_at=proceeding.hearing_at, ends_at=proceeding.hearing_at + LASTS,
        summary=_("开庭 %(number)s（%(what)s）") % {"number": proceeding.claim.number, "what": proceeding.name}, location=proceeding.court,
        description=_("详情请登录系统查看：%(url)s") % {"url": url}, url=url, organizer=house(),
    )  # fmt: skip


def house() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def place_of(hearing: Hearing) -> str:
    room = hearing.room
    return "，".join(filter(None, (room.name, room.way)))
