"""The scan of the signed paper: evidence of the claim, named by every signature on it."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from arrears.evidence import keep, sha256_of
from arrears.models import Evidence
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.lifecycle import SITTING
from mediation.models import Agreement, Signature
from mediation.permits import mediation_posts

KIND = "document"


def attach(agreement: Agreement, upload: UploadedFile, person: Person, *, now: datetime) -> Evidence:
    """Whoever may sit may bring it, also a mediator from elsewhere. A better scan is the next version of the one before.
    Raises Refused: not_your_role, and as arrears.evidence.keep."""
    mediation = agreement.mediation
    if not any(post.role.name in SITTING for post in mediation_posts(mediation, person, day_of(now))):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))
    title = _("调解协议书 %(number)s（签署件）") % {"number": agreement.number}
    before = agreement.signatures.exclude(scan=None).select_related("scan").first()
    try:
        scan = keep(mediation.claim, upload, person, now=now, kind=KIND, title=title, replaces=before.scan if before else None)
    except Refused as refusal:
        if refusal.code != "same_file":
            raise
        scan = Evidence.objects.get(claim=mediation.claim, sha256=sha256_of(upload))
    Signature.objects.filter(agreement=agreement, how="paper").update(scan=scan)
    return scan
