"""The page of a clock: why this date, what moved it, what happens next. And the pages that suspend, and that ask for and
decide on more time."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from arrears import casework
from arrears.ladders import Rung
from arrears.ladders.changes import Draft, publish
from arrears.models import Clock, Extension
from arrears.rules import RULES
from arrears.timing import extending, suspending
from arrears.workload import Load, workload
from grid.days import SHANGHAI
from grid.models import Posting
from tests.arrears.pages import HTMX, SOON, PagesTestCase
from tests.base import NOW


class ClockPages(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim(person=self.chief)
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        casework.advance(self.claim, "handle", self.county, now=NOW)
        self.clock = self.running("JC-INVEST")

    def running(self, rule: str) -> Clock:
        return self.claim.clocks.get(rule_id=rule, ended_on=None)

    def why(self, clock: Clock, **headers: str) -> HttpResponse:
        return self.client.get(reverse("clock_why", args=[clock.pk]), **headers)

    def rest(self) -> None:
        suspending.suspend(self.claim, self.county, SOON, "appraisal", date(2026, 3, 9), "已委托鉴定机构")

    def ask(self) -> Extension:
        return extending.ask(self.clock, self.chief, SOON, 30, "涉及三个项目部")


class Why(ClockPages):
    def test_the_days_that_rest_say_so_with_their_ground_and_what_is_not_checked(self) -> None:
        self.rest()
        response = self.why(self.clock)
        self.assertContains(response, "2026-03-03至2026-03-08：中止（等待鉴定、审计或者评估结论），共6日，不计入")
        self.assertContains(response, "本市工作规则，待法制审核")
        self.assertContains(response, "未核实")
        self.assertContains(response, "案件中止中，期限不计算、不督办")
        self.assertContains(response, "已中止")
        self.assertNotContains(response, "现行日期经过调整")

    def test_a_clock_that_rests_shows_the_rungs_that_follow_once_it_runs(self) -> None:
        planned = [(one.call.label, one.call.at) for one in self.why(self.clock).context["page"].coming]
        self.rest()
        resting = self.why(self.clock)
        coming = [(one.call.label, one.call.at) for one in resting.context["page"].coming]
        self.assertEqual([label for label, _at in coming], [label for label, _at in planned])
        self.assertContains(resting, "以下按这一天恢复推算")
        self.assertNotEqual(coming, planned)
        self.now = datetime(2026, 3, 9, 8, tzinfo=SHANGHAI)
        self.sign_in(self.chief)
        suspending.wake_due(self.now)
        self.assertEqual([(one.call.label, one.call.at) for one in self.why(self.clock).context["page"].coming], coming)

    def test_old_days_stand_with_what_changed_them(self) -> None:
        self.rest()
        self.now = NOW + timedelta(days=2)
        self.sign_in(self.chief)
        suspending.resume(self.claim, self.county, self.now)
        response = self.why(self.clock)
        self.assertContains(response, "中止办理：等待鉴定、审计或者评估结论")
        self.assertContains(response, "按实际中止的天数")
        days = [(old.was.isoformat(), old.became.isoformat()) for old in response.context["page"].old_days]
        self.assertEqual(days, [("2026-06-03", "2026-05-29"), ("2026-05-28", "2026-06-03")])

    def test_an_extension_says_who_granted_it_and_the_count_runs_on(self) -> None:
        extending.grant(self.ask(), self.county, SOON, "属实")
        response = self.why(self.clock)
        self.assertContains(response, "延长30个工作日")
        self.assertContains(response, "冼安")
        self.assertContains(response, "第90个工作日")
        self.assertNotContains(response, "现行日期经过调整")

    def test_the_limit_shows_its_target_and_the_target_its_limit(self) -> None:
        self.assertContains(self.why(self.clock), "本市目标")
        target = self.running("JC-INVEST-30")
        self.assertContains(self.why(target), "所属法定期限")

    def test_what_comes_next_names_people_seats_and_what_they_must_do(self) -> None:
        response = self.why(self.clock)
        for words in ("章镇", "经办人", "前签收", "案件提级", "下达督办单"):
            self.assertContains(response, words)
        self.assertNotContains(response, "站内通知")  # each reader's usual channels
        self.assertEqual([coming.call.rung.name for coming in response.context["page"].coming],
                         ["near", "due", "late1", "late3", "late5"])  # fmt: skip

    def test_the_order_to_come_names_whom_it_asks_or_says_that_nobody_could_sign(self) -> None:
        self.assertContains(self.why(self.clock), "向沭阳县 县（区）专员下达督办单")  # it has climbed to the county by then, the city asks
        Posting.objects.filter(person=self.county).delete()
        self.assertContains(self.why(self.clock), "向陇集镇 乡镇（街道）网格长下达督办单")
        Posting.objects.filter(person__in=(self.chief, self.chief_a2)).delete()
        self.sign_in(self.city)
        response = self.why(self.clock)
        self.assertContains(response, "应下达督办单，但目前没有人可以签收")
        self.assertNotContains(response, "前回复")

    def test_a_ladder_that_names_its_channels_says_them(self) -> None:
        draft = Draft(family="legal", rule_id="JC-INVEST", rungs=(Rung("due", "时限届满", ("level",), working_days=0, channels=("sms",)),), valid_from=NOW.date())
        publish(draft, self.administrator, now=NOW, note="试行", replaces=0)
        self.assertContains(self.why(self.clock), "站内通知、短信")

    def test_the_same_unfolds_on_the_page_of_the_claim_and_is_a_link_without_script(self) -> None:
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, f'hx-get="{reverse("clock_why", args=[self.clock.pk])}"')
        fold = self.why(self.clock, **HTMX)
        self.assertNotContains(fold, "<html")
        self.assertContains(fold, "第60个工作日")
        self.assertContains(fold, "接下来会怎样")

    def test_a_stranger_sees_nothing(self) -> None:
        self.sign_in(self.chief_a2)
        self.assertEqual(self.why(self.clock).status_code, 404)

    def test_it_costs_the_same_with_many_pauses(self) -> None:
        self.sign_in(self.county)
        address, day = reverse("clock_why", args=[self.clock.pk]), date(2026, 3, 3)
        self.now = SOON
        counts = []
        for rounds in (1, 6):
            for _round in range(rounds):
                moment = NOW + (day - NOW.date())
                suspending.suspend(self.claim, self.county, moment, "appraisal", day + timedelta(days=9), "鉴定")
                suspending.resume(self.claim, self.county, moment + timedelta(days=1))
                day += timedelta(days=2)
            counts.append(self.queries(address))
        self.assertEqual(*counts)


class ClaimPages(ClockPages):
    def test_limit_and_target_share_a_row_and_the_earlier_one_gives_the_colour(self) -> None:
        self.now = NOW + timedelta(days=50)  # the target of 14 April is past, the limit of 28 May is not
        self.sign_in(self.chief)
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk])).context["page"]
        row = next(row for row in page.clocks if row.clock.rule_id == "JC-INVEST")
        self.assertEqual((row.mark.tone, row.mark.text, row.target.due_on), ("bad", "还剩25个工作日", date(2026, 4, 14)))
        self.assertEqual(row.target_says, "已过内部目标5个工作日")
        self.assertNotIn("JC-INVEST-30", [row.clock.rule_id for row in page.clocks])
        self.assertEqual((page.duty.clock.rule_id, page.duty.target.rule_id, page.duty.left.tone), ("JC-INVEST", "JC-INVEST-30", "bad"))
        self.assertEqual(page.next_climb.at.date(), date(2026, 5, 29))  # the limit's: a target only reminds

    def test_the_list_shows_both_days(self) -> None:
        row = self.client.get(reverse("claim_list")).context["rows"][0]
        self.assertEqual([(day.label, day.on) for day in row.days], [("法定", date(2026, 5, 28)), ("目标", date(2026, 4, 14))])

    def test_a_claim_that_rests_says_so_everywhere_and_waits_on_no_desk(self) -> None:
        self.rest()
        row = self.client.get(reverse("claim_list"), {"state": "suspended"}).context["rows"][0]
        self.assertEqual((row.due.text, row.due.tone), ("中止至 2026-03-09", "muted"))
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, "案件中止中")
        self.assertContains(page, "本案第1次中止，累计0日")
        mine = {panel.panel.name: panel.facts for panel in self.client.get(reverse("desk")).context["main"]}["own_claims"]
        self.assertEqual(mine["mine"], [])


    def test_what_was_late_before_it_rests_is_nowhere_counted_as_late_meanwhile(self) -> None:
        late = NOW + timedelta(days=100)
        self.now = late
        self.sign_in(self.county)
        suspending.suspend(self.claim, self.county, late, "appraisal", late.date() + timedelta(days=7), "已委托鉴定机构")
        self.claim.refresh_from_db()
        self.assertLess(self.claim.due_on, late.date())
        for asked, rows in (({"due": "overdue"}, 0), ({"state": "suspended"}, 1), ({"state": "open"}, 1)):
            with self.subTest(asked):
                self.assertEqual(len(self.client.get(reverse("claim_list"), asked).context["rows"]), rows)
        self.assertEqual(workload(self.county, late.date())["321322"], Load(open=1, overdue=0))
        self.assertEqual(self.claim.standing_on(late.date()), "suspended")
        suspending.resume(self.claim, self.county, late)
        self.assertEqual(workload(self.county, late.date())["321322"], Load(open=1, overdue=1))


class SuspendPages(ClockPages):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.county)
        self.address = reverse("claim_move", args=[self.claim.pk, "suspend"])
        self.answers = {"ground": "appraisal", "planned_end": "2026-03-30", "reason": "已委托鉴定"}

    def test_the_form_says_how_long_on_what_basis_and_what_rests(self) -> None:
        response = self.client.get(self.address)
        for words in ("最多90日", 'datetime="2026-05-31"', "市级决定", "待法制审核", "中止期间不计算：", f"照常计算：{RULES['ARB-LIMIT-1Y'].name}"):
            self.assertContains(response, words)

    def test_it_is_done_and_undone(self) -> None:
        self.client.post(self.address, self.answers)
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.suspended_until, date(2026, 3, 30))
        self.client.post(reverse("claim_move", args=[self.claim.pk, "resume"]), {"note": "鉴定已出"})
        self.claim.refresh_from_db()
        self.assertIsNone(self.claim.suspended_until)

    def test_what_is_too_long_is_said_and_what_was_typed_stays(self) -> None:
        response = self.client.post(self.address, {**self.answers, "planned_end": "2026-12-31"})
        self.assertContains(response, "一次最多中止90日", status_code=409)
        self.assertContains(response, "已委托鉴定", status_code=409)

    def test_the_api_makes_the_same_moves(self) -> None:
        url = f"/api/v1/claims/{self.claim.pk}/moves/"
        answer = self.client.post(f"{url}suspend/", self.answers, content_type="application/json")
        self.assertEqual((answer.status_code, answer.json()["suspended_until"]), (200, "2026-03-30"))
        self.assertIn("resume", [move["name"] for move in self.client.get(url).json()])
        refused = self.client.post(f"{url}verify/", {"verified_amount": "1", "basis": "x"}, content_type="application/json")
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "claim_suspended"))


class ExtendPages(ClockPages):
    def test_it_is_asked_for_on_a_page_and_stands_on_the_desk_of_who_decides(self) -> None:
        address = reverse("clock_extend", args=[self.clock.pk])
        self.assertContains(self.client.get(address), "劳动保障行政部门负责人")
        too_long = self.client.post(address, {"length": "45", "reason": "x"})
        self.assertContains(too_long, "还有内容需要改正")
        self.assertEqual(too_long.context["form"].errors["length"], ["按规定一次最多延长30个工作日。"])
        self.assertRedirects(self.client.post(address, {"length": "20", "reason": "账目复杂"}), reverse("clock_why", args=[self.clock.pk]))
        self.assertContains(self.client.post(address, {"length": "20", "reason": "账目复杂"}), "已有一份延长申请", status_code=409)
        extension = Extension.objects.get()
        for person, waits in ((self.county, True), (self.city, False), (self.chief, False)):
            self.sign_in(person)
            self.assertEqual(reverse("extension_detail", args=[extension.pk]) in self.client.get(reverse("desk")).content.decode(), waits, person)

    def test_a_rule_without_extension_has_no_such_page(self) -> None:
        self.assertEqual(self.client.get(reverse("clock_extend", args=[self.running("CASE-WHOLE-60").pk])).status_code, 404)

    def test_it_is_granted_on_a_page(self) -> None:
        extension = self.ask()
        address = reverse("extension_detail", args=[extension.pk])
        self.assertNotContains(self.client.get(address), "批准延长</button>")  # the asker only reads
        self.assertContains(self.client.post(address, {"verdict": "grant"}), "延长须由县级以上批准", status_code=409)
        self.sign_in(self.county)
        self.assertContains(self.client.get(address), "2026-07-10")  # what it would be
        self.assertContains(self.client.post(address, {"verdict": "refuse", "note": ""}), "必须写明理由", status_code=409)
        self.assertRedirects(self.client.post(address, {"verdict": "grant", "note": "属实"}), address)
        self.assertEqual(self.running("JC-INVEST").due_on, date(2026, 7, 10))
        self.assertContains(self.client.get(address), "已批准")

    def test_it_is_refused_on_a_page(self) -> None:
        extension = self.ask()
        self.sign_in(self.county)
        self.client.post(reverse("extension_detail", args=[extension.pk]), {"verdict": "refuse", "note": "无需延长"})
        extension.refresh_from_db()
        self.assertEqual((extension.state, self.running("JC-INVEST").due_on), ("refused", date(2026, 5, 28)))

    def test_out_of_sight_it_is_not_there(self) -> None:
        extension = self.ask()
        self.sign_in(self.county_b)
        self.assertEqual(self.client.get(reverse("extension_detail", args=[extension.pk])).status_code, 404)
        self.assertEqual(self.client.post(reverse("clock_extend", args=[self.clock.pk]), {"length": 1, "reason": "x"}).status_code, 404)

    def test_the_api_asks_and_decides(self) -> None:
        def post(url: str, **data: Any) -> HttpResponse:
            return self.client.post(url, data, content_type="application/json")

        asked = post("/api/v1/extensions/", clock=str(self.clock.pk), length=30, reason="账目复杂")
        self.assertEqual((asked.status_code, asked.json()["state"]), (201, "asked"))
        url = f"/api/v1/extensions/{asked.json()['id']}/"
        self.assertEqual(post(f"{url}grant/", note="").json()["code"], "not_your_level")
        self.sign_in(self.county)
        self.assertEqual([row["id"] for row in self.client.get("/api/v1/extensions/", {"state": "asked"}).json()["results"]], [asked.json()["id"]])
        self.assertEqual(post(f"{url}refuse/", note=" ").json()["code"], "no_reason")
        granted = post(f"{url}grant/", note="属实")
        self.assertEqual((granted.status_code, granted.json()["state"]), (200, "granted"))
        self.assertEqual(self.running("JC-INVEST").extended_by, 30)
