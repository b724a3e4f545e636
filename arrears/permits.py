"""May this person make this move here, now? One answer for buttons, forms, API and verbs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.ladders.rungs import seat_phrase
from arrears.lifecycle import CLAIM, REFERRAL, RULINGS
from arrears.models import Claim, Referral
from arrears.moves import ASLEEP, AWAKE, ORDINARY, SENSITIVE, Lifecycle, Move
from arrears.partners.ruling import bench_today, is_own
from grid.models import Person, Posting
from grid.refused import Refused
from grid.roles import LEADS, LEVEL_LABELS, LEVELS, ROLES, above, below
from grid.scope import COLUMNS, Post


@dataclass(frozen=True)
class Denied:
    """A no with its reason; falsy, so that it can be asked like a yes."""

    code: str
    message: str

    def __bool__(self) -> bool:
        return False


def claim_posts(claim: Claim, person: Person, today: date) -> list[Post]:
    """The posts from which the person may act on the claim."""
    return [post for post in person.scope(today).posts_for(claim.region_id) if post.role.acts]


def permit(move: Move, state: str, claim: Claim, posts: Iterable[Post]) -> Denied | bool:
    """`state` is the row's own (a mediation's, say); the level and the region are always the claim's."""
    fitting = [post for post in posts if post.role.name in move.roles]
    if not fitting:
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if state not in move.sources:
        return Denied("wrong_state", _("案件当前阶段不能进行这项操作。"))
    if move.when == AWAKE and claim.suspended_until:
        return Denied(
            "claim_suspended",
            _("案件已中止至 %(day)s，中止期间不能进行这项操作；中止事由消除的，请先恢复办理。") % {"day": claim.suspended_until},
        )
    if move.when == ASLEEP and not claim.suspended_until:
        return Denied("not_suspended", _("案件没有中止，不需要恢复。"))
    if move.when == ORDINARY and claim.sensitive:
        return Denied("already_sensitive", _("案件已经列为敏感案件；要更改理由的，请先解除再重新列入。"))
    if move.when == SENSITIVE and not claim.sensitive:
        return Denied("not_sensitive", _("案件没有列为敏感案件，不需要解除。"))
    if move.reach == "in_charge" and not any(LEVELS.index(post.level) >= LEVELS.index(claim.level) for post in fitting):
        return Denied(
            "not_in_charge",
            _("案件已由%(level)s办理，您可以查看和补充材料，但不能进行这项操作。") % {"level": _(LEVEL_LABELS[claim.level])},
        )
    return True


def may(move: Move, claim: Claim, person: Person, today: date) -> Denied | bool:
    return permit(move, claim.stage, claim, claim_posts(claim, person, today))


def may_refer(move: Move, referral: Referral, person: Person, today: date) -> Denied | bool:
    """Senders act from a post that covers the claim, partners from a post at the body."""
    scope = person.scope(today)
    posts = claim_posts(referral.claim, person, today)
    partner = [post for post in scope.posts if post.role.sees == "body" and post.body == referral.body_id]
    if partner and any(post.role.name in move.roles for post in partner):
        return True if referral.state in move.sources else Denied("wrong_state", _("该移送当前状态不能进行这项操作。"))
    if not any(post.role.name in move.roles for post in posts):
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if referral.state not in move.sources:
        return Denied("wrong_state", _("该移送当前状态不能进行这项操作。"))
    return may_rule(referral, person, posts, today) if move.name in RULINGS else True


def may_rule(referral: Referral, person: Person, posts: Iterable[Post], today: date) -> Denied | bool:
    """From the post that rules today (arrears.partners.arbiters); nobody rules on what they sent."""
    bench = bench_today(referral, today)
    if is_own(referral, person.pk):
        return Denied("own_referral", _("这件移送由您发出，不能由您裁定。没有其他人可以裁定的，请管理员补充人员，或者先撤回移送。"))
    if not any((post.role.name, post.level) == (bench.role, bench.level) for post in posts):
        leads = LEADS[bench.level] == bench.role
        post = _(ROLES[bench.role].label) if leads else seat_phrase(f"{bench.role}@{bench.level}").text(_)
        return Denied("not_arbiter", _("这件移送由%(post)s裁定。") % {"post": post})
    return True


def moves_for(claim: Claim, person: Person, today: date) -> list[Move]:
    """The moves the person can make on the claim now, in the table's order: its buttons, its API actions."""
    posts = claim_posts(claim, person, today)
    return [move for move in CLAIM.moves if move.sources and is_open_to(claim, move) and permit(move, claim.stage, claim, posts)]


# Guards of the table that the row itself answers: what they would refuse is not offered first. The verb asks them all the same.
SEEN_ON_THE_ROW: dict[str, Callable[[Claim], bool]] = {
    "is_part": lambda claim: claim.part_of_id is not None,
    "not_top": lambda claim: above(claim.level) is not None,
    "not_bottom": lambda claim: below(claim.level) is not None,
}


def is_open_to(claim: Claim, move: Move) -> bool:
    return all(SEEN_ON_THE_ROW[guard](claim) for guard in move.guards if guard in SEEN_ON_THE_ROW)


def referral_moves_for(referral: Referral, person: Person, today: date) -> list[Move]:
    return [move for move in REFERRAL.moves if move.sources and may_refer(move, referral, person, today)]


def require(answer: Denied | bool) -> None:
    """Turns a no into the one error the pages and the API understand."""
    if isinstance(answer, Denied):
        raise Refused(answer.code, answer.message)


def find(table: Lifecycle, name: str) -> Move:
    move = table.find(name)
    if move is None or not move.sources:
        raise Refused("unknown_move", _("没有这项操作。"))
    return move


def handlers_for(claim: Claim, today: date) -> QuerySet[Person]:
    """Whom the claim can be assigned to: everybody on a post that acts, covers its region and is in charge."""
    code = claim.region_id
    roles = [role.name for role in ROLES.values() if role.acts and role.sees == "region"]
    postings = Posting.objects.on(today).filter(
        role__in=roles, region__in=[code[:width] for width in COLUMNS if width <= len(code)]
    )
    return Person.objects.filter(postings__in=postings).distinct().order_by("full_name")
