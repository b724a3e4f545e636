"""The steps of logging a claim. Each step is one page: a form, rows of like forms, or both.

A step is bound to what was typed, right or wrong, so that nothing typed is ever lost; `facts` is asked for only
when every step is valid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.drafts import ROAD, Typed
from arrears.forms.intake import (
    MOST_ROWS,
    OTHER_DAY,
    ContactForm,
    CrewForm,
    LineForm,
    Lines,
    PlaceForm,
    RespondentForm,
    Respondents,
    Rows,
    SheetCrewForm,
    StoryForm,
    TotalForm,
    WorkerForm,
    Workers,
    days_near,
    rows,
)
from arrears.intake import REGISTER, ClaimantFacts, ClaimFacts, LineFacts, RespondentFacts
from arrears.models import IntakeDraft
from arrears.sheet_kept import Kept, kept_of
from grid.models import Person, Region
from grid.regions import TOWNSHIP, VILLAGE, WIDTHS
from grid.roles import GRID_WORKER
from grid.scope import Scope


@dataclass(frozen=True)
class Setting:
    """What a step needs to know of its surroundings."""

    person: Person
    today: date
    typed: Mapping[str, Typed]  # by step
    sheet: Kept | None = None  # of a draft on the road of wage sheets

    @classmethod
    def of(cls, draft: IntakeDraft, today: date) -> "Setting":
        typed = draft.typed()
        return cls(draft.person, today, typed, kept_of(draft, today) if ROAD in typed else None)


class Step:
    """`typed` is what stands in the fields: just posted, or kept from an earlier visit; None on the first."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    rows_class: ClassVar[type[Rows] | None] = None
    form_class: ClassVar[type[forms.Form] | None] = None

    def __init__(self, setting: Setting, typed: Typed | None = None) -> None:
        self.setting = setting
        kept = setting.typed.get(self.name) if typed is None else typed
        self.typed = None if kept is None else self.refreshed(kept)
        self.data = None if self.typed is None else query(self.typed)

    def refreshed(self, typed: Typed) -> Typed:
        return typed

    @cached_property
    def form(self) -> forms.Form | None:
        if self.form_class is None:
            return None
        return self.form_class(self.data, initial=self.initial(), **self.form_options())

    @cached_property
    def rows(self) -> Rows | None:
        if self.rows_class is None:
            return None
        formset = self.rows_class(self.data, prefix=self.name, form_kwargs=self.row_options())
        formset.extra = self.first_rows()  # not `initial`: a row may be left empty
        return formset

    def initial(self) -> dict[str, Any]:
        return {}

    def form_options(self) -> dict[str, Any]:
        return {}

    def row_options(self) -> dict[str, Any]:
        return {}

    def first_rows(self) -> int:
        return 1

    @property
    def is_begun(self) -> bool:
        return self.data is not None

    @cached_property
    def is_valid(self) -> bool:
        parts = [part for part in (self.form, self.rows) if part is not None]
        return self.is_begun and all([part.is_valid() for part in parts])  # a list: every part is to show its errors

    def with_one_more(self) -> Typed:
        """What was typed, with another empty row that starts with the same choices as the first."""
        typed = self.typed or {}
        if self.rows is None or (number := self.rows.total_form_count()) >= MOST_ROWS:
            return typed
        preset = {name: field.initial for name, field in self.rows.empty_form.fields.items() if field.initial}
        row = {f"{self.name}-{number}-{name}": [value] for name, value in preset.items()}
        return {**typed, **row, f"{self.name}-TOTAL_FORMS": [str(number + 1)]}

    def facts(self) -> dict[str, Any]:
        """Fields of ClaimFacts; ask a valid step only."""
        raise NotImplementedError


class Who(Step):
    name, label = "who", _("劳动者")
    rows_class, form_class = rows(WorkerForm, Workers), CrewForm

    def row_options(self) -> dict[str, Any]:
        return {"today": self.setting.today}

    def facts(self) -> dict[str, Any]:
        said = dict(self.form.cleaned_data)
        contact = {name: said.pop(name) for name in ContactForm.base_fields}
        return {"claimants": [ClaimantFacts(**form.cleaned_data, **contact) for form in self.rows.filled], **said}


class Whom(Step):
    name, label = "whom", _("被申请方")
    rows_class = rows(RespondentForm, Respondents)

    def facts(self) -> dict[str, Any]:
        return {"respondents": [RespondentFacts(**form.cleaned_data) for form in self.rows.filled]}


class Where(Step):
    name, label = "where", _("时间地点")
    form_class = PlaceForm

    def refreshed(self, typed: Typed) -> Typed:
        """A day chosen as 今天 stays that day when the draft is opened later."""
        chosen = (typed.get("received_on") or [""])[0]
        if chosen in dict(days_near(self.setting.today)) or not chosen:
            return typed
        return {**typed, "received_on": [OTHER_DAY], "received_other": [chosen]}

    def initial(self) -> dict[str, Any]:
        roles = self.setting.person.scope(self.setting.today).roles
        return {
            "received_on": self.setting.today.isoformat(),
            "channel": "patrol" if GRID_WORKER in roles else "window",
        }

    def form_options(self) -> dict[str, Any]:
        return {"regions": self.regions, "today": self.setting.today}

    @cached_property
    def regions(self) -> list[tuple[str, str]]:
        return register_regions(self.setting.person.scope(self.setting.today))

    @property
    def region_name(self) -> str:
        return dict(self.regions)[self.form.cleaned_data["region"]].strip("\u3000")

    def facts(self) -> dict[str, Any]:
        said = {name: value for name, value in self.form.cleaned_data.items() if name != "received_other"}
        return {**said, "region": Region.objects.get(pk=said["region"]), "received_on": self.form.day}


class Money(Step):
    name, label = "money", _("欠薪明细")
    rows_class, form_class = rows(LineForm, Lines), TotalForm

    @cached_property
    def workers(self) -> list[str]:
        """Their names in the order of the first step, empty rows left out."""
        said = Who(self.setting)
        return [form["name"].value() or "—" for form in said.rows.filled] if said.is_begun else []

    def row_options(self) -> dict[str, Any]:
        return {"workers": self.workers}

    def first_rows(self) -> int:
        return max(len(self.workers), 1)

    @property
    def total(self) -> Decimal:
        return sum((form.unpaid for form in self.rows.filled if form.unpaid is not None), Decimal(0))

    @property
    def differs(self) -> bool:
        typed = self.form.cleaned_data.get("typed_total") if self.form.is_valid() else None
        return typed is not None and typed != self.total

    def facts(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data)

    def lines_of(self, worker: int) -> list[LineFacts]:
        said = [form.cleaned_data for form in self.rows.filled if form.cleaned_data["worker"] == str(worker)]
        return [LineFacts(**{name: value for name, value in line.items() if name != "worker"}) for line in said]


class Sheet(Step):
    """Workers and money at once, from a wage sheet (arrears.wage_sheets)."""

    name, label = "sheet", _("工资表")
    form_class = SheetCrewForm

    @property
    def is_ready(self) -> bool:
        return self.setting.sheet is not None and self.setting.sheet.is_ready

    @cached_property
    def is_valid(self) -> bool:
        return self.is_begun and self.form.is_valid() and self.is_ready

    def facts(self) -> dict[str, Any]:
        assert self.setting.sheet is not None
        kept, said = self.setting.sheet, self.form.cleaned_data
        claimants = [
            ClaimantFacts(
                name=worker.name, phone=worker.phone, id_number=worker.id_number, contact_rule=said["contact_rule"],
                lines=[LineFacts(**vars(wage)) for wage in worker.wages],
            )  # fmt: skip
            for worker in kept.workers
        ]
        return {"claimants": claimants, "worker_count": said["worker_count"], "typed_total": kept.summary.stated}


class Story(Step):
    name, label = "story", _("事实诉求")
    form_class = StoryForm

    def facts(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data)


class Steps(dict[str, Step]):
    """All of them, over one draft."""

    @classmethod
    def of(cls, setting: Setting) -> "Steps":
        return cls({step.name: step(setting) for step in road_of(setting.typed)})

    @property
    def unready(self) -> list[Step]:
        return [step for step in self.values() if not step.is_valid]

    def facts(self, source_key: str, extra: dict[str, str]) -> ClaimFacts:
        """The claim they tell of, once none is unready."""
        said: dict[str, Any] = {}
        for step in self.values():
            said |= step.facts()
        money = self.get(Money.name)
        if isinstance(money, Money):
            for index, claimant in enumerate(said["claimants"]):
                claimant.lines = money.lines_of(index)
        return ClaimFacts(**said, source_key=source_key, extra=extra)


STEPS: tuple[type[Step], ...] = (Who, Whom, Where, Money, Story)
SHEET_STEPS: tuple[type[Step], ...] = (Whom, Where, Sheet, Story)
CHECK = "check"


def road_of(typed: Mapping[str, Typed]) -> tuple[type[Step], ...]:
    """The steps of a draft, in their order."""
    return SHEET_STEPS if ROAD in typed else STEPS


def query(typed: Typed) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, list(values))
    return data


def register_regions(scope: Scope) -> list[tuple[str, str]]:
    """Where the person may log a claim: the townships of their posts, and the villages of a township that is theirs."""
    codes = [post.region for post in scope.posts if post.role.name in REGISTER.roles]
    found = Region.objects.none()
    for code in codes:
        levels = [TOWNSHIP, VILLAGE] if len(code) >= 9 else [TOWNSHIP]
        found = found | Region.objects.current().under(code).filter(level__in=levels)
    choices = [
        (region.code, region.name if region.level == TOWNSHIP else f"\u3000{region.name}") for region in found.order_by("code")
    ]
    townships = [code for code, name in choices if len(code) == WIDTHS[TOWNSHIP]]
    return choices if len(townships) == 1 else [("", gettext("请选择")), *choices]
