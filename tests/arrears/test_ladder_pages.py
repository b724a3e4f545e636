"""Reading the ladders, amending one with a preview, special lines, seasons; who may and what is refused."""

from datetime import date
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.urls import reverse

from arrears.models import Ladder, Season, Watch
from grid.models import AccessLog, Region
from grid.roles import TOWNSHIP_CHIEF
from tests.base import NOW, STATS, TODAY, CastTestCase, make_person

EDIT = "/ladders/edit/?family=legal"


class LadderPages(CastTestCase):
    def setUp(self) -> None:
        self.enterContext(patch("arrears.views.ladders.clock", lambda: (NOW, TODAY)))
        self.client.force_login(self.administrator)

    def form_data(self, url: str = EDIT, **changes: Any) -> dict[str, Any]:
        """What the page's form would send, with changes by field name."""
        page = self.client.get(url)
        data: dict[str, Any] = {"rung-TOTAL_FORMS": len(page.context["rungs"].forms), "rung-INITIAL_FORMS": len(page.context["rungs"].forms)}
        for form in [page.context["form"], *page.context["rungs"].forms]:
            for bound in form:
                value = bound.value()
                if value is not None and value is not False:
                    data[bound.html_name] = value
        return data | {"note": "试行一季度", "do": "publish"} | changes

    def post(self, url: str = EDIT, **changes: Any) -> Any:
        return self.client.post(url, self.form_data(url, **changes))

    def test_everybody_of_the_grid_reads_the_ladders_and_only_the_city_s_administrator_amends_them(self) -> None:
        for person in (self.grid_worker, self.chief, self.county, self.auditor):
            self.client.force_login(person)
            self.assertContains(self.client.get("/ladders/"), "逾期一个工作日，提级")
            self.assertNotContains(self.client.get("/ladders/"), "/ladders/edit/")
            self.assertEqual(self.client.get(EDIT).status_code, 403)
            self.assertEqual(self.client.post("/seasons/", {}).status_code, 403)

    def test_a_folded_rung_says_all_that_it_does(self) -> None:
        outlines = [form.outline for form in self.client.get(EDIT).context["rungs"]]
        self.assertEqual(outlines[0], "时限已用 80% · 通知：经办人")
        self.assertEqual(outlines[2], "届满后 1 个工作日 · 通知：经办人、负责层级、上一级 · 1 个工作日内签收")
        self.assertEqual(outlines[4], "届满后 5 个工作日 · 通知：负责层级、市级 · 1 个工作日内签收 · 下达督办单，3 个工作日内回复")

    def test_publishing_makes_the_next_version_and_says_so(self) -> None:
        self.assertRedirects(self.post(**{"rung-0-number": 60}), "/ladders/")
        row = Ladder.objects.get()
        self.assertEqual((row.family, row.rule_id, row.claim_kind, row.version, row.published_by), ("legal", "", "", 1, self.administrator))
        self.assertEqual(row.rungs[0], {"name": "near", "label": "时限已用八成", "tells": ["handler"], "share": 0.6})
        self.assertContains(self.client.get("/ladders/"), "第 1 版")
        self.assertContains(self.client.get(f"/ladders/{row.pk}/"), "试行一季度")

    def test_running_clocks_take_it_from_their_next_rung(self) -> None:
        claim = self.make_claim()
        watch = Watch.objects.get(clock__claim=claim, clock__rule_id="JC-ACCEPT")
        was = watch.next_at
        self.post(**{"rung-0-number": 60})
        watch.refresh_from_db()
        self.assertEqual(watch.ladder, Ladder.objects.get())
        self.assertLess(watch.next_at, was)

    def test_a_preview_says_what_would_change_and_writes_nothing(self) -> None:
        claim = self.make_claim()
        page = self.post(do="preview", **{"rung-0-number": 60})
        self.assertEqual(page.status_code, 200)
        self.assertGreaterEqual(page.context["preview"].total, 1)
        self.assertContains(page, claim.number)
        self.assertContains(page, 'value="publish"')
        self.assertEqual([what for what, _before, _after in page.context["changes"]], ["changed", *["same"] * 4])
        self.assertFalse(Ladder.objects.exists())

    def test_a_preview_says_what_is_changed_of_a_rung_whatever_it_is(self) -> None:
        page = self.post(do="preview", **{"rung-1-ack_days": 3, "rung-4-order_days": 7, "rung-2-label": "逾期一天"})
        self.assertContains(page, "1 个工作日内签收 → 届满当日 · 经办人、负责层级 · 3 个工作日内签收")
        self.assertContains(page, "下达督办单，7 个工作日内回复")
        self.assertContains(page, "<s>逾期一个工作日，提级</s> 逾期一天")

    def test_a_preview_warns_of_vacant_posts_a_rung_calls(self) -> None:
        make_person("peizhen", "裴镇", TOWNSHIP_CHIEF, "321323101")
        self.assertNotContains(self.client.get(EDIT), "有岗位空缺")
        named = {"rung-1-posts": ["mediator@county", "mediator@city"]}
        page = self.post(do="preview", **named)
        self.assertContains(page, "第2级“时限届满”：泗阳县的县级调解员岗位空缺，届时改为通知该级或上一级负责人。")
        self.assertContains(page, "宿迁市的市级调解员岗位空缺")
        self.assertContains(page, 'value="publish"')
        self.assertEqual(self.post(**named).status_code, 302)
        self.assertContains(self.client.get(EDIT), "有岗位空缺")

    def test_vacant_posts_of_other_cities_in_the_table_of_divisions_are_no_warning(self) -> None:
        make_person("peizhen", "裴镇", TOWNSHIP_CHIEF, "321323101")
        province = Region.objects.get(pk="32")
        elsewhere = Region.objects.create(code="3201", name="南京市", full_name="江苏省南京市", parent=province, level="city", code_system=STATS)
        Region.objects.create(code="320102", name="玄武区", full_name="江苏省南京市玄武区", parent=elsewhere, level="county", code_system=STATS)
        self.assertNotContains(self.client.get(EDIT), "有岗位空缺")

    def test_a_rung_that_could_do_nothing_to_anybody_is_not_published(self) -> None:
        self.city.postings.all().delete()
        to_city = {"rung-4-tells": ["city"], "rung-4-order_days": ""}
        page = self.post(do="preview", **to_city)
        self.assertContains(page, "只通知市级，而市级督办员岗位空缺", status_code=422)
        self.assertEqual((self.post(**to_city).status_code, Ladder.objects.count()), (422, 0))
        self.county.postings.all().delete(), self.county_b.postings.all().delete()
        self.assertContains(self.post(do="preview"), "没有人可以接办", status_code=422)
        self.chief.postings.all().delete(), self.chief_a2.postings.all().delete()
        self.assertContains(self.post(do="preview"), "没有人可以签收", status_code=422)

    def test_a_folded_rung_says_when_it_calls_whom_and_whether_the_claim_climbs(self) -> None:
        page = self.client.get(EDIT)
        self.assertContains(page, "届满后 1 个工作日 · 通知：经办人、负责层级、上一级")
        self.assertContains(page, "案件提级", count=2)

    def test_a_version_to_come_that_a_newer_one_overtakes_is_to_come_no_more(self) -> None:
        self.post(valid_from="2026-06-01", **{"rung-0-number": 60})
        self.assertContains(self.client.get("/ladders/"), "第 1 版自")
        page = self.post(do="preview", **{"rung-0-number": 70})
        self.assertContains(page, "不再生效，由新版本取代")
        self.post(**{"rung-0-number": 70})
        page = self.client.get("/ladders/")
        self.assertContains(page, "第 2 版")
        self.assertNotContains(page, "第 1 版自")

    def test_one_that_comes_after_the_newer_one_was_to_come_stays(self) -> None:
        self.post(valid_from="2026-04-01", **{"rung-0-number": 60})
        page = self.post(do="preview", valid_from="2026-06-01", **{"rung-0-number": 70})
        self.assertNotContains(page, "不再生效")
        self.post(valid_from="2026-06-01", **{"rung-0-number": 70})
        page = self.client.get("/ladders/")
        self.assertContains(page, "第 1 版自")
        self.assertContains(page, "第 2 版自")

    def test_a_number_of_rungs_that_is_none_breaks_nothing(self) -> None:
        for number in ("abc", "-3", "99999999999999999999", ""):
            page = self.post(do="more", **{"rung-TOTAL_FORMS": number})
            self.assertEqual(page.status_code, 200)

    def test_problems_are_named_and_what_was_typed_is_kept(self) -> None:
        page = self.post(**{"rung-2-moment": "before", "rung-2-number": 1})  # climbs
        self.assertContains(page, "到期之后才能提级", status_code=422)
        page = self.post(**{"rung-0-number": ""})
        self.assertContains(page, "请填写百分数或工作日数", status_code=422)
        page = self.post(**{"rung-0-tells": [], "rung-0-label": "改了字"})
        self.assertContains(page, "请至少选择一个通知对象", status_code=422)
        self.assertContains(page, "改了字", status_code=422)
        page = self.post(note="")
        self.assertEqual(page.status_code, 422)
        page = self.post(valid_from="2026-03-01")
        self.assertContains(page, "不能早于今天", status_code=422)
        self.assertFalse(Ladder.objects.exists())

    def test_a_rung_can_be_added_and_taken_away(self) -> None:
        page = self.post(do="more", **{"rung-0-label": "改了字"})
        self.assertContains(page, "改了字")
        self.assertEqual(len(page.context["rungs"].forms), 6)
        self.assertNotContains(page, "还有内容需要改正")  # nothing was typed into the new one yet
        self.assertContains(page, 'name="rung-5-urgency" value="warn"')
        self.assertEqual(page.context["rungs"].forms[5]["urgency"].value(), "warn")
        new = {"rung-TOTAL_FORMS": 6, "rung-5-label": "逾期十个工作日", "rung-5-moment": "after", "rung-5-number": 10,
               "rung-5-tells": ["city"], "rung-5-posts": ["mediator@county"], "rung-5-urgency": "late", "rung-0-remove": "on", "rung-0-label": ""}  # fmt: skip
        self.assertContains(self.post(**new | {"do": "preview"}), "取消")
        self.assertRedirects(self.post(**new), "/ladders/")
        rungs = Ladder.objects.get().rungs
        self.assertEqual([rung["name"] for rung in rungs], ["due", "late1", "late3", "late5", "late10"])
        self.assertEqual(rungs[-1]["tells"], ["city", "mediator@county"])

    def test_who_comes_second_is_told_so(self) -> None:
        data = self.form_data()
        self.client.post(EDIT, data)
        self.assertContains(self.client.post(EDIT, data), "刚刚已被他人修改", status_code=409)
        self.assertEqual(Ladder.objects.count(), 1)

    def test_a_line_of_its_own_for_sensitive_cases_can_be_made_and_ended(self) -> None:
        url = "/ladders/edit/?" + urlencode({"family": "legal", "rule": "JC-ACCEPT", "kind": "sensitive"})
        self.assertRedirects(self.post(url, **{"rung-0-number": 40}), "/ladders/")
        row = Ladder.objects.get()
        self.assertEqual((row.rule_id, row.claim_kind), ("JC-ACCEPT", "sensitive"))
        self.assertContains(self.client.get("/ladders/"), "敏感案件")
        page = self.client.get(f"/ladders/{row.pk}/retire/")
        self.assertEqual((page.context["preview"].total, Ladder.objects.count()), (0, 1))
        said = {"note": "不再需要", "valid_from": f"{TODAY:%Y-%m-%d}", "previous": 1}
        self.assertContains(self.client.post(f"/ladders/{row.pk}/retire/", {**said, "do": "preview"}), "发布后会怎样")
        self.assertEqual(Ladder.objects.count(), 1)
        self.assertContains(self.client.post(f"/ladders/{row.pk}/retire/", {**said, "do": "retire", "note": ""}), "修改说明", status_code=422)
        self.assertContains(self.client.post(f"/ladders/{row.pk}/retire/", {**said, "do": "retire", "previous": 5}), "刚刚已被他人修改", status_code=409)
        self.assertRedirects(self.client.post(f"/ladders/{row.pk}/retire/", {**said, "do": "retire"}), "/ladders/")
        self.assertEqual(Ladder.objects.get(version=2).rungs, [])
        self.assertContains(self.client.get("/ladders/"), "已停用")

    def test_what_does_not_exist_is_absent(self) -> None:
        for query in ("family=nothing", "family=legal&rule=ORDER-REPLY", "family=legal&kind=x", ""):
            self.assertEqual(self.client.get(f"/ladders/edit/?{query}").status_code, 404)

    def test_seasons_are_set_and_ended(self) -> None:
        said = {"name": "冬季行动", "starts_on": "2026-11-15", "ends_on": "2027-02-05"}
        shown = self.client.post("/seasons/", said)  # first what it would change
        self.assertContains(shown, "改为适用“专项行动期间”的规则")
        self.assertFalse(Season.objects.exists())
        self.assertRedirects(self.client.post("/seasons/", said | {"do": "add"}), "/ladders/")
        self.assertContains(self.client.get("/ladders/"), "冬季行动")
        self.assertContains(self.client.post("/seasons/", said | {"ends_on": "2026-01-01"}), "不能早于", status_code=422)
        ending = reverse("season_end", args=[Season.objects.get().pk])
        self.assertContains(self.client.post(ending), "不再适用“专项行动期间”的规则")
        self.assertTrue(Season.objects.exists())
        self.client.post(ending, {"do": "end"})
        self.assertFalse(Season.objects.exists())

    def test_a_season_that_runs_is_prolonged_with_a_preview_and_its_past_stays(self) -> None:
        self.make_claim()
        url = "/ladders/edit/?" + urlencode({"family": "legal", "kind": "festival"})
        self.assertRedirects(self.post(url, **{"rung-0-number": 40}), "/ladders/")
        season = Season.objects.create(name="冬季行动", starts_on=date(2026, 2, 1), ends_on=date(2026, 3, 5), set_by=self.administrator)
        address = reverse("season_change", args=[season.pk])
        self.assertContains(self.client.get("/ladders/"), address)
        longer = {"name": "冬季行动", "starts_on": "2026-02-01", "ends_on": "2026-03-31", "do": "preview"}
        page = self.client.post(address, longer)
        self.assertEqual((page.context["preview"].gained, page.context["preview"].lost), ([(date(2026, 3, 6), date(2026, 3, 31))], []))
        self.assertGreaterEqual(page.context["preview"].total, 1)
        self.assertContains(page, 'value="change"')
        season.refresh_from_db()
        self.assertEqual(season.ends_on, date(2026, 3, 5))
        shorter = self.client.post(address, longer | {"ends_on": "2026-03-03"})
        self.assertEqual(shorter.context["preview"].lost, [(date(2026, 3, 4), date(2026, 3, 5))])
        self.assertContains(self.client.post(address, longer | {"ends_on": "2026-03-05"}), "没有变化")
        for wrong, words in (({"starts_on": "2026-02-02"}, "起日"), ({"starts_on": "2026-01-01"}, "起日"), ({"ends_on": "2026-03-01"}, "早于今天"), ({"name": ""}, "请填写。")):
            for does in ("preview", "change"):
                self.assertContains(self.client.post(address, longer | wrong | {"do": does}), words, status_code=422)
        self.assertRedirects(self.client.post(address, longer | {"do": "change"}), "/ladders/")
        season.refresh_from_db()
        self.assertEqual((season.starts_on, season.ends_on), (date(2026, 2, 1), date(2026, 3, 31)))
        log = AccessLog.objects.get(act="set_season")
        self.assertEqual((log.region_code, log.reason), ("3213", "冬季行动 2026-02-01–2026-03-05 → 冬季行动 2026-02-01–2026-03-31"))
        for person in (self.city, self.county, self.chief):
            self.client.force_login(person)
            self.assertEqual(self.client.post(address, longer).status_code, 403)

    def test_a_ladder_for_campaigns_says_in_its_preview_when_it_will_hold(self) -> None:
        self.make_claim()
        url = "/ladders/edit/?" + urlencode({"family": "legal", "kind": "festival"})
        page = self.post(url, do="preview", **{"rung-0-number": 40})
        self.assertContains(page, "目前没有登记专项行动")
        self.assertGreaterEqual(page.context["preview"].total, 1)
        Season.objects.create(name="冬季行动", starts_on=date(2026, 3, 4), ends_on=date(2026, 3, 31), set_by=self.administrator)
        page = self.post(url, do="preview", **{"rung-0-number": 40})
        self.assertContains(page, "这类规则只在专项行动期间适用：下一次自")
        self.assertGreaterEqual(len(page.context["preview"].samples), 1)
        Season.objects.update(starts_on=date(2026, 3, 1))
        self.assertNotContains(self.post(url, do="preview", **{"rung-0-number": 40}), "只在专项行动期间适用：")

    def test_the_list_costs_the_same_however_many_versions_there_are(self) -> None:
        for share in (60, 61, 62):
            self.post(**{"rung-0-number": share})
            with self.assertNumQueries(10):
                self.client.get("/ladders/")
