"""Booking a hearing: the rules a time must keep, the rows, and what the database says to a clash.

Called by the verbs of mediation.hearings inside their transaction.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Max
from django.utils.translation import gettext as _

from grid.days import SHANGHAI, day_of
from grid.ids import uuid7
from grid.models import Person
from grid.refused import Refused
from mediation.lifecycle import CLOSES, LIVE, MAX_HOURS, OPENS
from mediation.models import Attendance, Hearing, Mediation, Room
from mediation.models.hearings import HearingQuerySet
from mediation.parties import Party
from mediation.permits import mediators_for
from mediation.suiting import check_free


@dataclass(frozen=True)
class Sitting:
    """What is asked for: a room and a mediator from one instant to another."""

    room: Room
    mediator: Person
    starts_at: datetime
    ends_at: datetime
    buffer: int = 0  # minutes behind it for which both are still taken

    @property
    def span(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.starts_at, self.ends_at, "[)")

    @property
    def busy(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.starts_at, self.ends_at + timedelta(minutes=self.buffer), "[)")

    @property
    def day(self) -> date:
        return day_of(self.starts_at)

    @property
    def clocks(self) -> tuple[time, time]:
        return self.starts_at.astimezone(SHANGHAI).time(), self.ends_at.astimezone(SHANGHAI).time()

    @property
    def when(self) -> str:
        return when(self.starts_at, self.ends_at)


def when(starts_at: datetime, ends_at: datetime) -> str:
    """2026-03-05 14:30–16:00, the same in every language."""
    return f"{starts_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}–{ends_at.astimezone(SHANGHAI):%H:%M}"


def check(sitting: Sitting, mediation: Mediation, now: datetime) -> None:
    check_time(sitting.starts_at, sitting.ends_at, now)
    claim = mediation.claim
    if not Room.objects.for_claim(claim).filter(pk=sitting.room.pk).exists():
        raise Refused("room_unfit", _("该调解室已停用或不在本县（区），请另选调解室。"))
    if not mediators_for(claim, day_of(now)).filter(pk=sitting.mediator.pk).exists():
        raise Refused("not_a_mediator", _("所选人员目前不能担任本案调解员，请另选。"))


def check_time(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    first, last = starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    if last <= first:
        raise Refused("ends_before_start", _("结束时间须晚于开始时间。"))
    if first < now:
        raise Refused("in_the_past", _("开始时间已经过去，请选择现在以后的时间。"))
    if first.date() != last.date() or first.time() < OPENS or last.time() > CLOSES:
        raise Refused("outside_hours", _("调解会须在同一天的 07:00 至 21:00 之间进行。"))
    if last - first > timedelta(hours=MAX_HOURS):
        raise Refused("too_long", _("一次调解会最长 %(hours)s 小时，请缩短或分次安排。") % {"hours": MAX_HOURS})


def remarks(sitting: Sitting, mediation: Mediation, people: int) -> list[str]:
    """What is allowed but worth saying: each a sentence."""
    said = []
    if not sitting.room.is_online and people + 1 > sitting.room.capacity:
        said.append(
            _("请注意：到场 %(people)s 人（含调解员），“%(room)s”可容纳 %(capacity)s 人。")
            % {"people": people + 1, "room": sitting.room, "capacity": sitting.room.capacity}
        )
    if mediation.due_on and sitting.day > mediation.due_on:
        said.append(_("请注意：调解会晚于本调解最近的期限 %(due)s。") % {"due": mediation.due_on})
    needs = mediation.party_terms.filter(is_step_free=True).exists()
    if needs and not sitting.room.is_online and not sitting.room.is_step_free:
        said.append(_("请注意：有当事人需要无台阶的场所，“%(room)s”不是，请安排人接送或换一间。") % {"room": sitting.room})
    return said


def book(
    mediation: Mediation, sitting: Sitting, parties: Collection[Party], seen: HearingQuerySet, joint: UUID | None = None, *, is_on_site: bool = False
) -> Hearing:
    """A new hearing with its parties, or Refused if anything in it is taken. `seen`: what the actor may know of;
    `joint`: of the hearing it is held together with. On the spot nobody asks how many hearings the mediator's day has already."""
    take_turns(sitting.day)
    if not is_on_site:
        check_free(sitting, mediation, joint=joint)
    number = (mediation.hearings.aggregate(last=Max("number"))["last"] or 0) + 1
    hearing = Hearing(
        mediation=mediation, number=number, room=sitting.room, mediator=sitting.mediator, span=sitting.span, busy=sitting.busy,
        joint=joint or uuid7(), is_on_site=is_on_site,
    )  # fmt: skip
    called = [
        Attendance(
            hearing=hearing, party_kind=party.kind, party_id=party.pk, party_key=party.key, name=party.name,
            span=sitting.span, joint=hearing.joint,
        )
        for party in parties
    ]  # fmt: skip
    with clashes_refused(hearing, called, seen):
        hearing.save(force_insert=True)
        Attendance.objects.bulk_create(called)
    return hearing


def move(hearing: Hearing, sitting: Sitting, seen: HearingQuerySet, joint: UUID | None = None, *, is_on_site: bool = False) -> None:
    """The same hearing at another time, in another room or with another mediator; its old time is free at once.

    `joint`: of the hearing it is held together with from now on; else it stands alone. The row that was read is the
    row that moves: if somebody else moved it meanwhile, nothing happens.
    """
    take_turns(sitting.day, day_of(hearing.starts_at))
    is_elsewhere = (sitting.room, sitting.mediator, sitting.span) != (hearing.room, hearing.mediator, hearing.span)
    hearing.joint = joint or (uuid7() if is_elsewhere else hearing.joint)
    if not is_on_site:
        check_free(sitting, hearing.mediation, hearing, joint)
    hearing.room, hearing.mediator, hearing.span, hearing.busy = sitting.room, sitting.mediator, sitting.span, sitting.busy
    hearing.is_on_site = is_on_site
    changes = {name: getattr(hearing, name) for name in ("room", "mediator", "span", "busy", "joint", "is_on_site")}
    with clashes_refused(hearing, list(hearing.attendances.all()), seen):
        same = Hearing.objects.filter(pk=hearing.pk, version=hearing.version, state=LIVE)
        if not same.update(**changes, version=F("version") + 1):
            raise already_done(hearing, (), seen)
        Attendance.objects.filter(hearing=hearing).update(span=sitting.span, joint=hearing.joint)
    hearing.version += 1


def revive(hearing: Hearing, seen: HearingQuerySet, now: datetime) -> None:
    """Back to how it was scheduled (what was noted of the result stays in the history), unless its time has been given to somebody else meanwhile. One that is still to come is
    asked what a booking is asked: the room may have been closed since, the mediator gone on leave or recused."""
    take_turns(day_of(hearing.starts_at))
    together = Hearing.objects.live().filter(joint=hearing.joint)
    if together.exclude(span=hearing.span, room=hearing.room, mediator=hearing.mediator).exists():  # they have moved on without it
        hearing.joint = uuid7()
    if hearing.starts_at > now:
        sitting = Sitting(hearing.room, hearing.mediator, hearing.starts_at, hearing.ends_at)
        check_free(sitting, hearing.mediation, hearing, hearing.joint)
    with clashes_refused(hearing, list(hearing.attendances.all()), seen):
        Hearing.objects.filter(pk=hearing.pk).update(state=LIVE, minutes="", joint=hearing.joint, version=F("version") + 1)
        Attendance.objects.filter(hearing=hearing).update(is_live=True, joint=hearing.joint, was_present=None)


def finish(hearing: Hearing, state: str, minutes: str = "", absent: Collection[Any] | None = None) -> None:
    """Says what became of the hearing and, with `absent` (ids of parties), who came. Its time is free again."""
    Hearing.objects.filter(pk=hearing.pk).update(state=state, minutes=minutes or hearing.minutes, version=F("version") + 1)
    called = Attendance.objects.filter(hearing=hearing)
    called.update(is_live=False)
    if absent is not None:
        called.update(was_present=True)
        called.filter(party_id__in=list(absent)).update(was_present=False)


BOOKINGS = 0x68656172  # "hear": a lock number of our own


def take_turns(*days: date) -> None:
    """Two transactions that insert clashing rows at the same instant wait for each other until PostgreSQL kills one
    as a deadlock. Bookings of one day take turns instead, of several days the early ones first; who wins is still for
    the constraints to say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, day) FROM unnest(%s::int[]) AS day", [BOOKINGS, sorted({day.toordinal() for day in days})])


@contextmanager
def clashes_refused(hearing: Hearing, called: Collection[Attendance], seen: HearingQuerySet) -> Iterator[None]:
    """Turns the name of the constraint that said no into a refusal; the transaction around it goes on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = error.__cause__.diag.constraint_name  # of psycopg's own error
        if name not in CLASHES:
            raise
        raise CLASHES[name](hearing, called, seen) from error


def room_taken(hearing: Hearing, called: Collection[Attendance], seen: HearingQuerySet) -> Refused:
    rival = rivals(hearing).filter(room=hearing.room).first()
    return refusal(
        "room_taken", hearing, rival, seen, hearing.room.name,
        known=_("“%(who)s”在 %(when)s 已安排案件 %(number)s 的调解会，请另选时间或调解室。"),
        hidden=_("“%(who)s”在 %(when)s 已有其他调解会，请另选时间或调解室。"),
    )  # fmt: skip


def mediator_taken(hearing: Hearing, called: Collection[Attendance], seen: HearingQuerySet) -> Refused:
    rival = rivals(hearing).filter(mediator=hearing.mediator).first()
    return refusal(
        "mediator_taken", hearing, rival, seen, str(hearing.mediator),
        known=_("调解员 %(who)s 在 %(when)s 要主持案件 %(number)s 的调解会，请另选时间或调解员。"),
        hidden=_("调解员 %(who)s 在 %(when)s 已有其他调解会，请另选时间或调解员。"),
    )  # fmt: skip


def party_taken(hearing: Hearing, called: Collection[Attendance], seen: HearingQuerySet) -> Refused:
    names = {row.party_key: row.name for row in called}  # as this case calls them
    taken = Attendance.objects.filter(hearing__in=rivals(hearing), party_key__in=names).select_related(
        "hearing__mediation__claim"
    ).first()  # fmt: skip
    return refusal(
        "party_taken", hearing, taken and taken.hearing, seen, names[taken.party_key] if taken else "",
        known=_("当事人“%(who)s”在 %(when)s 要参加案件 %(number)s 的调解会，请另选时间。"),
        hidden=_("当事人“%(who)s”在 %(when)s 要参加其他调解会，请另选时间。"),
    )  # fmt: skip


def already_done(hearing: Hearing, called: Collection[Attendance], seen: HearingQuerySet) -> Refused:
    return Refused("stale", _("该调解刚刚已被他人处理，请刷新后再操作。"))


CLASHES = {
    "hearing_room_free": room_taken,
    "hearing_mediator_free": mediator_taken,
    "party_free": party_taken,
    "one_live_hearing_per_mediation": already_done,
    "one_hearing_per_mediation_and_number": already_done,
}


def rivals(hearing: Hearing) -> HearingQuerySet:
    """Live hearings of others in its time, the buffers included."""
    return (
        Hearing.objects.live().filter(busy__overlap=hearing.busy).exclude(pk=hearing.pk)
        .exclude(joint=hearing.joint).select_related("mediation__claim").order_by("span", "pk")
    )  # fmt: skip


def refusal(
    code: str, hearing: Hearing, rival: Hearing | None, seen: HearingQuerySet, who: str, *, known: str, hidden: str
) -> Refused:
    """Says when, and which case only to somebody who may see that hearing."""
    if rival is None:  # it has been moved away in this very moment
        return Refused(code, _("所选时间刚刚被占用，请重新选择。"))
    if rival.starts_at >= hearing.ends_at or hearing.starts_at >= rival.ends_at:
        known = hidden = _("“%(who)s”在 %(when)s 已有调解会，两场之间须留出间隔，请把时间错开一些。")
    facts = {"who": who, "when": when(rival.starts_at, rival.ends_at), "number": rival.mediation.claim.number}
    return Refused(code, (known if seen.filter(pk=rival.pk).exists() else hidden) % facts)
