"""群众反映: who may do what with it, what becomes of it, and that none is forgotten."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from arrears import integrity
from arrears.models import Claim, Employer, Event, Report
from arrears.reports import clock, deciding
from arrears.reports.receiving import Said, receive
from arrears.tasks import sweep
from grid.days import SHANGHAI
from grid.models import Notice, Posting
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

DAY = timedelta(days=1)


class ReportTestCase(PagesTestCase):
    def make_report(self, region: str = "321322101", **changes: object) -> Report:
        said = {
            "region": self.regions[region], "name": "李建国", "phone": "13800000001", "employer": "孙老板", "place": "翰林雅苑二期",
            "amount": Decimal("8000.00"), "story": "干了三个月。", **changes,
        }  # fmt: skip
        uploads = said.pop("uploads", ())
        return receive(Said(**said), now=NOW, uploads=uploads)


class Catch:
    def __init__(self, test: PagesTestCase, code: str) -> None:
        self.test, self.code = test, code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> bool:
        self.test.assertIsInstance(error, Refused)
        self.test.assertEqual(error.code, self.code)
        return True


class AcceptingTest(ReportTestCase):
    def test_one_act_makes_the_claim_of_what_was_told_with_the_day_it_was_told(self) -> None:
        papers = [SimpleUploadedFile("欠条.txt", "欠李建国八千元".encode())]
        report = self.make_report(uploads=papers, people=3)
        later = NOW + DAY
        claim = deciding.accept(report, self.grid_worker, now=later)
        report.refresh_from_db()
        worker = claim.claimants.get()
        self.assertEqual((report.state, report.claim, report.decided_by, report.next_at), ("accepted", claim, self.grid_worker, None))
        self.assertEqual(
            (worker.name, worker.phone, claim.claimed, claim.worker_count, claim.story, claim.received_on, claim.channel, claim.handler),
            ("李建国", "13800000001", Decimal("8000.00"), 3, "干了三个月。", TODAY, "online", self.grid_worker),
        )
        self.assertEqual((claim.public_number, claim.respondents.get().aliases, claim.site.name), (report.public_number, "孙老板", "翰林雅苑二期"))
        paper = claim.evidence.get()
        self.assertEqual(paper.file.read().decode(), "欠李建国八千元")
        self.assertEqual(list(claim.clocks.filter(rule_id="JC-ACCEPT").values_list("started_on", flat=True)), [TODAY])

    def test_only_a_firm_that_is_known_is_one_by_its_name(self) -> None:
        Employer.objects.create(name="宿迁宏远劳务有限公司")
        known = deciding.accept(self.make_report(employer="宿迁宏远劳务有限公司"), self.grid_worker, now=NOW)
        self.assertEqual(known.respondents.get().legal_name, "宿迁宏远劳务有限公司")
        deciding.accept(self.make_report(employer="随便写的公司"), self.grid_worker, now=NOW)
        self.assertFalse(Employer.objects.filter(name="随便写的公司").exists())

    def test_nobody_decides_twice(self) -> None:
        report = self.make_report()
        deciding.accept(report, self.grid_worker, now=NOW)
        for again in (
            lambda: deciding.accept(report, self.chief, now=NOW), lambda: deciding.decline(report, self.chief, now=NOW, reason="x"),
            lambda: deciding.join(report, self.chief, now=NOW, claim=Claim.objects.get()),
            lambda: deciding.route(report, self.chief, now=NOW, region=self.regions["321322102"]),
        ):  # fmt: skip
            with Catch(self, "decided_already"):
                again()
        self.assertEqual(Claim.objects.count(), 1)

    def test_who_may_do_what(self) -> None:
        allowed = {
            "accept": {"grid_worker", "chief", "county"},
            "decline": {"grid_worker", "chief", "county", "city"},
            "join": {"grid_worker", "chief", "county", "city"},
            "route": {"grid_worker", "chief", "county", "city"},
        }
        claim = self.make_claim()
        answers = {"accept": {}, "decline": {"reason": "x"}, "join": {"claim": claim}, "route": {"region": self.regions["321322102"]}}
        for verb, people in allowed.items():
            for name, person in self.everybody().items():
                with self.subTest(verb, person=name):
                    report = self.make_report()
                    if name in people:
                        getattr(deciding, verb)(report, person, now=NOW, **answers[verb])
                    else:
                        with Catch(self, "not_your_role"):
                            getattr(deciding, verb)(report, person, now=NOW, **answers[verb])
                        report.refresh_from_db()
                        self.assertEqual((report.state, report.township_code), ("waiting", "321322101"))


class OtherEndsTest(ReportTestCase):
    def test_declined_with_a_reason_and_not_without(self) -> None:
        report = self.make_report()
        with Catch(self, "no_reason"):
            deciding.decline(report, self.grid_worker, now=NOW, reason="  ")
        deciding.decline(report, self.grid_worker, now=NOW, reason="不属于欠薪。")
        report.refresh_from_db()
        self.assertEqual((report.state, report.reason, report.next_at), ("declined", "不属于欠薪。", None))

    def test_joined_it_stands_in_the_history_of_the_claim_with_its_papers(self) -> None:
        claim, report = self.make_claim(), self.make_report(uploads=[SimpleUploadedFile("a.txt", "欠条".encode())])
        deciding.join(report, self.chief, now=NOW, claim=claim)
        event = Event.objects.get(claim=claim, kind="report_joined")
        self.assertEqual((event.facts["report"], event.facts["text"]), (report.public_number, "干了三个月。"))
        self.assertEqual(claim.evidence.count(), 1)
        Claim.objects.filter(pk=claim.pk).update(stage="closed")
        with Catch(self, "claim_closed"):
            deciding.join(self.make_report(), self.chief, now=NOW, claim=claim)

    def test_routed_it_is_the_other_townships_with_the_same_day_and_they_are_told(self) -> None:
        report = self.make_report()
        with Catch(self, "same_township"):
            deciding.route(report, self.chief, now=NOW, region=self.regions["321322101"])
        with Catch(self, "no_township"):
            deciding.route(report, self.chief, now=NOW, region=self.regions["321323"])
        deciding.route(report, self.chief, now=NOW, region=self.regions["321322102"])
        moved = Report.objects.get()
        self.assertEqual((moved.township_code, moved.due_on, moved.state), ("321322102", report.due_on, "waiting"))
        self.assertTrue(Notice.objects.filter(kind="report_arrived", recipient=self.chief_a2).exists())
        self.assertFalse(Report.objects.visible_to(self.chief, TODAY).exists())


class NeverForgottenTest(ReportTestCase):
    """Received on Monday 2 March, to be answered by Wednesday 4 March."""

    def at(self, day: int, hour: int = 9) -> datetime:
        return datetime(2026, 3, day, hour, 5, tzinfo=SHANGHAI)

    def told(self, kind: str) -> set[str]:
        return set(Notice.objects.filter(kind=kind, channel="in_app").values_list("recipient__username", flat=True))

    def test_it_reminds_climbs_and_never_falls_silent(self) -> None:
        report = self.make_report()
        self.assertEqual(clock.call_due(self.at(2, 11)), 0)
        for day in (3, 4):
            clock.call_due(self.at(day))
        self.assertEqual(self.told("report_near"), {"wangge", "zhangzhen"})
        for day in (5, 6, 9, 10, 11):
            clock.call_due(self.at(day))
        report.refresh_from_db()
        self.assertEqual((report.level, report.state), ("county", "waiting"))
        self.assertIn("xianan", self.told("report_late"))
        before = Notice.objects.filter(kind="report_late").count()
        for day in (12, 13):  # behind the last rung, each working day
            self.assertEqual(clock.call_due(self.at(day)), 1)
            self.assertEqual(clock.call_due(self.at(day)), 0)
        self.assertGreater(Notice.objects.filter(kind="report_late").count(), before)
        deciding.decline(report, self.county, now=self.at(13), reason="已核实。")
        self.assertEqual(clock.call_due(self.at(16)), 0)

    def test_after_a_long_silence_of_the_machine_it_calls_once_and_has_climbed(self) -> None:
        report = self.make_report()
        self.assertEqual(clock.call_due(self.at(20)), 1)
        report.refresh_from_db()
        self.assertEqual(report.level, "county")
        self.assertEqual(Notice.objects.filter(kind="report_near").count(), 0)

    def test_one_that_cannot_be_called_stops_no_other_and_is_named(self) -> None:
        bad, good = self.make_report(), self.make_report(name="王二", phone="13800000002")
        Report.objects.filter(pk=bad.pk).update(level="nowhere", next_at=self.at(2))
        with self.assertLogs("arrears.one_by_one", "ERROR") as said:
            self.assertEqual(clock.call_due(self.at(4)), 1)
        self.assertIn(str(bad.pk), said.output[0])
        good.refresh_from_db()
        self.assertGreater(good.next_at, self.at(4))
        (late,) = integrity.run(self.at(4), ["calls_late"])
        self.assertEqual((late.found.count, list(late.found.examples)[0].split()[0]), (1, bad.public_number))

    def test_a_vacant_township_leaves_it_to_the_county(self) -> None:
        Posting.objects.filter(region="321322101").delete()
        self.make_report()
        self.assertEqual(self.told("report_arrived"), {"xianan"})

    def test_the_sweep_calls_it(self) -> None:
        self.make_report()
        self.now = self.at(5)
        sweep()
        self.assertTrue(Notice.objects.filter(kind__in=("report_near", "report_late")).exists())

    def test_the_day_a_source_asks_for_goes_before_our_own_and_never_before_receipt(self) -> None:
        self.assertEqual(self.make_report(answer_by=TODAY + DAY).due_on, TODAY + DAY)
        self.assertEqual(self.make_report(answer_by=TODAY + 30 * DAY).due_on, TODAY + 2 * DAY)
        self.assertEqual(self.make_report(answer_by=TODAY - DAY).due_on, TODAY)


class PagesTest(ReportTestCase):
    def test_the_list_shows_those_in_sight_and_the_tile_counts_the_same(self) -> None:
        for region in ("321322101", "321322101", "321322102", "321323101"):
            self.make_report(region)
        for person, number in ((self.grid_worker, 2), (self.chief_a2, 1), (self.county, 3), (self.county_b, 1), (self.city, 4), (self.auditor, 4)):
            self.sign_in(person)
            response = self.client.get("/reports/")
            self.assertEqual((len(response.context["rows"]), response.context["count"].number), (number, number), person)
        self.sign_in(self.grid_worker)
        self.assertContains(self.client.get("/"), "待处理的反映")
        self.assertContains(self.client.get("/"), "等待处理的群众反映")
        for person in (self.partner, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.client.get("/reports/").status_code, 404)

    def test_it_asks_as_often_for_three_rows_as_for_thirty(self) -> None:
        for _number in range(3):
            self.make_report()
        few = self.queries("/reports/")
        for _number in range(27):
            self.make_report()
        self.assertEqual(self.queries("/reports/"), few)

    def test_tabs(self) -> None:
        late, ended, waiting = (self.make_report() for _number in range(3))
        Report.objects.filter(pk=late.pk).update(due_on=TODAY - DAY)
        deciding.decline(ended, self.chief, now=NOW, reason="重复。")
        for show, expected in (("waiting", {late, waiting}), ("late", {late}), ("ended", {ended}), ("all", {late, ended, waiting}), ("x", {late, waiting})):
            response = self.client.get("/reports/", {"show": show})
            self.assertEqual({row.report for row in response.context["rows"]}, expected, show)

    def test_out_of_sight_is_404_everywhere(self) -> None:
        report = self.make_report(uploads=[SimpleUploadedFile("a.txt", "欠条".encode())])
        file = report.files.get()
        self.sign_in(self.chief_a2)
        for name in ("report_detail", "report_join", "report_decline", "report_route"):
            self.assertEqual(self.client.get(reverse(name, args=[report.pk])).status_code, 404)
        self.assertEqual(self.client.post(reverse("report_accept", args=[report.pk])).status_code, 404)
        self.assertEqual(self.client.get(reverse("report_file", args=[file.pk])).status_code, 404)
        self.sign_in(self.chief)
        response = self.client.get(reverse("report_file", args=[file.pk]))
        self.assertIn("sandbox", response["Content-Security-Policy"])
        self.assertEqual(b"".join(response.streaming_content).decode(), "欠条")

    def test_accepting_on_the_page_leads_to_the_claim(self) -> None:
        report = self.make_report()
        self.assertEqual(self.client.get(reverse("report_accept", args=[report.pk])).status_code, 405)
        response = self.client.post(reverse("report_accept", args=[report.pk]), follow=True)
        self.assertContains(response, "已登记为案件")
        again = self.client.post(reverse("report_accept", args=[report.pk]), follow=True)
        self.assertContains(again, "已经有人处理过了")

    def test_an_auditor_reads_a_masked_telephone_and_no_buttons(self) -> None:
        report = self.make_report()
        self.assertContains(self.client.get(reverse("report_detail", args=[report.pk])), "13800000001")
        self.sign_in(self.auditor)
        response = self.client.get(reverse("report_detail", args=[report.pk]))
        self.assertNotContains(response, "13800000001")
        self.assertNotContains(response, reverse("report_accept", args=[report.pk]))

    def test_joining_finds_a_claim_in_sight_by_either_number_and_offers_those_alike(self) -> None:
        mine, other = self.make_claim(), self.make_claim("321323101")
        report = self.make_report()
        page = self.client.get(reverse("report_detail", args=[report.pk]))
        self.assertContains(page, mine.number)
        self.assertNotContains(page, other.number)
        address = reverse("report_join", args=[report.pk])
        self.assertContains(self.client.post(address, {"claim": other.number}), "没有这个案件")
        self.assertContains(self.client.post(address, {"claim": mine.public_number}, follow=True), "已并入案件")

    def test_declining_and_routing_on_the_page(self) -> None:
        first, second = self.make_report(), self.make_report()
        address = reverse("report_decline", args=[first.pk])
        self.assertContains(self.client.post(address, {"reason": ""}), "还有内容需要改正")
        self.assertContains(self.client.post(address, {"reason": "不属于欠薪。"}, follow=True), "不属于欠薪。")
        self.assertEqual(self.client.post(address, {"reason": "又一次"}).status_code, 409)
        routed = self.client.post(reverse("report_route", args=[second.pk]), {"region": "321322102"})
        self.assertRedirects(routed, "/reports/")
