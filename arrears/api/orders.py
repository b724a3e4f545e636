"""/api/v1/orders/: supervision orders. The same verbs and scope as the pages."""

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.facts import answers_to
from arrears.api.rows import MoveOut, OrderOut
from arrears.api.views import MOVE_ANSWERS, OfClaim, Refusal, Visible, find_or_404, today
from arrears.lifecycle import ORDER
from arrears.models import Claim, Order
from arrears.supervision import orders
from arrears.supervision.permits import order_moves_for
from grid.models import Person
from grid.roles import LEVEL_LABELS
from grid.scope import get_visible

LEVELS = list(LEVEL_LABELS.items())


class OrderIn(serializers.Serializer):
    claim = serializers.UUIDField()
    level = serializers.ChoiceField(LEVELS, required=False, help_text="None: the level in charge")
    demand = serializers.CharField(max_length=2000)
    reply_by = serializers.DateField()


class OrderFilter(OfClaim):
    state = filters.MultipleChoiceFilter(choices=ORDER.choices)
    level = filters.ChoiceFilter(choices=LEVELS)
    reply_before = filters.DateFilter(field_name="reply_by", lookup_expr="lte")


class OrderViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Order.objects.for_list()
    serializer_class = OrderOut
    filterset_class = OrderFilter

    @extend_schema(request=OrderIn, responses={201: OrderOut, 409: Refusal})
    def create(self, request: Request) -> Response:
        facts = OrderIn(data=request.data)
        facts.is_valid(raise_exception=True)
        what = dict(facts.validated_data)
        claim = get_visible(Claim, request.user, today(), pk=what.pop("claim"))
        order = orders.issue(claim, request.user, now=timezone.now(), **what)
        return Response(OrderOut(order).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=MoveOut(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def moves(self, request: Request, pk: str) -> Response:
        return Response(MoveOut(order_moves_for(self.get_object(), request.user, today()), many=True).data)

    @MOVE_ANSWERS
    @action(detail=True, methods=["post"], url_path=r"moves/(?P<name>[a-z_]+)")
    def make_move(self, request: Request, pk: str, name: str) -> Response:
        order: Order = self.get_object()
        person: Person = request.user
        answers = answers_to(find_or_404(ORDER, name), request.data, {})
        return Response(OrderOut(orders.advance(order, name, person, now=timezone.now(), **answers)).data)
