"""What becomes of a report: a claim in one act, part of a claim, declined with a reason, or another township's."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import hold
from arrears.history import record as record_on_claim
from arrears.intake import REGISTER, ClaimantFacts, ClaimFacts, LineFacts, RespondentFacts, register
from arrears.ladders.store import book_now
from arrears.lifecycle import OFFICE
from arrears.models import Claim, Employer, Evidence, Report
from arrears.models.reports import ACCEPTED, DECLINED, JOINED, OTHERS, WAITING
from arrears.permits import Denied, require
from arrears.reports import telling
from arrears.reports.clock import announce, due_day, people_of, set_call
from arrears.reports.receiving import codes_of, level_of
from arrears.reports.record import record
from arrears.sites.patrol import chain_of
from arrears.sources import promised
from arrears.sources.orders import TAKEN_OVER
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person, Region
from grid.refused import Refused

DECIDERS = tuple(dict.fromkeys((*REGISTER.roles, *OFFICE)))


def may_decide(report: Report, person: Person, today: Any) -> Denied | bool:
    """Whoever may log a claim there, or leads there."""
    posts = [post for post in person.scope(today).posts_for(report.region_id) if post.role.name in DECIDERS]
    if not posts:
        return Denied("not_your_role", _("您的岗位不能处理群众反映。"))
    return True if report.is_waiting else Denied("decided_already", _("这条反映已经有人处理过了。"))


def may_accept(report: Report, person: Person, today: Any) -> Denied | bool:
    if not (answer := may_decide(report, person, today)):
        return answer
    if not report.township_code:
        return Denied("no_township", _("还不知道属于哪个乡镇（街道），请先转交到具体的乡镇（街道）。"))
    fitting = [post for post in person.scope(today).posts_for(report.region_id) if post.role.name in REGISTER.roles]
    return True if fitting else Denied("not_your_role", _("您的岗位不能登记案件，请转交乡镇（街道）登记。"))


def accept(report: Report, person: Person, *, now: datetime) -> Claim:
    """Logs the claim with everything that was told, under the number the worker has. Raises Refused, as intake.register."""
    with transaction.atomic():
        held = hold_report(report)
        require(may_accept(held, person, day_of(now)))
        claim = register(claim_facts(held, person, now), person, now=now)
        add_files(held, claim, person, now)
        carry_updates(held, claim, now)
        decide(held, ACCEPTED, person, now, claim=claim)
        promised.begin(held, claim, now)
        record(held, "accepted", person, now=now, claim=claim.number)
    return claim


def join(report: Report, person: Person, *, now: datetime, claim: Claim) -> None:
    """The same matter as a claim that is open. Raises Refused."""
    with transaction.atomic():
        claim = hold(claim)  # before the report, as whoever has both takes them (arrears.sources.holding)
        held = hold_report(report)
        require(may_decide(held, person, day_of(now)))
        if not claim.is_open:
            raise Refused("claim_closed", _("案件 %(number)s 已经结束，请登记为新案件。") % {"number": claim.number})
        record_on_claim(claim, "report_joined", person, now=now, happened_on=held.received_on, report=held.public_number, text=held.story)
        add_files(held, claim, person, now)
        carry_updates(held, claim, now)
        decide(held, JOINED, person, now, claim=claim)
        promised.begin(held, claim, now)
        record(held, "joined", person, now=now, claim=claim.number)
        telling.tell_reporter(held, "report_joined", now=now, by=person)


def decline(report: Report, person: Person, *, now: datetime, reason: str) -> None:
    """The reason is read by whoever reported. Raises Refused."""
    with transaction.atomic():
        held = hold_report(report)
        require(may_decide(held, person, day_of(now)))
        if not reason.strip():
            raise Refused("no_reason", _("请写明理由，反映人会看到。"))
        decide(held, DECLINED, person, now, reason=reason.strip())
        record(held, "declined", person, now=now, reason=reason.strip())
        telling.tell_reporter(held, "report_declined", now=now, by=person)


def route(report: Report, person: Person, *, now: datetime, region: Region) -> None:
    """To the township it belongs to; its day stays. Raises Refused."""
    with transaction.atomic():
        held = hold_report(report)
        require(may_decide(held, person, day_of(now)))
        if len(region.code) < 9 or region.code[:4] != held.city_code:
            raise Refused("no_township", _("请选择本市的一个乡镇（街道）。"))
        if region.code[:9] == held.township_code:
            raise Refused("same_township", _("这条反映已经在这个乡镇（街道）。"))
        came_from = held.region.name
        code = region.code
        if not held.township_code:
            held.level = level_of(code)
        held.region = region
        for name, value in codes_of(code).items():
            setattr(held, name, value)
        held.save(update_fields=["region", *codes_of(code), "level"])
        record(held, "routed", person, now=now, came_from=came_from, to=region.name)
        people = people_of(held, {"level"}, Roster.around(code, day_of(now)))
        announce(held, "report_arrived", people, now, key=f"routed:{now.isoformat()}")


def hold_report(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("region", "site", "source").get(pk=report.pk)


def adopt(report: Report, person: Person, *, now: datetime) -> list[str]:
    """Takes over what its source says now in place of what it said first; what was changed. Raises Refused."""
    with transaction.atomic():
        held = hold_report(report)
        require(may_decide(held, person, day_of(now)))
        fresh = {name: value for name, value in told_now(held).items() if getattr(held, name) != value}
        if not fresh:
            raise Refused("nothing_new", _("没有还未采用的更新。"))
        for name, value in fresh.items():
            setattr(held, name, value)
        held.save(update_fields=list(fresh))
        record(held, "adopted", person, now=now, changed=list(fresh))
    return list(fresh)


def told_now(report: Report) -> dict[str, Any]:
    """What the source says now, as the columns hold it."""
    said = report.as_told
    found = {name: said.get(name, Report._meta.get_field(name).get_default()) for name in TAKEN_OVER}
    found["place"] = (said.get("place") or said.get("address") or "")[:120]
    found["amount"] = Decimal(said["amount"]) if said.get("amount") else None
    return found


def carry_updates(report: Report, claim: Claim, now: datetime) -> None:
    """What its source said later and nobody took over stands in the history of the claim, so that it is read there."""
    if report.source_id is None:
        return
    changes = {name: [getattr(report, name), value] for name, value in told_now(report).items() if getattr(report, name) != value}
    if changes:
        record_on_claim(
            claim, "source_updated", None, now=now, source=report.source.name, external=report.external_number,
            changed=list(changes), report=report.public_number, text=changes.get("story", ["", ""])[1],
        )  # fmt: skip


def reopen(report: Report, person: Person, *, now: datetime, reason: str) -> None:
    """Declined too soon: it waits again, with a day of its own. Raises Refused."""
    with transaction.atomic():
        held = hold_report(report)
        require(may_reopen(held, person, day_of(now)))
        if not reason.strip():
            raise Refused("no_reason", _("请写明理由。"))
        open_again(held, person, now, answer_by=held.answer_by, reason=reason.strip())


def may_reopen(report: Report, person: Person, today: Any) -> Denied | bool:
    posts = [post for post in person.scope(today).posts_for(report.region_id) if post.role.name in DECIDERS]
    if not posts:
        return Denied("not_your_role", _("您的岗位不能处理群众反映。"))
    return True if report.state == DECLINED else Denied("not_declined", _("只有不登记的反映才能重新处理。"))


def open_again(report: Report, person: Person | None, now: datetime, *, answer_by: date | None, reason: str) -> None:
    """The first decision stays in its history."""
    today, calendar = day_of(now), calendar_now()
    wanted = answer_by if answer_by and answer_by > today else None  # a day that is over asks for nothing any more
    report.state, report.decided_by, report.decided_at, report.reason = WAITING, None, None, ""
    report.answer_by, report.due_on, report.rung = answer_by, due_day(today, wanted, calendar), 0
    set_call(report, book_now(), calendar, now)
    report.save(update_fields=["state", "decided_by", "decided_at", "reason", "answer_by", "due_on", "rung", "next_at"])
    record(report, "reopened", person, now=now, reason=reason)
    announce(report, "report_arrived", people_of(report, {"level"}, Roster.around(report.region_id, today)), now, key=f"reopened:{now.isoformat()}")


def decide(report: Report, state: str, person: Person, now: datetime, **more: Any) -> None:
    assert report.state == WAITING
    report.state, report.decided_by, report.decided_at, report.next_at = state, person, now, None
    for name, value in more.items():
        setattr(report, name, value)
    report.save(update_fields=["state", "decided_by", "decided_at", "next_at", *more])


def claim_facts(report: Report, person: Person, now: datetime) -> ClaimFacts:
    lines = [LineFacts(report.amount)] if report.amount else []
    return ClaimFacts(
        region=report.region, received_on=report.received_on, channel=report.channel, story=story_of(report),
        claimants=[claimant_facts(report, lines)],
        respondents=respondents(report, person, now), worker_count=report.people,
        site_name=report.site.name if report.site else report.place if report.kind == "construction" and not is_address(report) else "",
        typed_total=report.amount or Decimal(0) if report.amount else None,
        source_key=f"report:{report.pk}", public_number=report.public_number,
        extra={"report": report.public_number, "external": report.external_number, "reach_note": report.reach_note},
    )  # fmt: skip


def is_address(report: Report) -> bool:
    """An office that named no site gave only an address: no site is called so."""
    return report.source_id is not None and not report.as_told.get("place") and report.place == report.as_told.get("address", "")[:120]


def story_of(report: Report) -> str:
    if not (is_address(report) and report.place):
        return report.story
    return "\n".join(filter(None, (report.story, _("地址：%(address)s") % {"address": report.as_told["address"]})))


def claimant_facts(report: Report, lines: list[LineFacts]) -> ClaimantFacts:
    """Somebody else's telephone is one to be careful with."""
    numbers = {"safe_phone": report.phone} if report.reach == OTHERS else {"phone": report.phone}
    return ClaimantFacts(report.name or _("姓名待补"), lines=lines, contact_rule=report.contact_rule, slip=report.slip, **numbers)


def respondents(report: Report, person: Person, now: datetime) -> list[RespondentFacts]:
    """Whom the worker named, as the worker says it: only a firm we know already is one by its name. With it the usual
    chain of the site whose notice was read."""
    named = []
    if report.employer:
        is_known = Employer.objects.filter(name=report.employer).exists()
        named = [RespondentFacts(legal_name=report.employer) if is_known else RespondentFacts(aliases=report.employer)]
    links = [link.respondent for link in chain_of(report.site, person, day_of(now)) if link.is_usual] if report.site else []
    usual = [
        RespondentFacts(row.legal_name, row.aliases, row.role, row.credit_code, row.contact, row.phone, row.address)
        for row in links if not report.employer or report.employer not in (row.legal_name, row.aliases)
    ]  # fmt: skip
    return named + usual or [RespondentFacts(aliases=_("%(place)s的用人单位（待查）") % {"place": report.where or report.region.name})]


def add_files(report: Report, claim: Claim, person: Person | None, now: datetime) -> None:
    known = set(claim.evidence.values_list("sha256", flat=True))
    for file in new_files(report, known):
        row = Evidence(
            claim=claim, kind=file.kind, title=file.title, original_name=file.original_name, extension=file.extension,
            mime=file.mime, size=file.size, sha256=file.sha256, added_by=None, added_at=now,
            scan=file.scan, scanned_at=file.scanned_at, threat=file.threat,
        )  # fmt: skip
        row.file.name = file.file.name
        row.save(force_insert=True)
        record_on_claim(claim, "add_evidence", None, now=now, title=row.title, kind=row.kind, sha256=row.sha256)
        if row.is_quarantined:
            record_on_claim(claim, "file_quarantined", None, now=now, title=row.title, threat=row.threat, sha256=row.sha256)


def new_files(report: Report, known: set[str]) -> Iterable[Any]:
    return [file for file in report.files.all() if file.sha256 not in known]
