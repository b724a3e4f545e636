"""The figures this installation reckons with: those that come with the program, and those its administrators publish."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.models import PublishedFigure
from arrears.sums.kinds import KINDS, PUBLISHED, Figure, entry_faults
from grid.authority import administers_city
from grid.models import Person, Region
from grid.refused import Refused


def figures_now() -> list[Figure]:
    """Every figure that was not withdrawn; a published one goes before the program's of the same day. One query."""
    rows = PublishedFigure.objects.filter(withdrawn_at=None, kind__in=KINDS).order_by("entered_at", "id")
    return [*PUBLISHED, *(figure_of(row) for row in rows)]


def figure_of(row: PublishedFigure) -> Figure:
    return Figure(row.kind, row.region_id or "", row.amount, row.since, row.source, row.confidence)


def publish(
    person: Person, *, kind: str, region: Region | None, amount: Decimal, since: date, source: str, confidence: str, now: datetime, today: date,
) -> PublishedFigure:  # fmt: skip
    """Refused: not_yours, bad_figure, already_published."""
    require_city(person, today)
    for _field, sentence in entry_faults(kind, region.pk if region else "", amount):
        raise Refused("bad_figure", _(sentence))
    row = PublishedFigure(
        kind=kind, region=region, amount=amount, since=since, source=source, confidence=confidence, entered_by=person, entered_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        if "one_figure_from_a_day" not in str(twice):
            raise
        raise Refused("already_published", _("这一地区从这一天起的数额已经登记过。登记有误的，请先撤销原来的。")) from twice
    return row


def withdraw(row: PublishedFigure, person: Person, *, reason: str, now: datetime, today: date) -> None:
    """It stays in the history; sums reckoned from now on no longer use it. Refused: not_yours, no_reason, stale."""
    require_city(person, today)
    row.take_back(person, reason=reason, now=now)


def require_city(person: Person, today: date) -> None:
    if not administers_city(person.scope(today)):
        raise Refused("not_yours", _("法定数额对全市适用，只能由市级管理员登记和撤销。"))
