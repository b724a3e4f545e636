"""The receipt of a step: a file that is kept once as evidence of the claim."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from arrears.evidence import add_evidence, sha256_of
from arrears.models import Claim, Evidence
from arrears.proceedings.table import StepRow
from grid.models import Person
from grid.refused import Refused

KIND = "document"


def paper_of(claim: Claim, row: StepRow, upload: UploadedFile, person: Person, *, now: datetime) -> Evidence:
    """The same file again is the one that is there. Raises Refused: as add_evidence."""
    try:
        return add_evidence(claim, upload, person, now=now, kind=KIND, title=row.name[:120])
    except Refused as refusal:
        if refusal.code != "same_file":
            raise
        return Evidence.objects.get(claim=claim, sha256=sha256_of(upload))
