"""The scene of the page tests: the cast of tests/base.py, and a clock that stands at a moment of the test's choosing."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from grid.models import Person
from tests.base import NOW, CastTestCase

HTMX = {"HTTP_HX_REQUEST": "true"}
SOON = NOW + timedelta(hours=1)


class PagesTestCase(CastTestCase):
    now: datetime = SOON

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", side_effect=lambda: self.now)
        clock.start()
        self.addCleanup(clock.stop)
        self.sign_in(self.chief)

    def sign_in(self, person: Person) -> None:
        self.client.force_login(person)

    def queries(self, address: str, **params: Any) -> int:
        with CaptureQueriesContext(connection, ) as found:
            self.assertEqual(self.client.get(address, params).status_code, 200)
        return len(found)

    def numbers(self, response: HttpResponse) -> list[str]:
        return [row.claim.number for row in response.context["rows"]]
