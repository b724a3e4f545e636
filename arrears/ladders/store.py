"""The book of ladders this installation escalates by, from its rows."""

import logging
from collections.abc import Iterator
from typing import Any

from arrears.ladders.book import Book, Version
from arrears.ladders.rungs import rungs_from_json
from arrears.models import Ladder, Season

logger = logging.getLogger(__name__)


def book_now() -> Book:
    """Two queries. Whoever needs it often asks once and passes it on."""
    return Book(tuple(versions()), tuple(Season.objects.values_list("starts_on", "ends_on").order_by("starts_on")))


def versions() -> Iterator[Version]:
    """A row nobody can read any more is left out: watches on it wait as faulty ones, all others go on."""
    columns = ("id", "family", "rule_id", "claim_kind", "version", "rungs", "valid_from")
    for row in Ladder.objects.order_by("version", "id").values_list(*columns):
        try:
            yield version_of(*row)
        except (TypeError, ValueError, AttributeError):
            logger.exception("ladder %s cannot be read", row[0])


def version_of(pk: Any, family: str, rule_id: str, claim_kind: str, number: int, rungs: Any, valid_from: Any) -> Version:
    return Version(pk, family, rule_id, claim_kind, number, rungs_from_json(rungs), valid_from)
