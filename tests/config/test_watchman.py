"""The watchman tells once, tells the right people, and does not need what it watches."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from arrears import escalation
from arrears.models import Clock, Report, Watch
from arrears.reports.receiving import Said, receive
from config.celery import app
from config.watchman import watch
from config.watchman.watch import Watchman
from grid import roles, rounds
from grid.models import Notice, Person, Round
from tests.base import Cast, make_person
from tests.smtp import MailServer

NOBODY_THERE = "postgresql://u:p@127.0.0.1:1/x"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUEUE = f"watchman-{os.getpid()}"


def purge() -> None:
    with app.connection_for_write() as line:
        line.default_channel.queue_delete(QUEUE)


class Scene(Cast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        self.second = make_person("guanli2", "关力", roles.ADMINISTRATOR, "3213")
        self.second.language = "en"
        self.second.save()
        make_person("xianguan", "县管", roles.ADMINISTRATOR, "321322")
        self.file = Path(self.enterContext(TemporaryDirectory())) / "watchman.json"
        self.mail = self.enterContext(MailServer())
        self.now = timezone.now()
        server, mark, options = settings.DATABASE_URL.partition("?")
        self.database = f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{options}"
        self.enterContext(
            self.settings(**self.mail.settings, DATABASE_URL=self.database, STARTED_AT=self.now - 9 * HOUR, SWEEP_PATIENCE=300)
        )
        self.watchman = Watchman(self.file)

    def swept(self, ago: timedelta = timedelta()) -> None:
        rounds.end(rounds.SWEEP, self.now - ago, {})

    def look(self, after: timedelta = timedelta()) -> None:
        self.watchman.look(self.now + after)

    def restart(self) -> None:
        self.watchman = Watchman(self.file)

    def told(self) -> list[tuple[str, str]]:
        """Whom the mail server has had something for since it was last asked: address and key."""
        found = sorted((mail["To"], mail["X-Xinan-Key"].split(":")[0]) for mail in self.mail.messages)
        self.mail.messages.clear()
        return found

    def everybody(self, kind: str) -> list[tuple[str, str]]:
        return [("guanli2@example.test", kind), ("guanli@example.test", kind)]


class Watching(Scene):
    def test_while_the_sweep_keeps_time_nobody_is_told(self) -> None:
        self.swept(4 * MINUTE)
        self.look()
        self.assertEqual(self.told(), [])
        self.assertFalse(Notice.objects.exists())

    def test_each_administrator_of_the_city_is_told_once_by_mail_and_in_the_inbox(self) -> None:
        self.swept(6 * MINUTE)
        for after in range(3):
            self.look(after * MINUTE)
        english, chinese = sorted(self.mail.messages, key=lambda mail: mail["To"])
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.assertIn("worker.log", chinese.get_content())
        self.assertIn("数据库可以连接", chinese.get_content())
        self.assertIn("6", chinese["Subject"])
        self.assertNotEqual(english["Message-ID"], chinese["Message-ID"])
        rows = Notice.objects.values_list("recipient__username", "channel", "kind")
        self.assertEqual(sorted(rows), [(name, "in_app", "sweep_stalled") for name in ("guanli", "guanli2")])

    def test_its_own_restart_tells_nobody_again(self) -> None:
        self.swept(6 * MINUTE)
        self.look()
        self.told()
        self.restart()
        self.look(MINUTE)
        self.assertEqual(self.told(), [])

    def test_every_hour_while_it_lasts_and_once_when_it_is_over(self) -> None:
        self.swept(6 * MINUTE)
        self.look()
        self.look(59 * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.look(61 * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.swept(-62 * MINUTE)
        for after in (63, 64, 65):
            self.look(after * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_well"))
        kinds = Notice.objects.filter(recipient=self.administrator).order_by("created_at").values_list("kind", flat=True)
        self.assertEqual(list(kinds), ["sweep_stalled", "sweep_stalled", "sweep_well"])
        self.look(70 * MINUTE)  # the next outage is another one
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))

    def test_after_a_start_the_first_sweep_has_as_long_as_any_other(self) -> None:
        self.swept(9 * HOUR)
        with self.settings(STARTED_AT=self.now - MINUTE):
            self.look()
            self.assertEqual(self.told(), [])
            self.look(5 * MINUTE)
            self.assertEqual(self.told(), self.everybody("sweep_stalled"))

    def test_a_start_in_the_middle_of_an_outage_does_not_call_it_over(self) -> None:
        self.swept(6 * MINUTE)
        self.look()
        self.told()
        with self.settings(STARTED_AT=self.now + MINUTE):
            self.restart()
            self.look(2 * MINUTE)
            self.assertEqual(self.told(), [])
            self.swept(-3 * MINUTE)
            self.look(4 * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_well"))

    def test_without_a_database_it_writes_to_those_it_knew_also_after_its_restart(self) -> None:
        self.swept()
        self.look()
        with self.settings(DATABASE_URL=NOBODY_THERE):
            self.restart()
            self.look(4 * MINUTE)
            self.assertEqual(self.told(), [])
            self.look(6 * MINUTE)
            self.assertIn("数据库无法连接", next(m for m in self.mail.messages if m["To"] == "guanli@example.test").get_content())
            self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.look(7 * MINUTE)  # the database is back, the sweep is not
        self.assertEqual(self.told(), [])
        self.assertEqual(Notice.objects.filter(kind="sweep_stalled").count(), 2)

    def test_a_database_that_never_answers_costs_no_more_than_the_limit(self) -> None:
        self.swept()
        self.look()
        with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.MonkeyPatch.context() as patch:
            patch.setattr(watch, "PATIENCE", 0.3)
            begin = time.monotonic()
            with self.settings(DATABASE_URL=f"postgresql://u:p@127.0.0.1:{deaf.getsockname()[1]}/x"):
                self.look(6 * MINUTE)
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual(len(self.told()), 2)

    def test_while_no_mail_goes_out_it_tries_again_and_tells_once(self) -> None:
        self.swept(6 * MINUTE)
        with self.settings(EMAIL_PORT=1):
            self.look()
        self.look(MINUTE)
        self.look(2 * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))

    def test_an_address_that_is_refused_does_not_stand_in_the_way(self) -> None:
        Person.objects.filter(pk=self.administrator.pk).update(email="")
        self.swept(6 * MINUTE)
        self.look()
        self.look(MINUTE)
        self.assertEqual([to for to, _kind in self.told()], ["guanli2@example.test"])
        with MailServer({"RCPT": b"550 no such user"}) as refusing, override_settings(**refusing.settings):
            self.restart()
            self.look(61 * MINUTE)
            self.look(62 * MINUTE)
        self.look(63 * MINUTE)
        self.assertEqual(self.told(), [])

    def test_a_spoilt_file_is_no_reason_to_be_silent(self) -> None:
        self.file.write_text('{"people": 3')
        self.swept(6 * MINUTE)
        self.restart()
        self.look()
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))

    def test_a_disk_that_takes_nothing_does_not_silence_it(self) -> None:
        self.swept(6 * MINUTE)
        self.watchman = Watchman(self.file.parent / "missing/watchman.json")
        self.look()
        self.look(MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))


class StuckRungs(Scene):
    """The sweeps end, and one rung stays due."""

    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim(now=self.now)
        Notice.objects.all().delete()
        Watch.objects.update(next_at=self.now + 9 * HOUR)
        self.watch = Watch.objects.first()
        self.enterContext(self.settings(RUNG_PATIENCE=600))

    def due(self, ago: timedelta, **more: object) -> None:
        Watch.objects.filter(pk=self.watch.pk).update(next_at=self.now - ago, **more)

    def look_swept(self, after: timedelta = timedelta()) -> None:
        self.swept(-after)
        self.look(after)

    def test_before_its_patience_is_over_nobody_is_told(self) -> None:
        self.due(10 * MINUTE)
        self.look_swept()
        self.assertEqual(self.told(), [])

    def test_each_administrator_is_told_once_and_again_when_it_is_over(self) -> None:
        self.due(11 * MINUTE)
        for after in (0, 1, 61, 121):
            self.look_swept(after * MINUTE)
        [chinese] = [mail for mail in self.mail.messages if mail["To"] == "guanli@example.test"]
        self.assertIn("11 分钟", chinese["Subject"])
        self.assertIn(f"· {self.claim.number}", chinese.get_content())
        self.assertIn("bin/manage sweep --dry-run", chinese.get_content())
        self.assertEqual(self.told(), self.everybody("rung_stuck"))
        self.due(-5 * HOUR)
        for after in (122, 123):
            self.look_swept(after * MINUTE)
        self.assertEqual(self.told(), self.everybody("rung_freed"))
        kinds = Notice.objects.filter(recipient=self.administrator).order_by("created_at").values_list("kind", flat=True)
        self.assertEqual(list(kinds), ["rung_stuck", "rung_freed"])
        self.due(-110 * MINUTE)  # the next one is another outage
        self.look_swept(125 * MINUTE)
        self.assertEqual(self.told(), self.everybody("rung_stuck"))

    def test_a_report_that_nobody_is_called_for_is_stuck_like_a_claim(self) -> None:
        report = receive(Said(region=self.regions["321322101"], name="李建国", phone="13800000001", story="没有给钱。"), now=self.now)
        Notice.objects.all().delete()
        Report.objects.update(next_at=self.now - 9 * MINUTE)
        self.look_swept()
        self.assertEqual(self.told(), [])
        self.look_swept(2 * MINUTE)
        [chinese] = [mail for mail in self.mail.messages if mail["To"] == "guanli@example.test"]
        self.assertIn(f"· {report.public_number}", chinese.get_content())
        self.assertEqual(self.told(), self.everybody("rung_stuck"))

    def test_another_rung_that_is_late_meanwhile_is_the_same_outage(self) -> None:
        self.due(11 * MINUTE)
        self.look_swept()
        self.told()
        Watch.objects.exclude(pk=self.watch.pk).update(next_at=self.now - 2 * MINUTE)
        self.due(-HOUR)
        self.look_swept(20 * MINUTE)
        self.assertEqual(self.told(), [])

    def test_its_own_restart_tells_nobody_again(self) -> None:
        self.due(11 * MINUTE)
        self.look_swept()
        self.told()
        self.restart()
        self.look_swept(MINUTE)
        self.assertEqual(self.told(), [])

    def test_a_row_that_cannot_be_planned_is_stuck_though_it_is_tried_every_hour(self) -> None:
        rule = self.watch.clock.rule_id
        Clock.objects.filter(pk=self.watch.pk).update(rule_id="NO-SUCH-RULE")
        self.due(MINUTE)
        with self.assertLogs("arrears.escalation", "ERROR"):
            escalation.sweep(self.now)
            escalation.sweep(self.now + HOUR)
        self.watch.refresh_from_db()
        self.assertEqual((self.watch.faulty_since, self.watch.next_at), (self.now - MINUTE, self.now + 2 * HOUR))
        self.look_swept(HOUR)
        self.assertEqual(self.told(), self.everybody("rung_stuck"))
        Clock.objects.filter(pk=self.watch.pk).update(rule_id=rule)
        escalation.sweep(self.now + 2 * HOUR)
        self.look_swept(2 * HOUR)
        self.assertEqual(self.told(), self.everybody("rung_freed"))

    def test_while_the_sweep_stands_still_only_that_is_told(self) -> None:
        self.due(20 * MINUTE)
        self.swept(6 * MINUTE)
        self.look()
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.look_swept(MINUTE)  # it is well again, and has as long as after a start
        self.look_swept(10 * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_well"))
        self.look_swept(12 * MINUTE)
        self.assertEqual(self.told(), self.everybody("rung_stuck"))

    def test_after_a_start_what_fell_due_meanwhile_has_as_long_and_is_not_called_over(self) -> None:
        self.due(9 * HOUR)
        with self.settings(STARTED_AT=self.now - MINUTE):
            self.look_swept()
            self.assertEqual(self.told(), [])
            self.look_swept(10 * MINUTE)
            self.assertEqual(self.told(), self.everybody("rung_stuck"))
        with self.settings(STARTED_AT=self.now + 11 * MINUTE):
            self.restart()
            self.look_swept(12 * MINUTE)
        self.assertEqual(self.told(), [])

    def test_without_a_database_nothing_is_called_over(self) -> None:
        self.due(11 * MINUTE)
        self.look_swept()
        self.told()
        with self.settings(DATABASE_URL=NOBODY_THERE):
            self.look(MINUTE)
        self.assertEqual(self.told(), [])


class RealProcesses(Scene):
    """The watchman as bin/serve runs it, and a worker that is killed."""

    def start(self, *command: str, **env: str) -> subprocess.Popen:
        host, port = self.mail.server_address
        env = {
            **os.environ, "PYTHONPATH": str(settings.ROOT), "DATABASE_URL": self.database, "EMAIL_HOST": host,
            "EMAIL_PORT": str(port), **env,
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-P", "-m", *command], env=env, start_new_session=True)
        self.addCleanup(self.kill, process)
        return process

    def kill(self, process: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait(self, until: Callable[[], object]) -> None:
        limit = time.monotonic() + 30
        while not until():
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)

    def sweep(self) -> Round:
        before = Round.objects.filter(name="sweep").first()
        app.send_task("arrears.tasks.sweep", queue=QUEUE)
        self.wait(lambda: (found := Round.objects.filter(name="sweep").first()) and (not before or found.ended_at > before.ended_at))
        return Round.objects.get(name="sweep")

    def test_the_sweep_of_a_worker_that_is_killed_is_missed_and_that_of_the_next_one_is_seen(self) -> None:
        work = ("celery", "--quiet", "--app", "config.celery", "worker", "--concurrency", "1", "--without-gossip",
                "--without-mingle", "--without-heartbeat", "--loglevel", "error", "--queues", QUEUE)  # fmt: skip
        self.addCleanup(purge)
        worker = self.start(*work)
        self.assertGreater(self.sweep().counts["seconds"], 0)
        self.look(MINUTE)
        self.assertEqual(self.told(), [])
        self.kill(worker)
        self.look(6 * MINUTE)
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.start(*work)
        self.sweep()
        self.watchman.look(timezone.now())
        self.assertEqual(self.told(), self.everybody("sweep_well"))

    def test_it_runs_beside_the_others_and_without_a_broker(self) -> None:
        self.swept(10 * MINUTE)
        self.file.parent.joinpath("run").mkdir()
        since = (self.now - HOUR).isoformat()
        self.start("config.watchman", XINAN_DATA=str(self.file.parent), XINAN_SINCE=since, REDIS_URL="redis://127.0.0.1:1/0")
        self.wait(lambda: len(self.mail.messages) == 2)
        self.assertEqual(self.told(), self.everybody("sweep_stalled"))
        self.wait(lambda: '"is_noted": true' in self.file.parent.joinpath("run/watchman.json").read_text())
        self.assertEqual(Notice.objects.filter(kind="sweep_stalled").count(), 2)
