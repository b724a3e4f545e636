"""The clocks of a mediation: whom they call first (its mediator), and where its due day is shown."""

from collections.abc import Collection
from typing import Any

from arrears.clocks import add_shown
from arrears.escalation.seats import add_hands
from mediation.models import Mediation


def mediators_of(ids: Collection[Any]) -> dict[Any, Any]:
    return dict(Mediation.objects.filter(pk__in=ids).exclude(mediator=None).values_list("pk", "mediator_id"))


add_hands("mediation", mediators_of)
add_shown(Mediation, "due_on")
