"""What respondents, and whoever stands in for a party, are told of a hearing: by text message and mail, each in their own words, with
their own link and in their own language, through the outbox like everybody. It is a courtesy: the notice the law wants is a
paper that is served (mediation.room.calling), and the message says so.

Whom no message reaches is a task of the mediator, who tells them another way. Nobody is told of what has begun or is over.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from arrears.models import Event
from arrears.models.serving import DROPPED as SERVED_NO_MORE
from arrears.worker.hours import WORKER_SMS
from grid import tasklist
from grid.addressees import Addressee, Contact, add_addressee
from grid.bulk import insert
from grid.channels import is_set_up
from grid.days import day_of
from grid.models import Notice, Person
from grid.models.notices import QUEUED
from grid.notices import rows_to
from grid.outbox import add_undelivered
from grid.quiet import next_weekday
from mediation.in_the_way import people_of
from mediation.models import Attendance, Hearing, HearingLink, Mediation, PartyContact
from mediation.models.contacts import AGENT
from mediation.parties import RESPONDENT
from mediation.party_contacts import Reader, reader_for, readers_of
from mediation.room import links
from mediation.sittings import when

CALLED, TASK = "called", "party_unreached"  # grid.addressees; grid.tasklist
SMS = "sms"
PATIENCE = timedelta(hours=2)
ONLINE_PLACE = gettext_noop("网上")
COURTESY, AGREED = gettext_noop("本消息只作提醒，书面通知另行送达"), gettext_noop("书面通知发到您同意的电子送达地址")
PLEASE = {RESPONDENT: gettext_noop("请派能作主的人到场"), AGENT: gettext_noop("请您到场，带好委托书")}

# By move; those that tell of an end only while the hearing was still to come.
PLACED, MOVED, WAY, NEAR, OFF = "party_hearing", "party_hearing_moved", "party_hearing_way", "party_hearing_near", "party_hearing_off"
KIND_OF = {
    "schedule": PLACED, "join": PLACED, "undo": PLACED, "postpone": MOVED, "convert": MOVED, "way_changed": WAY, "reminded": NEAR,
    "adjourn": OFF, "no_show": OFF, "fail": OFF,
}  # fmt: skip
ENDS = ("hold", "no_show", "adjourn", "fail", "on_site")


def follow(mediation: Mediation, hearing: Hearing | None, event: Event, move: str, person: Person | None, now: datetime) -> None:
    """After a move of the mediation, inside its transaction."""
    if hearing is None:
        return
    if move in ENDS:
        tasklist.settle(key_of(hearing), now)
    if move in KIND_OF and hearing.starts_at > now and (move != "fail" or event.facts.get("hearing") == str(hearing.pk)):
        tell(mediation, hearing, event, kind_of(move, event), person, now)


def kind_of(move: str, event: Event) -> str:
    return MOVED if move == "join" and event.facts.get("was") else KIND_OF[move]


def tell(mediation: Mediation, hearing: Hearing, event: Event, kind: str, person: Person | None, now: datetime, only: PartyContact | None = None) -> None:
    """Each reader once for the event; of those who were called some may have nobody who can be written to."""
    attendances = list(hearing.attendances.all())
    readers = [row for row in readers_of(mediation, attendances) if only is None or (row.attendance.party_id, row.capacity) == (only.party_id, only.capacity)]
    facts, agreed, rows = facts_of(mediation, hearing, event), parties_who_agreed(hearing), []
    for reader in readers:
        channels = [channel for channel in reader.channels if is_set_up(channel)]
        if channels:
            link = links.sent(hearing, reader.attendance, reader.capacity, reader.name, person or hearing.mediator, now)
            said = {
                **facts, "please_msgid": PLEASE[AGENT if reader.capacity == AGENT else RESPONDENT],
                "paper_msgid": AGREED if reader.attendance.pk in agreed else COURTESY,
            }  # fmt: skip
            rows += rows_to(
                [Addressee(CALLED, link.pk, tuple(channels))], kind, key=f"party:{event.pk}", now=now, facts=said, subject_id=mediation.claim_id,
                region_code=mediation.claim.region_id,
            )  # fmt: skip
    insert(rows, ignore_conflicts=True)
    if kind != OFF and is_set_up(SMS) and (unreached(attendances, readers) or kind == NEAR and has_waited(hearing, now)):
        ask(mediation, hearing, now)


def facts_of(mediation: Mediation, hearing: Hearing, event: Event) -> dict[str, Any]:
    """Nobody's name: the number of the case, and when and where. An online place has its door behind the link. Of one that was moved
    `begins` is the earlier of its two times: who is not told in time comes in vain."""
    place = {"place_msgid": ONLINE_PLACE} if hearing.room.is_online else {"place": hearing.room.name}
    return {
        "number": mediation.claim.number, "when": when(hearing.starts_at, hearing.ends_at), **place, "hearing": str(hearing.pk),
        "begins": event.facts.get("begins") or hearing.starts_at.isoformat(),
    }  # fmt: skip


def parties_who_agreed(hearing: Hearing) -> set[UUID]:
    """To be served electronically, in writing (民事诉讼法 第九十条); for the notice of this hearing."""
    rows = hearing.notices.filter(service__consent__isnull=False).exclude(service__state=SERVED_NO_MORE)
    return set(rows.values_list("attendance", flat=True))


def unreached(attendances: Collection[Attendance], readers: Collection[Reader]) -> bool:
    """Is there a respondent of whom nobody can be written to?"""
    reached = {row.attendance.pk for row in readers if any(map(is_set_up, row.channels))}
    return any(one.party_kind == RESPONDENT and one.pk not in reached for one in attendances)


def has_waited(hearing: Hearing, now: datetime) -> bool:
    """Something of it does not go out: the channel is down."""
    return messages(hearing).filter(state=QUEUED, created_at__lt=now - PATIENCE).exists()


def messages(hearing: Hearing) -> QuerySet[Notice]:
    """What went to its parties, or waits to, oldest first."""
    to = HearingLink.objects.filter(hearing=hearing).exclude(sent_to="").values("pk")
    return Notice.objects.filter(addressee_kind=CALLED, addressee_id__in=to).order_by("created_at", "id")


def ask(mediation: Mediation, hearing: Hearing, now: datetime) -> None:
    """Whoever holds the hearing, or has the case, tells them another way: at the latest on the day before."""
    claim, today = mediation.claim, day_of(now)
    owner = hearing.mediator or next(iter(people_of(mediation, today)), None)
    if owner is not None:
        tasklist.add(
            owner, TASK, key=key_of(hearing), now=now, facts={"number": claim.number, "when": when(hearing.starts_at, hearing.ends_at)},
            path=f"/hearings/{hearing.pk}/#calls", subject_id=claim.pk, region_code=claim.region_id, due_on=next_weekday(today),
        )  # fmt: skip


def key_of(hearing: Hearing) -> str:
    return f"{TASK}:{hearing.pk}"


ROWS = HearingLink.objects.select_related("attendance", "hearing__mediator", "hearing__mediation__claim")


def reached(pk: UUID) -> Contact | None:
    """Asked at the moment of sending: where they are to be reached now, and whether they still are to be."""
    link = ROWS.filter(pk=pk, attendance__isnull=False).first()
    reader = reader_for(link) if link else None
    if link is None or reader is None:
        return None
    nobody = gettext("%(number)s 的当事人") % {"number": link.hearing.mediation.claim.number}  # a failure is told to people who see no case
    return Contact(
        link.pk, nobody, reader.email, reader.phone, language=reader.language, may_be_told=reader.may_write, quiet=WORKER_SMS.quiet, lead=WORKER_SMS.lead,
        said={"url": links.address_of(link)}, signs_in=False,
    )  # fmt: skip


def undelivered(notice: Notice, now: datetime) -> bool:
    """The mediator tells them another way, while it is of any use."""
    link = ROWS.filter(pk=notice.addressee_id).first()
    if link is None:
        return False
    if link.hearing.is_live and link.hearing.starts_at > now:
        ask(link.hearing.mediation, link.hearing, now)
    return True


add_addressee(CALLED, reached)
add_undelivered(CALLED, undelivered)
