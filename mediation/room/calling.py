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

from arrears.calendars import calendar_now
from arrears.history import hold
from arrears.models import Claimant, Paper, Respondent, Service
from arrears.models.serving import DROPPED, REACHED, WAITING
from arrears.papers.issuing import issue as issue_paper
from arrears.permits import Denied, require
from arrears.serving import verbs as serving
from arrears.serving.clock import tried
from arrears.serving.lawful import next_way
from arrears.serving.table import METHODS
from arrears.serving.verbs import may_serve
from grid import tasklist
from grid.days import day_of
from grid.models import Person
from grid.quiet import next_weekday
from grid.refused import Refused
from mediation.hearing_days import rule_on
from mediation.in_the_way import people_of
from mediation.lifecycle import LIVE
from mediation.models import Attendance, Hearing, HearingLink, HearingNotice, Mediation
from mediation.paper_facts import answers_of
from mediation.parties import WORKER
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
    link: HearingLink | None = None
    knows: bool = False  # they said so through the link, of the time it has now
    way: str = ""  # the next way, while it waits; the one it was served by

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
    """Of each party. Four queries, however many there are."""
    rows: dict[UUID, list[HearingNotice]] = {}
    for row in hearing.notices.select_related("service__respondent", "service__claimant").prefetch_related("service__attempts"):
        rows.setdefault(row.attendance_id, []).append(row)
    links = {row.attendance_id: row for row in hearing.links.filter(attendance__isnull=False)}
    return [called(hearing, one, rows.get(one.pk, []), links.get(one.pk), language) for one in attendances]


def called(hearing: Hearing, attendance: Attendance, rows: list[HearingNotice], link: HearingLink | None, language: str) -> Called:
    now_here = [row for row in rows if is_current(row, hearing)]
    newest = now_here[-1] if now_here else None
    way = ""
    if newest is not None:
        service = newest.service
        method = METHODS[service.method] if service.method else next_way(tried(service)) if service.is_waiting else None
        way = method.text("name", language) if method else ""
    return Called(attendance, newest, bool(rows) and newest is None, link, link is not None and link.seen_starts_at == hearing.starts_at, way)


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
        if not any(one.notice is None for one in calls(fresh, list(fresh.attendances.all()))):
            tasklist.settle(key_of(fresh, TASK), now)
            tasklist.settle(call_key(fresh.mediation), now)
    return made


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
