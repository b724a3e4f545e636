"""A server that speaks ClamAV's INSTREAM, for tests: it finds what holds the harmless EICAR pattern."""

import socket
import struct
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PATTERN = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
LIMIT = 1024 * 1024


class Daemon:
    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.heard, self.answer = listener, [], None

    def serve(self) -> None:
        while True:
            try:
                caller, _address = self.listener.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(5)
                caller.sendall(self.verdict(caller) + b"\0")

    def verdict(self, caller: socket.socket) -> bytes:
        if take(caller, 10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        body = b""
        while size := struct.unpack("!L", take(caller, 4))[0]:
            body += take(caller, size)
            if len(body) > LIMIT:
                return b"INSTREAM size limit exceeded. ERROR"
        self.heard.append(body)
        if self.answer is not None:
            return self.answer
        return b"stream: Eicar-Test-Signature FOUND" if PATTERN in body else b"stream: OK"


def take(caller: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = caller.recv(size - len(found))
        if not more:
            raise OSError("the caller hung up")
        found += more
    return found


@contextmanager
def running(address: str = "tcp"):
    """The daemon and the address where it listens."""
    with TemporaryDirectory() as folder:
        listener = socket.socket(socket.AF_UNIX if address == "unix" else socket.AF_INET)
        path = Path(folder) / "clamd.sock"
        listener.bind(str(path) if address == "unix" else ("127.0.0.1", 0))
        listener.listen()
        daemon = Daemon(listener)
        threading.Thread(target=daemon.serve, daemon=True).start()
        try:
            yield daemon, f"unix://{path}" if address == "unix" else f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()


def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"
