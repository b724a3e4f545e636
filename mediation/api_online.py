"""/api/v1/hearings/ID/online/…: the online room of a hearing, for programs of the office. The same verbs and scope as its pages. The address
and the code of a link are told once, to whoever makes it; no answer has them again, and none has what a browser shows for its seat."""

from collections.abc import Callable

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from redis.exceptions import RedisError
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal, today
from arrears.views.asking import address_of
from grid.access import log_access
from grid.api_people import answered
from grid.models import Person
from mediation.models import Hearing, OnlineLink, OnlineRecording
from mediation.models.online_kept import ENDS
from mediation.online import doors, links, recording, rooms, talk
from mediation.online.table import INVITED, KINDS, MEDIATOR


class OnlinePersonOut(serializers.Serializer):
    seat, name = serializers.UUIDField(), serializers.CharField()
    kind, role = serializers.ChoiceField(KINDS), serializers.CharField()
    since = serializers.CharField(help_text="HH:MM, since when they are in this time")
    silent = serializers.BooleanField(help_text="Whoever oversees: sees and hears, and is seen to be there")
    muted, camera, sharing = serializers.BooleanField(), serializers.BooleanField(), serializers.BooleanField()


class OnlineWaitingOut(serializers.Serializer):
    seat, name, role = serializers.UUIDField(), serializers.CharField(), serializers.CharField()
    removed = serializers.BooleanField(help_text="Was sent out before, and looks in again")


class OnlineLinkOut(serializers.ModelSerializer):
    kind = serializers.ChoiceField(INVITED)
    is_dead = serializers.BooleanField(help_text="Too many wrong codes")

    class Meta:
        model = OnlineLink
        fields = ["id", "kind", "name", "made_at", "is_dead"]


class OnlineRecordingOut(serializers.ModelSerializer):
    ended_because = serializers.ChoiceField(ENDS)
    sha256 = serializers.CharField(help_text="Empty: the file was not whole when it ended")
    started_by = serializers.CharField(source="started_by.full_name")
    place = serializers.CharField(source="file.name")
    address = serializers.SerializerMethodField(allow_null=True, help_text="null: not for the caller, or removed when its time was over")

    class Meta:
        model = OnlineRecording
        fields = ["id", "started_at", "ended_at", "ended_because", "started_by", "mime", "size", "sha256", "place", "removed_at", "address"]

    def get_address(self, row: OnlineRecording) -> str | None:
        is_there = self.context["may_fetch"] and row.removed_at is None
        return settings.SITE_URL.rstrip("/") + reverse("online_recording", args=[row.pk]) if is_there else None


class OnlineOut(serializers.Serializer):
    opens_at, closes_at = serializers.DateTimeField(help_text="When the door is open at all"), serializers.DateTimeField()
    is_open = serializers.BooleanField(help_text="The mediator is in, or has been, and has not closed it")
    opened_at, closed_at = serializers.DateTimeField(allow_null=True), serializers.DateTimeField(allow_null=True)
    seat = serializers.ChoiceField(KINDS, allow_null=True, help_text="In which the caller would sit; null: in none")
    is_recording = serializers.BooleanField()
    people = OnlinePersonOut(many=True, help_text="In the room now")
    waiting = OnlineWaitingOut(many=True, help_text="Before the door; for the mediator")
    links = OnlineLinkOut(many=True, help_text="For whoever may make them; without address and code")
    recordings = OnlineRecordingOut(many=True)


class OnlineLinkIn(serializers.Serializer):
    kind = serializers.ChoiceField(INVITED)
    name = serializers.CharField(max_length=60, help_text="Everybody in the room reads it")


class OnlineLinkMade(serializers.Serializer):
    """Told once. Tell the code in another way than the address."""

    id = serializers.UUIDField()
    address, code = serializers.URLField(), serializers.CharField()


class OnlineLinkEnd(serializers.Serializer):
    link = serializers.UUIDField()


class OnlineSeatIn(serializers.Serializer):
    seat = serializers.UUIDField()


def no_mailbox() -> Response:
    return Response({"code": "no_mailbox", "message": _("网上调解室暂时连接不上，请改用会议链接，或者过几分钟再试。")}, status=status.HTTP_503_SERVICE_UNAVAILABLE)


class OnlineActions:
    """Mixed into the hearings of the API. A hearing that is not held in an online room of this house is 404."""

    def online_hearing(self) -> Hearing:
        return get_object_or_404(doors.ROWS, pk=self.get_object().pk, room__medium="online")  # type: ignore[attr-defined]

    def told(self, hearing: Hearing, person: Person) -> Response:
        now = timezone.now()
        room, kind = getattr(hearing, "online_room", None), doors.seat_of_official(hearing, person, today())
        may_invite = links.may_invite(hearing, person, now)
        recordings = OnlineRecording.objects.filter(room__hearing=hearing, ended_at__isnull=False).select_related("started_by")
        return Response(OnlineOut({
            "opens_at": hearing.starts_at - doors.EARLY, "closes_at": hearing.ends_at + doors.LATE, "seat": kind,
            "is_open": bool(room and room.is_open and doors.is_time(hearing, now)), "opened_at": room and room.opened_at, "closed_at": room and room.closed_at,
            "is_recording": bool(room and recording.running_of(room)), "people": talk.people_now(room, now) if room else [],
            "waiting": talk.at_the_door(talk.seats_of(room), now) if room and kind == MEDIATOR else [],
            "links": hearing.online_links.filter(ended_at=None) if may_invite else [], "recordings": recordings,
        }, context={"may_fetch": recording.may_fetch(hearing, person, today())}).data)  # fmt: skip

    def done(self, request: Request, act: Callable[[Hearing, Person], object]) -> Response:
        hearing = self.online_hearing()
        try:
            act(hearing, request.user)
            return self.told(self.online_hearing(), request.user)
        except RedisError:
            return no_mailbox()

    @extend_schema(responses={200: OnlineOut, 503: Refusal})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def online(self, request: Request, pk: str) -> Response:
        def look(hearing: Hearing, person: Person) -> None:
            claim = hearing.mediation.claim
            log_access(person, "read", "mediation", hearing.mediation_id, now=timezone.now(), region_code=claim.region_id, address=address_of(request))

        return self.done(request, look)

    @extend_schema(request=None, responses={200: OnlineOut, 409: Refusal, 503: Refusal})
    @action(detail=True, methods=["post"], url_path="online/open", pagination_class=None, filterset_class=None)
    def online_open(self, request: Request, pk: str) -> Response:
        """By the mediator: from now on people who wait can be admitted. Whoever sits in the room by a browser keeps their seat."""
        return self.done(request, lambda hearing, person: doors.host_seat(hearing, person, now=timezone.now(), opens=True))

    @extend_schema(request=None, responses={200: OnlineOut, 409: Refusal, 503: Refusal})
    @action(detail=True, methods=["post"], url_path="online/close", pagination_class=None, filterset_class=None)
    def online_close(self, request: Request, pk: str) -> Response:
        """Everybody is out; a recording ends with its fingerprint."""
        now = timezone.now()
        return self.done(request, lambda hearing, person: talk.close(doors.host_seat(hearing, person, now=now), now=now))

    @extend_schema(request=OnlineSeatIn, responses={200: OnlineOut, 409: Refusal, 503: Refusal})
    @action(detail=True, methods=["post"], url_path="online/admit", pagination_class=None, filterset_class=None)
    def online_admit(self, request: Request, pk: str) -> Response:
        now, seat = timezone.now(), answered(OnlineSeatIn, request)["seat"]
        return self.done(request, lambda hearing, person: rooms.admit(doors.host_seat(hearing, person, now=now), seat, now=now))

    @extend_schema(request=OnlineSeatIn, responses={200: OnlineOut, 409: Refusal, 503: Refusal})
    @action(detail=True, methods=["post"], url_path="online/remove", pagination_class=None, filterset_class=None)
    def online_remove(self, request: Request, pk: str) -> Response:
        now, seat = timezone.now(), answered(OnlineSeatIn, request)["seat"]
        return self.done(request, lambda hearing, person: rooms.remove(doors.host_seat(hearing, person, now=now), seat, now=now))

    @extend_schema(request=OnlineLinkIn, responses={201: OnlineLinkMade, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="online/links", pagination_class=None, filterset_class=None)
    def online_links(self, request: Request, pk: str) -> Response:
        hearing, said = self.online_hearing(), answered(OnlineLinkIn, request)
        token, code = links.invite(hearing, said["kind"], said["name"], request.user, now=timezone.now())
        made = hearing.online_links.latest("made_at", "id")
        address = settings.SITE_URL.rstrip("/") + reverse("online_join", args=[token])
        return Response(OnlineLinkMade({"id": made.pk, "address": address, "code": code}).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=OnlineLinkEnd, responses={200: OnlineOut, 409: Refusal, 503: Refusal})
    @action(detail=True, methods=["post"], url_path="online/links/end", pagination_class=None, filterset_class=None)
    def online_link_end(self, request: Request, pk: str) -> Response:
        """Whoever sits in the room by it is out, too."""
        said = answered(OnlineLinkEnd, request)
        return self.done(
            request, lambda hearing, person: links.take_back(get_object_or_404(hearing.online_links, pk=said["link"]), person, now=timezone.now())
        )
