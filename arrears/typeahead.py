"""Employers and sites the grid knows already, offered while somebody types one, nearby first; and what choosing one fills in.

What is offered stays inside what the person may see. The one exception is what anybody can look up in the public
register: a firm of the city with its credit code, by these two alone. That another office has claims against it is not
told, and a person who employs others has no code and is offered to nobody who does not know them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.drafts import Typed
from arrears.models import Claim, Employer, Respondent, Site
from arrears.search import squeeze
from arrears.sites.lists import containing
from grid.models import Person
from grid.regions import COUNTY, TOWNSHIP, WIDTHS

SHOWN, WEIGHED, LONGEST = 8, 200, 60
IN_POCKET, LONGEST_PERSON = 200, 4  # names of each kind a phone keeps; characters of a person's name at most
RINGS = (_("本乡镇（街道）"), _("本县（区）"), _("本市"))
ROW = re.compile(r"whom-\d{1,3}", re.ASCII)
SITE = "site"  # the row of the site; a respondent's is the prefix of its form


@dataclass(frozen=True)
class Known:
    key: str  # what choosing it sends: ROW:ID
    name: str
    detail: str
    ring: str
    url: str  # of its page, if the person may see that


def ring_of(near: str) -> Case:
    """0 in the same township, 1 in the same county, 2 elsewhere in the city."""
    rings = [When(region__code__startswith=near[:width], then=Value(ring)) for ring, width in enumerate((WIDTHS[TOWNSHIP], WIDTHS[COUNTY])) if len(near) >= width]
    return Case(*rings, default=Value(2), output_field=IntegerField())


def nearest(rows: QuerySet, typed: str, near: str) -> QuerySet:
    """Those whose name contains what was typed, nearest first; no more than are worth weighing."""
    found = containing(rows, typed[:LONGEST]).annotate(ring=ring_of(near)).order_by("ring", "name", "pk")
    return rows.filter(pk__in=found.values("pk")[:WEIGHED]).annotate(ring=ring_of(near))


def is_enough(typed: str) -> bool:
    return len(squeeze(typed)) >= 2


def employers(person: Person, today: date) -> QuerySet:
    """Those that may be offered, each with `is_seen`: is one of the claims against it in the person's sight?"""
    seen = Exists(Claim.objects.visible_to(person, today).filter(respondents__employer=OuterRef("pk")))
    in_city = Q(region=None) | Q(region__code__startswith=settings.CITY_CODE)
    return Employer.objects.filter(in_city).annotate(is_seen=seen).filter(Q(is_seen=True) | Q(credit_code__isnull=False))


def employers_like(typed: str, row: str, person: Person, today: date, near: str) -> list[Known]:
    if not is_enough(typed):
        return []
    near_ones = nearest(Employer.objects.all(), typed, near).values("pk")
    found = employers(person, today).filter(pk__in=near_ones).annotate(ring=ring_of(near))
    return [
        Known(
            f"{row}:{one.pk}", one.name, one.credit_code or "", gettext(RINGS[one.ring]) if one.is_seen else "",
            reverse("employer_detail", args=[one.pk]) if one.is_seen else "",
        )  # fmt: skip
        for one in found.order_by("ring", "-is_seen", "name", "pk")[:SHOWN]
    ]


def sites_like(typed: str, person: Person, today: date, near: str) -> list[Known]:
    if not is_enough(typed):
        return []
    found = nearest(Site.objects.visible_to(person, today), typed, near).select_related("region")
    return [
        Known(
            f"{SITE}:{site.pk}", site.name, " ".join(filter(None, (site.region.name, site.address))), gettext(RINGS[site.ring]),
            reverse("site_detail", args=[site.pk]),
        )  # fmt: skip
        for site in found.order_by("ring", "name", "pk")[:SHOWN]
    ]


def pocket(person: Person, today: date) -> dict[str, list[list[Any]]]:
    """For a phone that may have no network: the sites and firms of the person's own township and of the county around it,
    nearest first, by name and place alone. A name short enough to be somebody's own, and without a credit code, is kept on no
    phone."""
    near = person.scope(today).ground
    county = near[: WIDTHS[COUNTY]]
    sites = Site.objects.visible_to(person, today).filter(region__code__startswith=county).select_related("region")
    is_firm = Q(credit_code__isnull=False) | Q(length__gt=LONGEST_PERSON)
    firms = employers(person, today).filter(region__code__startswith=county).annotate(length=Length("name")).filter(is_firm)
    return {
        "sites": [
            [site.name, site.region_id, site.region.name, site.ring]
            for site in sites.annotate(ring=ring_of(near)).order_by("ring", "name", "pk")[:IN_POCKET]
        ],
        "employers": [
            [firm.name, firm.credit_code or "", firm.ring]
            for firm in firms.annotate(ring=ring_of(near)).order_by("ring", "-is_seen", "name", "pk")[:IN_POCKET]
        ],
    }  # fmt: skip


def look(asked: str, typed: Typed, person: Person, today: date, near: str) -> list[Known]:
    """What is known for the row `asked`, by what stands in it."""
    if asked == SITE:
        return sites_like(said(typed, "site_name"), person, today, near)
    return employers_like(said(typed, f"{asked}-legal_name"), asked, person, today, near) if ROW.fullmatch(asked) else []


def filled(choice: str, typed: Typed, regions: Mapping[str, Any], person: Person, today: date) -> Typed:
    """What was typed, with the chosen one written in. What somebody wrote in its other fields stays."""
    row, _colon, written = choice.partition(":")
    try:
        pk = UUID(written)
    except ValueError:
        return typed
    return fill_site(pk, typed, regions, person, today) if row == SITE else fill_employer(pk, row, typed, person, today)


def fill_employer(pk: UUID, row: str, typed: Typed, person: Person, today: date) -> Typed:
    one = employers(person, today).filter(pk=pk).first()
    if one is None or f"{row}-legal_name" not in typed:
        return typed
    seen = Claim.objects.visible_to(person, today).values("pk")
    last = Respondent.objects.filter(employer=one, claim__in=seen).order_by("-claim__received_on", "-pk").first()
    more = {name: getattr(last, name) for name in ("contact", "phone", "address")} if last else {}
    kept = {f"{row}-{name}": [value] for name, value in more.items() if value and not said(typed, f"{row}-{name}")}
    code = {f"{row}-credit_code": [one.credit_code]} if one.credit_code else {}
    return {**typed, **kept, **code, f"{row}-legal_name": [one.name]}


def fill_site(pk: UUID, typed: Typed, regions: Mapping[str, Any], person: Person, today: date) -> Typed:
    site = Site.objects.visible_to(person, today).filter(pk=pk).first()
    if site is None:
        return typed
    address = {"site_address": [site.address]} if site.address else {}
    stays = said(typed, "region").startswith(site.region_id) or site.region_id not in regions
    region = {} if stays else {"region": [site.region_id]}
    return {**typed, **address, **region, "site_name": [site.name]}


def said(typed: Typed, name: str) -> str:
    return (typed.get(name) or [""])[0].strip()
