"""/api/v1/papers/: what was issued, issuing, files; /api/v1/packets/: asking for a packet, how far it is, files. The same verbs as
the pages."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears import long_work
from arrears.api.views import Refusal, Visible, today
from arrears.models import Claim, Packet, Paper
from arrears.models.papers import PACKET_STATES
from arrears.papers import issuing, packets
from arrears.papers.answering import cleaned
from arrears.papers.book import form_of
from arrears.papers.forms import FORMS, PACKETS
from arrears.papers.keeping import path_of
from arrears.papers.making import Maker
from arrears.tasks import make_packets
from arrears.views.papers import handed
from grid.access import log_access
from grid.scope import get_visible, sees_region

FORM_IDS = [(form.id, form.name) for form in FORMS.values()]
PACKET_KINDS = [(kind.id, kind.name) for kind in PACKETS.values()]
ABOUT = "What of the claim it is about: a proceeding, a support case, a service or an agreement; null: the newest of each"


class IssueIn(serializers.Serializer):
    claim = serializers.UUIDField()
    form = serializers.ChoiceField(FORM_IDS)
    worker = serializers.UUIDField(allow_null=True, default=None, help_text="Of a paper that is made for each worker: whose")
    about = serializers.UUIDField(allow_null=True, default=None, help_text=ABOUT)
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict, help_text="What the form asks, by the names of its questions")


class AnswersIn(serializers.Serializer):
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


class ReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class PaperOut(serializers.ModelSerializer):
    form = serializers.ChoiceField(FORM_IDS)
    replaced_by = serializers.UUIDField(source="replaced_by.pk", default=None, allow_null=True)
    about = serializers.UUIDField(source="about_id", allow_null=True, help_text=ABOUT)

    class Meta:
        model = Paper
        fields = [
            "id", "claim", "form", "title", "number", "version", "replaces", "replaced_by", "worker", "about", "template_version", "facts_sha256", "gaps", "docx_sha256",
            "docx_size", "pdf_sha256", "pdf_size", "pages", "issued_by", "issued_at", "withdrawn_at", "withdrawn_because",
        ]  # fmt: skip


class PaperFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")
    form = filters.ChoiceFilter(choices=FORM_IDS)


FILE = extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})


class PaperViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Paper.objects.select_related("claim", "worker", "replaced_by").defer("facts")
    serializer_class = PaperOut
    filterset_class = PaperFilter

    @extend_schema(request=IssueIn, responses={201: PaperOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        asked = IssueIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what = asked.validated_data
        claim = get_visible(Claim, request.user, today(), pk=what["claim"])
        worker = claim.claimants.filter(pk=what["worker"]).first() if what["worker"] else None
        if what["worker"] and worker is None:
            raise serializers.ValidationError({"worker": "not of this claim"})
        answers = answered(claim, what["form"], what["answers"])
        paper = issuing.issue(claim, what["form"], request.user, now=timezone.now(), answers=answers, worker=worker, about_id=what["about"])
        return Response(PaperOut(paper).data, status=201)

    @extend_schema(request=AnswersIn, responses={201: PaperOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def reissue(self, request: Request, pk: str) -> Response:
        """The next version, from what is known today."""
        paper, said = self.get_object(), AnswersIn(data=request.data)
        said.is_valid(raise_exception=True)
        answers = answered(paper.claim, paper.form, said.validated_data["answers"])
        return Response(PaperOut(issuing.reissue(paper, request.user, now=timezone.now(), answers=answers)).data, status=201)

    @extend_schema(request=ReasonIn, responses={200: PaperOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def withdraw(self, request: Request, pk: str) -> Response:
        paper, said = self.get_object(), ReasonIn(data=request.data)
        said.is_valid(raise_exception=True)
        issuing.withdraw(paper, request.user, now=timezone.now(), reason=said.validated_data["reason"])
        return Response(PaperOut(paper).data)

    @FILE
    @action(detail=True, filterset_class=None, pagination_class=None)
    def docx(self, request: Request, pk: str) -> HttpResponseBase:
        return self.file("docx")

    @FILE
    @action(detail=True, filterset_class=None, pagination_class=None)
    def pdf(self, request: Request, pk: str) -> HttpResponseBase:
        return self.file("pdf")

    def file(self, kind: str) -> HttpResponseBase:
        paper = self.get_object()
        log_access(self.request.user, "download", "paper", paper.pk, now=timezone.now(), region_code=paper.claim.region_id)
        return handed(path_of(paper, kind), kind, f"{paper.number}-{paper.title}")


def answered(claim: Claim, form_id: str, typed: dict[str, str]) -> dict[str, Any]:
    form = form_of(form_id)
    return cleaned(form, typed, Maker(claim, today()).record(form))


class PacketIn(serializers.Serializer):
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(PACKET_KINDS)
    forms = serializers.ListField(child=serializers.ChoiceField(FORM_IDS), max_length=60)
    evidence = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=packets.MOST_EVIDENCE)
    each = serializers.BooleanField(default=False, help_text="One set for each worker instead of one suit of all")
    redacted = serializers.BooleanField(default=False, help_text="Redacted copies where there are any")
    watermark = serializers.CharField(max_length=60, default="", allow_blank=True)
    about = serializers.UUIDField(allow_null=True, default=None, help_text=ABOUT)
    referral = serializers.UUIDField(allow_null=True, default=None, help_text="With which it goes: redacted, marked, and of its workers only")
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


class PacketOut(serializers.ModelSerializer):
    kind = serializers.ChoiceField(PACKET_KINDS)
    papers = serializers.SerializerMethodField()
    percent = serializers.SerializerMethodField()

    class Meta:
        model = Packet
        fields = [
            "id", "claim", "kind", "title", "referral", "state", "percent", "refused", "asked_by", "asked_at", "made_at", "gaps", "documents", "pages",
            "papers", "zip_sha256", "zip_size", "pdf_sha256", "pdf_size",
        ]  # fmt: skip
        extra_kwargs = {"claim": {"allow_null": True}, "asked_by": {"allow_null": True}}

    def to_representation(self, packet: Packet) -> dict[str, Any]:
        """A body's own people have the packet that goes with their referral; the rest of its making stays with the claim."""
        told = super().to_representation(packet)
        request = self.context.get("request")
        if request and not sees_region(request.user, packet.claim.region_id, today()):
            told |= {"claim": None, "asked_by": None, "refused": "", "gaps": [], "papers": []}
        return told

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_papers(self, packet: Packet) -> list[Any]:
        return [link.paper_id for link in packet.packetpaper_set.all()]

    def get_percent(self, packet: Packet) -> int:
        return 100 if packet.is_made else long_work.percent(packet.pk) if packet.is_under_way else 0


class PacketFilter(filters.FilterSet):
    claim = filters.UUIDFilter(field_name="claim_id")
    referral = filters.UUIDFilter(field_name="referral_id")
    state = filters.MultipleChoiceFilter(choices=PACKET_STATES)


class PacketViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Packet.objects.select_related("claim").prefetch_related("packetpaper_set").defer("answers")
    serializer_class = PacketOut
    filterset_class = PacketFilter

    @extend_schema(request=PacketIn, responses={202: PacketOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        """Asks for a packet. Look at it until its state is no longer `asked`."""
        asked = PacketIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what = asked.validated_data
        claim = get_visible(Claim, request.user, today(), pk=what["claim"])
        wish = packets.Wish(what["kind"], what["forms"], what["evidence"], what["each"], what["redacted"], what["watermark"], what["about"])
        referral = claim.referrals.select_related("body").filter(pk=what["referral"]).first() if what["referral"] else None
        if what["referral"] and referral is None:
            raise serializers.ValidationError({"referral": "not of this claim"})
        packet = packets.ask(claim, wish, what["answers"], request.user, now=timezone.now(), send=make_packets.delay, referral=referral)
        return Response(PacketOut(packet).data, status=202)

    @extend_schema(request=None, responses={202: PacketOut, 409: Refusal})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def again(self, request: Request, pk: str) -> Response:
        """Tries one that failed once more."""
        packet = self.get_object()
        packets.again(packet, request.user, now=timezone.now(), send=make_packets.delay)
        packet.refresh_from_db()
        return Response(PacketOut(packet).data, status=202)

    @FILE
    @action(detail=True, filterset_class=None, pagination_class=None)
    def zip(self, request: Request, pk: str) -> HttpResponseBase:
        return self.file("zip")

    @FILE
    @action(detail=True, filterset_class=None, pagination_class=None)
    def pdf(self, request: Request, pk: str) -> HttpResponseBase:
        return self.file("pdf")

    def file(self, kind: str) -> HttpResponseBase:
        packet = self.get_object()
        log_access(self.request.user, "download", "packet", packet.pk, now=timezone.now(), region_code=packet.claim.region_id)
        return handed(path_of(packet, kind), kind, f"{packet.claim.number}-{packet.title}")
