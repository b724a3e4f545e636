"""What a claim has to do with other claims: what it was merged into, what was merged into it, what it was split from."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from arrears.models import Claim, Claimant
from grid.models import Person

SHOWN, NAMES = 20, 12


@dataclass(frozen=True)
class Related:
    label: str
    claim: Claim


class Kin:
    """`is_alone`: known to have come to no other claim, and no other to it."""

    def __init__(self, claim: Claim, person: Person, today: date, *, is_alone: bool = False) -> None:
        self.claim, self.person, self.today = claim, person, today
        self.is_alone = is_alone and not (claim.split_from_id or claim.merged_into_id)

    @cached_property
    def seen(self) -> list[Claim]:
        """Of all these, the ones the reader may see. One query."""
        if self.is_alone:
            return []
        near = Q(merged_into=self.claim) | Q(split_from=self.claim) | Q(pk__in=[
            pk for pk in (self.claim.split_from_id, self.goes_on_in and self.goes_on_in.pk) if pk
        ])  # fmt: skip
        return list(Claim.objects.visible_to(self.person, self.today).filter(near).for_list().order_by("received_on", "id")[:SHOWN])

    @cached_property
    def goes_on_in(self) -> Claim | None:
        return self.claim.goes_on_in if self.claim.merged_into_id else None

    @property
    def goes_on_url(self) -> str:
        return next((reverse("claim_detail", args=[one.pk]) for one in self.seen if one == self.goes_on_in), "")

    @property
    def names(self) -> str:
        """Who complained here, whatever claim they stand in today."""
        workers = Claimant.objects.filter(Q(claim=self.claim) | Q(registered_in=self.claim)).order_by("id")
        return gettext("、").join(workers.values_list("name", flat=True)[:NAMES])

    @property
    def others(self) -> list[Related]:
        return [Related(label, one) for one in self.seen if (label := self.label_of(one))]

    def label_of(self, one: Claim) -> str:
        if one.merged_into_id == self.claim.pk:
            return gettext("并入本案：")
        if one.split_from_id == self.claim.pk:
            return gettext("从本案拆出：")
        return gettext("本案拆自：") if one.pk == self.claim.split_from_id else ""
