"""The verbs of a paper: issue, issue anew, withdraw. Others call `issue` and nothing else of this room."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Claimant, Paper, PaperCounter
from arrears.numbering import next_in
from arrears.papers.about import refuse_strange
from arrears.papers.book import form_of
from arrears.papers.forms import WORKER, Form
from arrears.papers.keeping import kept, path_of
from arrears.papers.making import Made, Maker, finish
from arrears.papers.numbers import open_numbers
from arrears.permits import find, may, require
from grid.days import day_of
from grid.ids import uuid7
from grid.models import Person
from grid.refused import Refused

MOVE = "issue_paper"
FILES = ("docx", "pdf")
LONG_FROM = 300  # workers: papers of more with annexes are made by the task


def issue(
    claim: Claim, form_id: str, person: Person, *, now: datetime, answers: Mapping[str, Any], worker: Claimant | None = None,
    about_id: UUID | None = None, replaces: Paper | None = None, in_hand: bool = False,
) -> Paper:  # fmt: skip
    """`in_hand`: the caller has asked whether what it is about is this person's work (arrears.serving.hands). Makes a paper under the next number; number, facts, Word file and PDF never change again.
    Raises Refused: as casework.advance, those of Maker.draft, not_of_claim, no_glyph, typesetting, disk_full, replaced_already."""
    require(in_hand or may(find(CLAIM, MOVE), claim, person, day_of(now)))
    form = form_of(form_id)
    refuse_strange(claim, about_id)
    with transaction.atomic():
        held = hold(claim)
        require(in_hand or may(find(CLAIM, MOVE), held, person, day_of(now)))
        numbers = open_numbers(claim, [form], person, now=now, worker=worker, about_id=about_id)
        maker, version = Maker(claim, day_of(now), numbers), replaces.version + 1 if replaces else 1
        number = next_numbers(claim, now, 1)[0]
        draft = maker.draft(form_id, answers, worker=worker, about_id=about_id, number=number, version=version)
        made = finish(draft, day_of(now))
        paper = row_of(claim, made, person, now, about_id=about_id, replaces=replaces)
        with kept(files_of(paper, made)):
            write(paper, person, now)
    return paper


def refuse_long(claim: Claim, form: Form) -> None:
    """A paper with an annex of hundreds takes what a page has not."""
    if claim.worker_count > LONG_FROM and form.per != WORKER and form.packets:
        raise Refused("by_packet", _("本案有 %(n)s 人，这份文书要做一会儿。请在材料包里只选它，由系统在后台制作。") % {"n": claim.worker_count})


def reissue(paper: Paper, person: Person, *, now: datetime, answers: Mapping[str, Any]) -> Paper:
    """The same paper from what is known today, as its next version; the old one stays and is marked.
    Raises Refused: as issue; replaced_already, withdrawn_already."""
    if paper.is_withdrawn:
        raise Refused("withdrawn_already", _("这份文书已经撤销，请另做一份。"))
    if hasattr(paper, "replaced_by"):
        raise replaced_already()
    return issue(
        paper.claim, paper.form, person, now=now, answers=answers, worker=paper.worker, about_id=paper.about_id, replaces=paper
    )


def withdraw(paper: Paper, person: Person, *, now: datetime, reason: str) -> None:
    """It was a mistake: it stays readable and is marked. Raises Refused: as casework.advance, no_reason, stale."""
    require(may(find(CLAIM, MOVE), paper.claim, person, day_of(now)))
    with transaction.atomic():
        hold(paper.claim)
        paper.take_back(person, reason=reason, now=now)
        record(paper.claim, "paper_withdrawn", person, now=now, paper=paper.form, number=paper.number, reason=reason)


def row_of(
    claim: Claim, made: Made, person: Person, now: datetime, *, about_id: UUID | None = None, replaces: Paper | None = None, pk: UUID | None = None,
) -> Paper:  # fmt: skip
    """The row of a paper that is made, not yet written. The number stands at the foot of the PDF already. `pk`: where it must be
    the same however often it is begun."""
    draft = made.draft
    paper = Paper(
        id=pk or uuid7(), claim=claim, form=draft.form.id, title=draft.title[:60], number=draft.number,
        version=replaces.version + 1 if replaces else 1, replaces=replaces, worker=draft.worker, about_id=about_id,
        template_version=draft.version, facts_sha256=made.facts_sha256, gaps=draft.gaps,
        docx_sha256=sha256(made.docx).hexdigest(), docx_size=len(made.docx), pdf_sha256=sha256(made.pdf).hexdigest(), pdf_size=len(made.pdf), pages=made.pages, issued_by=person, issued_at=now,
    )  # fmt: skip
    paper.put(draft.told)
    return paper


def files_of(paper: Paper, made: Made) -> dict[Any, bytes]:
    return {path_of(paper, "docx"): made.docx, path_of(paper, "pdf"): made.pdf}


def write(paper: Paper, person: Person, now: datetime) -> None:
    """Row and event."""
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError:
        if paper.replaces_id and Paper.objects.filter(replaces=paper.replaces_id).exists():
            raise replaced_already() from None
        raise
    later = {"cause": "version", "version": paper.version} if paper.replaces_id else {}
    record(paper.claim, MOVE, person, now=now, paper=paper.form, number=paper.number, sha256=paper.pdf_sha256, **later)


def replaced_already() -> Refused:
    return Refused("replaced_already", _("这份文书已有新版，请在最新的一份上重做。"))


def next_numbers(claim: Claim, now: datetime, count: int) -> list[str]:
    """宿欠文〔2026〕321322-00042."""
    county, year = claim.county_code or claim.city_code, day_of(now).year
    return [f"{settings.PAPER_PREFIX}〔{year}〕{county}-{number:05d}" for number in next_in(PaperCounter, "county_code", county, year, count)]
