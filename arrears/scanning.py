"""Every file is shown to the virus scanner, if the installation has one (CLAMD_URL): at once when it comes, otherwise by
the task, which asks again each minute. A file that holds a virus is moved aside and opens for nobody; its row, its
fingerprint and the event stay, because that it was handed in is a fact of the case."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from arrears import clamd
from arrears.casework import told_of
from arrears.history import hold, record
from arrears.models import Claim, Evidence, RedactedCopy, ReportFile
from arrears.models.evidence import KeptFile
from arrears.reports.clock import announce, people_of
from arrears.reports.record import record as write
from grid.days import day_of
from grid.duty import Roster
from grid.notices import tell

PIECE = 256 * 1024
KINDS: tuple[type[KeptFile], ...] = (Evidence, RedactedCopy, ReportFile)

logger = logging.getLogger(__name__)


def scan_next(now: datetime) -> bool:
    """Scans the oldest file that waits; False if none does, or nobody answers."""
    if not settings.CLAMD_URL:
        return False
    for kind in KINDS:
        if (waiting := kind.objects.filter(scan="waiting").order_by("added_at", "id").first()) is not None:
            return scan(waiting, now=now)
    return False


def scan(kept: KeptFile, *, now: datetime) -> bool:
    """Asks the scanner about one file; whether it answered. No transaction is open meanwhile. A file that is gone from
    the disk cannot be scanned, and says so."""
    if not settings.CLAMD_URL:
        return False
    try:
        with kept.file.open("rb") as file:
            threat = clamd.found_in(iter(lambda: file.read(PIECE), b""), settings.CLAMD_URL, settings.CLAMD_TIMEOUT)
    except clamd.Unreachable as trouble:
        logger.warning("the virus scanner does not answer, %s waits: %s", kept.pk, trouble)
        return False
    except (clamd.Unscannable, FileNotFoundError) as trouble:
        logger.error("file %s cannot be scanned: %s", kept.pk, trouble)
        settle(kept, "unscannable", str(trouble), now)
        return True
    if threat:
        quarantine(kept, threat, now)
    else:
        settle(kept, "clean", "", now)
    return True


def settle(kept: KeptFile, verdict: str, threat: str, now: datetime) -> bool:
    """Two scanners of one file at once: the first verdict stands. It is said of every row of the file: claims that were merged or
    split share it, and so do a report and the claim it became."""
    kept.scan, kept.threat, kept.scanned_at = verdict, threat[:120], now
    said = {"scan": verdict, "threat": kept.threat, "scanned_at": now}
    if not type(kept).objects.filter(pk=kept.pk, scan="waiting").update(**said):
        return False
    for kind in KINDS:
        kind.objects.filter(file=kept.file.name, scan="waiting").update(**said)
    return True


@transaction.atomic
def quarantine(kept: KeptFile, threat: str, now: datetime) -> None:
    """Told wherever the file is, whichever of its rows was scanned."""
    if claims := [said_of(row)[0] for row in in_claims(kept.file.name)]:
        hold(*claims)
    if not settle(kept, "infected", threat, now):
        return
    set_apart(kept)
    places = in_claims(kept.file.name)
    for place in places:
        tell_of_claim(place, now)
    for file in ReportFile.objects.filter(file=kept.file.name).select_related("report"):
        tell_of_report(file, now, is_done_with=bool(places))


def in_claims(name: str) -> list[KeptFile]:
    """The file as evidence, and as what is shown in place of evidence."""
    copies = RedactedCopy.objects.filter(file=name).select_related("evidence__claim")
    return [*Evidence.objects.filter(file=name).select_related("claim"), *copies]


def tell_of_report(kept: ReportFile, now: datetime, *, is_done_with: bool) -> None:
    """Whoever reported reads it on the own page; who answers, in the inbox, unless it is evidence of a claim already."""
    report = kept.report
    write(report, "infected", None, now=now, title=kept.title, threat=kept.threat, sha256=kept.sha256)
    if not is_done_with:
        people = people_of(report, {"level"}, Roster.around(report.region_id, day_of(now)))
        announce(report, "report_infected", people, now, key=str(kept.pk))


def tell_of_claim(kept: KeptFile, now: datetime) -> None:
    """The history of a merged claim says it as well; its people are called by the claim it went into."""
    claim, title = said_of(kept)
    record(claim, "file_quarantined", None, now=now, title=title, threat=kept.threat, sha256=kept.sha256)
    if claim.stage == "merged":
        return
    tell(
        told_of(claim, ("handler", "level"), day_of(now)), "file_quarantined", key=f"quarantined:{kept.pk}", now=now,
        facts={"number": claim.number}, path=f"/claims/{claim.pk}/#evidence", subject_id=claim.pk,
        region_code=claim.region_id,
    )  # fmt: skip


def set_apart(kept: KeptFile) -> None:
    """Into a folder that nothing serves. Done twice, it is done. Claims that were merged or split share the file, and so do a
    report and the claim it became."""
    name, was = f"quarantine/{kept.pk}", kept.file.name
    source, target = Path(kept.file.path), Path(kept.file.storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.exists():
        source.replace(target)
    kept.file.name = name
    for kind in KINDS:
        kind.objects.filter(file=was).update(file=name, scan=kept.scan, threat=kept.threat, scanned_at=kept.scanned_at)


def said_of(kept: KeptFile) -> tuple[Claim, str]:
    evidence = kept.evidence if isinstance(kept, RedactedCopy) else kept
    return evidence.claim, evidence.title
