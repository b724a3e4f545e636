"""The one way an event of a report is written; what its source is told of it is written with it."""

from datetime import datetime
from typing import Any

from arrears.models import Report, ReportEvent
from arrears.sources import returning
from grid.models import Person


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


# Kind → what officials read, and what the person who reported reads ("": it is not told).
KINDS = {
    "received": (_("收到反映"), _("收到您的反映")),
    "updated": (_("来源更新了内容"), _("来源单位补充了内容")),
    "added": (_("反映人补充了材料"), _("您补充了材料")),
    "attached": (_("来源单位补充了材料"), _("来源单位补充了材料")),
    "infected": (_("一个文件查出病毒，已隔离"), _("您交的一个文件查出病毒，没有人能打开。请重新拍照再交")),
    "unwanted": (_("反映人说不用再办"), _("您说不用再办")),
    "routed": (_("转交其他乡镇（街道）"), _("转交负责的乡镇（街道）")),
    "climbed": (_("超过期限没有答复，转由上级负责"), _("超过期限，转由上级负责")),
    "accepted": (_("登记为案件"), _("登记为案件，开始办理")),
    "adopted": (_("采用来源更新的内容"), ""),
    "joined": (_("并入在办案件"), _("和在办的案件是同一件事，一起办理")),
    "answered": (_("答复来源单位"), ""),
    "split": (_("随劳动者转到另立的案件"), ""),
    "reopened": (_("撤销“不登记”，重新处理"), _("重新处理您的反映")),
    "declined": (_("不登记为案件"), _("没有登记为案件，理由见上")),
}


def record(report: Report, kind: str, by: Person | None, /, *, now: datetime, **facts: Any) -> ReportEvent:
    assert kind in KINDS
    said = {name: fact for name, fact in facts.items() if fact not in ("", None)}
    event = ReportEvent.objects.create(report=report, kind=kind, at=now, by=by, facts=said)
    returning.of_report(report, event)
    return event
