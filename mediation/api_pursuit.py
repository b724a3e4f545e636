"""/api/v1/mediations/ID/pursuit/: what one press would make after a missed instalment, and the press. The same verb as the page."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.issued import PaperOut
from arrears.api.views import Refusal, today
from mediation.models import Agreement
from mediation.pursuing.finding import Pursuit
from mediation.pursuing.table import WAYS
from mediation.pursuing.verbs import press

WAY_CHOICES = [(way.name, way.label) for way in WAYS.values()]


class PursuitAsked(serializers.Serializer):
    way = serializers.ChoiceField(WAY_CHOICES, required=False, help_text="Without it the first that is open")


class PursuitWayOut(serializers.Serializer):
    way = serializers.CharField(source="way.name")
    is_open = serializers.BooleanField()
    why_not = serializers.CharField()


class PursuitMissingOut(serializers.Serializer):
    name = serializers.CharField(help_text="As `answers` calls it; empty: it is filled in at the claim")
    what = serializers.CharField()


class PursuitOut(serializers.Serializer):
    """`asked`: what the paper asks for; with the rest, once an instalment was missed and the agreement says so (`has_fallen_due`).
    `made`: the paper that stands already."""

    way = serializers.ChoiceField(WAY_CHOICES)
    form = serializers.CharField()
    asked = serializers.DecimalField(max_digits=14, decimal_places=2)
    has_fallen_due = serializers.BooleanField()
    missing = PursuitMissingOut(many=True)
    ways = PursuitWayOut(many=True)
    files = serializers.CharField(help_text="Who takes it to the court")
    file_by = serializers.DateField()
    made = serializers.UUIDField(allow_null=True)


class PursuitIn(PursuitAsked):
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict, help_text="What is missing, by its name; a declaration is `true`")


class PressedOut(serializers.Serializer):
    paper = PaperOut()
    is_new = serializers.BooleanField(help_text="false: it stood already, for the same sum")
    due_on = serializers.DateField(help_text="By when it should be at the court")


class Pursuits:
    """Of the view set of mediations."""

    @extend_schema(methods=["GET"], parameters=[PursuitAsked], responses={200: PursuitOut, 404: None, 409: Refusal})
    @extend_schema(methods=["POST"], request=PursuitIn, responses={200: PressedOut, 201: PressedOut, 404: None, 409: Refusal})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def pursuit(self, request: Request, pk: str) -> Response:
        """After a missed instalment: GET says what would be made, POST makes it and hands on the next step. 404 while there is no
        agreement; 409 while nothing is late, or something is missing."""
        agreement = get_object_or_404(Agreement.objects.select_related("mediation__claim", "mediation__mediator"), mediation=self.get_object())
        if request.method == "POST":
            return self.pressed(agreement, request)
        asked = PursuitAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(PursuitOut(shown(Pursuit(agreement, agreement.mediation.claim, today(), asked.validated_data.get("way", "")))).data)

    def pressed(self, agreement: Agreement, request: Request) -> Response:
        asked = PursuitIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        made = press(agreement, request.user, now=timezone.now(), way=said.get("way", ""), typed=said["answers"])
        return Response(PressedOut(made).data, status=status.HTTP_201_CREATED if made.is_new else status.HTTP_200_OK)


def shown(found: Pursuit) -> dict[str, Any]:
    missing = [{"name": ask.name, "what": gettext(ask.label)} for ask in found.missing] + [{"name": "", "what": gap.meaning} for gap in found.gaps]
    return {
        "way": found.way.name, "form": found.form.id, "asked": found.asked, "has_fallen_due": found.standing.has_fallen_due, "missing": missing,
        "ways": found.choices, "files": str(found.files or ""), "file_by": found.file_by, "made": found.made.pk if found.made else None,
    }  # fmt: skip
