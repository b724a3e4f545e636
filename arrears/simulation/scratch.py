"""A database beside the installation's own, made for one step and dropped after it, however the step ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection


@contextmanager
def scratch_database() -> Iterator[str]:
    """The schema and the divisions, and nobody in it. Raises ProgrammingError if the role may not create one."""
    own, name = connection.settings_dict["NAME"], f"xinan_simulation_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")  # nothing in it is worth a disk's answer
    try:
        move(name)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_regions", verbosity=0)
        yield name
    finally:
        move(own)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def move(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
