"""One paper, from facts to files. Reads the claim, writes nothing."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from pypdf import PdfReader

from arrears.models import Claim, Claimant
from arrears.papers.blocks import Block, blocks_of
from arrears.papers.book import InForce, form_of, in_force
from arrears.papers.checking import faults
from arrears.papers.facts import facts_for
from arrears.papers.footing import with_foot
from arrears.papers.forms import MANY, WORKER, Form
from arrears.papers.pdf import Foot, typeset
from arrears.papers.record import TOGETHER, Record
from arrears.papers.word import fill
from arrears.papers.wording import yuan
from grid.refused import Refused

PREVIEW = "（预览）"
SHOWN = 16  # digits of a fingerprint at the foot of a page


@dataclass(frozen=True)
class Draft:
    """What a paper says, before it is typeset. Without a number it is a preview."""

    form: Form
    worker: Claimant | None
    number: str
    answers: Mapping[str, Any]
    facts: Mapping[str, Any]
    version: int
    docx: bytes
    blocks: list[Block]
    gaps: list[str]
    used: frozenset[str]

    @cached_property
    def told(self) -> dict[str, Any]:
        """What is frozen: the facts it speaks of, as plain values, so that anybody can count the fingerprint again."""
        return {"facts": frozen({name: self.facts[name] for name in sorted(self.used)}), "answers": frozen(self.answers)}

    @property
    def title(self) -> str:
        return f"{self.form.name}（{self.worker.name}）" if self.worker else self.form.name


@dataclass(frozen=True)
class Made:
    draft: Draft
    facts_sha256: str
    docx: bytes
    pdf: bytes
    pages: int


@dataclass
class Maker:
    """Makes the papers of one claim: record and templates are read once, however many papers there are. `numbers`: whole ID
    numbers, for the forms that carry them (arrears.papers.numbers); without them they are masked, as in a preview. `only`: the
    worker whose set it makes. `beside`: forms they go together with; where one of all asks for what was agreed, all of them do."""

    claim: Claim
    today: date
    numbers: Mapping[UUID, str] | None = None
    only: Claimant | None = None
    beside: Collection[Form] = ()
    templates: dict[str, InForce] = field(default_factory=dict)
    records: dict[tuple[bool, bool, UUID | None], Record] = field(default_factory=dict)

    def record(self, form: Form, about_id: UUID | None = None) -> Record:
        whole, by_agreement = bool(self.numbers) and form.full_numbers, any(one.by_agreement for one in (form, *self.beside))
        key = (whole, by_agreement, about_id)
        if key not in self.records:
            numbers = self.numbers if whole else None
            self.records[key] = Record(self.claim, self.today, numbers, self.only, by_agreement=by_agreement, about_id=about_id)
        return self.records[key]

    def draft(
        self, form_id: str, answers: Mapping[str, Any], *, worker: Claimant | None = None, about_id: UUID | None = None,
        template: InForce | None = None, number: str = "", version: int = 1, is_strict: bool = True,
    ) -> Draft:  # fmt: skip
        """Raises Refused: unknown_form, paper_of_one, paper_of_many, bad_answers, TemplateFault."""
        form = form_of(form_id)
        record = self.record(form, about_id)
        if is_strict:  # an administrator tries a template without answering what the paper asks
            check(form, record, worker, answers, self.today)
        facts = facts_for(
            form, self.claim, today=self.today, answers=answers, worker=worker, numbers=record.numbers, about_id=about_id, record=record
        )
        facts["文书"] = {**facts.get("文书", {}), "编号": number or PREVIEW, "版本": version}
        used = template or self.template(form)
        filled = fill(used.docx, facts)
        if is_strict:
            refuse_unknown_rest(form, record, worker, filled.gaps)
        return Draft(form, worker, number, answers, facts, used.version, filled.docx, blocks_of(filled.docx), filled.gaps, filled.used)

    def for_one(self, worker: Claimant) -> "Maker":
        """Makes what speaks of this worker and nobody else, of the same templates."""
        numbers = {pk: number for pk, number in (self.numbers or {}).items() if pk == worker.pk}
        return Maker(self.claim, self.today, numbers, worker, self.beside, self.templates)

    def template(self, form: Form) -> InForce:
        if form.id not in self.templates:
            self.templates[form.id] = in_force(form)
        return self.templates[form.id]


def check(form: Form, record: Record, worker: Claimant | None, answers: Mapping[str, Any], today: date) -> None:
    people = 1 if worker else len(record.workers)
    if not form.fits(people):
        only_many = form.only == MANY
        raise Refused(
            "paper_of_many" if only_many else "paper_of_one",
            _("“%(paper)s”只用于多名劳动者的案件。") % {"paper": form.name} if only_many else _("“%(paper)s”只用于一名劳动者的案件。") % {"paper": form.name},
        )
    if worker and worker.claim_id != record.pk:
        raise Refused("not_of_claim", _("这名劳动者不在本案。"))
    if form.per == WORKER and worker is None and people > 1:
        raise Refused("whose_paper", _("“%(paper)s”是每名劳动者一份，请选择是谁的。") % {"paper": form.name})
    refuse_faults(form, answers, today)


def refuse_faults(form: Form, answers: Mapping[str, Any], today: date) -> None:
    if wrong := [phrase.text(_) for phrase in faults(form, answers, today=today)]:
        raise Refused("bad_answers", " ".join(wrong))


def refuse_unknown_rest(form: Form, record: Record, worker: Claimant | None, gaps: list[str]) -> None:
    """What came after registration was not told by worker, so a sum of one's own that asks for all of it would ask for too much."""
    if not (worker and record.is_of_one(worker)) or set(TOGETHER).isdisjoint(gaps):
        return
    together = record.fallen_due if record.fallen_due is not None else record.agreed_together
    if together is not None:
        raise Refused(
            "agreed_together",
            _("协议约定的 %(agreed)s 没有分到每个人，“%(paper)s”写不出%(worker)s一人可以请求多少。请为全体劳动者做一套，不要每人一套。")
            % {"agreed": yuan(together), "paper": form.name, "worker": worker.name},
        )
    if record.claim.paid:
        raise Refused(
            "paid_together",
            _("登记以后付过 %(paid)s，没有记到每个人，“%(paper)s”写不出%(worker)s一人还欠多少。请为全体劳动者做一套，不要每人一套。")
            % {"paid": yuan(record.claim.paid), "paper": form.name, "worker": worker.name},
        )


def finish(draft: Draft, day: date, watermark: str = "") -> Made:
    """Typesets it. At the foot stands the fingerprint of the facts: who holds the paper can ask whether it is the one that was
    issued, and a Word file that is edited afterwards does not change what was said."""
    fingerprint = sha256(canonical(draft.told)).hexdigest()
    words = f"{draft.number}　事实校验码 {fingerprint[:SHOWN]}" if draft.number else "预览，没有编号，不能使用"
    docx = with_foot(draft.docx, f"{words}　{watermark}" if watermark else words)
    pdf = typeset(draft.blocks, Foot(draft.title, day, words, watermark))
    return Made(draft, fingerprint, docx, pdf, len(PdfReader(BytesIO(pdf)).pages))


def canonical(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def frozen(value: Any) -> Any:
    """As JSON keeps it. Amounts keep their cents as text; what is no plain value is kept as it is written."""
    if isinstance(value, dict):
        return {str(key): frozen(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [frozen(inner) for inner in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if value is None or isinstance(value, (str, int, bool, float)) else str(value)

