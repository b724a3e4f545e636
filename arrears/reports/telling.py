"""What somebody who reported is told by SMS, as they said it is safe; the page says the rest."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from arrears.models import Report
from arrears.worker.hours import WORKER_SMS
from arrears.worker.words import DISCREET
from grid import tasklist
from grid.addressees import Addressee, Contact, add_addressee
from grid.bulk import insert
from grid.channels import is_set_up
from grid.models import Person
from grid.notices import rows_to
from grid.tasklist import TaskKind
from grid.tasklist import add_kinds as add_task_kinds

REPORTER = "reporter"
SMS = "sms"
VISIT = "tell_reporter"


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.tasklist translates it."""
    return text


add_task_kinds((
    TaskKind(
        VISIT, _("告诉反映人处理结果：%(number)s"),
        _("群众反映 %(number)s 的反映人没有手机，或者不让发短信。请按他留下的办法当面告诉他结果，不要让单位知道。"),
    ),
))  # fmt: skip


def tell_reporter(report: Report, kind: str, *, now: datetime, by: Person | None = None, **facts: Any) -> None:
    """Once for each kind of news of the report. Whom no message reaches is told by whoever decided (`by`)."""
    if not report.sms_number:
        if by is not None and report.source_id is None:  # an office that sent it tells them
            ask_for_visit(report, by, now)
        return
    if not is_set_up(SMS):
        return
    is_open = report.contact_rule == "open"
    said = {"query": report.public_number, "url": f"{settings.SITE_URL.rstrip('/')}/track/", **facts} if is_open else {}
    rows = rows_to(
        [Addressee(REPORTER, report.pk)], kind if is_open else DISCREET, key=f"reporter:{report.pk}:{kind}", now=now,
        facts=said, path=f"/reports/{report.pk}/", subject_id=report.pk, region_code=report.region_id,
    )  # fmt: skip
    insert(rows, ignore_conflicts=True)


def ask_for_visit(report: Report, by: Person, now: datetime) -> None:
    tasklist.add(
        by, VISIT, key=f"reporter:{report.pk}", now=now, facts={"number": report.public_number}, path=f"/reports/{report.pk}/",
        subject_id=report.pk, region_code=report.region_id,
    )  # fmt: skip


def reached(pk: UUID) -> Contact | None:
    report = Report.objects.filter(pk=pk).first()
    if report is None:
        return None
    nobody = gettext("%(number)s 的反映人") % {"number": report.public_number}  # a failure is told to people who see no report
    return Contact(report.pk, nobody, phone=report.sms_number, may_be_told=bool(report.sms_number), quiet=WORKER_SMS.quiet)


add_addressee(REPORTER, reached)
