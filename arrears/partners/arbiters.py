"""谁来裁定: which post rules on a disputed referral, by kind of body and region, and by which clock. Rows of arbiters.toml; an
installation corrects them in its own file (XINAN_RULES). Django-free."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from arrears.ladders.rungs import role_at
from arrears.lifecycle import ARBITERS, RULING_RULES
from arrears.rules.tables import BadRules, LawRow, own_file, read_section, refuse
from grid.roles import BODY_KINDS

TABLE = Path(__file__).with_name("arbiters.toml")


@dataclass(frozen=True, kw_only=True)
class Arbiter(LawRow):
    """`post`: a role at a level, mediator@county; `rule`: the clock of the ruling, which has a ladder of its own."""

    name: str
    name_en: str
    bodies: tuple[str, ...]
    regions: tuple[str, ...]
    post: str
    rule: str

    def fits(self, body_kind: str, region: str) -> bool:
        return (not self.bodies or body_kind in self.bodies) and (not self.regions or any(map(region.startswith, self.regions)))

    def particular(self, region: str) -> tuple[int, bool]:
        return max((len(one) for one in self.regions if region.startswith(one)), default=0), bool(self.bodies)


def faults(row: Arbiter) -> Iterator[str]:
    found = role_at(row.post)
    if found is None or found[0].name not in ARBITERS:
        yield f"post {row.post} cannot rule (a role of {', '.join(ARBITERS)} at a level)"
    if row.rule not in RULING_RULES:
        yield f"rule {row.rule} is no clock of a ruling ({', '.join(RULING_RULES)})"
    if unknown := set(row.bodies) - BODY_KINDS.keys():
        yield f"bodies {', '.join(sorted(unknown))} are unknown"


def read_arbiters(table: Path = TABLE, override: Path | None = None) -> dict[str, Arbiter]:
    """Raises BadRules."""
    rows = {row_id: Arbiter.of("arbiters", row_id, row) for row_id, row in read_section("arbiters", table, override=override).items()}
    for row in rows.values():
        refuse(f"arbiter {row.id}", faults(row))
    if not any(not row.bodies and not row.regions for row in rows.values()):
        raise BadRules("arbiters: one row must be for every body everywhere")
    return rows


ARBITER_ROWS: Mapping[str, Arbiter] = read_arbiters(override=own_file())


def arbiter_of(body_kind: str, region: str, rows: Mapping[str, Arbiter] = ARBITER_ROWS) -> Arbiter:
    return max((row for row in rows.values() if row.fits(body_kind, region)), key=lambda row: row.particular(region))
