"""bin/serve's process manager: what dies comes back, what is stopped leaves nobody behind."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import serve
from config.children import FIRST_PAUSE, LONGEST_PAUSE, Child
from config.embedded import CannotStart
from config.embedded.folder import open_folder
from config.embedded.process import pick_port

STUBBORN = "trap '' TERM; sleep 60 & echo $!; wait; wait"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def build(script: str, stop_limit: float = 5) -> Child:
        made.append(Child("try", ["sh", "-c", script], tmp_path / "try.log", stop_limit))
        made[-1].start(dict(os.environ), now=0.0)
        return made[-1]

    yield build
    for child in made:
        child.stop(lambda: True)


def until(holds: Callable[[], object], seconds: float = 5) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_child_that_ends_on_request_is_not_killed(make: Callable[..., Child]) -> None:
    child = make("trap 'exit 5' TERM; echo up; while :; do sleep 0.02; done")
    until(lambda: child.last_line == "up")
    child.stop(lambda: False)
    assert child.process.returncode == 5


def test_a_stubborn_child_and_its_children_are_killed_at_the_limit(make: Callable[..., Child]) -> None:
    child = make(STUBBORN, stop_limit=0.1)
    until(lambda: child.last_line)
    child.stop(lambda: False)
    assert child.process.returncode == -9
    until(lambda: is_gone(int(child.last_line)))


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def test_a_second_ctrl_c_does_not_wait_for_the_limit(make: Callable[..., Child]) -> None:
    child = make(STUBBORN, stop_limit=60)
    until(lambda: child.last_line)
    child.stop(lambda: True)
    assert child.process.returncode == -9


def test_a_dead_child_comes_back_after_growing_pauses(make: Callable[..., Child]) -> None:
    child = make("exit 1")
    pauses = []
    now = 0.0
    for _ in range(7):
        child.process.wait()
        child.revive(dict(os.environ), now)
        pauses.append(child.pause)
        child.revive(dict(os.environ), now + child.pause / 2)
        assert not child.is_alive()
        now += child.pause
        child.revive(dict(os.environ), now)
    assert pauses[:3] == [2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_what_a_child_says_is_in_its_log(make: Callable[..., Child], tmp_path: Path) -> None:
    child = make("echo 你好; echo oops >&2")
    child.process.wait()
    until(lambda: child.last_line == "oops")
    assert (tmp_path / "try.log").read_text().splitlines() == ["你好", "oops"]


def test_a_port_in_use_is_refused_before_anything_is_started() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(CannotStart, match="cannot listen on 127.0.0.1"),
    ):
        serve.check_free("127.0.0.1", taken.getsockname()[1])
    serve.check_free("127.0.0.1", pick_port(None))


@pytest.mark.parametrize("port", ["http", "-1", "70000"])
def test_a_port_must_be_a_number(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CannotStart, match="PORT is not a port number"):
        serve.choose_address()


def test_one_data_folder_is_served_once_and_the_second_is_told_where(tmp_path: Path) -> None:
    data = open_folder(tmp_path / "var")
    with (
        serve.only_one(data, "http://127.0.0.1:8000"),
        pytest.raises(CannotStart, match="http://127.0.0.1:8000"),
        serve.only_one(data, "http://127.0.0.1:9000"),
    ):
        pass
    with serve.only_one(data, "http://127.0.0.1:9000"):
        pass


def test_a_taken_port_is_one_line_and_exit_code_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = {**os.environ, "PORT": str(taken.getsockname()[1]), "XINAN_DATA": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-P", "-m", "config.serve"], env=env, capture_output=True, text=True, timeout=30
        )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "postgres").exists()
