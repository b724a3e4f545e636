"""Questions to the worker: reminded once when the day passes, and what whoever asked can do. Asked on Monday 2 March."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse

from arrears import casework, contacts
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Event, Question
from arrears.tasks import sweep
from arrears.timing import suspending
from arrears.worker import questions
from grid.days import SHANGHAI
from grid.models import Notice, Posting, Task
from grid.refused import Refused
from tests.arrears.test_track_saying import SayingTestCase
from tests.arrears.test_worker_notices import SMS
from tests.base import NOW, TODAY

DAY = timedelta(days=1)


class QuestionTestCase(SayingTestCase):
    def setUp(self) -> None:
        super().setUp()
        casework.advance(self.claim, "ask", self.chief, now=NOW, question="工资是谁发的？", answer_by=TODAY + 2 * DAY)
        self.question = Question.objects.get()

    def at(self, day: int, hour: int = 9) -> datetime:
        return datetime(2026, 3, day, hour, 5, tzinfo=SHANGHAI)

    def kinds(self) -> list[str]:
        return list(Event.objects.filter(claim=self.claim).order_by("at", "seq").values_list("kind", flat=True))


class RemindingTest(QuestionTestCase):
    def test_not_on_its_day_nor_at_night_and_then_once(self) -> None:
        self.assertEqual([questions.remind_due(self.at(4, 23)), questions.remind_due(self.at(5, 0)), questions.remind_due(self.at(5, 8))], [0, 0, 0])
        self.assertEqual(questions.remind_due(self.at(5)), 1)
        self.assertEqual([questions.remind_due(self.at(5, 10)), questions.remind_due(self.at(9))], [0, 0])
        self.assertEqual(self.kinds().count("ask_reminded"), 1)
        self.now = self.at(5)
        self.assertContains(self.page(), "日子已经过了，现在也可以回答")

    def test_whoever_asked_gets_a_task_that_leads_to_the_question(self) -> None:
        questions.remind_due(self.at(5))
        task = Task.objects.get(kind="ask_unanswered")
        self.assertEqual((task.owner, task.due_on.isoformat(), task.path), (self.chief, "2026-03-09", f"/questions/{self.question.pk}/"))

    def test_when_they_are_gone_whoever_is_in_charge_does(self) -> None:
        Posting.objects.filter(person=self.chief).delete()
        questions.remind_due(self.at(5))
        self.assertEqual(Task.objects.get(kind="ask_unanswered").owner, self.grid_worker)

    @SMS
    def test_the_worker_is_told_as_is_safe(self) -> None:
        discreet = self.make_claim(claimants=[ClaimantFacts("王芳", "13900000009", lines=[LineFacts(Decimal(1))], contact_rule="discreet")])
        silent = self.make_claim(claimants=[ClaimantFacts("甲", "13900000008", lines=[LineFacts(Decimal(1))], contact_rule="none")])
        for claim in (discreet, silent):
            casework.advance(claim, "ask", self.chief, now=NOW, question="？", answer_by=TODAY + 2 * DAY)
        Notice.objects.filter(channel="sms").delete()
        self.assertEqual(questions.remind_due(self.at(5)), 3)
        sent = {row.subject_id: row.kind for row in Notice.objects.filter(channel="sms")}
        self.assertEqual(sent, {self.claim.pk: "worker_asked_again", discreet.pk: "worker_discreet"})
        self.assertTrue(Task.objects.filter(kind="tell_in_person", subject_id=silent.pk, key__endswith="2026-03-05").exists())

    @SMS
    def test_the_rule_of_the_moment_counts_not_that_of_the_question(self) -> None:
        contacts.change(self.claim.claimants.get(), self.chief, now=NOW, contact_rule="none", phone="13800000001", safe_phone="")
        Notice.objects.filter(channel="sms").delete()
        questions.remind_due(self.at(5))
        self.assertFalse(Notice.objects.filter(channel="sms").exists())

    def test_answered_or_ended_it_is_silent(self) -> None:
        questions.answer(self.claim, self.question.pk, "老王", now=NOW)
        other = self.make_claim()
        casework.advance(other, "ask", self.chief, now=NOW, question="？", answer_by=TODAY)
        casework.advance(other, "withdraw", self.chief, now=NOW, reason="x", confirmed=True)
        self.assertEqual(questions.remind_due(self.at(9)), 0)
        self.assertEqual(sorted(Question.objects.values_list("state", flat=True)), ["answered", "dropped"])

    def test_the_sweep_reminds(self) -> None:
        self.now = self.at(5)
        sweep()
        self.assertIn("ask_reminded", self.kinds())

    def test_a_claim_that_rests_is_silent_and_reminds_once_it_goes_on(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        casework.advance(self.claim, "suspend", self.county, now=NOW, ground="other_case", planned_end=TODAY + 8 * DAY, reason="等判决。")
        self.assertEqual(questions.remind_due(self.at(6)), 0)
        suspending.wake_due(self.at(10))
        self.assertEqual(questions.remind_due(self.at(10, 10)), 1)

    def test_merged_it_is_asked_and_answered_in_the_case_that_goes_on(self) -> None:
        target = self.make_claim()
        casework.advance(self.claim, "merge", self.chief, now=NOW + timedelta(hours=1), merged_into=target, reason="同一工地")
        self.assertContains(self.page(), "工资是谁发的？")
        self.assertContains(self.say("track_answer", self.question.pk, text="老王"), "已经回答")
        self.assertTrue(Event.objects.filter(claim=target, kind="answered").exists())

    def test_a_day_that_is_over_is_not_asked_for(self) -> None:
        with self.assertRaises(Refused) as refused:
            casework.advance(self.claim, "ask", self.chief, now=NOW, question="？", answer_by=TODAY - DAY)
        self.assertEqual(refused.exception.code, "day_past")


class ActingTest(QuestionTestCase):
    """What whoever asked can do on its page."""

    def setUp(self) -> None:
        super().setUp()
        self.now = self.at(5)
        questions.remind_due(self.now)
        self.sign_in(self.chief)
        self.address = reverse("question_detail", args=[self.question.pk])

    def act(self, name: str, **said: str):
        return self.client.post(reverse("question_act", args=[self.question.pk, name]), {f"{name}-{key}": value for key, value in said.items()}, follow=True)

    def test_the_page_says_how_it_stands(self) -> None:
        for words in ("工资是谁发的？", "到期没有回答", "没有回答不等于撤回", "章镇"):
            self.assertContains(self.client.get(self.address), words)
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "没有回答提问")

    def test_what_was_heard_by_telephone_is_the_answer_and_ends_the_task(self) -> None:
        self.assertContains(self.act("heard", how="phone", text=""), "还有内容需要改正")
        page = self.act("heard", how="phone", text="带班的老王。")
        self.assertContains(page, "带班的老王。")
        self.assertContains(page, "章镇 记下")
        self.assertFalse(Task.objects.filter(kind="ask_unanswered", done_at=None).exists())
        self.assertContains(self.act("heard", how="phone", text="又一次"), "已经回答过", status_code=409)
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "记下劳动者的回答（电话里说的）")

    def test_a_later_day_is_told_and_reminded_of_again(self) -> None:
        self.assertContains(self.act("later", day="2026-03-05"), "比原来的日期和今天都晚", status_code=409)
        self.assertContains(self.act("later", day="2026-03-06"), "已经改期")
        self.assertEqual([questions.remind_due(self.at(day)) for day in (6, 7, 8, 9, 10)], [0, 0, 0, 1, 0])  # the 7th is a Saturday

    def test_dropped_it_waits_no_more(self) -> None:
        self.assertContains(self.act("drop", reason="已从别处查明。"), "不再问")
        self.client.logout()
        self.assertNotContains(self.page(), "工资是谁发的？")

    def test_who_may_and_who_does_not_see_it(self) -> None:
        for person, status in ((self.grid_worker, 200), (self.county, 200), (self.auditor, 409), (self.chief_a2, 404), (self.partner, 404)):
            self.sign_in(person)
            answer = self.act("later", day=f"2026-03-{10 + status // 100:02d}") if person == self.auditor else self.client.get(self.address)
            self.assertEqual(answer.status_code, status, person)
        self.sign_in(self.auditor)
        self.assertNotContains(self.client.get(self.address), "记下他的回答")
        self.assertEqual(self.client.get(reverse("question_act", args=[self.question.pk, "heard"])).status_code, 405)
        self.sign_in(self.chief)
        self.assertEqual(self.act("nonsense").status_code, 404)

    def test_it_does_not_move_the_claim(self) -> None:
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).stage, "registered")
