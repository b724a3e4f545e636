"""The answer to an objection: the claim is taken up again, or the result stands, with reasons the worker reads."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.casework import carry_out
from arrears.history import hold, record
from arrears.lifecycle import CLAIM, SUPERVISORS
from arrears.models import Objection
from arrears.models.saying import OBJECTION_STATES, REOPENED, UPHELD
from arrears.objections.clock import decider_of
from arrears.objections.standing import answered
from arrears.permits import Denied, claim_posts, find, require
from arrears.worker.notices import tell_workers
from arrears.worker.passing import said
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import LEVEL_LABELS, LEVELS

VERDICTS = [row for row in OBJECTION_STATES if row[0] in (REOPENED, UPHELD)]


def may_answer(objection: Objection, person: Person, today: date) -> Denied | bool:
    """Whoever leads the level that answers, or one above it; never who decided the claim."""
    posts = [post for post in claim_posts(objection.claim, person, today) if post.role.name in SUPERVISORS and post.level]
    if not posts:
        return Denied("not_your_role", _("异议由县级以上答复，您的岗位不能答复。"))
    if not any(LEVELS.index(post.level or "") >= LEVELS.index(objection.level) for post in posts):
        return Denied(
            "not_in_charge",
            _("这条异议现由%(level)s答复，您可以查看，但不能答复。") % {"level": _(LEVEL_LABELS[objection.level])},
        )
    if decider_of(objection.claim) == person.pk:
        return Denied("own_decision", _("案件是您自己决定结束的，异议要由别人答复。"))
    return True if objection.is_waiting else Denied("answered_already", _("这条异议已经答复过了。"))


def answer(objection: Objection, person: Person, *, now: datetime, verdict: str, reply: str) -> Objection:
    """The reply is read by the worker as it is written. Raises Refused: no_words, no_verdict, those of `may_answer`."""
    words = said(reply)
    if verdict not in dict(VERDICTS):
        raise Refused("no_verdict", _("请选择重新办理，还是维持办理结果。"))
    with transaction.atomic():
        claim = hold(objection.claim)
        objection.refresh_from_db(fields=["state", "level"])
        objection.claim = claim
        require(may_answer(objection, person, day_of(now)))
        answered(objection, verdict, person, now, words)
        event = record(claim, "objection_answered", person, now=now, move=verdict, reply=words)
        tell_workers(claim, event)
        if verdict == REOPENED:
            carry_out(claim, find(CLAIM, "reopen"), person, now, {"reason": words})
    return objection
