"""Brings the table of regions in line with a list of divisions, in one transaction (rules: grid/region_plan.py)."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max

from grid.models.regions import Region, RegionLoad
from grid.region_files import digest, read_changes, read_regions
from grid.region_plan import Plan, Row, Table, family_of, make_plan

TABLE = Region._meta.db_table
COLUMNS = ("code", "name", "full_name", "level", "parent_id", "code_system", "retired_on", "successor_id")  # Row's


def is_loaded(mark: str) -> bool:
    """Was this loaded last, and is it all still there? Answers in milliseconds, because every start asks."""
    last = RegionLoad.objects.first()
    return bool(last and last.digest == mark and last.rows == Region.objects.count())


def newest_edition(system: str) -> str:
    """The newest edition of the system's family in the table, or the system itself."""
    family = Region.objects.filter(code_system__startswith=f"{family_of(system)}-")
    return max(family.aggregate(newest=Max("code_system"))["newest"] or "", system)


@transaction.atomic
def load(files: list[Path], changes: Path | None, system: str, now: datetime, by_hand: bool) -> Plan:
    """Raises BadFile, having changed nothing."""
    listed = read_regions(files)
    ended = read_changes(changes, now.date()) if changes else {}
    _lock()
    plan = make_plan(_known(), listed, ended, system, by_hand)
    _write(plan.rows)
    RegionLoad.objects.create(
        loaded_at=now,
        system=system,
        digest=mark_of(files, changes, system),
        rows=Region.objects.count(),
        counts=plan.counts,
    )
    return plan


def mark_of(files: list[Path], changes: Path | None, system: str) -> str:
    return digest(system, [*files, *([changes] if changes else [])])


def _lock() -> None:
    """One load at a time. Readers, and rows that point at regions, pass."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")


def _known() -> Table:
    return {row[0]: Row(*row) for row in Region.objects.order_by().values_list(*COLUMNS)}


def _write(rows: Iterable[Row]) -> None:
    columns = ", ".join(COLUMNS)
    values = ", ".join(f"{column} = EXCLUDED.{column}" for column in COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE region_list (LIKE {TABLE})")
        with cursor.copy(f"COPY region_list ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM region_list "
            f"ON CONFLICT (code) DO UPDATE SET {values}"
        )
        cursor.execute("DROP TABLE region_list")
