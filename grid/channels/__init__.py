"""Ways to reach somebody, one row each. To add one: a function that hands a Message over or raises SendError.

A channel that is not set up (no gateway, no robot) gets no rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from grid.channels import email, robots, sms
from grid.channels.message import Message, SendError

__all__ = ["CHANNELS", "PERSONAL", "Channel", "Message", "SendError", "is_set_up", "reaches"]


@dataclass(frozen=True)
class Channel:
    """`address`: what of a Contact it needs, "" for the system itself, and which of them it `takes`. `fallback`: whose place it takes when another
    channel of the same person is down, the lowest first; None: nobody's."""

    label: str
    send: Callable[[Message], None]
    address: str = ""
    takes: Callable[[str], bool] = bool
    fallback: int | None = None
    carries_link: bool = True
    is_external: bool = True
    is_set_up: Callable[[], bool] = lambda: True


def keep(message: Message) -> None:
    """In the system itself the row is the message."""


CHANNELS: dict[str, Channel] = {
    "in_app": Channel(_("站内通知"), keep, is_external=False),
    "email": Channel(_("电子邮件"), email.send, "email", fallback=1),
    "sms": Channel(_("短信"), sms.send, "phone", sms.takes, fallback=2, carries_link=False, is_set_up=sms.is_set_up),
    "wecom": Channel(_("企业微信群"), robots.sender("wecom"), "url"),
    "dingtalk": Channel(_("钉钉群"), robots.sender("dingtalk"), "url"),
    "feishu": Channel(_("飞书群"), robots.sender("feishu"), "url"),
}
# A person may choose among these; the first one that reaches them is the usual one.
PERSONAL = ("email", "sms")


def reaches(name: str, person: Any) -> bool:
    """Has the person an address the channel can use?"""
    return CHANNELS[name].takes(getattr(person, CHANNELS[name].address))


def is_set_up(name: str) -> bool:
    return CHANNELS[name].is_set_up()
