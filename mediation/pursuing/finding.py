"""What a press would make: the way, the sum, the paper with what is known, what is missing, who files it and by when. Writes nothing."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.models import Claim, Paper, Proceeding
from arrears.moves import Ask
from arrears.papers.answering import asked_of
from arrears.papers.asks import WORD
from arrears.papers.book import form_of
from arrears.papers.forms import Form
from arrears.papers.making import Maker
from arrears.papers.page import Gap, gaps_of
from arrears.papers.told import told_already
from arrears.proceedings.paper_answers import Title
from arrears.proceedings.standing import Opening, opening_for, sentence_of
from arrears.proceedings.table import KINDS
from arrears.situation.of_claim import rows
from arrears.workdays import NoCalendar
from grid import tasklist
from grid.models import Person, Posting
from grid.quiet import next_weekday
from grid.refused import Refused
from mediation.instalments import Standing
from mediation.models import Agreement
from mediation.outstanding import UNPAID, standing_of
from mediation.pursuing.table import FILE_WITHIN, FILLED_BY, WHOSE, Way, ways
from mediation.titles import OF_AGREEMENT, title_since


@dataclass(frozen=True)
class Choice:
    """A way, and why it is not open."""

    way: Way
    why_not: str

    @property
    def is_open(self) -> bool:
        return not self.why_not


class Pursuit:
    """`chosen`: a way by its name; without one the first that is open. Raises Refused: nothing_late, claim_over, unknown_way, no_way,
    not_open."""

    def __init__(self, agreement: Agreement, claim: Claim, today: date, chosen: str = "") -> None:
        self.agreement, self.today = agreement, today
        self.claim = rows().get(pk=claim.pk)
        refuse_idle(self.claim, self.standing)
        self.way = self.chosen(chosen)

    def chosen(self, name: str) -> Way:
        if name and name not in {choice.way.name for choice in self.choices}:
            raise Refused("unknown_way", _("现在没有这条路，请刷新后重新选择。"))
        found = next((choice for choice in self.choices if (choice.way.name == name if name else choice.is_open)), None)
        if found is None:
            raise Refused("no_way", _("现在没有可以走的路：%(why)s") % {"why": " ".join(choice.why_not for choice in self.choices)})
        if not found.is_open:
            raise Refused("not_open", found.why_not)
        return found.way

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.agreement, self.claim, self.today)

    @property
    def due_now(self) -> Decimal:
        return self.standing.due_now

    @cached_property
    def choices(self) -> list[Choice]:
        return [Choice(way, self.against(way)) for way in ways(has_title=self.title is not None)]

    def against(self, way: Way) -> str:
        """Why it is not open: one of the kind goes on, or the law is against it."""
        kind = KINDS[way.kind]
        begun = self.going_on(way)
        if begun is not None:
            return _("“%(kind)s”已经在办，请在那里登记下一步。") % {"kind": begun}
        found: Opening = opening_for(self.claim, kind, kind.steps[way.step], self.today)
        return sentence_of(found.refusals[0]) if found.refusals else ""

    def going_on(self, way: Way) -> Proceeding | None:
        return next((row for row in self.claim.proceedings.all() if row.kind == way.kind and row.is_open), None)

    # The paper

    @cached_property
    def form(self) -> Form:
        return form_of(self.way.form)

    @property
    def name(self) -> str:
        return self.form.text("name", get_language() or "")

    @cached_property
    def told(self) -> dict[str, Any]:
        known = {**told_already(self.claim, [self.form.id], self.agreement.pk), **self.told_of_title}
        return {name: value for name, value in known.items() if name in self.form.questions}

    @property
    def told_of_title(self) -> dict[str, Any]:
        """Where the title is the agreement itself, what it has made due, and since when."""
        if self.title is None or self.title.proceeding.kind not in OF_AGREEMENT:
            return {}
        return {"title_amount": self.due_now, "perform_by": self.standing.late[0].due_on}

    @cached_property
    def title(self) -> Title | None:
        return title_since(self.claim, self.agreement)

    @property
    def asked(self) -> Decimal:
        """The sum of the paper: of a judgment what is left of it."""
        return self.told.get("title_amount", self.due_now) if self.way.needs_title else self.due_now

    @cached_property
    def missing(self) -> tuple[Ask, ...]:
        """What the form must have and nobody has said: its own questions, and those that fill what an article asks for."""
        asks = asked_of([self.form], self.maker.record(self.form, self.agreement.pk)).asks
        wanted = {FILLED_BY[gap] for gap in self.empty if gap in FILLED_BY and gap in self.form.must}
        return tuple(replace(ask, is_required=True) for ask in asks if (ask.is_required or ask.name in wanted) and self.told.get(ask.name) in (None, ""))

    @cached_property
    def maker(self) -> Maker:
        return Maker(self.claim, self.today)

    @cached_property
    def empty(self) -> list[str]:
        """Fields of the paper nobody has filled."""
        return self.maker.draft(self.form.id, self.told, about_id=self.agreement.pk, is_strict=False).gaps

    @property
    def gaps(self) -> list[Gap]:
        """What an article asks of the paper and the claim does not say yet, with where it is filled in."""
        return self.places_of(self.form.must)

    @property
    def wishes(self) -> list[Gap]:
        """What papers of the kind usually say: it can be made without."""
        return self.places_of(self.form.usual)

    def places_of(self, fields: Collection[str]) -> list[Gap]:
        asked = {f"填写.{WORD[ask.name]}" for ask in self.missing} | set(FILLED_BY)
        found = gaps_of([gap for gap in self.empty if gap in fields and gap not in asked], self.claim, "#missing")
        return [replace(gap, meaning=_("%(whose)s：%(what)s") % {"whose": _(WHOSE[root]), "what": gap.meaning} if (root := gap.field.partition(".")[0]) in WHOSE else gap.meaning) for gap in found]

    @property
    def typed(self) -> dict[str, Any]:
        """What is known, as somebody would type it."""
        return {name: words_of(value) for name, value in self.told.items()}

    @cached_property
    def made(self) -> Paper | None:
        """The one that stands already."""
        found = Paper.objects.filter(claim=self.claim, form=self.form.id, about_id=self.agreement.pk, worker=None, withdrawn_at=None, replaced_by=None)
        return found.first()

    # Who goes on with it

    @cached_property
    def files(self) -> Person | None:
        """Who takes it to the court, with the worker: whoever has the claim in hand, its mediator, else who answers for the place."""
        here = Posting.objects.present(self.today)
        for person in filter(None, (self.claim.handler, self.agreement.mediation.mediator)):
            if here.filter(person=person).exists():
                return person
        return tasklist.owner_for(self.claim.region_id, self.today)

    @property
    def file_by(self) -> date:
        try:
            return calendar_now().add(self.today, FILE_WITHIN)
        except NoCalendar:
            return next_weekday(self.today)


def refuse_idle(claim: Claim, found: Standing) -> None:
    if not claim.is_open:
        raise Refused("claim_over", _("案件已经结束，不能再制作文书；对方又没有付的，请先重新办理。"))
    if not found.late or claim.stage not in UNPAID:
        said = _("协议的钱已经付清，不用再申请。") if not found.left or claim.stage not in UNPAID else _("现在没有到期未付的分期：到期的都付清了，没有到期的还不能申请。")
        raise Refused("nothing_late", said)


def words_of(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def sum_of(paper: Paper) -> Decimal | None:
    """What an issued paper asks for."""
    told = paper.told()
    said = told["answers"].get("title_amount") or told["facts"].get("金额", {}).get("请求")
    return Decimal(said) if said else None
