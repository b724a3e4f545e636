"""Numbers that follow each other without a gap in a place and a year: of cases, supervision orders and papers."""

from django.db import connection, models


def next_in(counter: type[models.Model], place: str, code: str, year: int, count: int) -> range:
    """The next `count` of `counter`, whose column `place` holds `code`. One statement takes the counter's lock, so that no two
    rows share a number."""
    table = counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({place}, year, last) VALUES (%s, %s, %s) "
            f"ON CONFLICT ({place}, year) DO UPDATE SET last = {table}.last + EXCLUDED.last RETURNING last",
            [code, year, count],
        )
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)
