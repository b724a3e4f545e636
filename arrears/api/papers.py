"""/api/v1/owed-papers/: what workers promised to bring and employers were told to produce, and what became of it; /api/v1/
completions/: what is missing of a claim, and filling it in. The same verbs as the pages."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from arrears.api.views import Refusal, Visible, today
from arrears.completing.slots import Record, Slot
from arrears.completing.verbs import Word, complete
from arrears.forms.completing import field_of
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models import Claim, Owed
from arrears.owed import verbs
from arrears.owed.signing import sign_with
from arrears.owed.table import NOTICE, SIDES, STATES
from grid.access import log_access
from grid.scope import get_visible


class OwedIn(serializers.Serializer):
    """`employer` and no `claimant` for a notice; for a promise the other way round."""

    claim = serializers.UUIDField()
    side = serializers.ChoiceField(SIDES)
    paper = serializers.ChoiceField(EVIDENCE_KINDS)
    due_on = serializers.DateField()
    employer = serializers.CharField(max_length=120, default="", allow_blank=True, help_text="Of a notice: who has to produce it")
    claimant = serializers.UUIDField(allow_null=True, default=None, help_text="Of a promise: one worker of several")
    note = serializers.CharField(max_length=300, default="", allow_blank=True)


class OutcomeIn(serializers.Serializer):
    note = serializers.CharField(max_length=300, default="", allow_blank=True)


class MoreTimeIn(OutcomeIn):
    due_on = serializers.DateField()


class ScanIn(serializers.Serializer):
    scan = serializers.FileField()


class OwedOut(serializers.ModelSerializer):
    claimant_name = serializers.CharField(source="claimant.name", default=None, allow_null=True)
    signed_sha256 = serializers.CharField(source="signed.sha256", default=None, allow_null=True, help_text="Of the scan of the signed promise")

    class Meta:
        model = Owed
        fields = [
            "id", "claim", "side", "paper", "employer", "claimant", "claimant_name", "note", "due_on", "first_due_on", "state",
            "made_at", "settled_at", "outcome", "signed", "signed_sha256", "came_as",
        ]  # fmt: skip


class OwedFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")
    side = filters.ChoiceFilter(choices=SIDES)
    state = filters.MultipleChoiceFilter(choices=STATES)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class OwedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Owed.objects.select_related("claim", "claimant", "signed")
    serializer_class = OwedOut
    filterset_class = OwedFilter

    @extend_schema(request=OwedIn, responses={201: OwedOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        asked = OwedIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what = dict(asked.validated_data)
        claim = get_visible(Claim, request.user, today(), pk=what["claim"])
        said: dict[str, Any] = {name: what[name] for name in ("paper", "due_on", "note")}
        if what["side"] == NOTICE:
            row = verbs.notify(claim, person=request.user, now=timezone.now(), employer=what["employer"], **said)
        else:
            worker = claim.claimants.filter(pk=what["claimant"]).first() if what["claimant"] else None
            if what["claimant"] and worker is None:
                raise serializers.ValidationError({"claimant": "not of this claim"})
            row = verbs.promise(claim, person=request.user, now=timezone.now(), claimant=worker, **said)
        return Response(OwedOut(row).data, status=201)

    @extend_schema(request=OutcomeIn, responses={200: OwedOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def receive(self, request: Request, pk: str) -> Response:
        return self.settle(verbs.receive, OutcomeIn)

    @extend_schema(request=OutcomeIn, responses={200: OwedOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def refuse(self, request: Request, pk: str) -> Response:
        return self.settle(verbs.refuse, OutcomeIn)

    @extend_schema(request=OutcomeIn, responses={200: OwedOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def waive(self, request: Request, pk: str) -> Response:
        return self.settle(verbs.waive, OutcomeIn)

    @extend_schema(request=MoreTimeIn, responses={200: OwedOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def extend(self, request: Request, pk: str) -> Response:
        return self.settle(verbs.extend, MoreTimeIn)

    @extend_schema(request={"multipart/form-data": ScanIn}, responses={200: OwedOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def sign(self, request: Request, pk: str) -> Response:
        """The scan of the promise with the worker's name under it."""
        row, said = self.get_object(), ScanIn(data=request.data)
        said.is_valid(raise_exception=True)
        sign_with([row], said.validated_data["scan"], request.user, now=timezone.now())
        return Response(OwedOut(row).data)

    def settle(self, verb: Any, shape: type[serializers.Serializer]) -> Response:
        said = shape(data=self.request.data)
        said.is_valid(raise_exception=True)
        row = verb(self.get_object(), person=self.request.user, now=timezone.now(), **said.validated_data)
        return Response(OwedOut(row).data)


# What is missing of a claim


class WordIn(serializers.Serializer):
    field = serializers.CharField(max_length=40, help_text="As GET names it")
    row = serializers.UUIDField(allow_null=True, default=None, help_text="The worker, respondent or line; null: of the claim itself")
    value = serializers.CharField(max_length=10_000, help_text="As somebody would type it")


class CompletionIn(serializers.Serializer):
    words = WordIn(many=True, allow_empty=False)


def slot_out(slot: Slot) -> dict[str, Any]:
    """Which field of which row, and whether it is empty; never what stands in one that is secret."""
    return {"field": slot.field.name, "row": str(slot.pk) if slot.pk else None, "whose": slot.whose, "is_empty": slot.is_blank, "is_wanted": slot.field.is_wanted}


class CompletionViewSet(GenericViewSet):
    """By the claim's id."""

    queryset = Claim.objects.none()
    serializer_class = CompletionIn
    filterset_class = None
    pagination_class = None

    @extend_schema(responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter("worker", OpenApiTypes.UUID, description="One of many")])
    def retrieve(self, request: Request, pk: str) -> Response:
        record = Record(self.claim(pk), worker_of(request))
        log_access(request.user, "read", "claim", record.claim.pk, now=timezone.now(), region_code=record.claim.region_id)
        return Response({"claim": pk, "fields": [slot_out(slot) for slot in record.slots]})

    @extend_schema(request=CompletionIn, responses={200: OpenApiTypes.OBJECT, 409: Refusal})
    def update(self, request: Request, pk: str) -> Response:
        """Fills what is empty; corrects what is not. Says which fields were new."""
        said, claim = CompletionIn(data=request.data), self.claim(pk)
        said.is_valid(raise_exception=True)
        done = complete(claim, request.user, words_of(claim, said.validated_data["words"]), now=timezone.now())
        return Response({"claim": pk, "new": [{"field": word.name, "row": str(word.pk) if word.pk else None} for word in done]})

    def claim(self, pk: str) -> Claim:
        return get_visible(Claim.objects.select_related("site", "region").prefetch_related("respondents"), self.request.user, today(), pk=pk)


def worker_of(request: Request) -> UUID | None:
    asked = serializers.UUIDField(allow_null=True).run_validation(request.query_params.get("worker"))
    return UUID(str(asked)) if asked else None


def words_of(claim: Claim, said: list[dict[str, Any]]) -> list[Word]:
    """Each read as the page reads it; of many workers those that are meant."""
    meant = {one["row"] for one in said if one["field"].startswith("worker_")}
    records = [Record(claim), *(Record(claim, worker) for worker in meant)]
    known: dict[tuple[str, UUID | None], Slot] = {(slot.field.name, slot.pk): slot for record in records for slot in record.slots}
    words, wrong = [], {}
    for one in said:
        slot = known.get((one["field"], one["row"]))
        try:
            if slot is None:
                raise ValidationError("There is no such field in this claim.")
            words.append(Word(slot.field.name, slot.pk, field_of(slot, today()).clean(one["value"]), slot.value))
        except ValidationError as error:
            wrong[one["field"]] = error.messages
    if wrong:
        raise serializers.ValidationError(wrong)
    return words
