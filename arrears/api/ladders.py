"""/api/v1/ladders/, seasons/: the published versions, what holds today, what a draft would change, and publishing it.
/api/v1/handover/: the open work of people who left, and handing it over. The same verbs as the pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from arrears import handover
from arrears.api.views import Refusal, today
from arrears.ladders import CLAIM_KINDS, LADDERS, changes, staffing
from arrears.ladders.book import Draft
from arrears.ladders.changes import BadLadder
from arrears.ladders.page import families
from arrears.ladders.rungs import Rung
from arrears.ladders.season_preview import season_preview
from arrears.ladders.store import book_now
from arrears.models import Ladder, Season
from grid.authority import STAFFING, led, people_of
from grid.models import Person
from grid.refused import Refused

FAMILIES = [(name, name) for name in LADDERS]


class RungJson(serializers.Serializer):
    """A rung: one of `share` and `working_days` says when it calls. `tells`: handler, level, above, city, sender, body, or
    a role at a level, mediator@county."""

    name = serializers.CharField(max_length=24)
    label = serializers.CharField(max_length=40)
    label_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    tells = serializers.ListField(child=serializers.CharField())
    share = serializers.FloatField(required=False)
    working_days = serializers.IntegerField(required=False)
    climbs = serializers.BooleanField(required=False)
    urgency = serializers.ChoiceField(["warn", "late"], required=False)
    channels = serializers.ListField(child=serializers.CharField(), required=False)
    ack_days = serializers.IntegerField(required=False)
    order_days = serializers.IntegerField(required=False)


class LadderOut(serializers.ModelSerializer):
    rungs = RungJson(many=True)
    published_by = serializers.CharField(source="published_by.full_name", allow_null=True, default=None)

    class Meta:
        model = Ladder
        fields = ["id", "family", "rule_id", "claim_kind", "version", "rungs", "valid_from", "note", "published_by", "published_at"]


class LadderLineOut(serializers.Serializer):
    family = serializers.ChoiceField(FAMILIES)
    rule_id, claim_kind = serializers.CharField(), serializers.CharField()
    version = serializers.IntegerField(help_text="0: the system's own")
    rungs = RungJson(many=True)


class DraftIn(serializers.Serializer):
    family = serializers.ChoiceField(FAMILIES)
    rule_id = serializers.CharField(required=False, allow_blank=True, default="")
    claim_kind = serializers.ChoiceField(CLAIM_KINDS, required=False, allow_blank=True, default="")
    rungs = RungJson(many=True)
    valid_from = serializers.DateField()
    note = serializers.CharField(max_length=200)
    replaces = serializers.IntegerField(help_text="Number of the newest version the draft was made from; 0: the system's own")


class PreviewOut(serializers.Serializer):
    by_rule = serializers.DictField(child=serializers.IntegerField(), help_text="Running clocks that would follow it")
    total = serializers.IntegerField()
    changes = serializers.ListField(child=serializers.DictField(), help_text="what, name, before, after")
    warnings = serializers.ListField(child=serializers.CharField(), help_text="Vacant posts its rungs call")


class ByPublication(CursorPagination):
    ordering = ("-published_at", "-id")
    page_size = 50


class LadderViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Everybody signed in reads the ladders; administrators of the city publish."""

    queryset = Ladder.objects.select_related("published_by")
    serializer_class = LadderOut
    pagination_class = ByPublication
    filterset_fields = ["family", "rule_id", "claim_kind"]

    @extend_schema(responses=LadderLineOut(many=True))
    @action(detail=False, pagination_class=None, filterset_fields=None)
    def current(self, request: Request) -> Response:
        """What holds today, line by line."""
        lines = [line for family in families(book_now(), today()) for line in family.lines if line.today]
        return Response([
            {
                "family": line.line[0], "rule_id": line.line[1], "claim_kind": line.line[2], "version": line.today.number,
                "rungs": [rung.to_json() for rung in line.today.rungs],
            }
            for line in lines
        ])  # fmt: skip

    @extend_schema(request=DraftIn, responses={200: PreviewOut, 409: Refusal})
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What publishing the draft would change. Nothing is written."""
        changes.require_publisher(request.user, today())
        draft, note, replaces = draft_of(request)
        if problems := list(changes.problems_of(draft, note, replaces, today())):
            raise bad(BadLadder(problems))
        found = changes.preview(draft, timezone.now())
        return Response({
            "by_rule": found.by_rule, "total": found.total,
            "changes": [
                {
                    "what": change.what, "name": (change.after or change.before).name,
                    "before": change.before and change.before.to_json(), "after": change.after and change.after.to_json(),
                }
                for change in found.changes
            ],
            "warnings": [warning.text(_) for warning in staffing.warnings(draft.rungs, today())],
        })  # fmt: skip

    @extend_schema(request=DraftIn, responses={201: LadderOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        """Publishes the next version of its line; without rungs the line ends."""
        changes.require_publisher(request.user, today())
        draft, note, replaces = draft_of(request)
        try:
            row = changes.publish(draft, request.user, now=timezone.now(), note=note, replaces=replaces)
        except BadLadder as problems:
            raise bad(problems) from None
        return Response(LadderOut(row).data, status=status.HTTP_201_CREATED)


def draft_of(request: Request) -> tuple[Draft, str, int]:
    said = DraftIn(data=request.data)
    said.is_valid(raise_exception=True)
    facts = dict(said.validated_data)
    rungs = tuple(sorted((Rung.from_json(rung) for rung in facts.pop("rungs")), key=lambda rung: rung.order))
    note, replaces = facts.pop("note"), facts.pop("replaces")
    return Draft(rungs=rungs, **facts), note, replaces


def bad(problems: BadLadder) -> serializers.ValidationError:
    return serializers.ValidationError({"rungs": [problem.text(_) for problem in problems.problems]})


# Seasons


class SeasonJson(serializers.ModelSerializer):
    class Meta:
        model = Season
        fields = ["id", "name", "starts_on", "ends_on"]


class SeasonPreviewOut(serializers.Serializer):
    gained = serializers.ListField(child=serializers.ListField(child=serializers.DateField()))
    lost = serializers.ListField(child=serializers.ListField(child=serializers.DateField()))
    by_rule = serializers.DictField(child=serializers.IntegerField())
    calling = serializers.IntegerField(help_text="Clocks whose next rung calls on one of these days")


class ByStart(CursorPagination):
    ordering = ("-starts_on", "-id")
    page_size = 50


class SeasonViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Season.objects.all()
    serializer_class = SeasonJson
    pagination_class = ByStart

    @extend_schema(request=SeasonJson, responses={201: SeasonJson, 409: Refusal})
    def create(self, request: Request) -> Response:
        season = changes.set_season(**said_of(request), person=request.user, now=timezone.now())
        return Response(SeasonJson(season).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SeasonJson, responses={200: SeasonPreviewOut, 409: Refusal})
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """What these days would change. Nothing is written."""
        changes.require_publisher(request.user, today())
        season, said = self.get_object(), said_of(request)
        changes.check_season(said["name"], said["starts_on"], said["ends_on"], today(), season)
        return Response(SeasonPreviewOut(season_preview(season, said["starts_on"], said["ends_on"], timezone.now())).data)

    @extend_schema(request=SeasonJson, responses={200: SeasonJson, 409: Refusal})
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        season = changes.set_season(**said_of(request), person=request.user, now=timezone.now(), season=self.get_object())
        return Response(SeasonJson(season).data)

    @extend_schema(request=None, responses={204: None, 409: Refusal})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        changes.end_season(self.get_object(), request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def said_of(request: Request) -> dict[str, Any]:
    said = SeasonJson(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


# Hand-over


class LeaverOut(serializers.Serializer):
    person = serializers.UUIDField()
    full_name = serializers.CharField()
    reason = serializers.ChoiceField([handover.INACTIVE, handover.MOVED, handover.SOON_GONE])
    work = serializers.DictField(child=serializers.IntegerField(), help_text="How much of each kind")


class HandOverIn(serializers.Serializer):
    receivers = serializers.ListField(child=serializers.UUIDField(), allow_empty=False)
    reason = serializers.CharField(max_length=200)


class HandOverOut(serializers.Serializer):
    given = serializers.DictField(child=serializers.IntegerField(), help_text="By the receiver's name")
    stays = serializers.DictField(child=serializers.IntegerField(), help_text="By the reason")


class HandoverViewSet(viewsets.ViewSet):
    """Leads hand over what lies in their region at their level or below; administrators see how much there is."""

    @extend_schema(responses=LeaverOut(many=True))
    def list(self, request: Request) -> Response:
        scope = request.user.scope(today())
        if not scope.roles & STAFFING:
            raise Http404
        return Response([
            {"person": one.person.pk, "full_name": one.person.full_name, "reason": one.reason, "work": one.work}
            for one in handover.leavers(scope)
        ])  # fmt: skip

    @extend_schema(
        request=HandOverIn, responses={200: HandOverOut, 409: Refusal},
        parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The person's id")],
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Everything of the person's that the caller may hand over, spread evenly over the receivers."""
        scope = request.user.scope(today())
        if not led(scope):
            raise Http404
        leaver = get_object_or_404(Person, pk=pk)
        items = handover.items_of(leaver, scope)
        if not items and not people_of(request.user, today()).filter(pk=pk).exists():
            raise Http404
        said = HandOverIn(data=request.data)
        said.is_valid(raise_exception=True)
        asked = set(said.validated_data["receivers"])
        chosen = [one for one, _number in handover.receivers_for(leaver, items, today()) if one.pk in asked]
        if len(chosen) < len(asked):
            raise Refused("receiver_gone", _("接收人不能办理这些事项，请另选。"))
        done = handover.hand_over(leaver, chosen, request.user, now=timezone.now(), reason=said.validated_data["reason"])
        stays: dict[str, int] = {}
        for one in done.stays:
            stays[one.reason] = stays.get(one.reason, 0) + 1
        return Response({"given": {one.full_name: number for one, number in done.counts().items()}, "stays": stays})
