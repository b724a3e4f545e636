"""待办: what the system could not do itself. One's own, and for leads and administrators those of their region that
nobody sees to."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import reassigning, tasklist
from grid.days import day_of
from grid.forms.tasks import DoneForm, HandForm
from grid.models import Person, Task
from grid.refused import Refused
from grid.tasklist import words
from grid.views.alerts import back

SHOWN, DONE_SHOWN = 100, 10


@dataclass(frozen=True)
class Row:
    """A task as pages show it."""

    task: Task
    title: str
    text: str
    is_late: bool

    @classmethod
    def of(cls, task: Task, today: date) -> "Row":
        return cls(task, *words(task), task.done_at is None and task.due_on < today)

    @property
    def is_orphan(self) -> bool:
        """Lies with somebody who has left; known only of rows of reassigning.needing_care."""
        return not getattr(self.task, "is_in_post", True)

    @property
    def form(self) -> DoneForm:
        return DoneForm(auto_id=f"task-{self.task.pk.hex}-%s")


def clock() -> tuple[datetime, date]:
    now = timezone.now()
    return now, day_of(now)


def own_rows(person: Person, today: date, most: int = SHOWN) -> list[Row]:
    return [Row.of(task, today) for task in tasklist.open_of(person).order_by("due_on", "id")[:most]]


@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    done = Task.objects.filter(done_by=request.user).order_by("-done_at", "-id")[:DONE_SHOWN]
    others = reassigning.needing_care(request.user, today)[:SHOWN]
    return render(request, "grid/tasks/list.html", {
        "rows": own_rows(request.user, today),
        "others": [Row.of(task, today) for task in others],
        "done": [Row.of(task, today) for task in done],
        "here": request.get_full_path(),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def task_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    task = get_object_or_404(Task, pk=pk, owner=request.user)
    form, refusal = DoneForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            tasklist.done(task, request.user, now, form.cleaned_data["note"])
            messages.success(request, _("已办完：%(title)s") % {"title": words(task)[0]})
            return redirect(back(request, "task_list"))
        except Refused as refused:
            refusal = refused.message
    context = {"row": Row.of(task, today), "form": form, "next": back(request, "task_list"), "refusal": refusal}
    return render(request, "grid/tasks/done.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def task_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    task = get_object_or_404(reassigning.may_hand(request.user, today), pk=pk)
    owners = reassigning.owners_for(task, today).exclude(pk=task.owner_id)
    form, refusal = HandForm(request.POST if request.method == "POST" else None, owners=owners), ""
    if form.is_valid():
        try:
            reassigning.hand_to(task, form.cleaned_data["owner"], request.user, now)
            messages.success(request, _("已转交给%(owner)s。") % {"owner": form.cleaned_data["owner"]})
            return redirect(back(request, "task_list"))
        except Refused as refused:
            refusal = refused.message
    context = {"row": Row.of(task, today), "form": form, "next": back(request, "task_list"), "refusal": refusal}
    return render(request, "grid/tasks/hand.html", context, status=409 if refusal else 200)
