"""The form of a move, made from what its table row asks for. Used by the pages of claims, referrals and mediations."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.forms.fields import MoneyField
from arrears.models import Claim
from arrears.models.claims import ClaimQuerySet
from arrears.moves import Ask, Move
from arrears.search import search
from grid.models import Body, Person
from grid.roles import BODY_KINDS

LONGEST_TEXT = 4000
FEW = 6  # choices shown as buttons instead of a list


class PersonField(forms.TypedChoiceField):
    """Somebody of `people`, pairs of a person and what they are."""

    def __init__(self, people: list[tuple[Person, str]], **options: Any) -> None:
        known = {str(person.pk): person for person, label in people}
        choices = [("", _("请选择")), *((str(person.pk), label) for person, label in people)]
        super().__init__(choices=choices, coerce=known.__getitem__, empty_value=None, **options)


class BodyField(forms.ModelChoiceField):
    """By kind, each body under its own: 人民法院 › 沭阳县人民法院."""

    def __init__(self, bodies: QuerySet[Body], **options: Any) -> None:
        super().__init__(bodies, empty_label=_("请选择"), **options)
        groups: dict[str, list[tuple[Any, str]]] = {}
        for body in bodies.order_by("kind", "-region", "name"):
            groups.setdefault(_(BODY_KINDS[body.kind]), []).append((body.pk, body.name))
        self.widget.choices = [("", _("请选择")), *groups.items()]


class ClaimField(forms.CharField):
    """Another claim by its case number, or by enough of it; only among `claims`, those the actor may see."""

    def __init__(self, claims: ClaimQuerySet, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.claims = claims

    def to_python(self, value: Any) -> Claim | None:
        typed = super().to_python(value)
        if not typed:
            return None
        found = list(self.claims.filter(number=typed)[:1]) or list(search(self.claims, typed)[:2])
        if len(found) != 1:
            raise ValidationError(
                _("您的辖区内有多件案件与此相符，请填写完整案号。") if found else _("您的辖区内没有这个案号的案件，请核对。"),
                code="ambiguous" if found else "unknown_claim",
            )
        return found[0]

    def run_validators(self, value: Any) -> None:
        """The length was checked by the widget and the search; a claim has none."""


# Each builder takes the ask, the options every field has, and what the page brought for it.


def text(ask: Ask, options: dict[str, Any], brought: Any) -> forms.Field:
    return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), **options)


def line(ask: Ask, options: dict[str, Any], brought: Any) -> forms.Field:
    return forms.CharField(max_length=120, **options)


def choice(ask: Ask, options: dict[str, Any], brought: Any) -> forms.Field:
    choices = [(value, _(label)) for value, label in ask.choices]
    if len(choices) <= FEW:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
    return forms.ChoiceField(choices=[("", _("请选择")), *choices], **options)


def people(ask: Ask, options: dict[str, Any], brought: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=brought, widget=forms.CheckboxSelectMultiple, **options)


FIELDS: dict[str, Callable[[Ask, dict[str, Any], Any], forms.Field]] = {
    "text": text,
    "line": line,
    "choice": choice,
    "date": lambda ask, options, brought: forms.DateField(**options),
    "datetime": lambda ask, options, brought: forms.DateTimeField(**options),
    "money": lambda ask, options, brought: MoneyField(above_zero=True, **options),
    "confirm": lambda ask, options, brought: forms.BooleanField(**options),
    "person": lambda ask, options, brought: PersonField(brought, **options),
    "claim": lambda ask, options, brought: ClaimField(brought, **options),
    "people": people,
    "body": lambda ask, options, brought: BodyField(brought, **options),
}


class MoveForm(forms.Form):
    """`brought` holds, by kind of ask, what only the page knows: "person" pairs, "claim" rows, "people" choices
    (the parties of a case). `hints` add a sentence to a field, such as what is still unpaid."""

    def __init__(
        self, move: Move, *args: Any, brought: Mapping[str, Any] | None = None, hints: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.move = move
        for ask in move.asks:
            hint = (hints or {}).get(ask.name) or (_(ask.hint) if ask.hint else "")
            options = {"label": _(ask.label), "required": ask.is_required, "help_text": hint}
            self.fields[ask.name] = FIELDS[ask.kind](ask, options, (brought or {}).get(ask.kind))
