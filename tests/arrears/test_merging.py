"""Claims that are merged: whoever waited longest keeps the day from which the whole case is counted."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import TransactionTestCase

from arrears import casework, escalation
from arrears.evidence import add_evidence
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.integrity import CHECKS
from arrears.ladders import LADDERS, Rung
from arrears.ladders import changes as ladder_changes
from arrears.ladders.book import Draft
from arrears.limitation.interrupting import interrupt
from arrears.models import Claim, Claimant, Clock, Event, Search, SearchWay, Watch
from arrears.search import search
from arrears.situation.recording import Said, state_facts
from arrears.support import searching
from arrears.telling import tell
from arrears.timing import suspending
from arrears.worker import tracking
from grid.days import SHANGHAI
from grid.models import Notice, Person
from grid.refused import Refused
from tests.base import NOW, TODAY, Cast, CastTestCase

LATER = datetime(2026, 3, 16, 10, 0, tzinfo=SHANGHAI)  # a Monday, ten working days after NOW


class Merging(CastTestCase):
    def setUp(self) -> None:
        self.older = self.make_claim()
        self.younger = self.make_claim(now=LATER, last_working_day=date(2026, 2, 10))

    def merge(self, claim: Claim, into: Claim, now: datetime = LATER) -> None:
        casework.advance(claim, "merge", self.chief, now=now, merged_into=into, reason="同一工地")

    def running(self, claim: Claim, rule: str) -> Clock:
        return Clock.objects.running().get(claim=claim, rule_id=rule)

    def test_the_younger_claim_takes_over_the_older_ones_whole_case_clock_and_limit(self) -> None:
        own = self.running(self.younger, "CASE-WHOLE-60")
        self.assertEqual((own.due_on, self.running(self.younger, "ARB-LIMIT-1Y").due_on), (date(2026, 6, 11), date(2027, 2, 11)))
        self.merge(self.older, self.younger)
        whole, right = self.running(self.younger, "CASE-WHOLE-60"), self.running(self.younger, "ARB-LIMIT-1Y")
        self.assertEqual((whole.pk, whole.started_on, whole.due_on), (own.pk, TODAY, date(2026, 5, 28)))
        self.assertEqual((right.started_on, right.due_on), (date(2026, 1, 20), date(2027, 1, 20)))
        self.assertEqual(whole.watch.next_at.date(), date(2026, 5, 12))  # 48 of 60 working days
        event = Event.objects.get(claim=self.younger, kind="clock_moved", facts__rule="CASE-WHOLE-60")
        self.assertEqual((event.facts["old"], event.facts["new"], event.actor), ("2026-06-11", "2026-05-28", self.chief))
        self.assertEqual(tell(event).title, f"并入的案件 {self.older.number} 起算更早，“全案办结”的期限由 2026-06-11 改为 2026-05-28")

    def test_an_older_claim_keeps_its_own(self) -> None:
        before = dict(self.older.clocks.values_list("rule_id", "due_on"))
        self.merge(self.younger, self.older)
        self.assertEqual(dict(self.older.clocks.values_list("rule_id", "due_on")), before)
        self.assertFalse(Event.objects.filter(kind="clock_moved").exists())

    def test_what_ran_out_for_the_older_worker_is_watched_where_nobody_knew_a_day(self) -> None:
        unknown = self.make_claim(now=LATER, last_working_day=None)
        self.assertFalse(unknown.clocks.filter(rule_id="ARB-LIMIT-1Y").exists())
        self.merge(self.older, unknown)
        self.assertEqual(self.running(unknown, "ARB-LIMIT-1Y").due_on, date(2027, 1, 20))

    def test_inspections_two_years_go_over_with_the_earlier_day_while_nobody_has_decided(self) -> None:
        self.merge(self.older, self.younger)
        limit = self.running(self.younger, "JC-LIMIT-2Y")
        self.assertEqual((limit.started_on, limit.due_on), (date(2026, 1, 20), date(2028, 1, 20)))

    def test_inspections_two_years_do_not_begin_again_in_a_claim_that_was_accepted(self) -> None:
        casework.advance(self.younger, "accept", self.chief, now=LATER, conditions=True)
        self.merge(self.older, self.younger)
        self.assertFalse(Clock.objects.running().filter(claim=self.younger, rule_id="JC-LIMIT-2Y").exists())

    def test_the_office_clocks_of_the_claim_go_on_as_they_were(self) -> None:
        """Its decision is counted from the day it came itself, and is soonest due."""
        self.merge(self.older, self.younger)
        self.younger.refresh_from_db()
        self.assertEqual(self.running(self.younger, "JC-ACCEPT").started_on, LATER.date())
        self.assertEqual(self.younger.due_on, self.running(self.younger, "JC-ACCEPT-3").due_on)

    def test_days_on_which_the_older_one_rested_before_the_younger_came_do_not_count(self) -> None:
        claim = self.make_claim(now=NOW)
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        suspending.suspend(claim, self.county, NOW + timedelta(days=7), "appraisal", date(2026, 3, 23), "鉴定")
        self.merge(claim, self.younger, LATER + timedelta(days=2))
        # 9 to 13 March are out; from Monday 16 March on the younger one was being worked on
        self.assertEqual(self.running(self.younger, "CASE-WHOLE-60").due_on, date(2026, 6, 4))

    def test_a_claim_that_rests_gets_the_day_and_no_watch(self) -> None:
        casework.advance(self.younger, "accept", self.county, now=LATER, conditions=True)
        suspending.suspend(self.younger, self.county, LATER, "appraisal", date(2026, 3, 23), "鉴定")
        self.merge(self.older, self.younger)
        whole = self.running(self.younger, "CASE-WHOLE-60")
        self.assertEqual(whole.due_on, date(2026, 6, 4))  # 28 May and five working days
        self.assertFalse(Watch.objects.filter(clock=whole).exists())

    def test_a_day_that_is_past_by_then_calls_at_once(self) -> None:
        late = datetime(2026, 6, 1, 10, 0, tzinfo=SHANGHAI)
        young = self.make_claim(now=late)
        Watch.objects.exclude(clock__claim=young).delete()
        self.merge(self.older, young, late)
        escalation.sweep(late)
        told = Event.objects.filter(claim=young, facts__rule="CASE-WHOLE-60").exclude(kind="clock_moved")
        self.assertEqual({event.facts["rung"] for event in told}, {"near", "due", "late2"})

    def test_merging_is_no_way_to_meet_the_whole_case_limit(self) -> None:
        self.merge(self.older, self.younger)
        self.assertEqual(set(self.older.clocks.values_list("was_met", flat=True)), {False})


ID_NUMBER, OTHER_ID = "11010519491231002X", "32132219800101003X"


def worker(name: str, phone: str = "", id_number: str = "", *lines: LineFacts) -> ClaimantFacts:
    return ClaimantFacts(name, phone, id_number, lines=lines or [LineFacts(Decimal("1000.10"))])


class Carrying(CastTestCase):
    """What goes over with a merged claim."""

    def merge(self, claim: Claim, into: Claim, now: datetime = NOW) -> None:
        casework.advance(claim, "merge", self.chief, now=now, merged_into=into, reason="同一工地")
        into.refresh_from_db()

    def crew(self, count: int, first: int = 0) -> list[ClaimantFacts]:
        return [worker(f"工友{number}", f"138{number:08d}") for number in range(first, first + count)]

    def test_ten_who_came_one_by_one_are_a_collective_claim_with_every_worker_and_cent(self) -> None:
        target, *others = [self.make_claim(claimants=self.crew(1, number)) for number in range(10)]
        for other in others[:-1]:
            self.merge(other, target)
        self.assertFalse(target.is_collective)
        self.merge(others[-1], target)
        self.assertEqual((target.is_collective, target.worker_count, target.worker_name), (True, 10, "工友0 +9"))
        self.assertEqual((target.claimants.count(), target.lines.count(), target.claimed), (10, 10, Decimal("10001.00")))
        self.assertEqual(list(search(Claim.objects.open(), "工友9")), [target])

    def searched(self, **leads: str) -> tuple[Claim, Search]:
        claim = self.make_claim(respondents=[RespondentFacts(aliases="老王", role="individual")])
        return claim, searching.start(claim.respondents.get(), self.grid_worker, now=NOW, **leads)

    def test_the_search_for_a_defendant_goes_on_in_the_claim_that_goes_on(self) -> None:
        claim, search = self.searched(nickname="老王", account="6222020000000008901")
        way = searching.begin_way(search, self.grid_worker, "bank", "查收款账号", now=NOW)
        target = self.make_claim(respondents=[RespondentFacts("宏远", role="labour")])
        self.merge(claim, target)
        search.refresh_from_db()
        self.assertEqual((search.state, search.claim, search.respondent.claim, search.respondent.aliases), ("searching", target, target, "老王"))
        running = Clock.objects.running().filter(claim=target, about_id__in=[search.pk, way.pk])
        self.assertEqual(set(running.values_list("rule_id", flat=True)), {"FIND-RESPONDENT-15", "SUPPORT-QUERY-3"})
        told = Event.objects.filter(kind="search").exclude(facts__move__in=("start", "ask")).values_list("claim__number", "facts__move")
        self.assertEqual(set(told), {(claim.number, "goes_over"), (target.number, "goes_on")})
        searching.decide(SearchWay.objects.get(pk=way.pk), self.city, now=NOW, allows=True)
        searching.found(Search.objects.get(pk=search.pk), self.grid_worker, now=NOW, legal_name="王大", id_number=ID_NUMBER)
        self.assertEqual(target.respondents.get(legal_name="王大").aliases, "老王")
        self.assertEqual({name: found for name, check in CHECKS.items() if (found := check.find(NOW).count)}, {})

    def test_where_the_same_man_is_looked_for_already_that_search_learns_the_leads(self) -> None:
        (claim, search), (target, going) = self.searched(nickname="老王", plate="苏N12345"), self.searched(nickname="王老板")
        self.merge(claim, target)
        search.refresh_from_db()
        going.refresh_from_db()
        self.assertEqual((search.state, search.claim), ("given_up", claim))
        self.assertEqual((going.state, going.nickname, going.plate), ("searching", "王老板", "苏N12345"))

    def test_the_ladder_changes_with_the_tenth_worker(self) -> None:
        rungs = (Rung("half", "过半", ("handler",), share=0.5), *LADDERS["legal"][1:])
        draft = Draft("legal", claim_kind="group", rungs=rungs, valid_from=TODAY)
        published = ladder_changes.publish(draft, self.administrator, now=NOW, note="集体案件", replaces=0)
        target, other = self.make_claim(claimants=self.crew(9)), self.make_claim(claimants=self.crew(1, 20))
        own = Watch.objects.get(clock__claim=target, clock__rule_id="JC-ACCEPT")
        self.assertIsNone(own.ladder_id)
        self.merge(other, target)
        self.assertEqual(Watch.objects.get(clock__claim=target, clock__rule_id="JC-ACCEPT").ladder_id, published.pk)

    def test_one_worker_of_both_is_one_and_the_same_wage_counts_once(self) -> None:
        wage = LineFacts(Decimal("4000"), Decimal(2), "month", period_from=date(2025, 11, 1), period_to=date(2025, 12, 31))
        later = LineFacts(Decimal("77.77"), period_from=date(2026, 1, 1), period_to=date(2026, 1, 20))
        target = self.make_claim(claimants=[worker("陈大海", "", ID_NUMBER, wage), worker("甲", "13800000009")])
        other = self.make_claim(claimants=[worker("陈大海", "13900000001", ID_NUMBER, wage, later), worker("乙", "13800000008")])
        self.merge(other, target)
        self.assertEqual(sorted(target.claimants.values_list("name", flat=True)), ["乙", "甲", "陈大海"])
        self.assertEqual((target.worker_count, target.claimed), (3, Decimal("10077.97")))
        one = target.claimants.get(name="陈大海")
        self.assertEqual((one.phone, one.lines.count()), ("13900000001", 2))
        left = other.claimants.get()
        self.assertEqual((left.same_as, left.goes_on_as, left.lines.get().unpaid), (one, one, Decimal("8000.00")))
        event = Event.objects.get(claim=target, kind="merged_in")
        self.assertEqual((event.facts["same"], event.facts["doubled"], event.facts["carried"]), (["陈大海"], "8000.00", 1))
        self.assertEqual(
            tell(event).title,
            f"案件 {other.number} 并入本案：人数 2 → 3，主张金额 ¥9,000.10 → ¥10,077.97",
        )
        self.assertIn("两案都有的劳动者，合为一人：陈大海", tell(event).notes)
        self.assertEqual(check_of("claimed"), 0)

    def test_days_that_two_lines_of_one_worker_share_are_pointed_out(self) -> None:
        november = LineFacts(Decimal("4000"), period_from=date(2025, 11, 1), period_to=date(2025, 11, 30))
        longer = LineFacts(Decimal("9000"), period_from=date(2025, 11, 15), period_to=date(2026, 1, 31))
        target = self.make_claim(claimants=[worker("陈大海", "", ID_NUMBER, november)])
        self.merge(self.make_claim(claimants=[worker("陈大海", "", ID_NUMBER, longer)]), target)
        self.assertEqual((target.claimed, target.worker_count), (Decimal("13000.00"), 1))
        self.assertEqual(Event.objects.get(claim=target, kind="merged_in").facts["overlap"], ["陈大海"])

    def test_wages_that_are_alike_but_owed_by_others_are_two_debts(self) -> None:
        target = self.make_claim(claimants=[worker("陈大海", "", ID_NUMBER)])
        other = self.make_claim(claimants=[worker("陈大海", "", ID_NUMBER)], respondents=[RespondentFacts("沭阳宏图建设公司")])
        self.merge(other, target)
        self.assertEqual((target.claimed, target.worker_count, target.respondents.count()), (Decimal("2000.20"), 1, 2))

    def test_without_an_id_number_name_and_phone_together_are_the_same_worker(self) -> None:
        target = self.make_claim(claimants=[worker("陈大海", "13900000001", ID_NUMBER)])
        same = self.make_claim(claimants=[worker("陈大海", "139 0000 0001")])
        namesake = self.make_claim(claimants=[worker("陈大海", "13900000001", OTHER_ID)])
        colleague = self.make_claim(claimants=[worker("孙二", "13900000001")])
        for other, expected in ((same, 1), (namesake, 2), (colleague, 3)):
            self.merge(other, target)
            self.assertEqual((target.worker_count, target.claimants.count()), (expected, expected))

    def test_the_more_careful_wish_how_to_be_reached_is_heard(self) -> None:
        target = self.make_claim(claimants=[worker("陈大海", "13900000001", ID_NUMBER)])
        careful = worker("陈大海", "13900000001", ID_NUMBER)
        careful.contact_rule = "discreet"
        self.merge(self.make_claim(claimants=[careful]), target)
        self.assertEqual(target.claimants.get().contact_rule, "discreet")

    def test_workers_nobody_registered_are_counted_on(self) -> None:
        target, other = self.make_claim(claimants=self.crew(2), worker_count=12), self.make_claim(claimants=self.crew(1, 5), worker_count=4)
        self.merge(other, target)
        self.assertEqual((target.worker_count, target.claimants.count()), (16, 3))

    def test_payments_and_papers_go_over_and_the_merged_record_stays_readable(self) -> None:
        target, other = self.make_claim(claimants=self.crew(1)), self.make_claim(claimants=self.crew(1, 5))
        for claim in (target, other):
            casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        casework.advance(other, "record_payment", self.county, now=NOW, amount=Decimal("300.03"), paid_on=TODAY, method="bank")
        first = add_evidence(other, SimpleUploadedFile("a.txt", "甲".encode()), self.chief, now=NOW, kind="other")
        add_evidence(other, SimpleUploadedFile("b.txt", "乙".encode()), self.chief, now=NOW, kind="iou", replaces=first)
        add_evidence(target, SimpleUploadedFile("c.txt", "甲".encode()), self.chief, now=NOW, kind="other")
        self.merge(Claim.objects.get(pk=other.pk), target)
        other.refresh_from_db()
        self.assertEqual((target.paid, target.unpaid, other.paid), (Decimal("300.03"), Decimal("1700.17"), Decimal(0)))
        self.assertEqual((target.evidence.count(), other.evidence.count()), (2, 2))
        self.assertEqual(target.evidence.get(kind="iou").file.name, other.evidence.get(kind="iou").file.name)
        self.assertEqual([check_of("paid"), check_of("claimed")], [0, 0])
        event = Event.objects.get(claim=other, kind="merge")
        self.assertEqual((event.facts["carried"], event.facts["paid_over"], event.facts["papers"]), (1, "300.03", 1))

    def test_what_had_been_paid_may_be_all_that_both_are_owed(self) -> None:
        target, other = self.make_claim(claimants=[worker("甲", "13800000009", ID_NUMBER)]), self.make_claim(claimants=[worker("甲", "13800000009", ID_NUMBER)])
        for claim in (target, other):
            casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        casework.advance(other, "record_payment", None, now=NOW, amount=Decimal("500"), paid_on=TODAY, method="bank")
        casework.advance(target, "record_payment", None, now=NOW, amount=Decimal("500.10"), paid_on=TODAY, method="bank")
        self.merge(Claim.objects.get(pk=other.pk), target)
        self.assertEqual((target.stage, target.paid), ("paid", Decimal("1000.10")))

    def test_sums_verified_on_both_sides_add_up_and_one_sides_alone_is_asked_for_again(self) -> None:
        target, other, third = (self.make_claim(claimants=self.crew(1, number)) for number in range(3))
        for claim in (target, other, third):
            casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        for claim, amount in ((target, "900.50"), (other, "800.25")):
            casework.advance(claim, "verify", self.county, now=NOW, verified_amount=Decimal(amount), basis="核对工资表")
        self.merge(other, target)
        self.assertEqual((target.verified, target.owed), (Decimal("1700.75"), Decimal("1700.75")))
        self.merge(third, target)
        self.assertEqual((target.verified, target.owed), (None, Decimal("3000.30")))
        newest = Event.objects.filter(claim=target, kind="merged_in").first()
        self.assertIn("只有一案有的金额不再适用，请重新登记：核定金额", tell(newest).notes)

    def test_a_claim_that_has_settled_takes_nobody_in(self) -> None:
        target, other = self.make_claim(claimants=self.crew(1)), self.make_claim(claimants=self.crew(1, 3))
        for move in ("accept", "handle"):
            casework.advance(target, move, None, now=NOW)
        casework.advance(target, "settle", None, now=NOW, agreed_amount=Decimal(900), pay_by=date(2026, 4, 1), terms="一次付清")
        with self.assertRaises(Refused) as refused:
            self.merge(other, target)
        self.assertEqual(refused.exception.code, "merge_target_settled")
        self.assertEqual(Claimant.objects.filter(claim=other).count(), 1)

    def test_the_limit_of_whoever_is_first_to_lose_it_survives_what_is_said_later(self) -> None:
        target = self.make_claim(last_working_day=date(2026, 2, 10))
        other = self.make_claim(claimants=self.crew(1), last_working_day=date(2025, 12, 1))
        self.merge(other, target)
        state_facts(target, None, Said(["iou"], last_working_day=date(2026, 2, 10)), now=NOW)
        limit = Clock.objects.running().get(claim=target, rule_id="ARB-LIMIT-1Y")
        self.assertEqual(limit.started_on, date(2025, 12, 1))
        interrupt(target, None, now=LATER, kind="demand", happened_on=LATER.date(), proof="全体工人发函催要")
        limit.refresh_from_db()
        self.assertEqual(limit.started_on, LATER.date())

    def test_an_interruption_before_the_merger_is_of_its_own_workers_only(self) -> None:
        target = self.make_claim(last_working_day=date(2025, 11, 1))
        other = self.make_claim(claimants=self.crew(1), last_working_day=date(2025, 10, 1))
        interrupt(other, None, now=NOW, kind="demand", happened_on=date(2026, 2, 1), proof="微信催要")
        self.merge(other, target, LATER)
        state_facts(target, None, Said(["iou"], last_working_day=date(2025, 11, 1)), now=LATER)
        self.assertEqual(Clock.objects.running().get(claim=target, rule_id="ARB-LIMIT-1Y").started_on, date(2025, 11, 1))

    def test_the_worker_follows_the_case_with_the_number_they_were_given(self) -> None:
        target = self.make_claim(claimants=[worker("陈大海", "13900000001", ID_NUMBER)])
        middle = self.make_claim(claimants=[worker("陈大海", "13900000002", ID_NUMBER), worker("甲", "13800000007")])
        first = self.make_claim(claimants=[worker("丙", "13800000005")])
        self.merge(first, middle)
        self.merge(Claim.objects.get(pk=middle.pk), target)
        for number, secret, name in ((first, "0005", "丙"), (middle, "0007", "甲"), (middle, "0002", "陈大海"), (target, "0001", "陈大海")):
            visitor = tracking.find(number.public_number, secret)
            self.assertEqual((visitor.claim, visitor.claimant.claim, visitor.claimant.name), (number, target, name))
            self.assertEqual(tracking.course(visitor.claim, visitor.claimant)[-1], target)
            self.assertEqual(tracking.visitor_again(str(number.pk), str(visitor.claimant.pk)), visitor)
        self.assertIsNone(tracking.find(first.public_number, "0001"))

    def test_the_page_of_a_merged_claim_says_where_it_went_and_who_was_on_it(self) -> None:
        target, other = self.make_claim(), self.make_claim(claimants=self.crew(2, 3))
        self.merge(other, target)
        self.client.force_login(self.chief)
        page = self.client.get(f"/claims/{other.pk}/")
        self.assertContains(page, "本案已并入另一案件")
        self.assertContains(page, f'href="/claims/{target.pk}/"')
        self.assertContains(page, "在本案登记的劳动者（工友3、工友4）的明细、付款和证据都在那里办理")
        self.assertContains(self.client.get(f"/claims/{target.pk}/"), "并入本案：")

    def test_the_handler_of_the_claim_that_takes_them_in_is_told(self) -> None:
        target, other = self.make_claim(person=self.grid_worker), self.make_claim(claimants=self.crew(1))
        Notice.objects.all().delete()
        self.merge(other, target)
        told = Notice.objects.filter(kind="claim_moved", channel="in_app", subject_id=target.pk)
        self.assertEqual([row.recipient for row in told], [self.grid_worker])


def check_of(name: str) -> int:
    return CHECKS[name].find(LATER).count


class AtTheSameTime(Cast, TransactionTestCase):
    def test_two_claims_merged_into_each_other_leave_one_open(self) -> None:
        self.make_cast()
        first, second = self.make_claim(), self.make_claim(now=LATER)
        gate, said = Barrier(2), []

        def merge(claim: Claim, into: Claim) -> None:
            gate.wait()
            try:
                casework.advance(claim, "merge", self.chief, now=LATER, merged_into=into, reason="同一工地")
                said.append("merged")
            except Refused as refused:
                said.append(refused.code)
            finally:
                connections.close_all()

        threads = [Thread(target=merge, args=pair) for pair in ((first, second), (second, first))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(said), ["merge_target_closed", "merged"])
        self.assertEqual(Claim.objects.open().count(), 1)

    def test_two_officers_who_merge_the_same_pair_carry_everybody_over_once(self) -> None:
        self.make_cast()
        target = self.make_claim(claimants=[worker("甲", "13800000001")])
        other = self.make_claim(claimants=[worker("乙", "13800000002")])
        gate, said = Barrier(2), []

        def merge(person: Person) -> None:
            mine = Claim.objects.get(pk=other.pk)
            gate.wait()
            try:
                casework.advance(mine, "merge", person, now=LATER, merged_into=Claim.objects.get(pk=target.pk), reason="重复")
                said.append("merged")
            except Refused as refused:
                said.append(refused.code)
            finally:
                connections.close_all()

        threads = [Thread(target=merge, args=(person,)) for person in (self.chief, self.county)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(said), ["merged", "stale"])
        target.refresh_from_db()
        self.assertEqual((target.worker_count, target.claimants.count(), target.claimed), (2, 2, Decimal("2000.20")))
        self.assertEqual(Event.objects.filter(kind="merged_in").count(), 1)
