"""Is what was frozen still what it was? Fingerprints of what was shared, of papers and of packets, worked out again.

Reading every file each night would take longer the older the city's archive is: each night reads the next part of it, so that
all of it is read in turn. What part is the day's affair; nothing is remembered."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext

from arrears.integrity import EXAMPLES, Check, Found, line
from arrears.models import Packet, Paper, Referral, Supplement
from arrears.papers.keeping import path_of
from arrears.papers.making import canonical
from arrears.partners.frozen import is_intact, is_supplement_intact
from grid.days import day_of

SHARED_A_NIGHT, PAPERS_A_NIGHT, PACKETS_A_NIGHT = 500, 400, 40
FACTS = "facts"


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


CHANGED, MISSING = _("与登记的指纹不符"), _("文件不见了")


def tonight(rows: QuerySet, most: int, now: datetime) -> QuerySet:
    """The part of them that is this day's turn, oldest first; all of them while they are few."""
    parts = -(-rows.count() // most) or 1
    start = day_of(now).toordinal() % parts * most
    return rows.order_by("pk")[start : start + most]


def told(faults: Iterable[str]) -> Found:
    faults = list(faults)
    return Found(len(faults), faults[:EXAMPLES])


def shared_changed(now: datetime) -> Found:
    return told(faults_of_shared(now))


def faults_of_shared(now: datetime) -> Iterator[str]:
    sent = Referral.objects.exclude(sha256="")
    for referral in tonight(sent, SHARED_A_NIGHT, now).select_related("claim").prefetch_related("pages"):
        if not is_intact(referral):
            yield line(referral.claim.number, referral.pk, gettext(CHANGED))
    for supplement in tonight(Supplement.objects.all(), SHARED_A_NIGHT, now).select_related("referral__claim"):
        if not is_supplement_intact(supplement):
            yield line(supplement.referral.claim.number, supplement.referral_id, supplement.number, gettext(CHANGED))


def papers_changed(now: datetime) -> Found:
    return told(faults_of_papers(now))


def faults_of_papers(now: datetime) -> Iterator[str]:
    for paper in tonight(Paper.objects.all(), PAPERS_A_NIGHT, now).select_related("claim"):
        if sha256(canonical(paper.told())).hexdigest() != paper.facts_sha256:
            yield line(paper.claim.number, paper.number, FACTS, gettext(CHANGED))
        for kind in ("docx", "pdf"):
            if fault := fault_of(path_of(paper, kind), getattr(paper, f"{kind}_sha256")):
                yield line(paper.claim.number, paper.number, kind, fault)


def packets_changed(now: datetime) -> Found:
    return told(faults_of_packets(now))


def faults_of_packets(now: datetime) -> Iterator[str]:
    for packet in tonight(Packet.objects.filter(state="made"), PACKETS_A_NIGHT, now).select_related("claim").defer("answers"):
        for kind in ("zip", "pdf"):
            if fault := fault_of(path_of(packet, kind), getattr(packet, f"{kind}_sha256")):
                yield line(packet.claim.number, packet.title, kind, fault)


def fault_of(place: Path, expected: str) -> str:
    try:
        with place.open("rb") as file:
            return "" if file_digest(file, "sha256").hexdigest() == expected else gettext(CHANGED)
    except FileNotFoundError:
        return gettext(MISSING)


RESTORE = _("请不要再交出这一份：从备份取回原件；取不回的，撤销后重新制作，并查清是谁改动的。")
ROWS = (
    Check("shared_changed", _("移送给协同单位的材料与发出时的指纹不符"), _("数据库里的移送内容被改动过：请从备份核对原文，并查清是谁改动的。"), shared_changed),
    Check("papers_changed", _("文书的文件或者事实与制作时的指纹不符"), RESTORE, papers_changed),
    Check("packets_changed", _("材料包的文件与制作时的指纹不符"), RESTORE, packets_changed),
)
