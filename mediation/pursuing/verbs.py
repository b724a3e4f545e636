"""One press: the paper is made, its next step is somebody's task with a day, and the workers hear of it. All raise Refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event, Paper, Step
from arrears.notice_kinds import facts_of
from arrears.papers.answering import cleaned
from arrears.papers.issuing import MOVE, issue, refuse_long, reissue
from arrears.permits import find, may, require
from arrears.worker.notices import tell_workers
from grid import tasklist
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.models import Agreement
from mediation.outstanding import agreement_in_force
from mediation.pursuing.finding import Pursuit, sum_of
from mediation.pursuing.table import WAYS

PURSUED = gettext_noop("一期逾期，依法追付")
TASK = "pursuit_to_file"


@dataclass(frozen=True)
class Pressed:
    """`is_new`: the press made it; otherwise it stood already, for the same sum."""

    paper: Paper
    is_new: bool
    due_on: date


def press(agreement: Agreement, person: Person, *, now: datetime, way: str = "", typed: Mapping[str, Any] | None = None) -> Pressed:
    """Pressed twice it makes one paper; if the sum has changed since, its next version. `typed`: what was not known.
    Raises Refused: those of Pursuit, facts_missing, bad_answers, by_packet, and as papers.issuing.issue."""
    claim, today = agreement.mediation.claim, day_of(now)
    require(may(find(CLAIM, MOVE), claim, person, today))
    with transaction.atomic():
        claim = hold(claim)
        found = Pursuit(agreement, claim, today, way)
        refuse_long(claim, found.form)
        if (made := found.made) is not None and sum_of(made) == found.asked:
            return Pressed(made, False, hand_on(found, made, now))
        answers = answers_of(found, typed or {})
        paper = reissue(made, person, now=now, answers=answers) if made else issue(claim, found.form.id, person, now=now, answers=answers, about_id=agreement.pk)
        due_on = hand_on(found, paper, now)
        event = told(found, paper, person, now, due_on)
        tell_workers(claim, event)
    return Pressed(paper, True, due_on)


def answers_of(found: Pursuit, typed: Mapping[str, Any]) -> dict[str, Any]:
    lacking = [_(ask.label) for ask in found.missing if typed.get(ask.name) in (None, "", False)] + [gap.meaning for gap in found.gaps]
    if lacking:
        raise Refused("facts_missing", _("还缺：%(what)s。请先补上，其他内容都已保留。") % {"what": _("、").join(lacking)})
    said = {ask.name: typed[ask.name] for ask in found.missing}
    return cleaned(found.form, {**found.typed, **said}, found.maker.record(found.form, found.agreement.pk))


def told(found: Pursuit, paper: Paper, person: Person, now: datetime, due_on: date) -> Event:
    return record(
        found.claim, "mediation", person, now=now, move="pursued", move_msgid=PURSUED, mediation=str(found.agreement.mediation_id), way=found.way.name,
        due_now=money(found.asked), number=paper.number, due=due_on, is_accelerated=found.standing.has_fallen_due,
    )  # fmt: skip


# The next step is somebody's


def key_of(agreement: Agreement) -> str:
    return f"pursuit:{agreement.pk}"


def hand_on(found: Pursuit, paper: Paper, now: datetime) -> date:
    """A task of whoever files it, on whose page the step is recorded; one that is open keeps its owner and its day."""
    owner = found.files
    if owner is None:
        raise Refused("nobody", _("本地区现在没有人可以去办，请先安排经办人，再按一次。"))
    facts: dict[str, Any] = {**facts_of(found.claim), "paper": found.way.paper, "paper_en": found.way.paper_en, "number_of_paper": paper.number, "due_now": money(found.asked)}
    task = tasklist.add(
        owner, TASK, key=key_of(found.agreement), now=now, facts=facts, path=path_of(found), subject_id=found.claim.pk, region_code=found.claim.region_id,
        due_on=found.file_by,
    )  # fmt: skip
    if task.facts != facts or task.path != path_of(found):  # another way, or another sum
        task.facts, task.path = facts, path_of(found)
        task.save(update_fields=["facts", "path"])
    return task.due_on


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def path_of(found: Pursuit) -> str:
    return reverse("proceeding_open", args=[found.claim.pk, found.way.kind, found.way.step])


def settle(agreement: Agreement, now: datetime) -> None:
    tasklist.settle(key_of(agreement), now)


def filed(step: Step, now: datetime) -> None:
    """The step that begins a way was recorded: what was to be filed is filed."""
    if step.proceeding.kind in {way.kind for way in WAYS.values()} and step.row.opens:
        claim: Claim = step.proceeding.claim
        if agreement := agreement_in_force(claim):
            settle(agreement, now)
