"""补充材料: what is shared after a referral was sent. What has changed is worked out against all that was shown before; the
first version and each supplement stay as they were sent, with a fingerprint and a receipt each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears import referrals
from arrears.history import hold
from arrears.lifecycle import REFERRAL
from arrears.models import Applicant, Clock, Evidence, Referral, Supplement
from arrears.partners.frozen import (
    FILES,
    PEOPLE,
    content_of_supplement,
    files_of,
    fingerprint,
    people,
    snapshot,
    workers_of,
)
from arrears.permits import find, may_refer, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOVES = {"queried": "supply", "returned": "resend"}
WorkerRows = tuple[Mapping[str, Any], list[Mapping[str, Any]]]


@dataclass(frozen=True)
class News:
    """What has changed since the body was last shown something."""

    facts: dict[str, Any]
    people: dict[str, Any]

    def __bool__(self) -> bool:
        return bool(self.facts or self.people)


def move_of(referral: Referral) -> str:
    return MOVES.get(referral.state, "supplement")


def is_asked(referral: Referral) -> bool:
    """The body waits for something it asked for: whatever is sent now answers that."""
    return referral.state in MOVES or Clock.objects.running().filter(about_id=referral.pk, rule_id="REF-SUPPLY").exists()


def to_come(referral: Referral) -> QuerySet[Evidence]:
    """What those signed who joined the application after it was sent."""
    signed = Applicant.objects.filter(case__supporters__referral=referral).values("paper")
    return Evidence.objects.filter(pk__in=signed, claim=referral.claim_id, replaced_by=None).exclude(referrals=referral).exclude(scan="infected")


def send(
    referral: Referral, person: Person, *, now: datetime, note: str, evidence: Iterable[Evidence] = (), with_facts: bool = True
) -> Supplement:
    """Raises Refused: as referrals.advance, nothing_new."""
    move = find(REFERRAL, move_of(referral))
    require(may_refer(move, referral, person, day_of(now)))
    with transaction.atomic():
        hold(referral.claim)
        referral.refresh_from_db()  # with what was sent while we waited: its number is taken, its news are none
        require(may_refer(move, referral, person, day_of(now)))
        known = set(referral.evidence.values_list("pk", flat=True))
        files = [file for file in evidence if file.claim_id == referral.claim_id and file.pk not in known]
        news = news_of(referral, day_of(now)) if with_facts else News({}, {})
        if not (files or news or note.strip()):
            raise Refused("nothing_new", _("没有可以补充的内容：请选择证据、写补充说明，或者一并发送变化的事实。"))
        row = Supplement(
            referral=referral, number=referral.supplements.count() + 1, note=note.strip(), facts=news.facts, people=news.people,
            files=files_of(files), sent_at=now, sent_by=person,
        )  # fmt: skip
        row.sha256 = fingerprint(content_of_supplement(row))
        row.save(force_insert=True)
        row.evidence.set(files)
        referral.evidence.add(*files)
        referrals.advance(referral, move.name, person, now=now, supplement=row.number, note=row.note)
    return row


def news_of(referral: Referral, today: date) -> News:
    claim, supplements = referral.claim, list(referral.supplements.all())
    shown = {name: value for name, value in referral.shared.items() if name not in (*PEOPLE, FILES)}
    for supplement in supplements:
        shown |= supplement.facts
    facts = {name: value for name, value in snapshot(claim, today).items() if name in shown and shown[name] != value}
    pages = [referral.shared, *(page.people for page in referral.pages.all()), *(one.people for one in supplements)]
    known: dict[str, WorkerRows] = {}
    for page in pages:
        known |= by_worker(page)
    has_ids = not known or any("id" in row for row, _lines in known.values())
    changed = [
        (row, lines) for row, lines in workers_of(claim, referral.only)
        if not is_same(known.get(row["id"] if has_ids else row["name"]), (row, lines))
    ]  # fmt: skip
    return News(facts, people(changed) if changed else {})


def by_worker(page: Mapping[str, Any]) -> dict[str, WorkerRows]:
    """Referrals sent before workers had an id in what is frozen know them by name."""
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for line in page.get("lines", ()):
        lines.setdefault(line.get("worker") or line["claimant"], []).append(line)
    return {key: (row, lines.get(key, [])) for row in page.get("claimants", ()) if (key := row.get("id") or row["name"])}


def is_same(known: WorkerRows | None, now: WorkerRows) -> bool:
    if known is None or len(known[1]) != len(now[1]):
        return False
    pairs = [(known[0], now[0]), *zip(known[1], now[1], strict=True)]
    return all(was[name] == became.get(name) for was, became in pairs for name in was)
