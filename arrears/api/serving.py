"""/api/v1/services/: papers to serve, what was tried, and what came of it. The same verbs and scope as the pages."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.reports import read
from arrears.api.views import OfClaim, Refusal, Visible, today
from arrears.models import Attempt, Claim, Paper, Proof, Service
from arrears.serving import verbs
from arrears.serving.clock import tried
from arrears.serving.lawful import next_way, open_ways
from arrears.serving.table import FILES, METHODS, SERVED
from grid.access import log_access
from grid.api_fields import Instant
from grid.models import Person
from grid.paging import Order
from grid.scope import get_visible

SERVICE_ROW = [
    "id", "claim", "paper", "what", "title", "made_on", "respondent", "claimant", "receiver", "server", "state", "level", "serve_by", "due_on", "method",
    "deemed_on", "note",
]  # fmt: skip
METHOD_HELP = f"One of {', '.join(METHODS)}, as the table of ways has it"


class ProofOut(serializers.ModelSerializer):
    sha256 = serializers.CharField(source="evidence.sha256")
    kind = serializers.CharField(help_text=", ".join(FILES))

    class Meta:
        model = Proof
        fields = ["kind", "evidence", "sha256"]


class AttemptOut(serializers.ModelSerializer):
    state = serializers.CharField(help_text="sent, served, failed or overtaken")
    reason = serializers.CharField(help_text="Why it failed")
    proofs = ProofOut(many=True)

    class Meta:
        model = Attempt
        fields = [
            "id", "method", "state", "on", "at", "place", "received_by", "witness", "tracking", "unit", "system_at", "published_in", "note", "reason",
            "check_on", "deemed_on", "by", "recorded_at", "settled_at", "proofs",
        ]  # fmt: skip


class ServiceRow(serializers.ModelSerializer):
    receiver = serializers.CharField()
    state = serializers.CharField(help_text="waiting, served or dropped")

    class Meta:
        model = Service
        fields = SERVICE_ROW


class ServiceOut(ServiceRow):
    attempts = AttemptOut(many=True)
    open_ways = serializers.SerializerMethodField(help_text="Ways the law leaves open now")
    next_way = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = [*SERVICE_ROW, "e_address", "is_fled", "is_held", "attempts", "open_ways", "next_way"]

    def get_open_ways(self, service: Service) -> list[str]:
        return [way.id for way in open_ways(tried(service))] if service.is_waiting else []

    def get_next_way(self, service: Service) -> str:
        return next_way(tried(service)).id if service.is_waiting else ""


class ServeIn(serializers.Serializer):
    claim = serializers.UUIDField()
    what = serializers.CharField(max_length=12, help_text=f"One of {', '.join(SERVED)}")
    title = serializers.CharField(max_length=120)
    made_on = serializers.DateField()
    respondent = serializers.UUIDField(required=False, allow_null=True, default=None)
    claimant = serializers.UUIDField(required=False, allow_null=True, default=None)
    serve_by = serializers.DateField(required=False, allow_null=True, default=None)
    server = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Who serves it; you, if left out")
    paper = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="The paper of this claim that was issued here")


def words(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, default="", allow_blank=True)


class SaidIn(serializers.Serializer):
    on = serializers.DateField()
    reason = words(10)
    note = words(500)
    received_by = words(60)
    witness = words(60)
    system_at = Instant(required=False, allow_null=True, default=None)
    receipt = serializers.ListField(child=serializers.FileField(), required=False, default=list)
    recording = serializers.ListField(child=serializers.FileField(), required=False, default=list)
    screenshot = serializers.ListField(child=serializers.FileField(), required=False, default=list)
    return_slip = serializers.ListField(child=serializers.FileField(), required=False, default=list)
    publication = serializers.ListField(child=serializers.FileField(), required=False, default=list)


class TryIn(SaidIn):
    method = serializers.CharField(max_length=12, help_text=METHOD_HELP)
    at = serializers.TimeField(required=False, allow_null=True, default=None)
    place = words(200)
    tracking = words(40)
    unit = words(120)
    published_in = words(120)


class ResultIn(SaidIn):
    attempt = serializers.UUIDField()


class MarkIn(serializers.Serializer):
    as_what = serializers.CharField(max_length=4, help_text="fled or held")
    note = serializers.CharField(max_length=500)

    def validate_as_what(self, value: str) -> str:
        if value not in ("fled", "held"):
            raise serializers.ValidationError("fled or held")
        return value


class AgreedIn(serializers.Serializer):
    address = serializers.CharField(max_length=120)
    paper = serializers.FileField()


class NoMoreIn(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class ServiceFilter(OfClaim):
    state = filters.CharFilter()
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class ServiceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Service.objects.for_list().prefetch_related("attempts__proofs__evidence")
    filterset_class = ServiceFilter
    order = Order("due_on")

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return ServiceRow if self.action == "list" else ServiceOut

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        service = self.get_object()
        log_access(request.user, "read", "claim", service.claim_id, now=timezone.now(), region_code=service.region_id)
        return Response(ServiceOut(service).data)

    @extend_schema(request=ServeIn, responses={201: ServiceOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        said = read(ServeIn, request)
        claim = get_visible(Claim, request.user, today(), pk=said.pop("claim"))
        respondent, claimant, server, paper = (said.pop(name) for name in ("respondent", "claimant", "server", "paper"))
        made = verbs.issue(
            claim, request.user, now=timezone.now(), respondent=claim.respondents.filter(pk=respondent).first() if respondent else None,
            claimant=claim.claimants.filter(pk=claimant).first() if claimant else None,
            server=Person.objects.filter(pk=server).first() if server else None,
            paper=get_visible(Paper, request.user, today(), pk=paper) if paper else None, **said,
        )  # fmt: skip
        return Response(self.now(made), status=201)

    @extend_schema(request={"multipart/form-data": TryIn, "application/json": TryIn}, responses={201: ServiceOut, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="attempts", pagination_class=None, filterset_class=None)
    def try_it(self, request: Request, pk: str) -> Response:
        """One attempt, with its proof as files; with `reason`, one that failed."""
        service, said = self.get_object(), read(TryIn, request)
        method, reason = said.pop("method"), said.pop("reason")
        verbs.attempt(service, request.user, now=timezone.now(), method=method, reason=reason, said=said_of(said))
        return Response(self.now(service), status=201)

    @extend_schema(request={"multipart/form-data": ResultIn, "application/json": ResultIn}, responses={200: ServiceOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def settle(self, request: Request, pk: str) -> Response:
        """What came of one that was sent."""
        service, said = self.get_object(), read(ResultIn, request)
        made = service.attempts.filter(pk=said.pop("attempt")).first()
        if made is None:
            raise serializers.ValidationError({"attempt": "not of this service"})
        made.service = service
        verbs.settle(made, request.user, now=timezone.now(), reason=said.pop("reason"), said=said_of(said))
        return Response(self.now(service))

    @extend_schema(request={"multipart/form-data": AgreedIn}, responses={200: ServiceOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def consent(self, request: Request, pk: str) -> Response:
        service = self.get_object()
        verbs.consent(service, request.user, now=timezone.now(), **read(AgreedIn, request))
        return Response(self.now(service))

    @extend_schema(request=MarkIn, responses={200: ServiceOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def mark(self, request: Request, pk: str) -> Response:
        """That the receiver cannot be found, or is a soldier or a prisoner."""
        service = self.get_object()
        verbs.mark(service, request.user, now=timezone.now(), **read(MarkIn, request))
        return Response(self.now(service))

    @extend_schema(request=NoMoreIn, responses={200: ServiceOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def drop(self, request: Request, pk: str) -> Response:
        service = self.get_object()
        verbs.drop(service, request.user, now=timezone.now(), **read(NoMoreIn, request))
        return Response(self.now(service))

    def now(self, service: Service) -> Any:
        return ServiceOut(self.queryset.all().get(pk=service.pk)).data


def said_of(said: dict[str, Any]) -> verbs.Said:
    files = {name: said.pop(name) for name in FILES}
    return verbs.Said(**{name: value for name, value in said.items() if value is not None}, files=files)
