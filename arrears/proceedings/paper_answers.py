"""What the papers of a road ask and its steps have said already: to which court, which title, which sum, which days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from arrears.models import Claim, Proceeding, Step
from arrears.papers.forms import FORMS
from arrears.papers.told import add_told
from arrears.papers.wording import day
from arrears.proceedings.shows import is_undone, steps_of
from arrears.proceedings.table import KINDS

# The steps that bring a title with its sum, and how F-25 calls the title.
TITLES = {
    "arbitration.mediated": "arbitral_mediation", "arbitration.awarded": "award", "arbitration.awarded_final": "award", "suit.judged": "judgment",
    "suit.judged_small": "judgment", "suit.decided_above": "judgment", "suit.mediated": "mediation", "payment_order.issued": "order",
    "confirmation.confirmed": "confirmation", "arb_review.issued": "arbitral_mediation", "admin.decided": "administrative",
}  # fmt: skip
assert all(step.partition(".")[2] in KINDS[step.partition(".")[0]].steps for step in TITLES), "a title nobody gives"
IN_FORCE = ("period_over", "upheld")  # of an administrative decision
COURTS = ("suit", "payment_order", "confirmation")  # whose court enforces, too


@dataclass(frozen=True)
class Title:
    proceeding: Proceeding
    gave: Step  # the judgment, the award: what it says
    since: date  # in force

    @property
    def kind(self) -> str:
        return TITLES[self.gave.row.id]

    def still_due(self) -> Decimal | None:
        """Its sum less what was paid from its day on."""
        amount = self.gave.amount or self.proceeding.amount  # an order to pay is for what was applied for, if it says no other
        if amount is None:
            return None
        paid = self.proceeding.claim.payments.filter(paid_on__gte=self.gave.on).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        return max(amount - paid, Decimal(0))


def title_in(row: Proceeding) -> Title | None:
    """The newest that stands; what was changed above is the higher court's."""
    steps = steps_of(row)
    gave = [step for step in steps if step.row.id in TITLES]
    force = [step for step in steps if ("title" in step.row.shows and not is_undone(step, row)) or (row.kind == "admin" and step.name in IN_FORCE)]
    return Title(row, gave[-1], force[-1].on) if gave and force else None


def title_of(rows: Iterable[Proceeding], about: Proceeding | None) -> Title | None:
    """Of the proceeding itself, if it has one: an administrative decision is enforced in its own."""
    own = title_in(about) if about else None
    found = [title for row in rows if (title := title_in(row)) and row.kind != "admin"]
    return own or max(found, key=lambda title: (title.since, title.gave.recorded_at), default=None)


def of_enforcement(rows: list[Proceeding], about: Proceeding | None) -> dict[str, Any]:
    title = title_of(rows, about)
    if title is None:
        return {}
    row = title.proceeding
    urged = next((step.on for step in reversed(steps_of(row)) if step.name == "demanded"), None) if row.kind == "admin" else None
    return {
        "title_kind": title.kind, "title_number": title.gave.docket or row.docket_number, "title_amount": title.still_due(), "effective_on": title.since,
        "perform_by": row.until, "urged_on": urged, "to_body": row.court if row.kind in COURTS else "",
    }  # fmt: skip


def ordered(rows: list[Proceeding]) -> Step | None:
    return next((step for row in reversed(rows) if row.kind == "admin" for step in reversed(steps_of(row)) if step.name == "ordered"), None)


def of_addition(rows: list[Proceeding], about: Proceeding | None) -> dict[str, Any]:
    step = ordered(rows)
    return {"order_number": step.docket, "order_expired_on": step.until} if step else {}


def of_transfer(rows: list[Proceeding], about: Proceeding | None) -> dict[str, Any]:
    step = ordered(rows)
    limit = f"，期限至{day(step.until)}" if step and step.until else ""
    return {"ordered": f"{step.docket}，{day(step.on)}送达{limit}。"} if step else {}


def of_suit(rows: list[Proceeding], about: Proceeding | None) -> dict[str, Any]:
    row = next((row for row in reversed(rows) if row.kind == "arbitration"), None)
    steps = steps_of(row) if row else []
    return {"arbitration": "；".join(f"{day(step.on)}{step.row.done}{f'（{step.docket}）' if step.docket else ''}" for step in steps) + "。"} if steps else {}


def of_authority(rows: list[Proceeding], about: Proceeding | None) -> dict[str, Any]:
    return {"proceeding": about.table.name} if about else {}


ANSWERS: dict[str, Callable[[list[Proceeding], Proceeding | None], dict[str, Any]]] = {
    "F-08": of_addition, "F-15": of_suit, "F-19": of_transfer, "F-25": of_enforcement, "L-02": of_authority,
}  # fmt: skip


def told_of_proceedings(claim: Claim, form_ids: Iterable[str], about_id: UUID | None = None) -> dict[str, Any]:
    wanted = list(form_ids)
    if about_id is None and not ANSWERS.keys() & set(wanted):
        return {}
    found = claim.proceedings.prefetch_related("steps").order_by("opened_at", "id")
    rows = [row for row in found if row.kind in KINDS and row.state in row.table.steps]
    for row in rows:
        row.claim = claim
        for step in row.steps.all():
            step.proceeding = row
    about = next((row for row in rows if row.pk == about_id), None)
    told: dict[str, Any] = {}
    for form in wanted:
        told |= {name: value for name, value in ANSWERS.get(form, lambda rows, about: {})(rows, about).items() if value not in (None, "")}
        if about and about.court and form in FORMS and "to_body" in FORMS[form].questions:
            told["to_body"] = about.court
    return told


add_told(told_of_proceedings)
