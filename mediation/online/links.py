"""The way in for whoever has no account: a link and a code for one hearing, told apart from each other. It ends with the hearing."""

from datetime import datetime

from django.utils.translation import gettext as _

from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.codes import code_of, is_code, new_code
from mediation.feeds.links import digest_of
from mediation.models import Hearing, OnlineLink
from mediation.online.doors import is_held, seat_of_official
from mediation.online.rooms import turn_out
from mediation.online.table import HANDLER, INVITED, LATE, MEDIATOR, MOST_LINKS, MOST_TRIES

SEAL = "mediation.online"


def may_invite(hearing: Hearing, person: Person, now: datetime) -> bool:
    return is_held(hearing) and now <= hearing.ends_at + LATE and seat_of_official(hearing, person, day_of(now)) in (MEDIATOR, HANDLER)


def require_may(hearing: Hearing, person: Person, now: datetime) -> None:
    if not may_invite(hearing, person, now):
        raise Refused("not_your_role", _("只有本场调解员和经办人可以发进入链接；调解会结束后不能再发。"))


def invite(hearing: Hearing, kind: str, name: str, person: Person, *, now: datetime) -> tuple[str, str]:
    """Address part and code, shown once. Raises Refused: not_your_role, no_name, bad_kind, too_many."""
    require_may(hearing, person, now)
    if kind not in dict(INVITED):
        raise Refused("bad_kind", _("请选择对方以什么身份参加。"))
    if not name.strip():
        raise Refused("no_name", _("请写明参加人的姓名或单位，会上所有人都看得到。"))
    if hearing.online_links.filter(ended_at=None).count() >= MOST_LINKS:
        raise Refused("too_many", _("一场调解会最多发 %(most)s 个链接，请先收回不用的。") % {"most": MOST_LINKS})
    token, code = new_code()
    OnlineLink.objects.create(
        hearing=hearing, kind=kind, name=name.strip()[:60], digest=digest_of(token), code=code_of(token, code, SEAL), made_by=person, made_at=now
    )
    return token, code


def take_back(link: OnlineLink, person: Person, *, now: datetime) -> None:
    """Whoever sits in the room by it is out, too. Raises Refused: not_your_role."""
    require_may(link.hearing, person, now)
    OnlineLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now)
    seat = getattr(link, "seat", None)
    if seat is not None:
        turn_out(seat, now=now)


def link_of(token: str, now: datetime) -> OnlineLink | None:
    """One that still leads somewhere."""
    rows = OnlineLink.objects.select_related("hearing__room", "hearing__mediator", "hearing__mediation__claim")
    link = rows.filter(digest=digest_of(token), ended_at=None, tries__lt=MOST_TRIES).first()
    return link if link and is_held(link.hearing) and now <= link.hearing.ends_at + LATE else None


def open_link(link: OnlineLink, token: str, code: str) -> None:
    """Raises Refused: wrong_code."""
    if not is_code(link, token, code, SEAL, MOST_TRIES):
        raise Refused("wrong_code", _("密码不对。请核对调解员告诉您的六位数字；输错太多次后链接会失效。"))
