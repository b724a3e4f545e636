"""What begins with the day a paper was served: a step of a proceeding, and what runs out for the worker.

A step that needs nothing but the day and the receipt is recorded by itself; any other is asked for as a task of the county, with
the day, until it is entered, here or elsewhere. Who receives the same paper later begins no second road: the day goes to the
proceeding that has the paper on record, as the other side's, or as one more receipt. Where no proceeding counts a worker's time to
sue from that worker's own receipt or before, a clock about the service does, until the award is entered.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from arrears.models import Claim, Clock, Evidence, Proceeding, Service, Step
from arrears.models.serving import REACHED, WAITING
from arrears.proceedings import verbs as proceedings
from arrears.proceedings.clocks import steps_of
from arrears.proceedings.table import StepRow, find_step
from arrears.serving.table import CLAIMANT, SERVED, Served
from arrears.timing import clocks
from arrears.worker.passing import hand_over, leads
from grid import tasklist
from grid.days import day_of
from grid.refused import Refused
from grid.roles import COUNTY

TASK = "serve_step"
RIGHTS = ("ARB-SUE-15",)  # of what runs from the day of service, what runs out for the worker
for paper in SERVED.values():
    for name in filter(None, (paper.step, *paper.same, *paper.others)):
        assert find_step(*name.split(".")), f"{paper.id}: there is no step {name}"


def step_of(paper: Served) -> StepRow | None:
    return find_step(*paper.step.split(".")) if paper.step else None


def follow(service: Service, now: datetime) -> None:
    """A paper was served, or is no longer to be."""
    paper, claim = service.document, service.claim
    row = step_of(paper)
    if row is None or not claim.is_open:
        return
    if known := on_record(service):
        for proceeding in known:
            take_other(proceeding, paper, now)
    elif service.state == REACHED and not is_other_sides(service):
        proceeding = proceeding_of(claim, row)
        if not (proceeding and takes_itself(row) and service.deemed_on and record(proceeding, row, service, service.deemed_on, now)):
            ask(service, row, proceeding, now)


def followed(step: Step, now: datetime) -> None:
    """A step was entered: what was asked for it is done, and who received its paper before is known."""
    proceeding = step.proceeding
    for paper in SERVED.values():
        if f"{proceeding.kind}.{step.name}" in (paper.step, *paper.same):
            for service in proceeding.claim.services.filter(what=paper.id):
                tasklist.settle(key_of(service), now)
            take_other(proceeding, paper, now)


# Which proceeding


def proceeding_of(claim: Claim, row: StepRow) -> Proceeding | None:
    """The one that is open and stands where the step can be taken."""
    found = Proceeding.objects.open().filter(claim=claim, kind=row.kind)
    return next((one for one in found if row in one.table.after(one.state, one.opened_as)), None)


def on_record(service: Service) -> list[Proceeding]:
    """Those that are open and have this paper: of several, the one whose docket number the title names."""
    found = Proceeding.objects.open().filter(claim=service.claim).prefetch_related("steps")
    having = [row for row in found if entered(row, service.document) and began(row) <= service.made_on]
    return [row for row in having if row.docket_number and row.docket_number in service.title] or having


def entered(proceeding: Proceeding, paper: Served) -> Step | None:
    """The newest step with which this paper came."""
    names = (paper.step, *paper.same)
    return next((step for step in reversed(steps_of(proceeding)) if f"{proceeding.kind}.{step.name}" in names), None)


def began(proceeding: Proceeding) -> date:
    return steps_of(proceeding)[0].on


def is_other_sides(service: Service) -> bool:
    """Of what the workers receive as well, the respondent's day is not the one the step is entered with."""
    return service.claimant_id is None and CLAIMANT in service.document.whom


# The day


def takes_itself(row: StepRow) -> bool:
    return {asked for asked in row.asks if not asked.endswith("?")} <= {"paper", "other_on"}


def take_other(proceeding: Proceeding, paper: Served, now: datetime) -> None:
    """The last day on which one of the others received it, once nobody of them is still waited for."""
    step = entered(proceeding, paper)
    row = next((row for row in proceeding.table.after(proceeding.state, proceeding.opened_as) if row.id in paper.others), None)
    if step is None or row is None:
        return
    services = [one for one in proceeding.claim.services.filter(what=paper.id, claimant=None) if proceeding in on_record(one)]
    served = [one for one in services if one.state == REACHED and one.deemed_on]
    if not served or any(one.state == WAITING for one in services):
        return
    last = max(served, key=lambda one: (one.deemed_on, one.pk))
    if last.deemed_on > day_known(proceeding, paper, step):
        record(proceeding, row, last, last.deemed_on, now)


def day_known(proceeding: Proceeding, paper: Served, step: Step) -> date:
    """Until which day the record has what the others received."""
    of_others = CLAIMANT in paper.whom
    said = [one.other_on if of_others else one.on for one in steps_of(proceeding) if one.pk == step.pk or one.row.id in paper.others]
    return max((day for day in said if day), default=date.min)


def record(proceeding: Proceeding, row: StepRow, service: Service, day: date, now: datetime) -> bool:
    last = max((step.on for step in steps_of(proceeding) if not step.row.stays), default=day)
    said = {"paper": proof_of(service), **({"other_on": day} if any(one.name == "other_on" for one in row.asked) else {})}
    try:
        with transaction.atomic():
            proceedings.write(proceeding, row, None, on=max(day, last) if "other_on" in said else day, now=now, said=said)
    except Refused:  # the day does not fit what was recorded there: somebody has to look
        return False
    return True


def proof_of(service: Service) -> Evidence | None:
    return Evidence.objects.filter(pk__in=service.attempts.filter(deemed_on=service.deemed_on).values("proofs__evidence")).order_by("-added_at").first()


def key_of(service: Service) -> str:
    return f"serve-step:{service.pk}"


def ask(service: Service, row: StepRow, proceeding: Proceeding | None, now: datetime) -> None:
    """Where the step can be taken, of the county, whose step it is."""
    if proceeding is None and not row.opens:
        return
    path = f"/proceedings/{proceeding.pk}/{row.step}/" if proceeding else f"/claims/{service.claim_id}/proceedings/{row.kind}/{row.step}/"
    assert service.deemed_on is not None
    hand_over(
        service.claim, TASK, key_of(service), leads(service.claim, COUNTY, now), now, path=path, title=service.title,
        day=service.deemed_on.isoformat(),
    )  # fmt: skip


# The worker's own time


def start_rights(service: Service, now: datetime) -> None:
    """From the worker's own receipt, where no proceeding counts from that day or before."""
    if not service.claimant_id or service.deemed_on is None or not service.claim.is_open or service.deemed_on > day_of(now):
        return
    for rule in service.document.then:
        if rule in RIGHTS and not is_counted(rule, service, on_record(service)):
            clocks.start(service.claim, rule, service.deemed_on, now=now, about_id=service.pk)


def is_counted(rule: str, service: Service, known: Iterable[Proceeding]) -> bool:
    counting = Clock.objects.running().filter(claim=service.claim, rule_id=rule, about_id__in=[row.pk for row in known])
    return counting.filter(started_on__lte=service.deemed_on).exists()
