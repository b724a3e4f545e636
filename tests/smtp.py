"""A mail server for tests: real sockets, the whole of SMTP that Django speaks, and the ways in which it can fail."""

import socketserver
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
        self.say(b"220 test")
        while line := self.rfile.readline():
            verb = line.split(b":")[0].split()[0].upper().decode()
            if verb == "DATA":
                self.say(b"354 go on")
                self.read_message()
            self.say(self.server.answers.get(verb, OK))
            if verb == "QUIT":
                return

    def read_message(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "DATA" not in self.server.answers:
            self.server.messages.append(message_from_bytes(b"".join(lines), policy=default))

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """`answers`: what it says to a verb instead of OK, e.g. {"RCPT": b"550 no such user"}."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: dict[str, bytes] | None = None, *, hangs: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.answers, self.hangs = answers or {}, hangs
        self.messages: list[Message] = []
        self.leaving = threading.Event()

    @property
    def settings(self) -> dict[str, object]:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.server_address[1],
            "EMAIL_TIMEOUT": 0.3,
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.leaving.set()
        self.shutdown()
        self.server_close()
