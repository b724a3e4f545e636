"""What whoever reported does while nobody has decided yet: brings more papers, or says that it is no longer needed. Neither
decides the report: an official does, who reads it."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from arrears.models import Report, ReportFile
from arrears.reports.clock import announce, people_of
from arrears.reports.deciding import hold_report
from arrears.reports.receiving import keep_files
from arrears.reports.record import record
from arrears.scanning import scan
from grid.days import day_of
from grid.duty import Roster
from grid.refused import Refused

MOST_FILES = 10


def add_files(report: Report, uploads: Sequence[UploadedFile], *, now: datetime) -> list[ReportFile]:
    """Those that are new. Raises Refused: decided_already, too_many_files, and as evidence.keep."""
    with ExitStack() as files, transaction.atomic():
        held = waiting(report)
        known = {row.pk for row in held.files.all()}
        if len(known) + len(uploads) > MOST_FILES:
            raise Refused("too_many_files", _("网上补充的材料已经很多，其余的请直接交给工作人员。"))
        added = [row for row in keep_files(held, uploads, files, now) if row.pk not in known]
        if added:
            record(held, "added", None, now=now, count=len(added))
            tell(held, f"added:{now.timestamp()}", now)
    for row in added:
        scan(row, now=now)
    return added


def say_unwanted(report: Report, text: str, *, now: datetime) -> None:
    """Raises Refused: decided_already, said_already."""
    with transaction.atomic():
        held = waiting(report)
        if held.events.filter(kind="unwanted").exists():
            raise Refused("said_already", _("您已经提出过，工作人员会联系您确认。"))
        record(held, "unwanted", None, now=now, text=text.strip())
        tell(held, "unwanted", now)


def waiting(report: Report) -> Report:
    held = hold_report(report)
    if not held.is_waiting:
        raise Refused("decided_already", _("这条反映已经有人处理过了。"))
    return held


def tell(report: Report, key: str, now: datetime) -> None:
    announce(report, "report_added", people_of(report, {"level"}, Roster.around(report.region_id, day_of(now))), now, key=key)
