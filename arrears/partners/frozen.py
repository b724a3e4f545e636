"""What a body is shown of a claim: the facts as they stood, frozen with the referral, and the fingerprint of all of it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from arrears.groups.standing_for import Group
from arrears.liability.said import said_of
from arrears.models import Authority, Claim, ClaimLine, Evidence, Referral, Supplement
from arrears.models.referrals import PEOPLE_AT_ONCE

PEOPLE = ("claimants", "lines", "claimant_count")  # of a snapshot, what is told of each worker
FILES = "files"


def snapshot(claim: Claim, today: date) -> dict[str, Any]:
    """The facts, ID numbers masked; the workers beside it (people_of)."""
    return {
        "number": claim.number,
        "region": claim.region.full_name,
        "received_on": claim.received_on.isoformat(),
        "last_working_day": claim.last_working_day.isoformat() if claim.last_working_day else None,
        "worker_count": claim.worker_count,
        "contract": claim.contract,
        "site": claim.site.name if claim.site else "",
        "work": claim.work,
        "story": claim.story,
        "request": claim.request,
        "claimed": money(claim.claimed),
        "verified": money(claim.verified) if claim.verified is not None else None,
        "paid": money(claim.paid),
        **said_of(claim, today),
        "representatives": Group(claim, today).shared(),
        "respondents": [
            {"role": r.role, "legal_name": r.legal_name, "aliases": r.aliases, "credit_code": r.credit_code,
             "contact": r.contact, "phone": r.phone, "address": r.address}
            for r in claim.respondents.all()
        ],
    }  # fmt: skip


def money(amount: Decimal) -> str:
    """To the cent, whether it was just said or read back: the same amount is the same text."""
    return f"{amount:.2f}"


def workers_of(claim: Claim, only: Collection[UUID] | None = None) -> list[tuple[dict[str, Any], list[dict[str, str]]]]:
    """Each worker with the own lines, sum and authority; only the number that is safe to call, and how to be careful.
    `only`: of some of them, and of what was entered of the same persons elsewhere."""
    lines = defaultdict(list)
    for line in claim.lines.order_by("id"):
        lines[line.claimant_id].append(line)
    given = {
        authority.claimant_id: authority
        for authority in Authority.objects.filter(claimant__claim=claim, ended_at=None).select_related("representative__claimant")
    }
    found = []
    for worker in claim.claimants.all():
        if only is not None and not {worker.pk, worker.same_as_id} & set(only):
            continue
        own, authority = lines[worker.pk], given.get(worker.pk)
        row = {
            "id": str(worker.pk), "name": worker.name, "phone": worker.reached_at, "id_masked": worker.id_masked,
            "contact": worker.contact_rule, "unpaid": str(sum((line.unpaid for line in own), Decimal("0.00"))),
            "stood_for_by": str(authority.representative) if authority else "", "scope": authority.scope if authority else "",
        }  # fmt: skip
        found.append((row, [line_of(line, worker.name) for line in own]))
    return found


def people_of(claim: Claim, only: Collection[UUID] | None = None) -> list[dict[str, Any]]:
    """The workers with their lines, a page of them at a time; at least one page, and the first says how many there are."""
    workers = workers_of(claim, only)
    pages = [people(workers[start : start + PEOPLE_AT_ONCE]) for start in range(0, len(workers), PEOPLE_AT_ONCE)] or [people([])]
    pages[0]["claimant_count"] = len(workers)
    return pages


def people(workers: Iterable[tuple[dict[str, Any], list[dict[str, str]]]]) -> dict[str, Any]:
    workers = list(workers)
    return {"claimants": [row for row, _lines in workers], "lines": [line for _row, lines in workers for line in lines]}


def line_of(line: ClaimLine, worker: str) -> dict[str, str]:
    return {
        "worker": str(line.claimant_id or ""), "claimant": worker, "from": str(line.period_from or ""), "to": str(line.period_to or ""),
        "unit": line.unit, "rate": str(line.rate), "quantity": str(line.quantity), "due": str(line.due), "paid": str(line.paid),
        "unpaid": str(line.unpaid),
    }  # fmt: skip


def files_of(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [{"id": str(file.pk), "title": file.title, "kind": file.kind, "size": file.size, "sha256": file.sha256} for file in evidence]


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (UTF-8, keys in order, no spaces): whoever has the content can work it out again."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def content_of(referral: Referral, shared: Mapping[str, Any], pages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything of the first version: what it is about, the facts, the files, all workers."""
    return {"kind": referral.kind, "body": str(referral.body_id), "summary": referral.summary, "shared": shared, "pages": list(pages)}


def fingerprint_of(referral: Referral) -> str:
    """Worked out again from what is stored."""
    return fingerprint(content_of(referral, referral.shared, [page.people for page in referral.pages.all()]))


def content_of_supplement(supplement: Supplement) -> dict[str, Any]:
    return {
        "referral": str(supplement.referral_id), "number": supplement.number, "note": supplement.note, "facts": supplement.facts,
        "people": supplement.people, "files": supplement.files,
    }  # fmt: skip


def is_intact(referral: Referral) -> bool:
    """Is the first version what was sent? Of one sent before fingerprints were kept there is nothing to compare."""
    return not referral.sha256 or referral.sha256 == fingerprint_of(referral)


def is_supplement_intact(supplement: Supplement) -> bool:
    return supplement.sha256 == fingerprint(content_of_supplement(supplement))
