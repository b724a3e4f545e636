"""/api/v1/mediations/ID/bank-files/: a bank's file is uploaded, looked at and confirmed. The same verbs as the page."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.views import Refusal, today
from arrears.lifecycle import CLAIM
from arrears.permits import find, may, require
from mediation.bank import kept, reading, taking
from mediation.bank.matching import FATES
from mediation.models import Agreement

FATE_CHOICES = [(state.name, state.label) for state in FATES.values()]
FILE = OpenApiParameter("file", str, OpenApiParameter.PATH)


class BankFileIn(serializers.Serializer):
    file = serializers.FileField()


class BankPayeeOut(serializers.Serializer):
    worker = serializers.UUIDField(source="key")
    name = serializers.CharField()
    id_tail = serializers.CharField()


class BankLineOut(serializers.Serializer):
    """`matched`: recorded when the file is confirmed; `choose` and `twin`: only where `choices` say whose it is, one of `able`."""

    place = serializers.IntegerField(source="transfer.place")
    sheet = serializers.CharField(source="transfer.sheet")
    number = serializers.IntegerField(source="transfer.number", help_text="As the spreadsheet counts")
    name = serializers.CharField(source="transfer.name")
    account = serializers.CharField(source="transfer.account", help_text="The last four")
    id_tail = serializers.CharField(source="transfer.id_tail")
    amount = serializers.DecimalField(source="transfer.amount", max_digits=14, decimal_places=2, allow_null=True)
    day = serializers.DateField(source="transfer.day", allow_null=True)
    note = serializers.CharField(source="transfer.note")
    fate = serializers.ChoiceField(FATE_CHOICES)
    why = serializers.SerializerMethodField()
    able = BankPayeeOut(many=True)

    def get_why(self, line: Any) -> str:
        return gettext(line.why) if line.why else ""


class BankFileOut(serializers.Serializer):
    file = serializers.UUIDField(help_text="Kept for a day, for whoever brought it")
    lines = BankLineOut(many=True)
    sum = serializers.DecimalField(max_digits=14, decimal_places=2, help_text="Of all lines that say a sum")
    sure_sum = serializers.DecimalField(max_digits=14, decimal_places=2)
    total_differs = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, help_text="From the total the file itself says")
    unread = serializers.ListField(child=serializers.CharField(), help_text="Sheets without the three columns")


class BankConfirmIn(serializers.Serializer):
    choices = serializers.DictField(child=serializers.UUIDField(), default=dict, help_text="By the place of a line, whose it is")

    def validate_choices(self, said: dict[str, UUID]) -> dict[int, str]:
        if not all(place.isdecimal() for place in said):
            raise serializers.ValidationError("places are whole numbers")
        return {int(place): str(worker) for place, worker in said.items()}


class BankConfirmedOut(BankFileOut):
    recorded = serializers.IntegerField()


class BankFiles:
    """Of the view set of mediations."""

    @extend_schema(request={"multipart/form-data": BankFileIn}, responses={201: BankFileOut, 404: None, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="bank-files", parser_classes=[MultiPartParser], pagination_class=None, filterset_class=None)
    def bank_files(self, request: Request, pk: str) -> Response:
        """Reads a file and says what becomes of each line; nothing is recorded. 404 while there is no agreement."""
        agreement = self.paid_agreement()
        asked = BankFileIn(data=request.data)
        asked.is_valid(raise_exception=True)
        upload = asked.validated_data["file"]
        read = reading.read(upload.read(reading.MOST_BYTES + 1), upload.name, str(agreement.mediation.claim_id), today())
        return Response(BankFileOut(shown(agreement, read, kept.keep(agreement, request.user, read))).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[FILE], responses={200: BankFileOut, 404: None, 409: Refusal})
    @action(detail=True, url_path=r"bank-files/(?P<file>[0-9a-f-]{36})", pagination_class=None, filterset_class=None)
    def bank_file(self, request: Request, pk: str, file: str) -> Response:
        """The same file as it stands now."""
        agreement = self.paid_agreement()
        return Response(BankFileOut(shown(agreement, self.read_before(agreement, file), file)).data)

    @extend_schema(parameters=[FILE], request=BankConfirmIn, responses={200: BankConfirmedOut, 404: None, 409: Refusal})
    @action(detail=True, methods=["post"], url_path=r"bank-files/(?P<file>[0-9a-f-]{36})/confirm", pagination_class=None, filterset_class=None)
    def confirm_bank_file(self, request: Request, pk: str, file: str) -> Response:
        """Records what is sure and what was chosen, all of it or nothing; sent twice it records once."""
        agreement = self.paid_agreement()
        read = self.read_before(agreement, file)
        asked = BankConfirmIn(data=request.data)
        asked.is_valid(raise_exception=True)
        done = taking.take(agreement, read, asked.validated_data["choices"], request.user, now=timezone.now())
        return Response(BankConfirmedOut({**shown(agreement, read, file), "recorded": done}).data)

    def paid_agreement(self) -> Agreement:
        mediation = self.get_object()
        agreement = get_object_or_404(Agreement.objects.select_related("mediation__claim"), mediation=mediation)
        require(may(find(CLAIM, "record_payment"), agreement.mediation.claim, self.request.user, today()))
        return agreement

    def read_before(self, agreement: Agreement, file: str) -> reading.Sheets:
        try:
            read = kept.find(agreement, self.request.user, UUID(file))
        except ValueError:
            read = None
        if read is None:
            raise Http404
        return read


def shown(agreement: Agreement, read: reading.Sheets, file: Any) -> dict[str, Any]:
    found = taking.preview(agreement, read, today())
    names = ("lines", "sum", "sure_sum", "total_differs", "unread")
    return {"file": file, **{name: getattr(found, name) for name in names}}
