"""What the API gives out. Phones and ID numbers leave the server masked."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiTypes, extend_schema_field
from rest_framework import serializers

from arrears.duplicates.finding import alike, subject_of
from arrears.groups.standing_for import Group
from arrears.models import (
    Claim,
    Claimant,
    ClaimLine,
    Clock,
    Event,
    Evidence,
    Nudge,
    Order,
    Payment,
    RedactedCopy,
    Referral,
    Respondent,
    Supplement,
)
from arrears.referral_page import may_call
from arrears.supplement_page import masked
from grid.days import day_of

FIRST = 50  # workers and lines that come along with a claim
CLAIM_ROW = [
    "id", "number", "public_number", "stage", "level", "region", "region_name", "channel", "received_on", "due_on",
    "limit_on", "standing", "suspended_until", "handler", "handler_name", "worker_name", "worker_count", "is_collective", "respondent_name", "claimed",
    "verified", "agreed", "paid", "unpaid", "closed_on", "result",
]  # fmt: skip


class ClaimRow(serializers.ModelSerializer):
    region_name = serializers.CharField(source="region.full_name")
    handler_name = serializers.CharField(source="handler.full_name", default=None, allow_null=True)
    unpaid = serializers.DecimalField(max_digits=14, decimal_places=2)
    is_collective = serializers.BooleanField()
    due_on = serializers.DateField(help_text="Of what is due first, the city's own targets included")
    limit_on = serializers.DateField(help_text="Of the first limit that binds: the law's, or an agreement's")
    standing = serializers.SerializerMethodField(
        help_text="on_time, near, past_target (only the city's own target has passed), overdue (past limit_on), suspended, none"
    )

    class Meta:
        model = Claim
        fields = CLAIM_ROW

    def get_standing(self, claim: Claim) -> str:
        return claim.standing_on(day_of(timezone.now()))


class LineOut(serializers.ModelSerializer):
    class Meta:
        model = ClaimLine
        fields = ["claimant", "period_from", "period_to", "unit", "rate", "quantity", "due", "paid", "unpaid"]


class ClaimantOut(serializers.ModelSerializer):
    phone_masked = serializers.CharField()

    class Meta:
        model = Claimant
        fields = ["id", "name", "phone_masked", "id_masked"]


class WorkerOut(ClaimantOut):
    """One worker with their lines; at `/claims/ID/workers/`, so many at a time."""

    lines = LineOut(many=True)

    class Meta:
        model = Claimant
        fields = [*ClaimantOut.Meta.fields, "lines"]


class RespondentOut(serializers.ModelSerializer):
    class Meta:
        model = Respondent
        fields = ["id", "role", "legal_name", "aliases", "credit_code", "contact", "address"]


class ClockOut(serializers.ModelSerializer):
    rule = serializers.CharField(source="rule_id")
    name = serializers.SerializerMethodField()
    basis = serializers.SerializerMethodField(help_text="Law and article")
    kind = serializers.CharField(source="rule.kind")
    is_verified = serializers.BooleanField(source="rule.verified")
    target_of = serializers.CharField(source="rule.target_of", help_text="The legal limit this is a local target of")

    class Meta:
        model = Clock
        fields = [
            "id", "claim", "about_id", "rule", "name", "basis", "kind", "is_verified", "started_on",
            "natural_on", "due_on", "is_provisional", "extended_by", "target_of", "ended_on", "was_met",
        ]  # fmt: skip

    def get_name(self, clock: Clock) -> str:
        return clock.rule.text("name", get_language())

    def get_basis(self, clock: Clock) -> str:
        return clock.rule.citation(get_language())


class EventOut(serializers.ModelSerializer):
    actor_name = serializers.CharField(source="actor.full_name", default=None, allow_null=True)

    class Meta:
        model = Event
        fields = ["id", "claim", "kind", "actor_name", "actor_post", "at", "happened_on", "stage", "level", "facts"]


class RedactedOut(serializers.ModelSerializer):
    class Meta:
        model = RedactedCopy
        fields = ["id", "is_drawn", "sha256", "size", "scan", "added_at"]


class EvidenceOut(serializers.ModelSerializer):
    redacted = RedactedOut(many=True, help_text="Copies for others, oldest first; partner bodies are shown the newest")

    class Meta:
        model = Evidence
        fields = ["id", "kind", "title", "extension", "mime", "size", "sha256", "added_at", "replaces", "version", "scan", "redacted"]


class PaymentOut(serializers.ModelSerializer):
    class Meta:
        model = Payment
        fields = ["id", "amount", "excess", "claimant", "paid_on", "method", "note"]


class AskOut(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField()
    is_required = serializers.BooleanField()
    choices = serializers.SerializerMethodField()

    def get_choices(self, ask: Any) -> list[str]:
        return [name for name, _ in ask.choices]


class MoveOut(serializers.Serializer):
    """A move the caller can make now, and what it asks."""

    name = serializers.CharField()
    label = serializers.CharField()
    target = serializers.CharField(allow_null=True)
    asks = AskOut(many=True)

class AlikeOut(serializers.Serializer):
    """Another claim that is likely of the same worker about the same wage."""

    id = serializers.UUIDField(source="claim.pk")
    number = serializers.CharField(source="claim.number")
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class StandOut(serializers.Serializer):
    """A representative, and how many workers gave them which authority."""

    id = serializers.UUIDField(source="row.pk")
    claimant = serializers.UUIDField(source="row.claimant_id")
    name = serializers.CharField()
    general = serializers.IntegerField()
    special = serializers.IntegerField()


class ClaimOut(ClaimRow):
    site_name = serializers.CharField(source="site.name", default="")
    claimants = serializers.SerializerMethodField(help_text=f"The first {FIRST}; all of them at /claims/ID/workers/")
    claimant_count = serializers.SerializerMethodField()
    respondents = RespondentOut(many=True)
    lines = serializers.SerializerMethodField(help_text=f"The first {FIRST}; each worker's at /claims/ID/workers/")
    merged_into = serializers.CharField(source="merged_into.number", default=None, allow_null=True)
    split_from = serializers.CharField(source="split_from.number", default=None, allow_null=True)
    part_of = serializers.CharField(source="part_of.number", default=None, allow_null=True, help_text="The collective case it belongs to")
    representatives = serializers.SerializerMethodField()
    duplicates = serializers.SerializerMethodField(help_text="The likeliest first; only where one claim is read")
    evidence = EvidenceOut(many=True)
    payments = PaymentOut(many=True)
    clocks = ClockOut(many=True)

    class Meta:
        model = Claim
        fields = [
            *CLAIM_ROW, "site_name", "work", "contract", "last_working_day", "story", "request", "typed_total", "merged_into", "split_from", "part_of", "representatives", "duplicates",
            "claimants", "claimant_count", "respondents", "lines", "evidence", "payments", "clocks",
        ]  # fmt: skip

    @extend_schema_field(ClaimantOut(many=True))
    def get_claimants(self, claim: Claim) -> list[dict[str, Any]]:
        return ClaimantOut(claim.claimants.all()[:FIRST], many=True).data

    def get_claimant_count(self, claim: Claim) -> int:
        return claim.claimants.count()

    @extend_schema_field(LineOut(many=True))
    def get_lines(self, claim: Claim) -> list[dict[str, Any]]:
        return LineOut(claim.lines.all()[:FIRST], many=True).data

    @extend_schema_field(StandOut(many=True))
    def get_representatives(self, claim: Claim) -> list[dict[str, Any]]:
        return StandOut(Group(claim, day_of(timezone.now())).stands, many=True).data

    @extend_schema_field(AlikeOut(many=True))
    def get_duplicates(self, claim: Claim) -> list[dict[str, Any]]:
        if "person" not in self.context or not claim.is_open:
            return []
        return AlikeOut(alike(subject_of(claim), self.context["person"], self.context["today"]), many=True).data


class ReferralOut(serializers.ModelSerializer):
    """`shared` is what the body was shown; whoever sees the referral sees that. Phones of workers are whole only for those
    who work on it."""

    shared = serializers.SerializerMethodField(help_text="The first workers; more of them at /referrals/ID/people/")
    claim_number = serializers.CharField(source="claim.number")
    body_name = serializers.CharField(source="body.name")

    class Meta:
        model = Referral
        fields = [
            "id", "claim_number", "kind", "body", "body_name", "state", "summary", "shared", "answer_by", "sent_at",
            "received_at", "answered_at", "concluded_at", "ground", "outcome", "docket_number", "note", "wanted", "sha256",
            "disputed_at", "ruled_at", "is_binding",
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_shared(self, referral: Referral) -> dict[str, Any]:
        return veiled(referral.shared, referral, self.context)


def veiled(people: Mapping[str, Any], referral: Referral, context: Mapping[str, Any]) -> dict[str, Any]:
    if "claimants" not in people or ("request" in context and may_call(referral, context["request"].user, day_of(timezone.now()))):
        return dict(people)
    return {**people, "claimants": [masked(worker) for worker in people["claimants"]]}


class SupplementOut(serializers.ModelSerializer):
    """`facts` and `people`: what had changed; phones as in ReferralOut. `sha256` is of the canonical JSON of what was sent."""

    people = serializers.SerializerMethodField()

    class Meta:
        model = Supplement
        fields = ["id", "number", "note", "facts", "people", "files", "sha256", "sent_at", "received_at", "received_by"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_people(self, supplement: Supplement) -> dict[str, Any]:
        return veiled(supplement.people, self.context["referral"], self.context)


class OrderOut(serializers.ModelSerializer):
    claim_number = serializers.CharField(source="claim.number")
    issued_by_name = serializers.CharField(source="issued_by.full_name", default=None, allow_null=True)

    class Meta:
        model = Order
        fields = [
            "id", "number", "claim", "claim_number", "from_level", "level", "demand", "rule_id", "issued_by_name",
            "issued_at", "reply_by", "state", "received_at", "replied_at", "reply", "times_sent_back", "verdict",
            "closed_at",
        ]  # fmt: skip


class NudgeOut(serializers.ModelSerializer):
    class Meta:
        model = Nudge
        fields = ["id", "claim", "at", "text"]
