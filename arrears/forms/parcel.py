"""The forms of intake read what a phone sent: the same rules, and each error at the phone's own field."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from arrears.completing.slots import Slot
from arrears.completing.verbs import Word
from arrears.drafts import Typed
from arrears.field.receiving import Wrong
from arrears.field.shape import BY_TYPED
from arrears.forms.completing import field_of
from arrears.forms.steps import STEPS, Setting, Step, Steps, road_of
from arrears.intake import ClaimFacts
from grid.models import Person
from grid.refused import Refused


def read(person: Person, today: date, typed: Mapping[str, Typed], key: str, extra: dict[str, str]) -> ClaimFacts:
    """Raises Wrong, and Refused if the draft is gone on with as a wage sheet."""
    if road_of(typed) != STEPS:
        raise Refused("other_road", _("这份草稿在服务器上已改用工资表登记，请在网页上接着填。"))
    steps = Steps.of(Setting(person, today, typed))
    if steps.unready:
        raise Wrong(errors_of(steps.unready))
    return steps.facts(key, extra)


def errors_of(steps: list[Step]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        for name, sentence in sentences(step):
            asked = BY_TYPED.get(name)
            found[asked.name if asked else ""].append(sentence)
    return dict(found)


def sentences(step: Step) -> Iterator[tuple[str, str]]:
    if step.rows is not None:
        first = {"who": "who-0-name", "whom": "whom-0-legal_name", "money": "money-0-rate"}.get(step.name, "")
        yield from ((first, sentence) for sentence in step.rows.non_form_errors())
    parts: list[forms.Form] = [part for part in (step.form, *(step.rows or ())) if part is not None]
    for form in parts:
        for name, errors in form.errors.items():
            yield from ((form.add_prefix(name), sentence) for sentence in errors)


def reading(today: date) -> Callable[[Mapping[str, Slot], Mapping[str, str]], list[Word]]:
    """Reads what is filled in later, each field as the page of 补充登记 reads it."""

    def read_later(slots: Mapping[str, Slot], said: Mapping[str, str]) -> list[Word]:
        words, wrong = [], {}
        for name, value in said.items():
            slot = slots[name]
            try:
                words.append(Word(slot.field.name, slot.pk, field_of(slot, today).clean(value), slot.value))
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise Wrong(wrong)
        return words

    return read_later
