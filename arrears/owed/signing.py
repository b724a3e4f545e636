"""The scan of a signed promise: one file, kept once as evidence, for as many promises as stand on it."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from arrears.evidence import add_evidence, sha256_of
from arrears.models import Claim, Evidence, Owed
from arrears.owed.table import OPEN, PROMISE
from arrears.owed.verbs import label_of, sign
from grid.models import Person
from grid.refused import Refused

KIND = "signature"


def sign_with(rows: Sequence[Owed], upload: UploadedFile, person: Person, *, now: datetime) -> Evidence:
    """Raises Refused: as add_evidence and verbs.sign."""
    claim = rows[0].claim
    evidence = scan_of(claim, upload, person, now, [row.paper for row in rows])
    for row in rows:  # a sheet that was scanned is on file, whatever becomes of it here
        sign(row, evidence, person, now=now)
    return evidence


def scan_of(claim: Claim, upload: UploadedFile, person: Person, now: datetime, papers: Sequence[str]) -> Evidence:
    """The same sheet again, for another promise on it, is the file that is there."""
    title = _("签字的承诺书：%(papers)s") % {"papers": _("、").join(map(label_of, papers))}
    try:
        return add_evidence(claim, upload, person, now=now, kind=KIND, title=title)
    except Refused as refusal:
        if refusal.code != "same_file":
            raise
        return Evidence.objects.get(claim=claim, sha256=sha256_of(upload))


def sign_on_the_glass(claim: Claim, evidence: Evidence, person: Person, *, now: datetime) -> None:
    """The name a worker wrote on the phone stands under what was promised there."""
    if evidence.is_quarantined:
        return
    for row in Owed.objects.filter(claim=claim, side=PROMISE, state=OPEN, signed=None):
        sign(row, evidence, person, now=now)
