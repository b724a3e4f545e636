"""The desk of each role: numbers that open exactly their rows, whose turn it is, and the same cost for 3 and 300."""

from datetime import date, timedelta
from unittest.mock import patch

from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from arrears import casework, referrals
from arrears.desk import units
from arrears.models import Claim, Clock
from grid.days import day_of
from grid.ids import public_number, uuid7
from grid.models import AccessLog, Leave, Notice, Posting
from grid.notices import tell
from tests.base import NOW, CastTestCase


class DeskTestCase(CastTestCase):
    now = NOW

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", side_effect=lambda: self.now)
        clock.start()
        self.addCleanup(clock.stop)

    def desk(self, person):
        self.client.force_login(person)
        return self.client.get(reverse("desk"))

    def number(self, response, name: str) -> int:
        return {shown.tile.name: shown.count.number for shown in response.context["tiles"]}[name]

    def panels(self, response) -> dict:
        return {shown.panel.name: shown.facts for column in ("main", "side") for shown in response.context[column]}

    def turns(self, response, kind: str = "mine") -> list[Claim]:
        return [turn.row.claim for turn in self.panels(response)["own_claims"][kind]]


class UnitTest(SimpleTestCase):
    def test_the_word_behind_a_number_is_what_the_counted_phrase_says_besides_it(self) -> None:
        self.assertEqual([units.cases(3), units.orders(1), units.hearings(2)], ["件", "份", "场"])
        with translation.override("en"):
            self.assertEqual([units.hearings(1), units.hearings(0), units.hearings(2)], ["hearing", "hearings", "hearings"])


class WhatStandsOnItTest(DeskTestCase):
    def test_every_role_has_a_desk_and_only_its_own(self) -> None:
        expected = {
            "grid_worker": "该您办的", "chief": "待受理", "county": "提级到县级", "city": "提级到市级", "mediator": "待安排调解会",
            "partner": "移送给本单位的", "auditor": "查看完整身份证号", "administrator": "空缺的岗位", "outsider": "您现在没有任职",
        }  # fmt: skip
        for name, words in expected.items():
            with self.subTest(name):
                response = self.desk(getattr(self, name))
                self.assertContains(response, words)
                others = {word for other, word in expected.items() if other != name}
                shown = {word for word in others if word in response.content.decode()}
                self.assertLessEqual(shown, {"该您办的", "待受理", "空缺的岗位"})

    def test_it_is_only_read(self) -> None:
        self.client.force_login(self.chief)
        self.assertEqual(self.client.post(reverse("desk")).status_code, 405)
        self.client.logout()
        self.assertEqual(self.client.get(reverse("desk")).status_code, 302)

    def test_the_greeting_follows_the_clock_of_shanghai(self) -> None:
        for hour, words in ((9, "上午好"), (12, "中午好"), (15, "下午好"), (20, "晚上好"), (2, "夜深了")):
            self.now = NOW.replace(hour=hour)
            self.assertContains(self.desk(self.chief), f"{words}，章镇")

    def test_an_empty_desk_says_what_to_do_next(self) -> None:
        self.assertContains(self.desk(self.grid_worker), "收到工人投诉或巡查发现欠薪时，请及时登记。")
        self.assertContains(self.desk(self.county), "没有等您办的案件")
        self.assertContains(self.desk(self.partner), "没有等待本单位办理的移送")
        self.assertContains(self.desk(self.mediator), "没有等待受理或安排的调解")

    def test_somebody_without_a_post_is_told_whom_to_ask(self) -> None:
        response = self.desk(self.outsider)
        self.assertContains(response, "管理")
        self.assertContains(response, "guanli@example.test")


class NumbersTest(DeskTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.fresh = cls.make_claim(person=cls.grid_worker)
        cls.late = cls.make_claim(person=cls.grid_worker, now=NOW - timedelta(days=14))
        cls.elsewhere = cls.make_claim("321322102")
        cls.of_b = cls.make_claim("321323101", now=NOW - timedelta(days=14))
        casework.advance(cls.late, "escalate", cls.chief, now=NOW, reason="涉及两县")
        casework.advance(cls.elsewhere, "accept", cls.county, now=NOW, conditions=True)
        referrals.refer(cls.elsewhere, cls.county, now=NOW, kind="support", body=cls.procuratorate, summary="请支持起诉。")

    def test_each_number_opens_exactly_the_rows_it_counted(self) -> None:
        for name, person in self.everybody().items():
            for shown in self.desk(person).context.get("tiles", ()):
                with self.subTest(f"{name}: {shown.tile.name}"):
                    page = self.client.get(shown.url)
                    self.assertEqual(page.status_code, 200)
                    found = page.context["plan"].count if "plan" in page.context else len(page.context["rows"])
                    self.assertEqual(found, shown.count.number)

    def test_the_numbers_are_right_and_end_at_the_border_of_the_region(self) -> None:
        for person, numbers in (
            (self.grid_worker, {"my_overdue": 0, "my_open": 1}),
            (self.chief, {"overdue": 1, "to_accept": 2, "unassigned": 1, "open": 2}),
            (self.county, {"overdue": 1, "to_accept": 2, "at_county": 1, "unanswered": 1}),
            (self.county_b, {"overdue": 1, "to_accept": 1, "at_county": 0, "unanswered": 0}),
            (self.city, {"overdue": 2, "at_city": 0, "late_answers": 0, "open": 4}),
            (self.partner, {"to_receive": 1, "to_answer": 0, "to_conclude": 0, "my_late": 0}),
            (self.auditor, {"overdue": 2, "open": 4}),
        ):
            response = self.desk(person)
            for name, number in numbers.items():
                with self.subTest(f"{person} {name}"):
                    self.assertEqual(self.number(response, name), number)

    def test_whose_turn_it_is_is_what_the_page_of_the_claim_says(self) -> None:
        # registered: only the office can accept, so it is the chief's turn and not the grid worker's who logged it
        self.assertEqual(self.turns(self.desk(self.chief)), [self.fresh])
        self.assertEqual(self.turns(self.desk(self.grid_worker)), [])
        # escalated: the county's; and accepted in A2: its chief's
        self.assertEqual(self.turns(self.desk(self.county)), [self.late])
        self.assertEqual(self.turns(self.desk(self.chief_a2)), [self.elsewhere])

    def test_what_is_paid_waits_for_somebody_who_can_close_it(self) -> None:
        casework.advance(self.fresh, "accept", self.chief, now=NOW, conditions=True)
        casework.advance(self.fresh, "record_payment", self.grid_worker, now=NOW, amount=8000, paid_on=NOW.date(), method="bank")
        self.assertEqual(self.turns(self.desk(self.chief)), [self.fresh])
        self.assertEqual(self.turns(self.desk(self.grid_worker)), [])

    def test_the_level_above_stands_in_for_an_empty_post(self) -> None:
        Posting.objects.filter(person=self.chief).update(ends_on=day_of(NOW) - timedelta(days=1))
        response = self.desk(self.county)
        self.assertEqual(self.turns(response), [self.late, self.fresh])
        vacant = [vacancy.place for vacancy, _load in self.panels(response)["vacancies"]["rows"]]
        self.assertEqual(vacant, ["陇集镇"])
        self.assertContains(response, "无人任职 · 2 件在办")

    def test_a_leader_sees_the_soonest_due_of_the_region_and_who_must_act(self) -> None:
        response = self.desk(self.county)
        # both on 5 March: the decision on acceptance by the city's target, and the begin of work
        self.assertEqual(self.turns(response, "others"), [self.fresh, self.elsewhere])
        self.assertContains(response, "何镇")
        self.assertContains(response, "受理决定")

    def test_a_chief_on_leave_leaves_a_vacancy_that_says_so(self) -> None:
        Leave.objects.create(person=self.chief, starts_on=day_of(NOW), ends_on=day_of(NOW))
        self.assertContains(self.desk(self.county), "请假，没有 B 角")

    def test_the_administrator_sees_every_empty_post_also_of_bodies(self) -> None:
        Posting.objects.filter(person__in=[self.city, self.county_b]).update(ends_on=day_of(NOW) - timedelta(days=1))
        vacant = {vacancy.place for vacancy, _load in self.panels(self.desk(self.administrator))["vacancies"]["rows"]}
        self.assertEqual(vacant, {"宿迁市", "泗阳县", "裴圩镇", "沭阳县人民法院"})

    def test_a_partner_sees_what_to_answer_by_its_day(self) -> None:
        response = self.desk(self.partner)
        self.assertEqual(len(self.panels(response)["body_referrals"]["rows"]), 1)
        self.assertNotContains(response, f"/claims/{self.elsewhere.pk}/")

    def test_what_is_new_leads_on_from_the_desk(self) -> None:
        notice = Notice.objects.inbox_of(self.partner).get()
        self.assertContains(self.desk(self.partner), reverse("notice_open", args=[notice.pk]))

    def test_officers_see_the_regions_below_with_the_latest_first(self) -> None:
        rows = self.panels(self.desk(self.county))["regions"]["rows"]
        self.assertEqual([(name, load.open, load.overdue) for _code, name, load in rows], [("陇集镇", 2, 1), ("胡集镇", 1, 0)])
        rows = self.panels(self.desk(self.city))["regions"]["rows"]
        self.assertEqual({name for _code, name, _load in rows}, {"沭阳县", "泗阳县"})


class OthersTest(DeskTestCase):
    def test_mail_that_could_not_be_delivered_is_the_administrators_work(self) -> None:
        tell([self.county], "claim_moved", key="x", now=NOW, facts={}, region_code="321322")
        Notice.objects.filter(channel="email").update(state="failed", error="550 mailbox unavailable")
        self.assertContains(self.desk(self.administrator), "550 mailbox unavailable")
        self.assertNotContains(self.desk(self.city), "550 mailbox unavailable")

    def test_the_auditor_sees_who_looked_at_whole_id_numbers(self) -> None:
        AccessLog.objects.create(person=self.county, at=NOW, act="reveal", subject="claimant", region_code="321322101", reason="核对身份")
        self.assertContains(self.desk(self.auditor), "核对身份")

    def test_a_missing_calendar_is_announced_from_november_on(self) -> None:
        for day, person, is_said in (
            (date(2026, 10, 31), self.administrator, False),
            (date(2026, 11, 1), self.administrator, True),
            (date(2026, 11, 1), self.county, True),
            (date(2026, 11, 1), self.grid_worker, False),
        ):
            with self.subTest(f"{day} {person}"):
                self.now = NOW.replace(month=day.month, day=day.day)
                said = "2027 年放假安排尚未载入" in self.desk(person).content.decode()
                self.assertEqual(said, is_said)
        self.assertContains(self.desk(self.administrator), reverse("calendar_list"))

    def test_unfinished_drafts_wait_on_the_desk_of_their_owner(self) -> None:
        draft = self.grid_worker.drafts.create(step="who", updated_at=NOW)
        self.assertContains(self.desk(self.grid_worker), reverse("draft_step", args=[draft.pk, "who"]))
        self.assertNotContains(self.desk(self.chief), str(draft.pk))


class CostTest(DeskTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.seeds = [cls.make_claim(person=cls.grid_worker), cls.make_claim(), cls.make_claim("321322102")]
        for claim in cls.seeds:
            casework.advance(claim, "accept", cls.county, now=NOW, conditions=True)
            referrals.refer(claim, cls.county, now=NOW, kind="support", body=cls.procuratorate, summary="请支持起诉。")
        casework.advance(cls.seeds[1], "escalate", cls.chief, now=NOW, reason="涉及两县")  # in the chief's sight, not theirs

    def cost(self, person) -> int:
        self.client.force_login(person)
        with CaptureQueriesContext(connection) as asked:
            self.client.get(reverse("desk"))
        return len(asked)

    def test_the_desk_costs_the_same_for_three_and_for_three_hundred(self) -> None:
        # chief_a2 has one list with a single claim and none in the other: no rows ask for nothing more
        people = [person for name, person in self.everybody().items() if name not in ("outsider", "chief_a2")]
        for person in people:
            self.cost(person)
        few = [self.cost(person) for person in people]
        self.multiply(100)
        self.assertEqual([self.cost(person) for person in people], few)
        self.assertLess(max(few), 60)

    def multiply(self, times: int) -> None:
        """Copies the claims with their clocks and referrals, spread over a month."""
        claims, clocks, sent = [], [], []
        for claim in self.seeds:
            known, referral = list(claim.clocks.all()), claim.referrals.get()
            for n in range(times):
                copy = Claim(**{f.attname: getattr(claim, f.attname) for f in Claim._meta.concrete_fields})
                copy.pk, copy.number, copy.public_number = uuid7(), f"{claim.number}-{n}", public_number()
                copy.due_on = claim.due_on + timedelta(days=n % 30 - 10)
                claims.append(copy)
                clocks += [
                    Clock(claim=copy, rule_id=c.rule_id, started_on=c.started_on, natural_on=c.natural_on, due_on=copy.due_on)
                    for c in known if c.about_id is None and c.ended_on is None
                ]  # fmt: skip
                sent.append(type(referral)(
                    claim=copy, kind="support", body=referral.body, state="sent", summary="x", shared=referral.shared,
                    created_at=NOW, sent_at=NOW, answer_by=copy.due_on,
                ))  # fmt: skip
        Claim.objects.bulk_create(claims)
        Clock.objects.bulk_create(clocks)
        type(sent[0]).objects.bulk_create(sent)
