"""评价: who looks at a low mark, the overview, and public figures that name nobody."""

from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.urls import reverse

from arrears import casework
from arrears.models import Claim, Rating
from arrears.ratings import figures, verbs
from arrears.reports import deciding
from arrears.reports.receiving import Said, receive
from grid.days import SHANGHAI
from grid.models import Task
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

WITHIN = datetime(2026, 2, 10, 10, 0, tzinfo=SHANGHAI)


class RatingTestCase(PagesTestCase):
    def rated(self, stars: int, region: str = "321322101", now: datetime = NOW, by: object = None) -> Rating:
        claim = self.make_claim(region, person=self.grid_worker if region == "321322101" else None)
        casework.advance(claim, "withdraw", by, now=NOW, reason="x", confirmed=True)
        return verbs.rate(Claim.objects.get(pk=claim.pk), stars, "太慢了" if stars < 3 else "", now=now)

    def refuses(self, code: str, rating: Rating, person: object, finding: str = "x") -> None:
        with self.assertRaises(Refused) as refused:
            verbs.look(rating, person, now=NOW, finding=finding)
        self.assertEqual(refused.exception.code, code)


class LookingTest(RatingTestCase):
    def test_somebody_else_than_who_handled_or_ended_it_looks_with_a_note(self) -> None:
        rating = self.rated(1, by=self.county)
        self.assertEqual(Task.objects.get(kind="rating_low").owner, self.city)
        self.refuses("own_work", rating, self.county)
        for person in (self.grid_worker, self.chief, self.mediator, self.auditor, self.county_b):
            self.refuses("not_your_role", rating, person)
        self.refuses("no_words", rating, self.city, finding=" ")
        verbs.look(rating, self.city, now=NOW, finding="两次没有回电话，已谈话。")
        self.assertFalse(Task.objects.filter(kind="rating_low", done_at=None).exists())
        self.assertEqual(rating.claim.events.get(kind="rating_looked_at").facts["note"], "两次没有回电话，已谈话。")
        self.refuses("looked_at", rating, self.city)

    def test_a_handler_of_the_county_does_not_look_at_it(self) -> None:
        claim = self.make_claim()
        casework.advance(claim, "assign", self.chief, now=NOW, handler=self.county)
        casework.advance(Claim.objects.get(pk=claim.pk), "withdraw", self.chief, now=NOW, reason="x", confirmed=True)
        rating = verbs.rate(Claim.objects.get(pk=claim.pk), 2, "", now=NOW)
        self.refuses("own_work", rating, self.county)
        verbs.look(rating, self.city, now=NOW, finding="已谈话。")

    def test_three_and_more_are_looked_at_by_nobody(self) -> None:
        self.refuses("not_low", self.rated(3), self.county)

    def test_the_page(self) -> None:
        rating = self.rated(2)
        address = reverse("rating_detail", args=[rating.pk])
        self.sign_in(self.county)
        self.assertContains(self.client.get("/"), "劳动者打了低分")
        self.assertContains(self.client.get("/ratings/"), "太慢了")
        self.assertContains(self.client.post(address, {"finding": ""}), "还有内容需要改正")
        self.assertContains(self.client.post(address, {"finding": "已谈话。"}, follow=True), "已经记下")
        self.assertEqual(self.client.post(address, {"finding": "又一次"}).status_code, 409)
        for person, listed, status in ((self.chief, 404, 200), (self.county_b, 200, 404), (self.auditor, 200, 200), (self.outsider, 404, 404)):
            self.sign_in(person)
            self.assertEqual((self.client.get("/ratings/").status_code, self.client.get(address).status_code), (listed, status), person)


class OverviewTest(RatingTestCase):
    def test_by_township_for_a_county_by_county_for_the_city_and_by_month(self) -> None:
        for stars, region, now in ((5, "321322101", NOW), (2, "321322101", NOW), (4, "321322102", WITHIN), (1, "321323101", NOW)):
            self.rated(stars, region, now)
        self.sign_in(self.county)
        page = self.client.get("/ratings/")
        self.assertEqual([(row.name, row.n, row.average, row.share, row.low) for row in page.context["regions"]], [("陇集镇", 2, 3.5, 50, 1), ("胡集镇", 1, 4.0, 100, 0)])
        self.assertEqual([(row.code, row.n) for row in page.context["months"]], [("2026-03", 2), ("2026-02", 1)])
        self.sign_in(self.city)
        page = self.client.get("/ratings/", {"month": "2026-03"})
        self.assertEqual([(row.name, row.n) for row in page.context["regions"]], [("沭阳县", 2), ("泗阳县", 1)])
        self.assertEqual(self.client.get("/ratings/", {"month": "x"}).status_code, 200)

    def test_as_many_queries_for_three_as_for_thirty(self) -> None:
        self.sign_in(self.county)
        for _number in range(3):
            self.rated(1)
        few = self.queries("/ratings/")
        for _number in range(12):
            self.rated(1)
        self.assertEqual(self.queries("/ratings/"), few)


class PublicTest(RatingTestCase):
    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        self.addCleanup(cache.clear)
        self.client.logout()

    def test_a_table_shows_no_region_of_few_and_no_sum_that_gives_it_away(self) -> None:
        line = figures.Line
        for counted, lines, hidden, total in (
            ([("甲", 10, 7), ("乙", 9, 9)], [line("甲", 10, 7)], 1, line("", 10, 7)),
            ([("甲", 30, 7), ("乙", 6, 6), ("丙", 4, 0)], [line("甲", 30, 7), line("", 10, 6)], 0, line("", 40, 13)),
            ([("甲", 30, 7), ("乙", 6, 6), ("丙", 3, 0)], [line("甲", 30, 7)], 2, line("", 30, 7)),
            ([("乙", 6, 6), ("丙", 6, 0)], [], 2, None),  # “other regions” are never the only line
            ([("甲", 9, 9)], [], 1, None), ([], [], 0, None), ([("甲", 0, 0)], [], 0, None),
        ):  # fmt: skip
            with self.subTest(counted):
                table = figures.table_of(counted)
                self.assertEqual((list(table.lines), table.hidden, table.total), (lines, hidden, total))

    def test_only_whole_months_that_are_over_are_counted(self) -> None:
        shown = figures.public("3213", TODAY)
        self.assertEqual((shown.first, shown.last), (date(2025, 3, 1), date(2026, 2, 1)))
        for _number in range(12):
            self.rated(5, now=WITHIN)
        self.assertEqual(list(figures.public("3213", TODAY).ratings.lines), [figures.Line("沭阳县", 12, 12)])
        self.rated(1, now=NOW)  # this month
        self.rated(1, now=datetime(2025, 2, 28, 10, 0, tzinfo=SHANGHAI))  # before
        self.assertEqual(list(figures.public("3213", TODAY).ratings.lines), [figures.Line("沭阳县", 12, 12)])
        self.assertEqual(list(figures.public("3213", date(2026, 4, 1)).ratings.lines), [figures.Line("沭阳县", 13, 12)])

    def test_reports_count_as_answered_in_time_or_not(self) -> None:
        said = Said(region=self.regions["321322101"], phone="13800000001", employer="孙老板")
        for late in (*[False] * 9, True, True):
            report = receive(said, now=WITHIN)
            deciding.decline(report, self.chief, now=WITHIN + timedelta(days=20 if late else 0), reason="x")
        receive(said, now=WITHIN)  # nobody has answered
        self.assertEqual(list(figures.public("3213", TODAY).reports.lines), [figures.Line("沭阳县", 12, 9)])

    def test_the_page_is_open_to_everybody_and_says_what_it_leaves_out(self) -> None:
        page = self.client.get("/results/")
        self.assertContains(page, "人数太少，暂不公布")
        for _number in range(10):
            self.rated(5, now=WITHIN)
        cache.clear()
        page = self.client.get("/results/")
        for words in ("沭阳县", "10 · 100%", "少于 10 的地方", "2025-03", "2026-02"):
            self.assertContains(page, words)
        for name in ("李建国", "王格", "宿欠"):
            self.assertNotContains(page, name)
        self.assertNotIn("sessionid", self.client.cookies)
        self.assertEqual(self.client.post("/results/").status_code, 405)

    def test_it_is_counted_once_for_many_who_look(self) -> None:
        self.client.get("/results/")
        with self.assertNumQueries(0):
            self.client.get("/results/")
