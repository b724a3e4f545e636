"""The list, the page of a mediation and the forms of its moves: allowed, refused, out of scope, wrong method, bad
input, and the same number of queries however long the list is."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from arrears import casework
from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Claim, Clock, Respondent, Site
from arrears.workdays import PUBLISHED
from grid.days import SHANGHAI, day_of
from grid.models import AccessLog, Person
from mediation import hearings
from mediation.models import Agreement, Mediation, Room
from tests.mediation.base import MediationTestCase

HTMX = {"HTTP_HX_REQUEST": "true"}


class PageTestCase(MediationTestCase):
    """Views ask the clock, so these scenes are set today, with hearings next week."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.now = timezone.now()
        cls.today = day_of(cls.now)
        cls.day = PUBLISHED.add(cls.today, 5)

    def at(self, clock: str, day: date | None = None) -> datetime:
        return datetime.combine(day or self.day, time.fromisoformat(clock), SHANGHAI)

    def open_mediation(self, state: str = "accepted", number: int = 0) -> Mediation:
        claim = self.make_claim(
            now=self.now, claimants=[ClaimantFacts(f"工人{number}")], respondents=[RespondentFacts(f"公司{number}")],
            last_working_day=None,
        )  # fmt: skip
        for move in ("accept", "handle"):
            casework.advance(claim, move, None, now=self.now)
        mediation = hearings.apply(claim, self.county, now=self.now, applied_on=self.today, request="请求支付工资")
        first = self.at("08:00", self.day + timedelta(days=number // 20)) + timedelta(minutes=30 * (number % 20))
        answers = {
            "accept": {"mediator": self.mediator},
            "schedule": {
                "room": self.room, "mediator": self.mediator, "starts_at": first, "ends_at": first + timedelta(minutes=30),
                "anyway": True,
            },
            "hold": {"minutes": "双方到场。"},
        }  # fmt: skip
        for move in {"applied": (), "accepted": ("accept",), "scheduled": ("accept", "schedule"), "held": answers}[state]:
            hearings.advance(mediation, move, self.mediator, now=self.now, **answers[move])
        return mediation

    def url(self, mediation: Mediation, move: str) -> str:
        return reverse("mediation_move", args=[mediation.pk, move])

    def sign_in(self, person: Person) -> None:
        self.client.force_login(person)

    def seen_by(self, url: str) -> dict[str, int]:
        codes = {}
        for name, person in self.everybody().items():
            self.sign_in(person)
            codes[name] = self.client.get(url).status_code
        return codes


IN_SCOPE = {"grid_worker", "chief", "county", "city", "mediator", "auditor"}


class DetailTest(PageTestCase):
    def test_the_way_into_a_meeting_online(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        page = reverse("mediation_detail", args=[mediation.pk])
        self.assertNotContains(self.client.get(page), "进入线上会议")
        online = Room.objects.create(name="线上一室", region_id="321322", medium="online", link="https://meeting.example/1")
        mediation.hearings.update(room=online)
        self.assertContains(self.client.get(page), 'href="https://meeting.example/1"')

    def test_whoever_sees_the_claim_sees_its_mediation_and_nobody_else(self) -> None:
        mediation = self.open_mediation("scheduled")
        codes = self.seen_by(reverse("mediation_detail", args=[mediation.pk]))
        self.assertEqual({name for name, code in codes.items() if code == 200}, IN_SCOPE)
        self.assertEqual({code for name, code in codes.items() if name not in IN_SCOPE}, {404})

    def test_it_says_who_must_act_by_when_and_when_the_next_hearing_is(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.county)
        page = self.client.get(reverse("mediation_detail", args=[mediation.pk]))
        self.assertContains(page, "条和须在")
        self.assertContains(page, "劳动争议调解（收到调解申请起）")
        self.assertContains(page, "下次调解会")
        self.assertContains(page, "工人0")

    def test_the_coming_rungs_stand_under_the_name_of_their_clock_with_whom_they_tell(self) -> None:
        mediation = self.open_mediation("accepted")
        self.sign_in(self.county)
        page = self.client.get(reverse("mediation_detail", args=[mediation.pk]))
        names = [one.name for one in page.context["page"].coming]
        self.assertEqual(names, ["受理调解后安排调解会", "劳动争议调解（收到调解申请起）"])
        for words in ("接下来会怎样", *names, "时限已用八成", "时限届满", "调解逾期两个工作日，提醒上级", "条和"):
            self.assertContains(page, words)

    def test_what_is_over_has_nothing_to_come(self) -> None:
        mediation = self.open_mediation("accepted")
        hearings.advance(mediation, "fail", self.mediator, now=self.now, ground="refused", reason="用人单位不同意")
        self.sign_in(self.county)
        page = self.client.get(reverse("mediation_detail", args=[mediation.pk]))
        self.assertNotContains(page, "接下来会怎样")

    def test_the_look_is_logged(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.county)
        self.client.get(reverse("mediation_detail", args=[mediation.pk]))
        row = AccessLog.objects.get(subject="mediation")
        self.assertEqual((row.person, row.act, row.subject_id), (self.county, "read", mediation.pk))

    def test_buttons_are_the_moves_the_person_can_make(self) -> None:
        mediation = self.open_mediation("scheduled")
        url = reverse("mediation_detail", args=[mediation.pk])
        self.sign_in(self.mediator)
        page = self.client.get(url)
        for move in ("postpone", "hold", "adjourn", "no_show", "fail"):
            self.assertContains(page, self.url(mediation, move))
        self.assertNotContains(page, self.url(mediation, "agree"))
        self.sign_in(self.auditor)
        self.assertNotContains(self.client.get(url), "/moves/")

    def test_on_the_day_of_the_hearing_whoever_may_hold_it_is_led_into_the_room_first(self) -> None:
        mediation = self.open_mediation("scheduled")
        url = reverse("mediation_detail", args=[mediation.pk])
        way_in = f'<a class="button is-primary" href="{reverse("hearing_room", args=[mediation.hearings.get().pk])}">进入会场</a>'
        after = self.day + timedelta(days=3)
        for day, person, leads_in in (
            (self.today, self.mediator, False), (self.day, self.mediator, True), (after, self.mediator, True), (self.day, self.county, True),
            (self.day, self.auditor, False),
        ):  # fmt: skip
            with self.subTest(day, person=person.username), patch("django.utils.timezone.now", return_value=self.at("07:30", day)):
                self.sign_in(person)
                page = self.client.get(url)
                self.assertEqual(way_in in page.content.decode(), leads_in)
                self.assertEqual(self.url(mediation, "hold") in page.content.decode(), person != self.auditor)

    def test_a_mediator_from_elsewhere_finds_no_link_to_a_claim_they_cannot_see(self) -> None:
        mediation = self.open_mediation("scheduled")
        Mediation.objects.filter(pk=mediation.pk).update(mediator=self.mediator_b)
        self.sign_in(self.mediator_b)
        page = self.client.get(reverse("mediation_detail", args=[mediation.pk]))
        self.assertContains(page, mediation.claim.number)
        self.assertNotContains(page, reverse("claim_detail", args=[mediation.claim_id]))

    def test_a_claim_that_was_not_accepted_is_said_early(self) -> None:
        claim = self.make_claim(now=self.now)
        mediation = hearings.apply(claim, self.county, now=self.now, applied_on=self.today, request="请求支付工资")
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(reverse("mediation_detail", args=[mediation.pk])), "案件尚未受理")

    def test_post_is_405(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.county)
        self.assertEqual(self.client.post(reverse("mediation_detail", args=[mediation.pk])).status_code, 405)

    def test_nobody_signed_in_goes_to_sign_in(self) -> None:
        mediation = self.open_mediation()
        self.assertEqual(self.client.get(reverse("mediation_detail", args=[mediation.pk])).status_code, 302)

    def test_it_says_who_must_pay_in_the_words_of_the_law(self) -> None:
        mediation = self.open_mediation()
        chain = (("general", "江苏中城建设集团有限公司"), ("labour", "宿迁宏远劳务有限公司"))
        Respondent.objects.bulk_create(Respondent(claim=mediation.claim, role=role, legal_name=name) for role, name in chain)
        Claim.objects.filter(pk=mediation.claim_id).update(site=Site.objects.create(name="翰林雅苑", region_id="321322101"))
        self.client.force_login(self.mediator)
        page = self.client.get(reverse("mediation_detail", args=[mediation.pk]))
        for said in ("依法应当付款的", "江苏中城建设集团有限公司", "保障农民工工资支付条例 第三十条"):
            self.assertContains(page, said)


class ListTest(PageTestCase):
    def rows(self, **asked: str) -> list[Mediation]:
        return [row.mediation for row in self.client.get(reverse("mediation_list"), asked).context["rows"]]

    def test_it_has_only_what_is_visible_and_opens_with_the_open_ones(self) -> None:
        first, ended = self.open_mediation("scheduled"), self.open_mediation(number=1)
        hearings.advance(ended, "fail", self.mediator, now=self.now, reason="不愿调解", ground="refused")
        self.sign_in(self.county)
        self.assertEqual(self.rows(), [first])
        self.assertEqual(self.rows(view="failed"), [ended])
        self.assertEqual(self.rows(view="agreed"), [])
        for person in (self.county_b, self.chief_a2, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.rows(), [])

    def test_mine_are_those_i_mediate(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        self.assertEqual(self.rows(view="mine"), [mediation])
        self.sign_in(self.mediator2)
        self.assertEqual(self.rows(view="mine"), [])

    def test_words_find_the_case(self) -> None:
        mediation = self.open_mediation(number=7)
        self.open_mediation(number=8)
        self.sign_in(self.county)
        self.assertEqual(self.rows(q="工人7"), [mediation])
        self.assertEqual(self.rows(q=mediation.claim.number), [mediation])
        self.assertEqual(self.rows(q="没有这个人"), [])

    def test_soonest_due_first_page_by_page(self) -> None:
        self.make_copies(self.open_mediation("scheduled"), range(1, 27))
        self.sign_in(self.county)
        first = self.client.get(reverse("mediation_list"))
        second = self.client.get(reverse("mediation_list") + first.context["after"])
        found = [row.mediation.pk for page in (first, second) for row in page.context["rows"]]
        self.assertEqual((len(first.context["rows"]), len(found), len(set(found))), (25, 27, 27))

    def test_only_what_binds_is_overdue_a_target_of_our_own_is_passed(self) -> None:
        mediation = self.open_mediation()  # accepted: to be scheduled within five working days, ended within fifteen days
        days = dict(Clock.objects.running().filter(about_id=mediation.pk).values_list("rule_id", "due_on"))
        self.assertLess(days["MED-ARRANGE-5"], days["MED-15"])
        for day, words in ((days["MED-ARRANGE-5"], "今天到期"), (days["MED-15"], "已过内部目标"), (days["MED-15"] + timedelta(days=1), "已逾期")):
            with patch("django.utils.timezone.now", return_value=datetime.combine(day, time(10), tzinfo=SHANGHAI)):
                self.sign_in(self.county)
                (row,) = self.client.get(reverse("mediation_list")).context["rows"]
            self.assertIn(words, row.due.text)

    def test_three_and_thirty_rows_cost_the_same(self) -> None:
        self.sign_in(self.county)
        first = self.open_mediation("scheduled")
        self.make_copies(first, range(1, 3))
        with CaptureQueriesContext(connection) as few:
            self.assertEqual(len(self.rows()), 3)
        self.make_copies(first, range(3, 30))
        with self.assertNumQueries(len(few)):
            self.assertEqual(len(self.rows()), 25)

    def test_htmx_gets_the_rows_alone(self) -> None:
        self.sign_in(self.county)
        self.assertNotContains(self.client.get(reverse("mediation_list"), **HTMX), "<html")

    def test_post_is_405(self) -> None:
        self.sign_in(self.county)
        self.assertEqual(self.client.post(reverse("mediation_list")).status_code, 405)


class ApplyPageTest(PageTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(now=cls.now, request="请求支付两个月工资")
        casework.advance(cls.claim, "accept", cls.chief, now=cls.now)
        cls.page = reverse("claim_mediate", args=[cls.claim.pk])

    def answers(self, **changes: str) -> dict[str, str]:
        return {"applied_on": self.today.isoformat(), "request": "请求支付工资 8,000 元", "mediator": "", **changes}

    def test_out_of_scope_is_404_and_other_methods_are_405(self) -> None:
        self.sign_in(self.county_b)
        self.assertEqual(self.client.get(self.page).status_code, 404)
        self.assertEqual(self.client.post(self.page, self.answers()).status_code, 404)
        self.sign_in(self.county)
        self.assertEqual(self.client.put(self.page).status_code, 405)

    def test_the_claims_request_is_there_already(self) -> None:
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get(self.page), "请求支付两个月工资")

    def test_an_application_leads_to_its_page(self) -> None:
        self.sign_in(self.grid_worker)
        answer = self.client.post(self.page, self.answers(is_oral="on", mediator=str(self.mediator.pk)))
        mediation = Mediation.objects.get()
        self.assertRedirects(answer, reverse("mediation_detail", args=[mediation.pk]))
        self.assertEqual((mediation.mediator, mediation.is_oral, mediation.request), (self.mediator, True, "请求支付工资 8,000 元"))

    def test_bad_input_comes_back_with_its_reason_and_nothing_is_lost(self) -> None:
        self.sign_in(self.grid_worker)
        answer = self.client.post(self.page, self.answers(applied_on="不记得"))
        self.assertContains(answer, "请求支付工资 8,000 元")
        self.assertContains(answer, "form-errors")
        late = self.client.post(self.page, self.answers(applied_on=(self.today + timedelta(days=1)).isoformat()))
        self.assertContains(late, "收到申请日期不能晚于今天。", status_code=409)
        self.assertContains(late, "请求支付工资 8,000 元", status_code=409)
        self.assertFalse(Mediation.objects.exists())

    def test_an_auditor_is_refused_in_a_sentence(self) -> None:
        self.sign_in(self.auditor)
        self.assertContains(self.client.get(self.page), "您的岗位不能进行这项操作。", status_code=409)
        self.assertEqual(self.client.post(self.page, self.answers()).status_code, 409)


class PlainMoveTest(PageTestCase):
    def test_get_shows_the_form_and_post_makes_the_move(self) -> None:
        mediation = self.open_mediation("applied")
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(self.url(mediation, "accept")), "受理调解申请")
        answer = self.client.post(self.url(mediation, "accept"), {"mediator": str(self.mediator2.pk), "note": ""})
        self.assertRedirects(answer, reverse("mediation_detail", args=[mediation.pk]))
        mediation.refresh_from_db()
        self.assertEqual((mediation.state, mediation.mediator), ("accepted", self.mediator2))

    def test_who_did_not_come_is_chosen_from_those_who_were_called(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        page = self.client.get(self.url(mediation, "no_show"))
        self.assertContains(page, "公司0")
        firm = mediation.claim.respondents.get()
        refused = self.client.post(self.url(mediation, "no_show"), {"absent": [str(firm.pk)], "note": "电话不接"})
        self.assertContains(refused, "请写明公司0是怎样通知的", status_code=409)
        self.assertContains(refused, "电话不接", status_code=409)
        self.client.post(self.url(mediation, "no_show"), {"absent": [str(firm.pk)], "called_by": "phone", "called_proof": "3月1日通话两分钟", "note": "电话不接"})
        self.assertEqual([row.name for row in mediation.hearings.get().attendances.filter(was_present=False)], ["公司0"])
        self.assertEqual(Mediation.objects.get().state, "no_show")

    def test_bad_input_comes_back_with_its_reason(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "no_show"), {"note": "电话不接"})
        self.assertContains(answer, "电话不接")
        self.assertContains(answer, "form-errors")
        self.assertEqual(Mediation.objects.get().state, "scheduled")

    def test_what_cannot_be_done_now_is_refused_in_a_sentence(self) -> None:
        mediation = self.open_mediation("accepted")
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(self.url(mediation, "hold")), "该调解当前状态不能进行这项操作。", status_code=409)
        self.sign_in(self.auditor)
        self.assertContains(self.client.post(self.url(mediation, "fail"), {"reason": "x"}), "您的岗位不能进行这项操作。", status_code=409)

    def test_unknown_moves_strangers_and_other_methods(self) -> None:
        mediation = self.open_mediation("accepted")
        self.sign_in(self.mediator)
        self.assertEqual(self.client.get(self.url(mediation, "apply")).status_code, 404)
        self.assertEqual(self.client.get(self.url(mediation, "dance")).status_code, 404)
        self.assertEqual(self.client.get(reverse("mediation_move", args=[uuid4(), "fail"])).status_code, 404)
        self.assertEqual(self.client.delete(self.url(mediation, "fail")).status_code, 405)
        self.sign_in(self.county_b)
        self.assertEqual(self.client.post(self.url(mediation, "fail"), {"reason": "x"}).status_code, 404)

    def test_htmx_gets_the_form_alone_and_is_led_on_after_the_move(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        self.assertNotContains(self.client.get(self.url(mediation, "hold"), **HTMX), "<html")
        answer = self.client.post(self.url(mediation, "hold"), {"minutes": "已开会"}, **HTMX)
        self.assertEqual(answer["HX-Redirect"], reverse("mediation_detail", args=[mediation.pk]))


class SittingPageTest(PageTestCase):
    def answers(self, mediation: Mediation, **changes: Any) -> dict[str, Any]:
        parties = [str(row.pk) for row in (*mediation.claim.claimants.all(), *mediation.claim.respondents.all())]
        return {
            "day": self.day.isoformat(), "starts": "09:00", "ends": "10:30", "room": str(self.room.pk),
            "mediator": str(self.mediator.pk), "parties": parties, **changes,
        }  # fmt: skip

    def test_a_hearing_is_scheduled(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(self.url(mediation, "schedule")), "当天占用")
        answer = self.client.post(self.url(mediation, "schedule"), self.answers(mediation))
        self.assertRedirects(answer, reverse("mediation_detail", args=[mediation.pk]))
        hearing = mediation.hearings.get()
        self.assertEqual((hearing.starts_at, hearing.ends_at), (self.at("09:00"), self.at("10:30")))

    def test_a_county_without_rooms_is_told_whom_to_ask(self) -> None:
        Room.objects.all().delete()
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(self.url(mediation, "schedule")), "还没有可用的调解室")

    def test_a_clash_is_said_and_nothing_typed_is_lost(self) -> None:
        taken, mediation = self.open_mediation("scheduled"), self.open_mediation(number=1)
        self.sign_in(self.county)
        answer = self.client.post(self.url(mediation, "schedule"), self.answers(mediation, starts="08:00", ends="09:40"))
        self.assertContains(answer, f"已安排案件 {taken.claim.number} 的调解会", status_code=409)
        self.assertContains(answer, "09:40", status_code=409)
        self.assertEqual(mediation.hearings.count(), 0)

    def test_bad_times_come_back_at_their_field(self) -> None:
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "schedule"), self.answers(mediation, ends="08:30"))
        self.assertContains(answer, "结束时间须晚于开始时间。")
        nobody = self.client.post(self.url(mediation, "schedule"), self.answers(mediation, parties=[]))
        self.assertContains(nobody, "请至少选择一名到场的当事人。")
        self.assertEqual(mediation.hearings.count(), 0)

    def test_looking_at_another_day_loses_nothing_and_finds_no_fault(self) -> None:
        self.open_mediation("scheduled", number=1)
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "schedule"), self.answers(mediation, starts="", ends="16:45", look="1"))
        self.assertContains(answer, "16:45")
        self.assertContains(answer, "公司1")
        self.assertNotContains(answer, "form-errors")
        self.assertEqual(mediation.hearings.count(), 0)

    def test_htmx_asks_for_the_occupancy_of_a_day(self) -> None:
        self.open_mediation("scheduled", number=1)
        mediation = self.open_mediation()
        self.sign_in(self.mediator)
        answer = self.client.get(self.url(mediation, "schedule"), {"day": self.day.isoformat()}, **HTMX)
        self.assertContains(answer, "公司1")
        self.assertNotContains(answer, "<form")
        self.assertEqual(self.client.get(self.url(mediation, "schedule"), {"day": "2026-99-99"}, **HTMX).status_code, 200)

    def test_a_hearing_out_of_sight_is_a_taken_time_and_no_more(self) -> None:
        self.open_mediation("scheduled")
        mediation = self.open_mediation(number=1)
        casework_claim = self.make_claim("321322102", now=self.now)
        other = hearings.apply(casework_claim, self.county, now=self.now, applied_on=self.today, request="请求支付工资")
        hearings.advance(other, "accept", self.county, now=self.now, mediator=self.mediator)
        self.sign_in(self.chief_a2)
        page = self.client.get(self.url(other, "schedule"), {"day": self.day.isoformat()})
        self.assertContains(page, "已占用")
        self.assertNotContains(page, "公司0")
        self.assertNotContains(page, mediation.claim.number)

    def test_a_rest_day_is_refused_until_both_parties_agree(self) -> None:
        mediation = self.open_mediation()
        day = self.today + timedelta(days=1)
        while PUBLISHED.is_working(day):
            day += timedelta(days=1)
        self.sign_in(self.mediator)
        answers = self.answers(mediation, day=day.isoformat())
        answer = self.client.post(self.url(mediation, "schedule"), answers)
        self.assertContains(answer, "不是工作日", status_code=409)
        self.assertEqual(mediation.hearings.count(), 0)
        self.client.post(self.url(mediation, "schedule"), {**answers, "anyway": "on"})
        self.assertEqual(mediation.hearings.get().starts_at.date(), day)

    def test_a_page_that_is_stale_moves_nothing(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        seen = self.client.get(self.url(mediation, "postpone")).context["form"]["version"].value()
        answers = self.answers(mediation, starts="15:00", ends="16:00", reason="用人单位申请", version=seen)
        self.client.post(self.url(mediation, "postpone"), answers)
        answer = self.client.post(self.url(mediation, "postpone"), {**answers, "starts": "17:00", "ends": "18:00"})
        self.assertContains(answer, "刚刚已被他人改动，现在是", status_code=409)
        self.assertEqual(mediation.hearings.get().starts_at, self.at("15:00"))

    def test_postponing_starts_from_the_hearing_as_it_stands_and_wants_a_reason(self) -> None:
        mediation = self.open_mediation("scheduled")
        self.sign_in(self.mediator)
        self.assertContains(self.client.get(self.url(mediation, "postpone")), "原定")
        answers = self.answers(mediation, starts="15:00", ends="16:00")
        self.assertContains(self.client.post(self.url(mediation, "postpone"), answers), "form-errors")
        self.client.post(self.url(mediation, "postpone"), {**answers, "reason": "用人单位申请"})
        self.assertEqual(mediation.hearings.get().starts_at, self.at("15:00"))


class AgreePageTest(PageTestCase):
    def answers(self, **changes: Any) -> dict[str, Any]:
        days = [(self.today + timedelta(days=days)).isoformat() for days in (10, 40)]
        return {
            "total": "8,000.00", "effective_on": self.today.isoformat(), "manner": "bank", "terms": "分两期支付工资。",
            "default_clause": "", "signed_by_parties": "on", "signed_by_mediator": "on", "sealed": "on",
            "instalments-TOTAL_FORMS": "3", "instalments-INITIAL_FORMS": "0", "instalments-MIN_NUM_FORMS": "0",
            "instalments-MAX_NUM_FORMS": "36",
            "instalments-0-due_on": days[0], "instalments-0-amount": "3000",
            "instalments-1-due_on": days[1], "instalments-1-amount": "5000",
            "instalments-2-due_on": "", "instalments-2-amount": "", **changes,
        }  # fmt: skip

    def test_an_agreement_settles_the_claim_and_shows_its_instalments(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "agree"), self.answers(), follow=True)
        self.assertContains(answer, "第 2 期")
        self.assertContains(answer, "待付")
        mediation.claim.refresh_from_db()
        self.assertEqual((mediation.claim.stage, mediation.claim.agreed), ("settled", Decimal("8000.00")))

    def test_a_plan_that_does_not_add_up_comes_back_whole(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "agree"), self.answers(total="8000.01"))
        self.assertContains(answer, "相差0.01元", status_code=409)
        self.assertContains(answer, "分两期支付工资。", status_code=409)
        self.assertContains(answer, 'value="5000"', status_code=409)
        self.assertFalse(Agreement.objects.exists())

    def test_half_a_line_and_a_missing_signature_are_said_at_their_place(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "agree"), self.answers(**{"instalments-2-amount": "1", "sealed": ""}))
        self.assertContains(answer, "请填写付款日期。")
        self.assertContains(answer, "缺少这一项，协议尚未生效，不能登记。")

    def test_more_lines_without_javascript_lose_nothing(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        answer = self.client.post(self.url(mediation, "agree"), self.answers(add_line="1", terms="还没写完"))
        self.assertContains(answer, 'value="5000"')
        self.assertContains(answer, "还没写完")
        self.assertContains(answer, "instalments-4-amount")
        self.assertNotContains(answer, "form-errors")

    def test_a_forged_management_form_is_an_error_and_no_crash(self) -> None:
        mediation = self.open_mediation("held")
        self.sign_in(self.mediator)
        for total in ("", "x", "99999"):
            answer = self.client.post(self.url(mediation, "agree"), self.answers(**{"instalments-TOTAL_FORMS": total}))
            self.assertEqual(answer.status_code, 200)
        self.assertFalse(Agreement.objects.exists())
