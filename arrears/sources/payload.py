"""A change of state as its source reads it, the same by webhook, by feed and by file: which order, which state, in whose
words, and how the worker may be reached. Nothing of a person but what the source gave itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from arrears.models import Claim, Claimant, Report, Returned
from arrears.models.parties import CONTACT_RULES
from arrears.models.reports import DECLINED, WAITING
from arrears.sources.states import LABELS, OF_STAGE, note_of
from arrears.worker.notices import STRICTNESS

Payload = dict[str, Any]


def payloads_of(rows: Iterable[Returned]) -> list[Payload]:
    """Two queries however many; the rows come with source, report and claim."""
    rows = list(rows)
    contacts = contacts_of([row.report for row in rows])
    with translation.override(settings.LANGUAGE_CODE):
        return [payload_of(row, contacts[row.report_id]) for row in rows]


def payload_of(row: Returned, contact: str) -> Payload:
    return {
        "id": str(row.pk),
        "source": row.source.code,
        "external_number": row.report.external_number,
        "state": row.state,
        "state_text": gettext(LABELS[row.state]),
        "your_state": row.source.wording.get(row.state, ""),
        "at": stamp(row.at),
        "claim_number": row.claim.number if row.claim else "",
        "note": note_of(row.facts, gettext),
        "details": row.facts,
        "contact": contact,
        "contact_text": str(dict(CONTACT_RULES)[contact]),
    }


def standing_of(report: Report) -> Payload:
    """The order as it stands now, whatever was told before."""
    claim = last_claim(report)
    state = state_of(report, claim)
    contact = contacts_of([report])[report.pk]
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "external_number": report.external_number,
            "state": state,
            "state_text": gettext(LABELS[state]),
            "your_state": report.source.wording.get(state, "") if report.source else "",
            "claim_number": claim.number if claim else "",
            "note": note_of({"reason": report.reason}, gettext) if report.state == DECLINED else "",
            "received_on": report.received_on.isoformat(),
            "answer_by": report.answer_by.isoformat() if report.answer_by else None,
            "due_on": report.due_on.isoformat(),
            "region": report.region.full_name,
            "contact": contact,
            "contact_text": str(dict(CONTACT_RULES)[contact]),
        }


def last_claim(report: Report) -> Claim | None:
    """Where the matter goes on."""
    claim = report.claim
    while claim and claim.stage == "merged" and claim.merged_into_id:
        claim = Claim.objects.get(pk=claim.merged_into_id)
    return claim


def state_of(report: Report, claim: Claim | None) -> str:
    if claim is None:
        return "received" if report.state == WAITING else "declined"
    if claim.suspended_until:
        return "suspended"
    return OF_STAGE[claim.stage]


def contacts_of(reports: Iterable[Report]) -> dict[Any, str]:
    """By report, how its worker may be reached at the number the source has: the strictest that anybody said of it. Where
    the worker has named another, safer number since, this one is not to be used at all; that other one is nobody's."""
    reports = list({report.pk: report for report in reports}.values())
    phones = {report.phone for report in reports if report.phone}
    rules: dict[str, list[str]] = {}
    if phones:
        for phone, rule, safe in Claimant.objects.filter(phone__in=phones).values_list("phone", "contact_rule", "safe_phone").distinct():
            rules.setdefault(phone, []).append("none" if safe and safe != phone else rule)
    return {report.pk: min([report.contact_rule, *rules.get(report.phone, ())], key=STRICTNESS.index) for report in reports}


def stamp(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
