"""The supervision order 督办单 a rung issues: whom it asks, in whose name, and what is done when nobody could sign for it."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from arrears.escalation.known import Firing, Plan, Way
from arrears.models import Claim, Clock
from arrears.supervision.orders import RungOrder
from arrears.workdays import Calendar
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Region
from grid.roles import CITY, COUNTY, LEVEL_WIDTHS, LEVELS, above, below
from grid.tasklist import TaskKind

NOBODY = "order_unaddressed"

logger = logging.getLogger(__name__)


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.tasklist translates it."""
    return text


tasklist.add_kinds((
    TaskKind(
        NOBODY, _("%(place)s没有人可以签收督办单"),
        _(
            "案件 %(number)s 到期未办，应当下达督办单，但%(place)s没有人任职，没有人可以签收和回复，所以没有下达。"
            "请安排人员任职；到岗以后仍需督办的，请打开案件下达督办单。这里的其他案件不再另行提醒。"
        ),
    ),
))  # fmt: skip


def way_of(roster: Roster, level: str, region: str, *, reports_to_city: bool) -> Way | None:
    """The level in charge is asked, or the one below if the claim is at the top; in the name of the city if the rung
    reports to it, else of the level above. Where nobody between holds a post, the next filled level upward is asked by
    the one above it; else the next one downward. None: there is nobody to sign for it."""
    asked = level if above(level) else below(level)
    assert asked is not None
    issuer = CITY if reports_to_city else above(asked) or CITY
    upward = LEVELS[LEVELS.index(asked) : LEVELS.index(CITY)]
    if filled := next((one for one in upward if roster.holding(one, region)), None):
        reached = LEVELS.index(filled) < LEVELS.index(issuer)
        return Way(asked, issuer) if reached else Way(filled, above(filled) or CITY)
    downward = reversed(LEVELS[: LEVELS.index(asked)])
    lower = next((one for one in downward if roster.holding(one, region)), None)
    return Way(lower, issuer) if lower else None


def rung_order(clock: Clock, firing: Firing, calendar: Calendar, now: datetime) -> RungOrder:
    assert firing.order is not None
    return RungOrder(
        clock=clock, claim=clock.claim, rung_name=firing.rung.name, due_on=clock.due_on, level=firing.order.level,
        from_level=firing.order.from_level, reply_by=calendar.add(day_of(now), firing.rung.order_days),
    )  # fmt: skip


def ask_to_fill(plans: Iterable[Plan], roster: Roster, now: datetime) -> None:
    """Whoever must fill the posts of a place gets one task for all its claims."""
    claims: dict[str, Claim] = {}
    for plan in plans:
        if any(firing.is_unaddressed for firing in plan.firings):
            claim = plan.call.clock.claim
            claims.setdefault(claim.region_id[: LEVEL_WIDTHS[LEVELS[0]]], claim)
    if not claims:
        return
    names = dict(Region.objects.filter(code__in={code[:width] for code in claims for width in LEVEL_WIDTHS.values()}).values_list("code", "name"))
    anybody = tasklist.administrators(day_of(now))
    for code, claim in sorted(claims.items()):
        owner = next(iter([*roster.administrators(code), *anybody]), None)
        if owner is None:
            logger.error("no order can be issued for %s, and nobody is there to fill its posts", code)
            continue
        place = "".join(names.get(part, "") for part in dict.fromkeys((code[: LEVEL_WIDTHS[COUNTY]], code)))
        tasklist.add(
            owner, NOBODY, key=f"unaddressed:{code}", now=now, facts={"number": claim.number, "place": place},
            path=reverse("vacancy_list"), subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip
