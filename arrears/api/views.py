"""/api/v1/: claims, moves, clocks, events, referrals. The same verbs, filters and scope as the pages."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears import casework, referrals
from arrears.api.facts import ClaimantIn, ClaimIn, answers_to, claim_fields
from arrears.api.paging import Keyset
from arrears.api.rows import (
    ClaimOut,
    ClaimRow,
    ClockOut,
    EventOut,
    MoveOut,
    NudgeOut,
    ReferralOut,
    SupplementOut,
    WorkerOut,
)
from arrears.api.sums import ClaimSums
from arrears.duplicates.joining import join
from arrears.duplicates.judging import tell_apart
from arrears.filters import NEWEST, ORDERS, ClaimFilter
from arrears.groups import representing, splitting
from arrears.groups.law import SCOPES
from arrears.intake import register
from arrears.lifecycle import CLAIM, REFERRAL, REFERRAL_KINDS
from arrears.models import Claim, Clock, Event, Referral
from arrears.moves import Lifecycle, Move
from arrears.partners import supplements
from arrears.partners.disputes import moves_offered
from arrears.permits import moves_for
from arrears.referral_page import ReferralPage
from arrears.referrals import competent_bodies
from arrears.supervision import nudges
from grid.access import log_access
from grid.api import Refusal
from grid.days import day_of
from grid.models import Body, Person
from grid.paging import Order
from grid.refused import Refused
from grid.scope import get_visible


def today() -> date:
    return day_of(timezone.now())


class Visible(viewsets.GenericViewSet):
    """Only rows in the caller's scope exist; the rest is 404."""

    pagination_class = Keyset
    order = Order("id", is_descending=True)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.all().visible_to(self.request.user, today())


def find_or_404(table: Lifecycle, name: str) -> Move:
    move = table.find(name)
    if move is None or not move.sources:
        raise Http404
    return move


MOVE_ANSWERS = extend_schema(
    request=OpenApiTypes.OBJECT,
    responses={200: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT, 409: Refusal},
    description="Makes a move. GET …/moves/ lists what the caller can do now and what each move asks for.",
)


class NudgeIn(serializers.Serializer):
    text = serializers.CharField(max_length=300, default="", allow_blank=True)


class ApartIn(serializers.Serializer):
    other = serializers.CharField(help_text="Number of the other claim")
    reason = serializers.CharField(max_length=300)


class AddWorkersIn(serializers.Serializer):
    claimants = ClaimantIn(many=True, allow_empty=False)
    last_working_day = serializers.DateField(required=False, allow_null=True, default=None)


class ChooseIn(serializers.Serializer):
    claimants = serializers.ListField(child=serializers.UUIDField(), max_length=100, help_text="All who represent; nobody else does")
    chosen_on = serializers.DateField()
    reason = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True, help_text="Why there are fewer than three")


class AuthoriseIn(serializers.Serializer):
    representative = serializers.UUIDField()
    claimants = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=2000)
    scope = serializers.ChoiceField(SCOPES)
    given_on = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True, default=None, help_text="The last day it holds; null: until it is ended")
    paper = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Evidence of the claim")


class SplitIn(serializers.Serializer):
    claimants = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=2000)
    reason = serializers.CharField(max_length=4000)


class ClaimViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ClaimSums, Visible):
    queryset = Claim.objects.for_list()
    filterset_class = ClaimFilter

    @property
    def order(self) -> Order:
        return ORDERS.get(self.request.query_params.get("sort", ""), ORDERS[NEWEST])

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return ClaimRow if self.action == "list" else ClaimOut

    def get_queryset(self) -> QuerySet:
        if self.action != "retrieve":
            return super().get_queryset()
        whole = Claim.objects.select_related("region", "handler", "site", "merged_into", "split_from", "part_of").prefetch_related(
            "respondents", "evidence__redacted", "payments", "clocks"
        )
        return whole.visible_to(self.request.user, today())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        claim = self.get_object()
        log_access(request.user, "read", "claim", claim.pk, now=timezone.now(), region_code=claim.region_id)
        return Response(ClaimOut(claim, context={"person": request.user, "today": today()}).data)

    @extend_schema(
        request=ClaimIn,
        responses={201: ClaimOut, 409: Refusal},
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="Same key, same claim")],
    )
    def create(self, request: Request) -> Response:
        facts = ClaimIn(data=request.data, context={"today": today()})
        facts.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")[:40]
        claim = register(facts.facts(f"api:{request.user.pk}:{key}"[:80] if key else None), request.user, now=timezone.now())
        return Response(ClaimOut(claim).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=MoveOut(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def moves(self, request: Request, pk: str) -> Response:
        return Response(MoveOut(moves_for(self.get_object(), request.user, today()), many=True).data)

    @MOVE_ANSWERS
    @action(detail=True, methods=["post"], url_path=r"moves/(?P<name>[a-z_]+)")
    def make_move(self, request: Request, pk: str, name: str) -> Response:
        claim, move = self.get_object(), find_or_404(CLAIM, name)
        if move.is_own_page:
            raise Refused("own_address", _("这项操作有自己的接口，不能在此提交。"))
        answers = answers_to(move, request.data, claim_fields(claim, request.user, today()))
        casework.advance(claim, name, request.user, now=timezone.now(), **answers)
        return Response(ClaimOut(Claim.objects.get(pk=claim.pk)).data)

    @extend_schema(request=NudgeIn, responses={201: NudgeOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def nudge(self, request: Request, pk: str) -> Response:
        said = NudgeIn(data=request.data)
        said.is_valid(raise_exception=True)
        nudged = nudges.nudge(self.get_object(), request.user, now=timezone.now(), **said.validated_data)
        return Response(NudgeOut(nudged).data, status=status.HTTP_201_CREATED)


    @extend_schema(request=ApartIn, responses={200: ClaimOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def apart(self, request: Request, pk: str) -> Response:
        """Not a duplicate of the other claim; the pair is not offered again."""
        claim, said = self.get_object(), ApartIn(data=request.data)
        said.is_valid(raise_exception=True)
        other = get_visible(Claim, request.user, today(), number=said.validated_data["other"])
        tell_apart(claim, other, request.user, said.validated_data["reason"], now=timezone.now())
        return Response(ClaimOut(claim).data)

    @extend_schema(request=AddWorkersIn, responses={201: ClaimOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def workers(self, request: Request, pk: str) -> Response:
        """More workers of the same matter. Somebody who stands there already is not added twice."""
        claim, said = self.get_object(), AddWorkersIn(data=request.data, context={"today": today()})
        said.is_valid(raise_exception=True)
        what = said.validated_data
        joined = join(claim, what["claimants"], request.user, now=timezone.now(), last_working_day=what["last_working_day"])
        return Response(ClaimOut(joined).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=WorkerOut(many=True))
    @workers.mapping.get
    def list_workers(self, request: Request, pk: str) -> Response:
        """All workers with their lines, so many at a time: `size`, `after`, `before` as in every list."""
        pages = Keyset()
        found = pages.in_order(self.get_object().claimants.prefetch_related("lines"), request, Order("id"))
        return pages.get_paginated_response(WorkerOut(found, many=True).data)

    @extend_schema(request=ChooseIn, responses={200: ClaimOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def representatives(self, request: Request, pk: str) -> Response:
        claim, said = self.get_object(), ChooseIn(data=request.data)
        said.is_valid(raise_exception=True)
        representing.choose(claim, request.user, now=timezone.now(), **said.validated_data)
        return Response(ClaimOut(claim).data)

    @extend_schema(request=AuthoriseIn, responses={200: ClaimOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def authority(self, request: Request, pk: str) -> Response:
        claim, said = self.get_object(), AuthoriseIn(data=request.data)
        said.is_valid(raise_exception=True)
        what = dict(said.validated_data)
        paper = get_object_or_404(claim.evidence, pk=what["paper"]) if what["paper"] else None
        del what["paper"]
        representing.authorise(claim, request.user, now=timezone.now(), paper=paper, **what)
        return Response(ClaimOut(claim).data)

    @extend_schema(request=SplitIn, responses={201: ClaimOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def split(self, request: Request, pk: str) -> Response:
        claim, said = self.get_object(), SplitIn(data=request.data)
        said.is_valid(raise_exception=True)
        new = splitting.split(claim, request.user, now=timezone.now(), **said.validated_data)
        return Response(ClaimOut(new).data, status=status.HTTP_201_CREATED)


class OfClaim(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")


class ClockFilter(OfClaim):
    rule = filters.CharFilter(field_name="rule_id")
    running = filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class EventFilter(OfClaim):
    kind = filters.CharFilter()


class ReferralFilter(OfClaim):
    state = filters.MultipleChoiceFilter(choices=REFERRAL.choices)
    kind = filters.ChoiceFilter(choices=REFERRAL_KINDS)


class ClockViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Clock.objects.all()
    serializer_class = ClockOut
    filterset_class = ClockFilter
    order = Order("due_on")


class EventViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Event.objects.select_related("actor")
    serializer_class = EventOut
    filterset_class = EventFilter


class ReferralIn(serializers.Serializer):
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(REFERRAL_KINDS)
    body = serializers.PrimaryKeyRelatedField(queryset=Body.objects.filter(is_active=True))
    summary = serializers.CharField(max_length=10_000)
    evidence = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=200)


class SupplementIn(serializers.Serializer):
    note = serializers.CharField(max_length=4000, allow_blank=True, default="")
    evidence = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=200)
    with_facts = serializers.BooleanField(default=True)
    packets = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=20, help_text="Made before the referral, covered and marked")


class ReferralViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Referral.objects.for_list()
    serializer_class = ReferralOut
    filterset_class = ReferralFilter

    @extend_schema(request=ReferralIn, responses={201: ReferralOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        facts = ReferralIn(data=request.data)
        facts.is_valid(raise_exception=True)
        what = dict(facts.validated_data)
        claim = get_visible(Claim, request.user, today(), pk=what.pop("claim"))
        what["evidence"] = claim.evidence.filter(pk__in=what["evidence"])
        referral = referrals.refer(claim, request.user, now=timezone.now(), **what)
        return Response(self.get_serializer(referral).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter("page", int)])
    @action(detail=True, pagination_class=None, filterset_class=None)
    def people(self, request: Request, pk: str) -> Response:
        """The workers the body was shown with their lines, a page at a time."""
        referral: Referral = self.get_object()
        page = ReferralPage(referral, request.user, today(), request.query_params.get("page", ""))
        people = {"claimants": page.claimants, "lines": page.shared.people.get("lines", [])}
        return Response({"page": page.number, "pages": page.last, **people})

    @extend_schema(responses=MoveOut(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def moves(self, request: Request, pk: str) -> Response:
        return Response(MoveOut(moves_offered(self.get_object(), request.user, today()), many=True).data)

    @extend_schema(request=SupplementIn, responses={201: SupplementOut, 409: Refusal}, methods=["POST"])
    @extend_schema(responses=SupplementOut(many=True), methods=["GET"])
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def supplements(self, request: Request, pk: str) -> Response:
        """What was sent after the referral; POST sends the next one, which answers a request for more papers."""
        referral: Referral = self.get_object()
        if request.method == "GET":
            rows = referral.supplements.all()
            return Response(SupplementOut(rows, many=True, context={**self.get_serializer_context(), "referral": referral}).data)
        facts = SupplementIn(data=request.data)
        facts.is_valid(raise_exception=True)
        what = dict(facts.validated_data)
        what["evidence"] = referral.claim.evidence.filter(pk__in=what["evidence"])
        what["packets"] = referral.claim.packets.filter(pk__in=what["packets"])
        row = supplements.send(referral, request.user, now=timezone.now(), **what)
        return Response(SupplementOut(row, context={**self.get_serializer_context(), "referral": referral}).data, status=status.HTTP_201_CREATED)

    @MOVE_ANSWERS
    @action(detail=True, methods=["post"], url_path=r"moves/(?P<name>[a-z_]+)")
    def make_move(self, request: Request, pk: str, name: str) -> Response:
        referral: Referral = self.get_object()
        person: Person = request.user
        move = find_or_404(REFERRAL, name)
        if move.is_own_page:
            raise Refused("use_supplements", _("补充材料请用 /referrals/ID/supplements/ 发送。"))
        bodies = competent_bodies(referral.claim, referral.kind)
        answers = answers_to(move, request.data, {"body": lambda ask: serializers.PrimaryKeyRelatedField(queryset=bodies)})
        return Response(self.get_serializer(referrals.advance(referral, name, person, now=timezone.now(), **answers)).data)
