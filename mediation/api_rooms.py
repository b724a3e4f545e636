"""/api/v1/rooms/, closed-times/, mediators/: what an office sets for its hearings. The same verbs as the pages. What somebody
changes names the `version` they saw; another one is 409."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.paging import Keyset
from arrears.api.views import Refusal, today
from grid.api_fields import Instant
from grid.api_people import answered
from grid.models import Region
from grid.paging import Order
from mediation import hearing_days, panel, rooms
from mediation.api import HearingOut
from mediation.models import Blackout, MediatorTerms, Room
from mediation.slots.kinds import BOOKED, EQUIPMENT, LANGUAGES


class RoomOut(serializers.ModelSerializer):
    may_change = serializers.SerializerMethodField()

    class Meta:
        model = Room
        fields = ["id", "name", "region", "medium", "address", "link", "capacity", "is_step_free", "equipment", "is_active", "version", "may_change"]

    def get_may_change(self, room: Room) -> bool:
        return hearing_days.may_set(self.context["request"].user, room.region_id, today())


class RoomFacts(serializers.Serializer):
    name = serializers.CharField(max_length=60)
    medium = serializers.ChoiceField(BOOKED, default="place")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    link = serializers.URLField(max_length=300, required=False, allow_blank=True, default="", help_text="Of a meeting online")
    capacity = serializers.IntegerField(min_value=0, max_value=1000, default=10)
    is_step_free = serializers.BooleanField(default=False)
    equipment = serializers.ListField(child=serializers.ChoiceField(EQUIPMENT), default=list)
    is_active = serializers.BooleanField(default=True)


class RoomIn(RoomFacts):
    region = serializers.CharField(help_text="Division code of the office")


class RoomChange(RoomFacts):
    """All of it as it shall be from now on."""

    version = serializers.IntegerField(min_value=1, help_text="As it was read; another one is 409 `stale`")


class ClosingIn(serializers.Serializer):
    starts_at, ends_at = Instant(), Instant()
    reason = serializers.CharField(max_length=200)


class ClosedOut(serializers.ModelSerializer):
    starts_at, ends_at = serializers.DateTimeField(), serializers.DateTimeField()

    class Meta:
        model = Blackout
        fields = ["id", "room", "starts_at", "ends_at", "reason"]


class InTheWay(serializers.Serializer):
    in_the_way = HearingOut(many=True, help_text="Hearings arranged in that time; who holds them and who has the cases were told")


class RoomFilter(filters.FilterSet):
    region = filters.CharFilter(field_name="region_id", lookup_expr="startswith", label="Inside this division")
    medium = filters.ChoiceFilter(choices=BOOKED)


class RoomViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Rooms of the regions the caller works for; the rest is 404."""

    queryset = Room.objects.none()
    serializer_class = RoomOut
    filterset_class = RoomFilter
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self) -> Any:
        return self.queryset if getattr(self, "swagger_fake_view", False) else rooms.of_office(self.request.user, today())

    def shown(self, room: Room, status: int = status.HTTP_200_OK) -> Response:
        return Response(RoomOut(room, context={"request": self.request}).data, status=status)

    @extend_schema(request=RoomIn, responses={201: RoomOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        said = answered(RoomIn, request)
        code = said.pop("region")
        if not any(code.startswith(own) for own in request.user.scope(today()).regions):
            raise Http404
        return self.shown(rooms.add(get_object_or_404(Region, pk=code), request.user, now=timezone.now(), **said), status.HTTP_201_CREATED)

    @extend_schema(request=RoomChange, responses={200: RoomOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def change(self, request: Request, pk: str) -> Response:
        """Whoever is called to a hearing there is told if it is reached another way from now on."""
        rooms.change(self.get_object(), request.user, now=timezone.now(), **answered(RoomChange, request))
        return self.shown(self.get_object())

    @extend_schema(request=ClosingIn, responses={200: InTheWay, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def close(self, request: Request, pk: str) -> Response:
        hearings = rooms.close(self.get_object(), request.user, now=timezone.now(), **answered(ClosingIn, request))
        return Response(InTheWay({"in_the_way": hearings}).data)


class ClosedFilter(filters.FilterSet):
    room = filters.UUIDFilter(field_name="room_id")
    after = filters.IsoDateTimeFilter(field_name="span__endswith", lookup_expr="gt", label="Ends after")


class ClosedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """When rooms are closed."""

    queryset = Blackout.objects.none()
    serializer_class = ClosedOut
    filterset_class = ClosedFilter
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Blackout.objects.filter(room__in=rooms.of_office(self.request.user, today()).order_by().values("pk")).select_related("room")

    @extend_schema(request=None, responses={204: None, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def reopen(self, request: Request, pk: str) -> Response:
        rooms.reopen(self.get_object(), request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


# Mediators


class TermsOut(serializers.ModelSerializer):
    class Meta:
        model = MediatorTerms
        fields = ["is_on_panel", "languages", "daily", "version"]
        ref_name = "MediatorTerms"


class MediatorOut(serializers.Serializer):
    id = serializers.UUIDField(source="person.pk")
    full_name = serializers.CharField(source="person.full_name")
    terms = TermsOut(allow_null=True, help_text="null: nothing was set yet; its version counts as 0")
    load = serializers.DictField(child=serializers.IntegerField(), help_text="By day how many hearings, of the next two weeks")
    away = serializers.ListField(child=serializers.DateField())

    def to_representation(self, row: Any) -> dict[str, Any]:
        plain = {"person": row.person, "terms": row.terms, "away": sorted(row.away), "load": {day.isoformat(): count for day, count in sorted(row.load.items())}}
        return super().to_representation(plain)


class TermsIn(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, help_text="As it was read; another one is 409 `stale`")
    is_on_panel = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.ChoiceField(LANGUAGES), default=list)
    daily = serializers.IntegerField(min_value=1, max_value=20, help_text="Hearings a day at most")


OF_PERSON = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class MediatorViewSet(viewsets.ViewSet):
    """The panel of the regions the caller works for: who mediates there, and what scheduling knows of them."""

    def row(self, pk: str) -> panel.OnPanel:
        found = next((one for one in panel.panel(self.request.user, today()) if str(one.person.pk) == pk), None)
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=MediatorOut(many=True))
    def list(self, request: Request) -> Response:
        return Response(MediatorOut(panel.panel(request.user, today()), many=True).data)

    @extend_schema(responses=MediatorOut, parameters=[OF_PERSON])
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(MediatorOut(self.row(pk)).data)

    @extend_schema(request=TermsIn, parameters=[OF_PERSON], responses={200: MediatorOut, 409: Refusal})
    @action(detail=True, methods=["post"])
    def terms(self, request: Request, pk: str) -> Response:
        panel.set_terms(self.row(pk).person, request.user, now=timezone.now(), **answered(TermsIn, request))
        return Response(MediatorOut(self.row(pk)).data)
