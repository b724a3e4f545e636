"""A paper that was issued here, on its way to whom it concerns: what the form of serving knows of it before anybody types."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant, Paper, Respondent, Service
from arrears.serving.table import CLAIMANT, RESPONDENT, SERVED
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

OTHER, DECISION, PENALTY = "other", "decision", "penalty"


def what_of(paper: Paper) -> str:
    """What is served, by the form. One form is both decision and penalty: what was answered when it was made says which."""
    found = [row.id for row in SERVED.values() if paper.form in row.forms]
    if PENALTY in found and len(found) > 1:
        return PENALTY if paper.told()["answers"].get("act_kind") == PENALTY else DECISION
    return found[0] if found else OTHER


def receiver_of(paper: Paper, what: str) -> str:
    """The worker it was made for, or the party it names."""
    if paper.worker_id and CLAIMANT in SERVED[what].whom:
        return f"{CLAIMANT}:{paper.worker_id}"
    party = paper.told()["answers"].get("party")
    return f"{RESPONDENT}:{party}" if party and RESPONDENT in SERVED[what].whom else ""


def initial_of(paper: Paper) -> dict[str, Any]:
    what = what_of(paper)
    return {"what": what, "title": str(paper)[:120], "made_on": day_of(paper.issued_at), "receiver": receiver_of(paper, what)}


def check_issued(paper: Paper, claim: Claim, respondent: Respondent | None, claimant: Claimant | None) -> None:
    """Raises Refused: not_of_claim, paper_gone, under_way."""
    if paper.claim_id != claim.pk:
        raise Refused("not_of_claim", _("这份文书不是本案的，请从本案的文书里选。"))
    if not paper.is_current:
        raise Refused("paper_gone", _("这份文书已经撤销或者已有新版，请送达最新的一份。"))
    if paper.services.filter(state="waiting", respondent=respondent, claimant=claimant).exists():
        raise Refused("under_way", _("这份文书正在送给这个人，请在原来的送达里登记。"))


def services_of(paper: Paper, person: Person, today: date) -> QuerySet[Service]:
    return Service.objects.visible_to(person, today).filter(paper=paper).for_list()
