"""Whom the clocks of a mediation call first: its mediator."""

from collections.abc import Collection
from typing import Any

from arrears.escalation.seats import add_hands
from mediation.models import Mediation


def mediators_of(ids: Collection[Any]) -> dict[Any, Any]:
    return dict(Mediation.objects.filter(pk__in=ids).exclude(mediator=None).values_list("pk", "mediator_id"))


add_hands("mediation", mediators_of)
