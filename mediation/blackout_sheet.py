"""Closed times of many rooms from a sheet: read with the house's reader, every line checked, nothing guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from arrears.ledger.cells import BadCell
from arrears.ledger.files import BadFile
from arrears.sheets.apart import read_apart
from arrears.sheets.cells import read_day
from arrears.sheets.header import fields_of, find_header
from arrears.sheets.table import Line, Table
from grid.days import SHANGHAI
from grid.refused import Refused
from mediation.models import Room

MOST_LINES = 500
LONGEST_REASON = 200
HEADS = {
    "room": ("调解室", "房间", "会议室", "场所", "room"),
    "day": ("日期", "开始日期", "停用日期", "自", "date"),
    "last": ("结束日期", "截止日期", "至"),
    "starts": ("开始时间", "起", "开始", "from"),
    "ends": ("结束时间", "止", "结束", "to"),
    "reason": ("原因", "事由", "备注", "用途", "reason"),
}
NEEDED = ("room", "day")
LATEST = timedelta(days=730)  # a wage sheet tells of the past, this one of what is to come
CLOCK = re.compile(r"(\d{1,2})[:：点时](\d{2})?分?")


@dataclass(frozen=True)
class Closing:
    number: int  # of the line, as the spreadsheet counts
    said: str  # the room as it stands there
    room: Room | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str = ""
    fault: str = ""

    @property
    def is_good(self) -> bool:
        return not self.fault


def meaning(head: str) -> tuple[str, int] | None:
    plain = re.sub(r"\s", "", head).lower()
    for name, words in HEADS.items():
        if plain in words:
            return name, words.index(plain)
    return None


def read(data: bytes, name: str, rooms: list[Room], today: date) -> list[Closing]:
    """Every line with something in it. Raises Refused: bad_file, no_columns, too_many."""
    try:
        tables = read_apart(data, name)
    except BadFile as error:
        raise Refused("bad_file", error.cause.text(_)) from error
    found = [closing for table in tables for closing in closings(table, rooms, today)]
    if not found:
        raise Refused("no_columns", _("没有找到“调解室”和“日期”两列。请在第一行写明列名，或下载空白模板填写。"))
    if len(found) > MOST_LINES:
        raise Refused("too_many", _("一次最多导入 %(most)s 行，请分成几份。") % {"most": MOST_LINES})
    return found


def closings(table: Table, rooms: list[Room], today: date) -> Iterator[Closing]:
    header = find_header(table, meaning)
    columns = {field: header.heads.index(head) for head, field in fields_of(header.heads, meaning).items()}
    if not header.line or not all(name in columns for name in NEEDED):
        return
    by_name: dict[str, list[Room]] = {}
    for room in rooms:
        by_name.setdefault(room.name, []).append(room)
    for line in table.lines:
        if line.number > header.ends and not line.is_blank:
            yield closing_of(line, columns, by_name, table, today)


def closing_of(line: Line, columns: dict[str, int], rooms: dict[str, list[Room]], table: Table, today: date) -> Closing:
    said = {name: line.cell(column).text.strip() for name, column in columns.items()}
    named = rooms.get(said["room"], [])
    if len(named) != 1:
        fault = _("有几间调解室叫这个名称，请在调解室页面逐间登记。") if named else _("您的辖区里没有这个名称的调解室。")
        return Closing(line.number, said["room"], None, fault=fault)
    try:
        first = read_day(line.cell(columns["day"]), today + LATEST, is_1904=table.is_1904)
        last = read_day(line.cell(columns["last"]), today + LATEST, is_1904=table.is_1904) if said.get("last") else first
    except BadCell as error:
        return Closing(line.number, said["room"], named[0], fault=error.cause.text(_))
    if first is None or last is None:
        return Closing(line.number, said["room"], named[0], fault=_("请填写日期。"))
    starts, ends = clock_of(said.get("starts", "")), clock_of(said.get("ends", ""))
    if (said.get("starts") and starts is None) or (said.get("ends") and ends is None):
        return Closing(line.number, said["room"], named[0], fault=_("时间写成 9:00 这样；全天停用的留空。"))
    starts_at = datetime.combine(first, starts or time(0), SHANGHAI)
    ends_at = datetime.combine(last, ends, SHANGHAI) if ends else datetime.combine(last + timedelta(days=1), time(0), SHANGHAI)
    return Closing(
        line.number, said["room"], named[0], starts_at, ends_at, said.get("reason") or _("表格导入"), fault_of(starts_at, ends_at, said.get("reason", ""), today)
    )


def fault_of(starts_at: datetime, ends_at: datetime, reason: str, today: date) -> str:
    if ends_at <= starts_at:
        return _("结束时间须晚于开始时间。")
    if ends_at <= datetime.combine(today, time(0), SHANGHAI):
        return _("这段时间已经过去，无需登记停用。")
    if len(reason) > LONGEST_REASON:
        return _("原因最多 %(most)s 个字，请写短一些。") % {"most": LONGEST_REASON}
    return ""


def clock_of(said: str) -> time | None:
    """9:00, 9点, 14：30, and 0.375 as a spreadsheet keeps a time."""
    if match := CLOCK.fullmatch(said):
        hours, minutes = int(match[1]), int(match[2] or 0)
        return time(hours, minutes) if hours < 24 and minutes < 60 else None
    if re.fullmatch(r"0?\.\d+", said):
        minutes = round(float(said) * 1440)
        return time(*divmod(minutes, 60)) if minutes < 1440 else None
    return None
