"""The proceedings of a claim as a page shows them: each a line of steps, what comes next, and what cannot be begun and why.
Templates neither query nor decide."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.translation import get_language, gettext

from arrears.answerable import Left
from arrears.calendars import calendar_now
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Clock, Proceeding, Step
from arrears.papers.forms import PACKETS
from arrears.permits import Denied, find, may
from arrears.proceedings.alerts import Alert, alerts_of
from arrears.proceedings.clocks import require_answered, steps_of, too_early
from arrears.proceedings.standing import Opening, openings, said_of
from arrears.proceedings.table import COMBINED, FOUR, KINDS, Combined, Exclusion, Kind, StepRow, opening_that_ends
from arrears.proceedings.threshold import reached
from arrears.proceedings.verbs import MOVE, may_record, may_take_back
from arrears.timing.counting import PAUSES
from arrears.workdays import Calendar
from grid.models import Person
from grid.refused import Refused

ISSUE = "issue_paper"
DONE, NEXT, LATER = "done", "next", "later"


def language() -> str:
    return get_language() or ""


@dataclass(frozen=True)
class Dot:
    """A step on the line: done on its day, next, or later if it comes to that."""

    row: StepRow
    state: str
    step: Step | None = None

    @property
    def label(self) -> str:
        return self.row.text("done", language())

    @property
    def icon(self) -> str:
        return {DONE: "check", NEXT: "clock", LATER: "minus"}[self.state]


@dataclass(frozen=True)
class Act:
    """One button; or why it is none. `opens`: the road that is begun, and takes this step with it."""

    row: StepRow
    url: str
    why_not: str = ""
    opens: StepRow | None = None

    @property
    def label(self) -> str:
        return (self.opens or self.row).text("name", language())


@dataclass(frozen=True)
class ClockLine:
    clock: Clock
    left: Left

    @property
    def name(self) -> str:
        return self.clock.rule.text("name", language())


class Chain:
    """One proceeding. `clocks`: the running ones about it."""

    def __init__(self, proceeding: Proceeding, person: Person, today: date, clocks: list[Clock], calendar: Calendar) -> None:
        self.proceeding, self.person, self.today = proceeding, person, today
        self.running, self.calendar = clocks, calendar

    @property
    def kind(self) -> Kind:
        return self.proceeding.table

    @property
    def plain(self) -> str:
        return self.proceeding.row.text("plain", language())

    @property
    def tone(self) -> str:
        return "muted" if not self.proceeding.is_open else "info"

    @cached_property
    def may_issue(self) -> bool:
        """Are its papers links?"""
        return bool(may(find(CLAIM, ISSUE), self.proceeding.claim, self.person, self.today))

    @property
    def packet_url(self) -> str:
        """The papers of this road as one packet, while it is open."""
        row = self.proceeding
        if row.kind not in PACKETS or not row.is_open or not self.may_issue:
            return ""
        with_it = f"&referral={row.referral_id}" if row.referral_id else ""
        return f"{reverse('packet_new', args=[row.claim_id])}?kind={row.kind}&about={row.pk}{with_it}"

    @property
    def packet_name(self) -> str:
        return PACKETS[self.proceeding.kind].text("name", language())

    @cached_property
    def steps(self) -> list[Step]:
        """All of them, newest last, those that were taken back too."""
        return [step for step in self.proceeding.steps.all() if step.name in self.kind.steps]

    @cached_property
    def standing(self) -> list[Step]:
        return steps_of(self.proceeding)

    @cached_property
    def following(self) -> list[StepRow]:
        return self.kind.after(self.proceeding.state, self.proceeding.opened_as) if self.proceeding.is_open else []

    @property
    def dots(self) -> list[Dot]:
        done = [Dot(step.row, DONE, step) for step in self.standing]
        coming = [Dot(row, NEXT) for row in self.following if not row.stays and not row.ends]
        known = {dot.row.id: dot.label for dot in (*done, *coming)}
        said = set(known.values())
        later = []
        for row in self.main_line(coming):  # of two that come to the same, one is enough to see where it leads
            dot = Dot(row, LATER)
            if row.id not in known and dot.label not in said:
                said.add(dot.label)
                later.append(dot)
        return [*done, *coming, *later] if self.proceeding.is_open else done

    def main_line(self, coming: list[Dot]) -> list[StepRow]:
        """What may come after what is next, without the ways out."""
        reached = {dot.row.step for dot in coming}
        found: dict[str, StepRow] = {}
        while fresh := [
            row for row in self.kind.steps.values()
            if row.step not in found and not row.stays and not row.ends and not reached.isdisjoint(row.after)
            and (not row.opened_as or self.proceeding.opened_as in row.opened_as)
        ]:  # fmt: skip
            found |= {row.step: row for row in fresh}
            reached |= found.keys()
        return list(found.values())

    @property
    def impossible(self) -> list[StepRow]:
        """What can no longer be walked from here."""
        reachable, waiting = set(), [self.proceeding.state]
        while waiting:
            rows = self.kind.after(waiting.pop(), self.proceeding.opened_as)
            waiting += [row.step for row in rows if row.step not in reachable and not row.stays]
            reachable |= {row.step for row in rows}
        gone = {step.name for step in self.standing}
        return [row for row in self.kind.steps.values() if row.step not in reachable | gone]

    @property
    def acts(self) -> list[Act]:
        return [self.act_of(row) for row in self.following]

    def act_of(self, row: StepRow) -> Act:
        opens = opening_that_ends(row)
        allowed = may_record(self.proceeding.claim, opens or row, self.person, self.today)
        if isinstance(allowed, Denied):
            return Act(row, "", allowed.message, opens)
        if opens:
            return Act(row, reverse("proceeding_open", args=[self.proceeding.claim_id, opens.kind, opens.step]), opens=opens)
        try:
            require_answered(self.proceeding, row)
            if row.waits or row.needs:
                too_early(self.proceeding, row, self.today)
        except Refused as refused:
            return Act(row, "", refused.message)
        return Act(row, reverse("proceeding_step", args=[self.proceeding.pk, row.step]))

    @property
    def open_acts(self) -> list[Act]:
        return [act for act in self.acts if act.url]

    @property
    def first_act(self) -> Act | None:
        """The way forward, if there is one: the button that stands out."""
        onward = (act for act in self.open_acts if not act.row.ends and not act.row.stays)
        return next(onward, None) or next((act for act in self.open_acts if act.opens), None)

    @property
    def shut_acts(self) -> list[Act]:
        return [act for act in self.acts if not act.url]

    @property
    def clocks(self) -> list[ClockLine]:
        return [ClockLine(clock, Left.of(clock, self.today, self.calendar)) for clock in self.running]

    @property
    def can_be_taken_back(self) -> Step | None:
        last = self.standing[-1] if self.standing else None
        return last if last and not last.payment_id and may_take_back(last, self.person, self.today) else None


@dataclass(frozen=True)
class OpeningRow:
    """A road that can be begun, or why not."""

    opening: Opening
    url: str
    why_not: str = ""

    @property
    def label(self) -> str:
        return self.opening.row.text("name", language())

    @property
    def refusals(self) -> list[Exclusion]:
        return self.opening.refusals

    @property
    def warnings(self) -> list[Exclusion]:
        return self.opening.warnings


@dataclass(frozen=True)
class Threshold:
    """刑法第二百七十六条之一: what is shown of the four elements by the record."""

    said: frozenset[str]
    is_reported: bool

    @property
    def is_candidate(self) -> bool:
        """For the joint-punishment list: ordered to pay, and unpaid once the day had passed (Decree 45, art. 5)."""
        return "ordered_unpaid" in self.said

    @property
    def elements(self) -> list[tuple[str, bool | None]]:
        known = {"amount": True, "ordered": "ordered_unpaid" in self.said, "unpaid": "ordered_unpaid" in self.said}
        return [(gettext(label), known.get(name)) for name, label in FOUR]


class ProceedingsPage:
    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        """`claim` comes from situation.of_claim.rows()."""
        self.claim, self.person, self.today = claim, person, today

    @cached_property
    def proceedings(self) -> list[Proceeding]:
        found = list(self.claim.proceedings.select_related("opened_by", "body").prefetch_related("steps__recorded_by", "steps__paper", "steps__withdrawn_by"))
        for proceeding in found:
            proceeding.claim = self.claim
            for step in proceeding.steps.all():
                step.proceeding = proceeding
        return [row for row in found if row.kind in KINDS and row.state in row.table.steps]

    @cached_property
    def running(self) -> dict[object, list[Clock]]:
        found: dict[object, list[Clock]] = {}
        wanted = Clock.objects.running().filter(claim=self.claim, about_id__in=[row.pk for row in self.proceedings])
        for clock in wanted.prefetch_related(PAUSES):
            found.setdefault(clock.about_id, []).append(clock)
        return found

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_now()

    @cached_property
    def chains(self) -> list[Chain]:
        rows = sorted(self.proceedings, key=lambda row: (not row.is_open, row.table.rank, row.opened_at))
        return [Chain(row, self.person, self.today, self.running.get(row.pk, []), self.calendar) for row in rows]

    @cached_property
    def may_open(self) -> bool:
        return bool(may(find(CLAIM, MOVE), self.claim, self.person, self.today))

    @cached_property
    def openings(self) -> list[OpeningRow]:
        return [self.opening_row(one) for one in openings(self.claim, self.today)] if self.may_open else []

    def opening_row(self, one: Opening) -> OpeningRow:
        allowed = may_record(self.claim, one.row, self.person, self.today)
        if isinstance(allowed, Denied):
            return OpeningRow(one, "", allowed.message)
        if one.already:
            return OpeningRow(one, "", gettext("已有一件没有结束，请在原来的程序里登记。"))
        if one.refusals:
            return OpeningRow(one, "")
        return OpeningRow(one, reverse("proceeding_open", args=[self.claim.pk, one.kind.id, one.row.step]))

    @property
    def possible(self) -> list[OpeningRow]:
        return [row for row in self.openings if row.url]

    @property
    def shut(self) -> list[OpeningRow]:
        return [row for row in self.openings if not row.url]

    @cached_property
    def alerts(self) -> list[Alert]:
        return alerts_of(self.claim.clocks.all(), self.today, self.calendar)

    @cached_property
    def threshold(self) -> Threshold | None:
        if not self.claim.is_open or not reached(self.claim, self.today):
            return None
        return Threshold(said_of(self.claim, self.today), any(row.kind == "criminal" for row in self.proceedings))

    @property
    def combined(self) -> list[tuple[Combined, list[Kind]]]:
        return [(row, [KINDS[kind] for kind in row.order]) for row in COMBINED.values() if row.active == "yes"]
