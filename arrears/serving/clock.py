"""The day by which a paper is served, or the next step of that is taken, and its ladder. Behind the last rung it calls every
working day. What is announced in public takes effect by itself on its day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears import called
from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.history import hold, record
from arrears.ladders import Rung
from arrears.ladders.book import Book
from arrears.ladders.store import book_now
from arrears.models import Attempt, Claim, Service
from arrears.models.serving import SENT, WAITING
from arrears.serving.lawful import Tried, next_way
from arrears.serving.table import METHODS, NOTICE, SERVED
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.roles import CITY, LEVEL_LABELS, above

RULE = "SERVE-WITHIN-7"
BATCH = 200
WORDS = {"warn": "serving_near", "late": "serving_late"}
BY_ITSELF = [method.id for method in METHODS.values() if method.deemed == NOTICE]


def due_day(what: str, made_on: date, calendar: Calendar) -> date:
    """The limit the law sets for this paper; else the city's own target."""
    return due(RULES[SERVED[what].rule or SERVED[what].target or RULE], made_on, calendar).due_on


def rungs_today(claim: Claim, book: Book, today: date) -> tuple[Rung, ...]:
    return book.choose(RULE, book.kinds(claim.worker_count, claim.sensitive, today), today).rungs


def begin(service: Service, since: date, due_on: date, now: datetime) -> None:
    """Its day runs anew; a rung that is past calls at the next sweep. The caller saves the row."""
    service.received_on, service.due_on, service.rung = since, max(due_on, since), 0
    called.set_call(service, rungs_today(service.claim, book_now(), day_of(now)), calendar_now(), now)


def tried(service: Service) -> Tried:
    """What is known of it, from its attempts. One query."""
    failed: dict[str, set[str]] = {}
    for attempt in service.attempts.all():
        if attempt.reason:
            failed.setdefault(attempt.method, set()).add(attempt.reason)
    return Tried(service.what, failed, bool(service.e_address), service.is_fled, service.is_held)


def call_due(now: datetime) -> int:
    """Calls whoever is to serve the papers that are due; how many."""
    return called.call_due(Service.objects.filter(state=WAITING), call, now)


@transaction.atomic
def call(pk: UUID, book: Book, calendar: Calendar, roster: Roster, now: datetime) -> bool:
    claim = hold(Claim.objects.get(services=pk))
    service = Service.objects.select_for_update(of=("self",)).filter(pk=pk, claim=claim, state=WAITING, next_at__lte=now).first()
    if service is None:
        return False
    service.claim = claim
    fired = called.fired(service, rungs_today(claim, book, day_of(now)), calendar, now)
    if any(rung.climbs for rung in fired):
        climb(service, roster, now)
    seats = {seat for rung in fired for seat in rung.tells} or {"handler", "level", "above"}
    kind = WORDS["late" if called.is_late(service, fired, now) else "warn"]
    announce(service, kind, people_of(service, seats, roster), now, key=f"{service.due_on}:{day_of(now)}")
    service.rung += len(fired)
    called.set_call(service, rungs_today(claim, book, day_of(now)), calendar, now)
    service.save(update_fields=["rung", "next_at", "level"])
    return True


def climb(service: Service, roster: Roster, now: datetime) -> None:
    """To the next level whose post is filled; the claim stays where it is."""
    if (higher := above(service.level)) is None:
        return
    level, people = roster.answerable(higher, service.claim.region_id)
    if people and level != service.level:
        service.level = level
        record(
            service.claim, "service", None, now=now, move="climbed", title=service.title, receiver=service.receiver, due=service.due_on.isoformat(),
            to_level=level,
        )  # fmt: skip


def people_of(service: Service, seats: set[str], roster: Roster) -> list[Person]:
    """Whoever serves it, else whoever handles the claim; who leads its level, the one above, the city."""
    region = service.claim.region_id
    found: list[Person] = []
    if "handler" in seats:
        server = roster.at_work(service.server_id, region) or roster.on_duty(service.claim.handler_id, region)
        found += [server] if server else []
    for seat, level in (("level", service.level), ("above", above(service.level)), ("city", CITY)):
        if level and (seat in seats or not found):
            found += roster.answerable(level, region)[1]
    return list({person.pk: person for person in found}.values())


def announce(service: Service, kind: str, people: list[Person], now: datetime, *, key: str) -> None:
    claim, way = service.claim, next_way(tried(service))
    if people:
        tell(
            people, kind, key=f"service:{service.pk}:{kind}:{key}", now=now, path=path_of(service), subject_id=claim.pk,
            region_code=claim.region_id,
            facts={
                "number": claim.number, "due": service.due_on.isoformat(), "level_msgid": LEVEL_LABELS[service.level], "method": way.name,
                "method_en": way.name_en,
            },
        )  # fmt: skip


def path_of(service: Service) -> str:
    return f"/services/{service.pk}/"


def in_effect(now: datetime) -> list[UUID]:
    """Announcements whose day has come."""
    found = Attempt.objects.filter(state=SENT, method__in=BY_ITSELF, check_on__lte=day_of(now), service__state=WAITING)
    return list(found.order_by("check_on", "pk").values_list("pk", flat=True)[:BATCH])
