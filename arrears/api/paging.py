"""The pages' keyset paging for the API: next and previous are addresses, and page 1,000 costs what page 1 costs."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from grid.paging import AFTER, BEFORE, Order, page_of

SIZE, LARGEST = 50, 200


class Keyset(BasePagination):
    """Asks the view for its `order`. `size` rows a page, at most 200."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        return self.in_order(queryset, request, view.order)

    def in_order(self, queryset: QuerySet, request: Request, order: Order) -> list[Any]:
        self.request = request
        self.page = page_of(queryset, order, request.query_params, size_asked(request))
        return list(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._link(AFTER), "previous": self._link(BEFORE), "results": data})

    def _link(self, way: str) -> str | None:
        place = getattr(self.page, way)
        if place is None:
            return None
        kept = [(name, value) for name, value in self.request.query_params.lists() if name not in (AFTER, BEFORE)]
        return self.request.build_absolute_uri(f"?{urlencode([*kept, (way, place)], doseq=True)}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": name, "required": False, "in": "query", "schema": {"type": "string"}} for name in ("size", AFTER, BEFORE)
        ]


def size_asked(request: Request) -> int:
    typed = request.query_params.get("size", "")
    return min(max(int(typed), 1), LARGEST) if typed.isdecimal() and typed.isascii() else SIZE
