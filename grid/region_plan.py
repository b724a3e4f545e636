"""What a list of divisions makes of the regions we know. Django-free: two tables in, the new table and its events out.

- A name that differs is a rename: the code stays, and the full names below it are said anew.
- A list that shows one child of a region is taken to show them all. What it leaves out is *missing*: reported, and
  retired only if a change names its successor. Nothing is ever deleted.
- A retired region that a newer edition lists again, and no change retires, returns. The edition it was retired in
  does not bring it back (it is loaded at each start), unless somebody names the file by hand.
- Editions of one family of codes follow each other; another family is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from grid.region_files import BadFile, Change, Listed
from grid.regions import ancestors, follow, full_name


class Row(NamedTuple):
    """A region as the table holds it."""

    code: str
    name: str
    full_name: str
    level: str
    parent: str | None
    code_system: str
    retired_on: date | None
    successor: str | None


Table = dict[str, Row]


@dataclass(frozen=True)
class Plan:
    rows: list[Row]  # to be written: new or different
    added: list[str]
    renamed: list[tuple[Row, Row]]  # before, after
    retired: list[Row]
    returned: list[Row]
    missing: list[Row]
    unknown: list[Change]  # retired by a change, but never heard of here
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        lists = ("added", "renamed", "retired", "returned", "missing")
        return {name: len(getattr(self, name)) for name in lists} | {"unchanged": self.unchanged}


def make_plan(
    known: Table, listed: Mapping[str, Listed], changes: Mapping[str, Change], system: str, by_hand: bool
) -> Plan:
    _check_system(known, listed, system)
    wanted = _retire(known | _list(known, listed, system, by_hand), changes)
    _check_parents(listed, wanted)
    _check_successors(wanted, changes)
    wanted = {code: row._replace(full_name=_full_name(code, wanted)) for code, row in wanted.items()}
    pairs = [(known[code], row) for code, row in wanted.items() if code in known]
    renamed = [(old, new) for old, new in pairs if old.name != new.name]
    retired = [new for old, new in pairs if new.retired_on and not old.retired_on]
    returned = [new for old, new in pairs if old.retired_on and not new.retired_on]
    touched = {row.code for row in (*retired, *returned, *(new for old, new in renamed))}
    return Plan(
        rows=[row for code, row in wanted.items() if known.get(code) != row],
        added=[code for code in wanted if code not in known],
        renamed=renamed,
        retired=retired,
        returned=returned,
        missing=list(_missing(wanted, listed)),
        unknown=[change for code, change in changes.items() if code not in wanted],
        unchanged=sum(code in known and code not in touched for code in listed),
    )


def _list(known: Table, listed: Mapping[str, Listed], system: str, by_hand: bool) -> Table:
    """The listed regions as rows of this edition."""
    table = {}
    for code, region in listed.items():
        before = known.get(code)
        stays_retired = before and before.code_system == system and not by_hand
        ended = (before.retired_on, before.successor) if stays_retired else (None, None)
        table[code] = Row(code, region.name, "", region.level, region.parent, system, *ended)
    return table


def _retire(table: Table, changes: Mapping[str, Change]) -> Table:
    ended = {
        code: table[code]._replace(retired_on=change.retired_on, successor=change.successor)
        for code, change in changes.items()
        if code in table
    }
    return table | ended


def _full_name(code: str, table: Table) -> str:
    return full_name([table[above].name for above in ancestors(code)] + [table[code].name])


def _missing(wanted: Table, listed: Mapping[str, Listed]) -> Iterator[Row]:
    complete = {region.parent for region in listed.values() if region.parent in listed}
    gone = set()
    for code, row in sorted(wanted.items()):  # a parent comes before its children
        if code not in listed and not row.retired_on and (row.parent in complete or row.parent in gone):
            gone.add(code)
            yield row


def _check_system(known: Table, listed: Mapping[str, Listed], system: str) -> None:
    family = family_of(system)
    for row in known.values():
        if family_of(row.code_system) != family and row.code in listed:
            raise BadFile(
                f"{listed[row.code].where}, column code: {row.code} is {row.name} in {row.code_system}; "
                f"codes of {family} cannot be mixed with it"
            )
        if family_of(row.code_system) == family and row.code_system > system:
            raise BadFile(f"{system} is older than {row.code_system}, which is loaded; say --system if it is not")


def family_of(system: str) -> str:
    return system.split("-", 1)[0]


def _check_parents(listed: Mapping[str, Listed], wanted: Table) -> None:
    for region in listed.values():
        if region.parent and region.parent not in wanted:
            raise BadFile(f"{region.where}, column parent: {region.parent} is neither in the file nor known")


def _check_successors(wanted: Table, changes: Mapping[str, Change]) -> None:
    for change in changes.values():
        if change.code in wanted and change.successor not in wanted:
            raise BadFile(f"{change.where}, column successor: {change.successor} is not a known region")
    chain = {code: row.successor for code, row in wanted.items() if row.successor}
    for code in chain:
        heir = follow(code, chain)
        if wanted[heir].retired_on:
            where = changes[code].where if code in changes else code
            raise BadFile(f"{where}, column successor: the successors of {code} end at {heir}, which is retired too")
