"""What pages show of likely duplicates: while somebody types, before a claim is registered, on the page of a claim, and
where a claim is to be merged. Templates neither query nor decide."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from arrears.claim_rows import Listed
from arrears.duplicates.elsewhere import offices
from arrears.duplicates.finding import Alike, Subject, alike, subject_of
from arrears.duplicates.judging import MOVE as TELL_APART
from arrears.lifecycle import CLAIM, UNSETTLED
from arrears.models import Claim, Respondent
from arrears.permits import find, may
from grid.models import Person

TARGETS = 8


class Panel:
    """`draft_id`: of the draft that is being typed; else of a claim."""

    def __init__(self, subject: Subject, person: Person, today: date, *, draft_id: UUID | None = None) -> None:
        self.subject, self.person, self.today, self.draft_id = subject, person, today, draft_id

    @cached_property
    def rows(self) -> list[Alike]:
        return alike(self.subject, self.person, self.today)

    @cached_property
    def offices(self) -> list[str]:
        return offices(self.subject, self.person, self.today)


class ClaimPanel(Panel):
    """On the page of a claim, for whoever works on it. `subject`: where the page has read its workers already."""

    def __init__(self, claim: Claim, person: Person, today: date, subject: Subject | None = None) -> None:
        super().__init__(subject_of(claim) if subject is None else subject, person, today)
        self.claim = claim

    @cached_property
    def rows(self) -> list[Alike]:
        return super().rows if self.claim.is_open else []

    @property
    def first(self) -> list[Alike]:
        """The likeliest; the rest is folded away."""
        return self.rows[:1]

    @property
    def rest(self) -> list[Alike]:
        return self.rows[1:]

    @cached_property
    def offices(self) -> list[str]:
        return super().offices if self.claim.is_open and self.may_tell_apart else []

    @cached_property
    def may_merge(self) -> bool:
        return bool(may(find(CLAIM, "merge"), self.claim, self.person, self.today))

    @cached_property
    def may_tell_apart(self) -> bool:
        return bool(may(find(CLAIM, TELL_APART), self.claim, self.person, self.today))


class Targets:
    """Which claims another may be merged into, beside the form: the likely duplicates, then the same matter."""

    labels: Mapping[str, Any] = {}

    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today

    @cached_property
    def likely(self) -> list[Alike]:
        return [one for one in alike(subject_of(self.claim), self.person, self.today) if one.takes_in]

    @cached_property
    def others(self) -> list[Listed]:
        named = Respondent.objects.filter(claim=self.claim).exclude(employer=None).values("employer")
        same = Q(pk__in=Respondent.objects.filter(employer__in=named).values("claim"))
        if self.claim.site_id:
            same |= Q(site=self.claim.site_id)
        found = Claim.objects.visible_to(self.person, self.today).filter(same, stage__in=UNSETTLED).for_list()
        known = [self.claim.pk, *(one.claim.pk for one in self.likely)]
        return [Listed(one) for one in found.exclude(pk__in=known).order_by("-received_on", "-id")[:TARGETS]]
