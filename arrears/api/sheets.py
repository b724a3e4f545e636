"""/api/v1/wage-sheets/: a wage sheet on its way to one claim, as the pages do it: the case without its workers, the file,
what is wrong at which cell, corrections, registering. Nothing of it is a claim before all of it is."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from arrears import drafts, long_work, sheet_registering, wage_sheets
from arrears.api.facts import ClaimIn
from arrears.api.rows import ClaimOut
from arrears.api.views import today
from arrears.duplicates.sheets import Known, Twin
from arrears.forms.sheets import UploadForm, columns_faults
from arrears.forms.steps import SHEET_STEPS, Setting, Sheet, Steps
from arrears.intake import REGISTER
from arrears.models import Claim, IntakeDraft
from arrears.models.parties import CONTACT_RULES
from arrears.privacy import VERSION
from arrears.sheet_kept import LACKING, Kept
from arrears.sheet_page import ASKED, AT_ONCE, KNOWN, SHOWS, LineRow, SheetPage, said, shown_in
from arrears.sheets.choice import TableChoice, make_choice
from arrears.sheets.fields import BY_NAME
from arrears.sheets.kept import unpack_row
from arrears.sheets.rows import Finding, Row
from arrears.tasks import register_sheets
from arrears.views.asking import uuid_or_404
from arrears.wage_sheets import LONGEST_FIX, LONGEST_REASON
from grid.api import Refusal
from grid.ids import uuid7
from grid.models import Person
from grid.refused import Refused


class SheetClaimIn(ClaimIn):
    """A claim but for its workers and their money, which are in the sheet."""

    id = serializers.UUIDField(required=False, help_text="Of the caller's choosing: sent twice, it is one sheet")
    contact_rule = serializers.ChoiceField(CONTACT_RULES, default="open", help_text="The same for all workers of the sheet")
    claimants = None
    typed_total = None

    def typed(self) -> dict[str, dict[str, list[str]]]:
        """As the steps of the pages keep it."""
        what = self.validated_data
        rows = {f"whom-{place}-{name}": value for place, row in enumerate(what["respondents"]) for name, value in vars(row).items()}
        count = {"whom-TOTAL_FORMS": len(what["respondents"]), "whom-INITIAL_FORMS": 0}
        where = {name: what[name] for name in ("site_name", "site_address", "received_on", "channel", "last_working_day", "work", "contract")}
        said = {
            "whom": {**rows, **count}, "where": {**where, "region": what["region"].code, "received_other": ""},
            "sheet": {name: what[name] for name in ("worker_count", "contact_rule")},
            "story": {name: what[name] for name in ("story", "request")},
        }  # fmt: skip
        return {step: {name: ["" if value is None else str(value)] for name, value in fields.items()} for step, fields in said.items()}


class TableIn(serializers.Serializer):
    line = serializers.IntegerField(min_value=0, max_value=1_000_000, help_text="Of its header; 0: it has none")
    depth = serializers.IntegerField(min_value=0, max_value=2, default=1, help_text="Lines of the header")
    period = serializers.CharField(max_length=60, default="", allow_blank=True, help_text="Of all lines that name none, such as 2025-10")


class ColumnsIn(serializers.Serializer):
    tables = serializers.DictField(child=TableIn(), help_text="By their place in the file, from 0")
    fields_ = serializers.DictField(child=serializers.ChoiceField(sorted(BY_NAME)), help_text="By head: what the column is")
    with_hidden = serializers.BooleanField(default=False)
    same_name = serializers.BooleanField(default=False, help_text="Lines of one name are of one person")

    def get_fields(self) -> dict[str, serializers.Field]:
        """`fields` is a word of the framework's own."""
        found = super().get_fields()
        return {"fields" if name == "fields_" else name: field for name, field in found.items()}


class LinesIn(serializers.Serializer):
    """By line ("0-12": table 0, line 12), as lists of lines give it."""

    fixes = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=LONGEST_FIX, allow_blank=True)), default=dict,
        help_text="What is typed instead, by line and field",
    )  # fmt: skip
    left = serializers.DictField(child=serializers.CharField(max_length=LONGEST_REASON), default=dict, help_text="Left out, with the reason")
    back = serializers.ListField(child=serializers.CharField(max_length=20), default=list, help_text="Taken in again")


class RegisterIn(serializers.Serializer):
    consent = serializers.ChoiceField([(True, "true")], help_text="The privacy notice was read to the workers")


class SheetViewSet(GenericViewSet):
    """By the id of the draft. A draft is its owner's alone: for everybody else it is not there."""

    queryset = IntakeDraft.objects.none()
    serializer_class = SheetClaimIn
    filterset_class = None
    pagination_class = None

    def get_queryset(self) -> QuerySet:
        return self.queryset if getattr(self, "swagger_fake_view", False) else self.request.user.drafts.all()

    @extend_schema(request=SheetClaimIn, responses={201: OpenApiTypes.OBJECT, 409: Refusal})
    def create(self, request: Request) -> Response:
        allow(request.user)
        facts = SheetClaimIn(data=request.data, context={"today": today()})
        facts.is_valid(raise_exception=True)
        now, pk = timezone.now(), facts.validated_data.get("id") or uuid7()
        if claim := claim_of(request.user, pk):
            return Response(registered(claim, pk))
        if IntakeDraft.objects.filter(pk=pk).exclude(person=request.user).exists():
            raise Refused("id_taken", _("这个编号已被使用，请换一个。"))
        typed = facts.typed()
        check_steps(request.user, typed)
        for step, fields in typed.items():
            draft = drafts.keep(request.user, pk, step, fields, Sheet.name, now=now)
        drafts.take_road(draft, Sheet.name, now=now)
        return Response(state_of(draft), status=status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def retrieve(self, request: Request, pk: str) -> Response:
        """How far it is: empty, columns, wrong, ready, under_way, refused, registered."""
        draft = self.get_queryset().filter(pk=uuid_or_404(pk)).first()
        if draft is not None:
            return Response(state_of(draft))
        claim = claim_of(request.user, uuid_or_404(pk))
        if claim is None:
            raise Http404
        return Response(registered(claim, uuid_or_404(pk)))

    @extend_schema(request={"multipart/form-data": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}, "text": {"type": "string"}}}}, responses={200: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT, 409: Refusal})
    @action(detail=True, methods=["put"], parser_classes=[MultiPartParser])
    def file(self, request: Request, pk: str) -> Response:
        """xlsx, xls, csv or pasted text, in the place of the one before. What cannot be read is refused, and what was there
        before stays."""
        draft = self.draft(pk)
        form = UploadForm(request.data, request.FILES)
        if not form.is_valid():
            raise serializers.ValidationError(form.errors)
        file = form.cleaned_data["file"]
        if file and file.size > wage_sheets.MOST_BYTES:
            raise wage_sheets.too_large(file.size)
        wage_sheets.put(draft, *form.data_and_name, now=timezone.now())
        return Response(state_of(draft))

    @extend_schema(request=ColumnsIn, responses={200: OpenApiTypes.OBJECT, 409: Refusal})
    @action(detail=True, methods=["put"])
    def columns(self, request: Request, pk: str) -> Response:
        """Which tables, where their headers are, what the columns mean."""
        draft, asked = self.draft(pk), ColumnsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what, kept = asked.validated_data, kept_in(draft)
        tables = {int(number): TableChoice(**one) for number, one in what["tables"].items() if number.isdecimal()}
        choice = make_choice(kept.tables, tables, what["fields"], with_hidden=what["with_hidden"], same_name=what["same_name"])
        if faults := columns_faults(choice, today()):
            raise serializers.ValidationError({"fields": faults})
        wage_sheets.choose(draft, choice, now=timezone.now())
        return Response(state_of(draft))

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        parameters=[OpenApiParameter("show", str, enum=list(SHOWS), description="wrong by default"), OpenApiParameter("page", int)],
    )  # fmt: skip
    @action(detail=True)
    def lines(self, request: Request, pk: str) -> Response:
        """A hundred at a time, each with what is wrong at which cell. ID numbers are masked but for those to be corrected."""
        draft = self.draft(pk)
        kept = kept_in(draft)
        show = request.query_params.get("show", "wrong")
        if show not in SHOWS:
            raise serializers.ValidationError({"show": [", ".join(SHOWS)]})
        number = request.query_params.get("page", "1")
        page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
        known = Known(kept.row, draft.typed(), request.user, today())
        found = known.lines if show == KNOWN else kept.row.lines.filter(**ASKED[show])
        rows = [unpack_row(row.packed()) for row in found[(page - 1) * AT_ONCE : page * AT_ONCE]]
        twins = known.twins(rows)
        last = max(1, -(-page_of(kept, draft, request.user).counts[show] // AT_ONCE))
        return Response({"page": page, "pages": last, "results": [line_out(row, kept, twins.get(row.key, ())) for row in rows]})

    @extend_schema(request=LinesIn, responses={200: OpenApiTypes.OBJECT, 409: Refusal})
    @lines.mapping.patch
    def correct(self, request: Request, pk: str) -> Response:
        draft, asked = self.draft(pk), LinesIn(data=request.data)
        asked.is_valid(raise_exception=True)
        what, kept = asked.validated_data, kept_in(draft)
        keys = {*what["fixes"], *what["left"], *what["back"]}
        if unknown := keys - kept.rows_of(keys).keys():
            raise serializers.ValidationError({"line": [_("没有这一行：%(line)s") % {"line": line} for line in sorted(unknown)]})
        if unknown := {name for cells in what["fixes"].values() for name in cells} - BY_NAME.keys():
            raise serializers.ValidationError({"field": [_("没有这一栏：%(field)s") % {"field": name} for name in sorted(unknown)]})
        wage_sheets.fix(draft, what["fixes"], what["left"], frozenset(what["back"]), now=timezone.now())
        return Response(state_of(draft))

    @extend_schema(request=RegisterIn, responses={201: ClaimOut, 202: OpenApiTypes.OBJECT, 409: Refusal})
    @action(detail=True, methods=["post"])
    def register(self, request: Request, pk: str) -> Response:
        """One claim, or none: short sheets at once, long ones by a task (202; GET says how far it is)."""
        draft = self.get_queryset().filter(pk=uuid_or_404(pk)).first()
        if draft is None and (claim := claim_of(request.user, uuid_or_404(pk))):
            return Response(ClaimOut(claim).data)
        draft, consent, now = draft or self.draft(pk), RegisterIn(data=request.data), timezone.now()
        consent.is_valid(raise_exception=True)
        setting, extra = Setting.of(draft, today()), {"privacy_notice": VERSION}
        steps = Steps.of(setting)
        if unready := steps.unready:
            raise Refused("unready", _("还有没填完的步骤：%(step)s。") % {"step": unready[0].label})
        if setting.sheet.row.is_under_way or setting.sheet.summary.people >= sheet_registering.LONG_FROM:
            sheet_registering.ask(draft, extra, now=now, send=register_sheets.delay)
            return Response(state_of(draft), status=status.HTTP_202_ACCEPTED)
        facts = steps.facts(draft.source_key, extra)
        claim = sheet_registering.submit(draft.pk, facts, request.user, now=now) or claim_of(request.user, draft.pk)
        return Response(ClaimOut(claim).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None, 409: Refusal})
    def destroy(self, request: Request, pk: str) -> Response:
        draft = self.draft(pk)
        wage_sheets.drop(draft, now=timezone.now())  # refuses while it is being registered
        drafts.drop(draft)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def draft(self, pk: str) -> IntakeDraft:
        allow(self.request.user)
        return get_object_or_404(self.get_queryset(), pk=uuid_or_404(pk))


def allow(person: Person) -> None:
    if person.scope(today()).roles.isdisjoint(REGISTER.roles):
        raise Refused("not_your_role", _("您的岗位不能登记案件。"))


def claim_of(person: Person, pk: UUID) -> Claim | None:
    return Claim.objects.visible_to(person, today()).filter(source_key=IntakeDraft(pk=pk).source_key).first()


def kept_in(draft: IntakeDraft) -> Kept:
    kept = Setting.of(draft, today()).sheet
    if kept is None:
        raise Refused("no_sheet", _("还没有上传工资表。"))
    return kept


def check_steps(person: Person, typed: Mapping[str, Any]) -> None:
    """What the pages would find wrong with the steps beside the sheet, by field."""
    setting = Setting(person, today(), typed)
    wrong: dict[str, Any] = {}
    for step in (step(setting) for step in SHEET_STEPS if step is not Sheet):
        if not step.is_valid:
            wrong |= dict(step.form.errors) if step.form else {}
            wrong |= {"respondents": step.rows.errors} if step.rows else {}
    if wrong:
        raise serializers.ValidationError(wrong)


def state_of(draft: IntakeDraft) -> dict[str, Any]:
    kept = Setting.of(draft, today()).sheet
    if kept is None:
        return {"id": str(draft.pk), "state": "empty"}
    row, found = kept.row, kept.summary
    state = (
        "under_way" if row.is_under_way else "refused" if row.refused else "columns" if found.lacks else "ready" if kept.is_ready else "wrong"
    )
    return {
        "id": str(draft.pk), "state": state, "file": row.name, "people": found.people, "total": str(found.total),
        "stated": None if found.stated is None else str(found.stated), "counts": page_of(kept, draft, draft.person).counts,
        "lacks": [{"code": code, "message": _(LACKING[code])} for code in found.lacks],
        "totals": [
            {"table": one.table, "line": one.line, "columns": [
                {"field": column.field, "stated": str(column.stated), "computed": str(column.computed), "unread": column.unread}
                for column in one.columns
            ]}
            for one in found.totals
        ],
        "columns": {
            "tables": {str(number): vars(one) for number, one in kept.choice.tables.items()},
            "heads": {str(number): list(header.heads) for number, header in kept.choice.heads.items()}, "fields": dict(kept.choice.fields),
        },
        "refused": row.refused, "percent": long_work.percent(draft.pk) if row.is_under_way else None,
    }  # fmt: skip


def registered(claim: Claim, pk: UUID) -> dict[str, Any]:
    return {"id": str(pk), "state": "registered", "claim": str(claim.pk), "number": claim.number, "public_number": claim.public_number}


def page_of(kept: Kept, draft: IntakeDraft, person: Person) -> SheetPage:
    return SheetPage(kept, {}, Known(kept.row, draft.typed(), person, today()))


def line_out(row: Row, kept: Kept, twins: Sequence[Twin]) -> dict[str, Any]:
    shown = LineRow(row, [], kept.left.get(row.key, ""))
    cells = {name: shown_in(row, name) or shown.id_masked if name == "id_number" else shown_in(row, name) for name in row.cells}
    return {
        "line": row.key, "place": shown.place, "name": row.name, "verdict": row.verdict, "cells": cells,
        "errors": [finding_out(one) for one in row.findings], "remarks": [finding_out(one) for one in row.remarks],
        "unpaid": str(row.wage.unpaid) if row.wage else None, "left_because": shown.reason,
        "duplicates": [{"number": twin.claim.number, "id": str(twin.claim.pk), "reasons": list(twin.reasons)} for twin in twins],
    }  # fmt: skip


def finding_out(finding: Finding) -> dict[str, str]:
    return {"field": finding.field, "code": finding.code, "message": said(finding)}
