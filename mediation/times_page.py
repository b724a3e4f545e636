"""What the page 找时间 shows: the proposals by day, and in whole sentences why the rest fell out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediation.finding import Times
from mediation.slots.finding import Out, Proposal
from mediation.slots.masks import clock


@dataclass(frozen=True)
class Offer:
    proposal: Proposal
    starts: time
    ends: time
    is_usual: bool  # with the mediator whose case it is

    @property
    def take(self) -> str:
        """What the button sends."""
        one = self.proposal
        return f"{one.day.isoformat()} {self.starts:%H:%M} {one.place.key} {one.mediator.key}"


@dataclass(frozen=True)
class Line:
    who: str
    why: str
    days: str  # 3月3日、3月5日至7日; "": always


# kind → code → sentence; days follow where it is only on some.
WHY = {
    "day": {
        "rest": lambda: _("放假或周末"), "not_a_hearing_day": lambda: _("不是开庭日"), "short_notice": lambda: _("来不及提前通知"),
        "past_limit": lambda: _("超过十五日的调解期限"), "no_calendar": lambda: _("还没有这一年的放假安排"),
        "no_room": lambda: _("调解室都不空"), "no_mediator": lambda: _("调解员都不空"), "never_together": lambda: _("调解室和调解员空的时间对不上"),
        "no_common_hour": lambda: _("开庭时间内当事人没有都方便的时间"),
    },
    "place": {
        "taken": lambda: _("已排满"), "blackout": lambda: _("停用"), "too_small": lambda: _("坐不下"), "steps": lambda: _("有台阶，当事人需要无台阶的场所"),
        "equipment": lambda: _("没有需要的设备"), "other_medium": lambda: _("不是所要的方式"), "not_asked": lambda: _("没有选它"),
    },
    "mediator": {
        "taken": lambda: _("已排满"), "leave": lambda: _("请假"), "capacity": lambda: _("当天场数已到上限"), "recused": lambda: _("回避，或回避申请待决定"),
        "off_panel": lambda: _("不在调解员名册"), "in_court": lambda: _("经办的案件要去法院或仲裁委开庭"),
        "language": lambda: _("不会当事人需要的语言，也没有另请翻译"), "not_asked": lambda: _("没有选这位"),
    },
    "party": {"unsuited": lambda: _("说过不方便"), "heard_elsewhere": lambda: _("要参加其他调解会"), "in_court": lambda: _("要去法院或仲裁委开庭")},
}  # fmt: skip
MOST_LINES = 40  # of rooms or of mediators


@dataclass(frozen=True)
class TimesPage:
    times: Times

    @property
    def offers(self) -> list[Offer]:
        wish = self.times.wish
        return [
            Offer(one, clock(one.minute), clock(one.minute + wish.length), one.mediator.key == wish.mediator)
            for one in self.times.found.proposals
        ]

    @property
    def by_day(self) -> list[tuple[date, list[Offer]]]:
        offers = sorted(self.offers, key=lambda offer: offer.proposal[:2])
        return [(day, list(found)) for day, found in groupby(offers, key=lambda offer: offer.proposal.day)]

    @property
    def days(self) -> list[Line]:
        return self.lines("day", "party")

    @property
    def rooms(self) -> list[Line]:
        return self.lines("place")

    @property
    def mediators(self) -> list[Line]:
        return self.lines("mediator")

    def lines(self, *kinds: str) -> list[Line]:
        outs = [out for out in self.times.found.outs if out.kind in kinds]
        return [Line(out.who, WHY[out.kind][out.code](), said_days(out)) for out in outs[:MOST_LINES]]

    @property
    def needs(self) -> list[str]:
        """What was asked of room and mediator because of the parties."""
        wish = self.times.wish
        said = [ngettext("连调解员 %(n)s 人", "连调解员 %(n)s 人", wish.people) % {"n": wish.people}]
        if wish.is_step_free:
            said.append(_("无台阶"))
        if wish.languages:
            said.append(_("会当事人需要的语言，或另请翻译"))
        return said


def said_days(out: Out) -> str:
    """Runs of days as from–to; of very many only how many."""
    runs = list(runs_of(out.days))
    if len(runs) > 5:
        return ngettext("%(n)s 天", "%(n)s 天", len(out.days)) % {"n": len(out.days)}
    return _("、").join(f"{first:%m-%d}" if first == last else f"{first:%m-%d}–{last:%m-%d}" for first, last in runs)


def runs_of(days: Iterable[date]) -> Iterable[tuple[date, date]]:
    first = last = None
    for day in days:
        if last is not None and (day - last).days == 1:
            last = day
            continue
        if first is not None:
            yield first, last
        first = last = day
    if first is not None:
        yield first, last
