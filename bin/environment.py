"""Makes .venv complete: `environment.py REQUIREMENTS STAMP`. Only the standard library, for any Python ≥ 3.11.

A second run at the same time waits for the first; a half-made environment is made anew.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
QUIET = [
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
    "--no-warn-script-location",
    "--root-user-action=ignore",
]


def stop(chinese: str, english: str) -> None:
    sys.exit(f"{chinese} / {english}")


def is_whole() -> bool:
    """Once completed, if perhaps for other versions; a first run that was cut short leaves no mark."""
    return any(VENV.glob("installed-*")) and works()


def works() -> bool:
    test = "import sys; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([PYTHON, "-I", "-c", test], capture_output=True).returncode == 0


def has_pip() -> bool:
    return subprocess.run([PYTHON, "-I", "-m", "pip", "--version"], capture_output=True).returncode == 0


def find_pip() -> list[str]:
    """The environment's own pip, or the machine's where Debian's python3-venv is missing."""
    if has_pip():
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    stop(
        "本机 Python 缺少 venv/pip，请先执行：apt-get install python3-venv",
        "this Python has neither venv nor pip; run: apt-get install python3-venv",
    )


def make() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=importlib.util.find_spec("ensurepip") is not None)


def install(requirements: str) -> None:
    print(
        "正在安装运行所需的软件包，首次约需一分钟…… / Installing the pinned packages, about a minute the first time …",
        file=sys.stderr,
        flush=True,
    )
    command = [*find_pip(), "install", *QUIET, "-r", requirements, "-c", "requirements.lock"]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        causes = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()]
        stop(f"软件包安装失败：{causes[0]}", "the packages could not be installed; the same command tries again")


def main(requirements: str, stamp: str) -> None:
    lock = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    mark = VENV / f"installed-{requirements}"
    if is_whole() and mark.exists() and mark.read_text().strip() == stamp:
        return  # another run has just done it
    if not is_whole():
        make()
    install(requirements)
    mark.write_text(stamp + "\n")
    if requirements != "requirements.txt":  # the longer list holds the shorter
        (VENV / "installed-requirements.txt").write_text(stamp + "\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2])
    except (OSError, subprocess.CalledProcessError) as error:
        stop(f"运行环境 {VENV} 无法建立：{error}", "the environment could not be made")
    except KeyboardInterrupt:
        sys.exit(130)
