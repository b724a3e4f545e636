"""manage.py due and load_calendar: what they print, and how they refuse."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import translation

from arrears.models import CalendarYear
from arrears.workdays import PUBLISHED
from tests.arrears.test_workdays import GOOD, year_file

VECTORS = Path(__file__).parent / "law_vectors.csv"
WHERE = "arrears.management.commands.due.calendar_now"


@pytest.fixture
def published() -> Iterator[None]:
    with patch(WHERE, return_value=PUBLISHED):
        yield


def run(*args: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*(str(arg) for arg in args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(*args: object) -> str:
    with pytest.raises(CommandError) as error:
        run(*args)
    return str(error.value)


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "sheet.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


# One limit


@pytest.mark.usefixtures("published")
def test_due_tells_the_day_the_law_and_the_reason() -> None:
    out, err = run("due", "MED-15", "2026-04-16")
    assert not err
    assert out.splitlines()[:7] == [
        "MED-15  劳动争议调解（收到调解申请起）",
        "依据：劳动争议调解仲裁法 第十四条第三款（法定期限）",
        "起算：2026-04-16（调解组织收到调解申请之日）",
        "届满：2026-05-06",
        "顺延前：2026-05-01",
        "暂定：否",
        "须知：期满未达成协议的，当事人可以申请仲裁。",
    ]
    assert "  2026-05-05 周二：劳动节放假，顺延（民法典第二百零三条）" in out.splitlines()


@pytest.mark.usefixtures("published")
def test_due_says_what_is_provisional_and_unchecked() -> None:
    out, _err = run("due", "ARB-ACCEPT", "2026-12-28")
    assert "（法定期限（未核实））" in out and "暂定：是，放假安排未公布" in out and "2027年的放假安排尚未载入" in out


@pytest.mark.usefixtures("published")
def test_due_as_json() -> None:
    answer = json.loads(run("due", "JC-ACCEPT", "2026-12-28", "--json")[0])
    steps = answer.pop("steps")
    assert answer == {
        "rule_id": "JC-ACCEPT", "name": "劳动保障监察投诉受理或者不予受理决定", "start": "2026-12-28",
        "due_date": "2027-01-05", "natural_date": "2027-01-05", "provisional": True, "article": "第十八条",
        "law": "关于实施《劳动保障监察条例》若干规定", "verified": True,
    }  # fmt: skip
    assert steps[1] == {"day": "2026-12-29", "count": 1, "kind": "counted", "text": "2026-12-29 周二：工作日，第1个工作日"}


@pytest.mark.usefixtures("published")
def test_due_in_hours_takes_and_gives_minutes() -> None:
    answer = json.loads(run("due", "TRANSFER-24H", "2026-02-13T16:00", "--json")[0])
    assert (answer["due_date"], answer["natural_date"]) == ("2026-02-14T16:00", "2026-02-14T16:00")


@pytest.mark.usefixtures("published")
def test_due_speaks_the_active_language() -> None:
    with translation.override("en"):
        answer = json.loads(run("due", "JC-INVEST", "2026-01-05", "--json")[0])
    assert (answer["law"], answer["article"]) == ("Regulation on Labour Security Inspection", "art. 17")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("args", "cause"),
    [
        (["due"], "请写规则编号和起算日"),
        (["due", "JC-ACCEPT"], "请写规则编号和起算日"),
        (["due", "JC-ACEPT", "2026-02-12"], "没有规则“JC-ACEPT”，是不是JC-ACCEPT"),
        (["due", "投诉", "2026-02-12"], "没有规则“投诉”"),
        (["due", "JC-ACCEPT", "2026-02-30"], "没有“2026-02-30”这个时间"),
        (["due", "JC-ACCEPT", "20260212"], "起算日应写成 2026-02-13 的样子"),
        (["due", "JC-ACCEPT", "2026-02-12T09:00"], "起算日应写成 2026-02-13 的样子"),
        (["due", "PRE-48H", "2026-02-13"], "PRE-48H按小时计算"),
        (["due", "PRE-48H", "2026-02-13T25:00"], "没有“2026-02-13T25:00”这个时间"),
        (["due", "JC-ACCEPT", "2200-01-01"], "没有2200年的放假安排"),
        (["due", "JC-ACCEPT", "1900-01-01"], "没有1900年的放假安排"),
        (["due", "JC-ACCEPT", "2026-02-12", "--csv", "x.csv"], "不能与规则编号"),
    ],
)
def test_due_refuses_in_one_sentence(args: list[str], cause: str) -> None:
    message = refused(*args)
    assert cause in message and "\n" not in message


def test_due_does_without_a_database() -> None:
    with patch(WHERE, side_effect=OperationalError("down")):
        out, err = run("due", "JC-ACCEPT", "2026-02-12")
    assert "届满：2026-02-26" in out
    assert "数据库无法读取，只按已公布的放假安排计算" in err


# A sheet


@pytest.mark.usefixtures("published")
def test_the_vectors_as_a_sheet() -> None:
    out, err = run("due", "--csv", VECTORS)
    asked = list(csv.DictReader(VECTORS.open(encoding="utf-8")))
    answered = list(csv.DictReader(io.StringIO(out)))
    assert not err
    assert len(answered) == len(asked)
    for was, now in zip(asked, answered, strict=True):
        assert now == {**was, "due_date": was["expected_due_date"], "provisional": now["provisional"]}
        assert now["provisional"] == ("true" if "PROVISIONAL" in was["note"] else "false")


@pytest.mark.usefixtures("published")
def test_columns_in_any_order_with_a_byte_order_mark(sheet: Callable[..., Path]) -> None:
    path = sheet('\ufeff备注,start_date,备注,rule_id\r\n"甲,""乙""",2026-02-12,二, JC-ACCEPT \r\n\r\n,2026-02-13T17:30,,PRE-48H\r\n')
    out, _err = run("due", "--csv", path)
    assert list(csv.reader(io.StringIO(out))) == [
        ["备注", "start_date", "备注", "rule_id", "due_date", "provisional"],
        ["甲,\"乙\"", "2026-02-12", "二", " JC-ACCEPT ", "2026-02-26", "false"],
        ["", "2026-02-13T17:30", "", "PRE-48H", "2026-02-15T17:30", "false"],
    ]  # fmt: skip


@pytest.mark.usefixtures("published")
def test_an_answered_sheet_can_be_answered_again(sheet: Callable[..., Path]) -> None:
    text = "rule_id,due_date,start_date,provisional\nJC-ACCEPT,2026-02-26,2026-02-12,false\n"
    assert run("due", "--csv", sheet(text))[0] == text


@pytest.mark.usefixtures("published")
def test_bad_rows_are_named_and_good_rows_written(sheet: Callable[..., Path]) -> None:
    path = sheet(
        "rule_id,start_date,note\n"
        "JC-ACCEPT,2026-02-12,好\n"
        "NOPE,2026-02-12,\n"
        'JC-ACCEPT,2026-02-30,"两\n行"\n'
        ",2026-02-12,\n"
        "JC-ACCEPT,,\n"
        "JC-ACCEPT,2200-01-01,\n"
        "JC-ACCEPT,2026-02-12,a,b\n"
        '"JC"X,2026-02-12,\n'
        "PRE-48H,2026-02-12,\n"
        "MED-15,2026-02-05\n"
    )
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="8行有错"):
        call_command("due", "--csv", str(path), stdout=out, stderr=err)
    assert out.getvalue().splitlines() == [
        "rule_id,start_date,note,due_date,provisional",
        "JC-ACCEPT,2026-02-12,好,2026-02-26,false",
        "MED-15,2026-02-05,,2026-02-24,false",
    ]
    told = err.getvalue().splitlines()
    for line, (where, cause) in zip(
        told,
        [
            ("第3行，rule_id列", "没有规则“NOPE”"),
            ("第4行，start_date列", "没有“2026-02-30”这个时间"),
            ("第6行，rule_id列", "没有写规则编号"),
            ("第7行，start_date列", "没有写起算日"),
            ("第8行，start_date列", "没有2200年的放假安排"),
            ("第9行", "栏数多于首行"),
            ("第10行", "引号不成对"),
            ("第11行，start_date列", "按小时计算"),
        ],
        strict=True,
    ):
        assert line.startswith(f"{where}：") and cause in line


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("text", "encoding", "cause"),
    [
        ("", "utf-8", "首行应有且只有一列 rule_id，实有0列"),
        ("rule_id,date\n", "utf-8", "首行应有且只有一列 start_date，实有0列"),
        ("rule_id,start_date,rule_id\n", "utf-8", "首行应有且只有一列 rule_id，实有2列"),
        ("rule_id,start_date,备注\nJC-ACCEPT,2026-02-12,投诉\n", "gb18030", "不是 UTF-8 编码"),
    ],
)
def test_an_unusable_sheet_is_refused(sheet: Callable[..., Path], text: str, encoding: str, cause: str) -> None:
    assert cause in refused("due", "--csv", sheet(text, encoding))


@pytest.mark.usefixtures("published")
def test_a_missing_sheet_is_refused(tmp_path: Path) -> None:
    assert "打不开" in refused("due", "--csv", tmp_path / "none.csv")
    assert "打不开" in refused("due", "--csv", tmp_path)


# Official years


@pytest.mark.django_db
def test_a_loaded_year_is_counted_by(sheet: Callable[..., Path]) -> None:
    out, _err = run("load_calendar", sheet(year_file(*GOOD)))
    assert out.strip() == "已载入2027年放假安排：放假23天，调休上班1天，全年247个工作日。"
    stored = CalendarYear.objects.get(year=2027)
    assert stored.source == "国务院办公厅关于2027年部分节假日安排的通知"
    assert stored.days["2027-01-01"] == ["off", "元旦"]
    answer = json.loads(run("due", "ARB-AWARD-45", "2026-12-24", "--json")[0])
    assert (answer["due_date"], answer["provisional"]) == ("2027-02-13", False)


@pytest.mark.django_db
def test_loading_a_year_again_changes_nothing(sheet: Callable[..., Path]) -> None:
    path = sheet(year_file(*GOOD))
    run("load_calendar", path)
    first = CalendarYear.objects.get().loaded_at
    assert run("load_calendar", path)[0].strip() == "2027年的放假安排没有变化。"
    assert CalendarYear.objects.get().loaded_at == first
    run("load_calendar", path, "--source", "国办发明电〔2026〕7号")
    assert CalendarYear.objects.get().source == "国办发明电〔2026〕7号"


@pytest.mark.django_db
def test_a_bad_year_file_changes_nothing(sheet: Callable[..., Path]) -> None:
    message = refused("load_calendar", sheet(year_file("2027-03-01,work,春节", *GOOD)))
    assert "第3行，kind列：2027-03-01不是周末" in message
    assert "不是 UTF-8 编码" in refused("load_calendar", sheet(year_file(*GOOD), "gb18030"))
    assert not CalendarYear.objects.exists()


def test_a_missing_year_file_is_refused(tmp_path: Path) -> None:
    assert "打不开" in refused("load_calendar", tmp_path / "none.csv")
