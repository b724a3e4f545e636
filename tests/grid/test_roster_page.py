"""The duty roster of a month: who reads it, who fills it in, and what is proposed."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grid import roles
from grid.models import Duty, Leave, Person
from tests.base import TODAY, make_person
from tests.grid.test_people_pages import PagesCase

A1, A2, COUNTY_A = "321322101", "321322102", "321322"


class RosterPageTest(PagesCase):
    def cells(self, response) -> dict[date, object]:
        return {cell.day: cell for week in response.context["weeks"] for cell in week if cell}

    def save(self, person: Person, region: str = A1, month: str = "2026-03", **days: Person | None):
        named = {f"{month}-{day.removeprefix('d')}": str(one.pk) if one else "" for day, one in days.items()}
        return self.post(person, "duty_roster", region=region, month=month, **named)

    def test_it_opens_at_the_readers_own_region_and_this_month(self) -> None:
        for person, name in ((self.chief, "陇集镇"), (self.grid_worker, "陇集镇"), (self.county, "沭阳县"), (self.city, "宿迁市"), (self.administrator, "宿迁市")):
            response = self.get(person, "duty_roster")
            self.assertContains(response, f"{name}值班表")
            self.assertEqual((len(self.cells(response)), response.context["first"]), (31, date(2026, 3, 1)))

    def test_each_day_s_choice_is_called_by_its_day(self) -> None:
        self.assertContains(self.get(self.chief, "duty_roster"), 'name="2026-03-05" aria-label="3月5日"')

    def test_days_that_are_over_have_a_heading_of_their_own_where_somebody_was_on_duty(self) -> None:
        Duty.objects.create(region_id=A1, day=TODAY, person=self.grid_worker)
        self.assertNotContains(self.get(self.chief, "duty_roster"), "已经过去的日子")  # today is not over
        Duty.objects.create(region_id=A1, day=TODAY - timedelta(days=1), person=self.grid_worker)
        self.assertContains(self.get(self.chief, "duty_roster"), '<tr class="month-past">')

    def test_a_region_out_of_reach_is_not_shown(self) -> None:
        for code in (A2, "321323", "xx", "999999999"):
            self.assertEqual(self.get(self.chief, "duty_roster", region=code).context["region"].code, A1)
        for person in (self.partner, self.outsider):
            self.assertEqual(self.get(person, "duty_roster").status_code, 404)

    def test_a_lead_saves_a_month_at_once(self) -> None:
        response = self.save(self.chief, d02=self.grid_worker, d03=self.chief, d04=None)
        self.assertRedirects(response, f"{reverse('duty_roster')}?region={A1}&month=2026-03")
        rows = Duty.objects.order_by("day").values_list("day", "person__username")
        self.assertEqual(list(rows), [(date(2026, 3, 2), "wangge"), (date(2026, 3, 3), "zhangzhen")])
        self.save(self.chief, d02=None, d03=self.chief)
        self.assertEqual(Duty.objects.count(), 1)
        self.assertContains(self.get(self.grid_worker, "duty_roster"), "章镇")

    def test_others_read_and_save_nothing(self) -> None:
        for person in (self.grid_worker, self.mediator, self.administrator):
            with self.subTest(str(person)):
                self.assertNotContains(self.get(person, "duty_roster", region=A1), "保存值班表")
                region = COUNTY_A if person == self.mediator else A1
                self.assertEqual(self.save(person, region, d02=self.city).status_code, 409)
        self.assertFalse(Duty.objects.exists())

    def test_a_region_that_went_out_of_reach_meanwhile_is_not_saved_as_another(self) -> None:
        for code in (A2, "321323", "xx", ""):
            self.assertEqual(self.save(self.chief, code, d02=self.chief).status_code, 404)
        self.assertFalse(Duty.objects.exists())

    def test_somebody_who_lost_the_post_meanwhile_does_not_empty_the_day(self) -> None:
        Duty.objects.create(region_id=A1, day=TODAY, person=self.chief)
        self.grid_worker.postings.update(ends_on=date(2026, 2, 20))
        response = self.save(self.chief, d02=self.grid_worker, d03=self.chief)
        self.assertContains(response, "已不能在这里值班", status_code=409)
        self.assertEqual([row.person for row in Duty.objects.all()], [self.chief])
        self.assertEqual(self.post(self.chief, "duty_roster", region=A1, month="2026-03", **{"2026-03-02": "xx"}).status_code, 409)

    def test_past_days_are_words_and_are_not_taken(self) -> None:
        Duty.objects.create(region_id=A1, day=date(2026, 3, 1), person=self.chief)
        cells = self.cells(self.get(self.chief, "duty_roster"))
        self.assertEqual((cells[date(2026, 3, 1)].options, cells[date(2026, 3, 1)].people), ([], [self.chief]))
        self.save(self.chief, d01=self.grid_worker)
        self.assertEqual(Duty.objects.get().person, self.chief)

    def test_who_is_away_cannot_be_chosen_and_a_refusal_keeps_what_was_chosen(self) -> None:
        Leave.objects.create(person=self.grid_worker, starts_on=date(2026, 3, 5), ends_on=date(2026, 3, 5))
        page = self.get(self.chief, "duty_roster")
        away = {one.person: is_away for one, is_away in self.cells(page)[date(2026, 3, 5)].options}
        self.assertEqual((away[self.grid_worker], away[self.chief]), (True, False))
        response = self.save(self.chief, d05=self.grid_worker, d06=self.chief)
        self.assertContains(response, "请假，请另选", status_code=409)
        self.assertEqual(self.cells(response)[date(2026, 3, 6)].chosen, self.chief.pk)

    def test_turns_are_proposed_and_not_saved(self) -> None:
        turn = [str(self.grid_worker.pk), str(self.chief.pk)]
        page = self.get(self.chief, "duty_roster", turn=turn, days="weekends")
        cells = self.cells(page)
        chosen = {day.day: cell.chosen for day, cell in cells.items() if cell.chosen}
        self.assertEqual(chosen[7], self.grid_worker.pk)
        self.assertEqual(chosen[8], self.chief.pk)
        self.assertEqual(sorted(chosen), [7, 8, 14, 15, 21, 22, 28, 29])
        self.assertContains(page, "还没有保存")
        self.assertFalse(Duty.objects.exists())

    def test_a_month_nobody_means_is_this_month(self) -> None:
        for month in ("", "2026-13", "x", "9999-12", "0001-01"):
            self.assertEqual(self.get(self.chief, "duty_roster", month=month).context["first"], date(2026, 3, 1))
        self.assertEqual(self.get(self.chief, "duty_roster", month="2026-12").context["first"], date(2026, 12, 1))

    def test_it_costs_the_same_for_an_empty_and_a_full_month(self) -> None:
        empty = self.cost()
        people = [make_person(f"duo{n}", f"多{n}", roles.GRID_WORKER, A1) for n in range(10)]
        for n in range(29):
            Duty.objects.create(region_id=A1, day=TODAY + timedelta(days=n), person=people[n % 10])
        self.assertEqual(self.cost(), empty)

    def cost(self) -> int:
        self.client.force_login(self.chief)
        with CaptureQueriesContext(connection) as asked:
            self.client.get(reverse("duty_roster"))
        return len(asked)
