"""A bank's file of transfers, line by line, read with the house's reader in a process of its own. Nothing is guessed."""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from arrears.ledger.cells import BadCell
from arrears.ledger.files import BadFile
from arrears.sheets.apart import read_apart
from arrears.sheets.cells import read_day, read_money, read_name
from arrears.sheets.header import fields_of, find_header
from arrears.sheets.table import LOST, Cell, Line, Table
from grid.refused import Refused
from mediation.bank.lines import Transfer

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 1000
# As banks and wage systems write their heads; of several in one file the first of each row is taken. Of two names or accounts the
# one on the other side is the worker's; what leaves the payer's account (借方) is what was paid.
HEADS = {
    "name": ("收款人", "收款人名称", "收款人姓名", "收款人户名", "收款户名", "收款方户名", "收款方名称", "收款单位名称", "收款账户名", "收款账户名称", "收方户名", "对方户名", "对方名称", "对方账户名称", "对方姓名", "交易对手", "交易对手名称", "员工姓名", "人员姓名", "工人姓名", "姓名", "户名", "账户名称", "账户名", "客户名称", "payee", "payeename", "name"),
    "amount": ("代发金额", "实发金额", "实发工资", "实付金额", "成功金额", "转账金额", "付款金额", "支付金额", "发放金额", "支出金额", "借方金额", "借方发生额", "支出", "借方", "交易金额", "发生额", "金额", "贷方发生额", "amount"),
    "day": ("到账日期", "入账日期", "交易日期", "付款日期", "支付日期", "发放日期", "转账日期", "代发日期", "处理日期", "交易日", "记账日期", "记账日", "起息日", "日期", "交易时间", "交易日期时间", "付款时间", "到账时间", "入账时间", "date"),
    "account": ("收款账号", "收款帐号", "收款人账号", "收款人帐号", "收款方账号", "收款卡号", "收方账号", "对方账号", "对方帐号", "对方账户", "交易对手账号", "交易对方账号", "银行卡号", "工资卡号", "银行账号", "卡号", "账号", "帐号", "账户", "account"),
    "id": ("身份证号", "身份证号码", "身份证", "身份证后四位", "证件号码", "证件号", "证件后四位", "公民身份号码", "idnumber"),
    "note": ("摘要", "用途", "附言", "备注", "交易摘要", "付款用途", "交易附言", "note"),
    "serial": ("交易流水号", "流水号", "流水", "凭证号", "凭证编号", "业务流水号", "交易序号", "serial"),
}  # fmt: skip
NEEDED = ("name", "amount", "day")
TOTALS = ("合计", "总计", "小计", "汇总", "合计金额", "total")
TIME = re.compile(r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
MOMENT = re.compile(r"((?:19|20)\d{6})\d{6}", re.ASCII)  # 20261128102311
SERIAL = re.compile(r"(\d{5})\.\d+", re.ASCII)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
NEGATIVE = re.compile(r"-.*|.*-|[(（].*[)）]|−.*")


@dataclass(frozen=True)
class Sheets:
    """`unread`: tables without the three columns, by name; they are said."""

    transfers: list[Transfer]
    unread: list[str]


def plain_head(head: str) -> str:
    """Without spaces, stars and what stands in brackets; "" where the sums are not yuan."""
    narrow = unicodedata.normalize("NFKC", head)
    if re.search(r"[（(][^）)]*(?:万|千)元", narrow):
        return ""
    return re.sub(r"[（(].*|[\s*:：]", "", re.sub(r"\s", "", narrow)).lower()


def meaning(head: str) -> tuple[str, int] | None:
    plain = plain_head(head)
    return next(((name, words.index(plain)) for name, words in HEADS.items() if plain in words), None)


def read(data: bytes, name: str, claim_id: str, today: date) -> Sheets:
    """Every line with something in it. Raises Refused: file_large, bad_file, no_columns, too_many."""
    if len(data) > MOST_BYTES:
        raise Refused("file_large", _("文件最大 2 MB，请只保留付给本案劳动者的几行。"))
    try:
        tables = read_apart(data, name)
    except BadFile as error:
        raise Refused("bad_file", error.cause.text(_)) from error
    seen: Counter[str] = Counter()
    found: list[Transfer] = []
    unread: list[str] = []
    for table in tables:
        columns, ends = columns_of(table)
        if not columns:
            unread.append(table.name)
            continue
        for line in table.lines:
            if line.number > ends and not line.is_blank:
                found.append(keyed(transfer_of(line, columns, table, today, len(found)), line, columns, claim_id, seen))
    if not found:
        raise Refused("no_columns", _("没有找到“户名”“金额”“日期”三列。请在第一行写明列名，金额用元；银行导出的文件一般已经有。"))
    if len(found) > MOST_LINES:
        raise Refused("too_many", _("一次最多导入 %(most)s 行，请分成几份。") % {"most": MOST_LINES})
    return Sheets(found, unread)


def columns_of(table: Table) -> tuple[dict[str, int], int]:
    """By field, and the last line of the head; nothing where a needed one is missing."""
    header = find_header(table, meaning)
    columns = {field: header.heads.index(head) for head, field in fields_of(header.heads, meaning).items()}
    return (columns, header.ends) if header.line and all(name in columns for name in NEEDED) else ({}, 0)


def transfer_of(line: Line, columns: dict[str, int], table: Table, today: date, place: int) -> Transfer:
    said = {name: line.cell(column).text.strip() for name, column in columns.items()}
    shown = Transfer(
        place, table.name, line.number, said["name"][:60], tail(line, columns, "account", r"\D"), tail(line, columns, "id", r"[^\dXx]").upper(), note=said.get("note", "")[:120],
    )  # fmt: skip
    if any(re.sub(r"\s", "", cell.text).lower() in TOTALS for cell in line.cells):
        return replace(shown, is_total=True, amount=amount_or_none(line.cell(columns["amount"])))
    if NEGATIVE.fullmatch(said["amount"]) and any(character.isdigit() for character in said["amount"]):
        return replace(shown, fault=_("金额是负数：退回或者冲正的，不从文件登记，请在案件里登记一笔冲正。"))
    try:
        name = read_name(line.cell(columns["name"])) or ""
        amount = read_money(line.cell(columns["amount"])).value
        day = read_day(day_cell(line.cell(columns["day"])), today, is_1904=table.is_1904)
    except BadCell as error:
        return replace(shown, fault=error.cause.text(_))
    if not name or not amount or day is None:
        return replace(shown, name=name or shown.name, fault=_("这一行没有写全户名、金额和日期。"))
    return replace(shown, name=name, amount=amount, day=day)


def tail(line: Line, columns: dict[str, int], name: str, other: str) -> str:
    """The last four; of a number that lost its digits in a spreadsheet, nothing."""
    if name not in columns:
        return ""
    cell = line.cell(columns[name])
    if cell.kind == LOST or SCIENTIFIC.fullmatch(cell.text.strip()):
        return ""
    return re.sub(other, "", unicodedata.normalize("NFKC", cell.text))[-4:]


def day_cell(cell: Cell) -> Cell:
    """Without the time of day."""
    text = TIME.sub("", cell.text.strip())
    found = MOMENT.fullmatch(text) or SERIAL.fullmatch(text)
    return Cell(found[1] if found else text, cell.kind)


def amount_or_none(cell: Cell) -> Decimal | None:
    try:
        return read_money(cell).value
    except BadCell:
        return None


def keyed(transfer: Transfer, line: Line, columns: dict[str, int], claim_id: str, seen: Counter[str]) -> Transfer:
    """By what the line says, so that it comes once however often; two equal lines of one file are two payments."""
    if transfer.amount is None or transfer.day is None:
        return transfer
    account = re.sub(r"\D", "", line.cell(columns["account"]).text)[-4:] if "account" in columns else ""
    said = {name: line.cell(columns[name]).text.strip() if name in columns else "" for name in ("serial", "note")}
    key = hashlib.sha256("|".join((claim_id, transfer.name, account, f"{transfer.amount:.2f}", transfer.day.isoformat(), said["serial"], said["note"])).encode()).hexdigest()
    seen[key] += 1
    return replace(transfer, key=key if seen[key] == 1 else hashlib.sha256(f"{key}|{seen[key]}".encode()).hexdigest())
