"""What the page of one paper shows: how it stands, what was tried, which ways are open now and which are shut and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.forms import Form
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from arrears.calendars import calendar_now
from arrears.claim_rows import Mark
from arrears.deadlines import RULES, due
from arrears.forms.serving import AttemptForm, ConsentForm, DropForm, MarkForm
from arrears.models import Attempt, Paper, Service
from arrears.models.serving import SENT
from arrears.permits import Denied
from arrears.serving import verbs
from arrears.serving.clock import tried
from arrears.serving.lawful import next_way, open_ways, why_not
from arrears.serving.receipt import may_print
from arrears.serving.rows import attempt_mark, due_mark, state_mark
from arrears.serving.table import METHODS, NOTICE, Method
from grid.models import Person
from grid.scope import sees_region

AT_THE_DOOR = ("direct", "leaving", "posting")
DONE, GONE = _("已经送到"), _("已经发出")


@dataclass(frozen=True)
class Fold:
    """One thing to do, with its form."""

    name: str
    label: str
    icon: str
    form: Form
    is_open: bool
    note: str = ""
    article: str = ""
    is_unverified: bool = False

    @property
    def files(self) -> list[str]:
        return getattr(self.form, "file_names", ["paper"])


@dataclass(frozen=True)
class Try:
    attempt: Attempt
    way: str
    mark: Mark
    proofs: list[Any]
    fold: Fold | None  # of what was sent: what came of it
    takes_effect_on: date | None


class ServicePage:
    def __init__(self, service: Service, person: Person, today: date, bound: Mapping[str, Form] | None = None) -> None:
        self.service, self.person, self.today, self.bound = service, person, today, bound or {}
        self.language = get_language() or ""

    @cached_property
    def may(self) -> Denied | bool:
        return verbs.may_act(self.service, self.person, self.today)

    @cached_property
    def paper(self) -> Paper | None:
        """The paper that was issued here, for whoever may see it: it may lie in a claim that was merged into this one."""
        if not self.service.paper_id:
            return None
        rows = Paper.objects.visible_to(self.person, self.today).select_related("replaced_by").defer("facts")
        return rows.filter(pk=self.service.paper_id).first()

    @property
    def sees_claim(self) -> bool:
        """A mediator posted elsewhere serves the notices of his hearing and sees no more of the claim."""
        return sees_region(self.person, self.service.claim.region_id, self.today)

    @property
    def is_outdated(self) -> bool:
        return bool(self.service.is_waiting and self.paper and not self.paper.is_current)

    @property
    def may_print(self) -> bool:
        return bool(may_print(self.service, self.person, self.today))

    @property
    def why_not(self) -> str:
        return self.may.message if isinstance(self.may, Denied) and self.service.is_waiting else ""

    @property
    def what(self) -> str:
        return self.service.document.text("name", self.language)

    @property
    def state(self) -> Mark:
        return state_mark(self.service)

    @property
    def due(self) -> Mark | None:
        return due_mark(self.service, self.today, calendar_now())

    @property
    def way(self) -> str:
        return self.service.way.text("name", self.language) if self.service.way else ""

    @property
    def article(self) -> str:
        return self.service.way.citation(self.language) if self.service.way else ""

    @property
    def then(self) -> list[tuple[str, date]]:
        """What runs from the day it was served, with the day it ends."""
        if self.service.deemed_on is None:
            return []
        calendar, rules = calendar_now(), [RULES[rule] for rule in self.service.document.then]
        return [(rule.text("name", self.language), due(rule, self.service.deemed_on, calendar).due_on) for rule in rules]

    @cached_property
    def tried(self) -> Any:
        return tried(self.service)

    @property
    def next(self) -> str:
        """What is to be done next: of what is under way, its result is asked for."""
        sent = next((attempt for attempt in self.service.attempts.all() if attempt.state == SENT), None)
        if sent:
            return gettext("查问%(way)s的结果") % {"way": sent.way.text("name", self.language)}
        return next_way(self.tried).text("name", self.language)

    @cached_property
    def tries(self) -> list[Try]:
        return [self.try_of(attempt) for attempt in self.service.attempts.all()]

    def try_of(self, attempt: Attempt) -> Try:
        waits = attempt.state == SENT
        fold = self.result_of(attempt) if waits and self.may else None
        on = attempt.check_on if waits and attempt.way.deemed == NOTICE else None
        return Try(attempt, attempt.way.text("name", self.language), attempt_mark(attempt), list(attempt.proofs.all()), fold, on)

    def result_of(self, attempt: Attempt) -> Fold:
        name = str(attempt.pk)
        form = self.bound.get(name) or result_form(attempt, self.today)
        return Fold(name, gettext("登记结果"), "check", form, name in self.bound)

    @property
    def folds(self) -> list[Fold]:
        """The open ways, the next one first; then what can be said of the receiver."""
        if not self.may:
            return []
        first, sent = next_way(self.tried), {attempt.method for attempt in self.service.attempts.all() if attempt.state == SENT}
        ways = [way for way in open_ways(self.tried) if way.id not in sent]
        ways.sort(key=lambda way: way != first)
        return [*(self.fold_of(way, is_first=place == 0 and not sent) for place, way in enumerate(ways)), *self.others]

    def fold_of(self, way: Method, *, is_first: bool) -> Fold:
        known = self.service.respondent.address if self.service.respondent and way.id in AT_THE_DOOR else ""
        form = self.bound.get(way.id) or attempt_form(way, self.today, place=known)
        is_open = way.id in self.bound or (is_first and not self.bound)
        return Fold(
            way.id, way.text("name", self.language), "open" if way.waits else "check", form, is_open, way.text("note", self.language),
            way.citation(self.language), not way.verified,
        )  # fmt: skip

    @property
    def others(self) -> list[Fold]:
        service = self.service
        wanted = [
            ("consent", _("登记：同意电子送达"), "agree", ConsentForm, not service.e_address), ("fled", _("登记：下落不明"), "warning", MarkForm, not service.is_fled),
            ("held", _("登记：军人或者被监禁"), "person", MarkForm, not service.is_held), ("drop", _("不再送达"), "close", DropForm, True),
        ]  # fmt: skip
        return [
            Fold(name, str(label), icon, self.bound.get(name) or form(prefix=name), name in self.bound)
            for name, label, icon, form, is_offered in wanted if is_offered
        ]  # fmt: skip

    @property
    def shut(self) -> list[tuple[str, str]]:
        """The ways that are not open, and why."""
        if not self.may:
            return []
        found = ((way, why_not(way, self.tried, self.language)) for way in METHODS.values())
        return [(way.text("name", self.language), no.text(gettext)) for way, no in found if no is not None]


def attempt_form(way: Method, today: date, *data: Any, place: str = "") -> AttemptForm:
    return AttemptForm(way, way.at_once, GONE if way.waits else DONE, *data, today=today, prefix=way.id, initial={"place": place})


def result_form(attempt: Attempt, today: date, *data: Any) -> AttemptForm:
    return AttemptForm(attempt.way, attempt.way.proof, DONE, *data, today=today, prefix=f"a{attempt.pk.hex[-6:]}", is_result=True)
