"""The verbs of representatives: whom the workers of a collective claim chose, and who let them do what."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from arrears.groups.law import FROM, LEAST, MOST
from arrears.groups.standing_for import end
from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.models import Authority, Claim, Claimant, Evidence, Representative
from arrears.permits import find, may, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOVE = "represent"


def choose(claim: Claim, person: Person, claimants: Collection[UUID], chosen_on: date, *, now: datetime, reason: str = "") -> list[Representative]:
    """These, and nobody else, represent the others. Who stays keeps the authority given before. Raises Refused: as
    casework.advance, not_collective, too_many, too_few, not_of_claim, in_future."""
    with transaction.atomic():
        claim = permitted(claim, person, now)
        if claim.worker_count < FROM:
            raise Refused("not_collective", _("十人以上的案件才推举代表人（《劳动争议调解仲裁法》第七条）；不足十人的，由本人办理或者书面委托代理人。"))
        chosen = workers_of(claim, claimants)
        if len(chosen) > MOST:
            raise Refused("too_many", _("代表人最多五名（《信访工作条例》第二十条），请减少人选。"))
        check_enough(len(chosen), reason)
        check_day(chosen_on, now)
        before = {row.claimant_id: row for row in current(claim)}
        gone = [row for pk, row in before.items() if pk not in {worker.pk for worker in chosen}]
        fresh = [worker for worker in chosen if worker.pk not in before]
        end(gone, now)
        Representative.objects.bulk_create(
            Representative(claim=claim, claimant=worker, chosen_on=chosen_on, chosen_by=person, chosen_at=now) for worker in fresh
        )
        if gone or fresh:
            record(
                claim, MOVE, person, now=now, happened_on=chosen_on, representatives=[worker.name for worker in chosen] or ["—"],
                no_more=[str(row) for row in gone] or None, reason=reason.strip() if 0 < len(chosen) < LEAST else None,
            )  # fmt: skip
    return current(claim)


def authorise(
    claim: Claim, person: Person, representative: UUID, claimants: Collection[UUID], scope: str, given_on: date, *, now: datetime,
    paper: Evidence | None = None, until: date | None = None,
) -> int:  # fmt: skip
    """Writes down who let this representative do what; what the same worker had given before is replaced. `until`: the last day it holds.
    How many. Raises Refused: as casework.advance, no_representative, nobody, not_of_claim, other_claim, in_future, bad_until."""
    with transaction.atomic():
        claim = permitted(claim, person, now)
        one = Representative.objects.filter(pk=representative, claim=claim, ended_at=None).select_related("claimant").first()
        if one is None:
            raise Refused("no_representative", _("这名代表人已经更换，请刷新后重新选择。"))
        workers = [worker for worker in workers_of(claim, claimants) if worker.pk != one.claimant_id]
        if not workers:
            raise Refused("nobody", _("请选择授权的劳动者；代表人本人不需要给自己授权。"))
        if paper is not None and paper.claim_id != claim.pk:
            raise Refused("other_claim", _("所选证据不属于本案。"))
        check_day(given_on, now)
        if until is not None and until < given_on:
            raise Refused("bad_until", _("授权期限不能早于授权日期，请核对；没有写期限的，留空。"))
        Authority.objects.filter(representative=one, claimant__in=workers, ended_at=None).update(ended_at=now)
        Authority.objects.bulk_create(
            Authority(
                representative=one, claimant=worker, scope=scope, given_on=given_on, until=until, paper=paper, recorded_by=person, recorded_at=now
            ) for worker in workers
        )  # fmt: skip
        record(
            claim, "authorised", person, now=now, happened_on=given_on, representative=one.claimant.name, scope=scope, until=until,
            authorised_by=[worker.name for worker in workers], proof=paper.title if paper else None,
        )  # fmt: skip
    return len(workers)


def check_enough(count: int, reason: str) -> None:
    """Arbitration takes three to five. That was read in an excerpt only, so that an installation says whether fewer are
    refused (FEW_REPRESENTATIVES=refuse) or somebody writes down why there are no more. Nobody at all is no representation."""
    if not 0 < count < LEAST:
        return
    if settings.FEW_REPRESENTATIVES == "refuse":
        raise Refused("too_few", _("代表人应为三至五名（《劳动人事争议仲裁办案规则》第五条），请增加人选。"))
    if not reason.strip():
        raise Refused("too_few", _("代表人应为三至五名（《劳动人事争议仲裁办案规则》第五条，未核实）。确实推不出三名的，请写明理由。"))


def permitted(claim: Claim, person: Person, now: datetime) -> Claim:
    claim = hold(claim)
    require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    return claim


def check_day(day: date, now: datetime) -> None:
    if day > day_of(now):
        raise Refused("in_future", _("日期不能晚于今天。"))


def workers_of(claim: Claim, ids: Collection[UUID]) -> list[Claimant]:
    wanted = {str(one) for one in ids}
    workers = [worker for worker in claim.claimants.filter(same_as=None) if str(worker.pk) in wanted]
    if len(workers) != len(wanted):
        raise Refused("not_of_claim", _("所选劳动者有的已不在本案，请刷新后重新选择。"))
    return workers


def current(claim: Claim) -> list[Representative]:
    return list(Representative.objects.filter(claim=claim, ended_at=None).select_related("claimant"))
