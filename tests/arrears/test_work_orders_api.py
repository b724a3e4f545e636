"""/api/v1/work-orders/: an office sends its orders with its token, each once, and sees what became of them and of nothing else."""

import json
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from arrears import casework
from arrears.api.work_orders import MOST_BYTES, MOST_ITEMS
from arrears.models import Claim, Event, Report, Source
from arrears.reports import deciding
from arrears.sources import keeping, taking
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from grid.models import Notice, Region
from tests.arrears.orders import JSON, SAID, OrdersTestCase
from tests.base import NOW, TODAY, Cast

DAY = timedelta(days=1)
HERE = "/api/v1/work-orders/"


class ApiTestCase(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.logout()
        cache.clear()
        self.source = self.make_source()
        self.token = self.token_of(self.source)

    def post(self, body: Any, path: str = "", token: str | None = None) -> Any:
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body, ensure_ascii=False)
        return self.client.post(HERE + path, raw, content_type="application/json", headers=self.headers(token))

    def get(self, path: str, token: str | None = None, **query: Any) -> Any:
        return self.client.get(HERE + path, query, headers=self.headers(token))

    def headers(self, token: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token if token is None else token}"}


class SendingInTest(ApiTestCase):
    def test_an_order_is_a_report_in_the_inbox_of_its_township_with_everything_it_says(self) -> None:
        response = self.post({**JSON, "answer_by": "2026-03-03", "contact_rule": "discreet"})
        self.assertEqual(response.status_code, 201, response.content)
        report = Report.objects.get()
        self.assertEqual(
            (report.source, report.external_number, report.township_code, report.name, report.phone, report.amount, report.people, report.channel),
            (self.source, "GD001", "321322101", "李建国", "13800000001", Decimal("8000.00"), 3, "hotline"),
        )
        self.assertEqual((report.answer_by, report.due_on, report.contact_rule, report.place), (TODAY + DAY, TODAY + DAY, "discreet", SAID["address"]))
        said = response.json()
        self.assertEqual(
            (said["result"], said["state"], said["region"], said["due_on"], said["contact"]), ("created", "received", "江苏省宿迁市沭阳县陇集镇", "2026-03-03", "discreet")
        )
        self.assertTrue(Notice.objects.filter(kind="report_arrived", recipient=self.chief).exists())

    def test_again_it_is_known_and_nothing_happens(self) -> None:
        self.post(JSON)
        response = self.post({**JSON, "phone": "+86 138-0000-0001", "amount": 8000})  # the same, written otherwise
        self.assertEqual((response.status_code, response.json()["result"], response.json()["changed"]), (200, "known", []))
        self.assertEqual((Report.objects.count(), Report.objects.get().events.count()), (1, 1))

    def test_days_no_calendar_reaches_are_asked_about_and_nothing_is_kept(self) -> None:
        for said, code in (
            ({"received_on": "0001-01-01"}, "too_early"), ({"received_on": "1989-12-31"}, "too_early"), ({"answer_by": "0001-01-01"}, "too_early"),
            ({"answer_by": "9999-12-31"}, "too_far"), ({"answer_by": "2028-03-02"}, "too_far"),
        ):  # fmt: skip
            response = self.post({**JSON, **said})
            self.assertEqual((response.status_code, response.json()["code"]), (409, code), said)
        self.assertFalse(Report.objects.exists())
        self.assertEqual(self.post({**JSON, "answer_by": "2028-02-29"}).status_code, 201)

    def test_characters_no_database_keeps_break_nothing(self) -> None:
        response = self.post(json.dumps({**JSON, "half\ud83d": 1}))
        self.assertEqual((response.status_code, response.json()["ignored"]), (201, ["half?"]))
        self.assertEqual(self.get("GD%00/").status_code, 404)

    def test_other_words_are_an_update_that_is_shown_and_writes_nothing_over(self) -> None:
        self.post(JSON)
        response = self.post({**JSON, "phone": "13900000002", "story": "已经四个月。"})
        self.assertEqual((response.status_code, response.json()["result"], response.json()["changed"]), (200, "updated", ["phone", "story"]))
        report = Report.objects.get()
        self.assertEqual((report.phone, report.story), ("13800000001", "干了三个月没有给钱。"))
        self.assertEqual(report.events.get(kind="updated").facts["changes"]["phone"], ["13800000001", "13900000002"])
        self.assertTrue(Notice.objects.filter(kind="report_changed", recipient=self.chief).exists())
        self.assertEqual(self.post({**JSON, "phone": "13900000002", "story": "已经四个月。"}).json()["result"], "known")

    def test_an_older_version_that_comes_late_is_409_and_changes_nothing(self) -> None:
        self.post({**JSON, "changed_at": "2026-03-02T09:00:00+08:00"})
        self.post({**JSON, "story": "新的", "changed_at": "2026-03-02T09:30:00+08:00"})
        late = self.post({**JSON, "story": "旧的", "changed_at": "2026-03-02T09:10:00+08:00"})
        self.assertEqual((late.status_code, late.json()["code"]), (409, "older"))
        self.assertTrue(late.json()["message"])
        self.assertEqual(Report.objects.get().as_told["story"], "新的")

    def test_a_day_to_come_is_409(self) -> None:
        response = self.post({**JSON, "received_on": (TODAY + DAY).isoformat()})
        self.assertEqual((response.status_code, response.json()["code"]), (409, "in_future"))
        self.assertFalse(Report.objects.exists())

    def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(self) -> None:
        for change, field in (
            ({"external_number": ""}, "external_number"), ({"external_number": "x" * 61}, "external_number"), ({"external_number": "a\u0007b"}, "external_number"),
            ({"phone": "12"}, "phone"), ({"amount": "viel"}, "amount"), ({"amount": -1}, "amount"), ({"amount": "1e400"}, "amount"), ({"people": 0}, "people"),
            ({"people": True}, "people"), ({"kind": "x"}, "kind"), ({"region_code": "32132"}, "region_code"), ({"received_on": "2026-02-30"}, "received_on"),
            ({"contact_rule": "x"}, "contact_rule"), ({"story": "a\u0000b"}, "story"), ({"story": "\ud800"}, "story"), ({"name": ["李"]}, "name"),
            ({"story": "", "employer": "", "address": ""}, "non_field_errors"), ({"changed_at": "gestern"}, "changed_at"),
        ):  # fmt: skip
            with self.subTest(change):
                response = self.post(json.dumps({**JSON, **change}))
                self.assertEqual((response.status_code, set(response.json())), (400, {field}), response.content)
        self.assertFalse(Report.objects.exists())

    def test_what_we_do_not_take_is_named(self) -> None:
        response = self.post({**JSON, "bank_card": "6222", "id_number": "321322199001011234"})
        self.assertEqual(response.json()["ignored"], ["bank_card", "id_number"])
        self.assertNotIn("6222", str(Report.objects.values().get()))

    def test_bodies_that_are_none(self) -> None:
        for body, status in ((b"", 400), (b"{", 400), (b"\xff\xfe", 400), (b"[1]", 400), (b"null", 400), (b'"x"', 400), (b"NaN", 400), (b"[" * 100_000, 400), (b" " * (MOST_BYTES + 1), 413)):
            with self.subTest(body[:10]):
                response = self.post(body)
                self.assertEqual(response.status_code, status, response.content[:200])
                self.assertTrue(response.json())
        wrong = self.client.post(HERE, "a=1", content_type="application/x-www-form-urlencoded", headers=self.headers(None))
        self.assertEqual(wrong.status_code, 415)

    def test_the_days_of_the_source_count_where_the_order_names_none(self) -> None:
        keeping.change(self.source, self.administrator, now=NOW, reply_days=1, reply_unit="calendar")
        self.post(JSON)
        self.assertEqual(Report.objects.get().answer_by, TODAY + DAY)
        keeping.change(self.source, self.administrator, now=NOW, reply_unit="working", reply_days=5)
        self.post({**JSON, "external_number": "GD002"})
        self.assertEqual(Report.objects.get(external_number="GD002").answer_by, TODAY + 7 * DAY)  # Monday to Monday


def make_zone(code: str, name: str, county: Region) -> None:
    Region.objects.create(code=code, name=name, parent=county, level="township", code_system=county.code_system, full_name=county.full_name + name)


class PlacesTest(ApiTestCase):
    def test_where_it_belongs(self) -> None:
        for said, region, level in (
            ({"region_code": "321322102"}, "321322102", "township"), ({"address": "沭阳县胡集镇工业园"}, "321322102", "township"),
            ({"address": "陇集 翰林雅苑"}, "321322101", "township"), ({"region_code": "321322", "address": "裴圩镇"}, "321322", "county"),
            ({"address": "沭阳县城某工地"}, "321322", "county"), ({"address": "沭阳县陇集镇与胡集镇交界"}, "321322", "county"),
            ({"address": "某工地"}, "3213", "city"), ({"region_code": "110101001", "address": ""}, "3213", "city"), ({"region_code": "321322999"}, "321322", "county"),
            ({"address": "沭阳县、泗阳县之间"}, "3213", "city"), ({"address": "陇集镇、裴圩镇"}, "3213", "city"), ({"address": "陇集镇、胡集镇"}, "321322", "county"),
        ):  # fmt: skip
            with self.subTest(said):
                number = f"N{Report.objects.count()}"
                self.post({**JSON, "external_number": number, "address": "", **said})
                report = Report.objects.get(external_number=number)
                self.assertEqual((report.region_id, report.level), (region, level))

    def test_a_township_that_is_called_as_its_county_is_meant_only_by_its_whole_name(self) -> None:
        make_zone("321322401", "沭阳经济开发区", self.regions["321322"])
        for number, address, region in (("A", "沭阳县某小区", "321322"), ("B", "沭阳经济开发区赐富路", "321322401"), ("C", "沭阳某小区", "321322")):
            self.post({**JSON, "external_number": number, "address": address})
            self.assertEqual(Report.objects.get(external_number=number).region_id, region, address)

    def test_an_unknown_township_is_the_countys_who_routes_it_before_it_is_a_claim(self) -> None:
        self.post({**JSON, "address": "沭阳县城某工地"})
        report = Report.objects.get()
        told = set(Notice.objects.filter(kind="report_arrived").values_list("recipient__username", flat=True))
        self.assertEqual(told, {"xianan"})
        self.assertFalse(Report.objects.visible_to(self.chief, TODAY).exists())
        self.assertEqual(deciding.may_accept(report, self.county, TODAY).code, "no_township")
        deciding.route(report, self.county, now=NOW, region=self.regions["321322101"])
        report.refresh_from_db()
        self.assertEqual((report.level, report.township_code), ("township", "321322101"))
        deciding.accept(report, self.grid_worker, now=NOW)


class WhoSendsTest(ApiTestCase):
    def test_without_a_token_that_holds_nothing_is_taken_and_nothing_told(self) -> None:
        self.post(JSON)
        for token in ("", "x", self.token[:-1], self.token + "x", "你好".encode().decode("latin-1")):
            for response in (self.post(JSON, token=token), self.post({"items": [JSON]}, "batch/", token=token), self.get("GD001/", token=token), self.get("changes/", token=token)):
                self.assertEqual((response.status_code, response["WWW-Authenticate"]), (401, "Bearer"))
        self.client.force_login(self.city)  # a person is no office
        self.assertEqual(self.client.get(HERE + "GD001/").status_code, 401)
        self.assertEqual(Report.objects.count(), 1)

    def test_a_token_opens_no_other_address(self) -> None:
        self.assertEqual(self.client.get("/api/v1/claims/", headers=self.headers(None)).status_code, 403)

    def test_one_that_is_switched_off_is_403(self) -> None:
        keeping.switch(self.source, self.administrator, now=NOW, is_active=False)
        response = self.post(JSON)
        self.assertEqual((response.status_code, response.json()["code"]), (403, "source_off"))
        self.assertFalse(Report.objects.exists())

    def test_one_source_sees_nothing_of_another_and_numbers_do_not_meet(self) -> None:
        other = self.token_of(self.make_source("platform"))
        self.post(JSON)
        self.assertEqual(self.get("GD001/", token=other).status_code, 404)
        self.assertEqual(self.get("changes/", token=other, since="2020-01-01T00:00:00Z").json()["changes"], [])
        self.assertEqual(self.post({**JSON, "story": "另一件事"}, token=other).status_code, 201)
        self.assertEqual(Report.objects.count(), 2)
        self.assertEqual(Report.objects.get(source=self.source).events.count(), 1)
        self.assertEqual(self.get("GD001/").json()["external_number"], "GD001")

    def test_so_many_requests_a_minute(self) -> None:
        with self.settings(SOURCE_RATE=3):
            answers = [self.post(JSON).status_code for _each in range(4)]
            self.assertEqual(answers, [201, 200, 200, 429])
            response = self.post(JSON)
            self.assertEqual(response.json()["code"], "too_often")
            self.assertTrue(0 < int(response["Retry-After"]) <= 60)
            self.assertEqual(self.post(JSON, token=self.token_of(self.make_source("other"))).status_code, 201)
            self.now += timedelta(minutes=1)
            self.assertEqual(self.post(JSON).status_code, 200)


class BatchTest(ApiTestCase):
    def test_each_is_taken_or_refused_by_itself_and_the_answer_says_so(self) -> None:
        self.post({**JSON, "external_number": "A"})
        items = [
            {**JSON, "external_number": "A"}, {**JSON, "external_number": "B"}, {**JSON, "external_number": "C", "phone": "1"},
            {**JSON, "external_number": "A", "story": "变了"}, {**JSON, "external_number": "D", "received_on": "2027-01-01"}, {**JSON, "external_number": "B"}, 7, None,
        ]  # fmt: skip
        response = self.post({"items": items}, "batch/")
        said = response.json()
        self.assertEqual(response.status_code, 200)
        self.assertEqual([(one["index"], one["status"], one["result"]) for one in said["results"]], [
            (0, 200, "known"), (1, 201, "created"), (2, 400, "invalid"), (3, 200, "updated"), (4, 409, "in_future"), (5, 200, "known"), (6, 400, "invalid"),
            (7, 400, "invalid"),
        ])  # fmt: skip
        self.assertIn("phone", said["results"][2]["errors"])
        self.assertEqual((said["created"], said["known"], said["updated"], said["failed"]), (1, 2, 1, 4))
        self.assertEqual(set(Report.objects.values_list("external_number", flat=True)), {"A", "B"})

    def test_its_size_is_limited(self) -> None:
        for body in ({"items": []}, {"items": [JSON] * (MOST_ITEMS + 1)}, {}, [JSON], {"items": {}}):
            self.assertEqual(self.post(body, "batch/").status_code, 400)
        self.assertFalse(Report.objects.exists())


class AskingTest(ApiTestCase):
    def test_how_it_stands_by_its_own_number_whatever_characters_that_has(self) -> None:
        for number in ("宿12345〔2026〕7号", "a/b c", "x?y#z", "changes"):
            self.assertEqual(self.post({**JSON, "external_number": number}).status_code, 201)
            quoted = number.replace("?", "%3F").replace("#", "%23")
            if number != "changes":
                self.assertEqual(self.client.get(f"{HERE}{quoted}/", headers=self.headers(None)).json()["external_number"], number)
        self.assertEqual(self.get("nobody/").status_code, 404)

    def test_it_follows_the_claim_to_its_end_and_back(self) -> None:
        self.post(JSON)
        stands = []

        def look() -> None:
            stands.append(self.get("GD001/").json()["state"])

        report = Report.objects.get()
        claim = deciding.accept(report, self.grid_worker, now=NOW)
        look()
        for move, answers in (
            ("accept", {"conditions": True}), ("handle", {}), ("withdraw", {"reason": "和解", "confirmed": True}), ("reopen", {"reason": "又反悔"}),
        ):  # fmt: skip
            casework.advance(claim, move, None, now=NOW, **answers)
            look()
        self.assertEqual(stands, ["registered", "accepted", "handling", "withdrawn", "accepted"])
        self.assertEqual(self.get("GD001/").json()["claim_number"], claim.number)

    def test_a_safe_telephone_is_nobodys_and_the_other_is_not_to_be_called(self) -> None:
        self.post(JSON)
        claim = deciding.accept(Report.objects.get(), self.grid_worker, now=NOW)
        self.assertEqual(self.get("GD001/").json()["contact"], "open")
        claim.claimants.update(safe_phone="13911112222")
        response = self.get("GD001/")
        self.assertEqual(response.json()["contact"], "none")
        self.assertNotIn("13911112222", response.content.decode())
        self.assertNotIn("13911112222", self.get("changes/", since="2020-01-01T00:00:00Z").content.decode())


class FeedTest(ApiTestCase):
    def read(self, **query: Any) -> tuple[list[str], str, bool]:
        said = self.get("changes/", **query).json()
        return [f"{one['external_number']} {one['state']}" for one in said["changes"]], said["next"], said["more"]

    def test_each_change_once_in_their_order_and_what_was_lost_again(self) -> None:
        start = self.read()[1]
        self.assertEqual(start, "0")
        self.post(JSON)
        claim = deciding.accept(Report.objects.get(), self.grid_worker, now=NOW)
        casework.advance(claim, "accept", None, now=NOW)
        first, place, more = self.read(after=start, size=2)
        self.assertEqual((first, more), (["GD001 received", "GD001 registered"], True))
        self.assertEqual(self.read(after=start, size=2)[0], first)
        self.assertEqual(self.read(after=place), (["GD001 accepted"], "3", False))
        self.assertEqual(self.read(after="3"), ([], "3", False))
        one = self.get("changes/", after="1", size=1).json()["changes"][0]
        self.assertEqual((one["claim_number"], one["note"], one["source"]), (claim.number, f"案号 {claim.number}", "hotline"))

    def test_since_begins_at_a_time_and_what_was_read_counts_as_handed_over(self) -> None:
        self.post(JSON)
        self.assertEqual(self.read(since="2030-01-01T00:00:00Z")[0], [])
        self.assertEqual(self.source.returned.get().standing, "waits")
        self.assertEqual(self.read(since="2026-03-02T00:00:00+08:00")[0], ["GD001 received"])
        row = self.source.returned.get()
        self.assertEqual((row.standing, row.sent_at), ("sent", self.now))

    def test_bad_places_are_400(self) -> None:
        for query in ({"after": "-1"}, {"after": "x"}, {"after": "9" * 30}, {"since": "x"}, {"size": "0"}, {"size": "501"}):
            self.assertEqual(self.get("changes/", **query).status_code, 400, query)

    def test_it_asks_as_often_for_three_as_for_thirty(self) -> None:
        def asked(count: int) -> int:
            for number in range(count):
                self.post({**JSON, "external_number": f"{count}-{number}"})
            self.get("changes/", since="2020-01-01T00:00:00Z")
            with CaptureQueriesContext(connection) as found:
                self.get("changes/", since="2020-01-01T00:00:00Z")
            return len(found)

        self.assertEqual(asked(3), asked(27))

    def test_the_words_of_the_source_go_with_ours(self) -> None:
        keeping.change(self.source, self.administrator, now=NOW, wording={"received": "01"})
        self.post(JSON)
        one = self.get("changes/", since="2020-01-01T00:00:00Z").json()["changes"][0]
        self.assertEqual((one["state_text"], one["your_state"]), ("已收到", "01"))


class AtOnceTest(Cast, TransactionTestCase):
    """Real connections."""

    def setUp(self) -> None:
        self.make_cast()
        self.source = keeping.add(self.administrator, now=NOW, code="hotline", name="热线", region=self.regions["3213"], return_way="pull")

    def all_at_once(self, stories: list[str]) -> list[str]:
        barrier, results = Barrier(len(stories)), []

        def send(story: str) -> None:
            try:
                order, places = WorkOrder("GD001", Told(**{**SAID, "story": story})), Places.of(Source.objects.get().region)
                barrier.wait(10)
                results.append(taking.take(Source.objects.select_related("region").get(), order, places, now=NOW).result)
            finally:
                connection.close()

        threads = [Thread(target=send, args=(story,)) for story in stories]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return sorted(results)

    def test_the_same_order_four_times_at_once_is_one_report(self) -> None:
        self.assertEqual(self.all_at_once(["a"] * 4), ["created", "known", "known", "known"])
        report = Report.objects.get()
        self.assertEqual((report.events.count(), report.returned.count()), (1, 1))

    def test_other_words_at_once_lose_nothing(self) -> None:
        self.assertEqual(self.all_at_once(["a", "b", "c"]), ["created", "updated", "updated"])
        report = Report.objects.get()
        heard = {report.story} | {row.facts["changes"]["story"][1] for row in report.events.filter(kind="updated")}
        self.assertEqual(heard, {"a", "b", "c"})

    def test_an_update_while_somebody_accepts_it_is_not_lost(self) -> None:
        for number in range(6):
            with self.subTest(number):
                order = WorkOrder(f"N{number}", Told(**SAID))
                places = Places.of(self.source.region)
                report = taking.take(self.source, order, places, now=NOW).report
                barrier = Barrier(2)

                def accept(report: Report = report, barrier: Barrier = barrier) -> None:
                    try:
                        barrier.wait(10)
                        deciding.accept(report, self.grid_worker, now=NOW)
                    finally:
                        connection.close()

                def update(number: int = number, barrier: Barrier = barrier, places: Places = places) -> None:
                    try:
                        barrier.wait(10)
                        taking.take(self.source, WorkOrder(f"N{number}", Told(**{**SAID, "story": "变了"})), places, now=NOW)
                    finally:
                        connection.close()

                threads = [Thread(target=accept), Thread(target=update)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join(30)
                claim = Claim.objects.get(reports=report)
                self.assertEqual(Event.objects.get(claim=claim, kind="source_updated").facts["text"], "变了")
                self.assertEqual(report.events.filter(kind="updated").count(), 1)


ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=30), lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3), max_leaves=6
)


class AnythingTest(ApiTestCase):
    def test_whatever_is_sent_the_answer_is_one_of_ours(self) -> None:
        names = some.sampled_from([*JSON, "kind", "contact_rule", "region_code", "answer_by", "changed_at", "x"])

        @given(some.dictionaries(names, ANYTHING, max_size=6))
        def send(changes: dict[str, Any]) -> None:
            cache.clear()
            response = self.post(json.dumps({**JSON, **changes}))
            self.assertIn(response.status_code, (200, 201, 400, 409), response.content)
            self.assertIsInstance(response.json(), dict)

        send()
