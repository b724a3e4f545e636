"""What begins with the day a paper was served: a step of a proceeding, and what runs out for the worker.

A step that needs nothing but the day and the receipt is recorded by itself; any other is asked for as a task of the county, with
the day. Where no proceeding keeps the worker's time to sue, a clock about the service does.
"""

from datetime import datetime

from django.db import transaction

from arrears.models import Claim, Clock, Evidence, Proceeding, Service
from arrears.proceedings import verbs as proceedings
from arrears.proceedings.table import StepRow, find_step
from arrears.serving.table import SERVED
from arrears.timing import clocks
from arrears.worker.passing import hand_over, leads
from grid.days import day_of
from grid.refused import Refused
from grid.roles import COUNTY

TASK = "serve_step"
RIGHTS = ("ARB-SUE-15",)  # of what runs from the day of service, what runs out for the worker
for paper in SERVED.values():
    assert not paper.step or find_step(*paper.step.split(".")), f"{paper.id}: there is no step {paper.step}"


def step_of(service: Service) -> StepRow | None:
    return find_step(*service.document.step.split(".")) if service.document.step else None


def proceeding_of(claim: Claim, row: StepRow) -> Proceeding | None:
    """The one that is open and stands where the step can be taken."""
    found = Proceeding.objects.open().filter(claim=claim, kind=row.kind)
    return next((one for one in found if row in one.table.after(one.state, one.opened_as)), None)


def follow(service: Service, now: datetime) -> None:
    row, claim = step_of(service), service.claim
    if row is None or not claim.is_open:
        return
    proceeding = proceeding_of(claim, row)
    if not (proceeding and takes_itself(row) and record(proceeding, row, service, now)):
        ask(service, row, proceeding, now)


def takes_itself(row: StepRow) -> bool:
    return {asked for asked in row.asks if not asked.endswith("?")} <= {"paper"}


def record(proceeding: Proceeding, row: StepRow, service: Service, now: datetime) -> bool:
    assert service.deemed_on is not None
    try:
        with transaction.atomic():
            proceedings.write(proceeding, row, None, on=service.deemed_on, now=now, said={"paper": proof_of(service)})
    except Refused:  # the day does not fit what was recorded there: somebody has to look
        return False
    return True


def proof_of(service: Service) -> Evidence | None:
    return Evidence.objects.filter(pk__in=service.attempts.filter(deemed_on=service.deemed_on).values("proofs__evidence")).order_by("-added_at").first()


def ask(service: Service, row: StepRow, proceeding: Proceeding | None, now: datetime) -> None:
    """Where the step can be taken, of the county, whose step it is."""
    if proceeding is None and not row.opens:
        return
    path = f"/proceedings/{proceeding.pk}/{row.step}/" if proceeding else f"/claims/{service.claim_id}/proceedings/{row.kind}/{row.step}/"
    assert service.deemed_on is not None
    hand_over(
        service.claim, TASK, f"serve-step:{service.pk}", leads(service.claim, COUNTY, now), now, path=path, title=service.title,
        day=service.deemed_on.isoformat(),
    )  # fmt: skip


def start_rights(service: Service, now: datetime) -> None:
    """The worker's own time, where no proceeding counts it."""
    if not service.claimant_id or service.deemed_on is None or not service.claim.is_open or service.deemed_on > day_of(now):
        return
    running = set(Clock.objects.running().filter(claim=service.claim, rule_id__in=RIGHTS).values_list("rule_id", flat=True))
    for rule in service.document.then:
        if rule in RIGHTS and rule not in running:
            clocks.start(service.claim, rule, service.deemed_on, now=now, about_id=service.pk)

