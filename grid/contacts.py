"""联系人: who answers at a partner body without an account. Kept by whoever administers the body's place, or leads the county
or the city there: those who send referrals."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid.access import log_access
from grid.authority import administered
from grid.models import Body, BodyContact, Person
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER
from grid.scope import Scope

LEADERS = (COUNTY_OFFICER, CITY_SUPERVISOR)


def places(scope: Scope) -> list[str]:
    return [*administered(scope), *(post.region for post in scope.posts if post.role.name in LEADERS)]


def bodies_of(person: Person, today: date) -> QuerySet[Body]:
    """The bodies whose contacts somebody keeps."""
    wanted = Q(pk__in=[])
    for code in places(person.scope(today)):
        wanted |= Q(region__code__startswith=code)
    return Body.objects.filter(wanted).select_related("region").order_by("region", "kind", "name")


def add(body: Body, person: Person, now: datetime, **said: Any) -> BodyContact:
    """Raises Refused: contact_known, no_way_to_reach."""
    check(said)
    try:
        with transaction.atomic():
            contact = BodyContact.objects.create(body=body, **said)
            log(contact, person, now)
    except IntegrityError as error:
        raise known(said) from error
    return contact


def change(contact: BodyContact, person: Person, now: datetime, **said: Any) -> BodyContact:
    """Raises Refused: as add."""
    check(said)
    for name, value in said.items():
        setattr(contact, name, value)
    try:
        with transaction.atomic():
            contact.save(update_fields=list(said))
            log(contact, person, now)
    except IntegrityError as error:
        raise known(said) from error
    return contact


def switch(contact: BodyContact, person: Person, now: datetime, *, is_active: bool) -> None:
    """Raises Refused: contact_known."""
    contact.is_active = is_active
    try:
        with transaction.atomic():
            contact.save(update_fields=["is_active"])
            log(contact, person, now)
    except IntegrityError as error:
        raise known({"name": contact.name}) from error


def check(said: dict[str, Any]) -> None:
    if not (said["phone"] or said["email"]):
        raise Refused("no_way_to_reach", _("请至少填写电话或者电子邮箱。"))


def known(said: dict[str, Any]) -> Refused:
    return Refused("contact_known", _("该单位已有联系人“%(name)s”，请直接修改。") % {"name": said["name"]})


def log(contact: BodyContact, person: Person, now: datetime) -> None:
    log_access(person, "set_contact", "contact", contact.pk, now=now, region_code=contact.body.region_id)
