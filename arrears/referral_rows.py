"""A referral as a row of a list shows it: on the list of referrals, the desk, wherever they stand below each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark
from arrears.deadlines import ANSWER, remaining
from arrears.models import Referral
from arrears.shared_facts import named
from arrears.workdays import Calendar


@dataclass(frozen=True)
class ReferralRow:
    """A referral as a line of a list."""

    referral: Referral
    title: str
    kind: str
    state: Mark
    due: Mark | None


def rows_of(referrals: Iterable[Referral], today: date, calendar: Calendar) -> list[ReferralRow]:
    return [row_of(referral, today, calendar) for referral in referrals]


def row_of(referral: Referral, today: date, calendar: Calendar) -> ReferralRow:
    kind, status = gettext(referral.get_kind_display()), referral.status
    state = Mark(gettext(status.label), status.tone)
    return ReferralRow(referral, title_of(referral), kind, state, due_mark(referral, today, calendar))


def title_of(referral: Referral) -> str:
    """Who is owed by whom: 李建国等 3 人 / 宿迁宏远劳务有限公司, as it was sent."""
    shared = referral.shared
    if not shared:
        return referral.claim.respondent_name
    workers = [worker["name"] for worker in shared["claimants"]]
    count = shared["worker_count"]
    who = workers[0] if count == 1 else gettext("%(name)s等 %(count)s 人") % {"name": workers[0], "count": count}
    return f"{who} / {gettext('、').join(named(respondent) for respondent in shared['respondents'])}"


def due_mark(referral: Referral, today: date, calendar: Calendar) -> Mark | None:
    if referral.answer_by is None or not referral.is_open:
        return None
    days = (referral.answer_by - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(referral.answer_by, today, calendar, of=ANSWER).text(gettext), *DUE_LOOKS[standing])
