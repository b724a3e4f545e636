"""The clocks of support cases and searches: at which level each opinion lies, how it climbs, and where its day is shown."""

from collections.abc import Collection, Mapping
from typing import Any

from arrears.escalation.seats import Own, add_own_level
from arrears.models import Search, SearchWay, SupportCase
from arrears.support.lifecycle import ASKED, WAITING
from arrears.timing.clocks import add_shown


def levels_of(ids: Collection[Any]) -> dict[Any, str]:
    cases = SupportCase.objects.filter(pk__in=ids, state__in=WAITING).values_list("pk", "level")
    ways = SearchWay.objects.filter(pk__in=ids, state=ASKED).values_list("pk", "level")
    return dict([*cases, *ways])


def lift(levels: Mapping[Any, str]) -> None:
    for level in set(levels.values()):
        ids = [pk for pk, own in levels.items() if own == level]
        SupportCase.objects.filter(pk__in=ids, state__in=WAITING).update(level=level)


add_own_level("opinion", Own(levels_of, lift))
add_shown(SupportCase, "due_on")
add_shown(Search, "due_on")
