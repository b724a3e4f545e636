"""The posts nobody is in, or will be in soon, for whoever has to fill them."""

from datetime import date, timedelta
from unittest.mock import patch

from grid import roles
from grid.duty import Roster
from grid.models import Duty, Leave, Person, Posting
from grid.vacancies import Vacancy, soon_vacant, vacancies_for
from tests.base import NOW, TODAY, CastTestCase, make_person

DAY = timedelta(days=1)
A1 = "321322101"


class VacanciesTest(CastTestCase):
    def vacant(self, person: Person) -> dict[str, Vacancy]:
        return {one.place: one for one in vacancies_for(person.scope(TODAY))}

    def soon(self, person: Person) -> dict[str, Vacancy]:
        return {one.place: one for one in soon_vacant(person.scope(TODAY))}

    def test_an_administrator_fills_them_a_lead_sees_to_them_meanwhile(self) -> None:
        self.chief.postings.all().delete()
        for person, may_appoint in ((self.administrator, True), (self.city, False), (self.county, False)):
            with self.subTest(str(person)):
                vacancy = self.vacant(person)["陇集镇"]
                self.assertEqual((vacancy.role_name, vacancy.may_appoint, vacancy.is_away), (roles.TOWNSHIP_CHIEF, may_appoint, False))
        for person in (self.chief_a2, self.county_b, self.grid_worker, self.auditor, self.mediator):
            self.assertNotIn("陇集镇", self.vacant(person))

    def test_a_body_without_people_is_the_administrators(self) -> None:
        self.assertEqual(self.vacant(self.administrator)["沭阳县人民法院"].role_name, roles.PARTNER)
        self.assertNotIn("沭阳县人民法院", self.vacant(self.county))

    def test_a_holder_who_is_away_leaves_it_vacant_unless_somebody_stands_in(self) -> None:
        leave = Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=TODAY)
        self.assertTrue(self.vacant(self.county)["陇集镇"].is_away)
        Leave.objects.filter(pk=leave.pk).update(deputy=self.grid_worker)
        self.assertNotIn("陇集镇", self.vacant(self.county))
        Leave.objects.create(person=self.grid_worker, starts_on=TODAY, ends_on=TODAY)
        self.assertTrue(self.vacant(self.county)["陇集镇"].is_away)

    def test_a_deputy_without_a_post_there_any_more_fills_nothing(self) -> None:
        Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=TODAY, deputy=self.grid_worker)
        self.grid_worker.postings.update(ends_on=TODAY - DAY)
        self.assertTrue(self.vacant(self.county)["陇集镇"].is_away)

    def test_it_is_vacant_exactly_when_nobody_is_called_by_the_roster(self) -> None:
        second = make_person("wange", "万阁", roles.GRID_WORKER, A1)
        Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=TODAY, deputy=self.grid_worker)
        Leave.objects.create(person=self.grid_worker, starts_on=TODAY, ends_on=TODAY, deputy=second)
        self.assertEqual(Roster(TODAY).leads("township", A1), [second])
        self.assertNotIn("陇集镇", self.vacant(self.county))
        Leave.objects.create(person=second, starts_on=TODAY, ends_on=TODAY, deputy=self.chief)  # round in a circle
        self.assertTrue(self.vacant(self.county)["陇集镇"].is_away)

    def test_who_is_on_duty_meanwhile_is_named_and_the_post_stays_vacant(self) -> None:
        self.chief.postings.all().delete()
        self.assertEqual(self.vacant(self.county)["陇集镇"].on_call, ())
        Duty.objects.create(region_id=A1, day=TODAY, person=self.grid_worker)
        Duty.objects.create(region_id=A1, day=TODAY, person=self.outsider)  # has no post there
        for person in (self.county, self.administrator):
            self.assertEqual(self.vacant(person)["陇集镇"].on_call, ("王格",))
        with patch("grid.views.people.clock", lambda: (NOW, TODAY)):
            self.client.force_login(self.county)
            self.assertContains(self.client.get("/people/vacancies/"), "今天由 王格 值班")

    def test_one_that_ends_within_two_weeks_without_an_heir_is_announced(self) -> None:
        self.chief.postings.update(ends_on=TODAY + 13 * DAY)
        for person in (self.county, self.administrator):
            self.assertEqual(self.soon(person)["陇集镇"].ends_on, TODAY + 13 * DAY)
        self.assertEqual(self.soon(self.chief), {})
        self.chief.postings.update(ends_on=TODAY + 14 * DAY)
        self.assertEqual(self.soon(self.county), {})

    def test_with_an_heir_or_a_second_holder_it_is_not(self) -> None:
        self.chief.postings.update(ends_on=TODAY + 3 * DAY)
        heir = Posting.objects.create(
            person=self.outsider, role=roles.TOWNSHIP_CHIEF, region_id=A1, starts_on=TODAY + 4 * DAY
        )
        self.assertEqual(self.soon(self.county), {})
        heir.delete()
        Posting.objects.create(person=self.outsider, role=roles.TOWNSHIP_CHIEF, region_id=A1, starts_on=date(2020, 1, 1))
        self.assertEqual(self.soon(self.county), {})

    def test_a_body_whose_people_go_is_announced_to_the_administrator(self) -> None:
        self.partner.postings.update(ends_on=TODAY + 2 * DAY)
        self.assertEqual(self.soon(self.administrator)["沭阳县人民检察院"].ends_on, TODAY + 2 * DAY)
        self.assertEqual(self.soon(self.county), {})
        Posting.objects.create(person=self.outsider, role=roles.PARTNER, body=self.procuratorate, starts_on=TODAY + DAY)
        self.assertEqual(self.soon(self.administrator), {})

    def test_what_is_vacant_already_is_not_announced_again(self) -> None:
        self.chief.postings.all().delete()
        self.assertEqual((self.soon(self.county), "陇集镇" in self.vacant(self.county)), ({}, True))

    def test_each_costs_the_same_whatever_there_is(self) -> None:
        for asked, cost in ((vacancies_for, 6), (soon_vacant, 4)):  # two of them read the ladders
            scope = self.administrator.scope(TODAY)
            with self.subTest(asked.__name__), self.assertNumQueries(cost):
                asked(scope)


class NamedPosts(CastTestCase):
    """A rule that is valid today tells the mediator of the county."""

    def setUp(self) -> None:
        self.enterContext(patch("grid.vacancies.NEEDS", [lambda day: [(roles.MEDIATOR, "county"), (roles.COUNTY_OFFICER, "county")]]))

    def named(self, person: Person) -> set[tuple[str, bool, bool]]:
        return {(one.place, one.is_away, one.may_appoint) for one in vacancies_for(person.scope(TODAY)) if one.is_named}

    def test_a_named_post_is_shown_to_who_must_fill_it_and_to_who_leads_its_region(self) -> None:
        for person, seen in ((self.administrator, {("泗阳县", False, True)}), (self.city, {("泗阳县", False, False)}),
                             (self.county_b, {("泗阳县", False, False)}), (self.county, set()), (self.chief, set())):  # fmt: skip
            self.assertEqual(self.named(person), seen, person)

    def soon(self, person: Person) -> list[tuple[str, str, date | None, bool]]:
        return [(one.place, one.role_name, one.ends_on, one.is_named) for one in soon_vacant(person.scope(TODAY))]

    def test_a_named_post_about_to_be_vacant_is_announced_before_it_is(self) -> None:
        self.mediator.postings.update(ends_on=TODAY + 5 * DAY)
        for person in (self.administrator, self.city, self.county):
            self.assertEqual(self.soon(person), [("沭阳县", roles.MEDIATOR, TODAY + 5 * DAY, True)], person)
        self.assertEqual((self.soon(self.chief), self.soon(self.county_b)), ([], []))
        Posting.objects.create(person=self.outsider, role=roles.MEDIATOR, region_id="321322", starts_on=TODAY + 6 * DAY)
        self.assertEqual(self.soon(self.county), [])

    def test_of_several_posts_the_first_to_fall_empty_comes_first(self) -> None:
        self.mediator.postings.update(ends_on=TODAY + 5 * DAY)
        self.county.postings.update(ends_on=TODAY + 3 * DAY)
        self.assertEqual([one[:2] for one in self.soon(self.city)], [("沭阳县", roles.COUNTY_OFFICER), ("沭阳县", roles.MEDIATOR)])

    def test_it_says_who_will_be_told_instead(self) -> None:
        self.mediator.postings.update(ends_on=TODAY + 5 * DAY)
        self.client.force_login(self.administrator)
        with patch("grid.views.people.clock", lambda: (NOW, TODAY)):
            self.assertContains(self.client.get("/people/vacancies/"), "督办规则要通知这个岗位，空缺后由该级负责人代收")

    def test_who_is_away_is_stood_in_for_or_the_post_is_vacant(self) -> None:
        leave = Leave.objects.create(person=self.mediator, starts_on=TODAY, ends_on=TODAY)
        self.assertEqual(self.named(self.county), {("沭阳县", True, False)})
        Leave.objects.filter(pk=leave.pk).update(deputy=self.county)
        self.assertEqual(self.named(self.county), set())

    def test_it_stands_on_the_desk_and_the_page_with_the_way_to_fill_it(self) -> None:
        self.client.force_login(self.administrator)
        for address in ("/", "/people/vacancies/"):
            page = self.client.get(address)
            self.assertContains(page, "督办规则要通知这个岗位")
            self.assertContains(page, "role=mediator&amp;region=321323")
