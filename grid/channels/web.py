"""One POST of JSON to a service that answers JSON: time-outs, no redirects, no answer without an end."""

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from grid.channels.line import HttpHandler, HttpsHandler
from grid.channels.message import SendError, TooMuch

Answer = dict[str, Any]

MOST_READ = 64 * 1024
LONGEST_WAIT = 12 * 3600  # seconds; nobody's Retry-After may silence a channel for days
TOO_MUCH = 429
BUSY = (408, 425, TOO_MUCH)
# What is written otherwise fails only on its way out: that would look like the platform's fault, and its error would
# quote the address, which is a secret.
WRITTEN = re.compile(r"[!-~]+")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Where a service sends us on to is not an address anybody allowed."""
        return None


_opener = urllib.request.build_opener(NoRedirect, HttpHandler, HttpsHandler)


def is_allowed(url: str, hosts: tuple[str, ...]) -> bool:
    """https to one of `hosts`, or what the installation allows in CHANNEL_HOSTS: a host name, or a whole origin
    (http://127.0.0.1:8081), which may then do without TLS."""
    if not WRITTEN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not parts.hostname:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.CHANNEL_HOSTS:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and port in (None, 443) and parts.hostname in (*hosts, *settings.CHANNEL_HOSTS)


def post(url: str, body: bytes, headers: Mapping[str, str], is_refusal: Callable[[Answer], bool]) -> Answer:
    """The JSON object of the answer: of a 2xx, or of a 4xx with a refusal in the body (Feishu and Aliyun refuse so, and
    only the code there tells whose fault it is). Raises SendError: for other 4xx neither permanent nor of the channel,
    the caller knows better; for everything else of the channel."""
    request = urllib.request.Request(
        url, body, {"Content-Type": "application/json; charset=utf-8", "User-Agent": "xinan", **headers}, method="POST"
    )
    try:
        with _opener.open(request, timeout=settings.CHANNEL_TIMEOUT) as response:
            answer = json.loads(read(response))
    except urllib.error.HTTPError as error:
        with error:
            is_ours = 400 <= error.code < 500
            if is_ours and (answer := json_of(error)) and is_refusal(answer):
                return answer
            kind = TooMuch if error.code == TOO_MUCH else SendError
            is_busy = not is_ours or error.code in BUSY
            raise kind(f"HTTP {error.code}", of_channel=is_busy, wait=wait_of(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise SendError(str(getattr(error, "reason", error)) or type(error).__name__, of_channel=True) from error
    except ValueError as error:
        raise SendError(gettext("对方的回答不是 JSON。"), of_channel=True) from error
    if not isinstance(answer, dict):
        raise SendError(gettext("对方的回答不是 JSON。"), of_channel=True)
    return answer


def json_of(error: urllib.error.HTTPError) -> Answer | None:
    try:
        answer = json.loads(read(error))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


def wait_of(error: urllib.error.HTTPError) -> timedelta | None:
    """Retry-After in seconds; a date, as it may be too, is left to the ladder."""
    said = error.headers.get("Retry-After", "").strip()
    return timedelta(seconds=min(int(said), LONGEST_WAIT)) if said.isascii() and said.isdigit() and len(said) < 9 else None


def read(response: http.client.HTTPResponse | urllib.error.HTTPError) -> bytes:
    parts, size = [], 0
    while part := response.read1(MOST_READ):
        parts.append(part)
        size += len(part)
        if size > MOST_READ:
            raise TimeoutError("the answer does not end")
    return b"".join(parts)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
