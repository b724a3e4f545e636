"""Between which hours workers are written to, at the borders of the night and in whatever zone an instant is written."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.test import SimpleTestCase, override_settings

from arrears.reports.telling import tell_reporter
from arrears.rules.tables import BadRules
from arrears.worker.hours import WORKER_SMS, load
from grid import outbox
from grid.days import SHANGHAI
from grid.models import Notice
from grid.models.notices import QUEUED, SENT
from mediation import hearings
from tests.arrears.test_reports import ReportTestCase
from tests.base import NOW
from tests.gateways import SmsGateway
from tests.mediation.base import MediationTestCase


def march(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=SHANGHAI)


class TableTest(SimpleTestCase):
    def test_the_hours_the_city_begins_with(self) -> None:
        self.assertEqual((WORKER_SMS.opens, WORKER_SMS.closes, WORKER_SMS.lead_hours), ("08:00", "21:00", 3))
        self.assertEqual(WORKER_SMS.confidence, "K")

    def test_an_installation_sets_its_own_with_the_number_of_the_paper(self) -> None:
        with TemporaryDirectory() as folder:
            own = Path(folder, "own.toml")
            own.write_text('[hours.worker_sms]\nopens = "07:30"\nsource = "宿人社办〔2026〕1号"\n', encoding="utf-8")
            self.assertEqual((load(own).opens, load(own).closes, load(own).source), ("07:30", "21:00", "宿人社办〔2026〕1号"))
            for wrong in ('opens = "8点"', 'opens = "22:00"', "lead_hours = 13", 'confidence = "X"', 'closes = ""', "lead_hours = -1"):
                own.write_text(f"[hours.worker_sms]\n{wrong}\n", encoding="utf-8")
                with self.subTest(wrong), self.assertRaises(BadRules):
                    load(own)


class NightTest(ReportTestCase):
    def setUp(self) -> None:
        self.gateway = self.enterContext(SmsGateway())
        self.enterContext(override_settings(**self.gateway.settings))
        self.claim = self.make_claim()
        Notice.objects.exclude(channel="sms").delete()

    def try_at(self, now: datetime) -> tuple[str, datetime | None]:
        Notice.objects.update(state=QUEUED, next_try_at=now, sent_at=None, attempts=0)
        self.gateway.messages.clear()
        self.assertTrue(outbox.send_one(now))
        row = Notice.objects.get()
        self.assertEqual(len(self.gateway.messages), int(row.state == SENT))
        return row.state, row.next_try_at if row.state == QUEUED else None

    def test_nothing_goes_out_between_nine_at_night_and_eight_in_the_morning(self) -> None:
        for now, waits_until in (
            (march(2, 7, 59, 59), march(2, 8)), (march(2, 8), None), (march(2, 20, 59, 59), None), (march(2, 21), march(3, 8)),
            (march(2, 23, 59, 59), march(3, 8)), (march(3, 0), march(3, 8)),
            (datetime(2026, 3, 2, 12, 59, 59, tzinfo=UTC), None), (datetime(2026, 3, 2, 13, tzinfo=UTC), march(3, 8)),
            (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), march(3, 8)), (datetime(2026, 3, 3, 0, tzinfo=UTC), None),
        ):  # fmt: skip
            state = (SENT, None) if waits_until is None else (QUEUED, waits_until)
            self.assertEqual(self.try_at(now), state, now)

    def test_waiting_costs_no_try_and_it_goes_out_in_the_morning(self) -> None:
        self.try_at(march(2, 22))
        self.assertFalse(outbox.send_one(march(3, 7, 59, 59)))
        self.assertTrue(outbox.send_one(march(3, 8)))
        row = Notice.objects.get()
        self.assertEqual((row.state, row.sent_at, row.attempts, len(self.gateway.messages)), (SENT, march(3, 8), 1, 1))

    def test_the_next_try_of_one_that_failed_waits_too(self) -> None:
        self.gateway.answers[:] = [{"code": "number_limited", "message": "later"}]
        Notice.objects.update(next_try_at=march(2, 20, 59))
        outbox.send_one(march(2, 20, 59))
        self.assertTrue(outbox.send_one(march(2, 21)))
        row = Notice.objects.get()
        self.assertEqual((row.state, row.next_try_at, row.attempts), (QUEUED, march(3, 8), 1))

    def test_whoever_reported_is_not_written_to_at_night_either(self) -> None:
        report = self.make_report()
        Notice.objects.all().delete()
        tell_reporter(report, "report_received", now=march(2, 22), query="x", due="2026-03-09")
        self.assertEqual(self.try_at(march(2, 22)), (QUEUED, march(3, 8)))
        self.assertEqual(self.try_at(march(3, 8)), (SENT, None))

    def test_administrators_are_told_the_hours_their_source_and_what_waits(self) -> None:
        self.try_at(march(2, 22))
        self.client.force_login(self.administrator)
        page = self.client.get("/deliveries/?state=")
        self.assertContains(page, "给劳动者和反映人的短信只在 08:00–21:00 发出")
        self.assertContains(page, "依据：本市工作要求（待以文件确定）（未核实）。")
        self.assertContains(page, "等到")


class HearingTest(MediationTestCase):
    """A hearing at nine in the morning after: who hears of it at eight cannot come any more."""

    def setUp(self) -> None:
        self.gateway = self.enterContext(SmsGateway())
        self.enterContext(override_settings(**self.gateway.settings))

    def told(self, kind: str, now: datetime) -> str:
        Notice.objects.exclude(kind=kind).delete()
        Notice.objects.update(next_try_at=now)
        outbox.send_one(now)
        return Notice.objects.get().state

    def hearing(self, day: int, hour: int) -> dict[str, Any]:
        return {"room": self.room, "mediator": self.mediator, "starts_at": march(day, hour), "ends_at": march(day, hour + 1)}

    def test_one_that_begins_within_three_hours_of_the_morning_is_told_at_night(self) -> None:
        for hour, state in ((10, SENT), (11, QUEUED), (14, QUEUED)):
            with self.subTest(hour):
                mediation = self.make_mediation("accepted")
                hearings.advance(mediation, "schedule", self.county, now=march(2, 21, 30), **self.hearing(3, hour))
                self.assertEqual(self.told("worker_hearing", march(2, 21, 30)), state)
                hearings.advance(mediation, "fail", self.county, now=march(2, 21, 40), ground="refused", reason="r")
                Notice.objects.all().delete()

    def test_of_one_that_is_moved_the_old_hour_counts_too(self) -> None:
        mediation = self.make_mediation("accepted")
        hearings.advance(mediation, "schedule", self.county, now=NOW, **self.hearing(3, 9))
        hearings.advance(mediation, "postpone", self.county, now=march(2, 21, 30), reason="r", **self.hearing(10, 14))
        self.assertEqual(self.told("worker_hearing_moved", march(2, 21, 30)), SENT)

    def test_of_one_that_is_over_nothing_is_pressing(self) -> None:
        mediation = self.make_mediation("accepted")
        hearings.advance(mediation, "schedule", self.county, now=NOW, **self.hearing(2, 19))
        hearings.advance(mediation, "adjourn", self.county, now=march(2, 21, 30), reason="r")
        self.assertEqual(self.told("worker_hearing_off", march(2, 21, 30)), QUEUED)

    def test_of_one_that_is_put_off_the_night_before_the_worker_hears_at_once(self) -> None:
        mediation = self.make_mediation("accepted")
        hearings.advance(mediation, "schedule", self.county, now=NOW, **self.hearing(3, 9))
        hearings.advance(mediation, "adjourn", self.county, now=march(2, 21, 30), reason="r")
        self.assertEqual(self.told("worker_hearing_off", march(2, 21, 30)), SENT)
