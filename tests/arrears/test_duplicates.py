"""The same worker again: who is found and why, what is done about it, and that nothing out of sight is told."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from arrears import casework
from arrears.duplicates.elsewhere import offices
from arrears.duplicates.finding import alike, subject_of
from arrears.duplicates.joining import join
from arrears.duplicates.judging import tell_apart
from arrears.duplicates.reasons import Firm, Matter, Worker, between
from arrears.duplicates.sounds import is_near, sound_of, table
from arrears.duplicates.typed import subject_of_draft
from arrears.identity import make_id
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Apart, Claim, Claimant, Clock, Event, IntakeDraft
from grid.models import AccessLog, Notice
from grid.refused import Refused
from tests.arrears.pages import HTMX, PagesTestCase
from tests.arrears.test_intake_pages import MONEY, STORY, WHERE, WHO, WHOM
from tests.base import NOW, TODAY, Cast, CastTestCase

ID_NUMBER, OTHER_ID = make_id("321399", date(1980, 1, 1), 1), make_id("321399", date(1981, 2, 2), 3)
WINTER = (date(2025, 11, 1), date(2026, 1, 20))


def worker(name: str, phone: str = "", id_number: str = "", days: tuple[date, date] | None = None, amount: str = "1000.10") -> ClaimantFacts:
    period = {"period_from": days[0], "period_to": days[1]} if days else {}
    return ClaimantFacts(name, phone, id_number, lines=[LineFacts(Decimal(amount), **period)])


def test_names_that_are_heard_alike_and_names_that_are_nearly_the_same() -> None:
    for one, other in (("王建国", "王健国"), ("张伟", "章玮"), ("陈静", "程晶"), ("张国强", "張國強"), ("阿依古丽·买买提", "阿依古丽 买买提")):
        assert sound_of(one) == sound_of(other), (one, other)
    assert sound_of("王丽") != sound_of("李丽")
    for one, other in (("王建国", "王建军"), ("欧阳建国", "欧阳国建"), ("欧阳建国", "欧阳建")):
        assert is_near(one, other) and is_near(other, one)
    for one, other in (("王建国", "李建国"), ("王建", "王国"), ("王建国", "王建国"), ("王建国", "王大军")):
        assert not is_near(one, other), (one, other)


def test_what_is_enough() -> None:
    firm, other_firm = Matter((Firm("恒达劳务"),)), Matter((Firm("沭阳恒达劳务有限公司"),))
    site = Matter((), None, "翰林雅苑二期")
    index, other_index = "a" * 64, "b" * 64
    cases = [
        ([Worker("王建国", id_index=index)], Matter(), Worker("王五", id_index=index), Matter(), ["same_id"]),
        ([Worker("王建国", frozenset({"13800000001"}))], Matter(), Worker("王建国", frozenset({"13800000001"})), Matter(), ["same_phone", "same_name"]),
        ([Worker("王建国", frozenset({"13800000001"}))], Matter(), Worker("王健国", frozenset({"13800000001"})), Matter(), ["same_phone", "alike_name"]),
        ([Worker("王建国")], firm, Worker("王建国"), firm, ["same_name", "same_employer"]),
        ([Worker("王建国")], site, Worker("王建国"), site, ["same_name", "same_site"]),
        ([Worker("王建国", days=(WINTER,))], firm, Worker("王健国", days=(WINTER,)), firm, ["alike_name", "same_employer", "same_days"]),
        ([Worker("王建国", days=(WINTER,))], firm, Worker("王建国", days=(WINTER,)), other_firm, ["same_name", "alike_employer", "same_days"]),
        # not enough: a name alone; workmates who share a phone, employer, site and days; another ID number
        ([Worker("王建国")], Matter(), Worker("王建国"), Matter(), []),
        ([Worker("王建国")], firm, Worker("王健国"), firm, []),
        ([Worker("甲", frozenset({"13800000001"}), days=(WINTER,))], firm, Worker("乙", frozenset({"13800000001"}), days=(WINTER,)), firm, []),
        ([Worker("王建国", frozenset({"13800000001"}), index)], firm, Worker("王建国", frozenset({"13800000001"}), other_index), firm, []),
    ]
    for mine, matter, theirs, their_matter, expected in cases:
        assert between(mine, matter, theirs, their_matter) == expected, (mine, theirs)


class Finding(CastTestCase):
    def found(self, claim: Claim, person: Any = None) -> list[tuple[str, list[str]]]:
        return [(one.claim.number, list(one.reasons)) for one in alike(subject_of(claim), person or self.chief, TODAY)]

    def test_the_likeliest_come_first_each_with_what_speaks_for_it(self) -> None:
        by_name = self.make_claim(claimants=[worker("王健国", "", "", WINTER)])
        by_phone = self.make_claim(claimants=[worker("王建国", "13800000001")], respondents=[RespondentFacts("另一家公司")])
        by_id = self.make_claim(claimants=[worker("王建国", "13900000009", ID_NUMBER)], respondents=[RespondentFacts("第三家公司")])
        self.make_claim(claimants=[worker("李四", "13800000001", "", WINTER)])
        claim = self.make_claim(claimants=[worker("甲", "13700000000"), worker("王建国", "13800000001", ID_NUMBER, WINTER)])
        self.assertEqual(self.found(claim), [
            (by_id.number, ["same_id", "same_name"]), (by_phone.number, ["same_phone", "same_name"]),
            (by_name.number, ["alike_name", "same_employer", "same_days"]),
        ])  # fmt: skip

    def test_what_is_out_of_sight_is_not_found_and_only_its_office_is_named(self) -> None:
        far = self.make_claim("321323101", claimants=[worker("王建国", "13800000001", ID_NUMBER)])
        claim = self.make_claim(claimants=[worker("王建国", "13800000001", ID_NUMBER)])
        self.assertEqual(self.found(claim), [])
        self.assertEqual(offices(subject_of(claim), self.chief, TODAY), ["泗阳县裴圩镇"])
        self.assertEqual([number for number, _why in self.found(claim, self.city)], [far.number])
        self.assertEqual(offices(subject_of(claim), self.city, TODAY), [])
        namesake = self.make_claim(claimants=[worker("王建国", "13700000001")])
        self.assertEqual(offices(subject_of(namesake), self.chief, TODAY), [])
        casework.advance(far, "reject", None, now=NOW, ground="out_of_scope", reason="x")
        self.assertEqual(offices(subject_of(claim), self.chief, TODAY), [])

    def test_a_merged_claim_and_a_pair_that_was_judged_are_not_offered(self) -> None:
        one, two, three = (self.make_claim(claimants=[worker("王建国", "13800000001", ID_NUMBER)]) for _each in range(3))
        casework.advance(two, "merge", self.chief, now=NOW, merged_into=three, reason="重复")
        self.assertEqual([number for number, _why in self.found(one)], [three.number])
        tell_apart(one, three, self.chief, "另一段工期", now=NOW)
        self.assertEqual((self.found(one), self.found(three)), ([], []))

    def test_the_number_of_queries_does_not_grow(self) -> None:
        for _each in range(3):
            self.make_claim(claimants=[worker("王建国", "13800000001", ID_NUMBER)])
        claim = self.make_claim(claimants=[worker("王建国", "13800000001", ID_NUMBER), worker("李四")])
        subject, _scope = subject_of(claim), self.chief.scope(TODAY)
        with CaptureQueriesContext(connection) as few:
            self.assertEqual(len(alike(subject, self.chief, TODAY)), 3)
        for number in range(27):
            self.make_claim(claimants=[worker("王建国", "13800000001", ID_NUMBER), worker("李四"), worker(f"工友{number}")])
        with CaptureQueriesContext(connection) as many:
            self.assertEqual(len(alike(subject, self.chief, TODAY)), 5)
        self.assertEqual(len(few), len(many))
        self.assertLessEqual(len(many), 6)

    def test_the_database_hears_names_as_the_program_does(self) -> None:
        names = ["王建国", "Ａli 买·买提", "張國強（小张）", "".join(map(chr, list(table())[::5])), "O'Neil_-x", "龘"]
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT arrears_name_sound(%s)", [name])
                self.assertEqual(cursor.fetchone()[0], sound_of(name), name[:10])

    def test_an_index_serves_every_way_of_asking(self) -> None:
        """With few rows a sequential scan is cheaper; without it only an index is left."""
        asked = {
            "claimant_id_index": "id_index = 'a'", "claimant_phone": "phone = '13800000001'", "claimant_safe_phone": "safe_phone = '1'",
            "claimant_name_sound": "arrears_name_sound(name) = 'x'",
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for index, condition in asked.items():
                cursor.execute(f"EXPLAIN SELECT id FROM arrears_claimant WHERE {condition}")
                self.assertIn(index, "\n".join(row[0] for row in cursor.fetchall()))


class Typed(CastTestCase):
    def test_a_draft_is_read_as_far_as_it_is_typed_right_or_wrong(self) -> None:
        typed = {
            "who": {"who-TOTAL_FORMS": ["3"], "who-0-name": [""], "who-0-phone": [""], "who-1-name": ["王建国"], "who-1-phone": ["138 0000"],
                    "who-1-id_number": [ID_NUMBER[:17]], "who-2-name": ["李四"], "who-2-id_number": [ID_NUMBER], "worker_count": [""]},
            "whom": {"whom-0-legal_name": [""], "whom-0-aliases": ["孙老板"], "whom-0-credit_code": ["91"]},
            "money": {"money-0-worker": ["1"], "money-0-period_from": ["2025-11-01"], "money-0-period_to": ["不知道"]},
            "where": {"site_name": [" 翰林雅苑 "]},
        }  # fmt: skip
        subject = subject_of_draft(typed, TODAY)
        self.assertEqual([(one.name, bool(one.id_index), one.phones) for one in subject.workers], [("王建国", False, frozenset({"1380000"})), ("李四", True, frozenset())])
        self.assertEqual(subject.workers[1].days, ((date(2025, 11, 1), None),))
        self.assertEqual((subject.matter.firms, subject.matter.site_name), ((Firm("孙老板"),), "翰林雅苑"))
        self.assertEqual(subject_of_draft({}, TODAY).workers, ())


class Pages(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.known = self.make_claim(claimants=[worker("李国庆", "13812345678", ID_NUMBER)])
        self.sign_in(self.grid_worker)

    def begin(self, *steps: tuple[str, dict[str, str]]) -> UUID:
        draft = IntakeDraft(person=self.grid_worker, step="story", updated_at=NOW)
        draft.put({name: {field: [value] for field, value in fields.items()} for name, fields in steps})
        draft.save(force_insert=True)
        return draft.pk

    def whole(self) -> UUID:
        return self.begin(("who", WHO), ("whom", WHOM), ("where", WHERE), ("money", MONEY), ("story", STORY))

    def test_it_is_caught_while_somebody_types_and_nothing_is_kept_by_that(self) -> None:
        pk = self.begin()
        typed = {"who-0-name": "李国庆", "who-0-phone": "13812345678"}
        answer = self.client.post(f"/claims/new/{pk}/alike/who/", typed, headers=HTMX)
        self.assertContains(answer, self.known.number)
        for words in ("电话相同", "姓名相同", f"/claims/new/{pk}/join/{self.known.pk}/"):
            self.assertContains(answer, words)
        self.assertNotContains(answer, ID_NUMBER)
        self.assertEqual(IntakeDraft.objects.get(pk=pk).typed(), {})
        self.assertNotContains(self.client.post(f"/claims/new/{pk}/alike/who/", {"who-0-name": "李国"}), self.known.number)

    def test_without_javascript_the_next_page_and_the_check_page_say_it(self) -> None:
        pk = self.whole()
        for step in ("whom", "check"):
            self.assertContains(self.client.get(f"/claims/new/{pk}/{step}/"), "疑似重复：已有这样的案件")

    def test_the_office_of_a_claim_out_of_sight_is_named_without_anything_personal_and_that_is_logged_once(self) -> None:
        Claim.objects.filter(pk=self.known.pk).update(
            region="321323101", county_code="321323", township_code="321323101", respondent_name="机密公司"
        )
        pk = self.whole()
        for _time in range(2):
            answer = self.client.get(f"/claims/new/{pk}/check/")
            self.assertContains(answer, "泗阳县裴圩镇")
            for hidden in (self.known.number, "机密公司", str(self.known.pk)):
                self.assertNotContains(answer, hidden)
        self.assertEqual(AccessLog.objects.filter(person=self.grid_worker, act="look_for_twin", subject_id=pk).count(), 1)

    def test_a_draft_is_added_to_the_claim_that_is_there(self) -> None:
        pk = self.whole()
        address = f"/claims/new/{pk}/join/{self.known.pk}/"
        self.assertContains(self.client.get(address), "赵大勇")
        self.assertContains(self.client.post(address, {"consent": ""}), "请填写。")
        self.assertRedirects(self.client.post(address, {"consent": "on"}), f"/claims/{self.known.pk}/")
        self.known.refresh_from_db()
        self.assertEqual((self.known.claimants.count(), self.known.worker_count), (2, 2))
        self.assertEqual(self.known.claimed, Decimal("1000.10") + Decimal("320") * Decimal("68.5") - 5000 + 12000)
        self.assertEqual(sorted(self.known.respondents.values_list("legal_name", "aliases")), [
            ("", "孙老板"), ("宿迁宏远劳务有限公司", ""), ("江苏中城建设集团有限公司", ""),
        ])  # fmt: skip
        self.assertFalse(IntakeDraft.objects.filter(pk=pk).exists())
        self.assertEqual(Claim.objects.count(), 1)
        self.assertRedirects(self.client.post(address, {"consent": "on"}), f"/claims/{self.known.pk}/")
        self.assertEqual(Claimant.objects.count(), 2)

    def test_a_draft_that_lacks_what_is_owed_is_asked_for_that_first(self) -> None:
        pk = self.begin(("who", WHO))
        answer = self.client.get(f"/claims/new/{pk}/join/{self.known.pk}/")
        self.assertRedirects(answer, f"/claims/new/{pk}/money/")

    def test_out_of_sight_there_is_nothing_to_join_or_to_judge(self) -> None:
        far = self.make_claim("321323101")
        self.assertEqual(self.client.get(f"/claims/new/{self.whole()}/join/{far.pk}/").status_code, 404)
        self.assertEqual(self.client.get(f"/claims/{far.pk}/apart/").status_code, 404)
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(f"/claims/new/{self.whole()}/alike/who/").status_code, 403)

    def test_the_page_of_a_claim_offers_what_can_be_done(self) -> None:
        claim = self.make_claim(claimants=[worker("李国庆", "13812345678", ID_NUMBER)])
        self.sign_in(self.chief)
        page = self.client.get(f"/claims/{claim.pk}/")
        for words in ("疑似重复", "身份证号相同", f"/claims/{claim.pk}/moves/merge/?into=", f"/claims/{claim.pk}/apart/?other={self.known.pk}", "另有 1 件案件（已结束 0 件）"):
            self.assertContains(page, words)
        form = self.client.get(f"/claims/{claim.pk}/moves/merge/", {"into": self.known.number})
        self.assertContains(form, f'value="{self.known.number}"')
        self.assertContains(form, "疑似重复的在办案件")
        self.sign_in(self.grid_worker)
        self.assertNotContains(self.client.get(f"/claims/{claim.pk}/"), "moves/merge/?into=")

    def test_a_merger_offers_claims_of_the_same_firm_too(self) -> None:
        claim = self.make_claim(claimants=[worker("甲")])
        self.sign_in(self.chief)
        form = self.client.get(f"/claims/{claim.pk}/moves/merge/")
        self.assertContains(form, "同一单位或者同一工地的在办案件")
        self.assertContains(form, self.known.number)

    def test_judging_a_pair_takes_a_reason_and_keeps_what_was_typed(self) -> None:
        claim = self.make_claim(claimants=[worker("李国庆", "13812345678", ID_NUMBER)])
        address = f"/claims/{claim.pk}/apart/"
        self.assertContains(self.client.post(address, {"reason": "另一工地"}), "另一工地")
        self.assertContains(self.client.post(address, {"other": str(self.known.pk), "reason": "  "}), "请填写。")
        self.assertRedirects(self.client.post(address, {"other": str(self.known.pk), "reason": "同名不同工地"}), f"/claims/{claim.pk}/")
        self.assertNotContains(self.client.get(f"/claims/{claim.pk}/"), "身份证号相同")
        self.assertContains(self.client.get(f"/claims/{self.known.pk}/"), "同名不同工地")
        self.assertContains(self.client.get(address), "没有疑似重复的案件")

    def test_one_more_worker_is_added_on_the_claims_own_page(self) -> None:
        address = f"/claims/{self.known.pk}/workers/"
        typed = {"name": "赵大勇", "phone": "13900000001", "unit": "lump", "rate": "1,200", "contact_rule": "open"}
        self.assertContains(self.client.post(address, typed), "1,200")
        self.assertRedirects(self.client.post(address, {**typed, "consent": "on"}), f"/claims/{self.known.pk}/#claimants", fetch_redirect_response=False)
        self.known.refresh_from_db()
        self.assertEqual((self.known.worker_count, self.known.claimed), (2, Decimal("2200.10")))

    def test_the_list_marks_and_finds_them(self) -> None:
        twin = self.make_claim(claimants=[worker("李国庆", "", ID_NUMBER)])
        other = self.make_claim(claimants=[worker("赵大勇", "13900000001")])
        ended = self.make_claim(claimants=[worker("赵大勇", "13900000001")])
        casework.advance(ended, "withdraw", None, now=NOW, reason="x", confirmed=True)
        self.sign_in(self.chief)
        page = self.client.get("/claims/")
        self.assertContains(page, "同一劳动者另有 1 件在办案件", count=2)
        marked = {row.claim: row.again and row.again.text for row in page.context["rows"]}
        self.assertEqual(marked, {self.known: "疑似重复", twin: "疑似重复", other: "再次投诉", ended: "再次投诉"})
        for asked, expected in (("duplicate", {self.known, twin}), ("repeated", {self.known, twin, other, ended})):
            self.assertEqual({row.claim for row in self.client.get("/claims/", {"again": asked}).context["rows"]}, expected)
        tell_apart(twin, self.known, self.chief, "另一工地", now=NOW)
        self.assertEqual(list(self.client.get("/claims/", {"again": "duplicate"}).context["rows"]), [])
        self.assertNotContains(self.client.get("/claims/"), "疑似重复</span>")

    def test_the_api_tells_and_does_the_same(self) -> None:
        claim = self.make_claim(claimants=[worker("李国庆", "", ID_NUMBER)])
        client = APIClient()
        client.force_authenticate(self.chief)
        address = f"/api/v1/claims/{claim.pk}/"
        self.assertEqual(client.get(address).json()["duplicates"], [
            {"id": str(self.known.pk), "number": self.known.number, "score": 155, "reasons": ["same_id", "same_name", "same_employer"]}
        ])  # fmt: skip
        self.assertEqual(client.post(f"{address}apart/", {"other": "x", "reason": "y"}).status_code, 404)
        self.assertEqual(client.post(f"{address}apart/", {"other": self.known.number, "reason": "另一工地"}).status_code, 200)
        self.assertEqual(client.get(address).json()["duplicates"], [])
        added = {"claimants": [{"name": "乙", "lines": [{"rate": "10.00"}]}]}
        self.assertEqual(client.post(f"{address}workers/", added, format="json").json()["worker_count"], 2)


class Joining(CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.grid_worker, claimants=[worker("李国庆", "13812345678", ID_NUMBER)])

    def add(self, *workers: ClaimantFacts, **more: Any) -> Claim:
        return join(self.claim, workers, more.pop("person", self.chief), now=NOW, **more)

    def test_the_same_worker_and_the_same_wage_count_once(self) -> None:
        claim = self.add(worker("李国庆", "13812345678", ID_NUMBER), worker("李国庆", "", ID_NUMBER, WINTER, "55.55"))
        self.assertEqual((claim.worker_count, claim.claimants.count(), claim.claimed), (1, 1, Decimal("1055.65")))
        event = Event.objects.get(kind="add_workers")
        self.assertEqual((event.facts["same"], event.facts["doubled"]), (["李国庆", "李国庆"], "1000.10"))

    def test_the_tenth_makes_it_collective_and_the_first_to_lose_the_right_is_watched(self) -> None:
        crew = [worker(f"工友{number}", f"139{number:08d}") for number in range(9)]
        claim = self.add(*crew, last_working_day=date(2025, 12, 1))
        self.assertTrue(claim.is_collective)
        self.assertEqual(Clock.objects.running().get(claim=claim, rule_id="ARB-LIMIT-1Y").started_on, date(2025, 12, 1))
        self.assertEqual(self.add(worker("又一人", "13700000000"), last_working_day=date(2026, 2, 1)).last_working_day, date(2025, 12, 1))

    @override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s")
    def test_who_was_added_is_told_and_so_is_the_handler(self) -> None:
        Notice.objects.all().delete()
        self.add(worker("赵大勇", "13900000001"))
        told = Notice.objects.get(channel="sms")
        self.assertEqual((told.kind, told.facts["query"]), ("worker_joined", self.claim.public_number))
        self.assertEqual(told.addressee_id, Claimant.objects.get(name="赵大勇").pk)
        self.assertEqual(Notice.objects.get(channel="in_app").recipient, self.grid_worker)

    def test_what_is_refused(self) -> None:
        for code, workers, more in (
            ("nobody", (), {}), ("no_lines", (ClaimantFacts("甲"),), {}), ("not_your_role", (worker("甲"),), {"person": self.mediator}),
            ("not_your_role", (worker("甲"),), {"person": self.chief_a2}), ("in_future", (worker("甲"),), {"last_working_day": TODAY + timedelta(days=1)}),
        ):
            with self.subTest(code), self.assertRaises(Refused) as refused:
                self.add(*workers, **more)
            self.assertEqual(refused.exception.code, code)
        self.assertEqual(self.add(worker("甲")).worker_count, 2)

    def test_judging_is_refused_without_a_reason_a_pair_or_a_role_and_twice_changes_nothing(self) -> None:
        other = self.make_claim()
        for code, pair, person, reason in (
            ("no_reason", (self.claim, other), self.chief, " "), ("same_claim", (self.claim, self.claim), self.chief, "x"),
            ("not_your_role", (self.claim, other), self.auditor, "x"),
        ):
            with self.subTest(code), self.assertRaises(Refused) as refused:
                tell_apart(*pair, person, reason, now=NOW)
            self.assertEqual(refused.exception.code, code)
        first = tell_apart(self.claim, other, self.mediator, "另一工地", now=NOW)
        self.assertEqual(tell_apart(other, self.claim, self.chief, "又一次", now=NOW), first)
        self.assertEqual((Apart.objects.get().reason, Event.objects.filter(kind="tell_apart").count()), ("另一工地", 2))


class AtTheSameTime(Cast, TransactionTestCase):
    def test_two_taps_add_the_worker_of_a_draft_once(self) -> None:
        self.make_cast()
        claim = self.make_claim()
        draft = IntakeDraft.objects.create(person=self.chief, step="story", sealed="", updated_at=NOW)
        gate = Barrier(2)

        def tap() -> None:
            gate.wait()
            try:
                join(claim, [worker("赵大勇", "13900000001")], self.chief, now=NOW, draft_id=draft.pk)
            finally:
                connections.close_all()

        threads = [Thread(target=tap) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual((claim.claimants.count(), Event.objects.filter(kind="add_workers").count()), (2, 1))
