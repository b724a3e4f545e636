"""/api/v1/hearings/ID/…: the room of a hearing. The same verbs and scope as its pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal
from mediation.models import EarlierSitting, Minutes, MinutesSignature, Presence
from mediation.models.room import AUTHORITIES, BY, CALLS, OTHERS, PAPERS, STATES
from mediation.room import calling, links, signing, verbs
from mediation.room.notes import BY_NAME
from mediation.room.page import RoomPage


class PresenceOut(serializers.ModelSerializer):
    party = serializers.UUIDField(source="attendance.party_id", default=None, allow_null=True)
    beside = serializers.UUIDField(source="beside.party_id", default=None, allow_null=True)

    class Meta:
        model = Presence
        fields = ["id", "party", "capacity", "beside", "credential", "promised_at", "name", "state", "at", "by", "stands_in", "authority", "paper", "last_four", "checked_at", "why", "called_by", "called_proof"]


class MinutesOut(serializers.ModelSerializer):
    pages = serializers.ListField(child=serializers.DictField(child=serializers.CharField()), help_text="text and sha256 of each page")

    class Meta:
        model = Minutes
        fields = ["number", "sha256", "pages", "reason", "frozen_at"]


class SignatureOut(serializers.ModelSerializer):
    version = serializers.IntegerField(source="minutes.number")

    class Meta:
        model = MinutesSignature
        fields = ["id", "presence", "name", "capacity", "version", "sha256", "pages", "refused_because", "witness", "signed_at"]


class CallOut(serializers.Serializer):
    """How a party was called: the written notice of the hearing as it stands, and whether they said through their link that they know."""

    party = serializers.UUIDField(source="attendance.party_id")
    service = serializers.UUIDField(source="service.pk", default=None, allow_null=True)
    state = serializers.CharField(source="service.state", default="", help_text="waiting, served; empty: no written notice")
    deemed_on = serializers.DateField(source="service.deemed_on", default=None, allow_null=True)
    next_way = serializers.CharField(source="way")
    is_old = serializers.BooleanField(help_text="There was one, of another time or place")
    knows = serializers.BooleanField()


class EarlierOut(serializers.ModelSerializer):
    """People were checked in before the hearing got another time or place."""

    people = serializers.ListField(child=serializers.DictField(), help_text="As `presences` were then")

    class Meta:
        model = EarlierSitting
        fields = ["starts_at", "ends_at", "place", "mediator", "people", "rights_version", "rights_at", "moved_at"]


class HearingRoomOut(serializers.Serializer):
    is_quorate = serializers.BooleanField(help_text="Both sides and the mediator are here")
    missing = serializers.ListField(child=serializers.CharField())
    ways = serializers.ListField(child=serializers.CharField(), help_text="What may be done while somebody is missing")
    rights_version = serializers.CharField()
    rights_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Of the notes; a text is saved on the version it began with")
    notes = serializers.DictField(child=serializers.CharField())
    calls = CallOut(many=True)
    presences = PresenceOut(many=True)
    earlier = EarlierOut(many=True)
    minutes = MinutesOut(many=True)
    signatures = SignatureOut(many=True)


class PresentIn(serializers.Serializer):
    """Of a party: `party`. Of another person: `capacity` and `name`. Neither: the mediator signs in."""

    party = serializers.UUIDField(required=False)
    capacity = serializers.ChoiceField(OTHERS, required=False)
    name = serializers.CharField(required=False, max_length=60)
    state = serializers.ChoiceField(STATES, default="came")
    by = serializers.ChoiceField(BY, default="self")
    stands_in = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    authority = serializers.ChoiceField(AUTHORITIES, required=False, default="", allow_blank=True)
    paper = serializers.ChoiceField(PAPERS, required=False, default="", allow_blank=True)
    last_four = serializers.CharField(required=False, default="", allow_blank=True, max_length=18)
    why = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    called_by = serializers.ChoiceField(CALLS, required=False, default="", allow_blank=True)
    called_proof = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    beside = serializers.UUIDField(required=False, help_text="Of another person: the party they are there for")
    credential = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    promised = serializers.BooleanField(required=False, default=False, help_text="Interpreter, witness: to say the truth")


class CallsIn(serializers.Serializer):
    parties = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=500)


class HearingLinkIn(serializers.Serializer):
    """`party`, or `name` of an observer."""

    party = serializers.UUIDField(required=False)
    name = serializers.CharField(required=False, max_length=60, default="", allow_blank=True)


class HearingLinkOut(serializers.Serializer):
    address = serializers.URLField(help_text="Told once; a new one ends the old one")


class NotesIn(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)
    notes = serializers.DictField(child=serializers.CharField(allow_blank=True, trim_whitespace=False), help_text=f"Sections: {', '.join(BY_NAME)}")


class CloseIn(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)


class CorrectIn(NotesIn):
    """`version`: the number of the minutes it corrects."""

    reason = serializers.CharField(max_length=300)


class SignIn(serializers.Serializer):
    """Either `picture`, or `because` and `witness` of somebody who would not sign."""

    presence = serializers.UUIDField()
    sha256 = serializers.CharField(max_length=64, help_text="Of the minutes that were shown")
    picture = serializers.FileField(required=False)
    because = serializers.CharField(required=False, max_length=300)
    witness = serializers.CharField(required=False, max_length=60, default="", allow_blank=True)


class StaleOut(Refusal):
    """Somebody else has saved meanwhile: their text, and the version it has."""

    version = serializers.IntegerField(required=False)
    theirs = serializers.DictField(child=serializers.CharField(), required=False)
    differ = serializers.ListField(child=serializers.CharField(), required=False)


def said(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def not_closed() -> Minutes:
    raise Http404


class RoomActions:
    """Mixed into the hearings of the API."""

    def room_of(self, request: Request) -> Response:
        hearing = RoomPage.rows().get(pk=self.get_object().pk)  # type: ignore[attr-defined]
        page = RoomPage(hearing, request.user, timezone.now())
        record = page.record
        return Response(HearingRoomOut({
            "is_quorate": page.quorum.is_there, "missing": page.missing, "ways": [text for text, _move in page.ways],
            "rights_version": record.rights_version if record else "", "rights_at": record.rights_at if record else None,
            "calls": page.calls, "version": record.version if record else 0, "notes": record.notes if record else {}, "presences": hearing.presences.select_related("attendance", "beside"),
            "earlier": hearing.earlier_sittings.all(), "minutes": page.versions, "signatures": MinutesSignature.objects.filter(minutes__hearing=hearing).select_related("minutes"),
        }).data)  # fmt: skip

    def attempt(self, act: Callable[[], Any], request: Request) -> Response:
        try:
            act()
        except verbs.StaleNotes as stale:
            told = {"code": stale.code, "message": stale.message, "version": stale.version, "theirs": stale.theirs, "differ": stale.differ}
            return Response(told, status=status.HTTP_409_CONFLICT)
        return self.room_of(request)

    @extend_schema(responses=HearingRoomOut)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def room(self, request: Request, pk: str) -> Response:
        return self.room_of(request)

    @extend_schema(request=CallsIn, responses={200: HearingRoomOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def calls(self, request: Request, pk: str) -> Response:
        """Written notices for those who have none of this time and place."""
        hearing, told = self.get_object(), said(CallsIn, request)  # type: ignore[attr-defined]
        chosen = list(hearing.attendances.filter(party_id__in=told["parties"]))
        return self.attempt(lambda: calling.notify(hearing, chosen, request.user, now=timezone.now()), request)

    @extend_schema(request=HearingLinkIn, responses={201: HearingLinkOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def links(self, request: Request, pk: str) -> Response:
        hearing, told = self.get_object(), said(HearingLinkIn, request)  # type: ignore[attr-defined]
        attendance = get_object_or_404(hearing.attendances, party_id=told["party"]) if "party" in told else None
        token = links.make(hearing, attendance, request.user, now=timezone.now(), name=told["name"])
        address = settings.SITE_URL.rstrip("/") + reverse("hearing_called", args=[token])
        return Response(HearingLinkOut({"address": address}).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PresentIn, responses={200: HearingRoomOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def present(self, request: Request, pk: str) -> Response:
        hearing, told, now = self.get_object(), said(PresentIn, request), timezone.now()  # type: ignore[attr-defined]
        party, capacity, name = told.pop("party", None), told.pop("capacity", None), told.pop("name", "")
        beside = get_object_or_404(hearing.attendances, party_id=told.pop("beside")) if "beside" in told else None
        if party is not None:
            attendance = get_object_or_404(hearing.attendances, party_id=party)
            return self.attempt(lambda: verbs.check_in(hearing, attendance, request.user, now=now, said=verbs.Came(**told)), request)
        if capacity is not None:
            return self.attempt(lambda: verbs.add_person(hearing, request.user, now=now, capacity=capacity, name=name, said=verbs.Came(**told), beside=beside), request)
        return self.attempt(lambda: verbs.sign_in(hearing, request.user, now=now), request)

    @extend_schema(request=None, responses={200: HearingRoomOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def rights(self, request: Request, pk: str) -> Response:
        hearing = self.get_object()  # type: ignore[attr-defined]
        return self.attempt(lambda: verbs.read_rights(hearing, request.user, now=timezone.now()), request)

    @extend_schema(request=NotesIn, responses={200: HearingRoomOut, 409: StaleOut})
    @action(detail=True, methods=["put"], pagination_class=None, filterset_class=None)
    def notes(self, request: Request, pk: str) -> Response:
        hearing, told = self.get_object(), said(NotesIn, request)  # type: ignore[attr-defined]
        return self.attempt(lambda: verbs.save_notes(hearing, request.user, now=timezone.now(), **told), request)

    @extend_schema(request=CloseIn, responses={200: HearingRoomOut, 409: StaleOut})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def close(self, request: Request, pk: str) -> Response:
        hearing, told = self.get_object(), said(CloseIn, request)  # type: ignore[attr-defined]
        return self.attempt(lambda: verbs.close(hearing, request.user, now=timezone.now(), **told), request)

    @extend_schema(request=CorrectIn, responses={200: HearingRoomOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def corrections(self, request: Request, pk: str) -> Response:
        hearing, told = self.get_object(), said(CorrectIn, request)  # type: ignore[attr-defined]
        after = told.pop("version")
        return self.attempt(lambda: verbs.correct(hearing, request.user, now=timezone.now(), after=after, **told), request)

    @extend_schema(request=SignIn, responses={200: HearingRoomOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None, parser_classes=[MultiPartParser])
    def signatures(self, request: Request, pk: str) -> Response:
        hearing, told, now = self.get_object(), said(SignIn, request), timezone.now()  # type: ignore[attr-defined]
        presence = get_object_or_404(Presence, hearing=hearing, pk=told["presence"])
        minutes = verbs.latest(hearing) or not_closed()
        minutes.hearing = hearing
        if "picture" in told:
            return self.attempt(lambda: signing.sign(minutes, presence, request.user, now=now, seen=told["sha256"], picture=told["picture"]), request)
        return self.attempt(
            lambda: signing.refuse(minutes, presence, request.user, now=now, seen=told["sha256"], because=told.get("because", ""), witness=told["witness"]),
            request,
        )  # fmt: skip
