"""Written notices of a hearing and reminders: who is called how, what becomes of it when the hearing moves, and what is never said."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.urls import reverse
from django.utils import timezone

from arrears.models import Paper, Service
from arrears.serving import verbs as serving
from arrears.serving.verbs import Said
from arrears.workdays import PUBLISHED
from grid.days import SHANGHAI
from grid.models import Notice, Task
from mediation.models import Hearing, HearingLink, HearingNotice, HearingReminder, Mediation
from mediation.room import calling, links
from mediation.room.reminders import due_step
from mediation.room.reminding import remind_due
from tests.base import NOW, TODAY
from tests.mediation.base import at
from tests.mediation.room_base import RoomTestCase

RECEIPT = b"%PDF-1.4 receipt"


class CallingTest(RoomTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.mediation = self.make_mediation("scheduled")
        self.hearing = self.open_room(self.mediation)

    def notify(self, person: Any = None) -> list[HearingNotice]:
        return calling.notify(self.hearing, list(self.hearing.attendances.all()), person or self.mediator, now=NOW)

    def serve(self, row: HearingNotice) -> None:
        file = SimpleUploadedFile("回证.pdf", RECEIPT + str(row.pk).encode(), "application/pdf")
        serving.attempt(row.service, self.mediator, now=NOW, method="direct", said=Said(TODAY, received_by="前台", files={"receipt": [file]}))

    def calls(self) -> dict[str, calling.Called]:
        self.hearing.refresh_from_db()
        return {one.attendance.party_kind: one for one in calling.calls(self.hearing, list(self.hearing.attendances.all()))}

    def tasks(self) -> set[str]:
        return set(Task.objects.filter(done_at=None).values_list("kind", flat=True))

    def test_each_party_gets_one_paper_that_names_time_and_place(self) -> None:
        rows = self.notify()
        self.assertEqual(len(rows), 2)
        paper = Paper.objects.get()
        self.assertEqual((paper.form, {row.service.paper_id for row in rows}, {row.service.what for row in rows}), ("F-11", {paper.pk}, {"hearing"}))
        answers = paper.told()["answers"]
        self.assertEqual((answers["session_place"], answers["mediator"]), ("第一调解室", "条和"))
        self.assertEqual({row.service.serve_by for row in rows}, {date(2026, 3, 3)})  # the day itself: this office has no rule
        self.assertEqual(self.refusal(self.notify), "nobody_to_call")

    def test_only_a_hearing_to_come_is_told_of(self) -> None:
        self.make_move(self.mediation, "hold")
        self.assertEqual(self.refusal(self.notify), "not_to_come")

    def test_whoever_may_not_serve_papers_of_the_case_makes_none(self) -> None:
        self.assertEqual(self.refusal(self.notify, self.auditor), "not_your_role")
        self.assertFalse(Paper.objects.exists())

    def test_a_notice_that_could_not_be_served_is_a_task_with_the_next_lawful_way(self) -> None:
        row = next(one for one in self.notify() if one.attendance.party_kind == "respondent")
        serving.attempt(row.service, self.mediator, now=NOW, method="direct", said=Said(TODAY, note="没人"), reason="absent")
        task = Task.objects.get(kind="serve_next", done_at=None)
        self.assertEqual(task.facts["method"], "邮寄送达")
        self.assertEqual(self.calls()["respondent"].way, "邮寄送达")

    def test_what_was_served_proves_that_an_absent_party_was_called(self) -> None:
        self.notify()
        for row in HearingNotice.objects.all():
            self.serve(row)
        how, proof = self.calls()["respondent"].proof
        self.assertEqual((how, proof.endswith("直接送达，2026-03-02送达")), ("paper", True))
        self.client.force_login(self.mediator)
        self.assertContains(self.client.get(reverse("hearing_room", args=[self.hearing.pk])), "直接送达，2026-03-02送达")

    def test_moved_the_old_notices_hold_no_longer_and_everybody_is_told_anew(self) -> None:
        first = {row.attendance.party_kind: row for row in self.notify()}
        self.serve(first["worker"])
        self.make_move(self.mediation, "postpone")
        self.assertEqual(Service.objects.get(pk=first["respondent"].service_id).state, "dropped")
        self.assertEqual(Service.objects.get(pk=first["worker"].service_id).state, "served")  # what was served was served
        self.assertEqual([(one.notice, one.is_old) for one in self.calls().values()], [(None, True), (None, True)])
        self.assertIn("hearing_to_notice", self.tasks())
        self.assertEqual(len(self.notify()), 2)
        self.assertEqual(Paper.objects.count(), 2)
        self.assertNotIn("hearing_to_notice", self.tasks())

    def test_without_a_notice_nobody_is_asked_to_tell_anew(self) -> None:
        self.make_move(self.mediation, "postpone")
        self.assertNotIn("hearing_to_notice", self.tasks())

    def test_cancelled_before_it_was_held_whoever_had_a_notice_is_told(self) -> None:
        for row in self.notify():
            self.serve(row)
        self.make_move(self.mediation, "fail")
        self.assertIn("hearing_off_to_tell", self.tasks())

    def test_once_it_was_held_nobody_is_told_that_it_is_off(self) -> None:
        served, waiting = self.notify()
        self.serve(served)
        self.make_move(self.mediation, "hold")
        self.assertEqual(Service.objects.get(pk=waiting.service_id).state, "dropped")
        self.make_move(self.mediation, "fail")
        self.assertNotIn("hearing_off_to_tell", self.tasks())

    def test_the_page_makes_the_notices_of_those_who_are_ticked(self) -> None:
        self.client.force_login(self.mediator)
        door = self.door(self.hearing, "respondent")
        with self.subTest("the page knows the real time: this hearing is over"):
            answer = self.client.post(reverse("hearing_calls", args=[self.hearing.pk]), {"who": [door.pk]})
            self.assertContains(answer, "只有还没有开的调解会才发书面通知", status_code=409)


class FromElsewhereTest(RoomTestCase):
    """The mediator is posted in another county: he calls to his own hearing, and to nothing else of the claim."""

    notify = CallingTest.notify

    def setUp(self) -> None:
        super().setUp()
        self.mediation = self.make_mediation("scheduled")
        self.hand_over(self.mediator_b)

    def hand_over(self, mediator: Any) -> None:
        Hearing.objects.filter(mediation=self.mediation).update(mediator=mediator)
        Mediation.objects.filter(pk=self.mediation.pk).update(mediator=mediator)
        self.mediation.refresh_from_db()
        self.hearing = self.open_room(self.mediation)

    def test_he_makes_the_notices_and_serves_them(self) -> None:
        row = self.notify(self.mediator_b)[1]
        self.client.force_login(self.mediator_b)
        page = self.client.get(reverse("service_detail", args=[row.service_id]))
        self.assertContains(page, reverse("service_act", args=[row.service_id, "direct"]))
        self.assertNotContains(page, reverse("claim_detail", args=[self.mediation.claim_id]))
        self.assertEqual(self.client.get(reverse("paper_detail", args=[Paper.objects.get().pk])).status_code, 200)
        serving.attempt(row.service, self.mediator_b, now=NOW, method="direct", said=Said(TODAY, note="没人"), reason="absent")
        self.assertIn(row.service, Service.objects.visible_to(self.mediator_b, TODAY))

    def test_no_other_paper_of_the_claim_is_his(self) -> None:
        claim = self.mediation.claim
        other = serving.issue(claim, self.chief, now=NOW, what="other", title="限期支付通知", made_on=TODAY, respondent=claim.respondents.get())
        self.assertEqual(self.refusal(serving.drop, other, self.mediator_b, now=NOW, reason="x"), "not_your_role")
        self.client.force_login(self.mediator_b)
        self.assertEqual(self.client.get(reverse("service_detail", args=[other.pk])).status_code, 404)
        self.assertEqual(
            self.refusal(serving.issue, claim, self.mediator_b, now=NOW, what="other", title="x", made_on=TODAY, respondent=claim.respondents.get()), "not_your_role"
        )

    def test_what_he_ends_calls_his_notices_off(self) -> None:
        rows = self.notify(self.mediator_b)
        self.make_move(self.mediation, "adjourn", self.mediator_b)
        self.assertEqual({Service.objects.get(pk=row.service_id).state for row in rows}, {"dropped"})

    def test_once_it_is_somebody_elses_hearing_the_notices_are_too(self) -> None:
        row = self.notify(self.mediator_b)[0]
        self.hand_over(self.mediator)
        self.assertEqual(self.refusal(serving.drop, row.service, self.mediator_b, now=NOW, reason="x"), "not_your_role")
        self.assertNotIn(row.service, Service.objects.visible_to(self.mediator_b, TODAY))


class LinkTest(RoomTestCase):
    """By the real clock, as whoever opens a link has it."""

    def setUp(self) -> None:
        super().setUp()
        self.now = timezone.now()
        starts = (self.now + timedelta(days=2)).astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
        self.hearing = self.open_room(self.make_mediation("scheduled", starts_at=starts, ends_at=starts + timedelta(hours=1), anyway=True))

    def link(self, side: str | None, **more: Any) -> str:
        door = self.door(self.hearing, side) if side else None
        return reverse("hearing_called", args=[links.make(self.hearing, door, self.mediator, now=self.now, **more)])

    def test_each_part_is_told_in_its_own_words(self) -> None:
        said = {part: self.client.get(self.link(part, **({} if part else {"name": "市总工会"}))).content.decode() for part in ("worker", "respondent", None)}
        self.assertIn("不来不等于撤回申请", said["worker"])
        self.assertIn("工资支付台账", said["respondent"])
        self.assertIn("旁听人员不发言", said[None])
        for part, page in said.items():
            self.assertEqual(("不来不等于撤回申请" in page, "工资支付台账" in page), (part == "worker", part == "respondent"))
            self.assertIn("条和", page)
        self.assertNotIn("李建国", said["respondent"])  # nobody but whom it is for

    def test_opening_and_confirming_are_kept_and_prove_the_call(self) -> None:
        url = self.link("respondent")
        self.client.get(url)
        link = HearingLink.objects.get()
        self.assertIsNotNone(link.opened_at)
        self.assertIsNone(link.seen_at)
        self.assertContains(self.client.post(url, follow=True), "已确认收到")
        one = next(one for one in calling.calls(self.hearing, list(self.hearing.attendances.all())) if one.attendance.party_kind == "respondent")
        self.assertEqual((one.knows, one.proof[0]), (True, "link"))

    def test_of_another_time_they_are_asked_anew(self) -> None:
        url = self.link("worker")
        self.client.post(url)
        later = self.hearing.starts_at + timedelta(days=1)
        self.make_move(self.hearing.mediation, "postpone", starts_at=later, ends_at=later + timedelta(hours=1), anyway=True)
        self.assertContains(self.client.get(url), "我知道了")

    def test_the_file_of_the_calendar_leads_back_here_and_not_into_the_house(self) -> None:
        url = self.link("worker")
        answer = self.client.get(url + "hearing.ics")
        self.assertEqual(answer["Content-Type"], "text/calendar; charset=utf-8")
        self.assertIn("BEGIN:VEVENT", answer.content.decode())
        self.assertNotIn("/mediations/", answer.content.decode().replace("\r\n ", ""))

    def test_a_new_link_ends_the_old_one_and_a_stranger_finds_nothing(self) -> None:
        old = self.link("worker")
        self.link("worker")
        self.assertEqual(self.client.get(old).status_code, 410)
        self.assertEqual(self.client.get(reverse("hearing_called", args=["x"])).status_code, 410)

    def test_after_it_was_held_it_does_not_call_any_more(self) -> None:
        url = self.link("worker")
        self.make_move(self.hearing.mediation, "hold")
        page = self.client.get(url)
        self.assertContains(page, "已开")
        self.assertNotContains(page, "已取消")
        self.hearing.refresh_from_db()
        self.assertEqual(self.refusal(links.make, self.hearing, None, self.mediator, now=self.now, name="某"), "not_to_come")

    def test_made_on_the_page_and_shown_once(self) -> None:
        self.client.force_login(self.mediator)
        address = reverse("hearing_links", args=[self.hearing.pk])
        self.assertContains(self.client.post(address, {"who": self.door(self.hearing, "worker").pk}, follow=True), "/called/")
        self.client.logout()
        self.client.force_login(self.mediator)
        self.assertNotContains(self.client.get(reverse("hearing_room", args=[self.hearing.pk])), "/called/")
        self.assertContains(self.client.post(address, {"who": "observer", "name": " "}), "请写明链接给谁", status_code=409)
        self.assertEqual(self.client.post(address, {"who": "nobody"}).status_code, 404)
        self.client.force_login(self.auditor)
        self.assertEqual(self.client.post(address, {"who": "observer", "name": "某"}).status_code, 409)


class LadderTest(SimpleTestCase):
    """By hand: a hearing on Thursday 2026-03-12 at 09:00."""

    STARTS = datetime(2026, 3, 12, 9, tzinfo=SHANGHAI)

    def said(self, now: datetime, placed: datetime = NOW) -> str:
        step = due_step(self.STARTS, placed, now, PUBLISHED)
        return step.name if step else ""

    def test_each_step_comes_at_its_instant(self) -> None:
        self.assertEqual(self.said(datetime(2026, 3, 9, 9, 29, tzinfo=SHANGHAI)), "")
        self.assertEqual(self.said(datetime(2026, 3, 9, 9, 30, tzinfo=SHANGHAI)), "ahead")
        self.assertEqual(self.said(datetime(2026, 3, 11, 15, 0, tzinfo=SHANGHAI)), "eve")
        self.assertEqual(self.said(datetime(2026, 3, 12, 7, 0, tzinfo=SHANGHAI)), "soon")
        self.assertEqual(self.said(self.STARTS), "")

    def test_steps_that_were_past_when_it_was_booked_are_never_said(self) -> None:
        booked = datetime(2026, 3, 11, 16, tzinfo=SHANGHAI)
        self.assertEqual(self.said(datetime(2026, 3, 11, 17, tzinfo=SHANGHAI), booked), "")
        self.assertEqual(self.said(datetime(2026, 3, 12, 7, 30, tzinfo=SHANGHAI), booked), "soon")
        late = datetime(2026, 3, 12, 8, tzinfo=SHANGHAI)
        self.assertEqual(self.said(datetime(2026, 3, 12, 8, 30, tzinfo=SHANGHAI), late), "")


class RemindingTest(RoomTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.mediation = self.make_mediation("scheduled", starts_at=at("09:00", date(2026, 3, 12)), ends_at=at("10:00", date(2026, 3, 12)))

    def notices(self) -> list[str]:
        return sorted(Notice.objects.filter(kind="hearing_near", channel="in_app").values_list("recipient__username", flat=True))

    def test_each_step_is_said_once_and_a_missed_turn_says_the_last_only(self) -> None:
        self.assertEqual(remind_due(at("09:00", date(2026, 3, 9))), 0)
        self.assertEqual(remind_due(at("16:00", date(2026, 3, 11))), 1)
        self.assertEqual(remind_due(at("16:01", date(2026, 3, 11))), 0)
        self.assertEqual(HearingReminder.objects.get().step, "eve")
        self.assertIn(self.mediator.username, self.notices())
        self.assertEqual(self.mediation.claim.events.first().facts["move"], "reminded")

    def test_moved_its_steps_begin_anew(self) -> None:
        remind_due(at("10:00", date(2026, 3, 9)))
        self.make_move(self.mediation, "postpone", starts_at=at("09:00", date(2026, 3, 19)), ends_at=at("10:00", date(2026, 3, 19)))
        self.assertEqual(remind_due(at("16:00", date(2026, 3, 11))), 0)
        self.assertEqual(remind_due(at("10:00", date(2026, 3, 16))), 1)

    def test_held_or_cancelled_it_is_silent(self) -> None:
        self.make_move(self.mediation, "fail")
        self.assertEqual(remind_due(at("16:00", date(2026, 3, 11))), 0)

    def test_one_that_begins_on_the_spot_reminds_nobody(self) -> None:
        self.make_move(self.mediation, "on_site", place="工地", length="60")
        self.assertEqual(remind_due(NOW + timedelta(minutes=1)), 0)


