"""Telling workers how their case goes: a text message for each event of MESSAGES, to everybody who can be written to,
inside the verb's transaction. Whoever must not be written to gets a visit instead: a task for the handler."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from arrears.models import Claim, Claimant, Event
from arrears.worker.words import DISCREET, VISIT, Message, message_of
from grid import tasklist, wordings
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
MOST = 200  # workers of one case who are told of one event
STRICTNESS = ("none", "discreet", "open")  # of several workers with one phone the strictest is heard


def tell_workers(claim: Claim, event: Event, only: Collection[UUID] | None = None) -> None:
    """Tells the workers of the claim what has just happened; `only` those claimants, if given."""
    tell_all([(claim, event)], event.at, only=only)


def tell_all(
    happened: Iterable[tuple[Claim, Event]], now: datetime, *, roster: Roster | None = None, ways: Ways | None = None,
    only: Collection[UUID] | None = None,
) -> int:  # fmt: skip
    """The same for many cases at once, in a fixed number of statements (the sweep). How many messages."""
    told = [(claim, event, message) for claim, event in happened if (message := message_of(event))]
    if not told:
        return 0
    workers = workers_of({claim.pk for claim, _event, _message in told}, only)
    rows: list[Notice] = []
    if is_set_up(SMS):
        ways = ways or Ways(wordings.current(), {})
        for claim, event, message in told:
            rows += rows_of(claim, event, message, workers[claim.pk], ways)
    for claim in {claim.pk: claim for claim, _event, _message in told}.values():
        if any(worker.contact_rule == "none" for worker in workers[claim.pk]):
            ask_for_visit(claim, now, roster or Roster.around(claim.region_id, day_of(now)))
    return insert(rows, ignore_conflicts=True)


def workers_of(claims: Collection[UUID], only: Collection[UUID] | None) -> dict[UUID, list[Claimant]]:
    """By claim, those with the strictest rule first."""
    found = Claimant.objects.filter(claim__in=claims).select_related("claim").order_by("id")
    found = found.only("claim__public_number", "phone", "safe_phone", "contact_rule")
    if not is_set_up(SMS):
        found = found.filter(contact_rule="none")
    if only is not None:
        found = found.filter(pk__in=only)
    by_claim: dict[UUID, list[Claimant]] = defaultdict(list)
    for worker in found:
        by_claim[worker.claim_id].append(worker)
    for workers in by_claim.values():
        workers.sort(key=lambda worker: STRICTNESS.index(worker.contact_rule))
    return by_claim


def rows_of(claim: Claim, event: Event, message: Message, workers: list[Claimant], ways: Ways) -> list[Notice]:
    """One message to each number."""
    by_number: dict[str, Claimant] = {}
    for worker in workers:
        by_number.setdefault(worker.reached_at, worker)
    to = [worker for worker in by_number.values() if worker.sms_number][:MOST]
    openly = [Addressee(CLAIMANT, worker.pk) for worker in to if worker.contact_rule == "open"]
    discreetly = [Addressee(DISCREETLY, worker.pk) for worker in to if worker.contact_rule == "discreet"]
    what = dict(
        key=f"worker:{event.pk}", now=event.at, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
        region_code=claim.region_id, ways=ways,
    )  # fmt: skip
    return [
        *(rows_to(openly, message.kind, facts=facts_of(claim, event, message, workers), **what) if openly else ()),
        *rows_to(discreetly, DISCREET, facts={}, **what),
    ]


def facts_of(claim: Claim, event: Event, message: Message, workers: list[Claimant]) -> dict[str, Any]:
    url = f"{settings.SITE_URL.rstrip('/')}/track/"
    return {"query": workers[0].claim.public_number, "url": url, **message.facts(claim, event)}


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
    """Asked at the moment of sending: plain words only to whoever still lets us use them."""

    def find(pk: UUID) -> Contact | None:
        worker = Claimant.objects.select_related("claim").filter(pk=pk).first()
        if worker is None:
            return None
        nobody = gettext("%(number)s 的劳动者") % {"number": worker.claim.number}  # a failure is told to people who see no case
        may_be_told = bool(worker.sms_number) and (is_discreet or worker.contact_rule == "open")
        return Contact(worker.pk, nobody, phone=worker.sms_number, may_be_told=may_be_told)

    return find


add_addressee(CLAIMANT, reached(is_discreet=False))
add_addressee(DISCREETLY, reached(is_discreet=True))
