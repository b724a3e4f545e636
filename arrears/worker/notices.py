"""Telling workers how their case goes: a text message for each event of MESSAGES, to everybody who can be written to,
inside the verb's transaction. Whoever must not be written to gets a visit instead: a task for the handler."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language, gettext

from arrears.identity import digits
from arrears.models import Claim, Claimant, Event, Respondent
from arrears.rules.tables import CONFIDENCES
from arrears.worker.hours import WORKER_SMS
from arrears.worker.tracking import course
from arrears.worker.words import DISCREET, VISIT, message_of
from grid import deliveries, tasklist, wordings
from grid.addressees import Addressee, Contact, add_addressee
from grid.bulk import insert
from grid.channels import is_set_up
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Person
from grid.notices import Ways, rows_to
from grid.roles import TOWNSHIP

SMS = "sms"
CLAIMANT, DISCREETLY = "claimant", "discreet"  # grid.addressees: by what is said to them
MOST = 2000  # numbers that are told of one event of one case
STRICTNESS = ("none", "discreet", "open")  # of several workers with one phone the strictest is heard


@dataclass(frozen=True)
class Reader:
    """A worker of a case, or of one that was merged into it. `rule` is the worker's own; where the number is the other
    side's, it is not to be used at all."""

    worker: Claimant
    rule: str
    number: str  # digits, so that one phone is one however it was written

    @property
    def strictness(self) -> int:
        return STRICTNESS.index(self.rule)


def tell_workers(claim: Claim, event: Event, only: Collection[UUID] | None = None) -> None:
    """Tells the workers of the claim what has just happened; `only` those claimants, if given."""
    tell_all([(claim, event)], event.at, only=only)


def tell_all(
    happened: Iterable[tuple[Claim, Event]], now: datetime, *, roster: Roster | None = None, ways: Ways | None = None,
    only: Collection[UUID] | None = None,
) -> int:  # fmt: skip
    """The same for many cases at once, in a fixed number of statements (the sweep). How many messages."""
    told = [
        (claim, event, message.kind, facts)
        for claim, event in happened
        if (message := message_of(event)) and (facts := message.facts(claim, event)) is not None
    ]
    if not told:
        return 0
    readers = readers_of({claim.pk for claim, *_what in told}, only)
    rows: list[Notice] = []
    if is_set_up(SMS):
        ways = ways or Ways(wordings.current(), {})
        for claim, event, kind, facts in told:
            rows += rows_of(claim, event, kind, facts, readers[claim.pk], ways)
    for claim in {claim.pk: claim for claim, *_what in told}.values():
        if any(reader.rule == "none" for reader in readers[claim.pk]):
            ask_for_visit(claim, now, roster or Roster.around(claim.region_id, day_of(now)))
    return insert(rows, ignore_conflicts=True)


def readers_of(claims: Collection[UUID], only: Collection[UUID] | None = None) -> dict[UUID, list[Reader]]:
    """By claim, those with the strictest rule first."""
    goes_on = with_merged(claims)
    went = Q(registered_in__in=claims, registered_in__merged_into__isnull=False)  # a claim merged just now tells its own
    found = Claimant.objects.filter(Q(claim__in=goes_on) | went).select_related("claim", "registered_in").order_by("id")
    found = found.only("claim__public_number", "claim__number", "registered_in__public_number", "phone", "safe_phone", "contact_rule")
    if not is_set_up(SMS):
        found = found.filter(contact_rule="none")
    if only is not None:
        found = found.filter(pk__in=only)
    theirs: dict[UUID, set[str]] = defaultdict(set)
    for claim, phone in Respondent.objects.filter(claim__in=goes_on).exclude(phone="").values_list("claim", "phone"):
        theirs[goes_on[claim]].add(digits(phone))
    by_claim: dict[UUID, list[Reader]] = defaultdict(list)
    for worker in found:
        claim, number = goes_on.get(worker.claim_id) or worker.registered_in_id, digits(worker.reached_at)
        rule = "none" if number and number in theirs[claim] else worker.contact_rule
        by_claim[claim].append(Reader(worker, rule, number))
    for readers in by_claim.values():
        readers.sort(key=lambda reader: reader.strictness)
    return by_claim


def with_merged(claims: Collection[UUID]) -> dict[UUID, UUID]:
    """The claims, and all that were merged into them: each with the one that goes on."""
    goes_on = {pk: pk for pk in claims}
    while merged := Claim.objects.filter(merged_into__in=goes_on).exclude(pk__in=goes_on).values_list("pk", "merged_into"):
        goes_on |= {pk: goes_on[into] for pk, into in merged}
    return goes_on


def rows_of(claim: Claim, event: Event, kind: str, facts: dict[str, Any], readers: list[Reader], ways: Ways) -> list[Notice]:
    """One message to each number."""
    by_number: dict[str, Reader] = {}
    for reader in readers:
        by_number.setdefault(reader.number, reader)
    to = [reader for reader in by_number.values() if reader.rule != "none" and reader.worker.sms_number][:MOST]
    what = dict(
        key=f"worker:{event.pk}", now=event.at, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
        region_code=claim.region_id, ways=ways,
    )  # fmt: skip
    openly: dict[str, list[Addressee]] = defaultdict(list)  # by query number: of a merged claim the worker's own
    for reader in to:
        if reader.rule == "open":
            openly[reader.worker.query_number].append(Addressee(CLAIMANT, reader.worker.pk))
    discreetly = [Addressee(DISCREETLY, reader.worker.pk) for reader in to if reader.rule == "discreet"]
    rows = rows_to(discreetly, DISCREET, facts={}, **what)
    for query, addressees in openly.items():
        rows += rows_to(addressees, kind, facts={"query": query, "url": track_url(), **facts}, **what)
    return rows


def track_url() -> str:
    return f"{settings.SITE_URL.rstrip('/')}/track/"


def ask_for_visit(claim: Claim, now: datetime, roster: Roster) -> None:
    """当面告知: once a case and day, however much happens. Nobody at all on duty: nobody to ask."""
    owner = visitor(claim, roster)
    if owner is not None:
        tasklist.add(
            owner, VISIT, key=f"visit:{claim.pk}:{day_of(now)}", now=now, facts={"number": claim.number},
            path=f"/claims/{claim.pk}/", subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip


def visitor(claim: Claim, roster: Roster) -> Person | None:
    """The handler if here today, else whoever leads the township, or the next level up."""
    handler = roster.on_duty(claim.handler_id, claim.region_id)
    return handler or next(iter(roster.answerable(TOWNSHIP, claim.region_id)[1]), None)


def reached(is_discreet: bool) -> Callable[[UUID], Contact | None]:
    """Asked at the moment of sending: plain words only to a phone whose every user still lets us use them."""

    def find(pk: UUID) -> Contact | None:
        worker = Claimant.objects.select_related("claim").filter(pk=pk).first()
        if worker is None:
            return None
        nobody = gettext("%(number)s 的劳动者") % {"number": worker.claim.number}  # a failure is told to people who see no case
        rule = strictest_of(worker)
        may_be_told = bool(worker.sms_number) and (rule == "open" or (is_discreet and rule == "discreet"))
        return Contact(
            worker.pk, nobody, phone=worker.sms_number, may_be_told=may_be_told, quiet=WORKER_SMS.quiet, lead=WORKER_SMS.lead
        )

    return find


def strictest_of(worker: Claimant) -> str:
    """The rule for the worker's number, whoever of the case it was written down for."""
    claim = course(worker.claim)[-1]
    readers = readers_of([claim.pk])[claim.pk]
    return next((reader.rule for reader in readers if reader.number == digits(worker.reached_at)), worker.contact_rule)


def hours_said() -> str:
    """For whoever looks at how messages fared; "" while there are no text messages."""
    if not is_set_up(SMS):
        return ""
    language = get_language() or ""
    return gettext(
        "给劳动者和反映人的短信只在 %(opens)s–%(closes)s 发出，其余时间等到早上；早上 %(opens)s 之后 %(lead)s 小时内就开的调解会，通知、改期和"
        "取消不等。依据：%(source)s（%(confidence)s）。"
    ) % {
        "opens": WORKER_SMS.opens, "closes": WORKER_SMS.closes, "lead": WORKER_SMS.lead_hours,
        "source": WORKER_SMS.citation(language), "confidence": gettext(CONFIDENCES[WORKER_SMS.confidence]),
    }  # fmt: skip


deliveries.NOTES.append(hours_said)
add_addressee(CLAIMANT, reached(is_discreet=False))
add_addressee(DISCREETLY, reached(is_discreet=True))
