"""A city with any number of open claims, written by the database itself: the real divisions, a staff with gaps, and
claims whose clocks stand everywhere between their start and their last rung.

What falls due "at once" are the rungs of the last call (nine o'clock of a working day), as on every morning.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, models

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.ladders import ladder_of, rung_times
from arrears.models import Claim, Clock, Event, Watch
from bench.report import say
from grid import roles
from grid.days import SHANGHAI, day_of
from grid.models import Person, Posting, Region

CITY = "3213"
VACANT = 12  # each so-manieth township has no chief
IN_POST_SINCE = date(2020, 1, 1)
WAITS = datetime(9999, 1, 1, tzinfo=SHANGHAI)  # a watch that no sweep takes
# Rule → the claim's stage while it runs, and how far back a clock may have started.
RULES_OF = {"JC-ACCEPT": ("registered", 30), "HANDLE-START-3": ("accepted", 30), "JC-INVEST": ("handling", 130)}
WHOLE = "CASE-WHOLE-60"
MIX = {"near": 35, "due": 25, "late1": 20, "late2": 10, "late3": 10, "late5": 5}  # of what is due, by rung
LEVELS = {"late3": "county", "late5": "city"}  # where a claim has climbed by then


@dataclass(frozen=True)
class Shape:
    """A clock that started on a day, as it stands now: its next rung and when that calls."""

    rule: str
    started: date
    natural: date
    due: date
    rung: int
    next_at: datetime
    name: str  # of that rung
    is_due: bool  # its next rung called at the last call, and the one after has not

    @property
    def row(self) -> tuple:
        stage, level = RULES_OF[self.rule][0], LEVELS.get(self.name, "township")
        return (self.rule, stage, level, self.started, self.natural, self.due, self.rung, self.next_at)


def build() -> None:
    """Schema, divisions and staff; no claims."""
    say("schema and divisions")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_regions", verbosity=0)
    hire()


def hire() -> None:
    """Each township a grid worker and a chief, each county two officers, the city two supervisors; some posts are vacant."""
    password = make_password(None)
    regions = Region.objects.current().under(CITY).filter(level__in=("city", "county", "township")).order_by("code")
    people: list[Person] = []
    posts: list[Posting] = []

    def fill(region: Region, role: str, count: int) -> None:
        for _ in range(count):
            name = f"bench-{len(people):04d}"
            people.append(Person(username=name, full_name=f"同志{len(people):04d}", email=f"{name}@example.test", password=password))
            posts.append(Posting(person=people[-1], role=role, region=region, starts_on=IN_POST_SINCE))

    for number, region in enumerate(regions):
        if region.level == "township":
            fill(region, roles.GRID_WORKER, 1)
            fill(region, roles.TOWNSHIP_CHIEF, int(number % VACANT > 0))
        else:
            fill(region, roles.COUNTY_OFFICER if region.level == "county" else roles.CITY_SUPERVISOR, 2)
    Person.objects.bulk_create(people)
    Posting.objects.bulk_create(posts)


def shapes(now: datetime) -> list[Shape]:
    """Every way in which the clocks of RULES_OF can stand now."""
    calendar, last_call = calendar_now(), call_before(now)
    found = []
    for rule, (_stage, days) in RULES_OF.items():
        rungs = ladder_of(rule)
        for started in (day_of(now) - timedelta(days=back) for back in range(1, days)):
            answer = due(RULES[rule], started, calendar)
            times = rung_times(rungs, started, answer.due_on, calendar)
            coming = next((index for index, at in enumerate(times) if at > now), len(times))
            called = next((index for index in range(coming) if times[index] == last_call), coming)
            if called < len(times) and not rungs[called].order_days:  # an order writes a dozen rows more
                days_of = (started, answer.natural_on, answer.due_on)
                found.append(Shape(rule, *days_of, called, times[called], rungs[called].name, called < coming))
    return found


def call_before(now: datetime) -> datetime:
    calendar, day = calendar_now(), now.astimezone(SHANGHAI)
    nine = day.replace(hour=9, minute=0, second=0, microsecond=0)
    while nine > now or not calendar.is_working(nine.date()):
        nine -= timedelta(days=1)
    return nine


def dealt(of: Sequence[Shape], by: Mapping[str, int]) -> list[Shape]:
    """The shapes in the proportions of `by`."""
    by_name = {name: cycle([shape for shape in of if shape.name == name]) for name in {shape.name for shape in of}}
    return [shape for name, count in by.items() if name in by_name for shape in islice(by_name[name], count)]


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


def prepare(now: datetime) -> None:
    """Tables the claims are made from: towns with their grid worker, and shapes."""
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
        found = shapes(now)
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
    fields = [f for f in model._meta.concrete_fields if f.column in given or not f.has_db_default()]
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
