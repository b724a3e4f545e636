"""The ways of serving a paper and what is served, as two tables. Django-free."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from arrears.deadlines import RULES, due
from arrears.rules.tables import LawRow, column_faults, own_file, read_section, refuse
from arrears.workdays import Calendar

TABLE = Path(__file__).with_name("methods.toml")
NOTICE_RULE = "CIV-NOTICE-30"


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


SIGNED, DONE, ARRIVED, RETURNED, NOTICE = "signed", "done", "arrived", "returned", "notice"
RESPONDENT, CLAIMANT = "respondent", "claimant"
# What proves it: words somebody types, and files (FILES).
NEEDS: Mapping[str, str] = {
    "received_by": _("谁签收的"), "witness": _("见证人"), "note": _("原因和经过"), "tracking": _("邮寄单号"), "unit": _("受托或者转交的单位"),
    "system_at": _("系统显示的送达时间"), "published_in": _("在哪里公告"), "receipt": _("送达回证"), "recording": _("照片或者录像"),
    "screenshot": _("送达成功的截图"), "return_slip": _("邮寄回执"), "publication": _("公告的照片或者刊样"),
}  # fmt: skip
FILES = ("receipt", "recording", "screenshot", "return_slip", "publication")
# Before a way is open (arrears.serving.lawful says which sentence a no has).
CONDITIONS = ("refused", "consent", "tried", "fled", "held", "fled_or_tried_all")
# Why an attempt failed.
REFUSED, ABSENT, MOVED, UNKNOWN, NO_ANSWER, OTHER = "refused", "absent", "moved", "unknown", "returned", "other"
REASONS = (
    (REFUSED, _("当面拒收")), (ABSENT, _("没有人在")), (MOVED, _("地址不对，或者已经搬走")), (UNKNOWN, _("下落不明")),
    (NO_ANSWER, _("退回，或者没有结果")), (OTHER, _("其他原因")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Method(LawRow):
    name: str
    name_en: str
    deemed: str
    proof: tuple[str, ...]  # sets of needs joined by +; one of them is enough
    sent: tuple[str, ...] = ()
    check_days: int = 0
    needs: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""

    @property
    def waits(self) -> bool:
        """Is it sent first, and known only later?"""
        return bool(self.sent)

    @property
    def at_once(self) -> tuple[str, ...]:
        """The sets of what must be there when it is written down."""
        return self.sent or self.proof

    def asks(self, sets: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(need for one in sets for need in one.split("+")))


@dataclass(frozen=True, kw_only=True)
class Served:
    id: str
    name: str
    name_en: str
    whom: tuple[str, ...]
    rule: str = ""
    target: str = ""  # the city's own, where it is not the one for every paper; no limit of the law
    then: tuple[str, ...] = ()
    step: str = ""  # of a proceeding (arrears.serving.following)
    same: tuple[str, ...] = ()  # steps that tell of the same paper
    others: tuple[str, ...] = ()  # the step for whoever receives it besides: of these, the one that can be taken
    forms: tuple[str, ...] = ()  # of the papers made here

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))


def load(override: Path | None = None) -> tuple[dict[str, Method], dict[str, Served]]:
    """Raises BadRules."""
    methods = {row_id: Method.of("methods", row_id, row) for row_id, row in read_section("methods", TABLE, override=override).items()}
    served = {}
    for row_id, row in read_section("served", TABLE, override=override).items():
        refuse(f"served {row_id}", column_faults(row, Served, given={"id"}))
        served[row_id] = Served(**{**row, **{name: tuple(value) for name, value in row.items() if isinstance(value, list)}, "id": row_id})
    refuse("methods", faults(methods, served))
    return methods, served


def faults(methods: Mapping[str, Method], served: Mapping[str, Served]) -> Iterator[str]:
    if not methods or not served:
        yield "there is nothing to serve, or no way to"
    for method in methods.values():
        if method.deemed not in (SIGNED, DONE, ARRIVED, RETURNED, NOTICE):
            yield f"{method.id}: deemed {method.deemed} is unknown"
        if unknown := set(method.asks(method.proof + method.sent)) - NEEDS.keys():
            yield f"{method.id}: what proves {', '.join(sorted(unknown))}"
        if unknown := set(method.needs) - set(CONDITIONS):
            yield f"{method.id}: there is no condition {', '.join(sorted(unknown))}"
        if unknown := {*method.only, *method.without} - served.keys():
            yield f"{method.id}: {', '.join(sorted(unknown))} is served by nobody"
        if not method.proof and method.deemed != NOTICE:
            yield f"{method.id} is proved by nothing"
        if method.waits and not method.check_days and method.deemed != NOTICE:
            yield f"{method.id}: nobody asks what became of it (check_days)"
    for paper in served.values():
        if unknown := {*paper.then, *filter(None, [paper.rule, paper.target])} - RULES.keys():
            yield f"{paper.id}: there is no rule {', '.join(sorted(unknown))}"
        if not paper.whom or set(paper.whom) - {RESPONDENT, CLAIMANT}:
            yield f"{paper.id}: whom is {RESPONDENT} or {CLAIMANT}"


def deemed_on(method: Method, on: date, calendar: Calendar) -> date:
    """The day on which it counts as served. `on`: the day it was signed, left, arrived, received as the slip says, or announced."""
    return due(RULES[NOTICE_RULE], on, calendar).due_on if method.deemed == NOTICE else on


METHODS, SERVED = load(own_file())
