"""Representatives with the authority of each worker, and collective cases with claims under them."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from arrears import casework, referrals
from arrears.evidence import add_evidence
from arrears.groups.law import PROVISIONS
from arrears.groups.representing import authorise, choose
from arrears.groups.splitting import split
from arrears.groups.standing_for import Group
from arrears.models import Claim, Claimant, Event, Representative
from arrears.telling import tell
from grid.models import Person
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_splitting import crew
from tests.base import NOW, TODAY, Cast


class Representing(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim(claimants=crew(12))
        self.workers = list(self.claim.claimants.all())

    def choose(self, *numbers: int, person: Person | None = None, claim: Claim | None = None, on: date = TODAY, reason: str = "推不出三名") -> list[Representative]:
        return choose(claim or self.claim, person or self.chief, [self.workers[number].pk for number in numbers], on, now=NOW, reason=reason)

    def authorise(self, one: Representative, *numbers: int, scope: str = "general", **more: Any) -> int:
        ids = [self.workers[number].pk for number in numbers]
        return authorise(self.claim, self.chief, one.pk, ids, scope, more.pop("given_on", TODAY), now=NOW, **more)

    def refused(self, code: str, act: Any, *args: Any, **more: Any) -> None:
        with self.assertRaises(Refused) as refusal:
            act(*args, **more)
        self.assertEqual(refusal.exception.code, code)

    def group(self) -> Group:
        return Group(self.claim, TODAY)

    def test_up_to_five_of_the_workers_represent_ten_and_more(self) -> None:
        self.assertEqual([len(self.choose(*numbers, reason="")) for numbers in ((), (0, 1, 2), (0, 1, 2, 3, 4))], [0, 3, 5])
        self.refused("too_many", self.choose, 0, 1, 2, 3, 4, 5)
        self.refused("too_few", self.choose, 0, 1, reason=" ")
        with self.settings(FEW_REPRESENTATIVES="refuse"):
            self.refused("too_few", self.choose, 0, 1)
        self.refused("in_future", self.choose, 0, on=TODAY + timedelta(days=1))
        self.refused("not_your_role", self.choose, 0, person=self.auditor)
        few = self.make_claim(claimants=crew(9))
        self.refused("not_collective", choose, few, self.chief, [few.claimants.first().pk], TODAY, now=NOW)
        self.refused("not_of_claim", choose, self.claim, self.chief, [few.claimants.first().pk], TODAY, now=NOW)
        self.assertEqual([str(row) for row in Representative.objects.filter(ended_at=None)], [f"工友{number}" for number in range(5)])

    def test_who_has_authorised_whom_for_what_and_who_has_not(self) -> None:
        first, second = self.choose(0, 1)
        paper = add_evidence(self.claim, SimpleUploadedFile("a.txt", "授权书".encode()), self.chief, now=NOW, kind="other", title="授权书")
        self.assertEqual(self.authorise(first, 2, 3, 4, paper=paper), 3)
        self.assertEqual(self.authorise(first, 4, scope="special"), 1)
        self.authorise(second, *range(5, 11))
        stands = [(stand.name, stand.general, stand.special) for stand in self.group().stands]
        self.assertEqual(stands, [("工友0", 2, 1), ("工友1", 6, 0)])
        self.assertEqual(self.group().missing_names, "工友11")
        event = Event.objects.filter(kind="authorised").last()
        self.assertIn("登记 工友2、工友3、工友4 对代表人工友0的授权：一般授权", tell(event).title)
        self.assertIn("证明：授权书", tell(event).notes)

    def test_what_is_refused_of_an_authority(self) -> None:
        (first,) = self.choose(0)
        paper = add_evidence(self.make_claim(), SimpleUploadedFile("a.txt", b"x y z"), self.chief, now=NOW, kind="other")
        self.refused("nobody", self.authorise, first, 0)
        self.refused("other_claim", self.authorise, first, 1, paper=paper)
        self.refused("in_future", self.authorise, first, 1, given_on=TODAY + timedelta(days=1))
        self.choose(1)
        self.refused("no_representative", self.authorise, first, 2)
        self.assertEqual(self.group().stands[0].general, 0)

    def test_who_stays_keeps_the_authority_and_who_goes_loses_it(self) -> None:
        first, second = self.choose(0, 1)
        for one in (first, second):
            self.authorise(one, 5)
        self.choose(0, 2)
        self.assertEqual([(stand.name, stand.general) for stand in self.group().stands], [("工友0", 1), ("工友2", 0)])
        self.assertIn("不再是代表人：工友1", tell(Event.objects.filter(kind="represent").first()).notes)

    def test_partners_see_the_representatives_as_they_stood(self) -> None:
        first, _second = self.choose(0, 1)
        self.authorise(first, 5, scope="special")
        for move in ("accept", "handle"):
            casework.advance(self.claim, move, None, now=NOW)
        sent = referrals.refer(self.claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="x")
        self.assertEqual(sent.shared["representatives"], [{"name": "工友0", "general": 0, "special": 1}, {"name": "工友1", "general": 0, "special": 0}])
        self.sign_in(self.partner)
        self.assertContains(self.client.get(f"/referrals/{sent.pk}/"), "一般授权 0 人，特别授权 1 人")

    def test_a_worker_who_goes_over_into_another_claim_stands_for_nobody_there(self) -> None:
        first, second = self.choose(0, 1)
        self.authorise(second, 0, 5)
        split(self.claim, self.chief, [self.workers[0].pk], "另一工地", now=NOW)
        self.assertEqual([(stand.name, stand.general) for stand in self.group().stands], [("工友1", 1)])
        casework.advance(Claim.objects.get(pk=self.claim.pk), "merge", self.chief, now=NOW, merged_into=self.make_claim(), reason="x")
        self.assertFalse(Representative.objects.filter(ended_at=None).exists())

    def test_the_page_names_the_articles_and_keeps_what_was_typed(self) -> None:
        address = f"/claims/{self.claim.pk}/representatives/"
        page = self.client.get(address)
        for provision in PROVISIONS:
            self.assertContains(page, provision.article)
        self.assertContains(page, "未核实", count=1)
        everybody = {"form": "choose", "chosen": [str(worker.pk) for worker in self.workers], "chosen_on": TODAY.isoformat()}
        self.assertContains(self.client.post(address, everybody), "代表人最多五名", status_code=409)
        self.assertRedirects(self.client.post(address, {**everybody, "chosen": everybody["chosen"][:2], "reason": "推不出三名"}), address)
        self.assertContains(self.client.get(address), "代表人不足三名")
        one = Representative.objects.filter(ended_at=None).first()
        given = {"form": "authorise", "representative": str(one.pk), "scope": "general", "given_on": TODAY.isoformat(), "paper": ""}
        self.assertContains(self.client.post(address, given), "请填写。")
        self.assertRedirects(self.client.post(address, {**given, "claimants": [str(self.workers[5].pk)]}), address)
        page = self.client.get(f"/claims/{self.claim.pk}/")
        self.assertContains(page, "一般授权 1 人，特别授权 0 人")
        self.assertContains(page, "还没有授权 9 人：工友2、工友3、工友4、工友6")
        self.sign_in(self.chief_a2)
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_the_api(self) -> None:
        client = APIClient()
        client.force_authenticate(self.chief)
        address = f"/api/v1/claims/{self.claim.pk}/"
        ids = [str(worker.pk) for worker in self.workers]
        told = client.post(f"{address}representatives/", {"claimants": ids[:3], "chosen_on": TODAY.isoformat()}, format="json")
        one = told.json()["representatives"][0]
        self.assertEqual((told.status_code, one["name"], len(told.json()["representatives"])), (200, "工友0", 3))
        given = {"representative": one["id"], "claimants": ids[4:6], "scope": "special", "given_on": TODAY.isoformat()}
        self.assertEqual(client.post(f"{address}authority/", given, format="json").json()["representatives"][0]["special"], 2)
        self.assertEqual(client.post(f"{address}representatives/", {"claimants": ids[:6], "chosen_on": TODAY.isoformat()}, format="json").json()["code"], "too_many")


class Parts(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.parent, self.first = self.make_claim(claimants=crew(10)), self.make_claim("321322102", claimants=crew(2))
        self.far = self.make_claim("321323101", claimants=crew(3))

    def go(self, claim: Claim, move: str, person: Person | None = None, **answers: Any) -> None:
        casework.advance(Claim.objects.get(pk=claim.pk), move, person or self.city, now=NOW, **{"reason": "同一总包", **answers})

    def refused(self, code: str, *args: Any, **more: Any) -> None:
        with self.assertRaises(Refused) as refusal:
            self.go(*args, **more)
        self.assertEqual(refusal.exception.code, code)

    def test_a_collective_case_ends_after_the_claims_under_it(self) -> None:
        self.go(self.first, "gather", part_of=self.parent)
        for move, answers in (("withdraw", {"confirmed": True}), ("transfer", {"destination": "x"}), ("merge", {"merged_into": self.far}), ("reject", {"ground": "out_of_scope"})):
            self.refused("parts_open", self.parent, move, self.county if move == "withdraw" else self.city, **answers)
        with self.assertRaises(Refused) as refusal:
            self.go(self.parent, "transfer", destination="x")
        self.assertEqual(refusal.exception.message, f"还有 1 件子案没有结束（{self.first.number}）。请先办结子案，或者把它们移出本案。")
        self.go(self.first, "transfer", destination="x")
        self.go(self.parent, "transfer", destination="x")
        self.assertEqual(Claim.objects.get(pk=self.parent.pk).stage, "transferred")

    def test_one_level_only(self) -> None:
        self.go(self.first, "gather", part_of=self.parent)
        self.refused("part_of_itself", self.far, "gather", part_of=self.far)
        self.refused("parent_is_part", self.far, "gather", part_of=self.first)
        self.refused("has_parts", self.parent, "gather", part_of=self.far)
        self.refused("not_part", self.far, "ungather")
        self.go(self.first, "ungather")
        self.go(self.parent, "gather", part_of=self.far)
        self.refused("not_your_role", self.first, "gather", self.grid_worker, part_of=self.far)
        self.go(self.far, "note", note="x")
        ended = self.make_claim()
        self.go(ended, "transfer", destination="x")
        self.refused("parent_closed", self.first, "gather", part_of=ended)

    def test_leaving_the_group_is_offered_to_a_claim_in_one_and_to_no_other(self) -> None:
        self.go(self.first, "gather", part_of=self.parent)
        self.sign_in(self.city)
        offered = [
            any(act.move.name == "ungather" for act in self.client.get(f"/claims/{claim.pk}/").context["page"].acts)
            for claim in (self.first, self.far, self.parent)
        ]
        self.assertEqual(offered, [True, False, False])

    def test_both_histories_say_so(self) -> None:
        self.go(self.first, "gather", part_of=self.parent)
        self.go(self.first, "ungather")
        said = [tell(event).title for event in Event.objects.filter(kind__in=("gather", "part_gathered", "ungather", "part_ungathered")).order_by("id")]
        self.assertEqual(sorted(said), sorted([
            f"纳入集体案件 {self.parent.number}", f"案件 {self.first.number} 纳入本案，成为子案", f"移出集体案件 {self.parent.number}", f"子案 {self.first.number} 移出本案",
        ]))  # fmt: skip

    def test_the_page_shows_the_tree_with_its_totals_within_the_readers_sight(self) -> None:
        for claim in (self.first, self.far):
            self.go(claim, "gather", part_of=self.parent)
        self.sign_in(self.city)
        page = self.client.get(f"/claims/{self.parent.pk}/")
        self.assertContains(page, "连同本案：在办 3 件，15 人")
        self.assertContains(page, self.far.number)
        self.sign_in(self.chief)
        page = self.client.get(f"/claims/{self.parent.pk}/")
        self.assertContains(page, "另有 2 件不在您的辖区")
        for hidden in (self.far.number, self.first.number):
            self.assertNotContains(page, f"{hidden}</a>")
        self.sign_in(self.chief_a2)
        page = self.client.get(f"/claims/{self.first.pk}/")
        self.assertContains(page, self.parent.number)
        self.assertNotContains(page, f"/claims/{self.parent.pk}/")

    def test_the_list_marks_the_tree_and_finds_it(self) -> None:
        for claim in (self.first, self.far):
            self.go(claim, "gather", part_of=self.parent)
        self.sign_in(self.city)
        marks = {row.claim: row.group and row.group.text for row in self.client.get("/claims/").context["rows"]}
        self.assertEqual(marks, {self.parent: "牵头 · 子案 2", self.first: "子案", self.far: "子案"})
        for asked, expected in (("parents", {self.parent}), ("parts", {self.first, self.far}), ("yes", {self.parent})):
            self.assertEqual({row.claim for row in self.client.get("/claims/", {"collective": asked}).context["rows"]}, expected)
        self.go(self.first, "ungather")
        self.assertContains(self.client.get("/claims/"), "子案 1")

    def test_ten_workers_are_marked_to_go_first(self) -> None:
        self.sign_in(self.city)
        marks = {row.claim: row.group and row.group.text for row in self.client.get("/claims/").context["rows"]}
        self.assertEqual(marks, {self.parent: "集体 · 优先", self.first: None, self.far: None})

    def test_the_api_gathers_by_number(self) -> None:
        client = APIClient()
        client.force_authenticate(self.city)
        address = f"/api/v1/claims/{self.first.pk}/moves"
        told = client.post(f"{address}/gather/", {"part_of": self.parent.number, "reason": "同一总包"}, format="json")
        self.assertEqual((told.status_code, told.json()["part_of"]), (200, self.parent.number))
        self.assertIsNone(client.post(f"{address}/ungather/", {"reason": "分开办理"}, format="json").json()["part_of"])


class AtTheSameTime(Cast, TransactionTestCase):
    def test_two_claims_gathered_under_each_other_leave_one_above(self) -> None:
        self.make_cast()
        pair = self.make_claim(), self.make_claim()
        gate, said = Barrier(2), []

        def gather(claim: Claim, parent: Claim) -> None:
            mine, other = Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=parent.pk)
            gate.wait()
            try:
                casework.advance(mine, "gather", self.city, now=NOW, part_of=other, reason="同一总包")
                said.append("gathered")
            except Refused as refused:
                said.append(refused.code)
            finally:
                connections.close_all()

        threads = [Thread(target=gather, args=some) for some in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(said), ["gathered", "parent_is_part"])
        self.assertEqual(Claim.objects.exclude(part_of=None).count(), 1)
        self.assertEqual((Claimant.objects.count(), Decimal(0)), (2, Decimal(0)))
