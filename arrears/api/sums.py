"""/api/v1/figures/: the figures the law leaves to somebody who publishes them; administrators of the city add and withdraw. And
what the sums come to (`/api/v1/claims/ID/sums/`). The same verbs as the pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language, gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from arrears.forms.figures import SumsForm
from arrears.models import Claim, PublishedFigure
from arrears.rules.tables import CONFIDENCES
from arrears.situation.of_claim import facts_of, rows
from arrears.sums.answers import Answer, reckon
from arrears.sums.book import figures_now, publish, withdraw
from arrears.sums.kinds import KINDS, PUBLISHED, Figure, in_force
from arrears.sums.of_claim import bars_of, workers_of
from grid.api import Refusal
from grid.days import day_of
from grid.models import Region
from grid.scope import get_visible


def today() -> date:
    return day_of(timezone.now())


def read(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    said = shape(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


class FigureOut(serializers.Serializer):
    """`id`: of one that administrators published; null: it comes with the program."""

    id = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    name = serializers.CharField()
    basis = serializers.CharField(help_text="Law and article that use it")
    unit = serializers.CharField()
    region = serializers.CharField(allow_blank=True, help_text="Where it holds; blank: everywhere")
    amount = serializers.DecimalField(max_digits=16, decimal_places=6)
    since = serializers.DateField()
    source = serializers.CharField()
    confidence = serializers.CharField(help_text="T text read, P excerpt read, K not checked")
    doubts = serializers.ListField(child=serializers.CharField(), help_text="unverified, stale: what is reckoned with it is provisional")
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class FigureIn(serializers.Serializer):
    kind = serializers.ChoiceField([(row.id, row.name) for row in KINDS.values()])
    region = serializers.CharField(max_length=12, default="", allow_blank=True, help_text="Code of a county; blank: the province or the country")
    amount = serializers.DecimalField(max_digits=16, decimal_places=6)
    since = serializers.DateField(help_text="May be a day to come: it is used from then on")
    source = serializers.CharField(max_length=200)
    confidence = serializers.ChoiceField(list(CONFIDENCES.items()))

    def validate_region(self, code: str) -> Region | None:
        if not code:
            return None
        region = Region.objects.current().filter(code=code).first()
        if region is None:
            raise serializers.ValidationError(gettext("没有这个地区。"), code="unknown_region")
        return region


class TakeBackIn(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class SumLineOut(serializers.Serializer):
    label = serializers.CharField()
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)


class SumOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    basis = serializers.CharField()
    note = serializers.CharField()
    verdict = serializers.CharField(allow_null=True, help_text="null: not reckoned, figures are missing")
    lines = SumLineOut(many=True)
    used = FigureOut(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    is_provisional = serializers.BooleanField()
    doubts = serializers.ListField(child=serializers.CharField())


def figure_out(figure: Figure, row: PublishedFigure | None = None) -> dict[str, Any]:
    kind, language = KINDS[figure.kind], get_language() or ""
    return {
        "id": row.pk if row else None, "kind": figure.kind, "name": kind.text("name", language), "basis": kind.citation(language), "unit": kind.unit,
        "region": figure.region, "amount": figure.amount, "since": figure.since,
        "source": figure.source_en if figure.source_en and language.startswith("en") else figure.source,
        "confidence": figure.confidence, "doubts": figure.doubts(today()), "withdrawn_at": row.withdrawn_at if row else None,
    }  # fmt: skip


def of_row(row: PublishedFigure) -> dict[str, Any]:
    return figure_out(Figure(row.kind, row.region_id or "", row.amount, row.since, row.source, row.confidence), row)


def sum_out(answer: Answer) -> dict[str, Any]:
    language = get_language() or ""
    return {
        "id": answer.sum.id, "name": answer.sum.text("name", language), "basis": answer.sum.citation(language), "note": answer.sum.text("note", language),
        "verdict": answer.verdict.text(gettext) if answer.verdict else None,
        "lines": [{"label": line.label.text(gettext), "amount": line.amount} for line in answer.lines],
        "used": [figure_out(figure) for figure in answer.used], "missing": answer.missing,
        "is_provisional": bool(answer.doubts), "doubts": answer.doubts,
    }  # fmt: skip


class FigureViewSet(GenericViewSet):
    """Every figure with the day it holds from and where it is from; nothing is changed, what was wrong is withdrawn."""

    queryset = PublishedFigure.objects.none()
    serializer_class = FigureOut
    pagination_class = None
    filterset_class = None

    @extend_schema(responses=FigureOut(many=True))
    def list(self, request: Request) -> Response:
        rows_ = PublishedFigure.objects.filter(kind__in=KINDS).order_by("kind", "-since", "-entered_at")
        return Response(FigureOut([*(of_row(row) for row in rows_), *(figure_out(figure) for figure in PUBLISHED)], many=True).data)

    @extend_schema(request=FigureIn, responses={201: FigureOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        row = publish(request.user, now=timezone.now(), today=today(), **read(FigureIn, request))
        return Response(FigureOut(of_row(row)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TakeBackIn, responses={200: FigureOut, 409: Refusal}, parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)])
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def withdraw(self, request: Request, pk: str) -> Response:
        row = get_object_or_404(PublishedFigure, pk=pk)
        withdraw(row, request.user, now=timezone.now(), today=today(), reason=read(TakeBackIn, request)["reason"])
        return Response(FigureOut(of_row(row)).data)


ASKED = [
    OpenApiParameter(name, OpenApiTypes.STR, description=said, many=name == "bars")
    for name, said in (
        ("wages", "Instead of what the claim says; of a claim of one worker"), ("months", "For how many months"), ("overtime", "Item of an award"),
        ("injury", "Item of an award"), ("severance", "Item of an award"), ("damages", "Item of an award"), ("unsettled", "Project payment not settled"),
        ("pay_by", "Day the labour department set for payment"), ("perform_by", "Last day of performance of a judgment or award"),
        ("until", "Day interest is reckoned to"), ("bars", "debtor_missing, appraisal, counter_claim"), ("ended", "mediated, withdrawn, simplified"),
    )
]  # fmt: skip


def sums_of(claim: Claim, asked: Any) -> list[dict[str, Any]]:
    """Raises ValidationError, by field."""
    facts, workers = facts_of(claim, today()), workers_of(claim)
    form = SumsForm(asked, today=today(), workers=workers, bars=bars_of(facts), unsettled=facts.unsettled)
    if not form.is_valid():
        raise serializers.ValidationError(form.errors)
    known = figures_now()
    return [sum_out(answer) for answer in reckon(form.asked, lambda kind: in_force(kind, claim.region_id, today(), known))]


class ClaimSums:
    """What `/claims/ID/sums/` answers; mixed into the claims of the API."""

    request: Request
    get_object: Callable[[], Claim]

    @extend_schema(parameters=ASKED, responses=SumOut(many=True), description="What the law has reckoned for the claim, each with its article and figures.")
    @action(detail=True, pagination_class=None, filterset_class=None)
    def sums(self, request: Request, pk: str) -> Response:
        claim = get_visible(rows(), request.user, today(), pk=pk)
        return Response(SumOut(sums_of(claim, request.query_params), many=True).data)
