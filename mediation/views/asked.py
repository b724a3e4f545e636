"""One move of one mediation, as a request asks for it; what the pages of the moves share."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from arrears.models import Claim
from arrears.moves import Move
from arrears.permits import require
from grid.days import day_of
from grid.models import Person, Posting
from grid.refused import Refused
from grid.roles import ROLES
from mediation import hearings
from mediation.models import Mediation
from mediation.permits import may_mediate, mediators_for


@dataclass(frozen=True)
class Asked:
    request: HttpRequest
    mediation: Mediation
    move: Move
    now: datetime

    @property
    def person(self) -> Any:
        return self.request.user

    @property
    def today(self) -> date:
        return day_of(self.now)

    @property
    def data(self) -> QueryDict | None:
        return self.request.POST if self.request.method == "POST" else None

    def refusal(self) -> str:
        """Why the move cannot be made at all; empty: it can."""
        try:
            require(may_mediate(self.move, self.mediation, self.person, self.today))
        except Refused as refused:
            return refused.message
        return ""

    def attempt(self, **answers: Any) -> str:
        """Makes the move; the sentence of the refusal if it was refused."""
        try:
            hearings.advance(self.mediation, self.move.name, self.person, now=self.now, **answers)
        except Refused as refused:
            return refused.message
        messages.success(self.request, _("已完成：%(move)s") % {"move": _(self.move.label)})
        return ""

    def context(self, **more: Any) -> dict[str, Any]:
        return {"mediation": self.mediation, "claim": self.mediation.claim, "move": self.move, **more}

    def back(self) -> HttpResponse:
        return back_to(self.request, self.mediation)


def back_to(request: HttpRequest, mediation: Mediation) -> HttpResponse:
    url = reverse("mediation_detail", args=[mediation.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def people_for(claim: Claim, today: date) -> list[tuple[Person, str]]:
    """Whom the mediation can be given to, with the post that makes it so."""
    held = Prefetch("postings", Posting.objects.on(today).filter(body=None).select_related("region"), to_attr="held")
    return [
        (person, _("%(name)s（%(posts)s）") % {"name": person.full_name, "posts": _("、").join(map(post_of, person.held))})
        for person in mediators_for(claim, today).prefetch_related(held)
    ]


def post_of(posting: Posting) -> str:
    return f"{posting.region.name} {_(ROLES[posting.role].label)}"


def typed(data: QueryDict, form: forms.BaseForm) -> dict[str, Any]:
    """What was typed, as initial values: a look around before sending loses nothing and finds no fault."""
    many = forms.MultipleChoiceField
    return {
        name: data.getlist(name) if isinstance(field, many) else data.get(name, "") for name, field in form.fields.items()
    }
