"""bin/manage and bin/test: the command's own words and exit code, one line when it cannot start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config import reach
from config.embedded import CannotStart

ROOT = Path(settings.ROOT)
LAUNCH = [sys.executable, "-P", "-m", "config.launch"]


def launch(*command: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """With the servers of this test run, so that none is started."""
    return subprocess.run(
        [*LAUNCH, *command], input=stdin, capture_output=True, text=True, env={**os.environ, **env}, timeout=30
    )


def test_the_command_keeps_stdin_stdout_and_exit_code_and_finds_servers_and_secrets() -> None:
    script = ': "${DATABASE_URL:?}" "${REDIS_URL:?}" "${SECRET_KEY:?}" "${VAULT_KEYS:?}"; cat; echo aside >&2; exit 7'
    done = launch("sh", "-c", script, stdin="words")
    assert (done.stdout, done.stderr, done.returncode) == ("words", "aside\n", 7)


def test_a_killed_command_is_told_by_its_exit_code() -> None:
    assert launch("sh", "-c", "kill -9 $$").returncode == 128 + signal.SIGKILL


def test_a_signal_to_the_launcher_reaches_the_command() -> None:
    script = "trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.05; done"
    with subprocess.Popen([*LAUNCH, "sh", "-c", script], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline() == "ready\n"
        running.terminate()
        assert running.stdout.readline() == "told\n"
        assert running.wait(10) == 3


@pytest.mark.parametrize(
    ("name", "url"),
    [("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/x"), ("REDIS_URL", "redis://:hidden@127.0.0.1:1/0")],
)
def test_an_unreachable_server_is_one_line_and_the_command_does_not_run(name: str, url: str) -> None:
    done = launch("echo", "ran", **{name: url})
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert name in line
    assert "refused" in line
    assert "hidden" not in line


def refusal(check: object, url: str) -> str:
    with pytest.raises(CannotStart) as caught:
        check(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "url", ["nonsense:hidden", "mysql://u:hidden@h/x", "postgresql://u:hidden@h", "postgresql://u:hidden@[/x"]
)
def test_a_misspelt_database_url_is_not_repeated(url: str) -> None:
    line = refusal(reach.check_database, url)
    assert "DATABASE_URL must look like" in line
    assert "hidden" not in line


@pytest.mark.parametrize("url", ["nonsense:hidden", "http://h/0", "redis://:hidden@h:port/0"])
def test_a_misspelt_redis_url_is_not_repeated(url: str) -> None:
    line = refusal(reach.check_redis, url)
    assert "REDIS_URL must look like" in line
    assert "hidden" not in line


def test_a_wrong_password_and_a_missing_database_are_named() -> None:
    here = settings.DATABASE_URL
    _, host = here.rsplit("@", 1)
    assert "password authentication failed" in refusal(reach.check_database, f"postgresql://xinan:wrong@{host}")
    assert "does not exist" in refusal(reach.check_database, here.rsplit("/", 1)[0] + "/nowhere")
    assert "invalid username-password pair" in refusal(
        reach.check_redis, f"redis://:wrong@{settings.REDIS_URL.split('@')[1]}"
    )


def test_this_run_s_own_servers_are_fit() -> None:
    reach.check_database(settings.DATABASE_URL)
    reach.check_redis(settings.REDIS_URL)


class Database:
    """As psycopg shows one: version, and the row of pg_database."""

    def __init__(self, version: int = 150004, ctype: str = "C.UTF-8", encoding: str = "UTF8") -> None:
        self.info = type("Info", (), {"server_version": version})
        self.row = (ctype, "c", encoding)

    def execute(self, sql: str) -> "Database":
        return self

    def fetchone(self) -> tuple[str, str, str]:
        return self.row


def test_an_old_postgres_is_refused_and_fifteen_is_not() -> None:
    reach.check_version(Database(150004))
    assert "14" in refusal(reach.check_version, Database(140011))


@pytest.mark.parametrize("database", [Database(ctype="C"), Database(ctype="POSIX"), Database(encoding="SQL_ASCII")])
def test_a_database_that_cannot_search_chinese_is_refused(database: Database) -> None:
    reach.check_letters(Database())
    assert "LC_CTYPE" in refusal(reach.check_letters, database)


@pytest.fixture
def old_redis() -> Iterator[str]:
    """Something that answers every command as Redis 6.2 answers INFO."""
    text = b"# Server\r\nredis_version:6.2.14\r\n"
    answer = b"$%d\r\n%s\r\n" % (len(text), text)

    def serve(door: socket.socket) -> None:
        guest, _ = door.accept()
        with guest:
            while question := guest.recv(4096):
                guest.sendall(answer if b"INFO" in question else b"+OK\r\n" * question.count(b"*"))

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, args=[door], daemon=True).start()
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0?protocol=2"


def test_an_old_redis_is_refused(old_redis: str) -> None:
    assert "6.2.14" in refusal(reach.check_redis, old_redis)


def test_an_old_python_is_one_line_and_nothing_is_made(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    for path in ROOT.glob("requirements*"):
        shutil.copy(path, tmp_path)
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [tmp_path / "bin/manage", "check"], capture_output=True, text=True, env={**os.environ, "XINAN_PYTHON": str(old)}
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Python 3.11" in done.stderr
    assert not (tmp_path / ".venv").exists()
