"""异议: its day, how it climbs, who answers it, and what the worker reads. Objected on Monday 2 March: due Thursday 5 March."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from arrears import casework
from arrears.models import Claim, Event, Objection
from arrears.objections import answering, clock
from arrears.objections.objecting import objects
from arrears.tasks import sweep
from grid import roles
from grid.days import SHANGHAI
from grid.models import Notice, Posting, Task
from grid.refused import Refused
from tests.arrears.test_track_saying import SayingTestCase
from tests.arrears.test_worker_notices import SMS
from tests.base import NOW, make_person


class ObjectionTestCase(SayingTestCase):
    def object_to(self, by: Any = None) -> Objection:
        """The claim was taken back by the township, and the worker does not agree."""
        casework.advance(self.claim, "withdraw", by or self.chief, now=NOW, reason="x", confirmed=True)
        objects(self.claim, "我没有同意撤回。", now=NOW)
        return Objection.objects.select_related("claim").get()

    def at(self, day: int, hour: int = 9) -> datetime:
        return datetime(2026, 3, day, hour, 5, tzinfo=SHANGHAI)

    def told(self, kind: str) -> set[str]:
        return set(Notice.objects.filter(kind=kind, channel="in_app").values_list("recipient__username", flat=True))

    def refuses(self, code: str, objection: Objection, person: Any, **said: str) -> None:
        with self.assertRaises(Refused) as refused:
            answering.answer(objection, person, now=NOW, **{"verdict": "upheld", "reply": "x", **said})
        self.assertEqual(refused.exception.code, code)


class ClockTest(ObjectionTestCase):
    def test_it_is_the_next_levels_and_due_in_three_working_days(self) -> None:
        objection = self.object_to()
        self.sign_in(self.county)
        self.assertContains(self.client.get("/"), "待答复的异议")
        self.sign_in(self.county_b)
        self.assertNotContains(self.client.get("/"), "待答复的异议")
        self.assertEqual((objection.level, objection.due_on.isoformat(), objection.state), ("county", "2026-03-05", "waiting"))
        task = Task.objects.get(kind="worker_objects")
        self.assertEqual((task.owner, task.path), (self.county, f"/objections/{objection.pk}/"))

    def test_it_reminds_climbs_when_its_day_passes_and_never_falls_silent(self) -> None:
        objection = self.object_to()
        self.assertEqual(clock.call_due(self.at(3)), 0)
        for day in (4, 5):
            self.assertEqual(clock.call_due(self.at(day)), 1)
        self.assertEqual(self.told("objection_near"), {"xianan"})
        self.assertEqual(clock.call_due(self.at(6)), 1)
        objection.refresh_from_db()
        self.assertEqual((objection.level, self.told("objection_late")), ("city", {"shidu"}))
        self.assertEqual(Event.objects.get(kind="objection_climbed").facts["to_level"], "city")
        open_tasks = Task.objects.filter(kind="worker_objects", done_at=None)
        self.assertEqual([task.owner for task in open_tasks], [self.city])
        self.assertEqual(clock.call_due(self.at(10)), 1)
        for day in (11, 12):  # behind the last rung, each working day
            self.assertEqual([clock.call_due(self.at(day)), clock.call_due(self.at(day))], [1, 0])
        answering.answer(objection, self.city, now=self.at(12, 10), verdict="upheld", reply="已核实。")
        self.assertEqual(clock.call_due(self.at(16)), 0)
        self.assertFalse(open_tasks.all().exists())

    def test_after_a_long_silence_of_the_machine_it_calls_once_and_has_climbed(self) -> None:
        objection = self.object_to()
        self.now = self.at(20)
        sweep()
        objection.refresh_from_db()
        self.assertEqual((objection.level, self.told("objection_near")), ("city", set()))
        self.assertIn("shidu", self.told("objection_late"))

    def test_who_decided_the_claim_is_passed_over(self) -> None:
        """Also where they are the only one of their level."""
        objection = self.object_to(by=self.county)
        self.assertEqual(objection.level, "city")
        self.assertEqual(Task.objects.get(kind="worker_objects").owner, self.city)

    def test_a_colleague_of_the_same_level_answers_for_them(self) -> None:
        other = make_person("second", "第二", roles.COUNTY_OFFICER, "321322")
        self.assertEqual(self.object_to(by=self.county).level, "county")
        self.assertEqual(Task.objects.get(kind="worker_objects").owner, other)

    def test_where_nobody_above_is_left_an_administrator_is_asked(self) -> None:
        Posting.objects.filter(person=self.city).delete()
        self.object_to(by=self.county)
        self.assertEqual(Task.objects.get(kind="worker_objects").owner, self.administrator)


class AnsweringTest(ObjectionTestCase):
    def test_who_may_and_who_not(self) -> None:
        objection = self.object_to()
        for name, code in (
            ("grid_worker", "not_your_role"), ("chief", "not_your_role"), ("mediator", "not_your_role"), ("auditor", "not_your_role"),
            ("county_b", "not_your_role"), ("partner", "not_your_role"), ("administrator", "not_your_role"),
        ):  # fmt: skip
            with self.subTest(name):
                self.refuses(code, objection, getattr(self, name))
        Objection.objects.update(level="city")
        self.refuses("not_in_charge", objection, self.county)
        self.refuses("no_words", objection, self.city, reply="  ")
        self.refuses("no_verdict", objection, self.city, verdict="maybe")
        answering.answer(objection, self.city, now=NOW, verdict="upheld", reply="已核实。")
        self.refuses("answered_already", objection, self.city)

    def test_nobody_answers_about_their_own_decision(self) -> None:
        objection = self.object_to(by=self.county)
        Objection.objects.update(level="county")
        self.refuses("own_decision", objection, self.county)

    @SMS
    def test_upheld_the_worker_reads_the_reasons_and_is_told(self) -> None:
        answering.answer(self.object_to(), self.county, now=NOW, verdict="upheld", reply="录音和签字都核对过。")
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).stage, "withdrawn")
        page = self.page()
        for words in ("上级的答复：不改变结果", "录音和签字都核对过。", "法律援助请打 12348", "上级答复了您的异议"):
            self.assertContains(page, words)
        self.assertNotContains(page, "冼安")
        self.assertEqual([row.kind for row in Notice.objects.filter(channel="sms", kind="worker_objection_answered")], ["worker_objection_answered"])

    @SMS
    def test_reopened_the_claim_runs_again_and_the_worker_hears_of_that(self) -> None:
        answering.answer(self.object_to(), self.county, now=NOW, verdict="reopened", reply="经查没有本人签字。")
        claim = Claim.objects.get(pk=self.claim.pk)
        self.assertEqual((claim.stage, claim.clocks.filter(rule_id="JC-INVEST", ended_on=None).count()), ("accepted", 1))
        self.assertContains(self.page(), "上级的答复：重新办理")
        told = set(Notice.objects.filter(channel="sms").values_list("kind", flat=True))
        self.assertIn("worker_reopened", told)
        self.assertNotIn("worker_objection_answered", told)

    def test_opened_again_by_hand_it_is_answered(self) -> None:
        objection = self.object_to()
        casework.advance(Claim.objects.get(pk=self.claim.pk), "reopen", self.county, now=NOW, reason="经查属实")
        objection.refresh_from_db()
        self.assertEqual((objection.state, objection.next_at), ("reopened", None))
        self.assertFalse(Task.objects.filter(kind="worker_objects", done_at=None).exists())


class PagesTest(ObjectionTestCase):
    def send(self, objection: Objection, **said: str) -> HttpResponse:
        return self.client.post(reverse("objection_detail", args=[objection.pk]), said, follow=True)

    def test_answering_on_the_page(self) -> None:
        objection = self.object_to()
        self.sign_in(self.county)
        self.assertContains(self.client.get("/"), "劳动者对办理结果有异议")
        self.assertContains(self.client.get("/objections/"), "李建国")
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "劳动者有异议")
        self.assertContains(self.send(objection, verdict="upheld", reply=""), "还有内容需要改正")
        self.assertContains(self.send(objection, verdict="upheld", reply="已核实。"), "已经答复")
        self.assertEqual(self.send(objection, verdict="upheld", reply="又一次").status_code, 409)
        self.assertNotContains(self.client.get("/objections/"), "李建国")
        self.assertContains(self.client.get("/objections/?show=ended"), "李建国")

    def test_reopening_leads_to_the_claim(self) -> None:
        objection = self.object_to()
        self.sign_in(self.county)
        answer = self.client.post(reverse("objection_detail", args=[objection.pk]), {"verdict": "reopened", "reply": "属实。"})
        self.assertRedirects(answer, reverse("claim_detail", args=[self.claim.pk]))

    def test_scope(self) -> None:
        objection = self.object_to()
        address = reverse("objection_detail", args=[objection.pk])
        for person, listed, status in (
            (self.county, 200, 200), (self.chief, 200, 200), (self.auditor, 200, 200), (self.county_b, 200, 404), (self.chief_a2, 200, 404),
            (self.partner, 404, 404), (self.outsider, 404, 404),
        ):  # fmt: skip
            self.sign_in(person)
            self.assertEqual((self.client.get("/objections/").status_code, self.client.get(address).status_code), (listed, status), person)
        self.sign_in(self.chief)
        self.assertContains(self.client.get(address), "由县级以上答复")
        self.assertNotContains(self.client.get(address), "答复劳动者</h2>")

    def test_as_many_queries_for_three_as_for_thirty(self) -> None:
        self.sign_in(self.county)
        self.many(3)
        few = self.queries("/objections/")
        self.many(17)
        self.assertEqual(self.queries("/objections/"), few)

    def many(self, number: int) -> None:
        for _number in range(number):
            claim = self.make_claim()
            casework.advance(claim, "withdraw", self.chief, now=NOW, reason="x", confirmed=True)
            objects(claim, "不同意", now=NOW)
