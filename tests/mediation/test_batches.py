"""Many at once: a mediator falls ill, a room is closed, a day is filled. The preview changes nothing; each row has its own outcome."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import OperationalError
from django.urls import reverse

from grid.models import Leave, Notice
from mediation import batches, sittings
from mediation.models import Hearing
from tests.mediation.test_pages import PageTestCase


class MoveManyTest(PageTestCase):
    """Three hearings of 条和 on one morning; she falls ill."""

    def setUp(self) -> None:
        self.rows = [self.open_mediation("scheduled", number) for number in range(3)]  # 08:00, 08:30, 09:00
        Leave.objects.create(person=self.mediator, starts_on=self.day, ends_on=self.day)
        self.sign_in(self.county)

    def page(self, **changes: Any) -> str:
        asked = {"mediator": str(self.mediator.pk), "first": self.day.isoformat(), "last": self.day.isoformat(), "way": "keep", **changes}
        return reverse("hearings_move") + "?" + "&".join(f"{name}={value}" for name, value in asked.items())

    def test_from_the_leave_one_tap_leads_to_all_that_is_in_its_way(self) -> None:
        page = self.client.get(reverse("panel_person", args=[self.mediator.pk]))
        self.assertContains(page, "有 3 场调解会在这几天")
        self.assertContains(page, self.page().replace("&", "&amp;").split("&amp;way")[0])
        lines = self.client.get(self.page()).context["lines"]
        self.client.post(self.page(), {"line": [line.value for line in lines], "reason": "调解员生病"})
        self.assertNotContains(self.client.get(reverse("panel_person", args=[self.mediator.pk])), "场调解会在这几天")  # all have somebody else

    def test_a_closed_room_says_how_many_and_leads_there_too(self) -> None:
        self.client.post(reverse("room_detail", args=[self.room.pk]), {"form": "closing", "from_day": self.day.isoformat(), "to_day": self.day.isoformat(), "reason": "维修"})
        page = self.client.get(reverse("room_detail", args=[self.room.pk]))
        self.assertContains(page, "有 3 场调解会在这几天")
        self.assertContains(page, f"room={self.room.pk}&amp;first={self.day.isoformat()}")

    def test_nothing_ticked_the_reason_is_kept(self) -> None:
        self.assertContains(self.client.post(self.page(), {"reason": "调解员突发急病"}), "调解员突发急病</textarea>", status_code=409)

    def test_the_preview_keeps_the_time_and_changes_nothing(self) -> None:
        before = list(Hearing.objects.order_by("pk").values())
        lines = self.client.get(self.page()).context["lines"]
        self.assertEqual([(one.proposal.minute, one.proposal.place.key) for one in lines], [(480, self.room.pk), (510, self.room.pk), (540, self.room.pk)])
        self.assertTrue(all(one.proposal.mediator.key != self.mediator.pk for one in lines))
        self.assertEqual(list(Hearing.objects.order_by("pk").values()), before)

    def test_each_row_has_its_outcome_and_only_those_it_touches_are_told(self) -> None:
        lines = self.client.get(self.page()).context["lines"]
        told = Notice.objects.filter(kind="hearing_moved").count()
        stale, good, left = (line.value for line in lines)
        Hearing.objects.filter(mediation=lines[0].mediation).update(version=7)  # somebody moved it meanwhile
        answer = self.client.post(self.page(), {"line": [stale, good], "reason": "调解员生病"})
        self.assertEqual([one.is_done for one in answer.context["done"]], [False, True])
        self.assertIn("刚刚已被他人改动", answer.context["done"][0].said)
        self.assertContains(answer, "1 / 2 已排好")
        moved = lines[1].mediation
        moved.refresh_from_db()
        self.assertNotEqual(moved.mediator_id, self.mediator.pk)
        self.assertEqual(moved.claim.events.order_by("-seq").first().facts["reason"], "调解员生病")
        self.assertEqual({notice.subject_id for notice in Notice.objects.filter(kind="hearing_moved")[told:]}, {moved.claim_id})
        untouched = lines[2].mediation
        untouched.refresh_from_db()
        self.assertEqual(untouched.mediator_id, self.mediator.pk)

    def test_what_the_database_ends_leaves_the_others_alone(self) -> None:
        lines = self.client.get(self.page()).context["lines"]
        ended, real = [lines[0].mediation.pk], sittings.move

        def move(hearing: Hearing, *args: Any) -> None:
            if hearing.mediation_id in ended:
                raise OperationalError("deadlock detected")
            real(hearing, *args)

        with patch.object(sittings, "move", move), self.assertLogs("mediation.batches", "ERROR"):
            answer = self.client.post(self.page(), {"line": [line.value for line in lines], "reason": "调解员生病"})
        self.assertEqual([one.is_done for one in answer.context["done"]], [False, True, True])
        self.assertContains(answer, "系统正忙，这一件没有排上")

    def test_those_held_together_are_one_line_and_move_together(self) -> None:
        first, second = self.rows[:2]
        first_hearing = first.hearings.get()
        Leave.objects.all().delete()
        self.make_move(second, "join", hearing=first_hearing, reason="同一用人单位", anyway=True)
        Leave.objects.create(person=self.mediator, starts_on=self.day, ends_on=self.day)
        lines = self.client.get(self.page()).context["lines"]
        self.assertEqual([len(line.with_it) for line in lines], [1, 0])
        answer = self.client.post(self.page(), {"line": [line.value for line in lines], "reason": "调解员生病"})
        self.assertEqual([one.is_done for one in answer.context["done"]], [True, True])
        kept = Hearing.objects.filter(mediation__in=[first, second])
        self.assertEqual(len({(row.joint, row.span, row.room_id, row.mediator_id) for row in kept}), 1)
        self.assertNotEqual(kept[0].mediator_id, self.mediator.pk)

    def test_with_the_same_mediator_once_they_are_back(self) -> None:
        lines = self.client.get(self.page(way="other")).context["lines"]
        self.assertTrue(all(one.proposal.mediator.key == self.mediator.pk and one.proposal.day > self.day for one in lines))
        self.assertEqual(len({line.proposal[:2] for line in lines}), 3)  # no time is given out twice
        answer = self.client.post(self.page(way="other"), {"line": [line.value for line in lines], "reason": "调解员生病"})
        self.assertTrue(all(one.is_done for one in answer.context["done"]))

    def test_a_room_that_is_closed(self) -> None:
        lines = self.client.get(self.page(mediator="", room=str(self.room.pk), way="keep")).context["lines"]
        self.assertEqual({line.proposal.place.key for line in lines}, {self.room2.pk})
        self.assertNotIn(self.mediator.pk, {line.proposal.mediator.key for line in lines})  # she is away
        Leave.objects.all().delete()
        lines = self.client.get(self.page(mediator="", room=str(self.room.pk))).context["lines"]
        self.assertEqual({line.proposal.mediator.key for line in lines}, {self.mediator.pk})

    def test_more_than_go_at_once_are_said(self) -> None:
        self.assertNotContains(self.client.get(self.page()), "还有没列出的")
        with patch.object(batches, "MOST", 2):
            answer = self.client.get(self.page())
        self.assertContains(answer, "一次最多 2 件，还有没列出的")
        self.assertEqual(len(answer.context["lines"]), 2)

    def test_without_a_reason_or_a_tick_nothing_happens(self) -> None:
        lines = self.client.get(self.page()).context["lines"]
        self.assertContains(self.client.post(self.page(), {"line": [lines[0].value]}), "请填写改期理由", status_code=409)
        self.assertContains(self.client.post(self.page(), {"reason": "x"}), "请至少勾选一场", status_code=409)
        for value in ("x", f"{self.rows[0].pk} 1 2", f"{self.rows[0].pk} 2026-13-01 x 3 4 5 6"):
            self.client.post(self.page(), {"line": [value], "reason": "x"})
        self.assertEqual(Hearing.objects.filter(version=0).count(), 3)

    def test_bad_input_is_said(self) -> None:
        for changes in ({"room": str(self.room.pk)}, {"mediator": ""}, {"last": (self.day - timedelta(days=1)).isoformat()}, {"first": "x"}):
            self.assertContains(self.client.get(self.page(**changes)), "form-errors")

    def test_who_may_and_whose(self) -> None:
        codes = self.seen_by(self.page())
        refused = {name for name, code in codes.items() if code == 404}
        self.assertLessEqual({"grid_worker", "auditor", "partner", "administrator", "outsider"}, refused)
        self.assertTrue(refused.isdisjoint({"chief", "county", "city", "mediator"}))
        self.sign_in(self.county_b)
        self.assertNotIn("lines", self.client.get(self.page()).context)  # the mediator is not one of theirs
        value = f"{self.rows[0].pk} {self.day} 08:00 30 {self.room_b.pk} {self.mediator_b.pk} 0"
        self.client.post(self.page(), {"line": [value], "reason": "x"})
        self.assertEqual(Hearing.objects.filter(version=0).count(), 3)


class FillTest(PageTestCase):
    def page(self, **changes: Any) -> str:
        asked = {"day": self.day.isoformat(), "order": "age", **changes}
        return reverse("hearings_fill") + "?" + "&".join(f"{name}={value}" for name, value in asked.items())

    def test_a_day_is_filled_by_rule_and_nobody_is_booked_twice(self) -> None:
        for number in range(4):
            self.open_mediation(number=number)
        self.sign_in(self.county)
        lines = self.client.get(self.page()).context["lines"]
        self.assertEqual(len(lines), 4)
        with patch.object(batches, "MOST", 3):
            self.assertContains(self.client.get(self.page()), "一次最多 3 件，还有没列出的")
        answer = self.client.post(self.page(), {"line": [line.value for line in lines if line.proposal]})
        self.assertTrue(all(one.is_done for one in answer.context["done"]))
        self.assertEqual(Hearing.objects.live().on(self.day).count(), 4)
        again = self.client.post(self.page(), {"line": [line.value for line in lines]})  # sent twice
        self.assertEqual([one.is_done for one in again.context["done"]], [False] * 4)

    def test_the_rule_chooses_and_orders(self) -> None:
        plain, many = self.open_mediation(), self.open_mediation(number=1)
        type(many.claim).objects.filter(pk=many.claim_id).update(worker_count=12)
        self.sign_in(self.county)
        self.assertEqual([line.mediation.pk for line in self.client.get(self.page()).context["lines"]], [plain.pk, many.pk])
        self.assertEqual([line.mediation.pk for line in self.client.get(self.page(order="priority")).context["lines"]], [many.pk, plain.pk])
        self.assertEqual([line.mediation.pk for line in self.client.get(self.page(kind="group")).context["lines"]], [many.pk])
        self.assertEqual(self.client.get(self.page(kind="sensitive")).context["lines"], [])
        self.assertEqual(self.client.get(self.page(region="321322102")).context["lines"], [])
        self.assertContains(self.client.get(self.page(day="2020-01-01")), "form-errors")
        self.assertContains(self.client.post(self.page()), "请至少勾选一件", status_code=409)

    def test_a_rest_day_says_why_nothing_fits(self) -> None:
        self.open_mediation()
        self.sign_in(self.county)
        saturday = self.day + timedelta(days=(5 - self.day.weekday()) % 7)
        (line,) = self.client.get(self.page(day=saturday.isoformat())).context["lines"]
        self.assertIsNone(line.proposal)
        self.assertTrue(line.why)
