"""Which file somebody is handed when they ask for a piece of evidence: whoever sees the case sees the original, a partner
body sees the redacted copy if there is one."""

from datetime import date

from django.utils.translation import gettext as _

from arrears.models import Claim, Evidence
from arrears.models.evidence import KeptFile
from grid.models import Person
from grid.refused import Refused


def is_outside(evidence: Evidence, person: Person, today: date) -> bool:
    """Does the person see this paper, and not the case it is of?"""
    return not Claim.objects.visible_to(person, today).filter(pk=evidence.claim_id).exists()


def file_for_others(evidence: Evidence) -> KeptFile:
    """Raises Refused: file_quarantined; file_unscanned: what nobody has scanned leaves the house to nobody."""
    file = ready(newest_copy(evidence) or evidence)
    if file.waits_for_scan:
        raise Refused("file_unscanned", _("这个文件还没有查毒，查毒完成后才能打开。系统每分钟重试一次，请稍后再来。"))
    return file


def newest_copy(evidence: Evidence) -> KeptFile | None:
    """What was drawn or uploaded last. One in which a virus was found shows nobody anything; the one before it does."""
    return evidence.redacted.exclude(scan="infected").order_by("-added_at", "-id").first()


def ready(file: KeptFile) -> KeptFile:
    if file.is_quarantined:
        raise Refused(
            "file_quarantined",
            _("这个文件查出病毒（%(threat)s），已隔离，不能打开。请联系提交的人重新拍照或另存后再传。") % {"threat": file.threat},
        )
    return file
