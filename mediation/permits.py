"""May this person make this move on this mediation, now? And who can be its mediator?"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from arrears.models import Claim
from arrears.moves import Move
from arrears.permits import Denied, claim_posts
from grid.models import Person, Posting
from grid.roles import COUNTY_OFFICER, MEDIATOR, TOWNSHIP_CHIEF
from grid.scope import Post
from mediation.lifecycle import MEDIATION
from mediation.models import Mediation


def mediation_posts(mediation: Mediation, person: Person, today: date) -> list[Post]:
    """Posts that cover the claim; the mediator assigned from elsewhere acts from their own post."""
    covering = claim_posts(mediation.claim, person, today)
    if mediation.mediator_id != person.pk:
        return covering
    return covering or [post for post in person.scope(today).posts if post.role.acts and post.region]


def may_mediate(move: Move, mediation: Mediation, person: Person, today: date) -> Denied | bool:
    return permit(move, mediation.state, mediation_posts(mediation, person, today))


def permit(move: Move, state: str, posts: list[Post]) -> Denied | bool:
    if not any(post.role.name in move.roles for post in posts):
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if state not in move.sources:
        return Denied("wrong_state", _("该调解当前状态不能进行这项操作。"))
    return True


def mediation_moves_for(mediation: Mediation, person: Person, today: date) -> list[Move]:
    """The moves the person can make now, in the table's order: the page's buttons, the API's actions."""
    posts = mediation_posts(mediation, person, today)
    return [move for move in MEDIATION.moves if move.sources and permit(move, mediation.state, posts)]


def fits_as_mediator(claim: Claim, post: Post) -> bool:
    """The same as mediators_for, asked of one post."""
    at = {MEDIATOR: claim.city_code, TOWNSHIP_CHIEF: claim.township_code, COUNTY_OFFICER: claim.county_code}
    if post.role.name == MEDIATOR and post.region.startswith(claim.county_code):
        return True
    return bool(post.region) and at.get(post.role.name) == post.region


def mediators_for(claim: Claim, today: date) -> QuerySet[Person]:
    """Who can be assigned: mediators of the county and of the city, the township's chief, the county's officer."""
    fitting = Posting.objects.on(today).filter(
        Q(role=MEDIATOR, region__code__startswith=claim.county_code)
        | Q(role=MEDIATOR, region=claim.city_code)
        | Q(role=TOWNSHIP_CHIEF, region=claim.township_code)
        | Q(role=COUNTY_OFFICER, region=claim.county_code)
    )
    return Person.objects.filter(pk__in=fitting.values("person")).order_by("full_name", "pk")
