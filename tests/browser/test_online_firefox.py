"""Two makers' browsers in one room see and hear each other, whichever of them the mediator has; Firefox records, too."""

import hashlib
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mediation.models import OnlineRecording
from tests.browser.firefox import PROGRAM, Window, firefox
from tests.browser.meeting import BOUND, Guest, arrange, host_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PASSWORD, PATIENCE

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db,
    pytest.mark.skipif(PROGRAM is None, reason="no Firefox on this machine: install the Debian package firefox-esr"),
]  # fmt: skip
JOIN = """code => { document.querySelector('[name=code]').value = code; document.querySelector('main form .is-primary').click(); return true; }"""
SIGN_IN = """([name, password]) => { document.querySelector('[name=username]').value = name; document.querySelector('[name=password]').value = password;
  document.querySelector('main form .is-primary').click(); return true; }"""
ENTER = "() => { document.querySelector('[name=enter]').click(); return true; }"
BUTTON = "text => { const found = [...document.querySelectorAll('button')].find((one) => one.textContent.includes(text) && !one.hidden); if (found) found.click(); return Boolean(found); }"
SAYS = "text => document.getElementById('says') && document.getElementById('says').textContent.includes(text)"
PRESS = "id => { document.getElementById(id).click(); return true; }"
# Sound and picture that come from the other one, and a picture that goes on.
COMES = """async () => {
  const [peer] = window.onlinePeers(), video = document.querySelector('.tile-of:not(.is-mine) video');
  if (!peer || !video || !video.videoWidth) return null;
  const before = video.currentTime;
  await new Promise((done) => setTimeout(done, 700));
  const rows = [...(await peer.line.getStats()).values()].filter((row) => row.type === 'inbound-rtp');
  const found = Object.fromEntries(rows.map((row) => [row.kind, row.kind === 'video' ? row.framesDecoded > 0 : row.packetsReceived > 0]));
  return found.audio && found.video && video.currentTime > before ? found : null;
}"""
TILE = "([name, key, value]) => [...document.querySelectorAll('.tile-of')].some((box) => box.querySelector('.who').textContent.includes(name) && box.dataset[key] === value)"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    return arrange()


def joined(window: Window, house: Running, link: tuple[str, str]) -> None:
    token, code = link
    window.open(f"{house.url}/join/{token}/")
    window.run(JOIN, code)
    window.until(SAYS, "您在等候室")


def test_chromium_and_firefox_see_and_hear_each_other(scene: type[Scene], house: Running, cameras: Browser, tmp_path: Path) -> None:
    host = host_of(scene, house, cameras)
    with firefox(tmp_path) as window:
        joined(window, house, scene.links[0])
        host.admits("宏远劳务")
        host.sees_move("宏远劳务")
        assert window.until(COMES, patience=BOUND) == {"audio": True, "video": True}
        assert host.page.evaluate(COMES) == {"audio": True, "video": True}
        window.run(PRESS, "mic")
        expect(host.tile("宏远劳务")).to_have_attribute("data-muted", "yes", timeout=PATIENCE * 1000)
        window.run(PRESS, "cam")
        expect(host.tile("宏远劳务")).to_have_attribute("data-camera", "no", timeout=PATIENCE * 1000)
        window.run(PRESS, "cam")
        host.sees_move("宏远劳务")
        host.press("关摄像头")
        window.until(TILE, ["条和", "camera", "no"])
        assert host.troubles == []
    host.context.close()


def test_the_mediator_has_firefox_and_records_with_it(scene: type[Scene], house: Running, cameras: Browser, tmp_path: Path) -> None:
    with firefox(tmp_path) as window:
        window.open(f"{house.url}/sign-in/")
        window.run(SIGN_IN, [scene.mediator.username, PASSWORD])
        window.until("() => location.pathname !== '/sign-in/' && document.readyState === 'complete'")
        window.open(f"{house.url}/hearings/{scene.hearing.pk}/online/")
        window.run(ENTER)
        window.until("() => Boolean(document.body) && document.body.dataset.state === 'in'")
        guest = Guest(cameras, house.url, None).join(scene.links[1])
        window.until(BUTTON, "准许入会", patience=BOUND)
        guest.sees_move("条和")
        assert window.until(COMES, patience=BOUND) == {"audio": True, "video": True}
        window.run(BUTTON, "请求录制")
        expect(guest.page.locator("#consent")).to_be_visible(timeout=PATIENCE * 1000)
        guest.press("同意录制")
        window.until(BUTTON, "开始录制")
        limit = time.monotonic() + BOUND
        while (row := OnlineRecording.objects.first()) is None or row.pieces < 2:
            assert time.monotonic() < limit, "no pieces come"
            guest.page.wait_for_timeout(500)
        window.until(BUTTON, "停止录制")
        expect(guest.page.locator("#recording")).to_be_hidden(timeout=PATIENCE * 1000)
        while not (row := OnlineRecording.objects.get()).sha256:
            assert time.monotonic() < limit, "it does not end"
            guest.page.wait_for_timeout(300)
        kept = Path(row.file.path).read_bytes()
        assert (row.ended_because, row.size, row.sha256, kept[:4]) == ("host", len(kept), hashlib.sha256(kept).hexdigest(), b"\x1a\x45\xdf\xa3")
        assert guest.troubles == []
