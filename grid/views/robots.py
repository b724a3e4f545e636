"""The chat groups that hear of what is late, for administrators of the region."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import robots
from grid.authority import administered
from grid.channels import SendError
from grid.days import day_of
from grid.forms.robots import RobotForm
from grid.models import Robot
from grid.refused import Refused


def allow(request: HttpRequest) -> None:
    if not administered(request.user.scope(day_of(timezone.now()))):
        raise Http404


def robot_or_404(request: HttpRequest, pk: Any) -> Robot:
    return get_object_or_404(robots.robots_of(request.user, day_of(timezone.now())), pk=pk)


@require_safe
def robot_list(request: HttpRequest) -> HttpResponse:
    allow(request)
    rows = [robots.Row.of(robot) for robot in robots.robots_of(request.user, day_of(timezone.now()))]
    return render(request, "grid/robots/list.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def robot_new(request: HttpRequest) -> HttpResponse:
    allow(request)
    now = timezone.now()
    regions = robots.regions_for(request.user, day_of(now))
    form = RobotForm(request.POST if request.method == "POST" else None, regions=regions)
    if form.is_valid():
        try:
            robot = robots.add(request.user, now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("url", refusal.message)
            return render(request, "grid/robots/new.html", {"form": form}, status=409)
        messages.success(request, _("已添加“%(name)s”。请发一条测试消息，看群里是否收到。") % {"name": robot.name})
        return redirect("robot_list")
    return render(request, "grid/robots/new.html", {"form": form})


@require_POST
def robot_try(request: HttpRequest, pk: UUID) -> HttpResponse:
    robot = robot_or_404(request, pk)
    try:
        robots.try_out(robot, request.user, timezone.localtime())
        messages.success(request, _("“%(name)s”收下了测试消息，请到群里查看。") % {"name": robot.name})
    except SendError as error:
        said = {"name": robot.name, "error": error}
        messages.error(request, _("“%(name)s”没有收下测试消息：%(error)s。请核对地址和密钥。") % said)
    return redirect("robot_list")


@require_POST
def robot_switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    robot, on = robot_or_404(request, pk), request.POST.get("on") == "1"
    robots.switch(robot, request.user, timezone.now(), is_active=on)
    messages.success(request, (_("已恢复“%(name)s”。") if on else _("已停用“%(name)s”，不再往这个群发消息。")) % {"name": robot.name})
    return redirect("robot_list")
