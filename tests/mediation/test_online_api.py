"""The online room over the API: the same doors, verbs and refusals as its pages, and no secret in an answer that others can read."""

from typing import Any
from unittest.mock import patch

import redis
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grid.models import AccessLog, Person
from mediation.models import OnlineLink, OnlineRecording, OnlineRoom, OnlineSeat
from mediation.online import signalling
from tests.mediation.base import at
from tests.mediation.test_online import Browser
from tests.mediation.test_online_kept import KeptTestCase


class OnlineApiTest(KeptTestCase):
    def setUp(self) -> None:
        super().setUp()
        for place, value in (("mediation.api_online.timezone.now", lambda: self.now), ("mediation.api_online.today", lambda: self.now.date())):
            patched = patch(place, value)
            patched.start()
            self.addCleanup(patched.stop)

    def path(self, act: str = "") -> str:
        return f"/api/v1/hearings/{self.hearing.pk}/online/{act}"

    def ask(self, person: Person, act: str = "", **said: Any) -> Any:
        client = Client()
        client.force_login(person)
        return client.post(self.path(act), said, content_type="application/json") if act else client.get(self.path())

    def code(self, answer: Any) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    def test_a_whole_meeting_is_led_over_it(self) -> None:
        self.assertEqual(self.ask(self.mediator).json()["is_open"], False)
        made = self.ask(self.mediator, "links/", kind="employer", name="宏远劳务 钱经理")
        self.assertEqual(made.status_code, 201)
        guest = self.joined(made.json())
        self.assertEqual(guest.turn()["state"], "waiting")
        said = self.ask(self.mediator, "open/").json()
        self.assertEqual((said["is_open"], said["seat"], [(one["name"], one["role"], one["removed"]) for one in said["waiting"]]), (True, "mediator", [("宏远劳务 钱经理", "被申请方", False)]))
        seat = said["waiting"][0]["seat"]
        self.ask(self.mediator, "admit/", seat=seat)
        self.assertEqual(guest.turn()["state"], "in")
        said = self.ask(self.mediator).json()
        self.assertEqual([(one["name"], one["kind"], one["since"], one["silent"]) for one in said["people"]], [("宏远劳务 钱经理", "employer", "09:05", False)])
        self.assertEqual([one["removed"] for one in self.ask(self.mediator, "remove/", seat=seat).json()["waiting"]], [True])
        self.assertEqual(guest.turn()["state"], "removed")
        self.assertEqual(self.ask(self.mediator, "links/end/", link=made.json()["id"]).json()["links"], [])
        self.assertEqual(Client().get(made.json()["address"]).status_code, 410)
        said = self.ask(self.mediator, "close/").json()
        self.assertEqual((said["is_open"], said["closed_at"] is not None), (False, True))
        self.assertEqual(self.code(self.ask(self.mediator, "admit/", seat=seat)), (409, "not_open"))

    def joined(self, link: dict[str, str]) -> Browser:
        guest = Browser(self, self.hearing)
        guest.door = guest.client.post("/" + link["address"].split("/", 3)[3], {"code": link["code"]})
        return guest

    def test_opening_over_it_leaves_the_mediators_browser_where_it_is(self) -> None:
        host = self.host()
        self.assertEqual(self.ask(self.mediator, "open/").status_code, 200)
        self.assertEqual(host.turn()["state"], "in")
        self.assertEqual(OnlineSeat.objects.count(), 1)

    def test_who_may_what(self) -> None:
        host, guest = self.meet()
        seat = str(guest.seat.pk)
        for person in (self.city, self.county, self.grid_worker):
            said = self.ask(person).json()
            self.assertEqual((said["waiting"], said["links"]), ([], []), person.full_name)
            for act, body in (("open/", {}), ("close/", {}), ("admit/", {"seat": seat}), ("remove/", {"seat": seat}), ("links/", {"kind": "observer", "name": "某人"}), ("links/end/", {"link": str(guest.seat.link_id)})):
                self.assertEqual(self.code(self.ask(person, act, **body)), (409, "not_your_role"), (person.full_name, act))
        for person in (self.county_b, self.outsider, self.partner):
            self.assertEqual((self.ask(person).status_code, self.ask(person, "open/").status_code), (404, 404), person.full_name)
        self.assertEqual(Client().get(self.path()).status_code, 403)
        self.assertEqual(guest.turn()["state"], "in")
        self.assertTrue(AccessLog.objects.filter(person=self.city, act="read", subject_id=self.mediation.pk).exists())
        self.assertEqual(host.turn()["state"], "in")

    def test_what_is_refused(self) -> None:
        self.assertEqual(self.code(self.ask(self.mediator, "close/")), (409, "not_open"))
        self.ask(self.mediator, "open/")
        nobody = str(OnlineRoom.objects.get().pk)
        self.assertEqual(self.code(self.ask(self.mediator, "admit/", seat=nobody)), (409, "no_such_seat"))
        watcher = self.official(self.city)
        watcher.turn()
        self.assertEqual(self.code(self.ask(self.mediator, "remove/", seat=str(watcher.seat.pk))), (409, "supervisor_stays"))
        for body in ({}, {"seat": "x"}):
            self.assertEqual(self.ask(self.mediator, "admit/", **body).status_code, 400)
        for body in ({"kind": "mediator", "name": "某人"}, {"kind": "observer", "name": ""}, {"kind": "observer"}):
            self.assertEqual(self.ask(self.mediator, "links/", **body).status_code, 400, body)
        self.assertEqual(self.ask(self.mediator, "links/end/", link=nobody).status_code, 404)
        for moment, code in ((at("08:29"), "too_early"), (at("13:31"), "over")):
            self.now = moment
            self.assertEqual(self.code(self.ask(self.mediator, "open/")), (409, code))
        inside = self.make_mediation("scheduled", claim=self.make_other_claim(), starts_at=at("11:00"), ends_at=at("12:00")).hearings.get()
        client = Client()
        client.force_login(self.mediator)
        self.assertEqual(client.get(f"/api/v1/hearings/{inside.pk}/online/").status_code, 404)  # a room with walls

    def test_no_answer_has_a_secret_of_somebody_else(self) -> None:
        made = self.ask(self.mediator, "links/", kind="employer", name="宏远劳务 钱经理").json()
        guest = self.joined(made)
        self.ask(self.mediator, "open/")
        seat, link = guest.seat, OnlineLink.objects.get()
        self.ask(self.mediator, "admit/", seat=str(seat.pk))
        guest.turn()
        token = made["address"].rstrip("/").rpartition("/")[2]
        for person in (self.mediator, self.city, self.county, self.grid_worker):
            text = self.ask(person).content.decode()
            for secret in (token, link.digest, link.code, seat.token, guest.client.cookies["xinan_seat"].value, guest.peer):
                self.assertNotIn(secret, text, person.full_name)
            self.assertNotIn(f'"{made["code"]}"', text)

    def test_recordings_with_their_fingerprints(self) -> None:
        host, _guest, recorded = self.agreed()
        self.assertEqual((self.ask(self.mediator).json()["is_recording"], self.ask(self.mediator).json()["recordings"]), (True, []))
        self.piece(host, recorded, 0, b"eins")
        host.ask("act", act="record_stop")
        row = OnlineRecording.objects.get()
        for person, address in ((self.mediator, f"http://localhost:8000/recordings/{row.pk}/"), (self.county, None)):
            [told] = self.ask(person).json()["recordings"]
            self.assertEqual((told["sha256"], told["size"], told["ended_because"], told["started_by"], told["place"]), (row.sha256, 4, "host", "条和", row.file.name))
            self.assertEqual(told["address"] and told["address"].split("/recordings/")[1], address and address.split("/recordings/")[1])

    def test_without_the_mailbox_it_says_so(self) -> None:
        self.ask(self.mediator, "open/")
        with patch.object(signalling, "line", lambda: redis.Redis("127.0.0.1", 9, socket_connect_timeout=1)):
            self.assertEqual(self.code(self.ask(self.mediator)), (503, "no_mailbox"))

    def test_it_costs_the_same_for_few_and_for_many(self) -> None:
        self.ask(self.mediator, "open/")
        client = Client()
        client.force_login(self.mediator)
        client.get(self.path())

        def cost(people: int) -> int:
            while OnlineSeat.objects.count() < people:
                self.invited("other", f"{OnlineSeat.objects.count()}号").turn()
            with CaptureQueriesContext(connection) as found:
                client.get(self.path())
            return len(found)

        self.assertEqual(cost(3), cost(9))
