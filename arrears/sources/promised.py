"""The day its source was promised an answer by, once a work order is part of a claim: a clock of that claim about the report
(`about_id`), met by telling the source what came out, or by the end of the claim, which is told as well. A source the system
tells nothing is told by a person: an answer says how it was given, and the end of the claim meets nothing.

It goes where the report goes when claims are merged or split, and rests with nothing: the other office counts on.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from arrears.history import GIVEN
from arrears.history import record as record_on_claim
from arrears.lifecycle import CLAIM, OFFICE, OPEN
from arrears.models import Claim, Clock, Report, ReportEvent
from arrears.models.sources import NONE
from arrears.one_by_one import one_by_one
from arrears.permits import Denied, claim_posts, require
from arrears.reports.record import record
from arrears.sources.holding import hold_with_claim
from arrears.sources.payload import last_claim
from arrears.sources.returning import with_merged
from arrears.timing import clocks
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

RULE = clocks.OF_SOURCE
ANSWERERS = tuple(dict.fromkeys((*CLAIM.find("register").roles, *OFFICE)))


def begin(report: Report, claim: Claim, now: datetime) -> None:
    """Called inside the transaction that made the report part of the claim, which is held."""
    if report.source_id and report.answer_by:
        start(report, claim, report.answer_by, now)


def unpursued() -> list[Report]:
    """The day a source was promised, of a claim that is open, pursued by no clock and answered by nobody: those that became part
    of a claim before there were such clocks, and what got lost."""
    clocks_of = Clock.objects.filter(rule_id=RULE, about_id=OuterRef("pk"))
    answers = ReportEvent.objects.filter(report=OuterRef("pk"), kind="answered")
    reports = Report.objects.filter(source__isnull=False, answer_by__isnull=False, claim__stage__in=(*OPEN, "merged")).exclude(Exists(clocks_of) | Exists(answers))
    return [report for report in reports.select_related("claim").order_by("pk") if (claim := last_claim(report)) and claim.is_open]


def begin_lost(now: datetime) -> int:
    """Begins the clocks that are not there; how many. A day that is over calls at once: nobody was called about it before."""
    return one_by_one(unpursued(), lambda report: begin_one(report, now))


@transaction.atomic
def begin_one(report: Report, now: datetime) -> bool:
    held, claim = hold_with_claim(report)
    if claim is None or not claim.is_open or Clock.objects.filter(rule_id=RULE, about_id=held.pk).exists():
        return False  # ended, or begun at this moment
    begin(held, claim, now)
    return True


def start(report: Report, claim: Claim, answer_by: date, now: datetime) -> None:
    clocks.start(claim, RULE, report.received_on, now=now, due_on=max(answer_by, report.received_on), about_id=report.pk)


def change(report: Report, claim: Claim, answer_by: date | None, now: datetime) -> None:
    """The source asks for another day. One that asks again after it was answered is answered again."""
    if report.answer_by == answer_by:
        return
    report.answer_by = answer_by
    report.save(update_fields=["answer_by"])
    clock = Clock.objects.running().filter(claim=claim, rule_id=RULE, about_id=report.pk).select_related("watch").first()
    if answer_by is None:
        clocks.stop(claim, [RULE], now=now, was_met=False, about_id=report.pk)
    elif clock:
        clock.natural_on = max(answer_by, report.received_on)
        moved = clocks.move(clock, claim, "natural_on", now=now)
        if moved["new"] != moved["old"]:
            record_on_claim(claim, "clock_moved", None, now=now, **moved, cause="source")
    elif claim.is_open:
        start(report, claim, answer_by, now)


def may_answer(report: Report, person: Person, today: date) -> Denied | bool:
    claim = last_claim(report)
    if report.source_id is None or claim is None:
        return Denied("no_source", _("这条反映还没有登记为案件，或者不是别的单位转来的，请在收件箱里处理。"))
    return may_answer_of(claim, person, today, is_told=is_told(report))


def is_told(report: Report) -> bool:
    """By the system, of every change and every answer."""
    return report.source is not None and report.source.return_way != NONE


def may_answer_of(claim: Claim, person: Person, today: date, *, is_told: bool) -> Denied | bool:
    if not any(post.role.name in ANSWERERS for post in claim_posts(claim, person, today)):
        return Denied("not_your_role", _("您的岗位不能答复来源单位。"))
    return True if claim.is_open or not is_told else Denied("claim_closed", _("案件已经结束，结果已经按来源的方式回传，不用再答复。"))


def answer(report: Report, person: Person, *, now: datetime, text: str, given: str = "") -> None:
    """What came out so far, in words the other office reads; `given`: how, where the system tells it nothing. Raises Refused:
    no_source, not_your_role, claim_closed, no_text, not_given."""
    with transaction.atomic():
        held, claim = hold_with_claim(report)
        require(may_answer(held, person, day_of(now)))
        if claim is None or not text.strip():
            raise Refused("no_text", _("请写明办理情况，来源单位会看到。"))
        if not is_told(held) and given not in dict(GIVEN):
            raise Refused("not_given", _("系统不向这个来源回传。请先把答复告诉对方，再选择是怎样告诉的。"))
        given = "" if is_told(held) else given
        record(held, "answered", person, now=now, text=text.strip(), given=given)
        clocks.stop(claim, [RULE], now=now, about_id=held.pk)
        record_on_claim(
            claim, "source_answered", person, now=now, source=held.source.name, external=held.external_number,
            report=held.public_number, text=text.strip(), given=given,
        )  # fmt: skip


def resume(claim: Claim, now: datetime) -> None:
    """A claim that is worked on again before its source's day owes that answer again."""
    for report in Report.objects.filter(claim__in=with_merged(claim.pk), source__isnull=False, answer_by__gte=day_of(now)):
        begin(report, claim, now)


def carry(merged: Claim, target: Claim) -> None:
    Clock.objects.running().filter(claim=merged, rule_id=RULE).update(claim=target)


def follow(report: Report, old: Claim, new: Claim) -> None:
    """The report goes with its worker out of one claim into another."""
    Clock.objects.running().filter(claim=old, rule_id=RULE, about_id=report.pk).update(claim=new)


def named(clocks_shown: Iterable[Clock]) -> dict[Any, str]:
    """By report, whom the answer is owed to and by which number. One query, and none where nothing is owed."""
    reports = {clock.about_id for clock in clocks_shown if clock.rule_id == RULE}
    if not reports:
        return {}
    found = Report.objects.filter(pk__in=reports).values_list("pk", "source__name", "external_number")
    return {pk: f"{source} {number}" for pk, source, number in found}
