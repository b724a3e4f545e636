"""The verbs of an incident: opened with its first report, followed up, ended, and reported on for the last time.

Opening one makes the claim sensitive, so that its clocks follow the ladders of sensitive claims. Each report goes to the
levels its row names at once; one that is overdue calls whoever owes it and those it is owed to, once per due moment.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from arrears.casework import advance, told_of
from arrears.history import hold, record
from arrears.incidents.table import FINAL, FIRST, FOLLOW, KINDS, MANY, REPORTS
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event, Incident, IncidentReport
from arrears.models.claims import OPEN_CLAIM
from arrears.one_by_one import one_by_one
from arrears.permits import find, may, require
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused

AT_ONCE = 200
LABELS = dict(KINDS)


def open_incident(
    claim: Claim, person: Person, *, now: datetime, kind: str, happened_at: datetime, place: str, people: int, steps: str,
    demand: str = "", mood: str = "", media: str = "",
) -> Incident:  # fmt: skip
    """Raises Refused: as casework.advance, in_future, incident_open."""
    require(may(find(CLAIM, "note"), claim, person, day_of(now)))
    if happened_at > now:
        raise Refused("in_future", _("发生时间不能晚于现在。"))
    with transaction.atomic():
        held = hold(claim)
        first_due = REPORTS[FIRST].due_at(happened_at)
        try:
            with transaction.atomic():
                incident = Incident.objects.create(
                    claim=held, kind=kind, happened_at=happened_at, place=place, demand=demand, opened_by=person,
                    opened_at=now, next_due_at=first_due,
                )  # fmt: skip
        except IntegrityError:
            raise Refused("incident_open", _("本案已有尚未终报的事件，请在该事件上续报。")) from None
        send(incident, FIRST, first_due, person, now, people=people, mood=mood, media=media, steps=steps)
        Incident.objects.filter(pk=incident.pk).update(next_due_at=REPORTS[FOLLOW].due_at(now))
        if not held.sensitive:
            reason = _("事件快报：%(kind)s，%(place)s，%(people)s人。") % {"kind": _(LABELS[kind]), "place": place, "people": people}
            advance(held, "mark_sensitive", None, now=now, ground=kind, reason=reason)
    incident.refresh_from_db()
    return incident


def follow_up(
    incident: Incident, person: Person, *, now: datetime, people: int, steps: str, mood: str = "", media: str = "",
    has_ended: bool = False,
) -> IncidentReport:  # fmt: skip
    """续报; with `has_ended` the final report is owed next. Raises Refused: as casework.advance, incident_over."""
    with transaction.atomic():
        claim, fresh = taken(incident, person, now)
        row = send(fresh, FOLLOW, fresh.next_due_at, person, now, people=people, mood=mood, media=media, steps=steps)
        if has_ended and not fresh.ended_at:
            fresh.ended_at = now
        since = fresh.ended_at or now
        fresh.next_due_at = REPORTS[FINAL if fresh.ended_at else FOLLOW].due_at(since)
        fresh.save(update_fields=["ended_at", "next_due_at"])
    return row


def finish(incident: Incident, person: Person, *, now: datetime, people: int, steps: str, mood: str = "", media: str = "") -> IncidentReport:
    """终报: nothing more is owed. Raises Refused: as casework.advance, incident_over."""
    with transaction.atomic():
        claim, fresh = taken(incident, person, now)
        fresh.ended_at = fresh.ended_at or now
        due_at = REPORTS[FINAL].due_at(fresh.ended_at)
        row = send(fresh, FINAL, due_at, person, now, people=people, mood=mood, media=media, steps=steps)
        fresh.next_due_at = None
        fresh.save(update_fields=["ended_at", "next_due_at"])
    return row


def taken(incident: Incident, person: Person, now: datetime) -> tuple[Claim, Incident]:
    """Both as they are now, held. An incident goes on being reported when its claim has ended meanwhile."""
    claim = hold(incident.claim)
    require(may(find(CLAIM, "note"), claim, person, day_of(now)) if claim.is_open else may_still(claim, person, now))
    fresh = Incident.objects.get(pk=incident.pk)
    fresh.claim = claim
    if not fresh.is_open:
        raise Refused("incident_over", _("这个事件已经终报。又有新情况的，请另报。"))
    return claim, fresh


def may_still(claim: Claim, person: Person, now: datetime) -> Any:
    """Whoever may add a note while it is open."""
    open_again = Claim(pk=claim.pk, region_id=claim.region_id, stage=CLAIM.initial, level=claim.level)
    return may(find(CLAIM, "note"), open_again, person, day_of(now))


def send(incident: Incident, kind: str, due_at: datetime, person: Person, now: datetime, **said: Any) -> IncidentReport:
    claim, report = incident.claim, REPORTS[kind]
    roster = Roster.around(claim.region_id, day_of(now))
    people = {one.pk: one for level in report.to for one in roster.answerable(level, claim.region_id)[1]}
    row = IncidentReport.objects.create(
        incident=incident, kind=kind, due_at=due_at, sent_at=now, sent_by=person,
        told=[one.full_name for one in people.values()], **said,
    )  # fmt: skip
    record(
        claim, "incident", person, now=now, move=kind, incident=str(incident.pk), ground=incident.kind,
        people=row.people, place=incident.place, text=row.steps, told=row.told,
    )  # fmt: skip
    tell(
        [one for pk, one in people.items() if pk != person.pk], "incident_report", key=f"incident:{row.pk}", now=now,
        facts=facts_of(incident, kind), path=page_of(incident), subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip
    return row


def remind_late(now: datetime) -> int:
    """Reports that are overdue and were not called about; how many."""
    late = Incident.objects.filter(~Q(reminded_for=F("next_due_at")) | Q(reminded_for=None), next_due_at__lt=now).select_related("claim")
    return one_by_one(late.order_by("next_due_at", "id")[:AT_ONCE], lambda incident: remind(incident, now))


def remind(incident: Incident, now: datetime) -> bool:
    claim = incident.claim
    with transaction.atomic():
        mine = Incident.objects.filter(pk=incident.pk, next_due_at=incident.next_due_at, reminded_for=incident.reminded_for)
        if not mine.update(reminded_for=incident.next_due_at):
            return False
        roster = Roster.around(claim.region_id, day_of(now))
        owed_to = [one for level in REPORTS[incident.next_report].to for one in roster.answerable(level, claim.region_id)[1]]
        people = {one.pk: one for one in (*told_of(claim, ("handler", "level"), day_of(now)), *owed_to)}
        tell(
            people.values(), "incident_late", key=f"incident_late:{incident.pk}:{incident.next_due_at.timestamp()}", now=now,
            facts=facts_of(incident, incident.next_report), path=page_of(incident), subject_id=claim.pk,
            region_code=claim.region_id,
        )  # fmt: skip
    return True


def facts_of(incident: Incident, kind: str) -> dict[str, str]:
    return {
        "number": incident.claim.number, "report": REPORTS[kind].name, "report_en": REPORTS[kind].name_en,
        "kind_msgid": LABELS[incident.kind],
    }  # fmt: skip


def page_of(incident: Incident) -> str:
    return f"/incidents/{incident.pk}/"


def mark_many(now: datetime) -> int:
    """By rule: claims of as many workers as the table says are sensitive, unless somebody has decided otherwise."""
    decided = Event.objects.filter(kind="unmark_sensitive").values("claim")
    found = Claim.objects.filter(OPEN_CLAIM, sensitive="", worker_count__gte=MANY.workers).exclude(pk__in=decided)
    return one_by_one(found.order_by("-worker_count", "id")[:AT_ONCE], lambda claim: mark_one(claim, now))


def mark_one(claim: Claim, now: datetime) -> bool:
    reason = _("涉及%(n)s人，达到%(most)s人（%(source)s）。") % {"n": claim.worker_count, "most": MANY.workers, "source": MANY.source}
    try:
        advance(claim, "mark_sensitive", None, now=now, ground="many", reason=reason)
    except Refused:
        return False  # somebody was first
    return True
