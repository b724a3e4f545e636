"""What the pages of a support case and of a search show, gathered in a fixed number of queries. Templates neither query nor
decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import get_language, gettext

from arrears.acts import Act, ActsOfPage
from arrears.answerable import Left, Places
from arrears.calendars import calendar_now
from arrears.claim_rows import Mark, OfClaim
from arrears.lifecycle import CLAIM
from arrears.limitation.offer import AidOffer
from arrears.limitation.page import LimitsPage
from arrears.models import (
    Applicant,
    Clock,
    Event,
    Opinion,
    Proceeding,
    Referral,
    Search,
    SearchWay,
    SupportCase,
    Supporting,
)
from arrears.papers.issuing import MOVE as ISSUE
from arrears.permits import find, may
from arrears.proceedings.rows import ProceedingRow
from arrears.proceedings.rows import rows_of as proceeding_rows
from arrears.support.lifecycle import AGREE, ALLOWED, ASKED, OPINION_OF, SEARCH_STATES, SHAPES, VERDICTS, WAY_STATES
from arrears.support.permits import may_change, may_decide, may_try, moves_for
from arrears.support.rows import due_mark, state_mark
from arrears.support.standing import checks_of
from arrears.support.table import REASONS, SUPPORTERS, WAYS, Check
from arrears.support.verbs import is_for_city
from arrears.telling import Told, tell
from arrears.timing.clock_page import ClockPage
from grid.duty import Roster
from grid.models import Person
from grid.roles import LEVEL_LABELS, above

SUIT, TAKEN_UP = "suit", ("accepted", "in_progress", "concluded")
NO_PACKET = ("refused", "withdrawn", "lapsed")
SHOWN = 30  # applicants by name; of a case of hundreds the others are counted
ICONS = {
    "prepare": "edit", "choose_workers": "people", "join": "plus", "leave": "undo", "choose": "check", "apply": "agree", "pass_up": "check", "object_up": "close",
    "agree": "check", "ask_city": "escalate", "approve": "check", "refuse": "close", "send_back": "undo", "hand_over": "referral",
    "conclude": "done", "withdraw": "undo",
}  # fmt: skip
OWN_PAGES = {"prepare": "support_prepare", "choose_workers": "support_workers", "join": "support_workers", "leave": "support_leave", "choose": "support_choose"}
# Where a missing condition is mended: a page of the case, or of the claim.
MENDS = {
    "voluntary": ("support_workers", True), "claim": ("claim_complete", False), "respondent": ("claim_find", False),
    "evidence": ("evidence_add", False), "cannot_sue": ("support_prepare", True), "mediation": ("support_prepare", True),
}  # fmt: skip


def language() -> str:
    return get_language() or ""


@dataclass(frozen=True)
class CheckRow:
    check: Check
    url: str

    @property
    def name(self) -> str:
        return self.check.condition.text("name", language())

    @property
    def says(self) -> str:
        return self.check.says.text(gettext)

    @property
    def mend(self) -> str:
        return self.check.condition.text("mend", language())

    @property
    def citation(self) -> str:
        return self.check.condition.citation(language())

    @property
    def is_met(self) -> bool:
        return self.check.is_met

    @property
    def from_where(self) -> str:
        if not self.is_met:
            return ""
        return gettext("案卷里查到的") if self.check.by_itself else gettext("由经办人说明")

    @property
    def is_verified(self) -> bool:
        return self.check.condition.verified


@dataclass(frozen=True)
class OpinionRow:
    opinion: Opinion

    @property
    def level(self) -> str:
        return gettext(LEVEL_LABELS[self.opinion.level])

    @property
    def verdict(self) -> Mark:
        tone = {"agree": "good", "disagree": "bad", "return": "warn"}[self.opinion.verdict]
        return Mark(gettext(dict(VERDICTS)[self.opinion.verdict]), tone)

    @property
    def post(self) -> str:
        place, _space, role = self.opinion.post.rpartition(" ")
        return " ".join(filter(None, (place, gettext(role) if role else "")))

    @property
    def icon(self) -> str:
        return "check" if self.opinion.verdict == AGREE else "undo"

    @property
    def digest(self) -> str:
        return self.opinion.digest[:12]


@dataclass(frozen=True)
class SupporterRow:
    row: Supporting

    @property
    def name(self) -> str:
        known = SUPPORTERS.get(self.row.supporter)
        return known.text("name", language()) if known else self.row.supporter

    @property
    def citation(self) -> str:
        known = SUPPORTERS.get(self.row.supporter)
        return known.citation(language()) if known else ""

    @property
    def referral(self) -> Referral | None:
        return self.row.referral

    @property
    def answer(self) -> Mark | None:
        """What came back from the body."""
        referral = self.row.referral
        if referral is None:
            return None
        outcome = gettext(referral.get_outcome_display()) if referral.outcome else ""
        words = gettext("、").join(filter(None, (gettext(referral.status.label), outcome, referral.docket_number)))
        return Mark(words, referral.status.tone)


class SupportPage(OfClaim, ActsOfPage):
    """`case` was fetched with `rows()`."""

    def __init__(self, case: SupportCase, person: Person, today: date) -> None:
        self.case, self.claim, self.person, self.today = case, case.claim, person, today
        self.calendar = calendar_now()

    @staticmethod
    def rows():
        return SupportCase.objects.select_related("claim__region", "claim__handler", "opened_by")

    @property
    def state(self) -> Mark:
        return state_mark(self.case)

    @cached_property
    def due(self) -> Mark | None:
        return due_mark(self.case.due_on, self.today, self.calendar)

    @cached_property
    def checks(self) -> list[CheckRow]:
        return [CheckRow(one, self.mend_url(one)) for one in checks_of(self.case)]

    def mend_url(self, check: Check) -> str:
        name, is_of_case = MENDS[check.condition.id]
        return reverse(name, args=[self.case.pk if is_of_case else self.claim.pk])

    @property
    def missing(self) -> list[CheckRow]:
        return [row for row in self.checks if not row.is_met]

    @property
    def next_mend(self) -> CheckRow | None:
        """What to complete first, while the application is being made."""
        return next(iter(self.missing), None) if self.is_being_made and self.may_prepare else None

    @property
    def is_being_made(self) -> bool:
        return self.case.state in ("draft", "returned")

    # Whose turn it is

    @cached_property
    def places(self) -> Places:
        return Places(self.claim.region_id)

    @cached_property
    def roster(self) -> Roster:
        return Roster.around(self.claim.region_id, self.today)

    @property
    def post(self) -> str:
        return self.places.post(self.case.level) if self.case.level else ""

    @cached_property
    def people(self) -> Sequence[Person]:
        return self.roster.answerable(self.case.level, self.claim.region_id)[1] if self.case.level else []

    @property
    def has_climbed(self) -> bool:
        """It was asked of a level below."""
        return bool(self.case.level) and self.case.level != OPINION_OF[self.case.state]

    @property
    def asked_level(self) -> str:
        return gettext(LEVEL_LABELS[OPINION_OF[self.case.state]]) if self.case.level else ""

    @property
    def next_level(self) -> str:
        higher = above(self.case.level) if self.case.level else None
        return gettext(LEVEL_LABELS[higher]) if higher else ""

    @cached_property
    def clock(self) -> Clock | None:
        return ClockPage.rows().running().filter(claim=self.claim, about_id=self.case.pk).first()

    @cached_property
    def clock_page(self) -> ClockPage | None:
        return ClockPage(self.clock, self.person, self.today) if self.clock else None

    @property
    def left(self) -> Left | None:
        return self.clock_page and self.clock_page.left

    # Who applies, what was thought, who supports

    @cached_property
    def applicants(self) -> list[Applicant]:
        return list(self.case.applicants.select_related("claimant", "via__claimant", "paper")[:SHOWN])

    @cached_property
    def applicant_count(self) -> int:
        return self.case.applicants.count()

    @property
    def more_applicants(self) -> int:
        return self.applicant_count - len(self.applicants)

    @cached_property
    def total(self) -> Decimal:
        return self.case.applicants.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)

    @property
    def stays_out(self) -> int:
        return max(self.claim.worker_count - self.applicant_count, 0)

    @property
    def shape(self) -> str:
        return gettext(dict(SHAPES)[self.case.shape])

    @property
    def reasons(self) -> list[str]:
        return [REASONS[one].text("name", language()) for one in self.case.reasons if one in REASONS]

    @cached_property
    def opinions(self) -> list[OpinionRow]:
        return [OpinionRow(one) for one in self.case.opinions.select_related("by")]

    @cached_property
    def supporters(self) -> list[SupporterRow]:
        return [SupporterRow(one) for one in self.case.supporters.select_related("body", "referral__body")]

    @cached_property
    def offer(self) -> AidOffer | None:
        """Less than seven days of the limit are left: legal aid at once, whatever opinions still say."""
        return LimitsPage(self.claim, self.person, self.today).offer

    @cached_property
    def packet_url(self) -> str:
        """The papers of support to sue as one packet; "" for who may make none."""
        may_issue = self.case.state not in NO_PACKET and may(find(CLAIM, ISSUE), self.claim, self.person, self.today)
        if not may_issue:
            return ""
        sent = [row.referral.pk for row in self.supporters if row.referral and row.referral.is_open]
        with_it = f"&referral={sent[0]}" if len(sent) == 1 else ""  # of several the officer says to which
        return f"{reverse('packet_new', args=[self.claim.pk])}?kind=support{with_it}"

    @cached_property
    def suits(self) -> list[ProceedingRow]:
        """What the court has of it."""
        found = Proceeding.objects.filter(claim=self.claim, kind=SUIT)
        return proceeding_rows(found.for_list(), self.today, self.calendar)

    @cached_property
    def file_urls(self) -> list[tuple[str, str]]:
        """Where the filing is entered for a supporter who took the case up: body and address."""
        if self.suits or not self.case.is_open:
            return []
        taken = [row.referral for row in self.supporters if row.referral and row.referral.state in TAKEN_UP]
        return [(one.body.name, f"{reverse('claim_proceedings', args=[self.claim.pk])}?referral={one.pk}#open") for one in taken]

    @cached_property
    def is_for_city(self) -> bool:
        return is_for_city(self.case)

    @cached_property
    def search(self) -> Search | None:
        return Search.objects.filter(claim=self.claim).order_by("-started_at").first()

    @cached_property
    def moves(self) -> list:
        return moves_for(self.case, self.person, self.today)

    @cached_property
    def acts(self) -> list[Act]:
        """What cannot succeed now is not offered first."""
        wrong = {"ask_city": not self.is_for_city, "agree": self.is_for_city} if self.case.state == "county" else {}
        usual = [move for move in self.moves if not (move.name == "agree" and wrong["agree"]) and not (move.name == "apply" and self.missing)]
        acts = [Act(move, self.url_of(move.name), ICONS.get(move.name, "check")) for move in usual]
        return sorted(acts, key=lambda act: wrong.get(act.move.name, False))

    def url_of(self, name: str) -> str:
        if name in OWN_PAGES:
            return reverse(OWN_PAGES[name], args=[self.case.pk])
        return reverse("support_move", args=[self.case.pk, name])

    def offers(self, name: str) -> bool:
        return any(move.name == name for move in self.moves)

    @property
    def may_choose(self) -> bool:
        return self.offers("choose")

    @property
    def may_prepare(self) -> bool:
        return self.offers("prepare")

    @cached_property
    def events(self) -> list[Told]:
        found = Event.objects.filter(claim=self.claim, kind="support", facts__support=str(self.case.pk))
        return [tell(event) for event in found.select_related("actor")]


@dataclass(frozen=True)
class WayRow:
    way: SearchWay
    may_decide: bool
    may_try: bool

    @property
    def name(self) -> str:
        row = WAYS.get(self.way.way)
        return row.text("name", language()) if row else self.way.way

    @property
    def citation(self) -> str:
        row = WAYS.get(self.way.way)
        return row.citation(language()) if row else ""

    @property
    def state(self) -> Mark:
        tone = {"asked": "warn", "allowed": "info", "denied": "bad", "tried": "good"}[self.way.state]
        return Mark(gettext(dict(WAY_STATES)[self.way.state]), tone)


class SearchPage(OfClaim):
    def __init__(self, search: Search, person: Person, today: date) -> None:
        self.search, self.claim, self.person, self.today = search, search.claim, person, today
        self.calendar = calendar_now()

    @staticmethod
    def rows():
        return Search.objects.select_related("claim__region", "respondent", "photo", "started_by", "ended_by")

    @property
    def state(self) -> Mark:
        return Mark(gettext(dict(SEARCH_STATES)[self.search.state]), {"searching": "info", "found": "good", "given_up": "muted"}[self.search.state])

    @property
    def due(self) -> Mark | None:
        return due_mark(self.search.due_on, self.today, self.calendar)

    @cached_property
    def may_change(self) -> bool:
        return bool(may_change(self.search, self.person, self.today))

    @cached_property
    def ways(self) -> list[WayRow]:
        found = list(self.search.ways.select_related("begun_by", "decided_by"))
        for way in found:
            way.search = self.search
        return [
            WayRow(
                way, way.state == ASKED and bool(may_decide(way, self.person, self.today)),
                way.state == ALLOWED and bool(may_try(way, self.person, self.today)),
            ) for way in found
        ]  # fmt: skip

    @property
    def leads(self) -> list[tuple[str, str]]:
        said = ((name, getattr(self.search, name)) for name in ("nickname", "phone", "plate", "account_masked", "site", "known_by"))
        return [(gettext(str(Search._meta.get_field(name).verbose_name)), value) for name, value in said if value]

    @cached_property
    def clock(self) -> Clock | None:
        return Clock.objects.running().filter(claim=self.claim, about_id=self.search.pk).first()
