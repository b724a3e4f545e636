"""What of the house's own records the access log names."""

from collections.abc import Collection
from typing import Any

from grid.access import Named, Subject, add_subjects
from grid.models import BodyContact, Person, Robot


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.access's readers translate it."""
    return text


def people(ids: Collection[Any]) -> dict[Any, Named]:
    return {pk: Named(name) for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "full_name")}


def robots(ids: Collection[Any]) -> dict[Any, Named]:
    return {pk: Named(name) for pk, name in Robot.objects.filter(pk__in=ids).values_list("pk", "name")}


def contacts(ids: Collection[Any]) -> dict[Any, Named]:
    found = BodyContact.objects.filter(pk__in=ids).values_list("pk", "body__name", "name")
    return {pk: Named(f"{body} · {name}") for pk, body, name in found}


add_subjects({"contact": Subject(_("协同单位联系人"), contacts)})
add_subjects({"robot": Subject(_("群机器人"), robots), "notice": Subject(_("通知")), "task": Subject(_("待办"))})
add_subjects({"person": Subject(_("人员"), people), "duty": Subject(_("值班表"))})
