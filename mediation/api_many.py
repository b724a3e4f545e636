"""Many hearings at once, for /api/v1/hearings/: GET previews, POST does the lines that are sent back, each by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal, today
from arrears.calendars import calendar_now
from grid.api_people import answered
from grid.days import SHANGHAI
from mediation import batches, panel, rooms
from mediation.finding import check_last
from mediation.lifecycle import ARRANGING
from mediation.models import Hearing, Mediation
from mediation.slots.masks import clock

WAYS = [(batches.KEEP_TIME, "keep"), (batches.OTHER_TIME, "other")]
FILL_ORDERS = [(batches.BY_PRIORITY, "priority"), (batches.BY_AGE, "age")]
FILL_KINDS = [(kind, kind) for kind in batches.KINDS if kind]


class ManyIn(serializers.Serializer):
    """A mediator who is away, or a room that is closed."""

    mediator = serializers.UUIDField(required=False)
    room = serializers.UUIDField(required=False)
    first, last = serializers.DateField(), serializers.DateField()
    way = serializers.ChoiceField(WAYS, default=batches.KEEP_TIME, help_text="keep: the time, with somebody else or elsewhere; other: another time")

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if ("mediator" in said) == ("room" in said):
            raise serializers.ValidationError({"mediator": ["a mediator or a room"]}, code="one_of_both")
        if said["last"] < said["first"]:
            raise serializers.ValidationError({"last": ["before first"]}, code="bad_days")
        return said


class FillIn(serializers.Serializer):
    day = serializers.DateField()
    region = serializers.CharField(required=False, default="", help_text="Division code")
    kind = serializers.ChoiceField(FILL_KINDS, required=False, default="")
    order = serializers.ChoiceField(FILL_ORDERS, default=batches.BY_PRIORITY)


class HearingLineOut(serializers.Serializer):
    line = serializers.CharField(help_text="What POST takes; empty: nothing was found")
    mediation = serializers.UUIDField()
    claim_number = serializers.CharField()
    with_it = serializers.ListField(child=serializers.UUIDField(), help_text="Mediations held together with it, which move with it")
    room = serializers.UUIDField(allow_null=True)
    mediator = serializers.UUIDField(allow_null=True)
    starts_at, ends_at = serializers.DateTimeField(allow_null=True), serializers.DateTimeField(allow_null=True)
    why = serializers.CharField(help_text="Why nothing was found")

    def to_representation(self, line: batches.Line) -> dict[str, Any]:
        one = line.proposal
        starts_at = one and datetime.combine(one.day, clock(one.minute), SHANGHAI)
        return super().to_representation({
            "line": line.value if one else "", "mediation": line.mediation.pk, "claim_number": line.mediation.claim.number,
            "with_it": [other.pk for other in line.with_it], "room": one and one.place.key, "mediator": one and one.mediator.key,
            "starts_at": starts_at, "ends_at": starts_at and starts_at + timedelta(minutes=line.length), "why": line.why,
        })  # fmt: skip


class HearingLinesOut(serializers.Serializer):
    lines = HearingLineOut(many=True)
    is_cut = serializers.BooleanField(help_text="There are more: preview again once these are done")


class LinesIn(serializers.Serializer):
    lines = serializers.ListField(child=serializers.CharField(max_length=300), allow_empty=False, max_length=batches.MOST, help_text="As the preview gave them")


class MoveLinesIn(LinesIn):
    reason = serializers.CharField(max_length=4000)
    anyway = serializers.BooleanField(default=False, help_text="The parties have agreed to a rest day, short notice or a day that did not suit")


class OutcomeOut(serializers.Serializer):
    mediation = serializers.UUIDField(source="mediation.pk")
    is_done = serializers.BooleanField()
    code = serializers.CharField(help_text="Of the refusal, as a single move has it; empty: done")
    said = serializers.CharField()


class Many:
    """Of a viewset of hearings."""

    def seen(self) -> Any:
        """For those who arrange hearings; each line asks again."""
        if not self.request.user.scope(today()).roles & set(ARRANGING):
            raise Http404
        return Mediation.objects.visible_to(self.request.user, today())

    def asked(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        said = kind(data=self.request.query_params)
        said.is_valid(raise_exception=True)
        return dict(said.validated_data)

    @extend_schema(parameters=[ManyIn], responses={200: HearingLinesOut, 409: Refusal}, methods=["get"])
    @extend_schema(request=MoveLinesIn, responses=OutcomeOut(many=True), methods=["post"])
    @action(detail=False, methods=["get", "post"], url_path="move-many", filterset_class=None, pagination_class=None)
    def move_many(self, request: Request) -> Response:
        seen = self.seen()
        if request.method == "POST":
            return self.carried_out(seen, **answered(MoveLinesIn, request))
        said, now = self.asked(ManyIn), timezone.now()
        check_last(said["first"], today())
        check_last(said["last"], today())
        room = get_object_or_404(rooms.of_office(request.user, today()), pk=said["room"]) if "room" in said else None
        mediator = next((row.person for row in panel.panel(request.user, today()) if row.person.pk == said.get("mediator")), None)
        if room is None and mediator is None:
            raise Http404
        rows = batches.to_move(Hearing.objects.visible_to(request.user, today()), mediator, room, said["first"], said["last"], now)
        lines = batches.moves(rows[: batches.MOST], said["way"], said["first"], said["last"], now, calendar_now(), is_room=bool(room))
        return Response(HearingLinesOut({"lines": list(lines), "is_cut": len(rows) > batches.MOST}).data)

    @extend_schema(parameters=[FillIn], responses={200: HearingLinesOut, 409: Refusal}, methods=["get"])
    @extend_schema(request=LinesIn, responses=OutcomeOut(many=True), methods=["post"])
    @action(detail=False, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def fill(self, request: Request) -> Response:
        """A day is filled from the cases that are ready."""
        seen = self.seen()
        if request.method == "POST":
            return self.carried_out(seen, **answered(LinesIn, request))
        said, now = self.asked(FillIn), timezone.now()
        check_last(said["day"], today())
        rows = batches.ready(seen, said["region"], said["kind"], said["order"])
        lines = batches.fills(rows[: batches.MOST], said["day"], now, calendar_now())
        return Response(HearingLinesOut({"lines": list(lines), "is_cut": len(rows) > batches.MOST}).data)

    def carried_out(self, seen: Any, lines: list[str], reason: str = "", anyway: bool = False) -> Response:
        """Whoever names a mediation out of sight gets 404, and nothing is done."""
        try:
            wanted = {UUID(line.split()[0]) for line in lines if line.strip()}
        except ValueError:
            raise serializers.ValidationError({"lines": ["not from a preview"]}, code="bad_line") from None
        if seen.filter(pk__in=wanted).count() < len(wanted):
            raise Http404
        done = batches.carry_out(lines, seen, self.request.user, now=timezone.now(), reason=reason, anyway=anyway)
        return Response(OutcomeOut(done, many=True).data)
