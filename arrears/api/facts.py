"""What the API takes in: a claim's facts, and the answers a move asks for. Bad input is 400, by field."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from arrears.identity import Invalid, check_credit_code, check_id, check_phone
from arrears.intake import ClaimantFacts, ClaimFacts, LineFacts, RespondentFacts
from arrears.models import Claim
from arrears.models.claims import CHANNELS, CONTRACTS, UNITS
from arrears.models.parties import CHAIN_ROLES, CONTACT_RULES
from arrears.moves import Ask, Move
from arrears.permits import handlers_for
from grid.api_fields import Instant
from grid.models import Person, Region

CENT = Decimal("0.01")
CHANNELS_IN = [row for row in CHANNELS if row[0] != "ledger"]  # an old register comes in by its own command


class MoneyField(serializers.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": Decimal(0), **options})


class CheckedField(serializers.CharField):
    """A number with a checksum or a shape; what is kept is the normal form."""

    def __init__(self, check: Callable[[str], str], **options: Any) -> None:
        self.check = check
        super().__init__(**{"required": False, "allow_blank": True, "default": "", "max_length": 40, **options})

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        try:
            return self.check(typed) if typed else ""
        except Invalid as invalid:
            raise serializers.ValidationError(_(str(invalid)), code=invalid.code) from None


def text(length: int = 200) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, default="", max_length=length)


class LineIn(serializers.Serializer):
    rate = MoneyField(max_digits=12)
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=CENT, default=Decimal(1))
    unit = serializers.ChoiceField(UNITS, default="lump")
    paid = MoneyField(default=Decimal(0))
    period_from = serializers.DateField(required=False, allow_null=True, default=None)
    period_to = serializers.DateField(required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> LineFacts:
        return LineFacts(**super().to_internal_value(data))


class ClaimantIn(serializers.Serializer):
    name = serializers.CharField(max_length=60)
    phone = CheckedField(check_phone)
    contact_rule = serializers.ChoiceField(CONTACT_RULES, default="open")
    safe_phone = CheckedField(check_phone)
    id_number = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    lines = LineIn(many=True, allow_empty=False)

    def validate_id_number(self, typed: str) -> str:
        try:
            return check_id(typed, self.context["today"]) if typed else ""
        except Invalid as invalid:
            raise serializers.ValidationError(_(str(invalid)), code=invalid.code) from None

    def to_internal_value(self, data: Any) -> ClaimantFacts:
        return ClaimantFacts(**super().to_internal_value(data))


class RespondentIn(serializers.Serializer):
    legal_name = text(120)
    aliases = text()
    role = serializers.ChoiceField(CHAIN_ROLES, default="employer")
    credit_code = CheckedField(check_credit_code)
    contact = text(60)
    phone = CheckedField(check_phone)
    address = text()

    def to_internal_value(self, data: Any) -> RespondentFacts:
        facts = RespondentFacts(**super().to_internal_value(data))
        if not (facts.legal_name or facts.aliases):
            raise serializers.ValidationError({"legal_name": [_("名称和别名至少填写一项。")]})
        return facts


class ClaimIn(serializers.Serializer):
    region = serializers.PrimaryKeyRelatedField(queryset=Region.objects.current())
    received_on = serializers.DateField()
    channel = serializers.ChoiceField(CHANNELS_IN, default="window")
    claimants = ClaimantIn(many=True, allow_empty=False)
    respondents = RespondentIn(many=True, allow_empty=False)
    site_name = text(120)
    site_address = text()
    work = text(60)
    contract = serializers.ChoiceField(CONTRACTS, default="unknown")
    worker_count = serializers.IntegerField(min_value=1, max_value=100_000, required=False, default=None)
    last_working_day = serializers.DateField(required=False, allow_null=True, default=None)
    typed_total = MoneyField(required=False, allow_null=True, default=None)
    story = text(10_000)
    request = text(10_000)

    def facts(self, source_key: str | None) -> ClaimFacts:
        return ClaimFacts(**self.validated_data, source_key=source_key)


def confirm(ask: Ask) -> serializers.Field:
    """What must be confirmed can only be said with true."""
    return serializers.ChoiceField([(True, "true")]) if ask.is_required else serializers.BooleanField(default=False)


Factory = Callable[[Ask], serializers.Field]

# An ask's kind → the field that reads it. Kinds that need the case (people, claims, rooms) are added by the caller.
FIELDS: dict[str, Factory] = {
    "text": lambda ask: serializers.CharField(max_length=4000, required=ask.is_required, allow_blank=not ask.is_required),
    "line": lambda ask: serializers.CharField(max_length=120, required=ask.is_required, allow_blank=not ask.is_required),
    "date": lambda ask: serializers.DateField(required=ask.is_required),
    "datetime": lambda ask: Instant(required=ask.is_required),
    "money": lambda ask: MoneyField(required=ask.is_required, min_value=CENT),
    "choice": lambda ask: serializers.ChoiceField(list(ask.choices), required=ask.is_required),
    "confirm": confirm,
}


def answers_to(move: Move, data: Any, more: dict[str, Factory]) -> dict[str, Any]:
    """What the caller answered to the move's asks; the fields come from the table. ValidationError is 400."""
    known = {**FIELDS, **more}
    fields = {ask.name: known[ask.kind](ask) for ask in move.asks}
    answers = type(f"{move.name.title()}Answers", (serializers.Serializer,), fields)(data=data)
    answers.is_valid(raise_exception=True)
    return dict(answers.validated_data)


def claim_fields(claim: Claim, person: Person, today: date) -> dict[str, Factory]:
    """The kinds of a claim's own moves that depend on the claim and on who asks."""
    return {
        "person": lambda ask: serializers.PrimaryKeyRelatedField(queryset=handlers_for(claim, today)),
        "claim": lambda ask: serializers.SlugRelatedField(
            "number", queryset=Claim.objects.visible_to(person, today)
        ),
    }
