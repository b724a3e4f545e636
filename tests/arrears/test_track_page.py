"""The worker's own page: who gets in, how often one may try, and what is told and what is not."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from django.core.cache import cache
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from arrears import casework
from arrears.identity import make_id
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Claimant, Event, Nudge
from arrears.owed import verbs as owed
from arrears.supervision import nudges, orders
from arrears.worker import page as worker_page
from arrears.worker import tracking
from arrears.worker.page import ToCome
from arrears.worker.track_words import HAPPENED, STANDINGS
from arrears.worker.tracking import TRIES_PER_ADDRESS, TRIES_PER_NUMBER, Typed, find, opened_by
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

WRONG = "对不上，请核对后再试"
ID = make_id("321322", TODAY.replace(year=1980), 11)
LINES = [LineFacts(Decimal("3000"))]


class TrackTestCase(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def setUp(self) -> None:
        super().setUp()
        self.client.logout()
        cache.clear()
        self.addCleanup(cache.clear)

    def enter(self, number: str | None = None, secret: str = "0001", **more: str) -> HttpResponse:
        said = {"number": self.claim.public_number if number is None else number, "secret": secret}
        return self.client.post("/track/", said, **more)

    def page(self) -> HttpResponse:
        self.enter()
        return self.client.get("/track/")


class EnteringTest(TrackTestCase):
    def test_number_and_last_four_digits_open_the_case_without_an_account(self) -> None:
        self.assertContains(self.client.get(reverse("sign_in")), reverse("track"))
        self.assertContains(self.client.get("/track/"), "查询号")
        self.assertRedirects(self.enter(), "/track/")
        self.assertContains(self.client.get("/track/"), "正在等待决定是否受理")
        self.assertNotIn("sessionid", self.client.cookies)

    def test_where_the_worker_is_called_to_be_and_the_way_into_a_meeting(self) -> None:
        self.assertNotContains(self.page(), "请准时到")
        call = ToCome("调解会", NOW, NOW + timedelta(hours=1), "线上一室", "https://meeting.example/1")
        with patch.object(worker_page, "CALLS", [lambda claim, worker, today: [call]]):
            page = self.page()
        self.assertContains(page, "线上一室")
        self.assertContains(page, 'href="https://meeting.example/1"')

    def test_the_number_is_read_as_people_type_it(self) -> None:
        typed = self.claim.public_number.lower().replace("-", " ")
        self.assertRedirects(self.enter(typed), "/track/")

    def test_a_wrong_number_and_a_wrong_secret_get_the_same_answer(self) -> None:
        answers = {
            self.enter(number, secret).content.decode().replace(number, "NUMBER")
            for number, secret in ((self.claim.public_number, "0002"), ("0000-0000-0000", "0001"))
        }
        shown = {answer[answer.index("<h1>") : answer.index("csrfmiddlewaretoken")] for answer in answers}
        self.assertEqual(len(shown), 1)
        self.assertIn(WRONG, shown.pop())

    def test_what_does_not_open_it(self) -> None:
        for secret in ("", "1", "001", "00001", "13800000001", "3800000001", "李建国"):
            with self.subTest(secret):
                self.assertEqual(self.enter(secret=secret).status_code, 200)
        self.assertEqual(self.enter(number="x").status_code, 200)

    def test_whoever_left_no_phone_gives_the_whole_id_number(self) -> None:
        claim = self.make_claim(claimants=[ClaimantFacts("王芳", id_number=ID, lines=LINES)])
        self.assertContains(self.enter(claim.public_number, ID[-4:]), WRONG)
        self.assertContains(self.enter(claim.public_number, ID[-6:]), WRONG)
        self.assertRedirects(self.enter(claim.public_number, ID.lower()), "/track/")

    def test_the_safe_number_counts_and_neither_area_nor_extension_of_a_landline(self) -> None:
        claimant = self.claim.claimants.get()
        Claimant.objects.filter(pk=claimant.pk).update(phone="0527-84350001-8002", safe_phone="13900009999")
        for secret, is_known in (("0001", True), ("9999", True), ("8002", False), ("0527", False)):
            with self.subTest(secret):
                self.assertEqual(find(self.claim.public_number, secret) is not None, is_known)

    def test_of_a_claim_of_thousands_only_those_are_looked_at_whose_secret_it_may_be(self) -> None:
        Claimant.objects.bulk_create(Claimant(claim=self.claim, name=f"工{n}", phone=f"1390000{n:04d}") for n in range(3000))
        number = self.claim.public_number
        known = opened_by(self.claim, Typed("2999", number))
        self.assertEqual([worker.name for worker in known], ["工2999"])
        self.assertEqual(opened_by(self.claim, Typed("9999", number)), [])
        self.assertEqual(find(number, "2999").claimant.name, "工2999")

    def test_a_refusal_waits_as_long_whether_the_number_is_somebodys_or_nobodys(self) -> None:
        waited: list[float] = []
        with self.settings(TRACK_REFUSED_AFTER=60), patch.object(tracking, "sleep", waited.append):
            self.enter(secret="0002")
            self.enter("0000-0000-0000", "0001")
            self.enter()
        self.assertEqual(len(waited), 2)
        self.assertTrue(all(59 < seconds <= 60 for seconds in waited))

    def test_a_phone_that_several_share_opens_the_case_of_all_and_the_amounts_of_none(self) -> None:
        workers = [ClaimantFacts(name, "13800000007", lines=LINES) for name in ("甲", "乙")]
        claim = self.make_claim(claimants=workers)
        self.assertIsNone(find(claim.public_number, "0007").claimant)
        self.assertRedirects(self.enter(claim.public_number, "0007"), "/track/")
        self.assertNotContains(self.client.get("/track/"), "为您登记的欠薪")

    def test_ten_wrong_tries_an_hour_for_one_number_whatever_the_address(self) -> None:
        for number in range(TRIES_PER_NUMBER):
            self.assertContains(self.enter(secret="9999", REMOTE_ADDR=f"10.0.0.{number}"), WRONG)
        response = self.enter(REMOTE_ADDR="10.0.1.1")
        self.assertContains(response, "输错的次数太多", status_code=429)
        other = self.make_claim()
        self.assertRedirects(self.enter(other.public_number, REMOTE_ADDR="10.0.1.1"), "/track/")

    def test_so_many_wrong_tries_an_hour_from_one_address_whatever_the_number(self) -> None:
        for number in range(TRIES_PER_ADDRESS):
            self.enter(f"0000-0000-00{number:02d}")
        self.assertEqual(self.enter().status_code, 429)
        self.assertRedirects(self.enter(REMOTE_ADDR="10.0.0.9"), "/track/")

    def test_behind_our_own_proxy_the_address_is_the_one_it_wrote_down(self) -> None:
        def enter(came_by: str) -> int:
            return self.enter(secret="9999", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=came_by).status_code

        with self.settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
            for number in range(TRIES_PER_ADDRESS):
                self.enter(f"0000-0000-00{number:02d}", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 10.9.9.9")
            self.assertEqual((enter("2.2.2.2, 10.9.9.9"), enter("10.9.9.9, 10.8.8.8")), (429, 200))
        self.assertEqual(enter("2.2.2.2, 10.9.9.9"), 200)  # nobody stands before us: the word of a stranger

    def test_while_nobody_can_count_the_tries_there_are_none(self) -> None:
        dead = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
        with override_settings(CACHES=dead):
            for secret in ("0001", "0002"):
                answer = self.enter(secret=secret)
                self.assertContains(answer, "查询暂时不能使用", status_code=503)
            self.assertNotIn("xinan_track", self.client.cookies)
            self.assertEqual(self.client.get("/track/").status_code, 200)

    def test_right_tries_are_not_counted(self) -> None:
        for _number in range(TRIES_PER_NUMBER + 2):
            self.assertRedirects(self.enter(), "/track/", fetch_redirect_response=False)

    def test_the_cookie_is_for_these_pages_ends_by_itself_and_cannot_be_made_up(self) -> None:
        self.enter()
        cookie = self.client.cookies["xinan_track"]
        self.assertEqual((cookie["path"], cookie["max-age"], bool(cookie["httponly"])), ("/track/", 1800, True))
        self.client.cookies["xinan_track"] = cookie.value[:-2] + "xx"
        self.assertContains(self.client.get("/track/"), "手机号后四位")
        self.enter()
        self.client.post(reverse("track_leave"))
        self.assertContains(self.client.get("/track/"), "手机号后四位")

    def test_no_search_engine_and_no_cache_keeps_it(self) -> None:
        for response in (self.client.get("/track/"), self.page()):
            self.assertEqual(response["X-Robots-Tag"], "noindex, nofollow")
            self.assertIn("no-store", response["Cache-Control"])
            self.assertContains(response, '<meta name="robots" content="noindex, nofollow">')


class CasePageTest(TrackTestCase):
    def test_it_says_where_it_stands_which_post_answers_by_when_and_what_is_next(self) -> None:
        response = self.page()
        for words in ("正在等待决定是否受理", "2026年3月9日", "负责的岗位", "陇集镇", "决定受理后", "8,000.00", "登记了您的投诉"):
            self.assertContains(response, words)

    def test_nothing_of_officials_respondents_other_workers_or_internal_notes(self) -> None:
        claim = self.make_claim(
            person=self.grid_worker,
            claimants=[ClaimantFacts("李建国", "13800000001", lines=LINES), ClaimantFacts("王芳", "13900000009", id_number=ID, lines=LINES)],
            respondents=[RespondentFacts("张老板", role="foreman", phone="13700000005")],
        )
        casework.advance(claim, "accept", self.chief, now=NOW, conditions=True, note="内部说明")
        casework.advance(claim, "note", self.chief, now=NOW, note="当事人情绪激动")
        orders.issue(claim, self.county, now=NOW, demand="督办的内容", reply_by=TODAY + timedelta(days=3))
        self.enter(claim.public_number)
        response = self.client.get("/track/")
        for words in ("王芳", "13900000009", "张老板", "13700000005", "内部说明", "情绪激动", "督办的内容", "章镇", "王格", "冼安", "6,000.00"):
            self.assertNotContains(response, words)
        for words in ("决定受理", "上级下达督办单", "3,000.00"):
            self.assertContains(response, words)

    def test_a_late_case_says_so(self) -> None:
        self.now = NOW + timedelta(days=10)
        self.assertContains(self.page(), "您也可以催办")
        self.assertContains(self.client.post(reverse("track_nudge"), follow=True), "已经超过期限")
        self.assertNotContains(self.page(), "您也可以催办")

    def test_every_stage_has_its_words(self) -> None:
        self.assertEqual(STANDINGS.keys(), {state.name for state in CLAIM.states})
        for stage in STANDINGS:
            Claim.objects.filter(pk=self.claim.pk).update(stage=stage)
            with self.subTest(stage):
                self.assertContains(self.page(), STANDINGS[stage].now)

    def test_a_merged_case_shows_how_the_one_that_goes_on_stands_and_nudges_that(self) -> None:
        """Also through two mergers, and still with the worker's own number, sum and beginning."""
        between, last = (self.make_claim(claimants=[ClaimantFacts("王芳", "13900000009", lines=LINES)]) for _each in range(2))
        for claim, into in ((self.claim, between), (between, last)):
            casework.advance(claim, "merge", self.chief, now=NOW, merged_into=into, reason="同一工地")
        casework.advance(last, "accept", self.chief, now=NOW + timedelta(days=1))
        response = self.page()
        for words in (
            self.claim.public_number, "8,000.00", "登记了您的投诉", "和同类案件合并办理", "您的投诉已经和同类案件合并办理",
            STANDINGS["accepted"].now, STANDINGS["accepted"].next, "负责的岗位", "决定受理",
        ):  # fmt: skip
            self.assertContains(response, words)
        for words in (between.public_number, last.public_number, "王芳", STANDINGS["merged"].next):
            self.assertNotContains(response, words)
        self.assertContains(response, "登记了您的投诉", count=1)
        self.assertContains(self.client.post(reverse("track_nudge"), follow=True), "已经催办")
        self.assertEqual(Nudge.objects.get().claim, last)

    def test_what_the_other_case_did_before_they_came_together_is_not_told(self) -> None:
        other = self.make_claim(claimants=[ClaimantFacts("王芳", "13900000009", lines=LINES)])
        casework.advance(other, "accept", self.chief, now=NOW + timedelta(days=1))
        casework.advance(self.claim, "merge", self.chief, now=NOW + timedelta(days=2), merged_into=other, reason="同一工地")
        casework.advance(other, "handle", self.chief, now=NOW + timedelta(days=3))
        response = self.page()
        self.assertEqual([row.words for row in response.context["page"].history], ["开始办理", "和同类案件合并办理", "登记了您的投诉"])

    def test_what_is_told_of_has_happened_under_that_name(self) -> None:
        moves = {move.name for move in CLAIM.moves}
        for kind in HAPPENED:
            self.assertIn(kind.partition(".")[0], moves | {"climbed", "split_off", "referral", "order", "nudged", "mediation", "agreement", "answered", "proceeding", "ask_reminded", "ask_extended", "ask_dropped", "wants_to_withdraw", "rated", "objected", "objection_climbed", "objection_answered", "support", "search", "opinion_climbed"})

    def test_a_case_that_rests_says_until_when_and_takes_no_nudge(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(suspended_until=TODAY + timedelta(days=30))
        response = self.page()
        self.assertContains(response, "中止办理")
        self.assertNotContains(response, "依法中止")  # the grounds are the city's own, and nobody has checked them yet
        self.assertNotContains(response, reverse("track_nudge"))

    def test_the_worker_nudges_once_and_is_told_when_again(self) -> None:
        self.assertContains(self.page(), reverse("track_nudge"))
        response = self.client.post(reverse("track_nudge"), follow=True)
        self.assertContains(response, "已经催办")
        self.assertContains(response, "您最近催办过")
        self.assertEqual(Nudge.objects.get().by, None)
        self.assertContains(self.client.post(reverse("track_nudge"), follow=True), "您最近已经催办过")
        self.assertEqual(Event.objects.filter(kind="nudged").count(), 1)

    def test_nobody_nudges_without_having_entered_or_by_a_link(self) -> None:
        self.assertContains(self.client.post(reverse("track_nudge"), follow=True), "查询已经过期")
        self.enter()
        self.assertEqual(self.client.get(reverse("track_nudge")).status_code, 405)
        self.assertFalse(Nudge.objects.exists())

    def test_both_languages(self) -> None:
        with translation.override("en"):
            self.client.post(reverse("set_language"), {"language": "en", "next": "/track/"})
        self.assertContains(self.page(), 'lang="en"')

    def test_a_long_history_costs_as_many_queries_as_a_short_one(self) -> None:
        self.enter()
        short = self.queries("/track/")
        for hour in range(10):
            casework.advance(self.claim, "note", self.chief, now=NOW + timedelta(hours=hour), note="x")
        nudges.nudge(self.claim, self.county, now=NOW)
        self.assertEqual(self.queries("/track/"), short)


class PromisedTest(TrackTestCase):
    def test_a_promised_paper_is_asked_for_in_plain_words(self) -> None:
        row = owed.promise(self.claim, "identity", TODAY + timedelta(days=14), self.grid_worker, now=NOW)
        day = '<time datetime="2026-03-16">2026年3月16日（周一）</time>'
        self.assertContains(self.page(), f"“身份证明”：您承诺 {day}前交到登记的乡镇（街道）")
        owed.break_due(NOW + timedelta(days=15))
        self.assertContains(self.page(), f"“身份证明”：承诺 {day}前交，还没有收到")
        row.refresh_from_db()
        owed.receive(row, self.chief, now=NOW)
        self.assertNotContains(self.page(), "您要补交的材料")
