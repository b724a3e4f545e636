"""An answer that comes by a link, or on paper: the body's own move, under the name and post that were given."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from arrears import referrals
from arrears.evidence import keep
from arrears.history import hold
from arrears.lifecycle import REFERRAL
from arrears.models import Evidence, Referral, ReplyLink
from arrears.partners import links
from arrears.partners.answering import LINK, PAPER, Outsider, may_answer, may_record
from arrears.permits import find, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused


def answer(link: ReplyLink, move: str, *, now: datetime, name: str, post: str, **said: Any) -> Referral:
    """Raises Refused: as referrals.advance, link_ended."""
    referral = link.referral
    with transaction.atomic():
        hold(referral.claim)
        if move in links.NO_ANSWER:
            if not ReplyLink.objects.get(pk=link.pk).is_live(now):
                raise Refused("link_ended", _("这个链接已经用过、过期或者作废，请联系移送单位重新发送。"))
        else:
            links.use(link, now)
        return referrals.advance(referral, move, None, now=now, said_by=Outsider(name, post, LINK), **said)


def record_paper(
    referral: Referral, move: str, person: Person, *, now: datetime, on: date, name: str, post: str, scan: UploadedFile, **said: Any
) -> Referral:
    """What a body answered on paper, with the scan of it. Raises Refused: as referrals.advance and arrears.evidence.keep,
    infected."""
    require(may_record(referral, person, day_of(now)))
    require(may_answer(find(REFERRAL, move), referral))
    kept: Evidence | None = None
    try:
        with transaction.atomic():
            hold(referral.claim)
            title = _("%(body)s的书面答复") % {"body": referral.body.name}
            kept = keep(referral.claim, scan, person, now=now, kind="other", title=title)
            if kept.is_quarantined:
                raise Refused("infected", _("扫描件查出病毒，没有登记。请重新扫描后再登记。"))
            return referrals.advance(referral, move, person, now=now, said_by=Outsider(name, post, PAPER, on, kept), **said)
    except BaseException:
        if kept is not None:  # its row is gone with the transaction
            Path(kept.file.path).unlink(missing_ok=True)
        raise
