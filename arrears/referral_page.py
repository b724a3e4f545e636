"""What the page of a referral shows, gathered in a fixed number of queries. Templates neither query nor decide.

Everything of the case comes from `shared`, frozen when the referral was sent: the body's people and the officers
look at the same facts.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.acts import Act, ActsOfPage
from arrears.answerable import Left
from arrears.calendars import calendar_now
from arrears.claim_rows import Mark
from arrears.lifecycle import BODYS_OWN, CLAIM, RULING_RULES
from arrears.models import Clock, Event, Evidence, Packet, Proceeding, Referral, ReplyLink, Supplement
from arrears.models.papers import MADE
from arrears.models.referrals import ReferralQuerySet
from arrears.moves import Move
from arrears.partners.answering import may_record
from arrears.partners.disputes import is_ping_pong, moves_offered
from arrears.partners.frozen import is_intact, is_supplement_intact
from arrears.partners.ruling import arbiter
from arrears.permits import find, may
from arrears.proceedings.table import opened_by_referral
from arrears.referral_rows import title_of
from arrears.shared_facts import Shared, last_page
from arrears.supplement_page import FileRow, SupplementPage, masked
from arrears.telling import Told, tell
from arrears.timing.clock_page import ClockPage
from grid.duty import Roster
from grid.models import Person
from grid.roles import CITY, PARTNER
from grid.scope import sees_region

# What the body owes under the rule, in words that follow its name.
DUTIES = {
    "REF-RECEIVE-2": _("签收移送材料"),
    "REF-ANSWER-5": _("答复是否接受"),
    "REF-CONCLUDE-60": _("反馈办理结果"),
    "REF-SUPPLEMENT-2": _("签收补充材料"),
    "REF-SUPPLY": _("补充材料"),
    "REF-CORRECT-5": _("补正后重新发出"),
    **dict.fromkeys(RULING_RULES, _("裁定由谁办理")),
}
LINKS = 5  # of those given out, the newest
ARBITER = _("根治欠薪工作领导小组办公室")  # what settings.LEADING_GROUP is called, unless the installation says otherwise
MOVE_ICONS = {
    "send": "referral", "receive": "inbox", "accept": "check", "decline": "undo", "begin": "edit", "conclude": "done",
    "recall": "undo", "ask_more": "question", "ask_further": "question", "return": "undo", "take": "inbox", "supply": "attach",
    "supplement": "attach", "resend": "referral", "dispute": "warning", "rule_takes": "check", "rule_other": "referral",
    "rule_stands": "close",
}  # fmt: skip


def may_call(referral: Referral, person: Person, today: date) -> bool:
    """Who works on it must be able to reach the worker; mere readers see the masked number."""
    scope = person.scope(today)
    return referral.body_id in scope.bodies or any(post.role.acts for post in scope.posts_for(referral.claim.region_id))


def whole(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


class ReferralPage(ActsOfPage):
    """`referral` was fetched with `rows()`; everything else is read when the template first asks for it."""

    def __init__(self, referral: Referral, person: Person, today: date, number: str = "", supplement: str = "") -> None:
        self.referral, self.person, self.today = referral, person, today
        self.last = last_page(referral.shared)
        self.asked, self.of_supplement = whole(number), whole(supplement)  # the page of workers; of which supplement, 0: none
        self.number = 1 if self.of_supplement else min(max(self.asked, 1), self.last)
        self.calendar = calendar_now()

    @staticmethod
    def rows() -> ReferralQuerySet:
        return Referral.objects.select_related("claim__region", "claim__handler", "body", "sent_by", "ruled_by", "ruled_from__body", "passed_to__body"
        ).prefetch_related(
            Prefetch("evidence", Evidence.objects.order_by("added_at", "id")),
            Prefetch("supplements", Supplement.objects.select_related("sent_by")),
            Prefetch("supplements__evidence", Evidence.objects.order_by("added_at", "id")),
        )

    @property
    def title(self) -> str:
        return title_of(self.referral)

    @property
    def kind(self) -> str:
        return gettext(self.referral.get_kind_display())

    @property
    def state(self) -> Mark:
        return Mark(gettext(self.referral.status.label), self.referral.status.tone)

    @cached_property
    def packets(self) -> list[Packet]:
        """材料包 that go with it."""
        return list(self.referral.packets.filter(state=MADE).defer("answers"))

    @cached_property
    def shared(self) -> Shared:
        page = self.referral.pages.filter(number=self.number).first() if self.number > 1 else None
        return Shared(self.referral.shared, page and page.people)

    @property
    def newer(self) -> str:
        return f"?people={self.number - 1}#people" if self.number > 1 else ""

    @property
    def older(self) -> str:
        return f"?people={self.number + 1}#people" if self.number < self.last else ""

    @property
    def note(self) -> str:
        return f"{self.number} / {self.last}"

    @cached_property
    def sees_claim(self) -> bool:
        """Officers of the region go on to the case; the body's people have this page only."""
        return sees_region(self.person, self.referral.claim.region_id, self.today)

    @cached_property
    def is_of_body(self) -> bool:
        return self.referral.body_id in self.person.scope(self.today).bodies

    @cached_property
    def may_call(self) -> bool:
        return may_call(self.referral, self.person, self.today)

    @property
    def claimants(self) -> list[Mapping[str, str]]:
        return [worker if self.may_call else masked(worker) for worker in self.shared.claimants]

    # What was shared, and what came later

    @cached_property
    def is_intact(self) -> bool:
        return is_intact(self.referral)

    @cached_property
    def supplements(self) -> list[SupplementPage]:
        return [
            SupplementPage(
                row, self.referral, is_supplement_intact(row), self.may_call, self.url_of, self.asked if row.number == self.of_supplement else 1
            )
            for row in self.referral.supplements.all()
        ]

    @cached_property
    def files(self) -> list[FileRow]:
        """Of the first version; each supplement has its own."""
        later = {file.pk for supplement in self.referral.supplements.all() for file in supplement.evidence.all()}
        return [FileRow(file, self.url_of(file)) for file in self.referral.evidence.all() if file.pk not in later]

    def url_of(self, file: Evidence) -> str:
        return reverse("evidence_file", args=[file.pk])

    # The road it leads to

    @cached_property
    def proceedings(self) -> list[Proceeding]:
        return list(self.referral.proceedings.all()) if self.sees_claim else []

    @property
    def may_open(self) -> bool:
        """An accepted referral is walked on as a proceeding, with what is known of it filled in."""
        kind = opened_by_referral(self.referral.kind)
        if self.referral.state not in ("accepted", "in_progress", "concluded") or not (kind and kind.openings) or self.proceedings:
            return False
        return self.sees_claim and bool(may(find(CLAIM, "proceed"), self.referral.claim, self.person, self.today))

    @property
    def opening_url(self) -> str:
        kind = opened_by_referral(self.referral.kind)
        assert kind is not None
        if len(kind.openings) == 1:
            page = reverse("proceeding_open", args=[self.referral.claim_id, kind.id, kind.openings[0].step])
        else:  # which of its beginnings, says whoever reads the paper
            page = reverse("claim_proceedings", args=[self.referral.claim_id])
        return f"{page}?referral={self.referral.pk}#open"

    # A body without people in the system

    @cached_property
    def may_record(self) -> bool:
        return self.sees_claim and bool(may_record(self.referral, self.person, self.today))

    @cached_property
    def links(self) -> list[ReplyLink]:
        """Newest first; only for whoever may make them."""
        return list(self.referral.links.all()[:LINKS]) if self.may_record else []

    @cached_property
    def live_link(self) -> ReplyLink | None:
        return next((link for link in self.links if link.is_live(timezone.now())), None)

    @cached_property
    def needs_ruling(self) -> bool:
        """Two bodies say that it is not theirs: said to whoever could have it ruled."""
        return any(act.move.name == "dispute" for act in self.acts) and is_ping_pong(self.referral)

    @property
    def arbiter(self) -> str:
        row = arbiter(self.referral)
        level = row.post.partition("@")[2]
        return gettext(settings.LEADING_GROUP) if level == CITY else row.text("name", get_language() or "")

    @cached_property
    def passed_to(self) -> Referral | None:
        return getattr(self.referral, "passed_to", None)

    # Who must answer, by when and why

    @cached_property
    def clock(self) -> Clock | None:
        running = ClockPage.rows().running().filter(claim=self.referral.claim_id, about_id=self.referral.pk)
        return running.order_by("due_on", "pk").first() if self.referral.is_open else None

    @cached_property
    def clock_page(self) -> ClockPage | None:
        """What happens next if nobody answers."""
        return ClockPage(self.clock, self.person, self.today, self.referral) if self.clock else None

    @cached_property
    def left(self) -> Left | None:
        return self.clock_page and self.clock_page.left

    @property
    def duty(self) -> str:
        return gettext(DUTIES.get(self.clock.rule_id, self.clock.rule.name)) if self.clock else ""

    @cached_property
    def owes(self) -> str:
        """Whose day it is: the body's, the sender's, or that of whoever rules."""
        if self.clock is None or self.clock.rule_id in BODYS_OWN:
            return self.referral.body.name
        if self.clock.rule_id in RULING_RULES:
            return self.arbiter
        return gettext("移送单位")

    @property
    def is_owed_by_body(self) -> bool:
        return bool(self.clock) and self.clock.rule_id in BODYS_OWN

    @property
    def article(self) -> str:
        return self.clock.rule.citation(get_language() or "") if self.clock else ""

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.today)

    @cached_property
    def contacts(self) -> list[Person]:
        """The body's people who are here today."""
        return self.roster.holders(PARTNER, self.referral.body_id)

    # What can be done, what was done

    @cached_property
    def acts(self) -> list[Act]:
        moves = moves_offered(self.referral, self.person, self.today)
        return [Act(move, self.address(move), MOVE_ICONS.get(move.name, "check")) for move in moves]

    def address(self, move: Move) -> str:
        if move.is_own_page:
            return reverse("referral_supplement", args=[self.referral.pk])
        return reverse("referral_move", args=[self.referral.pk, move.name])

    @cached_property
    def events(self) -> list[Told]:
        """The history of this referral, which whoever sees it may read; the case's own history stays with the case."""
        told = Event.objects.filter(claim=self.referral.claim_id, kind__in=("referral", "reply", "referral_chased"), facts__referral=str(self.referral.pk))
        return [tell(event) for event in told.select_related("actor")]
