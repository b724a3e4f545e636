"""谁应当付钱: from the facts of a claim to the parties who must pay, in order, each with article, ground and cap.

The rules are rows of liability.toml, read by a lawyer; an installation corrects them in its own file (XINAN_RULES) as
it does the time limits. `liable` is the one answer for pages, API and every document. Django-free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from arrears.rules.tables import BadRules, own_file, read_section, refuse
from arrears.situation.facts import ROLES, Facts, Provision


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


NOTE, UNSETTLED, LENDER, SUCCESSOR = "note", "unsettled", "lender", "successor"
# The nature of a duty; whom to turn to first stands first.
DUTIES = {
    "direct": _("直接支付"),
    "first": _("先行清偿"),
    "pays": _("承担清偿责任"),
    "joint": _("连带责任"),
    "advance": _("先行垫付"),
    "investor": _("出资人清偿"),
    "successor": _("承继清偿"),
    "contract": _("按约定支付"),
}
ORDER = {duty: place for place, duty in enumerate(DUTIES)}


@dataclass(frozen=True, kw_only=True)
class LiabilityRule(Provision):
    """One row of the table. `who` is empty for a note."""

    duty: str
    ground: str
    ground_en: str
    who: tuple[str, ...] = ()
    cap: str = ""
    recourse: bool = False

    @property
    def is_note(self) -> bool:
        return self.duty == NOTE


def load(table: Path, override: Path | None = None) -> dict[str, LiabilityRule]:
    """Raises BadRules."""
    rows = read_section("liability", table, override=override)
    rules = {rule_id: LiabilityRule.of("liability", rule_id, row) for rule_id, row in rows.items()}
    for rule in rules.values():
        refuse(f"liability {rule.id}", faults(rule))
    return rules


def faults(rule: LiabilityRule) -> Iterator[str]:
    if rule.duty not in DUTIES and not rule.is_note:
        yield f"duty {rule.duty} is unknown ({', '.join(DUTIES)}, {NOTE})"
    if bool(rule.who) == rule.is_note:
        yield "a note has no who, every other row has"
    yield from (f"there is no role {role}" for role in rule.who if role not in (*ROLES, LENDER, SUCCESSOR))
    if rule.who and rule.who[-1] == LENDER:
        yield "after lender a role must follow, for the claim that does not say who lent its name"
    if rule.cap not in ("", UNSETTLED):
        yield f"cap {rule.cap} is unknown ({UNSETTLED})"


LIABILITY: Mapping[str, LiabilityRule] = load(Path(__file__).with_name("liability.toml"), own_file())
if not any(rule.who for rule in LIABILITY.values()):
    raise BadRules("nobody is ever liable")


@dataclass(frozen=True)
class Liable:
    """Somebody who must pay. `names` is empty while nobody knows who that is. A capped duty has its `cap`, or None while
    the cap is unknown; `amount` is the most that can be asked of them."""

    order: int
    role: str
    names: tuple[str, ...]
    rules: tuple[LiabilityRule, ...]
    is_capped: bool
    cap: Decimal | None
    amount: Decimal | None

    @property
    def duty(self) -> str:
        return self.rules[0].duty

    @property
    def may_recover(self) -> bool:
        return any(rule.recourse for rule in self.rules)

    @property
    def verified(self) -> bool:
        """At least one of the grounds was checked."""
        return any(rule.verified for rule in self.rules)


@dataclass(frozen=True)
class Liability:
    parties: tuple[Liable, ...]
    notes: tuple[LiabilityRule, ...]


def liable(facts: Facts) -> Liability:
    """Who must pay on these facts, whom to turn to first."""
    rules = [rule for rule in LIABILITY.values() if rule.condition.holds(facts.said)]
    grounds: dict[str, list[LiabilityRule]] = {}
    for rule in sorted((rule for rule in rules if not rule.is_note), key=lambda rule: ORDER[rule.duty]):
        grounds.setdefault(role_of(rule, facts), []).append(rule)
    parties = (party(order, role, found, facts) for order, (role, found) in enumerate(grounds.items(), 1))
    return Liability(tuple(parties), tuple(rule for rule in rules if rule.is_note))


def role_of(rule: LiabilityRule, facts: Facts) -> str:
    """The first of the rule's roles that the claim names; if it names none, the first one, whose name is to be found."""
    roles = [facts.lender if role == LENDER else role for role in rule.who]
    roles = [role for role in roles if role]
    return facts.lender if facts.lender and LENDER in rule.who else next((role for role in roles if role in facts.names), roles[0])


def party(order: int, role: str, rules: list[LiabilityRule], facts: Facts) -> Liable:
    is_capped = all(rule.cap for rule in rules)  # one uncapped ground is enough to owe everything
    cap = facts.unsettled if is_capped else None
    amount = facts.owed if not is_capped else None if cap is None else min(facts.owed, cap)
    return Liable(order, role, facts.names.get(role, ()), tuple(rules), is_capped, cap, amount)
