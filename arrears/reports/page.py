"""What the page of a report shows an official, and what it shows whoever reported."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext

from arrears.calendars import calendar_now
from arrears.claim_rows import Listed, Mark
from arrears.identity import mask_phone
from arrears.models import Claim, Report, ReportEvent
from arrears.reports.deciding import may_accept, may_decide, may_reopen, told_now
from arrears.reports.record import KINDS
from arrears.reports.rows import due_mark, state_mark
from arrears.search import squeeze
from arrears.sources.orders import LABELS
from arrears.sources.page import Change, change_of
from grid.models import Person

LOOKED_AT = 5


@dataclass(frozen=True)
class Happened:
    at: datetime
    words: str
    by: str = ""


@dataclass(frozen=True)
class Update:
    label: str
    was: str
    now: str


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
    def may_reopen(self) -> bool:
        return bool(may_reopen(self.report, self.person, self.today))

    @cached_property
    def acts(self) -> bool:
        return any(post.role.acts for post in self.person.scope(self.today).posts_for(self.report.region_id))

    @property
    def phone(self) -> str:
        """Whole for those who have to call back."""
        return self.report.phone if self.acts else self.report.phone_masked

    @cached_property
    def updates(self) -> list[Update]:
        """Where its source says something else by now than what stands here."""
        if self.report.source_id is None:
            return []
        fresh = {name: value for name, value in told_now(self.report).items() if value != getattr(self.report, name)}
        return [Update(gettext(LABELS[name]), self.said(name, getattr(self.report, name)), self.said(name, value)) for name, value in fresh.items()]

    def said(self, name: str, value: object) -> str:
        if name == "phone" and not self.acts:
            return mask_phone(str(value))
        if choices := Report._meta.get_field(name).choices:
            return str(dict(choices).get(value, value))
        return "—" if value in (None, "") else str(value)

    @cached_property
    def returned(self) -> list[Change]:
        """What its source was told, the last first."""
        if self.report.source_id is None:
            return []
        return [change_of(row) for row in self.report.returned.select_related("source").order_by("-at", "-id")]

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
        return [Happened(row.at, words_of(row), row.by.full_name if row.by else "") for row in rows]


def words_of(event: ReportEvent) -> str:
    """What happened; of an update also which fields, and what whoever reported wrote themselves."""
    said = gettext(KINDS[event.kind][0])
    if event.kind == "unwanted" and event.facts.get("text"):
        return gettext("%(what)s：%(fields)s") % {"what": said, "fields": event.facts["text"]}
    changed = [gettext(LABELS[name]) for name in event.facts.get("changes", event.facts.get("changed", ())) if name in LABELS]
    return gettext("%(what)s：%(fields)s") % {"what": said, "fields": gettext("、").join(changed)} if changed else said


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
