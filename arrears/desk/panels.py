"""The few rows on the desk, each panel with its template. None: nothing there, and nothing is shown."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from arrears.desk.table import SIDE, Desk, Panel, add_panels
from arrears.desk.turns import most_urgent, my_turn
from arrears.intake import REGISTER
from arrears.lifecycle import SUPERVISORS
from arrears.models import Extension, Incident, Order, Referral, Report
from arrears.proceedings.alerts import alerts_in_sight
from arrears.referral_filter import OPEN
from arrears.referral_rows import rows_of
from arrears.reports.rows import rows_of as report_rows_of
from arrears.supervision.filter import MINE, REVIEW, OrderFilter
from arrears.supervision.rows import rows_of as order_rows_of
from arrears.timing.extension_permits import ASKED, approvers
from arrears.views.intake import Waiting
from grid import deliveries
from grid.authority import STAFFING
from grid.models import AccessLog, Notice, Region
from grid.models.notices import FAILED
from grid.reassigning import needing_care
from grid.regions import WIDTHS
from grid.roles import (
    ADMINISTRATOR,
    AUDITOR,
    CITY_SUPERVISOR,
    COUNTY_OFFICER,
    GRID_WORKER,
    LEVELS,
    PARTNER,
    ROLES,
    TOWNSHIP_CHIEF,
)
from grid.vacancies import soon_vacant
from grid.views.deliveries import deliveries_of, posts_on
from grid.views.inbox import Row as NoticeRow
from grid.views.tasks import own_rows

FEW = 6
FEWER = 4  # of orders: the cases themselves follow below
LEADERS = (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)
CASEWORKERS = (GRID_WORKER, *LEADERS)
TOWNSHIP_AND_COUNTY = (TOWNSHIP_CHIEF, COUNTY_OFFICER)
LOOKED_THROUGH = 60
LOOKED_BACK = timedelta(days=7)


def drafts(desk: Desk) -> dict[str, Any] | None:
    waiting = [Waiting.of(draft) for draft in desk.person.drafts.all()[:FEW]]
    return {"waiting": waiting} if waiting else None


def own_claims(desk: Desk) -> dict[str, Any]:
    """Shown even when empty: that nothing waits is good to know. Whoever leads a region sees what waits there next."""
    mine = my_turn(desk)
    leads = desk.is_for(LEADERS)
    all_of_mine = {"level": highest(desk)} if leads else {"handler": "me"}
    return {
        "mine": mine,
        "query": urlencode({**all_of_mine, "state": "open", "sort": "due"}),
        "leads": leads,
        "others": most_urgent(desk, besides=mine) if leads else [],
    }


def highest(desk: Desk) -> str:
    return max((post.level for post in desk.scope.posts if post.role.name in LEADERS and post.level), key=LEVELS.index)


def region_claims(desk: Desk) -> dict[str, Any]:
    return {"others": most_urgent(desk, besides=())}


def rights(desk: Desk) -> dict[str, Any] | None:
    """Days with which a right is lost, the soonest first."""
    alerts = alerts_in_sight(desk.person, desk.today, desk.calendar, FEWER)
    return {"alerts": alerts} if alerts else None


def body_referrals(desk: Desk) -> dict[str, Any]:
    open_ones = Referral.objects.visible_to(desk.person, desk.today).filter(OPEN, body__in=desk.scope.bodies)
    rows = open_ones.for_list().order_by("answer_by", "id")[:15]
    return {"rows": rows_of(rows, desk.today, desk.calendar)}


def unanswered(desk: Desk) -> dict[str, Any] | None:
    waiting = Q(state__in=("sent", "received")) | (OPEN & Q(answer_by__lt=desk.today))
    rows = Referral.objects.visible_to(desk.person, desk.today).filter(waiting).for_list().order_by("answer_by", "id")[:FEW]
    return {"rows": rows_of(rows, desk.today, desk.calendar)} if rows else None


def extensions(desk: Desk) -> dict[str, Any] | None:
    """Requests for more time that wait for this person's decision."""
    asked = Extension.objects.visible_to(desk.person, desk.today).filter(state=ASKED).exclude(asked_by=desk.person)
    waiting = asked.select_related("claim", "clock", "asked_by").order_by("clock__due_on", "id")[:LOOKED_THROUGH]
    rows = [extension for extension in waiting if desk.person in approvers(extension, desk.roster)]
    return {"rows": rows[:FEW]} if rows else None


def incidents(desk: Desk) -> dict[str, Any] | None:
    """Those still to be reported on, the soonest first."""
    found = Incident.objects.visible_to(desk.person, desk.today).filter(next_due_at__isnull=False)
    rows = [(row, row.is_late(desk.now), row.report_name) for row in found.select_related("claim").order_by("next_due_at", "id")[:FEW]]
    return {"rows": rows} if rows else None


def news(desk: Desk) -> dict[str, Any] | None:
    """What must be acknowledged first, soonest on top."""
    mine = Notice.objects.inbox_of(desk.person).awake(desk.now)
    waiting = list(mine.to_acknowledge().order_by("ack_by", "id")[:FEW])
    shown = [*waiting, *mine.answered().unread()[: FEW - len(waiting)]]
    return {"rows": [NoticeRow.of(notice, desk.now) for notice in shown]} if shown else None


def tasks(desk: Desk) -> dict[str, Any] | None:
    """What the system handed to this person, and for leads how much lies about in their region."""
    rows = own_rows(desk.person, desk.today, FEW)
    others = needing_care(desk.person, desk.today).count() if desk.is_for(STAFFING) else 0
    return {"rows": rows, "others": others} if rows or others else None


def vacancies(desk: Desk) -> dict[str, Any] | None:
    """Those where cases are waiting come first; the next ones to fall empty always have a line."""
    soon = soon_vacant(desk.scope)
    if not desk.vacancies and not soon:
        return None
    found = sorted(desk.vacancies, key=lambda v: (-desk.loads[v.region.code].open, v.body is not None, v.region.code))
    shown = [*found[: FEW - len(soon[:2])], *soon[:2]]
    rows = [(vacancy, desk.loads[vacancy.region.code]) for vacancy in shown]
    return {"rows": rows, "more": len(found) + len(soon) - len(shown)}


def regions(desk: Desk) -> dict[str, Any] | None:
    """The regions one level below the reader's, the latest first."""
    below = {WIDTHS["city"]: WIDTHS["county"], WIDTHS["county"]: WIDTHS["township"]}
    width = below.get(len(desk.scope.ground))
    if width is None:
        return None
    loads = desk.loads
    busiest = sorted((code for code in loads if len(code) == width), key=lambda code: (-loads[code].overdue, -loads[code].past_target, -loads[code].open, code))
    names = dict(Region.objects.filter(code__in=busiest[:FEW]).values_list("code", "name"))
    rows = [(code, names.get(code, code), loads[code]) for code in busiest[:FEW]]
    return {"rows": rows} if rows else None


def reports(desk: Desk) -> dict[str, Any] | None:
    """What people have reported and nobody has answered, the soonest first."""
    waiting = Report.objects.visible_to(desk.person, desk.today).waiting().for_list().order_by("due_on", "id")[:FEWER]
    rows = report_rows_of(waiting, desk.today, desk.calendar)
    return {"rows": rows} if rows else None


def owed_orders(desk: Desk) -> dict[str, Any] | None:
    """Orders the reader's level has to sign for or to answer, the soonest first."""
    return orders(desk, MINE)


def answered_orders(desk: Desk) -> dict[str, Any] | None:
    """Replies that wait for the reader's review."""
    return orders(desk, REVIEW)


def orders(desk: Desk, show: str) -> dict[str, Any] | None:
    seen = Order.objects.visible_to(desk.person, desk.today).for_list()
    asked = OrderFilter(
        QueryDict(urlencode({"show": show})), seen, person=desk.person, today=desk.today, vacancies=desk.vacancies
    )
    found = order_rows_of(asked.rows[:FEWER], desk.today, desk.calendar)
    return {"rows": found, "show": show} if found else None


def failed_notices(desk: Desk) -> dict[str, Any] | None:
    failed = deliveries.visible_to(desk.person, desk.today).filter(state=FAILED, created_at__gte=desk.now - LOOKED_BACK)
    rows = failed.select_related("recipient").prefetch_related(posts_on(desk.today)).order_by("-created_at", "-id")[:FEW]
    return {"rows": deliveries_of(rows)} if rows else None


def revealed(desk: Desk) -> dict[str, Any]:
    """Whole ID numbers looked at in the last days: what an auditor asks about first."""
    rows = AccessLog.objects.visible_to(desk.person, desk.today).filter(act="reveal", at__gte=desk.now - LOOKED_BACK)
    return {"rows": rows.select_related("person").order_by("-at", "-id")[:FEW]}


EVERYBODY = tuple(ROLES)

add_panels((
    Panel("rights", "arrears/desk/_rights.html", CASEWORKERS, rights),
    Panel("incidents", "arrears/desk/_incidents.html", CASEWORKERS, incidents),
    Panel("reports", "arrears/desk/_reports.html", CASEWORKERS, reports),
    Panel("owed_orders", "arrears/desk/_orders.html", TOWNSHIP_AND_COUNTY, owed_orders),
    Panel("answered_orders", "arrears/desk/_orders.html", SUPERVISORS, answered_orders),
    Panel("extensions", "arrears/desk/_extensions.html", SUPERVISORS, extensions),
    Panel("tasks", "arrears/desk/_tasks.html", EVERYBODY, tasks),
    Panel("own_claims", "arrears/desk/_claims.html", CASEWORKERS, own_claims),
    Panel("drafts", "arrears/intake/_waiting.html", REGISTER.roles, drafts),
    Panel("body_referrals", "arrears/desk/_referrals.html", (PARTNER,), body_referrals),
    Panel("region_claims", "arrears/desk/_region_claims.html", (AUDITOR,), region_claims),
    Panel("news", "arrears/desk/_news.html", EVERYBODY, news, SIDE),
    Panel("unanswered", "arrears/desk/_unanswered.html", (COUNTY_OFFICER, CITY_SUPERVISOR), unanswered, SIDE),
    Panel("vacancies", "arrears/desk/_vacancies.html", (*LEADERS, ADMINISTRATOR), vacancies, SIDE),
    Panel("regions", "arrears/desk/_regions.html", (COUNTY_OFFICER, CITY_SUPERVISOR, AUDITOR), regions, SIDE),
    Panel("failed_notices", "arrears/desk/_failed.html", (ADMINISTRATOR,), failed_notices),
    Panel("revealed", "arrears/desk/_revealed.html", (AUDITOR,), revealed, SIDE),
))  # fmt: skip
