"""法定数额 an administrator published: minimum wages, ceilings, rates."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.models.withdrawable import Withdrawable
from arrears.rules.tables import CONFIDENCES
from grid.ids import uuid7


class PublishedFigure(Withdrawable):
    """One published figure (arrears.sums.kinds.Figure), valid from a day until a newer one of its kind and place is. Never
    changed: one that was entered wrongly is withdrawn with a reason and stays. Only arrears.sums.book writes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("数额"), max_length=24)
    region = models.ForeignKey("grid.Region", models.PROTECT, null=True, related_name="+", verbose_name=_("适用地区"), db_index=False)  # None: everywhere
    amount = models.DecimalField(_("数值"), max_digits=16, decimal_places=6)
    since = models.DateField(_("起用日期"))
    source = models.CharField(_("文件名称和文号"), max_length=200)
    confidence = models.CharField(_("核对程度"), max_length=1, choices=list(CONFIDENCES.items()))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta(Withdrawable.Meta):
        abstract = False
        ordering = ["kind", "-since", "-id"]
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "region", "since"], condition=Q(withdrawn_at=None), nulls_distinct=False, name="one_figure_from_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="figure_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.region_id or ''} {self.since}"
