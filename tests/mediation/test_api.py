"""Mediations and hearings through /api/v1/."""

from datetime import datetime, timedelta

from django.utils import timezone

from arrears import casework
from arrears.workdays import PUBLISHED
from grid.days import SHANGHAI
from mediation.models import Room
from tests.base import CastTestCase


class MediationApi(CastTestCase):
    """These go through the real clock, as the API does: the claim is received today."""

    def setUp(self) -> None:
        self.now = timezone.now()
        self.claim = self.make_claim(now=self.now.astimezone(SHANGHAI))
        casework.advance(self.claim, "accept", self.chief, now=self.now)
        self.today = self.now.astimezone(SHANGHAI).date()
        tomorrow = PUBLISHED.add(self.today, 1)
        room = Room.objects.create(name="第一调解室", region_id="321322")
        self.sitting = {
            "room": str(room.pk), "mediator": str(self.mediator.pk),
            "starts_at": datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=SHANGHAI).isoformat(),
            "ends_at": datetime(tomorrow.year, tomorrow.month, tomorrow.day, 11, tzinfo=SHANGHAI).isoformat(),
        }  # fmt: skip

    def post(self, path: str, person, body: dict):
        self.client.force_login(person)
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json")

    def apply(self, person=None, claim=None) -> dict:
        body = {"claim": str((claim or self.claim).pk), "applied_on": self.today.isoformat(), "request": "支付工资"}
        return self.post("mediations/", person or self.grid_worker, body).json()

    def test_a_mediation_is_applied_for_scheduled_and_listed_and_a_clash_is_409(self) -> None:
        one = self.apply()
        self.assertEqual(one["state"], "applied", one)
        path = f"mediations/{one['id']}/moves"
        self.assertEqual(self.post(f"{path}/accept/", self.mediator, {"mediator": str(self.mediator.pk)}).json()["state"], "accepted")
        scheduled = self.post(f"{path}/schedule/", self.mediator, self.sitting)
        self.assertEqual(scheduled.json().get("state"), "scheduled", scheduled.content)
        rows = self.client.get("/api/v1/hearings/", {"claim": str(self.claim.pk)}).json()["results"]
        self.assertEqual([(row["room_name"], row["state"]) for row in rows], [("第一调解室", "scheduled")])

        other = casework.advance(self.make_claim(now=self.now.astimezone(SHANGHAI)), "accept", self.chief, now=self.now)
        two = self.apply(claim=other)
        self.post(f"mediations/{two['id']}/moves/accept/", self.mediator, {"mediator": str(self.mediator.pk)})
        clash = self.post(f"mediations/{two['id']}/moves/schedule/", self.mediator, self.sitting)
        self.assertEqual(clash.status_code, 409)
        self.assertIn("taken", clash.json()["code"])

    def test_times_are_proposed_with_why_the_others_fall_out(self) -> None:
        one = self.apply()
        self.post(f"mediations/{one['id']}/moves/accept/", self.mediator, {"mediator": str(self.mediator.pk)})
        found = self.client.get(f"/api/v1/mediations/{one['id']}/times/", {"length": 60}).json()
        first = found["proposals"][0]
        self.assertEqual((first["room_name"], first["mediator"]), ("第一调解室", str(self.mediator.pk)))
        self.assertIn("rest", {out["code"] for out in found["outs"]})
        booked = self.post(f"mediations/{one['id']}/moves/schedule/", self.mediator, {name: first[name] for name in ("room", "mediator", "starts_at", "ends_at")})
        self.assertEqual(booked.json().get("state"), "scheduled", booked.content)
        self.assertEqual(self.client.get(f"/api/v1/mediations/{one['id']}/times/", {"length": 5}).status_code, 400)
        for last in ("2020-01-01", (self.today + timedelta(days=400)).isoformat()):
            refused = self.client.get(f"/api/v1/mediations/{one['id']}/times/", {"last": last})
            self.assertEqual((refused.status_code, refused.json()["code"]), (409, "too_far"))
        self.client.force_login(self.county_b)
        self.assertEqual(self.client.get(f"/api/v1/mediations/{one['id']}/times/").status_code, 404)

    def test_out_of_scope_is_404_bad_input_400_and_the_wrong_role_409(self) -> None:
        one = self.apply()
        path = f"mediations/{one['id']}"
        self.assertEqual(self.post(f"{path}/moves/accept/", self.county_b, {}).status_code, 404)
        self.assertEqual(set(self.post(f"{path}/moves/accept/", self.mediator, {}).json()), {"mediator"})
        refused = self.post(f"{path}/moves/accept/", self.grid_worker, {"mediator": str(self.mediator.pk)})
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "not_your_role"))
        self.assertEqual(self.client.get("/api/v1/hearings/", {"day": "tomorrow"}).status_code, 400)
        self.assertEqual(self.post("mediations/", self.county_b, {"claim": str(self.claim.pk)}).status_code, 404)

    def test_a_draft_is_kept_checked_and_signed(self) -> None:
        one = self.apply()
        path = f"mediations/{one['id']}"
        self.post(f"{path}/moves/accept/", self.mediator, {"mediator": str(self.mediator.pk)})
        body = {"version": 0, "total": "8000", "manner": "bank", "terms": "一次付清。", "default_clause": "逾期的，申请执行。", "signer": "李四", "signer_post": "legal",
                "plan": [{"due_on": (self.today + timedelta(days=10)).isoformat(), "amount": "8000"}]}  # fmt: skip
        kept = self.client.put(f"/api/v1/{path}/draft/", body, content_type="application/json")
        self.assertEqual((kept.json()["version"], [row["code"] for row in kept.json()["findings"] if row["is_hard"]]), (1, ["payee_missing"]), kept.content)
        self.assertIn("收款账户", kept.json()["findings"][0]["sentence"])
        again = self.client.put(f"/api/v1/{path}/draft/", body, content_type="application/json")
        self.assertEqual((again.status_code, again.json()["code"]), (409, "stale"))
        self.client.put(f"/api/v1/{path}/draft/", {**body, "version": 1, "payee": "本人工资卡"}, content_type="application/json")
        sign = {"version": 2, "effective_on": self.today.isoformat(), "signed_by_parties": True, "signed_by_mediator": True, "sealed": True}
        self.assertEqual(self.post(f"{path}/draft/sign/", self.mediator, sign).json()["code"], "wrong_state")  # no hearing was held
        self.post(f"{path}/moves/schedule/", self.mediator, self.sitting)
        self.post(f"{path}/moves/hold/", self.mediator, {"minutes": "双方到场。"})
        signed = self.post(f"{path}/draft/sign/", self.mediator, sign)
        self.assertEqual(signed.json().get("state"), "agreed", signed.content)
        standing = self.client.get(f"/api/v1/{path}/standing/").json()
        body = {"amount": "8000.50", "paid_on": self.today.isoformat(), "method": "bank", "worker": standing["workers"][0]["worker"]}
        self.assertEqual(self.post(f"{path}/payments/", self.county_b, body).status_code, 404)
        paid = self.post(f"{path}/payments/", self.county, {**body, "amount": "100"}).json()
        self.assertEqual((paid["amount"], paid["excess"]), ("100.00", "0.00"), paid)
        self.assertEqual((standing["left"], standing["workers"][0]["left"], standing["parts"][0]["is_overdue"]), ("8000.00", "8000.00", False))

    def test_a_draft_of_another_county_is_not_there(self) -> None:
        one = self.apply()
        self.client.force_login(self.county_b)
        self.assertEqual(self.client.get(f"/api/v1/mediations/{one['id']}/draft/").status_code, 404)
