"""What a paper may be about beside its claim: rooms add what they know (a proceeding, a support case, a service; above this app an
agreement). A paper is never about something of another claim, and speaks for the workers it is about."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from arrears.models import Claim, Claimant, Referral
from arrears.proceedings.workers import named_in
from grid.refused import Refused

# Is there such a row of this claim?
Knows = Callable[[Claim, UUID], bool]
ABOUT: list[Knows] = []
# What has fallen due of what the paper is about, on a day; None: it says nothing of sums. True: of what was agreed, whatever it is about.
Due = Callable[[Claim, UUID | None, date, bool], Decimal | None]
DUE: list[Due] = []


def add_about(knows: Knows) -> None:
    ABOUT.append(knows)


def add_due(due: Due) -> None:
    DUE.append(due)


def due_of(claim: Claim, about_id: UUID | None, today: date, *, by_agreement: bool) -> Decimal | None:
    """Of the first that says a sum: a paper about an agreement, or one that asks for what was agreed, asks for what has fallen due
    of it, and for nothing that is not due yet."""
    sums = (due(claim, about_id, today, by_agreement) for due in DUE) if about_id or by_agreement else iter(())
    return next((amount for amount in sums if amount is not None), None)


def is_of_claim(claim: Claim, about_id: UUID) -> bool:
    return any(knows(claim, about_id) for knows in ABOUT)


def refuse_strange(claim: Claim, about_id: UUID | None) -> None:
    """Raises Refused: not_of_claim."""
    if about_id and not is_of_claim(claim, about_id):
        raise Refused("not_of_claim", _("文书所说的程序、申请、送达或者协议不在本案，请刷新后重新选择。"))


def workers_of(about_id: UUID | None) -> frozenset[UUID]:
    """The workers of a proceeding or of a referral that is about some of them; of anything else nobody is named: it is of all."""
    named = named_in(about_id)
    only = Referral.objects.filter(pk=about_id).exclude(only=None).values_list("only", flat=True).first() if about_id and not named else None
    return frozenset(own or pk for pk, own in Claimant.objects.filter(pk__in=only).values_list("pk", "same_as")) if only else named


add_about(lambda claim, pk: claim.proceedings.filter(pk=pk).exists())
add_about(lambda claim, pk: claim.referrals.filter(pk=pk).exists())
