"""/api/v1/: its addresses and its one error vocabulary."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import exception_handler

from arrears.api.extensions import ExtensionViewSet
from arrears.api.incidents import IncidentViewSet
from arrears.api.issued import PacketViewSet, PaperViewSet
from arrears.api.ladders import HandoverViewSet, LadderViewSet, SeasonViewSet
from arrears.api.limits import LimitEntryViewSet
from arrears.api.orders import OrderViewSet
from arrears.api.papers import CompletionViewSet, OwedViewSet
from arrears.api.proceedings import ProceedingViewSet
from arrears.api.replies import RepliedViewSet
from arrears.api.reports import ReportViewSet
from arrears.api.saying import ObjectionViewSet, QuestionViewSet, RatingViewSet
from arrears.api.serving import ServiceViewSet
from arrears.api.sheets import SheetViewSet
from arrears.api.situation import InterruptionViewSet, SituationViewSet
from arrears.api.sums import FigureViewSet
from arrears.api.support import SearchViewSet, SupportCaseViewSet
from arrears.api.views import ClaimViewSet, ClockViewSet, EventViewSet
from arrears.api.work_orders import WorkOrderViewSet
from grid.api import NoticeViewSet, RegionViewSet
from grid.api_people import DutyViewSet, LeaveViewSet, PostingViewSet, VacancyViewSet
from grid.refused import Refused
from mediation.api import HearingViewSet, MediationViewSet
from mediation.api_marks import MarkViewSet
from mediation.api_rooms import ClosedViewSet, MediatorViewSet, RoomViewSet

router = DefaultRouter()
router.register("regions", RegionViewSet)
router.register("notices", NoticeViewSet)
router.register("claims", ClaimViewSet)
router.register("wage-sheets", SheetViewSet, basename="wage-sheet")
router.register("clocks", ClockViewSet)
router.register("events", EventViewSet)
router.register("extensions", ExtensionViewSet)
router.register("situations", SituationViewSet, basename="situation")
router.register("interruptions", InterruptionViewSet)
router.register("limit-entries", LimitEntryViewSet)
router.register("completions", CompletionViewSet, basename="completion")
router.register("owed-papers", OwedViewSet)
router.register("papers", PaperViewSet)
router.register("packets", PacketViewSet)
router.register("incidents", IncidentViewSet)
router.register("reports", ReportViewSet)
router.register("questions", QuestionViewSet)
router.register("objections", ObjectionViewSet)
router.register("ratings", RatingViewSet)
router.register("services", ServiceViewSet)
router.register("referrals", RepliedViewSet)
router.register("proceedings", ProceedingViewSet)
router.register("figures", FigureViewSet, basename="figure")
router.register("support-cases", SupportCaseViewSet)
router.register("searches", SearchViewSet)
router.register("orders", OrderViewSet)
router.register("work-orders", WorkOrderViewSet, basename="work_order")
router.register("ladders", LadderViewSet)
router.register("seasons", SeasonViewSet)
router.register("handover", HandoverViewSet, basename="handover")
router.register("postings", PostingViewSet)
router.register("leave", LeaveViewSet)
router.register("duty", DutyViewSet)
router.register("vacancies", VacancyViewSet, basename="vacancy")
router.register("mediations", MediationViewSet)
router.register("hearings", HearingViewSet)
router.register("marks", MarkViewSet)
router.register("rooms", RoomViewSet)
router.register("closed-times", ClosedViewSet)
router.register("mediators", MediatorViewSet, basename="mediator")

urlpatterns = [
    path("", include(router.urls)),
    path("token/", obtain_auth_token, name="api_token"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]


def on_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 with its code and sentence; the rest is as Django REST framework has it."""
    if isinstance(error, Refused):
        return Response({"code": error.code, "message": error.message}, status=409)
    return exception_handler(error, context)
