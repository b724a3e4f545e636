"""催办: a superior, or the worker, asks whoever has the claim in hand to get on with it. It stands on the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.calendars import calendar_now
from arrears.history import event_row
from arrears.lifecycle import OFFICE
from arrears.models import Claim, Nudge
from arrears.permits import Denied, claim_posts, require
from grid.days import SHANGHAI, day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import LEADS, LEVELS

AGAIN_AFTER = timedelta(hours=24)  # for one person and claim
A_DAY = 5  # of all superiors together, for one claim
WORKER_WAITS = 3  # working days from one nudge of the worker to the next


WORKER = gettext_noop("劳动者")


@dataclass(frozen=True)
class Nudged:
    """How often a claim was nudged, and when last."""

    count: int
    last_at: datetime


def may_nudge(claim: Claim, person: Person, today: date) -> Denied | bool:
    """Superiors of the level in charge; and whoever leads that level, towards a handler who is somebody else."""
    if not (answer := may_be_nudged(claim)):
        return answer
    posts = [post for post in claim_posts(claim, person, today) if post.role.name in OFFICE and post.level]
    if not posts:
        return Denied("not_your_role", _("您的岗位不能催办。"))
    if any(LEVELS.index(post.level or "") > LEVELS.index(claim.level) for post in posts):
        return True
    leads = any(post.level == claim.level and LEADS[claim.level] == post.role.name for post in posts)
    if leads and claim.handler_id not in (None, person.pk):
        return True
    return Denied("not_above", _("催办由上级向承办单位提出；案件在您手上，请直接办理。"))


def may_be_nudged(claim: Claim) -> Denied | bool:
    if not claim.is_open:
        return Denied("claim_closed", _("案件已经结束，不能催办。"))
    if claim.suspended_until:
        return Denied(
            "claim_suspended", _("案件已中止至 %(day)s，中止期间不能催办。") % {"day": claim.suspended_until}
        )
    return True


def nudge(claim: Claim, person: Person | None, *, now: datetime, text: str = "") -> Nudge:
    """`person` None is the worker. Raises Refused: claim_closed, claim_suspended, not_your_role, not_above,
    nudged_already, nudged_enough."""
    require(may_be_nudged(claim) if person is None else may_nudge(claim, person, day_of(now)))
    with transaction.atomic():
        locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)  # two at once must count each other
        require(may_be_nudged(locked))
        check_worker(claim, now) if person is None else check_person(claim, person, now)
        nudged = Nudge.objects.create(claim=claim, by=person, at=now, text=text.strip())
        told = addressed(claim, person, day_of(now))
        write_event(locked, nudged, told)
        tell(
            told, "nudged", key=f"nudge:{nudged.pk}", now=now, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
            region_code=claim.region_id, facts={"number": claim.number, **by_of(person)},
        )  # fmt: skip
    return nudged


def check_person(claim: Claim, person: Person, now: datetime) -> None:
    if Nudge.objects.filter(claim=claim, by=person, at__gt=now - AGAIN_AFTER).exists():
        raise Refused("nudged_already", _("您在二十四小时内已经催办过这件案件，请先等待办理。"))
    morning = datetime.combine(day_of(now), datetime.min.time(), SHANGHAI)
    if Nudge.objects.filter(claim=claim, at__gte=morning).exclude(by=None).count() >= A_DAY:
        raise Refused("nudged_enough", _("这件案件今天已经被催办 %(count)s 次，请改用督办单或提级办理。") % {"count": A_DAY})


def check_worker(claim: Claim, now: datetime) -> None:
    if (again := worker_may_again(claim)) and day_of(now) < again:
        raise Refused("nudged_already", _("您最近已经催办过，请在 %(day)s 之后再催。") % {"day": again})


def worker_may_again(claim: Claim) -> date | None:
    """The day from which the worker may nudge again; None: has not done so yet."""
    last = Nudge.objects.filter(claim=claim, by=None).order_by("-at").first()
    return calendar_now().add(day_of(last.at), WORKER_WAITS) if last else None


def addressed(claim: Claim, person: Person | None, today: date) -> list[Person]:
    """Who has it in hand, and who leads the level in charge, or the next one above that is filled."""
    roster = Roster.around(claim.region_id, today)
    people = [roster.on_duty(claim.handler_id, claim.region_id), *roster.answerable(claim.level, claim.region_id)[1]]
    return list({one.pk: one for one in people if one and one != person}.values())


def by_of(person: Person | None) -> dict[str, str]:
    return {"by": str(person)} if person else {"by_msgid": WORKER}


def write_event(claim: Claim, nudged: Nudge, told: Iterable[Person]) -> None:
    facts: dict[str, Any] = {"text": nudged.text, "told": [person.full_name for person in told]}
    if nudged.by is None:
        facts["move"] = "worker"
    event = event_row(claim, "nudged", nudged.by, now=nudged.at, **facts)
    event.actor_post = event.actor_post or WORKER
    event.save(force_insert=True)


def nudged_of(claims: Iterable[Claim]) -> dict[Any, Nudged]:
    """By claim, for a list: one query."""
    rows = Nudge.objects.filter(claim__in=[claim.pk for claim in claims]).order_by().values("claim")
    found = rows.annotate(count=Count("pk"), last_at=Max("at"))
    return {row["claim"]: Nudged(row["count"], row["last_at"]) for row in found}
