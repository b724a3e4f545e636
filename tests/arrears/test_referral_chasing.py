"""催办 of what bodies owe, and the figures of how fast they are."""

from datetime import date, timedelta
from unittest.mock import patch

from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.models import Event, Referral
from arrears.partners import links
from arrears.partners.chasing import remind
from arrears.partners.figures import figures
from grid.duty import Roster
from grid.models import Body, Leave, Notice
from grid.outbox import send_one
from tests.arrears.test_referral_moves import Scene, at


class ChasingTest(Scene):
    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=at(5))
        clock.start()
        self.addCleanup(clock.stop)
        self.client.force_login(self.county)

    def chase(self, *rows: Referral):
        return self.client.post(reverse("referral_chase"), {"referral": [str(row.pk) for row in rows]}, follow=True)

    def test_those_ticked_are_reminded_and_it_stands_on_the_record(self) -> None:
        second = self.refer(self.union)
        self.assertContains(self.client.get(reverse("referral_list"), {"show": "unanswered"}), 'name="referral"', count=2)
        self.assertContains(self.chase(self.referral, second), "已催办 2 件")
        for person in (self.partner, self.union_person):
            self.assertTrue(Notice.objects.filter(recipient=person, kind="referral_chased").exists())
        self.assertEqual(Event.objects.filter(kind="referral_chased").count(), 2)
        self.assertContains(self.client.get(reverse("referral_detail", args=[second.pk])), "催办沭阳县总工会：支持起诉")

    def test_once_a_day_and_only_what_is_owed(self) -> None:
        self.chase(self.referral)
        self.assertContains(self.chase(self.referral), "24 小时内已经催办过")
        self.assertEqual(Event.objects.filter(kind="referral_chased").count(), 1)
        self.make("receive", day=5)
        self.make("ask_more", day=5, wanted="考勤", supply_by=date(2026, 3, 20))
        with patch("django.utils.timezone.now", return_value=at(9)):
            self.client.force_login(self.county)
            self.assertContains(self.chase(self.referral), "没有选中可以催办的移送")

    def test_of_two_who_ask_at_once_the_second_is_too_soon(self) -> None:
        answers = [remind(self.referral, person, Roster(date(2026, 3, 5)), at(5)) for person in (self.county, self.city)]
        self.assertEqual(answers, ["reached", "too_soon"])
        self.assertEqual(Event.objects.filter(kind="referral_chased").count(), 1)

    def test_only_senders_chase_what_they_see(self) -> None:
        for person, code in ((self.chief, 200), (self.county_b, 200), (self.auditor, 200), (self.partner, 404)):
            self.client.force_login(person)
            self.assertEqual(self.chase(self.referral).status_code, code)
        self.assertEqual(Event.objects.filter(kind="referral_chased").count(), 0)
        self.client.force_login(self.county)
        self.assertEqual(self.client.get(reverse("referral_chase")).status_code, 405)
        self.assertContains(self.client.post(reverse("referral_chase"), {"referral": ["x", "01"]}, follow=True), "没有选中")

    def test_a_body_without_people_is_reminded_by_its_link_or_the_officer_hears(self) -> None:
        lonely = self.refer(self.make_body())
        self.assertContains(self.chase(lonely), "没有人可以通知，请发一次性链接或者打电话：沭阳县法律援助中心")
        links.issue(lonely, self.county, now=at(4), name="袁助", post="主任", way="email", email="aid@example.test")
        self.assertContains(self.chase(lonely), "已催办 1 件")
        mail.outbox.clear()
        while send_one(at(5)):
            pass
        self.assertEqual(len([one for one in mail.outbox if one.to == ["aid@example.test"]]), 2)  # the first one, and the reminder

    def make_body(self) -> Body:
        return Body.objects.create(name="沭阳县法律援助中心", kind="legal_aid", region_id="321322")

    def test_somebody_on_leave_is_nobody(self) -> None:
        Leave.objects.create(person=self.partner, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 20))
        self.assertContains(self.chase(self.referral), "没有人可以通知")

    def test_the_tabs_say_what_waits_for_whom(self) -> None:
        self.make("receive", day=5)
        self.make("return", day=5, wanted="缺授权书")
        for show, found in (("supply", 1), ("unanswered", 0), ("ruling", 0), ("open", 1)):
            self.assertEqual(len(self.client.get(reverse("referral_list"), {"show": show}).context["rows"]), found, show)


class FiguresTest(Scene):
    def test_body_by_body_how_fast_and_how_punctual(self) -> None:
        self.make("receive", day=4)
        self.make("accept", day=5)
        second = self.refer(self.union)
        self.make("receive", self.union_person, 9, second)  # two working days would have ended on the 4th
        self.make("decline", self.union_person, 10, second, ground="can_sue", reason="能自己起诉")
        third = self.refer(self.union, at(10))
        rows = {one.body.name: one for one in figures(Referral.objects.all(), at(16), date(2026, 3, 16))}
        office, union = rows["沭阳县人民检察院"], rows["沭阳县总工会"]
        self.assertEqual((office.sent, office.open, office.late, office.days_to_receive, office.days_to_answer), (1, 1, 0, 2.0, 1.0))
        self.assertEqual((office.receipts.percent, office.answers.percent), (100, 100))
        self.assertEqual((union.sent, union.open, union.late, union.declined, union.days_to_receive), (2, 1, 1, 1, 7.0))
        self.assertEqual((union.receipts.percent, union.answers.percent), (0, 100))
        self.assertIsNotNone(third.answer_by)

    def test_the_page_is_for_those_who_supervise_and_counts_what_they_see(self) -> None:
        with patch("django.utils.timezone.now", return_value=at(5)):
            expected = {"county": True, "city": True, "auditor": True, "county_b": False}
            for name, person in self.everybody().items():
                with self.subTest(name):
                    self.client.force_login(person)
                    answer = self.client.get(reverse("referral_figures"))
                    self.assertEqual(answer.status_code, 200 if name in expected else 404)
                    if name in expected:
                        self.assertEqual("沭阳县人民检察院" in answer.content.decode(), expected[name])

    def test_it_costs_the_same_however_many_there_are(self) -> None:
        with patch("django.utils.timezone.now", return_value=at(5)):
            self.client.force_login(self.county)
            costs = []
            for _round in range(2):
                with CaptureQueriesContext(connection) as asked:
                    self.client.get(reverse("referral_figures"))
                costs.append(len(asked))
                Referral.objects.bulk_create(
                    Referral(claim=self.claim, kind="support", body=self.procuratorate, state="sent", summary="x", sent_at=at(2) + timedelta(minutes=n),
                             shared=self.referral.shared, created_at=at(2)) for n in range(30)
                )  # fmt: skip
            self.assertEqual(*costs)
