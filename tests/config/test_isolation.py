"""A partner body has its inbox and nothing else. Every address of the house and of its API is asked for with real ids, by
somebody of another body, by somebody of the body that was sent something, by the holder of a one-time link, and by a stranger.

Whatever is not on a list below is refused. Each part of the house (the first word of an address) stands in AREAS with the id of
something that is there; a part that stands nowhere fails until somebody says what it is.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, TestCase
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from arrears import casework, referrals
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Event, Packet, Paper, Proceeding, Search, SearchWay, Step
from arrears.models.serving import Attempt, Service
from arrears.partners.links import code_of, issue, token_of
from config.partners import REACHED
from grid.days import day_of
from grid.models import Body, Notice, Person
from grid.roles import PARTNER
from mediation.models import Blackout, PartyDay
from tests.base import make_person
from tests.browser.test_pages import Pages

# By the first word of an address: what stands behind the id, a field of the scene (a dot leads on).
AREAS = {
    "": "", "access-log": "", "app.webmanifest": "", "bodies": "court", "calendars": "", "claimants": "claimant", "claims": "case",
    "claims.csv": "", "clocks": "clock", "contacts": "contact", "deliveries": "alert", "duty": "", "employers": "employer",
    "events": "event", "evidence": "photo", "extensions": "extension", "field": "draft", "figures": "figure", "handover": "leaver",
    "healthz": "", "hearings": "hearing", "inbox": "alert", "incidents": "incident", "interruptions": "interruption", "ladders": "ladder",
    "language": "", "leave": "leave", "limit-entries": "obstacle", "mediations": "held", "metrics": "", "objections": "objection",
    "orders": "order", "owed": "notified", "password": "", "people": "county", "postings": "posting", "questions": "asked",
    "ratings": "rating", "referrals": "out", "regions": "", "reply": "", "report": "site", "report-files": "alert", "reports": "reported",
    "results": "", "robots": "robot", "seasons": "season", "settings": "", "sign-in": "", "sign-out": "", "sites": "site",
    "source-files": "return_file", "source-tokens": "source_token", "sources": "hotline", "sw.js": "", "tasks": "task", "track": "asked",
    "unreached": "", "wordings": "",
    "documents": "paper", "packets": "packet", "privacy": "", "proceeding-steps": "step", "proceedings": "proceeding", "search-ways": "way", "searches": "search",
    "support": "supported", "templates": "", "services": "service", "attempts": "attempt", "calendar-link": "", "calendar": "", "rooms": "room",
    "hearing-days": "held", "panel": "mediator", "recusals": "held", "dates": "", "called": "", "payments": "payment",
    "marks": "mark", "opinion": "", "join": "", "online": "hearing", "recordings": "held",
}  # fmt: skip
API = {
    "claims": "case", "clocks": "clock", "completions": "case", "docs": "", "duty": "", "events": "event", "extensions": "extension",
    "handover": "leaver", "hearings": "hearing", "incidents": "incident", "interruptions": "interruption", "ladders": "ladder",
    "leave": "leave", "limit-entries": "obstacle", "mediations": "held", "notices": "alert", "objections": "objection", "orders": "order",
    "owed-papers": "notified", "postings": "posting", "questions": "asked", "ratings": "rating", "referrals": "out", "regions": "",
    "reports": "reported", "schema": "", "seasons": "season", "situations": "case", "token": "", "vacancies": "", "wage-sheets": "sheet_draft",
    "work-orders": "", "": "", "searches": "search", "support-cases": "supported",
    "services": "service", "proceedings": "proceeding", "figures": "figure", "papers": "paper", "packets": "packet",
    "marks": "mark", "rooms": "room", "closed-times": "closed", "mediators": "mediator",
}  # fmt: skip
# Words of an address that are no ids.
WORDS = {
         "name": "note", "piece": "0", "file": "01900000-0000-7000-8000-000000000000", "kind": "clock_late", "code": "321322101", "step": "who", "form": "csv", "number": "GD20261129001",
         "form_id": "F-16", "version": "1", "page": "1"}
SECOND = {"who": "presence", "copy": "photo", "shown": "photo", "recorded": "photo", "claim_pk": "case", "link": "closed_link", "row": "supporting", "way": "way", "party": "called", "day": "party_day"}

# Open to everybody. Behind them nothing of a case shows without a secret of its own (tests/arrears/test_track_page.py).
PUBLIC = {
    "healthz", "service_worker", "manifest", "sign_in", "set_language", "field_app", "track", "track_nudge", "track_leave", "track_answer",
    "track_file", "track_withdraw", "track_rate", "track_object", "report", "report_site", "public_figures", "api_token",
    "api_schema", "api_docs", "privacy_text", "calendar_feed", "party_dates", "hearing_called", "hearing_called_file", "track_hearing", "track_mark", "track_payment", "track_agreement", "party_mark", "online_join",
}  # fmt: skip
# One's own desk, notices, tasks and account; the referrals of one's own body; the division of the city, which is public.
OWN = {
    "desk", "inbox", "inbox_read", "inbox_unread", "inbox_acknowledge", "task_list", "settings", "password_change", "sign_out", "my_leave",
    "referral_list", "packet-list", "api-root", "region-list", "region-detail", "notice-list", "notice-reply", "notice-snooze", "referral-list", "leave-list",
    "field_me",
}  # fmt: skip
# What the body that was sent something does with it. (Its evidence and its clock: tests/arrears/test_referral_pages.py.)
SENT_TO = {"referral_detail", "referral_move", "referral-detail", "referral-moves", "referral-make-move", "referral-people", "referral-supplements"}
REFUSED = (286, 401, 403, 404, 405)  # 286: ask no more (grid.middleware)
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")
# Of the claim that was shared, what was not; of every claim, whatever names it.
INSIDE = ("内部意见甲", "内部笔录乙")
SECRETS = ("秘工甲", "13811112222", "秘密劳务", "秘密情节")


class Address(NamedTuple):
    name: str
    route: str

    @property
    def words(self) -> list[str]:
        return self.route.removeprefix("api/v1/").split("/")

    @property
    def area(self) -> str:
        return self.words[0]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")

    @property
    def args(self) -> list[str]:
        return [one or other for one, other in PLACE.findall(self.route)]


def addresses() -> list[Address]:
    """Formats of the API (.json) are the same view and left out."""
    return [Address(name, route) for name, route in walk(get_resolver().url_patterns) if "format>" not in route]


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$").removesuffix(r"\Z")
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield pattern.name, route


class IsolationTest(TestCase):
    maxDiff = None

    @classmethod
    def setUpTestData(cls) -> None:
        Pages.make()
        now = timezone.now()
        cls.scene, scene = Pages, Pages
        union = Body.objects.create(name="沭阳县总工会", kind="union", region_id="321322")
        cls.other = make_person("gonghui", "龚惠", PARTNER, body=union)
        cls.theirs = cls.shared_claim(now, "劳动者丁", "13800000077")
        referrals.refer(cls.theirs, scene.county, now=now, kind="legal_aid", body=union, summary="请援助。", evidence=[])
        scene.secret = cls.shared_claim(now, "秘工甲", "13811112222", "秘密劳务", "秘密情节")
        scene.case = cls.shared_claim(now, "共工乙", "13833334444")
        casework.advance(scene.case, "note", scene.county, now=now, note="内部意见甲")
        scene.inner = scene.papered.evidence.first()
        scene.inner.__class__.objects.filter(pk=scene.inner.pk).update(title="内部笔录乙")
        scene.out = referrals.refer(
            scene.case, scene.county, now=now, kind="support", body=scene.procuratorate, summary="请支持起诉。", evidence=[]
        )
        cls.link = issue(scene.out, scene.county, now=now, name="王检", post="科长")
        scene.event, scene.closed_link = Event.objects.filter(claim=scene.case).first(), scene.out.links.get()
        scene.hearing = scene.minuted
        scene.robot = scene.regions["321322"].robots.first() if hasattr(scene.regions["321322"], "robots") else scene.alert
        scene.proceeding = Proceeding.objects.create(claim=scene.case, kind="suit", opened_as="file", state="file", opened_at=now)
        scene.step = Step.objects.create(proceeding=scene.proceeding, name="file", on=day_of(now), recorded_at=now)
        scene.search = Search.objects.create(claim=scene.case, respondent=scene.case.respondents.first(), started_at=now)
        scene.way = SearchWay.objects.create(search=scene.search, way="court", reason="内部意见甲", begun_at=now)
        scene.supporting = scene.supported.supporters.first()
        scene.paper = Paper.objects.create(
            claim=scene.case, form="F-16", title="x", number="x1", facts="x", facts_sha256="x", docx_sha256="x", docx_size=1, pdf_sha256="x",
            pdf_size=1, pages=1, issued_by=scene.county, issued_at=now,
        )  # fmt: skip
        scene.packet = Packet.objects.create(
            claim=scene.case, kind="x", title="内部笔录乙", plan={}, answers="x", asked_by=scene.county, asked_at=now
        )
        scene.service, scene.attempt = Service.objects.first() or scene.held, Attempt.objects.first() or scene.held
        scene.called = scene.held.claim.claimants.first()
        scene.party_day = PartyDay.objects.create(mediation=scene.held, party_id=scene.called.pk, day=day_of(now), said_at=now)
        scene.closed = Blackout.objects.create(room=scene.room, span=(now, now + timedelta(hours=1)), reason="内部意见甲", entered_by=scene.county, entered_at=now)
        scene.return_file, scene.source_token = scene.platform.files.first(), scene.hotline.tokens.first()

    @classmethod
    def shared_claim(cls, now, worker: str, phone: str, company: str = "某劳务", story: str = "x"):
        claim = Pages.make_claim(
            now=now, claimants=[ClaimantFacts(worker, phone, lines=[LineFacts(3000)])], respondents=[RespondentFacts(company)], story=story
        )
        casework.advance(claim, "accept", None, now=now, conditions=True)
        return claim

    def setUp(self) -> None:
        cache.clear()

    def url(self, address: Address) -> str:
        known = API if address.is_api else AREAS
        self.assertIn(address.area, known, f"say in {'API' if address.is_api else 'AREAS'} what stands at {address.route}")
        args = []
        for name in address.args:
            if name in WORDS:
                args.append(WORDS[name])
            elif name == "token":
                args.append(token_of(self.link))
            elif name == "pk" and address.area == "regions":
                args.append("321322101")
            elif name == "pk" and address.area == "reply":
                kept = self.scene.photo if address.name == "reply_file" else self.scene.packet
                args.append(str(kept.pk))
            else:
                field = known[address.area] if name == "pk" else SECOND.get(name, "")
                self.assertTrue(field, f"say what <{name}> of {address.route} is")
                args.append(str(getattr(self.scene, field).pk))
        url = "/" + re.sub(r"<[^>]+>|\(\?P<\w+>[^)]*\)", lambda _place: args.pop(0), address.route)
        get_resolver().resolve(url)
        return url

    def ask(self, client: Client, method: str, url: str) -> HttpResponseBase:
        """What it does is undone."""
        with transaction.atomic():
            answer = getattr(client, method)(url)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        answer.said = content.decode(errors="replace")
        return answer

    def leaks(self, client_of, allowed: set[str], secrets: tuple[str, ...]) -> list[str]:
        """Whatever was answered and not refused, and whatever named what is secret."""
        found = []
        for address in addresses():
            url = self.url(address)
            for method in ("get", "post"):
                answer = self.ask(client_of(), method, url)
                told = [secret for secret in secrets if secret in answer.said]
                if told:
                    found.append(f"{method} {url} ({address.name}) tells {told}")
                if address.name not in PUBLIC | allowed and not is_refused(answer):
                    found.append(f"{method} {url} ({address.name}) answers {answer.status_code}")
        return found

    def signed_in(self, person):
        def client() -> Client:
            one = Client()
            one.force_login(Person.objects.get(pk=person.pk))
            return one

        return client

    def test_every_part_of_the_house_is_known(self) -> None:
        found = addresses()
        self.assertLessEqual({one.area for one in found if not one.is_api and one.route != "api/v1/"}, AREAS.keys(), "say in AREAS what it is")
        self.assertLessEqual({one.area for one in found if one.is_api}, API.keys(), "say in API what it is")
        named = {one.name for one in found}
        self.assertLessEqual(PUBLIC | OWN | SENT_TO, named)
        self.assertLessEqual(REACHED, named)

    def test_somebody_of_another_body_finds_nothing_but_the_own(self) -> None:
        secrets = (*SECRETS, *INSIDE, "共工乙", "13833334444", self.scene.case.number, self.scene.secret.number)
        self.assertEqual("\n".join(self.leaks(self.signed_in(self.other), OWN | {"reply"}, secrets)), "")

    def test_somebody_of_the_body_finds_what_was_sent_and_nothing_else_of_the_claim(self) -> None:
        secrets = (*SECRETS, *INSIDE, self.scene.secret.number, "劳动者丁", "13800000077")
        self.assertEqual("\n".join(self.leaks(self.signed_in(self.scene.partner), OWN | SENT_TO | {"reply"}, secrets)), "")
        self.scene.out.refresh_from_db()
        self.assertEqual(self.scene.out.state, "sent")

    def test_the_holder_of_a_link_finds_that_one_referral(self) -> None:
        opened = Client()
        opened.post(reverse("reply", args=[token_of(self.link)]), {"code": code_of(self.link)})
        secrets = (*SECRETS, *INSIDE, self.scene.secret.number, "劳动者丁")
        self.assertEqual("\n".join(self.leaks(lambda: opened, {"reply", "reply_move"}, secrets)), "")
        self.assertIn("共工乙", self.ask(opened, "get", reverse("reply", args=[token_of(self.link)])).said)

    def test_a_stranger_finds_nothing(self) -> None:
        secrets = (*SECRETS, *INSIDE, "共工乙", "劳动者丁", self.scene.case.number)
        self.assertEqual("\n".join(self.leaks(Client, {"reply"}, secrets)), "")

    def test_search_menu_typing_and_notices_know_nothing_of_the_claim(self) -> None:
        for person in (self.other, self.scene.partner):
            client = self.signed_in(person)()
            for url in (
                "/claims/?q=秘工甲", "/claims.csv?q=秘工甲", "/field/known/?q=秘密劳务", "/api/v1/claims/?q=秘工甲", "/sites/?q=秘密", "/employers/?q=秘密劳务",
                "/hearings/", "/api/v1/hearings/", "/api/v1/events/", "/api/v1/clocks/", "/referrals/?claim=" + str(self.scene.secret.pk),
            ):  # fmt: skip
                answer = self.ask(client, "get", url)
                self.assertTrue(answer.status_code in (404, 200), url)
                for secret in (*SECRETS[1:], *INSIDE):
                    self.assertNotIn(secret, answer.said.replace(url, ""), url)
            menu = re.findall(r'<a href="(/[^"]*)"', self.ask(client, "get", "/").said)
            self.assertFalse([link for link in menu if link.startswith(("/claims", "/sites", "/hearings", "/people", "/orders", "/bodies"))])
        self.assertFalse(Notice.objects.filter(recipient=self.other, subject_id=self.scene.case.pk).exists())

    def test_what_was_shared_is_reached(self) -> None:
        """The other side of it: the walk would also pass if everything were shut."""
        client = self.signed_in(self.scene.partner)()
        for name in ("referral_detail", "referral-detail", "referral-people"):
            [address] = [one for one in addresses() if one.name == name]
            self.assertIn("共工乙", self.ask(client, "get", self.url(address)).said)


def is_refused(answer: HttpResponseBase) -> bool:
    """Not there, not allowed, sign in first; or a list of nothing."""
    if answer.status_code in REFUSED:
        return True
    if answer.status_code == 302:
        return answer["Location"].startswith(("/sign-in/", "/reply/"))
    if answer.status_code == 200 and answer["Content-Type"].startswith("application/json"):
        said = json.loads(answer.said)
        return not (said.get("results", said) if isinstance(said, dict) else said)
    return False
