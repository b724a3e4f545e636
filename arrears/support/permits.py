"""May this person make this move on a support case, or on a search? One answer for buttons, forms, API and verbs.

An opinion is given by whoever leads the level it lies at. A post above gives it where that post is vacant, or once its day has
passed and it has climbed; the level it was asked of may still give it then.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from arrears.lifecycle import CLAIM
from arrears.models import Claim, Search, SearchWay, SupportCase
from arrears.moves import Move
from arrears.permits import Denied, claim_posts, find, may
from arrears.support.lifecycle import ALLOWED, ASKED, OPINION_MOVES, OPINION_OF, SUPPORT
from grid.duty import Roster
from grid.models import Person
from grid.roles import CITY, CITY_SUPERVISOR, LEVEL_LABELS, LEVELS
from grid.scope import Post

CLAIM_MOVE = "support"  # the row of the claim's table that opens the page


def may_open(claim: Claim, person: Person, today: date) -> Denied | bool:
    return may(find(CLAIM, CLAIM_MOVE), claim, person, today)


def may_support(move: Move, case: SupportCase, person: Person, today: date) -> Denied | bool:
    return permit(move, case, claim_posts(case.claim, person, today), highest_of(case, today) if move.name in OPINION_MOVES else "")


def permit(move: Move, case: SupportCase, posts: Iterable[Post], highest: str) -> Denied | bool:
    """`highest`: of an opinion, the first level from where it lies upward at which somebody is."""
    fitting = [post for post in posts if post.role.name in move.roles]
    if not fitting:
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if case.state not in move.sources:
        return Denied("wrong_state", _("支持起诉申请当前状态不能进行这项操作。"))
    if not case.claim.is_open:
        return Denied("claim_closed", _("案件已经结束，不能再办理支持起诉。"))
    if move.name in OPINION_MOVES and not any(gives_opinion(post, case, highest) for post in fitting):
        return Denied("not_your_opinion", _("现在等%(level)s提出意见。") % {"level": _(LEVEL_LABELS[case.level])})
    return True


def gives_opinion(post: Post, case: SupportCase, highest: str) -> bool:
    """From the level it was asked of up to where it lies now."""
    rank = LEVELS.index(post.level or LEVELS[0])
    return LEVELS.index(OPINION_OF[case.state]) <= rank <= max(LEVELS.index(case.level), LEVELS.index(highest))


def highest_of(case: SupportCase, today: date) -> str:
    if not case.level:
        return LEVELS[0]
    return Roster.around(case.claim.region_id, today).answerable(case.level, case.claim.region_id)[0]


def moves_for(case: SupportCase, person: Person, today: date) -> list[Move]:
    """What the person can do now, in the table's order: the page's buttons, the API's actions."""
    posts, highest = claim_posts(case.claim, person, today), highest_of(case, today)
    return [
        move for move in SUPPORT.moves
        if move.sources and not move.is_automatic and permit(move, case, posts, highest)
    ]  # fmt: skip


def may_search(claim: Claim, person: Person, today: date) -> Denied | bool:
    """Whoever may write down what was found out about the claim."""
    return may(find(CLAIM, "add_evidence"), claim, person, today)


def may_decide(way: SearchWay, person: Person, today: date) -> Denied | bool:
    """条例第四十条: an account, a house or a vehicle is looked up with the approval of the city; nobody allows what they asked for."""
    posts = claim_posts(way.search.claim, person, today)
    if not any(post.role.name == CITY_SUPERVISOR and post.level == CITY for post in posts):
        return Denied("city_only", _("查询账户、房产、车辆须经市级批准（保障农民工工资支付条例第四十条），县（区）和乡镇不能批准。"))
    if way.begun_by_id == person.pk:
        return Denied("own_query", _("不能批准自己提出的查询，请由市级其他负责人批准。"))
    return True if way.state == ASKED else Denied("wrong_state", _("这项查询已有决定。"))


def may_try(way: SearchWay, person: Person, today: date) -> Denied | bool:
    if way.state == ASKED:
        return Denied("not_allowed_yet", _("市级还没有批准，不能查询。"))
    if way.state != ALLOWED:
        return Denied("wrong_state", _("这项查找已有结果。"))
    return may_search(way.search.claim, person, today)


def may_change(search: Search, person: Person, today: date) -> Denied | bool:
    if not search.is_open:
        return Denied("wrong_state", _("这次查找已经结束。"))
    return may_search(search.claim, person, today)
