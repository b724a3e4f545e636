"""Who answers for a region today: posts, leave, deputies and vacancies."""

from datetime import date, timedelta

from arrears import casework
from arrears.models import Event
from grid import roles
from grid.duty import Roster
from grid.models import Duty as DutyRow
from grid.models import Leave, Person, Posting
from grid.refused import Refused
from grid.roles import CITY, COUNTY, TOWNSHIP
from tests.base import NOW, TODAY, CastTestCase, make_person

DAY = timedelta(days=1)
A1, A2, B1 = "321322101", "321322102", "321323101"


class Duty(CastTestCase):
    def leads(self, level: str, region: str = A1, day: date = TODAY) -> list[Person]:
        return Roster(day).leads(level, region)

    def away(self, person: Person, first: date = TODAY, last: date = TODAY, deputy: Person | None = None) -> None:
        Leave.objects.create(person=person, starts_on=first, ends_on=last, deputy=deputy)

    def on_call(self, person: Person, region: str = A1, day: date = TODAY) -> None:
        DutyRow.objects.create(region_id=region, day=day, person=person)

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

    # 代理人: who was named for the days of a leave

    def test_the_deputy_of_a_handler_on_leave_does_the_work(self) -> None:
        self.away(self.grid_worker, deputy=self.chief)
        self.assertEqual(Roster(TODAY).on_duty(self.grid_worker.pk, A1), self.chief)
        self.assertEqual(Roster(TODAY + DAY).on_duty(self.grid_worker.pk, A1), self.grid_worker)

    def test_a_deputy_who_does_not_act_in_the_region_does_not(self) -> None:
        for other in (self.chief_a2, self.auditor, self.partner, self.outsider):
            with self.subTest(str(other)):
                Leave.objects.all().delete()
                self.away(self.grid_worker, deputy=other)
                self.assertIsNone(Roster(TODAY).on_duty(self.grid_worker.pk, A1))

    def test_a_chain_of_deputies_is_followed(self) -> None:
        self.away(self.grid_worker, deputy=self.chief)
        self.away(self.chief, deputy=self.county)
        self.assertEqual(Roster(TODAY).on_duty(self.grid_worker.pk, A1), self.county)

    def test_a_circle_of_deputies_ends(self) -> None:
        self.away(self.grid_worker, deputy=self.chief)
        self.away(self.chief, deputy=self.county)
        self.away(self.county, deputy=self.grid_worker)
        self.assertIsNone(Roster(TODAY).on_duty(self.grid_worker.pk, A1))
        self.assertEqual(self.leads(TOWNSHIP), [])

    def test_the_sixth_deputy_is_one_too_many(self) -> None:
        chain = [make_person(f"lian{n}", f"链{n}", roles.GRID_WORKER, A1) for n in range(7)]
        for person, deputy in zip(chain[:5], chain[1:], strict=False):
            self.away(person, deputy=deputy)
        self.assertEqual(Roster(TODAY).on_duty(chain[0].pk, A1), chain[5])
        self.away(chain[5], deputy=chain[6])
        self.assertIsNone(Roster(TODAY).on_duty(chain[0].pk, A1))

    def test_the_deputy_answers_for_the_post_after_the_b_role_and_before_the_duty_roster(self) -> None:
        self.away(self.chief, deputy=self.grid_worker)
        self.on_call(self.county)
        [called] = Roster(TODAY).called(TOWNSHIP, A1)
        self.assertEqual((called.person, called.instead_of, called.is_on_call), (self.grid_worker, self.chief, False))
        second = make_person("dai", "代理", roles.TOWNSHIP_CHIEF, A1)
        second.postings.update(is_deputy=True)
        [called] = Roster(TODAY).called(TOWNSHIP, A1)
        self.assertEqual((called.person, called.instead_of), (second, None))

    # 值班: the day's duty roster

    def test_who_is_on_the_duty_roster_answers_while_the_post_is_empty(self) -> None:
        self.on_call(self.grid_worker)
        self.assertEqual(self.leads(TOWNSHIP), [self.chief])
        self.away(self.chief)
        [called] = Roster(TODAY).called(TOWNSHIP, A1)
        self.assertEqual((called.person, called.is_on_call), (self.grid_worker, True))
        self.assertEqual(Roster(TODAY).answerable(TOWNSHIP, A1), (TOWNSHIP, [self.grid_worker]))
        self.assertEqual(Roster.around(A1, TODAY).answerable(TOWNSHIP, A1), (TOWNSHIP, [self.grid_worker]))

    def test_only_for_that_region_and_that_day(self) -> None:
        self.away(self.chief, TODAY, TODAY + DAY)
        self.on_call(self.county, "321322")
        self.on_call(self.grid_worker, day=TODAY + DAY)
        self.assertEqual(self.leads(TOWNSHIP), [])
        self.assertEqual(self.leads(TOWNSHIP, day=TODAY + DAY), [self.grid_worker])

    def test_nobody_who_is_away_inactive_or_without_a_post_there_is_on_call(self) -> None:
        self.away(self.chief)
        gone = make_person("likai", "黎开", roles.GRID_WORKER, A1)
        Person.objects.filter(pk=gone.pk).update(is_active=False)
        for person in (self.chief, self.chief_a2, gone, self.auditor, self.outsider):
            self.on_call(person)
        self.assertEqual(self.leads(TOWNSHIP), [])
        self.on_call(self.county)
        self.assertEqual(self.leads(TOWNSHIP), [self.county])

    def test_a_seat_names_the_posts_it_passed_over(self) -> None:
        self.away(self.chief)
        self.away(self.county)
        self.assertEqual(Roster(TODAY).seat(TOWNSHIP, A1), (CITY, [self.city], (TOWNSHIP, COUNTY)))
        self.away(self.city)
        self.assertEqual(Roster(TODAY).seat(TOWNSHIP, A1), (TOWNSHIP, [], (TOWNSHIP, COUNTY, CITY)))

    # Cost

    def test_two_queries_however_many_there_are_and_however_often_it_is_asked(self) -> None:
        self.away(self.grid_worker, deputy=self.chief)
        for n in range(30):
            person = make_person(f"duo{n}", f"多{n}", roles.GRID_WORKER, A2)
            self.away(person, deputy=self.chief_a2)
            self.on_call(person, A2)
        with self.assertNumQueries(2):
            roster = Roster(TODAY)
            for region in (A1, A2, B1):
                roster.seat(TOWNSHIP, region)
                roster.on_duty(self.grid_worker.pk, region)
                roster.holders(roles.PARTNER, self.court.pk)

    def test_one_query_while_nobody_needs_the_duty_roster(self) -> None:
        with self.assertNumQueries(1):
            self.assertEqual(Roster(TODAY).leads(TOWNSHIP, A1), [self.chief])

    def test_what_those_on_duty_may_do_costs_nothing_more(self) -> None:
        roster = Roster(TODAY)
        with self.assertNumQueries(0):
            scope = roster.on_duty(self.grid_worker.pk, A1).scope(TODAY)
        self.assertEqual(scope.regions, [A1])

    def test_postings_given_are_of_people_who_are_here(self) -> None:
        rows = list(Posting.objects.present(TODAY).select_related("person").filter(role=roles.TOWNSHIP_CHIEF))
        with self.assertNumQueries(0):
            roster = Roster(TODAY, rows)
            self.assertEqual(roster.leads(TOWNSHIP, A1), [self.chief])
            self.assertEqual(roster.leads(TOWNSHIP, B1), [])

    # For the desk of whoever stands in

    def test_whose_work_and_which_posts_somebody_stands_in_for(self) -> None:
        self.assertEqual(Roster(TODAY).relying_on(self.chief.pk), set())
        self.away(self.grid_worker, deputy=self.chief)
        self.assertEqual(Roster(TODAY).relying_on(self.chief.pk), {self.grid_worker.pk})
        self.away(self.chief, deputy=self.county)
        roster = Roster(TODAY)
        self.assertEqual((roster.relying_on(self.chief.pk), roster.relying_on(self.county.pk)), (set(), {self.grid_worker.pk, self.chief.pk}))
        self.assertEqual(roster.filled_in(self.county.pk), [(TOWNSHIP, A1)])
        self.assertEqual(roster.filled_in(self.grid_worker.pk), [])

    def test_the_post_somebody_is_on_call_for_is_theirs_only_while_it_is_empty(self) -> None:
        self.on_call(self.grid_worker)
        self.assertEqual(Roster(TODAY).filled_in(self.grid_worker.pk), [])
        self.away(self.chief)
        self.assertEqual(Roster(TODAY).filled_in(self.grid_worker.pk), [(TOWNSHIP, A1)])

    def test_a_mediator_from_elsewhere_is_at_work_where_they_were_called_to(self) -> None:
        elsewhere = make_person("hutiao", "胡调", roles.MEDIATOR, A2)
        self.assertIsNone(Roster(TODAY).on_duty(elsewhere.pk, A1))
        self.assertEqual(Roster(TODAY).at_work(elsewhere.pk, A1), elsewhere)
        self.away(elsewhere, deputy=self.chief_a2)
        self.assertIsNone(Roster(TODAY).at_work(elsewhere.pk, A1))
        for person in (self.chief_a2, self.auditor, self.partner, self.administrator, self.outsider):
            self.assertIsNone(Roster(TODAY).at_work(person.pk, A1))
        self.assertIsNone(Roster(TODAY).at_work(None, A1))


class StandingIn(CastTestCase):
    """Whoever stands in for somebody on leave may do what they may do, on those days, and it is written down so."""

    def away(self, person: Person, deputy: Person | None, days: int = 0) -> None:
        Leave.objects.create(person=person, starts_on=TODAY, ends_on=TODAY + days * DAY, deputy=deputy)

    def fresh(self, person: Person) -> Person:
        return Person.objects.get(pk=person.pk)

    def test_the_deputy_holds_the_posts_of_the_absent_on_the_days_of_the_leave(self) -> None:
        self.away(self.chief, self.grid_worker)
        for day, expected in ((TODAY - DAY, set()), (TODAY, {roles.TOWNSHIP_CHIEF}), (TODAY + DAY, set())):
            self.assertEqual(self.fresh(self.grid_worker).scope(day).roles, {roles.GRID_WORKER} | expected)
        self.assertEqual(self.fresh(self.chief).scope(TODAY).roles, {roles.TOWNSHIP_CHIEF})

    def test_what_the_deputy_does_is_done_from_that_post_and_said_so(self) -> None:
        claim = self.make_claim()
        with self.assertRaises(Refused):
            casework.advance(claim, "accept", self.fresh(self.grid_worker), now=NOW, conditions=True)
        self.away(self.chief, self.grid_worker)
        casework.advance(claim, "accept", self.fresh(self.grid_worker), now=NOW, conditions=True)
        self.assertEqual(Event.objects.get(claim=claim, kind="accept").actor_post, "陇集镇 乡镇（街道）网格长（代章镇）")

    def test_a_deputy_of_a_deputy_stands_in_for_both(self) -> None:
        other = make_person("lin", "林格", roles.GRID_WORKER, A1)
        self.away(self.chief, self.grid_worker)
        self.away(self.grid_worker, other)
        self.assertEqual(self.fresh(other).scope(TODAY).roles, {roles.GRID_WORKER, roles.TOWNSHIP_CHIEF})
        self.assertEqual({post.instead_of for post in self.fresh(other).scope(TODAY).posts}, {"", "章镇", "王格"})

    def test_a_circle_of_deputies_ends(self) -> None:
        self.away(self.chief, self.grid_worker)
        self.away(self.grid_worker, self.chief)
        self.assertEqual(self.fresh(self.chief).scope(TODAY).roles, {roles.GRID_WORKER, roles.TOWNSHIP_CHIEF})

    def test_accounts_and_the_access_log_are_not_lent(self) -> None:
        self.away(self.administrator, self.grid_worker)
        self.away(self.auditor, self.grid_worker)
        self.assertEqual(self.fresh(self.grid_worker).scope(TODAY).roles, {roles.GRID_WORKER})

    def test_the_roster_knows_the_same_scope(self) -> None:
        self.away(self.chief, self.grid_worker)
        person = Roster(TODAY).on_duty(self.chief.pk, A1)
        with self.assertNumQueries(0):
            known = set(person.scope(TODAY).posts)
        self.assertEqual(known, set(self.fresh(self.grid_worker).scope(TODAY).posts))

    def test_nobody_else_costs_more_than_one_query(self) -> None:
        self.away(self.chief, self.grid_worker)
        with self.assertNumQueries(1):
            scope = Person(pk=self.county.pk).scope(TODAY)
        self.assertEqual(scope.roles, {roles.COUNTY_OFFICER})
