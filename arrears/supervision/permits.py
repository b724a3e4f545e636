"""May this person issue an order on this claim, or make this move on it? One answer for buttons, forms, API and verbs.

An order goes from one level of the grid down to another: the posts of `level`, or between it and `from_level`,
receive and reply; the posts of `from_level`, or above it, accept, send back and withdraw.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from arrears.lifecycle import ORDER
from arrears.models import Claim, Order
from arrears.moves import Move
from arrears.permits import Denied, claim_posts
from grid.models import Person
from grid.roles import LEVEL_LABELS, LEVELS
from grid.scope import Post

ISSUE: Move = ORDER.find("issue")
# What the addressed level does; everything else is the issuer's.
ADDRESSED = frozenset({"receive", "reply"})


def may_issue(claim: Claim, person: Person, level: str | None, today: date) -> Denied | bool:
    """`level` None: at any level below the person's own."""
    if not (answer := may_be_ordered(claim)):
        return answer
    if not any(post.role.name in ISSUE.roles for post in claim_posts(claim, person, today)):
        return Denied("not_your_role", _("只有县（区）专员和市级督办员可以下达督办单。"))
    if level is None or issuing_post(claim, person, level, today):
        return True
    return Denied(
        "not_above",
        _("督办单只能由上级向下级下达，您的岗位不高于%(level)s。") % {"level": _(LEVEL_LABELS[level])},
    )


def may_be_ordered(claim: Claim) -> Denied | bool:
    """Nothing is asked about a claim that has ended or rests."""
    if not claim.is_open:
        return Denied("claim_closed", _("案件已经结束，不能再督办；确需继续办理的，请先重新办理。"))
    if claim.suspended_until:
        return Denied(
            "claim_suspended",
            _("案件已中止至 %(day)s，中止期间不能督办；中止事由消除的，请先恢复办理。") % {"day": claim.suspended_until},
        )
    return True


def issuing_post(claim: Claim, person: Person, level: str, today: date) -> Post | None:
    """The post in whose name the person orders `level`: their lowest above it."""
    fitting = [post for post in claim_posts(claim, person, today) if post.role.name in ISSUE.roles]
    higher = [post for post in fitting if rank(post) > LEVELS.index(level)]
    return min(higher, key=rank, default=None)


def levels_below(claim: Claim, person: Person, today: date) -> list[str]:
    """The levels the person can order on this claim, the one in charge first."""
    levels = [level for level in LEVELS if issuing_post(claim, person, level, today)]
    return sorted(levels, key=lambda level: (level != claim.level, -LEVELS.index(level)))


def may_order(move: Move, order: Order, person: Person, today: date) -> Denied | bool:
    return permit(move, order, person, claim_posts(order.claim, person, today))


def permit(move: Move, order: Order, person: Person, posts: Iterable[Post]) -> Denied | bool:
    fitting = [post for post in posts if post.role.name in move.roles]
    if not fitting:
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if order.state not in move.sources:
        return Denied("wrong_state", _("该督办单当前状态不能进行这项操作。"))
    if move.name == "accept" and order.replied_by_id == person.pk:  # who stands in for the office below
        return Denied("own_reply", _("不能认可自己的回复，请由其他有权审核的人员办理。"))
    is_addressed = move.name in ADDRESSED
    if any(is_addressee(post, order) if is_addressed else is_issuer(post, order) for post in fitting):
        return True
    if is_addressed:
        return Denied("not_addressed", _("督办单应由%(level)s签收和回复。") % {"level": _(LEVEL_LABELS[order.level])})
    return Denied("not_the_issuer", _("督办单应由下达督办的%(level)s审核或撤销。") % {"level": _(LEVEL_LABELS[order.from_level])})


def is_addressee(post: Post, order: Order) -> bool:
    """A level between the two answers where the addressed post is vacant: it has the claim above its head too."""
    return LEVELS.index(order.level) <= rank(post) < LEVELS.index(order.from_level)


def is_issuer(post: Post, order: Order) -> bool:
    return rank(post) >= LEVELS.index(order.from_level)


def rank(post: Post) -> int:
    return LEVELS.index(post.level or LEVELS[0])


def order_moves_for(order: Order, person: Person, today: date) -> list[Move]:
    """The moves the person can make now, in the table's order: the page's buttons, the API's actions."""
    posts = claim_posts(order.claim, person, today)
    return [move for move in ORDER.moves if move.sources and permit(move, order, person, posts)]
