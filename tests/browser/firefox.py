"""Firefox as Debian has it, driven by WebDriver BiDi over a plain socket: no driver program is needed, and none is downloaded.

Only what a visit to an online hearing needs: open a page, run a function in it, wait until it says yes.
"""

import base64
import json
import os
import re
import secrets
import select
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
STARTS, ANSWERS = 90.0, 60.0  # seconds, on a busy machine
PREFERENCES = {
    "media.navigator.streams.fake": True, "media.navigator.permission.disabled": True, "media.autoplay.default": 0, "media.peerconnection.ice.loopback": True,
    "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False, "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False, "services.settings.server": "data:,", "extensions.systemAddon.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False, "browser.safebrowsing.malware.enabled": False, "intl.accept_languages": "zh-CN",
}  # fmt: skip


@contextmanager
def firefox(folder: Path) -> Iterator["Window"]:
    """A window of its own. Ends by itself with the block."""
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
    (folder / "user.js").write_text("\n".join(lines))
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [str(PROGRAM), "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port=0"],
            stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )  # fmt: skip
    try:
        with Line(port_of(process, said)) as line:
            yield Window(line)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def port_of(process: subprocess.Popen[bytes], said: Path) -> int:
    limit = time.monotonic() + STARTS
    while time.monotonic() < limit:
        found = re.search(rb"listening on ws://[^:\s]+:(\d+)", said.read_bytes())
        if found:
            return int(found[1])
        assert process.poll() is None, said.read_text(errors="replace")[-2000:]
        time.sleep(0.2)
    raise AssertionError(said.read_text(errors="replace")[-2000:])


class Line:
    """A web socket: texts to and fro (RFC 6455)."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWERS)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        asks = f"GET /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        self.socket.sendall(asks.encode())
        self.kept, self.number = b"", 0
        head = self.until(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def until(self, mark: bytes) -> bytes:
        while mark not in self.kept:
            self.more()
        head, _mark, self.kept = self.kept.partition(mark)
        return head

    def more(self) -> None:
        assert select.select([self.socket], [], [], ANSWERS)[0], "Firefox says nothing"
        came = self.socket.recv(65536)
        assert came, "Firefox has hung up"
        self.kept += came

    def take(self, length: int) -> bytes:
        while len(self.kept) < length:
            self.more()
        taken, self.kept = self.kept[:length], self.kept[length:]
        return taken

    def write(self, text: str) -> None:
        content, mask = text.encode(), secrets.token_bytes(4)
        length = len(content)
        head = struct.pack("!BB", 0x81, 0x80 | length) if length < 126 else struct.pack("!BBH", 0x81, 0xFE, length) if length < 65536 else struct.pack("!BBQ", 0x81, 0xFF, length)
        self.socket.sendall(head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(content)))

    def read(self) -> str:
        content = b""
        while True:
            first, second = self.take(2)
            length = second & 0x7F
            if length > 125:
                length = struct.unpack("!H", self.take(2))[0] if length == 126 else struct.unpack("!Q", self.take(8))[0]
            part = self.take(length)
            if first & 0x0F in (0, 1, 2):
                content += part
            if first & 0x80 and first & 0x0F in (0, 1, 2):
                return content.decode()

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a command; what Firefox tells beside is passed over."""
        self.number += 1
        self.write(json.dumps({"id": self.number, "method": method, "params": params}))
        while (said := json.loads(self.read())).get("id") != self.number:
            pass
        assert said["type"] == "success", said
        return said["result"]


class Window:
    def __init__(self, line: Line) -> None:
        self.line = line
        self.version = line.ask("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.context = line.ask("browsingContext.create", type="tab")["context"]

    def open(self, address: str) -> None:
        self.line.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, function: str, *said: Any) -> Any:
        """What a function of JavaScript gives in the page, as JSON; it may be one that waits."""
        asks = f"(async () => JSON.stringify([await ({function})(...{json.dumps(said)})]))()"
        found = self.line.ask("script.evaluate", expression=asks, target={"context": self.context}, awaitPromise=True, userActivation=True)
        assert found["type"] == "success", found
        [answer] = json.loads(found["result"]["value"])
        return answer

    def until(self, function: str, *said: Any, patience: float = ANSWERS) -> Any:
        """Asks until the answer is not nothing."""
        limit = time.monotonic() + patience
        while not (answer := self.run(function, *said)):
            assert time.monotonic() < limit, f"never: {function} {said}: {self.run('() => document.body.innerText')[:600]}"
            time.sleep(0.3)
        return answer
