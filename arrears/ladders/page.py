"""What the pages of the ladders show: which lines of versions there are, and rungs in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from arrears.ladders import CLAIM_KINDS, LADDERS
from arrears.ladders.book import CODE, Book, Version
from arrears.ladders.rungs import LATE, URGENCIES, Rung, seat_phrase
from arrears.models import Ladder
from arrears.phrases import Phrase
from arrears.rules import RULES
from grid.channels import CHANNELS

Line = tuple[str, str, str]  # family, rule or "", kind of claim or ""


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


FAMILIES: Mapping[str, tuple[str, str]] = {
    "legal": (_("法定期限"), _("本机关依法须在期限内完成的事项。")),
    "local": (_("本市工作目标"), _("本市自行确定的目标，先提醒，后提级。")),
    "target": (_("法定期限内的本市目标"), _("早于法定期限的目标，只提醒，不提级。")),
    "right": (_("劳动者的时效"), _("时效将过时提醒，与哪一级办理无关。")),
    "hard": (_("错过就丧失的权利"), _("起诉、上诉、申请执行、申请确认等期限，过了就不能再办，提前多次提醒。")),
    "court": (_("办理机关的期限"), _("法院、仲裁委员会、公安、法律援助机构应当在期限内完成的事项，由经办人催办。")),
    "wait": (_("等候期"), _("期满才能走下一步的时间。")),
    "promise": (_("约定付款日"), _("协议或者清偿方案约定的付款日期。")),
    "instalment": (_("分期付款日"), _("调解协议里最后一期以前的各期；先提醒调解员。")),
    "mediation": (_("调解"), _("调解员的工作期限。")),
    "order": (_("督办单"), _("督办单的回复期限。")),
    "paper": (_("应交材料"), _("劳动者承诺补交、用人单位应当提供的材料。")),
    "objection": (_("异议答复"), _("劳动者对办理结果有异议时，上级答复的期限。")),
    "mark": (_("调解低分评价"), _("当事人给调解打了低分，由调解员的上级回看的期限。")),
    "serving": (_("文书送达"), _("应当送达的文书，到期没有送到的逐级督促。")),
    "opinion": (_("支持起诉意见"), _("乡镇、县级、市级对支持起诉提出意见的期限；到期未提出的，转由上一级提出。")),
    "errand": (_("补正和查找被告"), _("支持起诉退回补正、查找被告的期限。")),
    "source": (_("工单来源的期限"), _("答应 12345 等来源单位答复的日期。")),
    "partner": (_("协同单位答复"), _("移送后协同单位签收、答复和办结的期限。")),
    "supply": (_("补充和补正"), _("协同单位要求补充材料或者退回补正后，移送单位办理的期限。")),
    "ruling": (_("争议裁定"), _("协同单位都不接受时，裁定由谁办理的期限。")),
    "ruling_county": (_("争议裁定（县级）"), _("由县级或者指定岗位裁定的，裁定由谁办理的期限。")),
}
assert FAMILIES.keys() == LADDERS.keys()


@dataclass(frozen=True)
class RungRow:
    """A rung in the reader's language."""

    rung: Rung

    @property
    def label(self) -> str:
        return self.rung.text(get_language() or "", gettext)

    @property
    def moment(self) -> str:
        return moment_phrase(self.rung).text(gettext)

    @property
    def tells(self) -> str:
        return gettext("、").join(seat_phrase(seat).text(gettext) for seat in self.rung.tells)

    @property
    def whole(self) -> str:
        """Everything but its label, in one line."""
        return " · ".join([self.moment, self.tells, *self.also, *([gettext(URGENCIES[LATE])] if self.rung.urgency == LATE else [])])

    @property
    def tone(self) -> str:
        return "bad" if self.rung.urgency == LATE else "warn"

    @property
    def icon(self) -> str:
        return "escalate" if self.rung.climbs else "bell"

    @property
    def also(self) -> list[str]:
        """What it does beside telling people."""
        said = []
        if self.rung.climbs:
            said.append(Phrase(_("案件提级")))
        if self.rung.ack_days:
            said.append(Phrase(_("%(days)s 个工作日内签收"), {"days": self.rung.ack_days}))
        if self.rung.order_days:
            said.append(Phrase(_("下达督办单，%(days)s 个工作日内回复"), {"days": self.rung.order_days}))
        if self.rung.channels:
            names = [Phrase(CHANNELS[name].label) for name in self.rung.channels if name in CHANNELS]
            said.append(Phrase(_("必须使用：%(channels)s"), {"channels": gettext("、").join(n.text(gettext) for n in names)}))
        return [phrase.text(gettext) for phrase in said]


def moment_phrase(rung: Rung) -> Phrase:
    days = rung.working_days or 0
    if rung.share is not None:
        return Phrase(_("时限已用 %(percent)s%%"), {"percent": round(rung.share * 100)})
    if not days:
        return Phrase(_("届满当日"))
    if days < 0:
        return Phrase(_("届满前 %(days)s 个工作日"), {"days": -days})
    return Phrase(_("届满后 %(days)s 个工作日"), {"days": days})


@dataclass(frozen=True)
class LineRow:
    """A line of versions: what holds today, what is to come, what was."""

    line: Line
    today: Version | None
    to_come: Sequence[Ladder]
    rows: Sequence[Ladder]  # newest first

    @property
    def scope(self) -> str:
        return scope_of(self.line)

    @property
    def rungs(self) -> list[RungRow]:
        return [RungRow(rung) for rung in self.today.rungs] if self.today else []

    @property
    def newest(self) -> int:
        return self.rows[0].version if self.rows else 0

    @property
    def is_own(self) -> bool:
        """Is it for a rule or a kind of claim of its own?"""
        return bool(self.line[1] or self.line[2])

    @property
    def url(self) -> str:
        return edit_url(self.line)


@dataclass(frozen=True)
class Family:
    name: str
    lines: Sequence[LineRow]

    @property
    def label(self) -> str:
        return gettext(FAMILIES[self.name][0])

    @property
    def about(self) -> str:
        return gettext(FAMILIES[self.name][1])


def edit_url(line: Line) -> str:
    named = zip(("family", "rule", "kind"), line, strict=True)
    return f"{reverse('ladder_edit')}?{urlencode([(name, value) for name, value in named if value])}"


def scope_of(line: Line) -> str:
    """For which clocks and which claims: 全部时限 · 敏感案件."""
    _family, rule, kind = line
    parts = [RULES[rule].text("name", get_language() or "") if rule in RULES else rule or gettext("全部时限")]
    if kind:
        parts.append(gettext(dict(CLAIM_KINDS).get(kind, kind)))
    return " · ".join(parts)


def families(book: Book, today: date) -> list[Family]:
    """Every family with its lines: the general one first."""
    rows: dict[Line, list[Ladder]] = {(family, "", ""): [] for family in LADDERS}
    for row in Ladder.objects.select_related("published_by"):
        rows.setdefault((row.family, row.rule_id, row.claim_kind), []).append(row)
    return [
        Family(name, [line_row(line, rows[line], book, today) for line in sorted(rows) if line[0] == name]) for name in LADDERS
    ]


def line_row(line: Line, rows: Sequence[Ladder], book: Book, today: date) -> LineRow:
    version = book.valid(line, today)
    if version is None or not version.rungs:  # nothing of its own holds
        version = CODE[line[0]] if not (line[1] or line[2]) else None
    newest_first = sorted(rows, key=lambda row: -row.version)
    to_come = {one.id for one in book.to_come(line, today)}
    return LineRow(line, version, [row for row in newest_first if row.pk in to_come], newest_first)
