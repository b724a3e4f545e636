"""/api/v1/marks/: what parties think of mediations, for those who lead and did not mediate; and writing down what a party says."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal, Visible, today
from arrears.lifecycle import SUPERVISORS
from arrears.models import Claimant, Respondent
from grid.paging import Order
from grid.roles import AUDITOR
from mediation.marks import verbs
from mediation.marks.seats import readable_by
from mediation.models import Mark, Mediation
from mediation.models.marks import MARK_WAYS

READERS = frozenset({*SUPERVISORS, AUDITOR})
TAKEN_WAYS = [row for row in MARK_WAYS if row[0] in verbs.TAKEN]


class MarkOut(serializers.ModelSerializer):
    claim = serializers.UUIDField(source="mediation.claim_id")
    side = serializers.SerializerMethodField(help_text="worker or respondent")
    way = serializers.CharField(help_text="track, link, paper or phone")
    is_low = serializers.BooleanField(help_text="One or two stars now or before it was corrected")
    mediator_name = serializers.CharField(source="mediator.full_name", default=None, allow_null=True)
    looker_name = serializers.CharField(source="looker.full_name", default=None, allow_null=True)
    looked_by_name = serializers.CharField(source="looked_by.full_name", default=None, allow_null=True)

    class Meta:
        model = Mark
        fields = [
            "id", "mediation", "claim", "side", "stars", "lowest", "is_low", "text", "way", "said_on", "changed_at", "mediator_name", "due_on",
            "looker_name", "looked_by_name", "looked_at", "finding", "done",
        ]  # fmt: skip

    def get_side(self, mark: Mark) -> str:
        return "respondent" if mark.respondent_id else "worker"


class MediationMarkIn(serializers.Serializer):
    """What a party said by telephone or on paper; `party` is the id of a worker or of a respondent."""

    party = serializers.UUIDField()
    stars = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=verbs.LONGEST, allow_blank=True, default="")
    way = serializers.ChoiceField(choices=TAKEN_WAYS)


class MarkKept(serializers.Serializer):
    """Whoever writes it down is told nothing else of it."""

    id = serializers.UUIDField()


class MarkFoundIn(serializers.Serializer):
    finding = serializers.CharField(max_length=2000)
    done = serializers.CharField(max_length=2000)


class MarkFilter(filters.FilterSet):
    mediation = filters.UUIDFilter(field_name="mediation_id")
    mediator = filters.UUIDFilter(field_name="mediator_id")
    to_look = filters.BooleanFilter(method="waiting", label="Low ones that wait to be looked at")

    def waiting(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_look() if value else rows.exclude(pk__in=rows.to_look().values("pk"))


class MarkViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Mark.objects.select_related("mediation__claim", "mediation__mediator", "mediator", "looker", "looked_by")
    serializer_class = MarkOut
    filterset_class = MarkFilter
    order = Order("said_on", is_descending=True)

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        if not READERS & self.request.user.scope(today()).roles:
            return rows.none()
        return rows.filter(pk__in=readable_by(self.request.user, today()).values("pk"))

    @extend_schema(request=MarkFoundIn, responses={200: MarkOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def look(self, request: Request, pk: str) -> Response:
        asked = MarkFoundIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(MarkOut(verbs.look(self.get_object(), request.user, now=timezone.now(), **asked.validated_data)).data)


class Marked:
    """Of the view set of mediations."""

    @extend_schema(request=MediationMarkIn, responses={201: MarkKept, 404: None, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def marks(self, request: Request, pk: str) -> Response:
        mediation: Mediation = self.get_object()
        asked = MediationMarkIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        made = verbs.say(mediation, party_of(mediation, said.pop("party")), **said, now=timezone.now(), person=request.user)
        return Response(MarkKept(made).data, status=status.HTTP_201_CREATED)


def party_of(mediation: Mediation, pk: Any) -> Claimant | Respondent:
    worker = Claimant.objects.filter(pk=pk, claim=mediation.claim_id).first()
    return worker or get_object_or_404(Respondent, pk=pk, claim=mediation.claim_id)
