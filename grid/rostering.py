"""The verbs for people and their posts: adding somebody, appointing them, ending a post, closing and opening an
account. Leave is in leaves.py, the duty roster in rota.py. Every act is a row of the access log, which auditors read.

All raise Refused. The person's row is locked, so that two administrators at once do not contradict each other.
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid.access import log_access
from grid.authority import may_appoint, may_manage, place_of
from grid.days import day_of
from grid.models import Body, Person, Posting, Region
from grid.notices import tell
from grid.open_work import open_work
from grid.refused import Refused
from grid.roles import ADMINISTRATOR, LEVEL_WIDTHS, PARTNER, POSTED_AT, ROLES
from grid.tokens import end_tokens

# A first password is read out or written down: nothing in it looks like something else.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_PARTS, PART = 4, 4
MOST_YEARS = 50  # a last day further off is a slip of the pen
ONE_DAY = timedelta(days=1)
WITHDRAWN = "withdraw_posting"  # in the log


def first_password() -> str:
    """Four groups of four, about 80 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(PART)) for _n in range(PASSWORD_PARTS))


def add_person(
    actor: Person, *, now: datetime, username: str, full_name: str, phone: str = "", email: str = "", **post: Any
) -> tuple[Person, str]:
    """Somebody new with their first post (`post`: see appoint). The password is told once and must be changed."""
    password = first_password()
    with transaction.atomic():
        try:
            with transaction.atomic():
                person = Person.objects.create_user(
                    username, password, full_name=full_name, phone=phone, email=email, must_change_password=True
                )
        except IntegrityError as error:
            raise Refused("username_taken", _("这个用户名已有人使用，请换一个。")) from error
        posting = appoint(person, actor, now=now, **post)
        log(actor, "add_person", person, now, place_of(posting), f"{full_name}（{username}）")
    return person, password


def change_person(person: Person, actor: Person, *, now: datetime, full_name: str, phone: str, email: str) -> None:
    require_managed(actor, person, now)
    with transaction.atomic():
        before = locked(person)
        changes = {"full_name": full_name, "phone": phone, "email": email}
        changed = [name for name, value in changes.items() if getattr(before, name) != value]
        Person.objects.filter(pk=person.pk).update(**changes)
        if changed:
            log(actor, "change_person", person, now, reason=", ".join(changed))


def reset_password(person: Person, actor: Person, *, now: datetime) -> str:
    """A new first password; whoever is signed in with the old one no longer is."""
    require_managed(actor, person, now)
    password = first_password()
    with transaction.atomic():
        kept = locked(person)
        require_active(kept)
        kept.set_password(password)
        kept.must_change_password = True
        kept.save(update_fields=["password", "must_change_password"])
        end_tokens(kept)
        log(actor, "reset_password", person, now)
    return password


def deactivate(person: Person, actor: Person, *, now: datetime, leaves_work: bool = False) -> None:
    """Nobody can sign in with the account any more. `leaves_work`: although open work is still in the person's hands."""
    require_managed(actor, person, now)
    with transaction.atomic():
        if not locked(person).is_active:
            return
        if not leaves_work and sum(open_work([person.pk])[person.pk].values()):
            raise Refused("has_open_work", _("该人员还有未办事项，停用前应先交接；确需立即停用的，请勾选确认。"))
        Person.objects.filter(pk=person.pk).update(is_active=False)
        end_tokens(person)
        log(actor, "deactivate", person, now)


def reactivate(person: Person, actor: Person, *, now: datetime) -> None:
    require_managed(actor, person, now)
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            log(actor, "reactivate", person, now)


def appoint(
    person: Person, actor: Person, *, now: datetime, role: str, region: Region | None = None, body: Body | None = None,
    starts_on: date, ends_on: date | None = None, is_deputy: bool = False,
) -> Posting:  # fmt: skip
    """Gives somebody a post at a region, or at a body, from a day to a day; both count."""
    check_place(role, region, body)
    posting = Posting(
        person=person, role=role, region=region, body=body, is_deputy=is_deputy, starts_on=starts_on, ends_on=ends_on
    )
    if not may_appoint(actor, place_of(posting), day_of(now)):
        raise Refused("not_your_region", _("只能在您管理的地区内任命。"))
    if actor.pk == person.pk:
        raise Refused("not_yourself", _("不能给自己任职，请由其他管理员办理。"))
    with transaction.atomic():
        require_active(locked(person))
        check_days(posting, day_of(now))
        posting.save(force_insert=True)
        log(actor, "appoint", person, now, place_of(posting), words_of(posting))
        tell_appointed(posting, actor, now)
    return posting


def check_place(role: str, region: Region | None, body: Body | None) -> None:
    if role not in ROLES:
        raise Refused("unknown_role", _("没有这个角色。"))
    if (role == PARTNER) != (body is not None) or (region is None) == (body is None):
        raise Refused("wrong_place", _("协同单位的人员任职于单位，其他角色任职于地区。"))
    if body is not None and not body.is_active:
        raise Refused("body_closed", _("该单位已停用。"))
    if region is None:
        return
    if not region.is_open:
        raise Refused("region_retired", _("该地区已撤销，请选择现在的地区。"))
    if region.level not in POSTED_AT[role]:
        raise Refused("wrong_level", _("这个角色不能设在该级地区。"))


def check_days(posting: Posting, today: date) -> None:
    """Neither back to front, nor over before it begins, nor a second time what the person holds already."""
    if posting.ends_on is not None:
        if posting.ends_on < posting.starts_on:
            raise Refused("ends_before_start", _("任职止日不能早于任职起日。"))
        if posting.ends_on < today - ONE_DAY:
            raise Refused("day_past", _("任职止日已经过去，不能这样登记。"))
        if posting.ends_on.year > today.year + MOST_YEARS:
            raise Refused("too_far", _("任职止日太远，请核对年份；长期任职的请留空。"))
    same = Posting.objects.filter(person=posting.person, role=posting.role, region=posting.region, body=posting.body)
    same = same.exclude(pk=posting.pk).filter(Q(ends_on=None) | Q(ends_on__gte=posting.starts_on))
    if posting.ends_on:
        same = same.filter(starts_on__lte=posting.ends_on)
    if same.exists():
        raise Refused("posting_overlaps", _("该人员在这段时间已经担任这个职务。"))


def end_posting(posting: Posting, actor: Person, *, now: datetime, last_day: date) -> None:
    """Sets the last day of a post, which counts; yesterday means at once."""
    today = day_of(now)
    require_appointer(posting, actor, today)
    with transaction.atomic():
        locked(posting.person)
        kept = current(posting)
        if kept.ends_on and kept.ends_on < today:
            raise Refused("posting_over", _("这个任职已经结束。"))
        if kept.person_id == actor.pk and kept.ends_on and last_day > kept.ends_on:
            raise Refused("not_yourself", _("不能给自己任职，请由其他管理员办理。"))
        kept.ends_on = last_day
        check_days(kept, today)
        keep_an_administrator(kept, actor, last_day + ONE_DAY)
        kept.save(update_fields=["ends_on"])
        log(actor, "end_posting", kept.person, now, place_of(kept), words_of(kept))


def withdraw_posting(posting: Posting, actor: Person, *, now: datetime) -> None:
    """Takes back a post that has not begun before today."""
    today = day_of(now)
    require_appointer(posting, actor, today)
    with transaction.atomic():
        locked(posting.person)
        kept = current(posting)
        if kept.starts_on < today:
            raise Refused("posting_begun", _("任职已经开始，只能填写任职止日。"))
        keep_an_administrator(kept, actor, kept.starts_on)
        log(actor, WITHDRAWN, kept.person, now, place_of(kept), words_of(kept))
        kept.delete()


def current(posting: Posting) -> Posting:
    """As it stands now that the person is locked."""
    found = Posting.objects.select_related("person", "region", "body").filter(pk=posting.pk).first()
    if found is None:
        raise Refused("stale", _("该任职刚刚已被他人撤回，请刷新后再操作。"))
    return found


def keep_an_administrator(posting: Posting, actor: Person, day: date) -> None:
    """Whoever locks themselves out must leave somebody who can let them in again."""
    if posting.role != ADMINISTRATOR or posting.person_id != actor.pk:
        return
    around = [posting.region_id[:width] for width in LEVEL_WIDTHS.values() if len(posting.region_id) >= width]
    others = Posting.objects.on(day).filter(role=ADMINISTRATOR, region__in=around).exclude(person=actor)
    if not others.exists():
        raise Refused("last_administrator", _("您是该地区最后一名系统管理员，请先任命接任者。"))


def require_appointer(posting: Posting, actor: Person, today: date) -> None:
    if not may_appoint(actor, place_of(posting), today):
        raise Refused("not_your_region", _("只能变更您管理的地区内的任职。"))


def require_managed(actor: Person, person: Person, now: datetime) -> None:
    if actor.pk == person.pk:
        raise Refused("not_yourself", _("不能对自己的账号进行这项操作，请由其他管理员办理。"))
    if not may_manage(actor, person, day_of(now)):
        raise Refused("not_your_person", _("该人员还在您管理的地区以外任职，请由上级管理员办理。"))


def require_active(person: Person) -> None:
    if not person.is_active:
        raise Refused("inactive", _("该账号已停用，请先恢复。"))


def locked(person: Person) -> Person:
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def lock_all(people: Iterable[Person | None]) -> None:
    """In one order everywhere, so that two acts never wait for each other."""
    ids = {person.pk for person in people if person is not None}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def words_of(posting: Posting) -> str:
    """For the log, which keeps what was said: 陇集镇 乡镇（街道）网格长 2026-03-02–"""
    place = posting.region or posting.body
    deputy = " B 角" if posting.is_deputy else ""
    days = f"{posting.starts_on.isoformat()}–{posting.ends_on.isoformat() if posting.ends_on else ''}"
    return f"{place.name} {ROLES[posting.role].label}{deputy} {days}"


def log(actor: Person, act: str, person: Person, now: datetime, place: str = "", reason: str = "") -> None:
    """Without a place it is written to where the person works, so that some auditor reads it."""
    place = place or last_place(person)
    log_access(actor, act, "person", person.pk, now=now, region_code=place, reason=reason[:200])


def last_place(person: Person) -> str:
    last = person.postings.select_related("body").order_by("-starts_on", "-pk").first()
    return place_of(last) if last else ""


def tell_appointed(posting: Posting, actor: Person, now: datetime) -> None:
    place = posting.region or posting.body
    facts = {"place": place.name, "role_msgid": ROLES[posting.role].label, "day": posting.starts_on.isoformat(), "by": str(actor)}
    tell([posting.person], "appointed", key=f"posting:{posting.pk}", now=now, facts=facts, path="/settings/")
