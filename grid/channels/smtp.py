"""Django's mail over SMTP, on lines that end (grid.channels.line)."""

import smtplib
import ssl
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from grid.channels.line import Line, TlsLine, as_long, connect, secure


class Plain(smtplib.SMTP):
    """Without TLS, or with STARTTLS."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Line:
        self.line = connect((host, port), timeout)
        return self.line

    def starttls(self, *, context: ssl.SSLContext) -> tuple[int, bytes]:
        context.sslsocket_class = TlsLine
        answer = super().starttls(context=context)
        as_long(self.sock, self.line)
        return answer


class Tls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> TlsLine:
        return secure(connect((host, port), timeout), self.context, self._host)


class Backend(EmailBackend):
    @property
    def connection_class(self) -> Any:
        return Tls if self.use_ssl else Plain
