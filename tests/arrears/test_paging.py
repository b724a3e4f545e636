"""Keyset paging: every row once, in order, forward and back, ties and unknown dates included."""

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from arrears.filters import LARGEST, NEWEST, ORDERS, SOONEST
from arrears.models import Claim
from grid.paging import Count, Order, Page, count, page_of
from tests.base import TODAY, CastTestCase


class PagingTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for number in range(7):  # ties in pairs; the last two have no due day
            claim = cls.make_claim()
            Claim.objects.filter(pk=claim.pk).update(
                received_on=TODAY - timedelta(days=number // 2), claimed=Decimal(number // 3),
                due_on=TODAY + timedelta(days=number // 2) if number < 5 else None, worker_count=12 if number in (1, 6) else 1,
            )  # fmt: skip

    def all_pages(self, order: Order) -> list[Page]:
        pages = [page_of(Claim.objects.all(), order, {}, size=3)]
        while pages[-1].after:
            pages.append(page_of(Claim.objects.all(), order, {"after": pages[-1].after}, size=3))
        return pages

    def test_every_row_comes_once_and_in_order_however_it_is_sorted(self) -> None:
        for name in (NEWEST, SOONEST, LARGEST):
            with self.subTest(order=name):
                pages = self.all_pages(ORDERS[name])
                self.assertEqual([len(page.rows) for page in pages], [3, 3, 1])
                found = [row.pk for page in pages for row in page.rows]
                self.assertEqual(found, list(Claim.objects.order_by(*ORDERS[name].columns()).values_list("pk", flat=True)))

    def test_the_page_before_is_the_page_one_came_from(self) -> None:
        for name in (NEWEST, SOONEST, LARGEST):
            with self.subTest(order=name):
                first, second, third = self.all_pages(ORDERS[name])
                back = page_of(Claim.objects.all(), ORDERS[name], {"before": third.before}, size=3)
                self.assertEqual(back, second)
                back = page_of(Claim.objects.all(), ORDERS[name], {"before": second.before}, size=3)
                self.assertEqual(back, first)

    def test_a_claim_that_arrives_meanwhile_shifts_nothing(self) -> None:
        first = page_of(Claim.objects.all(), ORDERS[NEWEST], {}, size=3)
        expected = page_of(Claim.objects.all(), ORDERS[NEWEST], {"after": first.after}, size=3).rows
        self.make_claim()
        self.assertEqual(page_of(Claim.objects.all(), ORDERS[NEWEST], {"after": first.after}, size=3).rows, expected)

    def test_an_unreadable_place_is_the_first_page(self) -> None:
        first = page_of(Claim.objects.all(), ORDERS[NEWEST], {}, size=3)
        for place in ("", "x", "~", "2026-13-01~1", "2026-03-01~nobody", "~~~", "\x00~\x00", "2026-03-01~1~2~3"):
            with self.subTest(place=place):
                self.assertEqual(page_of(Claim.objects.all(), ORDERS[NEWEST], {"after": place}, size=3), first)

    def test_the_way_back_ends_with_a_whole_first_page(self) -> None:
        first, second, third = self.all_pages(ORDERS[NEWEST])
        Claim.objects.filter(pk=first.rows[0].pk).update(received_on=date(2020, 1, 1))
        back = page_of(Claim.objects.all(), ORDERS[NEWEST], {"before": second.before}, size=3)
        self.assertEqual((len(back.rows), back.before), (3, None))

    def test_a_count_stops_where_it_is_no_longer_worth_it(self) -> None:
        with patch("grid.paging.COUNT_UP_TO", 5):
            self.assertEqual(count(Claim.objects.all()), Count(5, is_more=True))
        self.assertEqual(count(Claim.objects.all()), Count(7, is_more=False))
