"""What went out to whom, for administrators: never what it said, only how it fared. And sending a failed one again."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from grid.access import log_access
from grid.authority import administered
from grid.models import Notice, Person, Posting
from grid.models.notices import FAILED, QUEUED
from grid.refused import Refused

IN_APP = "in_app"

# What is to be known of how messages go out, as sentences in the reader's language ("": nothing). The apps above add theirs.
NOTES: list[Callable[[], str]] = []
# Which things a number that people use (a case number) stands for. The apps above add theirs.
BY_NUMBER: list[Callable[[str], Collection[Any]]] = []


def visible_to(person: Person, today: date) -> QuerySet[Notice]:
    """What is about the regions the person administers or about a body there; what is about no place goes by where its
    recipient has a post. The system's own inbox is nobody's delivery."""
    wanted = Q(pk__in=[])
    for code in administered(person.scope(today)):
        theirs = Posting.objects.filter(
            Q(region__code__startswith=code) | Q(body__region__code__startswith=code), person=OuterRef("recipient")
        )
        wanted |= Q(region_code__startswith=code) | Q(body__region__code__startswith=code)
        wanted |= Q(Exists(theirs), region_code="", body=None)
    return Notice.objects.filter(wanted).exclude(channel=IN_APP)


def numbered(number: str) -> list[Any]:
    return [pk for find in BY_NUMBER for pk in find(number)]


def send_again(notice: Notice, person: Person, now: datetime) -> None:
    """From the first try on. Raises Refused: not_failed."""
    failed = Notice.objects.filter(pk=notice.pk, state=FAILED)
    if not failed.update(state=QUEUED, attempts=0, next_try_at=now, error=""):
        raise Refused("not_failed", _("只有发送失败的通知可以再发；它的状态刚刚已经变化。"))
    log_access(person, "send_again", "notice", notice.pk, now=now, region_code=notice.region_code)
