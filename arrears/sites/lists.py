"""The lists of sites and of employers: found by part of a name, each with how many claims it has."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Exists, F, Func, Max, OuterRef, QuerySet, TextField

from arrears.models import Claim, Employer, Site
from arrears.models.claims import OPEN_CLAIM, overdue
from arrears.search import grams, squeeze
from grid.models import Person
from grid.paging import Order

BY_NAME = Order("name")
# How a claim leads to the site or employer.
PATHS: dict[type, str] = {Site: "site", Employer: "respondents__employer"}


class Grams(Func):
    """Every pair of neighbouring characters of a name; an index serves exactly this expression (migration 0008)."""

    function = "arrears_grams"
    output_field = ArrayField(TextField())


def containing(rows: QuerySet, typed: str) -> QuerySet:
    """Sites or employers whose name, or code, contains what was typed; two characters at least find anything."""
    for word in typed.split():
        rows = with_code(rows, word) if rows.model is Employer and is_code(word) else with_word(rows, squeeze(word))
    return rows


def is_code(word: str) -> bool:
    return len(word) >= 8 and word.isascii() and word.isalnum()


def with_code(rows: QuerySet, word: str) -> QuerySet:
    return rows.filter(credit_code__startswith=word.upper())


def with_word(rows: QuerySet, word: str) -> QuerySet:
    """Pairs first, which the index finds; then the characters in their order."""
    if len(word) < 2:
        return rows.filter(name__contains=word)
    return rows.alias(grams=Grams(F("name"))).filter(grams__contains=grams(word), name__contains=word)


def with_open_claims(rows: QuerySet, person: Person, today: date) -> QuerySet:
    path = PATHS[rows.model]
    return rows.filter(Exists(Claim.objects.visible_to(person, today).open().filter(**{path: OuterRef("pk")})))


@dataclass(frozen=True)
class Listed:
    subject: Site | Employer
    claims: int = 0
    open: int = 0
    overdue: int = 0
    last_on: date | None = None


def listed(subjects: Iterable[Site | Employer], person: Person, today: date) -> list[Listed]:
    """Each with how many claims it has among those the person may see. One query."""
    subjects = list(subjects)
    numbers = numbers_of(subjects, person, today) if subjects else {}
    return [Listed(subject, **numbers.get(subject.pk, {})) for subject in subjects]


def numbers_of(subjects: Collection[Site | Employer], person: Person, today: date) -> dict[Any, dict[str, Any]]:
    path = PATHS[type(next(iter(subjects)))]
    rows = (
        Claim.objects.visible_to(person, today).filter(**{f"{path}__in": [subject.pk for subject in subjects]}).order_by()
        .values(subject=F(path))
        .annotate(
            claims=Count("pk", distinct=True), open=Count("pk", filter=OPEN_CLAIM, distinct=True),
            overdue=Count("pk", filter=overdue(today), distinct=True), last_on=Max("received_on"),
        )
    )  # fmt: skip
    return {row.pop("subject"): row for row in rows}
