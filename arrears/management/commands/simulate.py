"""manage.py simulate: a year of claims in minutes, and whether every rung that fell due was called (arrears/simulation).

    simulate --days 365 --claims 1000 --seed 1
    simulate --days 60 --claims 100 --seed 2 --json

In a database of its own, which is dropped afterwards; the installation's is not touched.
"""

import json
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils.translation import gettext as _

from arrears.simulation.run import Outcome, as_json, simulate
from arrears.simulation.scratch import scratch_database

MOST_SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--claims", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1, help="the same seed tells the same year")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object")

    def handle(self, *args: Any, days: int, claims: int, seed: int, as_json: bool, **options: Any) -> None:
        if days < 1 or claims < 1:
            raise CommandError(_("--days 和 --claims 须大于零。"))
        try:
            with scratch_database():
                begun = time.monotonic()
                outcome = simulate(days, claims, seed)
                seconds = time.monotonic() - begun
        except ProgrammingError as error:
            raise CommandError(_("数据库角色不能新建数据库，模拟须在自己的数据库里进行：%(error)s") % {"error": error}) from None
        self.say(outcome, seconds, as_json)
        if outcome.missed:
            sys.exit(1)

    def say(self, outcome: Outcome, seconds: float, in_json: bool) -> None:
        for one in outcome.missed[:MOST_SHOWN]:
            self.stderr.write(f"{one.at:%Y-%m-%d %H:%M} {one.rule} {one.rung} {one.clock} {one.why}")
        facts = as_json(outcome, seconds)
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if in_json else sentence(facts))


def sentence(facts: dict[str, Any]) -> str:
    return _("%(claims)s 件案件，应到督办 %(due)s 次，发出 %(rungs)s 次，漏发 %(missed)s 次，用时 %(seconds)s 秒（%(digest)s）。") % facts
