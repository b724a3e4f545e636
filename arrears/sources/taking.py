"""Taking a work order in: once for each number of its source, however often and however many at once it is sent. The same
number with other words is an update: it is written down and shown, and somebody is told; nothing is written over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.casework import owners_of
from arrears.history import record as record_on_claim
from arrears.ladders.store import book_now
from arrears.models import Claim, Report, Source
from arrears.models.reports import DECLINED
from arrears.models.sources import WORKING
from arrears.reports.around import Around
from arrears.reports.clock import announce, due_day, people_of, set_call
from arrears.reports.deciding import open_again
from arrears.reports.receiving import Said, receive
from arrears.reports.record import record
from arrears.sources import promised
from arrears.sources.holding import hold_with_claim
from arrears.sources.orders import TAKEN_OVER, WorkOrder, changes_between
from arrears.sources.places import Found, Places
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster
from grid.notices import tell
from grid.refused import Refused

CREATED, KNOWN, UPDATED = "created", "known", "updated"


@dataclass(frozen=True)
class Taken:
    result: str
    report: Report
    changed: tuple[str, ...] = ()  # fields


def take(source: Source, order: WorkOrder, places: Places, *, now: datetime, around: Around | None = None) -> Taken:
    """`around`: for whoever takes many. Raises Refused: in_future, older."""
    if order.told.received_on and order.told.received_on > day_of(now):
        raise Refused("in_future", _("收到日期不能晚于今天。"))
    if known := find(source, order.external_number):
        return update(known, order, now)
    try:
        found = places.find(order.told.region_code, f"{order.told.address} {order.told.place}")
        return Taken(CREATED, create(source, order, found, around or Around(now)))
    except IntegrityError:  # the same number at once, on another connection
        known = find(source, order.external_number)
        if known is None:
            raise
        return update(known, order, now)


def find(source: Source, external_number: str) -> Report | None:
    return Report.objects.filter(source=source, external_number=external_number).first()


def create(source: Source, order: WorkOrder, found: Found, around: Around) -> Report:
    told, now = order.told, around.now
    said = Said(
        region=found.region, channel=source.channel, answer_by=answer_by(source, order, told.received_on or day_of(now), around.calendar),
        **{name: getattr(told, name) for name in TAKEN_OVER if name != "place"}, place=(told.place or told.address)[:120],
    )  # fmt: skip
    return receive(
        said, now=now, source=source, external_number=order.external_number, fingerprint=told.fingerprint, as_told=told.pack(),
        told_at=order.changed_at, received_on=told.received_on, around=around,
    )  # fmt: skip


def answer_by(source: Source, order: WorkOrder, received_on: date, calendar: Calendar) -> date | None:
    """The day the order names; else so many days after it came, as its office counts them."""
    if order.told.answer_by or not source.reply_days:
        return order.told.answer_by
    if source.reply_unit == WORKING:
        return calendar.add(received_on, source.reply_days)
    return received_on + timedelta(days=source.reply_days)


def update(report: Report, order: WorkOrder, now: datetime) -> Taken:
    """Nothing is held for an order that says the same: a long file sent every day would stop everybody's work on its claims."""
    if report.fingerprint == order.told.fingerprint:
        return Taken(KNOWN, report)
    with transaction.atomic():
        held, claim = hold_with_claim(report)
        told = order.told.pack()
        if held.fingerprint == order.told.fingerprint:
            return Taken(KNOWN, held)
        if order.changed_at and held.told_at and order.changed_at < held.told_at:
            raise Refused("older", _("已经收到过这件工单更新的版本，没有采用这个旧版本。"))
        changes = changes_between(held.as_told, told)
        held.as_told, held.fingerprint, held.told_at = told, order.told.fingerprint, order.changed_at or held.told_at
        held.save(update_fields=["as_told", "fingerprint", "told_at"])
        record(held, "updated", None, now=now, changes=changes)
        if claim:
            promised.change(held, claim, answer_by(held.source, order, held.received_on, calendar_now()), now)
            tell_claim(held, claim, changes, now)
        else:
            tell_inbox(held, order, changes, now)
    return Taken(UPDATED, held, tuple(changes))


def tell_claim(report: Report, claim: Claim, changes: dict[str, Any], now: datetime) -> None:
    """Where the matter goes on; whoever owes its next step hears of it, also when it has ended."""
    write_on_claim(claim, report, changes, now)
    tell_owners(report, claim, f"{report.fingerprint}:{now.timestamp()}", now)


def tell_owners(report: Report, claim: Claim, key: str, now: datetime) -> None:
    owners = owners_of(claim, Roster.around(claim.region_id, day_of(now)))
    tell(
        owners, "order_changed", key=f"order-changed:{report.pk}:{key}", now=now,
        facts={"number": claim.number, "source": report.source.name, "external": report.external_number},
        path=f"/claims/{claim.pk}/", subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip


def write_on_claim(claim: Claim, report: Report, changes: dict[str, Any], now: datetime) -> None:
    story = changes.get("story", ["", ""])[1]
    record_on_claim(
        claim, "source_updated", None, now=now, source=report.source.name, external=report.external_number, changed=list(changes),
        report=report.public_number, text=story,
    )  # fmt: skip


def tell_inbox(report: Report, order: WorkOrder, changes: dict[str, Any], now: datetime) -> None:
    """A new day to answer by counts at once. What was declined is looked at again: the words it was declined for are others."""
    calendar, today = calendar_now(), day_of(now)
    wanted = answer_by(report.source, order, report.received_on, calendar)
    if report.state == DECLINED:
        open_again(report, None, now, answer_by=wanted, reason=_("来源单位更新了内容。"))
        return
    if report.answer_by != wanted:
        report.answer_by, report.due_on = wanted, due_day(report.received_on, wanted, calendar)
        if report.rung == 0:
            set_call(report, book_now(), calendar, now)
        report.save(update_fields=["answer_by", "due_on", "next_at"])
    people = people_of(report, {"level"}, Roster.around(report.region_id, today))
    announce(report, "report_changed", people, now, key=f"changed:{now.timestamp()}")
