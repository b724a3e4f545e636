"""Who answers for a body that has nobody in the system: somebody with a link and a code, or a paper that an officer records.
Name and post stand in the history as they were given."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from arrears.lifecycle import REFERRAL, SENDERS
from arrears.models import Evidence, Referral
from arrears.moves import Move
from arrears.permits import Denied, claim_posts
from grid.days import SHANGHAI, day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import PARTNER

LINK, PAPER = "link", "paper"
NOON = time(12, 0)
# What somebody answers with; taking what came is no answer.
ANSWERS = tuple(move.name for move in REFERRAL.moves if PARTNER in move.roles)


@dataclass(frozen=True)
class Outsider:
    """Who answered, from which post, in which way; of a paper its day and the scan of it."""

    name: str
    post: str
    way: str
    on: date | None = None
    scan: Evidence | None = None

    @property
    def called(self) -> str:
        return f"{self.name}（{self.post}）"

    def facts(self) -> dict[str, Any]:
        return {
            "answered_by": self.called, "way": self.way, "paper_day": self.on, "scan": self.scan.title if self.scan else "",
        }  # fmt: skip


def outside_moves(referral: Referral) -> list[Move]:
    """The body's own moves from where the referral stands."""
    return [move for move in REFERRAL.moves_from(referral.state, {PARTNER}) if move.name != "take" or referral.waits_for_receipt]


def may_answer(move: Move, referral: Referral) -> Denied | bool:
    if PARTNER not in move.roles:
        return Denied("not_your_role", _("协同单位不能进行这项操作。"))
    if referral.state not in move.sources:
        return Denied("wrong_state", _("该移送当前状态不能进行这项操作。"))
    return True


def may_record(referral: Referral, person: Person, today: date) -> Denied | bool:
    """Who writes down what a body answered on paper, or gives it a link: those who could have sent the referral."""
    if not any(post.role.name in SENDERS for post in claim_posts(referral.claim, person, today)):
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if not referral.sent_at or not referral.is_open or referral.state == "disputed":
        return Denied("wrong_state", _("该移送当前状态不能进行这项操作。"))
    return True


def instant(said_by: Outsider | None, referral: Referral, now: datetime) -> datetime:
    """When the answer was given: a paper's day counts, not the day it was written down. Raises Refused: paper_day."""
    today = day_of(now)
    if said_by is None or said_by.on is None or said_by.on == today:
        return now
    before = max(filter(None, (referral.sent_at, referral.received_at, referral.answered_at)))
    if said_by.on > today or said_by.on < day_of(before):
        raise Refused(
            "paper_day",
            _("答复的日期应在%(first)s（上一步的日期）和今天之间，请核对。") % {"first": day_of(before).isoformat()},
        )
    return max(before, datetime.combine(said_by.on, NOON, SHANGHAI))
