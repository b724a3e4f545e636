"""What the page of a report shows an official, and what it shows whoever reported."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext

from arrears.calendars import calendar_now
from arrears.claim_rows import Listed, Mark
from arrears.models import Claim, Report
from arrears.reports.deciding import may_accept, may_decide
from arrears.reports.record import KINDS
from arrears.reports.rows import due_mark, state_mark
from arrears.search import squeeze
from grid.models import Person

LOOKED_AT = 5


@dataclass(frozen=True)
class Happened:
    at: datetime
    words: str
    by: str = ""


class ReportPage:
    def __init__(self, report: Report, person: Person, today: date) -> None:
        self.report, self.person, self.today = report, person, today

    @property
    def state(self) -> Mark:
        return state_mark(self.report)

    @property
    def due(self) -> Mark | None:
        return due_mark(self.report, self.today, calendar_now())

    @property
    def may_accept(self) -> bool:
        return bool(may_accept(self.report, self.person, self.today))

    @property
    def may_decide(self) -> bool:
        return bool(may_decide(self.report, self.person, self.today))

    @property
    def phone(self) -> str:
        """Whole for those who have to call back."""
        acts = any(post.role.acts for post in self.person.scope(self.today).posts_for(self.report.region_id))
        return self.report.phone if acts else self.report.phone_masked

    @property
    def sees_claim(self) -> bool:
        claim = self.report.claim_id
        return bool(claim) and Claim.objects.visible_to(self.person, self.today).filter(pk=claim).exists()

    @cached_property
    def alike(self) -> list[Listed]:
        """Open claims of the same worker, firm or site: perhaps it is told for the second time."""
        seen = Claim.objects.visible_to(self.person, self.today).open()
        found: dict[object, Claim] = {}
        asked = []
        if self.report.phone:
            asked.append(seen.filter(claimants__phone=self.report.phone))
        if self.report.employer:
            asked.append(seen.filter(search_text__contains=squeeze(self.report.employer), township_code=self.report.township_code))
        if self.report.site_id:
            asked.append(seen.filter(site=self.report.site_id))
        for rows in asked:
            found.update({claim.pk: claim for claim in rows.for_list().order_by("-registered_at", "-id")[:LOOKED_AT]})
        return [Listed(claim) for claim in list(found.values())[:LOOKED_AT]]

    @cached_property
    def history(self) -> list[Happened]:
        rows = self.report.events.select_related("by")
        return [Happened(row.at, gettext(KINDS[row.kind][0]), row.by.full_name if row.by else "") for row in rows]


class ReporterPage:
    """Nothing of officials; the reason as it was written for this reader."""

    def __init__(self, report: Report, today: date) -> None:
        self.report, self.today = report, today

    @property
    def is_late(self) -> bool:
        return self.report.is_waiting and self.report.due_on < self.today

    @property
    def place(self) -> str:
        return self.report.region.full_name.rsplit(settings.CITY_NAME, 1)[-1]

    @cached_property
    def history(self) -> list[Happened]:
        return [Happened(row.at, gettext(KINDS[row.kind][1])) for row in self.report.events.all() if KINDS[row.kind][1]]
