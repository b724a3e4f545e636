"""/api/v1/postings/, leave/, duty/, vacancies/: who holds which post from when to when, who is away, who is on duty, which
posts are vacant. The same verbs, and the same people see the same rows, as on the pages."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from grid import leaves, rostering
from grid.api import Refusal
from grid.authority import STAFFING, administered, may_appoint, may_enter_leave, people_of, place_of
from grid.days import day_of
from grid.models import Body, Duty, Leave, Person, Posting, Region
from grid.roles import ROLES
from grid.rota import rostered, set_duties
from grid.vacancies import soon_vacant, vacancies_for

ROLE_CHOICES = [(role.name, role.label) for role in ROLES.values()]


def today() -> date:
    return day_of(timezone.now())


class ByStart(CursorPagination):
    ordering = ("-starts_on", "-id")
    page_size = 100


class PersonOut(serializers.ModelSerializer):
    class Meta:
        model = Person
        fields = ["id", "username", "full_name"]
        ref_name = "PersonShort"


# Postings


class PostingOut(serializers.ModelSerializer):
    person = PersonOut()

    class Meta:
        model = Posting
        fields = ["id", "person", "role", "region", "body", "is_deputy", "starts_on", "ends_on"]


class PostingIn(serializers.Serializer):
    person = serializers.CharField(help_text="User name")
    role = serializers.ChoiceField(ROLE_CHOICES)
    region = serializers.CharField(required=False, help_text="Division code; for a partner the body instead")
    body = serializers.UUIDField(required=False)
    is_deputy = serializers.BooleanField(default=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)


class LastDay(serializers.Serializer):
    last_day = serializers.DateField()


class PostingFilter(filters.FilterSet):
    role = filters.ChoiceFilter(choices=ROLE_CHOICES)
    region = filters.CharFilter(field_name="region_id", lookup_expr="startswith", label="Inside this division")
    on = filters.DateFilter(method="by_day", label="In force on the day")

    class Meta:
        model = Posting
        fields: list[str] = []

    def by_day(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        return rows.filter(Q(ends_on=None) | Q(ends_on__gte=value), starts_on__lte=value)


class OfStaff(viewsets.GenericViewSet):
    """Rows of the people the caller sees on the pages of people; the rest is 404."""

    pagination_class = ByStart

    def people(self) -> QuerySet[Person]:
        return people_of(self.request.user, today())


class PostingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfStaff):
    queryset = Posting.objects.none()
    serializer_class = PostingOut
    filterset_class = PostingFilter

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Posting.objects.filter(person__in=self.people()).select_related("person")

    @extend_schema(request=PostingIn, responses={201: PostingOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        """Appoints somebody. Administrators only, inside their regions."""
        if not administered(request.user.scope(today())):
            raise Http404
        said = answered(PostingIn, request)
        person = get_object_or_404(self.people(), username=said.pop("person"))
        region, body = said.pop("region", None), said.pop("body", None)
        said["region"] = get_object_or_404(Region, pk=region) if region else None
        said["body"] = get_object_or_404(Body, pk=body) if body else None
        posting = rostering.appoint(person, request.user, now=timezone.now(), **said)
        return Response(PostingOut(posting).data, status=status.HTTP_201_CREATED)

    def mine(self) -> Posting:
        posting = self.get_object()
        if not may_appoint(self.request.user, place_of(posting), today()):
            raise Http404
        return posting

    @extend_schema(request=LastDay, responses={200: PostingOut, 409: Refusal})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        rostering.end_posting(self.mine(), request.user, now=timezone.now(), **answered(LastDay, request))
        return Response(PostingOut(self.get_object()).data)

    @extend_schema(request=None, responses={204: None, 409: Refusal})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        rostering.withdraw_posting(self.mine(), request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


# Leave


class LeaveOut(serializers.ModelSerializer):
    person, deputy = PersonOut(), PersonOut(allow_null=True)

    class Meta:
        model = Leave
        fields = ["id", "person", "starts_on", "ends_on", "deputy"]


class LeaveDays(serializers.Serializer):
    starts_on, ends_on = serializers.DateField(), serializers.DateField()
    deputy = serializers.CharField(required=False, allow_null=True, default=None, help_text="User name")


class LeaveIn(LeaveDays):
    person = serializers.CharField(required=False, help_text="User name; none: the caller")


class LeaveViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfStaff):
    queryset = Leave.objects.none()
    serializer_class = LeaveOut

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Leave.objects.filter(Q(person__in=self.people()) | Q(person=self.request.user))
        return rows.select_related("person", "deputy")

    @extend_schema(request=LeaveIn, responses={201: LeaveOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        said = answered(LeaveIn, request)
        name = said.pop("person", request.user.username)
        person = request.user if name == request.user.username else get_object_or_404(self.people(), username=name)
        leave = leaves.enter_leave(person, request.user, now=timezone.now(), **with_deputy(said, person))
        return Response(LeaveOut(leave).data, status=status.HTTP_201_CREATED)

    def mine(self) -> Leave:
        leave = self.get_object()
        if not may_enter_leave(self.request.user, leave.person, today()):
            raise Http404
        return leave

    @extend_schema(request=LeaveDays, responses={200: LeaveOut, 409: Refusal})
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        leave = self.mine()
        said = with_deputy(answered(LeaveDays, request), leave.person, leave.deputy)
        return Response(LeaveOut(leaves.change_leave(leave, request.user, now=timezone.now(), **said)).data)

    @extend_schema(request=None, responses={204: None, 409: Refusal})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        leaves.cancel_leave(self.mine(), request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def with_deputy(said: dict[str, Any], person: Person, kept: Person | None = None) -> dict[str, Any]:
    """Only whoever can stand in for the person is known by name here."""
    name = said["deputy"]
    if name and kept and kept.username == name:
        return {**said, "deputy": kept}
    return {**said, "deputy": get_object_or_404(leaves.deputies_for(person, today()), username=name) if name else None}


# The duty roster


class DutyOut(serializers.ModelSerializer):
    person = PersonOut()

    class Meta:
        model = Duty
        fields = ["id", "region", "day", "person"]


class DutyIn(serializers.Serializer):
    region = serializers.CharField()
    days = serializers.DictField(
        child=serializers.CharField(allow_null=True), help_text="By day (2026-03-07) a user name; null: nobody"
    )


class Changed(serializers.Serializer):
    changed = serializers.IntegerField(help_text="How many days stand differently now")


class DutyFilter(filters.FilterSet):
    region = filters.CharFilter(field_name="region_id")
    first = filters.DateFilter(field_name="day", lookup_expr="gte")
    last = filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model = Duty
        fields: list[str] = []


class ByDay(CursorPagination):
    ordering = ("day", "id")
    page_size = 100


class DutyViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Of the regions the caller works for, or administers, and those inside."""

    queryset = Duty.objects.none()
    serializer_class = DutyOut
    filterset_class = DutyFilter
    pagination_class = ByDay

    def regions(self) -> list[Region]:
        if found := rostered(self.request.user.scope(today())):
            return found
        raise Http404

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Duty.objects.filter(region__in=self.regions()).select_related("person")

    @extend_schema(request=DutyIn, responses={200: Changed, 409: Refusal})
    def create(self, request: Request) -> Response:
        """Sets the days named; all others stay."""
        said = answered(DutyIn, request)
        region = next((one for one in self.regions() if one.code == said["region"]), None)
        if region is None:
            raise Http404
        named = {name for name in said["days"].values() if name}
        people = {one.username: one for one in Person.objects.filter(username__in=named)}
        try:
            plan = {date.fromisoformat(day): people[name] if name else None for day, name in said["days"].items()}
        except ValueError:
            raise serializers.ValidationError({"days": ["YYYY-MM-DD"]}) from None
        except KeyError:
            raise Http404 from None
        changed = set_duties(region, plan, request.user, now=timezone.now()) if plan else 0
        return Response({"changed": changed})


# Vacancies


class VacancyOut(serializers.Serializer):
    role = serializers.ChoiceField(ROLE_CHOICES)
    region = serializers.CharField()
    body = serializers.UUIDField(allow_null=True)
    place = serializers.CharField()
    is_away = serializers.BooleanField(help_text="Somebody holds it, but is on leave and nobody stands in for them")
    is_named = serializers.BooleanField(help_text="A ladder tells this post")
    ends_on = serializers.DateField(allow_null=True, help_text="Somebody is still in it until this day")
    on_call = serializers.ListField(child=serializers.CharField())
    may_appoint = serializers.BooleanField()


class VacancyViewSet(viewsets.ViewSet):
    """The posts the caller has to see to. 404 for whoever has none to see to."""

    @extend_schema(
        responses=VacancyOut(many=True),
        parameters=[OpenApiParameter("soon", bool, description="Those that will be vacant within two weeks instead")],
    )
    def list(self, request: Request) -> Response:
        scope = request.user.scope(today())
        if not scope.roles & STAFFING:
            raise Http404
        found = soon_vacant(scope) if request.query_params.get("soon") in ("true", "1") else vacancies_for(scope)
        return Response(VacancyOut([facts_of(one) for one in found], many=True).data)


def facts_of(vacancy: Any) -> dict[str, Any]:
    plain = {name: getattr(vacancy, name) for name in ("is_away", "is_named", "ends_on", "on_call", "may_appoint", "place")}
    return {**plain, "role": vacancy.role_name, "region": vacancy.region.code, "body": vacancy.body and vacancy.body.pk}


def answered(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    said = kind(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)
