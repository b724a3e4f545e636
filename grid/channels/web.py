"""One POST of JSON to a service that answers JSON: time-outs, no redirects, no answer without an end."""

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from grid.channels.message import SendError

MOST_READ = 64 * 1024
BUSY = (408, 425, 429)
# What is written otherwise fails only on its way out: that would look like the platform's fault, and its error would
# quote the address, which is a secret.
WRITTEN = re.compile(r"[!-~]+")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Where a service sends us on to is not an address anybody allowed."""
        return None


_opener = urllib.request.build_opener(NoRedirect)


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


def post(url: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object of a 2xx answer. Raises SendError: for 4xx neither permanent nor of the channel, the caller knows
    better; for everything else of the channel."""
    request = urllib.request.Request(
        url, body, {"Content-Type": "application/json; charset=utf-8", "User-Agent": "xinan", **headers}, method="POST"
    )
    try:
        with _opener.open(request, timeout=settings.CHANNEL_TIMEOUT) as response:
            answer = json.loads(read(response))
    except urllib.error.HTTPError as error:
        with error:
            is_ours = 400 <= error.code < 500 and error.code not in BUSY
            raise SendError(f"HTTP {error.code}", of_channel=not is_ours) from error
    except (OSError, http.client.HTTPException) as error:
        raise SendError(str(getattr(error, "reason", error)) or type(error).__name__, of_channel=True) from error
    except ValueError as error:
        raise SendError(gettext("对方的回答不是 JSON。"), of_channel=True) from error
    if not isinstance(answer, dict):
        raise SendError(gettext("对方的回答不是 JSON。"), of_channel=True)
    return answer


def read(response: http.client.HTTPResponse) -> bytes:
    """A server that lets its answer drip is as good as silent."""
    ends, parts, size = time.monotonic() + settings.CHANNEL_TIMEOUT, [], 0
    while part := response.read1(MOST_READ):
        parts.append(part)
        size += len(part)
        if size > MOST_READ or time.monotonic() > ends:
            raise TimeoutError("the answer does not end")
    return b"".join(parts)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
