"""The regions and bodies somebody may choose from, as lists for forms: indented by level, in the order of the codes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from grid.models import Body, Region
from grid.regions import PLACEHOLDERS
from grid.roles import LEVELS

Choices = list[tuple[str, str]]
INDENT = {"city": 0, "county": 1, "township": 2, "village": 3}
BODY = "body:"  # before a body's id, where one list holds both


def regions_in(codes: Iterable[str], also: str = "") -> list[Region]:
    """City, counties and townships at or inside `codes`, and the village `also` if it lies there."""
    codes = list(codes)
    inside = Q(pk__in=[])
    for code in codes:
        inside |= Q(code__startswith=code)
    found = Region.objects.current().filter(inside).filter(Q(level__in=LEVELS) | Q(code=also))
    return list(found.exclude(name__in=PLACEHOLDERS).order_by("code"))


def region_choices(regions: Iterable[Region]) -> Choices:
    regions = list(regions)
    least = min((INDENT[region.level] for region in regions), default=0)
    return [(region.code, "\u3000" * (INDENT[region.level] - least) + region.name) for region in regions]


def place_choices(codes: Iterable[str], also: str = "") -> list[tuple[Any, Any]]:
    """Regions and the bodies seated there, for whoever appoints."""
    codes = list(codes)
    inside = Q(pk__in=[])
    for code in codes:
        inside |= Q(region__code__startswith=code)
    bodies = Body.objects.filter(inside, is_active=True).order_by("region", "name")
    groups = [
        (_("地区"), region_choices(regions_in(codes, also))),
        (_("协同单位"), [(f"{BODY}{body.pk}", body.name) for body in bodies]),
    ]
    return [("", _("请选择")), *(group for group in groups if group[1])]


def place_of(value: str) -> dict[str, Any]:
    """What was chosen of `place_choices`, as appoint() takes it."""
    if value.startswith(BODY):
        return {"region": None, "body": Body.objects.select_related("region").get(pk=value.removeprefix(BODY))}
    return {"region": Region.objects.get(pk=value), "body": None}
