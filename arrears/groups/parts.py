"""牵头案件和子案: a collective case of several townships or sites as a tree of one level, with what it comes to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext

from arrears.claim_rows import Listed, Mark, Row
from arrears.models import Claim
from arrears.models.claims import OPEN_CLAIM
from arrears.sites.totals import Totals
from grid.models import Person

SHOWN = 50


class Parts:
    """Of a claim that has others under it, or stands under one. A reader sees the parts in their sight, and how many more."""

    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today

    @cached_property
    def count(self) -> int:
        return self.claim.parts.count()

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


def in_groups(rows: Sequence[Row]) -> list[Row]:
    """The rows of a list, with what says that they stand together. One query."""
    counted = counts_of([row.claim.pk for row in rows])
    parents = numbers_of(row.claim.part_of_id for row in rows if row.claim.part_of_id)
    return [replace(row, group=mark_of(row.claim, counted, parents)) for row in rows]


def counts_of(ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    parts = Claim.objects.filter(part_of__in=ids).order_by().values_list("part_of")
    return {pk: (every, still) for pk, every, still in parts.annotate(every=Count("pk"), still=Count("pk", filter=OPEN_CLAIM))}


def numbers_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = set(ids)
    return dict(Claim.objects.filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}


def mark_of(claim: Claim, counted: dict[UUID, tuple[int, int]], parents: dict[UUID, str]) -> Mark | None:
    if claim.pk in counted:
        every, still = counted[claim.pk]
        return Mark(gettext("牵头 · 子案 %(count)s") % {"count": every}, "info", "people", gettext("其中 %(open)s 件还没有结束") % {"open": still})
    if claim.part_of_id:
        return Mark(gettext("子案"), "plain", "link", gettext("属于集体案件 %(number)s") % {"number": parents[claim.part_of_id]})
    if claim.is_collective and claim.is_open:
        return Mark(gettext("集体 · 优先"), "warn", "people", gettext("十人以上的集体案件优先办理"))
    return None
