"""The numbers on the desk. Each is counted with the filter of the list it opens, so that both always agree."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arrears.desk import units
from arrears.desk.table import Desk, Tile, add_tiles
from arrears.filters import ClaimFilter
from arrears.lifecycle import SUPERVISORS
from arrears.models import Claim, Objection, Order, Referral, Report, Service, SupportCase
from arrears.models.reports import WAITING
from arrears.objections.rows import chosen as chosen_objections
from arrears.referral_filter import ReferralFilter
from arrears.reports.rows import LATE, chosen
from arrears.serving.rows import LATE as SERVED_LATE
from arrears.serving.rows import MINE as SERVED_MINE
from arrears.serving.rows import chosen as chosen_services
from arrears.supervision.filter import OrderFilter
from arrears.support.rows import LATE as SUPPORT_LATE
from arrears.support.rows import MINE
from arrears.support.rows import chosen as chosen_supports
from grid.models import Notice
from grid.paging import Count, count
from grid.roles import AUDITOR, CITY_SUPERVISOR, COUNTY_OFFICER, GRID_WORKER, PARTNER, ROLES, TOWNSHIP_CHIEF

LEADERS = (TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)
TOWNSHIP_AND_COUNTY = (TOWNSHIP_CHIEF, COUNTY_OFFICER)


def claims(name: str, label: str, icon: str, tone: str, roles: tuple[str, ...], *, if_any: bool = False, **asked: str) -> Tile:
    """`if_any`: shown only while there are some."""

    def number(desk: Desk) -> Count | None:
        seen = Claim.objects.visible_to(desk.person, desk.today)
        found = count(ClaimFilter(QueryDict(urlencode(asked)), seen, request=desk.request, today=desk.today).rows)
        return found if found.number or not if_any else None

    return Tile(name, label, icon, tone, roles, number, address("claim_list", **asked, sort="due"), units.cases)


def referrals(name: str, label: str, icon: str, tone: str, roles: tuple[str, ...], **asked: str) -> Tile:
    def number(desk: Desk) -> Count:
        seen = Referral.objects.visible_to(desk.person, desk.today)
        return count(ReferralFilter(QueryDict(urlencode(asked)), seen, today=desk.today).rows)

    return Tile(name, label, icon, tone, roles, number, address("referral_list", **asked), units.referrals)


def orders(name: str, label: str, icon: str, tone: str, roles: tuple[str, ...], **asked: str) -> Tile:
    def number(desk: Desk) -> Count | None:
        seen = Order.objects.visible_to(desk.person, desk.today)
        found = OrderFilter(
            QueryDict(urlencode(asked)), seen, person=desk.person, today=desk.today, vacancies=desk.vacancies
        )
        number = count(found.rows)
        return number if number.number else None  # most days there are none

    return Tile(name, label, icon, tone, roles, number, address("order_list", **asked), units.orders)


def reports(name: str, label: str, icon: str, tone: str, roles: tuple[str, ...], show: str) -> Tile:
    def number(desk: Desk) -> Count | None:
        found = count(chosen(Report.objects.visible_to(desk.person, desk.today), show, desk.today))
        return found if found.number else None  # most days there are none

    return Tile(name, label, icon, tone, roles, number, address("report_list", show=show), units.items)


def supports(name: str, label: str, tone: str, roles: tuple[str, ...], show: str) -> Tile:
    def number(desk: Desk) -> Count | None:
        seen = SupportCase.objects.visible_to(desk.person, desk.today)
        found = count(chosen_supports(seen, show, desk.today, desk.scope))
        return found if found.number else None  # most days there are none

    return Tile(name, label, "agree", tone, roles, number, address("support_list", show=show), units.cases)


def objections(name: str, label: str, icon: str, tone: str, roles: tuple[str, ...], show: str) -> Tile:
    def number(desk: Desk) -> Count | None:
        found = count(chosen_objections(Objection.objects.visible_to(desk.person, desk.today), show, desk.today))
        return found if found.number else None  # most days there are none

    return Tile(name, label, icon, tone, roles, number, address("objection_list", show=show), units.items)


def services(name: str, label: str, icon: str, tone: str, roles: tuple[str, ...], show: str) -> Tile:
    def number(desk: Desk) -> Count | None:
        found = count(chosen_services(Service.objects.visible_to(desk.person, desk.today), show, desk.person, desk.today))
        return found if found.number else None  # most days there are none

    return Tile(name, label, icon, tone, roles, number, address("service_list", show=show), units.orders)


def unsigned(desk: Desk) -> Count | None:
    number = count(Notice.objects.inbox_of(desk.person).awake(desk.now).to_acknowledge())
    return number if number.number else None


def address(url_name: str, **asked: str) -> Callable[[Desk], str]:
    return lambda desk: f"{reverse(url_name)}?{urlencode(asked)}"


add_tiles((
    claims("my_overdue", _("我的逾期"), "late", "bad", (GRID_WORKER,), handler="me", due="overdue"),
    claims("my_past_target", _("已过内部目标"), "local", "bad", (GRID_WORKER,), if_any=True, handler="me", due="past_target"),
    claims("my_near", _("三日内到期"), "near", "warn", (GRID_WORKER,), handler="me", due="near"),
    claims("my_open", _("我的在办"), "claims", "brand", (GRID_WORKER,), handler="me", state="open"),
    claims("overdue", _("已逾期"), "late", "bad", (*LEADERS, AUDITOR), due="overdue"),
    claims("past_target", _("已过内部目标"), "local", "bad", (*LEADERS, AUDITOR), if_any=True, due="past_target"),
    claims("near", _("三日内到期"), "near", "warn", (*LEADERS, AUDITOR), due="near"),
    Tile("unsigned", _("待签收的提醒"), "inbox", "warn", tuple(ROLES), unsigned, address("inbox", show="ack"), units.items),
    reports("reports_waiting", _("待处理的反映"), "message", "warn", (GRID_WORKER, TOWNSHIP_CHIEF), WAITING),
    reports("reports_late", _("反映已过答复日"), "message", "bad", SUPERVISORS, LATE),
    objections("objections", _("待答复的异议"), "warning", "warn", LEADERS, WAITING),
    services("to_serve", _("要我送达的文书"), "message", "warn", (GRID_WORKER,), SERVED_MINE),
    services("unserved", _("逾期未送达的文书"), "message", "bad", LEADERS, SERVED_LATE),
    claims("to_accept", _("待受理"), "register", "info", TOWNSHIP_AND_COUNTY, stage="registered"),
    claims("unassigned", _("未指派"), "person", "info", (TOWNSHIP_CHIEF,), handler="nobody", state="open"),
    claims("at_county", _("提级到县级"), "level-2", "info", (COUNTY_OFFICER,), level="county", state="open"),
    claims("at_city", _("提级到市级"), "level-3", "brand", (CITY_SUPERVISOR,), level="city", state="open"),
    referrals("unanswered", _("移送待答复"), "referral", "info", (COUNTY_OFFICER,), show="unanswered"),
    referrals("late_answers", _("移送已过答复日"), "referral", "bad", (CITY_SUPERVISOR,), show="late"),
    supports("opinions_mine", _("等我提意见的支持起诉"), "warn", LEADERS, MINE),
    supports("support_late", _("支持起诉已过期限"), "bad", SUPERVISORS, SUPPORT_LATE),
    orders("orders_owed", _("督办待回复"), "supervise", "warn", TOWNSHIP_AND_COUNTY, show="mine"),
    orders("orders_to_review", _("督办待审核"), "supervise", "info", SUPERVISORS, show="review"),
    orders("orders_late", _("督办已过答复日"), "supervise", "bad", SUPERVISORS, show="late"),
    referrals("to_receive", _("待签收"), "inbox", "info", (PARTNER,), show="receive"),
    referrals("to_answer", _("待答复"), "message", "info", (PARTNER,), show="answer"),
    referrals("to_conclude", _("办理中"), "edit", "brand", (PARTNER,), show="work"),
    referrals("my_late", _("已过答复日"), "late", "bad", (PARTNER,), show="late"),
    claims("open", _("在办"), "claims", "plain", (TOWNSHIP_CHIEF, CITY_SUPERVISOR, AUDITOR), state="open"),
))  # fmt: skip
