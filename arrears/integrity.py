"""Does what is stored still agree with itself? A table of checks that read and change nothing.

`manage.py check_integrity` asks them by hand, the task of that name each night. Apps above add their rows in a module
called integrity_checks. Each check is a few set-based queries: how often, and up to EXAMPLES cases.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext

from grid import rounds
from grid.days import day_of
from grid.duty import Roster
from grid.notices import tell

EXAMPLES = 20

logger = logging.getLogger(__name__)


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


UNREADABLE = _("这一项没有查成，原因见日志。")


@dataclass(frozen=True)
class Found:
    """Examples in a line each: case number and what does not agree. Nothing personal: administrators read them."""

    count: int = 0
    examples: Sequence[str] = ()


@dataclass(frozen=True)
class Check:
    """`advice` is for the administrator: what it means and what to do."""

    name: str
    label: str
    advice: str
    find: Callable[[datetime], Found]


@dataclass(frozen=True)
class Result:
    check: Check
    found: Found
    seconds: float


CHECKS: dict[str, Check] = {}


def add_checks(checks: Iterable[Check]) -> None:
    CHECKS.update({check.name: check for check in checks})


def run(now: datetime, only: Collection[str] = ()) -> list[Result]:
    """In the order of the table."""
    return [result(check, now) for check in CHECKS.values() if not only or check.name in only]


def result(check: Check, now: datetime) -> Result:
    """A check that cannot be made is a finding, and stops no other."""
    begun = monotonic()
    try:
        with transaction.atomic():
            found = check.find(now)
    except Exception:
        logger.exception("%s cannot be checked", check.name)
        found = Found(1, [gettext(UNREADABLE)])
    return Result(check, found, monotonic() - begun)


def rows(sql: str, params: Sequence[Any] = ()) -> Found:
    """What a query finds, each row told in a line; the query itself is not sorted and knows no limit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) OVER (), found.* FROM ({sql}) AS found LIMIT {EXAMPLES}", params)
        found = cursor.fetchall()
    return Found(found[0][0], [line(*row[1:]) for row in found]) if found else Found()


def line(*values: Any) -> str:
    return " · ".join("—" if value is None else str(value) for value in values)


def keep(results: Iterable[Result], now: datetime) -> int:
    """For the desk and the metrics; how many findings there are."""
    results = list(results)
    found = {one.check.name: one.found.count for one in results}
    total = sum(found.values())
    counts = {
        "total": total, "found": found, "seconds": round(sum(one.seconds for one in results), 3),
        "examples": {one.check.name: list(one.found.examples) for one in results if one.found.count},
    }  # fmt: skip
    rounds.end(rounds.CHECK_INTEGRITY, now, counts)
    return total


def tell_administrators(results: Iterable[Result], now: datetime) -> None:
    """Once a day, if there is something to tell."""
    wrong = [one for one in results if one.found.count]
    if wrong:
        tell(
            Roster(day_of(now)).administrators(settings.CITY_CODE), "integrity_findings",
            key=f"integrity:{day_of(now)}", now=now, path="/",
            facts={"kinds": len(wrong), "count": sum(one.found.count for one in wrong)},
        )  # fmt: skip
