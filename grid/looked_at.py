"""What of the house's own records the access log names."""

from collections.abc import Collection
from typing import Any

from grid.access import Named, Subject, add_subjects
from grid.models import Person


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.access's readers translate it."""
    return text


def people(ids: Collection[Any]) -> dict[Any, Named]:
    return {pk: Named(name) for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "full_name")}


add_subjects({"person": Subject(_("人员"), people), "duty": Subject(_("值班表"))})
