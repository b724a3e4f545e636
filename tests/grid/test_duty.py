"""Who answers for a region today: posts, leave, deputies and vacancies."""

from datetime import date, timedelta

from grid import roles
from grid.duty import Roster
from grid.models import Leave, Person
from grid.roles import CITY, COUNTY, TOWNSHIP
from tests.base import TODAY, CastTestCase, make_person

DAY = timedelta(days=1)
A1, A2, B1 = "321322101", "321322102", "321323101"


class Duty(CastTestCase):
    def leads(self, level: str, region: str = A1, day: date = TODAY) -> list[Person]:
        return Roster(day).leads(level, region)

    def away(self, person: Person, first: date = TODAY, last: date = TODAY) -> None:
        Leave.objects.create(person=person, starts_on=first, ends_on=last)

    def test_each_level_is_led_by_its_own_post_of_the_region(self) -> None:
        self.assertEqual(self.leads(TOWNSHIP), [self.chief])
        self.assertEqual(self.leads(TOWNSHIP, A2), [self.chief_a2])
        self.assertEqual(self.leads(COUNTY, A1 + "200"), [self.county])  # a village: its county
        self.assertEqual(self.leads(COUNTY, B1), [self.county_b])
        self.assertEqual(self.leads(CITY), [self.city])
        self.assertEqual(self.leads(TOWNSHIP, "321322"), [])  # a county has no township chief

    def test_a_vacant_post_is_skipped_upward(self) -> None:
        self.assertEqual(Roster(TODAY).answerable(TOWNSHIP, A1), (TOWNSHIP, [self.chief]))
        self.chief.postings.all().delete()
        self.assertEqual(Roster(TODAY).answerable(TOWNSHIP, A1), (COUNTY, [self.county]))
        self.county.postings.all().delete()
        self.assertEqual(Roster(TODAY).answerable(TOWNSHIP, A1), (CITY, [self.city]))
        self.city.postings.all().delete()
        self.assertEqual(Roster(TODAY).answerable(TOWNSHIP, A1), (TOWNSHIP, []))

    def test_first_and_last_day_of_a_posting_count(self) -> None:
        self.chief.postings.update(starts_on=TODAY, ends_on=TODAY + DAY)
        found = [self.leads(TOWNSHIP, day=TODAY + n * DAY) for n in (-1, 0, 1, 2)]
        self.assertEqual(found, [[], [self.chief], [self.chief], []])

    def test_first_and_last_day_of_a_leave_count(self) -> None:
        self.away(self.chief, TODAY, TODAY + DAY)
        found = [self.leads(TOWNSHIP, day=TODAY + n * DAY) for n in (-1, 0, 1, 2)]
        self.assertEqual(found, [[self.chief], [], [], [self.chief]])

    def test_a_deputy_answers_only_while_every_principal_is_away(self) -> None:
        deputy = make_person("dai", "代理", roles.TOWNSHIP_CHIEF, A1)
        deputy.postings.update(is_deputy=True)
        self.assertEqual(self.leads(TOWNSHIP), [self.chief])
        self.away(self.chief)
        self.assertEqual(self.leads(TOWNSHIP), [deputy])
        self.away(deputy)
        self.assertEqual(self.leads(TOWNSHIP), [])

    def test_who_is_not_active_any_more_holds_no_post(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(is_active=False)
        self.assertEqual(self.leads(TOWNSHIP), [])

    def test_a_handler_is_on_duty_where_a_post_of_theirs_acts(self) -> None:
        roster = Roster(TODAY)
        self.assertEqual(roster.on_duty(self.grid_worker.pk, A1), self.grid_worker)
        self.assertEqual(roster.on_duty(self.county.pk, A1), self.county)
        for person in (self.chief_a2, self.county_b, self.auditor, self.partner, self.outsider):
            self.assertIsNone(roster.on_duty(person.pk, A1), person)
        self.assertIsNone(roster.on_duty(None, A1))

    def test_a_handler_who_is_away_or_moved_is_not_on_duty(self) -> None:
        self.away(self.grid_worker)
        self.assertIsNone(Roster(TODAY).on_duty(self.grid_worker.pk, A1))
        self.grid_worker.postings.update(region=A2)
        self.assertIsNone(Roster(TODAY + DAY).on_duty(self.grid_worker.pk, A1))

    def test_a_body_is_answered_for_by_its_own_people(self) -> None:
        roster = Roster(TODAY)
        self.assertEqual(roster.holders(roles.PARTNER, self.procuratorate.pk), [self.partner])
        self.assertEqual(roster.holders(roles.PARTNER, self.court.pk), [])

    def test_administrators_of_the_regions_around(self) -> None:
        local = make_person("xian", "县管", roles.ADMINISTRATOR, "321322")
        self.assertEqual(Roster(TODAY).administrators(A1), [local, self.administrator])
        self.assertEqual(Roster(TODAY).administrators(B1), [self.administrator])
        self.assertEqual(Roster(TODAY).administrators(""), [])

    def test_one_query_however_often_it_is_asked(self) -> None:
        with self.assertNumQueries(1):
            roster = Roster(TODAY)
            for region in (A1, A2, B1):
                roster.answerable(TOWNSHIP, region)
