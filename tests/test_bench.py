"""bin/bench, tiny: it starts from nothing, prints its keys, and its figures agree with each other."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

from bench.intake import OWN, PUBLIC, find_browser
from bench.report import Bench, report
from tests.commands import run


def test_the_sweep_is_measured_beside_the_bare_statement(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "bench", "sweep", "--size", "2000", BENCH_MINUTES="0")
    assert {"rows_per_s", "floor_rows_per_s", "ratio", "peak_mb", "p99_due_to_notice_s"} <= found.keys()
    assert (found["name"], found["size"]) == ("sweep", 2000)
    assert found["rungs"] >= 40  # one per cent of the claims, twice
    assert abs(found["ratio"] - found["rows_per_s"] / found["floor_rows_per_s"]) < 0.01


def test_messages_are_counted_where_they_arrive(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "bench", "deliver", "--size", "40")
    assert (found["sent"], found["arrived"]) == (40, 40)
    assert found["messages_per_s"] > 0


def test_a_wage_sheet_is_registered_but_for_its_wrong_lines(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "bench", "sheet", "--size", "320")
    assert (found["imported"], found["refused"]) == (316, 4)
    assert found["seconds"] > 0 and found["peak_mb"] > 0


def test_likely_duplicates_are_timed_while_somebody_types(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "bench", "duplicates", "--size", "1500")
    assert found["claims"] == 1500 and 0 < found["p50_ms"] <= found["p95_ms"] <= found["slowest_ms"]
    assert 0 < found["with_answer"] < found["requests"]


def test_each_check_of_integrity_is_timed(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "bench", "integrity", "--size", "1000")
    assert found["seconds"] > 0
    assert found["checks"].keys() >= {"claims_without_clock", "claims_without_owner", "notices_stuck", "broken_chains"}
    assert found["slowest_s"] == found["checks"][found["slowest"]] == max(found["checks"].values())


def test_times_for_a_hearing_are_found_among_many(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "bench", "slots", "--size", "30")
    assert (found["rooms"], found["mediators"], found["days"], found["proposals"]) == (60, 40, 30, 12)
    assert found["hearings"] > 2500
    assert 0 < found["p50_ms"] <= found["p95_ms"] <= found["slowest_ms"]


def test_a_machine_without_a_browser_is_told_in_one_sentence_what_is_missing(tmp_path: Path) -> None:
    for name in ("node", "chromium"):
        (tmp_path / name).touch(mode=0o755)
    with pytest.raises(SystemExit, match=r"^bin/bench intake: not on this machine: npm \(apt-get install .*\)\.$"):
        find_browser(str(tmp_path))
    (tmp_path / "npm").touch(mode=0o755)
    assert find_browser(str(tmp_path)) == str(tmp_path / "chromium")


def test_every_page_that_intake_is_measured_on_is_there() -> None:
    assert {reverse(name) for name in (*OWN, *PUBLIC)} == {"/claims/new/", "/field/", "/sign-in/", "/track/", "/report/"}


def test_all_of_them_are_one_object_by_name(tmp_path: Path) -> None:
    benches = [Bench(name, 1, "nothing", lambda size: {"did": size}) for name in ("one", "two")]
    report(benches, 3, str(tmp_path / "f.json"))
    kept = json.loads((tmp_path / "f.json").read_text())
    assert kept == {"name": "all", "one": {"name": "one", "size": 3, "did": 3}, "two": {"name": "two", "size": 3, "did": 3}}
