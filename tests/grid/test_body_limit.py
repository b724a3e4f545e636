"""A body larger than anything we take is refused by its declared length, before anything reads it."""

from django.test import override_settings
from django.urls import reverse

from tests.arrears.pages import PagesTestCase


@override_settings(LARGEST_BODY=1024 * 1024)
class BodyLimitTest(PagesTestCase):
    def send(self, size: int, **headers: str):
        return self.client.generic("POST", reverse("claim_new"), b"x" * size, "application/octet-stream", headers=headers)

    def test_a_body_above_the_limit_gets_a_sentence_and_one_below_gets_its_page(self) -> None:
        response = self.send(3 * 1024 * 1024, accept="text/html", referer="http://testserver/claims/new/")
        self.assertContains(response, "有 3 MB，一次最多 1 MB", status_code=413)
        self.assertContains(response, 'href="http://testserver/claims/new/"', status_code=413)
        self.assertNotEqual(self.send(1024, accept="text/html").status_code, 413)

    def test_a_strangers_page_is_not_where_one_is_sent_back_to(self) -> None:
        response = self.send(3 * 1024 * 1024, accept="text/html", referer="https://elsewhere.example/")
        self.assertNotContains(response, "elsewhere.example", status_code=413)

    def test_a_program_gets_a_code(self) -> None:
        self.assertEqual(self.send(3 * 1024 * 1024, accept="application/json").json()["code"], "body_large")
