"""The grid's regions: every division from province to village, named by its significant code."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.regions import LEVEL_LABELS, follow, is_placeholder


class RegionQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(retired_on=None)

    def under(self, code: str) -> Self:
        """The region and everything inside it; an empty code holds nothing."""
        return self.filter(code__startswith=code) if code else self.none()

    def at(self, level: str) -> Self:
        return self.filter(level=level)

    def heirs(self, codes: Iterable[str]) -> dict[str, str]:
        """Each code with the code that stands for it today: itself, or the end of its chain of successors."""
        chain = dict(self.model.objects.exclude(successor=None).values_list("code", "successor_id"))
        return {code: follow(code, chain) for code in codes}


class Region(models.Model):
    """A region is never deleted: rows of cases point at it for ever. It is retired, with the region that took
    its place, and may return.

    `code_system` says whose numbering the code is from and which edition last listed it ("stats-2023"). The
    statistics bureau and the civil-affairs ministry number townships differently: never compare across them."""

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True, db_collation="C")  # prefixes are ranges
    name = models.CharField(_("名称"), max_length=60)
    full_name = models.CharField(_("全称"), max_length=200)
    level = models.CharField(_("层级"), max_length=10, choices=list(LEVEL_LABELS.items()))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级地区")
    )
    code_system = models.CharField(_("代码体系"), max_length=30)
    retired_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("承继地区")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_on=None, successor=None) | Q(retired_on__isnull=False, successor__isnull=False),
                name="region_retired_with_successor",
            ),
            models.CheckConstraint(condition=~Q(successor=F("code")), name="region_not_its_own_successor"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_open(self) -> bool:
        return self.retired_on is None

    @property
    def is_placeholder(self) -> bool:
        """市辖区 and the like: shown in the tree only to reach what lies below."""
        return is_placeholder(self.name)

    def heir(self) -> "Region":
        """The region that stands for this one today."""
        code = Region.objects.heirs([self.code])[self.code]
        return self if code == self.code else Region.objects.get(pk=code)


class RegionLoad(models.Model):
    """One `load_regions` that went through: what it loaded and what that changed."""

    loaded_at = models.DateTimeField()
    system = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)  # of the files: the same again is nothing to do
    rows = models.PositiveIntegerField()  # regions in the table afterwards
    counts = models.JSONField()  # added, renamed, retired, returned, missing, unchanged

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.system} {self.loaded_at:%Y-%m-%d %H:%M}"
