"""The verbs of leave 请假: who is away from when to when, and who stands in for them (代理人). Days that are over cannot
be changed. All raise Refused."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid.authority import may_enter_leave
from grid.days import day_of
from grid.models import Leave, Person, Posting
from grid.notices import tell
from grid.refused import Refused
from grid.roles import ROLES
from grid.rostering import ONE_DAY, lock_all, log
from grid.scope import COLUMNS, Post, Scope

LONGEST = timedelta(days=366)

# Who follows the leave of a person as it was entered or changed, or that one was withdrawn (None), inside the act: who is away, the
# leave, and by whom. The apps above add theirs.
Follows = Callable[[Person, Leave | None, Person, datetime], None]
FOLLOWERS: list[Follows] = []


def add_followers(*follows: Follows) -> None:
    FOLLOWERS.extend(follows)


def follow(person: Person, leave: Leave | None, actor: Person, now: datetime) -> None:
    is_to_come = leave is not None and leave.ends_on >= day_of(now)
    for follows in FOLLOWERS:
        follows(person, leave if is_to_come else None, actor, now)


def enter_leave(
    person: Person, actor: Person, *, now: datetime, starts_on: date, ends_on: date, deputy: Person | None = None
) -> Leave:
    """Both days count. `deputy` has to act wherever the person does, and to be there all the time."""
    require_may(actor, person, day_of(now))
    leave = Leave(person=person, starts_on=starts_on, ends_on=ends_on, deputy=deputy)
    if starts_on < day_of(now):
        raise Refused("day_past", _("已经过去的日子不能再登记或更改。"))
    with transaction.atomic():
        lock_all([person, deputy])
        check(leave, day_of(now))
        leave.save(force_insert=True)
        log(actor, "leave", person, now, reason=words_of(leave))
        tell_deputy(leave, actor, now)
        follow(person, leave, actor, now)
    return leave


def change_leave(
    leave: Leave, actor: Person, *, now: datetime, starts_on: date, ends_on: date, deputy: Person | None
) -> Leave:
    """Of a leave that has begun only the days from today on change: with another deputy it goes on as a second one."""
    today = day_of(now)
    require_may(actor, leave.person, today)
    with transaction.atomic():
        lock_all([leave.person, leave.deputy, deputy])
        kept = current(leave, today)
        has_begun = kept.starts_on < today
        if starts_on != kept.starts_on and min(starts_on, kept.starts_on) < today or ends_on < today - ONE_DAY:
            raise Refused("day_past", _("已经过去的日子不能再登记或更改。"))
        was = kept.deputy_id
        if has_begun and deputy_id(deputy) != was and ends_on >= today:
            Leave.objects.filter(pk=kept.pk).update(ends_on=today - ONE_DAY)
            kept = Leave(person=kept.person, starts_on=today, ends_on=ends_on, deputy=deputy)
        else:
            kept.starts_on, kept.ends_on, kept.deputy = starts_on, ends_on, kept.deputy if has_begun else deputy
        check(kept, today)
        kept.save()
        log(actor, "change_leave", kept.person, now, reason=words_of(kept))
        if kept.deputy_id != was:
            tell_deputy(kept, actor, now)
        follow(kept.person, kept, actor, now)
    return kept


def cancel_leave(leave: Leave, actor: Person, *, now: datetime) -> None:
    """The person is here again from today on; a leave that has not begun goes altogether."""
    today = day_of(now)
    require_may(actor, leave.person, today)
    with transaction.atomic():
        lock_all([leave.person])
        kept = current(leave, today)
        log(actor, "cancel_leave", kept.person, now, reason=words_of(kept))
        if kept.starts_on >= today:
            kept.delete()
        else:
            Leave.objects.filter(pk=kept.pk).update(ends_on=today - ONE_DAY)
        follow(kept.person, None, actor, now)


def current(leave: Leave, today: date) -> Leave:
    kept = Leave.objects.select_related("person", "deputy").filter(pk=leave.pk).first()
    if kept is None:
        raise Refused("stale", _("该请假刚刚已被撤销，请刷新后再操作。"))
    if kept.ends_on < today:
        raise Refused("leave_over", _("这次请假已经结束，不能再更改。"))
    return kept


def check(leave: Leave, today: date) -> None:
    if leave.ends_on < leave.starts_on:
        raise Refused("ends_before_start", _("请假止日不能早于起日。"))
    if leave.ends_on - leave.starts_on > LONGEST:
        raise Refused("too_long", _("一次请假不能超过一年，请核对日期。"))
    if overlapping([leave.person_id], leave).exclude(pk=leave.pk).exists():
        raise Refused("leave_overlaps", _("这段时间已经登记了请假。"))
    if leave.deputy is not None and leave.ends_on >= today:
        check_deputy(leave, max(leave.starts_on, today))


def overlapping(people: Iterable[object], leave: Leave) -> QuerySet[Leave]:
    return Leave.objects.filter(person__in=people, starts_on__lte=leave.ends_on, ends_on__gte=leave.starts_on)


def check_deputy(leave: Leave, first: date) -> None:
    """The deputy is somebody else, acts wherever the person does, and is there from `first` on."""
    person, deputy = leave.person, leave.deputy
    if deputy.pk == person.pk:
        raise Refused("deputy_is_self", _("代理人不能是本人。"))
    if not deputy.is_active or not all(may_stand_in(person, deputy, day) for day in (first, leave.ends_on)):
        raise Refused("deputy_elsewhere", _("代理人须在整个请假期间，在同一地区（或单位）有可以办理业务的任职。"))
    if person.pk in chain_from(leave):
        raise Refused("deputy_circle", _("代理人自己请假时由您代理，不能互为代理人。"))
    if overlapping([deputy.pk], leave).exists():
        raise Refused("deputy_away", _("代理人在这段时间也请假，请另选。"))


def may_stand_in(person: Person, deputy: Person, day: date) -> bool:
    held, others = Scope.of(person, day).posts, Scope.of(deputy, day).posts
    return bool(others) and all(any(covers(other, post) for other in others) for post in held if post.role.acts)


def covers(other: Post, post: Post) -> bool:
    """Does the holder of `other` do there what the holder of `post` does?"""
    if not other.role.acts or other.role.sees != post.role.sees:
        return False
    if post.role.sees == "body":
        return other.body == post.body
    return other.covers(post.region)


def chain_from(leave: Leave) -> set[object]:
    """Everybody who would come to stand in, one for the other, on the days of the leave."""
    found: set[object] = set()
    new = {leave.deputy_id}
    while new - found:
        found |= new
        new = set(overlapping(new, leave).exclude(Q(deputy=None) | Q(pk=leave.pk)).values_list("deputy", flat=True))
    return found


def relying_on(leave: Leave) -> QuerySet[Leave]:
    """The leaves of others on its days for whom the same person stands in."""
    days = {"starts_on__lte": leave.ends_on, "ends_on__gte": leave.starts_on}
    return Leave.objects.filter(deputy=leave.person, **days).select_related("person")


def deputies_for(person: Person, today: date) -> QuerySet[Person]:
    """Whom the person can name today, as far as posts go."""
    people = Person.objects.exclude(pk=person.pk).filter(is_active=True)
    for post in Scope.of(person, today).posts:
        people = people.filter(pk__in=standing(post, today)) if post.role.acts else people
    return people.order_by("full_name", "pk")


def standing(post: Post, today: date) -> QuerySet[Posting]:
    """The ids of everybody whose post does what `post` does where it does it."""
    roles = [role.name for role in ROLES.values() if role.acts and role.sees == post.role.sees]
    around = [post.region[:width] for width in COLUMNS if len(post.region) >= width]
    at = Q(body=post.body) if post.role.sees == "body" else Q(region__in=around)
    return Posting.objects.on(today).filter(at, role__in=roles).values("person")


def require_may(actor: Person, person: Person, today: date) -> None:
    if not may_enter_leave(actor, person, today):
        raise Refused("not_your_person", _("只能登记本人或您负责地区内人员的请假。"))


def deputy_id(deputy: Person | None) -> object:
    return deputy.pk if deputy else None


def words_of(leave: Leave) -> str:
    named = f" 代理人：{leave.deputy.full_name}" if leave.deputy else ""
    return f"{leave.starts_on.isoformat()}–{leave.ends_on.isoformat()}{named}"


def tell_deputy(leave: Leave, actor: Person, now: datetime) -> None:
    if leave.deputy is None:
        return
    facts = {"person": leave.person.full_name, "first": leave.starts_on.isoformat(), "last": leave.ends_on.isoformat(), "by": str(actor)}
    tell([leave.deputy], "stands_in", key=f"leave:{leave.pk}:{leave.deputy_id}:{now.timestamp()}", now=now, facts=facts, path="/leave/")
