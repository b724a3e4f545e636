"""Making an official year file the calendar that deadlines count by: what the command and the page both do."""

from datetime import datetime

from django.utils.translation import gettext as _

from arrears.calendars import to_json
from arrears.clocks import recompute_provisional
from arrears.models import CalendarYear
from arrears.phrases import Phrase
from arrears.workdays import OFF, Calendar
from arrears.year_files import BadYearFile, Problem, YearFile, parse_year_file
from grid.models import Person


def load_year(content: bytes, *, now: datetime, person: Person | None = None, source: str = "", name: str = "") -> list[str]:
    """Stores the year, counts again what rested on a guess, and says both. `source` goes before the file's first
    remark and before its name. Raises BadYearFile, and then nothing has changed."""
    loaded = parse_year_file(decoded(content))
    changed = store(loaded, source or loaded.source or name, person, now)
    said = [sentence(loaded) if changed else _("%(year)s年的放假安排没有变化。") % {"year": loaded.year}]
    # also when nothing changed: the last run may have been stopped right here
    if moved := recompute_provisional(now, loaded.year):
        said.append(_("%(count)s个时限的届满日随之变更，已记入办理记录。") % {"count": moved})
    return said


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
