"""manage.py seed_demo: the demo city, with months of invented cases behind it (arrears/demo, mediation/demo)."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext as _

from arrears.demo.cast import PASSWORD, sign_ins
from arrears.demo.handed import open_links
from arrears.demo.said import doors
from arrears.models import Claim
from grid.days import day_of
from grid.models import Person, Region
from mediation import demo


class Command(BaseCommand):
    help = (
        "Fills an empty database with the demo city: Suqian with its real townships, invented people, firms and some "
        "300 cases. Changes nothing the second time; refuses where real work is done."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not settings.DEMO:
            raise CommandError(_("这里不是演示环境，不能写入演示数据。"))
        if demo.is_told():
            said = _("演示城市已经在这里，没有改动任何数据。")
        else:
            self.check_empty()
            said = tell(now)
        lines = [*sign_in_lines(now), "", *door_lines()]
        write_sign_ins(lines)
        for line in (said, "", *lines):
            self.stdout.write(line)

    def check_empty(self) -> None:
        if Claim.objects.exists() or Person.objects.exists():
            raise CommandError(_("数据库里已经有真实的人员或案件，不能再写入演示数据。"))
        if not Region.objects.filter(pk=settings.CITY_CODE).exists():
            raise CommandError(_("还没有行政区划，请先运行 load_regions。"))


def tell(now: datetime) -> str:
    chronicle = demo.tell(now)
    counts = {"claims": Claim.objects.count(), "people": Person.objects.count(), "dropped": len(chronicle.dropped)}
    said = _("演示城市：%(claims)s 件案件，%(people)s 名工作人员。") % counts
    return said + (_("有 %(dropped)s 个故事提前结束，见日志。") % counts if chronicle.dropped else "")


def sign_in_lines(now: datetime) -> list[str]:
    """For people who do not yet know the system: both languages on one line."""
    rows = [("角色 role", "姓名 name", "地区或单位 place", "用户名 user", "密码 password")]
    rows += [(both(role), name, place, username, PASSWORD) for username, role, name, place in sign_ins(day_of(now))]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(pad(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]


def door_lines() -> list[str]:
    """The worker's own page needs no account: which case, its number, and the last four digits of the telephone.
    Nor does a partner body that answers through a link."""
    rows = [("劳动者查询页面 /track/", "查询号 number", "手机号后四位 secret"), *doors()]
    if answering := open_links():
        rows += [("协同单位答复链接 link", "地址 address", "验证码 code"), *answering]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(pad(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]


def both(label: str) -> str:
    with override("en"):
        english = gettext(label)
    return label if english == label else f"{label} {english}"


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))


def write_sign_ins(lines: Sequence[str]) -> None:
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    (Path(settings.DATA) / "demo-sign-ins.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
