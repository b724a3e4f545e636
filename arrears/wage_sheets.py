"""The verbs of a wage sheet in a draft: handing it in, saying what its columns are, correcting a cell, leaving a line
out. Nothing of it is a claim before all of it is (arrears.sheet_registering)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.ledger.files import BadFile
from arrears.models import IntakeDraft, WageSheet
from arrears.sheet_kept import Kept, checked
from arrears.sheets.apart import read_apart
from arrears.sheets.choice import Choice, first_choice
from arrears.sheets.table import pack
from grid.days import day_of
from grid.refused import Refused

MOST_BYTES = 10 * 1024 * 1024
LONGEST_FIX = 200
LONGEST_REASON = 100


def put(draft: IntakeDraft, data: bytes, name: str, *, now: datetime) -> Kept:
    """Reads the file in a process of its own, checks it and keeps it, in the place of the one before. Raises Refused: sheet_large,
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
        kept = checked(row, day_of(now))
        touch(draft, now)
    return kept


def too_large(size: int) -> Refused:
    return Refused(
        "sheet_large",
        _("文件有 %(size)s MB，工资表最多 %(most)s MB。请删去表里的图片和无关的表，另存后再上传。")
        % {"size": f"{size / 1024 / 1024:,.1f}", "most": MOST_BYTES // 1024 // 1024},
    )


def choose(draft: IntakeDraft, choice: Choice, *, now: datetime) -> None:
    """Which tables, where their headers are, what the columns mean. Corrections stay with their lines."""
    change(draft, now, lambda said: said | {"choice": choice.pack()}, edited=None)


def fix(draft: IntakeDraft, fixes: Mapping[str, Mapping[str, str]], left: Mapping[str, str], back: frozenset[str], *, now: datetime) -> None:
    """Cells as somebody typed them instead, lines left out with the reason, lines taken in again."""

    def with_it(said: dict[str, Any]) -> dict[str, Any]:
        corrected = {key: {**said["fixes"].get(key, {}), **cells} for key, cells in fixes.items()}
        out = {key: reason for key, reason in {**said["left"], **left}.items() if key not in back}
        return said | {"fixes": {**said["fixes"], **corrected}, "left": out}

    change(draft, now, with_it, edited=frozenset(fixes))


def change(draft: IntakeDraft, now: datetime, how: Callable[[dict[str, Any]], dict[str, Any]], *, edited: frozenset[str] | None) -> None:
    """`edited`: keys of the lines that have to be read again; None: all of them."""
    with transaction.atomic():
        row = held_still(draft)
        if row is None:
            raise Refused("no_sheet", _("还没有上传工资表。"))
        row.put_answers(how(row.packed_answers()))
        row.asked_at, row.refused, row.tries = None, "", 0
        row.save(update_fields=["answers", "asked_at", "refused", "tries"])
        checked(row, day_of(now), edited)
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
