"""/api/v1/extensions/: more time for a clock, asked for, granted or refused. The same verbs as the pages."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal, Visible, today
from arrears.models import Extension
from arrears.timing import extending
from arrears.timing.clock_page import ClockPage
from arrears.timing.extension_permits import is_recorded
from grid.scope import get_visible


class ExtensionIn(serializers.Serializer):
    clock = serializers.UUIDField()
    length = serializers.IntegerField(min_value=1, help_text="In the unit of the clock's rule")
    reason = serializers.CharField(max_length=4000, help_text="Or the paper's number, if the rule is extended outside the grid")


class DecisionIn(serializers.Serializer):
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ExtensionOut(serializers.ModelSerializer):
    rule = serializers.CharField(source="clock.rule_id")
    asked_by_name = serializers.CharField(source="asked_by.full_name")
    decided_by_name = serializers.CharField(source="decided_by.full_name", default=None, allow_null=True)

    class Meta:
        model = Extension
        fields = [
            "id", "claim", "clock", "rule", "length", "reason", "state", "asked_by_name", "asked_at", "decided_by_name",
            "decided_at", "decision_note",
        ]  # fmt: skip


class ExtensionFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")
    clock = filters.UUIDFilter(field_name="clock_id")
    state = filters.ChoiceFilter(choices=Extension.STATES)


class ExtensionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Extension.objects.select_related("claim", "clock", "asked_by", "decided_by")
    serializer_class = ExtensionOut
    filterset_class = ExtensionFilter

    @extend_schema(request=ExtensionIn, responses={201: ExtensionOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        asked = ExtensionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what: dict[str, Any] = dict(asked.validated_data)
        clock = get_visible(ClockPage.rows(), request.user, today(), pk=what["clock"])
        verb = extending.record_granted if is_recorded(clock) else extending.ask
        extension = verb(clock, request.user, timezone.now(), what["length"], what["reason"])
        return Response(ExtensionOut(extension).data, status=201)

    @extend_schema(request=DecisionIn, responses={200: ExtensionOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def grant(self, request: Request, pk: str) -> Response:
        return self.decide(extending.grant)

    @extend_schema(request=DecisionIn, responses={200: ExtensionOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def refuse(self, request: Request, pk: str) -> Response:
        return self.decide(extending.refuse)

    def decide(self, verb: Any) -> Response:
        said = DecisionIn(data=self.request.data)
        said.is_valid(raise_exception=True)
        extension = verb(self.get_object(), self.request.user, timezone.now(), said.validated_data["note"])
        return Response(ExtensionOut(extension).data)
