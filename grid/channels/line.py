"""Lines to other people's servers that end when a message has had its time.

A time-out counts each read alone, so a server that drips would hold up everybody whose message waits behind. Each
message opens a line of its own: what bounds the line bounds the message. Only looking up a name is the resolver's time.
"""

import http.client
import socket
import ssl
import time
import urllib.request
from typing import Any

from django.conf import settings


class Bounded:
    """Of a socket: no single wait longer than `patience`, and none beyond `ends`."""

    patience: float
    ends: float

    def hurry(self) -> None:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer does not end")
        self.settimeout(min(self.patience, left))

    def recv(self, *given: Any) -> bytes:
        self.hurry()
        return super().recv(*given)

    def recv_into(self, *given: Any) -> int:
        self.hurry()
        return super().recv_into(*given)

    def send(self, *given: Any) -> int:
        self.hurry()
        return super().send(*given)

    def sendall(self, *given: Any) -> None:
        self.hurry()
        super().sendall(*given)


class Line(Bounded, socket.socket):
    pass


class TlsLine(Bounded, ssl.SSLSocket):
    pass


def connect(address: tuple[str, int], timeout: float, _source: Any = None) -> Line:
    """Instead of socket.create_connection, which gives each address of a name the whole time-out."""
    ends, error = time.monotonic() + settings.CHANNEL_LIMIT, OSError("no address")
    for family, kind, protocol, _name, where in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
        line = Line(family, kind, protocol)
        line.patience, line.ends = timeout, ends
        try:
            line.hurry()
            line.connect(where)
            return line
        except OSError as failed:
            error = failed
            line.close()
    raise error


def secure(line: Line, context: ssl.SSLContext, name: str) -> TlsLine:
    """The same line under TLS, with what is left of its time."""
    context.sslsocket_class = TlsLine
    line.hurry()
    return as_long(context.wrap_socket(line, server_hostname=name), line)


def as_long(tls: TlsLine, line: Line) -> TlsLine:
    tls.patience, tls.ends = line.patience, line.ends
    return tls


# For urllib.


class Http(http.client.HTTPConnection):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._create_connection = connect


class Https(http.client.HTTPSConnection):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._create_connection = connect

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = secure(self.sock, self._context, self._tunnel_host or self.host)


class HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(Http, request)


class HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(Https, request)
