"""拆案: chosen workers go on in a claim of their own, counted from the day the first complaint came."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import TransactionTestCase, override_settings
from rest_framework.test import APIClient

from arrears import casework
from arrears.evidence import add_evidence
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.integrity import CHECKS
from arrears.limitation.interrupting import interrupt
from arrears.models import Claim, Clock, Event
from arrears.telling import tell
from arrears.timing import suspending
from arrears.worker import tracking
from arrears.worker.page import TrackPage
from grid.models import Notice
from grid.refused import Refused
from tests.base import NOW, TODAY, Cast, CastTestCase

OF_GROUPS = ("GROUP-ACCEPT-2", "GROUP-INVEST-20")
LATER = NOW + timedelta(days=7)


def crew(count: int) -> list[ClaimantFacts]:
    return [
        ClaimantFacts(f"工友{number}", f"138{number:08d}", lines=[LineFacts(Decimal("1000.01") + number)]) for number in range(count)
    ]


class Splitting(CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim(claimants=crew(11), site_name="翰林雅苑")
        self.workers = list(self.claim.claimants.all())

    def split(self, *numbers: int, person: Any = None, reason: str = "工地不同", now: Any = LATER) -> Claim:
        return split(self.claim, person or self.chief, [self.workers[number].pk for number in numbers], reason, now=now)

    def refused(self, code: str, *numbers: int, **more: Any) -> None:
        with self.assertRaises(Refused) as refusal:
            self.split(*numbers, **more)
        self.assertEqual(refusal.exception.code, code)

    def test_the_chosen_go_on_under_a_number_of_their_own_with_their_wages(self) -> None:
        new = self.split(1, 2)
        self.claim.refresh_from_db()
        self.assertEqual((new.worker_count, new.claimed, new.worker_name), (2, Decimal("2003.02"), "工友1 +1"))
        self.assertEqual((self.claim.worker_count, self.claim.claimed), (9, Decimal("9052.09")))
        self.assertEqual((self.claim.is_collective, new.is_collective), (False, False))
        self.assertNotIn(new.number, (self.claim.number, ""))
        self.assertNotEqual(new.public_number, self.claim.public_number)
        self.assertEqual((new.stage, new.received_on, new.split_from, new.site), (self.claim.stage, TODAY, self.claim, self.claim.site))
        self.assertEqual(new.respondents.get().legal_name, "宿迁宏远劳务有限公司")
        for name in ("claimed", "paid", "workers_counted", "due_days", "clocks_without_rung", "histories_cut", "claims_without_clock"):
            self.assertEqual(CHECKS[name].find(LATER).count, 0, name)

    def test_every_clock_counts_from_the_day_the_first_complaint_came(self) -> None:
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        suspending.suspend(self.claim, self.county, NOW, "appraisal", TODAY + timedelta(days=3), "鉴定")
        casework.advance(self.claim, "resume", self.county, now=NOW + timedelta(days=2))
        new = self.split(0, person=self.county)
        days = {"started_on", "natural_on", "due_on", "extended_by", "is_provisional"}
        of_both = [
            sorted(Clock.objects.running().filter(claim=one).exclude(rule_id__in=OF_GROUPS).values_list("rule_id", *sorted(days)))
            for one in (self.claim, new)
        ]  # what ten workers have for themselves stays with the ten
        self.assertEqual(*of_both)
        self.assertIn("CASE-WHOLE-60", {row[0] for row in of_both[1]})
        self.assertEqual(new.due_on, Claim.objects.get(pk=self.claim.pk).due_on)

    def test_papers_limits_and_what_was_said_are_in_both(self) -> None:
        add_evidence(self.claim, SimpleUploadedFile("a.txt", "甲".encode()), self.chief, now=NOW, kind="iou")
        interrupt(self.claim, None, now=NOW, kind="demand", happened_on=date(2026, 2, 20), proof="微信催要")
        new = self.split(3)
        self.assertEqual((new.evidence.get().kind, self.claim.evidence.count()), ("iou", 1))
        self.assertEqual(new.interruptions.get().proof, "微信催要")

    def test_both_histories_say_so_and_lead_to_each_other(self) -> None:
        new = self.split(1, 2)
        first, second = Event.objects.get(kind="split"), Event.objects.get(kind="split_off")
        self.assertEqual(tell(first).title, f"拆案：2 名劳动者另立案件 {new.number}，主张金额 ¥11,055.11 → ¥9,052.09")
        self.assertEqual(tell(second).title, f"由案件 {self.claim.number} 拆出另立，时限仍从最初收到之日起算")
        self.assertEqual((first.facts["workers"], first.claim_id, second.claim_id), (["工友1", "工友2"], self.claim.pk, new.pk))
        self.client.force_login(self.chief)
        self.assertContains(self.client.get(f"/claims/{self.claim.pk}/"), "从本案拆出：")
        self.assertContains(self.client.get(f"/claims/{new.pk}/"), "本案拆自：")

    @override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s")
    def test_the_worker_keeps_the_query_number_and_is_told(self) -> None:
        Notice.objects.all().delete()
        new = self.split(1)
        sms = Notice.objects.filter(channel="sms")
        self.assertEqual([(row.kind, row.facts["query"]) for row in sms], [("worker_split", self.claim.public_number)])
        casework.advance(self.claim, "note", self.chief, now=LATER + timedelta(days=1), note="x")
        casework.advance(new, "accept", self.county, now=LATER + timedelta(days=1), conditions=True)
        casework.advance(self.claim, "transfer", self.chief, now=LATER + timedelta(days=1), destination="x", reason="x")
        apart, stays = (TrackPage(tracking.find(self.claim.public_number, end), TODAY) for end in ("0001", "0002"))
        self.assertEqual((apart.claim, apart.is_split, stays.claim, stays.is_split), (new, True, self.claim, False))
        self.assertEqual([row.words for row in apart.history], ["决定受理", "从原来的案件分出，单独办理", "登记了您的投诉"])
        self.assertEqual([row.words for row in stays.history], ["移送其他单位", "登记了您的投诉"])
        self.assertEqual(apart.unpaid, Decimal("1001.01"))
        self.assertIsNone(tracking.find(new.public_number, "0002"))

    def test_what_was_verified_for_all_is_asked_for_anew_and_payments_stay(self) -> None:
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        casework.advance(self.claim, "verify", self.county, now=NOW, verified_amount=Decimal(9000), basis="核对")
        casework.advance(self.claim, "record_payment", self.county, now=NOW, amount=Decimal("50.05"), paid_on=TODAY, method="bank")
        new = self.split(0, person=self.county)
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.verified, self.claim.paid, new.verified, new.paid), (None, Decimal("50.05"), None, Decimal(0)))

    def test_workers_nobody_registered_stay(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(worker_count=15)
        self.claim.refresh_from_db()
        new = self.split(1, 2)
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.worker_count, new.worker_count), (13, 2))

    def test_what_is_refused(self) -> None:
        self.refused("would_be_empty", *range(11))
        self.refused("nobody")
        self.refused("no_reason", 1, reason="  ")
        self.refused("not_your_role", 1, person=self.grid_worker)
        self.refused("not_your_role", 1, person=self.county_b)
        stranger = self.make_claim().claimants.get()
        with self.assertRaises(Refused) as refusal:
            split(self.claim, self.chief, [stranger.pk], "x", now=LATER)
        self.assertEqual(refusal.exception.code, "not_of_claim")
        self.assertEqual(Claim.objects.count(), 2)
        self.assertEqual(self.split(*range(10)).worker_count, 10)

    def test_the_page_asks_whom_and_keeps_what_was_typed(self) -> None:
        self.client.force_login(self.chief)
        address = f"/claims/{self.claim.pk}/split/"
        self.assertContains(self.client.get(address), "工友3（身份证号未登记，拖欠 1,003.01 元）")
        self.assertContains(self.client.post(address, {"reason": "另一工地"}), "请至少选一名要分出的劳动者")
        everybody = {"claimants": [str(one.pk) for one in self.workers], "reason": "另一工地"}
        answer = self.client.post(address, everybody)
        self.assertContains(answer, "不能把全部劳动者都分出去", status_code=409)
        self.assertContains(answer, "另一工地", status_code=409)
        answer = self.client.post(address, {**everybody, "claimants": [str(self.workers[4].pk)]})
        self.assertRedirects(answer, f"/claims/{Claim.objects.get(split_from=self.claim).pk}/")
        self.client.force_login(self.chief_a2)
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_one_worker_alone_cannot_be_split(self) -> None:
        self.client.force_login(self.chief)
        self.assertContains(self.client.get(f"/claims/{self.make_claim().pk}/split/"), "本案只登记了一名劳动者")

    def test_the_api(self) -> None:
        client = APIClient()
        client.force_authenticate(self.chief)
        address = f"/api/v1/claims/{self.claim.pk}/split/"
        self.assertEqual(client.post(address, {"reason": "x"}, format="json").status_code, 400)
        told = client.post(address, {"claimants": [str(self.workers[0].pk)], "reason": "另一工地"}, format="json")
        self.assertEqual((told.status_code, told.json()["split_from"], told.json()["claimed"]), (201, self.claim.number, "1000.01"))
        client.force_authenticate(self.chief_a2)
        self.assertEqual(client.post(address, {}, format="json").status_code, 404)


class AtTheSameTime(Cast, TransactionTestCase):
    def test_two_who_split_the_same_worker_off_make_one_claim(self) -> None:
        self.make_cast()
        claim = self.make_claim(claimants=crew(3))
        chosen, gate, said = [claim.claimants.first().pk], Barrier(2), []

        def part() -> None:
            gate.wait()
            try:
                split(claim, self.chief, chosen, "另一工地", now=LATER)
                said.append("split")
            except Refused as refused:
                said.append(refused.code)
            finally:
                connections.close_all()

        threads = [Thread(target=part) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(said), ["not_of_claim", "split"])
        self.assertEqual(Claim.objects.count(), 2)
