"""/api/v1/incidents/: gatherings and threats around a claim, and each report of them. The same verbs as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal, Visible, today
from arrears.incidents import verbs
from arrears.incidents.table import KINDS
from arrears.models import Claim, Incident, IncidentReport
from grid.api_fields import Instant
from grid.scope import get_visible


class IncidentReportIn(serializers.Serializer):
    people = serializers.IntegerField(min_value=0, max_value=100_000)
    steps = serializers.CharField(max_length=4000)
    mood = serializers.CharField(max_length=300, default="", allow_blank=True)
    media = serializers.CharField(max_length=300, default="", allow_blank=True)


class IncidentFollowIn(IncidentReportIn):
    has_ended = serializers.BooleanField(default=False, help_text="The final report is owed next")


class IncidentIn(IncidentReportIn):
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(KINDS)
    happened_at = Instant()
    place = serializers.CharField(max_length=200)
    demand = serializers.CharField(max_length=300, default="", allow_blank=True)


class IncidentReportOut(serializers.ModelSerializer):
    class Meta:
        model = IncidentReport
        fields = ["id", "kind", "people", "mood", "media", "steps", "due_at", "sent_at", "was_late", "told"]


class IncidentOut(serializers.ModelSerializer):
    claim_number = serializers.CharField(source="claim.number")
    next_report = serializers.SerializerMethodField(help_text="follow or final; null once the final one has gone")
    reports = IncidentReportOut(many=True)

    class Meta:
        model = Incident
        fields = [
            "id", "claim", "claim_number", "kind", "happened_at", "place", "demand", "opened_at", "ended_at", "next_report",
            "next_due_at", "reports",
        ]  # fmt: skip

    def get_next_report(self, incident: Incident) -> str | None:
        return incident.next_report if incident.is_open else None


class IncidentFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")
    kind = filters.ChoiceFilter(choices=KINDS)
    open = filters.BooleanFilter(field_name="next_due_at", lookup_expr="isnull", exclude=True)


class IncidentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset: QuerySet = Incident.objects.select_related("claim").prefetch_related("reports")
    serializer_class = IncidentOut
    filterset_class = IncidentFilter

    @extend_schema(request=IncidentIn, responses={201: IncidentOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        """The first report."""
        asked = IncidentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what: dict[str, Any] = dict(asked.validated_data)
        claim = get_visible(Claim, request.user, today(), pk=what.pop("claim"))
        incident = verbs.open_incident(claim, request.user, now=timezone.now(), **what)
        return Response(IncidentOut(incident).data, status=201)

    @extend_schema(request=IncidentFollowIn, responses={200: IncidentOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def follow(self, request: Request, pk: str) -> Response:
        return self.report(verbs.follow_up, IncidentFollowIn)

    @extend_schema(request=IncidentReportIn, responses={200: IncidentOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def finish(self, request: Request, pk: str) -> Response:
        return self.report(verbs.finish, IncidentReportIn)

    def report(self, verb: Any, shape: type[serializers.Serializer]) -> Response:
        said = shape(data=self.request.data)
        said.is_valid(raise_exception=True)
        verb(self.get_object(), self.request.user, now=timezone.now(), **said.validated_data)
        return Response(IncidentOut(self.get_object()).data)
