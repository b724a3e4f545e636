"""催办: asking bodies that owe something to get on with it, one or many at once. Each body once a day for one referral; it stands
on the record. A body without people in the system is reminded by its link; of one without either, the officer hears."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.lifecycle import SENDERS
from arrears.models import Event, Referral
from arrears.notice_kinds import facts_of
from arrears.partners import links
from arrears.permits import Denied, claim_posts
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.roles import PARTNER

AGAIN_AFTER = timedelta(hours=24)
MOST = 200  # at once


@dataclass
class Chased:
    """What came of it, by the names of the bodies."""

    reached: list[Referral] = field(default_factory=list)
    unreached: list[Referral] = field(default_factory=list)  # nobody there, and no link
    too_soon: list[Referral] = field(default_factory=list)


def may_chase(referral: Referral, person: Person, today: date) -> Denied | bool:
    if not any(post.role.name in SENDERS for post in claim_posts(referral.claim, person, today)):
        return Denied("not_your_role", _("您的岗位不能催办。"))
    if referral.state not in links.OWES:
        return Denied("nothing_owed", _("这件移送现在没有等待该单位办理的事项。"))
    return True


def chase(rows: Iterable[Referral], person: Person, *, now: datetime) -> Chased:
    """`rows` with claim and body, those the person sees; what they may not chase is left out."""
    mine = [row for row in rows if may_chase(row, person, day_of(now))][:MOST]
    roster, done = Roster(day_of(now)), Chased()
    for row in mine:
        getattr(done, remind(row, person, roster, now)).append(row)
    return done


def was_chased(referral: Referral, now: datetime) -> bool:
    recent = Event.objects.filter(kind="referral_chased", claim=referral.claim_id, at__gt=now - AGAIN_AFTER)
    return recent.filter(facts__referral=str(referral.pk)).exists()


@transaction.atomic
def remind(referral: Referral, person: Person, roster: Roster, now: datetime) -> str:
    """What came of it, as `Chased` calls it. Of two who ask at once the second hears that it was too soon."""
    claim = hold(referral.claim)
    if was_chased(referral, now):
        return "too_soon"
    people = roster.holders(PARTNER, referral.body_id)
    link = next((link for link in referral.links.all() if link.is_live(now) and link.way != links.HAND), None)
    if not people and link is None:
        return "unreached"
    record(claim, "referral_chased", person, now=now, referral=str(referral.pk), body=referral.body.name, referral_kind=referral.kind)
    due = referral.answer_by.isoformat() if referral.answer_by else ""
    tell(
        people, "referral_chased", key=f"chased:{referral.pk}:{now.timestamp()}", now=now, subject_id=claim.pk, body_id=referral.body_id,
        facts={**facts_of(claim), "by": str(person), "due": due}, path=f"/referrals/{referral.pk}/",
    )  # fmt: skip
    if link is not None and not people:
        links.send_out(link, now, with_code=False)
    return "reached"
