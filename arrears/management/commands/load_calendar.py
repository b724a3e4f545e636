"""manage.py load_calendar: an official year file becomes the calendar that deadlines count by."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from arrears import year_files
from arrears.year_files import BadYearFile
from arrears.year_loading import load_year


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
            said = load_year(read(file), now=timezone.now(), source=source, name=file.name)
        except BadYearFile as bad:
            problems = "\n".join(problem.phrase().text(_) for problem in bad.problems)
            raise CommandError(_("%(file)s不能使用，什么都没有改动：") % {"file": file} + "\n" + problems) from None
        for sentence in said:
            self.stdout.write(sentence)


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(_("打不开%(file)s：%(cause)s。") % {"file": file, "cause": error.strerror}) from None
