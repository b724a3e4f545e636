"""With the text messages down, somebody who can is asked to tell the workers: once, and with the words."""

from datetime import timedelta
from unittest.mock import patch

from django.test import override_settings
from django.urls import reverse

from arrears import casework
from arrears.intake import ClaimantFacts
from arrears.tasks import sweep
from arrears.worker import unreached
from arrears.worker.unreached import AFTER, KIND
from grid import tasklist
from grid.models import AccessLog, ChannelState, Leave, Notice, Posting, Task
from grid.models.notices import SENT
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

SMS = override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
HOUR, PAGE = timedelta(hours=1), "/unreached/"


@SMS
class UnreachedCase(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim(person=self.grid_worker)
        self.open(NOW)
        self.now = NOW + AFTER

    def open(self, at) -> None:
        ChannelState.objects.all().delete()
        ChannelState.objects.create(channel="sms", failures=9, opened_at=at, retry_at=at + 12 * HOUR, last_error="HTTP 502")

    def tasks(self) -> list[Task]:
        return list(Task.objects.filter(kind=KIND).order_by("created_at"))


class AskingTest(UnreachedCase):
    def test_one_person_gets_one_task_for_all_workers_and_is_told_of_it(self) -> None:
        other = self.make_claim(claimants=[ClaimantFacts("王芳", "13800000002")])
        casework.advance(other, "accept", None, now=NOW)
        self.assertEqual(unreached.ask(NOW + AFTER), 1)
        [task] = self.tasks()
        self.assertEqual((task.owner, task.path, task.region_code), (self.chief, PAGE, "321322101"))
        self.assertEqual(tasklist.words(task)[0], "短信发不出：请电话或者当面告知劳动者")
        self.assertIn("自 2026-03-02 10:00 起", tasklist.words(task)[1])
        self.assertTrue(Notice.objects.filter(recipient=self.chief, kind="task_added", channel="in_app").exists())

    def test_not_before_it_has_lasted_and_not_when_it_is_well(self) -> None:
        self.assertEqual(unreached.ask(NOW + AFTER - timedelta(seconds=1)), 0)
        ChannelState.objects.update(opened_at=None)
        self.assertEqual(unreached.ask(NOW + AFTER), 0)
        ChannelState.objects.all().delete()
        self.assertEqual(unreached.ask(NOW + AFTER), 0)
        self.assertEqual(self.tasks(), [])

    def test_another_channels_outage_is_none_of_the_workers(self) -> None:
        ChannelState.objects.update(channel="email")
        self.assertEqual(unreached.ask(NOW + AFTER), 0)

    def test_once_for_an_outage_however_often_it_is_looked(self) -> None:
        for hours in (2, 3, 30):
            unreached.ask(NOW + hours * HOUR)
        self.assertEqual(len(self.tasks()), 1)
        tasklist.done(self.tasks()[0], self.chief, NOW + 31 * HOUR)
        self.assertEqual(unreached.ask(NOW + 40 * HOUR), 0)

    def test_who_comes_after_it_was_done_makes_another_and_alone_stands_there(self) -> None:
        unreached.ask(NOW + AFTER)
        tasklist.done(self.tasks()[0], self.chief, NOW + 3 * HOUR)
        later = self.make_claim(now=NOW + 4 * HOUR, claimants=[ClaimantFacts("王芳", "13800000002")])
        self.assertEqual(unreached.ask(NOW + 5 * HOUR), 0)  # it may still be over soon
        self.assertEqual(unreached.ask(NOW + 6 * HOUR), 1)
        self.now = NOW + 6 * HOUR
        page = self.client.get(PAGE)
        self.assertEqual([row.claim for row in page.context["rows"]], [later])

    def test_the_next_outage_is_another_one(self) -> None:
        unreached.ask(NOW + AFTER)
        tasklist.done(self.tasks()[0], self.chief, NOW + 3 * HOUR)
        Notice.objects.filter(channel="sms").update(state=SENT)
        self.open(NOW + 10 * HOUR)
        self.assertEqual(unreached.ask(NOW + 12 * HOUR), 0)
        self.make_claim(now=NOW + 11 * HOUR)
        self.assertEqual(unreached.ask(NOW + 13 * HOUR), 1)

    def test_nothing_waits_nobody_is_asked(self) -> None:
        Notice.objects.filter(channel="sms").update(state=SENT)
        self.assertEqual(unreached.ask(NOW + AFTER), 0)

    def test_the_lead_is_away_or_the_post_vacant_the_next_one_is_asked(self) -> None:
        Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=TODAY)
        unreached.ask(NOW + AFTER)
        self.assertEqual(self.tasks()[0].owner, self.county)

    def test_with_nobody_at_all_it_is_logged(self) -> None:
        Posting.objects.all().delete()
        with self.assertLogs("arrears.worker.unreached", "ERROR"):
            self.assertEqual(unreached.ask(NOW + AFTER), 0)

    def test_the_sweep_asks(self) -> None:
        self.now = NOW + AFTER
        sweep()
        self.assertEqual(len(self.tasks()), 1)

    def test_and_whatever_is_wrong_with_it_the_sweep_ends(self) -> None:
        with patch("arrears.worker.unreached.waiting", side_effect=ValueError), self.assertLogs("arrears.tasks", "ERROR"):
            sweep()

    def test_what_it_costs_does_not_grow_with_the_workers(self) -> None:
        with self.assertNumQueries(9):
            unreached.ask(NOW + AFTER)
        Task.objects.all().delete()
        for number in range(10):
            self.make_claim(claimants=[ClaimantFacts("王芳", f"138000001{number:02}")])
        with self.assertNumQueries(9):
            unreached.ask(NOW + AFTER + HOUR)


class PageTest(UnreachedCase):
    def test_it_says_who_and_what_each_was_to_be_told(self) -> None:
        casework.advance(self.claim, "accept", None, now=NOW + HOUR)
        page = self.client.get(PAGE)
        self.assertContains(page, "短信通道自")
        self.assertContains(page, "李建国")
        self.assertContains(page, self.claim.number)
        self.assertContains(page, f"您的欠薪投诉已登记，查询号{self.claim.public_number}")
        self.assertContains(page, "您的欠薪投诉已受理，开始依法调查")
        self.assertNotContains(page, "13800000001")
        self.assertContains(page, reverse("claim_detail", args=[self.claim.pk]))

    def test_the_words_are_the_workers_language_whoever_reads_it(self) -> None:
        self.client.cookies.load({"django_language": "en"})
        self.assertContains(self.client.get(PAGE), "您的欠薪投诉已登记")

    def test_who_must_be_met_with_care_is_marked_and_gets_the_neutral_words(self) -> None:
        self.make_claim(claimants=[ClaimantFacts("王芳", "13800000002", contact_rule="discreet")])
        page = self.client.get(PAGE)
        self.assertContains(page, "联系时不提欠薪和单位", count=1)
        self.assertContains(page, "您咨询的事项有新进展", count=1)

    def test_only_ones_own_claims_and_the_look_is_logged(self) -> None:
        for person, count in ((self.chief, 1), (self.county, 1), (self.chief_a2, 0), (self.outsider, 0), (self.administrator, 0)):
            self.sign_in(person)
            page = self.client.get(PAGE)
            self.assertEqual(len(page.context["rows"]), count, person)
            self.assertEqual(AccessLog.objects.filter(person=person, subject="claims").count(), count)
        self.sign_in(self.partner)
        self.assertEqual(self.client.get(PAGE).status_code, 404)
        self.client.logout()
        self.assertEqual(self.client.get(PAGE).status_code, 302)
        self.assertEqual(self.client.post(PAGE).status_code, 302)

    def test_when_it_is_over_nobody_stands_there(self) -> None:
        ChannelState.objects.all().delete()
        Notice.objects.filter(channel="sms").update(state=SENT)
        page = self.client.get(PAGE)
        self.assertContains(page, "没有等着发送的短信")
        self.assertNotContains(page, "短信通道自")

    def test_as_many_queries_for_30_as_for_3(self) -> None:
        for number in range(2):
            self.make_claim(claimants=[ClaimantFacts("王芳", f"1380000020{number}")])
        few = self.queries(PAGE)
        for number in range(27):
            self.make_claim(claimants=[ClaimantFacts("王芳", f"138000003{number:02}")])
        self.assertEqual(self.queries(PAGE), few)
        self.assertEqual(len(self.client.get(PAGE).context["rows"]), 30)
