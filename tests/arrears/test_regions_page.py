"""The pages of the grid: who is on which post, and how much waits where, within what one may see."""

from datetime import date, timedelta
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grid.models import Leave, Posting, Region
from grid.roles import GRID_WORKER, TOWNSHIP_CHIEF
from tests.base import NOW, STATS, TODAY, CastTestCase, make_person


class RegionPagesTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.village = cls.make_region("321322101001", "陇东村", "321322101")
        cls.make_region("321322001", "市辖区", "321322")
        cls.make_region("321322109", "旧韩镇", "321322", retired_on=date(2024, 5, 1), successor_id="321322102")
        make_person("cunwang", "村网", GRID_WORKER, "321322101001")
        cls.make_claim()
        cls.make_claim(now=NOW - timedelta(days=20))
        cls.regions["321322101001"] = cls.village
        cls.make_claim("321322101001")
        cls.make_claim("321323101")

    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    @staticmethod
    def make_region(code: str, name: str, parent: str, **more) -> Region:
        level = "village" if len(code) == 12 else "township"
        return Region.objects.create(
            code=code, name=name, parent_id=parent, level=level, code_system=STATS, full_name=f"江苏省宿迁市沭阳县{name}", **more
        )

    def get(self, person, code: str = ""):
        self.client.force_login(person)
        return self.client.get(reverse("region_detail", args=[code]) if code else reverse("region_tree"))

    def names(self, branch) -> list[str]:
        return [branch.region.name, *(name for below in branch.branches for name in self.names(below))]

    # The tree

    def test_the_tree_opens_at_the_readers_own_region(self) -> None:
        for person, names in (
            (self.city, ["宿迁市", "沭阳县", "陇集镇", "胡集镇", "泗阳县", "裴圩镇"]),
            (self.county, ["沭阳县", "陇集镇", "胡集镇"]),
            (self.chief, ["陇集镇", "陇东村"]),
            (self.administrator, ["宿迁市", "沭阳县", "陇集镇", "胡集镇", "泗阳县", "裴圩镇"]),
        ):
            with self.subTest(str(person)):
                [tree] = self.get(person).context["trees"]
                self.assertEqual(self.names(tree), names)

    def test_it_counts_what_the_reader_may_see_and_nothing_else(self) -> None:
        [tree] = self.get(self.city).context["trees"]
        self.assertEqual((tree.load.open, tree.load.overdue), (4, 1))
        self.assertEqual([below.load.open for below in tree.branches], [3, 1])
        [tree] = self.get(self.chief).context["trees"]
        self.assertEqual([(below.region.name, below.load.open) for below in tree.branches], [("陇东村", 1)])
        [tree] = self.get(self.administrator).context["trees"]
        self.assertEqual(tree.load.open, 0)

    def test_it_names_who_leads_and_marks_empty_posts(self) -> None:
        response = self.get(self.county)
        for words in ("冼安", "章镇", "何镇", "1 件逾期"):
            self.assertContains(response, words)
        self.assertNotContains(response, "空岗")
        Leave.objects.create(person=self.chief, starts_on=date(2020, 1, 1), ends_on=date(2999, 1, 1))
        self.assertContains(self.get(self.county), "空岗", count=1)

    def test_several_posts_open_several_trees_but_none_twice(self) -> None:
        for code in ("321322101", "321323101"):
            Posting.objects.create(person=self.county, role=TOWNSHIP_CHIEF, region_id=code, starts_on=date(2020, 1, 1))
        trees = self.get(self.county).context["trees"]
        self.assertEqual([tree.region.code for tree in trees], ["321322", "321323101"])

    def test_who_works_for_no_region_has_no_tree(self) -> None:
        for person in (self.partner, self.outsider):
            self.assertEqual(self.get(person).status_code, 404)

    # One region

    def test_the_page_shows_people_bodies_and_what_lies_inside(self) -> None:
        response = self.get(self.county, "321322")
        for words in ("冼安", "条和", "沭阳县人民检察院", "陇集镇", "章镇", "江苏省宿迁市沭阳县"):
            self.assertContains(response, words)
        self.assertNotContains(response, "市辖区")
        self.assertContains(response, f"{reverse('claim_list')}?region=321322&amp;state=open")

    def test_the_numbers_lead_to_exactly_those_claims(self) -> None:
        response = self.get(self.county, "321322101")
        load = response.context["own"].load
        self.assertEqual((load.open, load.overdue), (3, 1))
        for query, number in (("state=open", 3), ("due=overdue", 1)):
            rows = self.client.get(f"{reverse('claim_list')}?region=321322101&{query}&sort=due").context["rows"]
            self.assertEqual(len(rows), number)

    def test_a_retired_region_leads_to_its_successor(self) -> None:
        response = self.get(self.county, "321322109")
        self.assertContains(response, "2024年5月1日（周三）</time> 撤销")
        self.assertContains(response, reverse("region_detail", args=["321322102"]))

    def test_a_holder_on_leave_is_shown_with_the_day_of_return_and_the_deputy_answers(self) -> None:
        Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=date(2999, 1, 1))
        deputy = make_person("fuzhen", "傅镇")
        Posting.objects.create(person=deputy, role=TOWNSHIP_CHIEF, region_id="321322101", starts_on=date(2020, 1, 1), is_deputy=True)
        response = self.get(self.county, "321322101")
        self.assertContains(response, "2999-01-01</time>")
        self.assertEqual([holder.person for holder in response.context["own"].leads], [deputy])

    def test_one_may_look_inside_and_upward_but_not_next_door(self) -> None:
        for person, code, status in (
            (self.chief, "321322101", 200),
            (self.chief, "321322101001", 200),
            (self.chief, "321322", 200),
            (self.chief, "3213", 200),
            (self.chief, "321322102", 404),
            (self.chief, "321323", 404),
            (self.county, "321323101", 404),
            (self.auditor, "321323101", 200),
            (self.administrator, "321323", 200),
            (self.partner, "321322", 404),
            (self.outsider, "321322", 404),
            (self.city, "999999", 404),
            (self.city, "abc", 404),
        ):
            with self.subTest(f"{person} {code}"):
                self.assertEqual(self.get(person, code).status_code, status)

    def test_looking_upward_counts_only_ones_own_claims(self) -> None:
        self.assertEqual(self.get(self.chief, "3213").context["own"].load.open, 3)

    def test_both_pages_are_only_read(self) -> None:
        self.client.force_login(self.county)
        for url in (reverse("region_tree"), reverse("region_detail", args=["321322"])):
            self.assertEqual(self.client.post(url).status_code, 405)

    def test_both_cost_the_same_for_few_and_for_many_regions(self) -> None:
        few = [self.cost("/regions/"), self.cost("/regions/321322/")]
        for n in range(20):
            code = f"3213222{n:02d}"
            self.make_region(code, f"第{n}镇", "321322")
            make_person(f"chief{n}", f"镇长{n}", TOWNSHIP_CHIEF, code)
        self.assertEqual([self.cost("/regions/"), self.cost("/regions/321322/")], few)

    def cost(self, url: str) -> int:
        self.client.force_login(self.county)
        with CaptureQueriesContext(connection) as asked:
            self.client.get(url)
        return len(asked)
