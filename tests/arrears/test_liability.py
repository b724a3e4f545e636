"""Who must pay, against an expectation written by hand from the articles: facts → parties in order, article, cap."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arrears.liability import LIABILITY, Liability, liable, load
from arrears.rules.tables import BadRules
from arrears.situation.facts import KNOWN, TICKS, Facts

SITE = {"labour": ["宏远劳务"], "general": ["沭建集团"], "owner": ["城投公司"]}
FIRM = {"employer": ["恒泰制衣厂"]}


def answer(said: str, names: dict[str, list[str]], **more: Any) -> Liability:
    return liable(Facts.of(said.split(), names, Decimal("8000"), **more))


def told(found: Liability) -> list[tuple[str, str, str]]:
    return [(one.role, one.duty, "、".join(rule.article for rule in one.rules)) for one in found.parties]


# ticked · named in the claim · who pays, as what, under which article, in this order
CASES = [
    # The employer, and nobody else.
    ("", FIRM, [("employer", "direct", "第十六条")]),
    ("construction", {"general": ["沭建集团"]}, [("general", "direct", "第十六条")]),
    # 分包: directly the subcontractor, first of all the general contractor. Always add the general contractor.
    ("", SITE, [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款")]),
    ("construction", {"labour": ["宏远劳务"]}, [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款")]),
    ("", {"sub": ["二建"], "general": ["沭建集团"]}, [("sub", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款")]),
    # … of a subcontractor and the labour company under it, the one that hired
    (
        "", {"sub": ["二建"], "labour": ["宏远劳务"], "general": ["沭建集团"]},
        [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款")],
    ),
    # a labour company that is no subcontractor on a site is an employer
    ("", {"labour": ["宏远劳务"]}, [("labour", "direct", "第十六条")]),
    # 转包
    ("construction sublet_whole", {"employer": ["某公司"], "general": ["沭建集团"]}, [("employer", "direct", "第十六条"), ("general", "first", "第三十条第四款")]),
    ("sublet_whole", SITE, [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款、第三十条第四款")]),
    ("sublet_whole", FIRM, [("employer", "direct", "第十六条")]),  # no construction, no rule about projects
    # 建设单位未拨付工程款
    (
        "owner_unpaid", SITE,
        [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款"), ("owner", "advance", "第二十九条第二款")],
    ),
    # 违法发包、分包给个人
    (
        "general_gave_unqualified", {"foreman": ["孙老板"], "general": ["沭建集团"]},
        [("general", "pays", "第三十六条第一款"), ("foreman", "contract", "第五百七十九条")],
    ),
    ("", {"foreman": ["孙老板"], "general": ["沭建集团"]}, [("foreman", "contract", "第五百七十九条")]),  # from whom has he the work?
    (
        "construction owner_gave_unqualified", {"foreman": ["孙老板"], "owner": ["村委会"]},
        [("owner", "pays", "第三十六条第一款"), ("foreman", "contract", "第五百七十九条")],
    ),
    ("gave_individual", FIRM, [("employer", "direct", "第十六条、第九十四条、第一条")]),
    ("gave_individual", {**SITE, "foreman": ["孙老板"]}, [
        ("labour", "direct", "第三十条第一款、第九十四条、第一条"), ("general", "first", "第三十条第三款"), ("foreman", "contract", "第五百七十九条"),
    ]),
    # 挂靠
    ("lent_name", FIRM, [("employer", "direct", "第十六条、第十九条第二款、第二条")]),
    ("lent_name", SITE, [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款、第三十六条第二款、第二条")]),
    # 派遣
    ("", {"dispatch": ["派遣公司"], "employer": ["用工厂"]}, [("dispatch", "direct", "第五十八条第一款")]),
    ("bad_dispatch", {"dispatch": ["王中介"], "employer": ["用工厂"]}, [("employer", "pays", "第十八条")]),
    ("bad_dispatch", SITE, [("general", "first", "第三十条第三款"), ("labour", "pays", "第十八条")]),
    ("", {**SITE, "dispatch": ["派遣公司"]}, [("dispatch", "direct", "第五十八条第一款")]),
    # 没有合法经营资格, 合伙和个体, 合并, 解散
    ("unqualified", FIRM, [("employer", "direct", "第十六条、第九十三条"), ("investor", "investor", "第九十三条")]),
    ("small_business", FIRM, [("employer", "direct", "第十六条"), ("investor", "investor", "第二十条")]),
    ("merged", FIRM, [("employer", "direct", "第十六条")]),
    ("successor_agreed", FIRM, [("employer", "direct", "第十六条"), ("successor", "successor", "第二十一条")]),
    ("dissolved", FIRM, [("employer", "direct", "第十六条"), ("investor", "investor", "第二十二条")]),
    # 违反规划
    ("planning_breach", SITE, [("labour", "direct", "第三十条第一款"), ("general", "first", "第三十条第三款"), ("owner", "pays", "第三十七条")]),
    # 个人雇用: no employer behind
    ("", {"foreman": ["孙老板"]}, [("foreman", "contract", "第五百七十九条")]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "names", "expected"), CASES)
def test_the_facts_say_who_must_pay_in_which_order_under_which_article(
    said: str, names: dict[str, list[str]], expected: list[tuple[str, str, str]]
) -> None:
    found = answer(said, names)
    assert told(found) == expected
    assert [one.order for one in found.parties] == list(range(1, len(expected) + 1))


def test_every_rule_and_every_fact_about_liability_is_in_a_case() -> None:
    used = {rule.id for said, names, _expected in CASES for one in answer(said, names).parties for rule in one.rules}
    assert used == {rule.id for rule in LIABILITY.values() if not rule.is_note}


@pytest.mark.parametrize(
    ("said", "names", "lender", "role"),
    [
        ("lent_name", FIRM, "", "employer"),
        ("lent_name", SITE, "", "general"),
        ("lent_name", SITE, "labour", "labour"),
        ("lent_name construction", {"foreman": ["孙老板"]}, "", "general"),  # not named yet
        ("lent_name construction", {"foreman": ["孙老板"]}, "sub", "sub"),
    ],
)
def test_who_lent_the_name_pays(said: str, names: dict[str, list[str]], lender: str, role: str) -> None:
    found = {one.role for one in answer(said, names, lender=lender).parties for rule in one.rules if rule.id.startswith("LENT")}
    assert found == {role}


# The owner's cap: 以未结清的工程款为限.
@pytest.mark.parametrize(
    ("said", "unsettled", "is_capped", "cap", "amount"),
    [
        ("owner_unpaid", None, True, None, None),  # nobody knows yet
        ("owner_unpaid", "5000", True, "5000", "5000"),
        ("owner_unpaid", "8000", True, "8000", "8000"),
        ("owner_unpaid", "90000", True, "90000", "8000"),  # no more than is owed
        ("owner_unpaid", "0", True, "0", "0"),
        ("owner_unpaid planning_breach", "5000", False, None, "8000"),  # an uncapped ground beside it: everything
        ("owner_unpaid owner_gave_unqualified", "5000", False, None, "8000"),
        ("planning_breach", "5000", False, None, "8000"),
    ],
)
def test_the_owner_advances_up_to_the_unsettled_project_payment(
    said: str, unsettled: str | None, is_capped: bool, cap: str | None, amount: str | None
) -> None:
    found = answer(said, SITE, unsettled=Decimal(unsettled) if unsettled else None)
    owner = next(one for one in found.parties if one.role == "owner")
    assert (owner.is_capped, owner.cap, owner.amount) == (is_capped, cap and Decimal(cap), amount and Decimal(amount))
    assert all(one.amount == Decimal("8000") for one in found.parties if one.role != "owner")


def test_a_name_nobody_knows_stays_empty_and_is_asked_for() -> None:
    found = answer("construction", {"labour": ["宏远劳务"]})
    assert [(one.role, one.names) for one in found.parties] == [("labour", ("宏远劳务",)), ("general", ())]
    assert [note.id for note in found.notes] == ["NOTE-GENERAL", "NOTE-DEPOSIT"]


@pytest.mark.parametrize(
    ("said", "names", "expected"),
    [
        ("", FIRM, []),
        ("quantity_dispute", FIRM, []),
        ("quantity_dispute", SITE, ["第三十五条", "第三十二条第一款"]),
        ("construction", {"foreman": ["孙老板"]}, ["第三十四条", "第三十六条第一款", "第三十二条第一款"]),
        ("general_gave_unqualified construction", {"foreman": ["孙老板"]}, ["第三十四条", "第三十二条第一款"]),
        ("merged", FIRM, ["第二十一条"]),
        ("successor_agreed", FIRM, []),
        ("dissolved", FIRM, ["第二十二条"]),
        ("", {"dispatch": ["派遣公司"], "employer": ["用工厂"]}, ["第九十二条第二款"]),
        ("bad_dispatch", {"dispatch": ["派遣公司"], "employer": ["用工厂"]}, []),
    ],
)
def test_what_to_mind_stands_beside(said: str, names: dict[str, list[str]], expected: list[str]) -> None:
    assert [note.article for note in answer(said, names).notes] == expected


def test_who_pays_first_may_recover_and_what_nobody_checked_says_so() -> None:
    sub, general = answer("", SITE).parties
    assert (sub.may_recover, general.may_recover) == (False, True)
    (foreman,) = answer("", {"foreman": ["孙老板"]}).parties
    assert not foreman.verified and general.verified
    assert {rule.id for rule in LIABILITY.values() if not rule.verified} == {"FOREMAN"}


# The table


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


TABLE = Path(__file__).parents[2] / "arrears/liability/liability.toml"


def test_an_installation_corrects_a_row(tmp_path: Path) -> None:
    rules = load(TABLE, own(tmp_path, '[liability.FOREMAN]\narticle = "第五百零九条"\nconfidence = "T"\n[rules.X-1]\nlength = 1\n'))
    assert (rules["FOREMAN"].article, rules["FOREMAN"].verified, rules["FOREMAN"].law) == ("第五百零九条", True, "民法典")


@pytest.mark.parametrize(
    ("columns", "cause"),
    [
        ('when = ["no_such_fact"]', "there is no fact no_such_fact"),
        ('when = "merged"', "when must be a list of texts"),
        ('who = ["boss"]', "there is no role boss"),
        ('who = ["general", "lender"]', "after lender a role must follow"),
        ("who = []", "a note has no who"),
        ('duty = "owes"', "duty owes is unknown"),
        ('cap = "half"', "cap half is unknown"),
        ('law = "某法"', "law 某法 is not in the table of laws"),
        ('confidence = "X"', "confidence X is unknown"),
        ('recourse = "yes"', "recourse must be true or false"),
        ('groud = "x"', "unknown column groud"),
        ('ground = ""', "ground must be a text"),
    ],
)
def test_a_table_that_makes_no_sense_stops_the_start(tmp_path: Path, columns: str, cause: str) -> None:
    with pytest.raises(BadRules, match=cause):
        load(TABLE, own(tmp_path, f"[liability.FOREMAN]\n{columns}\n"))


def test_what_is_ticked_and_what_is_known_are_told_apart() -> None:
    assert TICKS.keys() & KNOWN.keys() == set()
