"""The calendar entry that goes with a notice about a hearing, by mail: as the hearing stands when the mail goes out. From the
calendar of a mediator who was replaced it is taken out, unless it has come back to them."""

from dataclasses import replace
from uuid import UUID

from django.utils import timezone

from grid.channels.message import File
from grid.models import Notice
from grid.outbox import add_files
from mediation.feeds import ical
from mediation.feeds.entries import entry_of
from mediation.hearings import REPLACED
from mediation.models import Hearing, HearingLink
from mediation.notice_kinds import PARTY_KINDS
from mediation.room import links

KINDS = ("hearing_scheduled", "hearing_moved", "hearing_way_changed", "mediation_moved")


def files_of(notice: Notice) -> list[File]:
    try:
        pk = UUID(str(notice.facts.get("hearing", "")))
    except ValueError:  # about no hearing
        return []
    hearing = Hearing.objects.select_related("room", "mediation__claim").filter(pk=pk).first()
    if hearing is None:
        return []
    entry = entry_of(hearing)
    if notice.facts.get(REPLACED) and notice.recipient_id not in (hearing.mediator_id, hearing.mediation.claim.handler_id):
        entry = replace(entry, status=ical.CANCELLED)
    method = ical.CANCEL if entry.status == ical.CANCELLED else ical.PUBLISH
    content = ical.calendar([entry], written_at=timezone.now(), method=method)
    return [File("hearing.ics", content, "text/calendar", (("charset", "utf-8"), ("method", method)))]


def files_for_party(notice: Notice) -> list[File]:
    """The same for who has no account: it leads to their own page."""
    link = HearingLink.objects.select_related("hearing__room", "hearing__mediation__claim", "hearing__mediator").filter(pk=notice.addressee_id).first()
    if link is None:
        return []
    address = links.address_of(link)
    entry = replace(entry_of(link.hearing), description=address, url=address)
    method = ical.CANCEL if entry.status == ical.CANCELLED else ical.PUBLISH
    content = ical.calendar([entry], written_at=timezone.now(), method=method)
    return [File("hearing.ics", content, "text/calendar", (("charset", "utf-8"), ("method", method)))]


for kind in KINDS:
    add_files(kind, files_of)
for one in PARTY_KINDS:
    add_files(one.name, files_for_party)
