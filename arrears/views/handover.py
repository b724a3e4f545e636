"""待交接: whose work waits for somebody else, and the page on which it is handed over: choose, look, do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from arrears import handover
from arrears.handover import Item, Leaver, Plan, Stays
from arrears.handover_kinds import KINDS
from arrears.views.asking import clock, typed
from grid.authority import STAFFING, led, people_of
from grid.models import Person
from grid.refused import Refused
from grid.tasklist import words

FEW = 20  # rows of a kind that are shown
REASONS = {
    handover.INACTIVE: (gettext_noop("账号已停用"), "bad", "lock"),
    handover.MOVED: (gettext_noop("已不在相应岗位"), "warn", "warning"),
    handover.SOON_GONE: (gettext_noop("任职即将到期"), "info", "near"),
}
STAYS = {
    "no_receiver": gettext_noop("接收人的岗位不能办理"),
    "changed": gettext_noop("刚刚已被他人处理"),
    "together": gettext_noop("与其他案件合并开的调解会只能一起移交给同一位，接收人或者移交范围不包括全部"),
    "busy": gettext_noop("接收人在调解会的时间另有安排，或者要回避"),
}


@dataclass(frozen=True)
class Line:
    """A leaver as the list shows them."""

    leaver: Leaver
    reason: str  # msgid
    tone: str
    icon: str
    work: list[tuple[str, int]]


@dataclass(frozen=True)
class Group:
    """What somebody has of one kind."""

    label: str
    rows: list[str]
    number: int

    @property
    def more(self) -> int:
        return self.number - len(self.rows)


@require_safe
def handover_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    scope = request.user.scope(today)
    if not scope.roles & STAFFING:
        raise Http404
    lines = [Line(one, *REASONS[one.reason], counts_of(one.work)) for one in handover.leavers(scope)]
    seen = set(people_of(request.user, today).filter(pk__in=[line.leaver.person.pk for line in lines]).values_list("pk", flat=True))
    return render(request, "arrears/handover/list.html", {"lines": lines, "may_hand_over": bool(led(scope)), "seen": seen})


def counts_of(work: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(_(KINDS[name].label), number) for name, number in work.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def handover_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """?to=ID&to=ID shows who would get what; POST with the same and a reason does it."""
    now, today = clock()
    scope = request.user.scope(today)
    if not led(scope):
        raise Http404
    leaver = get_object_or_404(Person, pk=pk)
    items = handover.items_of(leaver, scope)
    if not items and not people_of(request.user, today).filter(pk=pk).exists():
        raise Http404
    offered = handover.receivers_for(leaver, items, today)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [person for person, _number in offered if str(person.pk) in asked.getlist("to")]
    refusal = _("请选择接收人。") if "preview" in request.GET and not chosen else ""
    if request.method == "POST":
        try:
            done = handover.hand_over(leaver, chosen, request.user, now=now, reason=typed(request, "reason"))
        except Refused as refused:
            refusal = refused.message
        else:
            say(request, done)
            return redirect("handover_person", pk)
    plan = handover.plan_for(leaver, chosen, scope) if chosen else None
    return render(request, "arrears/handover/person.html", {
        "person": leaver, "groups": groups_of(items), "offered": [(one, number, posts_of(one, today)) for one, number in offered], "chosen": {one.pk for one in chosen},
        "plan": plan, "shares": shares_of(plan) if plan else [], "stays": stays_of(plan.stays) if plan else [],
        "drops": len(plan.ends) if plan and standing_of(leaver, today) else 0, "refusal": refusal, "reason": asked.get("reason", ""), "today": today,
        "standing": standing_of(leaver, today),
    }, status=409 if refusal else 200)  # fmt: skip


def posts_of(person: Person, today: date) -> str:
    return _("、").join(f"{post.region_name} {_(post.role.label)}" for post in person.scope(today).posts)


def standing_of(leaver: Person, today: date) -> str:
    if not leaver.is_active:
        return _("账号已停用")
    return "" if leaver.scope(today).posts else _("当前没有任职")


def groups_of(items: Collection[Item]) -> list[Group]:
    found = [(name, list(rows)) for name, rows in groupby(items, key=lambda item: item.kind.name)]
    return [Group(_(KINDS[name].label), [title_of(item) for item in rows[:FEW]], len(rows)) for name, rows in found]


def title_of(item: Item) -> str:
    """What a lead of the region recognises it by."""
    claim = item.claim
    if claim is not None:
        return f"{claim.number} {claim.respondent_name}"
    return words(item.row)[0] if item.kind.name == "task" else str(item.row.facts.get("number", "")) or _("提醒")


def shares_of(plan: Plan) -> list[tuple[Person, int, list[tuple[str, int]]]]:
    return [(person, sum(work.values()), counts_of(work)) for person, work in plan.of_kind().items()]


def stays_of(stays: Collection[Stays]) -> list[tuple[str, str, str]]:
    return [(_(one.item.kind.label), title_of(one.item), _(STAYS[one.reason])) for one in stays]


def say(request: HttpRequest, done: Plan) -> None:
    number = len(done.gives)
    if number:
        messages.success(request, ngettext("已移交 %(n)s 件。", "已移交 %(n)s 件。", number) % {"n": number})
    for reason, text in STAYS.items():
        left = sum(one.reason == reason for one in done.stays)
        if left:
            messages.warning(request, _("%(n)s 件没有移交：%(why)s。") % {"n": left, "why": _(text)})
    if not number and not done.stays:
        messages.success(request, _("没有需要移交的事项。"))
