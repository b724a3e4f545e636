"""Legal aid at once: 法律援助法 第四十四条第一项, when less than seven days of the limit are left."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from arrears.limitation.limits import ARBITRATION, needs_aid_at_once
from arrears.models import Claim, Clock
from arrears.routes.starting import Start, Starting


@dataclass(frozen=True)
class AidOffer:
    clock: Clock
    days: int
    start: Start

    @classmethod
    def of(cls, claim: Claim, starting: Starting, today: date) -> Self | None:
        """None while there is time, once it is over, and when legal aid was asked for already."""
        clock = running(claim, ARBITRATION)
        if clock is None or not claim.is_open or not needs_aid_at_once(clock.due_on, today):
            return None
        if any(referral.kind == "legal_aid" and referral.is_open for referral in claim.referrals.all()):
            return None
        return cls(clock, (clock.due_on - today).days, starting.of("refer:legal_aid"))


def running(claim: Claim, rule_id: str) -> Clock | None:
    return next((clock for clock in claim.clocks.all() if clock.rule_id == rule_id and clock.ended_on is None), None)
