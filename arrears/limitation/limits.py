"""Limits that run out for the worker, and what interrupts them. Functions of dates and a calendar. Django-free.

劳动争议调解仲裁法 第二十七条: one year (paragraph 1), which does not run for wages while employment lasts and runs
from its end (paragraph 4); a claim on the other side, a request to an authority or the other side's consent interrupts
it, and from then it runs anew (paragraph 2). 劳动保障监察条例 第二十条: two years, ended by being found, reported or
complained of; nothing interrupts them.

劳动争议调解仲裁法 第二十七条第三款: while force majeure or another just cause keeps the worker from applying, the year
does not run (中止); from the day the cause is gone it runs on. 民法典 第一百八十八条: the general limit of three years
runs from a day that somebody has to prove.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arrears.deadlines import RULES, Days, due

ARBITRATION, INSPECTION, CIVIL = "ARB-LIMIT-1Y", "JC-LIMIT-2Y", "CIV-LIMIT-3Y"
# Both run from the last working day, once there is one.
FROM_LAST_DAY = (ARBITRATION, INSPECTION)
AID_BELOW = 7  # days: 法律援助法 第四十四条第一项 不足七日


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


INTERRUPTIONS = (
    ("demand", _("劳动者向对方主张权利（当面或者电话催要、发消息、发函）")),
    ("relief", _("向有关部门请求权利救济（投诉、举报、申请调解）")),
    ("consent", _("对方同意支付（承诺、对账、写欠条、付了一部分）")),
)
# What keeps the worker from applying for arbitration. While one lasts the year stands still.
OBSTACLES = (
    ("force_majeure", _("不可抗力（自然灾害、疫情封控等）")),
    ("just_cause", _("其他正当理由（重病住院、被限制人身自由等）")),
)
# From what day the general limit runs: three years, where there is an IOU or no employment.
CIVIL_STARTS = (
    ("iou_day", _("欠条、还款协议写明的还款日")),
    ("refused", _("没有还款日，对方明确表示不付之日")),
    ("known", _("没有欠条，知道或者应当知道对方欠款之日")),
)
ENTRIES = (*OBSTACLES, *CIVIL_STARTS)
COUNTS, BEFORE, TOO_LATE = "counts", "before", "too_late"
WHY_NOT = {
    BEFORE: _("时效还没有开始计算，不需要中断"),
    TOO_LATE: _("发生时时效已经届满，不发生中断"),
}


@dataclass(frozen=True)
class Limit:
    """A limit with its interruptions applied: since when it runs, and which of the days interrupted it."""

    start: date
    due_on: date
    verdicts: tuple[str, ...]  # of each day given, in its order: COUNTS, BEFORE or TOO_LATE


def interrupted(base: date, days: Iterable[date], calendar: Days, rule_id: str = ARBITRATION) -> Limit:
    """`days` in any order. Only what happens while the limit runs interrupts it; each time it runs anew from that day.
    Raises NoCalendar."""
    days, rule = list(days), RULES[rule_id]
    start, end, verdicts = base, due(rule, base, calendar).due_on, {}
    for day in sorted(set(days)):
        if day <= base:
            verdicts[day] = BEFORE
        elif day > end:
            verdicts[day] = TOO_LATE
        else:
            verdicts[day], start = COUNTS, day
            end = due(rule, day, calendar).due_on
    return Limit(start, end, tuple(verdicts[day] for day in days))


def needs_aid_at_once(due_on: date, today: date) -> bool:
    """Less than seven days left, and not yet over."""
    return 0 <= (due_on - today).days < AID_BELOW
