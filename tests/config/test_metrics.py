"""/metrics says in Prometheus' own words what waits, to whoever may know, and never reads for long."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from arrears import integrity
from arrears.models import Claim, Report, Watch
from arrears.reports.receiving import Said, receive
from config.metrics import AGES, FAMILIES
from config.pulse import KEYS, connect, show_life
from grid import rounds
from grid.days import day_of
from grid.models import ChannelState, Notice, Task
from grid.models.notices import QUEUED
from tests.base import NOW, Cast

TOKEN = "a-long-token"
NOBODY_THERE = "postgresql://u:p@127.0.0.1:1/x"


class Metrics(Cast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        server, mark, options = settings.DATABASE_URL.partition("?")
        database = f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{options}"
        self.enterContext(self.settings(DATABASE_URL=database, METRICS_TOKEN=TOKEN))
        with connect() as line:
            line.delete(*KEYS.values())
            show_life(line, *(set(KEYS) - {"documents"}))
            self.addCleanup(forget)

    def scrape(self) -> dict[str, dict[tuple[str, ...], float]]:
        """By name and values of the labels."""
        answer = self.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
        return {
            family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
            for family in text_string_to_metric_families(answer.content.decode())
        }

    def test_what_lives_what_waits_and_what_was_done(self) -> None:
        now = timezone.now()
        claim = self.make_claim()
        Watch.objects.update(next_at=now + timedelta(hours=1))
        Watch.objects.filter(clock=claim.clocks.first()).update(next_at=now - timedelta(minutes=3))
        receive(Said(region=self.regions["321322101"], name="李建国", phone="13800000001", story="没有给钱。"), now=now)
        Report.objects.update(next_at=now - timedelta(minutes=1))
        Notice.objects.all().delete()
        Notice.objects.create(
            key="x", kind="claim_moved", channel="email", recipient=self.chief, state=QUEUED, created_at=now,
            next_try_at=now - timedelta(minutes=5),
        )  # fmt: skip
        ChannelState.objects.create(channel="email", failures=9, opened_at=now)
        for key, days in (("late", -1), ("in time", 1)):
            Task.objects.create(key=key, kind="delivery_failed", owner=self.chief, created_at=now, due_on=day_of(now) + timedelta(days))
        rounds.end(rounds.SWEEP, now - timedelta(seconds=20), {"rungs": 7, "seconds": 1.5})
        Claim.objects.update(paid=3)
        integrity.keep(integrity.run(now, ["paid", "claimed"]), now)

        said = self.scrape()
        self.assertEqual(
            said["xinan_up"],
            {(name,): 1.0 for name in ("web", "database", "broker", "worker", "courier", "beat", "watchman")} | {("papers",): 0.0},
        )
        self.assertEqual(said["xinan_rungs_due"], {(): 2})  # of a claim and of a report
        self.assertEqual([int(said[f"xinan_{name}_age_seconds"][()]) // 10 for name in ("sweep", "rung", "notice")], [2, 18, 30])
        self.assertEqual(said["xinan_notices"], {("queued",): 1, ("sending",): 0, ("held",): 0})
        self.assertEqual(said["xinan_channel_down"][("email",)], 1)
        self.assertEqual(said["xinan_channel_down"][("in_app",)], 0)
        self.assertEqual(said["xinan_tasks"], {("open",): 2, ("overdue",): 1})
        self.assertEqual(said["xinan_claims_overdue"], {(): 1})
        self.assertAlmostEqual(said["xinan_round_ended_timestamp_seconds"][("sweep",)], now.timestamp() - 20, delta=0.1)
        self.assertEqual(said["xinan_round_duration_seconds"][("sweep",)], 1.5)
        self.assertEqual(said["xinan_round_count"][("sweep", "rungs")], 7)
        self.assertEqual(said["xinan_integrity_findings"], {("paid",): 1, ("claimed",): 0})
        self.assertEqual(said["xinan_scrape_failed"], {})
        self.assertEqual(said.keys(), {family.name for family in FAMILIES} | {f"xinan_{name}_age_seconds" for name in AGES} | {"xinan_up", "xinan_scrape_failed"})

    def test_the_number_of_queries_does_not_grow(self) -> None:
        with CaptureQueriesContext(connection) as few:
            self.scrape()
        for _n in range(9):
            self.make_claim(now=NOW)
        with CaptureQueriesContext(connection) as many:
            self.scrape()
        self.assertEqual(len(few), len(many))

    def test_what_cannot_be_counted_is_named_and_the_rest_is_there(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE grid_task RENAME TO elsewhere")
            try:
                said = self.scrape()
            finally:
                cursor.execute("ALTER TABLE elsewhere RENAME TO grid_task")
        self.assertEqual(said["xinan_scrape_failed"], {("xinan_tasks",): 1})
        self.assertIn("xinan_notices", said)

    def test_without_a_database_it_says_that(self) -> None:
        with self.settings(DATABASE_URL=NOBODY_THERE):
            said = self.scrape()
        self.assertEqual(said["xinan_up"][("database",)], 0)
        self.assertEqual(said["xinan_rung_age_seconds"], {})
        self.assertNotIn("xinan_tasks", said)

    def ask(self, address: str = "127.0.0.1", **headers: Any) -> int:
        return self.client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code

    def test_only_who_has_the_token_may_read(self) -> None:
        for said in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer 口令"}):
            self.assertEqual(self.ask(**said), 401, said)
        self.assertEqual(self.ask("203.0.113.7", Authorization=f"Bearer {TOKEN}"), 200)
        self.client.force_login(self.administrator)
        self.assertEqual(self.ask(), 401)
        self.assertEqual(self.client.post("/metrics").status_code, 405)

    def test_without_a_token_only_this_machine_and_only_where_that_is_set(self) -> None:
        with self.settings(METRICS_TOKEN="", METRICS_OPEN_HERE=True):
            self.assertEqual([self.ask(), self.ask("::1"), self.ask("203.0.113.7")], [200, 200, 401])
            self.assertEqual(self.ask("203.0.113.7", Authorization="Bearer "), 401)
        with self.settings(METRICS_TOKEN="", METRICS_OPEN_HERE=False):
            self.assertEqual(self.ask(), 401)


def forget() -> None:
    with connect() as line:
        line.delete(*KEYS.values())
