"""Any number of open claims in the city, written by the database itself: one of them costs a tenth of a millisecond."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.models import Claim, Clock, Event, Watch
from arrears.timing.clocks import LIMIT_RULES
from bench.city import CITY, MIX, dealt, shapes
from bench.report import say
from grid.days import day_of

WHOLE = "CASE-WHOLE-60"


@dataclass(frozen=True)
class Sets:
    """Claims are numbered from 1. Which of them wait for a run, and the name of the set; `pair` is the number whose
    place and dates a claim has. All are SQL about the number n."""

    is_due: str
    name: str
    pair: str = "n"


# One per cent of all claims each. The second of a pair stands in the same place with the same dates as the first.
NAMES = ("sweep-1", "floor-1", "sweep-2", "floor-2", "tenth", "stream")
PER_CENT = Sets(
    f"n %% 100 BETWEEN 1 AND {len(NAMES)}", f"(string_to_array('{','.join(NAMES)}', ','))[n %% 100]",
    "CASE WHEN n %% 100 IN (2, 4) THEN n - 1 ELSE n END",
)  # fmt: skip
EVERYBODY = Sets("true", "'all'")
AT_ONCE = 50_000


def prepare(now: datetime, quiet_until: datetime | None = None) -> None:
    """Tables that the claims are made from: towns with their grid worker, and shapes (see there for `quiet_until`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE bench_town AS SELECT (row_number() OVER (ORDER BY code) - 1)::int AS i, code, (
                SELECT person_id FROM grid_posting WHERE region_id = code AND role = 'grid_worker') AS worker
            FROM grid_region WHERE code LIKE %s AND level = 'township';
            CREATE TABLE bench_shape (
                i int, is_due bool, rule varchar, stage varchar, level varchar, started date, natural_on date,
                due date, rung int, next_at timestamptz, PRIMARY KEY (is_due, i));
            CREATE TABLE bench_set (name varchar, clock_id uuid, claim_id uuid, pair bigint, shape int);
            """,
            [CITY + "%"],
        )
        found = shapes(now, quiet_until)
        due_now = dealt([shape for shape in found if shape.is_due], MIX)
        for rows, is_due in ((due_now, True), ([shape for shape in found if not shape.is_due], False)):
            values = [(i, is_due, *shape.row) for i, shape in enumerate(rows)]
            cursor.executemany(f"INSERT INTO bench_shape VALUES ({', '.join(['%s'] * 10)})", values)
        whole = due(RULES[WHOLE], day_of(now) - timedelta(days=1), calendar_now()).due_on
        cursor.execute("CREATE TABLE bench_whole AS SELECT %s::date AS due, %s::timestamptz AS next_at", [whole, now + timedelta(days=20)])


def fill(first: int, last: int, now: datetime, sets: Sets = PER_CENT) -> None:
    """Claims number `first` to `last`, each with two clocks and the event that logged it. Those of a set wait."""
    say(f"claims {first:,} to {last:,}")
    with without_indexes(Claim) if last - first > AT_ONCE else nullcontext(), connection.cursor() as cursor:
        for begin in range(first, last + 1, AT_ONCE):
            what = {"first": begin, "last": min(begin + AT_ONCE - 1, last), "now": now}
            for statement, defaults in statements(sets):
                cursor.execute(statement, what | defaults)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX IF NOT EXISTS bench_set_name ON bench_set (name, clock_id)")
        cursor.execute("VACUUM ANALYZE")


def wake(name: str) -> int:
    """Lets the clocks of a set fall due; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO arrears_watch (clock_id, rung, next_at, cause) SELECT clock_id, rung, next_at, 'time' "
            "FROM bench_set JOIN bench_shape ON bench_shape.i = shape AND is_due WHERE name = %s", [name],
        )  # fmt: skip
        return cursor.rowcount


@contextmanager
def without_indexes(model: type[models.Model]) -> Iterator[None]:
    """Builds the table's plain indexes after the rows are there, in a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [model._meta.db_table],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        say("indexes")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")


def insert(model: type[models.Model], given: Mapping[str, str], where: str = "true") -> tuple[str, dict[str, Any]]:
    """INSERT … SELECT from bench_row; a column that is not `given` gets its model's default."""
    fields = [f for f in model._meta.concrete_fields if f.column in given or not (f.has_db_default() or f.generated)]
    defaults = {f.column: f.get_db_prep_save(f.get_default(), connection) for f in fields if f.column not in given}
    names = ", ".join(f'"{f.column}"' for f in fields)
    values = ", ".join(given.get(f.column, f"%({f.column})s") for f in fields)
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM bench_row WHERE {where}", defaults


def uuid(kind: int) -> str:
    """Keys that grow as those of real rows do."""
    return f"(lpad(to_hex(1767225600000 + n), 12, '0') || '7{kind}008000' || lpad(to_hex(n), 12, '0'))::uuid"


WORDS = "(lower(number || E'\\n' || name || E'\\n' || firm))"


def statements(sets: Sets) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("DROP TABLE IF EXISTS bench_row", {}),
        (
            f"""
            CREATE UNLOGGED TABLE bench_row AS SELECT n, code, worker, bench_shape.*, '宿欠〔2026〕' || left(code, 6) || '-' || lpad(n::text, 7, '0') AS number,
                substr('王李张刘陈杨赵黄周吴徐孙', 1 + (n %% 12)::int, 1) || substr('建国志强桂英秀兰海燕立新', 1 + (n / 12 %% 12)::int, 1) AS name,
                '宿迁' || substr('宏远恒泰鼎盛华兴瑞丰', 1 + (n %% 10)::int, 1) || substr('建安通达永昌明德信和', 1 + (n / 10 %% 10)::int, 1) || '劳务有限公司' AS firm
            FROM (SELECT n, {sets.pair} AS pair, {sets.is_due} AS due_now FROM generate_series(%(first)s::bigint, %(last)s) AS n) AS numbered
            JOIN bench_town ON bench_town.i = pair * 7919 %% (SELECT count(*) FROM bench_town)
            JOIN bench_shape ON is_due = due_now AND bench_shape.i = pair * 104729 / 100 %% (SELECT count(*) FROM bench_shape AS o WHERE o.is_due = due_now)
            """,
            {},
        ),
        insert(Claim, {
            "id": uuid(1), "number": "number",
            "public_number": "upper(substr(md5(n::text), 1, 4) || '-' || left(lpad(to_hex(n), 8, '0'), 4) || '-' || right(lpad(to_hex(n), 8, '0'), 4))",
            "region_id": "code", "city_code": "left(code, 4)", "county_code": "left(code, 6)", "township_code": "code",
            "stage": "stage", "level": "level", "handler_id": "CASE WHEN level = 'township' THEN worker END", "due_on": "due",
            "limit_on": f"CASE WHEN rule = ANY('{{{','.join(LIMIT_RULES)}}}') THEN due END",
            "channel": "'patrol'", "received_on": "started", "registered_at": "%(now)s", "registered_by_id": "worker",
            "claimed": "1000 + n %% 30000", "worker_name": "name", "respondent_name": "firm",
            "story": "'在工地做瓦工，完工后未付工资。'", "search_text": WORDS,
            "search_grams": f"(SELECT array_agg(DISTINCT substr({WORDS}, i, 2)) FROM generate_series(1, length({WORDS}) - 1) AS i)",
        }),
        insert(Event, {
            "id": uuid(4), "claim_id": uuid(1), "kind": "'register'", "actor_id": "worker", "at": "%(now)s",
            "happened_on": "started", "stage": "'registered'", "level": "'township'", "facts": """'{"channel": "patrol"}'::jsonb""",
        }),
        insert(Clock, {
            "id": uuid(2), "claim_id": uuid(1), "rule_id": "rule", "started_on": "started", "natural_on": "natural_on", "due_on": "due",
        }),
        insert(Clock, {
            "id": uuid(3), "claim_id": uuid(1), "rule_id": f"'{WHOLE}'", "started_on": "started",
            **dict.fromkeys(("natural_on", "due_on"), "(SELECT due FROM bench_whole)"),
        }),
        insert(Watch, {"clock_id": uuid(2), "rung": "rung", "next_at": "next_at"}, "NOT is_due"),
        insert(Watch, {"clock_id": uuid(3), "rung": "0", "next_at": "(SELECT next_at FROM bench_whole)"}),
        (
            f"INSERT INTO bench_set SELECT {sets.name}, {uuid(2)}, {uuid(1)}, {sets.pair}, i FROM bench_row WHERE is_due", {},
        ),
    ]  # fmt: skip
