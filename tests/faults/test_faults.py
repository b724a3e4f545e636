"""The short versions of `bin/faults`: everything is killed once while rungs fall due and messages go out, and while drafts come in."""

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


def test_drafts_are_accepted_exactly_once_whatever_the_network_and_the_server_do(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "faults", "drafts", "--size", "60", "--seed", "3")
    assert (found["sent"], found["created"], found["duplicate"], found["lost"], found["left"]) == (60, 60, 0, 0, 0)
    assert found["tries"] > 60
    assert found["kills"] > 0
    assert found["network"]["unanswered"] > 0
