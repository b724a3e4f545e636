"""bin/serve: everything from a bare machine to a running system, and back to a quiet machine.

PORT (8000) and HOST (127.0.0.1) say where the pages are; XINAN_DATA, DATABASE_URL and REDIS_URL as everywhere.
"""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from config.children import Child
from config.embedded import CannotStart
from config.embedded.folder import open_folder
from config.embedded.process import die_with_parent, pick_port
from config.embedded.trouble import name_cause, name_disk_trouble
from config.launch import choose_data, is_production, servers
from config.queues import WORKERS, emptied_by

READY_LIMIT = 90.0
LOOK = 0.3
MOST_WEB_WORKERS = 8
ROOT_WARNING = "You're running the worker with superuser privileges"  # meant for machines on a network
LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # an address to listen on → one to call


class Manager:
    """Starts the children, keeps them alive, stops them in order. One signal stops, a second one hurries."""

    def __init__(self) -> None:
        self.leaving = self.hurry = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.hurry, self.leaving = self.leaving, True
        if not self.hurry:
            raise KeyboardInterrupt

    def run(self, children: list[Child], env: dict[str, str], address: tuple[str, int]) -> None:
        env = {**env, "XINAN_SINCE": datetime.now(UTC).isoformat()}
        needed, late = [c for c in children if not c.is_late], [c for c in children if c.is_late]
        try:
            for child in needed:
                child.start(env, time.monotonic())
            wait_ready(needed, address)
            say_welcome(Path(env["XINAN_DATA"]), env["SITE_URL"])
            for child in late:
                child.start(env, time.monotonic())
            for child in children:
                child.on_screen = True
            while True:
                time.sleep(LOOK)
                for child in children:
                    child.revive(env, time.monotonic())
        finally:
            self.leaving = True
            say("正在停止……", "stopping …")
            for child in children:
                child.stop(lambda: self.hurry)


def list_children(data: Path, host: str, port: int) -> list[Child]:
    """In the order in which they are stopped: no new work, then no new tasks, then the tasks at hand."""
    cores = len(os.sched_getaffinity(0))
    python = [sys.executable, "-P", "-W", f"ignore:{ROOT_WARNING}", "-m"]
    web = [
        "granian",
        "config.wsgi:application",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
        "--workers",
        str(min(cores, MOST_WEB_WORKERS)),
        "--blocking-threads",
        "4",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "3",
        "--log-level",
        "warning",
    ]
    celery = ["celery", "--quiet", "--app", "config.celery"]
    worker = [*celery, "worker", "--without-gossip", "--without-mingle"]

    def crew(name: str, count: int) -> list[str]:
        return [*worker, "--hostname", f"{name}@%h", "--concurrency", str(count), "--queues", ",".join(emptied_by(name))]

    return [
        Child("web", [*python, *web], data / "log/web.log", stop_limit=6),
        Child("beat", [*python, *celery, "beat"], data / "log/beat.log", stop_limit=3),
        Child("watchman", [*python, "config.watchman"], data / "log/watchman.log", stop_limit=3, is_late=True),
        *(Child(name, [*python, *crew(name, count)], data / f"log/{name}.log", stop_limit=15) for name, count in WORKERS.items()),
    ]


def wait_ready(children: list[Child], address: tuple[str, int]) -> None:
    limit = time.monotonic() + READY_LIMIT
    while not is_healthy(address):
        for child in children:
            if not child.is_alive():
                raise name_cause(f"{child.name}（{child.log_path}）", child.last_line)
        if time.monotonic() > limit:
            raise CannotStart("系统未能在 90 秒内就绪，请查看日志", "not ready within 90 seconds, see the logs")
        time.sleep(LOOK)


def is_healthy(address: tuple[str, int]) -> bool:
    line = http.client.HTTPConnection(*address, timeout=3)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})  # every settings module allows it
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def prepare(env: dict[str, str], log: Path) -> None:
    with log.open("w") as words:
        step = subprocess.Popen(
            [sys.executable, "-P", "-m", "config.prepare"],
            env=env,
            stderr=words,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            code = step.wait()
        except KeyboardInterrupt:
            os.killpg(step.pid, signal.SIGTERM)
            step.wait()
            raise
    if code:
        raise name_cause(f"薪安（{log}）", log.read_text(errors="replace"))


@contextlib.contextmanager
def only_one(data: Path, site: str) -> Iterator[None]:
    with (data / "run/serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(f"已在运行：{file.read().strip()}", "already running with this data folder") from None
        file.truncate(0)
        file.write(site)
        file.flush()
        yield


def choose_address() -> tuple[str, int]:
    host, wished = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not wished.isdecimal() or int(wished) > 65535:
        raise CannotStart(f"PORT 不是有效端口：{wished}", "PORT is not a port number")
    port = int(wished) or pick_port(None)
    check_free(host, port)
    return host, port


def choose_site(host: str, port: int) -> str:
    """Where links in messages lead. In production nobody can guess what the proxy in front is called."""
    if is_production(os.environ) and not os.environ.get("SITE_URL"):
        raise CannotStart("生产环境须设置 SITE_URL，例如 https://xinan.example.gov.cn", "SITE_URL must be set in production")
    return os.environ.setdefault("SITE_URL", f"http://{f'[{host}]' if ':' in host else host}:{port}")


def check_free(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotStart(
            f"无法监听 {host}:{port}（{error.strerror}），可用 PORT 换一个端口",
            f"cannot listen on {host}:{port}; choose another PORT",
        ) from None


def say(chinese: str, english: str) -> None:
    with contextlib.suppress(OSError):
        print(f"{chinese} / {english}", flush=True)


def say_welcome(data: Path, site: str) -> None:
    sign_ins = data / "demo-sign-ins.txt"
    lines = ["", f"  薪安 Xin'an   {site}", ""]
    if sign_ins.exists():
        lines += [f"  {line}" for line in sign_ins.read_text().splitlines()]
    lines += ["", "  Ctrl-C 停止 / Ctrl-C stops everything", ""]
    with contextlib.suppress(OSError):
        print("\n".join(lines), flush=True)


def serve(manager: Manager) -> None:
    data = open_folder(choose_data())
    host, port = choose_address()
    call = LOCAL.get(host, host)
    site = choose_site(call, port)
    with only_one(data, site):
        say("正在启动数据库与消息队列……", "starting database and queue …")
        with servers(data) as env:
            say("正在准备数据……", "preparing …")
            prepare(env, data / "log/prepare.log")
            check_free(host, port)  # again: granian would share the port with whoever took it meanwhile
            manager.run(list_children(data, host, port), env, (call, port))


def main() -> int:
    try:
        serve(Manager())
    except KeyboardInterrupt:
        say("已停止", "stopped")
        return 0
    except CannotStart as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        print(name_disk_trouble(error), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
