"""One line of a wage sheet: its cells read, what it comes to, and everything wrong with it at once. Django-free."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.ledger.cells import BadCell
from arrears.money import LARGEST, line_due
from arrears.phrases import Phrase
from arrears.sheets.cells import (
    Period,
    Said,
    read_day,
    read_id,
    read_money,
    read_name,
    read_period,
    read_phone,
    read_quantity,
)
from arrears.sheets.fields import BY_NAME, DAY, ID, MONEY, MONEY_FIELDS, PERIOD, PHONE, QUANTITY, RATES, TEXT
from arrears.sheets.table import BLANK, Cell


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


TAKEN, WRONG, SKIPPED, LEFT = "taken", "wrong", "skipped", "left"
LARGEST_RATE = Decimal("9999999999.99")  # what the column of rates holds


@dataclass(frozen=True)
class Finding:
    field: str  # "" : the line as a whole
    code: str
    cause: Phrase


@dataclass(frozen=True)
class Wage:
    """rate × quantity is due. The fields of arrears.intake.LineFacts."""

    rate: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = "lump"
    paid: Decimal = Decimal(0)
    period_from: date | None = None
    period_to: date | None = None

    @property
    def due(self) -> Decimal:
        return line_due(self.rate, self.quantity)

    @property
    def unpaid(self) -> Decimal:
        return self.due - self.paid


@dataclass
class Row:
    """`cells` are the ones of known columns, corrected where somebody corrected them."""

    table: int
    line: int
    cells: Mapping[str, Cell]
    is_hidden: bool = False
    is_continued: bool = False  # its name is the one of a line above, in a merged cell
    table_name: str = ""  # if there are several
    label: str = ""  # of a total
    verdict: str = TAKEN
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    wage: Wage | None = None

    @property
    def key(self) -> str:
        return f"{self.table}-{self.line}"

    @property
    def place(self) -> Phrase:
        if self.table_name:
            return Phrase(_("“%(table)s”第 %(line)s 行"), {"table": self.table_name, "line": self.line})
        return Phrase(_("第 %(line)s 行"), {"line": self.line})

    @property
    def name(self) -> str:
        return self.values.get("name") or self.cells.get("name", BLANK).text

    def money(self, name: str) -> Decimal | None:
        return self.values.get(name)

    def blame(self, name: str, code: str, msgid: str, /, **values: object) -> None:
        self.findings.append(Finding(name, code, Phrase(msgid, values)))
        self.verdict = WRONG

    def remark(self, name: str, code: str, cause: Phrase) -> None:
        self.remarks.append(Finding(name, code, cause))

    def skip(self, code: str, msgid: str, /, **values: object) -> None:
        """Sets the line aside and says why; it stays among the rows, so that whoever reads them sees what was left out."""
        self.verdict = SKIPPED
        self.findings = [Finding("", code, Phrase(msgid, values))]
        self.remarks = []

    def blamed(self, name: str) -> bool:
        return any(finding.field == name for finding in self.findings)

    def blamed_for(self, code: str) -> bool:
        return any(finding.code == code for finding in self.findings)


@dataclass(frozen=True)
class Setting:
    """What the lines of a table have in common."""

    today: date
    is_1904: bool = False
    period: Period = (None, None)  # of lines that name none


def read_row(row: Row, setting: Setting) -> None:
    """Reads every cell; nothing stops at the first that is wrong."""
    for name, cell in row.cells.items():
        try:
            said = read_cell(name, cell, setting)
        except BadCell as bad:
            row.findings.append(Finding(name, bad.code, bad.cause))
            row.verdict = WRONG
        else:
            row.values[name] = said.value
            if said.remark:
                row.remark(name, "look", said.remark)
    if not row.cells.get("period", BLANK).text:
        row.values["period"] = setting.period


def read_cell(name: str, cell: Cell, setting: Setting) -> Said:
    kind = BY_NAME[name].kind
    if kind == MONEY:
        return read_money(cell, is_rate=name.startswith("rate"))
    if kind == ID:
        return read_id(cell, setting.today)
    if kind == DAY:
        return Said(read_day(cell, setting.today, is_1904=setting.is_1904))
    if kind == PERIOD:
        return Said(read_period(cell, setting.today))
    return Said({TEXT: read_name, PHONE: read_phone, QUANTITY: read_quantity}[kind](cell))


def settle(row: Row) -> None:
    """What the line comes to, once its cells are read: its wage, or what is wrong with its amounts."""
    if not row.name and not row.blamed("name"):
        row.blame("name", "no_name", _("没有姓名。如果这一行不是劳动者，请选“不登记这一行”。"))
    if any(row.blamed(name) for name in (*MONEY_FIELDS, *(quantity for _rate, quantity in RATES.values()))):
        return
    begins, ends = period_of(row)
    detail = detailed(row)
    due, paid, owed = row.money("due"), row.money("paid"), row.money("owed")
    if due is None:
        due = line_due(detail.rate, detail.quantity) if detail else owed + (paid or 0) if owed is not None else None
    if due is None:
        row.blame(money_column(row), "no_amount", _("没有金额。"))
        return
    if owed is not None and paid is None and owed <= due:
        paid = due - owed
    paid = paid or Decimal(0)
    if paid > due:
        row.blame("paid" if "paid" in row.cells else money_column(row), "paid_above_due", _("已付 %(paid)s 多于应付 %(due)s，请核对。"), paid=paid, due=due)
    elif owed is not None and owed != due - paid:
        row.blame(
            "owed", "owed_differs", _("应付 %(due)s 减已付 %(paid)s 是 %(left)s，与拖欠 %(owed)s 不符，请改正其中一格。"),
            due=due, paid=paid, left=due - paid, owed=owed,
        )  # fmt: skip
    elif due > LARGEST or (detail.rate if detail else due) > LARGEST_RATE:
        row.blame(money_column(row), "money_large", _("金额太大，请核对单位是否为元。"))
    elif row.verdict == TAKEN and due == paid:
        row.skip("nothing_owed", _("没有拖欠：应付 %(due)s，已付 %(paid)s。"), due=due, paid=paid)
    else:
        row.wage = wage_of(row, detail, due, paid, begins, ends)


def wage_of(row: Row, detail: Wage | None, due: Decimal, paid: Decimal, begins: date | None, ends: date | None) -> Wage:
    """In detail if rate × quantity is what is due; else the amount alone, as the sheet has it."""
    if detail and line_due(detail.rate, detail.quantity) == due:
        return Wage(detail.rate, detail.quantity, detail.unit, paid, begins, ends)
    if detail:
        product = line_due(detail.rate, detail.quantity)
        row.remark(
            "due", "product_differs",
            Phrase(_("单价乘数量是 %(product)s，表上应付 %(due)s，按表上的应付登记。"), {"product": product, "due": due}),
        )  # fmt: skip
    return Wage(due, paid=paid, period_from=begins, period_to=ends)


def detailed(row: Row) -> Wage | None:
    """Of the units whose rate and quantity both stand there, the first."""
    for unit, (rate_name, quantity_name) in RATES.items():
        rate, quantity = row.money(rate_name), row.values.get(quantity_name)
        if rate and quantity:
            return Wage(rate, quantity, unit)
    return None


def period_of(row: Row) -> tuple[date | None, date | None]:
    """Its own days before the month."""
    first, last = row.values.get("period") or (None, None)
    begins, ends = row.values.get("period_from") or first, row.values.get("period_to") or last
    if begins and ends and ends < begins:
        name = "period_to" if "period_to" in row.cells else "period_from" if "period_from" in row.cells else "period"
        row.blame(name, "period_order", _("结束日期早于开始日期。"))
    return begins, ends


def money_column(row: Row) -> str:
    """Where a missing amount belongs."""
    return next((name for name in ("due", "owed", "paid", *MONEY_FIELDS) if name in row.cells), "")
