"""The day by which a report is to be answered, and its ladder: the one of its rule, as administrators publish it.

A report has no stage and nothing it could rest by, so it needs neither a clock of a claim nor a watch: the rung to come
stands on its own row. Behind the last rung it calls every working day, until somebody has answered.
"""

from datetime import date, datetime

from django.db import transaction

from arrears import called
from arrears.deadlines import RULES, due
from arrears.ladders import Rung
from arrears.ladders.book import Book
from arrears.models import Report
from arrears.models.reports import WAITING
from arrears.reports.record import record
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import Ways, tell
from grid.roles import CITY, GRID_WORKER, LEVEL_LABELS, TOWNSHIP, above

RULE = "REPORT-ANSWER-2"
WORDS = {"warn": "report_near", "late": "report_late"}


def due_day(received_on: date, answer_by: date | None, calendar: Calendar) -> date:
    """The city's own target, or the day its source asks for, if that is sooner."""
    ours = due(RULES[RULE], received_on, calendar).due_on
    return min(ours, max(answer_by, received_on)) if answer_by else ours


def rungs_today(report: Report, book: Book, today: date) -> tuple[Rung, ...]:
    return book.choose(RULE, book.kinds(report.people or 1, "", today), today).rungs


def set_call(report: Report, book: Book, calendar: Calendar, now: datetime) -> None:
    called.set_call(report, rungs_today(report, book, day_of(now)), calendar, now)


def call_due(now: datetime) -> int:
    """Calls whoever is to answer the reports that are due; how many."""
    return called.call_due(Report.objects.waiting(), call, now)


@transaction.atomic
def call(pk: object, book: Book, calendar: Calendar, roster: Roster, now: datetime) -> bool:
    report = Report.objects.select_for_update(skip_locked=True).filter(pk=pk, state=WAITING, next_at__lte=now).first()
    if report is None:
        return False
    today = day_of(now)
    fired = called.fired(report, rungs_today(report, book, today), calendar, now)
    if any(rung.climbs for rung in fired):
        climb(report, roster, now)
    seats = {seat for rung in fired for seat in rung.tells} or {"level", "above"}
    announce(report, WORDS["late" if called.is_late(report, fired, now) else "warn"], people_of(report, seats, roster), now, key=f"{today}")
    report.rung += len(fired)
    set_call(report, book, calendar, now)
    report.save(update_fields=["rung", "next_at", "level"])
    return True


def climb(report: Report, roster: Roster, now: datetime) -> None:
    """To the next level whose post is filled."""
    if (higher := above(report.level)) is None:
        return
    level, people = roster.answerable(higher, report.region_id)
    if people:
        report.level = level
        record(report, "climbed", None, now=now, level=level)


def people_of(report: Report, seats: set[str], roster: Roster) -> list[Person]:
    """The grid workers of the township while it answers, who leads its level, and who stands above it."""
    found: list[Person] = []
    if report.level == TOWNSHIP:
        found += roster.holders(GRID_WORKER, report.township_code)
    for seat, level in (("level", report.level), ("above", above(report.level)), ("city", CITY)):
        if level and (seat in seats or not found):
            found += roster.answerable(level, report.region_id)[1]
    return list({person.pk: person for person in found}.values())


def announce(report: Report, kind: str, people: list[Person], now: datetime, *, key: str, ways: Ways | None = None) -> None:
    if people:
        tell(
            people, kind, key=f"report:{report.pk}:{kind}:{key}", now=now, path=f"/reports/{report.pk}/", subject_id=report.pk,
            region_code=report.region_id, ways=ways,
            facts={"number": report.public_number, "due": report.due_on.isoformat(), "level_msgid": LEVEL_LABELS[report.level]},
        )  # fmt: skip
