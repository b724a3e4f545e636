"""What can be killed, each with SIGKILL, and how it comes back: beat and workers here, the servers by their guards."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

from bench.faults.quick import DELIVER, DELIVERERS, SWEEP, SWEEPERS
from bench.processes import kill, start
from bench.report import say
from config.embedded.process import find_by_folder

QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "error")
PROCESSES = {
    "sweeper": ("worker", "--concurrency", str(SWEEPERS), "--queues", SWEEP, "--hostname", "sweeper@%h", *QUIET),
    "deliverer": ("worker", "--concurrency", str(DELIVERERS), "--queues", DELIVER, "--hostname", "deliverer@%h", *QUIET),
    "beat": ("beat", "--loglevel", "error"),
}
SERVERS = {"valkey": "valkey-server", "postgres": "postgres"}
EVERYONE = (*PROCESSES, *SERVERS)
BREATH = (0.1, 1.5)  # seconds until a killed process is started again
GAP = (0.5, 5.0)  # seconds between two kills
UP_AGAIN = 20.0  # seconds a killed server is given


class Victims:
    """Starts the processes and kills everything in turn, in an order that the seed decides. Leaves nothing behind."""

    def __init__(self, seed: int, env: Mapping[str, str], data: Path) -> None:
        self.rng, self.env, self.data = Random(seed), env, data
        self.running: dict[str, subprocess.Popen] = {}
        self.killed: Counter[str] = Counter()
        self.log = (data / "log/faults.log").open("a+")

    def __enter__(self) -> "Victims":
        for name in PROCESSES:
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            kill(process)
        self.log.close()

    def start(self, name: str) -> None:
        command = ("celery", "--quiet", "--app", "bench.faults.quick", *PROCESSES[name])
        self.running[name] = start(*command, env=self.env, stdout=self.log, stderr=self.log)

    def kill_until(self, rounds: int, is_over: Callable[[], bool]) -> None:
        """At least so many rounds, each of which kills every part once; then on until it is over."""
        while rounds > 0 or not is_over():
            for name in self.rng.sample(EVERYONE, len(EVERYONE)):
                time.sleep(self.rng.uniform(*GAP))
                self.kill(name)
            rounds -= 1

    def kill(self, name: str) -> None:
        """Counts only who was alive to be killed."""
        if name in SERVERS:
            self.killed[name] += self.kill_server(name)
            return
        process = self.running[name]
        self.killed[name] += process.poll() is None
        if self.rng.random() < 0.3 and (children := children_of(process.pid)):
            hit(self.rng.choice(children))  # one of its processes; the parent puts another in its place
            return
        kill(process)
        time.sleep(self.rng.uniform(*BREATH))
        self.start(name)

    def kill_server(self, name: str) -> bool:
        """The whole of it, so that nobody lives to finish what was begun. Its guard starts it again; one that is still
        down from the last time is waited for."""
        limit = time.monotonic() + UP_AGAIN
        while not (found := find_by_folder(SERVERS[name], self.data / name)) and time.monotonic() < limit:
            time.sleep(0.05)
        for pid in found:
            hit(pid)
        return bool(found)

    def say(self) -> None:
        say("killed " + ", ".join(f"{name} {count}×" for name, count in sorted(self.killed.items())))

    def last_words(self) -> str:
        """Of the processes, for whoever wants to know why something is left."""
        self.log.seek(0)
        return self.log.read()[-4000:]


def hit(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
