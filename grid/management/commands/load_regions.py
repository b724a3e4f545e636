"""manage.py load_regions: the country's divisions, and the villages of the model city, into the grid."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.utils import timezone

from grid.region_files import SHIPPED_CHANGES, SHIPPED_FILES, SHIPPED_SYSTEM, SYSTEM, BadFile
from grid.region_loading import is_loaded, load, mark_of, newest_edition
from grid.region_plan import Plan

MOST_LINES = 20


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # each start runs this; migrate has just checked
    help = "Loads division codes (grid/data/README.md). Safe to repeat; changes nothing when a file is bad."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", action="append", type=Path, help="a list of divisions instead of the shipped ones; repeatable"
        )
        parser.add_argument("--changes", type=Path, help="regions that ended, with their successors")
        parser.add_argument("--system", default=SHIPPED_SYSTEM, help=f"family-edition of the codes ({SHIPPED_SYSTEM})")

    def handle(self, *args: Any, file: list[Path] | None, changes: Path | None, system: str, **options: Any) -> None:
        if not SYSTEM.fullmatch(system):
            raise CommandError(f"--system {system}: must look like {SHIPPED_SYSTEM}.")
        files = file or list(SHIPPED_FILES)
        changes = changes or (None if file else SHIPPED_CHANGES)
        if not options["verbosity"]:
            self.stdout = OutputWrapper(StringIO())
        try:
            self.stdout.write(self.bring(files, changes, system, by_hand=bool(file)))
        except BadFile as bad:
            raise CommandError(f"{bad}\nNothing was changed.") from None

    def bring(self, files: list[Path], changes: Path | None, system: str, by_hand: bool) -> str:
        """Loads if there is anything to load; returns the sentence that says what happened."""
        if is_loaded(mark_of(files, changes, system)):
            return f"Regions are up to date ({system})."
        newest = newest_edition(system)
        if newest != system and not by_hand:
            return f"Regions are newer ({newest}) than the shipped list ({system}); nothing to do."
        plan = load(files, changes, system, timezone.localtime(), by_hand)
        self.report(plan)
        return _sentence(plan, system)

    def report(self, plan: Plan) -> None:
        kinds: list[Iterable[str]] = [
            (f"renamed   {new.code} {old.name} → {new.name}" for old, new in plan.renamed),
            (f"retired   {row.code} {row.full_name} → {row.successor}" for row in plan.retired),
            (f"returned  {row.code} {row.full_name}" for row in plan.returned),
            (f"missing   {row.code} {row.full_name}: not in the list; kept" for row in plan.missing),
            (f"unknown   {change.code}: {change.where} retires it, but it was never here" for change in plan.unknown),
        ]
        for lines in kinds:
            for line in _first(lines):
                self.stdout.write(line)


def _first(lines: Iterable[str]) -> Iterator[str]:
    rest = iter(lines)
    yield from islice(rest, MOST_LINES)
    more = sum(1 for _ in rest)
    if more:
        yield f"… and {more} more"


def _sentence(plan: Plan, system: str) -> str:
    return "Regions ({system}): {counts}.".format(
        system=system, counts=", ".join(f"{count} {name}" for name, count in plan.counts.items())
    )
