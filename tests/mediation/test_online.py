"""The online room: who gets in and how, letters between browsers, and who was there when."""

import json
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.models import Event
from grid.days import SHANGHAI
from grid.models import Person
from grid.roles import MEDIATOR
from mediation import hearings
from mediation.models import Hearing, OnlineLink, OnlineSeat, OnlineStay, Room
from mediation.online import presence, signalling
from mediation.online.table import (
    LIVES,
    LONGEST_LETTER,
    MOST_AT_ONCE,
    MOST_LETTERS,
    MOST_LINKS,
    MOST_SEATED,
    MOST_TRIES,
    MOST_TURNS,
)
from tests.base import NOW
from tests.mediation.base import MediationTestCase, at, make_person

DURING = at("09:05")
SOME = {"sdp": "v=0"}


class OnlineTestCase(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.online = Room.objects.create(name="网上一室", region_id="321322", medium="online", link="https://meeting.example.test/1")
        cls.mediation = cls.make_mediation("scheduled", room=cls.online)
        cls.hearing = cls.mediation.hearings.get()
        cls.claim = cls.mediation.claim
        cls.worker = cls.claim.claimants.get()

    def setUp(self) -> None:
        self.now = DURING
        signalling.line().flushdb()
        for module in ("mediation.views.online", "mediation.views.online_acts", "arrears.views.track"):
            clock = patch(f"{module}.clock", lambda: (self.now, self.now.date()))
            clock.start()
            self.addCleanup(clock.stop)

    def official(self, person: Person, hearing: Hearing | None = None) -> "Browser":
        browser = Browser(self, hearing or self.hearing)
        browser.client.force_login(person)
        browser.door = browser.client.post(reverse("hearing_online", args=[browser.hearing.pk]), {"enter": "1"})
        return browser

    def invited(self, kind: str = "employer", name: str = "宏远劳务 钱经理") -> "Browser":
        link, code = self.invite(kind, name)
        browser = Browser(self, self.hearing)
        browser.door = browser.client.post(link, {"code": code})
        return browser

    def invite(self, kind: str = "employer", name: str = "宏远劳务 钱经理") -> tuple[str, str]:
        client = Client()
        client.force_login(self.mediator)
        made = client.post(reverse("hearing_online", args=[self.hearing.pk]), {"invite": "1", "kind": kind, "name": name}).context["made"]
        return made["address"].partition("8000")[2] or "/" + made["address"].split("/", 3)[3], made["code"]

    def worked(self) -> "Browser":
        browser = Browser(self, self.hearing)
        browser.client.post(reverse("track"), {"number": self.claim.public_number, "secret": "0001"})
        browser.door = browser.client.post(reverse("track_hearing", args=[self.hearing.pk]))
        return browser

    def host(self) -> "Browser":
        host = self.official(self.mediator)
        host.turn()
        return host


class Browser:
    """Somebody at a page of the room."""

    def __init__(self, case: OnlineTestCase, hearing: Hearing) -> None:
        self.case, self.hearing, self.client, self.peer, self.after = case, hearing, Client(), "", ""
        self.door: Any = None

    def ask(self, path: str, body: Any = None, **said: Any) -> Any:
        url = reverse(f"online_{path}", args=[self.hearing.pk])
        if body is not None:
            return self.client.post(url, body if isinstance(body, bytes) else json.dumps(body), content_type="application/json")
        return self.client.post(url, said)

    def turn(self, *letters: tuple[str, str, Any], muted: bool = False, camera: bool = True) -> dict[str, Any]:
        answer = self.ask("talk", {
            "peer": self.peer, "after": self.after, "heard": "", "me": {"muted": muted, "camera": camera, "sharing": False},
            "send": [{"to": to, "kind": kind, "data": data} for to, kind, data in letters],
        })  # fmt: skip
        said = answer.json()
        said["status"] = answer.status_code
        self.peer = said.get("peer", self.peer)
        if said.get("letters"):
            self.after = said["letters"][-1]["n"]
        return said

    @property
    def seat(self) -> OnlineSeat:
        return OnlineSeat.objects.get(room__hearing=self.hearing, token__isnull=False, pk=self.client.cookies["xinan_seat"].value.partition(":")[0].strip('"'))

    def let_in(self, other: "Browser") -> Any:
        return self.ask("act", act="admit", seat=str(other.seat.pk))


class DoorTest(OnlineTestCase):
    def test_each_official_takes_their_own_seat(self) -> None:
        for person, kind, state in (
            (self.mediator, "mediator", "admitted"), (self.county, "supervisor", "admitted"), (self.city, "supervisor", "admitted"),
        ):  # fmt: skip
            with self.subTest(person.full_name):
                browser = self.official(person)
                self.assertRedirects(browser.door, f"/online/{self.hearing.pk}/", fetch_redirect_response=False)
                self.assertEqual((browser.seat.kind, browser.seat.state, browser.seat.name), (kind, state, person.full_name))
        self.claim.__class__.objects.filter(pk=self.claim.pk).update(handler=self.chief)
        handler = self.official(self.chief)
        self.assertEqual((handler.seat.kind, handler.seat.state), ("handler", "waiting"))

    def test_who_is_neither_has_no_seat_and_who_is_out_of_scope_finds_nothing(self) -> None:
        refused = self.official(self.grid_worker)
        self.assertContains(refused.door, "只有本场调解员", status_code=409)
        for person in (self.county_b, self.chief_a2, self.outsider, self.partner):
            self.assertEqual(self.official(person).door.status_code, 404, person.full_name)
        self.assertFalse(OnlineSeat.objects.exists())

    def test_the_door_is_open_from_half_an_hour_before_until_three_hours_after(self) -> None:
        for moment, sentence in ((at("08:29"), "08:30 起可以进入"), (at("13:31"), "已经结束")):
            self.now = moment
            self.assertContains(self.official(self.mediator).door, sentence, status_code=409)
        for moment in (at("08:30"), at("13:30")):
            self.now = moment
            self.assertEqual(self.official(self.mediator).door.status_code, 302)

    def test_a_hearing_in_a_room_with_walls_has_no_online_page(self) -> None:
        other = self.make_mediation("scheduled", claim=self.make_other_claim(), starts_at=at("11:00"), ends_at=at("12:00")).hearings.get()
        self.assertEqual(self.official(self.mediator, other).door.status_code, 404)

    def test_the_worker_comes_in_from_the_own_page_and_waits(self) -> None:
        self.host()
        browser = self.worked()
        self.assertEqual((browser.seat.kind, browser.seat.name, browser.seat.party_id, browser.seat.state), ("worker", "李建国", self.worker.pk, "waiting"))
        self.assertEqual(browser.turn(), {"state": "waiting", "open": True, "status": 200})
        self.assertRedirects(Client().get(reverse("track_hearing", args=[self.hearing.pk])), reverse("track"), fetch_redirect_response=False)

    def test_a_worker_of_another_case_finds_nothing(self) -> None:
        other = self.make_other_claim()
        client = Client()
        client.post(reverse("track"), {"number": other.public_number, "secret": "0009"})
        self.assertEqual(client.get(reverse("track_hearing", args=[self.hearing.pk])).status_code, 404)
        self.assertEqual(client.post(reverse("track_hearing", args=[self.hearing.pk])).status_code, 404)

    def test_a_link_opens_with_its_code_only_and_shows_nothing_of_the_case(self) -> None:
        link, code = self.invite("interpreter", "手语翻译 孙")
        client = Client()
        page = client.get(link)
        self.assertContains(page, "手语翻译 孙")
        self.assertNotContains(page, self.claim.number)
        self.assertNotContains(page, "李建国")
        self.assertContains(client.post(link, {"code": "000000" if code != "000000" else "000001"}), "密码不对", status_code=409)
        self.assertEqual(client.post(link, {"code": code}).status_code, 302)
        seat = OnlineSeat.objects.get()
        self.assertEqual((seat.kind, seat.name, seat.state), ("interpreter", "手语翻译 孙", "waiting"))
        kept = OnlineLink.objects.get()
        self.assertNotIn(code, (kept.code, kept.digest))
        self.assertEqual(kept.tries, 1)

    def test_ten_wrong_codes_end_a_link(self) -> None:
        link, code = self.invite()
        wrong = "111111" if code != "111111" else "222222"
        for _each in range(MOST_TRIES):
            Client().post(link, {"code": wrong})
        self.assertEqual(Client().post(link, {"code": code}).status_code, 410)

    def test_a_link_ends_with_the_hearing_and_when_it_is_taken_back(self) -> None:
        link, code = self.invite()
        self.now = at("13:31")
        self.assertEqual(Client().get(link).status_code, 410)
        self.now = DURING
        guest = self.invited(name="另一位")
        host = self.host()
        host.let_in(guest)
        self.assertEqual(guest.turn()["state"], "in")
        host.client.post(reverse("hearing_online", args=[self.hearing.pk]), {"end": str(guest.seat.link_id)})
        self.assertEqual(guest.turn()["state"], "removed")
        self.assertEqual(Client().post(link, {"code": code}).status_code, 302)  # the first one still works
        hearings.advance(self.mediation, "hold", self.mediator, now=self.now, minutes="双方到场。")
        self.assertEqual(Client().get(link).status_code, 410)

    def test_only_mediator_and_handler_invite_and_not_without_end(self) -> None:
        for person in (self.city, self.grid_worker):
            client = Client()
            client.force_login(person)
            answer = client.post(reverse("hearing_online", args=[self.hearing.pk]), {"invite": "1", "kind": "observer", "name": "某人"})
            self.assertContains(answer, "只有本场调解员和经办人", status_code=409)
        for _each in range(MOST_LINKS):
            self.invite()
        client = Client()
        client.force_login(self.mediator)
        answer = client.post(reverse("hearing_online", args=[self.hearing.pk]), {"invite": "1", "kind": "observer", "name": "某人"})
        self.assertContains(answer, "请先收回不用的", status_code=409)
        self.assertEqual(OnlineLink.objects.count(), MOST_LINKS)

    def test_a_new_device_ends_the_old_one(self) -> None:
        link, code = self.invite()
        first, second = Browser(self, self.hearing), Browser(self, self.hearing)
        first.client.post(link, {"code": code})
        second.client.post(link, {"code": code})
        self.assertEqual(first.ask("talk", {}).status_code, 404)
        self.assertEqual(second.turn()["state"], "waiting")
        self.assertEqual(OnlineSeat.objects.count(), 1)

    def test_an_official_who_signs_out_takes_the_seat_along(self) -> None:
        host = self.host()
        host.client.logout()
        self.assertEqual(host.ask("talk", {}).status_code, 404)


class RoomTest(OnlineTestCase):
    def test_nobody_is_in_before_the_mediator_admits_them(self) -> None:
        guest = self.invited()
        self.assertEqual(guest.turn(), {"state": "waiting", "open": False, "status": 200})
        host = self.host()
        self.assertEqual([one["name"] for one in host.turn()["door"]], ["宏远劳务 钱经理"])
        self.assertEqual([one["name"] for one in host.turn()["people"]], ["条和"])
        self.assertEqual(guest.turn()["state"], "waiting")
        self.assertEqual(host.let_in(guest).status_code, 200)
        said = guest.turn()
        self.assertEqual(said["state"], "in")
        self.assertEqual([(one["name"], one["role"]) for one in said["people"]], [("条和", "调解员"), ("宏远劳务 钱经理", "被申请方")])
        self.assertNotIn("door", said)
        self.assertEqual(host.turn()["door"], [])

    def test_only_the_mediator_admits_removes_mutes_and_closes(self) -> None:
        host, guest, other = self.host(), self.invited(), self.invited(name="二号")
        host.let_in(guest)
        guest.turn()
        for act in ("admit", "remove", "mute_all", "close"):
            answer = guest.ask("act", act=act, seat=str(other.seat.pk))
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, "not_your_role"), act)
        self.assertEqual(other.turn()["state"], "waiting")
        self.assertEqual(guest.ask("act", act="x").status_code, 404)

    def test_whoever_is_removed_is_out_and_may_be_let_in_again(self) -> None:
        host, guest = self.host(), self.invited()
        host.let_in(guest)
        guest.turn()
        host.ask("act", act="remove", seat=str(guest.seat.pk))
        self.assertEqual(guest.turn(), {"state": "removed", "status": 200})
        self.assertEqual([one["removed"] for one in host.turn()["door"]], [True])
        host.let_in(guest)
        guest.peer = ""
        self.assertEqual(guest.turn()["state"], "in")

    def test_muting_all_reaches_everybody_else(self) -> None:
        host, guest = self.host(), self.invited()
        host.let_in(guest)
        guest.turn()
        host.ask("act", act="mute_all")
        self.assertEqual([(one["kind"], one["from"]) for one in guest.turn()["letters"]], [("mute", "")])
        self.assertEqual(host.turn()["letters"], [])

    def test_closing_sends_everybody_out_and_all_wait_again_when_it_is_opened_once_more(self) -> None:
        host, guest = self.host(), self.invited()
        host.let_in(guest)
        guest.turn()
        host.ask("act", act="close")
        self.assertEqual((guest.turn()["state"], host.turn()["state"]), ("closed", "closed"))
        host = self.host()
        guest.peer = ""
        self.assertEqual(guest.turn()["state"], "waiting")

    def test_a_result_noted_closes_the_room(self) -> None:
        host = self.host()
        hearings.advance(self.mediation, "hold", self.mediator, now=self.now, minutes="双方到场。")
        self.assertEqual(host.turn()["state"], "closed")

    def test_six_may_speak_the_seventh_waits(self) -> None:
        host = self.host()
        guests = [self.invited("other", f"{n}号") for n in range(MOST_SEATED)]
        codes = [host.let_in(guest).status_code for guest in guests]
        self.assertEqual(codes, [200] * 5 + [409])
        self.assertEqual(host.ask("act", act="remove", seat=str(guests[0].seat.pk)).status_code, 200)
        self.assertEqual(host.let_in(guests[-1]).status_code, 200)

    def test_everybody_sees_the_supervisor_who_needs_no_leave_and_cannot_be_removed(self) -> None:
        host, watcher = self.host(), self.official(self.city)
        self.assertEqual(watcher.turn()["state"], "in")
        [seen] = [one for one in host.turn()["people"] if one["silent"]]
        self.assertEqual((seen["name"], seen["role"], seen["kind"], seen["since"]), ("史督", "市级督办员", "supervisor", "09:05"))
        self.assertEqual(host.ask("act", act="remove", seat=str(watcher.seat.pk)).json()["code"], "supervisor_stays")
        came = Event.objects.get(claim=self.claim, facts__move="online_watched")
        self.assertEqual((came.actor, came.facts["who"], came.at), (self.city, "史督", DURING))
        self.now = at("09:20")
        watcher.ask("leave", peer=watcher.peer)
        gone = Event.objects.get(claim=self.claim, facts__move="online_unwatched")
        self.assertEqual((gone.at, gone.facts["came"]), (at("09:20"), "2026-03-03 09:05"))
        self.assertFalse([one for one in host.turn()["people"] if one["silent"]])

    def test_a_stranger_finds_no_room(self) -> None:
        self.host()
        stranger = Browser(self, self.hearing)
        self.assertEqual(stranger.client.get(reverse("online_room", args=[self.hearing.pk])).status_code, 404)
        for path in ("talk", "leave", "act"):
            self.assertEqual(stranger.ask(path, act="close").status_code, 404, path)

    def test_only_the_room_may_use_camera_and_microphone(self) -> None:
        host = self.host()
        room = host.client.get(reverse("online_room", args=[self.hearing.pk]))
        self.assertEqual(room["Permissions-Policy"], "camera=(self), microphone=(self), display-capture=(self), geolocation=()")
        self.assertEqual(host.client.get("/")["Permissions-Policy"], "camera=(), microphone=(), display-capture=(), geolocation=()")
        self.assertEqual(Client().get("/field/")["Permissions-Policy"], "microphone=(self), camera=(), display-capture=(), geolocation=()")


class LettersTest(OnlineTestCase):
    def pair(self) -> tuple[Browser, Browser]:
        host, guest = self.host(), self.invited()
        host.let_in(guest)
        guest.turn()
        return host, guest

    def test_letters_come_in_their_order_and_until_they_are_acknowledged(self) -> None:
        host, guest = self.pair()
        host.turn((guest.peer, "offer", {"n": 1}), (guest.peer, "candidates", [{"n": 2}]))
        host.turn((guest.peer, "candidates", [{"n": 3}]))
        before = guest.after
        said = guest.turn()["letters"]
        self.assertEqual([(one["kind"], one["data"], one["from"]) for one in said], [
            ("offer", {"n": 1}, host.peer), ("candidates", [{"n": 2}], host.peer), ("candidates", [{"n": 3}], host.peer),
        ])  # fmt: skip
        guest.after = before  # the answer was lost
        self.assertEqual(guest.turn()["letters"], said)
        self.assertEqual(guest.turn()["letters"], [])

    def test_a_letter_reaches_only_whoever_it_is_for(self) -> None:
        host, guest = self.pair()
        third = self.invited(name="三号")
        host.let_in(third)
        third.turn()
        host.turn((third.peer, "offer", SOME))
        self.assertEqual(guest.turn()["letters"], [])
        self.assertEqual(len(third.turn()["letters"]), 1)

    def test_rooms_hear_nothing_of_each_other(self) -> None:
        host, guest = self.pair()
        away = Room.objects.create(name="网上二室", region_id="321322", medium="online")
        make = make_person("lingyi", "凌一", MEDIATOR, "321322")
        other = self.make_mediation("scheduled", claim=self.make_other_claim(), room=away, mediator=make).hearings.get()
        stranger = self.official(make, other)
        stranger.turn()
        stranger.turn((guest.peer, "offer", SOME), (host.peer, "offer", SOME))
        self.assertEqual((guest.turn()["letters"], host.turn()["letters"]), ([], []))
        self.assertEqual([one["name"] for one in stranger.turn()["people"]], ["凌一"])
        stranger.client.cookies["xinan_seat"]["path"] = "/"  # the token of one room is none of another
        stranger.hearing = self.hearing
        self.assertEqual(stranger.ask("talk", {}).status_code, 404)

    def test_whoever_waits_or_was_removed_neither_sends_nor_is_sent_anything(self) -> None:
        host, guest = self.pair()
        waiting = self.invited(name="等候的人")
        waiting.peer = guest.peer
        waiting.turn((host.peer, "offer", SOME))
        self.assertEqual(host.turn()["letters"], [])
        peer = guest.peer
        host.ask("act", act="remove", seat=str(guest.seat.pk))
        host.turn((peer, "offer", SOME))
        self.assertEqual(signalling.read(guest.seat.room_id, peer, "", self.now), [])

    def test_a_letter_nobody_fetches_is_gone_after_a_minute(self) -> None:
        host, guest = self.pair()
        room = guest.seat.room_id
        host.turn((guest.peer, "offer", SOME))
        box = signalling.key(room, "letters", guest.peer)
        self.assertTrue(0 < signalling.line().ttl(box) <= LIVES)
        later = datetime.now(SHANGHAI) + timedelta(seconds=LIVES + 1)
        self.assertEqual(signalling.read(room, guest.peer, "", later), [])

    def test_a_full_box_takes_no_more(self) -> None:
        host, guest = self.pair()
        room, letters = guest.seat.room_id, [signalling.Letter(guest.peer, "candidates", [])] * (MOST_LETTERS + 10)
        self.assertEqual(signalling.send(room, host.peer, letters), MOST_LETTERS)
        self.assertEqual(signalling.send(room, host.peer, letters[:1]), 0)

    def test_too_much_is_refused(self) -> None:
        host, guest = self.pair()
        for letters in ([(guest.peer, "offer", "x" * LONGEST_LETTER)], [(guest.peer, "offer", 1)] * (MOST_AT_ONCE + 1), [(guest.peer, "mute", None)]):
            self.assertEqual(host.turn(*letters)["code"], "bad_input")
        for body in (b"", b"[]", b"{}", b'{"peer": 1, "after": "", "heard": "", "me": {}, "send": []}', b'{"peer": "", "after": "x", "heard": "", "me": {}, "send": []}', b"\xff", b"[" * 50_000):
            answer = host.ask("talk", body)
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, "bad_input"), body[:40])
        self.assertEqual(guest.turn()["letters"], [])
        answers = [host.ask("talk", {"peer": host.peer, "after": "", "heard": "", "me": {}, "send": []}).status_code for _each in range(MOST_TURNS)]
        self.assertEqual(answers[-1], 429)
        self.assertEqual(guest.turn()["status"], 200)  # each has their own measure

    def test_another_page_of_the_same_person_takes_over(self) -> None:
        _host, guest = self.pair()
        old = guest.peer
        guest.peer = ""
        self.assertNotEqual(guest.turn()["peer"], old)
        new, guest.peer = guest.peer, old
        self.assertEqual(guest.turn()["state"], "elsewhere")
        guest.ask("leave", peer=old)  # sent by the page that was left, and late
        guest.peer = new
        self.assertEqual(guest.turn()["state"], "in")

    def test_a_turn_that_was_under_way_does_not_bring_back_who_has_left(self) -> None:
        host, guest = self.pair()
        room, seat = guest.seat.room_id, guest.seat.pk
        old = signalling.peers_of(room)[str(seat)]
        guest.ask("leave", peer=guest.peer)
        self.assertIsNone(signalling.show(room, seat, old, self.now))
        self.assertEqual([one["name"] for one in host.turn()["people"]], ["条和"])
        signalling.greet(room, seat, self.now)
        self.assertIsNone(signalling.show(room, seat, old, self.now))

    def test_an_emptied_mailbox_costs_a_greeting(self) -> None:
        host, _guest = self.pair()
        signalling.line().flushdb()
        self.assertEqual(host.turn()["state"], "again")
        host.peer = ""
        self.assertEqual(host.turn()["state"], "in")

    def test_a_turn_costs_the_same_for_two_and_for_six(self) -> None:
        host, _guest = self.pair()
        few = self.cost(host)
        for n in range(4):
            more = self.invited("other", f"{n}号")
            host.let_in(more)
            more.turn()
        self.assertEqual(self.cost(host), few)

    def cost(self, browser: Browser) -> int:
        with CaptureQueriesContext(connection) as found:
            browser.turn()
        return len(found)


class PresenceTest(OnlineTestCase):
    def test_who_was_in_and_when(self) -> None:
        host, guest = self.host(), self.worked()
        first, second, third = (DURING + timedelta(seconds=n) for n in (10, 20, 30))
        self.now = first
        host.let_in(guest)
        guest.turn()
        self.now = second
        guest.ask("leave", peer=guest.peer)
        host.turn()
        self.now = third
        guest.peer = ""
        guest.turn()
        host.turn()
        found = presence.who_was_in(self.hearing, self.now)
        self.assertEqual([(one.kind, one.name) for one in found], [("mediator", "条和"), ("worker", "李建国")])
        self.assertEqual([one.spans for one in found], [[(DURING, None)], [(first, second), (third, None)]])
        self.assertEqual((found[0].person_id, found[1].party_id), (self.mediator.pk, self.worker.pk))
        self.assertEqual(presence.who_was_in(self.make_mediation("scheduled", claim=self.make_other_claim(), starts_at=at("15:00"), ends_at=at("16:00")).hearings.get(), NOW), [])

    def test_a_browser_that_falls_silent_was_there_until_it_did(self) -> None:
        host, watcher = self.host(), self.official(self.city)
        watcher.turn()
        self.now = DURING + timedelta(seconds=20)
        host.turn()
        self.assertEqual(OnlineStay.objects.filter(left_at=None).count(), 2)  # a lost network, perhaps
        self.now = DURING + timedelta(seconds=31)
        [mediator, watched] = presence.who_was_in(self.hearing, self.now)
        self.assertEqual(watched.spans, [(DURING, DURING)])
        self.assertEqual(presence.end_silent(self.now), 1)
        self.assertEqual(Event.objects.get(facts__move="online_unwatched").at, DURING)
        self.assertEqual(mediator.spans, [(DURING, None)])

    def test_who_only_waited_was_not_there(self) -> None:
        self.host()
        self.invited().turn()
        self.assertEqual([one.name for one in presence.who_was_in(self.hearing, self.now)], ["条和"])
