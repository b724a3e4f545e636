"""The page of a claim: who must act by when and why, what is shown to whom, and that every look is logged."""

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from arrears import casework
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Clock, Event
from arrears.timing import clocks
from grid.models import AccessLog, Leave, Posting, Region
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, make_person

ID_NUMBER = "321399198001010015"


class ClaimPageTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for person in cls.everybody().values():
            person.phone = f"0527-8435{person.username[:1].encode().hex()}01"
            person.save(update_fields=["phone"])
        cls.claim = cls.make_claim(
            person=cls.grid_worker,
            claimants=[ClaimantFacts("李建国", "13800000001", ID_NUMBER, [LineFacts(Decimal("320"), Decimal("68.5"), "day", Decimal(5000))])],
            respondents=[RespondentFacts("宿迁宏远劳务有限公司", "孙老板", "labour", contact="孙志强", phone="13951234567")],
            typed_total=Decimal(20000), site_name="翰林雅苑二期",
        )  # fmt: skip

    def page(self, claim: Claim | None = None):
        return self.client.get(reverse("claim_detail", args=[(claim or self.claim).pk]))

    # Who must act, by when and why

    def test_on_top_stands_who_must_do_what_by_when_and_under_which_article(self) -> None:
        response = self.page()
        # Only a chief may accept, so the duty is not the handler's although he logged it.
        self.assertContains(response, '章镇须在 <em><time datetime="2026-03-09">3月9日（周一）</time></em> 前完成：劳动保障监察投诉受理或者不予受理决定')
        for words in ("还剩5个工作日", "陇集镇 乡镇（街道）网格长", "《劳动保障监察条例》若干规定 第十八条", "法定期限", "自 <time", "逐日查看"):
            self.assertContains(response, words)
        self.assertContains(response, "如仍未办，")
        self.assertContains(response, "<strong>沭阳县 县（区）专员</strong>")

    def test_a_handler_who_can_meet_the_clock_is_the_one_who_must(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        self.assertEqual([person.username for person in self.page().context["page"].duty.people], ["wangge"])

    def test_a_vacant_post_is_shown_and_passed_over(self) -> None:
        Posting.objects.filter(person=self.chief).delete()
        self.sign_in(self.county)
        response = self.page()
        self.assertContains(response, "冼安须在")
        self.assertContains(response, "陇集镇 乡镇（街道）网格长空缺")

    def test_a_handler_on_leave_is_not_asked_for(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        Leave.objects.create(person=self.grid_worker, starts_on=NOW.date(), ends_on=NOW.date())
        self.assertEqual(list(self.page().context["page"].duty.people), [self.chief])

    def test_nobody_left_up_to_the_city_is_said_too(self) -> None:
        Posting.objects.filter(role__in=["township_chief", "county_officer", "city_supervisor"]).delete()
        self.sign_in(self.grid_worker)
        self.assertContains(self.page(), "但现在没有人在岗")

    def test_every_clock_is_listed_with_its_standing(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        clocks.start(self.claim, "JC-INVEST", date(2026, 11, 2), now=NOW)  # runs into a year nobody has published
        response = self.page()
        names = {row.clock.rule_id: (row.standing, row.mark.text) for row in response.context["page"].clocks}
        self.assertEqual(names["JC-ACCEPT"], ("法定期限", "按期完成"))
        self.assertEqual(names["CASE-WHOLE-60"][0], "本市工作目标")
        self.assertEqual([row.clock.ended_on for row in response.context["page"].clocks][-1], NOW.date())
        self.assertContains(response, "暂定")

    def test_what_was_done_after_its_day_says_so(self) -> None:
        self.now = NOW + timedelta(days=8)  # the decision was due on Monday 9 March
        self.sign_in(self.chief)
        casework.advance(self.claim, "accept", self.chief, now=self.now, conditions=True)
        casework.advance(self.claim, "withdraw", self.chief, now=self.now, reason="和解", confirmed=True)
        marks = {row.clock.rule_id: (row.mark.text, row.mark.tone, row.target_says) for row in self.page().context["page"].clocks}
        self.assertEqual(marks["JC-ACCEPT"], ("终止时已逾期", "warn", "终止时已过内部目标"))
        self.assertEqual(marks["ARB-LIMIT-1Y"], ("已终止", "muted", ""))

    def test_an_ended_claim_says_how_it_ended(self) -> None:
        casework.advance(self.claim, "reject", self.county, now=NOW, ground="time_barred", reason="超过两年。")
        response = self.page()
        self.assertContains(response, "超过两年查处时效（劳动保障监察条例第二十条）")
        self.assertIsNone(response.context["page"].duty)
        self.assertNotContains(response, "须在")

    # Money, people, history

    def test_amounts_lines_and_a_typed_total_that_differs_are_shown(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        casework.advance(self.claim, "verify", self.chief, now=NOW, verified_amount=Decimal(16000), basis="考勤表")
        casework.advance(self.claim, "record_payment", self.grid_worker, now=NOW, amount=Decimal(6000), paid_on=NOW.date(), method="bank")
        response = self.page()
        for words in ("¥320.00</span> × 68.5 天", "21,920.00", "16,920.00", "¥16,000.00", "¥6,000.00", "¥10,000.00", "劳动者自述总额", "¥20,000.00"):
            self.assertContains(response, words)

    def test_the_history_is_told_in_sentences_with_who_from_which_post(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True, note="材料齐全。")
        response = self.page()
        for words in ("登记案件，来源：网格巡查", "决定受理，调查期限开始计算", "章镇（陇集镇 乡镇（街道）网格长）", "材料齐全。"):
            self.assertContains(response, words)

    def test_an_event_of_another_day_says_so(self) -> None:
        claim = self.make_claim(received_on=NOW.date() - timedelta(days=2))
        self.assertContains(self.page(claim), '发生于 <time datetime="2026-02-28">')

    def test_another_claim_of_the_same_worker_is_pointed_out_if_the_reader_may_see_it(self) -> None:
        same = [ClaimantFacts("李建国", id_number=ID_NUMBER)]
        near = self.make_claim(region="321322101", claimants=same)
        far = self.make_claim(region="321323101", claimants=same)
        response = self.page()
        self.assertContains(response, near.number)
        self.assertNotContains(response, far.number)
        self.sign_in(self.city)
        self.assertContains(self.page(), far.number)

    def test_buttons_are_the_moves_the_reader_can_make_and_no_others(self) -> None:
        for person, first, others in (
            (self.chief, "accept", {"transfer", "withdraw", "merge", "split", "assign", "mark_sensitive", "escalate", "support", "mediate", "complete", "issue_paper", "state_facts", "add_workers", "represent", "proceed", "serve", "gather", "tell_apart", "interrupt", "add_evidence", "note", "ask"}),
            (self.grid_worker, None, {"withdraw", "escalate", "support", "mediate", "complete", "issue_paper", "state_facts", "add_workers", "represent", "proceed", "serve", "tell_apart", "interrupt", "add_evidence", "note", "ask"}),
            (self.auditor, None, set()),
        ):
            with self.subTest(person=person):
                self.sign_in(person)
                page = self.page().context["page"]
                self.assertEqual(page.first_act and page.first_act.move.name, first)
                self.assertEqual({act.move.name for act in page.acts} - {first}, others)

    # Personal data

    def test_those_who_work_on_it_can_call_and_readers_see_masked_numbers(self) -> None:
        response = self.page()
        self.assertContains(response, 'href="tel:13800000001"')
        self.assertContains(response, 'href="tel:13951234567"')
        self.sign_in(self.auditor)
        response = self.page()
        self.assertNotContains(response, "13800000001")
        self.assertNotContains(response, "13951234567")
        self.assertContains(response, "138****0001")

    def test_the_id_number_is_masked_for_everybody(self) -> None:
        for person in (self.grid_worker, self.chief, self.county, self.city, self.mediator, self.auditor):
            self.sign_in(person)
            response = self.page()
            self.assertNotContains(response, ID_NUMBER)
            self.assertContains(response, "321***********0015")

    def test_every_look_is_one_row_of_the_access_log(self) -> None:
        self.page()
        self.sign_in(self.auditor)
        self.page()
        logs = AccessLog.objects.order_by("at", "id").values_list("person__username", "act", "subject", "subject_id", "region_code", "address")
        self.assertEqual(
            list(logs),
            [(name, "read", "claim", self.claim.pk, "321322101", "127.0.0.1") for name in ("zhangzhen", "shenji")],
        )

    # Reach

    def test_out_of_scope_and_unknown_are_the_same_404_and_are_not_logged(self) -> None:
        for person in (self.chief_a2, self.county_b, self.partner, self.administrator, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.page().status_code, 404)
        self.assertEqual(self.client.get("/claims/00000000-0000-7000-8000-000000000000/").status_code, 404)
        self.assertFalse(AccessLog.objects.exists())

    def test_the_earlier_handler_still_reads_after_the_claim_has_climbed(self) -> None:
        casework.advance(self.claim, "escalate", self.chief, now=NOW, reason="需要县级协调")
        self.sign_in(self.grid_worker)
        self.assertContains(self.page(), "县级")

    def test_another_method_is_not_allowed(self) -> None:
        self.assertEqual(self.client.post(reverse("claim_detail", args=[self.claim.pk])).status_code, 405)

    def test_a_case_with_a_long_history_costs_as_many_queries_as_a_new_one(self) -> None:
        address = reverse("claim_detail", args=[self.claim.pk])
        new = self.queries(address)
        for number in range(30):
            casework.advance(self.claim, "note", self.grid_worker, now=NOW, note=f"第 {number} 次联系")
            self.claim.claimants.create(name=f"工友{number}")
            self.claim.respondents.create(aliases=f"线索{number}")
        self.assertEqual(self.queries(address), new)
        self.assertLessEqual(new, 40)


class RevealTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(claimants=[ClaimantFacts("李建国", "13800000001", ID_NUMBER)])
        cls.claimant = cls.claim.claimants.get()
        cls.address = reverse("id_number_reveal", args=[cls.claimant.pk])

    def test_the_page_asks_for_the_reason_first(self) -> None:
        response = self.client.get(self.address)
        self.assertContains(response, "查看理由")
        self.assertNotContains(response, ID_NUMBER)
        self.assertFalse(AccessLog.objects.exists())

    def test_with_a_reason_the_number_is_shown_once_logged_and_written_in_the_history(self) -> None:
        response = self.client.post(self.address, {"reason": "制作仲裁申请书"})
        self.assertContains(response, ID_NUMBER)
        self.assertIn("no-store", response["Cache-Control"])
        log = AccessLog.objects.get()
        self.assertEqual((log.person, log.act, log.subject_id, log.reason), (self.chief, "reveal", self.claimant.pk, "制作仲裁申请书"))
        self.assertEqual(Event.objects.get(kind="id_revealed").facts["worker"], "李建国")
        self.assertNotContains(self.client.get(self.address), ID_NUMBER)

    def test_without_a_reason_nothing_is_shown(self) -> None:
        for reason in ("", "看", "      "):
            response = self.client.post(self.address, {"reason": reason})
            self.assertNotContains(response, ID_NUMBER)
        self.assertFalse(AccessLog.objects.exists())

    def test_who_only_reads_is_refused(self) -> None:
        self.sign_in(self.auditor)
        response = self.client.post(self.address, {"reason": "制作仲裁申请书"})
        self.assertContains(response, "您的岗位不能进行这项操作", status_code=409)
        self.assertNotContains(response, ID_NUMBER, status_code=409)

    def test_out_of_scope_is_absent(self) -> None:
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.client.post(self.address, {"reason": "制作仲裁申请书"}).status_code, 404)
        self.assertFalse(Event.objects.filter(kind="id_revealed").exists())


class ClockTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def why(self, rule: str = "JC-ACCEPT", status: int = 200):
        response = self.client.get(reverse("clock_why", args=[self.claim.clocks.get(rule_id=rule).pk]))
        self.assertEqual(response.status_code, status)
        return response

    def test_it_counts_day_by_day_and_names_rule_article_and_standing(self) -> None:
        response = self.why()
        self.assertEqual(
            [(step.count, step.is_day_off) for step in response.context["page"].steps],
            [(None, False), (1, False), (2, False), (3, False), (4, False), (None, True), (5, False)],
        )
        for words in ("2026年3月9日（周一）", "2026-03-07至2026-03-08：周末，共2日，不计入", "2026-03-09 周一：工作日，第5个工作日，期限届满", "第十八条", "法定期限", "收到投诉之日"):
            self.assertContains(response, words)

    def test_it_names_whom_the_coming_rungs_would_tell_and_where_the_claim_would_climb(self) -> None:
        calls = [coming.call for coming in self.why().context["page"].coming]
        self.assertEqual([call.rung.name for call in calls], ["near", "due", "late1", "late3", "late5"])
        self.assertEqual([person.username for person in calls[0].people], ["wangge"])
        self.assertEqual({person.username for person in calls[2].people}, {"wangge", "zhangzhen", "xianan"})
        self.assertEqual([call.climbs_to for call in calls], [None, None, "county", "city", None])

    def test_a_date_beyond_the_published_calendars_is_explained_as_provisional(self) -> None:
        clock = clocks.start(self.claim, "JC-INVEST", date(2026, 11, 2), now=NOW)
        response = self.client.get(reverse("clock_why", args=[clock.pk]))
        self.assertContains(response, "日期为暂定")
        self.assertContains(response, "2027年的放假安排尚未载入")

    def test_a_rolled_date_shows_the_day_before_rolling(self) -> None:
        Clock.objects.filter(rule_id="ARB-LIMIT-1Y").delete()
        clock = clocks.start(self.claim, "ARB-LIMIT-1Y", date(2025, 3, 7), now=NOW)  # Saturday 7 March 2026
        response = self.client.get(reverse("clock_why", args=[clock.pk]))
        self.assertContains(response, "顺延前")
        self.assertContains(response, "2026-03-07至2026-03-08：周末，顺延")

    def test_a_date_that_was_moved_says_that_the_rule_counts_another(self) -> None:
        self.claim.clocks.filter(rule_id="JC-ACCEPT").update(due_on=date(2026, 3, 20))
        self.assertContains(self.why(), '按规则从头计算为 <time datetime="2026-03-09">')

    def test_an_agreed_day_is_counted_from_itself(self) -> None:
        clock = clocks.start(self.claim, "AGREED-PAY", NOW.date(), now=NOW, due_on=date(2026, 4, 1))
        self.assertContains(self.client.get(reverse("clock_why", args=[clock.pk])), "2026-04-01 周三：约定的日期")

    def test_an_ended_clock_calls_nobody_any_more(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        response = self.why()
        self.assertEqual(response.context["page"].coming, [])
        self.assertContains(response, "已终止")

    def test_the_clock_of_a_village_claim_finds_its_worker(self) -> None:
        self.regions["321322101200"] = Region.objects.create(
            code="321322101200", name="新河村", full_name="江苏省宿迁市沭阳县陇集镇新河村", level="village",
            parent_id="321322101", code_system="stats-2023",
        )  # fmt: skip
        person = make_person("cunwang", "村网", "grid_worker", "321322101200")
        claim = self.make_claim(region="321322101200", person=person)
        casework.advance(claim, "accept", self.chief, now=NOW, conditions=True)
        self.sign_in(person)
        response = self.client.get(reverse("clock_why", args=[claim.clocks.get(rule_id="HANDLE-START-3").pk]))
        self.assertEqual([p.username for p in response.context["page"].coming[0].call.people], ["cunwang"])
        self.assertEqual(self.client.get(reverse("claim_detail", args=[claim.pk])).context["page"].duty.people, [person])

    def test_out_of_scope_is_absent_and_another_method_not_allowed(self) -> None:
        address = reverse("clock_why", args=[self.claim.clocks.first().pk])
        self.assertEqual(self.client.post(address).status_code, 405)
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.client.get(address).status_code, 404)
