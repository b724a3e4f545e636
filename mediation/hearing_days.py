"""开庭日规则 as offices set them: reading, and the verb that sets one from a day on."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grid.days import day_of
from grid.models import Person, Region
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER, TOWNSHIP_CHIEF
from mediation.lifecycle import MAX_HOURS
from mediation.models import HearingRule
from mediation.models.scheduling import MOST_BUFFER, MOST_NOTICE
from mediation.slots.rules import HearingDays, in_force

SETTERS = (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)


def around(code: str) -> list[str]:
    """The offices that cover a region, and itself: codes of city, county, township."""
    return [code[:width] for width in (4, 6, 9) if len(code) >= width]


def rules_around(codes: Collection[str]) -> list[HearingDays]:
    """Every rule that may be in force in these regions, past and to come. One query."""
    wanted = {one for code in codes for one in around(code)}
    return [row.days for row in HearingRule.objects.filter(region__in=wanted)]


def rule_on(code: str, day: date) -> HearingDays:
    return in_force(rules_around([code]), code, day)


def may_set(person: Person, code: str, today: date) -> bool:
    """Who leads there, or above."""
    return any(post.role.name in SETTERS and post.covers(code) for post in person.scope(today).posts)


def set_rule(region: Region, person: Person, *, now: datetime, **facts: Any) -> HearingRule:
    """From `since` on; a rule that begins on the same day is replaced. Hearings that are arranged stay as they are.

    Raises Refused: not_your_role, day_past, and what is wrong with the hours.
    """
    today = day_of(now)
    if not may_set(person, region.pk, today):
        raise Refused("not_your_role", _("您的岗位不能设定该地区的开庭日规则。"))
    if facts["since"] < today:
        raise Refused("day_past", _("规则只能从今天或以后的日子起生效。"))
    check(**facts)
    with transaction.atomic():
        row, _is_new = HearingRule.objects.update_or_create(
            region=region, since=facts.pop("since"), defaults={**facts, "set_by": person, "set_at": now}
        )
    return row


def check(
    *, weekdays: Collection[int], opens: Any, closes: Any, rest_from: Any, rest_to: Any, length: int, buffer: int, notice: int,
    since: date,
) -> None:  # fmt: skip
    if not weekdays:
        raise Refused("no_weekday", _("请至少选择一个开庭日。"))
    if closes <= opens:
        raise Refused("ends_before_start", _("最晚结束须晚于最早开始。"))
    if bool(rest_from) != bool(rest_to) or rest_from and rest_to <= rest_from:
        raise Refused("bad_rest", _("午休请填写起止两个时间，止须晚于起；没有午休的都留空。"))
    if not 15 <= length <= MAX_HOURS * 60:
        raise Refused("bad_length", _("一次时长须在 15 分钟至 %(hours)s 小时之间。") % {"hours": MAX_HOURS})
    if buffer > MOST_BUFFER or notice > MOST_NOTICE:
        raise Refused("out_of_bounds", _("间隔最多 %(buffer)s 分钟，提前通知最多 %(notice)s 个工作日。") % {"buffer": MOST_BUFFER, "notice": MOST_NOTICE})


def drop_rule(row: HearingRule, person: Person, *, now: datetime) -> None:
    """One that has not begun."""
    today = day_of(now)
    if not may_set(person, row.region_id, today):
        raise Refused("not_your_role", _("您的岗位不能设定该地区的开庭日规则。"))
    if row.since <= today:
        raise Refused("day_past", _("已经生效的规则不能删除；请另设一条从以后某日起生效的规则。"))
    row.delete()


def shown(rows: Iterable[HearingRule], today: date) -> tuple[HearingRule | None, list[HearingRule], list[HearingRule]]:
    """Of one office, newest first: the one in force, those to come, those that were."""
    rows = list(rows)
    current = next((row for row in rows if row.since <= today), None)
    return current, [row for row in rows if row.since > today], [row for row in rows if row.since <= today and row is not current]
