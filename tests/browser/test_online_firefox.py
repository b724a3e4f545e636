"""Two makers' browsers in one room: Chromium of the mediator and Firefox of a guest see and hear each other."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.firefox import PROGRAM, Window, firefox
from tests.browser.meeting import BOUND, arrange, host_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PATIENCE

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db,
    pytest.mark.skipif(PROGRAM is None, reason="no Firefox on this machine: install the Debian package firefox-esr"),
]  # fmt: skip
JOIN = """code => { document.querySelector('[name=code]').value = code; document.querySelector('main form .is-primary').click(); return true; }"""
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
