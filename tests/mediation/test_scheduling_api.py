"""Scheduling through /api/v1/: a time is found, booked, moved, joined, split and put off; many are moved at once; rooms, mediators and
what suits the parties are set. What the pages refuse is 409 with its code, what is out of sight 404, what cannot be read 400."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from grid.models import Leave, Notice, Person
from mediation import batches, sittings
from mediation.models import Blackout, Hearing, Mediation, MediatorTerms, PartyDay, PartyTerms, Room
from tests.mediation.test_pages import PageTestCase


class SchedulingApi(PageTestCase):
    def call(self, method: str, path: str, person: Person, body: Any = None, code: int = 200) -> Any:
        self.client.force_login(person)
        call = getattr(self.client, method)
        answer = call(f"/api/v1/{path}", body or {}) if method == "get" else call(f"/api/v1/{path}", body or {}, content_type="application/json")
        self.assertEqual(answer.status_code, code, answer.content[:400])
        return answer.json() if answer.content else None

    def move(self, mediation: Mediation, name: str, code: int = 200, person: Person | None = None, **answers: Any) -> Any:
        return self.call("post", f"mediations/{mediation.pk}/moves/{name}/", person or self.county, answers, code)

    def sitting(self, starts: str = "14:00", ends: str = "15:00", **changes: Any) -> dict[str, Any]:
        return {
            "room": str(self.room.pk), "mediator": str(self.mediator.pk), "starts_at": self.at(starts).isoformat(),
            "ends_at": self.at(ends).isoformat(), "anyway": True, **changes,
        }  # fmt: skip


class HearingsTest(SchedulingApi):
    def setUp(self) -> None:
        self.mediation = self.open_mediation("scheduled")  # 08:00
        self.hearing = self.mediation.hearings.get()

    def test_a_hearing_is_moved_as_it_was_read_and_a_stale_one_is_409(self) -> None:
        said = self.move(self.mediation, "postpone", **self.sitting(), reason="用人单位申请", version=0)
        self.assertEqual(said["state"], "scheduled")
        stale = self.move(self.mediation, "postpone", 409, **self.sitting("16:00", "17:00"), reason="x", version=0)
        self.assertEqual(stale["code"], "stale")
        (row,) = self.call("get", "hearings/", self.county, {"claim": str(self.mediation.claim_id)})["results"]
        self.assertEqual((row["starts_at"], row["version"]), (self.at("14:00").isoformat(), 1))
        self.assertEqual(set(self.move(self.mediation, "postpone", 400, **self.sitting())), {"reason"})
        self.move(self.mediation, "postpone", 404, self.county_b, **self.sitting(), reason="x")
        self.assertEqual(self.move(self.mediation, "postpone", 409, self.grid_worker, **self.sitting(), reason="x")["code"], "not_your_role")

    def test_joined_converted_together_split_and_put_off(self) -> None:
        online = Room.objects.create(name="线上一室", region_id="321322", medium="online", link="https://meeting.example/1")
        other = self.open_mediation("accepted", 1)
        self.move(other, "join", hearing=str(self.hearing.pk), reason="同一用人单位", anyway=True)
        rows = {row["mediation"]: row for row in self.call("get", "hearings/", self.county, {"day": self.day.isoformat()})["results"]}
        mine, theirs = rows[str(self.mediation.pk)], rows[str(other.pk)]
        self.assertEqual((mine["joint"], mine["room"], mine["starts_at"]), (theirs["joint"], theirs["room"], theirs["starts_at"]))
        self.move(other, "convert", room=str(online.pk), reason="工人已回老家")
        self.assertEqual(set(Hearing.objects.values_list("room", flat=True)), {online.pk})
        self.move(other, "postpone", **self.sitting(), reason="x", together=True)
        self.assertEqual(set(Hearing.objects.values_list("joint", flat=True)), {self.hearing.joint})
        self.move(other, "postpone", **self.sitting("16:00", "17:00"), reason="分开开")
        self.assertEqual(Hearing.objects.values("joint").distinct().count(), 2)
        self.assertEqual(self.move(other, "adjourn", reason="双方需核对考勤")["state"], "adjourned")
        self.move(other, "join", 400, hearing=str(Hearing.objects.get(mediation=other).pk), reason="x")  # it is over

    def test_a_time_that_is_found_for_all_that_move_together(self) -> None:
        other = self.open_mediation("accepted", 1)
        self.move(other, "join", hearing=str(self.hearing.pk), reason="同一用人单位", anyway=True)
        Person.objects.filter(pk=self.mediator2.pk).update(is_active=False)
        path, asked = f"mediations/{other.pk}/times/", {"first": self.day.isoformat(), "last": self.day.isoformat(), "length": 30, "beyond": True}
        asked |= {"mediator": str(self.mediator.pk), "only_mediator": True}
        alone = self.call("get", path, self.county, asked)["proposals"]
        self.assertNotIn(self.at("08:00").isoformat(), {one["starts_at"] for one in alone})  # the mediator sits with the first
        together = self.call("get", path, self.county, {**asked, "together": True})["proposals"]
        self.assertTrue(together)
        first = {name: together[0][name] for name in ("room", "mediator", "starts_at", "ends_at")}
        self.move(other, "postpone", **first, reason="x", together=True, anyway=True)
        self.assertEqual(len(set(Hearing.objects.values_list("span", flat=True))), 1)
        self.call("get", path, self.county, {"equipment": "x"}, 400)

    def preview(self, person: Person | None = None, code: int = 200, **changes: Any) -> Any:
        asked = {"mediator": str(self.mediator.pk), "first": self.day.isoformat(), "last": self.day.isoformat(), **changes}
        return self.call("get", "hearings/move-many/", person or self.county, {name: value for name, value in asked.items() if value}, code)

    def test_many_are_moved_and_each_line_has_its_outcome(self) -> None:
        self.open_mediation("scheduled", 1)
        self.open_mediation("scheduled", 2)
        Leave.objects.create(person=self.mediator, starts_on=self.day, ends_on=self.day)
        lines = self.preview()["lines"]
        self.assertEqual([line["starts_at"] for line in lines], [self.at(clock).isoformat() for clock in ("08:00", "08:30", "09:00")])
        Hearing.objects.filter(mediation=lines[0]["mediation"]).update(version=7)

        real = sittings.move

        def move(hearing: Hearing, *args: Any) -> None:
            if str(hearing.mediation_id) == lines[1]["mediation"]:
                raise OperationalError("deadlock detected")
            real(hearing, *args)

        body = {"lines": [line["line"] for line in lines], "reason": "调解员生病", "anyway": True}
        with patch.object(sittings, "move", move), self.assertLogs("mediation.batches", "ERROR"):
            done = self.call("post", "hearings/move-many/", self.county, body)
        self.assertEqual([(one["code"], one["is_done"]) for one in done], [("stale", False), ("busy", False), ("", True)])
        self.assertEqual([one["mediation"] for one in done], [line["mediation"] for line in lines])
        again = self.call("post", "hearings/move-many/", self.county, body)
        self.assertEqual([one["code"] for one in again], ["stale", "", "stale"])

    def test_many_out_of_sight_unread_or_not_for_that_role(self) -> None:
        (line,) = self.preview(mediator="", room=str(self.room.pk))["lines"]
        self.preview(self.county_b, 404)
        self.preview(self.grid_worker, 404)
        self.preview(code=400, room=str(self.room.pk))
        self.preview(code=400, first="x")
        self.assertEqual(self.preview(code=409, last="2099-01-01")["code"], "too_far")
        body = {"lines": [line["line"]], "reason": "x"}
        self.call("post", "hearings/move-many/", self.county_b, body, 404)
        self.call("post", "hearings/move-many/", self.county, {"lines": ["x"], "reason": "x"}, 400)
        self.call("post", "hearings/move-many/", self.county, {"lines": body["lines"]}, 400)
        self.call("post", "hearings/move-many/", self.county, {**body, "lines": body["lines"] * (batches.MOST + 1)}, 400)
        self.assertEqual(Hearing.objects.get().version, 0)

    def test_a_day_is_filled(self) -> None:
        ready = [self.open_mediation(number=number) for number in (1, 2)]
        path, asked = "hearings/fill/", {"day": self.day.isoformat(), "order": "age"}
        said = self.call("get", path, self.county, asked)
        self.assertEqual(([line["mediation"] for line in said["lines"]], said["is_cut"]), ([str(one.pk) for one in ready], False))
        done = self.call("post", path, self.county, {"lines": [line["line"] for line in said["lines"]]})
        self.assertTrue(all(one["is_done"] for one in done), done)
        self.assertEqual(Hearing.objects.live().count(), 3)
        self.assertEqual(self.call("get", path, self.county_b, asked)["lines"], [])
        self.call("get", path, self.auditor, asked, 404)


class OfficesTest(SchedulingApi):
    def facts(self, **changes: Any) -> dict[str, Any]:
        return {"name": "第三调解室", "medium": "place", "address": "人民路 1 号", "capacity": 6, "equipment": ["screen"], **changes}

    def test_a_room_is_added_changed_as_it_was_read_and_named_once(self) -> None:
        room = self.call("post", "rooms/", self.county, self.facts(region="321322"), 201)
        self.assertEqual((room["version"], room["may_change"], room["equipment"]), (1, True, ["screen"]))
        path = f"rooms/{room['id']}/change/"
        self.assertEqual(self.call("post", path, self.county, self.facts(name="甲", version=1))["version"], 2)
        self.assertEqual(self.call("post", path, self.county, self.facts(name="乙", version=1), 409)["code"], "stale")
        self.assertEqual(self.call("get", f"rooms/{room['id']}/", self.mediator)["name"], "甲")
        self.assertEqual(self.call("post", "rooms/", self.county, self.facts(region="321322", name="甲"), 409)["code"], "name_taken")
        self.assertEqual(self.call("post", path, self.mediator, self.facts(version=2), 409)["code"], "not_your_role")
        self.call("post", path, self.county_b, self.facts(version=2), 404)
        self.call("post", "rooms/", self.county, self.facts(region="321323"), 404)
        self.assertEqual(set(self.call("post", path, self.county, {"version": 2, "name": "甲", "equipment": ["x"]}, 400)), {"equipment"})
        names = {row["name"] for row in self.call("get", "rooms/", self.county)["results"]}
        self.assertEqual(names, {"第一调解室", "第二调解室", "甲"})

    def test_a_room_is_closed_those_in_the_way_are_named_and_told_and_it_opens_again(self) -> None:
        hearing = self.open_mediation("scheduled").hearings.get()
        path, times = f"rooms/{self.room.pk}/close/", {"starts_at": self.at("08:00").isoformat(), "ends_at": self.at("12:00").isoformat(), "reason": "维修"}
        said = self.call("post", path, self.county, times)
        self.assertEqual([row["id"] for row in said["in_the_way"]], [str(hearing.pk)])
        self.assertTrue(Notice.objects.filter(kind="hearing_in_the_way").exists())
        self.assertEqual(self.call("post", path, self.county, times, 409)["code"], "closed_already")
        self.call("post", path, self.county_b, times, 404)
        self.assertEqual(self.call("post", path, self.mediator, times, 409)["code"], "not_your_role")
        (row,) = self.call("get", "closed-times/", self.county, {"room": str(self.room.pk)})["results"]
        self.call("post", f"closed-times/{row['id']}/reopen/", self.county_b, code=404)
        self.call("post", f"closed-times/{row['id']}/reopen/", self.county, code=204)
        self.assertFalse(Blackout.objects.exists())

    def test_what_scheduling_knows_of_a_mediator(self) -> None:
        self.open_mediation("scheduled")
        rows = {row["id"]: row for row in self.call("get", "mediators/", self.county)}
        mine = rows[str(self.mediator.pk)]
        self.assertEqual((mine["terms"], mine["load"]), (None, {self.day.isoformat(): 1}))
        self.assertNotIn(str(self.mediator_b.pk), rows)
        path, facts = f"mediators/{self.mediator.pk}/terms/", {"is_on_panel": True, "languages": ["sign"], "daily": 3}
        self.assertEqual(self.call("post", path, self.county, {**facts, "version": 0})["terms"], {**facts, "version": 1})
        self.assertEqual(self.call("post", path, self.county, {**facts, "version": 0}, 409)["code"], "stale")
        self.assertEqual(self.call("post", path, self.mediator, {**facts, "version": 1}, 409)["code"], "not_your_role")
        self.assertEqual(set(self.call("post", path, self.county, {**facts, "version": 1, "daily": 0}, 400)), {"daily"})
        self.call("post", path, self.county_b, {**facts, "version": 1}, 404)
        self.assertEqual(MediatorTerms.objects.get().daily, 3)


class PartiesTest(SchedulingApi):
    def setUp(self) -> None:
        self.mediation = self.open_mediation("scheduled")  # 08:00
        self.worker = self.mediation.claim.claimants.get()
        self.path = f"mediations/{self.mediation.pk}/parties/"

    def test_days_are_said_and_taken_back_and_who_holds_the_hearing_is_told(self) -> None:
        days = [{"day": self.day.isoformat(), "part": "am"}, {"day": (self.day + timedelta(days=7)).isoformat()}]
        rows = self.call("post", f"{self.path}{self.worker.pk}/days/", self.county, {"days": days})
        self.assertEqual([(row["kind"], [day["part"] for day in row["days"]]) for row in rows], [("worker", ["am", "all"]), ("respondent", [])])
        self.assertTrue(Notice.objects.filter(kind="hearing_in_the_way").exists())
        day = rows[0]["days"][0]["id"]
        self.call("delete", f"mediations/{self.mediation.pk}/days/{day}/", self.county_b, code=404)
        self.call("delete", f"mediations/{self.mediation.pk}/days/{day}/", self.county, code=204)
        self.call("delete", f"mediations/{self.mediation.pk}/days/{day}/", self.county, code=404)
        self.assertEqual(PartyDay.objects.count(), 1)
        event = self.mediation.claim.events.order_by("-seq").first()
        self.assertEqual((event.facts["move"], event.actor), ("suits_again", self.county))

    def test_what_they_need_as_it_was_read(self) -> None:
        path, facts = f"{self.path}{self.worker.pk}/terms/", {"language": "sign", "is_step_free": True}
        rows = self.call("post", path, self.county, {**facts, "version": 0})
        self.assertEqual((rows[0]["terms"]["language"], rows[0]["terms"]["version"]), ("sign", 1))
        self.assertEqual(self.call("post", path, self.county, {**facts, "version": 0}, 409)["code"], "stale")
        self.assertEqual(set(self.call("post", path, self.county, {"version": 1, "language": "x"}, 400)), {"language"})
        self.assertEqual(PartyTerms.objects.get().language, "sign")

    def test_out_of_sight_not_that_role_and_no_such_party(self) -> None:
        days = {"days": [{"day": self.day.isoformat()}]}
        self.call("get", self.path, self.county_b, code=404)
        self.call("post", f"{self.path}{self.worker.pk}/days/", self.county_b, days, 404)
        self.assertEqual(self.call("post", f"{self.path}{self.worker.pk}/days/", self.grid_worker, days, 409)["code"], "not_your_role")
        self.assertEqual(self.call("post", f"{self.path}{self.mediation.pk}/days/", self.county, days, 409)["code"], "no_such_party")
        self.assertEqual(self.call("post", f"{self.path}{self.worker.pk}/days/", self.county, {"days": [{"day": self.today.isoformat()}]}, 409)["code"], "bad_day")
        self.assertFalse(PartyDay.objects.exists())
