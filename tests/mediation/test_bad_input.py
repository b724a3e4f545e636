"""Every form and every address of scheduling, each field with what people and programs really send: a sentence, never a crash, and
nothing half done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from grid.models import Person
from mediation.models import Attendance, Blackout, Hearing, Room
from tests.mediation.test_pages import PageTestCase

BAD = ("", "x", "0001-01-01", "9999-12-31", "25:00", "\x00", "😀" * 400, "99999999999999999999", "0001-01-01T00:00:00+14:00")
SAID = ('role="alert"', "form-errors", "tone-bad", "has-error", "class=\"errorlist")  # a page that refuses has one of them


class BadInput(PageTestCase):
    def setUp(self) -> None:
        self.mediation = self.open_mediation("scheduled")
        self.waiting = self.open_mediation(number=1)
        self.hearing = self.mediation.hearings.get()
        self.online = Room.objects.create(name="线上一室", region_id="321322", medium="online", link="https://meeting.example/1")
        self.faults: list[str] = []

    def times(self) -> dict[str, str]:
        return {"day": self.day.isoformat(), "starts": "15:00", "ends": "16:00", "room": str(self.room.pk), "mediator": str(self.mediator.pk)}

    def state(self) -> tuple[Any, ...]:
        return (
            list(Hearing.objects.order_by("pk").values_list("pk", "span", "room", "mediator", "state")), Attendance.objects.count(),
            list(Room.objects.order_by("pk").values_list("pk", "name", "version")), Blackout.objects.count(),
        )  # fmt: skip

    def each(self, person: Person, url: str, usual: dict[str, Any], *, method: str = "post", is_done: bool = False) -> None:
        """One field after the other is bad; whatever is refused leaves everything as it was. `is_done`: the answer to what was done is a
        page, too."""
        self.sign_in(person)
        before = self.state()
        for name in usual:
            for bad in BAD:
                with self.subTest(f"{url} {name}={bad[:30]!r}"), transaction.atomic():
                    answer = getattr(self.client, method)(url, {**usual, name: bad})
                    self.assertLess(answer.status_code, 500)
                    if method == "post" and answer.status_code in (409, 422):
                        self.assertEqual(self.state(), before)
                    if method == "post" and answer.status_code in (200, 409, 422) and not is_done:
                        self.assertTrue(any(word in answer.content.decode() for word in SAID), answer.status_code)
                    transaction.set_rollback(True)

    def api(self, person: Person, path: str, usual: dict[str, Any]) -> None:
        self.sign_in(person)
        before = self.state()
        for name in usual:
            for bad in (*BAD, None, {}, -1):
                with self.subTest(f"{path} {name}={str(bad)[:30]!r}"), transaction.atomic():
                    answer = self.client.post(f"/api/v1/{path}", {**usual, name: bad}, "application/json")
                    self.assertLess(answer.status_code, 500)
                    if answer.status_code == 409:
                        self.assertTrue(answer.json()["message"])
                    if answer.status_code >= 400:
                        self.assertEqual(self.state(), before)
                    transaction.set_rollback(True)


class PagesTest(BadInput):
    def test_arranging_and_moving(self) -> None:
        party = str(self.waiting.claim.claimants.get().pk)
        self.each(self.mediator, self.url(self.waiting, "schedule"), {**self.times(), "parties": party, "anyway": "on"})
        self.each(self.mediator, self.url(self.mediation, "postpone"), {**self.times(), "reason": "出差", "anyway": "on", "version": "0"})
        self.each(self.mediator, self.url(self.mediation, "convert"), {"room": str(self.online.pk), "reason": "远", "version": "0"})
        self.each(self.mediator, self.url(self.waiting, "join"), {"hearing": str(self.hearing.pk), "reason": "同一单位", "anyway": "on", "version": ""})
        self.each(self.mediator, self.url(self.mediation, "on_site"), {"place": "工地", "length": "60"})

    def test_finding_a_time(self) -> None:
        url = reverse("mediation_times", args=[self.waiting.pk])
        self.each(self.mediator, url, {"take": f"{self.day} 15:00 {self.room.pk} {self.mediator.pk}", "length": "60", "anyway": "on", "version": "0"})
        asked = {"length": "60", "last": (self.today + timedelta(days=9)).isoformat(), "mediator": str(self.mediator.pk), "medium": "place", "equipment": "screen"}
        self.each(self.mediator, url, asked, method="get")

    def test_many_at_once(self) -> None:
        last = (self.today + timedelta(days=20)).isoformat()
        asked = {"mediator": str(self.mediator.pk), "room": "", "first": self.today.isoformat(), "last": last, "way": "keep"}
        self.each(self.county, reverse("hearings_move"), asked, method="get")
        line = f"{self.mediation.pk} {self.day} 16:00 60 {self.room2.pk} {self.mediator2.pk} 0"
        self.each(self.county, reverse("hearings_move"), {"line": line, "reason": "生病"}, is_done=True)
        for part in range(7):
            words = line.split()
            for bad in ("x", "0001-01-01", "9999-12-31", "25:00", "-1", "99999999999", "\x00"):
                with transaction.atomic():
                    answer = self.client.post(reverse("hearings_move"), {"line": " ".join([*words[:part], bad, *words[part + 1 :]]), "reason": "生病"})
                    self.assertLess(answer.status_code, 500)
                    transaction.set_rollback(True)
        self.each(self.county, reverse("hearings_fill"), {"day": self.day.isoformat(), "region": "321322", "kind": "group", "order": "age"}, method="get")
        self.each(self.county, reverse("hearings_fill"), {"line": f"{self.waiting.pk} {self.day} 16:00 60 {self.room2.pk} {self.mediator2.pk}"})

    def test_what_an_office_sets(self) -> None:
        room = {"region": "321322", "name": "第九调解室", "medium": "place", "address": "人民路", "capacity": "6", "link": "", "equipment": "screen", "version": "1"}
        self.each(self.county, reverse("room_new"), room)
        self.each(self.county, reverse("room_detail", args=[self.room.pk]), {**room, "form": "room", "is_active": "on"})
        closing = {"from_day": self.day.isoformat(), "from_time": "08:00", "to_day": self.day.isoformat(), "to_time": "12:00", "reason": "维修", "form": "closing"}
        self.each(self.county, reverse("room_detail", args=[self.room.pk]), closing)
        rule = {
            "since": self.day.isoformat(), "weekdays": "1", "opens": "09:00", "closes": "17:00", "rest_from": "12:00", "rest_to": "13:00", "length": "60", "buffer": "10", "notice": "3"
        }  # fmt: skip
        self.each(self.county, reverse("rule_detail", args=["321322"]), rule)
        self.each(self.county, reverse("panel_person", args=[self.mediator.pk]), {"is_on_panel": "on", "languages": "sign", "daily": "4", "version": "0"})

    def test_what_suits_parties(self) -> None:
        url, party = reverse("mediation_parties", args=[self.mediation.pk]), str(self.mediation.claim.respondents.get().pk)
        self.each(self.county, url, {"form": "terms", "party": party, "language": "sign", "needs": "轮椅", "version": "0"})
        self.each(self.county, url, {"form": "dates", "party": party, "day0": self.day.isoformat(), "part0": "am"})
        self.each(self.county, url, {"form": "link", "party": party, "until": (self.today + timedelta(days=2)).isoformat()}, is_done=True)
        contact = {"name": "王律师", "phone": "13700000008", "email": "a@example.com", "language": "en", "may_write": "on", "version": "0"}
        self.each(self.county, url, {"form": "contact", "party": party, "capacity": "agent", **contact})
        recusal = {"mediator": str(self.mediator.pk), "asked_by": "worker", "ground": "interest", "reason": "亲戚"}
        self.each(self.county, reverse("mediation_recusals", args=[self.mediation.pk]), recusal)
        self.each(self.mediator, reverse("hearing_links", args=[self.hearing.pk]), {"who": "observer", "name": "市总工会"}, is_done=True)
        self.each(self.mediator, reverse("hearing_calls", args=[self.hearing.pk]), {"who": str(uuid4())})

    def test_looking_at_days(self) -> None:
        for name in ("hearing_day", "hearing_week", "hearing_month", "hearing_doors"):
            self.each(self.mediator, reverse(name), {"day": self.day.isoformat(), "month": "2026-03", "week": "1", "room": str(self.room.pk), "page": "1"}, method="get")
        self.each(self.mediator, "/api/v1/hearings/", {"day": self.day.isoformat(), "mediator": str(self.mediator.pk), "state": "held"}, method="get")
        self.each(self.mediator, f"/api/v1/mediations/{self.waiting.pk}/times/", {"length": "60", "first": self.day.isoformat(), "last": self.day.isoformat(), "parties": str(uuid4())}, method="get")

    def test_sent_twice_it_is_done_once(self) -> None:
        self.sign_in(self.mediator)
        party = str(self.waiting.claim.claimants.get().pk)
        said = {**self.times(), "parties": party, "anyway": "on"}
        self.assertEqual([self.client.post(self.url(self.waiting, "schedule"), said).status_code for _each in range(2)], [302, 409])
        self.assertEqual(self.waiting.hearings.count(), 1)
        moved = {**self.times(), "starts": "17:00", "ends": "18:00", "reason": "出差", "anyway": "on", "version": "0"}
        self.assertEqual([self.client.post(self.url(self.mediation, "postpone"), moved).status_code for _each in range(2)], [302, 409])
        self.assertEqual(self.mediation.hearings.get().version, 1)


class SheetTest(BadInput):
    def sheet(self, *rows: str, name: str = "停用.csv") -> Any:
        self.sign_in(self.county)
        data = "\n".join(("调解室,日期,结束日期,开始时间,结束时间,原因", *rows)).encode()
        return self.client.post(reverse("blackout_import"), {"file": SimpleUploadedFile(name, data, "text/csv")})

    def test_each_bad_line_says_what_is_wrong_with_it_and_the_good_ones_are_taken(self) -> None:
        day, past = self.day.isoformat(), (self.today - timedelta(days=3)).isoformat()
        bad = [
            f"第七调解室,{day},,,,x", "第一调解室,,,,,x", "第一调解室,2026-02-30,,,,x", f"第一调解室,{day},,25:00,26:00,x", f"第一调解室,{day},,12:00,09:00,x",
            f"第一调解室,{day},{self.today.isoformat()},,,x", "第一调解室,0001-01-01,,,,x", "第一调解室,9999-12-31,,,,x", f"第一调解室,{past},,,,x", f"第一调解室,{day},,下午,,x",
            f"第一调解室,{day},,9,,x", f"第一调解室,{day},,-1:00,,x", f",{day},,,,x", f"😀,{day},,,,x", f"第一调解室,{day},,,,{'长' * 201}",
        ]  # fmt: skip
        answer = self.sheet(*bad, f"第一调解室,{day},,08:00,12:00,维修")
        self.assertEqual(answer.status_code, 200)
        lines = answer.context["lines"]
        self.assertEqual([line.number for line in lines if line.is_good], [len(bad) + 2])
        self.assertTrue(all(line.fault for line in lines if not line.is_good))
        done = self.client.post(reverse("blackout_import"), {"lines": answer.context["sealed"]})
        self.assertEqual((done.status_code, Blackout.objects.count()), (200, 1))
        again = self.client.post(reverse("blackout_import"), {"lines": answer.context["sealed"]})  # sent twice
        self.assertContains(again, "已登记停用，请先撤销原来的")
        self.assertEqual(Blackout.objects.count(), 1)

    def test_what_is_no_such_sheet_is_refused_whole(self) -> None:
        for said, rows in (("最多导入", [f"第一调解室,{self.day},,,,x"] * 10_000), ("没有找到", [])):
            with self.subTest(said):
                self.assertContains(self.sheet(*rows), said, status_code=422)
        for name, data in (("x.csv", b""), ("x.csv", b"\x00" * 100), ("x.xlsx", b"PK\x03\x04nonsense"), ("x.exe", b"MZ"), ("x.csv", "调解室,日期\n".encode("utf-16"))):
            with self.subTest(name, data=data[:8]):
                self.sign_in(self.county)
                answer = self.client.post(reverse("blackout_import"), {"file": SimpleUploadedFile(name, data)})
                self.assertEqual(answer.status_code, 422)
                self.assertTrue(answer.context["form"].errors)
        for lines in ("x", "", "\x00", "a:b:c"):
            self.assertLess(self.client.post(reverse("blackout_import"), {"lines": lines}).status_code, 500)
        self.assertFalse(Blackout.objects.exists())


class ApiTest(BadInput):
    def test_arranging_and_moving(self) -> None:
        sitting = {"room": str(self.room.pk), "mediator": str(self.mediator.pk), "starts_at": self.at("15:00").isoformat(), "ends_at": self.at("16:00").isoformat()}
        self.api(self.mediator, f"mediations/{self.waiting.pk}/moves/schedule/", {**sitting, "parties": [str(self.waiting.claim.claimants.get().pk)], "anyway": True})
        self.api(self.mediator, f"mediations/{self.mediation.pk}/moves/postpone/", {**sitting, "reason": "出差", "version": 0, "anyway": True, "together": True})
        self.api(self.mediator, f"mediations/{self.mediation.pk}/moves/convert/", {"room": str(self.online.pk), "reason": "远", "version": 0})
        self.api(self.mediator, f"mediations/{self.waiting.pk}/moves/join/", {"hearing": str(self.hearing.pk), "reason": "同一单位"})

    def test_what_an_office_sets(self) -> None:
        room = {"region": "321322", "name": "第九", "medium": "place", "address": "路", "capacity": 6, "link": "", "equipment": ["screen"], "is_active": True, "is_step_free": False}
        self.api(self.county, "rooms/", room)
        self.api(self.county, f"rooms/{self.room.pk}/change/", {**{name: value for name, value in room.items() if name != "region"}, "version": 1})
        closing = {"starts_at": self.at("08:00").isoformat(), "ends_at": self.at("12:00").isoformat(), "reason": "维修"}
        self.api(self.county, f"rooms/{self.room.pk}/close/", closing)
        self.api(self.county, f"mediators/{self.mediator.pk}/terms/", {"is_on_panel": True, "languages": ["sign"], "daily": 3, "version": 0})

    def test_what_suits_parties(self) -> None:
        party = self.mediation.claim.respondents.get().pk
        path = f"mediations/{self.mediation.pk}/parties/{party}/"
        self.api(self.county, f"{path}terms/", {"language": "sign", "needs": "x", "is_step_free": True, "has_interpreter": False, "version": 0})
        self.api(self.county, f"{path}days/", {"days": [{"day": self.day.isoformat(), "part": "am"}]})
        contact = {"capacity": "agent", "name": "王律师", "phone": "13700000008", "email": "a@example.com", "language": "en", "may_write": True, "version": 0}
        self.api(self.county, f"{path}contact/", contact)
        self.api(self.county, "hearings/move/", {"lines": [f"{self.mediation.pk} {self.day} 16:00 60 {self.room2.pk} {self.mediator2.pk} 0"], "reason": "生病"})


