"""The clocks of a mediation: whom they call first (its mediator), and where its due day is shown. And that a mediator
posted elsewhere is told of the case."""

from collections.abc import Collection
from datetime import date
from typing import Any

from arrears.clocks import add_shown
from arrears.escalation.seats import add_hands
from grid.addressees import MAY_SEE
from grid.models import Notice, Person
from mediation.models import Mediation


def mediators_of(ids: Collection[Any]) -> dict[Any, Any]:
    return dict(Mediation.objects.filter(pk__in=ids).exclude(mediator=None).values_list("pk", "mediator_id"))


def mediates(person: Person, notice: Notice, today: date) -> bool:
    """Is the notice about a claim whose mediation is in the person's hands?"""
    mine = Mediation.objects.visible_to(person, today).open()
    return bool(notice.subject_id) and mine.filter(claim=notice.subject_id, mediator=person).exists()


add_hands("mediation", mediators_of)
add_shown(Mediation, "due_on")
MAY_SEE.append(mediates)
