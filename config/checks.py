"""The database's fitness as a system check, for installations that are not started by bin/serve: migrate runs it."""

from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from config.embedded import CannotStart
from config.reach import check_extensions, check_letters, check_version

FITNESS: tuple[Callable[[Any], None], ...] = (check_version, check_letters, check_extensions)


@register(Tags.database)
def check_databases(databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    return [error for alias in databases or [] for error in find_errors(alias)]


def find_errors(alias: str) -> list[CheckMessage]:
    connections[alias].ensure_connection()
    errors: list[CheckMessage] = []
    for number, check in enumerate(FITNESS, start=1):
        try:
            check(connections[alias].connection)
        except CannotStart as trouble:
            errors.append(Error(str(trouble), id=f"config.E{number:03}"))
    return errors
