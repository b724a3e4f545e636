"""Claims as a CSV file that a spreadsheet opens as it is: UTF-8 with mark, nothing a formula, masked as on the pages."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import CLAIM, ENDINGS, REJECT_GROUNDS, RESULTS
from arrears.models import Claim
from arrears.models.claims import CHANNELS
from grid.roles import LEVEL_LABELS

BOM = "\ufeff"  # without it a Chinese spreadsheet reads the file as GBK
CHUNK = 1000
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
STANDINGS = {
    "overdue": _("已逾期"), "past_target": _("已过内部目标"), "near": _("三日内到期"), "on_time": _("未到期"), "none": "",
    "suspended": _("中止中"),
}  # fmt: skip
RESULT_LABELS = dict((*RESULTS, *ENDINGS, *REJECT_GROUNDS))

Column = tuple[str | Promise, Callable[[Claim, date], Any]]
COLUMNS: tuple[Column, ...] = (
    (_("案号"), lambda claim, today: claim.number),
    (_("阶段"), lambda claim, today: gettext(CLAIM.state(claim.stage).label)),
    (_("办理层级"), lambda claim, today: gettext(LEVEL_LABELS[claim.level])),
    (_("所属地区"), lambda claim, today: claim.region.full_name),
    (_("劳动者"), lambda claim, today: claim.worker_name),
    (_("涉及人数"), lambda claim, today: claim.worker_count),
    (_("被申请方"), lambda claim, today: claim.respondent_name),
    (_("主张金额"), lambda claim, today: claim.claimed),
    (_("核定金额"), lambda claim, today: claim.verified),
    (_("约定金额"), lambda claim, today: claim.agreed),
    (_("已付金额"), lambda claim, today: claim.paid),
    (_("尚欠金额"), lambda claim, today: claim.unpaid),
    (_("来源"), lambda claim, today: dict(CHANNELS)[claim.channel]),
    (_("收到日期"), lambda claim, today: claim.received_on),
    (_("登记时间"), lambda claim, today: claim.registered_at),
    (_("最近到期"), lambda claim, today: claim.due_on),
    (_("法定或约定期限"), lambda claim, today: claim.limit_on),
    (_("时限状态"), lambda claim, today: STANDINGS[claim.standing_on(today)]),
    (_("经办人"), lambda claim, today: claim.handler),
    (_("结果"), lambda claim, today: gettext(RESULT_LABELS[claim.result]) if claim.result else ""),
    (_("办结日期"), lambda claim, today: claim.closed_on),
)


class Line:
    """A file that gives each written line back."""

    def write(self, line: str) -> str:
        return line


def csv_of(claims: Iterable[Claim], today: date, language: str) -> Iterator[str]:
    """The file in pieces. `language` is set again because the pieces are asked for after the view has returned."""
    writer = csv.writer(Line())
    with override(language):
        yield BOM + writer.writerow([cell(str(title)) for title, value in COLUMNS])
    for claim in claims:
        with override(language):
            line = writer.writerow([cell(value(claim, today)) for title, value in COLUMNS])
        yield line


def cell(value: Any) -> str:
    """Text that starts like a formula gets an apostrophe, or a name typed by a stranger would run on an officer's
    machine."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA) else text
