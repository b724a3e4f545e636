"""Ten workers and more: their case comes first among those of its day, and has targets and ladders of its own from the
tenth worker on until there are nine again."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.urls import reverse
from rest_framework.test import APIClient

from arrears import casework
from arrears.duplicates.joining import join
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.ladders import LADDERS, Rung
from arrears.ladders import changes as ladder_changes
from arrears.ladders.book import Draft
from arrears.models import Claim, Watch
from arrears.rules import TABLES, BadRules, load
from arrears.timing.suspending import suspend
from tests.arrears import messy
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_splitting import OF_GROUPS, crew
from tests.arrears.test_wage_sheets import SheetTestCase
from tests.base import NOW, TODAY


def targets(claim: Claim) -> dict[str, date]:
    return dict(claim.clocks.running().filter(rule_id__in=OF_GROUPS).values_list("rule_id", "due_on"))


def newcomer(number: int = 90) -> list[ClaimantFacts]:
    return [ClaimantFacts(f"新人{number}", f"139{number:08d}", lines=[LineFacts(Decimal(500))])]


class OrderTest(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.single, self.group, self.sensitive, self.later = (self.make_claim() for _number in range(4))
        Claim.objects.filter(pk=self.group.pk).update(worker_count=10)
        Claim.objects.filter(pk=self.sensitive.pk).update(sensitive="threat")
        Claim.objects.filter(pk=self.later.pk).update(worker_count=99, due_on=self.single.due_on + timedelta(days=1))
        self.first = [self.group.number, self.sensitive.number, self.single.number, self.later.number]

    def test_of_one_day_the_collective_and_the_sensitive_come_first_in_the_list_and_the_api(self) -> None:
        self.assertEqual(self.numbers(self.client.get(reverse("claim_list"), {"sort": "due"})), self.first)
        client = APIClient()
        client.force_authenticate(self.chief)
        found, address = [], "/api/v1/claims/?sort=due&size=1"
        while address:
            page = client.get(address).json()
            found += [row["number"] for row in page["results"]]
            address = page["next"]
        self.assertEqual(found, self.first)

    def test_and_on_the_desk(self) -> None:
        (mine,) = (one.facts["mine"] for one in self.client.get(reverse("desk")).context["main"] if one.panel.name == "own_claims")
        self.assertEqual([turn.row.claim.number for turn in mine], self.first)


class TargetTest(PagesTestCase):
    def test_ten_have_targets_of_their_own_and_nine_have_not(self) -> None:
        nine, ten = (self.make_claim(claimants=crew(count)) for count in (9, 10))
        self.assertEqual((targets(nine), targets(ten)), ({}, {"GROUP-ACCEPT-2": date(2026, 3, 4)}))
        self.assertEqual(ten.due_on, date(2026, 3, 4))
        for move in ("accept", "handle"):
            casework.advance(ten, move, None, now=NOW)
        self.assertEqual(targets(ten), {"GROUP-INVEST-20": date(2026, 3, 30)})
        page = self.client.get(reverse("claim_detail", args=[ten.pk]))
        self.assertContains(page, "集体案件优先目标")
        self.assertNotContains(self.client.get(reverse("claim_detail", args=[nine.pk])), "集体案件优先目标")
        self.assertContains(self.client.get(reverse("clock_why", args=[ten.clocks.running().get(rule_id="GROUP-INVEST-20").pk])), "集体案件优先")

    def test_with_the_tenth_worker_they_begin_from_the_day_their_limit_began(self) -> None:
        claim = self.make_claim(claimants=crew(9))
        self.assertEqual(targets(claim), {})
        join(claim, newcomer(), self.chief, now=NOW + timedelta(hours=3))
        claim.refresh_from_db()
        self.assertEqual((targets(claim), claim.due_on), ({"GROUP-ACCEPT-2": date(2026, 3, 4)}, date(2026, 3, 4)))

    def test_a_merger_that_makes_ten_begins_them_too(self) -> None:
        claim, other = self.make_claim(claimants=crew(9)), self.make_claim(claimants=newcomer())
        casework.advance(other, "merge", self.chief, now=NOW, merged_into=claim, reason="同一工地")
        claim.refresh_from_db()
        self.assertEqual((targets(claim), claim.due_on), ({"GROUP-ACCEPT-2": date(2026, 3, 4)}, date(2026, 3, 4)))

    def test_with_nine_left_they_end_unmet_and_what_was_split_off_has_its_own(self) -> None:
        claim = self.make_claim(claimants=crew(12))
        workers = [worker.pk for worker in claim.claimants.all()]
        small = split(claim, self.chief, workers[:3], "另一工地", now=NOW)
        self.assertEqual((targets(claim), targets(small)), ({}, {}))
        ended = claim.clocks.get(rule_id="GROUP-ACCEPT-2")
        self.assertEqual((ended.ended_on, ended.was_met), (TODAY, False))
        self.assertEqual(Claim.objects.get(pk=claim.pk).due_on, date(2026, 3, 5))
        large = self.make_claim(claimants=crew(21))
        workers = [worker.pk for worker in large.claimants.all()]
        eleven = split(large, self.chief, workers[:11], "另一工地", now=NOW)
        self.assertEqual((set(targets(large)), set(targets(eleven))), ({"GROUP-ACCEPT-2"}, {"GROUP-ACCEPT-2"}))

    def test_while_the_case_rests_a_target_that_begins_rests_with_it(self) -> None:
        claim = self.make_claim(claimants=crew(9))
        for move in ("accept", "handle"):
            casework.advance(claim, move, None, now=NOW)
        suspend(claim, self.county, NOW, "worker_request", TODAY + timedelta(days=14), "本人申请")
        join(claim, newcomer(), self.chief, now=NOW)
        own, limit = (claim.clocks.get(rule_id=rule) for rule in ("GROUP-INVEST-20", "JC-INVEST"))
        self.assertEqual([str(one.starts_on) for one in own.pauses.all()], [str(one.starts_on) for one in limit.pauses.all()])
        self.assertFalse(Watch.objects.filter(clock=own).exists())

    def test_only_a_target_can_be_for_a_kind_of_claim(self) -> None:
        for rule, kind, is_right in (("CLOSE-5", "group", False), ("JC-ACCEPT-3", "nobody", False), ("JC-ACCEPT-3", "group", True)):
            with self.subTest(rule=rule, kind=kind), TemporaryDirectory() as folder:
                own = Path(folder) / "own.toml"
                own.write_text(f'[rules.{rule}]\nclaim_kind = "{kind}"\n')
                if is_right:
                    self.assertEqual(load(*TABLES, override=own)[rule].claim_kind, kind)
                else:
                    with self.assertRaisesMessage(BadRules, "only a target can be for a kind of claim"):
                        load(*TABLES, override=own)


class LadderTest(SheetTestCase):
    def setUp(self) -> None:
        super().setUp()
        rungs = (Rung("half", "过半", ("handler",), share=0.5), *LADDERS["legal"][1:])
        draft = Draft("legal", claim_kind="group", rungs=rungs, valid_from=TODAY)
        self.published = ladder_changes.publish(draft, self.administrator, now=NOW, note="集体案件", replaces=0)

    def ladder(self, claim: Claim) -> UUID | None:
        return Watch.objects.get(clock__claim=claim, clock__rule_id="JC-ACCEPT").ladder_id

    def registered(self, count: int) -> Claim:
        pk = self.with_rows(*[[messy.name_of(i), messy.id_of(i), "", 3000, 0] for i in range(count)])
        self.finish(pk)
        return Claim.objects.get(source_key=f"draft:{pk}")

    def test_a_sheet_of_ten_begins_on_the_ladder_of_groups_and_one_of_nine_does_not(self) -> None:
        self.assertEqual((self.ladder(self.registered(10)), self.ladder(self.registered(9))), (self.published.pk, None))

    def test_the_tenth_worker_changes_the_ladder_and_a_split_below_ten_changes_it_back(self) -> None:
        claim = self.registered(9)
        join(claim, newcomer(), self.chief, now=NOW)
        self.assertEqual(self.ladder(claim), self.published.pk)
        claim.refresh_from_db()
        split(claim, self.chief, [claim.claimants.get(name="新人90").pk], "另一工地", now=NOW)
        self.assertIsNone(self.ladder(claim))
