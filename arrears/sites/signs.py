"""What can be seen at a site or an employer today, from what is written down: how many are owed, what is late, who came
again. Nothing is scored and nothing is foretold.

An app above adds its own: `add_signs((Sign(...),))` in a module called signs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.ladders.book import COLLECTIVE_FROM
from arrears.lifecycle import RESULTS
from arrears.models import Clock
from arrears.models.claims import ClaimQuerySet
from arrears.sites.totals import Totals

SEVERAL = 3  # open claims at once
PAID = [name for name, _label in RESULTS]


@dataclass(frozen=True)
class Sign:
    """`count` answers how many; from `least` on it is shown. `sentence` names it as %(n)s."""

    name: str
    sentence: str
    tone: str
    count: Callable[[ClaimQuerySet, Totals, date], int]
    least: int = 1
    show: str = ""  # which of the claims below it is about (arrears.sites.page.SHOWN)


@dataclass(frozen=True)
class Seen:
    sign: Sign
    number: int

    @property
    def text(self) -> str:
        return gettext(self.sign.sentence) % {"n": self.number}


def promises_missed(claims: ClaimQuerySet, totals: Totals, today: date) -> int:
    """Claims whose agreed day of payment has passed; the day itself is still in time."""
    late = Clock.objects.running().filter(rule_id="AGREED-PAY", due_on__lt=today)
    return late.filter(claim__in=claims.filter(stage="settled").order_by().values("pk")).count()


def came_after_payment(claims: ClaimQuerySet, totals: Totals, today: date) -> int:
    """Claims received after the first one here was paid and closed."""
    first = claims.filter(result__in=PAID).aggregate(day=Min("closed_on"))["day"]
    return claims.filter(received_on__gt=first).count() if first else 0


SIGNS: list[Sign] = [
    Sign("workers", _("在办案件涉及 %(n)s 人（达到集体案件的人数）"), "bad", lambda claims, totals, today: totals.workers, COLLECTIVE_FROM, "open"),
    Sign("several", _("%(n)s 件案件同时在办"), "warn", lambda claims, totals, today: totals.open, SEVERAL, "open"),
    Sign("overdue", _("%(n)s 件在办案件已超过期限"), "bad", lambda claims, totals, today: totals.overdue, show="overdue"),
    Sign("past_target", _("%(n)s 件在办案件已过内部目标"), "bad", lambda claims, totals, today: totals.past_target, show="past_target"),
    Sign("promises", _("%(n)s 件已过约定付清日期仍未付清"), "bad", promises_missed, show="settled"),
    Sign("again", _("清偿办结之后又收到 %(n)s 件"), "warn", came_after_payment, show="all"),
]  # fmt: skip


def add_signs(signs: Iterable[Sign]) -> None:
    known = {sign.name for sign in SIGNS}
    SIGNS.extend(sign for sign in signs if sign.name not in known)


def signs_of(claims: ClaimQuerySet, totals: Totals, today: date) -> list[Seen]:
    found: list[tuple[Sign, Any]] = [(sign, sign.count(claims, totals, today)) for sign in SIGNS]
    return [Seen(sign, number) for sign, number in found if number >= sign.least]
