"""The last look before a claim is registered: everything typed, and what is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.identity import mask_id
from arrears.intake import ClaimantFacts, ClaimFacts
from arrears.models.claims import CHANNELS, CONTRACTS, UNITS
from arrears.models.parties import CHAIN_ROLES
from arrears.money import line_due
from grid.models import Person


@dataclass(frozen=True)
class Gap:
    """Something that may be registered without, but will be wanted later. `names`: whose it is."""

    sentence: str
    names: Callable[[ClaimFacts], list[str]]


def workers_without(field: str) -> Callable[[ClaimFacts], list[str]]:
    return lambda facts: [worker.name for worker in facts.claimants if not getattr(worker, field)]


def no_lines(facts: ClaimFacts) -> list[str]:
    return [worker.name for worker in facts.claimants if not worker.lines]


GAPS = (
    Gap(_("没有电话：%(names)s。提醒和调解通知会送不到。"), workers_without("phone")),
    Gap(_("没有身份证号：%(names)s。移送仲裁或支持起诉前必须补齐。"), workers_without("id_number")),
    Gap(_("没有工资明细：%(names)s。"), no_lines),
    Gap(
        _("法定名称不详：%(names)s。受理前请尽量查明（若干规定第十八条）。"),
        lambda facts: [row.aliases for row in facts.respondents if not row.legal_name],
    ),
    Gap(
        _("没有填最后工作日，一年的仲裁时效无法起算。"),
        lambda facts: [] if facts.last_working_day else ["—"],
    ),
    Gap(_("没有写事实经过。"), lambda facts: [] if facts.story else ["—"]),
)


NAMED = 20  # workers whose gap is told by name
SHOWN = 50  # workers on the page


def names_in(names: Sequence[str]) -> str:
    named = gettext("、").join(names[:NAMED])
    return gettext("%(names)s 等 %(n)s 人") % {"names": named, "n": len(names)} if len(names) > NAMED else named


@dataclass(frozen=True)
class Worker:
    facts: ClaimantFacts

    @property
    def id_masked(self) -> str:
        return mask_id(self.facts.id_number)

    @property
    def lines(self) -> list[dict[str, Any]]:
        units = dict(UNITS)
        return [
            {"line": line, "unit": units[line.unit], "due": line_due(line.rate, line.quantity),
             "unpaid": line_due(line.rate, line.quantity) - line.paid}
            for line in self.facts.lines
        ]  # fmt: skip


class Summary:
    def __init__(self, facts: ClaimFacts, person: Person, today: date) -> None:
        self.facts, self.person, self.today = facts, person, today

    @property
    def gaps(self) -> list[str]:
        found = [(gap.sentence, gap.names(self.facts)) for gap in GAPS]
        return [gettext(sentence) % {"names": names_in(names)} for sentence, names in found if names]

    @property
    def workers(self) -> list[Worker]:
        return [Worker(facts) for facts in self.facts.claimants[:SHOWN]]

    @property
    def others(self) -> int:
        return max(0, len(self.facts.claimants) - SHOWN)

    @property
    def worker_count(self) -> int:
        return max(self.facts.worker_count or 0, len(self.facts.claimants))

    @property
    def respondents(self) -> list[tuple[str, Any]]:
        roles = dict(CHAIN_ROLES)
        return [(roles[row.role], row) for row in self.facts.respondents]

    @property
    def channel(self) -> str:
        return dict(CHANNELS)[self.facts.channel]

    @property
    def contract(self) -> str:
        return dict(CONTRACTS)[self.facts.contract]

    @property
    def total(self) -> Decimal:
        lines = (line for worker in self.facts.claimants for line in worker.lines)
        return sum((line_due(line.rate, line.quantity) - line.paid for line in lines), Decimal(0))

    @property
    def typed_differs(self) -> bool:
        return self.facts.typed_total is not None and self.facts.typed_total != self.total
