"""The services messages go to, for tests: real sockets, the protocols as the real ones speak them, signatures checked,
and the ways in which they can fail. Each is a context manager with `settings` for override_settings.

    with SmsGateway(answers=[HANG]) as gateway, override_settings(**gateway.settings): ...

`answers` are taken one for each request, the last one again and again; without any, everything goes well.
"""

import base64
import hashlib
import hmac
import json
import socketserver
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

HANG, CLOSE, DRIP, DRIP_AT_ONCE, NONSENSE = "hang", "close", "drip", "drip at once", "nonsense"
FINE = "fine"
# An answer is one of these, an HTTP status (int), the dict of a body that comes with 200, or status, body and headers.
Answer = str | int | dict[str, Any] | tuple[int, dict[str, Any], dict[str, str]]


class Request(BaseHTTPRequestHandler):
    server: "Gateway"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.next_answer()
        if answer == FINE:
            refusal = self.server.refusal(self.path, dict(self.headers), body)
            if refusal is None:
                self.server.take(body, dict(self.headers))
            self.say(200, json.dumps(refusal or self.server.fine, ensure_ascii=False).encode())
        elif answer == HANG:
            self.server.leaving.wait()
        elif answer in (DRIP, DRIP_AT_ONCE):
            self.drip(answer == DRIP_AT_ONCE)
        elif answer == NONSENSE:
            self.say(200, b"<html>please sign in to the network</html>")
        elif answer == CLOSE:
            self.close_connection = True
        elif isinstance(answer, tuple):
            status, said, headers = answer
            self.say(status, json.dumps(said, ensure_ascii=False).encode(), headers)
        elif isinstance(answer, int):
            self.say(answer, b"{}", {"Location": "http://127.0.0.1:1/"} if 300 <= answer < 400 else {})
        else:
            self.say(200, json.dumps(answer, ensure_ascii=False).encode())

    def say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, is_head: bool) -> None:
        """A byte now and then, for ever: no single read runs into its time-out. In the body, or already in the head."""
        if is_head:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        else:
            self.send_response(200)
            self.end_headers()
        while not self.server.leaving.wait(0.05):
            self.wfile.write(b" ")

    def log_message(self, *_given: Any) -> None:
        """Not into the test's output."""


class Gateway(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    fine: dict[str, Any] = {}
    secret = "SEC-test"

    def __init__(
        self, answers: list[Answer] | None = None, secret: str | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.is_tls = tls is not None
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.answers = list(answers or [])
        self.secret = self.secret if secret is None else secret
        self.messages: list[dict[str, Any]] = []
        self.asked = 0
        self.leaving = threading.Event()
        self.lock = threading.Lock()

    @property
    def origin(self) -> str:
        return f"{'https' if self.is_tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    @property
    def settings(self) -> dict[str, Any]:
        return {"CHANNEL_HOSTS": [self.origin], "CHANNEL_TIMEOUT": 0.3}

    def next_answer(self) -> Answer:
        with self.lock:
            self.asked += 1
            if not self.answers:
                return FINE
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def refusal(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """What the service says to a request it does not take."""
        raise NotImplementedError

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        with self.lock:
            self.messages.append(json.loads(body))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up is what is tested here."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.leaving.set()
        self.shutdown()
        self.server_close()


class SmsGateway(Gateway):
    """`messages` holds each idempotency key once; `repeats` counts the others."""

    fine = {"code": "OK", "message": "accepted"}
    key = "test-key"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.repeats = 0

    @property
    def settings(self) -> dict[str, Any]:
        return {
            **super().settings, "SMS_URL": f"{self.origin}/send", "SMS_KEY": self.key, "SMS_SECRET": self.secret,
            "SMS_SIGN": "薪安",
        }  # fmt: skip

    def refusal(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        signed = headers["X-Timestamp"].encode() + b"\n" + body
        if headers["X-Key"] != self.key:
            return {"code": "bad_key", "message": "unknown key"}
        if abs(time.time() - int(headers["X-Timestamp"])) > 300:
            return {"code": "bad_signature", "message": "clock"}
        if not hmac.compare_digest(headers["X-Signature"], hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()):
            return {"code": "bad_signature", "message": "signature"}
        told = json.loads(body)
        if not (told["phone"].isdecimal() and len(told["phone"]) == 11):
            return {"code": "bad_number", "message": "not a mobile number"}
        return None

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        told = json.loads(body)
        with self.lock:
            if any(one["id"] == headers["Idempotency-Key"] for one in self.messages):
                self.repeats += 1
            else:
                self.messages.append(told)


class RobotPlatform(Gateway):
    path = ""

    @property
    def url(self) -> str:
        return f"{self.origin}{self.path}"


class WeCom(RobotPlatform):
    fine = {"errcode": 0, "errmsg": "ok"}
    path = "/cgi-bin/webhook/send?key=693a91f6-7xxx"

    def refusal(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        if path != self.path:
            return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1772416800]"}
        told = json.loads(body)
        if told.get("msgtype") != "text":
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if not told["text"]["content"]:
            return {"errcode": 44004, "errmsg": "text content is empty"}
        if len(told["text"]["content"].encode()) > 2048:
            return {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
        return None


class DingTalk(RobotPlatform):
    fine = {"errcode": 0, "errmsg": "ok"}
    path = "/robot/send?access_token=566cc69da782ec"

    def refusal(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if asked.get("access_token") != "566cc69da782ec":
            return {"errcode": 300005, "errmsg": "token is not exist"}
        if self.secret:
            stamp = asked.get("timestamp", "")
            if not stamp or abs(time.time() * 1000 - int(stamp)) > 3600_000:
                return {"errcode": 310000, "errmsg": "description:timestamp 无效"}
            digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
            if asked.get("sign") != base64.b64encode(digest).decode():
                return {"errcode": 310000, "errmsg": "description:机器人发送签名不匹配"}
        if json.loads(body).get("msgtype") != "text":
            return {"errcode": 40035, "errmsg": "缺少参数 msgtype"}
        return None


class Feishu(RobotPlatform):
    fine = {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}
    path = "/open-apis/bot/v2/hook/4f8b0b0c"

    def refusal(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        if path != self.path:
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        told = json.loads(body)
        if self.secret:
            stamp = told.get("timestamp", "")
            key = f"{stamp}\n{self.secret}".encode()
            sign = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest()).decode()
            if not stamp or abs(time.time() - int(stamp)) > 3600 or told.get("sign") != sign:
                return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if told.get("msg_type") != "text":
            return {"code": 9499, "msg": "Bad Request"}
        return None


class OrdersOffice(Gateway):
    """An office that takes what became of its work orders: signature checked over time-stamp and body, each key once."""

    fine = {"ok": True}
    secret = "a-secret-of-16-and-more"
    path = "/orders/status"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.keys: list[str] = []
        self.repeats = 0

    @property
    def url(self) -> str:
        return f"{self.origin}{self.path}"

    def refusal(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        signed = headers["X-Xinan-Timestamp"].encode() + b"\n" + body
        expected = "sha256=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        assert path == self.path, path
        assert abs(time.time() - int(headers["X-Xinan-Timestamp"])) < 300
        assert hmac.compare_digest(headers["X-Xinan-Signature"], expected), "signature"
        assert json.loads(body)["id"] == headers["Idempotency-Key"]
        return None

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        with self.lock:
            if headers["Idempotency-Key"] in self.keys:
                self.repeats += 1
            else:
                self.keys.append(headers["Idempotency-Key"])
                self.messages.append(json.loads(body))
