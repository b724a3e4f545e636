"""/api/v1/support-cases/ and searches/: support to sue and the search for a defendant. The same verbs, filter and scope as the
pages; account and ID numbers leave the server masked."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.facts import CheckedField, MoneyField, answers_to
from arrears.api.reports import read
from arrears.api.rows import MoveOut
from arrears.api.views import MOVE_ANSWERS, OfClaim, Refusal, Visible, find_or_404, today
from arrears.identity import Invalid, check_credit_code, check_id, check_phone
from arrears.models import Applicant, Claim, Evidence, Opinion, Respondent, Search, SearchWay, SupportCase, Supporting
from arrears.support import searching, supporting, verbs
from arrears.support.lifecycle import SEARCH_STATES, SHAPES, SUPPORT
from arrears.support.permits import moves_for
from arrears.support.rows import SHOWS, chosen
from arrears.support.standing import checks_of
from arrears.support.table import REASONS, SUPPORTERS, WAYS
from grid.models import Body
from grid.paging import Order
from grid.roles import LEVEL_LABELS
from grid.scope import get_visible

LEVELS = list(LEVEL_LABELS.items())
SHOWN = [(name, name) for name in SHOWS]


def now() -> Any:
    return timezone.now()


class SupportIn(serializers.Serializer):
    claim = serializers.UUIDField()


class PrepareIn(serializers.Serializer):
    reasons = serializers.MultipleChoiceField(choices=[(row.id, row.name) for row in REASONS.values()])
    why = serializers.CharField(max_length=500, default="", allow_blank=True)
    told_apart = serializers.CharField(max_length=300, default="", allow_blank=True, help_text="Without a credit code or ID number: what tells the defendant apart")
    mediated_on = serializers.DateField(required=False, allow_null=True, default=None)
    mediated = serializers.CharField(max_length=300, default="", allow_blank=True)
    why_not_mediated = serializers.CharField(max_length=300, default="", allow_blank=True)
    shape = serializers.ChoiceField(SHAPES, default=SHAPES[0][0])


class AmountIn(serializers.Serializer):
    claimant = serializers.UUIDField()
    amount = MoneyField()


class ApplicantsIn(serializers.Serializer):
    claimants = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=2000)
    signed_on = serializers.DateField()
    paper = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Evidence of the claim: the signed application")
    via = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="The representative who signed with their authority")
    amounts = AmountIn(many=True, default=list, help_text="Less than what is unpaid of a worker's lines; without, all of it")


class LeaveOutIn(serializers.Serializer):
    claimants = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=2000)
    reason = serializers.CharField(max_length=300, default="", allow_blank=True, help_text="Once the application was handed in: why they withdraw")


class SupporterIn(serializers.Serializer):
    supporter = serializers.ChoiceField([(row.id, row.name) for row in SUPPORTERS.values()])
    body = serializers.UUIDField()
    why = serializers.CharField(max_length=300)


class ApplicantOut(serializers.ModelSerializer):
    name = serializers.CharField(source="claimant.name")
    via_name = serializers.CharField(source="via.claimant.name", default=None, allow_null=True)

    class Meta:
        model = Applicant
        fields = ["claimant", "name", "amount", "via", "via_name", "scope", "paper", "signed_on", "batch"]


class OpinionOut(serializers.ModelSerializer):
    by_name = serializers.CharField(source="by.full_name", default=None, allow_null=True)

    class Meta:
        model = Opinion
        fields = ["id", "level", "verdict", "text", "by_name", "post", "at", "facts", "digest"]


class SupportingOut(serializers.ModelSerializer):
    body_name = serializers.CharField(source="body.name")
    referral_state = serializers.CharField(source="referral.state", default=None, allow_null=True)
    docket_number = serializers.CharField(source="referral.docket_number", default="")

    class Meta:
        model = Supporting
        fields = ["id", "supporter", "body", "body_name", "why", "referral", "referral_state", "docket_number"]


class ConditionOut(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    is_met = serializers.BooleanField()
    by_itself = serializers.BooleanField(help_text="The record shows it, nobody was asked")
    says = serializers.CharField()
    basis = serializers.CharField()
    is_verified = serializers.BooleanField()


class SupportRow(serializers.ModelSerializer):
    number = serializers.CharField(source="claim.number")

    class Meta:
        model = SupportCase
        fields = ["id", "claim", "number", "state", "level", "due_on", "opened_at", "applied_at", "handed_over_at", "ended_at", "outcome"]


class SupportOut(SupportRow):
    conditions = serializers.SerializerMethodField()
    applicants = ApplicantOut(many=True)
    opinions = OpinionOut(many=True)
    supporters = SupportingOut(many=True)

    class Meta:
        model = SupportCase
        fields = [
            *SupportRow.Meta.fields, "shape", "reasons", "why", "told_apart", "mediated_on", "mediated", "why_not_mediated", "lacking", "note",
            "conditions", "applicants", "opinions", "supporters",
        ]  # fmt: skip

    @extend_schema_field(ConditionOut(many=True))
    def get_conditions(self, case: SupportCase) -> list[dict[str, Any]]:
        language = get_language() or ""
        return [
            {"id": one.condition.id, "name": one.condition.text("name", language), "is_met": one.is_met, "by_itself": one.by_itself,
             "says": one.says.text(gettext), "basis": one.condition.citation(language), "is_verified": one.condition.verified}
            for one in checks_of(case)
        ]  # fmt: skip


class SupportFilter(OfClaim):
    state = filters.ChoiceFilter(choices=SUPPORT.choices)
    level = filters.ChoiceFilter(choices=LEVELS)
    show = filters.ChoiceFilter(choices=SHOWN, method="by_show", help_text="As the list shows them: mine, open, late, ended, all")

    def by_show(self, rows: Any, name: str, value: str) -> Any:
        return chosen(rows, value, today(), self.request.user.scope(today()))


class SupportCaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = SupportCase.objects.select_related("claim", "claim__region")
    filterset_class = SupportFilter
    order = Order("opened_at", is_descending=True)

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return SupportRow if self.action == "list" else SupportOut

    def answer(self, case: SupportCase, code: int = status.HTTP_200_OK) -> Response:
        whole = self.queryset.prefetch_related("applicants__claimant", "applicants__via__claimant", "opinions__by", "supporters__body", "supporters__referral")
        return Response(SupportOut(whole.get(pk=case.pk)).data, status=code)

    @extend_schema(request=SupportIn, responses={201: SupportOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        claim = get_visible(Claim, request.user, today(), pk=read(SupportIn, request)["claim"])
        return self.answer(verbs.begin(claim, request.user, now=now()), status.HTTP_201_CREATED)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    @extend_schema(request=PrepareIn, responses={200: SupportOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def conditions(self, request: Request, pk: str) -> Response:
        said = read(PrepareIn, request)
        return self.answer(verbs.prepare(self.get_object(), request.user, now=now(), **{**said, "reasons": sorted(said["reasons"])}))

    @extend_schema(request=ApplicantsIn, responses={200: SupportOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def applicants(self, request: Request, pk: str) -> Response:
        case, said = self.get_object(), read(ApplicantsIn, request)
        paper = get_object_or_404(Evidence, pk=said.pop("paper"), claim=case.claim) if said.get("paper") else said.pop("paper")
        amounts = {row["claimant"]: row["amount"] for row in said.pop("amounts")}
        verbs.apply_for(case, request.user, said.pop("claimants"), now=now(), paper=paper, amounts=amounts, **said)
        return self.answer(case)

    @extend_schema(request=LeaveOutIn, responses={200: SupportOut, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="leave-out", pagination_class=None, filterset_class=None)
    def leave_out(self, request: Request, pk: str) -> Response:
        case = self.get_object()
        said = read(LeaveOutIn, request)
        verbs.leave_out(case, request.user, said["claimants"], now=now(), reason=said["reason"])
        return self.answer(case)

    @extend_schema(request=SupporterIn, responses={200: SupportOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def supporters(self, request: Request, pk: str) -> Response:
        case, said = self.get_object(), read(SupporterIn, request)
        body = get_object_or_404(Body, pk=said["body"])
        supporting.choose(case, request.user, said["supporter"], body, said["why"], now=now())
        return self.answer(case)

    @extend_schema(responses=MoveOut(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def moves(self, request: Request, pk: str) -> Response:
        return Response(MoveOut(moves_for(self.get_object(), request.user, today()), many=True).data)

    @MOVE_ANSWERS
    @action(detail=True, methods=["post"], url_path=r"moves/(?P<name>[a-z_]+)")
    def make_move(self, request: Request, pk: str, name: str) -> Response:
        case = self.get_object()
        answers = answers_to(find_or_404(SUPPORT, name), request.data, {})
        return self.answer(verbs.advance(case, name, request.user, now=now(), **answers))


class LeadsIn(serializers.Serializer):
    nickname = serializers.CharField(max_length=120, default="", allow_blank=True)
    phone = CheckedField(check_phone)
    plate = serializers.CharField(max_length=20, default="", allow_blank=True)
    account = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="Kept sealed; given out masked")
    site = serializers.CharField(max_length=200, default="", allow_blank=True)
    known_by = serializers.CharField(max_length=200, default="", allow_blank=True)
    photo = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Evidence of the claim")


class SearchIn(LeadsIn):
    respondent = serializers.UUIDField()


class WayIn(serializers.Serializer):
    way = serializers.ChoiceField([(row.id, row.name) for row in WAYS.values()])
    reason = serializers.CharField(max_length=300)


class DecideIn(serializers.Serializer):
    allows = serializers.BooleanField()
    decision = serializers.CharField(max_length=300, default="", allow_blank=True)


class TriedIn(serializers.Serializer):
    tried_on = serializers.DateField()
    result = serializers.CharField(max_length=500)


class FoundIn(serializers.Serializer):
    legal_name = serializers.CharField(max_length=120)
    credit_code = CheckedField(check_credit_code)
    id_number = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    phone = CheckedField(check_phone)
    address = serializers.CharField(max_length=200, default="", allow_blank=True)
    how = serializers.CharField(max_length=300, default="", allow_blank=True)

    def validate_id_number(self, typed: str) -> str:
        try:
            return check_id(typed, today()) if typed else ""
        except Invalid as invalid:
            raise serializers.ValidationError(gettext(str(invalid)), code=invalid.code) from None


class GiveUpIn(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class WayOut(serializers.ModelSerializer):
    class Meta:
        model = SearchWay
        fields = ["id", "way", "state", "reason", "begun_at", "decided_at", "decision", "tried_on", "result"]


class SearchOut(serializers.ModelSerializer):
    ways = WayOut(many=True)

    class Meta:
        model = Search
        fields = [
            "id", "claim", "respondent", "state", "nickname", "phone", "plate", "account_masked", "site", "known_by", "photo", "started_at", "due_on",
            "ended_at", "result", "ways",
        ]  # fmt: skip


class SearchFilter(OfClaim):
    state = filters.ChoiceFilter(choices=SEARCH_STATES)


WAY = OpenApiParameter("way", OpenApiTypes.UUID, OpenApiParameter.PATH)


class SearchViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Search.objects.select_related("claim").prefetch_related("ways")
    serializer_class = SearchOut
    filterset_class = SearchFilter
    order = Order("started_at", is_descending=True)

    def answer(self, search: Search, code: int = status.HTTP_200_OK) -> Response:
        return Response(SearchOut(self.queryset.get(pk=search.pk)).data, status=code)

    @extend_schema(request=SearchIn, responses={201: SearchOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        said = read(SearchIn, request)
        seen = Claim.objects.visible_to(request.user, today())
        respondent = get_object_or_404(Respondent.objects.select_related("claim"), pk=said.pop("respondent"), claim__in=seen)
        said["photo"] = get_object_or_404(Evidence, pk=said["photo"], claim=respondent.claim) if said["photo"] else None
        return self.answer(searching.start(respondent, request.user, now=now(), **said), status.HTTP_201_CREATED)

    @extend_schema(request=LeadsIn, responses={200: SearchOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def leads(self, request: Request, pk: str) -> Response:
        search, said = self.get_object(), read(LeadsIn, request)
        said["photo"] = get_object_or_404(Evidence, pk=said["photo"], claim=search.claim) if said["photo"] else None
        return self.answer(searching.add_lead(search, request.user, now=now(), **said))

    @extend_schema(request=WayIn, responses={200: SearchOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def ways(self, request: Request, pk: str) -> Response:
        search = self.get_object()
        searching.begin_way(search, request.user, now=now(), **read(WayIn, request))
        return self.answer(search)

    @extend_schema(request=DecideIn, responses={200: SearchOut, 409: Refusal}, parameters=[WAY])
    @action(detail=True, methods=["post"], url_path=r"ways/(?P<way>[0-9a-f-]{36})/decide", pagination_class=None, filterset_class=None)
    def decide(self, request: Request, pk: str, way: str) -> Response:
        search = self.get_object()
        searching.decide(self.way(search, way), request.user, now=now(), **read(DecideIn, request))
        return self.answer(search)

    @extend_schema(request=TriedIn, responses={200: SearchOut, 409: Refusal}, parameters=[WAY])
    @action(detail=True, methods=["post"], url_path=r"ways/(?P<way>[0-9a-f-]{36})/tried", pagination_class=None, filterset_class=None)
    def tried(self, request: Request, pk: str, way: str) -> Response:
        search = self.get_object()
        searching.tried(self.way(search, way), request.user, now=now(), **read(TriedIn, request))
        return self.answer(search)

    @extend_schema(request=FoundIn, responses={200: SearchOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def found(self, request: Request, pk: str) -> Response:
        return self.answer(searching.found(self.get_object(), request.user, now=now(), **read(FoundIn, request)))

    @extend_schema(request=GiveUpIn, responses={200: SearchOut, 409: Refusal})
    @action(detail=True, methods=["post"], url_path="give-up", pagination_class=None, filterset_class=None)
    def give_up(self, request: Request, pk: str) -> Response:
        return self.answer(searching.give_up(self.get_object(), request.user, now=now(), **read(GiveUpIn, request)))

    def way(self, search: Search, way: str) -> SearchWay:
        found = get_object_or_404(SearchWay, pk=way, search=search)
        found.search = search
        return found
