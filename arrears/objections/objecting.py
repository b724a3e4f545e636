"""The worker objects: once for each end of the claim, and to somebody who did not decide it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import hold
from arrears.ladders.store import book_now
from arrears.models import Claim, Objection
from arrears.objections.clock import due_day, hand_to, seat, set_call
from arrears.worker.passing import has_said, said, write
from grid.days import day_of
from grid.duty import Roster
from grid.refused import Refused
from grid.roles import above

OBJECT_WITHIN = 30  # days after the end


def objects(claim: Claim, text: str, *, now: datetime) -> date:
    """To the next level up, which has to answer by the day this returns. Raises Refused."""
    words, today = said(text), day_of(now)
    with transaction.atomic():
        claim = hold(claim)
        check_ended(claim)
        if (today - (claim.closed_on or today)).days > OBJECT_WITHIN:
            raise Refused("too_late", _("办结已经超过 %(days)s 天。您仍然可以申请仲裁或者起诉，援助请打 12348。") % {"days": OBJECT_WITHIN})
        if has_said(claim, "objected"):
            raise Refused("said_already", _("您已经提出过异议，上级的答复会在这里告诉您。"))
        calendar = calendar_now()
        due_on = due_day(today, calendar)
        event = write(claim, "objected", now, text=words, answer_by=due_on.isoformat())
        level, people = seat(claim, above(claim.level) or claim.level, Roster.around(claim.region_id, today))
        objection = Objection(claim=claim, event=event, level=level, received_on=today, due_on=due_on)
        set_call(objection, book_now(), calendar, now)
        objection.save(force_insert=True)
        hand_to(objection, people, now)
    return due_on


def check_ended(claim: Claim) -> None:
    if claim.is_open or claim.stage == "merged":
        raise Refused("still_open", _("案件还在办理，办结以后再来。"))
