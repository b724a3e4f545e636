"""What the pages of a claim show of its suspensions 中止: the one it is in, those before, and what another would mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext

from arrears.models import Claim, Clock, Suspension
from arrears.timing.counting import rests
from arrears.timing.grounds import GROUNDS, Ground
from grid.roles import LEVEL_LABELS


@dataclass(frozen=True)
class Choice:
    """A ground as the form offers it: how long, by whom, on what basis."""

    ground: Ground
    longest: date
    level: str


@dataclass(frozen=True)
class SuspendHelp:
    """Beside the form that suspends."""

    choices: list[Choice]
    resting: list[str]  # names of the clocks that would rest
    going_on: list[str]
    earlier: "Earlier"

    @property
    def labels(self) -> dict[str, list[tuple[str, str]]]:
        """The choices of the form's fields, with how long each may last."""
        said = gettext("%(ground)s（最多%(days)s日）")
        return {"ground": [(c.ground.name, said % {"ground": gettext(c.ground.label), "days": c.ground.max_days}) for c in self.choices]}


@dataclass(frozen=True)
class Earlier:
    """How often and how long the claim has rested so far, the present time included up to today."""

    times: int
    days: int

    @classmethod
    def of(cls, suspensions: Iterable[Suspension], today: date) -> "Earlier":
        lengths = [(min(row.ended_on or today, row.planned_end) - row.starts_on).days for row in suspensions]
        return cls(len(lengths), sum(lengths))


@dataclass(frozen=True)
class Resting:
    """The suspension a claim is in."""

    suspension: Suspension
    ground: Ground | None
    earlier: Earlier  # this one included

    @classmethod
    def of(cls, claim: Claim, suspensions: Iterable[Suspension], today: date) -> "Resting | None":
        suspensions = list(suspensions)
        now = next((row for row in suspensions if row.ended_on is None), None)
        return now and cls(now, GROUNDS.get(now.ground), Earlier.of(suspensions, today))


def suspend_help(claim: Claim, today: date) -> SuspendHelp:
    running = list(Clock.objects.running().filter(claim=claim).order_by("due_on", "pk"))
    return SuspendHelp(
        [Choice(ground, ground.longest(today), gettext(LEVEL_LABELS[ground.level])) for ground in GROUNDS.values()],
        names(clock for clock in running if rests(clock)),
        names(clock for clock in running if not rests(clock)),
        Earlier.of(claim.suspensions.all(), today),
    )


def names(clocks: Iterable[Clock]) -> list[str]:
    return list(dict.fromkeys(clock.rule.text("name", get_language() or "") for clock in clocks))
