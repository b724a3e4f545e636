"""/api/v1/reports/: what people reported from outside, and what becomes of it. The same verbs and scope as the inbox."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.rows import ClaimOut
from arrears.api.views import Refusal, Visible, today
from arrears.history import GIVEN
from arrears.models import Claim, Report, ReportFile
from arrears.models.reports import STATES, WORK_KINDS
from arrears.reports import deciding
from arrears.sources import promised
from grid.access import log_access
from grid.models import Region
from grid.paging import Order
from grid.scope import get_visible

REPORT_ROW = [
    "id", "public_number", "state", "level", "region", "region_name", "kind", "channel", "source_name", "external_number",
    "employer", "site_name", "place", "amount", "people", "received_at", "received_on", "due_on", "answer_by", "claim", "decided_at",
]  # fmt: skip


class ReportedRow(serializers.ModelSerializer):
    region_name = serializers.CharField(source="region.full_name")
    source_name = serializers.CharField(source="source.name", default=None, allow_null=True)
    site_name = serializers.CharField(source="site.name", default="")

    class Meta:
        model = Report
        fields = REPORT_ROW


class ReportFileOut(serializers.ModelSerializer):
    class Meta:
        model = ReportFile
        fields = ["id", "title", "extension", "mime", "size", "sha256", "added_at", "scan"]


class ReportedOut(ReportedRow):
    """Phones leave the server masked; whoever has to call reads them on the page."""

    phone_masked = serializers.CharField()
    files = ReportFileOut(many=True)

    class Meta:
        model = Report
        fields = [*REPORT_ROW, "name", "phone_masked", "contact_rule", "reach", "reach_note", "story", "reason", "files"]


class ReportFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=STATES)
    kind = filters.ChoiceFilter(choices=WORK_KINDS)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")
    number = filters.CharFilter(field_name="public_number")


class DeclineIn(serializers.Serializer):
    reason = serializers.CharField(max_length=1000, help_text="Whoever reported reads it as it stands")


class SourceAnswerIn(serializers.Serializer):
    text = serializers.CharField(max_length=1000, help_text="The other office reads it as it stands")
    given = serializers.ChoiceField(GIVEN, required=False, help_text="How the office was told; required where its source is told nothing by the system")


class JoinIn(serializers.Serializer):
    claim = serializers.UUIDField()


class RouteIn(serializers.Serializer):
    region = serializers.PrimaryKeyRelatedField(queryset=Region.objects.current(), help_text="A township of the city")


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Report.objects.for_list()
    filterset_class = ReportFilter
    order = Order("received_at", is_descending=True)

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return ReportedRow if self.action == "list" else ReportedOut

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        report = self.get_object()
        log_access(request.user, "read", "report", report.pk, now=timezone.now(), region_code=report.region_id)
        return Response(ReportedOut(report).data)

    @extend_schema(request=None, responses={201: ClaimOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def accept(self, request: Request, pk: str) -> Response:
        """Logs the claim with everything that was told, under the number the worker has."""
        claim = deciding.accept(self.get_object(), request.user, now=timezone.now())
        return Response(ClaimOut(claim).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=JoinIn, responses={200: ReportedOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def join(self, request: Request, pk: str) -> Response:
        """The same matter as an open claim in the caller's sight."""
        report, said = self.get_object(), read(JoinIn, request)
        deciding.join(report, request.user, now=timezone.now(), claim=get_visible(Claim, request.user, today(), pk=said["claim"]))
        return self.answer(report)

    @extend_schema(request=DeclineIn, responses={200: ReportedOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def decline(self, request: Request, pk: str) -> Response:
        report, said = self.get_object(), read(DeclineIn, request)
        deciding.decline(report, request.user, now=timezone.now(), **said)
        return self.answer(report)

    @extend_schema(request=RouteIn, responses={200: ReportedOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def route(self, request: Request, pk: str) -> Response:
        """To the township it belongs to; its day stays."""
        report, said = self.get_object(), read(RouteIn, request)
        deciding.route(report, request.user, now=timezone.now(), **said)
        return self.answer(report)

    @extend_schema(request=SourceAnswerIn, responses={200: ReportedOut, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="answer", pagination_class=None, filterset_class=None)
    def answer_source(self, request: Request, pk: str) -> Response:
        """Tells the office the work order came from what came out so far; its own day is met by that."""
        report, said = self.get_object(), read(SourceAnswerIn, request)
        promised.answer(report, request.user, now=timezone.now(), **said)
        return self.answer(report)

    def answer(self, report: Report) -> Response:
        return Response(ReportedOut(Report.objects.for_list().get(pk=report.pk)).data)


def read(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    said = shape(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)
