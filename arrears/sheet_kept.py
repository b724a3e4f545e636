"""An open wage sheet with what the last check of it found: checked once when it is handed in, afterwards only what a
change touches. Pages read the summary and the lines they show."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.models import Claimant, IntakeDraft, SheetLine, WageSheet
from arrears.sheets.check import again, check, workers_of
from arrears.sheets.choice import Choice, unpack_choice
from arrears.sheets.fields import MONEY_FIELDS
from arrears.sheets.kept import EDITION, Summary, pack_row, pack_summary, sum_up, unpack_row, unpack_summary
from arrears.sheets.people import Worker
from arrears.sheets.rows import TAKEN, WRONG, Row
from arrears.sheets.table import Table, unpack
from grid.bulk import insert
from grid.vault import blind_index

AT_ONCE = 1000  # lines written with one statement
KEY = re.compile(r"(\d{1,4})-(\d{1,8})", re.ASCII)  # of a Row
LACKING = {
    "tables": _("请至少选一张表。"),
    "name": _("请指明哪一列是姓名。"),
    "money": _("请指明至少一列金额（应付、拖欠或单价）。"),
}


@dataclass
class Kept:
    """Its cells, what has been said about them, and what they come to."""

    row: WageSheet
    today: date
    fixes: dict[str, dict[str, str]] = field(init=False)
    left: dict[str, str] = field(init=False)  # reasons, by Row.key

    def __post_init__(self) -> None:
        self.said = self.row.packed_answers()
        self.fixes, self.left = self.said["fixes"], self.said["left"]

    @cached_property
    def tables(self) -> list[Table]:
        return unpack(self.row.packed_tables())

    @cached_property
    def choice(self) -> Choice:
        return unpack_choice(self.tables, self.said["choice"])

    @cached_property
    def packed(self) -> dict[str, Any] | None:
        return self.row.packed_summary()

    @cached_property
    def summary(self) -> Summary:
        assert self.packed is not None, "a sheet is checked before anything is asked of it"
        return unpack_summary(self.packed)

    @property
    def is_fresh(self) -> bool:
        return self.packed is not None and (self.packed["edition"], self.packed["day"]) == (EDITION, self.today.isoformat())

    @property
    def lacks(self) -> list[str]:
        """Why nothing can be registered before the columns are put right."""
        return [gettext(LACKING[code]) for code in self.summary.lacks]

    @property
    def is_ready(self) -> bool:
        return self.summary.is_ready

    def rows(self, *verdicts: str) -> list[Row]:
        """All of these verdicts; a page of them reads `row.lines` itself."""
        return [unpack_row(line.packed()) for line in self.row.lines.filter(verdict__in=verdicts)]

    def rows_of(self, keys: Iterable[str]) -> dict[str, Row]:
        """Those of the sheet, by key; of what is no key of its lines nothing."""
        wanted: dict[int, list[int]] = {}
        for key in keys:
            if found := KEY.fullmatch(key):
                wanted.setdefault(int(found[1]), []).append(int(found[2]))
        asked = Q(pk__in=[])
        for table, lines in wanted.items():
            asked |= Q(table=table, line__in=lines)
        rows = (unpack_row(line.packed()) for line in self.row.lines.filter(asked)) if wanted else ()
        return {row.key: row for row in rows}

    @cached_property
    def workers(self) -> list[Worker]:
        return workers_of(again(self.rows(TAKEN, WRONG), frozenset()).values(), self.summary.same_name)


def lacking(choice: Choice) -> list[str]:
    """Codes of what is missing of the columns."""
    named = [set(choice.columns(number)) for number in choice.tables]
    found = {
        "tables": not choice.tables,
        "name": any("name" not in names for names in named),
        "money": any(names.isdisjoint(MONEY_FIELDS) for names in named),
    }
    return [code for code, is_lacking in found.items() if is_lacking]


def light() -> QuerySet[WageSheet]:
    """Without what is large and seldom asked for; it is read when it is."""
    return WageSheet.objects.defer("original", "tables")


def kept_of(draft: IntakeDraft, today: date) -> Kept | None:
    """The sheet of a draft, as the last check left it. One of another day is checked again: what is still to come today
    has been worked tomorrow."""
    row = light().filter(draft=draft).first()
    if row is None:
        return None
    kept = Kept(row, today)
    if kept.is_fresh or row.is_under_way:  # what is under way is checked by whoever registers it
        return kept
    with transaction.atomic():
        held = light().select_for_update(of=("self",)).filter(draft=draft).first()
        return held and checked(held, today)


def checked(row: WageSheet, today: date, edited: Set[str] | None = None) -> Kept:
    """Checks it and writes down what was found; whoever calls holds the row. `edited`: keys of the lines that were changed
    since the last check. They are read again, the others only looked at beside them."""
    kept = Kept(row, today)
    before: dict[tuple[int, int], Any] = {}  # keys of what is written down now
    packed: dict[tuple[int, int], list[Any]] = {}
    for line in row.lines.iterator(AT_ONCE) if edited is not None and kept.is_fresh else ():
        before[line.table, line.line], packed[line.table, line.line] = line.pk, line.packed()
    known = again(map(unpack_row, packed.values()), edited or frozenset())
    found = check(kept.tables, kept.choice, kept.fixes, frozenset(kept.left), today, known=known)
    row.put_summary(pack_summary(sum_up(found, today, tuple(lacking(kept.choice)), same_name=kept.choice.same_name)))
    row.save(update_fields=["summary"])
    fresh: Iterable[tuple[Row, list[Any]]] = (
        (one, made) for one in found.rows if (made := pack_row(one)) != packed.get((one.table, one.line))
    )  # fmt: skip
    if before:
        fresh = list(fresh)  # few
        row.lines.filter(pk__in=[before[one.table, one.line] for one, _made in fresh]).delete()
    else:
        row.lines.all().delete()
    write(row, iter(fresh))
    return Kept(row, today)


def write(row: WageSheet, fresh: Iterator[tuple[Row, list[Any]]]) -> None:
    while some := [line_of(row, one, made) for one, made in islice(fresh, AT_ONCE)]:
        insert(some)


def line_of(sheet: WageSheet, row: Row, packed: list[Any]) -> SheetLine:
    number = row.values.get("id_number") if row.verdict == TAKEN else None
    made = SheetLine(
        sheet=sheet, table=row.table, line=row.line, verdict=row.verdict, is_remarked=bool(row.remarks),
        id_index=blind_index(number, Claimant.SEAL) if number else "",
    )  # fmt: skip
    made.put(packed)
    return made
