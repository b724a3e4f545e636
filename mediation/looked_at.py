"""What of a mediation the access log names, and how an auditor is told which case it was."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from grid.access import Named, Subject, add_subjects
from mediation.models import Mediation


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.access's readers translate it."""
    return text


def mediations(ids: Collection[Any]) -> dict[Any, Named]:
    found = Mediation.objects.filter(pk__in=ids).values_list("pk", "claim__number")
    return {pk: Named(number, reverse("mediation_detail", args=[pk])) for pk, number in found}


add_subjects({"mediation": Subject(_("调解"), mediations)})
