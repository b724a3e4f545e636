"""The offices whose work orders come in: added, changed and switched off by the city's administrators. Each change is
written down, and stands in the access log."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from arrears.models import Returned, Source, SourceRecord
from arrears.models.sources import FAILED, NONE, PULL, WAITS, WEBHOOK
from arrears.sources.states import LABELS
from arrears.sources.web import is_allowed
from grid.access import log_access
from grid.authority import administered, administers_city
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER
from grid.scope import Scope
from grid.vault import CannotOpen


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


KINDS = {
    "added": _("添加来源"),
    "changed": _("修改设置"),
    "switched_off": _("停用"),
    "switched_on": _("恢复使用"),
    "token_made": _("生成令牌"),
    "token_replaced": _("更换令牌，旧令牌一天后失效"),
    "token_revoked": _("吊销令牌"),
    "tried": _("测试推送"),
    "sent_again": _("重新回传失败的变更"),
    "file_made": _("导出回传文件"),
    "imported": _("导入工单文件"),
}
EDITED = ("code", "name", "channel", "region", "reply_days", "reply_unit", "reply_basis", "is_verified", "return_way", "wording")
OFFICE = (COUNTY_OFFICER, CITY_SUPERVISOR)  # whose daily work the files are
SHORTEST_SECRET = 16


def keeps(scope: Scope) -> bool:
    """May the person set sources up? What comes in, and what goes out of the house, is the whole city's."""
    return administers_city(scope)


def check_keeps(person: Person, now: datetime) -> None:
    if not keeps(person.scope(day_of(now))):
        raise Refused("not_administrator", gettext("只有市级系统管理员可以设置工单来源。"))


def office_codes(scope: Scope) -> list[str]:
    return [post.region for post in scope.posts if post.role.name in OFFICE]


def seen_from(scope: Scope) -> list[str]:
    """Where the person stands who sees sources: an office, or an administrator of less than the city, who only reads."""
    return [*office_codes(scope), *administered(scope)]


def sources_for(person: Person, today: date) -> QuerySet[Source]:
    """All for the city's administrators; for others those of their region, of those around it and inside it."""
    scope, rows = person.scope(today), Source.objects.select_related("region")
    if keeps(scope):
        return rows
    wanted = Q(pk__in=[])
    for code in seen_from(scope):
        wanted |= Q(region__code__startswith=code) | Q(region__in=[code[:width] for width in (2, 4, 6) if width <= len(code)])
    return rows.filter(wanted)


def may_import(source: Source, person: Person, today: date) -> bool:
    codes = office_codes(person.scope(today))
    return source.is_active and any(code.startswith(source.region_id) or source.region_id.startswith(code) for code in codes)


def may_import_any(person: Person, today: date) -> bool:
    return bool(office_codes(person.scope(today)))


def may_hand_out(source: Source, person: Person, today: date) -> bool:
    """What goes back concerns everything the source sent: whoever answers for all of its region, or keeps it."""
    scope = person.scope(today)
    return keeps(scope) or any(source.region_id.startswith(code) for code in office_codes(scope))


def write_record(source: Source, kind: str, person: Person, /, *, now: datetime, **facts: Any) -> None:
    assert kind in KINDS
    SourceRecord.objects.create(source=source, kind=kind, at=now, by=person, facts=facts)
    log_access(person, "set_source", "source", source.pk, now=now, region_code=source.region_id, reason=KINDS[kind])


def add(person: Person, *, now: datetime, url: str = "", secret: str = "", **said: Any) -> Source:
    """Raises Refused: not_administrator, known_source, source_address, source_secret."""
    check_keeps(person, now)
    source = Source(created_at=now, created_by=person, **fitting(said))
    put_address(source, url, secret)
    store(source)
    write_record(source, "added", person, now=now, way=source.return_way)
    return source


def change(source: Source, person: Person, *, now: datetime, url: str = "", secret: str = "", **said: Any) -> list[str]:
    """What was changed. An empty address or secret leaves the one that is there. Raises Refused, as `add`."""
    check_keeps(person, now)
    with transaction.atomic():
        held = Source.objects.select_for_update().select_related("region").get(pk=source.pk)
        said = fitting(said)
        changed = [name for name in EDITED if name in said and getattr(held, name) != said[name]]
        was = {name: plain(getattr(held, name)) for name in changed}
        way = held.return_way
        for name in changed:
            setattr(held, name, said[name])
        changed += [name for name, given in (("url", url), ("secret", secret)) if given]
        put_address(held, url, secret)
        if changed:
            held.failures, held.retry_at, held.last_error = 0, None, ""
            store(held)
            if held.return_way != way:
                turn(held, now)
            now_is = {name: plain(getattr(held, name)) for name in was}
            write_record(held, "changed", person, now=now, changed=changed, was=was, became=now_is)
    return changed


def fitting(said: dict[str, Any]) -> dict[str, Any]:
    """Words for states that are none are dropped, and so are empty ones."""
    words = {name: text.strip()[:60] for name, text in said.get("wording", {}).items() if name in LABELS and text.strip()}
    return {**said, "wording": words} if "wording" in said else said


def plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, bool, dict, type(None))) else str(value)


def put_address(source: Source, url: str, secret: str) -> None:
    url, secret = url.strip(), secret.strip()
    try:
        source.put_address(url or source.url(), secret or source.secret())
    except CannotOpen:
        source.put_address(url, secret)
    if source.return_way != WEBHOOK:
        return
    if not is_allowed(source.url()):
        raise Refused("source_address", gettext("推送地址应以 https:// 开头，用对外公开的域名和 443 端口；内网地址须先由运维人员写入 CHANNEL_HOSTS。"))
    if len(source.secret()) < SHORTEST_SECRET:
        raise Refused("source_secret", gettext("签名密钥至少 %(n)s 个字符，请与对方约定后填写。") % {"n": SHORTEST_SECRET})


def store(source: Source) -> None:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:
        raise Refused("known_source", gettext("已经有这个代码或者名称的来源。")) from None


def turn(source: Source, now: datetime) -> None:
    """What still waits goes the new way; for a source that is told nothing any more it waits on, and is not lost."""
    waiting = Returned.objects.filter(source=source, standing__in=(WAITS, FAILED))
    if source.return_way != NONE:
        tries = {"next_try_at": now if source.return_way == WEBHOOK else None, "attempts": 0, "error": ""}
        waiting.update(way=source.return_way, standing=WAITS, **tries)
    else:
        waiting.update(next_try_at=None, way=PULL)


def switch(source: Source, person: Person, *, now: datetime, is_active: bool) -> None:
    """One that is switched off sends nothing in; what it sent goes on, and so does what it is told. Raises Refused."""
    check_keeps(person, now)
    with transaction.atomic():
        if Source.objects.filter(pk=source.pk).exclude(is_active=is_active).update(is_active=is_active):
            write_record(source, "switched_on" if is_active else "switched_off", person, now=now)
