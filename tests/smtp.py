"""A mail server for tests: real sockets, the whole of SMTP that Django speaks, and the ways in which it can fail."""

import socketserver
import ssl
import threading
from email import message_from_bytes
from email.message import Message
from email.policy import default
from types import TracebackType
from typing import Self

OK = b"250 OK"


class Session(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        if self.server.hangs:
            self.server.leaving.wait()  # accepts the connection and never says a word
            return
        self.greet()
        while line := self.rfile.readline():
            verb = line.split(b":")[0].split()[0].upper().decode()
            if verb == self.server.drips:
                self.drip()
            if verb == "STARTTLS" and self.server.tls:
                self.say(b"220 go on")
                self.turn_to_tls()
                continue
            if verb == "EHLO" and self.server.tls and not self.server.is_implicit:
                self.say(b"250-test")
                self.say(b"250 STARTTLS")
                continue
            if verb == "DATA":
                self.say(b"354 go on")
                self.read_message()
            self.say(self.server.answers.get(verb, OK))
            if verb == "QUIT":
                return

    def greet(self) -> None:
        if self.server.is_implicit:
            self.turn_to_tls()
        if self.server.drips == "greeting":
            self.drip()
        self.say(b"220 test")

    def turn_to_tls(self) -> None:
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)

    def drip(self) -> None:
        """Never a whole line, and never silent."""
        while not self.server.leaving.wait(0.05):
            self.wfile.write(b"2")

    def read_message(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "DATA" not in self.server.answers:
            self.server.messages.append(message_from_bytes(b"".join(lines), policy=default))

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """`answers`: what it says to a verb instead of OK, e.g. {"RCPT": b"550 no such user"}. `drips`: "greeting", or the
    verb whose answer never comes to an end. `tls`: by STARTTLS, or from the first byte."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, answers: dict[str, bytes] | None = None, *, hangs: bool = False, drips: str = "",
        tls: ssl.SSLContext | None = None, is_implicit: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(("127.0.0.1", 0), Session)
        self.answers, self.hangs, self.drips = answers or {}, hangs, drips
        self.tls, self.is_implicit = tls, is_implicit
        self.messages: list[Message] = []
        self.leaving = threading.Event()

    @property
    def settings(self) -> dict[str, object]:
        return {
            "EMAIL_BACKEND": "grid.channels.smtp.Backend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.server_address[1],
            "EMAIL_TIMEOUT": 0.3,
            "EMAIL_USE_TLS": bool(self.tls) and not self.is_implicit,
            "EMAIL_USE_SSL": self.is_implicit,
        }

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up is what is tested here."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.leaving.set()
        self.shutdown()
        self.server_close()
