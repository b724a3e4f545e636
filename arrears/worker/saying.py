"""What the worker does on the own page: brings papers, answers what was asked (worker.questions), wants to withdraw, says how
it was (ratings), objects (objections).

Each is an event of the case and reaches a person by name, with a day where something has to be done. None of them moves
the case: an officer does, who is answerable for it.
"""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from arrears import evidence
from arrears.history import hold
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event, Evidence
from arrears.worker.passing import announce, hand_over, has_said, in_charge, write
from grid.refused import Refused

MOST_FILES = 20  # that a worker brings without an officer, in one case


def add_file(claim: Claim, upload: UploadedFile, *, now: datetime) -> Evidence:
    """Raises Refused: claim_closed, too_many_files, and as evidence.keep."""
    if not claim.is_open:
        raise Refused("claim_closed", _("案件已经结束，不能再补充材料。"))
    if Evidence.objects.filter(claim=claim, added_by=None).count() >= MOST_FILES:
        raise Refused("too_many_files", _("网上补充的材料已经很多，其余的请直接交给工作人员。"))
    row = evidence.keep(claim, upload, None, now=now, kind="other")
    announce(claim, Event.objects.filter(claim=claim, kind="add_evidence").latest("at"), now)
    return row


def want_to_withdraw(claim: Claim, text: str, *, now: datetime) -> None:
    """The wish alone: the case goes on until an officer has spoken with the worker. Raises Refused."""
    with transaction.atomic():
        claim = hold(claim)
        if claim.stage not in CLAIM.find("withdraw").sources:
            raise Refused("wrong_state", _("案件当前阶段不能撤回。"))
        if has_said(claim, "wants_to_withdraw"):
            raise Refused("said_already", _("您已经提出过，工作人员会联系您确认。"))
        event = write(claim, "wants_to_withdraw", now, text=text.strip())
        hand_over(claim, "worker_withdraws", f"withdraw:{event.pk}", in_charge(claim, now), now)
