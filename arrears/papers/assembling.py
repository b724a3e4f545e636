"""What a packet is made of, rendered beside its place: the papers it issues, the evidence as pages, the PDF and the ZIP."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from arrears.evidence_shown import newest_copy, ready
from arrears.evidence_types import AUDIO, IMAGE, VIDEO
from arrears.evidence_types import KINDS as FILE_KINDS
from arrears.history import hold
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models import Claimant, Evidence, Packet, PacketPaper, Paper
from arrears.models.evidence import KeptFile
from arrears.models.papers import stored_as
from arrears.papers.about import workers_of
from arrears.papers.answering import cleaned
from arrears.papers.archive import Member, named, write_zip
from arrears.papers.binding import Bound, Bundle, Section, bound, pages_of, pages_of_stranger
from arrears.papers.blocks import text_of
from arrears.papers.book import form_of
from arrears.papers.forms import WORKER, Form
from arrears.papers.front import Listed
from arrears.papers.issuing import FILES, files_of, next_numbers, row_of, write
from arrears.papers.keeping import beside, no_room, path_of, put
from arrears.papers.lint import Read, lint
from arrears.papers.making import Draft, Made, Maker, finish
from arrears.papers.marks import chinese_date
from arrears.papers.numbers import log_numbers, read_numbers
from arrears.papers.plates import NO_PICTURE, SHOWN, Drawn, Plate, plates_of
from arrears.partners.watermarks import marked
from grid.days import day_of
from grid.refused import Refused

Tell = Callable[[int, int], None]
PLACE_BITS = 20  # a million papers
UNSEEN = "文件打不开，看不到内容"
MOST_SAID = 10  # faults told at once
PAPERS_AT, EVIDENCE_AT = "01-文书", "02-证据"
KIND_NAMES = dict(EVIDENCE_KINDS)
SIGNED = f"有电子签章或者表单，以“{EVIDENCE_AT}”文件夹中的原件为准。"
SIGNED_MARKED = "有电子签章或者表单，加了水印的副本不能验证，需要核对的向承办单位调取原件。"


@dataclass
class Whole:
    """A packet that is made and lies beside its place. `write` brings its rows."""

    packet: Packet
    papers: list[Paper]
    evidence: list[Evidence]
    files: dict[Path, bytes | Path]
    pages: int
    zip_sha256: str
    zip_size: int
    pdf_sha256: str
    pdf_size: int
    gaps: list[dict[str, str]] = field(default_factory=list)

    @property
    def documents(self) -> int:
        return len(self.papers) + len(self.evidence)

    def write(self, now: datetime) -> None:
        claim, person, forms = hold(self.packet.claim), self.packet.asked_by, forms_of(self.packet)
        log_numbers(claim, forms, read_numbers(claim, forms), person, now=now)
        for paper in self.papers:
            write(paper, person, now)
        PacketPaper.objects.bulk_create(PacketPaper(packet=self.packet, paper=paper, place=place) for place, paper in enumerate(self.papers, 1))
        self.packet.evidence.set(self.evidence)


@contextmanager
def assembled(packet: Packet, now: datetime, told: Tell) -> Iterator[Whole]:
    """Its files lie in a folder of their own until they are moved; the folder is gone afterwards, and what a killed worker left
    before."""
    folder = unfinished(packet)
    clear(packet, now)
    try:
        try:
            folder.mkdir(parents=True)
            yield whole_of(packet, folder, now, told)
        except OSError as error:
            raise no_room(error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unfinished(packet: Packet) -> Path:
    return Path(settings.MEDIA_ROOT) / "unfinished" / str(packet.pk)


def clear(packet: Packet, now: datetime) -> None:
    """Removes what was begun of a packet that is not made: whoever was killed after the files were in their places and before their
    rows were written left them there."""
    shutil.rmtree(unfinished(packet), ignore_errors=True)
    for kind in ("pdf", "zip"):
        path_of(packet, kind).unlink(missing_ok=True)
    began, ends = (12 * moment.year + moment.month - 1 for moment in (packet.asked_at.astimezone(UTC), now.astimezone(UTC)))
    months = [f"{month // 12}/{month % 12 + 1:02}" for month in range(began, ends + 1)]
    for month, pk, kind in product(months, paper_keys(packet), FILES):
        place = Path(settings.MEDIA_ROOT) / stored_as("papers", month, pk, kind)
        for left in (place, beside(place)):
            left.unlink(missing_ok=True)


def paper_keys(packet: Packet) -> list[UUID]:
    """The same however often it is begun, in the order of its papers: the packet's own key with their place at its end."""
    whose = packet.pk.int >> PLACE_BITS << PLACE_BITS
    return [UUID(int=whose | place) for place in range(1, len(packet.numbers) + 1)]


def whole_of(packet: Packet, folder: Path, now: datetime, told: Tell) -> Whole:
    claim, today = packet.claim, day_of(now)
    evidence = evidence_of(packet)
    steps = 2 * len(packet.numbers) + len(evidence) + 2
    drafts = drafts_of(packet, now, lambda done: told(done, steps))
    refuse_inconsistent(packet, drafts)
    made = []
    for draft in drafts:
        made.append(finish(draft, today))
        told(len(drafts) + len(made), steps)
    papers = [row_of(claim, one, packet.asked_by, now, about_id=about_of(packet), pk=pk) for one, pk in zip(made, paper_keys(packet), strict=True)]
    shown = [(row, file_of(packet, row)) for row in evidence]
    sections, unseen = evidence_sections(shown, now, SIGNED_MARKED if packet.plan["watermark"] else SIGNED)
    told(steps - 2, steps)
    gaps = [*gaps_of(drafts), *({"form": "", "title": row.title, "field": NO_PICTURE} for row in unseen)]
    bundle = Bundle(
        packet.title, cover_lines(packet, now), today, [Section(one.draft.title, pages_of(one.pdf)) for one in made], sections,
        [f"{gap['title']}：{UNSEEN if gap['field'] == NO_PICTURE else gap['field']}" for gap in gaps], packet.plan["watermark"],
    )  # fmt: skip
    book = bound(bundle)
    put(book.pdf, folder / "whole.pdf")
    told(steps - 1, steps)
    digest = write_zip(folder / "whole.zip", members(packet, made, shown, book, today))
    files: dict[Path, bytes | Path] = {}
    for paper, one in zip(papers, made, strict=True):
        files |= files_of(paper, one)
    files |= {path_of(packet, "pdf"): folder / "whole.pdf", path_of(packet, "zip"): folder / "whole.zip"}
    return Whole(
        packet, papers, evidence, files, book.pages, digest, (folder / "whole.zip").stat().st_size,
        sha256(book.pdf).hexdigest(), len(book.pdf), gaps,
    )  # fmt: skip


def forms_of(packet: Packet) -> list[Form]:
    return [form_of(form_id) for form_id in packet.plan["forms"]]


def about_of(packet: Packet) -> UUID | None:
    about = packet.plan.get("about")  # not in those asked for before there was such a thing
    return UUID(about) if about else None


def spoken_for(packet: Packet) -> list[Claimant]:
    ids = workers_of(about_of(packet))
    return [worker for worker in packet.claim.claimants.filter(same_as=None) if not ids or worker.pk in ids]


def wanted(packet: Packet) -> list[tuple[Form, Claimant | None]]:
    """One suit: each paper once, or once for each worker where it is the worker's own. One set each: all of them for each worker."""
    forms, workers = forms_of(packet), spoken_for(packet)
    if packet.plan["each"] and len(workers) > 1:
        return [(form, worker) for worker in workers for form in forms if form.fits(1)]
    found: list[tuple[Form, Claimant | None]] = []
    for form in forms:
        if form.fits(len(workers)):
            found += [(form, worker) for worker in workers] if form.per == WORKER and len(workers) > 1 else [(form, None)]
    return found


def drafts_of(packet: Packet, now: datetime, told: Callable[[int], None]) -> list[Draft]:
    papers, claim = wanted(packet), packet.claim
    forms = forms_of(packet)
    about = about_of(packet)
    everybody = maker = Maker(claim, day_of(now), read_numbers(claim, forms, about_id=about), beside=forms)
    answers = {form.id: cleaned(form, packet.said(), everybody.record(form, about)) for form in forms}
    drafts: list[Draft] = []
    for (form, worker), number in zip(papers, packet.numbers, strict=False):
        if packet.plan["each"] and worker and worker != maker.only:
            maker = everybody.for_one(worker)  # the set of the next
        drafts.append(maker.draft(form.id, answers[form.id], worker=worker, number=number, about_id=about))
        told(len(drafts))
    return drafts


def refuse_inconsistent(packet: Packet, drafts: list[Draft]) -> None:
    """The papers are read back, as a clerk of the court would read them one beside the other: those of one suit together."""
    suits: dict[Any, list[Read]] = {}
    for draft in drafts:
        whose = draft.worker.pk if packet.plan["each"] and draft.worker else None
        suits.setdefault(whose, []).append(Read(draft.form.id, text_of(draft.blocks), draft.facts))
    wrong = dict.fromkeys(phrase.text(_) for papers in suits.values() for phrase in lint(papers))
    if wrong:
        faults = " ".join(list(wrong)[:MOST_SAID])
        raise Refused("inconsistent", _("文书之间或者与案件记录不一致，请改正后再制作：%(faults)s") % {"faults": faults})


def take_numbers(packet: Packet, now: datetime) -> None:
    """Before the work begins and apart from it, so that nobody waits for the counter meanwhile; whoever goes on after an
    interruption goes on with the same."""
    missing = len(wanted(packet)) - len(packet.numbers)
    if missing > 0:
        packet.numbers += next_numbers(packet.claim, now, missing)
        packet.save(update_fields=["numbers"])


def evidence_of(packet: Packet) -> list[Evidence]:
    """In the order in which they were chosen."""
    order = {pk: place for place, pk in enumerate(packet.plan["evidence"])}
    return sorted(Evidence.objects.filter(pk__in=order, claim=packet.claim), key=lambda row: order[str(row.pk)])


def file_of(packet: Packet, row: Evidence) -> KeptFile:
    """Raises Refused: file_quarantined, file_unscanned: what nobody has scanned leaves the house to nobody; file_lost."""
    file = ready((newest_copy(row) if packet.plan["redacted"] else None) or row)
    if file.waits_for_scan:
        raise Refused("file_unscanned", _("证据“%(title)s”还没有查毒，查毒完成后再制作。") % {"title": row.title})
    if not Path(file.file.path).is_file():
        raise Refused("file_lost", _("证据“%(title)s”的文件在服务器上找不到，请重新上传，或者不选它。") % {"title": row.title})
    return file


def evidence_sections(shown: list[tuple[Evidence, KeptFile]], now: datetime, signed: str) -> tuple[list[Section], list[Evidence]]:
    """The pages, and which of the evidence should have been among them and cannot be read."""
    stranger = {row.pk: pages_of_stranger(Path(file.file.path)) for row, file in shown if file.extension == "pdf"}
    others = [(place, row, file) for place, (row, file) in enumerate(shown, 1) if not stranger.get(row.pk)]
    notes = {row.pk: note_of(file) for _place, row, file in others}
    plates = [
        Plate(f"证据{place}　{row.title}", notes[row.pk], file.sha256, Path(file.file.path) if file.extension in SHOWN else None)
        for place, row, file in others
    ]
    drawn = plates_of(plates, day_of(now)) if plates else Drawn(b"", [])
    pages = dict(zip(notes, pages_of(drawn.pdf) if plates else [], strict=True))
    pictures = {pk for pk, is_drawn in zip(notes, drawn.shown, strict=True) if is_drawn}
    sections, unseen = [], []
    for row, file in shown:
        brought = stranger.get(row.pk)
        note = (signed if brought.is_signed else "") if brought else "" if row.pk in pictures else notes[row.pk]
        sections.append(Section(row.title, brought.pages if brought else [pages[row.pk]], Listed(row.title, KIND_NAMES[row.kind], file.sha256, note)))
        if not brought and row.pk not in pictures and (is_picture(file) or file.extension == "pdf"):
            unseen.append(row)
    return sections, unseen


def is_picture(file: KeptFile) -> bool:
    return FILE_KINDS[file.extension].family == IMAGE


def note_of(file: KeptFile) -> str:
    kind = FILE_KINDS[file.extension]
    if kind.family in (AUDIO, VIDEO):
        return f"{kind.label}，不能打印，原件在电子材料包的“{EVIDENCE_AT}”文件夹。"
    if file.extension == "pdf":
        return f"这个 PDF 有密码、已损坏或者页数过多，不能并入，原件在电子材料包的“{EVIDENCE_AT}”文件夹。"
    if is_picture(file):
        return f"这张图片打不开，不能印在这里，原件在电子材料包的“{EVIDENCE_AT}”文件夹。请核对原件，或者重新拍照上传。"
    return f"{kind.label}，原件在电子材料包的“{EVIDENCE_AT}”文件夹。"


def cover_lines(packet: Packet, now: datetime) -> list[str]:
    claim, workers = packet.claim, spoken_for(packet)
    people = workers[0].name if len(workers) == 1 else f"{workers[0].name}等{len(workers)}人"
    lines = [f"案号　{claim.number}", f"劳动者　{people}", f"被申请方　{claim.respondent_name or '不详'}"]
    if packet.referral:
        lines.append(f"送　{packet.referral.body.name}")
    return [*lines, chinese_date(day_of(now))]


def gaps_of(drafts: list[Draft]) -> list[dict[str, str]]:
    """Each field of each paper once, whoever's it is."""
    found = {(draft.form.id, gap): {"form": draft.form.id, "title": draft.title, "field": gap} for draft in reversed(drafts) for gap in reversed(draft.gaps)}
    return list(reversed(found.values()))


def members(packet: Packet, made: list[Made], shown: list[tuple[Evidence, KeptFile]], book: Bound, today: date) -> Iterator[Member]:
    """Papers and evidence as they are; for whom the packet was made stands on each of them too, where anything can be laid over."""
    words = packet.plan["watermark"]
    yield Member("00-全卷.pdf", book.pdf)
    for number, one in enumerate(made, 1):
        copy = finish(one.draft, today, words) if words else one
        yield Member(named(PAPERS_AT, number, one.draft.title, "docx"), copy.docx)
        yield Member(named(PAPERS_AT, number, one.draft.title, "pdf"), copy.pdf)
    for number, (row, file) in enumerate(shown, 1):
        copied = marked(file, words) if words else None
        yield Member(named(EVIDENCE_AT, number, row.title, file.extension), Path(file.file.path) if copied is None else copied)
