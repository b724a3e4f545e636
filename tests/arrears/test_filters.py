"""What a list of claims can be asked for."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.http import QueryDict

from arrears.filters import ClaimFilter, region_choices
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim
from grid.models import Person, Region
from tests.base import NOW, TODAY, CastTestCase, make_person

DAY = timedelta(days=1)


class FilterTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        small = [ClaimantFacts("赵敏", lines=[LineFacts(Decimal(500))])]
        crew = [ClaimantFacts("钱多", lines=[LineFacts(Decimal(90000))])]
        cls.mine = cls.make_claim(person=cls.grid_worker)
        cls.small = cls.make_claim(
            claimants=small, respondents=[RespondentFacts("锦绣服饰有限公司")], received_on=TODAY - 10 * DAY, channel="phone"
        )
        cls.crew = cls.make_claim(region="321322102", claimants=crew, worker_count=12, site_name="翰林雅苑二期")
        cls.ended = cls.make_claim()
        Claim.objects.filter(pk=cls.ended.pk).update(stage="closed", due_on=None, closed_on=TODAY)
        Claim.objects.filter(pk=cls.crew.pk).update(level="county")
        cls.names = {claim.pk: name for name, claim in vars(cls).items() if isinstance(claim, Claim)}

    def asked(self, query: str, person: Person | None = None) -> ClaimFilter:
        person = person or self.county
        rows = Claim.objects.visible_to(person, TODAY)
        return ClaimFilter(QueryDict(query), rows, request=SimpleNamespace(user=person), today=TODAY)

    def found(self, query: str, person: Person | None = None) -> set[str]:
        return {self.names[claim.pk] for claim in self.asked(query, person).rows}

    def test_each_question_has_its_answer(self) -> None:
        everything = {"mine", "small", "crew", "ended"}
        for query, expected in {
            "": everything,
            "state=open": {"mine", "small", "crew"},
            "state=ended": {"ended"},
            "stage=registered&stage=closed": everything,
            "stage=closed": {"ended"},
            "level=county": {"crew"},
            "region=321322": everything,
            "region=321322102": {"crew"},
            "handler=nobody": {"small", "crew", "ended"},
            "handler=somebody": {"mine"},
            "handler=me": set(),
            "channel=phone": {"small"},
            "due=overdue": {"small"},  # received ten days ago, decided within five working days
            "due=near": {"mine", "crew"},  # of the city's target, three working days
            "due=on_time": set(),
            f"received_from={TODAY - DAY}": {"mine", "crew", "ended"},
            f"received_to={TODAY - DAY}": {"small"},
            "collective=yes": {"crew"},
            "collective=no": {"mine", "small", "ended"},
            "amount_from=1万": {"crew"},
            "amount_to=８,000.00元": {"mine", "small", "ended"},
            "q=翰林": {"crew"},
            "q=锦绣服饰": {"small"},
            "q=赵敏+锦绣": {"small"},
            "state=open&collective=no&amount_from=1000": {"mine"},
            "sort=due": {"mine", "small", "crew"},  # what is due soonest is asked of open claims
            "unknown=1&state=": everything,
        }.items():
            with self.subTest(query=query):
                self.assertEqual(self.found(query), expected)

    def test_me_is_whoever_asks(self) -> None:
        self.assertEqual(self.found("handler=me", self.grid_worker), {"mine"})

    def test_the_order_is_the_one_asked_for(self) -> None:
        for query, expected in {
            "": [self.ended, self.crew, self.mine, self.small],
            "sort=amount": [self.crew, self.ended, self.mine, self.small],
            "sort=due": [self.small, self.crew, self.mine],  # due on one day: many workers first
        }.items():
            with self.subTest(query=query):
                self.assertEqual([self.names[c.pk] for c in self.asked(query).rows], [self.names[c.pk] for c in expected])

    def test_what_cannot_be_read_finds_nothing_rather_than_everything(self) -> None:
        for query in ("amount_from=x", "received_from=2026-13-01", "level=nation", "stage=gone", "region=110101", "sort=name"):
            with self.subTest(query=query):
                asked = self.asked(query)
                self.assertFalse(asked.is_valid())
                self.assertFalse(asked.rows.exists())
                self.assertEqual(asked.chips(), [])

    def test_regions_are_offered_from_inside_the_scope_only(self) -> None:
        offered = {person: [code for code, name in region_choices(person.scope(TODAY))] for person in (self.city, self.county, self.chief)}
        self.assertEqual(offered[self.city], ["321322", "321322101", "321322102", "321323", "321323101"])
        self.assertEqual(offered[self.county], ["321322", "321322101", "321322102"])
        self.assertEqual(offered[self.chief], ["321322101"])
        self.assertEqual(region_choices(self.outsider.scope(TODAY)), [])

    def test_the_schema_of_the_api_leaves_no_choices_behind(self) -> None:
        self.addCleanup(ClaimFilter.base_filters["region"].__dict__.pop, "_field", None)
        self.assertEqual([value for value, label in ClaimFilter.base_filters["region"].field.choices], [""])
        self.assertEqual(self.found("region=321322102"), {"crew"})

    def test_a_township_offers_its_villages_and_names_retired_regions(self) -> None:
        Region.objects.create(
            code="321322101200", name="新河村", full_name="江苏省宿迁市沭阳县陇集镇新河村", level="village", parent_id="321322101",
            code_system="stats-2023", retired_on=TODAY, successor_id="321322101",
        )  # fmt: skip
        self.assertEqual(region_choices(self.chief.scope(TODAY))[1], ("321322101200", "\u3000新河村（已撤销）"))

    def test_chips_say_what_is_asked_and_lead_to_the_list_without_it(self) -> None:
        asked = self.asked("stage=registered&stage=closed&region=321322101&q=&amount_from=1000&after=x~y&sort=amount")
        self.assertEqual(
            [(str(chip.label), chip.value, chip.query) for chip in asked.chips()],
            [
                ("地区", "陇集镇", "stage=registered&stage=closed&amount_from=1000&sort=amount"),
                ("主张金额从（元）", "¥1,000.00", "stage=registered&stage=closed&region=321322101&sort=amount"),
                ("阶段", "已登记", "stage=closed&region=321322101&amount_from=1000&sort=amount"),
                ("阶段", "已办结", "stage=registered&region=321322101&amount_from=1000&sort=amount"),
            ],
        )

    def test_somebody_posted_in_two_places_asks_about_both(self) -> None:
        person = make_person("liangdi", "梁棣", "township_chief", "321322101")
        person.postings.create(role="township_chief", region_id="321323101", starts_on=NOW.date())
        self.assertEqual([code for code, name in region_choices(person.scope(TODAY))], ["321322101", "321323101"])
