"""The day by which a low mark is looked at, and its ladder: when it passes, the mark climbs to the level above. Behind the last rung it calls
every working day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears import called
from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.history import hold
from arrears.ladders import Rung
from arrears.ladders.book import Book
from arrears.ladders.store import book_now
from arrears.models import Claim
from arrears.workdays import Calendar
from arrears.worker.passing import hand_over
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.roles import CITY, LEVEL_LABELS, above
from mediation.marks.seats import first_level, seat, somebody
from mediation.models import Mark

RULE, TASK = "MARK-LOOK-5", "mark_low"
WORDS = {"warn": "mark_near", "late": "mark_late"}


def rungs_today(claim: Claim, book: Book, today: date) -> tuple[Rung, ...]:
    return book.choose(RULE, book.kinds(claim.worker_count, claim.sensitive, today), today).rungs


def begin(mark: Mark, roster: Roster, now: datetime) -> list[Person]:
    """Its day runs from today; the caller saves the row. Who is to look."""
    today, calendar = day_of(now), calendar_now()
    mark.level, people = seat(mark.mediation, first_level(mark.mediation, today), roster)
    mark.received_on, mark.due_on, mark.rung = today, due(RULES[RULE], today, calendar).due_on, 0
    called.set_call(mark, rungs_today(mark.mediation.claim, book_now(), today), calendar, now)
    people = somebody(mark.mediation, people, today)
    mark.looker = people[0] if people else None
    return people


def hand_to(mark: Mark, now: datetime) -> None:
    if mark.looker and mark.due_on:
        hand_over(
            mark.mediation.claim, TASK, key_of(mark), [mark.looker], now, path=path_of(mark), due_on=max(mark.due_on, day_of(now)), stars=str(mark.stars)
        )


def call_due(now: datetime) -> int:
    """Calls whoever is to look at the low marks that are due; how many."""
    return called.call_due(Mark.objects.filter(next_at__isnull=False), call, now)


@transaction.atomic
def call(pk: UUID, book: Book, calendar: Calendar, roster: Roster, now: datetime) -> bool:
    claim = hold(Claim.objects.get(mediations__marks=pk))
    rows = Mark.objects.select_for_update(of=("self",)).select_related("mediation__mediator", "looker")
    mark = rows.filter(pk=pk, next_at__lte=now).first()
    if mark is None:
        return False
    mark.mediation.claim = claim
    fired = called.fired(mark, rungs_today(claim, book, day_of(now)), calendar, now)
    if any(rung.climbs for rung in fired):
        climb(mark, roster, now)
    seats = {place for rung in fired for place in rung.tells} or {"level", "above"}
    kind = WORDS["late" if called.is_late(mark, fired, now) else "warn"]
    announce(mark, kind, people_of(mark, seats, roster), now, key=f"{day_of(now)}")
    mark.rung += len(fired)
    called.set_call(mark, rungs_today(claim, book, day_of(now)), calendar, now)
    mark.save(update_fields=["rung", "next_at", "level", "looker"])
    return True


def climb(mark: Mark, roster: Roster, now: datetime) -> None:
    """To the next level with somebody who may look; the task goes with it. The history of the claim is silent: its mediator reads it."""
    higher = above(mark.level)
    if higher is None:
        return
    level, people = seat(mark.mediation, higher, roster)
    if people and level != mark.level:
        mark.level, mark.looker = level, people[0]
        tasklist.settle(key_of(mark), now)
        hand_to(mark, now)


def people_of(mark: Mark, seats: set[str], roster: Roster) -> list[Person]:
    """Whoever has it in hand, while they hold a post there; who leads its level, the one above, the city."""
    region = mark.mediation.claim.region_id
    looker = roster.at_work(mark.looker_id, region)
    found = [looker] if looker else []
    for place, level in (("level", mark.level), ("above", above(mark.level)), ("city", CITY)):
        if level and (place in seats or not found):
            found += seat(mark.mediation, level, roster)[1]
    return list({person.pk: person for person in somebody(mark.mediation, found, roster.day)}.values())


def announce(mark: Mark, kind: str, people: list[Person], now: datetime, *, key: str) -> None:
    claim = mark.mediation.claim
    if people and mark.due_on:
        tell(
            people, kind, key=f"mark:{mark.pk}:{kind}:{key}", now=now, path=path_of(mark), subject_id=claim.pk, region_code=claim.region_id,
            facts={"number": claim.number, "due": mark.due_on.isoformat(), "level_msgid": LEVEL_LABELS[mark.level]},
        )  # fmt: skip


def path_of(mark: Mark) -> str:
    return f"/marks/{mark.pk}/"


def key_of(mark: Mark) -> str:
    return f"mark:{mark.pk}"
