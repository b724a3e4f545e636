"""What came in the way of a hearing after it was booked: a leave, a closed room, a hearing in court, a party who says that they
cannot come. Nothing
moves by itself: whoever holds the hearing and whoever has the case are told, and one of them has a task until it was moved or
came to an end."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from arrears.casework import told_of
from arrears.models import Step
from arrears.notice_kinds import facts_of
from arrears.proceedings.verbs import add_on_step
from grid import leaves, tasklist
from grid.days import SHANGHAI, day_of
from grid.models import Leave, Person, Task
from grid.notices import tell
from grid.quiet import next_weekday
from grid.refused import Refused
from mediation.in_court import taken
from mediation.lifecycle import LIVE, MEDIATION
from mediation.models import Hearing, Mediation, Recusal
from mediation.models.scheduling import ASKED, GRANTED
from mediation.parties import key_of_respondent, key_of_worker
from mediation.sittings import Sitting, take_turns, when
from mediation.suiting import check_free, in_court_among, unsuited_among

AWAY, CLOSED, UNSUITED = gettext_noop("调解员请假"), gettext_noop("调解室停用"), gettext_noop("当事人说这个时间来不了")
COURT = gettext_noop("有人这段时间要去法院或仲裁委开庭")


def people_of(mediation: Mediation, today: date) -> list[Person]:
    """The mediator and the handler; without a handler the level in charge."""
    seat = "handler" if mediation.claim.handler_id else "level"
    return [*([mediation.mediator] if mediation.mediator else []), *told_of(mediation.claim, (seat,), today)]


def tell_of(hearings: Iterable[Hearing], why: str, actor: Person | None, *, key: str, now: datetime) -> None:
    """`actor` knows already, but may be who has to move it. One key tells once of a hearing as it stands."""
    for hearing in hearings:
        people, said = [hearing.mediator, *people_of(hearing.mediation, day_of(now))], facts_in_the_way(hearing, why)
        announce(hearing.mediation, people, actor, "hearing_in_the_way", now=now, key=f"{key}:{hearing.pk}:{hearing.version}", **said)
        add_task(hearing, people, said, now)


def facts_in_the_way(hearing: Hearing, why: str) -> dict[str, str]:
    return {"when": when(hearing.starts_at, hearing.ends_at), "room": hearing.room.name, "mediator": str(hearing.mediator), "why_msgid": why}


def key_of(hearing: Hearing) -> str:
    return f"in_the_way:{hearing.pk}"


def add_task(hearing: Hearing, people: Iterable[Person], said: dict[str, str], now: datetime) -> None:
    """For whoever has the case, before the mediator: that one may be the one who is away. At the latest on the day before."""
    claim, today = hearing.mediation.claim, day_of(now)
    owner = next((one for one in people if one.pk != hearing.mediator_id), hearing.mediator)
    tasklist.add(
        owner, "hearing_to_move", key=key_of(hearing), now=now, facts={"number": claim.number, **said}, path=f"/mediations/{hearing.mediation_id}/",
        subject_id=claim.pk, region_code=claim.region_id,
        due_on=max(today, min(next_weekday(today), day_of(hearing.starts_at) - timedelta(days=1))),
    )  # fmt: skip


def settle(hearing: Hearing, now: datetime) -> None:
    tasklist.settle(key_of(hearing), now)


def announce(mediation: Mediation, people: Iterable[Person], actor: Person | None, kind: str, *, key: str, now: datetime, **facts: Any) -> None:
    claim = mediation.claim
    tell(
        [one for one in people if actor is None or one.pk != actor.pk], kind, key=key, now=now, facts={**facts_of(claim), **facts},
        path=f"/mediations/{mediation.pk}/", subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip


def look_again(hearings: Iterable[Hearing], now: datetime) -> None:
    """A leave was withdrawn, a room is open again, a day suits after all: where nothing else is in the way, nobody has to move it."""
    rows = {key_of(hearing): hearing for hearing in hearings}
    for key in Task.objects.filter(key__in=rows, done_at=None).values_list("key", flat=True):
        if not is_in_the_way(rows[key]):
            tasklist.settle(key, now)


def is_in_the_way(hearing: Hearing) -> bool:
    sitting, called = Sitting(hearing.room, hearing.mediator, hearing.starts_at, hearing.ends_at), hearing.attendances.values_list("party_id", flat=True)
    try:
        check_free(sitting, hearing.mediation, hearing, hearing.joint)
    except Refused:
        return True
    return any(among(sitting, hearing.mediation, list(called)) for among in (unsuited_among, in_court_among))


def in_conflict() -> Q:
    """Of mediations: something is in the way of a hearing that is booked, a recusal waits to be decided, or was granted and the case is still
    in those hands."""
    to_move = Task.objects.filter(kind="hearing_to_move", done_at=None, subject_id=OuterRef("claim"))
    booked = Hearing.objects.filter(mediation=OuterRef("pk"), state=LIVE)
    asked = Recusal.objects.filter(mediation=OuterRef("pk"), state=ASKED)
    granted = Recusal.objects.filter(mediation=OuterRef("pk"), state=GRANTED, mediator=OuterRef("mediator"))
    return Q(state__in=MEDIATION.open_states) & ((Q(Exists(booked)) & Q(Exists(to_move))) | Q(Exists(asked)) | Q(Exists(granted)))


def of_leave(person: Person, leave: Leave | None, actor: Person, now: datetime) -> None:
    """Bookings of these days take turns with it: what is being booked is seen here, or sees the leave."""
    theirs = Hearing.objects.live().filter(mediator=person, span__startswith__gt=now).for_list().select_related("mediation__mediator")
    look_again(theirs, now)
    if leave is not None:
        first = max(leave.starts_on, day_of(now))
        take_turns(*(first + timedelta(days=n) for n in range((leave.ends_on - first).days + 1)))
        days = (datetime.combine(first, time(0), SHANGHAI), datetime.combine(leave.ends_on + timedelta(days=1), time(0), SHANGHAI))
        tell_of(theirs.filter(span__overlap=days), AWAY, actor, key=f"leave:{leave.pk}", now=now)


def of_court(step: Step, now: datetime) -> None:
    """Of a hearing in court that was announced: whoever is called here then, or holds the hearing, and has to be there."""
    if step.hearing is None or step.hearing <= now:
        return
    claim, begins, ends = step.proceeding.claim, *taken(step.hearing)
    take_turns(day_of(begins), day_of(ends))
    keys = {*map(key_of_worker, claim.claimants.all()), *map(key_of_respondent, claim.respondents.all())}
    concerned = Hearing.objects.live().filter(Q(attendances__party_key__in=keys) | Q(mediator=claim.handler_id))
    rows = Hearing.objects.filter(pk__in=concerned.values("pk"), span__overlap=(begins, ends), span__startswith__gt=now)
    tell_of(rows.for_list().select_related("mediation__mediator"), COURT, step.recorded_by, key=f"court:{step.pk}", now=now)


leaves.add_followers(of_leave)
add_on_step(of_court)
