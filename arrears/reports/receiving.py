"""Taking a report in: once, with its day, and somebody is told at once."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from arrears.evidence import look_at, sha256_of, stored, title_of
from arrears.models import Report, ReportFile, Site, Source
from arrears.models.evidence import stored_as
from arrears.models.reports import NONE, OWN
from arrears.reports import telling
from arrears.reports.around import Around
from arrears.reports.clock import announce, due_day, people_of, set_call
from arrears.reports.record import record
from arrears.scanning import scan
from arrears.worker.slips import code_of_form, index_of
from grid.days import day_of
from grid.models import Region
from grid.roles import CITY, COUNTY, TOWNSHIP


@dataclass
class Said:
    """What somebody reports, checked by whoever read it in."""

    region: Region
    kind: str = "construction"
    name: str = ""
    phone: str = ""
    contact_rule: str = "open"
    reach: str = OWN
    reach_note: str = ""
    employer: str = ""
    site: Site | None = None
    place: str = ""
    amount: Decimal | None = None
    people: int | None = None
    story: str = ""
    channel: str = "online"
    answer_by: date | None = None


def receive(
    said: Said, *, now: datetime, once: str | None = None, source: Source | None = None, external_number: str = "",
    fingerprint: str = "", as_told: dict[str, Any] | None = None, told_at: datetime | None = None, received_on: date | None = None,
    uploads: Sequence[UploadedFile] = (), around: Around | None = None,
) -> Report:  # fmt: skip
    """The report; of what was sent already (`once`) the one that is there. Raises Refused for a file that cannot be kept, IntegrityError
    for a number its source has used (arrears.sources.taking asks before)."""
    if once and (known := Report.objects.filter(once=once).first()):
        return known
    around = around or Around(now)
    report = row_of(said, received_on or day_of(now), around)
    report.once, report.source, report.external_number, report.fingerprint = once, source, external_number, fingerprint
    if once and report.reach == NONE:
        report.slip = index_of(report.public_number, code_of_form(once))
    kept: list[ReportFile] = []
    report.as_told, report.told_at = as_told or {}, told_at
    try:
        with ExitStack() as files, transaction.atomic():
            report.save(force_insert=True)
            record(report, "received", None, now=now)
            if uploads:
                kept = keep_files(report, uploads, files, now)
            people = people_of(report, {"level"}, around.roster(report.region_id))
            announce(report, "report_arrived", people, now, key="arrived", ways=around.ways(people))
            telling.tell_reporter(report, "report_received", now=now, due=report.due_on.isoformat())
    except IntegrityError:  # two taps at once
        if once and (known := Report.objects.filter(once=once).first()):
            return known
        raise
    for file in kept:
        scan(file, now=now)
    return report


def row_of(said: Said, received_on: date, around: Around) -> Report:
    code, calendar = said.region.code, around.calendar
    report = Report(
        region=said.region, **codes_of(code), level=level_of(code), kind=said.kind, name=said.name, phone=said.phone,
        contact_rule="none" if said.reach == NONE else said.contact_rule, reach=said.reach, reach_note=said.reach_note,
        employer=said.employer, site=said.site, place=said.place, amount=said.amount,
        people=said.people, story=said.story, channel=said.channel, answer_by=said.answer_by, received_at=around.now,
        received_on=received_on, due_on=due_day(received_on, said.answer_by, calendar),
    )  # fmt: skip
    set_call(report, around.book, calendar, around.now)
    return report


def codes_of(code: str) -> dict[str, str]:
    """The columns by which it is seen. An order whose township nobody could tell belongs to the county, or to the city."""
    return {
        "city_code": code[:4], "county_code": code[:6] if len(code) >= 6 else "", "township_code": code[:9] if len(code) >= 9 else "",
        "village_code": code if len(code) == 12 else "",
    }  # fmt: skip


def level_of(code: str) -> str:
    return {4: CITY, 6: COUNTY}.get(len(code), TOWNSHIP)


def keep_files(report: Report, uploads: Sequence[UploadedFile], files: ExitStack, now: datetime) -> list[ReportFile]:
    """`files` takes them away again if the transaction inside it fails."""
    kept: dict[str, ReportFile] = {row.sha256: row for row in report.files.all()}
    for upload in uploads:
        found, fingerprint = look_at(upload), sha256_of(upload)
        if fingerprint in kept:
            continue
        row = ReportFile(
            report=report, title=title_of("", upload), original_name=Path(upload.name or "").name[-200:], extension=found.ext,
            mime=found.mime, size=upload.size, sha256=fingerprint, added_at=now,
        )  # fmt: skip
        row.file.name = stored_as(row, "")
        files.enter_context(stored(row, upload))
        row.save(force_insert=True)
        kept[fingerprint] = row
    return list(kept.values())


def check_files(uploads: Sequence[UploadedFile]) -> None:
    """Raises Refused, before anything is written."""
    for upload in uploads:
        look_at(upload)
