"""The pages of referrals: what a body sees of a case and what it does not, and who may do what by when."""

from datetime import date, timedelta
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears import casework, referrals
from arrears.models import Evidence, Referral
from grid.models import AccessLog, Body, Notice, Posting
from grid.roles import COUNTY_OFFICER, PARTNER
from tests.base import NOW, CastTestCase, make_person


class ReferralPagesTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.union = Body.objects.create(name="沭阳县总工会", kind="union", region_id="321322")
        cls.other_partner = make_person("gonghui", "龚惠", PARTNER, body=cls.union)
        cls.claim = cls.make_claim(story="完工后未付工资。")
        casework.advance(cls.claim, "accept", cls.county, now=NOW, conditions=True)
        cls.shown, cls.kept = (cls.make_file(name) for name in ("欠条", "内部笔录"))
        cls.referral = referrals.refer(
            cls.claim, cls.county, now=NOW, kind="support", body=cls.procuratorate, summary="请支持起诉。", evidence=[cls.shown]
        )

    @classmethod
    def make_file(cls, title: str) -> Evidence:
        content = ContentFile(b"\xff\xd8\xff", name="a.jpg")
        return Evidence.objects.create(
            claim=cls.claim, kind="iou", title=title, original_name="a.jpg", file=content, extension="jpg",
            mime="image/jpeg", size=3, sha256=title, added_at=NOW, added_by=cls.county,
        )  # fmt: skip

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW + timedelta(hours=1))
        clock.start()
        self.addCleanup(clock.stop)
        self.client.force_login(self.partner)

    def page(self, person=None):
        if person:
            self.client.force_login(person)
        return self.client.get(reverse("referral_detail", args=[self.referral.pk]))

    def move(self, name: str, person=None, **said: str):
        if person:
            self.client.force_login(person)
        return self.client.post(reverse("referral_move", args=[self.referral.pk, name]), said)

    # What the body sees

    def test_the_body_sees_the_frozen_facts_and_who_must_answer_by_when_and_why(self) -> None:
        response = self.page()
        for words in ("李建国 / 宿迁宏远劳务有限公司", "请支持起诉。", "8,000.00", "签收移送材料", "3月4日（周三）", "起算", "逐日查看", "13800000001"):
            self.assertContains(response, words)

    def test_the_body_never_gets_a_way_to_the_case_itself(self) -> None:
        self.assertNotContains(self.page(), f"/claims/{self.claim.pk}/")
        self.assertEqual(self.client.get(f"/claims/{self.claim.pk}/").status_code, 404)
        self.assertContains(self.page(self.county), f"/claims/{self.claim.pk}/")

    def test_the_coming_rungs_stand_there_with_names(self) -> None:
        response = self.page()
        self.assertContains(response, "接下来会怎样")
        for words in ("答复期限将至", "答复期限届满", "过了答复日未答复，报市级督办", "简察", "冼安", "史督"):
            self.assertContains(response, words)

    def test_the_body_sees_the_page_of_its_clock_and_of_no_other(self) -> None:
        own = self.claim.clocks.get(about_id=self.referral.pk)
        response = self.client.get(reverse("clock_why", args=[own.pk]))
        self.assertContains(response, "协同单位签收移送")
        self.assertContains(response, reverse("referral_detail", args=[self.referral.pk]))
        self.assertNotContains(response, f"/claims/{self.claim.pk}/")
        for clock in self.claim.clocks.filter(about_id=None):
            self.assertEqual(self.client.get(reverse("clock_why", args=[clock.pk])).status_code, 404, clock.rule_id)
        self.client.force_login(self.other_partner)
        self.assertEqual(self.client.get(reverse("clock_why", args=[own.pk])).status_code, 404)
        self.client.force_login(self.county)
        self.assertContains(self.client.get(reverse("clock_why", args=[own.pk])), f"/claims/{self.claim.pk}/")

    def test_the_body_finds_the_way_to_the_page_of_its_clock(self) -> None:
        own = self.claim.clocks.get(about_id=self.referral.pk)
        self.assertContains(self.page(), reverse("clock_why", args=[own.pk]))

    def test_the_clock_of_a_draft_is_nobodys_but_the_regions(self) -> None:
        own = self.claim.clocks.get(about_id=self.referral.pk)
        Referral.objects.filter(pk=self.referral.pk).update(sent_at=None)
        self.assertEqual(self.client.get(reverse("clock_why", args=[own.pk])).status_code, 404)

    def test_only_the_chosen_evidence_is_listed(self) -> None:
        response = self.page()
        self.assertContains(response, "欠条")
        self.assertContains(response, reverse("evidence_file", args=[self.shown.pk]))
        self.assertNotContains(response, "内部笔录")

    def test_later_changes_of_the_case_stay_with_the_case(self) -> None:
        casework.advance(self.claim, "verify", self.county, now=NOW, verified_amount=7777, basis="工资表")
        self.assertNotContains(self.page(), "7,777.00")

    def test_only_the_body_and_the_region_find_it(self) -> None:
        expected = {"grid_worker", "chief", "county", "city", "mediator", "auditor", "partner"}
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.assertEqual(self.page(person).status_code, 200 if name in expected else 404)
        self.assertEqual(self.page(self.other_partner).status_code, 404)

    def test_a_reader_who_does_not_work_on_it_sees_the_phone_masked(self) -> None:
        response = self.page(self.auditor)
        self.assertContains(response, "138****0001")
        self.assertNotContains(response, "13800000001")

    def test_a_post_elsewhere_beside_that_at_the_body_shows_no_paper_that_was_not_shared(self) -> None:
        Posting.objects.create(person=self.partner, role=COUNTY_OFFICER, region_id="321323", starts_on=date(2020, 1, 1))
        url = reverse("referral_supplement", args=[self.referral.pk])
        self.client.force_login(self.partner)
        self.assertEqual(self.client.get(url).status_code, 404)
        self.client.force_login(self.county)
        self.assertContains(self.client.get(url), "内部笔录")

    def test_looking_is_logged(self) -> None:
        self.page()
        row = AccessLog.objects.get(person=self.partner)
        self.assertEqual((row.act, row.subject, row.subject_id, row.region_code), ("read", "referral", self.referral.pk, "321322101"))

    def test_the_auditor_reads_in_the_log_which_referral_it_was(self) -> None:
        self.page()
        self.client.force_login(self.auditor)
        self.assertContains(self.client.get(reverse("access_log")), f"沭阳县人民检察院 · {self.claim.number}")

    # Moves

    def test_the_body_receives_accepts_and_concludes(self) -> None:
        page = reverse("referral_detail", args=[self.referral.pk])
        for name, said, label in (
            ("receive", {}, "已签收"),
            ("accept", {"note": "已立案审查"}, "已接受"),
            ("conclude", {"outcome": "sued", "note": "法院已立案", "docket_number": "（2026）苏1322民支1号"}, "已办结"),
        ):
            with self.subTest(name):
                self.assertRedirects(self.move(name, **said), page)
                self.assertContains(self.page(), label)
        response = self.page()
        for words in ("已支持起诉，法院立案", "（2026）苏1322民支1号", "法院已立案", "支持起诉 · 沭阳县人民检察院：已签收"):
            self.assertContains(response, words)

    def test_declining_asks_for_ground_and_reason(self) -> None:
        self.move("receive")
        form = self.client.get(reverse("referral_move", args=[self.referral.pk, "decline"]))
        self.assertContains(form, "不接受的原因")
        self.assertContains(self.move("decline", ground="evidence"), "还有内容需要改正")
        self.move("decline", ground="evidence", reason="缺少考勤记录")
        self.referral.refresh_from_db()
        self.assertEqual((self.referral.state, self.referral.ground), ("declined", "evidence"))
        self.assertContains(self.page(), "缺少考勤记录")

    def test_the_sender_recalls_and_the_body_is_told(self) -> None:
        self.assertContains(self.page(self.county), "撤回移送")
        self.assertNotContains(self.page(self.county), "签收</button>")
        self.move("recall", reason="已付清")
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "recalled")
        told = Notice.objects.filter(recipient=self.partner, kind="referral_moved", facts__move_msgid="撤回移送")
        self.assertTrue(told.exists())

    def test_moves_that_are_not_ones_own_are_refused_with_a_reason(self) -> None:
        for name, person, reason in (
            ("receive", self.county, "您的岗位不能进行这项操作。"),
            ("receive", self.chief, "您的岗位不能进行这项操作。"),
            ("recall", self.partner, "您的岗位不能进行这项操作。"),
            ("accept", self.partner, "该移送当前状态不能进行这项操作。"),
        ):
            with self.subTest(f"{person} {name}"):
                self.assertContains(self.move(name, person), reason, status_code=409)
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "sent")

    def test_moves_out_of_scope_or_unknown_are_not_found_and_other_methods_refused(self) -> None:
        self.assertEqual(self.move("receive", self.other_partner).status_code, 404)
        self.assertEqual(self.move("receive", self.county_b).status_code, 404)
        self.client.force_login(self.partner)
        self.assertEqual(self.move("explode").status_code, 404)
        self.assertEqual(self.move("draft").status_code, 404)
        url = reverse("referral_move", args=[self.referral.pk, "receive"])
        self.assertEqual(self.client.put(url).status_code, 405)
        self.assertEqual(self.client.post(reverse("referral_detail", args=[self.referral.pk])).status_code, 405)

    # The list

    def test_the_list_holds_what_may_be_seen_by_answer_day(self) -> None:
        for name, person in (*self.everybody().items(), ("other", self.other_partner)):
            with self.subTest(name):
                self.client.force_login(person)
                rows = self.client.get(reverse("referral_list")).context["rows"]
                seen = name in {"grid_worker", "chief", "county", "city", "mediator", "auditor", "partner"}
                self.assertEqual([row.referral for row in rows], [self.referral] if seen else [])

    def test_the_list_is_asked_by_state_kind_and_lateness(self) -> None:
        for asked, found in (
            ({"show": "receive"}, True),
            ({"show": "answer"}, False),
            ({"show": "ended"}, False),
            ({"show": "all", "kind": "support"}, True),
            ({"kind": "criminal"}, False),
            ({"show": "late"}, False),
        ):
            with self.subTest(asked):
                response = self.client.get(reverse("referral_list"), asked)
                self.assertEqual(bool(response.context["rows"]), found)
        Referral.objects.update(answer_by=NOW.date() - timedelta(days=1))
        self.assertContains(self.client.get(reverse("referral_list"), {"show": "late"}), "已过答复日")

    def test_bad_input_shows_nothing_and_says_so(self) -> None:
        response = self.client.get(reverse("referral_list"), {"show": "nonsense", "kind": "x"})
        self.assertContains(response, "筛选条件有误")
        self.assertEqual(self.client.get(reverse("referral_list"), {"after": "x"}).status_code, 200)
        self.assertEqual(self.client.post(reverse("referral_list")).status_code, 405)

    def test_an_empty_list_says_what_comes_next(self) -> None:
        self.client.force_login(self.other_partner)
        self.assertContains(self.client.get(reverse("referral_list")), "没有等待本单位办理的移送")
        self.client.force_login(self.county_b)
        self.assertContains(self.client.get(reverse("referral_list")), "没有在办的移送")

    def test_list_and_page_cost_the_same_whatever_their_length(self) -> None:
        urls = (reverse("referral_list"), reverse("referral_detail", args=[self.referral.pk]))
        costs = [self.cost(url) for url in urls]
        rows = [
            Referral(claim=self.claim, kind="support", body=self.procuratorate, state="sent", summary="x", sent_at=NOW,
                     shared=self.referral.shared, answer_by=NOW.date() + timedelta(days=n), created_at=NOW)
            for n in range(30)
        ]  # fmt: skip
        Referral.objects.bulk_create(rows)
        for name in "甲乙丙丁":
            self.referral.evidence.add(self.make_file(name))
        self.assertEqual([self.cost(url) for url in urls], costs)
        page = self.client.get(reverse("referral_list"))
        self.assertEqual(len(page.context["rows"]), 25)
        rest = self.client.get(reverse("referral_list") + page.context["older"])
        self.assertEqual(len(rest.context["rows"]), 6)

    def cost(self, url: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.client.get(url)
        return len(asked)


class ReferTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim()
        casework.advance(cls.claim, "accept", cls.county, now=NOW, conditions=True)

    def setUp(self) -> None:
        self.url = reverse("claim_refer", args=[self.claim.pk])
        self.client.force_login(self.county)

    def send(self, **changes: str):
        given = {"kind": "support", "body": str(self.procuratorate.pk), "summary": "请支持起诉。", **changes}
        return self.client.post(self.url, given)

    def test_the_form_is_filled_from_the_facts_and_offers_the_bodies_of_the_county_and_the_city(self) -> None:
        Body.objects.create(name="泗阳县人民法院", kind="court", region_id="321323")
        Body.objects.create(name="旧单位", kind="court", region_id="321322", is_active=False)
        Body.objects.create(name="宿迁市中级人民法院", kind="court", region_id="3213")
        response = self.client.get(self.url)
        for words in ("李建国反映，宿迁宏远劳务有限公司拖欠其工资共计 8,000.00 元。", "沭阳县人民检察院", "宿迁市中级人民法院"):
            self.assertContains(response, words)
        for words in ("泗阳县人民法院", "旧单位"):
            self.assertNotContains(response, words)

    def test_the_summary_is_in_the_language_of_the_office(self) -> None:
        self.client.cookies["django_language"] = "en"
        self.assertContains(self.client.get(self.url), "李建国反映，")

    def test_sending_leads_to_the_referral_and_tells_the_body(self) -> None:
        response = self.send()
        referral = Referral.objects.get()
        self.assertRedirects(response, reverse("referral_detail", args=[referral.pk]))
        self.assertEqual((referral.state, referral.summary, referral.sent_by), ("sent", "请支持起诉。", self.county))
        self.assertTrue(Notice.objects.filter(recipient=self.partner, kind="referral_moved").exists())

    def test_a_body_that_is_not_competent_is_said(self) -> None:
        self.assertContains(self.send(kind="criminal", body=str(self.court.pk)), "“移送公安”由公安机关、人民检察院办理")
        self.assertContains(self.send(body="nonsense", summary=""), "还有内容需要改正")
        self.assertFalse(Referral.objects.exists())

    def test_the_same_thing_is_not_sent_twice(self) -> None:
        self.send()
        self.assertContains(self.send(), "无需重复移送", status_code=409)
        self.assertEqual(Referral.objects.count(), 1)

    def test_who_may_not_refer_is_refused_and_who_does_not_see_the_case_finds_nothing(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.client.force_login(person)
                expected = 302 if name in {"county", "city"} else 409 if name in {"grid_worker", "chief", "mediator", "auditor"} else 404
                Referral.objects.all().delete()
                self.assertEqual(self.send().status_code, expected)
        self.assertEqual(self.client.delete(self.url).status_code, 405)
