"""A rung of a ladder: when it calls, whom, and what else it does. Its JSON form, and what is wrong with a ladder
somebody wrote, in sentences for whoever wrote it. Django-free."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from arrears.deadlines import at_share
from arrears.phrases import Phrase
from arrears.workdays import Calendar
from grid.roles import LEVEL_LABELS, LEVELS, ROLES, Role

WARN, LATE = "warn", "late"
# Ways out of the system a rung may insist on; in the system itself everybody is always told.
OUTSIDE = ("email", "sms", "wecom", "dingtalk", "feishu")
NAME = re.compile(r"[a-z][a-z0-9_]{0,23}")
LONGEST_LABEL, MOST_RUNGS, MOST_DAYS, MOST_ACK_DAYS, MOST_ORDER_DAYS = 40, 12, 250, 30, 60


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# handler: who works on it, else who leads its level · level, above: leads of the level in charge, of the next ·
# city · sender and body: of a referral · arbiter: who rules on it, when it is disputed
SEATS = {
    "handler": _("经办人"),
    "level": _("负责层级"),
    "above": _("上一级"),
    "city": _("市级"),
    "sender": _("移送人"),
    "body": _("协同单位"),
    "arbiter": _("裁定人"),
}
OF_REFERRALS = ("sender", "body", "arbiter")
URGENCIES = {WARN: _("提醒"), LATE: _("逾期")}


@dataclass(frozen=True)
class Rung:
    """`label` heads the notice and stays true when the notice comes late: no 今日. The code's labels are msgids;
    `label_en` is for those an administrator wrote. `tells` names SEATS, or a role at a level: mediator@county."""

    name: str
    label: str
    tells: tuple[str, ...]
    share: float | None = None  # of the time from start to due
    working_days: int | None = None  # after the due day; negative: before it
    climbs: bool = False
    urgency: str = WARN
    label_en: str = ""
    channels: tuple[str, ...] = ()  # OUTSIDE; (): each reader's usual ones
    ack_days: int = 0  # working days in which somebody who was told is to acknowledge (签收); 0: nobody need
    order_days: int = 0  # working days to answer the supervision order (督办单) the rung issues; 0: it issues none

    def falls_on(self, start: date, due: date, calendar: Calendar) -> date:
        if self.share is not None:
            return at_share(start, due, self.share, calendar)
        return calendar.add(due, self.working_days or 0)

    @property
    def order(self) -> tuple[int, float]:
        """Rungs of a ladder stand in the order of their days: shares of the time come before the due day."""
        return (0, self.share) if self.share is not None else (1, self.working_days or 0)

    @property
    def is_late(self) -> bool:
        """Does it call after the due day?"""
        return (self.working_days or 0) > 0

    def text(self, language: str, translate: Callable[[str], str]) -> str:
        """The label in the reader's language."""
        return self.label_en if self.label_en and language.startswith("en") else translate(self.label)

    def facts(self) -> dict[str, str]:
        """The label as the facts of a notice carry it (grid.notices.words)."""
        return {"rung": self.label, "rung_en": self.label_en} if self.label_en else {"rung_msgid": self.label}

    def to_json(self) -> dict[str, Any]:
        """What differs from a plain rung."""
        plain = {field.name: field.default for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != plain[name]
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Raises TypeError when something is missing or unknown."""
        lists = {name: tuple(stored[name]) for name in ("tells", "channels") if name in stored}
        return cls(**{**stored, **lists})


def name_for(share: float | None, working_days: int | None) -> str:
    """What a new rung is called. The name keeps its notices apart: under one name nobody is told the same thing
    twice for the same due day, also when the ladder has changed meanwhile."""
    if share is not None:
        return f"share{round(share * 100)}"
    return f"late{working_days}" if (working_days or 0) > 0 else f"before{-working_days}" if working_days else "due"


def seat_phrase(seat: str) -> Phrase:
    """负责层级, 县级调解员: a seat, a level or a role at a level in words."""
    role, _at, level = seat.partition("@")
    if level:
        return Phrase(_("%(level)s%(role)s"), {"level": Phrase(LEVEL_LABELS[level]), "role": Phrase(ROLES[role].label)})
    return Phrase(SEATS.get(seat) or LEVEL_LABELS.get(seat) or seat)


def role_at(seat: str) -> tuple[Role, str] | None:
    """Role and level of mediator@county; None if there can be no such post."""
    name, _at, level = seat.partition("@")
    role = ROLES.get(name)
    if role is None or level not in LEVELS or not role.acts or role.sees != "region":
        return None
    return (role, level) if role.level in (None, level) else None


POSTS_AT_LEVELS = tuple(
    f"{role}@{level}" for role in ROLES for level in LEVELS if role_at(f"{role}@{level}")
)  # what `tells` may name beside the seats


def ladder_faults(rungs: Sequence[Rung], *, has_referral: bool = False, has_order: bool = False) -> Iterator[Phrase]:
    """What is wrong with a ladder. `has_referral`: its clocks are about one; `has_order`: about a 督办单."""
    for number, rung in enumerate(rungs, 1):
        for fault in rung_faults(rung, has_referral=has_referral, has_order=has_order):
            yield Phrase(_("第%(number)s级“%(label)s”：%(fault)s"), {"number": number, "label": rung.label, "fault": fault})
    if len(rungs) > MOST_RUNGS:
        yield Phrase(_("最多%(most)s级，现有%(count)s级。"), {"most": MOST_RUNGS, "count": len(rungs)})
    if len({rung.name for rung in rungs}) < len(rungs):
        yield Phrase(_("有两级使用了同一个名称。"))
    orders = [rung.order for rung in rungs]
    if orders != sorted(set(orders)):
        yield Phrase(_("各级没有按时间先后排列，或者有两级在同一天。"))
    if any(order[0] == 0 for order in orders) and any(order[0] and order < (1, 0) for order in orders):
        yield Phrase(_("按时限比例的级和到期前若干工作日的级不能放在同一阶梯里，因为先后无法确定。"))


def rung_faults(rung: Rung, *, has_referral: bool, has_order: bool) -> Iterator[Phrase]:
    if not NAME.fullmatch(rung.name):
        yield Phrase(_("名称须以小写英文字母开头，只用小写字母、数字和下划线，不超过24个字符。"))
    if not rung.label.strip() or len(rung.label) > LONGEST_LABEL or len(rung.label_en) > 2 * LONGEST_LABEL:
        yield Phrase(_("请填写标题，中文不超过%(most)s个字，英文不超过%(most_en)s个字符。"), {"most": LONGEST_LABEL, "most_en": 2 * LONGEST_LABEL})
    yield from day_faults(rung)
    yield from seat_faults(rung, has_referral)
    if rung.urgency not in URGENCIES:
        yield Phrase(_("轻重程度只能是提醒或者逾期。"))
    if unknown := [channel for channel in rung.channels if channel not in OUTSIDE]:
        yield Phrase(_("没有这样的通知渠道：%(names)s。"), {"names": unknown})
    if not 0 <= rung.ack_days <= MOST_ACK_DAYS:
        yield Phrase(_("签收期限须在0到%(most)s个工作日之间。"), {"most": MOST_ACK_DAYS})
    if not 0 <= rung.order_days <= MOST_ORDER_DAYS:
        yield Phrase(_("督办单的回复期限须在0到%(most)s个工作日之间。"), {"most": MOST_ORDER_DAYS})
    if rung.climbs and not rung.is_late:
        yield Phrase(_("到期之后才能提级。"))
    if rung.order_days and not rung.is_late:
        yield Phrase(_("到期之后才能下达督办单。"))
    if rung.order_days and has_order:
        yield Phrase(_("催办督办单的阶梯不能再下达督办单。"))


def day_faults(rung: Rung) -> Iterator[Phrase]:
    if (rung.share is None) == (rung.working_days is None):
        yield Phrase(_("请在时限比例和工作日之间选填一项。"))
    if rung.share is not None and not 0 < rung.share < 1:
        yield Phrase(_("时限比例须在百分之一到百分之九十九之间。"))
    if rung.working_days is not None and abs(rung.working_days) > MOST_DAYS:
        yield Phrase(_("到期前后不能超过%(most)s个工作日。"), {"most": MOST_DAYS})


def seat_faults(rung: Rung, has_referral: bool) -> Iterator[Phrase]:
    if not rung.tells:
        yield Phrase(_("请至少选择一个通知对象。"))
    unknown = [seat for seat in rung.tells if seat not in SEATS and role_at(seat) is None]
    if unknown:
        yield Phrase(_("没有这样的通知对象：%(names)s。"), {"names": unknown})
    if not has_referral and not set(rung.tells).isdisjoint(OF_REFERRALS):
        yield Phrase(_("移送人、协同单位和裁定人只有移送的时限才有。"))


def rungs_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Rung, ...]:
    return tuple(Rung.from_json(rung) for rung in stored)
