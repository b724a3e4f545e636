"""/api/v1/owed-papers/, /completions/, /incidents/ and what a claim says of its redacted copies: the verbs of the pages."""

from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears import redaction
from arrears.evidence import add_evidence
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Event, Owed
from arrears.redaction import Box
from tests.arrears.test_api import ApiTestCase
from tests.arrears.test_evidence import OwnFolder, upload
from tests.arrears.test_redaction import photo
from tests.base import NOW, TODAY

BY = (TODAY + timedelta(days=10)).isoformat()


class PapersApiTest(OwnFolder, ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        workers = [ClaimantFacts(name, lines=[LineFacts(1000)]) for name in ("甲一", "乙二")]
        cls.claim = cls.make_claim(person=cls.grid_worker, claimants=workers)

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def counted(self, path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            self.assertEqual(self.client.get(f"/api/v1/{path}").status_code, 200)
        return len(found)

    def owe(self, person=None, **said):
        body = {"claim": str(self.claim.pk), "side": "promise", "paper": "identity", "due_on": BY, **said}
        return self.post("owed-papers/", person or self.grid_worker, body)

    def test_a_promise_is_made_signed_extended_and_kept(self) -> None:
        worker = self.claim.claimants.order_by("id")[0]
        made = self.owe(claimant=str(worker.pk))
        self.assertEqual((made.status_code, made.json()["claimant_name"], made.json()["state"]), (201, "甲一", "open"))
        self.assertEqual(self.owe(claimant=str(worker.pk)).json()["code"], "owed_already")
        self.client.force_login(self.grid_worker)
        address = f"/api/v1/owed-papers/{made.json()['id']}/"
        signed = self.client.post(f"{address}sign/", {"scan": upload("纸.jpg", photo())})
        self.assertEqual((signed.status_code, signed.json()["signed_sha256"]), (200, sha256(photo()).hexdigest()))
        later = (TODAY + timedelta(days=20)).isoformat()
        self.assertEqual(self.post(f"owed-papers/{made.json()['id']}/extend/", self.grid_worker, {"due_on": later}).json()["code"], "not_your_role")
        self.assertEqual(self.post(f"owed-papers/{made.json()['id']}/extend/", self.county, {"due_on": later}).json()["due_on"], later)
        self.assertEqual(self.post(f"owed-papers/{made.json()['id']}/receive/", self.grid_worker, {}).json()["state"], "kept")

    def test_a_notice_is_the_offices_and_its_refusal_is_told(self) -> None:
        notice = {"side": "notice", "paper": "wage_sheet", "employer": "宏远劳务"}
        self.assertEqual(self.owe(**notice).json()["code"], "not_your_role")
        made = self.owe(self.chief, **notice)
        self.assertEqual((made.status_code, made.json()["employer"]), (201, "宏远劳务"))
        refused = self.post(f"owed-papers/{made.json()['id']}/refuse/", self.chief, {"note": "称已遗失"})
        self.assertEqual((refused.json()["state"], refused.json()["outcome"]), ("refused", "称已遗失"))
        self.assertEqual(self.post(f"owed-papers/{made.json()['id']}/waive/", self.chief, {"note": "x"}).json()["code"], "wrong_state")

    def test_bad_words_are_400_out_of_scope_404_and_the_list_is_filtered(self) -> None:
        made = self.owe().json()["id"]
        self.assertEqual(self.owe(paper="moon").status_code, 400)
        self.assertEqual(self.owe(claimant=str(self.make_claim().claimants.get().pk)).status_code, 400)
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.assertEqual(self.owe(person).status_code, 404)
            self.assertEqual(self.get(f"owed-papers/{made}/", person).status_code, 404)
            self.assertEqual(self.post(f"owed-papers/{made}/receive/", person, {}).status_code, 404)
        found = self.get("owed-papers/", self.grid_worker, claim=str(self.claim.pk), side="promise", state="open").json()["results"]
        self.assertEqual([row["id"] for row in found], [made])
        self.assertEqual(self.get("owed-papers/", self.grid_worker, side="notice").json()["results"], [])
        self.assertEqual(Owed.objects.count(), 1)

    def test_what_is_missing_is_listed_without_what_is_secret_and_filled_in(self) -> None:
        path = f"completions/{self.claim.pk}/"
        said = self.get(path, self.grid_worker).json()["fields"]
        phones = [one for one in said if one["field"] == "worker_phone"]
        self.assertEqual([(one["whose"], one["is_empty"], one["is_wanted"]) for one in phones], [("甲一", True, True), ("乙二", True, True)])
        self.client.force_login(self.grid_worker)

        def put(*words, person=self.grid_worker):
            self.client.force_login(person)
            return self.client.put(f"/api/v1/{path}", {"words": list(words)}, content_type="application/json")

        word = {"field": "worker_phone", "row": phones[0]["row"], "value": "138 0000 0007"}
        self.assertEqual(put(word).json()["new"], [{"field": "worker_phone", "row": phones[0]["row"]}])
        self.assertEqual(put({**word, "value": "12"}).status_code, 400)
        self.assertEqual(put({**word, "field": "moon"}).status_code, 400)
        self.assertEqual(put(word, person=self.auditor).json()["code"], "not_your_role")
        self.assertEqual(put(word, person=self.chief_a2).status_code, 404)
        one = self.get(path, self.grid_worker, worker=phones[1]["row"]).json()["fields"]
        self.assertEqual({field["whose"] for field in one}, {"乙二"})
        self.assertEqual(self.get(path, self.grid_worker, worker="x").status_code, 400)
        self.assertNotIn("13800000007", self.get(path, self.grid_worker).content.decode())
        self.assertEqual(Event.objects.filter(kind="complete").count(), 1)

    def test_a_claim_says_which_papers_have_a_copy_for_others(self) -> None:
        paper = add_evidence(self.claim, upload("欠条.jpg", photo()), self.grid_worker, now=NOW, kind="iou")
        redaction.draw_over(paper, [Box(10, 10, 40, 20)], self.grid_worker, now=NOW)
        (row,) = self.get(f"claims/{self.claim.pk}/", self.grid_worker).json()["evidence"]
        self.assertEqual([copy["is_drawn"] for copy in row["redacted"]], [True])
        self.assertNotEqual(row["redacted"][0]["sha256"], row["sha256"])

    def test_an_incident_is_opened_followed_and_finished(self) -> None:
        body = {"claim": str(self.claim.pk), "kind": "gathering", "happened_at": NOW.isoformat(), "place": "镇政府门口", "people": 40, "steps": "已到场劝导"}
        self.assertEqual(self.post("incidents/", self.auditor, body).json()["code"], "not_your_role")
        self.assertEqual(self.post("incidents/", self.chief_a2, body).status_code, 404)
        self.assertEqual(self.post("incidents/", self.grid_worker, {**body, "kind": "hardship"}).status_code, 400)
        made = self.post("incidents/", self.grid_worker, body)
        self.assertEqual((made.status_code, made.json()["next_report"], [one["kind"] for one in made.json()["reports"]]), (201, "follow", ["first"]))
        self.assertEqual(self.post("incidents/", self.chief, body).json()["code"], "incident_open")
        path = f"incidents/{made.json()['id']}/"
        followed = self.post(f"{path}follow/", self.chief, {"people": 3, "steps": "已离开", "has_ended": True}).json()
        self.assertEqual((followed["next_report"], len(followed["reports"])), ("final", 2))
        self.assertEqual(len(self.get("incidents/", self.county, open="true").json()["results"]), 1)
        done = self.post(f"{path}finish/", self.chief, {"people": 0, "steps": "已结束"}).json()
        self.assertEqual((done["next_report"], done["next_due_at"]), (None, None))
        self.assertEqual(self.post(f"{path}finish/", self.chief, {"people": 0, "steps": "x"}).json()["code"], "incident_over")
        self.assertEqual(self.get("incidents/", self.county, open="true").json()["results"], [])
        self.assertEqual(self.get(path, self.county_b).status_code, 404)

    def test_lists_cost_as_much_for_three_as_for_thirty(self) -> None:
        claim = self.make_claim(respondents=[RespondentFacts("单位")])
        for number in range(3):
            self.owe(self.chief, claim=str(claim.pk), side="notice", paper="wage_sheet", employer=f"单位{number}")
        self.client.force_login(self.chief)
        few = self.counted("owed-papers/")
        for number in range(3, 30):
            self.owe(self.chief, claim=str(claim.pk), side="notice", paper="wage_sheet", employer=f"单位{number}")
        self.assertEqual(self.counted("owed-papers/"), few)
