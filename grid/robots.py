"""群机器人: added, tried and switched off by administrators of the region. Address and secret are sealed; of what is
sealed only the last characters are ever shown again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid.access import log_access
from grid.addressees import robot as contact_of
from grid.authority import administered, is_inside
from grid.channels import CHANNELS, Message, robots
from grid.days import day_of
from grid.models import Person, Region, Robot
from grid.refused import Refused
from grid.vault import CannotOpen, open_sealed, seal

SHOWN_END = 4  # characters
SHORTEST_SHOWN = 12  # of what is shorter, four would be too much


@dataclass(frozen=True)
class Row:
    """A robot as the page shows it; "" where what is sealed cannot be read any more, or is too short for an end."""

    robot: Robot
    url_end: str
    secret_end: str

    @classmethod
    def of(cls, robot: Robot) -> Self:
        return cls(robot, end_of(robot.url_sealed), end_of(robot.secret_sealed))

    @property
    def region(self) -> Region:
        return self.robot.region


def end_of(token: str) -> str:
    try:
        opened = open_sealed(token, Robot.SEAL) if token else ""
    except CannotOpen:
        return ""
    return opened[-SHOWN_END:] if len(opened) >= SHORTEST_SHOWN else ""


def robots_of(person: Person, today: date) -> QuerySet[Robot]:
    return Robot.objects.filter(inside("region__code", person, today)).select_related("region").order_by("region", "name")


def regions_for(person: Person, today: date) -> QuerySet[Region]:
    return Region.objects.current().filter(inside("code", person, today), level__in=("city", "county", "township"))


def inside(path: str, person: Person, today: date) -> Q:
    wanted = Q(pk__in=[])
    for code in administered(person.scope(today)):
        wanted |= Q(**{f"{path}__startswith": code})
    return wanted


def add(person: Person, now: datetime, *, name: str, channel: str, region: Region, url: str, secret: str = "") -> Robot:
    """Raises Refused: not_administrator, robot_address, robot_no_name."""
    check_administers(person, region.pk, now)
    if not name.strip():
        raise Refused("robot_no_name", _("请填写机器人的名称。"))
    check_address(channel, url)
    robot = Robot.objects.create(
        name=name.strip()[:60], channel=channel, region=region, url_sealed=seal(url.strip(), Robot.SEAL),
        secret_sealed=seal(secret.strip(), Robot.SEAL) if secret.strip() else "", added_by=person, added_at=now,
    )  # fmt: skip
    log_access(person, "set_robot", "robot", robot.pk, now=now, region_code=region.pk)
    return robot


def check_address(channel: str, url: str) -> None:
    if channel not in robots.PLATFORMS or not robots.is_allowed(channel, url.strip()):
        known = robots.PLATFORMS.get(channel)
        hosts = _("、").join(known.hosts if known else ())
        sentence = _("机器人的地址应以 https:// 开头，并且属于所选的平台（%(hosts)s）。")
        raise Refused("robot_address", sentence % {"hosts": hosts})


def switch(robot: Robot, person: Person, now: datetime, *, is_active: bool) -> None:
    """Raises Refused: not_administrator. What waits for a robot that is switched off is dropped when its turn comes."""
    check_administers(person, robot.region_id, now)
    if Robot.objects.filter(pk=robot.pk).exclude(is_active=is_active).update(is_active=is_active):
        log_access(person, "set_robot", "robot", robot.pk, now=now, region_code=robot.region_id)


def try_out(robot: Robot, person: Person, now: datetime) -> None:
    """Posts a line into the chat at once. Raises Refused (not_administrator), SendError: what the platform said."""
    check_administers(person, robot.region_id, now)
    contact = contact_of(robot.pk)
    assert contact is not None
    text = _("%(person)s正在测试这个机器人。收到这条消息，说明配置正确。") % {"person": person}
    CHANNELS[robot.channel].send(Message(f"robot-test:{robot.pk}:{now.isoformat()}", contact, _("薪安测试消息"), text))


def check_administers(person: Person, region_code: str, now: datetime) -> None:
    if not is_inside(region_code, administered(person.scope(day_of(now)))):
        raise Refused("not_administrator", _("只有本地区的系统管理员可以管理群机器人。"))
