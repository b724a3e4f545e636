"""The short versions of `bin/faults`: everything is killed once while rungs fall due and messages go out, and while drafts come in."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.commands import run, start


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
    assert found["sweeps_at_once"] == 2
    assert 2 <= found["deliveries_at_once"] <= 4


def test_of_many_tries_at_one_slot_exactly_one_is_booked(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "faults", "slot", "--size", "80")
    assert (found["tries"], found["booked"], found["refused"], found["errors"]) == (80, 1, 79, 0)
    assert (found["doubled"], found["half_done"]) == (0, 0)


def test_a_file_of_orders_whose_worker_is_killed_comes_in_once_and_whole(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "faults", "orders", "--size", "160")
    assert (found["orders"], found["reports"], found["kills"], found["unfinished"]) == (160, 160, 4, 0)
    assert (found["lost"], found["doubled"], found["untold"], found["half"]) == (0, 0, 0, 0)
    assert found["updates_on_claims"] > 0
    assert found["asked_again"] == 1  # three tries end with a sentence; the fourth kill is another turn's


def test_ctrl_c_in_the_middle_leaves_nobody_and_nothing_behind(tmp_path: Path) -> None:
    """As a terminal sends it: to everybody in the foreground. What it started stands in groups of its own."""
    process = start("faults", "escalation", "--size", "2000", TMPDIR=str(tmp_path))
    said = ""
    for line in process.stdout:
        said += line
        if "fall due one after the other" in line:
            break
    wait_until(lambda: any("bench.faults.quick" in command for command in commands_with(tmp_path)))
    assert len(commands_with(tmp_path)) >= 6  # it and its launcher, two servers, beat, two workers
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) != 0, said
    wait_until(lambda: not commands_with(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_being_ended_in_the_middle_leaves_nobody_and_nothing_behind(tmp_path: Path) -> None:
    """As kill(1) sends it: to one process. A web server's own workers do not notice that who started it is gone."""
    process = start("faults", "drafts", "--size", "200", TMPDIR=str(tmp_path))
    for line in process.stdout:
        if "drafts from" in line:
            break
    wait_until(lambda: sum("granian" in command for command in commands_with(tmp_path)) >= 2)
    process.terminate()
    assert process.wait(60) != 0
    wait_until(lambda: not commands_with(tmp_path))
    assert list(tmp_path.iterdir()) == []


def commands_with(folder: Path) -> list[str]:
    """The commands of all processes whose environment or arguments name the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            command = process.joinpath("cmdline").read_bytes()
            if str(folder).encode() in command + process.joinpath("environ").read_bytes():
                found.append(command.replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # gone meanwhile, or somebody else's
    return found


def wait_until(holds: Callable[[], bool], seconds: float = 40) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.1)


def test_drafts_are_accepted_exactly_once_whatever_the_network_and_the_server_do(tmp_path: Path) -> None:
    found = run(tmp_path / "f.json", "faults", "drafts", "--size", "24", "--seed", "3")
    assert (found["sent"], found["created"], found["duplicate"], found["lost"], found["left"]) == (24, 24, 0, 0, 0)
    assert found["tries"] > 24
    assert (found["kills"], found["fell"]) == (3, 0)
    assert found["network"]["unanswered"] > 0
