"""manage.py load_calendar: an official year file becomes the calendar that deadlines count by."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from arrears import year_files
from arrears.calendars import to_json
from arrears.clocks import recompute_provisional
from arrears.models import CalendarYear
from arrears.workdays import OFF, Calendar
from arrears.year_files import BadYearFile, YearFile, parse_year_file


class Command(BaseCommand):
    help = "Stores an official year of working days. Safe to repeat; changes nothing when the file is bad.\n\n" + (
        year_files.__doc__ or ""
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("file", type=Path, help="CSV with the columns date,kind,name")
        parser.add_argument("--source", default="", help="title and number of the notice (default: the first # line)")

    def handle(self, *args: Any, file: Path, source: str, **options: Any) -> None:
        try:
            loaded = parse_year_file(read_text(file))
        except BadYearFile as bad:
            problems = "\n".join(problem.phrase().text(_) for problem in bad.problems)
            raise CommandError(_("%(file)s不能使用，什么都没有改动：") % {"file": file} + "\n" + problems) from None
        now = timezone.now()
        changed = store(loaded, source or loaded.source or file.name, now)
        self.stdout.write(sentence(loaded) if changed else _("%(year)s年的放假安排没有变化。") % {"year": loaded.year})
        # also when nothing changed: the last run may have been stopped right here
        if moved := recompute_provisional(now, loaded.year):
            self.stdout.write(_("%(count)s个时限的届满日随之变更，已记入办理记录。") % {"count": moved})


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(_("打不开%(file)s：%(cause)s。") % {"file": file, "cause": error.strerror}) from None
    except UnicodeDecodeError:
        raise CommandError(_("%(file)s不是 UTF-8 编码，请在表格软件中另存为“CSV UTF-8”。") % {"file": file}) from None


def store(loaded: YearFile, source: str, now: datetime) -> bool:
    """Whether anything changed."""
    days = to_json(loaded.days)
    if CalendarYear.objects.filter(year=loaded.year, days=days, source=source).exists():
        return False
    CalendarYear.objects.update_or_create(
        year=loaded.year, defaults={"days": days, "source": source, "loaded_by": None, "loaded_at": now}
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
