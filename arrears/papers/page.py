"""What the pages of papers and packets show. Templates neither query nor decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.lifecycle import CLAIM
from arrears.models import Claim, Packet, Paper
from arrears.papers.book import has_text
from arrears.papers.fields import CATALOGUE
from arrears.papers.forms import FORMS, PACKETS, Form
from arrears.papers.forms import Packet as Kind
from arrears.papers.issuing import MOVE
from arrears.papers.plates import NO_PICTURE
from arrears.permits import find, may
from grid.models import Person

COVER = "L-04"  # a packet makes its own cover and contents
# Where a field is filled in, by the word it begins with.
PLACES = {"证据": "evidence_add", "未提供": "claim_papers", "调解": "claim_mediate", "责任人": "claim_state_facts", "代表人": "claim_represent", "时效": "claim_limits"}
FALLBACK = "claim_complete"
EVERYBODY = "全部申请人"  # lists of people that the catalogue says are the same
ASKED = "填写"  # answered on the page of the paper itself


@dataclass(frozen=True)
class Gap:
    """An empty field: what it is, and where it is filled in."""

    field: str
    meaning: str
    url: str
    paper: str = ""


def gaps_of(fields: Iterable[str], claim: Claim, own: str, paper: str = "") -> list[Gap]:
    language = get_language() or ""
    found = []
    for path in fields:
        known = CATALOGUE.get(path) or CATALOGUE.get(f"{EVERYBODY}.{path.rpartition('.')[2]}")
        root = path.partition(".")[0]
        url = own if root == ASKED else reverse(PLACES.get(root, FALLBACK), args=[claim.pk])
        found.append(Gap(path, _("文件打不开，看不到内容") if path == NO_PICTURE else known.text("meaning", language) if known else path, url, paper))
    return found


def named(row: Form | Kind) -> str:
    return row.text("name", get_language() or "")


@dataclass(frozen=True)
class FormRow:
    form: Form

    @property
    def name(self) -> str:
        return named(self.form)

    @property
    def who(self) -> str:
        return self.form.text("who", get_language() or "")


def title_of(paper: Paper) -> str:
    """The form in the reader's language, and whose paper it is."""
    form = FORMS.get(paper.form)
    name = named(form) if form else paper.title
    return f"{name} · {paper.worker.name}" if paper.worker_id else name


def available(claim: Claim) -> list[FormRow]:
    return [FormRow(form) for form in FORMS.values() if form.id != COVER and form.fits(claim.worker_count) and has_text(form)]


@dataclass(frozen=True)
class PaperRow:
    paper: Paper

    @property
    def title(self) -> str:
        return title_of(self.paper)

    @property
    def standing(self) -> tuple[str, str] | None:
        """A word and its tone."""
        if self.paper.is_withdrawn:
            return _("已撤销"), "muted"
        if not self.paper.is_current:
            return _("已有新版"), "muted"
        return (_("不详 %(n)s 处") % {"n": len(self.paper.gaps)}, "warn") if self.paper.gaps else None


@dataclass(frozen=True)
class PacketRow:
    packet: Packet

    @property
    def title(self) -> str:
        kind = PACKETS.get(self.packet.kind)
        return named(kind) if kind else self.packet.title

    @property
    def standing(self) -> tuple[str, str]:
        tones = {"made": "good", "failed": "bad", "asked": "info"}
        return self.packet.get_state_display(), tones[self.packet.state]


class PapersPage:
    """文书 of a claim."""

    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim = claim
        self.may = may(find(CLAIM, MOVE), claim, person, today)

    @cached_property
    def papers(self) -> list[PaperRow]:
        rows = Paper.objects.filter(claim=self.claim).select_related("worker", "replaced_by", "issued_by").defer("facts")
        return [PaperRow(paper) for paper in rows[:500]]

    @cached_property
    def packets(self) -> list[PacketRow]:
        return [PacketRow(packet) for packet in Packet.objects.filter(claim=self.claim).select_related("asked_by").defer("answers")[:100]]

    @cached_property
    def forms(self) -> list[FormRow]:
        return available(self.claim) if self.may else []

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind.id, named(kind)) for kind in PACKETS.values()] if self.may else []


def packet_gaps(packet: Packet) -> list[Gap]:
    own = reverse("claim_documents", args=[packet.claim_id])
    return [gap for row in packet.gaps for gap in gaps_of([row["field"]], packet.claim, own, row["title"])]


def fields_shown(form: Form) -> list[dict[str, Any]]:
    """The catalogue for whoever edits a template, by its first word."""
    language, groups = get_language() or "", {}
    for field in CATALOGUE.values():
        groups.setdefault(field.root, []).append({
            "path": field.path, "meaning": _(field.text("meaning", language)), "example": field.example, "is_list": field.kind == "list",
            "is_must": field.path in form.must, "written": written(field.path, field.kind),
        })  # fmt: skip
    return [{"root": root, "rows": rows} for root, rows in groups.items()]


def written(path: str, kind: str) -> str:
    """As it is typed into Word."""
    if kind == "list":
        return f"{{% for 项 in {path} %}} … {{% endfor %}}"
    filters = {"amount": "|元", "date": "|日期"}
    return f"{{{{ {path}{filters.get(kind, '')} }}}}"
