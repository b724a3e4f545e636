"""manage.py import_ledger FILE --mapping MAP: brings an old register in, row by row accounted for."""

import csv
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from arrears.ledger.files import BadFile, Sheet, read_sheet
from arrears.ledger.mapping import BadMapping, Mapping, load_mapping
from arrears.ledger.plan import IMPORTED, REFUSED, SKIPPED, Entry, Plan
from arrears.ledger.rows import Finding
from arrears.ledger.writing import bring_in

MOST_ROWS = 20
MOST_LINES = 5


class Command(BaseCommand):
    help = (
        "Brings an old register (CSV) in as cases with their history, as the mapping says (arrears/ledger/"
        "legacy_ledger.toml explains every key). Every row is imported, skipped or refused with its cause, or was "
        "imported before and is unchanged; running it again changes nothing. Exit code 0 also when rows are refused: "
        "they are the report's. Exit code 1, and nothing written, when the file or the mapping cannot be used. The "
        "last line of output is one sentence with the counts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the register, CSV in UTF-8 or GB 18030")
        parser.add_argument("--mapping", type=Path, required=True, help="what its columns mean, TOML")
        parser.add_argument("--dry-run", action="store_true", help="print the same report and write nothing")
        parser.add_argument(
            "--report", type=Path, help="write every refused and skipped row with its causes to this CSV"
        )

    def handle(self, *args: Any, file: Path, mapping: Path, dry_run: bool, report: Path | None, **options: Any) -> None:
        try:
            rules = load_mapping(mapping)
            sheet = read_sheet(file)
            plan = bring_in(sheet, rules, now=timezone.now(), is_dry_run=dry_run)
        except (BadMapping, BadFile) as bad:
            raise CommandError(bad.cause.text(_)) from None
        if report:
            write_report(report, plan, sheet)
        for line in lines_of(plan, sheet, rules, dry_run, report):
            self.stdout.write(line)


def lines_of(plan: Plan, sheet: Sheet, mapping: Mapping, is_dry_run: bool, report: Path | None) -> Iterator[str]:
    yield _("%(file)s（%(encoding)s）按“%(ledger)s”的对照表读取。") % {
        "file": sheet.name, "encoding": sheet.encoding, "ledger": mapping.title,
    }  # fmt: skip
    if plan.unread:
        yield _("对照表没有提到、因而未读取的列：%(columns)s。") % {"columns": _("、").join(plan.unread)}
    yield from rows_of(_("拒绝的行："), plan.having(REFUSED), report)
    yield from rows_of(_("跳过的行："), plan.having(SKIPPED), report)
    yield from warnings_of(plan.having(IMPORTED))
    yield from sums_of(plan.having(IMPORTED))
    if is_dry_run:
        yield _("试运行，没有写入任何数据。")
    yield _(
        "台账 %(rows)s 行：导入 imported %(imported)s，跳过 skipped %(skipped)s，拒绝 refused %(refused)s，"
        "未变 unchanged %(unchanged)s。"
    ) % {"rows": len(plan.entries), **plan.counts}


def rows_of(heading: str, entries: list[Entry], report: Path | None) -> Iterator[str]:
    if entries:
        yield heading
    for entry in entries[:MOST_ROWS]:
        for finding in entry.findings:
            yield "  " + _("第 %(line)s 行%(where)s：%(cause)s") % said(entry, finding)
    if len(entries) > MOST_ROWS:
        yield (
            "  "
            + _("……另有 %(count)s 行。") % {"count": len(entries) - MOST_ROWS}
            + ("" if report else _("用 --report 文件.csv 得到完整清单。"))
        )


def said(entry: Entry, finding: Finding) -> dict[str, Any]:
    where = [entry.key, f"〔{finding.column}〕" if finding.column else ""]
    return {"line": entry.line, "where": "".join(f" {part}" for part in where if part), "cause": finding.cause.text(_)}


def warnings_of(entries: Iterable[Entry]) -> Iterator[str]:
    """One line for each kind of thing that was imported all the same, with the first rows it was seen in."""
    seen: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        for warning in entry.warnings:
            seen[warning.cause.text(_)].append(entry.line)
    if seen:
        yield _("可以导入，但请留意：")
    for cause, lines in seen.items():
        first = _("、").join(str(line) for line in islice(lines, MOST_LINES))
        more = "……" if len(lines) > MOST_LINES else ""
        yield "  " + _("%(cause)s：%(count)s 行（第 %(lines)s 行）") % {
            "cause": cause,
            "count": len(lines),
            "lines": first + more,
        }


def sums_of(entries: list[Entry]) -> Iterator[str]:
    def total(name: str) -> Decimal:
        return sum((getattr(entry.draft, name) or Decimal(0) for entry in entries), Decimal(0))

    if entries:
        yield _("导入金额合计：主张 %(claimed)s 元，核定 %(verified)s 元，已付 %(paid)s 元。") % {
            name: f"{total(name):,.2f}" for name in ("claimed", "verified", "paid")
        }


def write_report(path: Path, plan: Plan, sheet: Sheet) -> None:
    """Byte order mark, so that spreadsheets open it as UTF-8. A cell that would start a formula is made text."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_("行"), _("编号"), _("处理"), _("列"), _("原因")])
            for entry in [*plan.having(REFUSED), *plan.having(SKIPPED)]:
                for finding in entry.findings:
                    writer.writerow(
                        [entry.line, calm(entry.key), entry.verdict, calm(finding.column), calm(finding.cause.text(_))]
                    )
    except OSError as error:
        raise CommandError(_("无法写入 %(path)s（%(error)s）。") % {"path": path, "error": error.strerror}) from None


def calm(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
