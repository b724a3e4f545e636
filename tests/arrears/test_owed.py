"""Papers that are owed: a worker's promise and the notice to the employer, each with its clock and its consequences."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from unittest.mock import patch

from django.test import SimpleTestCase
from django.urls import reverse

from arrears import casework, escalation, referrals, tasks
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Claimant, Clock, Event, Owed
from arrears.owed import signing, verbs
from arrears.owed.needs import NEEDS, Need, faults, needs_of
from arrears.owed.table import PRESUMPTIONS
from arrears.telling import tell
from arrears.worker.words import message_of
from grid.days import SHANGHAI
from grid.models import Notice
from grid.refused import Refused
from tests.arrears.test_evidence import EvidenceTestCase, upload
from tests.base import NOW, TODAY

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 9
BY = date(2026, 3, 16)  # a Monday, two weeks on
DAY_AFTER = datetime(2026, 3, 17, 9, 0, tzinfo=SHANGHAI)


class OwedTestCase(EvidenceTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = Claim.objects.get(pk=self.claim.pk)

    def promise(self, paper: str = "identity", due_on: date = BY, person=None, **said) -> Owed:
        return verbs.promise(self.claim, paper, due_on, person or self.grid_worker, now=NOW, **said)

    def notify(self, paper: str = "wage_sheet", person=None, **said) -> Owed:
        said = {"employer": "宿迁宏远劳务有限公司", "due_on": BY, **said}
        return verbs.notify(self.claim, paper, person=person or self.chief, now=NOW, **said)

    def refused(self, code: str, verb, *args, **said) -> str:
        with self.assertRaises(Refused) as caught:
            verb(*args, **said)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.message

    def accept(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)


class PromiseTest(OwedTestCase):
    def test_a_promise_has_a_clock_of_its_own_and_an_event(self) -> None:
        row = self.promise()
        clock = Clock.objects.get(about_id=row.pk)
        self.assertEqual((clock.rule_id, clock.started_on, clock.due_on), ("PAPER-PROMISE", TODAY, BY))
        event = Event.objects.get(kind="paper_owed")
        self.assertEqual((event.facts["move"], event.facts["paper"], event.facts["due"]), ("promise", "identity", "2026-03-16"))
        before = Claim.objects.get(pk=self.claim.pk).due_on
        self.assertEqual(before, self.claim.due_on, "it is the worker's duty, not the office's")

    def test_the_paper_that_comes_keeps_it(self) -> None:
        row = self.promise()
        paper = self.add(kind="identity")
        row.refresh_from_db()
        self.assertEqual((row.state, row.came_as), ("kept", paper))
        self.assertEqual([clock.was_met for clock in Clock.objects.filter(about_id=row.pk)], [True])
        self.assertEqual(Event.objects.filter(kind="paper_owed", facts__move="kept").count(), 1)

    def test_another_paper_does_not(self) -> None:
        row = self.promise()
        self.add(kind="photo")
        row.refresh_from_db()
        self.assertEqual(row.state, "open")

    def test_shown_at_the_desk_keeps_it_too(self) -> None:
        row = verbs.receive(self.promise(), self.chief, now=NOW, note="原件已核对")
        self.assertEqual((row.state, row.outcome), ("kept", "原件已核对"))
        self.refused("wrong_state", verbs.receive, row, self.chief, now=NOW)

    def test_on_its_day_it_holds_and_the_day_after_it_is_broken(self) -> None:
        row = self.promise()
        self.assertEqual(verbs.break_due(datetime(2026, 3, 16, 23, 59, tzinfo=SHANGHAI)), 0)
        self.assertEqual(verbs.break_due(DAY_AFTER), 1)
        self.assertEqual(verbs.break_due(DAY_AFTER), 0)
        row.refresh_from_db()
        self.assertEqual(row.state, "broken")
        self.assertIsNone(Clock.objects.get(about_id=row.pk).ended_on, "the ladder still asks for it")

    def test_the_sweep_breaks_it_and_the_handler_hears_of_it(self) -> None:
        self.accept()
        casework.advance(self.claim, "handle", self.grid_worker, now=NOW)  # nothing climbs meanwhile
        self.promise()
        with patch("django.utils.timezone.now", return_value=DAY_AFTER):
            tasks.sweep()
        self.assertEqual(Owed.objects.get().state, "broken")
        told = Notice.objects.filter(kind="paper_late", channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.grid_worker, self.chief})

    def test_once_broken_no_more_promises_for_that_paper(self) -> None:
        self.promise()
        verbs.break_due(DAY_AFTER)
        self.refused("broken_before", self.promise)
        self.promise("iou")

    def test_moves_that_need_it_wait_until_it_is_there(self) -> None:
        self.accept()
        self.promise()
        refer = {"kind": "support", "body": self.procuratorate, "summary": "请支持"}
        verbs.break_due(DAY_AFTER)
        said = self.refused("promise_broken", referrals.refer, self.claim, self.county, now=DAY_AFTER, **refer)
        self.assertIn("劳动者承诺于 2026-03-16 前补交“身份证明”，至今没有交，不能进行“移送协同单位（支持起诉）”", said)
        casework.advance(self.claim, "verify", self.chief, now=DAY_AFTER, verified_amount=8000, basis="核对")  # needs another one
        self.add(kind="identity")
        self.assertEqual(Owed.objects.get().state, "kept")
        referrals.refer(self.claim, self.county, now=DAY_AFTER, **refer)

    def test_an_open_promise_holds_up_nothing(self) -> None:
        self.accept()
        self.promise("wage_sheet")
        casework.advance(self.claim, "verify", self.chief, now=NOW, verified_amount=8000, basis="核对")

    def test_a_broken_promise_of_the_wage_sheet_holds_up_the_sum_until_it_is_waived(self) -> None:
        self.accept()
        row = self.promise("wage_sheet")
        verbs.break_due(DAY_AFTER)
        row.refresh_from_db()
        verify = {"now": DAY_AFTER, "verified_amount": 8000, "basis": "核对"}
        self.refused("promise_broken", casework.advance, self.claim, "verify", self.chief, **verify)
        self.refused("no_reason", verbs.waive, row, self.chief, now=DAY_AFTER, note=" ")
        self.refused("not_your_role", verbs.waive, row, self.grid_worker, now=DAY_AFTER, note="没有")
        verbs.waive(row, self.chief, now=DAY_AFTER, note="工资表由单位掌握")
        casework.advance(self.claim, "verify", self.chief, **verify)
        self.assertFalse(Clock.objects.running().filter(about_id=row.pk).exists())

    def test_the_county_gives_more_time_once(self) -> None:
        row = self.promise()
        later = BY + timedelta(days=7)
        self.refused("not_your_role", verbs.extend, row, later, self.chief, now=NOW)
        self.refused("day_past", verbs.extend, row, BY, self.county, now=NOW)
        verbs.extend(row, later, self.county, now=NOW, note="在外地")
        row.refresh_from_db()
        self.assertEqual((row.due_on, row.first_due_on, Clock.objects.get(about_id=row.pk).due_on), (later, BY, later))
        self.refused("no_times_left", verbs.extend, row, later + timedelta(days=1), self.county, now=NOW)
        self.assertEqual(verbs.break_due(DAY_AFTER), 0)

    def test_what_cannot_be_promised(self) -> None:
        self.refused("not_promised", self.promise, "photo")
        self.refused("day_past", self.promise, due_on=TODAY)
        self.refused("day_far", self.promise, due_on=TODAY + timedelta(days=31))
        self.promise()
        self.refused("owed_already", self.promise)
        self.add(kind="iou")
        self.refused("paper_there", self.promise, "iou")
        self.refused("not_your_role", self.promise, "contract", person=self.auditor)

    def test_it_ends_with_the_claim(self) -> None:
        row = self.promise()
        casework.advance(self.claim, "reject", self.county, now=NOW, ground="time_barred", reason="超过两年")
        row.refresh_from_db()
        self.assertEqual(row.state, "lapsed")

    def test_the_worker_is_reminded_three_working_days_before(self) -> None:
        self.promise()
        escalation.sweep(datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI))
        event = Event.objects.get(kind="alerted", facts__rule="PAPER-PROMISE")
        message = message_of(event)
        self.assertEqual((message.kind, message.facts(self.claim, event)), ("worker_paper", {"due": "2026-03-16"}))
        self.assertIsNone(message_of(Event(kind="alerted", facts={"rule": "PRODUCE-NOTICE", "rung": "before3"})))


class NoticeTest(OwedTestCase):
    def test_a_notice_runs_and_a_refusal_is_recorded_with_its_words(self) -> None:
        row = self.notify()
        self.assertEqual(Clock.objects.get(about_id=row.pk).rule_id, "PRODUCE-NOTICE")
        self.refused("no_reason", verbs.refuse, row, self.chief, now=NOW, note="")
        verbs.refuse(row, self.chief, now=NOW, note="称台账已遗失")
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, "拒不提供")
        self.assertContains(page, "保障农民工工资支付条例 第五十条")
        self.assertContains(page, "称台账已遗失")
        self.assertContains(page, "未核实")  # the second ground has not been read

    def test_silence_is_as_good_as_a_refusal(self) -> None:
        self.notify()
        verbs.break_due(DAY_AFTER)
        self.now = DAY_AFTER
        self.sign_in(self.chief)
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "用人单位不能提供的，依法承担不利后果")

    def test_a_workers_own_copy_does_not_answer_the_notice_but_the_employers_does(self) -> None:
        row = self.notify()
        self.add(kind="wage_sheet")
        row.refresh_from_db()
        self.assertEqual(row.state, "open")
        verbs.receive(row, self.chief, now=NOW)
        self.assertEqual(row.state, "kept")
        self.assertNotContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "第五十条")

    def test_a_refusal_may_be_followed_by_the_paper(self) -> None:
        row = verbs.refuse(self.notify(), self.chief, now=NOW, note="拒绝")
        self.assertEqual(verbs.receive(row, self.chief, now=NOW).state, "kept")

    def test_what_cannot_be_asked_for_and_who_may_not_ask(self) -> None:
        self.refused("not_produced", self.notify, "voice")
        self.refused("no_employer", self.notify, employer=" ")
        self.refused("not_your_role", self.notify, person=self.grid_worker)
        self.refused("wrong_state", verbs.refuse, self.promise(), self.chief, now=NOW, note="x")

    def test_a_broken_notice_holds_up_nothing(self) -> None:
        self.accept()
        self.notify()
        verbs.break_due(DAY_AFTER)
        casework.advance(self.claim, "verify", self.chief, now=DAY_AFTER, verified_amount=8000, basis="按劳动者主张")


class PageTest(OwedTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.address = reverse("claim_papers", args=[self.claim.pk])

    def test_what_each_road_lacks_and_who_brings_it(self) -> None:
        page = self.client.get(self.address)
        self.assertContains(page, "劳动者身份证明")
        self.assertContains(page, "用人单位掌握，可以发举证通知")
        rows = {need.need.id: need.is_met for road in page.context["page"].roads for need in road.rows}
        self.assertFalse(rows["IDENTITY"])
        self.add(kind="identity")
        rows = {need.need.id: need.is_met for road in self.client.get(self.address).context["page"].roads for need in road.rows}
        self.assertTrue(rows["IDENTITY"])

    def test_a_promise_is_registered_only_when_signed(self) -> None:
        said = {"act": "promise", "papers": ["identity", "iou"], "due_on": "2026-03-16"}
        self.assertContains(self.client.post(self.address, said), "承诺须由劳动者本人签字")
        self.assertContains(self.client.post(self.address, {**said, "papers": [], "signed": "on"}), "请选择承诺补交哪些材料")
        self.assertFalse(Owed.objects.exists())
        page = self.client.post(self.address, {**said, "signed": "on"}, follow=True)
        self.assertContains(page, "承诺已登记：身份证明、工资欠条或结算单")
        self.assertEqual(Owed.objects.count(), 2)

    def test_a_notice_is_registered_and_printed(self) -> None:
        said = {"act": "notice", "paper": "wage_sheet", "employer": "宏远劳务", "due_on": "2026-03-09"}
        page = self.client.post(self.address, said, follow=True)
        self.assertContains(page, "举证通知书")
        self.assertContains(page, "保障农民工工资支付条例 第五十条")
        self.assertContains(self.client.post(self.address, said), "已有待交的登记", status_code=409)

    def test_each_act_has_its_page(self) -> None:
        row = self.notify()
        for name, said in (("extend", {"due_on": "2026-03-20"}), ("refuse", {"note": "拒绝"}), ("receive", {})):
            self.sign_in(self.county)
            address = reverse("owed_act", args=[row.pk, name])
            self.assertEqual(self.client.get(address).status_code, 200)
            self.assertRedirects(self.client.post(address, said), self.address, fetch_redirect_response=False)
        row.refresh_from_db()
        self.assertEqual((row.state, row.due_on), ("kept", date(2026, 3, 20)))
        self.assertContains(self.client.post(reverse("owed_act", args=[row.pk, "waive"]), {"note": "x"}), "已有结果", status_code=409)
        self.assertEqual(self.client.get(reverse("owed_act", args=[row.pk, "eat"])).status_code, 404)

    def test_out_of_scope_is_absent(self) -> None:
        row = self.promise()
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.sign_in(person)
            for address in (self.address, reverse("owed_print", args=[row.pk]), reverse("owed_act", args=[row.pk, "receive"])):
                self.assertEqual(self.client.get(address).status_code, 404, address)
        self.sign_in(self.auditor)
        self.assertNotContains(self.client.get(self.address), "登记承诺")
        self.assertContains(self.client.post(reverse("owed_act", args=[row.pk, "receive"]), {}), "您的岗位不能", status_code=409)

    def test_the_same_queries_for_three_papers_and_for_thirty(self) -> None:
        for paper in ("identity", "iou", "contract"):
            self.promise(paper)
        few = self.queries(self.address), self.queries(reverse("claim_detail", args=[self.claim.pk]))
        for number in range(27):
            self.notify(employer=f"单位{number}")
        self.assertEqual((self.queries(self.address), self.queries(reverse("claim_detail", args=[self.claim.pk]))), few)


class TableTest(SimpleTestCase):
    def test_arbitration_needs_identity_labour_sum_and_ledger(self) -> None:
        self.assertEqual([need.id for need in needs_of("ARBITRATE")], [
            "IDENTITY", "ID-NUMBER", "PHONE", "RESPONDENT-NAME", "RESPONDENT-ADDRESS", "LAST-DAY", "PERIOD", "STORY", "LABOUR", "SUM", "LEDGER",
        ])
        self.assertEqual({name: row.verified for name, row in PRESUMPTIONS.items()}, {"WAGES-50": True, "ARB-6": False})

    def test_a_need_is_met_by_any_of_its_kinds_or_facts(self) -> None:
        self.assertTrue(NEEDS["SUM"].is_met({"chat"}, (), ()))
        self.assertFalse(NEEDS["SUM"].is_met({"identity"}, (), ()))
        self.assertTrue(NEEDS["AGREEMENT"].is_met((), {"agreement"}, ()))

    def test_a_need_of_the_record_is_met_when_nobody_lacks_it(self) -> None:
        self.assertTrue(NEEDS["PERIOD"].is_met((), (), {"worker_phone"}))
        self.assertFalse(NEEDS["PERIOD"].is_met((), (), {"line_period_to"}))
        self.assertFalse(NEEDS["SUM"].is_met((), (), ()), "a paper is no field of the record")

    def test_a_wrong_row_is_named(self) -> None:
        row = Need(id="X", roads=("MOON",), name="x", name_en="x", kinds=("spoon",), fields=("moon",), bring="cat")
        self.assertEqual(len(list(faults(row))), 4)


class SigningTest(OwedTestCase):
    """The signed promise is on file: scanned later, with the promise, or signed on the glass."""

    def sign(self, row: Owed, content: bytes = PNG, person=None) -> Owed:
        signing.sign_with([row], upload("承诺书.png", content), person or self.grid_worker, now=NOW)
        row.refresh_from_db()
        return row

    def test_the_scan_is_evidence_with_its_fingerprint_and_the_history_says_so(self) -> None:
        row = self.sign(self.promise())
        self.assertEqual((row.signed.kind, row.signed.title, row.signed.sha256), ("signature", "签字的承诺书：身份证明", sha256(PNG).hexdigest()))
        event = Event.objects.filter(kind="paper_owed").order_by("seq").last()
        self.assertEqual((event.facts["move"], event.facts["sha256"]), ("signed", row.signed.sha256))
        self.assertEqual(row.state, "open", "a signature is no identity card")

    def test_one_sheet_may_be_of_several_promises_and_each_is_signed_once(self) -> None:
        one, other = self.promise(), self.promise("iou")
        self.sign(one)
        self.assertEqual(self.sign(other).signed, one.signed)
        self.assertEqual(self.claim.evidence.filter(kind="signature").count(), 1)
        self.refused("signed_already", self.sign, one, PNG + b"2")

    def test_refusals(self) -> None:
        self.refused("not_promised", self.sign, self.notify())
        self.refused("not_your_role", self.sign, self.promise(), person=self.auditor)
        other = self.make_claim()
        paper = self.add(kind="photo")
        self.refused("other_claim", verbs.sign, verbs.promise(other, "iou", BY, self.grid_worker, now=NOW), paper, self.grid_worker, now=NOW)

    def test_from_its_page_and_with_the_promise(self) -> None:
        row = self.promise()
        address = reverse("owed_act", args=[row.pk, "sign"])
        self.assertContains(self.client.post(address, {}), "error")
        self.client.post(address, {"scan": upload("承诺书.png", PNG)})
        papers = reverse("claim_papers", args=[self.claim.pk])
        row.refresh_from_db()
        self.assertContains(self.client.get(papers), row.signed.sha256[:12])
        self.client.post(papers, {"act": "promise", "papers": ["iou", "contract"], "due_on": "2026-03-16", "signed": "on", "scan": upload("纸.png", PNG + b"3")})
        signed = {one.paper: one.signed_id for one in self.claim.owed_papers.exclude(pk=row.pk)}
        self.assertEqual((len(signed), len(set(signed.values()) - {None})), (2, 1))


class SeveralTestCase(OwedTestCase):
    def setUp(self) -> None:
        super().setUp()
        workers = [ClaimantFacts(name, lines=[LineFacts(Decimal(1000))]) for name in ("甲一", "乙二", "丙三")]
        self.claim = self.make_claim(claimants=workers)
        self.one, self.two, self.three = self.claim.claimants.order_by("id")

    def own(self, worker: Claimant, paper: str = "identity") -> Owed:
        return self.promise(paper, claimant=worker)


class OneOfSeveralTest(SeveralTestCase):
    """In a claim of several one worker promises for themselves, and answers for themselves."""

    def test_each_may_promise_the_same_paper_and_nobody_twice(self) -> None:
        self.own(self.one)
        self.own(self.two)
        self.refused("owed_already", self.own, self.one)
        self.assertEqual(Event.objects.filter(kind="paper_owed").order_by("seq").last().facts["promised_by"], "乙二")
        self.refused("not_of_claim", self.promise, "iou", claimant=self.make_claim().claimants.get())

    def test_a_paper_that_comes_keeps_the_whole_claims_promise_and_not_somebody_elses(self) -> None:
        whole, own = self.promise("iou"), self.own(self.one, "iou")
        self.add(kind="iou")
        whole.refresh_from_db()
        own.refresh_from_db()
        self.assertEqual((whole.state, own.state), ("kept", "open"))
        verbs.receive(own, self.grid_worker, now=NOW)

    def test_what_one_broke_holds_up_nobody_else_and_they_cannot_promise_again(self) -> None:
        self.own(self.one, "iou")
        verbs.break_due(DAY_AFTER)
        self.accept()
        casework.advance(self.claim, "verify", self.chief, now=DAY_AFTER, verified_amount=3000, basis="工资表")
        self.refused("broken_before", verbs.promise, self.claim, "iou", date(2026, 3, 30), self.grid_worker, now=DAY_AFTER, claimant=self.one)
        verbs.promise(self.claim, "iou", date(2026, 3, 30), self.grid_worker, now=DAY_AFTER, claimant=self.two)

    def test_from_the_page_for_one_of_them(self) -> None:
        page = reverse("claim_papers", args=[self.claim.pk])
        self.client.post(page, {"act": "promise", "claimant": str(self.two.pk), "papers": ["iou"], "due_on": "2026-03-16", "signed": "on"})
        self.assertEqual(Owed.objects.get().claimant, self.two)
        self.assertContains(self.client.get(page), "乙二")
        self.assertContains(self.client.get(reverse("owed_print", args=[Owed.objects.get().pk])), "承诺人：乙二")


class CarriedTest(SeveralTestCase):
    """Merging and splitting take open promises along, with their clocks."""

    def test_merged_they_go_over_with_their_clocks_and_their_worker(self) -> None:
        alone = self.make_claim(claimants=[ClaimantFacts("丁四", "13800000044", lines=[LineFacts(Decimal(500))])])
        row = verbs.promise(alone, "iou", BY, self.grid_worker, now=NOW)
        signing.sign_with([row], upload("承诺书.png", PNG), self.grid_worker, now=NOW)
        told = verbs.notify(alone, "wage_sheet", "宿迁宏远劳务有限公司", BY, self.chief, now=NOW)
        there = self.notify()
        casework.advance(alone, "merge", self.chief, now=NOW, merged_into=self.claim, reason="同一工地")
        row.refresh_from_db()
        told.refresh_from_db()
        self.assertEqual((row.claim, row.claimant.name, row.state), (self.claim, "丁四", "open"))
        self.assertEqual((row.signed.claim, row.signed.sha256), (self.claim, sha256(PNG).hexdigest()))
        clock = Clock.objects.get(about_id=row.pk)
        self.assertEqual((clock.claim, clock.ended_on, clock.due_on), (self.claim, None, BY))
        self.assertEqual((told.claim, told.state), (alone, "lapsed"), "the target has told the employer the same already")
        self.assertTrue(Owed.objects.get(pk=there.pk).is_open)
        self.assertIn("转入应交材料的登记 1 项", tell(Event.objects.get(kind="merged_in")).notes)

    def test_a_promise_broken_before_the_merger_is_not_forgotten(self) -> None:
        alone = self.make_claim(claimants=[ClaimantFacts("丁四", "13800000044", lines=[LineFacts(Decimal(500))])])
        row = verbs.promise(alone, "iou", BY, self.grid_worker, now=NOW)
        verbs.break_due(DAY_AFTER)
        casework.advance(alone, "merge", self.chief, now=DAY_AFTER, merged_into=self.claim, reason="同一工地")
        row.refresh_from_db()
        self.assertEqual((row.claim, row.state), (self.claim, "broken"))
        self.refused("broken_before", verbs.promise, self.claim, "iou", date(2026, 3, 30), self.grid_worker, now=DAY_AFTER, claimant=row.claimant)

    def test_split_each_goes_with_its_worker_and_the_whole_claims_is_in_both(self) -> None:
        one, two, whole = self.own(self.one), self.own(self.two), self.promise("contract")
        signing.sign_with([whole], upload("承诺书.png", PNG), self.grid_worker, now=NOW)
        new = split(self.claim, self.chief, [self.two.pk], "分开办理", now=NOW)
        for row in (one, two, whole):
            row.refresh_from_db()
        self.assertEqual((one.claim, two.claim, whole.claim), (self.claim, new, self.claim))
        copy = new.owed_papers.get(paper="contract")
        self.assertEqual((copy.due_on, copy.state, copy.signed.claim), (BY, "open", new))
        self.assertEqual([Clock.objects.get(about_id=row.pk).claim for row in (one, two, whole, copy)], [self.claim, new, self.claim, new])
        verbs.break_due(DAY_AFTER)
        copy.refresh_from_db()
        self.assertEqual(copy.state, "broken")
