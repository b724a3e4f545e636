"""One signed POST to an office's own address: no redirects, no proxies, no answer without an end, and no way into our own
network. What the name resolves to is asked when the line is opened, and that address is the one that is spoken to."""

import http.client
import ipaddress
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from grid.channels import line, web
from grid.channels.message import SendError, TooMuch

MOST_TRIED = 3  # addresses of one name
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in its last 32 bits
REFUSED = (400, 405, 406, 409, 411, 413, 414, 415, 422)  # this order will never be taken so


def is_allowed(url: str) -> bool:
    """https on port 443 to a public name; anything else only where CHANNEL_HOSTS says so (a host, or a whole origin)."""
    host = web.host_of(url)
    if not host or not web.is_allowed(url, (host,)):
        return False
    return is_configured(url) or is_public_name(host)


def is_configured(url: str) -> bool:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" in settings.CHANNEL_HOSTS or parts.hostname in settings.CHANNEL_HOSTS


def is_public_name(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".localhost", ".internal", ".home.arpa"))


def is_public(address: str) -> bool:
    """Raises ValueError for what is no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    if found in NAT64:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.is_global and inner.is_global and not found.is_multicast and not inner.is_multicast


def connect_public(address: tuple[str, int], timeout: float, _source: Any = None) -> line.Line:
    """Only to addresses outside, and to the very ones that were looked at."""
    found = [where[0] for *_kind, where in socket.getaddrinfo(*address, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(one) for one in found):
        raise OSError("the name leads into a private network")
    error: OSError = OSError("no address")
    for one in dict.fromkeys(found[:MOST_TRIED]):
        try:
            return line.connect((one, address[1]), timeout)
        except OSError as failed:
            error = failed
    raise error


class PublicHttps(line.Https):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._create_connection = connect_public


class PublicHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(PublicHttps, request)


_without_proxy = urllib.request.ProxyHandler({})
_public = urllib.request.build_opener(_without_proxy, web.NoRedirect, PublicHandler)
_configured = urllib.request.build_opener(_without_proxy, web.NoRedirect, line.HttpHandler, line.HttpsHandler)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Any 2xx has taken it. Raises SendError: permanent where the order itself was refused; of the channel where nothing
    would be taken now, whichever order it is."""
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "xinan", **headers}
    request = urllib.request.Request(url, body, sent, method="POST")
    try:
        with (_configured if is_configured(url) else _public).open(request, timeout=settings.CHANNEL_TIMEOUT) as response:
            web.read(response)
    except urllib.error.HTTPError as error:
        with error:
            if error.code in REFUSED:
                raise SendError(f"HTTP {error.code}", permanent=True) from error
            kind = TooMuch if error.code == web.TOO_MUCH else SendError
            raise kind(f"HTTP {error.code}", of_channel=True, wait=web.wait_of(error)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SendError(str(getattr(error, "reason", error)) or type(error).__name__, of_channel=True) from error
