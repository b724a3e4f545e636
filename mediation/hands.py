"""The clocks of a mediation: whom they call first (its mediator), and where its due day is shown. And that a mediator
posted elsewhere is told of the case."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop as _

from arrears.escalation.seats import add_hands
from arrears.escalation.stuck import add_called
from arrears.handover_kinds import Kind, add_kinds, any_post, locked
from arrears.timing.clock_page import ABOUT
from arrears.timing.clocks import add_shown
from grid.addressees import MAY_SEE
from grid.models import Notice, Person
from mediation.lifecycle import LIVE
from mediation.marks.seats import may_look
from mediation.models import Hearing, Mark, Mediation, Recusal
from mediation.models.scheduling import ASKED, GRANTED
from mediation.permits import fits_as_mediator


def mediators_of(ids: Collection[Any]) -> dict[Any, Any]:
    return dict(Mediation.objects.filter(pk__in=ids).exclude(mediator=None).values_list("pk", "mediator_id"))


def mediates(person: Person, notice: Notice, today: date) -> bool:
    """Is the notice about a claim whose mediation is in the person's hands?"""
    mine = Mediation.objects.visible_to(person, today).open()
    return bool(notice.subject_id) and mine.filter(claim=notice.subject_id, mediator=person).exists()


def may_take(mediation: Mediation, person: Person, today: date) -> bool:
    return person.is_active and any(fits_as_mediator(mediation.claim, post) for post in person.scope(today).posts)


def give(kind: Kind, rows: Collection[Mediation], leaver: Person, receiver: Person) -> set[Any]:
    """With its hearing to come; one at whose time the receiver sits elsewhere stays, and one in which they are recused."""
    given = set()
    ids = locked(kind, rows, leaver)
    recused = Recusal.objects.filter(mediation__in=ids, mediator=receiver, state__in=(ASKED, GRANTED)).values_list("mediation", flat=True)
    for pk in sorted(ids - set(recused)):
        try:
            with transaction.atomic():
                Hearing.objects.filter(mediation=pk, state=LIVE, mediator=leaver).update(mediator=receiver, version=F("version") + 1)
                Mediation.objects.filter(pk=pk).update(mediator=receiver)
        except IntegrityError as error:
            if error.__cause__.diag.constraint_name != "hearing_mediator_free":
                raise
        else:
            given.add(pk)
    return given


def marks() -> QuerySet:
    return Mark.objects.to_look().select_related("mediation__claim", "mediation__mediator")


def may_take_mark(mark: Mark, person: Person, today: date) -> bool:
    return person.is_active and bool(may_look(mark, person, today))


def mediations() -> QuerySet:
    return Mediation.objects.open().select_related("claim")


add_hands("mediation", mediators_of)
add_hands("instalment", mediators_of)
add_called(Mark, "mediation__claim__number")
add_shown(Mediation, "due_on")
ABOUT[Mediation] = "mediation_detail"
MAY_SEE.append(mediates)
add_kinds([
    Kind("mediation", _("主持的调解"), mediations, "mediator", "mediator", "claim__", covers=any_post, may_take=may_take, give=give),
    Kind("mark", _("要回看的调解评价"), marks, "looker", "looker", "mediation__claim__", level="level", may_take=may_take_mark),
])  # fmt: skip
