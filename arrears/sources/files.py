"""What an office attaches to its work order: looked at, kept and scanned as every file, once for each number the office gives it
and once for each content. While nobody has decided it waits with the report; afterwards it is evidence of the claim as well."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from arrears.evidence import LONGEST_TITLE, look_at, sha256_of
from arrears.models import Report, ReportFile, Source
from arrears.models.reports import DECLINED
from arrears.reports.adding import tell
from arrears.reports.deciding import add_files
from arrears.reports.receiving import keep_files
from arrears.reports.record import record
from arrears.scanning import scan
from arrears.sources.holding import hold_with_claim
from arrears.sources.taking import CREATED, KNOWN, find, tell_owners
from grid.refused import Refused

MOST_FILES = 30  # of one order


@dataclass(frozen=True)
class Attached:
    result: str  # CREATED, KNOWN
    file: ReportFile


def attach(source: Source, external_number: str, upload: UploadedFile, *, now: datetime, file_number: str = "", title: str = "") -> Attached:
    """Raises Refused: no_order, declined, claim_closed, file_number_used, too_many_files, and as evidence.keep."""
    report = find(source, external_number)
    if report is None:
        raise Refused("no_order", _("没有这个编号的工单，请先发送工单。"))
    look_at(upload)  # before anything is held
    fingerprint = sha256_of(upload)
    if known := known_file(report, file_number, fingerprint):
        return Attached(KNOWN, known)  # nothing is held for what is there
    with ExitStack() as files, transaction.atomic():
        held, claim = hold_with_claim(report)
        if known := known_file(held, file_number, fingerprint):
            return Attached(KNOWN, known)
        check_open(held)
        if claim and not claim.is_open:
            raise Refused("claim_closed", _("案件 %(number)s 已经结束，不再收材料。") % {"number": claim.number})
        kept = next(row for row in keep_files(held, [upload], files, now) if row.sha256 == fingerprint)
        kept.external_number, kept.title = file_number, title.strip()[:LONGEST_TITLE] or kept.title
        kept.save(update_fields=["external_number", "title"])
        record(held, "attached", None, now=now, title=kept.title, sha256=fingerprint)
        if claim:
            add_files(held, claim, None, now)
            tell_owners(held, claim, f"attached:{kept.pk}", now)
        else:
            tell(held, f"attached:{kept.pk}", now)
    scan(kept, now=now)
    return Attached(CREATED, kept)


def known_file(report: Report, file_number: str, fingerprint: str) -> ReportFile | None:
    """Raises Refused: the same number with another content is two files that somebody mixed up."""
    rows = list(report.files.all())
    numbered = next((row for row in rows if file_number and row.external_number == file_number), None)
    if numbered and numbered.sha256 != fingerprint:
        raise Refused("file_number_used", _("这个文件编号已经用过，内容不同。新的文件请用新的编号。"))
    return numbered or next((row for row in rows if row.sha256 == fingerprint), None)


def check_open(report: Report) -> None:
    if report.state == DECLINED:
        raise Refused("declined", _("这件工单没有登记为案件。有新情况的，请先更新工单，再传材料。"))
    if report.files.count() >= MOST_FILES:
        raise Refused("too_many_files", _("这件工单的材料已有 %(n)s 个，不能再加。") % {"n": MOST_FILES})
