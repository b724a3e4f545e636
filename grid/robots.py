"""群机器人: added, tried and switched off by administrators. Address and secret are sealed and never shown again."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from grid.addressees import robot
from grid.channels import CHANNELS, Message, SendError, robots
from grid.days import day_of
from grid.models import Person, Region, Robot
from grid.refused import Refused
from grid.roles import ADMINISTRATOR
from grid.vault import seal


@dataclass(frozen=True)
class Tried:
    is_fine: bool
    error: str = ""


def add(person: Person, now: datetime, *, name: str, channel: str, region: Region, url: str, secret: str = "") -> Robot:
    """Raises Refused: not_administrator, robot_address, robot_no_name."""
    check_administers(person, region.pk, now)
    if not name.strip():
        raise Refused("robot_no_name", gettext("请填写机器人的名称。"))
    check_address(channel, url)
    return Robot.objects.create(
        name=name.strip()[:60], channel=channel, region=region, url_sealed=seal(url.strip(), Robot.SEAL),
        secret_sealed=seal(secret.strip(), Robot.SEAL) if secret.strip() else "", added_by=person, added_at=now,
    )  # fmt: skip


def check_address(channel: str, url: str) -> None:
    if channel not in robots.PLATFORMS or not robots.is_allowed(channel, url.strip()):
        known = robots.PLATFORMS.get(channel)
        raise Refused(
            "robot_address",
            gettext("机器人的地址应以 https:// 开头，并且属于所选的平台（%(hosts)s）。")
            % {"hosts": gettext("、").join(known.hosts if known else ())},
        )  # fmt: skip


def set_active(which: Robot, person: Person, now: datetime, is_active: bool) -> None:
    """Raises Refused: not_administrator. What waits for a robot that is switched off is dropped when its turn comes."""
    check_administers(person, which.region_id, now)
    Robot.objects.filter(pk=which.pk).update(is_active=is_active)


def try_out(which: Robot, person: Person, now: datetime) -> Tried:
    """Posts a line into the chat at once. Raises Refused: not_administrator."""
    check_administers(person, which.region_id, now)
    contact = robot(which.pk)
    assert contact is not None
    text = gettext("%(person)s正在测试这个机器人。收到这条消息，说明配置正确。") % {"person": person}
    try:
        CHANNELS[which.channel].send(Message(f"robot-test:{which.pk}:{now.isoformat()}", contact, gettext("薪安测试消息"), text))
    except SendError as error:
        return Tried(False, str(error))
    return Tried(True)


def check_administers(person: Person, region_code: str, now: datetime) -> None:
    posts = person.scope(day_of(now)).posts
    if not any(post.role.name == ADMINISTRATOR and post.covers(region_code) for post in posts):
        raise Refused("not_administrator", gettext("只有本地区的系统管理员可以管理群机器人。"))
