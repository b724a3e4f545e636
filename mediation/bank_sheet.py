"""A bank's file of transfers: read with the house's reader, each line matched to a worker of the agreement, nothing guessed."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from arrears.ledger.cells import BadCell
from arrears.ledger.files import BadFile
from arrears.models import Claimant
from arrears.sheets.apart import read_apart
from arrears.sheets.cells import read_day, read_money, read_name
from arrears.sheets.header import fields_of, find_header
from arrears.sheets.table import Line, Table
from grid.refused import Refused

MOST_LINES = 1000
HEADS = {
    "name": ("户名", "收款人", "收款户名", "收款人户名", "收款人名称", "姓名", "对方户名", "账户名称", "payee", "name"),
    "amount": ("金额", "交易金额", "转账金额", "实发金额", "付款金额", "发生额", "贷方发生额", "amount"),
    "day": ("日期", "交易日期", "付款日期", "到账日期", "入账日期", "记账日期", "交易时间", "date"),
    "account": ("账号", "收款账号", "卡号", "对方账号", "收款人账号", "account"),
    "note": ("摘要", "用途", "附言", "备注", "note"),
    "serial": ("流水号", "交易流水号", "凭证号", "序号", "serial"),
}
NEEDED = ("name", "amount", "day")


@dataclass(frozen=True)
class Transfer:
    number: int  # of the line, as the spreadsheet counts
    name: str
    account: str  # its last four digits: the rest is nobody's business
    amount: Decimal | None = None
    day: date | None = None
    note: str = ""
    worker: Claimant | None = None
    key: str = ""
    fault: str = ""

    @property
    def is_good(self) -> bool:
        return not self.fault


def meaning(head: str) -> tuple[str, int] | None:
    plain = re.sub(r"[\s（(].*|\s", "", head).lower()
    for name, words in HEADS.items():
        if plain in words:
            return name, words.index(plain)
    return None


def read(data: bytes, name: str, workers: Sequence[Claimant], claim_id: str, today: date) -> list[Transfer]:
    """Every line with something in it. Raises Refused: bad_file, no_columns, too_many."""
    try:
        tables = read_apart(data, name)
    except BadFile as error:
        raise Refused("bad_file", error.cause.text(_)) from error
    seen: Counter[str] = Counter()
    found = [transfer for table in tables for transfer in transfers(table, workers, claim_id, today, seen)]
    if not found:
        raise Refused("no_columns", _("没有找到“户名”“金额”“日期”三列。请在第一行写明列名；银行导出的文件一般已经有。"))
    if len(found) > MOST_LINES:
        raise Refused("too_many", _("一次最多导入 %(most)s 行，请分成几份。") % {"most": MOST_LINES})
    return found


def transfers(table: Table, workers: Sequence[Claimant], claim_id: str, today: date, seen: Counter[str]) -> Iterator[Transfer]:
    header = find_header(table, meaning)
    columns = {field: header.heads.index(head) for head, field in fields_of(header.heads, meaning).items()}
    if not header.line or not all(name in columns for name in NEEDED):
        return
    for line in table.lines:
        if line.number > header.ends and not line.is_blank:
            yield transfer_of(line, columns, workers, claim_id, table, today, seen)


def transfer_of(
    line: Line, columns: dict[str, int], workers: Sequence[Claimant], claim_id: str, table: Table, today: date, seen: Counter[str]
) -> Transfer:
    said = {name: line.cell(column).text.strip() for name, column in columns.items()}
    account = re.sub(r"\D", "", said.get("account", ""))[-4:]
    try:
        name = read_name(line.cell(columns["name"])) or ""
        amount = read_money(line.cell(columns["amount"])).value
        day = read_day(line.cell(columns["day"]), today, is_1904=table.is_1904)
    except BadCell as error:
        return Transfer(line.number, said["name"], account, fault=error.cause.text(_))
    shown = Transfer(line.number, name, account, amount, day, said.get("note", "")[:120])
    if not name or not amount or day is None:
        return replace(shown, fault=_("这一行没有写全户名、金额和日期。"))
    named = [worker for worker in workers if worker.name == name]
    if len(named) != 1:
        return replace(shown, fault=_("协议里有几名劳动者同名，请逐笔登记。") if named else _("协议里没有叫这个名字的劳动者；付给全体的，请逐笔登记。"))
    key = hashlib.sha256("|".join((claim_id, name, account, f"{amount:.2f}", day.isoformat(), said.get("serial", ""), said.get("note", ""))).encode()).hexdigest()
    seen[key] += 1  # two equal lines in one file are two payments
    if seen[key] > 1:
        key = hashlib.sha256(f"{key}|{seen[key]}".encode()).hexdigest()
    return replace(shown, worker=named[0], key=key)
