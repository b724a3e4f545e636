"""Reads a file in a process of its own, with little memory and little time: whatever a hostile file does to the
reader, it does not do to the site. Django-free.

    python -m arrears.sheets.apart NAME < FILE       prints JSON: {"tables": …} or {"refused": [msgid, values]}
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from arrears.ledger.files import BadFile
from arrears.sheets.reading import read_file
from arrears.sheets.table import Table, pack, unpack

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 30  # of the processor
PATIENCE = 60  # seconds until it is ended, however busy the machine is


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


def read_apart(data: bytes, name: str) -> list[Table]:
    """As reading.read_file; a reader that dies says that the file cannot be read. Raises BadFile."""
    command = [sys.executable, "-P", "-m", "arrears.sheets.apart", name]
    env = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": os.environ.get("PATH", "")}
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=env, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        raise BadFile(_("文件 %(name)s 太复杂或已损坏，没有读取。请只保留工资表，另存为新的 xlsx 后再上传。"), name=name)
    said = json.loads(done.stdout)
    if "refused" in said:
        msgid, values = said["refused"]
        raise BadFile(msgid, **values)
    return unpack(said["tables"])


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = {"tables": pack(read_file(sys.stdin.buffer.read(), sys.argv[1]))}
    except BadFile as bad:
        said = {"refused": [bad.cause.msgid, dict(bad.cause.values)]}
    json.dump(said, sys.stdout, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
