"""Where somebody goes on once the claim they had to register first is there: apps above name their pages. It waits in the session, for a
while: whoever gives up and registers another claim later in the day is not led astray."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from arrears.models import Claim

KEY, GOOD_FOR = "after-registering", timedelta(hours=2)
PAGES: dict[str, str] = {}  # by what was begun the name of the claim's page


def add_afterwards(name: str, page: str) -> None:
    PAGES[name] = page


def remember(request: HttpRequest, name: str, now: datetime) -> None:
    assert name in PAGES
    request.session[KEY] = [name, now.isoformat()]


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def page_of(request: HttpRequest, claim: Claim, now: datetime) -> str:
    """Asked once."""
    name, since = request.session.pop(KEY, ("", ""))
    is_fresh = bool(since) and now - datetime.fromisoformat(since) < GOOD_FOR
    return reverse(PAGES[name] if is_fresh and name in PAGES else "claim_detail", args=[claim.pk])
