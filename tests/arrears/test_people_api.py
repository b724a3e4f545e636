"""/api/v1/ of ladders, seasons, postings, leave, duty, vacancies and hand-over: as on the pages, and no more."""

from datetime import timedelta
from unittest.mock import patch

from arrears import casework
from arrears.ladders import LADDERS
from arrears.models import Claim, Ladder, Season
from grid import roles
from grid.models import Duty, Leave, Posting
from tests.arrears.test_api import ApiTestCase
from tests.base import NOW, TODAY, make_person

RUNGS = [rung.to_json() for rung in LADDERS["legal"]]
DRAFT = {"family": "legal", "rungs": RUNGS, "valid_from": "2026-03-02", "note": "试行", "replaces": 0}


class PeopleApi(ApiTestCase):
    def setUp(self) -> None:
        self.enterContext(patch("django.utils.timezone.now", return_value=NOW))

    def status(self, path: str, person, body: dict | None = None) -> int:
        return (self.get(path, person) if body is None else self.post(path, person, body)).status_code


class Ladders(PeopleApi):
    def test_everybody_reads_what_holds_and_what_was_published_and_the_citys_administrator_publishes(self) -> None:
        self.make_claim()
        current = self.get("ladders/current/", self.grid_worker).json()
        self.assertEqual({line["version"] for line in current}, {0})
        draft = {**DRAFT, "rungs": [{**RUNGS[0], "share": 0.6, "tells": ["handler", "mediator@city"]}, *RUNGS[1:]]}
        found = self.post("ladders/preview/", self.administrator, draft).json()
        self.assertGreaterEqual(found["total"], 1)
        self.assertEqual([change["what"] for change in found["changes"]], ["changed", *["same"] * 4])
        self.assertIn("市级调解员", found["warnings"][0])
        self.assertFalse(Ladder.objects.exists())
        of_county = make_person("xianguan", "县管", roles.ADMINISTRATOR, "321322")
        for person in (self.city, self.county, of_county):
            for path in ("ladders/", "ladders/preview/"):
                answer = self.post(path, person, draft)
                self.assertEqual((answer.status_code, answer.json()["code"]), (409, "not_your_role"))
        made = self.post("ladders/", self.administrator, draft)
        self.assertEqual((made.status_code, made.json()["version"], made.json()["published_by"]), (201, 1, "管理"))
        self.assertEqual(self.post("ladders/", self.administrator, draft).json()["code"], "stale")
        self.assertEqual(self.get("ladders/", self.auditor, family="legal").json()["results"][0]["note"], "试行")
        self.assertEqual(self.get(f"ladders/{made.json()['id']}/").status_code, 200)

    def test_what_is_wrong_with_a_draft_is_400_in_sentences(self) -> None:
        for path in ("ladders/", "ladders/preview/"):
            answer = self.post(path, self.administrator, {**DRAFT, "rungs": [{**RUNGS[0], "climbs": True, "tells": []}]})
            self.assertEqual(answer.status_code, 400)
            self.assertEqual(len(answer.json()["rungs"]), 2)
        answer = self.post("ladders/", self.administrator, {**DRAFT, "note": None} | {"rungs": [{"name": "x"}]})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("请填写。", str(answer.json()))

    def test_a_season_is_entered_tried_changed_and_ended(self) -> None:
        said = {"name": "冬季行动", "starts_on": "2026-03-02", "ends_on": "2026-03-10"}
        self.assertEqual(self.post("seasons/", self.city, said).json()["code"], "not_your_role")
        made = self.post("seasons/", self.administrator, said).json()
        longer = said | {"ends_on": "2026-03-20"}
        found = self.post(f"seasons/{made['id']}/preview/", self.administrator, longer).json()
        self.assertEqual(found["gained"], [["2026-03-11", "2026-03-20"]])
        self.assertEqual(Season.objects.get().ends_on.day, 10)
        self.assertEqual(self.post(f"seasons/{made['id']}/change/", self.city, longer).json()["code"], "not_your_role")
        self.assertEqual(self.post(f"seasons/{made['id']}/change/", self.administrator, longer).json()["ends_on"], "2026-03-20")
        begun = longer | {"starts_on": "2026-03-05"}
        self.assertEqual(self.post(f"seasons/{made['id']}/change/", self.administrator, begun).json()["code"], "season_begun")
        self.assertEqual(self.status(f"seasons/{made['id']}/end/", self.administrator, {}), 204)
        self.assertEqual(self.get("seasons/", self.grid_worker).json()["results"][0]["ends_on"], "2026-03-02")


class Postings(PeopleApi):
    def test_who_staffs_a_region_sees_its_postings_and_nobody_else(self) -> None:
        mine = self.chief.postings.get()
        for person, seen in ((self.administrator, 200), (self.county, 200), (self.chief, 200), (self.county_b, 404), (self.chief_a2, 404), (self.grid_worker, 404), (self.partner, 404)):
            self.assertEqual(self.status(f"postings/{mine.pk}/", person), seen, person)
        names = {row["person"]["username"] for row in self.get("postings/", self.chief, role="grid_worker").json()["results"]}
        self.assertEqual(names, {"wangge"})
        self.assertEqual(self.get("postings/", self.outsider).json()["results"], [])

    def test_an_administrator_appoints_ends_and_withdraws(self) -> None:
        said = {"person": "wairen", "role": "mediator", "region": "321323", "starts_on": "2026-03-02"}
        self.assertEqual(self.status("postings/", self.county, said), 404)
        made = self.post("postings/", self.administrator, said)
        self.assertEqual(made.status_code, 201, made.content)
        self.assertEqual(self.post("postings/", self.administrator, said).json()["code"], "posting_overlaps")
        address = f"postings/{made.json()['id']}"
        for person in (self.county_b, self.city):
            self.assertEqual(self.status(f"{address}/end/", person, {"last_day": "2026-03-09"}), 404)
        ended = self.post(f"{address}/end/", self.administrator, {"last_day": "2026-03-09"}).json()
        self.assertEqual(ended["ends_on"], "2026-03-09")
        self.assertEqual(self.status(f"{address}/withdraw/", self.administrator, {}), 204)
        self.assertFalse(Posting.objects.filter(person=self.outsider).exists())

    def test_leave_is_ones_own_or_that_of_ones_people(self) -> None:
        second = make_person("wanger", "网二", roles.GRID_WORKER, "321322101")
        said = {"starts_on": "2026-03-03", "ends_on": "2026-03-05", "deputy": "wanger"}
        made = self.post("leave/", self.grid_worker, said)
        self.assertEqual((made.status_code, made.json()["deputy"]["username"]), (201, "wanger"))
        address = f"leave/{made.json()['id']}"
        for person, seen in ((self.grid_worker, 200), (self.chief, 200), (self.chief_a2, 404), (second, 404), (self.county_b, 404)):
            self.assertEqual(self.status(f"{address}/", person), seen, person)
        self.assertEqual(self.status("leave/", self.chief_a2, said | {"person": "wangge"}), 404)
        self.assertEqual(self.status("leave/", self.chief, said | {"person": "wangge", "deputy": "yixian"}), 404)
        self.assertEqual(self.post("leave/", self.chief, said | {"person": "wangge"}).json()["code"], "leave_overlaps")
        self.assertEqual(self.status(f"{address}/change/", self.chief_a2, said), 404)
        self.assertEqual(self.post(f"{address}/change/", self.chief, said | {"ends_on": "2026-03-06"}).json()["ends_on"], "2026-03-06")
        self.assertEqual(self.status(f"{address}/cancel/", self.chief, {}), 204)
        self.assertFalse(Leave.objects.exists())

    def test_the_roster_is_read_in_the_region_and_set_by_its_lead(self) -> None:
        said = {"region": "321322101", "days": {"2026-03-07": "wangge", "2026-03-08": None}}
        self.assertEqual(self.post("duty/", self.chief, said).json(), {"changed": 1})
        self.assertEqual(self.get("duty/", self.grid_worker).json()["results"][0]["person"]["full_name"], "王格")
        self.assertEqual(self.get("duty/", self.county_b).json()["results"], [])
        for person in (self.chief_a2, self.county_b, self.outsider):
            self.assertEqual(self.status("duty/", person, said), 404)
        self.assertEqual(self.status("duty/", self.grid_worker, said), 409)
        self.assertEqual(self.status("duty/", self.chief, said | {"days": {"2026-03-07": "nobody"}}), 404)
        self.assertEqual(self.status("duty/", self.chief, said | {"days": {"7 March": "wangge"}}), 400)
        self.assertEqual(self.post("duty/", self.chief, said | {"days": {"2026-03-07": "yixian"}}).json()["code"], "no_post_here")
        self.assertEqual(Duty.objects.count(), 1)

    def test_vacancies_are_those_of_the_desk(self) -> None:
        self.chief.postings.update(ends_on=TODAY - timedelta(days=1))
        found = self.get("vacancies/", self.county).json()
        self.assertEqual([(one["place"], one["role"], one["may_appoint"]) for one in found], [("陇集镇", "township_chief", False)])
        self.assertEqual(self.get("vacancies/", self.county, soon="true").json(), [])
        for person in (self.grid_worker, self.auditor, self.partner, self.outsider):
            self.assertEqual(self.status("vacancies/", person), 404)

    def test_work_left_behind_is_listed_and_handed_over(self) -> None:
        claim = self.make_claim()
        casework.advance(claim, "assign", None, now=NOW, handler=self.grid_worker)
        self.grid_worker.postings.update(ends_on=TODAY - timedelta(days=1))
        found = self.get("handover/", self.chief).json()
        self.assertEqual([(one["full_name"], one["reason"], one["work"]) for one in found], [("王格", "moved", {"claim": 1})])
        address, said = f"handover/{self.grid_worker.pk}/hand-over/", {"receivers": [str(self.chief.pk)], "reason": "调离"}
        for person in (self.auditor, self.partner, self.grid_worker, self.chief_a2, self.administrator):
            self.assertEqual(self.status(address, person, said), 404, person)
        self.assertEqual(self.status("handover/", self.auditor), 404)
        self.assertEqual(self.post(address, self.chief, said | {"receivers": [str(self.county_b.pk)]}).json()["code"], "receiver_gone")
        self.assertEqual(self.post(address, self.chief, said).json(), {"given": {"章镇": 1}, "stays": {}})
        self.assertEqual(Claim.objects.get().handler, self.chief)
