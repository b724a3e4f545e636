"""May this person ask for more time on a clock, or decide on what was asked? One answer for buttons, forms, API, verbs.

The rule says how long, how often, and from which level of the grid upward it is approved (arrears.rules.Extension).
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from arrears.models import Claim, Clock, Extension
from arrears.permits import Denied, claim_posts
from arrears.rules import Extension as Allowed
from grid.duty import Roster
from grid.models import Person
from grid.roles import CITY_SUPERVISOR, COUNTY, COUNTY_OFFICER, GRID_WORKER, LEVEL_LABELS, LEVELS, TOWNSHIP_CHIEF
from grid.scope import Post

ASKING = (GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR)
DECIDING = (COUNTY_OFFICER, CITY_SUPERVISOR)
ASKED, GRANTED, REFUSED = "asked", "granted", "refused"  # Extension.state; also lapsed


def allowed_of(clock: Clock) -> Allowed | None:
    return clock.rule.extension


def is_recorded(clock: Clock) -> bool:
    """Is it granted outside the grid, and only written down here?"""
    allowed = allowed_of(clock)
    return bool(allowed and not allowed.level)


def may_ask(clock: Clock, person: Person, today: date) -> Denied | bool:
    """May this person ask for more time, or record that a body outside has granted it?"""
    posts = held(clock.claim, person, today, DECIDING if is_recorded(clock) else ASKING)
    if allowed_of(clock) is None:
        return Denied("no_extension", _("这项期限按规定不能延长。"))
    if not posts:
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if not any(LEVELS.index(post.level or LEVELS[0]) >= LEVELS.index(clock.claim.level) for post in posts):
        level = _(LEVEL_LABELS[clock.claim.level])
        return Denied("not_in_charge", _("案件已由%(level)s办理，延长由该级提出。") % {"level": level})
    return is_open_to_extension(clock, today) and has_times_left(clock)


def is_open_to_extension(clock: Clock, today: date) -> Denied | bool:
    claim = clock.claim
    if clock.ended_on or not claim.is_open:
        return Denied("clock_ended", _("这项期限已经终止，不能再延长。"))
    if claim.suspended_until:
        return Denied("claim_suspended", _("案件已中止，恢复办理后再申请延长。"))
    if clock.due_on < today:
        return Denied("too_late", _("这项期限已经届满，不能再申请延长；延长须在届满之前申请。"))
    return True


def has_times_left(clock: Clock) -> Denied | bool:
    allowed, states = allowed_of(clock), [row.state for row in clock.extensions.all()]
    if ASKED in states:
        return Denied("already_asked", _("已有一份延长申请等待批准。"))
    if allowed and states.count(GRANTED) >= allowed.times:
        return Denied("no_times_left", _("按规定最多延长%(times)s次，已经用完。") % {"times": allowed.times})
    return True


def may_decide(extension: Extension, person: Person, today: date) -> Denied | bool:
    """The level the rule names, or one above it; never whoever asked."""
    if extension.state != ASKED:
        return Denied("wrong_state", _("这份申请已有结果。"))
    posts = held(extension.claim, person, today, DECIDING)
    allowed = allowed_of(extension.clock)
    if allowed is None or not any(reaches(post, allowed) for post in posts):
        level = _(LEVEL_LABELS[allowed.level]) if allowed and allowed.level else ""
        return Denied("not_your_level", _("延长须由%(level)s以上批准。") % {"level": level} if level else _("您的岗位不能进行这项操作。"))
    if extension.asked_by_id == person.pk:
        return Denied("own_request", _("不能批准自己提出的申请，请由其他有权批准的人员审批。"))
    return True


def held(claim: Claim, person: Person, today: date, roles: Iterable[str]) -> list[Post]:
    return [post for post in claim_posts(claim, person, today) if post.role.name in roles]


def reaches(post: Post, allowed: Allowed) -> bool:
    return bool(allowed.level and post.level) and LEVELS.index(post.level) >= LEVELS.index(allowed.level)


def approvers(extension: Extension, roster: Roster, besides: Iterable[Person] = ()) -> list[Person]:
    """The leads of the lowest level that may decide and has somebody other than the asker, `besides` others. Whoever is
    only on call there and could not decide is none."""
    allowed, region = allowed_of(extension.clock), extension.claim.region_id
    known = {extension.asked_by_id, *(person.pk for person in besides)}
    for level in LEVELS[LEVELS.index((allowed and allowed.level) or COUNTY) :]:
        people = [one for one in roster.leads(level, region) if one.pk not in known and may_decide(extension, one, roster.day)]
        if people:
            return people
    return []


def approving_level(clock: Clock) -> str:
    allowed = allowed_of(clock)
    return _(LEVEL_LABELS[allowed.level]) if allowed and allowed.level else ""
