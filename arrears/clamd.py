"""Asking ClamAV's daemon whether bytes are harmful: its INSTREAM command, over TCP or a local socket. Django-free.

    zINSTREAM\\0, then pieces (four bytes of length, most significant first, and the bytes), a piece of length 0 ends it
    → "stream: OK", "stream: NAME FOUND" or "… ERROR"
"""

import re
import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
PORT = 3310


class Unreachable(Exception):
    """Nobody answers, or not in clamd's words: ask again later."""


class Unscannable(Exception):
    """It answers that it cannot scan this one: asking again would not help."""


def found_in(chunks: Iterable[bytes], address: str, timeout: float) -> str:
    """The name of what was found; "" when the file is clean. `address`: tcp://host:port or unix:///path."""
    try:
        with connect(address, timeout) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            send(daemon, chunks)
            return verdict(answer(daemon))
    except OSError as error:
        raise Unreachable(str(error)) from error


def connect(address: str, timeout: float) -> socket.socket:
    parts = check(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or PORT), timeout)
    daemon = socket.socket(socket.AF_UNIX)
    daemon.settimeout(timeout)
    try:
        daemon.connect(parts.path)
    except OSError:
        daemon.close()
        raise
    return daemon


def check(address: str):
    """Raises ValueError for an address that is neither of the two."""
    parts = urlsplit(address)
    if (parts.scheme, bool(parts.hostname), bool(parts.path)) not in (("tcp", True, False), ("unix", False, True)):
        raise ValueError(f"{address!r} is neither tcp://host:port nor unix:///path")
    return parts


def send(daemon: socket.socket, chunks: Iterable[bytes]) -> None:
    """A daemon that has heard enough (its limit, or the virus) closes its ear; what it says of it is still read."""
    try:
        for chunk in chunks:
            for at in range(0, len(chunk), PIECE):
                piece = chunk[at : at + PIECE]
                daemon.sendall(struct.pack("!L", len(piece)) + piece)
        daemon.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass


def answer(daemon: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        more = daemon.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def verdict(said: str) -> str:
    if said == "stream: OK":
        return ""
    if found := re.fullmatch(r"stream: (.+) FOUND", said):
        return found[1]
    if said.endswith("ERROR"):
        raise Unscannable(said)
    raise Unreachable(f"an answer of another kind: {said!r}")
