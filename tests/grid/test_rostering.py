"""The verbs for people, posts, leave and the duty roster: who may, what is refused, and that it is on the record."""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from rest_framework.authtoken.models import Token

from grid import leaves, open_work, roles, rostering, rota
from grid.authority import may_manage, people_of
from grid.duty import Roster
from grid.models import AccessLog, Duty, Leave, Notice, Person, Posting
from grid.open_work import Work
from grid.refused import Refused
from tests.base import NOW, TODAY, CastTestCase, make_person

A1, A2, COUNTY_A, COUNTY_B, CITY = "321322101", "321322102", "321322", "321323", "3213"


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


class RosteringCase(CastTestCase):
    @contextmanager
    def refused(self, code: str):
        before = self.everything()
        with self.assertRaises(Refused) as caught:
            yield
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.message)
        self.assertEqual(self.everything(), before)

    @staticmethod
    def everything() -> list[Any]:
        models = (Person, Posting, Leave, Duty, Notice, AccessLog)
        return [list(model.objects.order_by("pk").values()) for model in models]

    def logged(self) -> AccessLog:
        return AccessLog.objects.latest("at", "pk")


class PostingsTest(RosteringCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.county_admin = make_person("xianguan", "县管", roles.ADMINISTRATOR, COUNTY_A)

    def appoint(self, person: Person | None = None, actor: Person | None = None, **changes: Any) -> Posting:
        what = {"role": roles.TOWNSHIP_CHIEF, "region": self.regions["321323101"], "starts_on": TODAY, **changes}
        return rostering.appoint(person or self.outsider, actor or self.administrator, now=NOW, **what)

    # Appointing

    def test_an_appointed_person_answers_from_the_first_day_on_is_told_and_it_is_logged(self) -> None:
        posting = self.appoint(starts_on=days(1), ends_on=days(3))
        found = [Roster(days(n)).leads(roles.TOWNSHIP, "321323101") for n in (0, 1, 3, 4)]
        self.assertEqual(found, [[], [self.outsider], [self.outsider], []])
        log = self.logged()
        self.assertEqual((log.person, log.act, log.subject, log.subject_id), (self.administrator, "appoint", "person", self.outsider.pk))
        self.assertEqual((log.region_code, log.reason), ("321323101", "裴圩镇 乡镇（街道）网格长 2026-03-03–2026-03-05"))
        self.assertTrue(AccessLog.objects.visible_to(self.auditor, TODAY).filter(pk=log.pk).exists())
        self.assertEqual(Notice.objects.get(key=f"posting:{posting.pk}", channel="in_app").recipient, self.outsider)

    def test_an_administrator_appoints_inside_their_region_only(self) -> None:
        self.appoint(actor=self.county_admin, region=self.regions[A1])
        with self.refused("not_your_region"):
            self.appoint(actor=self.county_admin)
        with self.refused("not_your_region"):
            self.appoint(actor=self.county_admin, role=roles.CITY_SUPERVISOR, region=self.regions[CITY])

    def test_nobody_else_appoints(self) -> None:
        for name in ("grid_worker", "chief", "county", "city", "mediator", "partner", "auditor", "outsider"):
            with self.subTest(name), self.refused("not_your_region"):
                self.appoint(self.grid_worker if name == "outsider" else None, actor=getattr(self, name), region=self.regions[A1])

    def test_a_partner_is_appointed_at_a_body_inside_the_region(self) -> None:
        posting = self.appoint(actor=self.county_admin, role=roles.PARTNER, region=None, body=self.court)
        self.assertEqual(Roster(TODAY).holders(roles.PARTNER, self.court.pk), [self.outsider])
        self.assertEqual(self.logged().region_code, COUNTY_A)
        other = make_person("siguan", "泗管", roles.ADMINISTRATOR, COUNTY_B)
        with self.refused("not_your_region"):
            self.appoint(self.grid_worker, actor=other, role=roles.PARTNER, region=None, body=self.court)
        self.assertIsNone(posting.region)

    def test_where_a_post_cannot_be(self) -> None:
        for code, changes in (
            ("wrong_level", {"region": self.regions[COUNTY_A]}),
            ("wrong_level", {"role": roles.COUNTY_OFFICER, "region": self.regions[A1]}),
            ("wrong_place", {"role": roles.PARTNER}),
            ("wrong_place", {"role": roles.PARTNER, "body": self.court}),
            ("wrong_place", {"region": None, "body": self.court}),
            ("wrong_place", {"region": None}),
            ("unknown_role", {"role": "king"}),
        ):
            with self.subTest(str(changes)), self.refused(code):
                self.appoint(**changes)

    def test_a_retired_region_or_a_closed_body_takes_nobody(self) -> None:
        region = self.regions["321323101"]
        region.retired_on = date(2024, 5, 1)
        with self.refused("region_retired"):
            self.appoint()
        region.retired_on = None
        self.court.is_active = False
        with self.refused("body_closed"):
            self.appoint(role=roles.PARTNER, region=None, body=self.court)
        self.court.is_active = True

    def test_days_that_make_no_sense(self) -> None:
        with self.refused("ends_before_start"):
            self.appoint(starts_on=days(3), ends_on=days(2))
        with self.refused("day_past"):
            self.appoint(starts_on=days(-9), ends_on=days(-2))

    def test_the_same_post_is_not_held_twice_at_once(self) -> None:
        self.appoint(starts_on=days(5), ends_on=days(9))
        for first, last in ((0, 5), (9, None), (6, 7), (0, None)):
            with self.subTest(f"{first}-{last}"), self.refused("posting_overlaps"):
                self.appoint(starts_on=days(first), ends_on=None if last is None else days(last), is_deputy=True)
        self.appoint(starts_on=days(0), ends_on=days(4))
        self.appoint(starts_on=days(10))
        self.appoint(role=roles.GRID_WORKER)
        self.assertEqual(self.outsider.postings.count(), 4)

    def test_nobody_appoints_themselves_or_somebody_whose_account_is_closed(self) -> None:
        with self.refused("not_yourself"):
            self.appoint(self.administrator)
        Person.objects.filter(pk=self.outsider.pk).update(is_active=False)
        with self.refused("inactive"):
            self.appoint()

    # Ending

    def test_nobody_lengthens_their_own_post(self) -> None:
        mine = self.county_admin.postings.get()
        rostering.end_posting(mine, self.administrator, now=NOW, last_day=days(9))
        with self.refused("not_yourself"):
            rostering.end_posting(mine, self.county_admin, now=NOW, last_day=days(900))
        rostering.end_posting(mine, self.county_admin, now=NOW, last_day=days(3))
        rostering.end_posting(mine, self.administrator, now=NOW, last_day=days(900))

    def test_the_last_day_of_a_post_counts(self) -> None:
        posting = self.chief.postings.get()
        rostering.end_posting(posting, self.administrator, now=NOW, last_day=days(2))
        found = [Roster(days(n)).leads(roles.TOWNSHIP, A1) for n in (2, 3)]
        self.assertEqual(found, [[self.chief], []])
        self.assertEqual(self.logged().act, "end_posting")
        rostering.end_posting(posting, self.administrator, now=NOW, last_day=days(-1))
        self.assertEqual(Roster(TODAY).leads(roles.TOWNSHIP, A1), [])

    def test_what_is_over_stays_over(self) -> None:
        self.chief.postings.update(ends_on=days(-1))
        with self.refused("posting_over"):
            rostering.end_posting(self.chief.postings.get(), self.administrator, now=NOW, last_day=days(5))

    def test_a_post_ends_neither_in_the_past_nor_before_it_begins(self) -> None:
        with self.refused("day_past"):
            rostering.end_posting(self.chief.postings.get(), self.administrator, now=NOW, last_day=days(-2))
        coming = self.appoint(starts_on=days(5))
        with self.refused("ends_before_start"):
            rostering.end_posting(coming, self.administrator, now=NOW, last_day=days(4))

    def test_a_mistyped_year_is_no_last_day(self) -> None:
        posting = self.chief.postings.get()
        for last in (date(9999, 12, 31), date(2206, 3, 2)):
            with self.refused("too_far"):
                rostering.end_posting(posting, self.administrator, now=NOW, last_day=last)
            with self.refused("too_far"):
                self.appoint(ends_on=last)
        posting.refresh_from_db()
        self.assertIsNone(posting.ends_on)

    def test_only_the_administrator_of_the_region_ends_it(self) -> None:
        for actor in (self.county_admin, self.city, self.chief_a2):
            with self.subTest(str(actor)), self.refused("not_your_region"):
                rostering.end_posting(self.county_b.postings.get(), actor, now=NOW, last_day=TODAY)

    def test_what_has_not_begun_is_taken_back(self) -> None:
        coming = self.appoint(starts_on=days(1))
        with self.refused("not_your_region"):
            rostering.withdraw_posting(coming, self.county_admin, now=NOW)
        rostering.withdraw_posting(coming, self.administrator, now=NOW)
        self.assertFalse(Posting.objects.filter(pk=coming.pk).exists())
        with self.refused("stale"):
            rostering.withdraw_posting(coming, self.administrator, now=NOW)
        with self.refused("posting_begun"):
            rostering.withdraw_posting(self.chief.postings.get(), self.administrator, now=NOW)

    def test_the_last_administrator_of_a_region_stays(self) -> None:
        mine = self.administrator.postings.get()
        with self.refused("last_administrator"):
            rostering.end_posting(mine, self.administrator, now=NOW, last_day=days(3))
        local = self.county_admin.postings.get()
        rostering.end_posting(local, self.county_admin, now=NOW, last_day=days(3))  # the city's can let them in again
        heir = self.appoint(role=roles.ADMINISTRATOR, region=self.regions[CITY], starts_on=days(5))
        with self.refused("last_administrator"):  # a gap of a day
            rostering.end_posting(mine, self.administrator, now=NOW, last_day=days(3))
        rostering.end_posting(mine, self.administrator, now=NOW, last_day=days(4))
        self.assertEqual(heir.person, self.outsider)

    # Accounts

    def add(self, actor: Person | None = None, **changes: Any) -> tuple[Person, str]:
        what = {
            "username": "xinren", "full_name": "辛仁", "phone": "0527-1", "email": "xin@example.test",
            "role": roles.GRID_WORKER, "region": self.regions[A1], "starts_on": TODAY,
        }  # fmt: skip
        return rostering.add_person(actor or self.county_admin, now=NOW, **{**what, **changes})

    def test_somebody_new_has_a_post_and_a_password_to_change(self) -> None:
        person, password = self.add()
        kept = Person.objects.get(username="xinren")
        self.assertTrue(kept.check_password(password))
        self.assertTrue(kept.must_change_password)
        self.assertEqual((kept.full_name, kept.phone, kept.email), ("辛仁", "0527-1", "xin@example.test"))
        self.assertEqual(kept.scope(TODAY).regions, [A1])
        acts = AccessLog.objects.filter(subject_id=person.pk).values_list("act", flat=True)
        self.assertEqual(set(acts), {"add_person", "appoint"})
        self.assertFalse(any(password in log.reason for log in AccessLog.objects.all()))
        self.assertNotEqual(rostering.first_password(), rostering.first_password())

    def test_nobody_is_added_without_a_post_that_may_be_given(self) -> None:
        with self.refused("username_taken"):
            self.add(username="wangge")
        with self.refused("not_your_region"):
            self.add(region=self.regions["321323101"])
        with self.refused("not_your_region"):
            self.add(self.county)
        with self.refused("wrong_level"):
            self.add(role=roles.COUNTY_OFFICER)

    def test_a_new_password_ends_the_old_one(self) -> None:
        Token.objects.create(user=self.chief)
        password = rostering.reset_password(self.chief, self.county_admin, now=NOW)
        self.assertFalse(Token.objects.exists())
        kept = Person.objects.get(pk=self.chief.pk)
        self.assertTrue(kept.check_password(password))
        self.assertTrue(kept.must_change_password)
        self.assertEqual((self.logged().act, self.logged().region_code), ("reset_password", A1))

    def test_who_works_outside_the_region_too_is_not_the_administrators_alone(self) -> None:
        Posting.objects.create(person=self.chief, role=roles.MEDIATOR, region_id=COUNTY_B, starts_on=days(30))
        for act in (rostering.reset_password, rostering.deactivate, rostering.reactivate):
            with self.subTest(act.__name__), self.refused("not_your_person"):
                act(self.chief, self.county_admin, now=NOW)
        rostering.reset_password(self.chief, self.administrator, now=NOW)

    def test_nobody_changes_who_is_above_beside_or_themselves(self) -> None:
        for actor, person, code in (
            (self.county_admin, self.administrator, "not_your_person"),
            (self.county_admin, self.county_b, "not_your_person"),
            (self.county, self.chief, "not_your_person"),
            (self.administrator, self.administrator, "not_yourself"),
        ):
            with self.subTest(f"{actor} {person}"):
                with self.refused(code):
                    rostering.reset_password(person, actor, now=NOW)
                with self.refused(code):
                    rostering.deactivate(person, actor, now=NOW)
                with self.refused(code):
                    rostering.change_person(person, actor, now=NOW, full_name="x", phone="", email="")

    def test_a_closed_account_holds_no_post_and_can_be_opened_again(self) -> None:
        Token.objects.create(user=self.chief)
        rostering.deactivate(self.chief, self.county_admin, now=NOW)
        self.assertFalse(Token.objects.exists())
        self.assertEqual(Roster(TODAY).leads(roles.TOWNSHIP, A1), [])
        with self.refused("inactive"):
            rostering.reset_password(self.chief, self.county_admin, now=NOW)
        rostering.reactivate(self.chief, self.county_admin, now=NOW)
        self.assertEqual(Roster(TODAY).leads(roles.TOWNSHIP, A1), [self.chief])
        acts = AccessLog.objects.filter(subject_id=self.chief.pk).order_by("pk").values_list("act", flat=True)
        self.assertEqual(list(acts), ["deactivate", "reactivate"])

    def test_doing_it_twice_is_done_and_logged_once(self) -> None:
        for _n in range(2):
            rostering.deactivate(self.chief, self.county_admin, now=NOW)
        self.assertEqual(AccessLog.objects.filter(act="deactivate").count(), 1)

    def test_who_has_open_work_is_not_closed_by_the_way(self) -> None:
        known = dict(open_work.WORK)
        self.addCleanup(lambda: (open_work.WORK.clear(), open_work.WORK.update(known)))
        open_work.add_work([Work("letters", "信件", lambda ids: {self.chief.pk: 2} if self.chief.pk in ids else {})])
        with self.refused("has_open_work"):
            rostering.deactivate(self.chief, self.county_admin, now=NOW)
        rostering.deactivate(self.chief_a2, self.county_admin, now=NOW)
        rostering.deactivate(self.chief, self.county_admin, now=NOW, leaves_work=True)
        self.assertFalse(Person.objects.get(pk=self.chief.pk).is_active)

    def test_changed_facts_are_named_in_the_log(self) -> None:
        rostering.change_person(self.chief, self.county_admin, now=NOW, full_name="章镇", phone="0527-2", email=self.chief.email)
        self.assertEqual((self.logged().act, self.logged().reason), ("change_person", "phone"))

    # Who is seen

    def test_administrators_and_leads_see_the_people_of_their_region(self) -> None:
        for actor, seen, unseen in (
            (self.administrator, (self.city, self.chief, self.partner, self.outsider), ()),
            (self.county_admin, (self.county, self.chief, self.partner, self.outsider), (self.county_b, self.city)),
            (self.county, (self.chief, self.partner, self.county), (self.county_b, self.city, self.outsider)),
            (self.chief, (self.grid_worker,), (self.chief_a2, self.county, self.outsider)),
            (self.grid_worker, (), (self.grid_worker, self.chief)),
            (self.auditor, (), (self.chief, self.outsider)),
            (self.partner, (), (self.chief,)),
        ):
            with self.subTest(str(actor)):
                found = set(people_of(actor, TODAY))
                self.assertLessEqual(set(seen), found)
                self.assertFalse(found & set(unseen))

    def test_who_left_is_still_the_last_places_administrators(self) -> None:
        self.chief.postings.update(ends_on=days(-30))
        self.assertTrue(may_manage(self.county_admin, self.chief, TODAY))
        self.assertFalse(may_manage(make_person("siguan", "泗管", roles.ADMINISTRATOR, COUNTY_B), self.chief, TODAY))


class LeavesTest(RosteringCase):
    def enter(self, person: Person, first: int = 0, last: int = 2, deputy: Person | None = None, actor: Person | None = None) -> Leave:
        return leaves.enter_leave(person, actor or person, now=NOW, starts_on=days(first), ends_on=days(last), deputy=deputy)

    def change(self, leave: Leave, first: int, last: int, deputy: Person | None = None) -> Leave:
        return leaves.change_leave(leave, leave.person, now=NOW, starts_on=days(first), ends_on=days(last), deputy=deputy)

    def test_the_deputy_does_the_work_from_the_first_day_and_is_told(self) -> None:
        self.enter(self.grid_worker, 0, 2, self.chief)
        found = [Roster(days(n)).on_duty(self.grid_worker.pk, A1) for n in (0, 2, 3)]
        self.assertEqual(found, [self.chief, self.chief, self.grid_worker])
        self.assertEqual(Notice.objects.filter(kind="stands_in", recipient=self.chief, channel="in_app").count(), 1)
        self.assertEqual((self.logged().act, self.logged().reason), ("leave", "2026-03-02–2026-03-04 代理人：章镇"))

    def test_leads_enter_leave_for_their_region_and_below(self) -> None:
        for actor in (self.chief, self.county, self.city, self.administrator):
            with self.subTest(str(actor)):
                self.enter(self.grid_worker, actor=actor)
                Leave.objects.all().delete()

    def test_nobody_enters_it_for_those_beside_or_above(self) -> None:
        for actor, person in (
            (self.chief_a2, self.grid_worker), (self.county_b, self.chief), (self.chief, self.county), (self.mediator, self.chief),
            (self.grid_worker, self.chief), (self.auditor, self.chief), (self.outsider, self.chief),
        ):  # fmt: skip
            with self.subTest(f"{actor} {person}"), self.refused("not_your_person"):
                self.enter(person, actor=actor)

    def test_a_post_below_puts_nobody_who_works_above_into_a_leads_hands(self) -> None:
        Posting.objects.create(person=self.city, role=roles.MEDIATOR, region_id=COUNTY_A, starts_on=days(-9))
        with self.refused("not_your_person"):
            self.enter(self.city, actor=self.county)
        self.enter(self.city, actor=self.administrator)

    def test_everybody_enters_their_own(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.enter(person)

    def test_days_that_cannot_be(self) -> None:
        for code, first, last in (
            ("day_past", -1, 2), ("ends_before_start", 3, 2), ("too_long", 0, 400)
        ):  # fmt: skip
            with self.subTest(code), self.refused(code):
                self.enter(self.chief, first, last)

    def test_two_leaves_do_not_overlap(self) -> None:
        self.enter(self.chief, 2, 4)
        for first, last in ((0, 2), (4, 5), (3, 3), (0, 9)):
            with self.subTest(f"{first}-{last}"), self.refused("leave_overlaps"):
                self.enter(self.chief, first, last)
        self.enter(self.chief, 5, 6)

    def test_who_cannot_be_deputy(self) -> None:
        left = make_person("likai", "黎开", roles.GRID_WORKER, A1)
        left.postings.update(ends_on=days(1))  # not there until the end of the leave
        closed = make_person("tingyong", "廷用", roles.GRID_WORKER, A1)
        Person.objects.filter(pk=closed.pk).update(is_active=False)
        closed.refresh_from_db()
        for code, deputy in (
            ("deputy_is_self", self.chief), ("deputy_elsewhere", self.chief_a2), ("deputy_elsewhere", self.auditor),
            ("deputy_elsewhere", self.partner), ("deputy_elsewhere", self.administrator), ("deputy_elsewhere", self.outsider),
            ("deputy_elsewhere", left), ("deputy_elsewhere", closed),
        ):  # fmt: skip
            with self.subTest(f"{code} {deputy}"), self.refused(code):
                self.enter(self.chief, 0, 2, deputy)
        self.enter(self.chief, 0, 2, self.county)

    def test_the_deputy_acts_at_every_place_of_the_person(self) -> None:
        Posting.objects.create(person=self.chief, role=roles.MEDIATOR, region_id=A2, starts_on=date(2020, 1, 1))
        with self.refused("deputy_elsewhere"):
            self.enter(self.chief, deputy=self.grid_worker)
        self.enter(self.chief, deputy=self.mediator)

    def test_a_partner_is_deputised_by_a_colleague_of_the_body(self) -> None:
        colleague = make_person("tongshi", "同事", roles.PARTNER, body=self.procuratorate)
        other = make_person("fayuan", "法元", roles.PARTNER, body=self.court)
        with self.refused("deputy_elsewhere"):
            self.enter(self.partner, deputy=other)
        self.enter(self.partner, deputy=colleague)

    def test_a_deputy_is_there_all_the_time(self) -> None:
        self.enter(self.county, 2, 2)
        with self.refused("deputy_away"):
            self.enter(self.chief, 0, 2, self.county)
        self.enter(self.chief, 0, 1, self.county)

    def test_a_deputy_may_go_away_but_not_to_be_deputised_by_the_same(self) -> None:
        self.enter(self.grid_worker, 0, 3, self.chief)
        with self.refused("deputy_circle"):
            self.enter(self.chief, 1, 2, self.grid_worker)
        self.enter(self.chief, 1, 2, self.county)
        self.assertEqual(Roster(days(1)).on_duty(self.grid_worker.pk, A1), self.county)

    def test_whom_one_can_name(self) -> None:
        self.assertEqual(set(leaves.deputies_for(self.chief, TODAY)), {self.grid_worker, self.county, self.mediator, self.city})
        self.assertEqual(list(leaves.deputies_for(self.partner, TODAY)), [])
        for person in leaves.deputies_for(self.county, TODAY):
            self.assertTrue(leaves.may_stand_in(self.county, person, TODAY))

    # Changing

    def test_a_leave_to_come_can_be_moved_or_taken_back(self) -> None:
        leave = self.change(self.enter(self.chief, 2, 4), 1, 6, self.county)
        self.assertEqual((leave.starts_on, leave.ends_on, leave.deputy), (days(1), days(6), self.county))
        self.assertEqual(self.logged().act, "change_leave")
        with self.refused("day_past"):
            self.change(leave, -1, 6)
        leaves.cancel_leave(leave, self.chief, now=NOW)
        self.assertEqual((Leave.objects.count(), self.logged().act), (0, "cancel_leave"))

    def test_of_a_leave_that_has_begun_the_past_days_stay(self) -> None:
        leave = Leave.objects.create(person=self.chief, starts_on=days(-3), ends_on=days(3))
        for first, last in ((-2, 3), (-4, 3), (1, 3), (-3, -2)):
            with self.subTest(f"{first}-{last}"), self.refused("day_past"):
                self.change(leave, first, last)
        self.change(leave, -3, 1)
        leaves.cancel_leave(leave, self.chief, now=NOW)
        leave.refresh_from_db()
        self.assertEqual((leave.starts_on, leave.ends_on), (days(-3), days(-1)))
        with self.refused("leave_over"):
            leaves.cancel_leave(leave, self.chief, now=NOW)
        with self.refused("leave_over"):
            self.change(leave, -3, 5)

    def test_another_deputy_in_the_middle_answers_from_today_only(self) -> None:
        leave = Leave.objects.create(person=self.grid_worker, starts_on=days(-3), ends_on=days(3), deputy=self.chief)
        self.change(leave, -3, 3, self.county)
        rows = Leave.objects.order_by("starts_on").values_list("starts_on", "ends_on", "deputy")
        self.assertEqual(list(rows), [(days(-3), days(-1), self.chief.pk), (days(0), days(3), self.county.pk)])

    def test_others_change_it_no_more_than_they_could_enter_it(self) -> None:
        leave = self.enter(self.chief)
        for act in (
            lambda: leaves.cancel_leave(leave, self.chief_a2, now=NOW),
            lambda: leaves.change_leave(leave, self.chief_a2, now=NOW, starts_on=days(0), ends_on=days(1), deputy=None),
        ):
            with self.refused("not_your_person"):
                act()
        leaves.cancel_leave(leave, self.county, now=NOW)
        with self.refused("stale"):
            leaves.cancel_leave(leave, self.chief, now=NOW)


class RotaTest(RosteringCase):
    def set(self, plan: dict[int, Person | None], actor: Person | None = None, region: str = A1) -> int:
        rows = {days(number): person for number, person in plan.items()}
        return rota.set_duties(self.regions[region], rows, actor or self.chief, now=NOW)

    def rows(self) -> list[tuple[date, str]]:
        return list(Duty.objects.order_by("day").values_list("day", "person__username"))

    def test_a_month_is_set_at_once_with_one_notice_a_person_and_one_row_in_the_log(self) -> None:
        changed = self.set({n: (self.grid_worker, self.chief)[n % 2] for n in range(30)})
        self.assertEqual((changed, Duty.objects.count()), (30, 30))
        self.assertEqual(Notice.objects.filter(kind="on_call", channel="in_app").count(), 2)
        self.assertEqual((self.logged().act, self.logged().region_code), ("set_duty", A1))
        self.assertEqual(AccessLog.objects.count(), 1)

    def test_only_what_is_different_changes(self) -> None:
        self.set({0: self.grid_worker, 1: self.chief, 2: self.chief})
        self.assertEqual(self.set({0: self.grid_worker, 1: None, 2: self.county}), 2)
        self.assertEqual(self.rows(), [(days(0), "wangge"), (days(2), "xianan")])
        self.assertEqual(self.set({0: self.grid_worker, 2: self.county}), 0)
        self.assertEqual(AccessLog.objects.count(), 2)

    def test_leads_set_it_for_their_region_and_below(self) -> None:
        for actor, region in ((self.chief, A1), (self.county, A1), (self.county, COUNTY_A), (self.city, A1), (self.city, CITY)):
            with self.subTest(f"{actor} {region}"):
                self.set({0: self.city}, actor, region)
                self.assertEqual(self.set({0: None}, actor, region), 1)

    def test_nobody_else_does(self) -> None:
        for actor, region in (
            (self.chief, A2), (self.chief, COUNTY_A), (self.county_b, A1), (self.grid_worker, A1), (self.mediator, COUNTY_A),
            (self.auditor, A1), (self.administrator, A1), (self.partner, A1), (self.outsider, A1), (self.city, "32"),
        ):  # fmt: skip
            with self.subTest(f"{actor} {region}"), self.refused("not_your_region"):
                self.set({0: self.grid_worker}, actor, region)

    def test_a_day_that_is_over_stays(self) -> None:
        with self.refused("day_past"):
            self.set({-1: self.grid_worker, 1: self.grid_worker})

    def test_who_is_away_or_has_no_post_there_is_not_put_on_duty(self) -> None:
        Leave.objects.create(person=self.grid_worker, starts_on=days(1), ends_on=days(2))
        self.grid_worker.postings.update(ends_on=days(4))
        with self.refused("duty_away"):
            self.set({2: self.grid_worker})
        with self.refused("no_post_here"):
            self.set({5: self.grid_worker})
        for person in (self.chief_a2, self.auditor, self.partner, self.administrator, self.outsider):
            with self.subTest(str(person)), self.refused("no_post_here"):
                self.set({0: person})
        self.assertEqual(self.set({0: self.grid_worker, 3: self.grid_worker}), 2)

    def test_taking_turns_leaves_out_who_cannot(self) -> None:
        Leave.objects.create(person=self.chief, starts_on=days(1), ends_on=days(2))
        known = rota.candidates_for(self.regions[A1], TODAY, days(9))
        turns = rota.in_turn([known[self.grid_worker.pk], known[self.chief.pk]], [days(n) for n in range(5)])
        self.assertEqual([str(turns[days(n)]) for n in range(5)], ["王格", "王格", "王格", "章镇", "王格"])
        self.assertEqual(rota.in_turn([known[self.chief.pk]], [days(1)]), {days(1): None})
        self.assertEqual(rota.in_turn([], []), {})

    def test_the_township_finds_its_own_people_first_in_two_queries(self) -> None:
        with self.assertNumQueries(2):
            known = rota.candidates_for(self.regions[A1], TODAY, days(30))
        self.assertEqual([one.person.username for one in known.values()], ["wangge", "zhangzhen", "xianan", "tiaohe", "shidu"])
