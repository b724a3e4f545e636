"""The day by which an objection is to be answered, and its ladder: when it passes, the objection climbs to the level above.
Who decided the claim is called by no rung: somebody else has to answer."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears import called
from arrears.deadlines import RULES, due
from arrears.history import hold, record
from arrears.ladders import Rung
from arrears.ladders.book import Book
from arrears.models import Claim, Event, Objection
from arrears.models.saying import WAITING
from arrears.objections.standing import key_of
from arrears.workdays import Calendar
from arrears.worker.passing import hand_over
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.roles import CITY, LEVEL_LABELS, above

RULE = "OBJECTION-ANSWER-3"
WORDS = {"warn": "objection_near", "late": "objection_late"}
DECISIONS = ("close", "conclude", "reject", "transfer", "withdraw")


def due_day(received_on: date, calendar: Calendar) -> date:
    return due(RULES[RULE], received_on, calendar).due_on


def rungs_today(claim: Claim, book: Book, today: date) -> tuple[Rung, ...]:
    return book.choose(RULE, book.kinds(claim.worker_count, claim.sensitive, today), today).rungs


def set_call(objection: Objection, book: Book, calendar: Calendar, now: datetime) -> None:
    called.set_call(objection, rungs_today(objection.claim, book, day_of(now)), calendar, now)


def decider_of(claim: Claim) -> object:
    """Who ended the claim; None: the system."""
    ends = Event.objects.filter(claim=claim, kind__in=DECISIONS).order_by("-at", "-id")
    return ends.values_list("actor", flat=True).first()


def seat(claim: Claim, level: str, roster: Roster) -> tuple[str, list[Person]]:
    """The first level from there upward at which somebody else than who decided answers."""
    decider = decider_of(claim)
    while True:
        found, people = roster.answerable(level, claim.region_id)
        others = [person for person in people if person.pk != decider]
        higher = above(found)
        if others or higher is None:
            return found, others
        level = higher


def call_due(now: datetime) -> int:
    """Calls whoever is to answer the objections that are due; how many."""
    return called.call_due(Objection.objects.filter(state=WAITING), call, now)


@transaction.atomic
def call(pk: UUID, book: Book, calendar: Calendar, roster: Roster, now: datetime) -> bool:
    claim = hold(Claim.objects.get(objections=pk))
    objection = Objection.objects.filter(pk=pk, state=WAITING, next_at__lte=now).first()
    if objection is None:
        return False
    objection.claim = claim
    fired = called.fired(objection, rungs_today(claim, book, day_of(now)), calendar, now)
    if any(rung.climbs for rung in fired):
        climb(objection, roster, now)
    seats = {place for rung in fired for place in rung.tells} or {"level", "above"}
    kind = WORDS["late" if called.is_late(objection, fired, now) else "warn"]
    announce(objection, kind, people_of(objection, seats, roster), now, key=f"{day_of(now)}")
    objection.rung += len(fired)
    set_call(objection, book, calendar, now)
    objection.save(update_fields=["rung", "next_at", "level"])
    return True


def climb(objection: Objection, roster: Roster, now: datetime) -> None:
    """To the next level with somebody who did not decide; the task goes with it."""
    higher = above(objection.level)
    if higher is None:
        return
    level, people = seat(objection.claim, higher, roster)
    if people and level != objection.level:
        objection.level = level
        record(objection.claim, "objection_climbed", None, now=now, to_level=level, answer_by=objection.due_on)
        tasklist.settle(key_of(objection), now)
        hand_to(objection, people, now)


def hand_to(objection: Objection, people: list[Person], now: datetime) -> None:
    """Nobody but who decided is there: an administrator is asked, who can fill the post."""
    if not people and (other := tasklist.owner_for(objection.claim.region_id, day_of(now))):
        people = [other] if other.pk != decider_of(objection.claim) else tasklist.administrators(day_of(now))
    hand_over(
        objection.claim, "worker_objects", key_of(objection), people, now, path=path_of(objection),
        due_on=max(objection.due_on, day_of(now)),
    )  # fmt: skip


def people_of(objection: Objection, seats: set[str], roster: Roster) -> list[Person]:
    found: list[Person] = []
    for place, level in (("level", objection.level), ("above", above(objection.level)), ("city", CITY)):
        if level and (place in seats or not found):
            found += seat(objection.claim, level, roster)[1]
    return list({person.pk: person for person in found}.values())


def announce(objection: Objection, kind: str, people: list[Person], now: datetime, *, key: str) -> None:
    claim = objection.claim
    if people:
        tell(
            people, kind, key=f"objection:{objection.pk}:{kind}:{key}", now=now, path=path_of(objection), subject_id=claim.pk,
            region_code=claim.region_id,
            facts={"number": claim.number, "due": objection.due_on.isoformat(), "level_msgid": LEVEL_LABELS[objection.level]},
        )  # fmt: skip


def path_of(objection: Objection) -> str:
    return f"/objections/{objection.pk}/"
