"""The facts behind liability and roads, as a value. Django-free: the tables of law ask it, nobody else decides.

A fact is true when somebody has ticked it (TICKS, a row of facts.toml each) or the record shows it (KNOWN).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from arrears.rules.tables import BadRules, LawRow, column_faults, own_file, read_section, refuse


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


GROUPS = {
    "site": _("工程上的情况"),
    "employer": _("招工的单位"),
    "papers": _("凭据和诉求"),
    "steps": _("已经走过的程序"),
    "worker": _("劳动者和对方"),
}
# What the record of a claim shows by itself (arrears.situation.of_claim). Roles of the chain are has_owner, has_general …
ROLES = ("owner", "general", "sub", "labour", "foreman", "dispatch", "employer", "investor")
KNOWN = {
    **{f"has_{role}": _("被申请方中有这一角色") for role in ROLES},
    "sub_hires": _("由工地上的分包单位或者劳务公司招工"),
    "foreman_hires": _("由包工头招工，没有登记招工的单位"),
    "collective": _("十人以上有共同请求"),
    "mediating": _("正在本系统调解"),
    "agreement": _("已达成调解协议"),
    "agreement_fresh": _("调解协议生效不满三十日"),
    "inspecting": _("已移送劳动保障监察"),
    "paying_order": _("正在申请支付令"),
    "awarded": _("仲裁已经裁决"),
    "payord30_failed": _("劳动合同法第三十条的支付令已经失效"),
    "preserved_in_suit": _("诉讼或者仲裁中财产已经保全"),
    "crime_amount": _("欠薪达到拒不支付劳动报酬罪的数额"),
    "arb_expired": _("仲裁时效已经届满"),
    "inspect_expired": _("监察的两年时效已经届满"),
}


@dataclass(frozen=True)
class Tick:
    id: str
    group: str
    label: str
    label_en: str
    hint: str = ""
    hint_en: str = ""
    implies: tuple[str, ...] = ()
    office: bool = False

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))


def read_ticks(table: Path, override: Path | None = None) -> dict[str, Tick]:
    """An installation words them its own way; what the law asks for is not its to add or take away. Raises BadRules."""
    rows = read_section("facts", table, override=override)
    for tick_id, row in rows.items():
        refuse(f"fact {tick_id}", column_faults(row, Tick, given={"id"}))
        if row["group"] not in GROUPS:
            raise BadRules(f"fact {tick_id}: group {row['group']} is unknown ({', '.join(GROUPS)})")
    ticks = {tick_id: Tick(**{**row, "id": tick_id, "implies": tuple(row.get("implies", ()))}) for tick_id, row in rows.items()}
    for tick in ticks.values():
        refuse(f"fact {tick.id}", unknown_facts(tick.implies, ticks))
    return ticks


def unknown_facts(names: Iterable[str], ticks: Mapping[str, Tick]) -> Iterator[str]:
    yield from (f"there is no fact {name}" for name in names if name not in ticks and name not in KNOWN)


TICKS: Mapping[str, Tick] = read_ticks(Path(__file__).with_name("facts.toml"), own_file())


@dataclass(frozen=True)
class Condition:
    """When a row of law applies: all of `when`, one of `any` if there are any, none of `unless`."""

    when: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def holds(self, said: Collection[str]) -> bool:
        return (
            all(name in said for name in self.when)
            and (not self.any or any_of(self.any, said))
            and not any_of(self.unless, said)
        )  # fmt: skip

    def faults(self) -> Iterator[str]:
        yield from unknown_facts((*self.when, *self.any, *self.unless), TICKS)


@dataclass(frozen=True, kw_only=True)
class Provision(LawRow):
    """A row of law that applies on a condition: liability, a road, a trap."""

    when: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def condition(self) -> Condition:
        return Condition(self.when, self.any, self.unless)

    @classmethod
    def of(cls, section: str, row_id: str, row: Mapping[str, Any]) -> Self:
        made = super().of(section, row_id, row)
        refuse(f"{section} {row_id}", made.condition.faults())
        return made


def any_of(names: Iterable[str], said: Collection[str]) -> bool:
    return not set(names).isdisjoint(said)


def hires_itself(said: Collection[str]) -> bool:
    """A lawful dispatch agency stays the employer of those it sends."""
    return "has_dispatch" not in said or "bad_dispatch" in said


@dataclass(frozen=True)
class Facts:
    """`said`: the facts that hold. `names`: whom the claim names in each role of the chain. `unsettled`: what the owner
    has not yet settled of the project money, None while nobody knows. `lender`: in which role the unit stands whose name
    was lent."""

    said: frozenset[str] = frozenset()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owed: Decimal = Decimal(0)
    unsettled: Decimal | None = None
    lender: str = ""

    @classmethod
    def of(
        cls, said: Iterable[str] = (), names: Mapping[str, Iterable[str]] | None = None, owed: Decimal = Decimal(0),
        unsettled: Decimal | None = None, lender: str = "",
    ) -> "Facts":  # fmt: skip
        """With everything that follows: what a fact implies, which roles are named, whether it is construction."""
        known = {role: tuple(who) for role, who in (names or {}).items()}
        whole = {*said, *(f"has_{role}" for role in known)}
        if known and known.keys() <= {"foreman", "investor"} and "construction" not in whole:
            whole.add("no_employer")
        if any_of(("has_owner", "has_general", "has_sub"), whole):
            whole.add("construction")
        if "construction" in whole and any_of(("has_sub", "has_labour"), whole) and hires_itself(whole):
            whole.add("sub_hires")
        if "has_foreman" in whole and not any_of(("has_sub", "has_labour", "has_employer"), whole):
            whole.add("foreman_hires")
        while more := {name for tick in whole & TICKS.keys() for name in TICKS[tick].implies} - whole:
            whole |= more
        if "agreement" in whole:
            whole.add("sum_fixed")  # an agreement names the sum
        return cls(frozenset(whole), known, owed, unsettled, lender)
