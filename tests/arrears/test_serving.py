"""送达: every way with its proof, what is refused beside what is done, from when it counts, and that no paper is forgotten."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.urls import reverse

from arrears import casework
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Attempt, Claim, Clock, Event, Evidence, Paper, Proceeding, Service
from arrears.proceedings import verbs as proceedings
from arrears.rules.tables import BadRules
from arrears.serving import clock, verbs
from arrears.serving.lawful import Tried, next_way, open_ways, why_not
from arrears.serving.table import METHODS, SERVED, Served, deemed_on, faults
from arrears.serving.verbs import Said
from arrears.workdays import Calendar
from grid.models import Notice, Task
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_evidence import PNG
from tests.base import NOW, TODAY

DAY = timedelta(days=1)


def picture(mark: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile("x.png", PNG + mark.encode())


class LawfulTest(SimpleTestCase):
    """By hand, from arts. 87–95 and the interpretation of the crime of refusing to pay."""

    def test_which_ways_are_open_and_which_comes_next(self) -> None:
        for tried, ways, following in (
            (Tried("order"), ["direct"], "direct"),
            (Tried("order", {"direct": {"absent"}}), ["direct", "post", "entrusted"], "post"),
            (Tried("order", {"direct": {"refused"}}), ["direct", "leaving", "post", "entrusted"], "leaving"),
            (Tried("agreement", {"direct": {"refused"}}), ["direct", "post", "entrusted"], "post"),  # never by leaving
            (Tried("order", {"direct": {"moved"}, "post": {"returned"}}), ["direct", "post", "entrusted", "notice"], "entrusted"),
            (Tried("order", {"direct": {"unknown"}}), ["direct", "post", "entrusted", "posting", "notice"], "post"),
            (Tried("notice", is_fled=True), ["direct", "notice"], "direct"),
            (Tried("order", is_fled=True), ["direct", "posting", "notice"], "direct"),
            (Tried("notice", consents=True), ["direct", "electronic"], "direct"),
            (Tried("notice", {"direct": {"absent"}}, consents=True), ["direct", "electronic", "post", "entrusted"], "electronic"),
            (Tried("notice", is_held=True), ["direct", "transfer"], "direct"),
            (Tried("notice", {name: {"other"} for name in ("direct", "post", "entrusted", "notice")}), ["direct", "post", "entrusted", "notice"], "notice"),
        ):  # fmt: skip
            with self.subTest(tried):
                self.assertEqual(([way.id for way in open_ways(tried)], next_way(tried).id), (ways, following))

    def test_a_no_says_why(self) -> None:
        for method, what, words in (
            ("leaving", "order", "请先直接送达"), ("leaving", "agreement", "不适用留置送达"), ("posting", "notice", "这种文书不能用张贴"), ("electronic", "order", "书面同意"),
            ("notice", "order", "都没有成功"), ("transfer", "order", "军人"), ("posting", "order", "下落不明"), ("post", "order", "请先直接送达"),
        ):  # fmt: skip
            self.assertIn(words, why_not(METHODS[method], Tried(what)).text())
        self.assertIn("In person", METHODS["direct"].text("name", "en"))

    def test_the_day_it_counts_from(self) -> None:
        calendar = Calendar()
        self.assertEqual(deemed_on(METHODS["notice"], date(2026, 3, 2), calendar), date(2026, 4, 1))
        self.assertEqual(deemed_on(METHODS["notice"], date(2026, 9, 4), calendar), date(2026, 10, 4))  # within the holidays: it does not roll
        for method in ("direct", "leaving", "post", "entrusted", "transfer", "posting", "electronic"):
            self.assertEqual(deemed_on(METHODS[method], date(2026, 3, 7), calendar), date(2026, 3, 7))

    def test_a_table_that_contradicts_itself_stops_the_process(self) -> None:
        direct = METHODS["direct"]
        for changed in ({"deemed": "some day"}, {"proof": ("a kiss",)}, {"proof": ()}, {"needs": ("luck",)}, {"only": ("letter",)}, {"sent": ("tracking",)}):
            broken = type(direct)(**{**direct.__dict__, **changed})
            self.assertTrue(list(faults({"direct": broken}, SERVED)), changed)
        self.assertTrue(list(faults(METHODS, {"x": Served(id="x", name="x", name_en="x", whom=("nobody",), then=("NO-RULE",))})))
        self.assertEqual(list(faults(METHODS, SERVED)), [])
        self.assertTrue(issubclass(BadRules, Exception))


class ServingTestCase(PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.claim = self.make_claim()
        self.firm = self.claim.respondents.get()

    def issue(self, what: str = "order", now: Any = NOW, person: Any = None, **changes: Any) -> Service:
        said = {"title": "限期改正指令书 〔2026〕12号", "made_on": now.date(), "respondent": self.firm, **changes}
        return verbs.issue(self.claim, person or self.chief, now=now, what=what, **said)

    def attempt(self, service: Service, method: str, *, now: Any = NOW, reason: str = "", person: Any = None, **said: Any) -> Attempt:
        files = {name: said.pop(name) for name in ("receipt", "recording", "screenshot", "return_slip", "publication") if name in said}
        fresh = Service.objects.get(pk=service.pk)
        return verbs.attempt(fresh, person or self.chief, now=now, method=method, reason=reason, said=Said(now.date(), files=files, **said))

    def settle(self, made: Attempt, *, now: Any, reason: str = "", on: date | None = None, **said: Any) -> Attempt:
        files = {name: said.pop(name) for name in ("receipt", "return_slip") if name in said}
        made = Attempt.objects.select_related("service__claim").get(pk=made.pk)
        return verbs.settle(made, self.chief, now=now, reason=reason, said=Said(on or now.date(), files=files, **said))

    def refuses(self, code: str, act: Any, *given: Any, **said: Any) -> None:
        with self.assertRaises(Refused) as caught:
            act(*given, **said)
        self.assertEqual(caught.exception.code, code, caught.exception.message)

    def now_of(self, service: Service) -> Service:
        return Service.objects.get(pk=service.pk)

    def moves(self) -> list[str]:
        return list(Event.objects.filter(claim=self.claim, kind="service").order_by("at", "seq").values_list("facts__move", flat=True))


class IssueTest(ServingTestCase):
    def test_its_day_is_the_laws_or_the_citys_and_an_earlier_one_is_kept(self) -> None:
        self.assertEqual(self.issue().serve_by, date(2026, 3, 11))  # seven working days of the city's own
        self.assertEqual(self.issue(serve_by=date(2026, 3, 5)).due_on, date(2026, 3, 5))
        self.assertEqual(self.issue(serve_by=date(2026, 4, 5)).serve_by, date(2026, 4, 5))
        self.assertEqual(self.issue("penalty", serve_by=date(2026, 4, 5)).serve_by, date(2026, 3, 11))  # 行政处罚法 61: seven working days at the latest

    def test_what_is_refused(self) -> None:
        worker, other = self.claim.claimants.get(), self.make_claim()
        self.refuses("unknown_paper", self.issue, "letter")
        self.refuses("no_title", self.issue, title=" ")
        self.refuses("wrong_receiver", self.issue, "rejection")
        self.refuses("wrong_receiver", self.issue, claimant=worker)
        self.refuses("not_of_claim", self.issue, respondent=other.respondents.get())
        self.refuses("in_future", self.issue, made_on=TODAY + DAY)
        self.refuses("day_past", self.issue, serve_by=TODAY - DAY)
        self.refuses("not_here", self.issue, server=self.county_b)
        for person in (self.auditor, self.partner, self.chief_a2):
            self.refuses("not_your_role", self.issue, person=person)
        self.assertFalse(Service.objects.exists())
        for person in (self.grid_worker, self.chief, self.county, self.city, self.mediator):
            self.assertEqual(self.issue(person=person).server, person)
        self.assertEqual(self.issue("rejection", respondent=None, claimant=worker).receiver, "李建国")

    def test_a_typo_in_the_year_is_refused_with_a_sentence(self) -> None:
        self.refuses("no_calendar", self.issue, made_on=date(226, 3, 2))
        self.assertFalse(Service.objects.exists())

    def test_whoever_is_to_serve_gets_a_task(self) -> None:
        service = self.issue(server=self.grid_worker)
        task = Task.objects.get(kind="serve_next")
        self.assertEqual((task.owner, task.path, task.due_on), (self.grid_worker, f"/services/{service.pk}/", date(2026, 3, 4)))

    def test_a_claim_that_was_rejected_still_serves_its_decision(self) -> None:
        casework.advance(self.claim, "reject", self.county, now=NOW, ground="out_of_scope", reason="不属于。")
        service = self.issue("rejection", respondent=None, claimant=self.claim.claimants.get(), person=self.county)
        self.attempt(service, "direct", person=self.county, receipt=[picture()], received_by="李建国")
        self.assertEqual(self.now_of(service).state, "served")


class WaysTest(ServingTestCase):
    def test_in_person_with_the_signed_receipt(self) -> None:
        service = self.issue()
        self.refuses("unproved", self.attempt, service, "direct", received_by="老王")
        self.refuses("unproved", self.attempt, service, "direct", receipt=[picture()])
        self.assertFalse(Evidence.objects.exists())
        made = self.attempt(service, "direct", receipt=[picture()], received_by="老王（收发室）", at=time(9, 30), place="项目部")
        found = self.now_of(service)
        self.assertEqual((found.state, found.method, found.deemed_on, found.next_at), ("served", "direct", TODAY, None))
        self.assertEqual(made.proofs.get().evidence.claim, self.claim)
        self.assertEqual(self.moves(), ["issue", "served"])
        self.refuses("served_already", self.attempt, service, "direct", receipt=[picture("2")], received_by="老王")

    def test_refused_it_is_left_with_a_witness_or_recorded(self) -> None:
        service = self.issue()
        self.refuses("way_closed", self.attempt, service, "leaving", recording=[picture()], note="拒收")
        self.attempt(service, "direct", reason="refused", note="说不认账")
        found = self.now_of(service)
        self.assertEqual((found.state, found.due_on), ("waiting", date(2026, 3, 4)))
        task = Task.objects.get(kind="serve_next", done_at=None)
        self.assertEqual((task.owner, task.facts["method"], task.due_on), (self.chief, "留置送达", date(2026, 3, 4)))
        self.refuses("unproved", self.attempt, service, "leaving", note="拒收")
        self.refuses("unproved", self.attempt, service, "leaving", recording=[picture()])
        self.attempt(service, "leaving", now=NOW + DAY, recording=[picture()], note="在门口当着保安留下")
        found = self.now_of(service)
        self.assertEqual((found.method, found.deemed_on), ("leaving", TODAY + DAY))
        self.assertFalse(Task.objects.filter(kind="serve_next", done_at=None).exists())
        self.assertEqual(self.moves(), ["issue", "failed", "served"])

    def test_a_mediation_paper_is_never_left(self) -> None:
        service = self.issue("agreement")
        self.attempt(service, "direct", reason="refused")
        self.refuses("way_closed", self.attempt, service, "leaving", recording=[picture()], note="x")

    def test_electronically_only_with_consent_and_from_the_day_the_system_shows(self) -> None:
        service = self.issue()
        shown = {"screenshot": [picture("s")], "system_at": datetime(2026, 3, 1, 23, 30, tzinfo=UTC)}  # 2 March in Shanghai
        self.refuses("way_closed", self.attempt, service, "electronic", **shown)
        self.refuses("no_address", verbs.consent, service, self.chief, now=NOW, address=" ", paper=picture())
        verbs.consent(service, self.chief, now=NOW, address="13900000001", paper=picture("c"))
        self.refuses("unproved", self.attempt, service, "electronic", screenshot=[picture("s")])
        self.refuses("in_future", self.attempt, service, "electronic", **{**shown, "system_at": NOW + DAY})
        self.attempt(service, "electronic", now=NOW + DAY, **shown)
        self.assertEqual(self.now_of(service).deemed_on, TODAY)

    def test_by_post_it_waits_and_somebody_asks_for_the_slip(self) -> None:
        service = self.issue()
        self.attempt(service, "direct", reason="absent")
        self.refuses("unproved", self.attempt, service, "post")
        made = self.attempt(service, "post", tracking="EMS123")
        found = self.now_of(service)
        self.assertEqual((made.state, found.state, found.due_on), ("sent", "waiting", date(2026, 3, 11)))  # seven working days
        self.refuses("under_way", self.attempt, service, "post", tracking="EMS124")
        self.refuses("unproved", self.settle, made, now=NOW + 3 * DAY)
        self.refuses("too_early", self.settle, made, now=NOW + 3 * DAY, on=TODAY - DAY, return_slip=[picture()])
        self.settle(made, now=NOW + 3 * DAY, on=TODAY + 2 * DAY, return_slip=[picture()])
        self.assertEqual((self.now_of(service).method, self.now_of(service).deemed_on), ("post", TODAY + 2 * DAY))
        self.refuses("served_already", self.settle, made, now=NOW + 3 * DAY, return_slip=[picture()])

    def test_returned_by_post_the_next_way_is_asked_for_in_the_end_the_public_notice(self) -> None:
        service = self.issue()
        self.attempt(service, "direct", reason="moved")
        self.refuses("way_closed", self.attempt, service, "notice", published_in="日报", publication=[picture()], note="找不到")
        made = self.attempt(service, "post", tracking="EMS123")
        self.settle(made, now=NOW + 3 * DAY, reason="returned")
        self.refuses("unproved", self.attempt, service, "notice", now=NOW + 4 * DAY, published_in="宿迁日报", publication=[picture()])
        notice = self.attempt(service, "notice", now=NOW + 4 * DAY, published_in="宿迁日报", publication=[picture()], note="搬走，邮件退回")
        self.assertEqual((notice.state, notice.check_on), ("sent", date(2026, 4, 5)))  # 30 days, on a Sunday
        self.refuses("takes_effect_itself", self.settle, notice, now=NOW + 9 * DAY)
        self.assertEqual(verbs.take_effect(NOW + 33 * DAY), 0)  # 4 April
        self.assertEqual(verbs.take_effect(NOW + 34 * DAY), 1)
        found = self.now_of(service)
        self.assertEqual((found.state, found.method, found.deemed_on), ("served", "notice", date(2026, 4, 5)))
        self.assertEqual(verbs.take_effect(NOW + 35 * DAY), 0)

    def test_found_after_all_while_the_notice_runs(self) -> None:
        service = self.issue()
        verbs.mark(service, self.chief, now=NOW, as_what="fled", note="村委会证明人已离开")
        notice = self.attempt(service, "notice", published_in="宿迁日报", publication=[picture()], note="下落不明")
        self.attempt(service, "direct", now=NOW + 5 * DAY, receipt=[picture("r")], received_by="本人")
        notice.refresh_from_db()
        self.assertEqual((notice.state, self.now_of(service).deemed_on), ("overtaken", TODAY + 5 * DAY))
        self.assertEqual(verbs.take_effect(NOW + 60 * DAY), 0)

    def test_an_order_to_one_who_fled_is_posted_up_and_filmed_and_nothing_else_is(self) -> None:
        service, other = self.issue(), self.issue("notice")
        self.refuses("no_reason", verbs.mark, service, self.chief, now=NOW, as_what="fled", note=" ")
        for one in (service, other):
            verbs.mark(one, self.chief, now=NOW, as_what="fled", note="村委会证明人已离开")
        self.refuses("way_closed", self.attempt, other, "posting", recording=[picture()], note="贴在门上")
        self.refuses("unproved", self.attempt, service, "posting", note="贴在门上")
        self.attempt(service, "posting", recording=[picture()], note="贴在项目部大门")
        self.assertEqual((self.now_of(service).method, self.now_of(service).deemed_on), ("posting", TODAY))

    def test_through_others(self) -> None:
        service, held = self.issue(), self.issue("notice")
        self.attempt(service, "direct", reason="moved")
        self.refuses("unproved", self.attempt, service, "entrusted")
        made = self.attempt(service, "entrusted", unit="泗洪县人力资源和社会保障局")
        self.settle(made, now=NOW + 4 * DAY, receipt=[picture("e")], received_by="本人")
        self.assertEqual(self.now_of(service).deemed_on, TODAY + 4 * DAY)
        self.refuses("way_closed", self.attempt, held, "transfer", unit="监狱")
        verbs.mark(held, self.chief, now=NOW, as_what="held", note="判决书")
        made = self.attempt(held, "transfer", unit="宿城监狱")
        self.settle(made, now=NOW + 2 * DAY, receipt=[picture("t")], received_by="本人")
        self.assertEqual(self.now_of(held).method, "transfer")

    def test_days_that_cannot_be(self) -> None:
        service = self.issue(made_on=TODAY - DAY)
        self.refuses("unknown_way", self.attempt, service, "pigeon")
        self.refuses("no_reason", self.attempt, service, "direct", reason="rain")
        for day, code in ((TODAY + DAY, "in_future"), (TODAY - 2 * DAY, "too_early")):
            self.refuses(code, verbs.attempt, service, self.chief, now=NOW, method="direct", said=Said(day))

    def test_the_same_photograph_twice_is_one_evidence(self) -> None:
        one, two = self.issue(), self.issue("decision")
        for service in (one, two):
            self.attempt(service, "direct", receipt=[picture()], received_by="老王")
        self.assertEqual(Evidence.objects.filter(claim=self.claim).count(), 1)

    def test_dropped_it_waits_no_more(self) -> None:
        service = self.issue()
        self.refuses("no_reason", verbs.drop, service, self.chief, now=NOW, reason=" ")
        verbs.drop(service, self.chief, now=NOW, reason="已撤销该文书")
        self.assertEqual((self.now_of(service).state, self.now_of(service).next_at), ("dropped", None))
        self.refuses("served_already", self.attempt, service, "direct", reason="absent")


class ForgottenNeverTest(ServingTestCase):
    def test_it_calls_climbs_and_calls_every_working_day_until_it_is_served(self) -> None:
        service = self.issue(server=self.grid_worker)  # by Wednesday the 11th
        self.assertEqual(clock.call_due(NOW + 7 * DAY), 0)
        self.assertEqual(clock.call_due(NOW + 8 * DAY), 1)  # the day before
        near = Notice.objects.filter(kind="serving_near", channel="in_app")
        self.assertEqual({one.recipient for one in near}, {self.grid_worker})
        clock.call_due(NOW + 10 * DAY)  # due and late1
        found = self.now_of(service)
        self.assertEqual((found.level, "climbed" in self.moves()), ("county", True))
        late = Notice.objects.filter(kind="serving_late", channel="in_app")
        self.assertLessEqual({self.grid_worker, self.county}, {one.recipient for one in late})
        clock.call_due(NOW + 14 * DAY)  # late3
        self.assertEqual(self.now_of(service).level, "city")
        self.assertEqual([clock.call_due(NOW + days * DAY) for days in (15, 16, 17, 18, 19, 20, 21)], [1, 1, 1, 1, 0, 0, 1])  # from Tuesday on; not at the weekend
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.level, "township")
        self.attempt(service, "direct", now=NOW + 22 * DAY, receipt=[picture()], received_by="老王")
        self.assertEqual(clock.call_due(NOW + 40 * DAY), 0)

    def test_a_right_of_the_worker_begins_with_the_day_it_was_served(self) -> None:
        worker = self.claim.claimants.get()
        for receiver, count in (({"respondent": None, "claimant": worker}, 1), ({}, 0)):
            service = self.issue("award", **receiver)
            self.attempt(service, "direct", receipt=[picture(str(count))], received_by="本人")
            found = Clock.objects.filter(rule_id="ARB-SUE-15", about_id=service.pk)
            self.assertEqual([(one.started_on, one.due_on) for one in found], [(TODAY, date(2026, 3, 17))] * count)

    def road(self, kind: str, *names: str, on: date = TODAY - DAY) -> Proceeding:
        road = Proceeding.objects.create(claim=self.claim, kind=kind, opened_as=names[0], state=names[-1], opened_at=NOW)
        for name in names:
            road.steps.create(name=name, on=on, recorded_at=NOW)
        return road

    def serve(self, what: str, now: Any = NOW, **receiver: Any) -> Service:
        service = self.issue(what, now=now, **receiver)
        self.attempt(service, "direct", now=now, receipt=[picture(str(service.pk))], received_by="本人")
        return self.now_of(service)

    def sue_by(self) -> set[tuple[Any, date]]:
        return set(Clock.objects.running().filter(rule_id="ARB-SUE-15").values_list("about_id", "started_on"))

    def step(self, road: Proceeding, name: str, on: date, **said: Any) -> Any:
        paper = Evidence.objects.order_by("added_at").last()
        now = NOW + (on - TODAY)
        return proceedings.record_step(Proceeding.objects.get(pk=road.pk), name, self.county, on=on, now=now, paper=paper, amount=Decimal(8000), until=on + 30 * DAY, **said)

    def test_each_worker_has_the_time_to_sue_from_the_own_receipt_and_the_award_on_record_takes_it_over(self) -> None:
        self.claim = self.make_claim(claimants=[ClaimantFacts(name, "", lines=[LineFacts(1000)]) for name in ("李一", "李二")])
        self.firm, road = self.claim.respondents.get(), None
        road = self.road("arbitration", "applied", "accepted")
        first, second = self.claim.claimants.order_by("pk")
        one = self.serve("award", respondent=None, claimant=first)
        two = self.serve("award", now=NOW + DAY, respondent=None, claimant=second)
        self.assertEqual(self.sue_by(), {(one.pk, TODAY), (two.pk, TODAY + DAY)})
        step = self.step(road, "awarded", TODAY)
        self.assertEqual(self.sue_by(), {(road.pk, TODAY)}, "whoever received it later has no less time than the first")
        proceedings.take_back(step, self.county, reason="填错了日期", now=NOW + DAY)
        self.assertEqual(self.sue_by(), {(one.pk, TODAY), (two.pk, TODAY + DAY)})
        self.step(road, "awarded", TODAY + DAY)
        self.assertEqual(self.sue_by(), {(one.pk, TODAY), (road.pk, TODAY + DAY)}, "an earlier day is not lost")

    def test_a_proceeding_that_counts_it_already_needs_no_second_clock(self) -> None:
        road = self.road("arbitration", "applied", "accepted")
        Evidence.objects.create(
            claim=self.claim, kind="document", title="裁决书", original_name="a.pdf", file="x/a.pdf", extension="pdf", mime="application/pdf",
            size=1, sha256="0" * 64, added_at=NOW,
        )  # fmt: skip
        self.step(road, "awarded", TODAY)
        self.serve("award", respondent=None, claimant=self.claim.claimants.get())
        self.assertEqual(self.sue_by(), {(road.pk, TODAY)})

    def test_the_day_of_the_respondent_is_the_other_sides(self) -> None:
        road = self.road("arbitration", "applied", "accepted")
        self.serve("award")
        self.assertFalse(Task.objects.filter(kind="serve_step").exists(), "nothing to enter with this day yet")
        self.assertEqual(self.sue_by(), set())
        self.step(road, "awarded", TODAY + DAY)
        other = road.steps.get(name="other_received")
        self.assertEqual((other.other_on, other.on, other.recorded_by), (TODAY, TODAY + DAY, None))

    def test_the_day_of_the_respondent_after_the_award_is_on_record_is_recorded_by_itself(self) -> None:
        road = self.road("arbitration", "applied", "accepted")
        self.serve("award", respondent=None, claimant=self.claim.claimants.get())
        self.step(road, "awarded", TODAY)
        self.serve("award", now=NOW + DAY)
        self.assertEqual(road.steps.get(name="other_received").other_on, TODAY + DAY)
        road.refresh_from_db()
        self.assertEqual((road.state, road.auto_step, road.auto_on), ("awarded", "effective", date(2026, 3, 19)))  # 3 March and fifteen days: the 18th

    def second_firm(self) -> Any:
        return self.claim.respondents.create(role="contractor", legal_name="宿迁二建有限公司")

    def test_a_decision_served_on_a_second_respondent_begins_no_second_road(self) -> None:
        road = self.road("admin", "decided")
        self.serve("decision")
        self.assertFalse(Task.objects.filter(kind="serve_step").exists())
        step = road.steps.get(name="received_too")
        self.assertEqual((step.on, step.recorded_by), (TODAY, None))
        # Its own six months, to the day: 2 March to 2 September.
        self.assertEqual(Clock.objects.running().get(rule_id="ADMLIT-6M").due_on, date(2026, 9, 2))

    def test_a_decision_received_before_the_day_on_record_changes_nothing(self) -> None:
        road = self.road("admin", "decided", on=TODAY)
        self.serve("decision", made_on=TODAY)
        self.assertFalse(road.steps.filter(name="received_too").exists())

    def test_while_one_respondent_is_still_waited_for_the_others_day_is_not_the_last(self) -> None:
        road, other = self.road("arbitration", "applied", "accepted"), self.second_firm()
        self.serve("award", respondent=None, claimant=self.claim.claimants.get())
        self.step(road, "awarded", TODAY)
        waiting = self.issue("award", now=NOW, respondent=other)
        self.serve("award", now=NOW + DAY)
        self.assertFalse(road.steps.filter(name="other_received").exists())
        verbs.drop(waiting, self.chief, now=NOW + 2 * DAY, reason="不是被申请人")
        self.assertEqual(road.steps.get(name="other_received").other_on, TODAY + DAY)

    def test_the_task_is_done_when_the_step_is_entered_wherever_that_is(self) -> None:
        road = self.road("arbitration", "applied", "accepted")
        self.serve("award", respondent=None, claimant=self.claim.claimants.get())
        task = Task.objects.get(kind="serve_step", done_at=None)
        self.step(road, "awarded", TODAY)
        task.refresh_from_db()
        self.assertIsNotNone(task.done_at)

    def test_the_task_of_a_first_step_is_done_when_the_road_is_opened(self) -> None:
        self.serve("order")
        task = Task.objects.get(kind="serve_step", done_at=None)
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        proceedings.open_proceeding(
            self.claim, "admin", "ordered", self.county, on=TODAY, now=NOW, docket="1", amount=Decimal(8000), until=TODAY, paper=Evidence.objects.get(),
        )  # fmt: skip
        task.refresh_from_db()
        self.assertIsNotNone(task.done_at)

    def test_merged_and_split_the_time_to_sue_goes_with_the_worker(self) -> None:
        self.claim = self.make_claim(claimants=[ClaimantFacts(name, "", lines=[LineFacts(1000)]) for name in ("李一", "李二")])
        self.firm, first = self.claim.respondents.get(), self.claim.claimants.order_by("pk")[0]
        served = self.serve("award", respondent=None, claimant=first)
        new = split(self.claim, self.chief, [first.pk], "分开办理", now=NOW)
        self.assertEqual((self.now_of(served).claim, Clock.objects.running().get(rule_id="ARB-SUE-15").claim), (new, new))
        target = self.make_claim(claimants=[ClaimantFacts("王五", "13900000009", lines=[LineFacts(1000)])])
        casework.advance(new, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        self.assertEqual((self.now_of(served).claim, Clock.objects.running().get(rule_id="ARB-SUE-15").claim), (target, target))

    def test_a_step_that_needs_only_the_day_and_the_receipt_is_recorded_by_itself(self) -> None:
        road = Proceeding.objects.create(claim=self.claim, kind="admin", opened_as="decided", state="period_over", opened_at=NOW)
        road.steps.create(name="period_over", on=TODAY - DAY, recorded_at=NOW)
        self.attempt(self.issue("demand"), "direct", receipt=[picture()], received_by="老王")
        step = road.steps.get(name="demanded")
        self.assertEqual((step.name, step.on, step.paper), ("demanded", TODAY, Evidence.objects.get()))
        due = Clock.objects.get(rule_id="ENF-CUIGAO", about_id=road.pk)
        self.assertEqual(due.due_on, date(2026, 3, 16))  # ten working days
        self.assertFalse(Task.objects.filter(kind="serve_step").exists())

    def test_any_other_is_asked_of_the_county_with_its_day(self) -> None:
        self.attempt(self.issue(), "direct", receipt=[picture()], received_by="老王")
        task = Task.objects.get(kind="serve_step")
        self.assertEqual((task.owner, task.path, task.facts["day"]), (self.county, f"/claims/{self.claim.pk}/proceedings/admin/ordered/", "2026-03-02"))
        self.sign_in(self.county)
        self.assertEqual(self.client.get(task.path).status_code, 200)
        self.attempt(self.issue("demand"), "direct", receipt=[picture("2")], received_by="老王")
        self.assertEqual(Task.objects.filter(kind="serve_step").count(), 1)  # no road is open on which a demand could be a step

    def test_whoever_has_a_step_that_begins_with_it_is_called(self) -> None:
        heard: list[Any] = []
        verbs.ON_SERVED.append(lambda service, now: heard.append((service.what, service.deemed_on)))
        self.addCleanup(verbs.ON_SERVED.pop)
        self.attempt(self.issue("demand"), "direct", receipt=[picture()], received_by="老王")
        self.assertEqual(heard, [("demand", TODAY)])

    def test_merged_and_split_it_goes_where_the_matter_goes_on(self) -> None:
        target, worker = self.make_claim(claimants=[ClaimantFacts("王五", "13900000009", lines=[LineFacts(1000)])]), self.claim.claimants.get()
        served = self.issue("notice")
        self.attempt(served, "direct", receipt=[picture()], received_by="老王")
        firm, own = self.issue(), self.issue("rejection", respondent=None, claimant=worker)
        casework.advance(self.claim, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        self.assertEqual((self.now_of(firm).claim, self.now_of(firm).respondent.claim, self.now_of(own).claim), (target, target, target))
        self.assertEqual(self.now_of(served).claim, self.claim)
        new = split(Claim.objects.get(pk=target.pk), self.county, [worker.pk], "另一班组", now=NOW)
        self.assertEqual((self.now_of(own).claim, self.now_of(firm).claim), (new, target))


class PagesTest(ServingTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)

    def act(self, service: Service, name: str, **posted: Any) -> Any:
        return self.client.post(reverse("service_act", args=[service.pk, name]), {f"{name}-{key}": value for key, value in posted.items()}, follow=True)

    def test_from_the_claim_to_the_receipt_on_a_phone(self) -> None:
        address = reverse("claim_serve", args=[self.claim.pk])
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), address)
        self.assertContains(self.client.post(address, {"what": "order"}), "必填")
        page = self.client.post(address, {
            "what": "order", "title": "限期改正指令书", "receiver": f"respondent:{self.firm.pk}", "made_on": TODAY.isoformat(),
        }, follow=True)  # fmt: skip
        service = Service.objects.get()
        self.assertContains(page, "直接送达")
        self.assertContains(page, 'capture="environment"')
        self.assertNotContains(page, "登记：留置送达")
        self.assertContains(page, "当面拒收以后才能留置送达")
        self.assertContains(self.act(service, "direct", on=TODAY.isoformat(), received_by="老王"), "还缺证明：送达回证", status_code=409)
        page = self.act(service, "direct", on=TODAY.isoformat(), received_by="老王", receipt=picture(), place="项目部")
        self.assertContains(page, "送达：直接送达")
        self.assertContains(page, "签收人：老王")
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "已送达宿迁宏远劳务有限公司")

    def test_sent_and_settled_on_the_page(self) -> None:
        service = self.issue()
        self.act(service, "direct", on=TODAY.isoformat(), reason="absent")
        page = self.act(service, "post", on=TODAY.isoformat(), tracking="EMS1")
        made = Attempt.objects.get(method="post")
        self.assertContains(page, reverse("attempt_settle", args=[made.pk]))
        prefix = f"a{made.pk.hex[-6:]}"
        page = self.client.post(reverse("attempt_settle", args=[made.pk]), {f"{prefix}-on": TODAY.isoformat(), f"{prefix}-return_slip": picture()}, follow=True)
        self.assertContains(page, "送达：邮寄送达")

    def test_the_receipt_is_made_of_what_is_known(self) -> None:
        self.sign_in(self.county)
        service = self.issue(person=self.county)
        self.attempt(service, "direct", reason="refused", note="说不认账", place="项目部", person=self.county)
        page = self.client.post(reverse("service_receipt", args=[service.pk]))
        paper = Paper.objects.get()
        self.assertRedirects(page, reverse("paper_detail", args=[paper.pk]), fetch_redirect_response=False)
        self.assertEqual((paper.form, paper.about_id), ("F-22", service.pk))
        self.assertEqual(tuple(paper.told()["answers"][name] for name in ("document", "served_by", "refused", "witness")), ("限期改正指令书 〔2026〕12号", "left", "yes", "说不认账"))
        own = self.issue("rejection", respondent=None, claimant=self.claim.claimants.get(), person=self.county)
        self.assertContains(self.client.post(reverse("service_receipt", args=[own.pk])), "给被申请方的", status_code=409)
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(reverse("service_receipt", args=[service.pk])).status_code, 409)

    def test_what_is_known_of_the_receiver(self) -> None:
        service = self.issue()
        self.assertContains(self.act(service, "consent", address="微信 laowang"), "必填", status_code=422)
        self.act(service, "consent", address="微信 laowang", paper=picture())
        self.assertContains(self.act(service, "fled", note="村里说走了"), "登记：张贴并拍照、录像")
        self.act(service, "held", note="判决书")
        self.act(service, "drop", reason="撤销")
        found = self.now_of(service)
        self.assertEqual((found.e_address, found.is_fled, found.is_held, found.state), ("微信 laowang", True, True, "dropped"))
        self.assertEqual(self.client.post(reverse("service_act", args=[service.pk, "pigeon"])).status_code, 404)

    def test_list_tile_and_tabs(self) -> None:
        service = self.issue(person=self.grid_worker)
        self.assertContains(self.client.get("/"), "要我送达的文书")
        for show, is_there in (("mine", True), ("waiting", True), ("late", False), ("ended", False)):
            page = self.client.get(reverse("service_list"), {"show": show})
            self.assertEqual(service.title in page.content.decode(), is_there, show)
        Service.objects.update(due_on=TODAY - 400 * DAY)
        self.sign_in(self.chief)
        self.assertContains(self.client.get("/"), "逾期未送达的文书")
        few = self.queries(reverse("service_list"))
        for _number in range(27):
            self.issue()
        self.assertEqual(self.queries(reverse("service_list")), few)

    def test_who_sees_it_and_who_may(self) -> None:
        service = self.issue()
        detail, posted = reverse("service_detail", args=[service.pk]), {"direct-on": TODAY.isoformat(), "direct-reason": "absent"}
        for person, seen, done in (
            (self.chief, 200, 302), (self.county, 200, 302), (self.city, 200, 302), (self.mediator, 200, 302), (self.auditor, 200, 409), (self.chief_a2, 404, 404),
            (self.county_b, 404, 404), (self.partner, 404, 404), (self.outsider, 404, 404),
        ):  # fmt: skip
            self.sign_in(person)
            with self.subTest(person.full_name):
                self.assertEqual(self.client.get(detail).status_code, seen)
                self.assertEqual(self.client.post(reverse("service_act", args=[service.pk, "direct"]), posted).status_code, done)

    def test_by_api(self) -> None:
        here = "/api/v1/services/"
        said = {"claim": str(self.claim.pk), "what": "order", "title": "限期改正指令书", "made_on": TODAY.isoformat(), "respondent": str(self.firm.pk)}
        made = self.client.post(here, said, content_type="application/json")
        self.assertEqual(made.status_code, 201, made.content)
        self.assertEqual((made.json()["open_ways"], made.json()["next_way"]), (["direct"], "direct"))
        own = f"{here}{made.json()['id']}/"
        self.assertEqual(self.client.post(f"{own}attempts/", {"method": "leaving", "on": TODAY.isoformat()}).json()["code"], "way_closed")
        failed = self.client.post(f"{own}attempts/", {"method": "direct", "on": TODAY.isoformat(), "reason": "absent"})
        self.assertEqual((failed.status_code, failed.json()["next_way"]), (201, "post"))
        sent = self.client.post(f"{own}attempts/", {"method": "post", "on": TODAY.isoformat(), "tracking": "EMS1"}).json()
        self.assertEqual(self.client.post(f"{own}settle/", {"attempt": str(self.claim.pk), "on": TODAY.isoformat()}).status_code, 400)
        done = self.client.post(f"{own}settle/", {"attempt": sent["attempts"][-1]["id"], "on": TODAY.isoformat(), "return_slip": picture()})
        self.assertEqual((done.status_code, done.json()["state"], done.json()["deemed_on"]), (200, "served", TODAY.isoformat()))
        self.assertEqual(self.client.get(here, {"state": "served"}).json()["results"][0]["receiver"], "宿迁宏远劳务有限公司")
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(f"{own}drop/", {"reason": "x"}).status_code, 409)
        self.sign_in(self.chief_a2)
        self.assertEqual(self.client.get(own).status_code, 404)
