"""/api/v1/regions/: the divisions, open to everybody signed in. /api/v1/notices/: the caller's own inbox."""

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from grid import alerts
from grid.api_fields import Instant
from grid.forms.alerts import LONGEST_REASON, LONGEST_REPLY
from grid.models import Notice, Region
from grid.regions import LEVEL_LABELS
from grid.wordings import say


class Refusal(serializers.Serializer):
    """409: a rule said no. `code` is stable; `message` is a sentence in the caller's language."""

    code = serializers.CharField()
    message = serializers.CharField()


class RegionOut(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ["code", "name", "full_name", "level", "parent", "code_system", "retired_on", "successor"]


class RegionFilter(filters.FilterSet):
    level = filters.ChoiceFilter(choices=list(LEVEL_LABELS.items()))
    parent = filters.CharFilter()
    under = filters.CharFilter(field_name="code", lookup_expr="startswith")
    name = filters.CharFilter(lookup_expr="contains")

    class Meta:
        model = Region
        fields: list[str] = []


class ByCode(CursorPagination):
    ordering = "code"
    page_size = 200


class RegionViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Region.objects.order_by("code")
    serializer_class = RegionOut
    filterset_class = RegionFilter
    pagination_class = ByCode
    lookup_value_regex = r"\d{2,12}"


class NoticeOut(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = [
            "id", "kind", "title", "text", "path", "created_at", "read_at", "ack_by", "acknowledged_at", "reply",
            "snoozed_until", "snooze_reason",
        ]  # fmt: skip

    def get_title(self, notice: Notice) -> str:
        return say(notice).title

    def get_text(self, notice: Notice) -> str:
        return say(notice).text


class Acknowledgement(serializers.Serializer):
    reply = serializers.CharField(max_length=LONGEST_REPLY, required=False, allow_blank=True, default="")


class ReplyIn(serializers.Serializer):
    reply = serializers.CharField(max_length=LONGEST_REPLY)


class Snooze(serializers.Serializer):
    until = Instant()
    reason = serializers.CharField(max_length=LONGEST_REASON)


class NoticeFilter(filters.FilterSet):
    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
    to_acknowledge = filters.BooleanFilter(method="by_answer")

    class Meta:
        model = Notice
        fields: list[str] = []

    def by_answer(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.to_acknowledge() if value else rows.answered()


class ByTime(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50


class NoticeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Notice.objects.none()
    serializer_class = NoticeOut
    filterset_class = NoticeFilter
    pagination_class = ByTime

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Notice.objects.inbox_of(self.request.user)

    @extend_schema(request=Acknowledgement, responses=NoticeOut)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        said = Acknowledgement(data=request.data)
        said.is_valid(raise_exception=True)
        alerts.acknowledge(self.get_object(), request.user, timezone.now(), **said.validated_data)
        return Response(NoticeOut(self.get_object()).data)

    @extend_schema(request=ReplyIn, responses=NoticeOut)
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: str) -> Response:
        """After it was acknowledged, once or more."""
        said = ReplyIn(data=request.data)
        said.is_valid(raise_exception=True)
        alerts.reply(self.get_object(), request.user, timezone.now(), said.validated_data["reply"])
        return Response(NoticeOut(self.get_object()).data)

    @extend_schema(request=Snooze, responses=NoticeOut)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        said = Snooze(data=request.data)
        said.is_valid(raise_exception=True)
        alerts.snooze(self.get_object(), request.user, timezone.now(), **said.validated_data)
        return Response(NoticeOut(self.get_object()).data)
