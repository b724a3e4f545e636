"""Rooms, closed times and their sheet, hearing days, the panel: allowed, refused, out of scope, stale, bad input."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mediation.models import Blackout, HearingRule, MediatorTerms, Room
from mediation.slots.rules import in_force
from tests.base import make_person
from tests.mediation.test_pages import PageTestCase

LEADERS = {"chief", "county", "city"}


class RoomTest(PageTestCase):
    def facts(self, **changes: Any) -> dict[str, Any]:
        return {"region": "321322", "name": "第三调解室", "medium": "place", "address": "人民路 1 号", "capacity": "6", "is_step_free": "on", "equipment": ["screen"], "is_active": "on", **changes}

    def test_whoever_leads_there_adds_a_room(self) -> None:
        self.sign_in(self.county)
        self.client.post(reverse("room_new"), self.facts())
        room = Room.objects.get(name="第三调解室")
        self.assertEqual((room.region_id, room.capacity, room.is_step_free, room.equipment), ("321322", 6, True, ["screen"]))
        again = self.client.post(reverse("room_new"), self.facts())
        self.assertContains(again, "已有同名的调解室", status_code=409)
        self.assertContains(self.client.post(reverse("room_new"), self.facts(name="小", capacity="2")), "至少要容纳三人", status_code=409)
        self.assertContains(self.client.post(reverse("room_new"), self.facts(name="线上", medium="online")), "请填写会议链接", status_code=409)
        self.assertContains(self.client.post(reverse("room_new"), self.facts(region="321323", name="别县")), "form-errors")

    def test_who_sees_rooms_and_who_changes_them(self) -> None:
        codes = self.seen_by(reverse("room_detail", args=[self.room.pk]))
        self.assertTrue({"county", "city", "mediator"} <= {name for name, code in codes.items() if code == 200})
        self.assertEqual(codes["county_b"], 404)
        self.sign_in(self.mediator)
        self.assertEqual(self.client.get(reverse("room_new")).status_code, 404)
        answer = self.client.post(reverse("room_detail", args=[self.room.pk]), {"form": "room", **self.facts(name="改名"), "version": "1"})
        self.assertContains(answer, "您的岗位不能管理", status_code=409)

    def test_a_stale_page_changes_nothing(self) -> None:
        self.sign_in(self.county)
        page = reverse("room_detail", args=[self.room.pk])
        self.client.post(page, {"form": "room", **self.facts(name="甲"), "version": "1"})
        self.assertContains(self.client.post(page, {"form": "room", **self.facts(name="乙"), "version": "1"}), "刚刚已被他人改动", status_code=409)
        self.room.refresh_from_db()
        self.assertEqual((self.room.name, self.room.version), ("甲", 2))

    def closing(self, **changes: Any) -> dict[str, Any]:
        return {"form": "closing", "from_day": self.day.isoformat(), "to_day": self.day.isoformat(), "from_time": "08:00", "to_time": "12:00", "reason": "维修", **changes}

    def test_closing_a_room_names_the_hearings_in_the_way(self) -> None:
        self.open_mediation("scheduled")
        self.sign_in(self.county)
        page = reverse("room_detail", args=[self.room.pk])
        self.assertContains(self.client.post(page, self.closing(), follow=True), "已有 1 场调解会，请改期")
        row = Blackout.objects.get()
        self.assertEqual((row.starts_at, row.ends_at), (self.at("08:00"), self.at("12:00")))
        self.assertContains(self.client.post(page, self.closing(from_time="11:00", to_time="13:00")), "已登记停用，请先撤销", status_code=409)
        self.assertContains(self.client.post(page, self.closing(to_time="07:00")), "结束时间须晚于开始时间", status_code=409)
        past = (self.today - timedelta(days=2)).isoformat()
        self.assertContains(self.client.post(page, self.closing(from_day=past, to_day=past)), "已经过去", status_code=409)
        self.client.post(reverse("blackout_drop", args=[row.pk]))
        self.assertFalse(Blackout.objects.exists())
        self.client.post(page, self.closing(from_time="", to_time=""))
        self.assertEqual(Blackout.objects.get().ends_at, self.at("00:00", self.day + timedelta(days=1)))

    def test_the_list_asks_as_often_for_thirty_rooms_as_for_three(self) -> None:
        self.sign_in(self.county)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                self.assertEqual(self.client.get(reverse("room_list")).status_code, 200)
            return len(seen)

        few = queries()
        Room.objects.bulk_create(Room(name=f"室{n}", region_id="321322") for n in range(30))
        self.assertEqual(queries(), few)


class SheetTest(PageTestCase):
    def upload(self, text: str) -> Any:
        self.sign_in(self.county)
        return self.client.post(reverse("blackout_import"), {"file": SimpleUploadedFile("停用.csv", text.encode())})

    def test_lines_without_a_fault_are_taken_in_and_the_others_are_said(self) -> None:
        day = self.day.isoformat()
        answer = self.upload(
            f"调解室,日期,开始时间,结束时间,原因\n第一调解室,{day},9:00,11:30,检修\n没有这间,{day},,,\n第二调解室,{day},,,会议\n第二调解室,后天,,,\n第一调解室,{day},二十五点,,\n"
        )
        self.assertEqual([line.fault for line in answer.context["lines"]][0], "")
        self.assertEqual([bool(line.fault) for line in answer.context["lines"]], [False, True, False, True, True])
        done = self.client.post(reverse("blackout_import"), {"lines": answer.context["sealed"]})
        self.assertContains(done, "已导入 2 行")
        first, second = Blackout.objects.order_by("room__name")
        self.assertEqual({(first.reason, first.starts_at), (second.reason, second.starts_at)}, {("检修", self.at("09:00")), ("会议", self.at("00:00"))})
        again = self.client.post(reverse("blackout_import"), {"lines": answer.context["sealed"]})
        self.assertContains(again, "请先撤销原来的", count=2)
        self.assertEqual(Blackout.objects.count(), 2)

    def test_what_is_no_such_sheet_is_said_with_what_to_do(self) -> None:
        self.assertContains(self.upload("姓名,金额\n张三,1\n"), "没有找到“调解室”和“日期”两列", status_code=422)
        self.assertContains(self.upload(""), "form-errors", status_code=422)
        forged = self.client.post(reverse("blackout_import"), {"lines": "x"}, follow=True)
        self.assertContains(forged, "已经过期")

    def test_the_template_is_read_again(self) -> None:
        self.sign_in(self.county)
        content = self.client.get(reverse("blackout_template")).content
        answer = self.client.post(reverse("blackout_import"), {"file": SimpleUploadedFile("t.xlsx", content)})
        self.assertEqual([line.said for line in answer.context["lines"]], ["第一调解室"])

    def test_only_those_who_lead_import(self) -> None:
        codes = self.seen_by(reverse("blackout_import"))
        self.assertEqual({name for name, code in codes.items() if code == 200} & {"mediator", "auditor", "grid_worker", "partner"}, set())
        self.assertEqual(codes["county"], 200)


class RuleTest(PageTestCase):
    def facts(self, **changes: Any) -> dict[str, Any]:
        return {
            "since": self.today.isoformat(), "weekdays": ["1", "3"], "opens": "09:00", "closes": "17:00", "rest_from": "12:00",
            "rest_to": "14:00", "length": "60", "buffer": "10", "notice": "3", **changes,
        }  # fmt: skip

    def page(self, code: str = "321322") -> str:
        return reverse("rule_detail", args=[code])

    def test_an_office_sets_its_days_from_a_day_on(self) -> None:
        self.sign_in(self.county)
        later = (self.today + timedelta(days=7)).isoformat()
        self.client.post(self.page(), self.facts())
        self.client.post(self.page(), self.facts(since=later, notice="5"))
        self.client.post(self.page(), self.facts(since=later, notice="4"))  # replaces
        rules = [row.days for row in HearingRule.objects.all()]
        self.assertEqual(len(rules), 2)
        self.assertEqual([in_force(rules, "321322101", self.today + timedelta(days=n)).notice for n in (0, 7)], [3, 4])
        self.assertContains(self.client.get(self.page("321322101")), "用上一级的规则")
        row = HearingRule.objects.latest("since")
        self.client.post(reverse("rule_drop", args=[row.pk]))
        self.assertEqual(HearingRule.objects.count(), 1)
        current = HearingRule.objects.get()
        self.assertContains(self.client.post(reverse("rule_drop", args=[current.pk]), follow=True), "已经生效的规则不能删除")

    def test_what_cannot_be_is_refused_with_a_sentence(self) -> None:
        self.sign_in(self.county)
        for changes, said in (
            ({"since": (self.today - timedelta(days=1)).isoformat()}, "只能从今天或以后"), ({"closes": "08:00"}, "最晚结束须晚于最早开始"),
            ({"rest_to": ""}, "午休请填写起止两个时间"), ({"length": "5"}, "一次时长须在"), ({"notice": "60"}, "提前通知最多"),
        ):  # fmt: skip
            with self.subTest(said):
                self.assertContains(self.client.post(self.page(), self.facts(**changes)), said, status_code=409)
        self.assertContains(self.client.post(self.page(), self.facts(weekdays=[])), "请至少选择一个开庭日")
        self.assertFalse(HearingRule.objects.exists())

    def test_only_those_who_lead_there_set_it(self) -> None:
        for person, status in ((self.mediator, 409), (self.chief, 404), (self.county_b, 404), (self.outsider, 404)):
            self.sign_in(person)
            self.assertEqual(self.client.post(self.page(), self.facts()).status_code, status)
        self.sign_in(self.chief)
        self.assertEqual(self.client.post(self.page("321322101"), self.facts()).status_code, 302)


class PanelTest(PageTestCase):
    def test_terms_are_set_by_those_who_lead_and_a_stale_page_changes_nothing(self) -> None:
        self.sign_in(self.county)
        page = reverse("panel_person", args=[self.mediator.pk])
        said = {"is_on_panel": "on", "daily": "2", "languages": ["sign", "ii"], "version": "0"}
        self.client.post(page, said)
        terms = MediatorTerms.objects.get()
        self.assertEqual((terms.daily, terms.languages, terms.version, terms.set_by), (2, ["sign", "ii"], 1, self.county))
        self.assertContains(self.client.post(page, said), "刚刚已被他人改动", status_code=409)
        self.client.post(page, {**said, "daily": "5", "version": "1"})
        self.assertEqual(MediatorTerms.objects.get().daily, 5)
        self.sign_in(self.mediator2)
        self.assertContains(self.client.post(page, {**said, "version": "2"}), "您的岗位不能设定", status_code=409)
        self.sign_in(self.county_b)
        self.assertEqual(self.client.get(page).status_code, 404)

    def test_the_list_names_everybody_who_may_mediate_with_as_many_queries_for_thirty(self) -> None:
        self.open_mediation("scheduled")
        self.sign_in(self.county)
        answer = self.client.get(reverse("panel_list"))
        self.assertContains(answer, "条和")
        self.assertContains(answer, "今后两周 1 场")
        self.assertNotContains(answer, "司洋")

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                self.client.get(reverse("panel_list"))
            return len(seen)

        few = queries()
        for number in range(12):
            make_person(f"tj{number}", f"调解员{number}", "mediator", "321322")
        self.assertEqual(queries(), few)
