"""Who looks at a low mark: somebody who leads above the mediator's post, did not sit in the matter and is not the mediator."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from arrears.lifecycle import SUPERVISORS
from arrears.permits import Denied, claim_posts
from grid import tasklist
from grid.duty import Roster
from grid.models import Person
from grid.roles import CITY, CITY_SUPERVISOR, COUNTY, COUNTY_OFFICER, LEVELS, MEDIATOR, ROLES, above
from grid.scope import Post
from mediation.models import Mark, Mediation
from mediation.models.marks import MarkQuerySet

CITY_POSTS = (COUNTY_OFFICER, CITY_SUPERVISOR)  # whoever mediates from one of these is looked at by the city
CITY_WIDTH = 4


def mediated(mediation: Mediation) -> set[Any]:
    """Everybody who held it at some time."""
    held = set(mediation.hearings.order_by().values_list("mediator", flat=True))
    return {pk for pk in (mediation.mediator_id, *held) if pk}


def first_level(mediation: Mediation, today: date) -> str:
    """The level above the mediator's own post; a mediator of a county leads nobody there."""
    if mediation.mediator is None:
        return COUNTY
    posts = mediation.mediator.scope(today).posts
    return CITY if any(is_of_city(post) for post in posts) else COUNTY


def is_of_city(post: Post) -> bool:
    return post.role.name in CITY_POSTS or (post.role.name == MEDIATOR and bool(post.region) and len(post.region) <= CITY_WIDTH)


def seat(mediation: Mediation, level: str, roster: Roster) -> tuple[str, list[Person]]:
    """The first level from there upward with somebody who may look."""
    held, region = mediated(mediation), mediation.claim.region_id
    while True:
        found, people = roster.answerable(level, region)
        others = [person for person in people if person.pk not in held]
        higher = above(found)
        if others or higher is None:
            return found, others
        level = higher


def somebody(mediation: Mediation, people: list[Person], today: date) -> list[Person]:
    """Where only the mediator leads, an administrator is asked, who can fill the post."""
    if people:
        return people
    held = mediated(mediation)
    return [person for person in tasklist.administrators(today) if person.pk not in held]


def readable_by(person: Person, today: date) -> MarkQuerySet:
    """Of what they see, nothing they mediated themselves."""
    seen = Mark.objects.visible_to(person, today)
    return seen.exclude(mediation__mediator=person).exclude(mediation__hearings__mediator=person)


def may_read(mark: Mark, person: Person, today: date) -> bool:
    """Not whom it is about, whatever other post they hold."""
    return person.pk not in mediated(mark.mediation)


def may_look(mark: Mark, person: Person, today: date) -> Denied | bool:
    mediation = mark.mediation
    if person.pk in mediated(mediation):
        return Denied("own_work", _("这次调解是您自己主持的，评价要由别人回看。"))
    lowest = LEVELS.index(first_level(mediation, today))
    posts = [post for post in claim_posts(mediation.claim, person, today) if post.role.name in SUPERVISORS]
    if not any(LEVELS.index(ROLES[post.role.name].level or COUNTY) >= lowest for post in posts):
        return Denied("not_your_role", _("低分评价由调解员的上级回看，您的岗位不能回看。"))
    if not mark.is_low:
        return Denied("not_low", _("三分以上的评价不用回看。"))
    return True if mark.looked_at is None else Denied("looked_at", _("这条评价已经有人回看过了。"))


def may_take(mediation: Mediation, person: Person, today: date) -> Denied | bool:
    """Who writes down what a party says of it, and makes a party's link: whoever works on the claim and held no hearing of it."""
    if person.pk in mediated(mediation):
        return Denied("own_work", _("这次调解是您主持的，请由其他经办人员询问和记录评价。"))
    return True if claim_posts(mediation.claim, person, today) else Denied("not_your_role", _("您的岗位不能进行这项操作。"))
