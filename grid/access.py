"""Logging every look at personal data, and what the log's words mean. Reading the log is itself logged by its page."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grid.models import AccessLog, Person


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


ACTS = {
    "read": _("查看"),
    "reveal": _("查看完整身份证号"),
    "download": _("下载"),
    "export": _("导出"),
    "look_for_twin": _("登记时查重，得知辖区外有同一劳动者的案件"),
    "add_person": _("添加人员"),
    "change_person": _("修改人员资料"),
    "reset_password": _("重置密码"),
    "deactivate": _("停用账号"),
    "reactivate": _("恢复账号"),
    "appoint": _("任命"),
    "end_posting": _("变更任职止日"),
    "withdraw_posting": _("撤回任职"),
    "leave": _("登记请假"),
    "change_leave": _("更改请假"),
    "cancel_leave": _("撤销请假"),
    "set_duty": _("安排值班"),
    "hand_over": _("移交未办事项"),
    "hand_task": _("转交待办"),
    "set_season": _("登记或更改专项行动"),
    "set_robot": _("设置群机器人"),
    "set_source": _("设置工单来源"),
    "send_again": _("重发通知"),
    "set_contact": _("设置协同单位联系人"),
}


@dataclass(frozen=True)
class Named:
    """What a row that was looked at is called, and where it is."""

    text: str
    url: str = ""


def nameless(ids: Collection[Any]) -> dict[Any, Named]:
    return {}


@dataclass(frozen=True)
class Subject:
    """A kind of thing that is looked at. `names` finds the names of many rows at once."""

    label: str
    names: Callable[[Collection[Any]], dict[Any, Named]] = nameless


# By AccessLog.subject; the apps above add theirs when they start.
SUBJECTS: dict[str, Subject] = {"access_log": Subject(_("访问日志"))}


def add_subjects(subjects: Mapping[str, Subject]) -> None:
    SUBJECTS.update(subjects)


def log_access(
    person: Person,
    act: str,
    subject: str,
    subject_id: Any,
    *,
    now: datetime,
    region_code: str = "",
    reason: str = "",
    address: str | None = None,
) -> AccessLog:
    """One row: `person` did `act` (ACTS) to `subject` (SUBJECTS). Without `region_code` no auditor sees it."""
    return AccessLog.objects.create(
        person=person, at=now, act=act, subject=subject, subject_id=subject_id, region_code=region_code,
        reason=reason, address=address,
    )  # fmt: skip
