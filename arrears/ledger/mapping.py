"""What an officer wrote about an old register: its columns, its spellings, what its marks mean. Django-free.

legacy_ledger.toml shows every key with its explanation.
"""

import tomllib
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from arrears.ledger.cells import EXCEL, Spelling, narrow, tidy
from arrears.ledger.checks import CHECKS, POLICIES
from arrears.lifecycle import CLAIM, ENDINGS, REJECT_GROUNDS, RESULTS
from arrears.phrases import Phrase
from grid.roles import LEVELS


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


class BadMapping(Exception):
    """The mapping cannot be used; `cause` is one sentence."""

    def __init__(self, msgid: str, **values: object) -> None:
        self.cause = Phrase(msgid, values)
        super().__init__(str(self.cause))


# What a column can be for, and how its cells are read (rows.READERS).
FIELDS = {
    "region": "region", "employer": "text", "worker": "text", "worker_count": "count", "site": "text", "work": "text",
    "received_on": "date", "opened_on": "date", "closed_on": "date",
    "claimed": "amount", "verified": "amount", "paid": "amount",
}  # fmt: skip
NEEDED_FIELDS = ("region", "received_on", "claimed")
PAID = ("", "none", "part", "full")
RESULT_CODES = frozenset(dict((*RESULTS, *ENDINGS, *REJECT_GROUNDS)))
FINAL_STAGES = frozenset(state.name for state in CLAIM.states if state.is_final)
DAY_FIRST, MONTH_FIRST = ("%d/%m", "%d-%m", "%d.%m"), ("%m/%d", "%m-%d", "%m.%d")


@dataclass(frozen=True)
class Outcome:
    """How a closed row ended, when all `flags` are set and the payment is as `paid` says ("": however)."""

    stage: str
    words: str
    result: str = ""
    paid: str = ""
    flags: frozenset[str] = frozenset()

    def fits(self, flags: frozenset[str], paid: str) -> bool:
        return self.flags <= flags and self.paid in ("", paid)


@dataclass(frozen=True)
class Mapping:
    id: str
    title: str
    key: str
    region_codes: str
    area: str
    total_words: tuple[str, ...]
    fields: Lookup[str, tuple[str, ...]]
    required: frozenset[str]
    spelling: Spelling
    level: str
    worker: str
    employer: str
    flags: tuple[str, ...]
    conflicts: tuple[frozenset[str], ...]
    outcomes: tuple[Outcome, ...]
    checks: Lookup[str, str]
    columns: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        read = {self.key, *self.flags, *(column for columns in self.fields.values() for column in columns)}
        object.__setattr__(self, "columns", frozenset(read))

    def outcome(self, flags: frozenset[str], paid: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.fits(flags, paid)), None)


def load_mapping(path: Path) -> Mapping:
    """Raises BadMapping."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadMapping(_("无法读取对照表 %(path)s（%(error)s）。"), path=path, error=error.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(
            _("对照表 %(name)s 不是正确的 TOML 文件（%(error)s）。"), name=path.name, error=error
        ) from None
    return Reader(path.name, table).mapping()


KINDS = {str: _("文字"), list: _("列表"), dict: _("小表"), date: _("日期")}


@dataclass(frozen=True)
class Reader:
    """Takes the TOML apart; everything unexpected is a BadMapping that names the key."""

    name: str
    table: dict[str, Any]

    def bad(self, key: str, cause: Phrase) -> BadMapping:
        return BadMapping(_("对照表 %(name)s 的 %(key)s 不正确：%(cause)s。"), name=self.name, key=key, cause=cause)

    def get(self, path: str, kind: type, default: Any = None) -> Any:
        value: Any = self.table
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value is None and default is not None:
            return default
        if value is None:
            raise self.bad(path, Phrase(_("没有填写")))
        if not isinstance(value, kind) or isinstance(value, datetime):
            raise self.bad(path, Phrase(_("应为%(kind)s"), {"kind": Phrase(KINDS[kind])}))
        return value

    def texts(self, path: str, default: Any = None) -> tuple[str, ...]:
        values = self.get(path, list, default)
        if not all(isinstance(value, str) and value for value in values):
            raise self.bad(path, Phrase(_("列表中只能有文字")))
        return tuple(narrow(value) for value in values)

    def text(self, path: str, default: str | None = None) -> str:
        return tidy(self.get(path, str, default))

    def amount(self, path: str, text: str) -> Decimal:
        try:
            return Decimal(text)
        except InvalidOperation:
            raise self.bad(path, Phrase(_("“%(text)s”不是金额"), {"text": text})) from None

    def one_of(self, path: str, value: str, allowed: Any) -> str:
        if value not in allowed:
            raise self.bad(
                path,
                Phrase(_("“%(value)s”不在 %(allowed)s 之中"), {"value": value, "allowed": sorted(allowed)}),
            )
        return value

    def mapping(self) -> Mapping:
        fields = self.fields()
        flags = self.texts("flags.columns", [])
        return Mapping(
            id=self.ledger_id(),
            title=self.text("ledger.title"),
            key=narrow(self.text("ledger.key")),
            region_codes=self.text("ledger.region_codes"),
            area=self.text("ledger.area", ""),
            total_words=tuple(word.casefold() for word in self.texts("ledger.total_words", [])),
            fields=fields,
            required=frozenset(
                self.one_of("required.fields", name, fields) for name in self.texts("required.fields", [])
            ),
            spelling=self.spelling(),
            level=self.one_of("defaults.level", self.text("defaults.level"), LEVELS),
            worker=self.text("defaults.worker"),
            employer=self.text("defaults.employer"),
            flags=flags,
            conflicts=self.conflicts(flags),
            outcomes=self.outcomes(flags),
            checks=self.checks(),
        )

    def ledger_id(self) -> str:
        name = self.text("ledger.id")
        if not (name.isascii() and name.replace("-", "").isalnum() and len(name) <= 16):
            raise self.bad("ledger.id", Phrase(_("只能用不超过 16 个英文字母、数字和连字符")))
        return name

    def fields(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, columns in self.get("fields", dict).items():
            self.one_of("fields", name, FIELDS)
            path = f"fields.{name}"
            found[name] = self.texts(path) if isinstance(columns, list) else (narrow(self.text(path)),)
            if len(found[name]) > 1 and FIELDS[name] != "amount":
                raise self.bad(path, Phrase(_("只有金额可以由几列相加")))
        for name in NEEDED_FIELDS:
            if not found.get(name):
                raise self.bad(f"fields.{name}", Phrase(_("没有填写")))
        return found

    def spelling(self) -> Spelling:
        return Spelling(
            unknown=frozenset(word.casefold() for word in self.texts("cells.unknown", [])),
            dates=self.dates(),
            earliest=self.get("cells.earliest", date),
            unknown_amounts=frozenset(
                self.amount("cells.unknown_amounts", text) for text in self.texts("cells.unknown_amounts", [])
            ),
            money_marks=self.texts("cells.money_marks", []),
            largest=self.amount("cells.largest", self.text("cells.largest")),
            yes=frozenset(word.casefold() for word in self.texts("cells.yes", [])),
        )

    def dates(self) -> tuple[str, ...]:
        """3/4/2016 is one day or the other: a register that mixes both orders cannot be read safely."""
        patterns = self.texts("cells.dates")
        if any(p.startswith(DAY_FIRST) for p in patterns) and any(p.startswith(MONTH_FIRST) for p in patterns):
            raise self.bad("cells.dates", Phrase(_("日在前和月在前的写法不能并用")))
        for pattern in patterns:
            if pattern != EXCEL and not ("%d" in pattern and pattern.count("%") == 3):
                raise self.bad("cells.dates", Phrase(_("“%(text)s”不是日期写法"), {"text": pattern}))
        return patterns

    def conflicts(self, flags: tuple[str, ...]) -> tuple[frozenset[str], ...]:
        groups = self.get("conflicts.flags", list, [])
        if not all(isinstance(group, list) for group in groups):
            raise self.bad("conflicts.flags", Phrase(_("应为几组标记的列表")))
        return tuple(frozenset(self.one_of("conflicts.flags", flag, flags) for flag in group) for group in groups)

    def outcomes(self, flags: tuple[str, ...]) -> tuple[Outcome, ...]:
        rows = self.get("outcomes", list)
        return tuple(self.outcome(f"outcomes[{number}]", row, flags) for number, row in enumerate(rows, start=1))

    def outcome(self, path: str, row: dict[str, Any], flags: tuple[str, ...]) -> Outcome:
        inner = Reader(self.name, {path: row})
        return Outcome(
            stage=self.one_of(f"{path}.stage", inner.text(f"{path}.stage"), FINAL_STAGES),
            words=inner.text(f"{path}.words"),
            result=self.one_of(f"{path}.result", inner.text(f"{path}.result", ""), {"", *RESULT_CODES}),
            paid=self.one_of(f"{path}.paid", inner.text(f"{path}.paid", ""), PAID),
            flags=frozenset(self.one_of(f"{path}.flags", flag, flags) for flag in inner.texts(f"{path}.flags", [])),
        )

    def checks(self) -> dict[str, str]:
        """A check the mapping does not name refuses the row."""
        said = self.get("checks", dict, {})
        for name, policy in said.items():
            self.one_of("checks", name, CHECKS)
            self.one_of(f"checks.{name}", policy, POLICIES)
        return {name: said.get(name, "refuse") for name in CHECKS}
