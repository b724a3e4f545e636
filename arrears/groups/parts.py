"""牵头案件和子案: a collective case of several townships or sites as a tree of one level, with what it comes to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext

from arrears.claim_rows import Listed, Mark, Row
from arrears.models import Claim
from arrears.models.claims import OPEN_CLAIM, ClaimQuerySet
from arrears.sites.totals import Totals
from grid.models import Person

SHOWN = 50
ALL = Q()


class Parts:
    """Of a claim that has others under it (`count` of them), or stands under one. A reader sees the parts in their sight, and
    how many more."""

    def __init__(self, claim: Claim, person: Person, today: date, count: int) -> None:
        self.claim, self.person, self.today, self.count = claim, person, today, count

    @cached_property
    def rows(self) -> list[Listed]:
        if not self.count:
            return []
        seen = Claim.objects.visible_to(self.person, self.today).filter(part_of=self.claim)
        return [Listed(one) for one in seen.for_list().order_by("received_on", "id")[:SHOWN]]

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)

    @cached_property
    def totals(self) -> Totals:
        """Of this claim and all its parts in sight."""
        seen = Claim.objects.visible_to(self.person, self.today)
        return Totals.of(seen.filter(Q(pk=self.claim.pk) | Q(part_of=self.claim)), self.today)

    @cached_property
    def parent(self) -> Claim | None:
        return self.claim.part_of

    @cached_property
    def parent_url(self) -> str:
        if self.parent is None:
            return ""
        is_seen = Claim.objects.visible_to(self.person, self.today).filter(pk=self.parent.pk).exists()
        return reverse("claim_detail", args=[self.parent.pk]) if is_seen else ""


def with_group(claims: ClaimQuerySet) -> ClaimQuerySet:
    """What says that claims of a list stand together, asked along with them."""
    return claims.annotate(part_count=count_of_parts(), open_parts=count_of_parts(OPEN_CLAIM), parent_number=F("part_of__number"))


def count_of_parts(which: Q = ALL) -> Coalesce:
    parts = Claim.objects.filter(which, part_of=OuterRef("pk")).order_by().values("part_of").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(parts), 0)


def in_groups(rows: Sequence[Row]) -> list[Row]:
    """The rows of a list whose claims were asked for with_group."""
    return [replace(row, group=mark_of(row.claim)) for row in rows]


def mark_of(claim: Any) -> Mark | None:
    if claim.part_count:
        said = gettext("牵头 · 子案 %(count)s") % {"count": claim.part_count}
        return Mark(said, "info", "people", gettext("其中 %(open)s 件还没有结束") % {"open": claim.open_parts})
    if claim.part_of_id:
        return Mark(gettext("子案"), "plain", "link", gettext("属于集体案件 %(number)s") % {"number": claim.parent_number})
    if claim.is_collective and claim.is_open:
        return Mark(gettext("集体 · 优先"), "warn", "people", gettext("十人以上的集体案件优先办理"))
    return None
