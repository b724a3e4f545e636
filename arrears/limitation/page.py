"""What the page of the limits shows: how long is left, what interrupted them and how that is proved, and what else in
the record could. Templates neither query nor decide."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import get_language, gettext

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, NoCalendar, Rule, days_left, due
from arrears.lifecycle import CLAIM
from arrears.limitation.limits import (
    ARBITRATION,
    CIVIL,
    COUNTS,
    ENTRIES,
    INSPECTION,
    INTERRUPTIONS,
    WHY_NOT,
    interrupted,
)
from arrears.limitation.offer import AidOffer, running
from arrears.limitation.running import STANDS_STILL, is_done
from arrears.models import Claim, Clock, Event, Interruption, LimitEntry
from arrears.permits import find, may
from arrears.routes.starting import Starting
from arrears.situation.of_claim import known_of, situation_of
from arrears.telling import tell
from arrears.timing.counting import around_obstacles
from arrears.workdays import Calendar
from grid.models import Person


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


NEAR = 30  # days from which a limit is shown as one that runs out
# Records of the claim that may interrupt, and as what. A fact says on which day, where that is not the event's own.
SHOWS = {
    "register": ("relief", ""),
    "mediation.apply": ("relief", "applied_on"),
    "record_payment": ("consent", "paid_on"),
    "settle": ("consent", ""),
    "agreement": ("consent", "effective_on"),
}


@dataclass(frozen=True)
class LimitRow:
    rule: Rule
    clock: Clock | None
    says: str
    tone: str
    days: int | None = None


@dataclass(frozen=True)
class LogRow:
    interruption: Interruption
    how: str
    why_not: str

    @property
    def tone(self) -> str:
        return "muted" if self.interruption.is_withdrawn or self.why_not else "good"


@dataclass(frozen=True)
class EntryRow:
    """An obstacle, or the start of the general limit."""

    entry: LimitEntry
    what: str
    gained: int | None  # days

    @property
    def tone(self) -> str:
        return "muted" if self.entry.is_withdrawn else "info"


@dataclass(frozen=True)
class Candidate:
    """A record that could interrupt the limit; somebody has to say that it does."""

    event: Event
    kind: str
    happened_on: date
    title: str

    @property
    def how(self) -> str:
        return gettext(dict(INTERRUPTIONS)[self.kind])

    @property
    def source_key(self) -> str:
        return f"event:{self.event.pk}"

    @property
    def proof(self) -> str:
        return gettext("本系统办理记录：%(title)s") % {"title": self.title}


def candidate_of(event: Event) -> Candidate | None:
    detail = event.facts.get("move", "")
    kind, day = SHOWS.get(f"{event.kind}.{detail}") or SHOWS.get(event.kind) or ("", "")
    if not kind:
        return None
    happened_on = date.fromisoformat(event.facts[day]) if event.facts.get(day) else event.happened_on
    return Candidate(event, kind, happened_on, tell(event).title)


class LimitsPage:
    """`claim` comes from arrears.situation.of_claim.rows()."""

    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today
        self.starting = Starting(claim, person, today)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_now()

    @cached_property
    def said(self) -> set[str]:
        return set(situation_of(self.claim).said) | known_of(self.claim, self.today)

    @property
    def rows(self) -> list[LimitRow]:
        civil = [self.row_of(CIVIL)] if any(not row.entry.is_obstacle for row in self.entries) else []
        return [self.row_of(ARBITRATION), self.row_of(INSPECTION), *civil]

    def row_of(self, rule_id: str) -> LimitRow:
        rule, clock = RULES[rule_id], running(self.claim, rule_id)
        if clock is None:
            return LimitRow(rule, None, gettext(self.why_still(rule_id)), "muted")
        days = (clock.due_on - self.today).days
        says = days_left(clock.due_on, self.today).text(gettext)
        return LimitRow(rule, clock, says, "bad" if days < 7 else "warn" if days <= NEAR else "good", days)

    def why_still(self, rule_id: str) -> str:
        """Why no clock runs."""
        if not self.claim.is_open:
            return _("案件已经结束，不再计算")
        if rule_id == CIVIL:
            return _("已经主张，时效不再计算") if is_done(self.claim, CIVIL, self.said, self.today) else _("没有在计算")
        if is_done(self.claim, rule_id, self.said, self.today):
            return _("已经主张，时效不再计算")
        if rule_id == ARBITRATION and any(row.entry.is_on for row in self.entries):
            return _("时效中止：原因还没有消除，消除之后继续计算")
        if rule_id == INSPECTION and self.claim.stage != "registered":
            return _("已经受理，符合两年时效")
        if "arrears_continue" in self.said and rule_id == INSPECTION:
            return _("拖欠行为仍在继续，两年时效还没有开始")
        if any(name in self.said for name in STANDS_STILL[rule_id]):
            return _("劳动者还在这个单位干活，时效不开始计算")
        if self.claim.last_working_day is None:
            return _("最后工作日没有登记，无法起算")
        return _("没有在计算")

    @cached_property
    def log(self) -> list[LogRow]:
        """Newest first."""
        rows = list(self.claim.interruptions.select_related("evidence", "recorded_by", "withdrawn_by"))
        counting = [row for row in rows if not row.is_withdrawn]
        verdicts = dict(zip([row.pk for row in counting], self.verdicts([row.happened_on for row in counting]), strict=True))
        return [
            LogRow(row, gettext(dict(INTERRUPTIONS)[row.kind]), self.why_not(verdicts.get(row.pk, COUNTS)))
            for row in reversed(rows)
        ]  # fmt: skip

    @cached_property
    def entries(self) -> list[EntryRow]:
        """Obstacles and the start of the general limit, newest first."""
        rows = list(self.claim.limit_entries.select_related("evidence", "recorded_by", "withdrawn_by"))
        return [EntryRow(row, gettext(dict(ENTRIES)[row.kind]), self.gained(row, rows)) for row in reversed(rows)]

    def gained(self, entry: LimitEntry, rows: list[LimitEntry]) -> int | None:
        """By how many days the year for arbitration ends later through it; None: that cannot be said."""
        clock = running(self.claim, ARBITRATION)
        if clock is None or not entry.is_obstacle or entry.ended_on is None or entry.is_withdrawn:
            return None
        try:
            ends = [due(clock.rule, clock.started_on, around_obstacles(some, self.calendar)) for some in (rows, [row for row in rows if row != entry])]
        except NoCalendar:
            return None
        return (ends[0].natural_on - ends[1].natural_on).days

    def verdicts(self, days: list[date]) -> tuple[str, ...]:
        base = self.claim.last_working_day
        try:
            calendar = around_obstacles(self.claim.limit_entries.all(), self.calendar)
            return interrupted(base, days, calendar).verdicts if base else (COUNTS,) * len(days)
        except NoCalendar:
            return (COUNTS,) * len(days)

    def why_not(self, verdict: str) -> str:
        return gettext(WHY_NOT[verdict]) if verdict in WHY_NOT else ""

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Records of this claim that are not in the log yet and happened after the limit began to run."""
        base, used = self.claim.last_working_day, {row.interruption.source_key for row in self.log if not row.interruption.is_withdrawn}
        if base is None or not self.may_log or running(self.claim, ARBITRATION) is None:
            return []
        kinds = {name.partition(".")[0] for name in SHOWS}
        events = Event.objects.filter(claim=self.claim, kind__in=kinds).select_related("actor")
        found = [candidate_of(event) for event in events]
        return [one for one in found if one and one.happened_on > base and one.source_key not in used]

    @cached_property
    def may_log(self) -> bool:
        return bool(may(find(CLAIM, "interrupt"), self.claim, self.person, self.today))

    @cached_property
    def may_state(self) -> bool:
        return bool(may(find(CLAIM, "state_facts"), self.claim, self.person, self.today))

    @cached_property
    def offer(self) -> AidOffer | None:
        return AidOffer.of(self.claim, self.starting, self.today)

    @property
    def language(self) -> str:
        return get_language() or ""
