"""Hearings that are held together (合并调解) and move together: all of them or none."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grid.days import day_of
from grid.refused import Refused
from mediation.lifecycle import LIVE
from mediation.models import Hearing, Mediation
from mediation.sittings import take_turns


def others(mediation: Mediation) -> list[Mediation]:
    """The mediations whose hearing to come is held together with this one's, by age."""
    joint = Hearing.objects.live().filter(mediation=mediation).values_list("joint", flat=True).first()
    if joint is None:
        return []
    rows = Mediation.objects.filter(hearings__joint=joint, hearings__state=LIVE).exclude(pk=mediation.pk)
    return list(rows.select_related("claim", "claim__region", "mediator").order_by("pk"))


def hold(mediation: Mediation, rest: list[Mediation], answers: dict[str, Any]) -> UUID:
    """What they share. With the days of both times in hand nobody joins or leaves them any more; Refused if somebody just did."""
    mine = Hearing.objects.live().filter(mediation=mediation).first()
    if mine is not None:
        take_turns(day_of(mine.starts_at), *([day_of(answers["starts_at"])] if "starts_at" in answers else []))
        kept = dict(Hearing.objects.live().filter(joint=mine.joint, span=mine.span).values_list("mediation", "pk"))
        if kept.keys() == {mediation.pk, *(one.pk for one in rest)}:
            return mine.joint
    raise Refused("stale", _("这场调解会刚刚已被他人改动，请刷新后再操作。"))
