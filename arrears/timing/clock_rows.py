"""The clocks of a claim as its page shows them below each other: a limit and the city's target within it on one row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.answerable import Left, target_within
from arrears.claim_rows import Mark
from arrears.deadlines import ANSWER, LIMIT, TARGET
from arrears.ladders import day_of_what
from arrears.models import Clock
from arrears.sources import promised
from arrears.timing.extension_permits import ASKED
from arrears.workdays import Calendar


@dataclass(frozen=True)
class ClockRow:
    clock: Clock
    name: str
    standing: str
    mark: Mark
    target: Clock | None = None
    target_says: str = ""  # 还剩 3 个工作日
    is_asked: bool = False  # somebody has asked for more time
    about: str = ""  # whom or what it is about, where several of one rule may run


def rows_of(clocks: Iterable[Clock], today: date, calendar: Calendar) -> list[ClockRow]:
    """Running ones first, soonest due on top; then those that ended, latest first. The clocks were fetched with their
    pauses and extensions."""
    clocks = list(clocks)
    targets = {clock.pk: target for clock in clocks if (target := target_within(clock, clocks))}
    shown = {target.pk for target in targets.values()}
    names = promised.named(clocks)
    rows = [row_of(clock, targets.get(clock.pk), today, calendar, names.get(clock.about_id, "")) for clock in clocks if clock.pk not in shown]
    return sorted(rows, key=lambda row: (row.clock.ended_on is not None, soonest(row)))


def soonest(row: ClockRow) -> date:
    return min(row.clock.due_on, row.target.due_on) if row.target else row.clock.due_on


def row_of(clock: Clock, target: Clock | None, today: date, calendar: Calendar, about: str = "") -> ClockRow:
    left = None if clock.ended_on else Left.of(clock, today, calendar, target)
    return ClockRow(
        clock, clock.rule.text("name", get_language() or ""), gettext(clock.rule.standing),
        Mark(left.text, left.tone, left.icon) if left else ended_mark(clock),
        target, left.target if left else ended_mark(target).text if target else "",
        any(extension.state == ASKED for extension in clock.extensions.all()), about,
    )  # fmt: skip


ENDED_LATE = {LIMIT: _("终止时已逾期"), TARGET: _("终止时已过内部目标"), ANSWER: _("终止时已过答复日")}


def ended_mark(clock: Clock) -> Mark:
    if clock.was_met:
        return Mark(gettext(_("按期完成")), "good", "done")
    if clock.ended_on and clock.ended_on > clock.due_on:
        return Mark(gettext(ENDED_LATE[day_of_what(clock.rule_id)]), "warn", "late")
    return Mark(gettext(_("已终止")), "muted")
