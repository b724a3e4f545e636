"""支持起诉的条件、主体和本市做法: the conditions of an application, who may support, and whether a case meets them.

Rows of support.toml, read by a lawyer; an installation corrects them in its own file (XINAN_RULES). `check` is the one
answer for page, API, verbs and papers. Django-free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from arrears.phrases import Phrase
from arrears.rules.tables import BadRules, LawRow, own_file, read_section, refuse


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


TABLE = Path(__file__).with_name("support.toml")
VOLUNTARY, CLAIM, RESPONDENT, EVIDENCE, CANNOT_SUE, MEDIATION = (
    "voluntary", "claim", "respondent", "evidence", "cannot_sue", "mediation",
)  # fmt: skip
KINDS = {"support": _("支持起诉"), "legal_aid": _("法律援助")}
# Papers that prove work or debt: every kind of evidence but who somebody is, what was signed here, and what nobody sorted.
PROVES = ("contract", "attendance", "wage_sheet", "iou", "transfer", "chat", "photo", "voice")


@dataclass(frozen=True, kw_only=True)
class Condition(LawRow):
    """`ask`: what is asked where the record does not show it; `mend`: the words of the way to where it is mended."""

    name: str
    name_en: str
    ask: str
    ask_en: str
    mend: str
    mend_en: str


@dataclass(frozen=True, kw_only=True)
class Reason(LawRow):
    """Why somebody cannot well sue alone."""

    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Supporter(LawRow):
    """Who stands behind. `bodies`: kinds of partner body; `kind`: of the referral each gets."""

    name: str
    name_en: str
    bodies: tuple[str, ...]
    kind: str


@dataclass(frozen=True, kw_only=True)
class Practice(LawRow):
    """What the city settles for itself."""

    name: str
    name_en: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Way(LawRow):
    """A way to find out who the defendant is."""

    name: str
    name_en: str
    asks: str
    asks_en: str
    needs_city: bool


def load(section: str, shape: type, table: Path = TABLE, override: Path | None = None) -> dict[str, LawRow]:
    """Raises BadRules."""
    return {row_id: shape.of(section, row_id, row) for row_id, row in read_section(section, table, override=override).items()}


def read_practice(table: Path = TABLE, override: Path | None = None) -> dict[str, Practice]:
    rows: dict[str, Practice] = load("practice", Practice, table, override)
    for row_id in ("city_people", "city_amount"):
        refuse(f"practice {row_id}", number_faults(rows, row_id))
    return rows


def number_faults(rows: Mapping[str, Practice], row_id: str) -> Iterator[str]:
    if row_id not in rows:
        yield "is missing"
        return
    try:
        if not Decimal(rows[row_id].value) > 0:
            yield "value must be above 0"
    except InvalidOperation:
        yield f"value {rows[row_id].value} is no number"


def supporter_faults(row: Supporter) -> Iterator[str]:
    if row.kind not in KINDS:
        yield f"kind {row.kind} is unknown ({', '.join(KINDS)})"
    if not row.bodies:
        yield "names no kind of body"


CONDITIONS: Mapping[str, Condition] = load("conditions", Condition, override=own_file())
REASONS: Mapping[str, Reason] = load("reasons", Reason, override=own_file())
SUPPORTERS: Mapping[str, Supporter] = load("supporters", Supporter, override=own_file())
PRACTICE: Mapping[str, Practice] = read_practice(override=own_file())
WAYS: Mapping[str, Way] = load("ways", Way, override=own_file())
for _row in SUPPORTERS.values():
    refuse(f"supporter {_row.id}", supporter_faults(_row))
if unknown := CONDITIONS.keys() ^ {VOLUNTARY, CLAIM, RESPONDENT, EVIDENCE, CANNOT_SUE, MEDIATION}:
    raise BadRules(f"conditions {', '.join(sorted(unknown))}: the check knows no such row, or misses it")


def needs_city(workers: int, amount: Decimal, practice: Mapping[str, Practice] = PRACTICE) -> bool:
    """Does the city give an opinion too?"""
    return workers >= Decimal(practice["city_people"].value) or amount >= Decimal(practice["city_amount"].value)


# What is known of a case, and what that says of each condition.


@dataclass(frozen=True)
class Given:
    """`signed`: workers who apply with a signed paper; `applying`: those who were chosen. `papers`: titles of what proves
    work or debt. `legal_name` of a respondent, `number`: he has a credit code or an ID number; `told_apart`: what somebody
    said tells him apart. `mediated_on`, `mediated`: day and result; `mediated_known`: the system knows of them."""

    applying: int = 0
    signed: int = 0
    amount: Decimal = Decimal(0)
    lines: int = 0
    legal_name: str = ""
    aliases: str = ""
    number: bool = False
    told_apart: str = ""
    papers: tuple[str, ...] = field(default_factory=tuple)
    reasons: tuple[str, ...] = field(default_factory=tuple)
    why: str = ""
    mediated_on: date | None = None
    mediated: str = ""
    mediated_known: bool = False
    why_not_mediated: str = ""


@dataclass(frozen=True)
class Check:
    """`is_met`, and why: `says` where it is known from, or what is missing. `by_itself`: the record shows it, nobody was asked."""

    condition: Condition
    is_met: bool
    says: Phrase
    by_itself: bool = False


def check(given: Given, conditions: Mapping[str, Condition] = CONDITIONS) -> list[Check]:
    """Every condition, in the table's order."""
    return [Check(row, *CHECKS[row.id](given)) for row in conditions.values()]


def missing(given: Given) -> list[Check]:
    return [one for one in check(given) if not one.is_met]


Verdict = tuple[bool, Phrase, bool]


def voluntary(given: Given) -> Verdict:
    if not given.applying:
        return False, Phrase(_("还没有选出申请的劳动者。")), False
    if given.signed < given.applying:
        return False, Phrase(_("%(of)s 人申请，%(n)s 人还没有签字的申请书。"), {"of": given.applying, "n": given.applying - given.signed}), False
    return True, Phrase(_("签字的申请书在案：%(n)s 人。"), {"n": given.signed}), True


def claim(given: Given) -> Verdict:
    if given.amount <= 0 or not given.lines:
        return False, Phrase(_("还没有写清要多少工资。")), False
    words = {"amount": f"{given.amount:,.2f}", "n": given.lines}
    return True, Phrase(_("工资明细 %(n)s 笔，共 %(amount)s 元。"), words), True


def respondent(given: Given) -> Verdict:
    if not given.legal_name:
        return False, Phrase(_("只知道“%(aliases)s”，还不知道真实姓名或者名称。"), {"aliases": given.aliases or "—"}), False
    if given.number:
        return True, Phrase(_("%(name)s，信用代码或者身份证号在案。"), {"name": given.legal_name}), True
    if given.told_apart:
        return True, Phrase(_("%(name)s：%(told_apart)s"), {"name": given.legal_name, "told_apart": given.told_apart}), False
    return False, Phrase(_("%(name)s没有信用代码或者身份证号，请补登，或者说明凭什么能认定是他。"), {"name": given.legal_name}), False


def evidence(given: Given) -> Verdict:
    if not given.papers:
        return False, Phrase(_("案卷里还没有能证明干活或者欠钱的材料。")), False
    return True, Phrase(_("在案：%(papers)s"), {"papers": given.papers}), True


def cannot_sue(given: Given) -> Verdict:
    known = [reason for reason in given.reasons if reason in REASONS]
    if not known or not given.why.strip():
        return False, Phrase(_("还没有写明为什么本人难以单独起诉。")), False
    return True, Phrase("%(why)s", {"why": given.why}), False


def mediation(given: Given) -> Verdict:
    if given.mediated_on and given.mediated:
        words = {"day": given.mediated_on.isoformat(), "result": given.mediated}
        return True, Phrase(_("%(day)s 调解：%(result)s"), words), given.mediated_known
    if given.why_not_mediated.strip():
        return True, Phrase(_("没有调解：%(why)s"), {"why": given.why_not_mediated}), False
    return False, Phrase(_("还没有登记调解的日期和结果，也没有说明为什么不调解。")), False


CHECKS = {
    VOLUNTARY: voluntary, CLAIM: claim, RESPONDENT: respondent, EVIDENCE: evidence, CANNOT_SUE: cannot_sue, MEDIATION: mediation,
}  # fmt: skip
