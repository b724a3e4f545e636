"""A network that loses things: a proxy on this machine between a phone and the web server, for HTTP as phones speak it.

What becomes of a request is decided by whoever makes the proxy: let through, lost on the way there, answered by nobody
although it arrived, or cut in the middle of the answer.
"""

import http.client
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HOST = "127.0.0.1"
THROUGH, LOST, UNANSWERED, CUT, BROKEN = "through", "lost", "unanswered", "cut", "broken"
HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
PATIENCE = 20.0


class LossyNetwork(ThreadingHTTPServer):
    """`decide(method, path)` says what becomes of a request. While `is_up` is false nobody is reached at all."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, server: tuple[str, int], decide: Callable[[str, str], str] = lambda method, path: THROUGH) -> None:
        super().__init__((HOST, 0), Passage)
        self.server, self.decide, self.is_up = server, decide, True
        self.counted: Counter[str] = Counter()
        self.bytes_sent = 0  # to the phones, with their headers

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """Whoever hung up in the middle of a sentence."""


class Passage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LossyNetwork
    timeout = PATIENCE

    def log_message(self, *_: object) -> None:
        """The proxy says nothing."""

    def pass_on(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fate = self.server.decide(self.command, self.path) if self.server.is_up else LOST
        self.server.counted[fate] += 1
        if fate == LOST:
            return self.hang_up()
        if fate == BROKEN:
            return self.answer(500, [("Content-Type", "text/html")], b"<h1>500</h1>")
        try:
            status, headers, said = self.ask(body)
        except (OSError, http.client.HTTPException):
            self.server.counted["unreached"] += 1
            return self.hang_up()
        if fate == UNANSWERED:
            return self.hang_up()
        self.answer(status, headers, said, whole=fate != CUT)

    do_GET = do_POST = do_HEAD = pass_on

    def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        line = http.client.HTTPConnection(*self.server.server, timeout=PATIENCE)
        try:
            sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            line.request(self.command, self.path, body=body or None, headers={**sent, "Connection": "close"})
            got = line.getresponse()
            return got.status, got.getheaders(), got.read()
        finally:
            line.close()

    def answer(self, status: int, headers: list[tuple[str, str]], said: bytes, whole: bool = True) -> None:
        with suppress(OSError):
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.send_header("Connection", "close")
            self.server.bytes_sent += sum(map(len, self._headers_buffer)) + len(said)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said if whole else said[: len(said) // 2])

    def hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
