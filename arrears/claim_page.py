"""What the page of a claim shows, gathered in a fixed number of queries. Templates neither query nor decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.acts import Act, ActsOfPage
from arrears.answerable import Call, Duty, Places, calls_to_come, duty_of
from arrears.calendars import calendar_now
from arrears.claim_rows import Mark, OfClaim, level_mark
from arrears.completing.card import CompletingCard, RoadGap
from arrears.duplicates.finding import MOST_WORKERS, subject_with
from arrears.duplicates.panel import ClaimPanel
from arrears.duplicates.repeating import Earlier, earlier_of
from arrears.evidence_page import Paper, papers_of
from arrears.groups.kin import Kin
from arrears.groups.law import FROM
from arrears.groups.parts import Parts
from arrears.groups.standing_for import Group
from arrears.identity import digits
from arrears.ladders.store import book_now
from arrears.models import (
    Claim,
    Claimant,
    ClaimLine,
    Event,
    Incident,
    Objection,
    Owed,
    Question,
    SupportCase,
)
from arrears.moves import Move
from arrears.objections.standing import waiting_of
from arrears.oversight import Oversight
from arrears.owed.page import mark_of, presumptions_of
from arrears.owed.table import Presumption
from arrears.permits import claim_posts, moves_for
from arrears.proceedings.alerts import Alert, alerts_of
from arrears.proceedings.rows import ProceedingRow
from arrears.proceedings.rows import rows_of as proceeding_rows_of
from arrears.proceedings.threshold import reached
from arrears.routes import doors
from arrears.serving.rows import ServiceRow
from arrears.serving.rows import rows_of as service_rows_of
from arrears.situation.standing import Standing
from arrears.sources.page import FromSource, orders_behind
from arrears.support.rows import CaseRow
from arrears.support.rows import rows_of as support_rows
from arrears.telling import Told, tell
from arrears.timing.clock_rows import ClockRow, rows_of
from arrears.timing.suspension_page import Resting
from arrears.worker.questions import asked_of
from grid.duty import Roster
from grid.models import Person

EVENTS_SHOWN = 200
ROUTINE = frozenset({"alerted", "alert_acknowledged", "alert_replied", "alert_snoozed"})
ALWAYS_SHOWN, FOLDED_FROM = 2, 3  # newest events; routine ones in a row
FEW, FOLDED_TO = 5, 3  # more workers or lines than these are folded, so that a phone shows what is to be done
PEOPLE_SHOWN = LINES_SHOWN = 50  # of a case of hundreds the others stand on a page of their own
# The pages of moves that have one of their own; the others share claim_move.
OWN_PAGES = {"refer": "claim_refer", "support": "claim_support", "mediate": "claim_mediate", "add_evidence": "evidence_add",
             "complete": "claim_complete", "issue_paper": "claim_documents", "state_facts": "claim_state_facts", "split": "claim_split", "add_workers": "claim_add_workers", "tell_apart": "claim_apart", "represent": "claim_represent", "serve": "claim_serve", "proceed": "claim_proceedings", "interrupt": "claim_limits"}  # fmt: skip
MOVE_ICONS = {
    "accept": "check", "reject": "close", "handle": "check", "verify": "money", "settle": "agree", "breach": "warning",
    "record_payment": "money", "confirm_paid": "done", "close": "done", "conclude": "close", "transfer": "open",
    "withdraw": "undo", "merge": "link", "split": "people", "add_workers": "plus", "tell_apart": "check", "represent": "people", "serve": "message", "proceed": "referral", "gather": "link", "ungather": "undo", "reopen": "undo", "assign": "person", "escalate": "escalate",
    "suspend": "paused", "resume": "undo", "hand_back": "down", "refer": "referral", "support": "agree", "mediate": "mediation", "complete": "edit", "issue_paper": "print", "state_facts": "check", "interrupt": "history", "add_evidence": "attach", "note": "message",
}  # fmt: skip


# Seldom needed, so they stand behind one more fold.
RARE = frozenset({"split", "add_workers", "tell_apart", "represent", "serve", "gather", "ungather", "mark_sensitive", "unmark_sensitive", "suspend", "escalate", "hand_back", "interrupt"})


@dataclass(frozen=True)
class Amount:
    label: str
    value: Decimal | None
    look: str = ""


@dataclass(frozen=True)
class Stretch:
    """Events of the history that stand together."""

    events: Sequence[Told]
    is_folded: bool = False


class ClaimPage(OfClaim, ActsOfPage):
    """`claim` was fetched with claim_fetching.whole(); everything else is read when the template first asks for it."""

    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today
        self.calendar = calendar_now()

    # Head

    @property
    def level(self) -> Mark:
        return level_mark(self.claim.level)

    # What workers were asked and said

    @cached_property
    def questions(self) -> list[Question]:
        """Those that wait for an answer."""
        return [asked for asked in asked_of([self.claim]) if asked.is_open] if self.claim.is_open and self.claim.was_asked else []

    @cached_property
    def objection(self) -> Objection | None:
        return None if self.claim.is_open else waiting_of(self.claim)

    @cached_property
    def supports(self) -> list[CaseRow]:
        """Applications for support to sue."""
        return support_rows(SupportCase.objects.filter(claim=self.claim).select_related("claim"), self.today, self.calendar)

    # Who must act, by when and why

    @cached_property
    def places(self) -> Places:
        return Places(self.claim.region_id)

    @cached_property
    def roster(self) -> Roster:
        return Roster.around(self.claim.region_id, self.today)

    @cached_property
    def duty(self) -> Duty | None:
        if not self.claim.is_open:
            return None
        return duty_of(self.claim, self.claim.clocks.all(), self.roster, self.places, self.calendar, self.today)

    @cached_property
    def next_climb(self) -> Call | None:
        """When the claim would climb by itself if nobody acted: for the limit or for the target within it."""
        owed = [clock for clock in (self.duty.clock, self.duty.target) if clock] if self.duty else []
        book = book_now() if owed else None
        calls = [
            call
            for clock in owed
            for call in calls_to_come(clock, self.claim, self.roster, self.places, self.calendar, book=book)
        ]
        return min((call for call in calls if call.climbs_to), key=lambda call: call.at, default=None)

    @property
    def climbs_to(self) -> str:
        call = self.next_climb
        return self.places.post(call.climbs_to) if call and call.climbs_to else ""

    @property
    def duty_name(self) -> str:
        return self.duty.clock.rule.text("name", get_language() or "") if self.duty else ""

    @property
    def duty_article(self) -> str:
        return self.duty.clock.rule.citation(get_language() or "") if self.duty else ""

    @cached_property
    def clocks(self) -> list[ClockRow]:
        return rows_of(self.claim.clocks.all(), self.today, self.calendar)

    @property
    def running_clocks(self) -> list[ClockRow]:
        return [row for row in self.clocks if row.clock.ended_on is None]

    @property
    def ended_clocks(self) -> list[ClockRow]:
        return [row for row in self.clocks if row.clock.ended_on]

    @cached_property
    def rights_at_risk(self) -> list[Alert]:
        """Days with which a right of the worker is lost."""
        return alerts_of(self.claim.clocks.all(), self.today, self.calendar) if self.claim.is_open else []

    @cached_property
    def crime_amount(self) -> str:
        """Does what is owed reach the amount of the crime of refusing to pay?"""
        return reached(self.claim, self.today) if self.claim.is_open else ""

    @cached_property
    def proceedings(self) -> list[ProceedingRow]:
        rows = list(self.claim.proceedings.all())
        for row in rows:
            row.claim = self.claim
        return proceeding_rows_of(sorted(rows, key=lambda row: (not row.is_open, row.opened_at)), self.today, self.calendar)

    @cached_property
    def resting(self) -> Resting | None:
        """The suspension it is in."""
        return Resting.of(self.claim, self.claim.suspensions.all(), self.today) if self.claim.suspended_until else None

    # Who must pay, which door, how long the worker's right lasts

    @cached_property
    def standing(self) -> Standing:
        return Standing(self.claim, self.person, self.today)

    @cached_property
    def kin(self) -> Kin:
        return Kin(self.claim, self.person, self.today, is_alone=not self.claim.has_kin)

    # What is missing

    @cached_property
    def lacking(self) -> CompletingCard:
        return CompletingCard(self.claim)

    @property
    def lacking_roads(self) -> list[RoadGap]:
        found = doors(self.standing.facts)
        return self.lacking.roads(found.open, self.standing.facts, get_language() or "")

    @property
    def may_complete(self) -> bool:
        return any(act.move.name == "complete" for act in self.acts)

    # What can be done

    @cached_property
    def acts(self) -> list[Act]:
        moves = moves_for(self.claim, self.person, self.today)
        return [Act(move, self.page_of(move), MOVE_ICONS.get(move.name, "check")) for move in moves]

    def page_of(self, move: Move) -> str:
        if move.is_own_page:
            return reverse(OWN_PAGES[move.name], args=[self.claim.pk])
        return reverse("claim_move", args=[self.claim.pk, move.name])

    @property
    def usual_acts(self) -> list[Act]:
        """Those that unfold here first, then those that lead to a page of their own."""
        return sorted((act for act in super().usual_acts if act.move.name not in RARE), key=lambda act: not act.opens_here)

    @property
    def rare_acts(self) -> list[Act]:
        return [act for act in super().usual_acts if act.move.name in RARE]

    @cached_property
    def papers(self) -> list[Paper]:
        return papers_of(self.claim.evidence.all())

    @property
    def owed_papers(self) -> list[tuple[Owed, Mark, list[Presumption]]]:
        """Papers that are still to come, or did not; what follows from an employer's silence."""
        rows = [row for row in self.claim.owed_papers.all() if row.state in ("open", "broken", "refused")]
        return [(row, mark_of(row, self.today), presumptions_of(row, self.today)) for row in rows]

    @cached_property
    def services(self) -> list[ServiceRow]:
        """Papers that are to be served, and those that were."""
        return service_rows_of(self.claim.services.for_list(), self.today, self.calendar)

    @property
    def may_serve(self) -> bool:
        return any(act.move.name == "serve" for act in self.acts)

    @property
    def incidents(self) -> Sequence[Incident]:
        return list(self.claim.incidents.all())

    @property
    def may_report_incident(self) -> bool:
        return any(act.move.name == "note" for act in self.acts) and not any(row.is_open for row in self.incidents)

    @property
    def may_add_evidence(self) -> bool:
        return any(act.move.name == "add_evidence" for act in self.acts)

    @cached_property
    def sees_phones(self) -> bool:
        """Whoever works on the case must be able to call; readers see the masked number."""
        return bool(claim_posts(self.claim, self.person, self.today))

    @cached_property
    def oversight(self) -> Oversight:
        return Oversight(self.claim, self.person, self.today, self.calendar, is_quiet=not self.claim.was_urged)

    # Money

    @property
    def amounts(self) -> list[Amount]:
        claim = self.claim
        steps = [(_("主张"), claim.claimed), (_("核定"), claim.verified), (_("约定"), claim.agreed)]
        known = [index for index, (label, value) in enumerate(steps) if value is not None]
        looks = {index: "is-open" for index, (label, value) in enumerate(steps) if value is None} | {known[-1]: "is-now"}
        return [Amount(gettext(label), value, looks.get(index, "")) for index, (label, value) in enumerate(steps)]

    @property
    def paid_percent(self) -> int:
        return min(100, int(100 * self.claim.paid / self.claim.owed)) if self.claim.owed else 0

    @cached_property
    def lines(self) -> Sequence[ClaimLine]:
        return self.first_lines[:LINES_SHOWN]

    @cached_property
    def first_lines(self) -> Sequence[ClaimLine]:
        """Of the first workers, in their order."""
        by_id = {worker.pk: worker for worker in self.first_claimants}
        found = list(ClaimLine.objects.filter(claimant__in=by_id).order_by("claimant", "id"))
        for line in found:
            line.claimant = by_id[line.claimant_id]
        return found

    @property
    def folds_lines(self) -> bool:
        return len(self.lines) > FEW

    @property
    def has_more_lines(self) -> bool:
        return len(self.first_lines) > LINES_SHOWN or len(self.first_claimants) == MOST_WORKERS

    @property
    def lines_sums(self) -> dict[str, Decimal]:
        return {"due": self.claim.lines_due, "paid": self.claim.lines_paid}

    # People, papers, history

    @cached_property
    def claimants(self) -> Sequence[Claimant]:
        return self.first_claimants[:PEOPLE_SHOWN]

    @cached_property
    def first_claimants(self) -> Sequence[Claimant]:
        """Those that are shown, and those that duplicates are looked for of."""
        return list(self.claim.claimants.all()[:MOST_WORKERS])

    @property
    def few_claimants(self) -> Sequence[Claimant]:
        return self.claimants if len(self.claimants) <= FEW else self.claimants[:FOLDED_TO]

    @property
    def folded_claimants(self) -> Sequence[Claimant]:
        return self.claimants[len(self.few_claimants) :]

    @property
    def has_more_claimants(self) -> bool:
        return len(self.first_claimants) > PEOPLE_SHOWN

    @cached_property
    def with_their_phone(self) -> set[UUID]:
        """Claimants whose number was registered for the other side, too: nothing is written to it."""
        theirs = {digits(respondent.phone) for respondent in self.claim.respondents.all() if respondent.phone}
        return {claimant.pk for claimant in self.claimants if claimant.reached_at and digits(claimant.reached_at) in theirs}

    @cached_property
    def parts(self) -> Parts:
        return Parts(self.claim, self.person, self.today, self.claim.part_count)

    @cached_property
    def group(self) -> Group:
        return Group(self.claim, self.today, has_none=not self.claim.is_represented)

    @property
    def shows_group(self) -> bool:
        return self.claim.worker_count >= FROM or self.claim.is_represented

    @property
    def may_represent(self) -> bool:
        return any(act.move.name == "represent" for act in self.acts)

    @cached_property
    def alike(self) -> ClaimPanel:
        subject = subject_with(self.claim, self.first_claimants, self.first_lines)
        return ClaimPanel(self.claim, self.person, self.today, subject)

    @cached_property
    def earlier(self) -> dict[UUID, Earlier]:
        """Workers of this claim who complained before, or somewhere else."""
        return earlier_of(self.claim, self.claimants, self.person, self.today)

    @cached_property
    def orders_behind(self) -> list[FromSource]:
        """Work orders of other offices that led here, and what those were told."""
        return orders_behind(self.claim, self.person, self.today, self.calendar)

    @property
    def may_check_chain(self) -> bool:
        return self.person.scope(self.today).audits(self.claim.region_id)

    @cached_property
    def events(self) -> list[Told]:
        found = Event.objects.visible_to(self.person, self.today).filter(claim=self.claim).select_related("actor")
        return [tell(event) for event in found[:EVENTS_SHOWN]]

    @property
    def stretches(self) -> list[Stretch]:
        """The history, newest first, with long stretches of alerts folded: between them stands what people did."""
        newest, rest = self.events[:ALWAYS_SHOWN], self.events[ALWAYS_SHOWN:]
        runs = [(is_routine, list(run)) for is_routine, run in groupby(rest, lambda told: told.event.kind in ROUTINE)]
        return [Stretch(newest), *(Stretch(run, is_routine and len(run) >= FOLDED_FROM) for is_routine, run in runs)]


class PeoplePage(ClaimPage):
    """All the workers, a page of them at a time."""

    def __init__(self, claim: Claim, person: Person, today: date, people: Sequence[Claimant]) -> None:
        super().__init__(claim, person, today)
        self.people = people

    @property
    def claimants(self) -> Sequence[Claimant]:
        return self.people
