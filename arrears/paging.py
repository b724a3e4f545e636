"""Moved to grid.paging, whose pages page too; here until everybody imports it from there."""

from grid.paging import AFTER, BEFORE, COUNT_UP_TO, SIZE, Count, Order, Page, count, page_of

__all__ = ["AFTER", "BEFORE", "COUNT_UP_TO", "SIZE", "Count", "Order", "Page", "count", "page_of"]
