"""Many rows in one statement, for steps that write thousands: the rows travel as one JSON parameter.

bulk_create quotes every JSON value once more for an array and takes twice as long; bulk_update ten times.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from operator import attrgetter

from django.db import connection, models


@contextmanager
def unwaited() -> Iterator[None]:
    """Statements are handed over without waiting for their answers, so that the database works while the next rows are
    made. Whoever reads waits for all that came before; what the database refuses is raised then, or at the end."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def insert(rows: Iterable[models.Model], *, ignore_conflicts: bool = False) -> int:
    """Inserts unsaved rows of one model; those that are there already may be left alone. How many were written.
    Columns that the database fills (db_default) are left to it; every other one is given by the rows."""
    rows = list(rows)
    if not rows:
        return 0
    fields = [field for field in rows[0]._meta.concrete_fields if not field.generated and not field.has_db_default()]
    names = ", ".join(map(column, fields))
    return run(
        f"INSERT INTO {table(rows)} ({names}) SELECT {names} FROM {sent(fields)}"
        + (" ON CONFLICT DO NOTHING" if ignore_conflicts else ""),
        rows, fields,
    )  # fmt: skip


def update(rows: Iterable[models.Model], names: Sequence[str]) -> int:
    """Writes the named fields of saved rows of one model. How many were there."""
    rows = list(rows)
    if not rows:
        return 0
    key, fields = rows[0]._meta.pk, [rows[0]._meta.get_field(name) for name in names]
    changes = ", ".join(f"{column(field)} = sent.{column(field)}" for field in fields)
    sql = f"UPDATE {table(rows)} AS kept SET {changes} FROM {sent([key, *fields])} WHERE kept.{column(key)} = sent.{column(key)}"
    return run(sql, rows, [key, *fields])


def run(sql: str, rows: Sequence[models.Model], fields: Sequence[models.Field]) -> int:
    names, of = [field.column for field in fields], attrgetter(*(field.attname for field in fields))
    values = [dict(zip(names, of(row), strict=True)) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(values, default=written, ensure_ascii=False)])
        return cursor.rowcount


def written(value: object) -> str:
    """As the database reads it back; Django's own encoder would cut instants to milliseconds."""
    return value.isoformat() if isinstance(value, date) else str(value)


def sent(fields: Iterable[models.Field]) -> str:
    """The rows as the database unpacks them."""
    types = (f"{column(field)} {field.rel_db_type(connection) if field.is_relation else field.db_type(connection)}" for field in fields)
    return f"json_to_recordset(%s) AS sent ({', '.join(types)})"


def column(field: models.Field) -> str:
    return connection.ops.quote_name(field.column)


def table(rows: Sequence[models.Model]) -> str:
    return connection.ops.quote_name(rows[0]._meta.db_table)
