"""The pages of people: who sees whom, what an administrator does there, and everybody's own leave."""

import re
from datetime import date, timedelta
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grid import open_work, roles
from grid.models import AccessLog, Leave, Person, Posting, Region
from grid.open_work import Work
from grid.places import BODY
from tests.base import NOW, TODAY, CastTestCase, make_person

DAY = timedelta(days=1)
A1, COUNTY_A = "321322101", "321322"


class PagesCase(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.county_admin = make_person("xianguan", "县管", roles.ADMINISTRATOR, COUNTY_A)

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def get(self, person: Person, name: str, *args, **query):
        self.client.force_login(person)
        return self.client.get(reverse(name, args=args), query)

    def post(self, person: Person, name: str, *args, **data):
        self.client.force_login(person)
        return self.client.post(reverse(name, args=args), data)


class ListTest(PagesCase):
    def names(self, person: Person, **query: str) -> set[str]:
        return {row.full_name for row in self.get(person, "people_list", **query).context["people"]}

    def test_who_administers_or_leads_sees_the_people_of_the_region(self) -> None:
        self.assertEqual(self.names(self.chief), {"章镇", "王格"})
        self.assertEqual(self.names(self.county), {"冼安", "章镇", "王格", "何镇", "条和", "简察", "县管"})
        self.assertLess({"史督", "外人", "易仙"}, self.names(self.administrator))

    def test_others_have_no_such_page(self) -> None:
        for person in (self.grid_worker, self.mediator, self.partner, self.auditor, self.outsider):
            for name in ("people_list", "vacancy_list", "person_new", "posting_new"):
                with self.subTest(f"{person} {name}"):
                    self.assertEqual(self.get(person, name).status_code, 404)

    def test_it_is_searched_by_name_user_name_and_phone(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(phone="0527-8001")
        for words in ("章", "zhangzhen", "ZHANG", "8001"):
            self.assertEqual(self.names(self.county, q=words), {"章镇"})
        self.assertContains(self.get(self.county, "people_list", q="没有"), "没有符合条件的人员")

    def test_role_and_region_are_asked_of_one_post(self) -> None:
        self.assertEqual(self.names(self.administrator, role=roles.TOWNSHIP_CHIEF), {"章镇", "何镇"})
        self.assertEqual(self.names(self.administrator, role=roles.TOWNSHIP_CHIEF, region=A1), {"章镇"})
        self.assertEqual(self.names(self.administrator, region="321323"), {"易仙"})
        self.assertIn("简察", self.names(self.administrator, region=COUNTY_A))
        self.assertEqual(self.names(self.chief, region="321323"), set())  # not a place of theirs

    def test_by_state(self) -> None:
        Person.objects.filter(pk=self.chief_a2.pk).update(is_active=False)
        Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=TODAY, deputy=self.grid_worker)
        self.mediator.postings.update(ends_on=TODAY - DAY)
        self.county_b.postings.update(ends_on=TODAY + 5 * DAY)
        for state, names in (("inactive", {"何镇"}), ("away", {"章镇"}), ("vacant", {"条和", "外人"}), ("leaving", {"易仙"})):
            with self.subTest(state):
                self.assertEqual(self.names(self.administrator, state=state), names)
        self.assertNotIn("何镇", self.names(self.administrator))
        self.assertContains(self.get(self.administrator, "people_list"), "王格代理")

    def test_pages_hold_25_each_and_cost_the_same(self) -> None:
        few = self.cost()
        for n in range(40):
            person = make_person(f"duo{n:02}", f"多{n:02}", roles.GRID_WORKER, A1)
            Leave.objects.create(person=person, starts_on=TODAY, ends_on=TODAY, deputy=self.chief)
        self.assertEqual(self.cost(), few)
        first = self.get(self.county, "people_list")
        self.assertEqual(len(first.context["people"]), 25)
        self.client.force_login(self.county)
        second = self.client.get(reverse("people_list") + first.context["older"])
        names = [row.full_name for page in (first, second) for row in page.context["people"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len(names), 47)

    def cost(self) -> int:
        self.client.force_login(self.county)
        with CaptureQueriesContext(connection) as asked:
            self.client.get(reverse("people_list"))
        return len(asked)

    def test_vacant_posts_lead_straight_to_appointing_there(self) -> None:
        self.chief.postings.all().delete()
        link = f"{reverse('posting_new')}?role=township_chief&amp;region={A1}"
        self.assertContains(self.get(self.administrator, "vacancy_list"), link)
        lead = self.get(self.county, "vacancy_list")
        self.assertNotContains(lead, link)
        self.assertContains(lead, f"{reverse('duty_roster')}?region={A1}")
        page = self.get(self.administrator, "posting_new", role="township_chief", region=A1)
        self.assertContains(page, '<option value="township_chief" selected>')
        self.assertContains(page, f'<option value="{A1}" selected>')
        body = self.get(self.administrator, "posting_new", role="partner", body=str(self.court.pk))
        self.assertContains(body, f'<option value="{BODY}{self.court.pk}" selected>')


class PersonTest(PagesCase):
    def test_the_page_shows_posts_leave_and_what_is_open(self) -> None:
        Leave.objects.create(person=self.chief, starts_on=TODAY + DAY, ends_on=TODAY + DAY, deputy=self.grid_worker)
        Posting.objects.create(person=self.chief, role=roles.MEDIATOR, region_id=A1, starts_on=TODAY + DAY)
        Posting.objects.create(person=self.chief, role=roles.GRID_WORKER, region_id=A1, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
        response = self.get(self.county_admin, "person_detail", self.chief.pk)
        for words in ("章镇", "尚未开始", "以往任职", "代理人：王格", "重置密码", "停用账号", "登记任职"):
            self.assertContains(response, words)
        lead = self.get(self.county, "person_detail", self.chief.pk)
        self.assertContains(lead, "登记请假")
        for words in ("重置密码", "停用账号", "结束任职", "修改资料"):
            self.assertNotContains(lead, words)

    def test_out_of_sight_is_404(self) -> None:
        for actor, person in (
            (self.county_admin, self.county_b), (self.county, self.city), (self.chief, self.chief_a2), (self.grid_worker, self.chief),
        ):  # fmt: skip
            self.assertEqual(self.get(actor, "person_detail", person.pk).status_code, 404)

    def test_only_who_may_manage_somebody_changes_their_account(self) -> None:
        for actor, person in ((self.county, self.chief), (self.county_admin, self.county_b), (self.county_admin, self.county_admin), (self.county_admin, self.administrator)):
            for name in ("person_edit", "person_password", "person_active"):
                with self.subTest(f"{actor} {person} {name}"):
                    self.assertEqual(self.post(actor, name, person.pk).status_code, 404)
            self.assertTrue(Person.objects.get(pk=person.pk).is_active)

    # Adding

    def new(self, actor: Person, **changes: str):
        data = {
            "username": "xinren", "full_name": "辛仁", "phone": "0527-80010002", "email": "", "role": roles.GRID_WORKER,
            "place": A1, "starts_on": "2026-03-02", "ends_on": "", **changes,
        }  # fmt: skip
        return self.post(actor, "person_new", **data)

    def test_somebody_added_signs_in_with_what_the_page_said_and_must_change_it(self) -> None:
        response = self.new(self.county_admin)
        password = re.search(r"<code>(.+)</code>", response.content.decode())[1]
        self.assertIn("no-store", response["Cache-Control"])
        self.assertNotContains(self.get(self.county_admin, "person_detail", Person.objects.get(username="xinren").pk), password)
        self.client.logout()
        answer = self.client.post(reverse("sign_in"), {"username": "xinren", "password": password}, follow=True)
        self.assertEqual(answer.redirect_chain[-1][0], reverse("password_change"))

    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self) -> None:
        for changes, words, status in (
            ({"username": "wangge"}, "这个用户名已有人使用", 200), ({"username": "Ab!"}, "用户名只能用小写字母", 200),
            ({"place": "321323101"}, "选择一个有效的选项", 200), ({"role": roles.COUNTY_OFFICER}, "这个角色不能设在该级地区", 409),
            ({"ends_on": "2026-03-01"}, "任职止日不能早于任职起日", 409), ({"phone": "x"}, "请填写电话号码", 200),
        ):  # fmt: skip
            with self.subTest(str(changes)):
                response = self.new(self.county_admin, **changes)
                self.assertContains(response, words, status_code=status)
                self.assertContains(response, 'value="辛仁"', status_code=status)
        self.assertFalse(Person.objects.filter(full_name="辛仁").exists())

    def test_a_village_named_in_the_link_can_be_chosen(self) -> None:
        self.assertNotContains(self.get(self.administrator, "person_new"), "陇东村")
        village = Region.objects.create(
            code=f"{A1}001", name="陇东村", parent_id=A1, level="village", code_system="stats-2023", full_name="陇东村"
        )
        self.assertContains(self.get(self.administrator, "person_new", region=village.code), f'<option value="{village.code}" selected>')
        self.assertEqual(self.new(self.county_admin, place=village.code).status_code, 200)
        self.assertEqual(Posting.objects.get(region=village).person.full_name, "辛仁")

    # Appointing and ending

    def appoint(self, actor: Person, who: str, **changes: str):
        data = {"username": who, "role": roles.MEDIATOR, "place": COUNTY_A, "starts_on": "2026-03-02", "ends_on": "", **changes}
        return self.post(actor, "posting_new", **data)

    def test_somebody_known_is_appointed_by_name_or_user_name(self) -> None:
        response = self.appoint(self.county_admin, "章镇", is_deputy="on")
        self.assertRedirects(response, reverse("person_detail", args=[self.chief.pk]))
        self.assertTrue(self.chief.postings.get(role=roles.MEDIATOR).is_deputy)
        self.appoint(self.county_admin, "yixian")  # of another county: by the exact user name
        self.assertEqual(self.county_b.postings.filter(region=COUNTY_A).count(), 1)
        response = self.appoint(self.county_admin, "", role=roles.PARTNER, place=f"{BODY}{self.court.pk}", username="zhangzhen")
        self.assertEqual(self.chief.postings.filter(body=self.court).count(), 1)

    def test_who_is_not_found_or_not_allowed_is_said(self) -> None:
        make_person("zhangzhen2", "章镇", roles.GRID_WORKER, A1)
        for who, words, status in (
            ("章镇", "有多名人员叫这个名字", 200), ("易仙", "没有找到这名人员", 200), ("xianguan", "不能给自己任职", 409),
        ):  # fmt: skip
            with self.subTest(who):
                self.assertContains(self.appoint(self.county_admin, who), words, status_code=status)

    def test_a_post_is_ended_or_taken_back_by_its_administrator(self) -> None:
        posting = self.chief.postings.get()
        for actor in (self.county, self.chief_a2, self.auditor):
            self.assertEqual(self.post(actor, "posting_end", posting.pk, last_day="2026-03-05").status_code, 404)
            self.assertEqual(self.post(actor, "posting_withdraw", posting.pk).status_code, 404)
        self.assertContains(self.post(self.county_admin, "posting_end", posting.pk, last_day="2026-01-05"), "已经过去", status_code=409)
        self.assertContains(self.post(self.county_admin, "posting_withdraw", posting.pk), "任职已经开始", status_code=409)
        self.post(self.county_admin, "posting_end", posting.pk, last_day="2026-03-05")
        self.assertEqual(self.chief.postings.get().ends_on, date(2026, 3, 5))
        coming = Posting.objects.create(person=self.chief, role=roles.MEDIATOR, region_id=A1, starts_on=TODAY + DAY)
        self.assertRedirects(self.post(self.county_admin, "posting_withdraw", coming.pk), reverse("person_detail", args=[self.chief.pk]))

    # The account

    def test_a_closed_account_cannot_sign_in_and_opens_again(self) -> None:
        self.post(self.county_admin, "person_active", self.chief.pk)
        self.assertFalse(Person.objects.get(pk=self.chief.pk).is_active)
        self.assertContains(self.get(self.county_admin, "person_detail", self.chief.pk), "恢复账号")
        self.post(self.county_admin, "person_active", self.chief.pk, active="1")
        self.assertTrue(Person.objects.get(pk=self.chief.pk).is_active)

    def test_open_work_asks_once_more(self) -> None:
        known = dict(open_work.WORK)
        self.addCleanup(lambda: (open_work.WORK.clear(), open_work.WORK.update(known)))
        open_work.add_work([Work("letters", "信件", lambda ids: dict.fromkeys(ids, 2))])
        response = self.post(self.county_admin, "person_active", self.chief.pk)
        self.assertContains(response, "仍要立即停用", status_code=409)
        self.assertContains(self.get(self.county_admin, "posting_end", self.chief.postings.get().pk), "信件 2")
        self.post(self.county_admin, "person_active", self.chief.pk, despite="1")
        self.assertFalse(Person.objects.get(pk=self.chief.pk).is_active)

    def test_facts_are_changed(self) -> None:
        self.assertContains(self.post(self.county_admin, "person_edit", self.chief.pk, full_name="", phone="", email=""), "还有内容需要改正")
        self.post(self.county_admin, "person_edit", self.chief.pk, full_name="章正", phone="0527-80010009", email="")
        self.assertEqual(Person.objects.get(pk=self.chief.pk).full_name, "章正")
        self.assertEqual(AccessLog.objects.get(act="change_person").reason, "full_name, phone, email")

    def test_a_new_password_is_shown_once(self) -> None:
        response = self.post(self.county_admin, "person_password", self.chief.pk)
        password = re.search(r"<code>(.+)</code>", response.content.decode())[1]
        self.assertTrue(Person.objects.get(pk=self.chief.pk).check_password(password))

    def test_the_auditor_reads_who_did_it(self) -> None:
        self.post(self.county_admin, "person_password", self.chief.pk)
        response = self.get(self.auditor, "access_log")
        for words in ("重置密码", "县管", "章镇"):
            self.assertContains(response, words)


class LeavePagesTest(PagesCase):
    def test_everybody_enters_changes_and_takes_back_their_own(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.assertRedirects(self.post(person, "my_leave", starts_on="2026-03-03", ends_on="2026-03-04"), reverse("my_leave"))
                leave = person.leaves.get()
                self.post(person, "leave_change", leave.pk, starts_on="2026-03-03", ends_on="2026-03-06", deputy="")
                self.assertEqual(person.leaves.get().ends_on, date(2026, 3, 6))
                self.post(person, "leave_cancel", leave.pk)
                self.assertFalse(person.leaves.exists())

    def test_a_deputy_is_chosen_from_those_who_act_there(self) -> None:
        page = self.get(self.chief, "my_leave")
        self.assertContains(page, "王格")
        self.assertNotContains(page, "何镇")
        self.post(self.chief, "my_leave", starts_on="2026-03-03", ends_on="2026-03-04", deputy=str(self.grid_worker.pk))
        self.assertEqual(self.chief.leaves.get().deputy, self.grid_worker)
        self.assertContains(self.get(self.grid_worker, "my_leave"), "代理章镇")
        other = self.post(self.chief, "my_leave", starts_on="2026-04-03", ends_on="2026-04-04", deputy=str(self.chief_a2.pk))
        self.assertContains(other, "还有内容需要改正")

    def test_what_is_refused_is_said_with_what_was_typed(self) -> None:
        response = self.post(self.chief, "my_leave", starts_on="2026-03-01", ends_on="2026-03-04")
        self.assertContains(response, "已经过去的日子", status_code=409)
        self.assertContains(response, 'value="2026-03-01"', status_code=409)

    def test_who_goes_away_while_standing_in_is_warned(self) -> None:
        Leave.objects.create(person=self.grid_worker, starts_on=TODAY, ends_on=TODAY + 5 * DAY, deputy=self.chief)
        self.client.force_login(self.chief)
        response = self.client.post(reverse("my_leave"), {"starts_on": "2026-03-03", "ends_on": "2026-03-03"}, follow=True)
        self.assertContains(response, "由其代理的还有：王格")

    def test_leads_enter_it_for_their_people_and_for_nobody_else(self) -> None:
        self.post(self.chief, "person_leave", self.grid_worker.pk, starts_on="2026-03-03", ends_on="2026-03-04")
        leave = self.grid_worker.leaves.get()
        self.assertEqual(self.get(self.county, "leave_change", leave.pk).status_code, 200)
        for actor in (self.chief_a2, self.county_b, self.mediator, self.auditor, self.outsider):
            with self.subTest(str(actor)):
                self.assertEqual(self.get(actor, "person_leave", self.grid_worker.pk).status_code, 404)
                self.assertEqual(self.get(actor, "leave_change", leave.pk).status_code, 404)
                self.assertEqual(self.post(actor, "leave_cancel", leave.pk).status_code, 404)
        self.assertEqual(self.get(self.chief, "person_leave", self.county.pk).status_code, 404)
        self.assertRedirects(self.get(self.chief, "person_leave", self.chief.pk), reverse("my_leave"))

    def test_a_leave_that_is_over_is_not_touched(self) -> None:
        leave = Leave.objects.create(person=self.chief, starts_on=TODAY - 3 * DAY, ends_on=TODAY - DAY)
        for name in ("leave_change", "leave_cancel"):
            response = self.post(self.chief, name, leave.pk, starts_on="2026-03-03", ends_on="2026-03-04")
            self.assertContains(response, "已经结束", status_code=409)
