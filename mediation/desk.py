"""What mediations bring to the desk: today's hearings, and what waits to be accepted or scheduled."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arrears.claim_rows import workers_of
from arrears.desk import units
from arrears.desk.table import SIDE, Desk, Panel, Tile, add_panels, add_tiles
from grid.paging import Count as Counted
from grid.paging import count
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER, GRID_WORKER, MEDIATOR, TOWNSHIP_CHIEF
from mediation.day import GONE
from mediation.marks import figures
from mediation.marks.figures import Results
from mediation.marks.seats import readable_by
from mediation.mediation_rows import CONFLICTS, MONEY_DUE, NEW, TO_SCHEDULE, UNSERVED, UNSIGNED, asked_for, rows_of
from mediation.models import Hearing, Mediation
from mediation.models.hearings import HearingQuerySet

FEW = 8
LEADERS = (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)


def hearings(desk: Desk) -> HearingQuerySet:
    """Today's, as the day's page counts them: a mediator's own, everybody else's in sight."""
    seen = Hearing.objects.visible_to(desk.person, desk.today).on(desk.today).exclude(state__in=GONE)
    return seen.filter(mediator=desk.person) if desk.is_for((MEDIATOR,)) else seen


def day_page(desk: Desk) -> str:
    return reverse("hearing_day") + ("?mine=1" if desk.is_for((MEDIATOR,)) else "")


def mediations(view: str) -> Callable[[Desk], Counted]:
    return lambda desk: count(asked_for(Mediation.objects.visible_to(desk.person, desk.today), view, "", desk.person, desk.today))


def if_any(view: str) -> Callable[[Desk], Counted | None]:
    """Shown while there is something to do."""
    return lambda desk: found if (found := mediations(view)(desk)).number else None


def results(desk: Desk) -> Results | None:
    """How the mediator's own of the last year ended, how long they took, and what the parties think of them."""
    return figures.of_one(desk.person, desk.today)


def low_marks(desk: Desk) -> Counted | None:
    """What the page of marks lists as waiting; none of one's own mediations."""
    found = count(readable_by(desk.person, desk.today).to_look())
    return found if found.number else None


def list_page(view: str) -> Callable[[Desk], str]:
    return lambda desk: f"{reverse('mediation_list')}?{urlencode({'view': view})}"


def todays(desk: Desk) -> dict[str, Any] | None:
    rows = hearings(desk).for_list()
    if not desk.is_for((*LEADERS, MEDIATOR)):
        rows = rows.filter(mediation__claim__handler=desk.person)  # a grid worker goes to those of their own cases
    found = [(hearing, workers_of(hearing.mediation.claim)) for hearing in rows[:FEW]]
    return {"rows": found, "page": day_page(desk)} if found else None


def beside(desk: Desk) -> dict[str, Any] | None:
    return None if desk.is_for((MEDIATOR,)) else todays(desk)


def waiting(desk: Desk) -> dict[str, Any]:
    """What nobody has accepted or set a day for, soonest due first; hearings of the day stand above."""
    seen = Mediation.objects.visible_to(desk.person, desk.today)
    live = Prefetch("hearings", Hearing.objects.live().select_related("room"), to_attr="to_come")
    rows = (asked_for(seen, NEW, "", desk.person, desk.today) | asked_for(seen, TO_SCHEDULE, "", desk.person, desk.today)).for_list()
    found = rows.prefetch_related(live).order_by("due_on", "id")[:FEW]
    return {"rows": rows_of(found, desk.today, desk.calendar)}


add_tiles((
    Tile("hearings", _("今日调解会"), "calendar", "brand", (*LEADERS, MEDIATOR), lambda desk: count(hearings(desk)), day_page, units.hearings),
    Tile("new_mediations", _("调解待受理"), "mediation", "info", (MEDIATOR,), mediations(NEW), list_page(NEW), units.cases),
    Tile("to_schedule", _("待安排调解会"), "near", "warn", (MEDIATOR,), mediations(TO_SCHEDULE), list_page(TO_SCHEDULE), units.cases),
    Tile("conflicts", _("有冲突或者回避"), "warning", "bad", (MEDIATOR, TOWNSHIP_CHIEF, COUNTY_OFFICER), if_any(CONFLICTS), list_page(CONFLICTS), units.cases),
    Tile("unsigned", _("协议待签署"), "edit", "warn", (MEDIATOR,), if_any(UNSIGNED), list_page(UNSIGNED), units.cases),
    Tile("unserved_agreements", _("协议待送达"), "message", "warn", (MEDIATOR, TOWNSHIP_CHIEF, COUNTY_OFFICER), if_any(UNSERVED), list_page(UNSERVED), units.cases),
    Tile("money_due", _("分期到期"), "money", "bad", (MEDIATOR, TOWNSHIP_CHIEF, COUNTY_OFFICER), if_any(MONEY_DUE), list_page(MONEY_DUE), units.cases),
    Tile("low_marks", _("调解低分待回看"), "message", "bad", (COUNTY_OFFICER, CITY_SUPERVISOR), low_marks, lambda desk: reverse("mark_overview"), units.cases),
    Tile("my_mediations", _("我主持的"), "agree", "plain", (MEDIATOR,), mediations("mine"), list_page("mine"), units.cases),
))  # fmt: skip
add_panels((
    Panel("hearings", "mediation/desk/_hearings.html", (MEDIATOR,), todays),
    Panel("waiting_mediations", "mediation/desk/_waiting.html", (MEDIATOR,), waiting),
    Panel("mediation_results", "mediation/desk/_results.html", (MEDIATOR,), results, SIDE),
    Panel("hearings_beside", "mediation/desk/_hearings.html", (GRID_WORKER, *LEADERS), beside, SIDE),
))  # fmt: skip
