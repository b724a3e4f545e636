"""Which door: facts → ranked roads, what stands beside them and what is shut, against an expectation written by hand."""

from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from arrears.routes import ROADS, TRAPS, Doors, doors, load
from arrears.rules.tables import BadRules
from arrears.situation.facts import Facts

FIRM = {"employer": ["恒泰制衣厂"]}
SITE = {"labour": ["宏远劳务"], "general": ["沭建集团"]}
FOREMAN = {"foreman": ["孙老板"]}


def at(said: str, names: dict[str, list[str]] = FIRM) -> Doors:
    return doors(Facts.of(said.split(), names, Decimal(8000)))


# ticked · named · open roads, best first · roads that are shut, with the trap that shuts them
CASES = [
    # An ordinary claim: mediation, then arbitration, then inspection, which takes longest.
    ("", FIRM, "MEDIATE ARBITRATE INSPECT", ""),
    ("", SITE, "MEDIATE ARBITRATE INSPECT", ""),
    # 工资欠条: sue directly, and the sum is fixed, so that a payment order is possible.
    ("iou", FIRM, "SUE-IOU MEDIATE PAYORD-WAGES ARBITRATE INSPECT", ""),
    ("iou more_than_wages", FIRM, "MEDIATE PAYORD-WAGES ARBITRATE INSPECT", "SUE-IOU:IOU-MORE"),
    ("sum_fixed", FIRM, "MEDIATE PAYORD-WAGES ARBITRATE INSPECT", ""),
    ("iou preserved", FIRM, "SUE-IOU MEDIATE ARBITRATE INSPECT", "PAYORD-WAGES:PAYORD-PRESERVED"),
    ("iou debtor_missing", FIRM, "SUE-IOU ARBITRATE INSPECT MEDIATE", "PAYORD-WAGES:PAYORD-MISSING"),
    ("iou counter_debt", FIRM, "SUE-IOU MEDIATE ARBITRATE INSPECT", "PAYORD-WAGES:PAYORD-COUNTER"),
    ("sum_fixed paying_order", FIRM, "MEDIATE ARBITRATE INSPECT", "PAYORD-WAGES:PAYORD-TWICE PRESERVE:PRESERVE-PAYORD"),
    # 个人包工头, no employer behind: sue, no arbitration, no inspection.
    ("", FOREMAN, "SUE-SERVICES MEDIATE", "INSPECT:INSPECT-NOBODY"),
    ("iou", FOREMAN, "SUE-SERVICES MEDIATE", "INSPECT:INSPECT-NOBODY"),
    # … on a building site somebody stands behind him
    ("construction", FOREMAN, "MEDIATE ARBITRATE INSPECT", ""),
    # A mediation agreement: confirmation within thirty days; unkept, a payment order or a suit on it.
    # … while its day has not come nothing is due, and a payment order needs a debt that is (解释 427).
    ("agreement agreement_fresh", FIRM, "CONFIRM ARBITRATE INSPECT", "PAYORD-WAGES:PAYORD-NOT-DUE"),
    ("agreement", FIRM, "ARBITRATE INSPECT", "CONFIRM:CONFIRM-LATE PAYORD-WAGES:PAYORD-NOT-DUE"),
    ("agreement_late agreement_fresh", FIRM, "CONFIRM PAYORD-AGREED SUE-AGREED ARBITRATE INSPECT", ""),
    ("agreement_late", FIRM, "PAYORD-AGREED SUE-AGREED ARBITRATE INSPECT", "CONFIRM:CONFIRM-LATE"),
    ("agreement_late iou", FIRM, "PAYORD-AGREED SUE-AGREED ARBITRATE INSPECT", "CONFIRM:CONFIRM-LATE"),
    ("agreement_late preserved", FIRM, "SUE-AGREED ARBITRATE INSPECT", "CONFIRM:CONFIRM-LATE PAYORD-AGREED:PAYORD-PRESERVED"),
    ("agreement_late", FOREMAN, "PAYORD-AGREED SUE-AGREED", "CONFIRM:CONFIRM-LATE INSPECT:INSPECT-NOBODY"),
    # Under way already.
    ("mediating", FIRM, "ARBITRATE INSPECT", "MEDIATE:MEDIATING"),
    ("inspecting", FIRM, "MEDIATE ARBITRATE", "INSPECT:INSPECTING"),
    ("arbitrating", FIRM, "MEDIATE", "ARBITRATE:ARBITRATING INSPECT:INSPECT-PENDING"),
    ("arbitrating iou", FIRM, "MEDIATE", "SUE-IOU:IOU-ARBITRATING PAYORD-WAGES:PAYORD-PENDING ARBITRATE:ARBITRATING INSPECT:INSPECT-PENDING"),
    ("suing", FIRM, "", "ARBITRATE:ARB-SUING INSPECT:INSPECT-PENDING"),
    ("arb_refused", FIRM, "SUE-AFTER-ARB MEDIATE INSPECT", ""),
    ("title", FIRM, "ENFORCE", ""),
    ("title iou agreement_late preserved", FIRM, "ENFORCE", ""),
    # An administrative decision that nobody contested any more: the department goes to the court.
    ("decision_final", FIRM, "ENFORCE-ADMIN MEDIATE ARBITRATE", "INSPECT:INSPECT-DECIDED"),
    ("decision_final title", FIRM, "ENFORCE", ""),
    # Limits that have passed.
    ("arb_expired", FIRM, "MEDIATE INSPECT ARBITRATE", ""),
    ("inspect_expired", FIRM, "MEDIATE ARBITRATE", "INSPECT:INSPECT-EXPIRED"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "names", "is_open", "shut"), CASES)
def test_the_facts_open_these_roads_in_this_order(said: str, names: dict[str, list[str]], is_open: str, shut: str) -> None:
    found = at(said, names)
    assert [door.road.id for door in found.open] == is_open.split()
    assert [f"{door.road.id}:{trap.id}" for door in found.shut for trap in door.shut] == shut.split()


@pytest.mark.parametrize(
    ("said", "names", "expected"),
    [
        ("", FIRM, "LEGAL-AID PRESERVE"),
        ("iou", FIRM, "LEGAL-AID SUPPORT PRESERVE"),
        ("owner_unpaid", SITE, "LEGAL-AID PRESERVE SECTOR"),
        ("owner_unpaid", FIRM, "LEGAL-AID PRESERVE"),
        ("ordered_unpaid", FIRM, "LEGAL-AID PRESERVE CRIMINAL BLACKLIST"),
        ("decision_final", FIRM, "LEGAL-AID PRESERVE CRIMINAL BLACKLIST"),
        ("arbitrating", FIRM, "LEGAL-AID PRESERVE ADVANCE"),
        ("suing", FIRM, "LEGAL-AID PRESERVE ADVANCE"),
        ("paying_order", FIRM, "LEGAL-AID"),
        ("title", FIRM, "LEGAL-AID"),
    ],
)
def test_what_stands_beside_the_roads(said: str, names: dict[str, list[str]], expected: str) -> None:
    assert [door.road.id for door in at(said, names).beside] == expected.split()


def test_every_road_is_in_a_case_and_every_shutting_trap_shuts_one() -> None:
    seen = [at(said, names) for said, names, _open, _shut in CASES]
    walked = {door.road.id for found in seen for door in (*found.open, *found.shut)}
    assert walked >= {road.id for road in ROADS.values() if road.kind == "road"}
    shutting = {trap.id for found in seen for door in found.shut for trap in door.shut}
    assert shutting == {trap.id for trap in TRAPS.values() if trap.effect == "shut"}


# Never both at once, whatever else is true.
EXCLUDED = [
    ({"PAYORD-WAGES", "PAYORD-AGREED"}, "preserved"),
    ({"PAYORD-WAGES", "PAYORD-AGREED"}, "debtor_missing"),
    ({"PRESERVE"}, "paying_order"),
    ({"INSPECT"}, "arbitrating"),
    ({"INSPECT"}, "suing"),
    ({"ARBITRATE"}, "suing"),
    ({"SUE-IOU"}, "more_than_wages"),
    ({"ARBITRATE", "SUE-IOU", "MEDIATE", "INSPECT"}, "title"),
]
OTHERS = ("iou", "agreement_late", "agreement_fresh", "construction", "retired", "sum_fixed", "arb_refused", "mediating", "collective")


@pytest.mark.parametrize(("roads", "fact"), EXCLUDED)
def test_what_excludes_a_road_excludes_it_in_every_company(roads: set[str], fact: str) -> None:
    for others in (*combinations(OTHERS, 0), *combinations(OTHERS, 1), *combinations(OTHERS, 2), *combinations(OTHERS, 3)):
        found = at(" ".join((fact, *others)))
        assert roads.isdisjoint(door.road.id for door in (*found.open, *found.beside)), others


def warnings(said: str, road: str, names: dict[str, list[str]] = FIRM) -> list[str]:
    found = at(said, names)
    return [trap.id for door in (*found.open, *found.beside) if door.road.id == road for trap in door.warnings]


def test_the_traps_are_said_before_the_worker_chooses() -> None:
    assert warnings("sum_fixed", "PAYORD-WAGES") == ["PAYORD-BACK", "PAYORD-EXCLUDES"]
    assert warnings("agreement_late", "PAYORD-AGREED") == ["PAYORD-ON", "PAYORD-EXCLUDES"]
    assert warnings("", "PRESERVE") == ["PRESERVE-EXCLUDES", "PRESERVE-30"]
    assert warnings("preserved", "PRESERVE") == ["PRESERVE-30"]
    assert warnings("", "INSPECT") == ["INSPECT-SLOW"]
    assert warnings("retired", "INSPECT") == ["INSPECT-SLOW", "INSPECT-RETIRED"]
    assert warnings("retired collective", "ARBITRATE") == ["INSPECT-RETIRED", "ARB-COLLECTIVE"]
    assert warnings("iou", "ARBITRATE") == ["ARB-IOU"]
    assert warnings("arb_expired", "ARBITRATE") == ["ARB-EXPIRED"]
    assert warnings("debtor_missing", "MEDIATE") == ["MEDIATE-MISSING"]
    assert warnings("iou debtor_missing", "SUE-IOU") == ["SUE-MISSING"]


def test_the_time_is_added_up_from_the_limits() -> None:
    assert ROADS["MEDIATE"].days == (15, 15)
    assert ROADS["PAYORD-WAGES"].days == (35, 35)  # 5 + 15 + 15
    assert ROADS["ARBITRATE"].days == (7 + 45, 7 + 45 + 15)  # five working days are a week
    assert ROADS["INSPECT"].days == (7 + 84 + 21 + 10, 7 + 84 + 21 + 10 + 42)  # 5 + 60 + 15 + 7 working days, and 30 more
    assert ROADS["SUE-IOU"].days == (7 + 90, 7 + 90 + 30)
    assert ROADS["INSPECT"].days > ROADS["ARBITRATE"].days  # what INSPECT-SLOW says
    assert ROADS["ENFORCE"].days == (0, 0)  # no limit


def test_what_nobody_checked_says_so() -> None:
    assert {road.id for road in ROADS.values() if not road.verified} == {"SUE-SERVICES"}
    assert {trap.id for trap in TRAPS.values() if not trap.verified} == {"PAYORD-PENDING", "IOU-ARBITRATING", "ARB-SUING"}


# The table

TABLE = Path(__file__).parents[2] / "arrears/routes/roads.toml"


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_installation_corrects_roads_and_traps(tmp_path: Path) -> None:
    roads, traps = load(TABLE, own(tmp_path, '[roads.INSPECT]\nrank = 60\n[traps.ARB-SUING]\nconfidence = "T"\n'))
    assert (roads["INSPECT"].rank, roads["INSPECT"].name, traps["ARB-SUING"].verified) == (60, "劳动保障监察投诉", True)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[roads.INSPECT]\nrank = '1'", "rank must be a whole number"),
        ("[roads.INSPECT]\nkind = 'way'", "kind way is unknown"),
        ("[roads.INSPECT]\nstart = 'refer:bank'", "start refer:bank is unknown"),
        ("[roads.INSPECT]\nlimits = ['NO-RULE']", "there is no rule NO-RULE"),
        ("[roads.INSPECT]\nany = ['rich']", "there is no fact rich"),
        ("[roads.INSPECT]\nlaw = '某法'", "not in the table of laws"),
        ("[traps.SMALL]\neffect = 'stop'", "effect stop is unknown"),
        ("[traps.SMALL]\nroads = ['NO-ROAD']", "there is no road NO-ROAD"),
        ("[traps.SMALL]\nwhen = ['rich']", "there is no fact rich"),
        ("[traps.NEW]\neffect = 'warn'", "missing column"),
    ],
)
def test_a_table_that_makes_no_sense_stops_the_start(tmp_path: Path, text: str, cause: str) -> None:
    with pytest.raises(BadRules, match=cause):
        load(TABLE, own(tmp_path, text))
