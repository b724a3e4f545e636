"""What stands around every page: the house's name, the menu of this person, where they are, what is unread."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from grid.days import day_of
from grid.models import Notice
from grid.roles import (
    ADMINISTRATOR,
    AUDITOR,
    CITY_SUPERVISOR,
    COUNTY_OFFICER,
    GRID_WORKER,
    MEDIATOR,
    PARTNER,
    TOWNSHIP_CHIEF,
)
from grid.scope import Post, Scope


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `roles` None: everyone. `is_tab`: also in the tab bar of a phone. `also`: addresses beside
    its own below which one is still there."""

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str] | None = None
    is_tab: bool = False
    is_counted: bool = False  # shows how many notices are unread or wait for 签收
    also: tuple[str, ...] = ()


WRITERS = frozenset({GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER})
REFERRERS = frozenset({TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, PARTNER, AUDITOR})
SUPERVISED = frozenset({TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, AUDITOR})
MEDIATORS = frozenset({GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, MEDIATOR, AUDITOR})
GRID_PEOPLE = frozenset({GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, MEDIATOR, AUDITOR, ADMINISTRATOR})

STAFFING = frozenset({TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, ADMINISTRATOR})
ON_DUTY = frozenset({GRID_WORKER, MEDIATOR, *STAFFING})

CLAIM_READERS = MEDIATORS

MENU = (
    Entry(_("工作台"), "desk", "desk", is_tab=True),
    Entry(_("案件"), "claim_list", "claims", CLAIM_READERS, is_tab=True),
    Entry(_("登记案件"), "claim_new", "register", WRITERS, is_tab=True),
    Entry(_("收件箱"), "inbox", "inbox", is_tab=True, is_counted=True),
    Entry(_("待办"), "task_list", "check"),
    Entry(_("群众反映"), "report_list", "message", CLAIM_READERS),
    Entry(_("异议"), "objection_list", "warning", SUPERVISED),
    Entry(_("劳动者的评价"), "rating_overview", "done", SUPERVISED - {TOWNSHIP_CHIEF}),
    Entry(pgettext_lazy("several", "移送"), "referral_list", "referral", REFERRERS),
    Entry(_("程序"), "proceeding_list", "legal", CLAIM_READERS),
    Entry(_("支持起诉"), "support_list", "agree", SUPERVISED | {GRID_WORKER}, also=("/searches/", "/search-ways/")),
    Entry(_("送达文书"), "service_list", "open", CLAIM_READERS, also=("/attempts/",)),
    Entry(_("督办"), "order_list", "supervise", SUPERVISED),
    Entry(_("调解"), "hearing_day", "mediation", MEDIATORS, also=("/mediations/", "/rooms/", "/panel/", "/hearing-days/", "/calendar-link/")),
    Entry(_("调解成效和评价"), "mark_overview", "done", SUPERVISED - {TOWNSHIP_CHIEF}),
    Entry(_("工地单位"), "site_list", "site", CLAIM_READERS, also=("/employers/",)),
    Entry(_("网格"), "region_tree", "grid", GRID_PEOPLE),
    Entry(_("人员"), "people_list", "people", STAFFING, also=("/postings/", "/handover/")),
    Entry(_("协同单位"), "body_list", "agree", frozenset({COUNTY_OFFICER, CITY_SUPERVISOR, ADMINISTRATOR}), also=("/contacts/",)),
    Entry(_("值班"), "duty_roster", "clock", ON_DUTY),
    Entry(_("督办规则"), "ladder_list", "escalate", SUPERVISED | {ADMINISTRATOR}),
    Entry(_("发送情况"), "delivery_list", "message", frozenset({ADMINISTRATOR})),
    Entry(_("通知文字"), "wording_list", "edit", frozenset({ADMINISTRATOR})),
    Entry(_("群机器人"), "robot_list", "bell", frozenset({ADMINISTRATOR})),
    Entry(_("文书模板"), "template_list", "file", frozenset({ADMINISTRATOR})),
    Entry(_("法定数额"), "figure_list", "money", frozenset({ADMINISTRATOR})),
    Entry(_("工单来源"), "source_list", "download", frozenset({ADMINISTRATOR, COUNTY_OFFICER, CITY_SUPERVISOR}), also=("/source-tokens/",)),
    Entry(_("放假安排"), "calendar_list", "calendar", frozenset({ADMINISTRATOR})),
    Entry(_("访问日志"), "access_log", "eye", frozenset({AUDITOR})),
)


@dataclass(frozen=True)
class Item:
    """An entry as this request sees it."""

    entry: Entry
    url: str
    is_current: bool = False


class House:
    """Everything is worked out when a template first asks: a fragment for htmx asks for nothing."""

    name = _("薪安")
    place = settings.CITY_NAME

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def scope(self) -> Scope | None:
        person = getattr(self.request, "user", None)
        return person.scope(day_of(timezone.now())) if person and person.is_authenticated else None

    @cached_property
    def posts(self) -> list[str]:
        """What the person is, one line a posting: 沭阳县 · 县（区）专员."""
        return [describe(post) for post in self.scope.posts] if self.scope else []

    @cached_property
    def menu(self) -> list[Item]:
        if not self.scope:
            return []
        entries = [entry for entry in MENU if entry.roles is None or entry.roles & self.scope.roles]
        items = [Item(entry, url) for entry in entries if (url := find_url(entry.url_name))]
        return mark_current(items, self.request.path)

    @property
    def sees_claims(self) -> bool:
        """Is there anything a search for cases could find?"""
        return bool(self.scope and self.scope.regions)

    @property
    def tabs(self) -> list[Item]:
        return [item for item in self.menu if item.entry.is_tab]

    @property
    def other_items(self) -> list[Item]:
        return [item for item in self.menu if not item.entry.is_tab]

    @property
    def is_behind_more(self) -> bool:
        """Is the current page one of those a phone keeps behind 更多?"""
        return any(item.is_current for item in self.other_items)

    @cached_property
    def unread(self) -> int:
        return Notice.objects.inbox_of(self.request.user).awake(timezone.now()).calling().count() if self.scope else 0


def house(request: HttpRequest) -> dict[str, House]:
    """The context processor: `house` in every template."""
    return {"house": House(request)}


def describe(post: Post) -> str:
    said = " · ".join(part for part in (post.region_name, gettext(post.role.label)) if part)
    return gettext("%(post)s（代%(name)s）") % {"post": said, "name": post.instead_of} if post.instead_of else said


def find_url(name: str) -> str:
    """The address of a page; empty while that page is not built yet."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def mark_current(items: list[Item], path: str) -> list[Item]:
    """The item with the longest address that `path` begins with is where the person is; the desk only exactly."""
    here = [item for item in items if path == item.url or (item.url != "/" and path.startswith((item.url, *item.entry.also)))]
    current = max(here, key=lambda item: len(item.url), default=None)
    return [Item(item.entry, item.url, item is current) for item in items]
