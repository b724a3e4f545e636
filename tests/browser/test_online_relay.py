"""An online hearing through a relay and nothing else: a real TURN server (coturn) on this machine, as a city behind a strict firewall has it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config.embedded.process import pick_port
from tests.browser.meeting import BOUND, MEETING, Guest, arrange, host_of
from tests.browser.running import HOST, Running, running
from tests.browser.scene import Scene
from tests.browser.visitor import PATIENCE, PHONE

PROGRAM = shutil.which("turnserver")
pytestmark = [
    pytest.mark.browser, pytest.mark.django_db,
    pytest.mark.skipif(PROGRAM is None, reason="no TURN server on this machine: install the Debian package coturn"),
]  # fmt: skip
SECRET = "a-secret-of-the-relay"
# Of the pair of addresses a connection has chosen: through what it goes here and there, and whether pictures come by it.
WAY = """async () => {
  const rows = await window.onlinePeers()[0].line.getStats(), all = [...rows.values()];
  const pair = rows.get(all.find((row) => row.type === 'transport').selectedCandidatePairId);
  const picture = all.find((row) => row.type === 'inbound-rtp' && row.kind === 'video');
  return [rows.get(pair.localCandidateId).candidateType, rows.get(pair.remoteCandidateId).candidateType, picture.framesDecoded > 0];
}"""


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    return arrange()


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TURN server that knows SECRET."""
    folder, port = tmp_path_factory.mktemp("relay"), pick_port(None)
    with turnserver(folder, port):
        yield f"turn:{HOST}:{port}?transport=udp"


@contextmanager
def turnserver(folder: Path, port: int) -> Iterator[None]:
    said = [
        f"--listening-ip={HOST}", f"--relay-ip={HOST}", f"--listening-port={port}", "--realm=xinan.test", "--use-auth-secret", f"--static-auth-secret={SECRET}",
        "--fingerprint", "--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers", f"--userdb={folder / 'users'}", f"--pidfile={folder / 'pid'}", "--log-file=stdout",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(PROGRAM), "-n", *said], stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        wait_listening(process, port, folder / "log")
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def wait_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        assert process.poll() is None, log.read_text()[-2000:]
        with socket.socket() as line:
            if line.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])


@contextmanager
def city(folder: Path, relay: str, secret: str) -> Iterator[Running]:
    with running(folder, ONLINE_TURN=relay, ONLINE_TURN_SECRET=secret, ONLINE_RELAY_ONLY="1") as house:
        yield house


def test_two_people_see_each_other_through_the_relay_and_by_no_other_way(scene: type[Scene], relay: str, cameras: Browser, tmp_path: Path) -> None:
    with city(tmp_path, relay, SECRET) as house:
        host, guest = host_of(scene, house, cameras), Guest(cameras, house.url, None, size=PHONE).join(scene.links[0])
        host.admits("宏远劳务")
        host.sees_move("宏远劳务")
        guest.sees_move("条和")
        for one in (host, guest):
            assert one.page.evaluate(WAY) == ["relay", "relay", True]
            expect(one.page.locator("#trouble")).to_be_hidden()
            assert one.troubles == []
        guest.context.close()
        host.context.close()


def test_a_relay_with_another_secret_is_said_at_once_and_leads_to_the_meeting_link(scene: type[Scene], relay: str, cameras: Browser, tmp_path: Path) -> None:
    with city(tmp_path, relay, "another secret") as house:
        host, guest = host_of(scene, house, cameras), Guest(cameras, house.url, None, size=PHONE).join(scene.links[1])
        host.admits("张三")
        for one in (host, guest):
            expect(one.page.locator("#trouble-words")).to_contain_text("中继服务器没有接受本系统的密码", timeout=PATIENCE * 1000)
            link = one.page.locator("#elsewhere")
            assert (link.get_attribute("href"), link.is_visible()) == (MEETING, True)
        guest.fits()
        expect(host.tile("张三")).to_have_attribute("data-net", "unreached", timeout=BOUND * 1000)
        assert (host.troubles, guest.troubles) == ([], [])
        guest.context.close()
        host.context.close()
