"""/api/v1/: the same verbs, filters and scope as the pages."""

import os
from contextlib import redirect_stderr
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from rest_framework.authtoken.models import Token

from arrears import casework, referrals
from arrears.models import Claim
from grid.models import AccessLog
from tests.base import NOW, CastTestCase

FACTS = {
    "region": "321322101",
    "received_on": "2026-03-02",
    "channel": "phone",
    "claimants": [
        {"name": "李建国", "phone": "138 0000 0001", "lines": [{"rate": "4000", "quantity": "2", "unit": "month"}]}
    ],
    "respondents": [{"aliases": "王老三", "role": "foreman"}],
    "last_working_day": "2026-01-20",
}


class ApiTestCase(CastTestCase):
    def get(self, path: str, person=None, **query):
        if person:
            self.client.force_login(person)
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, person, body: dict, **headers):
        self.client.force_login(person)
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


class Claims(ApiTestCase):
    def test_a_grid_worker_logs_a_claim_once_per_key(self) -> None:
        answer = self.post("claims/", self.grid_worker, FACTS, **{"Idempotency-Key": "k1"})
        self.assertEqual(answer.status_code, 201, answer.content)
        again = self.post("claims/", self.grid_worker, FACTS, **{"Idempotency-Key": "k1"})
        self.assertEqual(again.json()["id"], answer.json()["id"])
        claim = Claim.objects.get()
        self.assertEqual((str(claim.claimed), claim.respondent_name, claim.handler), ("8000.00", "王老三", self.grid_worker))
        self.assertEqual(answer.json()["claimants"][0]["phone_masked"], "138****0001")

    def test_bad_facts_are_400_by_field_and_a_rule_is_409_with_code_and_sentence(self) -> None:
        bad = {**FACTS, "received_on": "gestern", "claimants": [{**FACTS["claimants"][0], "id_number": "123"}]}
        answer = self.post("claims/", self.grid_worker, bad)
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(set(answer.json()), {"received_on", "claimants"})
        refused = self.post("claims/", self.grid_worker, {**FACTS, "region": "321322102"})
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "out_of_region"))
        self.assertTrue(refused.json()["message"])
        self.assertFalse(Claim.objects.exists())

    def test_reading_is_logged_and_out_of_scope_is_404(self) -> None:
        claim = self.make_claim()
        self.assertEqual(self.get(f"claims/{claim.pk}/", self.chief).status_code, 200)
        self.assertEqual(AccessLog.objects.get().person, self.chief)
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider, self.administrator):
            self.assertEqual(self.get(f"claims/{claim.pk}/", person).status_code, 404)

    def test_no_sign_in_is_refused_and_a_token_is_as_good_as_a_session(self) -> None:
        self.assertIn(self.client.get("/api/v1/claims/").status_code, (401, 403))
        self.make_claim()
        token = Token.objects.create(user=self.chief)
        answer = self.client.get("/api/v1/claims/", headers={"Authorization": f"Token {token.key}"})
        self.assertEqual(len(answer.json()["results"]), 1)

    def test_filters_are_those_of_the_page(self) -> None:
        self.make_claim()
        climbed = casework.advance(self.make_claim(), "escalate", self.chief, now=NOW, reason="x")
        found = self.get("claims/", self.county, level="county").json()["results"]
        self.assertEqual([row["number"] for row in found], [climbed.number])
        self.assertEqual(self.get("claims/", self.county, level="moon").status_code, 400)

    def test_paging_walks_every_claim_once_in_every_order(self) -> None:
        for days in range(5):
            self.make_claim(received_on=NOW.date() - timedelta(days=days % 2))
        for sort in ("newest", "due", "amount"):
            answer = self.get("claims/", self.county, size=2, sort=sort).json()
            seen = [row["number"] for row in answer["results"]]
            while answer["next"]:
                answer = self.client.get(answer["next"]).json()
                seen += [row["number"] for row in answer["results"]]
            self.assertEqual(sorted(seen), sorted(Claim.objects.values_list("number", flat=True)), sort)

    def test_the_list_costs_the_same_for_three_and_for_thirty(self) -> None:
        self.client.force_login(self.county)
        for more in (3, 27):
            for _ in range(more):
                self.make_claim(person=self.grid_worker)
            with self.assertNumQueries(4):
                self.client.get("/api/v1/claims/")


class Moves(ApiTestCase):
    def test_the_moves_offered_are_the_buttons_and_say_what_they_ask(self) -> None:
        claim = self.make_claim()
        offered = {move["name"]: move for move in self.get(f"claims/{claim.pk}/moves/", self.chief).json()}
        self.assertIn("accept", offered)
        self.assertNotIn("reject", offered)
        self.assertEqual(offered["escalate"]["asks"][0]["name"], "reason")

    def test_a_move_is_made_refused_or_asked_again(self) -> None:
        path = f"claims/{self.make_claim().pk}/moves"
        self.assertEqual(set(self.post(f"{path}/escalate/", self.chief, {}).json()), {"reason"})
        self.assertEqual(self.post(f"{path}/accept/", self.chief, {"conditions": False}).status_code, 400)
        self.assertEqual(self.post(f"{path}/accept/", self.chief, {"conditions": True}).json()["stage"], "accepted")
        refused = self.post(f"{path}/accept/", self.chief, {"conditions": True})
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "wrong_state"))
        self.assertEqual(self.post(f"{path}/explode/", self.chief, {}).status_code, 404)
        self.assertEqual(self.post(f"{path}/accept/", self.county_b, {}).status_code, 404)
        self.assertEqual(self.client.get(f"/api/v1/{path}/accept/").status_code, 405)

    def test_money_people_and_claims_are_read_from_the_table(self) -> None:
        claim, target = self.make_claim(), self.make_claim()
        path = f"claims/{claim.pk}/moves"
        self.post(f"{path}/accept/", self.chief, {"conditions": True})
        paid = {"amount": "0", "paid_on": "2026-03-01", "method": "bank"}
        self.assertEqual(set(self.post(f"{path}/record_payment/", self.chief, paid).json()), {"amount"})
        self.assertEqual(self.post(f"{path}/record_payment/", self.chief, {**paid, "amount": "10.50"}).json()["paid"], "10.50")
        assigned = self.post(f"{path}/assign/", self.chief, {"handler": str(self.grid_worker.pk)})
        self.assertEqual(assigned.json()["handler_name"], "王格")
        self.assertEqual(self.post(f"{path}/assign/", self.chief, {"handler": str(self.county_b.pk)}).status_code, 400)
        merged = self.post(f"{path}/merge/", self.chief, {"merged_into": target.number, "reason": "同一工地"})
        self.assertEqual(merged.json()["stage"], "merged")


class Others(ApiTestCase):
    def test_clocks_and_events_of_a_claim(self) -> None:
        claim = self.make_claim()
        clocks = self.get("clocks/", self.chief, claim=claim.pk, running=True).json()["results"]
        self.assertIn(("JC-ACCEPT", "2026-03-09"), [(row["rule"], row["due_on"]) for row in clocks])
        events = self.get("events/", self.chief, claim=claim.pk).json()["results"]
        self.assertEqual([row["kind"] for row in events], ["register"])
        self.assertEqual(self.get("clocks/", self.county_b, claim=claim.pk).json()["results"], [])

    def test_a_referral_goes_out_and_the_partner_answers_through_the_api(self) -> None:
        claim = casework.advance(self.make_claim(), "accept", self.chief, now=NOW)
        body = {"claim": str(claim.pk), "kind": "support", "body": str(self.procuratorate.pk), "summary": "请支持起诉"}
        self.assertEqual(self.post("referrals/", self.county_b, body).status_code, 404)
        sent = self.post("referrals/", self.county, body).json()
        self.assertEqual((sent["state"], sent["shared"]["claimed"]), ("sent", "8000.00"))
        path = f"referrals/{sent['id']}"
        self.assertEqual([m["name"] for m in self.get(f"{path}/moves/", self.partner).json()], ["receive"])
        self.assertEqual(self.post(f"{path}/moves/receive/", self.partner, {}).json()["state"], "received")
        self.assertEqual(self.post(f"{path}/moves/decline/", self.partner, {"ground": "nope", "reason": "x"}).status_code, 400)
        declined = self.post(f"{path}/moves/decline/", self.partner, {"ground": "evidence", "reason": "缺欠条"})
        self.assertEqual(declined.json()["state"], "declined")

    def test_a_partner_finds_only_their_own_referrals(self) -> None:
        claim = casework.advance(self.make_claim(), "accept", self.county, now=NOW)
        for body in (self.procuratorate, self.court):
            referrals.refer(claim, self.county, now=NOW, kind="support", body=body, summary="x")
        rows = self.get("referrals/", self.partner).json()["results"]
        self.assertEqual([row["body_name"] for row in rows], ["沭阳县人民检察院"])

    def test_regions(self) -> None:
        rows = self.get("regions/", self.partner, parent="321322", level="township").json()
        self.assertEqual([row["code"] for row in rows["results"]], ["321322101", "321322102"])
        self.assertEqual(self.get("regions/3213/", self.partner).json()["name"], "宿迁市")

    def test_the_schema_is_whole_and_says_nothing_twice(self) -> None:
        said = StringIO()
        with redirect_stderr(said):
            call_command("spectacular", validate=True, fail_on_warn=True, file=os.devnull)
        self.assertEqual(said.getvalue(), "")

    def test_the_schema_names_every_address(self) -> None:
        schema = self.get("schema/", self.chief, format="json").json()
        for path in ("claims/{id}/moves/{name}/", "clocks/", "events/", "referrals/{id}/moves/{name}/", "regions/{code}/"):
            self.assertIn(f"/api/v1/{path}", schema["paths"])


