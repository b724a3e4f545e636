"""What the tests of work orders share: an office that sends, what it says, and a claim that came from it."""

from datetime import date
from decimal import Decimal
from typing import Any

from arrears.models import Report, Source
from arrears.reports import deciding
from arrears.sources import keeping, taking, tokens
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from tests.arrears.pages import PagesTestCase
from tests.base import NOW

SAID: dict[str, Any] = {
    "name": "李建国", "phone": "13800000001", "employer": "孙老板", "address": "沭阳县陇集镇翰林雅苑二期工地", "amount": Decimal("8000.00"),
    "people": 3, "story": "干了三个月没有给钱。", "received_on": NOW.date(),
}  # fmt: skip
JSON = {**SAID, "external_number": "GD001", "amount": "8000.00", "received_on": NOW.date().isoformat()}


class OrdersTestCase(PagesTestCase):
    def make_source(self, code: str = "hotline", **changes: Any) -> Source:
        said = {"name": f"{code} 热线", "channel": "hotline", "region": self.regions["3213"], "return_way": "pull", **changes}
        return keeping.add(self.administrator, now=NOW, code=code, **said)

    def token_of(self, source: Source) -> str:
        return tokens.make(source, self.administrator, now=NOW)

    def take(self, source: Source, number: str = "GD001", now: Any = NOW, changed_at: Any = None, **changes: Any) -> taking.Taken:
        order = WorkOrder(number, Told(**{**SAID, **changes}), changed_at)
        return taking.take(source, order, Places.of(source.region), now=now)

    def accept(self, report: Report) -> Any:
        return deciding.accept(report, self.grid_worker, now=NOW)

    def told(self, report: Report) -> list[str]:
        return list(report.returned.order_by("id").values_list("state", flat=True))


def day(number: int) -> date:
    return date(2026, 3, number)
