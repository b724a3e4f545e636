"""Making an official year file the calendar that deadlines count by: what the command and the page both do.

The year's row is the truth: while `counted_at` is empty, what it changes is still being counted, and `counts` says how far
that has come. Where much hangs on it the page leaves that to a task (arrears.tasks.recount_years), which beat sends again
until it is done: a worker that is killed on the way loses nothing, and nobody is told twice.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.calendars import to_json
from arrears.escalation.seats import Case, body, handler, hands_of
from arrears.models import CalendarYear, Clock, Event, Referral
from arrears.phrases import Phrase
from arrears.timing.clocks import claims_with, recompute_provisional, touched_by
from arrears.workdays import OFF, Calendar
from arrears.year_files import BadYearFile, Problem, YearFile, parse_year_file
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Person
from grid.notices import Ways, rows_for

CLOCKS_AT_ONCE = 500
LOCK = 20_270_101  # one process at a time counts; any number that nobody else uses
AT_HAND = 200  # claims that are counted while somebody waits: about a second


def load_year(
    content: bytes, *, now: datetime, person: Person | None = None, source: str = "", name: str = "",
    later: Callable[[], Any] | None = None,
) -> list[str]:  # fmt: skip
    """Stores the year, counts again what rested on a guess, and says both. `source` goes before the file's first
    remark and before its name. `later` asks for the counting to be done by somebody else, if it is much. Raises
    BadYearFile, and then nothing has changed."""
    loaded = parse_year_file(decoded(content))
    changed = store(loaded, source or loaded.source or name, person, now)
    said = [sentence(loaded) if changed else _("%(year)s年的放假安排没有变化。") % {"year": loaded.year}]
    # also when nothing changed: the last run may have been stopped right here
    if later and len(claims_with(touched_by(loaded.year))) > AT_HAND:
        transaction.on_commit(later)
        return [*said, _("涉及的案件较多，正在后台重新计算，进度和结果见本页。")]
    return [*said, *outcome(finish(loaded.year, now))]


def outcome(counts: Mapping[str, int]) -> list[str]:
    said = []
    if counts.get("moved"):
        said.append(_("%(count)s个时限的届满日随之变更，已记入办理记录。") % {"count": counts["moved"]})
    if counts.get("told"):
        said.append(_("已通知%(count)s名责任人，每人一条。") % {"count": counts["told"]})
    return said


def finish_all(now: Callable[[], datetime]) -> dict[int, dict[str, int]]:
    """Every year that was loaded and is not counted yet; none while somebody else is at it. The lock goes with the
    connection of whoever dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return {}
        try:
            years = CalendarYear.objects.filter(counted_at=None).order_by("year").values_list("year", flat=True)
            return {year: finish(year, now()) for year in list(years)}
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def finish(year: int, now: datetime) -> dict[str, int]:
    """Counts what the year changes, from where a stopped run has come, and tells the owners; what this run did. Another load
    of the year that arrives meanwhile has its own run, and this one leaves off."""
    row = CalendarYear.objects.get(year=year)
    mine, load = CalendarYear.objects.filter(year=year, loaded_at=row.loaded_at), load_of(row)
    done_before = row.counts.get("done", 0)

    def goes_on(done: int, of: int, last: UUID) -> bool:
        return bool(mine.update(counts={"done": done_before + done, "of": done_before + of, "after": str(last)}))

    did = {
        "moved": recompute_provisional(now, year, load, after=row.counts.get("after"), goes_on=goes_on),
        "told": tell_owners(year, load, now) if mine.exists() else 0,
    }
    mine.update(counted_at=now, counts={"moved": moved_by(year, load).count(), "told": told_of(year, load).count()})
    return did


def load_of(row: CalendarYear) -> str:
    """Which load of the year it is; the same when a stopped run is repeated."""
    return row.loaded_at.strftime("%Y%m%d%H%M%S")


def moved_by(year: int, load: str) -> QuerySet[Event]:
    return Event.objects.filter(kind="clock_moved", facts__cause="calendar", facts__year=year, facts__load=load)


def told_of(year: int, load: str) -> QuerySet[Notice]:
    return Notice.objects.filter(key=key_of(year, load), channel="in_app")


def key_of(year: int, load: str) -> str:
    return f"calendar:{year}:{load}"


@dataclass
class Owed:
    """What somebody is answerable for whose dates have moved; where it is, for the check of who may read it."""

    matters: set[Any] = field(default_factory=set)
    region_code: str = ""
    body_id: Any = None


def tell_owners(year: int, load: str, now: datetime) -> int:
    """One notice to each person who is answerable for what this load has moved, however much that is: of claims and
    their mediations, or of a body's referrals; how many people. Whoever has it already hears nothing again."""
    owed = owed_by(year, load, Roster(day_of(now)))
    ways, key = Ways.read(list(owed)), key_of(year, load)
    rows = []
    for person, one in owed.items():
        kind, path = ("calendar_moved_answers", "/referrals/") if one.body_id else ("calendar_moved", f"/claims/?moved={year}")
        rows += rows_for(
            [person], kind, key=key, now=now, facts={"year": year, "count": len(one.matters)}, path=path,
            region_code=one.region_code, body_id=one.body_id, ways=ways,
        )  # fmt: skip
    told = told_of(year, load)
    before = told.count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return told.count() - before


def owed_by(year: int, load: str, roster: Roster) -> dict[Person, Owed]:
    ids = [UUID(clock) for clock in moved_by(year, load).order_by("claim").values_list("facts__clock", flat=True)]
    owed = defaultdict[Person, Owed](Owed)
    for first in range(0, len(ids), CLOCKS_AT_ONCE):
        clocks = list(Clock.objects.running().filter(pk__in=ids[first : first + CLOCKS_AT_ONCE]).select_related("claim"))
        hands, referrals = hands_of(clocks), Referral.objects.in_bulk({clock.about_id for clock in clocks} - {None})
        for clock in clocks:
            referral = referrals.get(clock.about_id)
            case = replace(Case.of(clock.claim), referral=referral, hand_id=hands.get(clock.about_id))
            of_body = body(roster, case).people if referral else []
            for person in of_body or handler(roster, case).people:
                one = owed[person]
                one.matters.add(clock.about_id if of_body else clock.claim_id)
                if of_body:
                    one.body_id = case.referral and case.referral.body_id
                one.region_code = "" if of_body else clock.claim.region_id
    return owed


def decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        cause = Phrase(_("文件不是 UTF-8 编码，请在表格软件中另存为“CSV UTF-8”。"))
        raise BadYearFile([Problem(0, "", cause)]) from None


def store(loaded: YearFile, source: str, person: Person | None, now: datetime) -> bool:
    """Whether anything changed. Either way what it changes is counted from the beginning, unless that is under way."""
    days = to_json(loaded.days)
    if CalendarYear.objects.filter(year=loaded.year, days=days, source=source).exists():
        CalendarYear.objects.filter(year=loaded.year).exclude(counted_at=None).update(counted_at=None, counts={})
        return False
    CalendarYear.objects.update_or_create(
        year=loaded.year, defaults={"days": days, "source": source, "loaded_by": person, "loaded_at": now, "counted_at": None, "counts": {}}
    )
    return True


def sentence(loaded: YearFile) -> str:
    kinds = [kind for day, (kind, _name) in loaded.days.items() if day.year == loaded.year]
    counts = {
        "year": loaded.year,
        "off": kinds.count(OFF),
        "work": len(kinds) - kinds.count(OFF),
        "working": Calendar({loaded.year: loaded.days}).working_days_in(loaded.year),
    }
    return _("已载入%(year)s年放假安排：放假%(off)s天，调休上班%(work)s天，全年%(working)s个工作日。") % counts
