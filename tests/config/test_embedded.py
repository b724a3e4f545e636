"""Embedded servers: shared by leases, gone with the last one however it ends, healed after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import CannotStart, lease
from config.embedded import folder as data_folder
from config.embedded.engines import is_guarded
from config.embedded.folder import open_folder, read_secrets
from config.embedded.process import find_by_folder, wait_gone

HOLDER = """
import sys, time
from pathlib import Path
from config.embedded import lease
with lease("valkey", Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """Not pytest's own folder: root's PostgreSQL user must be able to pass."""
    path = Path(tempfile.mkdtemp(prefix="xinan-embedded-"))
    yield open_folder(path)
    shutil.rmtree(path, ignore_errors=True)


def answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as line:
            return line.ping()
    except redis.RedisError:
        return False


def until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.02)
    return holds()


def server_pid(data: Path, program: str = "valkey-server", name: str = "valkey") -> int:
    (pid,) = find_by_folder(program, data / name)
    return pid


def test_two_leases_share_a_server_and_the_last_one_stops_it(data: Path) -> None:
    with lease("valkey", data) as first:
        with lease("valkey", data) as second:
            assert first == second
        assert answers(first)
    assert not answers(first)
    assert not find_by_folder("valkey-server", data / "valkey")
    assert not is_guarded(data, "valkey")


def test_a_server_outlives_no_holder_that_is_killed(data: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, data], stdout=subprocess.PIPE, text=True)
    url = holder.stdout.readline().strip()
    assert answers(url)
    holder.kill()
    holder.communicate()
    assert until(lambda: not is_guarded(data, "valkey"))
    assert not answers(url)


def test_a_killed_server_comes_back_at_the_same_address_with_its_data(data: Path) -> None:
    with lease("valkey", data) as url:
        with redis.Redis.from_url(url) as line:
            line.set("kept", "yes")
            line.execute_command("WAITAOF", 1, 0, 2000)
        os.kill(server_pid(data), signal.SIGKILL)
        assert until(lambda: answers(url))
        with redis.Redis.from_url(url) as line:
            assert line.get("kept") == b"yes"


def test_a_server_does_not_outlive_its_killed_guard_and_the_next_lease_heals(data: Path) -> None:
    with lease("valkey", data) as url:
        os.kill(json.loads((data / "run/valkey.json").read_text())["pid"], signal.SIGKILL)
        assert until(lambda: not answers(url))
    with lease("valkey", data) as url:
        assert answers(url)


def test_the_queue_asks_for_its_password(data: Path) -> None:
    with lease("valkey", data) as url:
        assert not answers(url.replace(url.split("@")[0], "redis://"))


def test_postgres_keeps_its_data_and_heals_a_stale_lock(data: Path) -> None:
    with lease("postgres", data, throwaway=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        connection.execute("CREATE EXTENSION pg_trgm")
        ctype, superuser = connection.execute(
            "SELECT datctype, rolsuper FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user"
        ).fetchone()
        trigrams = connection.execute("SELECT show_trgm('欠薪案件')").fetchone()[0]
    assert (ctype, superuser) == ("C.UTF-8", False)
    assert trigrams  # plain C would yield none
    # A killed run's lock whose number now belongs to somebody else.
    (data / "postgres/postmaster.pid").write_text(f"{os.getpid()}\n{data}/postgres\n0\n5432\n\n127.0.0.1\n\nready\n")
    with lease("postgres", data) as again, psycopg.connect(again) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_broken_cluster_is_told_in_one_line_and_leaves_nothing_running(data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres/PG_VERSION").write_text("9\n")
    with pytest.raises(CannotStart, match="PostgreSQL 9"), lease("postgres", data):
        pass
    assert until(lambda: not is_guarded(data, "postgres"))


def test_throwaway_data_go_with_the_last_lease(data: Path) -> None:
    with lease("valkey", data, throwaway=True) as url:
        assert answers(url)
    assert until(lambda: not data.exists())


def test_secrets_are_made_once_and_only_for_the_owner(data: Path) -> None:
    made = read_secrets(data)
    assert read_secrets(data) == made
    assert (data / "secrets.json").stat().st_mode & 0o077 == 0
    assert made["VAULT_KEYS"].startswith("k1:")


def test_a_full_disk_is_told_before_anything_is_begun(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(data)
    monkeypatch.setattr(data_folder.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(CannotStart, match="磁盘空间不足.*disk is"):
        open_folder(data)


def test_a_process_is_gone_when_it_has_ended() -> None:
    child = subprocess.Popen(["sleep", "60"])
    assert not wait_gone(child.pid, 0)
    child.kill()
    assert wait_gone(child.pid, 5)
    child.wait()
    assert wait_gone(child.pid, 0)
