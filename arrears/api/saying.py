"""/api/v1/questions/, objections/ and ratings/: what workers were asked and said, and what officials do about it. The same verbs
and scope as the pages."""

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from arrears.api.reports import read
from arrears.api.views import OfClaim, Refusal, Visible
from arrears.history import HEARD
from arrears.models import Objection, Question, Rating
from arrears.models.saying import ANSWERED, DROPPED, LOW, OBJECTION_STATES, OPEN
from arrears.objections import answering
from arrears.ratings import verbs as ratings
from arrears.worker import questions
from grid.paging import Order

QUESTION_STATES = [(name, name) for name in (OPEN, ANSWERED, DROPPED)]


class QuestionOut(serializers.ModelSerializer):
    text = serializers.CharField()

    class Meta:
        model = Question
        fields = ["id", "claim", "text", "answer_by", "reminded_at", "state", "ended_at"]


class HeardIn(serializers.Serializer):
    how = serializers.ChoiceField(HEARD)
    text = serializers.CharField(max_length=1000)


class LaterIn(serializers.Serializer):
    day = serializers.DateField()


class DropIn(serializers.Serializer):
    reason = serializers.CharField(max_length=1000)


class QuestionFilter(OfClaim):
    state = filters.ChoiceFilter(choices=QUESTION_STATES)


class QuestionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Question.objects.select_related("event", "claim")
    serializer_class = QuestionOut
    filterset_class = QuestionFilter
    order = Order("answer_by")

    @extend_schema(request=HeardIn, responses={200: QuestionOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def heard(self, request: Request, pk: str) -> Response:
        """What the worker said by telephone or face to face."""
        question = self.get_object()
        questions.answer_heard(question, request.user, now=timezone.now(), **read(HeardIn, request))
        return Response(QuestionOut(question).data)

    @extend_schema(request=LaterIn, responses={200: QuestionOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def later(self, request: Request, pk: str) -> Response:
        question = self.get_object()
        questions.give_days(question, request.user, now=timezone.now(), **read(LaterIn, request))
        return Response(QuestionOut(question).data)

    @extend_schema(request=DropIn, responses={200: QuestionOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def drop(self, request: Request, pk: str) -> Response:
        question = self.get_object()
        questions.drop(question, request.user, now=timezone.now(), **read(DropIn, request))
        return Response(QuestionOut(question).data)


class ObjectionOut(serializers.ModelSerializer):
    text = serializers.CharField()
    claim_number = serializers.CharField(source="claim.number")
    answered_by_name = serializers.CharField(source="answered_by.full_name", default=None, allow_null=True)

    class Meta:
        model = Objection
        fields = [
            "id", "claim", "claim_number", "text", "level", "received_on", "due_on", "state", "reply", "answered_by_name",
            "answered_at",
        ]  # fmt: skip


class AnswerIn(serializers.Serializer):
    verdict = serializers.ChoiceField(answering.VERDICTS)
    reply = serializers.CharField(max_length=2000, help_text="The worker reads it as it stands")


class ObjectionFilter(OfClaim):
    state = filters.ChoiceFilter(choices=OBJECTION_STATES)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class ObjectionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Objection.objects.select_related("event", "claim", "answered_by")
    serializer_class = ObjectionOut
    filterset_class = ObjectionFilter
    order = Order("due_on")

    @extend_schema(request=AnswerIn, responses={200: ObjectionOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def answer(self, request: Request, pk: str) -> Response:
        objection = self.get_object()
        answering.answer(objection, request.user, now=timezone.now(), **read(AnswerIn, request))
        return Response(ObjectionOut(objection).data)


class RatingOut(serializers.ModelSerializer):
    text = serializers.CharField()
    looked_by_name = serializers.CharField(source="looked_by.full_name", default=None, allow_null=True)

    class Meta:
        model = Rating
        fields = ["id", "claim", "stars", "text", "rated_on", "looked_by_name", "looked_at", "finding"]


class LookIn(serializers.Serializer):
    finding = serializers.CharField(max_length=2000)


class RatingFilter(OfClaim):
    is_low = filters.BooleanFilter(method="low", label="One or two stars")
    rated_from = filters.DateFilter(field_name="rated_on", lookup_expr="gte")
    rated_until = filters.DateFilter(field_name="rated_on", lookup_expr="lte")
    looked_at = filters.BooleanFilter(field_name="looked_at", lookup_expr="isnull", exclude=True)

    def low(self, rows, name, value):
        return rows.filter(stars__lte=LOW) if value else rows.filter(stars__gt=LOW)


class RatingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Visible):
    queryset = Rating.objects.select_related("event", "claim", "looked_by")
    serializer_class = RatingOut
    filterset_class = RatingFilter
    order = Order("rated_on", is_descending=True)

    @extend_schema(request=LookIn, responses={200: RatingOut, 409: Refusal})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def look(self, request: Request, pk: str) -> Response:
        rating = self.get_object()
        ratings.look(rating, request.user, now=timezone.now(), **read(LookIn, request))
        return Response(RatingOut(rating).data)
