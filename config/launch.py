"""Run a command with the servers up: `python -m config.launch [--throwaway | --scratch] COMMAND …`.

DATABASE_URL and REDIS_URL name real servers; what is not named is embedded under XINAN_DATA. The command
keeps stdin, stdout and its exit code; everything said here goes to stderr. `--throwaway` and `--scratch` use a
folder that is gone afterwards: the first with servers that save every disk write, for tests, the second with
servers as in earnest, for what measures them or kills them.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from config.embedded import CannotStart, lease
from config.embedded.folder import open_folder, read_secrets
from config.embedded.process import die_with_parent
from config.embedded.trouble import name_disk_trouble

ROOT = Path(__file__).resolve().parent.parent
THROWAWAY, SCRATCH = "--throwaway", "--scratch"
SERVERS = {"DATABASE_URL": "postgres", "REDIS_URL": "valkey"}
PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextmanager
def servers(data: Path, *, throwaway: bool = False) -> Iterator[dict[str, str]]:
    """The environment a project's process needs, valid while the servers behind it are leased."""
    open_folder(data)
    env = {**os.environ, "XINAN_DATA": str(data)}
    env.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    if not is_production(env):  # which has no secret that nobody chose
        env = {**read_secrets(data), **env}
    compile_messages(env)
    if any(env.get(name) for name in SERVERS):
        use_tool("config.reach", env)
    with ExitStack() as leases:
        for name, engine in SERVERS.items():
            env[name] = env.get(name) or leases.enter_context(lease(engine, data, throwaway=throwaway))
        yield env


def is_production(env: Mapping[str, str]) -> bool:
    return env.get("DJANGO_SETTINGS_MODULE", "").endswith("production")


def compile_messages(env: dict[str, str]) -> None:
    if any(is_stale(source) for source in (ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        use_tool("config.messages", env)


def is_stale(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def use_tool(module: str, env: dict[str, str]) -> None:
    """A step with imports too heavy for every start. It has said what is wrong if it fails."""
    done = subprocess.run([sys.executable, "-P", "-m", module], env=env, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise CannotStart((done.stderr.strip().splitlines() or ["?"])[-1])


def run(command: list[str], env: dict[str, str]) -> int:
    """The command's exit code. Signals sent to this process alone reach the command too."""
    watched = {*PASSED_ON, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    leave = die_with_parent(signal.SIGTERM)

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)
        leave()

    child = subprocess.Popen(command, env=env, preexec_fn=prepare)
    while child.poll() is None:
        news = signal.sigwaitinfo(watched)
        if news.si_signo != signal.SIGCHLD and news.si_code <= 0:  # by kill(2); the terminal tells both of us
            child.send_signal(news.si_signo)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def choose_data() -> Path:
    return Path(os.environ.get("XINAN_DATA") or ROOT / "var").resolve()


@contextmanager
def folder(mode: str) -> Iterator[Path]:
    if not mode:
        yield choose_data()
        return
    data = Path(tempfile.mkdtemp(prefix="xinan-test-")).resolve()
    try:
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)  # the guards do it too, should this process be killed


def on_signal(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # unwinds, so that what was begun is taken back


def main(arguments: list[str]) -> int:
    for number in PASSED_ON:
        signal.signal(number, on_signal)
    mode = arguments[0] if arguments and arguments[0] in (THROWAWAY, SCRATCH) else ""
    try:
        with folder(mode) as data, servers(data, throwaway=mode == THROWAWAY) as env:
            return run(arguments[bool(mode) :], env)
    except CannotStart as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        print(name_disk_trouble(error), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
