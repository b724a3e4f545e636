"""Intake on patrol: a worker stands on a site that is known already, so the draft starts with what its claims say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from arrears import drafts
from arrears.drafts import Typed
from arrears.models import Claim, IntakeDraft, Respondent, Site
from arrears.models.parties import CHAIN_ROLES
from grid.models import Person

FIELDS = ("role", "legal_name", "aliases", "credit_code", "contact", "phone", "address")
PARTIES, CLAIMS_READ = 12, 100
FIRST_STEP = "who"


@dataclass(frozen=True)
class Link:
    """A respondent of earlier claims of the site, as its newest claim writes it."""

    respondent: Respondent
    label: str
    claims: int
    is_usual: bool  # on the newest claim of the site: taken along unless somebody says no

    @property
    def key(self) -> str:
        return str(self.respondent.pk)


def chain_of(site: Site, person: Person, today: date) -> list[Link]:
    """From the money down to the worker: the respondents of the site's newest claims in the person's sight, each once
    in one role."""
    claims = Claim.objects.visible_to(person, today).filter(site=site).exclude(stage="merged").order_by("-received_on", "-id")
    ids = list(claims.values_list("pk", flat=True)[:CLAIMS_READ])
    place = {pk: number for number, pk in enumerate(ids)}
    rows = sorted(Respondent.objects.filter(claim__in=ids), key=lambda row: (place[row.claim_id], row.pk))
    groups: dict[tuple[Any, ...], list[Respondent]] = {}
    for row in rows:
        groups.setdefault((row.role, row.employer_id or row.legal_name or row.aliases), []).append(row)
    links = [
        Link(group[0], dict(CHAIN_ROLES)[role], len({row.claim_id for row in group}), group[0].claim_id == ids[0])
        for (role, _who), group in groups.items()
    ]
    order = [role for role, _label in CHAIN_ROLES]
    return sorted(links[:PARTIES], key=lambda link: order.index(link.respondent.role))


def begin(
    draft_id: UUID, site: Site, links: Iterable[Link], region: str, person: Person, today: date, *, now: datetime
) -> IntakeDraft:
    """A draft with the site and the chosen chain written in, to go on at the worker. Everything can be corrected there."""
    with transaction.atomic():
        drafts.keep(person, draft_id, "whom", whom([link.respondent for link in links]), FIRST_STEP, now=now)
        return drafts.keep(person, draft_id, "where", where(site, region, today), FIRST_STEP, now=now)


def whom(respondents: Collection[Respondent]) -> Typed:
    rows = {
        f"whom-{number}-{name}": [getattr(row, name)] for number, row in enumerate(respondents) for name in FIELDS
    }
    return {**rows, "whom-TOTAL_FORMS": [str(max(len(respondents), 1))], "whom-INITIAL_FORMS": ["0"]}


def where(site: Site, region: str, today: date) -> Typed:
    return {
        "region": [region], "site_name": [site.name], "site_address": [site.address], "received_on": [today.isoformat()],
        "received_other": [""], "channel": ["patrol"], "last_working_day": [""], "work": [""], "contract": ["unknown"],
    }  # fmt: skip
