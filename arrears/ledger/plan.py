"""What becomes of every row of a register. Django-free: the same plan is printed by a dry run and written by a real one."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date

from arrears.ledger.cells import is_unknown, narrow
from arrears.ledger.checks import IMPORT, REFUSE, SKIP
from arrears.ledger.files import BadFile, Record, Sheet
from arrears.ledger.mapping import Mapping
from arrears.ledger.rows import Draft, Finding, Row
from arrears.phrases import Phrase

IMPORTED, SKIPPED, REFUSED, UNCHANGED = "imported", "skipped", "refused", "unchanged"
VERDICTS = (IMPORTED, SKIPPED, REFUSED, UNCHANGED)
LONGEST_KEY = 60


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Standing:
    """What is here already."""

    regions: Lookup[str, str]  # codes of the mapping's system → the code that stands for them today
    digests: Lookup[str, str]  # keys of this register's imported rows → the digest of the row as it was
    digest: Callable[[str], str]


@dataclass
class Entry:
    """One row's fate. `findings` are the causes of a refusal or skip, `warnings` what was imported all the same."""

    line: int
    key: str
    verdict: str
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    draft: Draft | None = None
    digest: str = ""


@dataclass(frozen=True)
class Plan:
    entries: list[Entry]
    unread: list[str]  # columns of the file the mapping does not mention

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(entry.verdict for entry in self.entries)
        return {verdict: counted[verdict] for verdict in VERDICTS}

    def having(self, verdict: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.verdict == verdict]


def make_plan(sheet: Sheet, mapping: Mapping, standing: Standing, today: date) -> Plan:
    """Raises BadFile when a column of the mapping is missing."""
    missing = sorted(mapping.columns - set(sheet.header))
    if missing:
        raise BadFile(_("文件 %(name)s 与对照表不符，缺少这些列：%(columns)s。"), name=sheet.name, columns=missing)
    judge = Judge(sheet.header, mapping, standing, today)
    entries = [judge.entry(record) for record in sheet.records]
    return Plan(entries, [column for column in sheet.header if column and column not in mapping.columns])


@dataclass
class Judge:
    """Goes through the records in order; remembers which keys came by."""

    header: tuple[str, ...]
    mapping: Mapping
    standing: Standing
    today: date
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)  # key → line and digest

    def entry(self, record: Record) -> Entry:
        entry = Entry(record.line, "", IMPORTED)
        if not any(record.cells):
            return _settle(entry, SKIPPED, "", "empty_row", _("空行"))
        cells = dict(zip(self.header, record.cells, strict=False))
        entry.key = narrow(cells.get(self.mapping.key, ""))
        if self.mapping.total_words and entry.key.casefold().startswith(self.mapping.total_words):
            return _settle(entry, SKIPPED, self.mapping.key, "total_row", _("合计行"))
        if len(record.cells) < len(self.header) or any(record.cells[len(self.header) :]):
            return _settle(
                entry, REFUSED, "", "wrong_width", _("这一行有 %(cells)s 格，表头有 %(columns)s 列"),
                cells=len(record.cells), columns=len(self.header),
            )  # fmt: skip
        if is_unknown(entry.key, self.mapping.spelling):
            return _settle(entry, REFUSED, self.mapping.key, "no_key", _("没有编号"))
        if len(entry.key) > LONGEST_KEY:
            return _settle(entry, REFUSED, self.mapping.key, "long_key", _("编号过长"))
        return self.known(entry, cells) or self.read(entry, cells)

    def known(self, entry: Entry, cells: dict[str, str]) -> Entry | None:
        """Rows met before, in this file or in an earlier import. The file never overwrites a case."""
        entry.digest = self.standing.digest("\x1f".join(f"{name}\x1e{cells[name]}" for name in sorted(cells) if name))
        line, digest = self.seen.setdefault(entry.key, (entry.line, entry.digest))
        if line != entry.line and digest == entry.digest:
            return _settle(entry, SKIPPED, self.mapping.key, "repeated_row", _("与第 %(line)s 行完全相同"), line=line)
        if line != entry.line:
            return _settle(
                entry, REFUSED, self.mapping.key, "repeated_key", _("编号与第 %(line)s 行相同而内容不同"), line=line
            )
        before = self.standing.digests.get(entry.key)
        if before == entry.digest:
            entry.verdict = UNCHANGED
            return entry
        if before is not None:
            return _settle(
                entry, REFUSED, self.mapping.key, "changed_row",
                _("这一行已经导入，此后台账内容有改动；案件不会被覆盖，请在案件中更正"),
            )  # fmt: skip
        return None

    def read(self, entry: Entry, cells: dict[str, str]) -> Entry:
        row = Row(cells, self.mapping, self.standing.regions, self.today, Draft(entry.line, entry.key))
        entry.draft = row.read()
        verdicts = row.checked()
        entry.findings = row.findings + [finding for policy, finding in verdicts if policy == REFUSE]
        if entry.findings:
            entry.verdict = REFUSED
        elif skips := [finding for policy, finding in verdicts if policy == SKIP]:
            entry.verdict, entry.findings = SKIPPED, skips
        else:
            entry.warnings = [finding for policy, finding in verdicts if policy != IMPORT]
        return entry


def _settle(entry: Entry, verdict: str, column: str, code: str, msgid: str, /, **values: object) -> Entry:
    entry.verdict = verdict
    entry.findings = [Finding(column, code, Phrase(msgid, values))]
    return entry
