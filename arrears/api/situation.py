"""/api/v1/situations/{claim}/: the facts of a claim, who must pay and which roads are open on them; /api/v1/interruptions/:
what interrupted the worker's limit. The same verbs as the pages."""

from datetime import date
from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from arrears.api.views import Refusal, Visible, today
from arrears.liability.said import payers_of
from arrears.limitation.interrupting import interrupt, withdraw
from arrears.limitation.limits import INTERRUPTIONS
from arrears.models import Claim, Interruption
from arrears.models.parties import CHAIN_ROLES
from arrears.routes import Door, doors
from arrears.situation.of_claim import facts_of, rows, situation_of
from arrears.situation.recording import FOUND_LATER, Said, state_facts
from grid.access import log_access
from grid.scope import get_visible


class FactsIn(serializers.Serializer):
    """Everything that holds, not the change: what is left out no longer holds."""

    said = serializers.ListField(child=serializers.CharField(max_length=40), max_length=200, help_text="Ids of facts, as in docs/liability.md")
    unsettled = serializers.DecimalField(14, 2, allow_null=True, default=None)
    lender = serializers.ChoiceField(CHAIN_ROLES, default="", allow_blank=True)
    last_working_day = serializers.DateField(allow_null=True, default=None)
    names = serializers.DictField(child=serializers.CharField(max_length=120), default=dict, help_text=f"By role: {', '.join(FOUND_LATER)}")

    def validate_names(self, names: dict[str, str]) -> dict[str, str]:
        if unknown := names.keys() - set(FOUND_LATER):
            raise serializers.ValidationError(f"{', '.join(sorted(unknown))}: only {', '.join(FOUND_LATER)}")
        return names


def door_out(door: Door) -> dict[str, Any]:
    road = door.road
    return {
        "id": road.id, "name": road.name, "kind": road.kind, "is_open": door.is_open, "days": road.days, "cost": road.cost,
        "act": road.act, "citation": road.citation(), "verified": road.verified,
        "shut": [trap_out(trap) for trap in door.shut], "warnings": [trap_out(trap) for trap in door.warnings],
    }  # fmt: skip


def trap_out(trap: Any) -> dict[str, Any]:
    return {"id": trap.id, "why": trap.why, "citation": trap.citation(), "verified": trap.verified}


def situation_out(claim: Claim, day: date) -> dict[str, Any]:
    facts, kept = facts_of(claim, day), situation_of(claim)
    found = doors(facts)
    return {
        "claim": str(claim.pk), "said": list(kept.said), "holds": sorted(facts.said),
        "unsettled": str(kept.unsettled) if kept.unsettled is not None else None, "lender": kept.lender,
        "last_working_day": claim.last_working_day, "owed": str(facts.owed), "liable": payers_of(facts),
        "roads": [door_out(door) for door in (*found.open, *found.beside, *found.shut)],
    }  # fmt: skip


class SituationViewSet(GenericViewSet):
    """By the claim's id."""

    queryset = Claim.objects.none()
    serializer_class = FactsIn
    filterset_class = None
    pagination_class = None

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def retrieve(self, request: Request, pk: str) -> Response:
        claim = get_visible(rows(), request.user, today(), pk=pk)
        log_access(request.user, "read", "claim", claim.pk, now=timezone.now(), region_code=claim.region_id)
        return Response(situation_out(claim, today()))

    @extend_schema(request=FactsIn, responses={200: OpenApiTypes.OBJECT, 409: Refusal})
    def update(self, request: Request, pk: str) -> Response:
        claim, facts = get_visible(rows(), request.user, today(), pk=pk), FactsIn(data=request.data)
        facts.is_valid(raise_exception=True)
        what = dict(facts.validated_data)
        said = Said(ticks=what.pop("said"), **{**what, "last_working_day": what["last_working_day"] or claim.last_working_day})
        state_facts(claim, request.user, said, now=timezone.now())
        return Response(situation_out(rows().get(pk=claim.pk), today()))


class InterruptionIn(serializers.Serializer):
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(INTERRUPTIONS)
    happened_on = serializers.DateField()
    proof = serializers.CharField(max_length=300, default="", allow_blank=True)
    evidence = serializers.UUIDField(allow_null=True, default=None)


class WithdrawIn(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class InterruptionOut(serializers.ModelSerializer):
    class Meta:
        model = Interruption
        fields = ["id", "claim", "kind", "happened_on", "proof", "evidence", "recorded_at", "withdrawn_at", "withdrawn_because"]


class InterruptionFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")


def of_claim(request: Request, asked: serializers.Serializer) -> tuple[Claim, dict[str, Any]]:
    """The claim that is meant, and the rest of what was said with the paper it names. Raises Http404."""
    asked.is_valid(raise_exception=True)
    said = dict(asked.validated_data)
    claim = get_visible(Claim, request.user, today(), pk=said.pop("claim"))
    if said["evidence"]:
        said["evidence"] = get_visible(claim.evidence.all(), request.user, today(), pk=said["evidence"])
    return claim, said


class InterruptionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Interruption.objects.select_related("claim")
    serializer_class = InterruptionOut
    filterset_class = InterruptionFilter

    @extend_schema(request=InterruptionIn, responses={201: InterruptionOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        claim, said = of_claim(request, InterruptionIn(data=request.data))
        row = interrupt(claim, request.user, now=timezone.now(), **said)
        return Response(InterruptionOut(row).data, status=201)

    @extend_schema(request=WithdrawIn, responses={200: InterruptionOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def withdraw(self, request: Request, pk: str) -> Response:
        said, row = WithdrawIn(data=request.data), self.get_object()
        said.is_valid(raise_exception=True)
        withdraw(row, request.user, now=timezone.now(), reason=said.validated_data["reason"])
        row.refresh_from_db()
        return Response(InterruptionOut(row).data)
