"""What a paper asks, as a form: on its page, in a packet, and when the task reads what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from arrears.forms.moves import MoveForm
from arrears.moves import Ask
from arrears.papers.choosing import choices_for
from arrears.papers.forms import Form
from arrears.papers.record import Record
from grid.refused import Refused


@dataclass(frozen=True)
class Asked:
    """What MoveForm wants of a move."""

    asks: tuple[Ask, ...]


def asked_of(forms: Iterable[Form], record: Record) -> Asked:
    """Each question once, however many papers ask it; the choices that the claim gives put in."""
    asks = {ask.name: ask for form in forms for ask in form.asks}
    return Asked(tuple(replace(ask, choices=ask.choices or choices_for(ask.name, record)) for ask in asks.values()))


def form_for(forms: Iterable[Form], record: Record, data: Mapping[str, Any] | None = None, **options: Any) -> MoveForm:
    return MoveForm(asked_of(forms, record), data, **options)


def given(form: Form, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they were kept with a paper, as the form of the next version shows them."""
    moments = {ask.name for ask in form.asks if ask.kind == "datetime"}
    return {name: parse_datetime(value) if value and name in moments else value for name, value in kept.items()}


def cleaned(form: Form, typed: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """The answers of one paper, from what was typed for many. Raises Refused: bad_answers."""
    asked = form_for([form], record, typed)
    if asked.is_valid():
        return asked.cleaned_data
    name, errors = next(iter(asked.errors.items()))
    label = asked.fields[name].label if name in asked.fields else ""
    raise Refused("bad_answers", _("“%(paper)s”的“%(ask)s”：%(why)s") % {"paper": form.name, "ask": label, "why": errors[0]})
