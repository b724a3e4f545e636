"""Brings the message catalogues up to date with the source, or tells what they lack."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.catalogues import LOCALES, faults, path_of, renew, write
from config.messages import compile_one


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # words can be collected from pages that do not work yet
    help = "Write locale/*/LC_MESSAGES/django.po (and .mo) from the source; --check only tells what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a catalogue is incomplete")

    def handle(self, *, check: bool, **options: Any) -> None:
        if not check:
            for locale in LOCALES:
                self.renew(locale)
        wrong = [fault for locale in LOCALES for fault in faults(locale)]
        for fault in wrong:
            self.stdout.write(fault)
        if check and wrong:
            raise CommandError(f"{len(wrong)} texts are missing, untranslated, fuzzy or obsolete.")

    def renew(self, locale: str) -> None:
        catalog = renew(locale)
        write(locale, catalog)
        compile_one(path_of(locale))
        self.stdout.write(f"{locale}: {len(catalog)} texts")
