"""Making an official year file the calendar that deadlines count by: what the command and the page both do."""

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from arrears.calendars import to_json
from arrears.casework import owners_of
from arrears.models import CalendarYear, Claim, Event
from arrears.phrases import Phrase
from arrears.timing.clocks import CLAIMS_AT_ONCE, recompute_provisional
from arrears.workdays import OFF, Calendar
from arrears.year_files import BadYearFile, Problem, YearFile, parse_year_file
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Person
from grid.notices import Ways, rows_for


def load_year(content: bytes, *, now: datetime, person: Person | None = None, source: str = "", name: str = "") -> list[str]:
    """Stores the year, counts again what rested on a guess, and says both. `source` goes before the file's first
    remark and before its name. Raises BadYearFile, and then nothing has changed."""
    loaded = parse_year_file(decoded(content))
    changed = store(loaded, source or loaded.source or name, person, now)
    said = [sentence(loaded) if changed else _("%(year)s年的放假安排没有变化。") % {"year": loaded.year}]
    # also when nothing changed: the last run may have been stopped right here
    load = load_of(loaded.year)
    if moved := recompute_provisional(now, loaded.year, load):
        said.append(_("%(count)s个时限的届满日随之变更，已记入办理记录。") % {"count": moved})
    if told := tell_owners(loaded.year, load, now):
        said.append(_("已通知%(count)s名责任人，每人一条。") % {"count": told})
    return said


def load_of(year: int) -> str:
    """Which load of the year it is; the same when a stopped run is repeated."""
    return CalendarYear.objects.get(year=year).loaded_at.strftime("%Y%m%d%H%M%S")


def tell_owners(year: int, load: str, now: datetime) -> int:
    """One notice to each person who is answerable for claims whose dates this load has moved, however many these are;
    how many people. Whoever has it already hears nothing again."""
    moved = Event.objects.filter(kind="clock_moved", facts__cause="calendar", facts__year=year, facts__load=load)
    claims = Claim.objects.open().filter(pk__in=moved.values("claim")).only("region", "level", "handler").order_by("pk")
    roster, owned = Roster(day_of(now)), defaultdict[Person, list[str]](list)
    for claim in claims.iterator(chunk_size=CLAIMS_AT_ONCE):
        for person in owners_of(claim, roster):
            owned[person].append(claim.region_id)
    ways = Ways.read(list(owned))
    rows = [
        row
        for person, regions in owned.items()
        for row in rows_for(
            [person], "calendar_moved", key=f"calendar:{year}:{load}", now=now, facts={"year": year, "count": len(regions)},
            path=f"/claims/?moved={year}", region_code=regions[0], ways=ways,
        )
    ]  # fmt: skip
    before = Notice.objects.filter(key=f"calendar:{year}:{load}", channel="in_app").count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return Notice.objects.filter(key=f"calendar:{year}:{load}", channel="in_app").count() - before


def decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        cause = Phrase(_("文件不是 UTF-8 编码，请在表格软件中另存为“CSV UTF-8”。"))
        raise BadYearFile([Problem(0, "", cause)]) from None


def store(loaded: YearFile, source: str, person: Person | None, now: datetime) -> bool:
    """Whether anything changed."""
    days = to_json(loaded.days)
    if CalendarYear.objects.filter(year=loaded.year, days=days, source=source).exists():
        return False
    CalendarYear.objects.update_or_create(
        year=loaded.year, defaults={"days": days, "source": source, "loaded_by": person, "loaded_at": now}
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
