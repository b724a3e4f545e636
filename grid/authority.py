"""Who may staff what: administrators the posts inside their regions; leads (chief, county officer, city supervisor) the
leave and the duty roster of their region and of those below; everybody their own leave."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid.models import Person, Posting
from grid.roles import ADMINISTRATOR, CITY, LEADS
from grid.scope import Scope

STAFFING = frozenset({ADMINISTRATOR, *LEADS.values()})  # who sees the pages of people


def administered(scope: Scope) -> list[str]:
    return [post.region for post in scope.posts if post.role.name == ADMINISTRATOR]


def administers_city(scope: Scope) -> bool:
    """What holds for the whole city (ladders, words of notices, working days) only its own administrators publish: one county's would
    change it for all others."""
    return any(post.role.name == ADMINISTRATOR and post.level == CITY for post in scope.posts)


def led(scope: Scope) -> list[str]:
    return [post.region for post in scope.posts if post.role.name in LEADS.values()]


def is_inside(code: str, codes: Iterable[str]) -> bool:
    return any(code.startswith(around) for around in codes)


def at_or_inside(codes: Iterable[str]) -> Q:
    """Postings at the regions, inside them, or at a body there."""
    wanted = Q(pk__in=[])
    for code in codes:
        wanted |= Q(region__code__startswith=code) | Q(body__region__code__startswith=code)
    return wanted


def place_of(posting: Posting) -> str:
    """The code of the region a posting is in; a body's is that of its seat."""
    return posting.region_id or posting.body.region_id


def places_of(person: Person, today: date) -> list[str]:
    """Where the person works now or will."""
    rows = person.postings.filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related("body")
    return [place_of(row) for row in rows]


def people_of(actor: Person, today: date) -> QuerySet[Person]:
    """Whom somebody sees on the pages of people: whoever has, had or will have a post inside the regions they
    administer or lead; for an administrator also those who never had any."""
    scope = actor.scope(today)
    held = Posting.objects.filter(at_or_inside([*administered(scope), *led(scope)]), person=OuterRef("pk"))
    wanted = Q(Exists(held))
    if administered(scope):
        wanted |= ~Q(Exists(Posting.objects.filter(person=OuterRef("pk"))))
    return Person.objects.filter(wanted) if scope.roles & STAFFING else Person.objects.none()


def may_appoint(actor: Person, code: str, today: date) -> bool:
    return is_inside(code, administered(actor.scope(today)))


def may_manage(actor: Person, person: Person, today: date) -> bool:
    """May the actor change the account? Only who administers every place the person works at; of somebody without a
    post, who administers one of the last ones."""
    mine = administered(actor.scope(today))
    places = places_of(person, today)
    if places:
        return all(is_inside(code, mine) for code in places)
    return bool(mine) and people_of(actor, today).filter(pk=person.pk).exists()


def may_enter_leave(actor: Person, person: Person, today: date) -> bool:
    """Whoever leads or administers one of the person's places; not somebody who also works above them."""
    if actor.pk == person.pk:
        return True
    scope = actor.scope(today)
    mine, places = [*administered(scope), *led(scope)], places_of(person, today)
    is_above = any(around != code and around.startswith(code) for code in places for around in mine)
    return not is_above and any(is_inside(code, mine) for code in places)


def may_set_duty(actor: Person, code: str, today: date) -> bool:
    return is_inside(code, led(actor.scope(today)))
