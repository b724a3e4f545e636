"""A partner body has its inbox and nothing else. Every address of the house and of its API is asked for, with the ids of a claim
that was never shared, by somebody of another body, by somebody of the body one referral went to, by the holder of a one-time
link, and by a stranger. Whatever is not on the list below is refused; an address in a part of the house that stands in no table
fails until somebody says what it is."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from unittest.mock import patch

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from arrears import casework, referrals
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Evidence
from arrears.owed import verbs as owed
from arrears.partners import links
from arrears.supervision import orders
from grid.days import day_of
from grid.models import Body, BodyContact
from grid.roles import PARTNER
from mediation import hearings
from mediation.models import Mediation, Room
from tests.base import NOW, CastTestCase, make_person

ANSWERS = ("get", "post")
REFUSED = (401, 403, 404, 405)


class Address(NamedTuple):
    name: str
    route: str
    args: tuple[str, ...]

    @property
    def area(self) -> str:
        """The part of the house: the first word, of the API the first two."""
        words = [word for word in self.route.split("/") if word]
        start = 3 if self.route.startswith("api/v1") else 1
        return "/".join(words[:start]) if words else ""


PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


def addresses() -> list[Address]:
    return [Address(name or "", route, tuple(a or b for a, b in PLACE.findall(route))) for name, route in walk(get_resolver().url_patterns)]


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, before + str(pattern.pattern).lstrip("^"))
        else:
            assert isinstance(pattern, URLPattern)
            yield pattern.name or "", before + str(pattern.pattern).lstrip("^").rstrip("$").replace(r"\Z", "")


# For everybody, signed in or not; nothing of a case is behind them without a secret of its own.
PUBLIC = {"healthz", "metrics", "service_worker", "manifest", "sign_in", "set_language", "field_app", "track", "track_nudge", "track_leave",
          "report", "report_site", "public_figures", "api_token", "api_schema", "api_docs"}  # fmt: skip


class IsolationTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.colleague = make_person("tongshi", "佟事", PARTNER, body=cls.procuratorate)

    def test_print(self) -> None:
        for address in addresses():
            print("ADDR", address.name, "|", address.route, "|", address.area)
