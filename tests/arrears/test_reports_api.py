"""/api/v1/reports/, questions/, objections/ and ratings/: the verbs and the scope of the pages, for machines."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arrears import casework
from arrears.models import Claim, Objection, Question, Rating, Report
from arrears.objections.objecting import objects
from arrears.ratings.verbs import rate
from arrears.reports.receiving import Said, receive
from grid.days import day_of
from grid.models import AccessLog
from tests.arrears.test_api import ApiTestCase
from tests.base import NOW, TODAY

OUT_OF_SCOPE = ("chief_a2", "county_b", "partner", "outsider")


class ReportsApiTest(ApiTestCase):
    def make_report(self, region: str = "321322101", **changes: Any) -> Report:
        said = {"name": "李建国", "phone": "13800000001", "employer": "孙老板", "amount": Decimal("8000.00"), "story": "干了三个月。", **changes}
        return receive(Said(region=self.regions[region], **said), now=NOW, uploads=[SimpleUploadedFile("a.txt", "欠条".encode())])

    def test_the_list_holds_what_the_inbox_holds_and_is_filtered(self) -> None:
        reports = [self.make_report(region) for region in ("321322101", "321322102", "321323101")]
        for person, numbers in ((self.grid_worker, {0}), (self.county, {0, 1}), (self.city, {0, 1, 2}), (self.outsider, set())):
            rows = self.get("reports/", person).json()["results"]
            self.assertEqual({row["id"] for row in rows}, {str(reports[number].pk) for number in numbers}, person)
        self.assertEqual(self.get("reports/", self.county, state="declined").json()["results"], [])
        found = self.get("reports/", self.county, number=reports[1].public_number).json()["results"]
        self.assertEqual([row["public_number"] for row in found], [reports[1].public_number])

    def test_reading_one_is_logged_and_masks_the_telephone(self) -> None:
        report = self.make_report()
        answer = self.get(f"reports/{report.pk}/", self.grid_worker)
        self.assertEqual((answer.json()["story"], answer.json()["files"][0]["scan"]), ("干了三个月。", "waiting"))
        self.assertNotIn("13800000001", answer.content.decode())
        self.assertTrue(AccessLog.objects.filter(person=self.grid_worker, subject_id=report.pk, act="read").exists())

    def test_accepting_makes_the_claim_once(self) -> None:
        report = self.make_report()
        made = self.post(f"reports/{report.pk}/accept/", self.grid_worker, {})
        self.assertEqual((made.status_code, made.json()["public_number"], made.json()["claimed"]), (201, report.public_number, "8000.00"))
        again = self.post(f"reports/{report.pk}/accept/", self.chief, {})
        self.assertEqual((again.status_code, again.json()["code"]), (409, "decided_already"))
        self.assertEqual(self.post(f"reports/{self.make_report().pk}/accept/", self.city, {}).json()["code"], "not_your_role")

    def test_declining_needs_a_reason(self) -> None:
        path = f"reports/{self.make_report().pk}/decline/"
        self.assertEqual(self.post(path, self.chief, {}).status_code, 400)
        self.assertEqual(self.post(path, self.auditor, {"reason": "x"}).json()["code"], "not_your_role")
        done = self.post(path, self.chief, {"reason": "不属于欠薪。"})
        self.assertEqual((done.status_code, done.json()["state"], done.json()["reason"]), (200, "declined", "不属于欠薪。"))

    def test_joining_a_claim_in_sight_and_no_other(self) -> None:
        mine, other, report = self.make_claim(), self.make_claim("321323101"), self.make_report()
        path = f"reports/{report.pk}/join/"
        self.assertEqual(self.post(path, self.chief, {"claim": str(other.pk)}).status_code, 404)
        self.assertEqual(self.post(path, self.chief, {"claim": "x"}).status_code, 400)
        done = self.post(path, self.chief, {"claim": str(mine.pk)})
        self.assertEqual((done.json()["state"], done.json()["claim"]), ("joined", str(mine.pk)))

    def test_routing_to_another_township(self) -> None:
        report = self.make_report()
        path = f"reports/{report.pk}/route/"
        self.assertEqual(self.post(path, self.chief, {"region": "321322101"}).json()["code"], "same_township")
        self.assertEqual(self.post(path, self.chief, {"region": "321323"}).json()["code"], "no_township")
        self.assertEqual(self.post(path, self.chief, {"region": "999"}).status_code, 400)
        self.assertEqual(self.post(path, self.chief, {"region": "321322102"}).json()["region"], "321322102")
        self.assertEqual(self.get(f"reports/{report.pk}/", self.chief).status_code, 404)

    def test_out_of_scope_is_404_and_nobody_unknown_gets_in(self) -> None:
        report = self.make_report()
        for name in OUT_OF_SCOPE:
            person = getattr(self, name)
            self.assertEqual(self.get(f"reports/{report.pk}/", person).status_code, 404, name)
            for verb, body in (("accept", {}), ("decline", {"reason": "x"}), ("join", {"claim": str(report.pk)}), ("route", {"region": "321322102"})):
                self.assertEqual(self.post(f"reports/{report.pk}/{verb}/", person, body).status_code, 404, (name, verb))
        self.client.logout()
        self.assertIn(self.client.get("/api/v1/reports/").status_code, (401, 403))
        report.refresh_from_db()
        self.assertEqual(report.state, "waiting")

    def test_it_asks_as_often_for_three_rows_as_for_thirty(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                self.assertEqual(self.get("reports/", self.county).status_code, 200)
            return len(found)

        for _number in range(3):
            self.make_report()
        queries()  # what is read once for all
        few = queries()
        for _number in range(17):
            self.make_report()
        self.assertEqual(queries(), few)


class SayingApiTest(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim, cls.ended = cls.make_claim(person=cls.grid_worker), cls.make_claim()
        casework.advance(cls.claim, "ask", cls.chief, now=NOW, question="工资是谁发的？", answer_by=TODAY)
        casework.advance(cls.ended, "withdraw", cls.chief, now=NOW, reason="x", confirmed=True)
        rate(Claim.objects.get(pk=cls.ended.pk), 1, "太慢", now=NOW)
        objects(Claim.objects.get(pk=cls.ended.pk), "我没有同意。", now=NOW)
        cls.question, cls.objection, cls.rating = Question.objects.get(), Objection.objects.get(), Rating.objects.get()

    def test_a_question_is_answered_put_off_and_dropped(self) -> None:
        path = f"questions/{self.question.pk}/"
        self.assertEqual(self.get(path, self.chief).json()["text"], "工资是谁发的？")
        later = (day_of(timezone.now()) + timedelta(days=3)).isoformat()
        self.assertEqual(self.post(f"{path}later/", self.chief, {"day": TODAY.isoformat()}).json()["code"], "day_past")
        self.assertEqual(self.post(f"{path}later/", self.chief, {"day": later}).json()["answer_by"], later)
        self.assertEqual(self.post(f"{path}heard/", self.chief, {"how": "moon", "text": "x"}).status_code, 400)
        self.assertEqual(self.post(f"{path}heard/", self.auditor, {"how": "phone", "text": "x"}).json()["code"], "not_your_role")
        self.assertEqual(self.post(f"{path}heard/", self.chief, {"how": "phone", "text": "老王"}).json()["state"], "answered")
        self.assertEqual(self.post(f"{path}drop/", self.chief, {"reason": "x"}).json()["code"], "answered_already")

    def test_an_objection_is_answered_by_the_level_above(self) -> None:
        path = f"objections/{self.objection.pk}/answer/"
        self.assertEqual([row["text"] for row in self.get("objections/", self.county, state="waiting").json()["results"]], ["我没有同意。"])
        self.assertEqual(self.post(path, self.chief, {"verdict": "upheld", "reply": "x"}).json()["code"], "not_your_role")
        self.assertEqual(self.post(path, self.county, {"verdict": "moon", "reply": "x"}).status_code, 400)
        done = self.post(path, self.county, {"verdict": "reopened", "reply": "经查属实。"})
        self.assertEqual((done.status_code, done.json()["state"], Claim.objects.get(pk=self.ended.pk).stage), (200, "reopened", "accepted"))

    def test_a_low_mark_is_looked_at(self) -> None:
        self.assertEqual(len(self.get("ratings/", self.county, is_low="true").json()["results"]), 1)
        self.assertEqual(len(self.get("ratings/", self.county, is_low="false").json()["results"]), 0)
        path = f"ratings/{self.rating.pk}/look/"
        self.assertEqual(self.post(path, self.chief, {"finding": "x"}).json()["code"], "not_your_role")
        self.assertEqual(self.post(path, self.county, {"finding": "已谈话。"}).json()["finding"], "已谈话。")

    def test_out_of_scope_is_404(self) -> None:
        for name in OUT_OF_SCOPE:
            person = getattr(self, name)
            for path in (f"questions/{self.question.pk}/", f"objections/{self.objection.pk}/", f"ratings/{self.rating.pk}/"):
                self.assertEqual(self.get(path, person).status_code, 404, (name, path))
            for path, body in (
                (f"questions/{self.question.pk}/drop/", {"reason": "x"}), (f"objections/{self.objection.pk}/answer/", {"verdict": "upheld", "reply": "x"}),
                (f"ratings/{self.rating.pk}/look/", {"finding": "x"}),
            ):  # fmt: skip
                self.assertEqual(self.post(path, person, body).status_code, 404, (name, path))

    def test_the_schema_names_them(self) -> None:
        self.client.force_login(self.county)
        schema = self.client.get("/api/v1/schema/", HTTP_ACCEPT="application/json").json()
        for path in ("reports/{id}/accept/", "reports/{id}/join/", "reports/{id}/decline/", "reports/{id}/route/", "questions/{id}/heard/", "objections/{id}/answer/", "ratings/{id}/look/"):
            self.assertIn("409", schema["paths"][f"/api/v1/{path}"]["post"]["responses"], path)
