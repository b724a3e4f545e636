"""manage.py sweep: fires the rungs that are due, or says what would be fired.

    sweep --dry-run                       as of now, without writing anything
    sweep --dry-run --at 2026-03-10       as of the end of that day
    sweep --at 2026-03-10T09:30 --json    for machines; without a zone it is Asia/Shanghai
"""

import json
import re
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears import escalation
from arrears.deadlines import RULES
from arrears.escalation import Sweep
from arrears.escalation.run import REASONS
from arrears.ladders.rungs import Rung, seat_phrase
from arrears.timing.watches import UNACKED
from grid.days import SHANGHAI
from grid.roles import LEVEL_LABELS

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("--at", help="the instant to sweep as of (ISO 8601); default: now")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only say what would be done")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object")

    def handle(self, *args: Any, at: str | None, dry_run: bool, as_json: bool, **options: Any) -> None:
        now = timezone.now() if at is None else instant(at)
        silent = escalation.standing(now)  # before the sweep sets its watches on what comes next
        done = escalation.sweep(now, dry_run=dry_run)
        done.not_escalated += silent
        self.stdout.write(to_json(done) if as_json else "\n".join(lines(done)))


def instant(text: str) -> datetime:
    """A day alone means its end, so that everything the day brings is included."""
    try:
        if DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time.max, SHANGHAI)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise CommandError(
            _("--at 的值“%(text)s”不是可用的时间，请写成 2026-03-10 或 2026-03-10T09:30。") % {"text": text}
        ) from None


def to_json(done: Sweep) -> str:
    answer = {
        "at": done.at.astimezone(SHANGHAI).isoformat(),
        "dry_run": done.dry_run,
        "escalated": done.escalated,
        "counts": done.counts,
        "not_escalated": {reason: done.not_escalated[reason] for reason in REASONS},
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def lines(done: Sweep) -> Iterator[str]:
    """One line for each rung, one for each reason, one sentence."""
    for row in done.escalated:
        yield "  ".join(cells(row))
    for reason, count in done.not_escalated.most_common():
        yield _("未提级：%(reason)s，%(count)s 个时限") % {"reason": _(REASONS[reason]), "count": count}
    yield sentence(done)


def cells(row: dict[str, Any]) -> Iterator[str]:
    yield row["number"]
    yield RULES[row["rule"]].name
    yield _("到期 %(day)s") % {"day": row["due_on"]}
    yield Rung(row["rung"], row["label"], (), label_en=row["label_en"]).text(get_language() or "", _)
    if row["cause"] == UNACKED:
        yield _("上一次提醒无人签收，提前发出")
    if row["orders"]:
        yield _("向%(level)s下达督办单") % {"level": _(LEVEL_LABELS[row["orders"]])}
    if row["climbs_to"]:
        yield _("提级至%(level)s") % {"level": _(LEVEL_LABELS[row["climbs_to"]])}
    names = Counter(told["name"] for told in row["told"])
    yield _("通知：%(names)s") % {"names": _("、").join(names)} if names else _("没有通知任何人")
    if row["vacant"]:
        posts = [seat_phrase(post).text(_) for post in row["vacant"]]
        yield _("空缺：%(posts)s") % {"posts": _("、").join(posts)}


def sentence(done: Sweep) -> str:
    counts = {**done.counts, "at": done.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")}
    if done.dry_run:
        return _(
            "试算（%(at)s）：%(clocks)s 个时限将发出 %(rungs)s 次督办，%(climbed)s 次提级，通知 %(notices)s 条；没有写入任何内容。"
        ) % counts
    return _("督办（%(at)s）：%(clocks)s 个时限发出 %(rungs)s 次督办，%(climbed)s 次提级，通知 %(notices)s 条。") % counts
