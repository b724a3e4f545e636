"""The verbs of an extension 延长: asked for by whoever works on the claim, granted or refused by the level that the
clock's rule names. An extension that somebody outside the grid has granted (a court's president) is recorded with the
number of the paper.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.calendars import calendar_now
from arrears.history import record
from arrears.ladders import call_at
from arrears.models import Claim, Clock, Extension
from arrears.permits import require
from arrears.rules import AFTER_NUMBER
from arrears.timing import clocks
from arrears.timing.extension_permits import (
    ASKED,
    GRANTED,
    REFUSED,
    allowed_of,
    approvers,
    approving_level,
    has_times_left,
    is_open_to_extension,
    is_recorded,
    may_ask,
    may_decide,
)
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused

AGAIN_AFTER = 2  # working days from the request, and from one reminder to the next


def ask(clock: Clock, person: Person, now: datetime, length: int, reason: str) -> Extension:
    """Raises Refused: no_extension, not_your_role, not_in_charge, clock_ended, claim_suspended, too_late, already_asked,
    no_times_left, outside_the_grid, too_long, no_reason."""
    require(may_ask(clock, person, day_of(now)))
    if is_recorded(clock):
        raise Refused("outside_the_grid", _("这项期限由系统之外的单位批准延长，请直接登记批准文书。"))
    check(clock, length, reason, _("请写明申请延长的理由。"))
    with transaction.atomic():
        fresh = locked(clock, day_of(now))
        extension = Extension.objects.create(
            claim=fresh.claim, clock=fresh, length=length, reason=reason.strip(), asked_by=person, asked_at=now,
            remind_at=now,
        )  # fmt: skip
        record(fresh.claim, "extension_asked", person, now=now, due=fresh.due_on, reason=extension.reason, **said(extension))
        people = approvers(extension, Roster.around(fresh.claim.region_id, day_of(now)))
        inform(people, "extension_asked", extension, person, now)
        if people:  # else the sweep looks for somebody at once
            extension.remind_at = call_at(calendar_now().add(day_of(now), AGAIN_AFTER))
            extension.save(update_fields=["remind_at"])
    return extension


def record_granted(clock: Clock, person: Person, now: datetime, length: int, paper: str) -> Extension:
    """What a court's president or a commission's director has granted; `paper` is its number. Raises Refused as `ask`
    does, and in_the_grid."""
    require(may_ask(clock, person, day_of(now)))
    if not is_recorded(clock):
        raise Refused("in_the_grid", _("这项期限须申请并由%(level)s批准，不能直接登记。") % {"level": approving_level(clock)})
    check(clock, length, paper, _("请写明批准文书的名称和文号。"))
    with transaction.atomic():
        fresh = locked(clock, day_of(now))
        extension = Extension.objects.create(
            claim=fresh.claim, clock=fresh, length=length, reason=paper.strip(), state=GRANTED, asked_by=person,
            asked_at=now, decided_by=person, decided_at=now,
        )  # fmt: skip
        lengthen(extension, person, now, paper.strip())
    return extension


def grant(extension: Extension, person: Person, now: datetime, note: str = "") -> Extension:
    """The clock runs longer from its old start. Raises Refused: wrong_state, not_your_level, own_request, stale,
    clock_ended, claim_suspended, no_calendar."""
    with transaction.atomic():
        settle(extension, GRANTED, person, now, note)
        lengthen(extension, person, now, note)
        inform([extension.asked_by], "extension_decided", extension, person, now, verdict_msgid=gettext_noop("已批准"))
    return extension


def refuse(extension: Extension, person: Person, now: datetime, note: str) -> Extension:
    """Raises Refused: wrong_state, not_your_level, own_request, stale, no_reason."""
    if not note.strip():
        raise Refused("no_reason", _("不批准的，请写明理由。"))
    with transaction.atomic():
        settle(extension, REFUSED, person, now, note)
        record(extension.claim, "extension_refused", person, now=now, note=note, **said(extension))
        inform([extension.asked_by], "extension_decided", extension, person, now, verdict_msgid=gettext_noop("未批准"))
    return extension


def check(clock: Clock, length: int, reason: str, unsaid: str) -> None:
    allowed = allowed_of(clock)
    assert allowed is not None
    if not 1 <= length <= allowed.length:
        words = {"length": allowed.length, "unit": _(AFTER_NUMBER[clock.rule.unit])}
        raise Refused("too_long", _("一次最多延长%(length)s%(unit)s。") % words)
    if not reason.strip():
        raise Refused("no_reason", unsaid)


def locked(clock: Clock, today: date) -> Clock:
    """The clock as it is now, its claim held, so that nobody else asks or ends it meanwhile."""
    claim = Claim.objects.select_for_update(no_key=True).get(pk=clock.claim_id)
    fresh = Clock.objects.select_related("watch").get(pk=clock.pk)
    fresh.claim = claim
    require(is_open_to_extension(fresh, today) and has_times_left(fresh))
    return fresh


def settle(extension: Extension, state: str, person: Person, now: datetime, note: str) -> None:
    """The conditional update: who comes second finds that there is a result."""
    require(may_decide(extension, person, day_of(now)))
    Claim.objects.select_for_update(no_key=True).get(pk=extension.claim_id)
    changes = {"state": state, "decided_by": person, "decided_at": now, "decision_note": note.strip()[:300]}
    if not Extension.objects.filter(pk=extension.pk, state=ASKED).update(**changes):
        raise Refused("stale", _("这份申请刚刚已有结果，请刷新后查看。"))
    for name, value in changes.items():
        setattr(extension, name, value)


def lengthen(extension: Extension, person: Person, now: datetime, note: str) -> None:
    """Asked in time it may be granted late: then the clock has run out meanwhile, and runs on."""
    clock = Clock.objects.select_related("watch").get(pk=extension.clock_id)
    claim = clock.claim = Claim.objects.get(pk=extension.claim_id)
    if clock.ended_on or not claim.is_open:
        raise Refused("clock_ended", _("这项期限已经终止，不能再延长。"))
    if claim.suspended_until:
        raise Refused("claim_suspended", _("案件已中止，恢复办理后再批准延长。"))
    clock.extended_by += extension.length
    facts = {**said(extension), **clocks.move(clock, claim, "extended_by", now=now), "asked_by": extension.asked_by, "note": note}
    record(claim, "clock_moved", person, now=now, cause="extension", **facts)
    clocks.refresh_shown([claim.pk], [clock.about_id] if clock.about_id else [])
    extension.clock, extension.claim = clock, claim


# Who is told, and what.


def said(extension: Extension) -> dict[str, Any]:
    clock = extension.clock
    return {
        "extension": str(extension.pk), "clock": str(clock.pk), "rule": clock.rule_id, "length": extension.length,
        "unit": clock.rule.unit,
    }  # fmt: skip


def inform(people: Iterable[Person], kind: str, extension: Extension, by: Person, now: datetime, **facts: str) -> None:
    clock, claim = extension.clock, extension.claim
    tell(
        people, kind, key=f"extension:{extension.pk}:{extension.state}" + (f":{facts['time']}" if "time" in facts else ""), now=now,
        facts={
            "number": claim.number, "by": str(by), "rule": clock.rule.name, "rule_en": clock.rule.name_en,
            "article": clock.rule.citation(), "article_en": clock.rule.citation("en"), "length": extension.length,
            "unit_msgid": AFTER_NUMBER[clock.rule.unit], "due": clock.due_on.isoformat(), **facts,
        },
        path=f"/extensions/{extension.pk}/", subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip
