"""Several suits of one claim: which worker is in which, what ends and meets what, what each is granted, and who is in none."""

from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.urls import reverse

from arrears import casework
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Clock, Evidence, Grant, Proceeding
from arrears.papers.blocks import text_of
from arrears.papers.forms import FORMS
from arrears.papers.making import Maker
from arrears.papers.numbers import read_numbers
from arrears.proceedings import verbs
from arrears.proceedings.workers import granted
from tests.arrears.test_proceeding_limits import RoadTestCase
from tests.arrears.test_proceedings import at
from tests.base import NOW, TODAY

LIMIT = "ARB-LIMIT-1Y"


class WorkersTestCase(RoadTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = self.group("李一", "李二", "李三")
        self.one, self.two, self.three = self.claim.claimants.order_by("pk")
        self.client.force_login(self.county)

    def group(self, *names: str) -> Claim:
        claim = self.make_claim(claimants=[ClaimantFacts(name, "", lines=[LineFacts(Decimal(1000))]) for name in names])
        casework.advance(claim, "accept", self.chief, now=NOW, conditions=True)
        self.paper = Evidence.objects.create(
            claim=claim, kind="document", title="回执", original_name="a.pdf", file="x/a.pdf", extension="pdf", mime="application/pdf",
            size=1, sha256="0" * 64, added_at=NOW,
        )  # fmt: skip
        return Claim.objects.get(pk=claim.pk)

    def apply(self, *workers: Any, **said: Any) -> Proceeding:
        return self.open("arbitration.applied", workers=[worker.pk for worker in workers], **said)

    def award(self, *workers: Any, amount: int = 1000, **said: Any) -> Proceeding:
        row = self.apply(*workers)
        self.step(row, "accepted", date(2026, 3, 6))
        self.step(row, "awarded", date(2026, 4, 15), amount=Decimal(amount), until=date(2026, 5, 20), **said)
        return row

    def at_time(self, now: Any) -> Any:
        return patch("django.utils.timezone.now", return_value=now)

    def whose(self, row: Proceeding) -> list[str]:
        return sorted(row.workers.values_list("name", flat=True))

    def runs(self, rule: str = LIMIT) -> bool:
        return Clock.objects.running().filter(claim=self.claim, rule_id=rule, about_id=None).exists()


class WhoseTest(WorkersTestCase):
    def test_of_everybody_unless_said(self) -> None:
        self.assertEqual(self.whose(self.open("arbitration.applied")), ["李一", "李三", "李二"])
        self.assertFalse(self.runs())

    def test_nobody_is_in_two_at_once_and_the_next_is_of_those_who_are_left(self) -> None:
        self.apply(self.one)
        self.assertIn("李一", self.refused("worker_in_another", self.apply, self.one, self.two))
        self.refused("nobody", self.apply)
        self.refused("not_of_claim", self.open, "arbitration.applied", workers=[self.claim.pk])
        self.assertEqual(self.whose(self.open("arbitration.applied")), ["李三", "李二"])
        self.refused("worker_in_another", self.open, "arbitration.applied")

    def test_who_is_in_none_keeps_the_limit_until_all_are_in_one(self) -> None:
        first = self.apply(self.one, self.two)
        self.assertTrue(self.runs())
        second = self.apply(self.three)
        self.assertFalse(self.runs())
        verbs.take_back(second.steps.get(), self.county, reason="没有申请", now=NOW)
        self.assertTrue(self.runs())
        self.assertTrue(self.fresh(first).is_open)

    def test_one_workers_suit_does_not_bar_the_arbitration_of_the_others(self) -> None:
        self.tick("iou")
        self.open("suit.filed_direct", workers=[self.one.pk])
        self.refused("excluded", self.apply, self.one)
        self.apply(self.two, self.three)

    def test_a_dismissal_bars_only_those_who_sued(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct", workers=[self.one.pk])
        self.step(suit, "docketed", date(2026, 3, 5), procedure="ordinary")
        self.step(suit, "dismissed", date(2026, 4, 8))
        self.step(suit, "lost", date(2026, 4, 24))
        self.assertTrue(self.runs())


class GoesOnTest(WorkersTestCase):
    def test_a_suit_ends_the_arbitration_it_goes_on_with_and_no_other(self) -> None:
        first, second = self.award(self.one), self.award(self.two, self.three)
        on, now = date(2026, 4, 20), at(date(2026, 4, 20))
        said = self.refused("which_one", self.open, "suit.filed_after", on=on, now=now)
        self.assertIn("劳动仲裁", said)
        suit = self.open("suit.filed_after", on=on, now=now, about=second)
        self.assertEqual((self.whose(suit), suit.continues), (["李三", "李二"], second))
        self.assertEqual((self.fresh(first).state, self.fresh(second).state), ("awarded", "sued"))
        self.assertEqual((list(self.running(first)), list(self.running(second))), (["ARB-SUE-15"], []))
        self.refused("not_continued", self.open, "suit.filed_after", on=on, now=now, about=second, workers=[self.one.pk])
        suit = self.open("suit.filed_after", on=on, now=now, workers=[self.one.pk])
        self.assertEqual((suit.continues, self.fresh(first).state), (first, "sued"))

    def test_what_one_title_is_enforced_by_leaves_the_two_years_of_the_other(self) -> None:
        rows = [self.award(self.one), self.award(self.two, self.three)]
        for row in rows:
            self.step(row, "effective", date(2026, 5, 6))
        self.open("enforcement.applied", on=date(2026, 5, 25), now=at(date(2026, 5, 25)), about=rows[0])
        self.assertEqual([self.fresh(row).is_open for row in rows], [False, True])
        self.assertEqual(list(self.running(rows[1])), ["ENF-2Y"])

    def test_the_page_offers_who_is_left_and_which_one(self) -> None:
        first, second = self.award(self.one), self.award(self.two, self.three)
        page = self.client.get(reverse("claim_proceedings", args=[self.claim.pk]))
        self.assertContains(page, f"?about={first.pk}")
        address = reverse("proceeding_open", args=[self.claim.pk, "suit", "filed_after"]) + f"?about={first.pk}"
        form = self.client.get(address).context["form"]
        self.assertEqual((form["workers"].value(), form["about"].value()), ([str(self.one.pk)], str(first.pk)))
        said = {"on": str(TODAY), "court": "沭阳县人民法院", "paper": str(self.paper.pk), "workers": [str(self.one.pk)], "about": str(first.pk)}
        with self.at_time(at(date(2026, 4, 20))):
            self.client.force_login(self.county)
            self.client.post(address, {**said, "on": "2026-04-20"})
        self.assertEqual(self.whose(Proceeding.objects.get(kind="suit")), ["李一"])
        self.assertTrue(self.fresh(second).is_open)


class GrantedTest(WorkersTestCase):
    def grants(self, row: Proceeding) -> dict[str, Decimal]:
        return {grant.claimant.name: grant.amount for grant in granted(list(row.steps.filter(withdrawn_at=None).order_by("recorded_at")))}

    def test_what_each_is_granted_comes_to_the_title_to_the_cent(self) -> None:
        row = self.apply(self.one, self.two)
        self.step(row, "accepted", date(2026, 3, 6))
        said = {"amount": Decimal("1999.99"), "until": date(2026, 5, 20)}
        each = {self.one.pk: Decimal("1000.00"), self.two.pk: Decimal("999.98")}
        self.assertIn("相差 0.01 元", self.refused("grants_differ", self.step, row, "awarded", date(2026, 4, 15), grants=each, **said))
        self.refused("not_of_claim", self.step, row, "awarded", date(2026, 4, 15), grants={self.three.pk: Decimal("1999.99")}, **said)
        self.assertEqual(self.fresh(row).state, "accepted")
        step = self.step(row, "awarded", date(2026, 4, 15), grants={**each, self.two.pk: Decimal("999.99")}, **said)
        self.assertEqual(self.grants(row), {"李一": Decimal("1000.00"), "李二": Decimal("999.99")})
        verbs.take_back(step, self.county, reason="金额错了", now=at(date(2026, 4, 16)))
        self.assertEqual(self.grants(row), {})

    def test_the_only_worker_of_a_title_is_granted_all_of_it(self) -> None:
        self.assertEqual(self.grants(self.award(self.three, amount=900)), {"李三": Decimal(900)})

    def test_the_form_asks_for_each_and_the_page_shows_them(self) -> None:
        row = self.apply(self.one, self.two)
        self.step(row, "accepted", date(2026, 3, 6))
        address = reverse("proceeding_step", args=[row.pk, "awarded"])
        said = {
            "on": str(TODAY), "amount": "1500", "until": "2026-05-20", "paper": str(self.paper.pk), f"grant-{self.one.pk}": "1000",
            f"grant-{self.two.pk}": "600",
        }  # fmt: skip
        self.enterContext(self.at_time(at(date(2026, 3, 6))))
        self.client.force_login(self.county)
        response = self.client.post(address, {**said, "on": "2026-03-06"})
        self.assertContains(response, "相差 100.00 元", status_code=409)
        self.client.post(address, {**said, "on": "2026-03-06", f"grant-{self.two.pk}": "500"})
        page = self.client.get(reverse("claim_proceedings", args=[self.claim.pk]))
        self.assertContains(page, "每名劳动者的金额")
        self.assertContains(page, "李三。他们的时效照样在走。")


class PapersTest(WorkersTestCase):
    def test_they_name_the_workers_of_the_proceeding_and_ask_for_what_these_are_owed(self) -> None:
        row = self.apply(self.one, self.two)
        for about, names, sum_asked in ((row.pk, ["李一", "李二"], 2000), (None, ["李一", "李二", "李三"], 3000)):
            facts = Maker(self.claim, TODAY).draft("F-09", {}, about_id=about, is_strict=False).facts
            self.assertEqual([one["姓名"] for one in facts["全部申请人"]], names)
            self.assertEqual((facts["金额"]["请求"], facts["案件"]["人数"]), (Decimal(sum_asked), len(names)))

    def test_the_title_of_the_own_proceeding_says_what_it_grants_each(self) -> None:
        rows = [self.award(self.one), self.award(self.two, self.three, amount=1900, grants={self.two.pk: Decimal(1000), self.three.pk: Decimal(900)})]
        for row in rows:
            self.step(row, "effective", date(2026, 5, 6))
        for row, each in zip(rows, ({"李一": Decimal(1000)}, {"李二": Decimal(1000), "李三": Decimal(900)}), strict=True):
            facts = Maker(self.claim, TODAY).draft("F-25", {}, about_id=row.pk, is_strict=False).facts
            self.assertEqual({one["姓名"]: one["金额"] for one in facts["程序"]["生效文书"]["按人"]}, each)
            self.assertEqual(facts["程序"]["生效文书"]["合计"], sum(each.values()))

    def test_the_list_of_an_application_to_enforce_says_what_the_title_grants_each_to_the_cent(self) -> None:
        row = self.award(self.two, self.three, amount=1900, grants={self.two.pk: Decimal("999.99"), self.three.pk: Decimal("900.01")})
        self.step(row, "effective", date(2026, 5, 6))
        draft = Maker(self.claim, TODAY).draft("F-25", {}, about_id=row.pk, is_strict=False)
        text = text_of(draft.blocks)
        for said in ("文书确定（元）", "999.99", "900.01", "1,900.00"):
            self.assertIn(said, text)
        self.assertNotIn("欠付（元）", text)

    def test_whole_id_numbers_are_opened_of_them_only(self) -> None:
        row = self.apply(self.one)
        for worker in (self.one, self.two):
            worker.put_id_number("11010519491231002X")
            worker.save()
        forms = [form for form in FORMS.values() if form.full_numbers]
        self.assertEqual(read_numbers(self.claim, forms, about_id=row.pk).keys(), {self.one.pk})
        self.assertEqual(read_numbers(self.claim, forms).keys(), {self.one.pk, self.two.pk})


class CarriedTest(WorkersTestCase):
    def test_split_each_claim_keeps_what_is_its_workers(self) -> None:
        both, alone = self.award(self.one, self.two, amount=2000, grants={self.one.pk: Decimal(1100), self.two.pk: Decimal(900)}), self.apply(self.three)
        new = split(self.claim, self.chief, [self.two.pk, self.three.pk], "分开办理", now=NOW)
        self.assertEqual((self.whose(both), self.fresh(alone).claim), (["李一"], new))
        copy = new.proceedings.exclude(pk=alone.pk).get()
        self.assertEqual((self.whose(copy), copy.state), (["李二"], "awarded"))
        self.assertEqual(
            set(Grant.objects.values_list("step__proceeding", "claimant__name", "amount")), {(both.pk, "李一", Decimal(1100)), (copy.pk, "李二", Decimal(900))}
        )

    def test_merged_it_stays_of_those_it_was_of(self) -> None:
        mine = self.open("arbitration.applied")
        mine.workers.clear()  # from before there were names
        target = self.group("王五")
        theirs = verbs.open_proceeding(target, "arbitration", "applied", self.county, on=TODAY, now=NOW, court="x", paper=self.paper)
        theirs.workers.clear()
        casework.advance(self.claim, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        self.assertEqual((self.whose(mine), self.whose(theirs)), (["李一", "李三", "李二"], ["王五"]))


class ClosingTest(WorkersTestCase):
    def test_a_claim_does_not_end_as_judged_while_somebody_was_never_in_court(self) -> None:
        casework.advance(self.claim, "handle", self.chief, now=NOW)
        row = self.apply(self.one, self.two)
        self.step(row, "withdrawn", TODAY)
        said = {"result": "judged", "reason": "已经移送执行"}
        refusal = self.refused("workers_left_out", casework.advance, self.claim, "conclude", self.county, now=NOW, **said)
        self.assertIn("李三", refusal)
        casework.advance(self.claim, "conclude", self.county, now=NOW, **{**said, "result": "insolvent"})
