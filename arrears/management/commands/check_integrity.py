"""manage.py check_integrity: does what is stored agree with itself? Exit code 1 if something does not.

    check_integrity                       every check; the result also goes to the administrator's desk
    check_integrity --only broken_chains  one of them; may be repeated
    check_integrity --json                for machines
"""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from arrears import integrity
from arrears.integrity import CHECKS, Result


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("--only", action="append", default=[], choices=CHECKS, metavar="NAME", help=", ".join(CHECKS))
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object")

    def handle(self, *args: Any, only: list[str], as_json: bool, **options: Any) -> None:
        now = timezone.now()
        results = integrity.run(now, only)
        if not only:
            integrity.keep(results, now)
        self.stdout.write(to_json(results) if as_json else "\n".join(lines(results)))
        if any(result.found.count for result in results):
            sys.exit(1)


def to_json(results: list[Result]) -> str:
    answer = {
        "total": sum(result.found.count for result in results),
        "checks": {
            result.check.name: {
                "label": _(result.check.label), "count": result.found.count, "examples": list(result.found.examples),
                "seconds": round(result.seconds, 3),
            }
            for result in results
        },
    }  # fmt: skip
    return json.dumps(answer, ensure_ascii=False, indent=1)


def lines(results: list[Result]) -> Iterator[str]:
    for result in results:
        check, found = result.check, result.found
        yield _("%(mark)s %(label)s：%(count)s") % {"mark": "✗" if found.count else "✓", "label": _(check.label), "count": found.count}
        if found.count:
            yield from (f"    {example}" for example in found.examples)
            yield f"    → {_(check.advice)}"
    total = sum(result.found.count for result in results)
    yield _("检查完成，发现 %(total)s 处问题。") % {"total": total} if total else _("检查完成，没有发现问题。")
