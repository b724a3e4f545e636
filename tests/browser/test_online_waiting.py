"""Before one is let in: how one looks and sounds, whether the line carries; and those whose browser or devices cannot, each in their own words."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.meeting import BOUND, MEETING, Guest, arrange, host_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PATIENCE, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WECHAT = "Mozilla/5.0 (Linux; Android 8.1; OPPO A5) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/66.0.3359.126 MQQBrowser/6.2 Mobile Safari/537.36 MicroMessenger/7.0.3"
NO_CALLS = "delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;"
TOO_OLD = "delete Element.prototype.replaceChildren;"
PLAIN = "Object.defineProperty(window, 'isSecureContext', { value: false }); Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
# As a browser answers that has no camera, or whose owner allows the microphone alone.
WITHOUT = """(() => { const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (what) => what.%s ? Promise.reject(new DOMException('', '%s')) : ask(what); })();"""


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    return arrange()


def test_whoever_waits_sees_themselves_hears_that_they_are_heard_and_tests_the_line(scene: type[Scene], house: Running, cameras: Browser) -> None:
    guest = Guest(cameras, house.url, None, size=PHONE).join(scene.links[0])
    expect(guest.page.locator("#says")).to_contain_text("您在等候室", timeout=PATIENCE * 1000)
    expect(guest.page.locator("#preview")).to_be_visible()
    guest.page.wait_for_function("() => document.getElementById('preview').videoWidth > 0 && document.getElementById('preview').currentTime > 0")
    guest.page.wait_for_function("() => document.getElementById('level').value > 10")  # the fake microphone beeps
    expect(guest.page.locator("#level-says")).to_have_text("听得到您的声音。")
    assert guest.page.locator("#pick-camera option").count() >= 1
    assert guest.page.locator("#pick-microphone option").count() >= 1
    for name in ("展示文件", "共享屏幕"):
        expect(guest.page.get_by_role("button", name=name)).to_have_count(0)  # nothing that only those who are in can do
    guest.press("测试连接")
    expect(guest.page.locator("#line-says")).to_contain_text("声音和画面的通道能用", timeout=BOUND * 1000)
    guest.press("关麦克风")
    expect(guest.page.locator("#level-says")).to_have_text("麦克风关着，别人听不到您。")
    guest.press("关摄像头")
    expect(guest.page.locator("#preview-none")).to_be_visible()
    guest.fits()
    host = host_of(scene, house, cameras)
    host.admits("宏远劳务")
    expect(guest.page.locator("#devices")).to_be_hidden(timeout=PATIENCE * 1000)
    expect(host.tile("宏远劳务")).to_have_attribute("data-camera", "no", timeout=BOUND * 1000)  # as they chose before
    assert guest.page.locator("#mic").get_attribute("aria-pressed") == "true"
    guest.press("设备")
    expect(guest.page.locator("#pick-camera")).to_be_focused()
    expect(guest.page.locator("#preview")).to_be_hidden()
    assert (host.troubles, guest.troubles) == ([], [])
    guest.context.close()
    host.context.close()


@pytest.mark.parametrize(("what", "error", "sentence"), [
    ("video", "NotFoundError", "没有找到摄像头：您能说话"), ("audio", "NotFoundError", "没有找到麦克风：别人看得到您"), ("video", "NotReadableError", "摄像头正被别的程序使用：您能说话"),
])  # fmt: skip
def test_one_device_that_is_missing_is_said_and_the_other_one_serves(scene: type[Scene], house: Running, cameras: Browser, what: str, error: str, sentence: str) -> None:
    guest = Guest(cameras, house.url, None, size=PHONE)
    guest.page.add_init_script(WITHOUT % (what, error))
    guest.join(scene.links[1])
    expect(guest.page.locator("#lacks")).to_contain_text(sentence, timeout=PATIENCE * 1000)
    expect(guest.page.locator("#says")).to_contain_text("您在等候室", timeout=PATIENCE * 1000)
    tracks = guest.page.evaluate("() => [Boolean(window.onlineTracks().audio), Boolean(window.onlineTracks().video)]")
    assert tracks == ([True, False] if what == "video" else [False, True])
    guest.fits()
    assert guest.troubles == []
    guest.context.close()


@pytest.mark.parametrize(("script", "agent", "sentence"), [
    (NO_CALLS, WECHAT, "在浏览器打开"), (NO_CALLS, None, "这个浏览器太旧"), (TOO_OLD, None, "这个浏览器太旧"), (PLAIN, None, "不是用 https 打开的"),
])  # fmt: skip
def test_a_browser_that_cannot_is_told_at_the_door_what_to_do(scene: type[Scene], house: Running, cameras: Browser, script: str, agent: str | None, sentence: str) -> None:
    guest = Guest(cameras, house.url, None, size=PHONE, **({"user_agent": agent} if agent else {}))
    guest.page.add_init_script(script)
    token, _code = scene.links[2]
    guest.open(f"/join/{token}/")
    expect(guest.page.locator("#can")).to_contain_text(sentence)
    shown = guest.page.locator("#can > div > p:visible")
    expect(shown).to_have_count(1)
    assert guest.page.locator("#can-address").input_value() == f"{house.url}/join/{token}/"
    expect(guest.page.locator("#can a")).to_have_attribute("href", MEETING)
    guest.page.locator("#can-copy").click()
    expect(guest.page.locator("#can-copied")).to_be_visible()
    guest.fits()
    assert guest.troubles == []
    guest.context.close()


def test_in_the_room_a_script_that_does_not_start_is_no_silent_page(scene: type[Scene], house: Running, cameras: Browser) -> None:
    guest = Guest(cameras, house.url, None, size=PHONE)
    guest.page.route("**/js/online/room.js", lambda route: route.fulfill(body="this is no script that an old browser understands"))
    guest.join(scene.links[3])
    expect(guest.page.locator("#can-old")).to_be_visible()
    assert guest.page.locator("#can-address").input_value() == f"{house.url}/join/{scene.links[3][0]}/"  # the door, where another browser gets in
    guest.context.close()


def test_a_browser_that_can_sees_nothing_of_it(scene: type[Scene], house: Running, cameras: Browser) -> None:
    guest = Guest(cameras, house.url, None, size=PHONE)
    guest.open(f"/join/{scene.links[4][0]}/")
    expect(guest.page.get_by_role("button", name="进入网上调解室")).to_be_visible()
    expect(guest.page.locator("#can")).to_be_hidden()
    guest.context.close()
