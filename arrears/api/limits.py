"""/api/v1/limit-entries/: what makes the year for arbitration stand still, and from when the general limit runs. The same
verbs as the pages."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.situation import InterruptionFilter, WithdrawIn, of_claim
from arrears.api.views import Refusal, Visible
from arrears.limitation.entries import clear, enter, withdraw_entry
from arrears.limitation.limits import ENTRIES
from arrears.models import LimitEntry


class LimitEntryIn(serializers.Serializer):
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(ENTRIES)
    starts_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True, default=None, help_text="Of an obstacle: the first day that counts again")
    proof = serializers.CharField(max_length=300, default="", allow_blank=True)
    evidence = serializers.UUIDField(allow_null=True, default=None)


class ClearIn(serializers.Serializer):
    ended_on = serializers.DateField()


class LimitEntryOut(serializers.ModelSerializer):
    class Meta:
        model = LimitEntry
        fields = ["id", "claim", "kind", "starts_on", "ended_on", "proof", "evidence", "recorded_at", "withdrawn_at", "withdrawn_because"]


class LimitEntryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = LimitEntry.objects.select_related("claim")
    serializer_class = LimitEntryOut
    filterset_class = InterruptionFilter

    @extend_schema(request=LimitEntryIn, responses={201: LimitEntryOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        claim, said = of_claim(request, LimitEntryIn(data=request.data))
        return Response(LimitEntryOut(enter(claim, request.user, now=timezone.now(), **said)).data, status=201)

    @extend_schema(request=ClearIn, responses={200: LimitEntryOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def clear(self, request: Request, pk: str) -> Response:
        said, row = ClearIn(data=request.data), self.get_object()
        said.is_valid(raise_exception=True)
        return Response(LimitEntryOut(clear(row, request.user, now=timezone.now(), **said.validated_data)).data)

    @extend_schema(request=WithdrawIn, responses={200: LimitEntryOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def withdraw(self, request: Request, pk: str) -> Response:
        said, row = WithdrawIn(data=request.data), self.get_object()
        said.is_valid(raise_exception=True)
        return Response(LimitEntryOut(withdraw_entry(row, request.user, now=timezone.now(), **said.validated_data)).data)
