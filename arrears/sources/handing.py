"""Changes handed over as a file: everything since the last one, together, xlsx or csv. Texts stay texts: a cell that
begins like a formula is written as it stands and never computed."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from arrears.export import BOM, cell
from arrears.models import Returned, ReturnFile, Source
from arrears.models.sources import FILE, SENT, WAITS
from arrears.sources.keeping import may_hand_out, write_record
from arrears.sources.payload import payloads_of
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOST = 20_000  # of one file; the next takes the rest
# Head → what of the payload. These files go to an office of this city: their heads are Chinese in every language.
COLUMNS = (
    ("工单编号", "external_number"), ("办理状态", "state_text"), ("贵方状态", "your_state"), ("时间", "at"), ("案号", "claim_number"),
    ("说明", "note"), ("联系方式要求", "contact_text"), ("变更编号", "id"),
)  # fmt: skip


def make_file(source: Source, person: Person, *, now: datetime) -> ReturnFile:
    """Raises Refused: not_your_role, nothing_waits."""
    if not may_hand_out(source, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能导出这个来源的回传文件。"))
    with transaction.atomic():
        Source.objects.select_for_update(no_key=True).get(pk=source.pk)  # two at once would share the rows
        waiting = Returned.objects.filter(source=source, way=FILE, standing=WAITS).order_by("at", "id")
        rows = list(waiting.values_list("pk", flat=True)[:MOST])
        if not rows:
            raise Refused("nothing_waits", _("上次导出以后没有新的状态变更。"))
        made = ReturnFile.objects.create(source=source, made_at=now, made_by=person, count=len(rows))
        Returned.objects.filter(pk__in=rows).update(file=made, standing=SENT, sent_at=now)
        write_record(source, "file_made", person, now=now, count=len(rows))
    return made


def lines_of(file: ReturnFile) -> Iterator[list[str]]:
    yield [head for head, _name in COLUMNS]
    rows = file.rows.select_related("source", "report", "claim").order_by("at", "id")
    for payload in payloads_of(rows):
        yield [str(payload[name]) for _head, name in COLUMNS]


def as_csv(file: ReturnFile) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([cell(text) for text in line] for line in lines_of(file))
    return (BOM + written.getvalue()).encode()


def as_xlsx(file: ReturnFile) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, plain = book.add_worksheet("办理状态"), book.add_format({"num_format": "@"})
        sheet.set_column(0, len(COLUMNS) - 1, 24, plain)
        sheet.freeze_panes(1, 1)
        for number, line in enumerate(lines_of(file)):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text, plain)
    return made.getvalue()
