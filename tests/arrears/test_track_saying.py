"""What the worker does on the own page: papers, answers, the wish to withdraw, a rating, an objection."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from arrears import casework
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Event
from arrears.worker.questions import asked_of
from grid.models import Notice, Task
from tests.arrears.test_track_page import TrackTestCase
from tests.base import NOW, TODAY

BY = TODAY + timedelta(days=3)


class SayingTestCase(TrackTestCase):
    def say(self, name: str, *args: object, **said: object) -> HttpResponse:
        return self.client.post(reverse(name, args=args), said, follow=True)

    def end(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(stage="closed", result="paid_in_full", closed_on=TODAY)


class QuestionTest(SayingTestCase):
    def setUp(self) -> None:
        super().setUp()
        casework.advance(self.claim, "ask", self.chief, now=NOW, question="工资是谁发的？", answer_by=BY)
        self.asked = asked_of([self.claim])[0]

    def test_it_is_read_and_answered_once_and_both_officers_are_told(self) -> None:
        page = self.page()
        self.assertContains(page, "工资是谁发的？")
        self.assertNotContains(page, "章镇")
        address = reverse("track_answer", args=[self.asked.pk])
        self.assertContains(self.client.get(address), "工资是谁发的？")
        self.assertContains(self.client.post(address, {"text": " "}), "还有内容需要改正")
        self.assertContains(self.say("track_answer", self.asked.pk, text="带班的老王。"), "已经回答")
        self.assertNotContains(self.client.get("/track/"), "工资是谁发的？")
        self.assertContains(self.say("track_answer", self.asked.pk, text="又一次"), "已经回答过了")
        event = Event.objects.get(claim=self.claim, kind="answered")
        self.assertEqual((event.facts["text"], event.actor, event.actor_post), ("带班的老王。", None, "劳动者"))
        told = set(Notice.objects.filter(kind="worker_said", channel="in_app").values_list("recipient__username", flat=True))
        self.assertEqual(told, {"wangge", "zhangzhen"})

    def test_nobody_answers_without_the_secret_and_nobody_for_another_case(self) -> None:
        address = reverse("track_answer", args=[self.asked.pk])
        self.assertRedirects(self.client.post(address, {"text": "x"}), "/track/")
        other = self.make_claim(claimants=[ClaimantFacts("王芳", "13900000009", lines=[LineFacts(Decimal(1))])])
        self.enter(other.public_number, "0009")
        self.assertNotContains(self.client.get(address), "工资是谁发的？")
        self.assertContains(self.say("track_answer", self.asked.pk, text="x"), "没有找到这个问题")
        self.assertContains(self.say("track_answer", uuid4(), text="x"), "没有找到这个问题")
        self.assertFalse(Event.objects.filter(kind="answered").exists())


class PapersTest(SayingTestCase):
    def test_a_paper_is_kept_as_evidence_of_the_worker_and_a_bad_one_is_not(self) -> None:
        self.enter()
        good, bad = SimpleUploadedFile("欠条.txt", "欠八千元".encode()), SimpleUploadedFile("x.jpg", b"MZ\x90\x00")
        response = self.say("track_file", files=[good, bad])
        self.assertContains(response, "已保存：欠条")
        self.assertContains(response, "没有保存")
        self.assertEqual([(row.title, row.added_by) for row in self.claim.evidence.all()], [("欠条", None)])

    def test_a_case_that_ended_takes_none(self) -> None:
        self.end()
        self.enter()
        self.assertContains(self.say("track_file", files=[SimpleUploadedFile("a.txt", "欠条".encode())]), "案件已经结束")
        self.assertFalse(self.claim.evidence.exists())


class WithdrawTest(SayingTestCase):
    def test_the_wish_is_written_down_and_the_case_goes_on_until_an_officer_has_spoken_with_the_worker(self) -> None:
        self.enter()
        self.assertContains(self.client.get(reverse("track_withdraw")), "不等于放弃工钱")
        self.assertContains(self.client.post(reverse("track_withdraw"), {"text": ""}), "还有内容需要改正")
        self.assertContains(self.say("track_withdraw", text="已经给钱了", sure="on"), "工作人员会联系您确认")
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.stage, "registered")
        task = Task.objects.get(kind="worker_withdraws")
        self.assertEqual((task.owner, task.due_on), (self.grid_worker, TODAY + timedelta(days=3)))
        self.assertContains(self.say("track_withdraw", text="", sure="on"), "已经提出过")

    def test_a_telephone_that_several_share_withdraws_nothing(self) -> None:
        workers = [ClaimantFacts(name, "13800000007", lines=[LineFacts(Decimal(1))]) for name in ("甲", "乙")]
        claim = self.make_claim(claimants=workers)
        self.enter(claim.public_number, "0007")
        self.assertNotContains(self.client.get("/track/"), reverse("track_withdraw"))
        self.assertContains(self.say("track_withdraw", text="", sure="on"), "登记给了好几个人")
        self.assertFalse(Event.objects.filter(kind="wants_to_withdraw").exists())


class AfterTheEndTest(SayingTestCase):
    def test_rated_once_and_the_level_above_reads_it(self) -> None:
        self.enter()
        self.assertContains(self.say("track_rate", stars="5", text=""), "还在办理")
        self.end()
        self.assertContains(self.client.post(reverse("track_rate"), {"stars": "6"}), "还有内容需要改正")
        self.assertContains(self.say("track_rate", stars="2", text="太慢了"), "谢谢您的评价")
        self.assertContains(self.say("track_rate", stars="5", text=""), "已经评价过")
        event = Event.objects.get(kind="rated")
        self.assertEqual((event.facts["stars"], event.facts["text"]), (2, "太慢了"))
        task = Task.objects.get(kind="rating_low")
        self.assertEqual((task.owner, task.due_on), (self.county, TODAY + timedelta(days=7)))
        self.assertFalse(Notice.objects.filter(kind="worker_said").exists())

    def test_a_good_mark_is_read_by_the_level_above_and_asks_for_nothing(self) -> None:
        self.end()
        self.enter()
        self.say("track_rate", stars="5", text="谢谢")
        self.assertEqual([row.recipient for row in Notice.objects.filter(kind="worker_said", channel="in_app")], [self.county])
        self.assertFalse(Task.objects.filter(kind="rating_low").exists())

    def test_what_was_said_already_is_not_offered_again(self) -> None:
        self.end()
        page = self.page()
        self.assertContains(page, reverse("track_rate"))
        self.assertContains(page, reverse("track_object"))
        self.say("track_rate", stars="5", text="")
        page = self.say("track_object", text="钱没有收到")
        self.assertNotContains(page, reverse("track_rate"))
        self.assertNotContains(page, reverse("track_object"))
        self.assertContains(page, '由县级在<time datetime="2026-03-05">2026年3月5日</time>前答复您')

    def test_an_objection_is_the_next_levels_task_with_a_day(self) -> None:
        self.end()
        self.enter()
        self.assertContains(self.say("track_object", text="钱没有收到"), "已经交给上级")
        task = Task.objects.get(kind="worker_objects")
        self.assertEqual((task.owner, task.due_on), (self.county, TODAY + timedelta(days=3)))
        self.assertContains(self.say("track_object", text="还是没有"), "已经提出过异议")
        self.assertEqual(Event.objects.filter(kind="objected").count(), 1)

    def test_not_long_after_the_end_and_again_after_it_was_reopened(self) -> None:
        self.end()
        Claim.objects.filter(pk=self.claim.pk).update(closed_on=TODAY - timedelta(days=31))
        self.enter()
        self.assertContains(self.say("track_object", text="x"), "已经超过 30 天")
        self.end()
        self.say("track_object", text="钱没有收到")
        self.now = NOW + timedelta(hours=2)
        casework.advance(Claim.objects.get(pk=self.claim.pk), "reopen", self.county, now=self.now, reason="经查属实")
        self.end()
        self.now = NOW + timedelta(hours=3)
        self.enter()
        self.assertContains(self.say("track_object", text="又没有收到"), "已经交给上级")
