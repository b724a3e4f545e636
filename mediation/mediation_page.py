"""What the page of a mediation shows, gathered in a fixed number of queries. Templates neither query nor decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, gettext

from arrears.acts import Act, ActsOfPage
from arrears.answerable import Left, Places
from arrears.calendars import calendar_now
from arrears.claim_rows import Mark, OfClaim
from arrears.escalation.seats import leads
from arrears.liability.said import payers_of
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Clock
from arrears.papers.issuing import MOVE
from arrears.permits import find, may
from arrears.serving.verbs import may_act, may_serve
from arrears.situation.of_claim import facts_of
from arrears.timing.clock_page import ClockPage
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person, Posting
from mediation import handing
from mediation.drafting.verbs import draft_of, may_draft
from mediation.forms.handing import HandForm
from mediation.forms.paying import ScanForm
from mediation.instalments import Part, Standing
from mediation.lifecycle import SITTING
from mediation.marks.seats import may_take
from mediation.models import Agreement, AgreementDraft, Hearing, Mediation, Signature
from mediation.models.mediations import MediationQuerySet
from mediation.outstanding import standing_of
from mediation.permits import mediation_moves_for, mediation_posts

MOVE_ICONS = {
    "accept": "check", "schedule": "calendar", "postpone": "calendar", "convert": "place", "join": "link", "on_site": "place", "hold": "done", "adjourn": "paused",
    "no_show": "warning", "undo": "undo", "agree": "agree", "fail": "close", "reinstate": "undo",
}  # fmt: skip


@dataclass(frozen=True)
class ClockRow:
    clock: Clock
    name: str
    article: str
    left: Left | None  # None: it has ended


class MediationPage(OfClaim, ActsOfPage):
    """`mediation` was fetched with `rows()`; the rest is read when the template first asks for it."""

    def __init__(self, mediation: Mediation, person: Person, today: date) -> None:
        self.mediation, self.person, self.today = mediation, person, today
        self.claim = mediation.claim

    @staticmethod
    def rows() -> MediationQuerySet:
        hearings = Hearing.objects.select_related("room", "room__region", "mediator").prefetch_related("attendances")
        return Mediation.objects.select_related(
            "claim", "claim__region", "claim__handler", "mediator", "applied_by", "agreement"
        ).prefetch_related(Prefetch("hearings", hearings.order_by("-number")), "agreement__instalments", "agreement__signatures")

    @property
    def state(self) -> Mark:
        status = self.mediation.status
        return Mark(gettext(status.label), status.tone)

    @cached_property
    def sees_claim(self) -> bool:
        """The mediator assigned from elsewhere sees the mediation without the claim."""
        return Claim.objects.visible_to(self.person, self.today).filter(pk=self.claim.pk).exists()

    @cached_property
    def may_draft(self) -> bool:
        return bool(may_draft(self.mediation, self.person, self.today))

    @cached_property
    def draft(self) -> AgreementDraft | None:
        return draft_of(self.mediation) if self.mediation.is_open else None

    @property
    def waits_for_acceptance(self) -> bool:
        """An agreement settles the claim, which must have been accepted by then: said early."""
        return self.mediation.is_open and self.claim.stage == CLAIM.initial

    @property
    def may_arbitrate(self) -> bool:
        """Without an agreement, or after fifteen days without one, the worker may turn to arbitration."""
        return self.mediation.state == "failed" or any(
            row.clock.rule_id == "MED-15" and row.left and row.left.days < 0 for row in self.clocks
        )

    @cached_property
    def may_take_mark(self) -> bool:
        """Whoever mediated is not shown who has said what."""
        return not self.mediation.is_open and bool(may_take(self.mediation, self.person, self.today))

    # Who must act, by when and why

    @cached_property
    def clocks(self) -> list[ClockRow]:
        """Running ones first, soonest due on top."""
        calendar, language = calendar_now(), get_language() or ""
        found = ClockPage.rows().filter(claim=self.claim, about_id=self.mediation.pk)
        rows = sorted(found, key=lambda clock: (clock.ended_on is not None, clock.due_on))
        return [
            ClockRow(
                clock, clock.rule.text("name", language), clock.rule.citation(language),
                Left.of(clock, self.today, calendar) if clock.ended_on is None else None,
            )
            for clock in rows
        ]  # fmt: skip

    @cached_property
    def coming(self) -> list[ClockPage]:
        """Of each running clock, what happens next if nobody acts."""
        pages = [ClockPage(row.clock, self.person, self.today) for row in self.clocks if row.left]
        return [page for page in pages if page.coming or page.rests_now]

    @property
    def duty(self) -> ClockRow | None:
        """The first running clock, while there is something to mediate."""
        first = self.clocks[0] if self.clocks and self.mediation.is_open else None
        return first if first and first.left else None

    @cached_property
    def answerable(self) -> Sequence[Person]:
        """The mediator; before there is one, or while they hold no post, whoever leads the claim's level."""
        mediator = self.mediation.mediator
        if mediator and Posting.objects.present(self.today).filter(person=mediator, body=None).exists():
            return [mediator]
        return leads(Roster(self.today), self.claim.level, self.claim.region_id).people

    @property
    def answerable_post(self) -> str:
        if list(self.answerable) == [self.mediation.mediator]:
            return gettext("调解员")
        return Places(self.claim.region_id).post(self.claim.level)

    @cached_property
    def payers(self) -> list[dict[str, Any]]:
        """Whom to turn to, in order: whoever mediates may not see the claim itself."""
        return payers_of(facts_of(self.claim, self.today))

    # What to do

    @cached_property
    def acts(self) -> list[Act]:
        moves = mediation_moves_for(self.mediation, self.person, self.today)
        return [Act(move, reverse("mediation_move", args=[self.mediation.pk, move.name]), MOVE_ICONS[move.name]) for move in moves]

    @property
    def room_now(self) -> Hearing | None:
        """The hearing of today, or of a day before that has no result: whoever holds it goes in, and its results are recorded there."""
        hearing = self.next_hearing
        has_come = hearing is not None and day_of(hearing.starts_at) <= self.today
        return hearing if has_come and any(act.move.name == "hold" for act in self.acts) else None

    @property
    def first_act(self) -> Act | None:
        return None if self.room_now else super().first_act

    @property
    def may_look_for_times(self) -> bool:
        return any(act.move.name in ("schedule", "postpone") for act in self.acts)

    # Hearings and agreement

    @cached_property
    def hearings(self) -> list[Hearing]:
        return list(self.mediation.hearings.all())

    @property
    def next_hearing(self) -> Hearing | None:
        return next((hearing for hearing in self.hearings if hearing.is_live), None)

    @property
    def is_result_missing(self) -> bool:
        """The hearing's day is over and nobody has said what became of it."""
        return self.next_hearing is not None and day_of(self.next_hearing.ends_at) < self.today

    @cached_property
    def agreement(self) -> Agreement | None:
        return getattr(self.mediation, "agreement", None)

    @property
    def signatures(self) -> list[Signature]:
        return list(self.agreement.signatures.all()) if self.agreement else []

    @property
    def lacks_scan(self) -> bool:
        """It was signed on paper, and nobody has brought the paper yet."""
        sits = any(post.role.name in SITTING for post in mediation_posts(self.mediation, self.person, self.today))
        return sits and any(one.how == "paper" and one.scan_id is None for one in self.signatures)

    # Everybody's copy

    @cached_property
    def copies(self) -> list[handing.Line]:
        return handing.lines_of(handing.copies(self.agreement)) if self.agreement else []

    @property
    def unserved(self) -> list[handing.Line]:
        return [line for line in self.copies if line.copy.service.is_waiting]

    @cached_property
    def may_serve(self) -> bool:
        if self.unserved:
            return bool(may_act(self.unserved[0].copy.service, self.person, self.today))
        return self.agreement is not None and bool(may_serve(self.claim, self.person, self.today))

    @property
    def has_scan(self) -> bool:
        return any(one.scan_id for one in self.signatures)

    @property
    def hand_form(self) -> HandForm:
        return HandForm()

    @property
    def scan_form(self) -> ScanForm:
        return ScanForm()

    @cached_property
    def parts(self) -> list[Part]:
        if self.agreement is None:
            return []
        return self.standing.parts

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.agreement, self.claim, self.today)

    @property
    def paid(self) -> Decimal:
        return self.standing.paid if self.agreement else Decimal(0)

    @property
    def paid_percent(self) -> int:
        return int(100 * self.paid / self.agreement.total) if self.agreement else 0

    @property
    def may_pursue(self) -> bool:
        return bool(may(find(CLAIM, MOVE), self.claim, self.person, self.today))

    @property
    def overdue_parts(self) -> list[Part]:
        return [part for part in self.parts if part.is_overdue]
