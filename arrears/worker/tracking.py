"""A worker finds the own case without an account: the query number, and something only the worker knows.

The query number alone (60 bits) is on papers and in text messages that others may see. The second secret is the last
four digits of a phone that was registered for a worker of the case, or the code of the worker's slip (worker.slips); whoever has
neither gives the whole ID number. These two are compared by their blind indexes: nothing is unsealed. Wrong tries are counted
for the number and for the address. A number nobody has costs as much work as one that somebody has, and what may differ, the
looking through of thousands of workers, is hidden: a refusal comes no sooner than TRACK_REFUSED_AFTER.
"""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, sleep
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from redis.exceptions import RedisError

from arrears.models import Claim, Claimant, Report
from arrears.worker.slips import index_of
from grid.ids import normal_public_number
from grid.vault import blind_index

WINDOW = 3600  # seconds, from the first wrong try
TRIES_PER_NUMBER = 10
TRIES_PER_ADDRESS = 30  # a township's window, or a carrier's gateway, is one address to us
SHORTEST_PHONE = 7
NOBODYS = UUID(int=0)  # asked for where there is no claim, so that the answer takes as long


@dataclass(frozen=True)
class Visitor:
    """Somebody of the claim. `claimant` None: a phone that several workers of it share, a foreman's say. Or whoever
    reported (`report`) what is no claim of theirs: nobody has asked them who they are, so that a report joined to a
    claim shows nothing of it."""

    claim: Claim | None
    claimant: Claimant | None
    report: Report | None = None


def find(typed_number: str, secret: str) -> Visitor | None:
    """None for a wrong number and for a wrong secret: the answer must not tell which."""
    number = normal_public_number(typed_number) or ""
    claim = Claim.objects.filter(public_number=number).select_related("region").first()
    report = Report.objects.filter(public_number=number).select_related("region").first()  # also where it is a claim: the same work
    typed = Typed(plain(secret), number)
    workers = opened_by(claim, typed)
    if claim is None:
        return Visitor(None, None, report) if report and typed.opens_report(report) else None
    known = [worker for worker in workers if typed.opens(worker)]
    return Visitor(claim, known[0].goes_on_as if len(known) == 1 else None) if known else None


def opened_by(claim: Claim | None, typed: "Typed") -> list[Claimant]:
    """The few whose secret it may be, looked for by the database: of ten thousand workers the same work as of none."""
    asked = claim.pk if claim else NOBODYS
    secret = Q(id_index=typed.id_index) | Q(slip=typed.slip)
    if len(typed.secret) == 4:
        secret |= Q(phone__contains=typed.secret) | Q(safe_phone__contains=typed.secret)
    return list(Claimant.objects.filter(Q(claim=asked) | Q(registered_in=asked)).filter(secret).order_by("id"))


def only_one(claim: Claim) -> Claimant | None:
    workers = workers_of(claim)
    return workers[0].goes_on_as if len(workers) == 1 else None


def workers_of(claim: Claim | None) -> list[Claimant]:
    """Those of the claim, and those who complained there and were taken into another since (并案, 拆案)."""
    asked = claim.pk if claim else NOBODYS
    return list(Claimant.objects.filter(Q(claim=asked) | Q(registered_in=asked)).order_by("id"))


def visitor_again(claim_id: str, claimant_id: str) -> Visitor | None:
    """Somebody who has shown that they know the secret, half an hour ago at the most."""
    claim = Claim.objects.select_related("region").filter(pk=claim_id).first()
    if claim is None:
        return None
    known = {str(worker.goes_on_as.pk): worker.goes_on_as for worker in workers_of(claim)} if claimant_id else {}
    return Visitor(claim, known.get(claimant_id))


def course(claim: Claim, worker: Claimant | None = None) -> list[Claim]:
    """The case itself, and what it was merged into, one after the other; of a worker whose case was split off, that one.
    In the last one the matter goes on."""
    cases = [claim]
    while cases[-1].stage == "merged" and cases[-1].merged_into_id:
        cases.append(Claim.objects.select_related("region").get(pk=cases[-1].merged_into_id))
    if worker is None or worker.claim_id in {case.pk for case in cases}:
        return cases
    apart = course(Claim.objects.select_related("region").get(pk=worker.claim_id))
    last = next((place for place, case in enumerate(cases) if case.pk == apart[0].split_from_id), len(cases) - 1)
    return cases[: last + 1] + apart


def plain(secret: str) -> str:
    return re.sub(r"[\s\-]", "", secret).upper()


class Typed:
    """The second secret as it was typed, sealed once in both ways."""

    def __init__(self, secret: str, number: str) -> None:
        self.secret = secret
        self.id_index, self.slip = blind_index(secret, Claimant.SEAL), index_of(number, secret)

    def opens(self, worker: Claimant) -> bool:
        is_sealed = [constant_time_compare(kept, mine) for kept, mine in ((worker.id_index, self.id_index), (worker.slip, self.slip))]
        return any(is_sealed) or opens(ends_of_phones(worker.phone, worker.safe_phone), self.secret)

    def opens_report(self, report: Report) -> bool:
        return constant_time_compare(report.slip, self.slip) or opens(ends_of_phones(report.phone), self.secret)


def opens(ends: list[str], secret: str) -> bool:
    return len(secret) == 4 and any([constant_time_compare(end, secret) for end in ends])


def ends_of_phones(*phones: str) -> list[str]:
    """0527-84350001-8001 ends in 0001: neither area nor extension is the number."""
    numbers = [re.sub(r"^0\d{2,3}-|-\d{1,6}$", "", phone) for phone in phones]
    return [number[-4:] for number in numbers if len(number) >= SHORTEST_PHONE]


def wait_out(begun: float) -> None:
    """Before a refusal: `begun` by the clock of `monotonic`."""
    sleep(max(0.0, settings.TRACK_REFUSED_AFTER - (monotonic() - begun)))


# Counting wrong tries. A try is counted before it is made, so that many at once cannot slip through together.


def keys_of(typed_number: str, address: str | None) -> dict[str, int]:
    number = normal_public_number(typed_number) or typed_number.strip()[:40]
    return {
        f"track:number:{hashlib.sha256(number.encode()).hexdigest()}": TRIES_PER_NUMBER,
        f"track:address:{address}": TRIES_PER_ADDRESS,
    }


def begin_try(keys: dict[str, int]) -> bool:
    """Is there a try left? Raises RedisError when nobody can count them."""
    return all([count(key) <= limit for key, limit in keys.items()])  # a list: each is counted


def count(key: str) -> int:
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        return 1


def forgive(keys: dict[str, int]) -> None:
    """The try was a right one."""
    for key in keys:
        with suppress(ValueError, RedisError):  # it ended meanwhile; or it counts as a wrong one
            cache.decr(key)
