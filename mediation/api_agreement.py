"""/api/v1/: the draft of an agreement, what is wrong with it, and its signing. The same verbs as the page."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.facts import CENT, MoneyField
from arrears.api.rows import EvidenceOut, PaymentOut
from arrears.api.views import Refusal, today
from arrears.lifecycle import PAY_METHODS, PROMISED_METHODS
from arrears.models import Claimant
from mediation import handing, paying
from mediation.drafting import verbs
from mediation.drafting.clauses import CLAUSES
from mediation.drafting.scans import attach
from mediation.drafting.terms import CONSENTS, SIGNER_POSTS, read
from mediation.models import Agreement, Mediation
from mediation.models.agreements import WAYS
from mediation.outstanding import by_worker, standing_of


class AgreementShareIn(serializers.Serializer):
    worker = serializers.UUIDField()
    amount = serializers.CharField(allow_blank=True, max_length=40)
    consent = serializers.ChoiceField(choices=CONSENTS, allow_blank=True, default="")


class AgreementPartIn(serializers.Serializer):
    due_on = serializers.CharField(allow_blank=True, max_length=20)
    amount = serializers.CharField(allow_blank=True, max_length=40)


class AgreementDraftIn(serializers.Serializer):
    """Texts as they were typed: what cannot be read is kept, and named among the findings. `version` of the draft that was read;
    0: there was none."""

    version = serializers.IntegerField(min_value=0)
    total = serializers.CharField(allow_blank=True, default="", max_length=120)
    manner = serializers.ChoiceField(choices=PROMISED_METHODS, allow_blank=True, default="")
    payee = serializers.CharField(allow_blank=True, default="", max_length=500)
    terms = serializers.CharField(allow_blank=True, default="", max_length=8000)
    default_clause = serializers.CharField(allow_blank=True, default="", max_length=2000)
    less_reason = serializers.CharField(allow_blank=True, default="", max_length=500)
    signer = serializers.CharField(allow_blank=True, default="", max_length=120)
    signer_post = serializers.ChoiceField(choices=SIGNER_POSTS, allow_blank=True, default="")
    accelerates = serializers.BooleanField(default=False)
    clauses = serializers.ListField(child=serializers.ChoiceField(choices=sorted(CLAUSES)), default=list, max_length=40)
    plan = AgreementPartIn(many=True, default=list)
    shares = AgreementShareIn(many=True, default=list)

    def said(self) -> dict[str, Any]:
        facts = dict(self.validated_data)
        facts["plan"] = [[part["due_on"], part["amount"]] for part in facts["plan"]]
        facts["shares"] = {str(share["worker"]): [share["amount"], share["consent"]] for share in facts["shares"]}
        return facts


class AgreementFindingOut(serializers.Serializer):
    code = serializers.CharField()
    is_hard = serializers.BooleanField(help_text="true: the agreement cannot be signed like this")
    at = serializers.CharField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, finding: Any) -> str:
        return finding.phrase.text(gettext)


class AgreementDraftOut(serializers.Serializer):
    version = serializers.IntegerField()
    told = serializers.JSONField()
    findings = AgreementFindingOut(many=True)


class AgreementSignIn(serializers.Serializer):
    version = serializers.IntegerField(min_value=1)
    effective_on = serializers.DateField()
    how = serializers.ChoiceField(choices=WAYS, default="paper")
    signed_by_parties = serializers.BooleanField(default=False)
    signed_by_mediator = serializers.BooleanField(default=False)
    sealed = serializers.BooleanField(default=False)


class InstalmentStandingOut(serializers.Serializer):
    number = serializers.IntegerField()
    due_on = serializers.DateField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    paid = serializers.DecimalField(max_digits=14, decimal_places=2)
    left = serializers.DecimalField(max_digits=14, decimal_places=2)
    is_overdue = serializers.BooleanField()


class ShareStandingOut(serializers.Serializer):
    worker = serializers.UUIDField(source="key.pk")
    name = serializers.CharField(source="key.name")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    paid = serializers.DecimalField(max_digits=14, decimal_places=2)
    left = serializers.DecimalField(max_digits=14, decimal_places=2)


class AgreementStandingOut(serializers.Serializer):
    """total = paid + left, and the workers' sums are these, to the cent. `due_now`: all that is left, once an instalment was missed
    and the agreement says so."""

    number = serializers.CharField()
    total = serializers.DecimalField(max_digits=14, decimal_places=2)
    paid = serializers.DecimalField(max_digits=14, decimal_places=2)
    left = serializers.DecimalField(max_digits=14, decimal_places=2)
    over = serializers.DecimalField(max_digits=14, decimal_places=2)
    due_now = serializers.DecimalField(max_digits=14, decimal_places=2)
    has_fallen_due = serializers.BooleanField()
    parts = InstalmentStandingOut(many=True)
    workers = ShareStandingOut(many=True)


class AgreementPaymentIn(serializers.Serializer):
    """`worker` left out: for all of them, in proportion to what each is still owed."""

    amount = MoneyField(min_value=CENT)
    paid_on = serializers.DateField()
    method = serializers.ChoiceField(choices=PAY_METHODS)
    note = serializers.CharField(allow_blank=True, default="", max_length=200)
    worker = serializers.UUIDField(required=False, allow_null=True, default=None)


class AgreementCopyOut(serializers.Serializer):
    """One party's copy: a paper that is served (GET /api/v1/services/), by the city's own target until `due_on`."""

    id = serializers.UUIDField()
    service = serializers.UUIDField(source="service_id")
    receiver = serializers.CharField(source="service.receiver")
    state = serializers.CharField(source="service.state", help_text="waiting, served or dropped")
    due_on = serializers.DateField(source="service.due_on")
    served_on = serializers.DateField(source="service.deemed_on", allow_null=True)
    method = serializers.CharField(source="service.method")


class CopiesHandedIn(serializers.Serializer):
    """`copies`: whose; left out: everybody's that waits. The scan of the signed agreement proves it."""

    copies = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=500)


class SignedScanIn(serializers.Serializer):
    scan = serializers.FileField()


class Drafts:
    """Of the view set of mediations."""

    @extend_schema(responses={200: AgreementCopyOut(many=True), 404: None})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def copies(self, request: Request, pk: str) -> Response:
        """Who is to get the agreement, and who has it; 404 while there is none."""
        agreement = get_object_or_404(Agreement, mediation=self.get_object())
        return Response(AgreementCopyOut(handing.copies(agreement), many=True).data)

    @extend_schema(request=CopiesHandedIn, responses={200: AgreementCopyOut(many=True), 404: None, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="copies/hand_over", pagination_class=None, filterset_class=None)
    def hand_over(self, request: Request, pk: str) -> Response:
        """Handed over on the spot, in person. Other ways are those of the service."""
        agreement = get_object_or_404(Agreement.objects.select_related("mediation__claim"), mediation=self.get_object())
        asked = CopiesHandedIn(data=request.data)
        asked.is_valid(raise_exception=True)
        everybody = [copy.pk for copy in handing.copies(agreement)]
        handing.hand_over(agreement, request.user, now=timezone.now(), whom=asked.validated_data.get("copies", everybody))
        return Response(AgreementCopyOut(handing.copies(agreement), many=True).data)

    @extend_schema(request={"multipart/form-data": SignedScanIn}, responses={201: EvidenceOut, 404: None, 409: Refusal})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser], pagination_class=None, filterset_class=None)
    def scan(self, request: Request, pk: str) -> Response:
        """The signed paper, scanned or photographed: evidence of the claim, named by every signature on it. A better one is the next
        version; the same file again stays one. 404 while there is no agreement."""
        agreement = get_object_or_404(Agreement.objects.select_related("mediation__claim"), mediation=self.get_object())
        asked = SignedScanIn(data=request.data)
        asked.is_valid(raise_exception=True)
        kept = attach(agreement, asked.validated_data["scan"], request.user, now=timezone.now())
        return Response(EvidenceOut(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AgreementPaymentIn, responses={201: PaymentOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def payments(self, request: Request, pk: str) -> Response:
        """Records money that came under the agreement, for one worker or for all; 404 while there is none."""
        agreement = get_object_or_404(Agreement.objects.select_related("mediation__claim"), mediation=self.get_object())
        asked = AgreementPaymentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        pk_of_worker = said.pop("worker")
        worker = get_object_or_404(Claimant, pk=pk_of_worker, shares__agreement=agreement) if pk_of_worker else None
        payment = paying.pay(agreement, paying.Came(**said, worker=worker), request.user, now=timezone.now())
        return Response(PaymentOut(payment).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: AgreementStandingOut, 404: None})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def standing(self, request: Request, pk: str) -> Response:
        """What is still to be paid under the agreement; 404 while there is none."""
        mediation: Mediation = self.get_object()
        agreement = get_object_or_404(Agreement.objects.prefetch_related("instalments"), mediation=mediation)
        found = standing_of(agreement, mediation.claim, today())
        names = ("total", "paid", "left", "over", "due_now", "has_fallen_due", "parts")
        said = {name: getattr(found, name) for name in names}
        return Response(AgreementStandingOut({"number": agreement.number, **said, "workers": by_worker(agreement, mediation.claim)}).data)

    @extend_schema(methods=["GET"], responses=AgreementDraftOut)
    @extend_schema(methods=["PUT"], request=AgreementDraftIn, responses={200: AgreementDraftOut, 409: Refusal})
    @action(detail=True, methods=["get", "put"], pagination_class=None, filterset_class=None)
    def draft(self, request: Request, pk: str) -> Response:
        """The draft of the agreement with what is wrong with it. PUT keeps another one."""
        mediation: Mediation = self.get_object()
        if request.method == "PUT":
            asked = AgreementDraftIn(data=request.data)
            asked.is_valid(raise_exception=True)
            said = asked.said()
            verbs.keep(mediation, said, request.user, now=timezone.now(), version=said.pop("version"))
        found = verbs.draft_of(mediation)
        told = found.told if found else {}
        return Response(AgreementDraftOut({"version": found.version if found else 0, "told": told, "findings": verbs.findings(mediation, read(told), today())}).data)

    @extend_schema(request=AgreementSignIn)
    @action(detail=True, methods=["post"], url_path="draft/sign", pagination_class=None, filterset_class=None)
    def sign_draft(self, request: Request, pk: str) -> Response:
        asked = AgreementSignIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(self.get_serializer(verbs.sign(self.get_object(), request.user, now=timezone.now(), **asked.validated_data)).data)
