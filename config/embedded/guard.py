"""The guard of one embedded server: `python -m config.embedded.guard ENGINE DATA REPORT_FD [throwaway]`.

Starts the server, reports once, restarts it on the same port if it dies, and stops it as soon as the
lock that every lease shares can be taken alone: then the last user is gone, even if by SIGKILL.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from config.embedded.engines import ENGINES, is_guarded
from config.embedded.folder import read_secrets, write_whole
from config.embedded.process import die_with_parent, end, find_by_folder, pick_port
from config.embedded.trouble import CannotStart, name_cause, name_disk_trouble

START_LIMIT = 60.0
STOP_LIMIT = 10.0
BACK_OFF = 1.0


class Guard:
    def __init__(self, name: str, data: Path, throwaway: bool) -> None:
        self.name, self.data, self.throwaway = name, data, throwaway
        self.engine = ENGINES[name]
        self.folder = data / name
        self.secrets = read_secrets(data)
        self.leaving = threading.Event()

    def prepare(self) -> list[str]:
        for pid in find_by_folder(self.engine.PROGRAM, self.folder):
            end(pid, self.engine.STOP, STOP_LIMIT)
        return self.engine.create(self.folder, self.secrets, self.throwaway)

    def choose_port(self) -> int:
        state = self.data / f"run/{self.name}.json"
        remembered = json.loads(state.read_text())["port"] if state.exists() else None
        self.port = pick_port(remembered)
        write_whole(state, json.dumps({"pid": os.getpid(), "port": self.port}))
        return self.port

    def start(self) -> None:
        command, text = self.engine.command(self.folder, self.port, self.secrets, self.throwaway)
        log_path = self.data / f"log/{self.name}.log"
        begin = log_path.stat().st_size if log_path.exists() else 0
        with log_path.open("a") as log:
            self.server = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(self.engine.LAST_WILL),
                **self.engine.run_as(self.folder),
            )
        self.server.stdin.write(text)
        self.server.stdin.close()
        self.wait_ready(log_path, begin)

    def wait_ready(self, log: Path, begin: int) -> None:
        limit = time.monotonic() + START_LIMIT
        while not self.engine.is_ready(self.folder, self.port, self.secrets):
            if self.server.poll() is not None or time.monotonic() > limit:
                self.end_server()
                raise name_cause(self.engine.TITLE, log.read_text(errors="replace")[begin:])
            time.sleep(0.02)

    def end_server(self) -> None:
        if self.server.poll() is None:
            end(self.server.pid, self.engine.STOP, STOP_LIMIT)

    def stop(self) -> None:
        self.leaving.set()
        self.end_server()

    def watch_leases(self) -> None:
        """Blocks until no lease is left, then keeps newcomers waiting until this process has ended."""
        self.users = (self.data / f"run/{self.name}.users").open("a")
        fcntl.flock(self.users, fcntl.LOCK_EX)
        self.stop()

    def stay(self) -> None:
        while not self.leaving.is_set():
            self.server.wait()
            if not self.leaving.wait(BACK_OFF):
                self.restart()
        self.end_server()  # it may have come up again while the last lease went

    def restart(self) -> None:
        try:
            self.start()
        except CannotStart as error:
            print(error, file=sys.stderr)  # into its log; the next turn tries again


def discard(data: Path, name: str) -> None:
    """Throw a test's folder away; whichever guard is last takes the rest along."""
    shutil.rmtree(data / name, ignore_errors=True)
    if not any(is_guarded(data, other) for other in ENGINES if other != name):
        shutil.rmtree(data, ignore_errors=True)


def launch(guard: Guard) -> dict:
    """What the guard has to say to whoever started it."""
    try:
        notes = guard.prepare()
        guard.choose_port()
        guard.start()
        return {"notes": notes}
    except CannotStart as error:
        return {"error": str(error)}
    except OSError as error:
        return {"error": str(name_disk_trouble(error))}


def main(name: str, data: Path, report_fd: int, throwaway: bool) -> int:
    life = (data / f"run/{name}.guard").open("a")
    fcntl.flock(life, fcntl.LOCK_EX)
    guard = Guard(name, data, throwaway)
    report = launch(guard)
    signal.signal(signal.SIGTERM, lambda *_: guard.stop())
    with contextlib.suppress(BrokenPipeError), os.fdopen(report_fd, "w") as pipe:  # its reader may be dead
        json.dump(report, pipe)
    if "error" not in report:
        threading.Thread(target=guard.watch_leases, daemon=True).start()
        guard.stay()
    if throwaway:
        life.close()
        discard(data, name)
    return int("error" in report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), "throwaway" in sys.argv))
