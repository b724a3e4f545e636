"""/api/v1/referrals/ID/links/ and …/paper/MOVE/: a body without accounts, for whoever sent the referral. The same verbs and
refusals as the pages; link and code are told once, in the answer that makes them."""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.facts import answers_to
from arrears.api.reports import read
from arrears.api.views import ReferralViewSet, Refusal, find_or_404, today
from arrears.lifecycle import REFERRAL
from arrears.models import Referral, ReplyLink
from arrears.models.links import CODE_WAYS, HAND, TOLD, WAYS
from arrears.partners import link_answers, links
from arrears.partners.answering import may_answer, may_record
from arrears.permits import require
from grid.models import Person


class LinkIn(serializers.Serializer):
    name = serializers.CharField(max_length=64)
    post = serializers.CharField(max_length=64)
    phone = serializers.CharField(max_length=32, default="", allow_blank=True)
    email = serializers.EmailField(default="", allow_blank=True)
    way = serializers.ChoiceField(WAYS, default=HAND, help_text="How the link gets there")
    code_way = serializers.ChoiceField(CODE_WAYS, default=TOLD, help_text="How the code does: another way than the link")
    days = serializers.IntegerField(default=links.USUAL, help_text=f"{links.SHORTEST} to {links.LONGEST}")


class LinkOut(serializers.ModelSerializer):
    is_live = serializers.SerializerMethodField()

    class Meta:
        model = ReplyLink
        fields = [
            "id", "referral", "name", "post", "way", "code_way", "made_by", "made_at", "expires_at", "opened_at", "used_at", "revoked_at", "is_live",
        ]  # fmt: skip

    def get_is_live(self, link: ReplyLink) -> bool:
        return link.is_live(timezone.now())


class LinkMade(LinkOut):
    url = serializers.SerializerMethodField(help_text="Told this once")
    code = serializers.SerializerMethodField(help_text="Told this once; empty if it goes by text message")

    class Meta:
        model = ReplyLink
        fields = [*LinkOut.Meta.fields, "url", "code"]

    def get_url(self, link: ReplyLink) -> str:
        return settings.SITE_URL.rstrip("/") + links.path_of(link)

    def get_code(self, link: ReplyLink) -> str:
        return links.code_of(link) if link.code_way == TOLD else ""


class PaperAnswerIn(serializers.Serializer):
    """Beside what the move asks for (GET …/moves/ of the body names it)."""

    answered_name = serializers.CharField(max_length=40)
    answered_post = serializers.CharField(max_length=40)
    paper_on = serializers.DateField(help_text="The day on the paper")
    scan = serializers.FileField()


class RepliedViewSet(ReferralViewSet):
    @extend_schema(request=LinkIn, responses={201: LinkMade, 409: Refusal}, methods=["POST"])
    @extend_schema(responses=LinkOut(many=True), methods=["GET"])
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def links(self, request: Request, pk: str) -> Response:
        """One-time links for a body without accounts. POST makes one, which ends the one before."""
        referral: Referral = self.get_object()
        if request.method == "GET":
            require(may_record(referral, request.user, today()))
            return Response(LinkOut(referral.links.all(), many=True).data)
        link = links.issue(referral, request.user, now=timezone.now(), **read(LinkIn, request))
        response = Response(LinkMade(link).data, status=201)
        response["Cache-Control"] = "private, no-store"
        return response

    @extend_schema(request=None, responses={200: LinkOut, 409: Refusal}, parameters=[OpenApiParameter("link", OpenApiTypes.UUID, "path")])
    @action(detail=True, methods=["post"], url_path=r"links/(?P<link>[0-9a-f-]{36})/revoke", pagination_class=None, filterset_class=None)
    def revoke_link(self, request: Request, pk: str, link: str) -> Response:
        referral: Referral = self.get_object()
        row = get_object_or_404(referral.links.select_related("referral__claim", "referral__body"), pk=link)
        links.revoke(row, request.user, now=timezone.now())
        row.refresh_from_db()
        return Response(LinkOut(row).data)

    @extend_schema(
        request={"multipart/form-data": PaperAnswerIn}, responses={200: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT, 409: Refusal},
        parameters=[OpenApiParameter("name", str, "path", description="The move of the body that the paper makes")],
    )  # fmt: skip
    @action(
        detail=True, methods=["post"], url_path=r"paper/(?P<name>[a-z_]+)", pagination_class=None, filterset_class=None,
        parser_classes=[MultiPartParser, FormParser],
    )  # fmt: skip
    def record_paper(self, request: Request, pk: str, name: str) -> Response:
        """What a body answered on paper, with the scan of it."""
        referral: Referral = self.get_object()
        person: Person = request.user
        require(may_record(referral, person, today()))
        move = find_or_404(REFERRAL, name)
        require(may_answer(move, referral))
        said: dict[str, Any] = read(PaperAnswerIn, request)
        answers = answers_to(move, {key: value for key, value in request.data.items() if key not in said}, {})
        made = link_answers.record_paper(
            referral, name, person, now=timezone.now(), on=said["paper_on"], scan=said["scan"], name=said["answered_name"],
            post=said["answered_post"], **answers,
        )  # fmt: skip
        return Response(self.get_serializer(made).data)
