"""manage.py sweep: what it prints for people and for machines, and how it refuses."""

import json
from datetime import datetime
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command

from arrears.escalation.run import REASONS
from arrears.models import Clock, Event, Watch
from grid.days import SHANGHAI
from grid.models import Notice
from tests.base import CastTestCase


class SweepCommand(CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.grid_worker)
        Clock.objects.exclude(rule_id="JC-ACCEPT").delete()
        Notice.objects.all().delete()

    def sweep(self, *arguments: str) -> str:
        out = StringIO()
        call_command("sweep", *arguments, stdout=out)
        return out.getvalue()

    def json(self, *arguments: str) -> dict[str, Any]:
        return json.loads(self.sweep(*arguments, "--json"))

    def reasons(self, at: str) -> dict[str, int]:
        return {reason: count for reason, count in self.json("--at", at)["not_escalated"].items() if count}

    def test_a_dry_run_says_who_would_be_told_and_writes_nothing(self) -> None:
        before = list(Watch.objects.values_list("rung", "next_at"))
        lines = self.sweep("--dry-run", "--at", "2026-03-10T09:30").splitlines()
        self.assertEqual(len(lines), 4)
        self.assertEqual(
            lines[2],
            f"{self.claim.number}  劳动保障监察投诉受理或者不予受理决定  到期 2026-03-09  逾期一个工作日，提级  提级至县级  通知：王格、章镇、冼安",
        )
        self.assertEqual(
            lines[3], "试算（2026-03-10 09:30）：1 个时限将发出 3 次督办，1 次提级，通知 6 条；没有写入任何内容。"
        )
        self.assertEqual((Notice.objects.count(), Event.objects.filter(kind="climbed").count()), (0, 0))
        self.assertEqual(list(Watch.objects.values_list("rung", "next_at")), before)

    def test_the_real_run_says_the_same_and_has_done_it(self) -> None:
        last = self.sweep("--at", "2026-03-10T09:30").splitlines()[-1]
        self.assertEqual(last, "督办（2026-03-10 09:30）：1 个时限发出 3 次督办，1 次提级，通知 6 条。")
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.level, Notice.objects.count()), ("county", 6))

    def test_for_machines(self) -> None:
        answer = self.json("--dry-run", "--at", "2026-03-06T09:00")
        self.assertEqual(answer.pop("not_escalated"), dict.fromkeys(REASONS, 0))
        self.assertEqual(answer, {
            "at": "2026-03-06T09:00:00+08:00",
            "dry_run": True,
            "escalated": [
                {
                    "claim": str(self.claim.pk), "number": self.claim.number, "rule": "JC-ACCEPT",
                    "rule_name": "劳动保障监察投诉受理或者不予受理决定", "due_on": "2026-03-09", "rung": "near",
                    "label": "时限已用八成", "label_en": "", "ladder": None, "cause": "time", "climbs_to": None, "orders": None,
                    "told": [
                        {"person": "wangge", "name": "王格", "role": "handler", "channel": "in_app"},
                        {"person": "wangge", "name": "王格", "role": "handler", "channel": "email"},
                    ],
                    "vacant": [],
                }
            ],
            "counts": {"clocks": 1, "rungs": 1, "climbed": 0, "notices": 2},
        })  # fmt: skip

    def test_reasons_for_not_escalating_are_counted(self) -> None:
        self.assertEqual(self.reasons("2026-03-05"), {"not_due_yet": 1})
        self.assertEqual(self.reasons("2026-03-31"), {})
        Clock.objects.filter(rule_id="ORDER-REPLY").delete()
        self.assertEqual(self.reasons("2026-03-31"), {"ladder_done": 1})
        self.assertIn("未提级：各级督办均已发出，1 个时限", self.sweep("--at", "2026-03-31"))

    def test_vacant_posts_are_named(self) -> None:
        self.county.postings.all().delete()
        text = self.sweep("--dry-run", "--at", "2026-03-10")
        self.assertIn("提级至市级", text)
        self.assertIn("空缺：县级", text)

    def test_an_instant_may_have_a_zone_and_a_day_alone_means_its_end(self) -> None:
        instants = {
            "2026-03-06T08:59": 0, "2026-03-06T09:00": 1, "2026-03-06T00:59Z": 0, "2026-03-06T01:00+00:00": 1,
            "2026-03-05": 0, "2026-03-06": 1, "2026-03-06 09:00:00.5": 1,
        }  # fmt: skip
        for at, rungs in instants.items():
            self.assertEqual(self.json("--dry-run", "--at", at)["counts"]["rungs"], rungs, at)

    def test_without_an_instant_it_is_now(self) -> None:
        before = datetime.now(SHANGHAI)
        at = datetime.fromisoformat(self.json("--dry-run")["at"])
        self.assertTrue(before <= at <= datetime.now(SHANGHAI))

    def test_what_is_no_instant_is_refused_in_a_sentence(self) -> None:
        for at in ("tomorrow", "2026-02-30", "2026-03-06T25:00", "", "9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00"):
            with self.assertRaises(CommandError, msg=at) as caught:
                self.sweep("--at", at)
            self.assertEqual(str(caught.exception), f"--at 的值“{at}”不是可用的时间，请写成 2026-03-10 或 2026-03-10T09:30。")
