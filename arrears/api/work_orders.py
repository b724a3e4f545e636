"""/api/v1/work-orders/: other offices send their orders in and learn what became of them. Not in anybody's name: by the token
of a source, which sees what that source sent and nothing else. docs/work-orders.md is what integrators read."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiTypes, extend_schema
from redis.exceptions import RedisError
from rest_framework import exceptions, serializers, viewsets
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from arrears.api.facts import CheckedField, MoneyField, text
from arrears.identity import check_phone
from arrears.models import Report, Source
from arrears.models.parties import CONTACT_RULES
from arrears.models.reports import WORK_KINDS
from arrears.reports.around import Around
from arrears.sources import feed, taking
from arrears.sources.files import attach
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.payload import payloads_of, standing_of
from arrears.sources.places import Places
from arrears.sources.states import STATES
from arrears.sources.tokens import find
from grid.api import Refusal
from grid.api_fields import Instant
from grid.refused import Refused

MOST_ITEMS = 200
MOST_BYTES = 2 * 1024 * 1024
MINUTE = 60

logger = logging.getLogger(__name__)


class SourceCaller:
    """Who asks: no person, an office."""

    is_authenticated = is_active = True

    def __init__(self, source: Source) -> None:
        self.source, self.pk = source, source.pk


class SourceTokens(BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[SourceCaller, Any] | None:
        word, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if word.lower() != self.keyword.lower():
            return None
        found = find(token.strip(), timezone.now())
        if found is None:
            raise exceptions.AuthenticationFailed({"code": "bad_token", "message": _("令牌不对，或者已经失效。")})
        return SourceCaller(found.source), found

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class SourceScheme(OpenApiAuthenticationExtension):
    target_class = "arrears.api.work_orders.SourceTokens"
    name = "sourceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The token of a source, as its page shows it once."}


class IsSource(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, SourceCaller):
            return False
        if not request.user.source.is_active:
            raise exceptions.PermissionDenied({"code": "source_off", "message": _("这个来源已经停用，请联系系统管理员。")})
        return True


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "body_large"


class TooOften(exceptions.Throttled):
    """The same shape as every other refusal."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__(wait)
        self.detail = {"code": "too_often", "message": _("请求太频繁，请按 Retry-After 稍后再试。")}


class PerSource(BaseThrottle):
    """So many requests a minute; a batch is one. When nobody can count, work orders are not turned away."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, SourceCaller):
            return True
        now = timezone.now().timestamp()
        self.left = MINUTE - now % MINUTE
        key = f"source:{request.user.pk}:{int(now // MINUTE)}"
        try:
            cache.add(key, 0, 2 * MINUTE)
            return cache.incr(key) <= settings.SOURCE_RATE
        except ValueError:  # it ended between the two
            return True
        except RedisError:
            logger.warning("nobody counts the requests of %s", request.user.source.code)
            return True

    def wait(self) -> float:
        return self.left


class Bounded(JSONParser):
    """JSON, and no more of it than we take: read no further than that, whatever length was declared."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge({"code": "body_large", "message": _("内容太大，一次最多 %(n)s MB。") % {"n": MOST_BYTES // 1024 // 1024}})
        try:
            return json.loads(raw.decode("utf-8"), parse_constant=refuse_constant)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("不是 UTF-8 编码的 JSON。")) from error


def refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


class LineField(serializers.CharField):
    """One line: what a keyboard makes."""

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        if not all(character.isprintable() for character in typed):
            raise serializers.ValidationError(_("含有不能显示的字符。"), code="unprintable")
        return typed


class WorkOrderIn(serializers.Serializer):
    """An order as its office has it. Only `external_number` and one of `story`, `employer`, `place`, `address` are needed. What is
    not named here is not taken: no ID numbers, no bank cards."""

    external_number = LineField(max_length=60, help_text="The office's own number; the key by which a repeat is known")
    kind = serializers.ChoiceField(WORK_KINDS, default="construction")
    name = text(60)
    phone = CheckedField(check_phone)
    contact_rule = serializers.ChoiceField(
        CONTACT_RULES, default="open", help_text="discreet: a message must not speak of wages; none: no message at all"
    )
    employer = text(120)
    place = text(120)
    region_code = serializers.RegexField(
        r"\A(?:\d{4}|\d{6}|\d{9}|\d{12})\Z", required=False, allow_blank=True, default="", help_text="Division code; 9 or 12 digits are a township or village"
    )
    address = text(200)
    amount = MoneyField(required=False, allow_null=True, default=None, help_text="Yuan")
    people = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True, default=None)
    story = text(4000)
    received_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="When the office took it; today if left out")
    answer_by = serializers.DateField(required=False, allow_null=True, default=None, help_text="When the office wants an answer")
    changed_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="When the office wrote this version: an older one than the last is refused (409 older)"
    )

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if not any(said[name] for name in ("story", "employer", "place", "address")):
            raise serializers.ValidationError(_("事情经过、谁欠钱、在哪里干活、地址至少填写一项。"), code="empty")
        return said

    def order(self) -> WorkOrder:
        said = dict(self.validated_data)
        number, changed_at = said.pop("external_number"), said.pop("changed_at")
        return WorkOrder(number, Told(**said), changed_at)


class StandingOut(serializers.Serializer):
    """How the order stands now."""

    external_number = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    state_text = serializers.CharField()
    your_state = serializers.CharField(help_text="What the office itself calls this state, as set up; else empty")
    claim_number = serializers.CharField()
    note = serializers.CharField(help_text="Why it was declined")
    received_on = serializers.DateField()
    answer_by = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(help_text="When we mean to answer: answer_by, or our own target if that is sooner")
    region = serializers.CharField()
    contact = serializers.ChoiceField(CONTACT_RULES, help_text="How the worker may be reached at the number you gave. none: do not call back")
    contact_text = serializers.CharField()


RESULTS = ("created", "known", "updated")


class TakenOut(StandingOut):
    result = serializers.CharField(help_text="created, known or updated")
    changed = serializers.ListField(child=serializers.CharField(), help_text="Fields that differ from what was told before")
    ignored = serializers.ListField(child=serializers.CharField(), help_text="Fields that are not taken")


class BatchIn(serializers.Serializer):
    items = WorkOrderIn(many=True, allow_empty=False, max_length=MOST_ITEMS)


class ItemOut(serializers.Serializer):
    index = serializers.IntegerField(help_text="From 0, as in the request")
    external_number = serializers.CharField()
    status = serializers.IntegerField(help_text="201, 200, 400 or 409, as if it had been sent alone")
    result = serializers.CharField(help_text="created, known, updated, invalid or the code of a refusal")
    errors = serializers.DictField(required=False, help_text="400: by field")
    message = serializers.CharField(required=False, help_text="409: why")


class BatchOut(serializers.Serializer):
    created, known, updated, failed = (serializers.IntegerField() for _each in range(4))
    results = ItemOut(many=True)


class FileIn(serializers.Serializer):
    external_number = LineField(max_length=60, help_text="Of the order")
    file = serializers.FileField(help_text="Picture, PDF, Office file, sound or film, as everywhere; what it is its bytes say")
    file_number = LineField(max_length=60, required=False, default="", allow_blank=True, help_text="The office's own number of the file: sent twice, it is one")
    title = LineField(max_length=120, required=False, default="", allow_blank=True)


class FileOut(serializers.Serializer):
    result = serializers.CharField(help_text="created or known")
    file_number = serializers.CharField(source="file.external_number")
    title = serializers.CharField(source="file.title")
    size = serializers.IntegerField(source="file.size")
    mime = serializers.CharField(source="file.mime")
    sha256 = serializers.CharField(source="file.sha256")
    scan = serializers.CharField(source="file.scan", help_text="waiting, clean, infected or unscannable")


class ChangeOut(serializers.Serializer):
    id = serializers.UUIDField(help_text="The same wherever and however often this change is told")
    source = serializers.CharField()
    external_number = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    state_text = serializers.CharField()
    your_state = serializers.CharField()
    at = serializers.DateTimeField()
    claim_number = serializers.CharField()
    note = serializers.CharField()
    details = serializers.DictField(child=serializers.CharField())
    contact = serializers.ChoiceField(CONTACT_RULES)
    contact_text = serializers.CharField()


class FeedOut(serializers.Serializer):
    changes = ChangeOut(many=True)
    next = serializers.CharField(help_text="Give it as `after` to read on")
    more = serializers.BooleanField(help_text="There is more to read at once")


class FeedIn(serializers.Serializer):
    after = serializers.RegexField(r"\A\d{1,18}\Z", required=False, help_text="`next` of the last answer")
    since = Instant(required=False, help_text="Without `after`: changes that happened from then on")
    size = serializers.IntegerField(min_value=1, max_value=feed.LARGEST, default=feed.SIZE)


ONE = OpenApiExample("one", value={
    "external_number": "GD20260302001", "name": "李建国", "phone": "13800000001", "employer": "孙老板", "address": "沭阳县陇集镇翰林雅苑二期工地",
    "amount": "8000.00", "people": 3, "story": "干了三个月没有给钱。", "received_on": "2026-03-02", "answer_by": "2026-03-09",
}, request_only=True)  # fmt: skip


class WorkOrderViewSet(viewsets.ViewSet):
    authentication_classes = [SourceTokens]
    permission_classes = [IsSource]
    parser_classes = [Bounded]
    throttle_classes = [PerSource]
    lookup_value_regex = ".+"
    lookup_url_kwarg = "number"
    serializer_class = TakenOut

    def throttled(self, request: Request, wait: float | None) -> None:
        raise TooOften(wait)

    @property
    def source(self) -> Source:
        return self.request.user.source

    @extend_schema(
        request=WorkOrderIn, examples=[ONE],
        responses={201: TakenOut, 200: TakenOut, 400: OpenApiTypes.OBJECT, 409: Refusal},
        description=(
            "Sends one order. 201: taken in. 200: its number is known; with the same content nothing happens (`known`), with "
            "other content an update is written down and shown to whoever works on it (`updated`). 409: refused by a rule "
            "(`older`: a later version was there before; `in_future`). Repeat it as often as you like."
        ),
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        asked = WorkOrderIn(data=request.data)
        asked.is_valid(raise_exception=True)
        taken = taking.take(self.source, asked.order(), Places.of(self.source.region), now=timezone.now())
        said = {**standing_of(taken.report), "result": taken.result, "changed": taken.changed, "ignored": ignored(request.data)}
        return Response(TakenOut(said).data, status=201 if taken.result == taking.CREATED else 200)

    @extend_schema(
        request=BatchIn, responses={200: BatchOut, 400: OpenApiTypes.OBJECT},
        description=f"Sends up to {MOST_ITEMS} orders. Each is taken or refused by itself; the answer says so for each, in their order.",
    )
    @action(detail=False, methods=["post"])
    def batch(self, request: Request) -> Response:
        items = request.data.get("items") if isinstance(request.data, dict) else None
        if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
            raise serializers.ValidationError({"items": [_("请给出 1 到 %(n)s 件工单的列表。") % {"n": MOST_ITEMS}]})
        places, around = Places.of(self.source.region), Around(timezone.now())
        results = [{"index": index, **self.take_item(item, places, around)} for index, item in enumerate(items)]
        counts = {name: sum(one["result"] == name for one in results) for name in RESULTS}
        return Response({**counts, "failed": sum(one["status"] >= 400 for one in results), "results": results})

    def take_item(self, item: Any, places: Places, around: Around) -> dict[str, Any]:
        asked = WorkOrderIn(data=item)
        number = str(item.get("external_number", ""))[:60] if isinstance(item, dict) else ""
        if not asked.is_valid():
            return {"external_number": number, "status": 400, "result": "invalid", "errors": asked.errors}
        try:
            taken = taking.take(self.source, asked.order(), places, now=around.now, around=around)
        except Refused as refusal:
            return {"external_number": number, "status": 409, "result": refusal.code, "message": refusal.message}
        return {"external_number": number, "status": 201 if taken.result == taking.CREATED else 200, "result": taken.result}

    @extend_schema(
        request={"multipart/form-data": FileIn}, responses={201: FileOut, 200: FileOut, 400: OpenApiTypes.OBJECT, 409: Refusal},
        description=(
            "Attaches one file to an order that was sent. 201: kept. 200: it is known, by `file_number` or by its content. 409: refused by a "
            "rule: its type or size (`file_type`, `file_large`, …), `no_order`, `declined`, `claim_closed`, `file_number_used`, `too_many_files`."
        ),
    )  # fmt: skip
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def files(self, request: Request) -> Response:
        asked = FileIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        done = attach(self.source, said.pop("external_number"), said.pop("file"), now=timezone.now(), **said)
        return Response(FileOut({"result": done.result, "file": done.file}).data, status=201 if done.result == taking.CREATED else 200)

    @extend_schema(responses={200: StandingOut, 404: None}, parameters=[OpenApiParameter("number", str, OpenApiParameter.PATH)])
    def retrieve(self, request: Request, number: str) -> Response:
        """How an order stands, by the office's own number."""
        kept = Report.objects.select_related("region", "source", "claim").filter(source=self.source)
        found = kept.filter(external_number=number).first() if number.isprintable() else None  # of no other is any kept
        if found is None:
            raise Http404
        return Response(StandingOut(standing_of(found)).data)

    @extend_schema(
        parameters=[FeedIn], responses=FeedOut,
        description=(
            "Every change of state of your orders, and afterwards of their claims, each exactly once and in an order that never "
            "changes. Keep `next` and give it as `after`; an answer that got lost is read again from the same place."
        ),
    )  # fmt: skip
    @action(detail=False)
    def changes(self, request: Request) -> Response:
        asked = FeedIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        what = asked.validated_data
        after = int(what["after"]) if what.get("after") else None
        read = feed.read(self.source, timezone.now(), after=after, since=what.get("since"), size=what["size"])
        return Response({"changes": payloads_of(read.rows), "next": str(read.next), "more": read.is_more})


def ignored(data: Any) -> list[str]:
    known = WorkOrderIn().fields
    return sorted(str(name)[:60].encode("utf-8", "replace").decode("utf-8") for name in data if name not in known)[:50] if isinstance(data, dict) else []


