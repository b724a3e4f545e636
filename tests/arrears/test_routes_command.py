"""manage.py routes: fact patterns in, ranked roads out; and the hand-written table of patterns, checked against the law."""

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase
from django.utils.translation import override

PATTERNS = Path(__file__).with_name("road_patterns.csv")
PARTIES = {
    "firm": {"employer": ["恒泰制衣厂"]}, "site": {"labour": ["宏远劳务"], "general": ["沭建集团"]}, "foreman": {"foreman": ["孙老板"]},
    "chain": {"owner": ["城投置业"], "general": ["沭建集团"], "labour": ["宏远劳务"], "foreman": ["孙老板"]},
    "dispatch": {"dispatch": ["某某派遣"], "employer": ["恒泰制衣厂"]},
}  # fmt: skip


def answered(path: Path, patterns: Any) -> list[dict[str, Any]]:
    path.write_text(json.dumps(patterns, ensure_ascii=False), encoding="utf-8")
    out = io.StringIO()
    call_command("routes", "--json", str(path), stdout=out)
    return json.loads(out.getvalue())


class PatternsTest(SimpleTestCase):
    """Each row was written from law.md, §2 to §6, not from what the program says; `basis` names the place."""

    def test_every_pattern_goes_the_way_the_law_says(self) -> None:
        rows = list(csv.DictReader(PATTERNS.open(encoding="utf-8")))
        self.assertGreaterEqual(len(rows), 60)
        path = Path(self.enterContext(TemporaryDirectory())) / "patterns.json"
        found = answered(path, [{"id": row["name"], "facts": row["facts"].split(), "parties": PARTIES[row["parties"]]} for row in rows])
        for row, answer in zip(rows, found, strict=True):
            with self.subTest(row["name"]):
                first = row["first"].split()
                roads = [road["id"] for road in answer["roads"]]
                self.assertEqual(roads[: len(first)] if first else roads, first)
                shut = {road["id"]: [why["article"] for why in road["why"]] for road in answer["shut"]}
                for expected in filter(None, row["shut"].split(";")):
                    road, _is, article = expected.partition("=")
                    self.assertIn(article, shut.get(road, []), f"{road}: {shut}")
                    self.assertNotIn(road, roads)
                self.assertLessEqual(set(row["beside"].split()), {road["id"] for road in answer["beside"]})
                if first:
                    self.assertEqual((answer["roads"][0]["law"], answer["roads"][0]["article"]), (row["law"], row["article"]))


def test_an_answer_says_what_holds_who_pays_and_what_to_mind(tmp_path: Path) -> None:
    (found,) = answered(tmp_path / "one.json", {"facts": ["iou", "owner_unpaid"], "parties": PARTIES["chain"], "owed": "8000.00", "unsettled": "5000"})
    assert {"iou", "sum_fixed", "construction", "sub_hires", "has_owner"} <= set(found["facts"])
    assert [road["id"] for road in found["roads"]][0] == "SUE-IOU"
    assert {(row["role"], row["amount"]) for row in found["liable"]} >= {("labour", "8000.00"), ("general", "8000.00"), ("owner", "5000")}
    assert [why["id"] for road in found["roads"] if road["id"] == "PAYORD-WAGES" for why in road["warnings"]] == ["PAYORD-BACK", "PAYORD-EXCLUDES"]


def test_a_list_a_single_pattern_and_cases_are_read_alike(tmp_path: Path) -> None:
    one = {"id": "a", "facts": ["iou"]}
    path = tmp_path / "x.json"
    assert answered(path, one) == answered(path, [one]) == answered(path, {"cases": [one]})


def test_english_readers_get_english(tmp_path: Path) -> None:
    with override("en"):
        (found,) = answered(tmp_path / "x.json", [{"facts": ["title"]}])
    assert (found["roads"][0]["name"], found["roads"][0]["article"]) == ("Apply to the court for enforcement", "art. 250")


def test_the_facts_are_listed_with_what_they_mean() -> None:
    out = io.StringIO()
    call_command("routes", "--facts", stdout=out)
    assert "iou\t有写明“工资”的欠条" in out.getvalue().splitlines()


@pytest.mark.parametrize(("typed", "says"), [
    ("[{", "不是有效的 JSON：第 1 行第 3 列。"),
    ("[]", "应当是一个情形、情形的列表，或者 {\"cases\": [...]}，而且至少有一个。"),
    ("3", "应当是一个情形、情形的列表，或者 {\"cases\": [...]}，而且至少有一个。"),
    ('{"cases": [], "more": 1}', "“cases”旁边不应有：more。"),
    ('[{"facts": []}, 5]', "第 2 个情形：应当是对象，例如 {\"facts\": [\"iou\"]}。"),
    ('[{"id": "x"}]', "第 1 个情形（x）：缺少 facts（情形编号的列表，可以是空列表）。"),
    ('[{"facts": "iou"}]', "第 1 个情形：facts 应当是文字的列表。"),
    ('[{"facts": ["iuo"]}]', "第 1 个情形：facts 中没有“iuo”这一项情形，最接近的是“iou”。"),
    ('[{"facts": ["has_owner"]}]', "第 1 个情形：facts 中没有“has_owner”这一项情形"),
    ('[{"fact": []}]', "第 1 个情形：没有“fact”这一栏，最接近的是“facts”。"),
    ('[{"facts": [], "parties": {"boss": ["老周"]}}]', "第 1 个情形：parties 中没有“boss”这一角色，可以写：owner、general"),
    ('[{"facts": [], "parties": {"labour": "老周"}}]', "第 1 个情形：parties.labour 应当是文字的列表。"),
    ('[{"facts": [], "parties": []}]', "第 1 个情形：parties 应当是对象"),
    ('[{"facts": [], "owed": "一千"}]', "第 1 个情形：owed 应当是金额，最多两位小数，例如 \"8000.00\"。"),
    ('[{"facts": [], "owed": -1}]', "第 1 个情形：owed 应当是金额"),
    ('[{"facts": [], "unsettled": 1.234}]', "第 1 个情形：unsettled 应当是金额"),
    ('[{"facts": [], "lender": "boss"}]', "第 1 个情形：lender 中没有“boss”这一角色"),
])  # fmt: skip
def test_bad_input_says_where_and_what_is_wrong(tmp_path: Path, typed: str, says: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(typed, encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("routes", "--json", str(path), stdout=io.StringIO())
    assert says in str(error.value)


def test_a_file_that_is_not_there_or_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("routes", "--json", str(tmp_path / "none.json"))
    (tmp_path / "gbk.json").write_bytes('[{"id": "欠条"}]'.encode("gbk"))
    with pytest.raises(CommandError, match="不是 UTF-8"):
        call_command("routes", "--json", str(tmp_path / "gbk.json"))


def test_standard_input_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Typed:
        buffer = io.BytesIO(b'[{"facts": []}]')

    monkeypatch.setattr("sys.stdin", Typed())
    out = io.StringIO()
    call_command("routes", "--json", "-", stdout=out)
    assert json.loads(out.getvalue())[0]["roads"][0]["id"] == "MEDIATE"
