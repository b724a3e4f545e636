"""The verbs of a wage sheet in a draft: handing it in, saying what its columns are, correcting a cell, leaving a line
out. Nothing of it is a claim before all of it is (arrears.sheet_registering)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.ledger.files import BadFile
from arrears.models import IntakeDraft, WageSheet
from arrears.sheets.apart import read_apart
from arrears.sheets.check import Checked, check
from arrears.sheets.choice import Choice, first_choice, unpack_choice
from arrears.sheets.fields import MONEY_FIELDS
from arrears.sheets.table import Table, pack, unpack
from grid.refused import Refused

MOST_BYTES = 10 * 1024 * 1024
LONGEST_FIX = 200
LONGEST_REASON = 100


@dataclass
class Kept:
    """An open sheet: its cells, and what has been said about them."""

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
    def checked(self) -> Checked:
        return check(self.tables, self.choice, self.fixes, frozenset(self.left), self.today)

    @property
    def lacks(self) -> list[str]:
        """Why nothing can be registered before the columns are put right."""
        return lacking(self.choice)

    @property
    def is_ready(self) -> bool:
        return not self.lacks and bool(self.checked.workers) and not self.checked.wrong


def lacking(choice: Choice) -> list[str]:
    """Sentences about columns that nobody chose."""
    said = []
    if not choice.tables:
        said.append(_("请至少选一张表。"))
    named = [set(choice.columns(number)) for number in choice.tables]
    if any("name" not in names for names in named):
        said.append(_("请指明哪一列是姓名。"))
    if any(names.isdisjoint(MONEY_FIELDS) for names in named):
        said.append(_("请指明至少一列金额（应付、拖欠或单价）。"))
    return said


def put(draft: IntakeDraft, data: bytes, name: str, *, now: datetime) -> WageSheet:
    """Reads the file in a process of its own and keeps it, in the place of the one before. Raises Refused: sheet_large,
    sheet_unreadable; what was there before stays."""
    if len(data) > MOST_BYTES:
        raise too_large(len(data))
    try:
        tables = read_apart(data, name)
    except BadFile as bad:
        raise Refused("sheet_unreadable", bad.cause.text(_)) from bad
    row = WageSheet(draft=draft, name=name[-200:])
    row.put_original(data)
    row.put_tables(pack(tables))
    row.put_answers({"choice": first_choice(tables).pack(), "fixes": {}, "left": {}})
    with transaction.atomic():
        held = held_still(draft)
        if held:
            held.delete()
        row.save(force_insert=True)
        touch(draft, now)
    return row


def too_large(size: int) -> Refused:
    return Refused(
        "sheet_large",
        _("文件有 %(size)s MB，工资表最多 %(most)s MB。请删去表里的图片和无关的表，另存后再上传。")
        % {"size": f"{size / 1024 / 1024:,.1f}", "most": MOST_BYTES // 1024 // 1024},
    )


def choose(draft: IntakeDraft, choice: Choice, *, now: datetime) -> None:
    """Which tables, where their headers are, what the columns mean. Corrections stay with their lines."""
    change(draft, now, lambda said: said | {"choice": choice.pack()})


def fix(draft: IntakeDraft, fixes: Mapping[str, Mapping[str, str]], left: Mapping[str, str], back: frozenset[str], *, now: datetime) -> None:
    """Cells as somebody typed them instead, lines left out with the reason, lines taken in again."""

    def with_it(said: dict[str, Any]) -> dict[str, Any]:
        corrected = {key: {**said["fixes"].get(key, {}), **cells} for key, cells in fixes.items()}
        out = {key: reason for key, reason in {**said["left"], **left}.items() if key not in back}
        return said | {"fixes": {**said["fixes"], **corrected}, "left": out}

    change(draft, now, with_it)


def change(draft: IntakeDraft, now: datetime, how: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    with transaction.atomic():
        row = held_still(draft)
        if row is None:
            raise Refused("no_sheet", _("还没有上传工资表。"))
        row.put_answers(how(row.packed_answers()))
        row.asked_at, row.refused, row.tries = None, "", 0
        row.save(update_fields=["answers", "asked_at", "refused", "tries"])
        touch(draft, now)


def drop(draft: IntakeDraft, *, now: datetime) -> None:
    with transaction.atomic():
        if row := held_still(draft):
            row.delete()
            touch(draft, now)


def held_still(draft: IntakeDraft) -> WageSheet | None:
    """Raises Refused: under_way, while it is being registered."""
    row = WageSheet.objects.select_for_update().defer("original", "tables").filter(draft=draft).first()
    if row and row.is_under_way:
        raise Refused("under_way", _("这份工资表正在登记，请等它完成。"))
    return row


def touch(draft: IntakeDraft, now: datetime) -> None:
    IntakeDraft.objects.filter(pk=draft.pk, updated_at__lt=now).update(updated_at=now)
