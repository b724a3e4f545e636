"""Who must pay, as a page shows it: the chain as a picture, and the parties in order. Templates neither query nor decide."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import get_language, gettext

from arrears.liability import DUTIES, SUCCESSOR, Liability, LiabilityRule, Liable, liable
from arrears.models import Claim
from arrears.models.parties import CHAIN_ROLES
from arrears.situation.facts import Facts
from arrears.situation.of_claim import facts_of, is_asked

# From the money down to the worker.
CHAIN = ("owner", "general", "sub", "labour", "investor", SUCCESSOR, "employer", "dispatch", "foreman")
# What the picture always has, so that a missing link is seen: on a building site, and elsewhere.
SITE_LINKS, PLAIN_LINKS = ("owner", "general"), ()


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


LABELS = {**dict(CHAIN_ROLES), SUCCESSOR: _("承继的单位")}
PERSONS = ("foreman", "investor")
TONES = {"direct": "bad", "first": "bad", "pays": "bad", "joint": "warn", "advance": "warn"}


@dataclass(frozen=True)
class Ground:
    rule: LiabilityRule
    text: str
    citation: str
    source: str

    @classmethod
    def of(cls, rule: LiabilityRule) -> "Ground":
        language = get_language() or ""
        return cls(rule, rule.text("ground", language), rule.citation(language), rule.text("source", language))


@dataclass(frozen=True)
class Box:
    """A link of the chain: somebody who must pay, or who does not by what is known so far."""

    role: str
    names: tuple[str, ...]
    liable: Liable | None

    @property
    def label(self) -> str:
        return gettext(str(LABELS[self.role]))

    @property
    def icon(self) -> str:
        return "person" if self.role in PERSONS else "company"

    @property
    def tone(self) -> str:
        return TONES.get(self.liable.duty, "info") if self.liable else "muted"

    @property
    def duty(self) -> str:
        return gettext(DUTIES[self.liable.duty]) if self.liable else ""

    @property
    def other_duties(self) -> list[str]:
        """Beyond the first, for a party that owes on several grounds."""
        duties = dict.fromkeys(rule.duty for rule in self.liable.rules) if self.liable else {}
        return [gettext(DUTIES[duty]) for duty in list(duties)[1:]]

    @property
    def grounds(self) -> list[Ground]:
        return [Ground.of(rule) for rule in self.liable.rules] if self.liable else []


class LiabilityPage:
    def __init__(self, claim: Claim, today: date) -> None:
        self.claim, self.today = claim, today

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.claim, self.today)

    @cached_property
    def liability(self) -> Liability:
        return liable(self.facts)

    @cached_property
    def by_role(self) -> dict[str, Liable]:
        return {party.role: party for party in self.liability.parties}

    @property
    def boxes(self) -> list[Box]:
        """From the money down to the worker; the worker stands below them."""
        always = SITE_LINKS if "construction" in self.facts.said else PLAIN_LINKS
        shown = [role for role in CHAIN if role in self.facts.names or role in self.by_role or role in always]
        return [self.box_of(role) for role in shown]

    def box_of(self, role: str) -> Box:
        return Box(role, self.facts.names.get(role, ()), self.by_role.get(role))

    @property
    def parties(self) -> list[Box]:
        """Whom to turn to, in order."""
        return [self.box_of(party.role) for party in self.liability.parties]

    @property
    def to_find(self) -> list[Box]:
        return [box for box in self.parties if not box.names]

    @property
    def notes(self) -> list[Ground]:
        return [Ground.of(rule) for rule in self.liability.notes]

    @property
    def owed(self) -> Decimal:
        return self.facts.owed

    @property
    def is_asked(self) -> bool:
        return is_asked(self.claim)

    @property
    def verified(self) -> bool:
        return all(rule.verified for party in self.liability.parties for rule in party.rules)
