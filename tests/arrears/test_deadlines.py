"""Time limits: the published vectors, cases worked out by hand, and a slow oracle that walks day by day."""

import csv
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from holidays.countries.china import China
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.deadlines import (
    LIMIT,
    RULES,
    NoCalendar,
    Rule,
    at_share,
    due,
    months_after,
    remaining,
    share_used,
    written,
)
from arrears.ladders import day_of_what
from arrears.rules import TABLES, BadRules, load, targets_of
from arrears.workdays import OFF, PUBLISHED, Calendar

VECTORS = list(csv.DictReader((Path(__file__).parent / "law_vectors.csv").open(encoding="utf-8")))
UNITS = {"calendar_months": "months", "calendar_years": "years"}
CASE_TARGETS = {
    "CASE-WHOLE-60", "HANDLE-START-3", "AGREED-PAY", "INSTALMENT-PAY", "CLOSE-5", "ORDER-REPLY", "PAPER-PROMISE", "PRODUCE-NOTICE", "REPORT-ANSWER-2", "OBJECTION-ANSWER-3", "SOURCE-ANSWER", "SERVE-WITHIN-7", "AGREEMENT-SERVE-3", "MARK-LOOK-5",
    "REF-RECEIVE-2", "REF-ANSWER-5", "REF-CONCLUDE-60", "MED-ARRANGE-5", "JC-ACCEPT-3", "JC-INVEST-30",
    "GROUP-ACCEPT-2", "GROUP-INVEST-20", "PROC-FOLLOW-30", "REF-SUPPLY", "REF-CORRECT-5", "REF-RULING-5", "REF-RULING-3", "REF-SUPPLEMENT-2", "SUPPORT-TOWNSHIP-3", "SUPPORT-COUNTY-3", "SUPPORT-CITY-5", "SUPPORT-COMPLETE", "SUPPORT-QUERY-3",
    "FIND-RESPONDENT-15",
}  # fmt: skip
# Law of proceedings that no vector has, each with a date counted by hand.
OF_PROCEEDINGS = {
    "ARB-REVOKED-15": ("2026-06-01", "2026-06-16"),
    "ENF-6M": ("2026-05-12", "2026-11-12"),
    "POLICE-ANSWER-3": ("2026-03-11", "2026-03-16"),  # the 14th is a Saturday
    "LA-OBJECT-5": ("2026-03-02", "2026-03-09"),  # the 7th is a Saturday
    "ARBREVIEW-DECIDE-5": ("2026-03-02", "2026-03-09"),  # five working days
    "CIV-SECOND-3M": ("2026-05-06", "2026-08-06"),
    "CIV-SECOND-30": ("2026-03-12", "2026-04-13"),  # 11 April is a Saturday
}
# Unit, length or article number of these come from general knowledge.
UNCHECKED = {
    "ARB-ACCEPT", "ARB-ANSWER", "ARB-ANSWER-FWD", "ARB-GROUP-NOTICE", "ARB-HEARING-NOTICE", "ARB-POSTPONE", "ARB-SERVE", "ARB-TRIBUNAL",
    "ARBREVIEW-DECIDE-5", "BLK-OBJECT-5", "CIV-SECOND-3M", "CIV-SECOND-30", "JC-DECIDE", "MED-ARBREVIEW-15",
}  # fmt: skip


def moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def end_of(rule_id: str, start: str, calendar: Calendar = PUBLISHED) -> str:
    return written(due(RULES[rule_id], moment(start), calendar).end)


def texts(rule_id: str, start: str) -> list[str]:
    return [step.text() for step in due(RULES[rule_id], moment(start), PUBLISHED).steps]


# The published vectors


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['rule_id']} {row['start_date']}")
def test_vector(row: dict[str, str]) -> None:
    rule = RULES[row["rule_id"]]
    answer = due(rule, moment(row["start_date"]), PUBLISHED)
    assert written(answer.end) == row["expected_due_date"]
    assert answer.provisional == row["note"].startswith("PROVISIONAL")
    assert (rule.unit, str(rule.length)) == (UNITS.get(row["unit"], row["unit"]), row["days"])
    if "natural_end=" in row["note"]:
        assert f"natural_end={answer.natural_on}" in row["note"]


def test_all_vectors_are_here() -> None:
    assert (len(VECTORS), len({row["rule_id"] for row in VECTORS})) == (111, 73)
    assert sum(row["note"].startswith("PROVISIONAL") for row in VECTORS) == 4


# The table


def test_the_table_is_the_vectors_and_the_case_targets() -> None:
    assert RULES.keys() == {row["rule_id"] for row in VECTORS} | CASE_TARGETS | OF_PROCEEDINGS.keys()
    assert {rule.id for rule in RULES.values() if not rule.is_legal} == CASE_TARGETS


@pytest.mark.parametrize("rule_id", sorted(OF_PROCEEDINGS))
def test_limits_of_proceedings_end_on_the_day_counted_by_hand(rule_id: str) -> None:
    start, end = OF_PROCEEDINGS[rule_id]
    assert end_of(rule_id, start) == end


def test_what_nobody_has_checked_says_so() -> None:
    assert {rule.id for rule in RULES.values() if rule.is_legal and not rule.verified} == UNCHECKED
    assert RULES["ARB-ACCEPT"].standing == "法定期限（未核实）"
    assert RULES["JC-INVEST"].standing == "法定期限"
    assert RULES["CLOSE-5"].standing == "本市工作目标"
    assert {RULES[name].standing for name in ("AGREED-PAY", "INSTALMENT-PAY")} == {"协议约定"}
    assert {day_of_what(name) for name in ("AGREED-PAY", "INSTALMENT-PAY")} == {LIMIT}  # past it they are overdue


def test_every_rule_can_be_cited_in_both_languages() -> None:
    for rule in RULES.values():
        assert rule.citation() and rule.citation("en") and rule.source, rule.id
        assert all(ord(letter) < 0x2E80 for column in ("name", "starts", "stops") for letter in rule.text(column, "en"))
    assert RULES["JC-INVEST"].citation() == "劳动保障监察条例 第十七条"
    assert RULES["JC-INVEST"].citation("en") == "Regulation on Labour Security Inspection, art. 17"
    assert RULES["CLOSE-5"].citation() == "本市工作目标"


def test_an_extension_is_counted_from_the_same_start() -> None:
    extended = RULES["JC-INVEST"].extended()
    assert extended.length == 90
    assert due(extended, date(2026, 1, 5), PUBLISHED).due_on == date(2026, 5, 20)
    assert extended.length == RULES["JC-INVEST-EXT"].length  # the vectors' row for the whole
    assert RULES["JC-INVEST"].longer(0) == RULES["JC-INVEST"]
    assert due(RULES["ARB-AWARD-45"].extended(), date(2025, 12, 22), PUBLISHED).due_on == date(2026, 2, 24)


def test_every_extension_says_which_level_approves_it() -> None:
    assert {rule.id: rule.extension.level for rule in RULES.values() if rule.extension} == {
        "JC-INVEST": "county", "XF-CLOSE-60": "county",
        # outside the grid
        "ARBREVIEW-DECIDE-5": "",
        "CONFIRM-DECIDE-15": "", "ARB-AWARD-45": "", "CIV-SIMPLE-3M": "", "CIV-SMALL-2M": "", "CIV-ORD-6M": "",
    }  # fmt: skip


def test_targets_undercut_a_legal_limit_of_the_same_start() -> None:
    assert {rule.id: rule.target_of for rule in RULES.values() if rule.target_of} == {
        "JC-ACCEPT-3": "JC-ACCEPT", "JC-INVEST-30": "JC-INVEST", "GROUP-ACCEPT-2": "JC-ACCEPT", "GROUP-INVEST-20": "JC-INVEST",
    }  # fmt: skip
    assert targets_of("JC-INVEST") == ["JC-INVEST-30", "GROUP-INVEST-20"] and targets_of("CLOSE-5") == []
    assert all(rule.length < RULES[rule.target_of].length for rule in RULES.values() if rule.target_of)


def test_an_installation_changes_and_adds_rules(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[rules.CASE-WHOLE-60]\nlength = 45\n[rules.ARB-ACCEPT]\nconfidence = "T"\n'
        '[laws."本市办法"]\nname_en = "Local"\nsource = "1号"\nsource_en = "No. 1"\n'
        '[rules.NEW-1]\nname="新"\nname_en="new"\nlaw="本市办法"\narticle="第一条"\narticle_en="art. 1"\nunit="working"\n'
        'length=1\nstarts="起"\nstarts_en="a"\nstops="止"\nstops_en="b"\nconfidence="T"\n',
        encoding="utf-8",
    )
    rules = load(*TABLES, override=own)
    assert (rules["CASE-WHOLE-60"].length, rules["CASE-WHOLE-60"].name) == (45, "全案办结")
    assert rules["ARB-ACCEPT"].verified and not RULES["ARB-ACCEPT"].verified
    assert rules["NEW-1"].source == "1号"


GOOD_ROW = {
    "name": '"名"', "name_en": '"n"', "unit": '"calendar"', "length": "1", "starts": '"起"', "starts_en": '"s"',
    "stops": '"止"', "stops_en": '"e"', "confidence": '"K"', "kind": '"local"', "source": '"文"', "source_en": '"d"',
}  # fmt: skip


def table(tmp_path: Path, rule_id: str = "GOOD-1", **columns: str) -> Path:
    path = tmp_path / "table.toml"
    row = {**GOOD_ROW, **columns}
    path.write_text(f"[rules.{rule_id}]\n" + "\n".join(f"{k} = {v}" for k, v in row.items() if v), encoding="utf-8")
    return path


def test_a_good_row_is_read(tmp_path: Path) -> None:
    assert load(table(tmp_path))["GOOD-1"].length == 1


@pytest.mark.parametrize(
    ("columns", "cause"),
    [
        ({"unit": '"weeks"'}, "unit weeks is unknown"),
        ({"roll": '"up"'}, "roll up is unknown"),
        ({"confidence": '"X"'}, "confidence X is unknown"),
        ({"kind": '"x"'}, "kind x is unknown"),
        ({"unit": '"working"', "roll": '"forward"'}, "does not roll"),
        ({"unit": '"hours"', "roll": '"back"'}, "does not roll"),
        ({"length": '"5"'}, "length must be a whole number"),
        ({"length": "true"}, "length must be a whole number"),
        ({"length": "0"}, "length 0"),
        ({"length": "", "unit": '"working"'}, "leave out length"),
        ({"name": '""'}, "name must be a text"),
        ({"stops": ""}, "missing column stops"),
        ({"lenght": "5"}, "unknown column lenght"),
        ({"source": ""}, "needs source"),
        ({"kind": '"legal"', "law": '"民法典"'}, "needs article"),
        ({"kind": '"legal"', "law": '"民法典"', "article": '"第一条"', "article_en": '"art. 1"'}, "not in the table of laws"),
        ({"extension": "{ length = 5 }"}, "extension: missing column by"),
        ({"extension": '{ length = 5, times = 1, by = "x", by_en = "x", level = "village" }'}, "level village is unknown"),
        ({"target_of": '"JC-INVEST"'}, "target_of JC-INVEST is no legal limit"),
        ({"rule_id": "lower"}, "capital letters"),
    ],
)
def test_a_table_that_makes_no_sense_stops_the_start(tmp_path: Path, columns: dict[str, str], cause: str) -> None:
    with pytest.raises(BadRules, match=cause):
        load(table(tmp_path, **columns))


def test_one_rule_in_two_tables_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadRules, match="GOOD-1 is in another table"):
        load(table(tmp_path), table(tmp_path))


@pytest.mark.parametrize("text", ["rules = 5", "[rules]\nX = 1", "[rule.X]\nname = 1", "not toml"])
def test_a_file_that_is_no_table_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(BadRules):
        load(*TABLES, override=path)
    with pytest.raises(BadRules):
        load(tmp_path / "missing.toml")


# By hand


@pytest.mark.parametrize(
    ("rule_id", "start", "expected"),
    [
        # Civil Code art. 202: the corresponding day, or the last day of the month
        ("ADMLIT-6M", "2025-08-30", "2026-02-28"),  # Sat 02-28 is a make-up working day
        ("ADMLIT-6M", "2023-08-31", "2024-02-29"),
        ("ADMLIT-6M", "2025-08-28", "2026-02-28"),
        ("CIV-SMALL-2M", "2025-12-31", "2026-02-28"),
        ("CIV-SIMPLE-3M", "2026-01-31", "2026-04-30"),
        ("CIV-ORD-6M", "2026-02-28", "2026-08-28"),  # not the month's end: the 28th
        ("ARB-LIMIT-1Y", "2024-02-29", "2025-02-28"),
        ("LEDGER-3Y", "2024-02-29", "2027-02-28"),
        ("CIV-LIMIT-3Y", "2021-02-28", "2024-02-28"),  # not 29 February
        # Civil Code art. 203: over the year's end, and onto a make-up Sunday
        ("PAYORD-NOSUE-7", "2025-12-25", "2026-01-04"),
        ("CIV-APPEAL-10", "2026-09-10", "2026-09-20"),  # Sunday 09-20 is a working day
        ("MED-15", "2026-09-05", "2026-09-20"),
        # limits that do not roll
        ("CIV-NOTICE-30", "2026-09-01", "2026-10-01"),
        ("BLK-6M", "2026-04-01", "2026-10-01"),
        # working days: from a holiday, from a weekend, over make-up days
        ("JC-ACCEPT", "2026-02-17", "2026-02-28"),  # 24, 25, 26, 27 and the make-up Saturday
        ("JC-ACCEPT", "2026-10-01", "2026-10-13"),
        ("JC-ACCEPT", "2026-05-03", "2026-05-11"),
        ("COURT-ONLINE-MED-3", "2024-12-31", "2025-01-06"),
        ("REF-RECEIVE-2", "2026-01-01", "2026-01-05"),
        # backward
        ("ARB-POSTPONE", "2026-01-05", "2025-12-30"),  # Sun 01-04, 12-31, 12-30
        ("ARB-HEARING-NOTICE", "2026-10-01", "2026-09-23"),
        ("PEN-HEARING-NOTICE", "2026-02-24", "2026-02-06"),
        # paydays go backward
        ("PAYDAY", "2026-01-01", "2025-12-31"),
        ("PAYDAY", "2026-02-28", "2026-02-28"),
        ("PAYDAY", "2026-03-15", "2026-03-13"),
        # hours
        ("TRANSFER-24H", "2026-02-28T23:59", "2026-03-01T23:59"),
        ("PRE-48H", "2025-12-30T09:05", "2026-01-01T09:05"),
        ("PRE-48H", "2024-02-28T08:00", "2024-03-01T08:00"),
        # the day is given
        ("AGREED-PAY", "2026-10-01", "2026-10-01"),
    ],
)
def test_worked_by_hand(rule_id: str, start: str, expected: str) -> None:
    assert end_of(rule_id, start) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2025-08-29", 6, "2026-02-28"), ("2025-08-30", 6, "2026-02-28"), ("2025-08-31", 6, "2026-02-28"),
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"), ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"), ("2026-11-30", 3, "2027-02-28"),
    ],
)  # fmt: skip
def test_months_end_on_the_corresponding_day(start: str, months: int, expected: str) -> None:
    assert months_after(date.fromisoformat(start), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("rule_id", "start", "is_provisional"),
    [
        ("JC-ACCEPT", "2026-12-24", False),  # the 5th working day is 12-31
        ("JC-ACCEPT", "2026-12-25", True),
        ("MED-15", "2026-12-16", False),  # ends on Thursday 12-31
        ("MED-15", "2026-12-17", True),  # ends on 2027-01-01
        ("CIV-APPEAL-10", "2026-12-28", True),  # an ordinary Thursday in 2027, but who knows
        ("PAYDAY", "2027-01-01", True),
        ("PAYDAY", "2026-12-31", False),
        ("JC-LIMIT-2Y", "2026-06-01", False),  # does not roll: no calendar is asked
        ("CIV-NOTICE-30", "2027-01-05", False),
        ("ARB-LIMIT-1Y", "2026-06-01", True),
        ("PRE-48H", "2026-12-31T12:00", False),
        ("AGREED-PAY", "2027-05-01", False),
        ("ARB-POSTPONE", "2027-01-05", True),
        ("ARB-POSTPONE", "2027-01-01", False),  # counts 2026 days only
        ("JC-ACCEPT", "2003-12-20", True),
    ],
)
def test_provisional_exactly_when_an_unpublished_day_decided(rule_id: str, start: str, is_provisional: bool) -> None:
    answer = due(RULES[rule_id], moment(start), PUBLISHED)
    assert answer.provisional == is_provisional
    assert any(step.kind == "provisional" for step in answer.steps) == is_provisional


def test_an_official_year_settles_a_provisional_date() -> None:
    rest = [date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 5)]
    calendar = Calendar({2027: {day: (OFF, "元旦") for day in rest}})
    answer = due(RULES["JC-ACCEPT"], date(2026, 12, 28), calendar)
    assert (answer.due_on, answer.provisional) == (date(2027, 1, 7), False)


def test_limits_that_ask_no_calendar_work_in_any_year() -> None:
    assert end_of("LEDGER-3Y", "1900-02-28") == "1903-02-28"


@pytest.mark.parametrize(
    ("rule_id", "start"),
    [("JC-ACCEPT", "1900-01-01"), ("JC-ACCEPT", "2200-01-01"), ("MED-15", "2200-01-01"), ("LEDGER-3Y", "9999-01-01"),
     ("CIV-NOTICE-30", "9999-12-30"), ("PRE-48H", "9999-12-31T00:00")],
)  # fmt: skip
def test_a_year_nobody_can_say_is_refused(rule_id: str, start: str) -> None:
    with pytest.raises(NoCalendar):
        due(RULES[rule_id], moment(start), PUBLISHED)


# Reasons


def test_working_days_are_told_day_by_day() -> None:
    assert texts("JC-ACCEPT", "2026-04-30") == [
        "2026-04-30 周四：起算日，不计入（民法典第二百零一条）",
        "2026-05-01 周五：劳动节放假，不计入",
        "2026-05-02 周六：劳动节放假，不计入",
        "2026-05-03 周日：劳动节放假，不计入",
        "2026-05-04 周一：劳动节放假，不计入",
        "2026-05-05 周二：劳动节放假，不计入",
        "2026-05-06 周三：工作日，第1个工作日",
        "2026-05-07 周四：工作日，第2个工作日",
        "2026-05-08 周五：工作日，第3个工作日",
        "2026-05-09 周六：劳动节调休上班，第4个工作日",
        "2026-05-10 周日：周末，不计入",
        "2026-05-11 周一：工作日，第5个工作日",
        "2026-05-11 周一：工作日，期限届满",
    ]


def test_a_roll_is_told_day_by_day() -> None:
    assert texts("CONFIRM-ACCEPT-3", "2026-04-29") == [
        "2026-04-29 周三：起算日，不计入（民法典第二百零一条）",
        "2026-04-30 周四：第1日",
        "2026-05-01 周五：第2日",
        "2026-05-02 周六：第3日",
        "2026-05-02 周六：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-03 周日：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-04 周一：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-05 周二：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-06 周三：工作日，期限届满",
    ]


def test_a_long_run_is_one_step() -> None:
    assert texts("RECON-60", "2026-03-02")[1:] == [
        "2026-03-03至2026-05-01：逐日连续计算，共60日，节假日照算",
        "2026-05-01 周五：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-02 周六：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-03 周日：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-04 周一：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-05 周二：劳动节放假，顺延（民法典第二百零三条）",
        "2026-05-06 周三：工作日，期限届满",
    ]


def test_months_say_whether_the_day_exists() -> None:
    assert texts("ADMLIT-6M", "2025-08-31")[1] == (
        "自2025-08-31起满6个月，到期月没有对应日，以月末日2026-02-28届满（民法典第二百零二条）"
    )
    assert texts("ARB-LIMIT-1Y", "2025-03-03")[1] == "自2025-03-03起满一年，到期月的对应日是2026-03-03（民法典第二百零二条）"


def test_backward_limits_add_the_stricter_reading() -> None:
    assert texts("ARB-POSTPONE", "2026-10-12") == [
        "2026-10-12 周一：事件之日，不计入，由此倒数",
        "2026-10-11 周日：周末，不计入",
        "2026-10-10 周六：国庆节调休上班，倒数第1个工作日",
        "2026-10-09 周五：工作日，倒数第2个工作日",
        "2026-10-08 周四：工作日，倒数第3个工作日",
        "2026-10-08 周四：工作日，应在当日或者此前完成",
        "按间隔整3个工作日从严理解，应不迟于2026-09-30 周三",
    ]


def test_other_reasons() -> None:
    assert texts("PAYDAY", "2026-01-02")[-1] == "2025-12-31 周三：工作日，应在当日或者此前完成"
    assert texts("CIV-NOTICE-30", "2026-09-01")[-1] == "2026-10-01 周四：期限届满，遇节假日不顺延"
    assert texts("PRE-48H", "2026-02-13T17:30") == ["自2026-02-13T17:30起连续计算48小时，节假日照算，至2026-02-15T17:30届满"]
    assert texts("JC-ACCEPT", "2026-12-28")[-1].startswith("2027年的放假安排尚未载入")


# Shares and what is left


@pytest.mark.parametrize(
    ("start", "due_on", "share", "expected"),
    [
        ("2026-07-06", "2026-07-13", 0.8, "2026-07-10"),  # 4 of 5
        ("2026-07-06", "2026-07-20", 0.7, "2026-07-15"),  # 7 of 10, not 8
        ("2026-07-06", "2026-07-13", 0.5, "2026-07-09"),  # 3 of 5 is the first that reaches half
        ("2026-07-06", "2026-07-13", 1.0, "2026-07-13"),
        ("2026-02-05", "2026-02-24", 0.8, "2026-02-14"),  # 8 working days in 19
        ("2026-05-02", "2026-05-02", 0.8, "2026-05-02"),
        ("2026-05-01", "2026-05-03", 0.8, "2026-05-03"),  # no working day in between
        ("2024-10-05", "2026-10-05", 1.0, "2026-09-30"),  # a limit that ends on a holiday
    ],
)
def test_the_day_a_share_is_used(start: str, due_on: str, share: float, expected: str) -> None:
    assert at_share(moment(start), moment(due_on), share, PUBLISHED) == moment(expected)


@pytest.mark.parametrize(
    ("today", "used"),
    [("2026-07-03", 0.0), ("2026-07-06", 0.0), ("2026-07-08", 0.4), ("2026-07-11", 0.8), ("2026-07-13", 1.0), ("2026-07-20", 2.0)],
)
def test_the_share_used(today: str, used: float) -> None:
    assert share_used(moment("2026-07-06"), moment("2026-07-13"), moment(today), PUBLISHED) == used


def test_the_share_used_without_a_working_day() -> None:
    assert share_used(moment("2026-05-01"), moment("2026-05-03"), moment("2026-05-02"), PUBLISHED) == 0.0
    assert share_used(moment("2026-05-01"), moment("2026-05-03"), moment("2026-05-03"), PUBLISHED) == 1.0


@pytest.mark.parametrize(
    ("due_on", "today", "said"),
    [
        ("2026-07-13", "2026-07-08", "还剩3个工作日"),
        ("2026-07-13", "2026-07-12", "还剩1个工作日"),
        ("2026-07-13", "2026-07-13", "今天到期"),
        ("2026-07-12", "2026-07-11", "还剩不到1个工作日"),
        ("2026-07-10", "2026-07-12", "已逾期，其后尚无工作日"),
        ("2026-07-10", "2026-07-14", "已逾期2个工作日"),
        ("2026-02-14", "2026-02-24", "已逾期1个工作日"),
    ],
)
def test_what_is_left(due_on: str, today: str, said: str) -> None:
    assert remaining(moment(due_on), moment(today), PUBLISHED).text() == said


# The oracle: no sets, no counting, one day after another, and a note of every day it looked at


class Oracle:
    def __init__(self) -> None:
        self.asked: set[date] = set()

    def works(self, day: date) -> bool:
        self.asked.add(day)
        if day.year <= 2026:
            return chinese_calendar.is_workday(day)
        return day.weekday() < 5 and day not in HOLIDAYS_AFTER

    def end(self, rule: Rule, start: date) -> date:
        length = rule.length or 0
        if rule.unit == "working":
            return self.walk(start, length)
        if rule.unit == "calendar":
            natural = start + timedelta(days=length)
        else:
            natural = self.corresponding(start, length * (12 if rule.unit == "years" else 1))
        step = {"forward": 1, "back": -1, "none": 0}[rule.roll]
        while step and not self.works(natural):
            natural += timedelta(days=step)
        return natural

    def walk(self, day: date, n: int) -> date:
        left = abs(n)
        while left:
            day += timedelta(days=1 if n > 0 else -1)
            left -= self.works(day)
        return day

    @staticmethod
    def corresponding(start: date, months: int) -> date:
        year, month = start.year, start.month
        for _ in range(months):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return date(year, month, min(start.day, monthrange(year, month)[1]))


HOLIDAYS_AFTER = China(years=range(2027, 2034))
DAY_RULES = sorted(rule.id for rule in RULES.values() if rule.unit != "hours")


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(DAY_RULES), st.dates(date(2005, 1, 1), date(2029, 12, 31)))
def test_the_oracle_agrees(rule_id: str, start: date) -> None:
    oracle, rule = Oracle(), RULES[rule_id]
    answer = due(rule, start, PUBLISHED)
    assert answer.due_on == oracle.end(rule, start)
    assert answer.provisional == any(day.year > 2026 for day in oracle.asked)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DAY_RULES), st.dates(date(2005, 6, 1), date(2027, 12, 31)))
def test_the_reason_ends_on_the_due_day(rule_id: str, start: date) -> None:
    answer = due(RULES[rule_id], start, PUBLISHED)
    ends = [step.day for step in answer.steps if step.kind.startswith("due")]
    assert ends == [answer.due_on]
    counted = [step.count for step in answer.steps if step.kind in ("counted", "counted_back", "day")]
    assert counted == list(range(1, len(counted) + 1))
    assert all("%" not in step.text() for step in answer.steps)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2005, 6, 1), date(2025, 6, 1)), st.integers(1, 120), st.integers(0, 10))
def test_a_share_is_reached_on_its_day_and_not_before(start: date, length: int, tenths: int) -> None:
    rule = replace(RULES["JC-INVEST"], length=length)
    end = due(rule, start, PUBLISHED).due_on
    on = at_share(start, end, tenths / 10, PUBLISHED)
    assert share_used(start, end, on, PUBLISHED) >= tenths / 10 - 1e-9
    if tenths:
        assert share_used(start, end, on - timedelta(days=1), PUBLISHED) < tenths / 10
