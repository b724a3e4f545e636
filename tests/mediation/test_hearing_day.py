"""排期表: what stands on the day's plan, for whom, on any day that is asked for."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mediation import hearings
from mediation.day import DayPlan, RoomDay, Slot
from mediation.models import Hearing, Room
from tests.mediation.base import at
from tests.mediation.test_pages import PageTestCase


class HearingDayTest(PageTestCase):
    def ask(self, **asked: Any) -> Any:
        return self.client.get(reverse("hearing_day"), {"day": self.day.isoformat(), **asked})

    def test_the_days_hearings_stand_in_their_rooms_for_those_who_may_see_them(self) -> None:
        mediation = self.open_mediation("scheduled")
        for person in (self.mediator, self.chief, self.county, self.city, self.auditor):
            self.sign_in(person)
            self.assertContains(self.ask(), mediation.claim.number)
        for person in (self.county_b, self.outsider):
            self.sign_in(person)
            page = self.ask()
            self.assertNotContains(page, "公司0")
            self.assertNotContains(page, mediation.claim.number)
        self.sign_in(self.partner)
        self.assertEqual(self.ask().status_code, 404)

    def test_a_shared_room_is_shown_as_taken_to_the_neighbouring_township(self) -> None:
        self.open_mediation("scheduled")
        self.sign_in(self.chief_a2)
        page = self.ask()
        self.assertContains(page, "已占用")
        self.assertNotContains(page, "公司0")

    def test_an_empty_day_says_so_and_leads_on(self) -> None:
        self.sign_in(self.county)
        page = self.ask()
        self.assertContains(page, "这一天没有调解会")
        self.assertContains(page, f"day={self.day + timedelta(days=1)}")
        self.assertContains(page, f"day={self.day - timedelta(days=1)}")

    def test_today_is_the_day_when_none_or_nonsense_is_asked(self) -> None:
        self.sign_in(self.county)
        for asked in ("", "x", "2026-02-31", "9999-12-31", "0001-01-01"):
            self.assertEqual(self.ask(day=asked).context["day"], self.today)

    def test_a_rest_day_says_why(self) -> None:
        self.sign_in(self.county)
        self.assertContains(self.ask(day="2026-04-06"), "清明节放假")

    def test_mine_and_a_region_narrow_it(self) -> None:
        self.open_mediation("scheduled")
        self.sign_in(self.mediator2)
        self.assertNotContains(self.ask(mine="1"), "公司0")
        self.sign_in(self.county)
        self.assertContains(self.ask(region="321322101"), "公司0")
        self.assertNotContains(self.ask(region="321322102"), "公司0")
        self.assertContains(self.ask(region="不存在"), "公司0")

    def test_a_cancelled_hearing_stands_apart(self) -> None:
        mediation = self.open_mediation("scheduled")
        hearings.advance(mediation, "fail", self.mediator, now=self.now, ground="refused", reason="不愿调解")
        self.sign_in(self.county)
        page = self.ask()
        self.assertContains(page, "当天已休会或取消")
        self.assertEqual(page.context["plan"].count, 0)

    def test_more_rooms_than_fit_are_a_table(self) -> None:
        rooms = [Room.objects.create(name=f"第{n}室", region_id="321322") for n in range(9)]
        self.make_copies(self.open_mediation("scheduled"), range(1, 9))
        for hearing, room in zip(Hearing.objects.all(), rooms, strict=True):
            Hearing.objects.filter(pk=hearing.pk).update(room=room)
        self.sign_in(self.county)
        self.assertFalse(self.ask().context["plan"].fits)
        Hearing.objects.filter(room=rooms[0]).update(room=rooms[1])
        self.assertTrue(self.ask().context["plan"].fits)  # free rooms are left out

    def test_three_and_thirty_hearings_cost_the_same(self) -> None:
        self.sign_in(self.county)
        first = self.open_mediation("scheduled")
        self.make_copies(first, range(1, 3))
        with CaptureQueriesContext(connection) as few:
            self.assertEqual(self.ask().context["plan"].count, 3)
        self.make_copies(first, range(3, 30))
        with self.assertNumQueries(len(few)):
            self.assertEqual(self.ask().context["plan"].count, 30)

    def test_post_is_405(self) -> None:
        self.sign_in(self.county)
        self.assertEqual(self.client.post(reverse("hearing_day")).status_code, 405)


class SlotTest(SimpleTestCase):
    def slot(self, starts: str, ends: str) -> Slot:
        return Slot(None, at(starts), at(ends))

    def test_a_slot_stands_as_long_as_it_lasts(self) -> None:
        for starts, ends, place in (
            ("09:00", "10:20", "h-09 m-00 hours-1 minutes-20"),
            ("09:45", "10:15", "h-09 m-45 hours-0 minutes-30"),
            ("09:42", "10:01", "h-09 m-40 hours-0 minutes-25"),  # the rows it begins and ends in are taken whole
            ("17:00", "21:00", "h-17 m-00 hours-4 minutes-00"),
        ):
            self.assertEqual(self.slot(starts, ends).place, place)

    def test_the_plan_opens_early_and_ends_late_when_a_hearing_does(self) -> None:
        def hours(*slots: Slot) -> list[int]:
            return DayPlan(at("09:00").date(), [RoomDay(SimpleNamespace(), list(slots))], True, []).hours

        self.assertEqual(hours(), list(range(8, 18)))
        self.assertEqual(hours(self.slot("07:30", "09:00")), list(range(7, 18)))
        self.assertEqual(hours(self.slot("19:00", "20:30")), list(range(8, 21)))
