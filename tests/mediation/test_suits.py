"""What parties need and when they cannot come; the link with a code; recusal asked and decided."""

from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse

from arrears.workdays import PUBLISHED
from grid.days import SHANGHAI
from grid.models import Notice, Task
from mediation import suits
from mediation.models import DatesLink, Mediation, PartyDay, PartyTerms, Recusal
from mediation.suiting import check_recusal
from mediation.suits import add_days, party_of
from tests.mediation.test_pages import PageTestCase


class PartiesTest(PageTestCase):
    def setUp(self) -> None:
        self.mediation = self.open_mediation()
        self.worker = self.mediation.claim.claimants.get()
        self.page = reverse("mediation_parties", args=[self.mediation.pk])
        self.sign_in(self.mediator)

    def say(self, form: str, **said: Any) -> Any:
        return self.client.post(self.page, {"form": form, "party": str(self.worker.pk), **said})

    def test_needs_are_kept_and_a_stale_page_changes_nothing(self) -> None:
        needs = {"language": "sign", "is_step_free": "on", "needs": "轮椅", "version": "0"}
        self.say("terms", **needs)
        terms = PartyTerms.objects.get()
        self.assertEqual((terms.language, terms.is_step_free, terms.has_interpreter, terms.version), ("sign", True, False, 1))
        self.assertContains(self.say("terms", **needs), "刚刚已被他人改动", status_code=409)
        self.say("terms", **{**needs, "has_interpreter": "on", "version": "1"})
        self.assertTrue(PartyTerms.objects.get().has_interpreter)
        self.assertNotIn("轮椅", str([event.facts for event in self.mediation.claim.events.all()]))  # nothing of health in the history

    def test_days_are_kept_once_told_in_the_history_and_taken_back(self) -> None:
        for _each in range(2):
            self.say("dates", day0=self.day.isoformat(), part0="am")
        row = PartyDay.objects.get()
        self.assertEqual((row.day, row.part, row.said_by, row.party_id), (self.day, "am", self.mediator, self.worker.pk))
        self.assertEqual(self.mediation.claim.events.filter(facts__move="unsuited").count(), 1)
        self.assertContains(self.client.get(self.page), "工作人员登记")
        self.client.post(self.page, {"form": "drop", "day": str(row.pk)})
        self.assertFalse(PartyDay.objects.exists())
        event = self.mediation.claim.events.order_by("-seq").first()
        self.assertEqual((event.facts["move"], event.facts["who"], event.facts["days"], event.actor), ("suits_again", "工人0", self.day.isoformat(), self.mediator))

    def test_who_holds_the_hearing_is_told_that_a_party_cannot_come(self) -> None:
        booked = self.open_mediation("scheduled", 1)  # 08:30
        worker = booked.claim.claimants.get()
        party = party_of(booked, worker.pk)
        told = Notice.objects.filter(kind="hearing_in_the_way", channel="in_app")
        add_days(booked, party, [(self.day, "pm")], self.county, now=self.now)
        self.assertFalse(told.exists())
        add_days(booked, party, [(self.day, "am")], self.county, now=self.now)
        self.assertEqual({notice.recipient for notice in told}, {self.mediator, self.chief})
        self.assertNotIn("工人1", str([notice.facts for notice in told]))

    def test_bad_input_is_said(self) -> None:
        for said, sentence in (
            ({}, "至少填写一个"), ({"day0": self.today.isoformat()}, "明天起三个月以内"), ({"day0": "x"}, "日期填写有误"),
            ({"day0": (self.today + timedelta(days=200)).isoformat()}, "明天起三个月以内"), ({"party": str(self.mediation.pk), "day0": self.day.isoformat()}, "没有这位当事人"),
        ):  # fmt: skip
            with self.subTest(sentence):
                self.assertContains(self.say("dates", **said), sentence, status_code=409)
        self.assertEqual(self.say("x").status_code, 404)
        self.assertEqual(self.client.post(self.page, {"form": "drop", "day": "x"}).status_code, 404)

    def test_who_may(self) -> None:
        codes = self.seen_by(self.page)
        self.assertEqual({name for name, code in codes.items() if code == 200}, {"grid_worker", "chief", "county", "city", "mediator", "auditor"})
        self.sign_in(self.auditor)
        self.assertContains(self.say("dates", day0=self.day.isoformat()), "您的岗位不能", status_code=409)
        self.assertContains(self.say("link"), "您的岗位不能", status_code=409)


class LinkTest(PageTestCase):
    def setUp(self) -> None:
        self.mediation = self.open_mediation()
        self.worker = self.mediation.claim.claimants.get()
        self.address, self.code = self.make()

    def make(self) -> tuple[str, str]:
        self.sign_in(self.mediator)
        answer = self.client.post(reverse("mediation_parties", args=[self.mediation.pk]), {"form": "link", "party": str(self.worker.pk)})
        self.client.logout()
        made = answer.context["made"]
        return "/" + made["address"].split("/", 3)[3], made["code"]

    def answer(self, **said: Any) -> Any:
        return self.client.post(self.address, {"code": self.code, "day0": self.day.isoformat(), "part0": "pm", **said})

    def test_a_party_says_when_they_cannot_come_and_the_hearing_keeps_clear(self) -> None:
        page = self.client.get(self.address)
        self.assertEqual((page.status_code, page["X-Robots-Tag"]), (200, "noindex, nofollow"))
        self.assertNotContains(page, "工人0")
        self.assertNotContains(page, "公司0")
        self.assertContains(self.answer(), "新登记 1 个日期")
        row = PartyDay.objects.get()
        self.assertEqual((row.day, row.part, row.said_by), (self.day, "pm", None))
        self.assertIsNotNone(DatesLink.objects.get().answered_at)
        told = Notice.objects.filter(kind="dates_said", channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.mediator, self.chief})
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(reverse("mediation_parties", args=[self.mediation.pk])), "本人通过链接填写")

    def test_a_wrong_code_changes_nothing_and_ten_end_the_link(self) -> None:
        wrong = "000000" if self.code != "000000" else "111111"
        for _each in range(9):
            self.assertContains(self.answer(code=wrong), "密码不对", status_code=409)
        self.assertContains(self.answer(), "新登记 1 个日期")  # nine are forgiven only as long as it still opens
        self.assertContains(self.answer(code=wrong), "密码不对", status_code=409)
        self.assertEqual(self.answer().status_code, 410)
        self.assertEqual(PartyDay.objects.count(), 1)
        DatesLink.objects.update(answered_at=None)
        self.sign_in(self.mediator)
        page = self.client.get(reverse("mediation_parties", args=[self.mediation.pk]))
        self.assertContains(page, "链接已失效")
        self.assertNotContains(page, "前有效")

    def test_a_new_link_its_day_and_the_end_of_the_mediation_end_it(self) -> None:
        old = self.address
        self.address, self.code = self.make()
        self.assertEqual([self.client.get(path).status_code for path in (old, self.address)], [410, 200])
        DatesLink.objects.update(expires_on=self.today - timedelta(days=1))
        self.assertEqual(self.client.get(self.address).status_code, 410)
        DatesLink.objects.update(expires_on=self.day)
        Mediation.objects.update(state="failed")
        self.assertEqual(self.answer().status_code, 410)
        self.assertFalse(PartyDay.objects.exists())

    def test_whoever_does_not_answer_by_the_closing_day_is_asked_after_once(self) -> None:
        closes = DatesLink.objects.get().expires_on
        self.assertEqual(suits.close_links(datetime.combine(closes, time(23, 59), SHANGHAI)), 0)  # the day itself is theirs
        late = datetime.combine(closes + timedelta(days=1), time(0, 1), SHANGHAI)
        self.assertEqual([suits.close_links(late) for _each in range(2)], [1, 0])
        task = Task.objects.get(kind="dates_unanswered", done_at=None)
        self.assertEqual((task.owner, task.facts["day"]), (self.mediator, closes.isoformat()))
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(reverse("mediation_parties", args=[self.mediation.pk])), "到截止日没有回答")
        self.address, self.code = self.make()  # asked again, and answered
        self.answer()
        self.assertFalse(Task.objects.filter(kind="dates_unanswered", done_at=None).exists())
        self.assertEqual(suits.close_links(late + timedelta(days=30)), 0)

    def test_nobody_is_asked_after_once_it_is_over(self) -> None:
        Mediation.objects.update(state="failed")
        suits.close_links(self.now + timedelta(days=30))
        self.assertFalse(Task.objects.filter(kind="dates_unanswered").exists())

    def test_the_closing_day_is_the_office_s_and_within_bounds(self) -> None:
        self.sign_in(self.mediator)
        page, said = reverse("mediation_parties", args=[self.mediation.pk]), {"form": "link", "party": str(self.worker.pk)}
        day = self.today + timedelta(days=2)
        self.assertContains(self.client.post(page, {**said, "until": day.isoformat()}), "给工人0的链接")
        self.assertEqual(DatesLink.objects.get().expires_on, day)
        for until, sentence in ((self.today.isoformat(), "明天起 15 天以内"), ((self.today + timedelta(days=16)).isoformat(), "明天起 15 天以内"), ("25:00", "读不出来")):
            with self.subTest(until):
                self.assertContains(self.client.post(page, {**said, "until": until}), sentence, status_code=409)
        self.assertEqual(DatesLink.objects.get().expires_on, day)

    def test_the_database_knows_neither_address_nor_code(self) -> None:
        kept = str(DatesLink.objects.values().get())
        self.assertNotIn(self.code, kept.split("'code': '")[1].split("'")[0])
        self.assertNotIn(self.address.split("/")[2], kept)


class RecusalTest(PageTestCase):
    def setUp(self) -> None:
        self.mediation = self.open_mediation()
        self.page = reverse("mediation_recusals", args=[self.mediation.pk])
        self.sign_in(self.mediator)

    def ask(self, **said: Any) -> Any:
        usual = {"mediator": str(self.mediator.pk), "asked_by": "worker", "ground": "relative", "reason": "是老板的表弟。"}
        return self.client.post(self.page, {**usual, **said})

    def decide(self, **said: Any) -> Any:
        return self.client.post(reverse("recusal_decide", args=[Recusal.objects.get().pk]), {"answer": "属实。", **said}, follow=True)

    def test_it_is_asked_told_and_decided_by_somebody_else(self) -> None:
        self.ask()
        row = Recusal.objects.get()
        self.assertEqual((row.state, row.asked_by, row.entered_by), ("asked", "worker", self.mediator))
        self.assertEqual({notice.recipient for notice in Notice.objects.filter(kind="recusal_asked", channel="in_app")}, {self.chief})
        self.assertContains(self.ask(), "已有一份回避申请", status_code=409)
        self.assertContains(self.decide(grant="1"), "本人不能决定自己的回避")
        self.sign_in(self.chief)
        self.assertContains(self.decide(answer="", grant="1"), "请写明决定的理由")
        self.assertContains(self.decide(grant="1"), "已作出决定")
        row.refresh_from_db()
        self.assertEqual((row.state, row.decided_by, row.answer), ("granted", self.chief, "属实。"))
        self.assertIn("recusal_granted", [event.facts.get("move") for event in self.mediation.claim.events.all()])
        self.assertEqual({notice.recipient for notice in Notice.objects.filter(kind="recusal_decided", channel="in_app")}, {self.mediator})
        self.assertContains(self.decide(), "刚刚已有决定")

    def test_where_the_chief_is_the_mediator_the_seat_above_is_told_and_has_to_decide(self) -> None:
        self.ask(mediator=str(self.chief.pk))
        told = Notice.objects.filter(kind="recusal_asked", channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.county})
        task = Task.objects.get(kind="recusal_undecided")
        self.assertEqual((task.owner, task.due_on, task.done_at), (self.county, PUBLISHED.add(self.today, 3), None))
        self.sign_in(self.chief)
        self.assertContains(self.decide(grant="1"), "本人不能决定自己的回避")
        self.sign_in(self.county)
        self.decide()
        task.refresh_from_db()
        self.assertIsNotNone(task.done_at)

    def test_granted_whoever_leads_there_is_told_to_find_another(self) -> None:
        for said, mediator, expected in (({}, self.mediator, False), ({"grant": "1"}, self.mediator2, False), ({"grant": "1"}, self.mediator, True)):
            with self.subTest(said=said, mediator=mediator.full_name):
                Recusal.objects.all().delete()
                self.sign_in(self.mediator)
                self.ask(mediator=str(mediator.pk))
                self.sign_in(self.chief)
                self.decide(**said)
                told = Notice.objects.filter(kind="recusal_to_move", channel="in_app")
                self.assertEqual({notice.recipient for notice in told}, {self.chief} if expected else set())

    def test_not_recused_the_mediator_may_be_booked_again(self) -> None:
        self.ask()
        self.sign_in(self.chief)
        self.decide()
        self.assertEqual(Recusal.objects.get().state, "denied")
        check_recusal(self.mediator, self.mediation)  # raises nothing

    def test_bad_input_and_out_of_scope(self) -> None:
        self.assertContains(self.ask(reason=""), "form-errors")
        self.assertContains(self.ask(mediator=str(self.outsider.pk)), "form-errors")
        self.ask()
        self.sign_in(self.county_b)
        self.assertEqual(self.client.get(self.page).status_code, 404)
        self.assertEqual(self.decide(grant="1").status_code, 404)
        self.assertEqual(Recusal.objects.get().state, "asked")
