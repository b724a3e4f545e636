"""The access log: auditors read that of their regions, and reading it is logged."""

from datetime import timedelta
from unittest.mock import patch

from django.urls import reverse

from grid.access import log_access
from grid.models import AccessLog, Posting
from grid.roles import AUDITOR
from tests.base import NOW, CastTestCase, make_person


class AccessLogPageTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.county_auditor = make_person("shenxian", "申县", AUDITOR, "321322")
        log_access(cls.chief, "read", "claim", None, now=NOW, region_code="321322101", address="10.0.0.8")
        log_access(
            cls.county, "reveal", "claimant", None, now=NOW + timedelta(hours=1), region_code="321322101", reason="核对身份"
        )
        log_access(cls.county_b, "download", "evidence", None, now=NOW - timedelta(days=3), region_code="321323101")

    def look(self, reader=None, **asked: str):
        self.client.force_login(reader or self.auditor)
        return self.client.get(reverse("access_log"), asked)

    def shown(self, response) -> list[str]:
        return [look.log.person.username for look in response.context["looks"]]

    def test_the_auditor_sees_who_when_what_and_why_newest_first(self) -> None:
        response = self.look()
        self.assertEqual(self.shown(response), ["xianan", "zhangzhen", "yixian"])
        for words in ("查看完整身份证号", "核对身份", "10.0.0.8", "江苏省宿迁市沭阳县陇集镇", "2026-03-02 11:00"):
            self.assertContains(response, words)

    def test_only_looks_inside_the_auditors_region_are_shown(self) -> None:
        self.assertEqual(self.shown(self.look(self.county_auditor)), ["xianan", "zhangzhen"])

    def test_nobody_else_reads_it(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.assertEqual(self.look(person).status_code, 200 if name == "auditor" else 404)

    def test_an_auditor_whose_posting_has_ended_reads_it_no_more(self) -> None:
        Posting.objects.filter(person=self.county_auditor).update(ends_on=NOW.date() - timedelta(days=1))
        with patch("django.utils.timezone.now", return_value=NOW):
            self.assertEqual(self.look(self.county_auditor).status_code, 404)

    def test_looking_is_itself_logged_with_what_was_asked(self) -> None:
        self.look(person="冼安")
        row = AccessLog.objects.get(person=self.auditor)
        self.assertEqual((row.act, row.subject, row.region_code), ("read", "access_log", "3213"))
        self.assertIn("person=", row.reason)
        self.assertEqual(self.shown(self.look())[0], "shenji")

    def test_it_can_be_asked_by_person_act_subject_and_day(self) -> None:
        for asked, found in (
            ({"person": "冼"}, ["xianan"]),
            ({"person": "zhangzhen"}, ["zhangzhen"]),
            ({"act": "download"}, ["yixian"]),
            ({"subject": "access_log"}, []),
            ({"since": "2026-03-02"}, ["xianan", "zhangzhen"]),
            ({"until": "2026-03-01"}, ["yixian"]),
        ):
            with self.subTest(asked):
                rows = [name for name in self.shown(self.look(**asked)) if name != "shenji"]
                self.assertEqual(rows, found)

    def test_an_export_is_seen_by_the_auditor_of_the_region_it_is_from(self) -> None:
        self.client.force_login(self.chief)
        self.client.get(reverse("claim_export"))
        self.assertContains(self.look(act="export"), "案件列表")
        self.assertEqual(AccessLog.objects.get(act="export").region_code, "321322101")

    def test_bad_input_is_said_and_shows_nothing(self) -> None:
        response = self.look(since="gestern", act="steal")
        self.assertContains(response, "还有内容需要改正")
        self.assertEqual(self.shown(response), [])

    def test_the_log_is_only_ever_read(self) -> None:
        self.client.force_login(self.auditor)
        self.assertEqual(self.client.post(reverse("access_log")).status_code, 405)

    def test_long_logs_are_turned_page_by_page_at_the_same_cost(self) -> None:
        self.look()
        with self.assertNumQueries(7):
            self.client.get(reverse("access_log"))
        rows = [
            AccessLog(person=self.chief, at=NOW - timedelta(days=9, minutes=n), act="read", subject="claim", region_code="321322101")
            for n in range(40)
        ]
        AccessLog.objects.bulk_create(rows)
        with self.assertNumQueries(7):
            response = self.client.get(reverse("access_log"))
        self.assertEqual(len(self.shown(response)), 25)
        rest = self.client.get(reverse("access_log") + response.context["older"])
        self.assertEqual(self.shown(rest)[-1], "zhangzhen")
