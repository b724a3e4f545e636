"""Many rows in one statement, for steps that write thousands: the rows travel as one JSON parameter.

bulk_create quotes every JSON value once more for an array and takes several times as long.
"""

import json
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models


def insert(rows: Iterable[models.Model], *, ignore_conflicts: bool = False) -> int:
    """Inserts unsaved rows of one model; those that are there already may be left alone. How many were written.
    All columns are given by the rows, none by the database."""
    rows = list(rows)
    if not rows:
        return 0
    meta = rows[0]._meta
    fields = meta.concrete_fields
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    types = ", ".join(f"{quote(field.column)} {field.rel_db_type(connection) or field.db_type(connection)}" for field in fields)
    sent = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)} ({names}) SELECT {names} FROM json_to_recordset(%s) AS row ({types})"
            + (" ON CONFLICT DO NOTHING" if ignore_conflicts else ""),
            [json.dumps(sent, cls=DjangoJSONEncoder, ensure_ascii=False)],
        )
        return cursor.rowcount
