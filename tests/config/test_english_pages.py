"""English is English on every page somebody can walk to: all that is Chinese there are names and what people wrote."""

import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import urldefrag, urljoin

from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

from arrears import casework, referrals
from arrears.models import Claim, Claimant, Evidence, Respondent, Service
from arrears.papers.fields import CATALOGUE
from arrears.papers.page import written
from grid.models import Body, Person, Region
from mediation.models import Agreement, Hearing, Mediation, Room
from tests.base import NOW
from tests.mediation.base import MediationTestCase

HAN = re.compile(r"[\u3400-\u9fff]+")
MARKS = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
SPOKEN = {"title", "alt", "aria-label", "placeholder", "data-label", "data-confirm"}
WALKERS = ("grid_worker", "county", "city", "mediator", "partner", "auditor", "administrator")
# What people wrote, wherever it is shown.
WRITTEN = ((Region, "full_name"), (Person, "full_name"), (Body, "name"), (Claim, "number"), (Claim, "public_number"),
           (Claim, "story"), (Claimant, "name"), (Respondent, "legal_name"), (Evidence, "title"), (Service, "title"), (Room, "name"),
           (Mediation, "request"), (Hearing, "minutes"), (Agreement, "terms"), (Agreement, "default_clause"))  # fmt: skip


class Reader(HTMLParser):
    """What a page says, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.skipped = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "html":
            self.language = values.get("lang") or ""
        elif tag in ("script", "style", "textarea", "pre") or values.get("lang") not in (None, "en"):
            self.skipped = self.skipped or tag
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        self.said += [value for name, value in attributes if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipped:
            self.skipped = ""

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.said.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def kind_of(path: str) -> str:
    """Pages that differ by an id, a region or a query only are one page."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4,12}|\?.*", "*", path)


class EnglishTest(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        Person.objects.update(language="en")
        cls.make_claim()
        cls.make_mediation("agreed")
        cls.make_mediation("held", cls.make_other_claim())
        claim = cls.make_claim(story="完工后未付工资。")
        casework.advance(claim, "accept", cls.county, now=NOW, conditions=True)
        casework.advance(claim, "assign", cls.county, now=NOW, handler=cls.grid_worker)
        file = Evidence.objects.create(
            claim=claim, kind="iou", title="欠条", original_name="a.jpg", file=ContentFile(b"\xff\xd8\xff", name="a.jpg"),
            extension="jpg", mime="image/jpeg", size=3, sha256="0", added_at=NOW, added_by=cls.county,
        )  # fmt: skip
        cls.referral = referrals.refer(
            claim, cls.county, now=NOW, kind="support", body=cls.procuratorate, summary="请支持起诉。", evidence=[file]
        )

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)
        rows = [text for model, field in WRITTEN for text in model.objects.values_list(field, flat=True)]
        self.forms: set[str] = set()  # the same for everybody who may make the move
        fields = [text for field in CATALOGUE.values() for text in (written(field.path, field.kind), field.example)]  # of papers, in Chinese
        self.written = "\n".join([*rows, *fields, settings.CITY_NAME, "中文", settings.SMS_SIGN, "请支持起诉。", "沭阳县人民法院第三法庭"])

    def walk(self, person: Person) -> Iterator[tuple[str, Reader]]:
        """Every kind of page `person` reaches by following links."""
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(person)
        waiting = deque(["/"])
        seen = {"/", *self.forms}
        while waiting:
            path = waiting.popleft()
            response = client.get(path, follow=True)
            assert response.status_code == 200, f"{path}: {response.status_code}"
            if "text/html" not in response["Content-Type"]:
                continue
            page = read(response.content.decode())
            yield path, page
            for link in page.links:
                to = urldefrag(urljoin(path, link))[0]
                if to.startswith("/") and kind_of(to) not in seen:
                    seen.add(kind_of(to))
                    waiting.append(to)
        self.forms |= {kind for kind in seen if "/moves/" in kind}

    def stray(self, page: Reader) -> list[str]:
        return [text.strip() for text in page.said if self.is_stray(text)]

    def is_stray(self, text: str) -> bool:
        marks = MARKS.search(re.sub("[〔〕]|＿{4}", "", text)) and not HAN.search(text)
        return bool(marks) or any(run not in self.written for run in HAN.findall(text))

    def test_every_page_of_everybody(self) -> None:
        for name in WALKERS:
            with self.subTest(name):
                wrong = []
                for path, page in self.walk(getattr(self, name)):
                    self.assertEqual(page.language, "en", path)
                    wrong += [f"{path}: {text}" for text in self.stray(page)]
                self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_the_pages_before_signing_in(self) -> None:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        for path in ("/sign-in/", "/nothing-here/"):
            page = read(client.get(path, follow=True).content.decode())
            self.assertEqual((page.language, self.stray(page)), ("en", []), path)
