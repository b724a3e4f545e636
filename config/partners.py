"""A partner body has its inbox and nothing else: whoever holds posts at bodies only reaches these addresses, by their names. An
address that is added is shut to them until it stands here. What they see of a row behind one of them says grid.scope as ever.

tests/config/test_isolation.py walks every address of the house.
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from grid.days import day_of

# Open to strangers as well.
PUBLIC = frozenset({
    "metrics", "service_worker", "manifest", "healthz", "api_token", "api_schema", "api_docs", "sign_in", "set_language", "field_app",
    "track", "track_nudge", "track_leave", "track_answer", "track_file", "track_withdraw", "track_rate", "track_object", "report",
    "report_site", "public_figures", "privacy_text", "calendar_feed", "party_dates", "hearing_called", "hearing_called_file", "reply", "reply_move", "reply_file",
    "reply_packet_zip", "reply_packet_pdf", "track_hearing", "track_mark", "track_payment", "track_agreement", "party_mark", "online_join", "online_room", "online_talk",
    "online_leave", "online_act", "online_show", "online_shown", "online_leaf", "online_piece",
})  # fmt: skip
# The own account, desk, notices, tasks and leave.
OWN = frozenset({
    "desk", "sign_out", "password_change", "settings", "inbox", "inbox_read", "inbox_unread", "inbox_acknowledge", "notice_open",
    "notice_acknowledge", "notice_reply", "notice_snooze", "task_list", "task_done", "task_hand", "my_leave", "leave_change", "leave_cancel",
    "field_me", "api-root", "notice-list", "notice-detail", "notice-acknowledge", "notice-reply", "notice-snooze", "leave-list",
    "leave-detail", "leave-change", "leave-cancel", "region-list", "region-detail",
})  # fmt: skip
# What was sent to the body, and its answer.
REFERRED = frozenset({
    "referral_list", "referral_detail", "referral_move", "evidence_file", "packet_detail", "packet_zip", "packet_pdf", "clock_why", "referral-list", "referral-detail", "referral-moves",
    "referral-make-move", "referral-people", "referral-supplements", "packet-list", "packet-detail", "packet-zip", "packet-pdf",
})  # fmt: skip
REACHED = PUBLIC | OWN | REFERRED


def is_shut(request: HttpRequest | Request) -> bool:
    person, match = request.user, request.resolver_match
    if not person.is_authenticated or not hasattr(person, "scope") or match is None or match.url_name in REACHED:
        return False
    posts = person.scope(day_of(timezone.now())).posts
    return bool(posts) and all(post.role.sees == "body" for post in posts)


class PartnersMiddleware:
    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if is_shut(request):
            raise Http404


class InsideTheHouse(IsAuthenticated):
    """The same for the API, where a token says who it is only now."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if is_shut(request):
            raise Http404
        return True
