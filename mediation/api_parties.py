"""What suits the parties of a mediation, for /api/v1/mediations/…/parties/. The same verbs as the page."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal
from grid.access import log_access
from grid.api_people import answered
from mediation import party_telling, suits
from mediation.models import Mediation, PartyContact, PartyDay, PartyTerms
from mediation.models.contacts import CAPACITIES
from mediation.parties import parties_of
from mediation.party_contacts import contacts_by_party
from mediation.slots.kinds import ALL_DAY, LANGUAGES, PARTS

PARTY_KINDS = [("worker", "worker"), ("respondent", "respondent")]
UUID = r"(?P<{}>[0-9a-f-]{{36}})"


class PartyTermsOut(serializers.ModelSerializer):
    class Meta:
        model = PartyTerms
        fields = ["language", "has_interpreter", "is_step_free", "needs", "version"]


class PartyDayOut(serializers.ModelSerializer):
    is_own_word = serializers.SerializerMethodField(help_text="Said by the party through their link")

    class Meta:
        model = PartyDay
        fields = ["id", "day", "part", "is_own_word"]

    def get_is_own_word(self, row: PartyDay) -> bool:
        return row.said_by_id is None


class PartyContactOut(serializers.ModelSerializer):
    phone = serializers.CharField(source="phone_masked")

    class Meta:
        model = PartyContact
        fields = ["capacity", "name", "phone", "email", "language", "may_write", "stopped_at", "version"]


class PartyOut(serializers.Serializer):
    id = serializers.UUIDField(source="party.pk")
    kind = serializers.ChoiceField(PARTY_KINDS, source="party.kind")
    name = serializers.CharField(source="party.name")
    terms = PartyTermsOut(allow_null=True, help_text="null: nothing was said yet; its version counts as 0")
    days = PartyDayOut(many=True, help_text="On which they cannot come")
    contacts = PartyContactOut(many=True, help_text="Whom of the party the house writes to about hearings, if not the telephone the case has")


class PartyContactIn(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, help_text="As it was read; 0: there was none. Another one is 409 `stale`")
    capacity = serializers.ChoiceField(CAPACITIES, help_text="self: the party (of respondents only); agent: who stands in for it")
    name = serializers.CharField(max_length=60, allow_blank=True, default="")
    phone = serializers.CharField(max_length=32, allow_blank=True, default="", help_text="A mobile number")
    email = serializers.CharField(max_length=120, allow_blank=True, default="")
    language = serializers.ChoiceField(settings.LANGUAGES, default="zh-hans")
    may_write = serializers.BooleanField(default=True)


class PartyTermsIn(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, help_text="As it was read; another one is 409 `stale`")
    language = serializers.ChoiceField(LANGUAGES, allow_blank=True, default="")
    has_interpreter = serializers.BooleanField(default=False)
    is_step_free = serializers.BooleanField(default=False)
    needs = serializers.CharField(max_length=200, allow_blank=True, default="")


class DayIn(serializers.Serializer):
    day = serializers.DateField()
    part = serializers.ChoiceField(PARTS, default=ALL_DAY)


class DaysIn(serializers.Serializer):
    days = DayIn(many=True, allow_empty=False, max_length=suits.MOST_PARTY_DAYS)


class Parties:
    """Of a viewset of mediations."""

    def said_of(self, mediation: Mediation) -> Response:
        terms, days = {row.party_id: row for row in mediation.party_terms.all()}, defaultdict(list)
        for row in mediation.party_days.all():
            days[row.party_id].append(row)
        contacts = contacts_by_party(mediation)
        rows: list[Any] = [
            {"party": party, "terms": terms.get(party.pk), "days": days[party.pk], "contacts": contacts.get(party.pk, [])} for party in parties_of(mediation.claim)
        ]
        return Response(PartyOut(rows, many=True).data)

    @extend_schema(responses=PartyOut(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def parties(self, request: Request, pk: str) -> Response:
        mediation = self.get_object()
        log_access(request.user, "read", "mediation", mediation.pk, now=timezone.now(), region_code=mediation.claim.region_id)
        return self.said_of(mediation)

    @extend_schema(request=PartyTermsIn, responses={200: PartyOut(many=True), 409: Refusal})
    @action(detail=True, methods=["post"], url_path=f"parties/{UUID.format('party')}/terms", pagination_class=None, filterset_class=None)
    def party_terms(self, request: Request, pk: str, party: str) -> Response:
        mediation = self.get_object()
        suits.set_terms(mediation, suits.party_of(mediation, party), request.user, now=timezone.now(), **answered(PartyTermsIn, request))
        return self.said_of(mediation)

    @extend_schema(request=PartyContactIn, responses={200: PartyOut(many=True), 409: Refusal})
    @action(detail=True, methods=["post"], url_path=f"parties/{UUID.format('party')}/contact", pagination_class=None, filterset_class=None)
    def party_contact(self, request: Request, pk: str, party: str) -> Response:
        """Whom of the party the house writes to; of a hearing that is arranged already they are told at once."""
        mediation, told = self.get_object(), answered(PartyContactIn, request)
        party_telling.set_contact(mediation, suits.party_of(mediation, party), told.pop("capacity"), request.user, now=timezone.now(), **told)
        return self.said_of(mediation)

    @extend_schema(request=DaysIn, responses={200: PartyOut(many=True), 409: Refusal})
    @action(detail=True, methods=["post"], url_path=f"parties/{UUID.format('party')}/days", pagination_class=None, filterset_class=None)
    def party_days(self, request: Request, pk: str, party: str) -> Response:
        """Days, or halves of them, on which the party cannot come. A hearing that is arranged then is told to who holds it."""
        mediation = self.get_object()
        suits.require_may(mediation, request.user, timezone.now())
        days = {(one["day"], one["part"]) for one in answered(DaysIn, request)["days"]}
        suits.add_days(mediation, suits.party_of(mediation, party), sorted(days), request.user, now=timezone.now())
        return self.said_of(mediation)

    @extend_schema(request=None, responses={204: None, 409: Refusal})
    @action(detail=True, methods=["delete"], url_path=f"days/{UUID.format('day')}", pagination_class=None, filterset_class=None)
    def drop_day(self, request: Request, pk: str, day: str) -> Response:
        suits.drop_day(get_object_or_404(PartyDay, pk=day, mediation=self.get_object()), request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
