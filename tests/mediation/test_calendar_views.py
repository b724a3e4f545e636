"""Week by mediator, month by day, the sheet for the door; dragging leads to the page that moves; what is stored agrees."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.integrity import Found
from grid.models import Leave
from mediation import weeks
from mediation.cause_list import cut, listed
from mediation.integrity_checks import attendances
from mediation.models import Attendance, Hearing, Mediation
from mediation.weeks import monday_of
from tests.mediation.test_pages import PageTestCase


class CalendarTest(PageTestCase):
    def ask(self, name: str, **asked: Any) -> Any:
        return self.client.get(reverse(name), {"day": self.day.isoformat(), **asked})

    def test_the_week_stands_by_mediator_with_who_is_away(self) -> None:
        mediation = self.open_mediation("scheduled")
        Leave.objects.create(person=self.mediator, starts_on=self.day, ends_on=self.day)
        self.sign_in(self.county)
        answer = self.ask("hearing_week")
        (row,) = answer.context["rows"]
        self.assertEqual((row.person, len(row.cells), row.cells[0].day), (self.mediator, 7, monday_of(self.day)))
        cell = row.cells[self.day.weekday()]
        self.assertEqual(([entry.hearing.mediation_id for entry in cell.entries], cell.is_away), ([mediation.pk], True))
        self.assertContains(answer, f'data-drag="{self.url(mediation, "postpone")}"')
        self.assertContains(answer, "改期")  # the same without a pointer
        day = self.ask("hearing_day")
        self.assertContains(day, f'data-starts="08:00" data-at="{self.room.pk}" data-drag="{self.url(mediation, "postpone")}"')  # for the keyboard

    def test_who_may_not_move_gets_nothing_to_drag_and_who_may_not_see_nothing(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.auditor)
        answer = self.ask("hearing_week")
        self.assertContains(answer, "公司0")
        self.assertNotContains(answer, "data-drag")
        self.assertNotContains(self.ask("hearing_day"), "data-drag")
        self.sign_in(self.county_b)
        for name in ("hearing_week", "hearing_month", "hearing_doors"):
            self.assertNotContains(self.ask(name), "公司0")
        self.assertTrue(mediation)

    def test_a_drop_opens_the_page_that_moves_it_filled_in(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        there = {"day": (self.day + timedelta(days=7)).isoformat(), "starts": "14:00", "ends": "14:30", "room": str(self.room2.pk), "mediator": str(self.mediator2.pk)}
        form = self.client.get(self.url(mediation, "postpone"), there).context["form"]
        self.assertEqual({name: str(form[name].value()) for name in there}, there)
        self.assertEqual(form["version"].value(), 0)
        self.assertEqual(mediation.hearings.get().starts_at, self.at("08:00"))  # nothing has moved yet

    def test_the_month_leads_to_its_days(self) -> None:
        self.open_mediation("scheduled")
        self.sign_in(self.county)
        answer = self.ask("hearing_month")
        cells = [cell for week in answer.context["weeks"] for cell in week]
        self.assertEqual(cells[0].day.weekday(), 0)
        self.assertEqual([cell.count for cell in cells if cell.day == self.day], [1])
        self.assertContains(answer, f"{reverse('hearing_day')}?day={self.day}")
        for asked in ("x", "9999-12-31"):
            self.assertEqual(self.client.get(reverse("hearing_month"), {"day": asked}).status_code, 200)

    def test_a_day_of_many_shows_the_first_and_says_how_many_there_are(self) -> None:
        first = self.open_mediation("scheduled")
        self.make_copies(first, range(1, 7))
        Hearing.objects.filter(mediation__in=Mediation.objects.exclude(pk=first.pk)[:1]).update(state="adjourned")
        self.sign_in(self.county)
        with patch.object(weeks, "MOST", 3):  # what a week shows cuts nothing off a month
            cells = [cell for week in self.ask("hearing_month").context["weeks"] for cell in week]
        (cell,) = (cell for cell in cells if cell.day == self.day)
        self.assertEqual((cell.count, len(cell.entries), cell.more), (6, 4, 2))
        self.assertEqual(cell.entries[0].hearing.mediation_id, first.pk)

    def test_a_week_says_that_there_are_more_than_it_shows(self) -> None:
        self.make_copies(self.open_mediation("scheduled"), range(1, 4))
        self.sign_in(self.county)
        self.assertNotContains(self.ask("hearing_week"), "只列出前")
        with patch.object(weeks, "MOST", 3):
            answer = self.ask("hearing_week")
        self.assertContains(answer, "只列出前")
        self.assertEqual(sum(cell.count for row in answer.context["rows"] for cell in row.cells), 3)

    def test_the_sheet_for_the_door_cuts_names(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.county)
        answer = self.ask("hearing_doors")
        self.assertContains(answer, mediation.claim.number)
        self.assertContains(answer, "工**")
        self.assertNotContains(answer, "工人0")
        for key, name, shown in (
            ("employer:1", "沭阳恒达建筑有限公司", "沭阳恒达建筑有限公司"), ("code:91320000000000000X", "沭阳恒达建筑有限公司", "沭阳恒达建筑有限公司"),
            ("phone:13900000000", "买买提·艾力", "买**"), ("respondent:1", "开货车的王老板", "开**"),
            ("employer:1", "李四", "李**"), ("employer:1", "买买提·艾力", "买**"),
        ):  # fmt: skip
            with self.subTest(key, name=name):
                Attendance.objects.filter(party_kind="respondent").update(party_key=key, name=name)
                ((_room, (notice,)),) = self.ask("hearing_doors").context["rooms"]
                self.assertEqual(notice.others, shown)

    def test_as_many_queries_for_thirty_hearings_as_for_three(self) -> None:
        first = self.open_mediation("scheduled")
        self.sign_in(self.county)

        def queries() -> list[int]:
            counts = []
            for name in ("hearing_week", "hearing_month", "hearing_doors"):
                with CaptureQueriesContext(connection) as seen:
                    self.ask(name)
                counts.append(len(seen))
            return counts

        few = queries()
        self.make_copies(first, range(1, 20))
        self.assertEqual(queries(), few)

    def test_what_a_constraint_sees_of_a_party_agrees_with_the_hearing(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.assertEqual(attendances(self.now), Found())
        Attendance.objects.update(span=(self.at("20:00"), self.at("21:00")))
        self.assertIn(mediation.claim.number, str(attendances(self.now)))
        Attendance.objects.update(span=Hearing.objects.get().span, is_live=False)
        self.assertNotEqual(attendances(self.now), Found())


class NamesTest(SimpleTestCase):
    def test_of_a_person_the_first_character_is_left(self) -> None:
        self.assertEqual([cut("李建国"), cut("李")], ["李**", "*"])
        self.assertEqual(listed(["甲", "乙", "丙", "丁"]), "甲、乙、丙…")
