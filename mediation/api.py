"""/api/v1/: mediations with their moves, times and parties, and hearings. The same verbs and scope as the pages."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.facts import CENT, Factory, MoneyField, answers_to
from arrears.api.rows import MoveOut
from arrears.api.views import OfClaim, Refusal, Visible, find_or_404, today
from arrears.calendars import calendar_now
from arrears.models import Claim
from grid.days import SHANGHAI
from grid.scope import get_visible
from mediation import hearings
from mediation.api_agreement import Drafts
from mediation.api_bank import BankFiles
from mediation.api_many import Many
from mediation.api_marks import Marked
from mediation.api_online import OnlineActions
from mediation.api_parties import Parties
from mediation.api_pursuit import Pursuits
from mediation.api_room import RoomActions
from mediation.finding import asked_for, find_times
from mediation.lifecycle import HEARING_STATES, MAX_HOURS, MEDIATION
from mediation.models import Hearing, Mediation, Room
from mediation.permits import mediation_moves_for, mediators_for
from mediation.slots.kinds import BOOKED, EQUIPMENT
from mediation.slots.masks import clock
from mediation.together import others


class MediationOut(serializers.ModelSerializer):
    claim_number = serializers.CharField(source="claim.number")
    mediator_name = serializers.CharField(source="mediator.full_name", default=None, allow_null=True)

    class Meta:
        model = Mediation
        fields = [
            "id", "claim_number", "state", "applied_on", "is_oral", "mediator", "mediator_name", "due_on", "ground",
            "ended_on",
        ]  # fmt: skip


class HearingOut(serializers.ModelSerializer):
    claim_number = serializers.CharField(source="mediation.claim.number")
    room_name = serializers.CharField(source="room.name")
    mediator_name = serializers.CharField(source="mediator.full_name")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    joint = serializers.UUIDField(help_text="Hearings held together share it")

    class Meta:
        model = Hearing
        fields = [
            "id", "mediation", "claim_number", "number", "room", "room_name", "mediator", "mediator_name", "starts_at",
            "ends_at", "state", "version", "joint", "is_on_site",
        ]  # fmt: skip


class InstalmentIn(serializers.Serializer):
    due_on = serializers.DateField()
    amount = MoneyField(min_value=CENT)

    def to_internal_value(self, data: Any) -> tuple[Any, Any]:
        facts = super().to_internal_value(data)
        return facts["due_on"], facts["amount"]


def fields_for(claim: Claim, person: Any) -> dict[str, Factory]:
    """The kinds of a mediation's moves that depend on the claim."""
    return {
        "person": lambda ask: serializers.PrimaryKeyRelatedField(
            queryset=mediators_for(claim, today()), required=ask.is_required, allow_null=not ask.is_required
        ),
        "room": lambda ask: serializers.PrimaryKeyRelatedField(queryset=Room.objects.for_claim(claim)),
        "hearing": lambda ask: serializers.PrimaryKeyRelatedField(queryset=Hearing.objects.visible_to(person, today()).live()),
        "version": lambda ask: serializers.IntegerField(required=False, min_value=0),
        "people": lambda ask: serializers.ListField(child=serializers.UUIDField(), required=False, max_length=500),
        "instalments": lambda ask: InstalmentIn(many=True),
    }


class TimesIn(serializers.Serializer):
    """Each has a default: the length and hours of the office's rule, until the last of the fifteen days."""

    length = serializers.IntegerField(required=False, min_value=15, max_value=MAX_HOURS * 60, help_text="minutes")
    first = serializers.DateField(required=False, help_text="Not before")
    last = serializers.DateField(required=False)
    medium = serializers.ChoiceField(choices=BOOKED, required=False)
    mediator = serializers.UUIDField(required=False, help_text="Preferred; without it whose case it is")
    only_mediator = serializers.BooleanField(required=False, help_text="Nobody else")
    equipment = serializers.ListField(child=serializers.ChoiceField(EQUIPMENT), required=False)
    parties = serializers.ListField(child=serializers.UUIDField(), required=False, help_text="Who is called; without it everybody")
    anyway = serializers.BooleanField(required=False, help_text="Both sides agree to a rest day, or to short notice")
    beyond = serializers.BooleanField(required=False, help_text="Both sides agree to go on after the fifteen days")
    together = serializers.BooleanField(required=False, help_text="For all hearings that are held together with this one")


class ProposalOut(serializers.Serializer):
    room = serializers.UUIDField(source="place.key")
    room_name = serializers.CharField(source="place.name")
    mediator = serializers.UUIDField(source="mediator.key")
    mediator_name = serializers.CharField(source="mediator.name")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class OutOut(serializers.Serializer):
    """Something that fell out: a day, place, mediator or party; `days` empty: on all of them."""

    kind = serializers.CharField()
    code = serializers.CharField()
    who = serializers.CharField()
    days = serializers.ListField(child=serializers.DateField())


class TimesOut(serializers.Serializer):
    proposals = ProposalOut(many=True)
    outs = OutOut(many=True)


class MediationFilter(OfClaim):
    state = filters.MultipleChoiceFilter(choices=MEDIATION.choices)


class HearingFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="mediation__claim_id")
    mediator = filters.UUIDFilter(field_name="mediator_id")
    state = filters.MultipleChoiceFilter(choices=[(state.name, state.label) for state in HEARING_STATES.values()])
    day = filters.DateFilter(method="on_day", help_text="Hearings of one day")

    def on_day(self, rows: Any, name: str, day: Any) -> Any:
        return rows.on(day)


class MediationIn(serializers.Serializer):
    """`claim` and what the move `apply` asks: applied_on, request, is_oral, mediator."""

    claim = serializers.UUIDField()


class MediationViewSet(Drafts, Marked, Pursuits, BankFiles, Parties, mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Mediation.objects.for_list()
    serializer_class = MediationOut
    filterset_class = MediationFilter

    @extend_schema(request=MediationIn, responses={201: MediationOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        asked = MediationIn(data=request.data)
        asked.is_valid(raise_exception=True)
        claim = get_visible(Claim, request.user, today(), pk=asked.validated_data["claim"])
        answers = answers_to(MEDIATION.find("apply"), request.data, fields_for(claim, request.user))
        mediation = hearings.apply(claim, request.user, now=timezone.now(), **answers)
        return Response(MediationOut(mediation).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=MoveOut(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def moves(self, request: Request, pk: str) -> Response:
        return Response(MoveOut(mediation_moves_for(self.get_object(), request.user, today()), many=True).data)

    @extend_schema(parameters=[TimesIn], responses=TimesOut)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def times(self, request: Request, pk: str) -> Response:
        asked = TimesIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        mediation, now, said = self.get_object(), timezone.now(), dict(asked.validated_data)
        with_it = tuple(others(mediation)) if said.pop("together", False) else ()
        said |= {"equipment": frozenset(said.get("equipment", ())), "parties": tuple(said.get("parties", ())), "with_it": with_it}
        found = find_times(mediation, asked_for(mediation, now, **said), now, calendar_now())
        length = timedelta(minutes=found.wish.length)
        proposals = [
            {"place": one.place, "mediator": one.mediator, "starts_at": (starts := datetime.combine(one.day, clock(one.minute), SHANGHAI)), "ends_at": starts + length}
            for one in found.found.proposals
        ]
        return Response(TimesOut({"proposals": proposals, "outs": [out._asdict() for out in found.found.outs]}).data)

    @extend_schema(
        request=OpenApiTypes.OBJECT, responses={200: MediationOut, 400: OpenApiTypes.OBJECT, 409: Refusal},
        description="Makes a move. GET …/moves/ lists what the caller can do now and what each move asks for. `version` is that of the "
        "hearing as it was read: another one is 409 `stale`. Hearings that are held together move together with `together`; `postpone` "
        "without it splits this one off.",
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path=r"moves/(?P<name>[a-z_]+)")
    def make_move(self, request: Request, pk: str, name: str) -> Response:
        mediation: Mediation = self.get_object()
        answers = answers_to(find_or_404(MEDIATION, name), request.data, fields_for(mediation.claim, request.user))
        return Response(MediationOut(hearings.advance(mediation, name, request.user, now=timezone.now(), **answers)).data)


class HearingViewSet(RoomActions, OnlineActions, Many, mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Hearing.objects.for_list()
    serializer_class = HearingOut
    filterset_class = HearingFilter
