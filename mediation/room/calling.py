"""The written notice of a hearing, party by party: made once, served in a lawful way with its proof (arrears.serving).

What was served counts for the time and place it names. When the hearing moves, notices still under way are called off and whoever had one
gets a task to be told anew; once a hearing was held nobody is told any more that it is off. A notice nobody could serve is a task
of serving itself, with the next way the law allows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.calendars import calendar_now
from arrears.history import hold
from arrears.models import Claim, Claimant, Paper, Respondent, Service
from arrears.models.serving import DROPPED, REACHED, WAITING
from arrears.papers.issuing import issue as issue_paper
from arrears.permits import Denied, require
from arrears.serving import verbs as serving
from arrears.serving.clock import tried
from arrears.serving.lawful import next_way
from arrears.serving.table import METHODS
from arrears.serving.verbs import may_serve
from grid import tasklist
from grid.channels import CHANNELS
from grid.days import day_of
from grid.models import Notice, Person
from grid.models.notices import BUNDLED, FAILED, HELD, QUEUED, REROUTED, SENDING, SENT
from grid.models.notices import DROPPED as NOT_SENT
from grid.quiet import next_weekday
from grid.refused import Refused
from mediation.hearing_days import rule_on
from mediation.in_the_way import people_of
from mediation.lifecycle import LIVE
from mediation.models import Attendance, Hearing, HearingLink, HearingNotice, Mediation
from mediation.paper_facts import answers_of
from mediation.parties import WORKER
from mediation.party_contacts import Reader, readers_of
from mediation.party_notices import messages
from mediation.room.quorum import UNCALLED
from mediation.room.verbs import may_work
from mediation.room.writing import moment
from mediation.slots.rules import last_day_to_tell

FORM, WHAT = "F-11", "hearing"
MOVES, ENDS = ("postpone", "convert", "join", "on_site"), ("hold", "no_show", "adjourn", "fail")
TASK, OFF, CALL = "hearing_to_notice", "hearing_off_to_tell", "hearing_to_call"


@dataclass(frozen=True)
class Called:
    """A party, the newest notice of the hearing as it stands, and what comes next of it."""

    attendance: Attendance
    notice: HearingNotice | None
    is_old: bool = False  # there was one, of another time or place
    link: HearingLink | None = None  # through which they said that they know; else one they opened, or have
    knows: bool = False  # they said so through the link, of the time it has now
    way: str = ""  # the next way, while it waits; the one it was served by
    is_handed: bool = False  # somebody of the house gave them a link
    readers: tuple[Reader, ...] = ()  # whom the system writes to; of a worker the case says
    told: tuple["Told", ...] = ()  # the newest message to each of them, by channel

    @property
    def service(self) -> Service | None:
        return self.notice.service if self.notice else None

    @property
    def tone(self) -> str:
        if self.service is None:
            return "warn"
        return {WAITING: "info", REACHED: "good", DROPPED: "muted"}[self.service.state]

    @property
    def proof(self) -> tuple[str, str]:
        """How it was called and the proof, as the door asks of somebody who did not come."""
        if self.service is None or self.service.state != REACHED:
            return ("link", _("%(at)s 通过链接确认收到") % {"at": moment(self.link.seen_at)}) if self.knows and self.link else ("", "")
        return ("paper", f"{self.service.title}，{METHODS[self.service.method].name}，{self.service.deemed_on}送达")


def calls(hearing: Hearing, attendances: Collection[Attendance], language: str = "zh-hans") -> list[Called]:
    """Of each party. Eight queries, however many there are."""
    rows: dict[UUID, list[HearingNotice]] = {}
    for row in hearing.notices.select_related("service__respondent", "service__claimant").prefetch_related("service__attempts"):
        rows.setdefault(row.attendance_id, []).append(row)
    links: dict[UUID, list[HearingLink]] = {}
    for link in hearing.links.filter(attendance__isnull=False):
        links.setdefault(link.attendance_id, []).append(link)
    told = {(row.addressee_id, row.channel): row for row in messages(hearing)}
    readers: dict[UUID, list[Reader]] = {}
    for reader in readers_of(hearing.mediation, attendances):
        readers.setdefault(reader.attendance.pk, []).append(reader)
    return [called(hearing, one, rows.get(one.pk, []), links.get(one.pk, []), language, readers.get(one.pk, []), told) for one in attendances]


def called(
    hearing: Hearing, attendance: Attendance, rows: list[HearingNotice], links: list[HearingLink], language: str, readers: list[Reader],
    told: dict[tuple[UUID, str], Notice],
) -> Called:  # fmt: skip
    link = max(links, key=lambda one: (one.seen_starts_at == hearing.starts_at, one.opened_at is not None, one.sent_to == ""), default=None)
    now_here = [row for row in rows if is_current(row, hearing)]
    newest = now_here[-1] if now_here else None
    way = ""
    if newest is not None:
        service = newest.service
        method = METHODS[service.method] if service.method else next_way(tried(service)) if service.is_waiting else None
        way = method.text("name", language) if method else ""
    return Called(
        attendance, newest, bool(rows) and newest is None, link, link is not None and link.seen_starts_at == hearing.starts_at, way,
        any(one.sent_to == "" for one in links), tuple(readers), tuple(told_of(row) for (pk, _channel), row in told.items() if any(one.pk == pk for one in links)),
    )  # fmt: skip


# What became of a message, in words that nobody takes for service of the paper.
BECAME = {
    QUEUED: (gettext_noop("等待发出"), "info"), SENDING: (gettext_noop("等待发出"), "info"), HELD: (gettext_noop("等待发出"), "info"),
    SENT: (gettext_noop("已发出"), "good"), BUNDLED: (gettext_noop("已发出"), "good"), REROUTED: (gettext_noop("已发出"), "good"),
    FAILED: (gettext_noop("没有发到"), "bad"), NOT_SENT: (gettext_noop("作废，没有发出"), "muted"),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A message to a party. Its labels are untranslated."""

    channel: str
    at: datetime
    became: str
    tone: str


def told_of(row: Notice) -> Told:
    return Told(CHANNELS[row.channel].label, row.sent_at or row.created_at, *BECAME[row.state])


def is_current(row: HearingNotice, hearing: Hearing) -> bool:
    return (row.starts_at, row.room_id) == (hearing.starts_at, hearing.room_id) and row.service.state != DROPPED


def notify(hearing: Hearing, attendances: Collection[Attendance], person: Person, *, now: datetime) -> list[HearingNotice]:
    """A notice for each that has none of this time and place, on its way to be served. Raises Refused: not_your_role, not_to_come,
    nobody_to_call, and as papers.issuing.issue and serving.verbs.issue."""
    with transaction.atomic():
        claim = hold(hearing.mediation.claim)
        fresh = Hearing.objects.select_related("mediation__mediator", "room", "mediator").get(pk=hearing.pk)
        if fresh.state != LIVE or fresh.starts_at <= now:
            raise Refused("not_to_come", _("只有还没有开的调解会才发书面通知。"))
        require(may_call(fresh, person, day_of(now)))
        waiting = [one for one in calls(fresh, attendances) if one.notice is None]
        if not waiting:
            raise Refused("nobody_to_call", _("所选的当事人都已经有这一次的书面通知。"))
        paper = paper_of(fresh) or issue_paper(claim, FORM, person, now=now, answers=answers_of(fresh.mediation, fresh), about_id=fresh.pk, in_hand=True)
        rule = rule_on(claim.region_id, day_of(fresh.starts_at))
        by = max(day_of(now), last_day_to_tell(day_of(fresh.starts_at), rule.notice, calendar_now()))
        made = []
        for one in waiting:
            service = serving.issue(
                claim, person, now=now, what=WHAT, title=str(paper)[:120], made_on=day_of(now), serve_by=by, paper=paper, in_hand=True,
                **receiver_of(one.attendance),
            )
            made.append(HearingNotice(
                hearing=fresh, attendance=one.attendance, service=service, starts_at=fresh.starts_at, room=fresh.room, made_at=now
            ))  # fmt: skip
        HearingNotice.objects.bulk_create(made)
        carry_consent(claim, [row.service for row in made])
        if not any(one.notice is None for one in calls(fresh, list(fresh.attendances.all()))):
            tasklist.settle(key_of(fresh, TASK), now)
            tasklist.settle(call_key(fresh.mediation), now)
    return made


def carry_consent(claim: Claim, services: Collection[Service]) -> None:
    """Who agreed in this case to be served electronically, in writing (民事诉讼法 第九十条), agreed for its next papers, too."""
    agreed = {
        (row.respondent_id, row.claimant_id): row
        for row in Service.objects.filter(claim=claim, consent__isnull=False).exclude(e_address="").order_by("made_at")
    }
    for service in services:
        if row := agreed.get((service.respondent_id, service.claimant_id)):
            Service.objects.filter(pk=service.pk).update(e_address=row.e_address, consent=row.consent_id)


def may_call(hearing: Hearing, person: Person, today: date) -> Denied | bool:
    """Whoever serves papers of the claim, and whoever holds the hearing: the mediator from elsewhere too, for its notices only."""
    return may_work(hearing, person, today) or may_serve(hearing.mediation.claim, person, today)


def paper_of(hearing: Hearing) -> Paper | None:
    """The paper that was made for this time and place, if somebody has it already."""
    row = hearing.notices.filter(starts_at=hearing.starts_at, room=hearing.room, service__paper__isnull=False).select_related("service__paper").first()
    return row.service.paper if row and row.service.paper.is_current else None


def receiver_of(attendance: Attendance) -> dict[str, Any]:
    if attendance.party_kind == WORKER:
        worker = Claimant.objects.get(pk=attendance.party_id)
        return {"claimant": worker.goes_on_as}
    return {"respondent": Respondent.objects.get(pk=attendance.party_id)}


def follow(mediation: Mediation, hearing: Hearing | None, move: str, person: Person | None, now: datetime, *, was_to_come: bool = True) -> None:
    """After a move of the mediation: notices of what no longer holds are called off. Called inside its transaction."""
    if hearing is None:
        return
    make_good(mediation, hearing, move, now)
    if move not in (*MOVES, *ENDS):
        return
    rows = [row for row in hearing.notices.select_related("service__claim", "service__respondent", "service__claimant") if row.service.state != DROPPED]
    stale = rows if move in ENDS else [row for row in rows if not is_current(row, hearing)]
    if not stale:
        return
    why = _("调解会改了时间或者地点，原通知作废。") if move in MOVES else _("调解会已经有结果，不用再送。")
    told = [row for row in stale if row.service.state == REACHED]
    for row in stale:
        if row.service.state == WAITING:
            call_off(row.service, person, why, now)
    if move in MOVES and move != "on_site":
        ask(mediation, hearing, TASK, now)
    elif move == "fail" and hearing.state == "cancelled" and told and hearing.starts_at > now:
        ask(mediation, hearing, OFF, now)
    if move in ENDS:
        tasklist.settle(key_of(hearing, TASK), now)


def make_good(mediation: Mediation, hearing: Hearing, move: str, now: datetime) -> None:
    """Who could not be called to the hearing that is over is called to the next: a task until their notices are made, the mediation ends or
    the result was a mistake."""
    if move in ("hold", "no_show", "adjourn"):
        if hearing.presences.filter(state=UNCALLED).exists():
            ask(mediation, hearing, CALL, now, key=call_key(mediation), path=f"/mediations/{mediation.pk}/")
        elif move == "hold":
            tasklist.settle(call_key(mediation), now)
    elif move in ("undo", "agree", "fail"):
        tasklist.settle(call_key(mediation), now)


def call_key(mediation: Mediation) -> str:
    return f"{CALL}:{mediation.pk}"


def call_off(service: Service, person: Person | None, why: str, now: datetime) -> None:
    """By whoever moves the hearing: a notice of a time that is no more must not go on its way, whoever was to serve it."""
    serving.drop(service, person, now=now, reason=why, in_hand=True)


def ask(mediation: Mediation, hearing: Hearing, kind: str, now: datetime, *, key: str = "", path: str = "") -> None:
    """A task of the mediator, or of whoever has the case."""
    claim, today = mediation.claim, day_of(now)
    owner = mediation.mediator or next(iter(people_of(mediation, today)), None)
    if owner is None:
        return
    tasklist.add(
        owner, kind, key=key or key_of(hearing, kind), now=now, facts={"number": claim.number}, path=path or f"/hearings/{hearing.pk}/#calls",
        subject_id=claim.pk, region_code=claim.region_id, due_on=next_weekday(today),
    )  # fmt: skip


def key_of(hearing: Hearing, kind: str) -> str:
    return f"{kind}:{hearing.pk}"
