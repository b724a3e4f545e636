"""Writes the pages of docs/ that tables generate. A test compares them, so they cannot drift."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.docs import PAGES as TABLES
from config.law_docs import LAW_PAGES


class Command(BaseCommand):
    help = "Write the printed pages of docs/ from the tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.ROOT / "docs", help="folder to write to")

    def handle(self, *, to: Path, **options: Any) -> None:
        for name, page in {**TABLES, **LAW_PAGES}.items():
            (to / name).write_text(page(), encoding="utf-8")
            self.stdout.write(str(to / name))
