"""Incident reports: the first makes the claim sensitive and tells county and city, each next one is owed by an hour."""

from datetime import timedelta

from django.test import SimpleTestCase
from django.urls import reverse

from arrears import casework
from arrears.incidents import verbs
from arrears.incidents.table import MANY, REPORTS, Report, faults
from arrears.models import Claim, Event, Incident
from grid.models import Notice, Person
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, CastTestCase

HOUR = timedelta(hours=1)


class IncidentScene:
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def open(self, person: Person | None = None, **said) -> Incident:
        said = {"kind": "gathering", "happened_at": NOW - timedelta(minutes=30), "place": "镇政府门口", "people": 40, "steps": "已到场劝导", **said}
        return verbs.open_incident(self.claim, person or self.grid_worker, now=NOW, **said)

    def told(self, kind: str) -> set[Person]:
        return {notice.recipient for notice in Notice.objects.filter(kind=kind, channel="in_app")}


class VerbTest(IncidentScene, CastTestCase):
    def refused(self, code: str, verb, *args, **said) -> None:
        with self.assertRaises(Refused) as caught:
            verb(*args, **said)
        self.assertEqual(caught.exception.code, code)

    def test_opening_is_the_first_report_and_makes_the_claim_sensitive(self) -> None:
        incident = self.open()
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).sensitive, "gathering")
        report = incident.reports.get()
        self.assertEqual((report.kind, report.due_at, report.was_late), ("first", NOW + timedelta(minutes=30), False))
        self.assertEqual(report.told, ["冼安", "史督"])
        self.assertEqual(self.told("incident_report"), {self.county, self.city})
        self.assertEqual(incident.next_due_at, NOW + 24 * HOUR)
        self.assertEqual(Event.objects.get(kind="incident").facts["move"], "first")

    def test_a_first_report_after_its_hour_is_marked_late(self) -> None:
        self.assertTrue(self.open(happened_at=NOW - 2 * HOUR).reports.get().was_late)

    def test_each_follow_up_sets_the_next_and_the_final_one_ends_it(self) -> None:
        incident = self.open()
        at = NOW + 20 * HOUR
        verbs.follow_up(incident, self.chief, now=at, people=12, steps="多数已离开")
        incident.refresh_from_db()
        self.assertEqual(incident.next_due_at, at + 24 * HOUR)
        verbs.follow_up(incident, self.chief, now=at, people=0, steps="已全部离开", has_ended=True)
        incident.refresh_from_db()
        self.assertEqual((incident.ended_at, incident.next_due_at, incident.next_report), (at, at + 72 * HOUR, "final"))
        verbs.finish(incident, self.chief, now=at + HOUR, people=0, steps="已约定付款")
        incident.refresh_from_db()
        self.assertEqual((incident.next_due_at, [row.kind for row in incident.reports.all()]), (None, ["first", "follow", "follow", "final"]))
        self.refused("incident_over", verbs.follow_up, incident, self.chief, now=at, people=0, steps="x")

    def test_what_is_overdue_calls_once_per_due_moment(self) -> None:
        incident = self.open()
        self.assertEqual(verbs.remind_late(NOW + 24 * HOUR), 0)
        late = NOW + 25 * HOUR
        self.assertEqual([verbs.remind_late(late), verbs.remind_late(late)], [1, 0])
        self.assertEqual(self.told("incident_late"), {self.grid_worker, self.chief, self.county, self.city})
        verbs.follow_up(incident, self.chief, now=late, people=3, steps="仍有人")
        self.assertEqual(verbs.remind_late(late + 25 * HOUR), 1)

    def test_one_open_incident_a_claim_and_nothing_from_the_future(self) -> None:
        self.refused("in_future", self.open, happened_at=NOW + HOUR)
        incident = self.open()
        self.refused("incident_open", self.open)
        verbs.finish(incident, self.chief, now=NOW, people=0, steps="散了")
        self.open()

    def test_a_reader_reports_nothing(self) -> None:
        self.refused("not_your_role", self.open, self.auditor)
        self.refused("not_your_role", verbs.finish, self.open(), self.auditor, now=NOW, people=0, steps="x")

    def test_the_final_report_may_come_after_the_claim_has_ended(self) -> None:
        incident = self.open()
        casework.advance(self.claim, "withdraw", self.chief, now=NOW, reason="已付清", confirmed=True)
        verbs.finish(incident, self.chief, now=NOW + HOUR, people=0, steps="已付清")
        self.refused("wrong_state", self.open)


class ByRuleTest(CastTestCase):
    def test_thirty_workers_make_a_claim_sensitive_and_twenty_nine_do_not(self) -> None:
        many, few = self.make_claim(worker_count=30), self.make_claim(worker_count=29)
        self.assertEqual((verbs.mark_many(NOW), verbs.mark_many(NOW)), (1, 0))
        self.assertEqual([Claim.objects.get(pk=claim.pk).sensitive for claim in (many, few)], ["many", ""])
        event = Event.objects.get(kind="mark_sensitive")
        self.assertEqual((event.actor, event.facts["reason"]), (None, "涉及30人，达到30人（本市工作要求（待以文件确定））。"))

    def test_what_somebody_decided_stands(self) -> None:
        claim = self.make_claim(worker_count=50)
        verbs.mark_many(NOW)
        claim.refresh_from_db()
        casework.advance(claim, "unmark_sensitive", self.county, now=NOW, reason="已经平稳")
        self.assertEqual(verbs.mark_many(NOW), 0)


class PageTest(IncidentScene, PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.now = NOW

    def test_a_grid_worker_reports_from_the_claim(self) -> None:
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "报送快报")
        address = reverse("claim_incident", args=[self.claim.pk])
        self.assertContains(self.client.get(address), "1 小时内首报")
        said = {"kind": "threat", "happened_at": "2026-03-02T09:30", "place": "塔吊", "people": "1", "steps": "已报警"}
        page = self.client.post(address, said, follow=True)
        for words in ("首报已经报送", "塔吊", "已报警", "冼安、史督", "未核实"):
            self.assertContains(page, words)
        self.assertContains(self.client.post(address, said), "已有尚未终报的事件", status_code=409)

    def test_what_is_missing_is_said(self) -> None:
        page = self.client.post(reverse("claim_incident", args=[self.claim.pk]), {"kind": "threat", "people": "-1"})
        self.assertContains(page, "还有内容需要改正")
        self.assertFalse(Incident.objects.exists())

    def test_follow_up_and_final_report_from_its_page(self) -> None:
        incident = self.open()
        address = reverse("incident_detail", args=[incident.pk])
        self.assertEqual([value for value, _label in self.client.get(address).context["form"].fields["report"].choices], ["going", "ended", "final"])
        self.assertIn("report", self.client.post(address, {"people": "10", "steps": "劝离中"}).context["form"].errors)
        going = self.client.post(address, {"report": "going", "people": "30", "steps": "劝离中"}, follow=True)
        self.assertContains(going, "下一次是续报，最迟 2026-03-03")
        ended = self.client.post(address, {"report": "ended", "people": "10", "steps": "多数已离开"}, follow=True)
        self.assertContains(ended, "下一次是终报，最迟 2026-03-05")
        self.assertEqual([value for value, _label in ended.context["form"].fields["report"].choices], ["going", "final"])
        self.client.post(address, {"report": "final", "people": "0", "steps": "已结束"})
        self.assertContains(self.client.get(address), "已终报")
        self.assertContains(self.client.post(address, {"report": "final", "people": "0", "steps": "x"}), "已经终报", status_code=409)

    def test_the_desk_shows_it_to_those_who_lead_and_the_claim_to_its_readers(self) -> None:
        incident = self.open()
        for person in (self.chief, self.county, self.city, self.grid_worker):
            self.sign_in(person)
            self.assertContains(self.client.get(reverse("desk")), "正在处置的事件")
        self.sign_in(self.county_b)
        self.assertNotContains(self.client.get(reverse("desk")), "正在处置的事件")
        self.sign_in(self.auditor)
        self.assertNotContains(self.client.get(reverse("incident_detail", args=[incident.pk])), "再次报告")
        self.assertContains(self.client.post(reverse("claim_incident", args=[self.claim.pk]), {}), "您的岗位不能", status_code=409)

    def test_out_of_scope_is_absent(self) -> None:
        incident = self.open()
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.sign_in(person)
            for address in (reverse("claim_incident", args=[self.claim.pk]), reverse("incident_detail", args=[incident.pk])):
                self.assertEqual(self.client.get(address).status_code, 404)


class TableTest(SimpleTestCase):
    def test_the_hours_are_the_citys_own_and_say_so(self) -> None:
        self.assertEqual({name: row.hours for name, row in REPORTS.items()}, {"first": 1, "follow": 24, "final": 72})
        self.assertFalse(MANY.verified or any(row.verified for row in REPORTS.values()))

    def test_a_wrong_row_is_named(self) -> None:
        row = Report(id="x", name="x", name_en="x", hours=0, since="never", starts="x", starts_en="x", to=("moon",), source="x", source_en="x", confidence="K")
        self.assertEqual(len(list(faults(row))), 3)
