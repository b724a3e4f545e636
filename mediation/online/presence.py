"""Who was in an online hearing, and when: for the attendance and the minutes of the hearing.

`who_was_in(hearing, now)` is the answer; the rest keeps the rows. Somebody whose browser falls silent was there until it did.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from grid.days import SHANGHAI
from mediation.models import Hearing, OnlineRoom, OnlineSeat, OnlineStay
from mediation.online.table import SUPERVISOR

SILENT = timedelta(seconds=30)  # a reloaded page and a lost network are no leave
NOTED = timedelta(seconds=4)  # how exactly a seat's last word is kept
CAME, LEFT = gettext_noop("监督人员进入网上调解室"), gettext_noop("监督人员离开网上调解室")


@dataclass(frozen=True)
class Present:
    """Somebody who was admitted and came in. `party_id` of a claimant, `person_id` of an official; of whoever came by a link the
    name under which the link was made."""

    kind: str
    label: str  # untranslated
    name: str
    party_id: UUID | None
    person_id: UUID | None
    spans: list[tuple[datetime, datetime | None]]  # None: is in now

    @property
    def first_came(self) -> datetime:
        return self.spans[0][0]


def who_was_in(hearing: Hearing, now: datetime) -> list[Present]:
    """In the order in which they came; nobody for a hearing that was not online."""
    rows = OnlineSeat.objects.filter(room__hearing=hearing, stays__isnull=False).distinct().prefetch_related("stays")
    found = [
        Present(row.kind, row.label, row.name, row.party_id, row.person_id, [(stay.came_at, left(stay, row, now)) for stay in row.stays.all()])
        for row in rows
    ]
    return sorted(found, key=lambda one: one.first_came)


def left(stay: OnlineStay, seat: OnlineSeat, now: datetime) -> datetime | None:
    return stay.left_at or (max(seat.seen_at, stay.came_at) if now - seat.seen_at > SILENT else None)


def come(seat: OnlineSeat, now: datetime) -> None:
    """Nothing, if they are in already: two turns of one browser may arrive at once."""
    with transaction.atomic():
        OnlineSeat.objects.select_for_update().get(pk=seat.pk)
        if OnlineStay.objects.filter(seat=seat, left_at=None).exists():
            return
        OnlineStay.objects.create(seat=seat, came_at=now)
        if seat.kind == SUPERVISOR:
            tell(seat, "online_watched", CAME, now, came=now)


def leave(seat: OnlineSeat, now: datetime) -> None:
    with transaction.atomic():
        stay = OnlineStay.objects.select_for_update().filter(seat=seat, left_at=None).first()
        if stay is None:
            return
        OnlineStay.objects.filter(pk=stay.pk).update(left_at=max(now, stay.came_at))
        if seat.kind == SUPERVISOR:
            tell(seat, "online_unwatched", LEFT, max(now, stay.came_at), came=stay.came_at)


def tell(seat: OnlineSeat, move: str, label: str, at: datetime, came: datetime) -> None:
    """An event of the claim: that somebody watched, and for how long, is no secret."""
    mediation = seat.room.hearing.mediation
    hold(mediation.claim)
    record(
        mediation.claim, "mediation", seat.person, now=at, move=move, move_msgid=label, mediation=str(mediation.pk),
        hearing=str(seat.room.hearing_id), who=seat.name, came=f"{came.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    )  # fmt: skip


def see(seat: OnlineSeat, now: datetime) -> None:
    """Their browser has said something."""
    if now - seat.seen_at >= NOTED:
        OnlineSeat.objects.filter(pk=seat.pk, seen_at__lt=now).update(seen_at=now)
        seat.seen_at = now


def end_silent(now: datetime, room: OnlineRoom | None = None) -> int:
    """Ends the stays of those whose browser has said nothing for a while, at the moment of its last word."""
    rows = OnlineStay.objects.filter(left_at=None, seat__seen_at__lt=now - SILENT).select_related("seat__room__hearing__mediation__claim", "seat__person")
    if room is not None:
        rows = rows.filter(seat__room=room)
    gone = list(rows)
    for stay in gone:
        leave(stay.seat, stay.seat.seen_at)
    return len(gone)
