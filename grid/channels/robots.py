"""群机器人 of the three platforms: each takes text by POST and says in the body whether it took it.

A robot that is asked too much, or whose key is wrong, is no fault of its platform: only the robot's own messages wait.
Platform documents: WeCom 91770, DingTalk "custom robot", Feishu "custom bot", as of 2026-11.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from grid.channels import web
from grid.channels.message import Message, SendError, TooMuch

NEVER, LATER, DOWN = "never", "later", "down"  # this robot, so; this robot, later; the platform


@dataclass(frozen=True)
class Platform:
    """`call` makes the address and the body from robot address, secret and text; `code`, `said`: names in the answer."""

    hosts: tuple[str, ...]
    call: Callable[[str, str, str], tuple[str, dict[str, Any]]]
    code: str
    said: str
    faults: Mapping[int, str]  # a code that is not here: LATER
    most_bytes: int


def wecom_call(url: str, _secret: str, text: str) -> tuple[str, dict[str, Any]]:
    """WeCom signs nothing: the key in the address is the secret."""
    return url, {"msgtype": "text", "text": {"content": text}}


def dingtalk_call(url: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    body = {"msgtype": "text", "text": {"content": text}}
    if not secret:
        return url, body
    stamp = str(round(time.time() * 1000))
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'timestamp': stamp, 'sign': dingtalk_sign(secret, stamp)})}", body


def dingtalk_sign(secret: str, stamp: str) -> str:
    """`stamp` in milliseconds; the secret is the key."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256")).decode()


def feishu_call(url: str, secret: str, text: str) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(time.time()))
        body |= {"timestamp": stamp, "sign": feishu_sign(secret, stamp)}
    return url, body


def feishu_sign(secret: str, stamp: str) -> str:
    """`stamp` in seconds; stamp and secret are the key, and nothing is signed with it."""
    return base64.b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", "sha256")).decode()


PLATFORMS: dict[str, Platform] = {
    "wecom": Platform(
        ("qyapi.weixin.qq.com",), wecom_call, "errcode", "errmsg",
        {-1: DOWN, 93000: NEVER, 93008: NEVER, 44004: NEVER, 40008: NEVER, 40058: NEVER, 45002: NEVER, 45009: LATER},
        most_bytes=2048,
    ),
    "dingtalk": Platform(
        ("oapi.dingtalk.com",), dingtalk_call, "errcode", "errmsg",
        {-1: DOWN, 40035: NEVER, 300001: NEVER, 300005: NEVER, 310000: NEVER, 400013: NEVER, 400101: NEVER, 400102: NEVER, 430101: NEVER,
         430102: NEVER, 130101: LATER, 410100: LATER, 430103: LATER},
        most_bytes=18_000,
    ),
    "feishu": Platform(
        ("open.feishu.cn", "open.larksuite.com"), feishu_call, "code", "msg",
        {9499: NEVER, 19001: NEVER, 19002: NEVER, 19007: NEVER, 19021: NEVER, 19022: NEVER, 19024: NEVER, 11232: LATER},
        most_bytes=18_000,
    ),
}  # fmt: skip


def is_allowed(name: str, url: str) -> bool:
    """May a robot of the platform have this address? Only the platform's own hosts, and what CHANNEL_HOSTS adds."""
    return web.is_allowed(url, PLATFORMS[name].hosts)


def sender(name: str) -> Callable[[Message], None]:
    platform = PLATFORMS[name]

    def is_refusal(answer: dict[str, Any]) -> bool:
        return isinstance(answer.get(platform.code), int) and answer[platform.code] != 0

    def send(message: Message) -> None:
        if not message.to.url:
            raise SendError(gettext("机器人的地址已经无法读取，请停用后重新添加。"), permanent=True)
        if not is_allowed(name, message.to.url):  # asked again: CHANNEL_HOSTS may have been taken back
            raise SendError(gettext("机器人的地址不在允许的范围内。"), permanent=True)
        url, body = platform.call(message.to.url, message.to.secret, text_of(message, platform.most_bytes))
        try:
            answer = web.post(url, json.dumps(body, ensure_ascii=False).encode(), {}, is_refusal)
        except TooMuch as error:  # the platforms count for each robot
            raise SendError(str(error), wait=error.wait) from error
        code = answer.get(platform.code, answer.get("StatusCode"))  # Feishu's older answer
        if code != 0:
            fault = platform.faults.get(code, LATER) if isinstance(code, int) else LATER
            said = f"{code} {answer.get(platform.said, '')}".strip()[:300]
            raise SendError(said, permanent=fault == NEVER, of_channel=fault == DOWN)

    return send


def text_of(message: Message, most_bytes: int) -> str:
    """Title, text and link; the text gives way when it is too much."""
    frame = len("\n".join(filter(None, (message.title, message.link))).encode()) + 8
    text = message.text.encode()[: max(most_bytes - frame, 0)].decode(errors="ignore")
    if text != message.text:
        text = text.rstrip() + "…"
    return "\n".join(filter(None, (message.title, text, message.link)))
