"""/api/v1/proceedings/: the roads that are walked, their steps and what may come next. The same verbs as the pages."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.situation import WithdrawIn
from arrears.api.views import Refusal, Visible, today
from arrears.models import Claim, Grant, Proceeding, Step
from arrears.permits import Denied
from arrears.proceedings import verbs
from arrears.proceedings.standing import openings, sentence_of
from arrears.proceedings.table import FOUR, KINDS, PROCEDURES, StepRow
from arrears.situation.of_claim import rows
from grid.access import log_access
from grid.api_fields import Instant
from grid.paging import Order
from grid.scope import get_visible


class GrantIn(serializers.Serializer):
    claimant = serializers.UUIDField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class SaidIn(serializers.Serializer):
    """What a step asks is in `asks` of `next` and of `openings`."""

    on = serializers.DateField(help_text="The day on the paper or receipt; clocks are counted from it")
    docket = serializers.CharField(max_length=60, default="", allow_blank=True)
    court = serializers.CharField(max_length=120, default="", allow_blank=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, default=None)
    until = serializers.DateField(allow_null=True, default=None)
    other_on = serializers.DateField(allow_null=True, default=None)
    procedure = serializers.ChoiceField(PROCEDURES, default="", allow_blank=True)
    hearing = Instant(allow_null=True, default=None)
    place = serializers.CharField(max_length=200, default="", allow_blank=True)
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)
    lawyer = serializers.CharField(max_length=120, default="", allow_blank=True)
    four = serializers.MultipleChoiceField(choices=FOUR, default=list)
    note = serializers.CharField(max_length=300, default="", allow_blank=True)
    paper = serializers.UUIDField(allow_null=True, default=None, help_text="Evidence of the claim")
    grants = GrantIn(many=True, default=list, help_text="What the paper grants each worker; they add up to the amount")


class OpenIn(SaidIn):
    claim = serializers.UUIDField()
    kind = serializers.CharField(max_length=16)
    step = serializers.CharField(max_length=24)
    referral = serializers.UUIDField(allow_null=True, default=None)
    workers = serializers.ListField(child=serializers.UUIDField(), allow_null=True, default=None, help_text="Whose it is; null: everybody it can be of")
    about = serializers.UUIDField(allow_null=True, default=None, help_text="The proceeding it goes on with, where there are several")


class StepIn(SaidIn):
    step = serializers.CharField(max_length=24)


class GrantOut(serializers.ModelSerializer):
    class Meta:
        model = Grant
        fields = ["claimant", "amount"]


class StepOut(serializers.ModelSerializer):
    grants = GrantOut(many=True, read_only=True)

    class Meta:
        model = Step
        fields = [
            "id", "name", "on", "docket", "court", "amount", "until", "other_on", "procedure", "hearing", "place", "reason", "lawyer",
            "four", "note", "paper", "grants", "recorded_at", "withdrawn_at", "withdrawn_because",
        ]  # fmt: skip


class ProceedingOut(serializers.ModelSerializer):
    steps = StepOut(many=True, read_only=True)

    class Meta:
        model = Proceeding
        fields = [
            "id", "claim", "kind", "opened_as", "state", "court", "docket_number", "amount", "until", "hearing_at", "due_on", "auto_step",
            "auto_on", "referral", "workers", "continues", "opened_at", "ended_on", "steps",
        ]  # fmt: skip


class ProceedingFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")
    kind = filters.ChoiceFilter(choices=[(kind.id, kind.name) for kind in KINDS.values()])
    open = filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")
    court = filters.CharFilter(lookup_expr="icontains")
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")
    hearing_before = filters.IsoDateTimeFilter(field_name="hearing_at", lookup_expr="lte")


def row_out(row: StepRow) -> dict[str, Any]:
    return {
        "step": row.step, "name": row.name, "name_en": row.name_en, "form": row.form, "article": row.citation(),
        "confidence": row.confidence, "asks": [{"name": one.name, "required": one.is_required} for one in row.asked],
    }  # fmt: skip


def said_of(claim: Claim, facts: dict[str, Any], request: Request) -> dict[str, Any]:
    """What was said, with the paper it names. Raises Http404."""
    said = dict(facts)
    said["paper"] = get_visible(claim.evidence.all(), request.user, today(), pk=said["paper"]) if said["paper"] else None
    said["four"] = sorted(said["four"])
    said["grants"] = {row["claimant"]: row["amount"] for row in said["grants"]}
    return said


class ProceedingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Proceeding.objects.select_related("claim").prefetch_related("steps__grants", "workers")
    serializer_class = ProceedingOut
    filterset_class = ProceedingFilter
    order = Order("due_on")

    @extend_schema(request=OpenIn, responses={201: ProceedingOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        facts = OpenIn(data=request.data)
        facts.is_valid(raise_exception=True)
        what = dict(facts.validated_data)
        claim = get_visible(Claim, request.user, today(), pk=what.pop("claim"))
        kind, step, asked, workers, about = (what.pop(name) for name in ("kind", "step", "referral", "workers", "about"))
        referral = get_visible(claim.referrals.all(), request.user, today(), pk=asked) if asked else None
        before = get_visible(claim.proceedings.all(), request.user, today(), pk=about) if about else None
        row = verbs.open_proceeding(
            claim, kind, step, request.user, now=timezone.now(), referral=referral, workers=workers, about=before, **said_of(claim, what, request)
        )  # fmt: skip
        return Response(ProceedingOut(self.get_queryset().get(pk=row.pk)).data, status=201)

    @extend_schema(request=StepIn, responses={201: ProceedingOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def step(self, request: Request, pk: str) -> Response:
        row, facts = self.get_object(), StepIn(data=request.data)
        facts.is_valid(raise_exception=True)
        what = dict(facts.validated_data)
        name = what.pop("step")
        verbs.record_step(row, name, request.user, now=timezone.now(), **said_of(row.claim, what, request))
        return Response(ProceedingOut(self.get_queryset().get(pk=row.pk)).data, status=201)

    @extend_schema(request=WithdrawIn, responses={200: ProceedingOut, 409: Refusal}, description="Takes back the last step.")
    @action(detail=True, methods=["post"], url_path="take-back", filterset_class=None, pagination_class=None)
    def take_back(self, request: Request, pk: str) -> Response:
        row, said = self.get_object(), WithdrawIn(data=request.data)
        said.is_valid(raise_exception=True)
        last = row.steps.filter(withdrawn_at=None).order_by("-recorded_at", "-id").first()
        if last is not None:
            last.proceeding = row
            verbs.take_back(last, request.user, reason=said.validated_data["reason"], now=timezone.now())
        return Response(ProceedingOut(self.get_queryset().get(pk=row.pk)).data)

    @extend_schema(responses=OpenApiTypes.OBJECT, description="The steps that may come next, for the caller.")
    @action(detail=True, filterset_class=None, pagination_class=None)
    def next(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        following = row.table.after(row.state, row.opened_as) if row.is_open else []
        return Response([
            {**row_out(step), "allowed": not isinstance(verbs.may_record(row.claim, step, request.user, today()), Denied)} for step in following
        ])  # fmt: skip

    @extend_schema(
        responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter("claim", OpenApiTypes.UUID, required=True)],
        description="What may be begun for a claim, and what stands against the rest.",
    )  # fmt: skip
    @action(detail=False, filterset_class=None, pagination_class=None)
    def openings(self, request: Request) -> Response:
        asked = ClaimIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        claim = get_visible(rows(), request.user, today(), pk=asked.validated_data["claim"])
        log_access(request.user, "read", "claim", claim.pk, now=timezone.now(), region_code=claim.region_id)
        return Response([
            {
                "kind": one.kind.id, **row_out(one.row), "open": one.is_open, "already": one.already,
                "refused_because": [sentence_of(row) for row in one.refusals], "warnings": [sentence_of(row) for row in one.warnings],
            } for one in openings(claim, today())
        ])  # fmt: skip


class ClaimIn(serializers.Serializer):
    claim = serializers.UUIDField()
