"""The short version of `bin/faults escalation`: everything is killed once while rungs fall due and messages go out."""

from pathlib import Path

from tests.commands import run


def test_nothing_is_lost_or_doubled_while_everything_is_killed(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "faults", "escalation", "--size", "500", "--seed", "3")
    assert found["due"] == 500
    assert found["rows"] == found["expected"] > 500
    assert (found["missing"], found["duplicate"], found["unexpected"]) == (0, 0, 0)
    assert found["unmailed"] == 0
    assert found["delivered"] == found["messages"] > 0
    assert found["unexplained_repeats"] == 0
    assert found["victims"].keys() == {"sweeper", "deliverer", "beat", "valkey", "postgres"}
    assert min(found["victims"].values()) > 0
