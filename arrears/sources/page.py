"""What the pages of sources show: who sends in, when something last came and went, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Max, Q
from django.utils.translation import gettext

from arrears.claim_rows import Mark
from arrears.models import Claim, Clock, Report, Returned, ReturnFile, Source, SourceToken
from arrears.models.sources import FAILED, FILE, NONE, SENDING, SENT, WAITS, WEBHOOK
from arrears.reports.rows import day_mark
from arrears.sources import keeping, tokens
from arrears.sources.promised import RULE, is_told, may_answer_of
from arrears.sources.returning import with_merged
from arrears.sources.states import LABELS, STATES, note_of
from arrears.workdays import Calendar
from grid.models import Person
from grid.vault import CannotOpen

LATELY = 20


@dataclass(frozen=True)
class Counts:
    received_at: datetime | None = None
    inbox: int = 0  # orders nobody has decided on
    returned_at: datetime | None = None
    waits: int = 0
    failed: int = 0


@dataclass(frozen=True)
class SourceRow:
    source: Source
    counts: Counts


def rows_of(sources: Sequence[Source]) -> list[SourceRow]:
    """Three queries, however many."""
    ids = [source.pk for source in sources]
    came = {
        row["source"]: row
        for row in Report.objects.filter(source__in=ids).order_by().values("source").annotate(
            received_at=Max("received_at"), inbox=Count("pk", filter=Q(state="waiting"))
        )
    }  # fmt: skip
    open_ones = Returned.objects.filter(~Q(standing=SENT), source__in=ids).order_by().values("source")
    waiting = {
        row["source"]: row
        for row in open_ones.annotate(waits=Count("pk", filter=Q(standing__in=(WAITS, SENDING))), failed=Count("pk", filter=Q(standing=FAILED)))
    }
    went = dict(Returned.objects.filter(source__in=ids, standing=SENT).order_by().values("source").annotate(at=Max("sent_at")).values_list("source", "at"))
    return [
        SourceRow(source, Counts(
            came.get(source.pk, {}).get("received_at"), came.get(source.pk, {}).get("inbox", 0), went.get(source.pk),
            waiting.get(source.pk, {}).get("waits", 0), waiting.get(source.pk, {}).get("failed", 0),
        ))
        for source in sources
    ]  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One that was told, or is to be."""

    row: Returned
    state: str
    note: str
    standing: str
    tone: str


TONES = {WAITS: "warn", SENDING: "info", SENT: "good", FAILED: "bad"}


def change_of(row: Returned) -> Change:
    words = row.source.wording.get(row.state, "")
    state = gettext("%(state)s（%(theirs)s）") % {"state": gettext(LABELS[row.state]), "theirs": words} if words else gettext(LABELS[row.state])
    return Change(row, state, note_of(row.facts, gettext), row.get_standing_display(), TONES[row.standing])


class SourcePage:
    def __init__(self, source: Source, person: Person, now: datetime, today: date) -> None:
        self.source, self.person, self.now, self.today = source, person, now, today

    @cached_property
    def may_keep(self) -> bool:
        return keeping.keeps(self.person.scope(self.today))

    @property
    def may_import(self) -> bool:
        return keeping.may_import(self.source, self.person, self.today)

    @property
    def may_hand_out(self) -> bool:
        return self.source.return_way == FILE and keeping.may_hand_out(self.source, self.person, self.today)

    @cached_property
    def counts(self) -> Counts:
        return rows_of([self.source])[0].counts

    @property
    def reply(self) -> str:
        if not self.source.reply_days:
            return ""
        return f"{self.source.reply_days} {self.source.get_reply_unit_display()}"

    @property
    def host(self) -> str:
        """Of the address, which is a secret, only who it belongs to."""
        try:
            return urlsplit(self.source.url()).netloc
        except CannotOpen:
            return ""

    @property
    def is_down(self) -> bool:
        return self.source.return_way == WEBHOOK and self.source.failures > 0

    @property
    def is_told(self) -> bool:
        return self.source.return_way != NONE

    @property
    def can_push(self) -> bool:
        return self.source.return_way == WEBHOOK

    @cached_property
    def tokens(self) -> Sequence[SourceToken]:
        return list(tokens.valid(self.source, self.now).select_related("made_by"))

    @cached_property
    def changes(self) -> list[Change]:
        """The last ones; those nobody took stand first."""
        rows = Returned.objects.of(self.source).select_related("source", "report")
        open_ones = list(rows.filter(standing=FAILED).order_by("-at", "-id")[:LATELY])
        lately = rows.exclude(standing=FAILED).order_by("-at", "-id")[: LATELY - len(open_ones)]
        return [change_of(row) for row in (*open_ones, *lately)]

    @cached_property
    def files(self) -> Sequence[ReturnFile]:
        return list(self.source.files.select_related("made_by")[:LATELY])

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        rows = self.source.records.select_related("by")[:LATELY]
        return [{"at": row.at, "by": row.by.full_name if row.by else "", "words": words_of(row.kind, row.facts)} for row in rows]

    @property
    def wording(self) -> list[tuple[str, str]]:
        return [(gettext(label), self.source.wording[state]) for state, label in STATES if state in self.source.wording]


def _(text: str) -> str:
    """Marks a label for the catalogues; words_of translates it."""
    return text


FIELDS = {
    "code": _("代码"), "name": _("来源名称"), "channel": _("来源"), "region": _("所属地区"), "reply_days": _("要求几天内答复"), "reply_unit": _("天数怎么算"),
    "reply_basis": _("天数的依据"), "is_verified": _("已对照原文核实"), "return_way": _("怎样回传"), "wording": _("状态用语"), "url": _("推送地址"),
    "secret": _("签名密钥"),
}  # fmt: skip


def words_of(kind: str, facts: dict[str, Any]) -> str:
    said = [gettext(keeping.KINDS[kind])]
    if changed := facts.get("changed"):
        said.append(gettext("、").join(gettext(FIELDS[name]) for name in changed if name in FIELDS))
    if end := facts.get("end"):
        said.append(gettext("尾号 %(end)s") % {"end": end})
    if count := facts.get("count"):
        said.append(gettext("%(n)s 条") % {"n": count})
    return gettext("：").join(said[:2]) if len(said) > 1 else said[0]


@dataclass(frozen=True)
class FromSource:
    """On the page of a claim: the order it came from, and what its source was told."""

    report: Report
    changes: list[Change]
    may_answer: bool
    due: Mark | None  # until the day its source asks for, while an answer is owed

    @property
    def is_told(self) -> bool:
        return is_told(self.report)

    @property
    def is_troubled(self) -> bool:
        return any(change.row.standing == FAILED for change in self.changes)


def orders_behind(claim: Claim, person: Person, today: date, calendar: Calendar) -> list[FromSource]:
    """Those that led to the claim, or to one that went into it. Four queries; two where nothing came from outside."""
    reports = list(Report.objects.filter(claim__in=with_merged(claim.pk), source__isnull=False).select_related("source").order_by("received_at", "id"))
    if not reports:
        return []
    told: dict[Any, list[Change]] = {}
    owed = set(Clock.objects.running().filter(claim=claim, rule_id=RULE).values_list("about_id", flat=True))
    may = {way: bool(may_answer_of(claim, person, today, is_told=way)) for way in (True, False)}
    for row in Returned.objects.filter(report__in=reports).select_related("source").order_by("at", "id"):
        told.setdefault(row.report_id, []).append(change_of(row))
    return [
        FromSource(report, told.get(report.pk, []), may[is_told(report)], day_mark(report.answer_by, today, calendar) if report.answer_by and report.pk in owed else None)
        for report in reports
    ]
