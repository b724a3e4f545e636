"""The page on which a respondent without an account gives a mark: made by somebody who did not mediate, shown once."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from arrears.models import Respondent
from arrears.permits import require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.feeds.links import digest_of
from mediation.marks.seats import may_take
from mediation.marks.verbs import check_party, check_time
from mediation.models import Mark, MarkLink, Mediation


def make(mediation: Mediation, respondent: Respondent, person: Person, *, now: datetime) -> str:
    """The token, shown once; the old address is dead from now on. Raises Refused: own_work, not_your_role, not_of_claim, still_open,
    too_late, said_already."""
    require(may_take(mediation, person, day_of(now)))
    check_party(mediation, respondent)
    known = Mark.objects.filter(mediation=mediation, respondent=respondent).first()
    if known is not None:
        raise Refused("said_already", _("这一方已经评价过，不用再发链接。"))
    check_time(mediation, None, day_of(now))
    token = secrets.token_urlsafe(32)
    MarkLink.objects.update_or_create(
        mediation=mediation, respondent=respondent, defaults={"digest": digest_of(token), "made_by": person, "made_at": now, "opened_at": None}
    )
    return token


def find(token: str, now: datetime) -> MarkLink | None:
    """One that still leads somewhere: as long as a mark would be taken, or what was said can be corrected."""
    rows = MarkLink.objects.select_related("respondent", "mediation__claim", "mediation__mediator")
    link = rows.filter(digest=digest_of(token)).first()
    if link is None:
        return None
    try:
        check_time(link.mediation, mark_of(link), day_of(now))
    except Refused:
        return None
    if link.opened_at is None:
        MarkLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
    return link


def mark_of(link: MarkLink) -> Mark | None:
    return Mark.objects.filter(mediation=link.mediation, respondent=link.respondent).first()
