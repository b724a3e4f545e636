"""Lines that break and people who come back: a network that is away, a page that is loaded anew, a phone that was locked, a second device,
somebody who was sent out, and the end of the hearing."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.meeting import BOUND, Guest, arrange, host_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PATIENCE, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
AWAY = 16_000  # milliseconds; the house gives somebody up after twelve seconds


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    return arrange()


def pair(scene: type[Scene], house: Running, cameras: Browser, at: int, name: str) -> tuple[Guest, Guest]:
    host, guest = host_of(scene, house, cameras), Guest(cameras, house.url, None, size=PHONE).join(scene.links[at])
    host.admits(name)
    meet(host, guest, name)
    return host, guest


def meet(host: Guest, guest: Guest, name: str) -> None:
    host.sees_move(name)
    guest.sees_move("条和")


def part(*people: Guest) -> None:
    for one in people:
        assert [trouble for trouble in one.troubles if "ERR_INTERNET_DISCONNECTED" not in trouble] == []
        one.context.close()


def test_a_network_that_was_away_for_one_and_then_for_both(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host, guest = pair(scene, house, cameras, 0, "宏远劳务")
    guest.context.set_offline(True)
    expect(guest.page.locator("#says")).to_contain_text("网络断了，正在重新连接", timeout=PATIENCE * 1000)
    expect(host.tile("宏远劳务")).to_have_count(0, timeout=2 * PATIENCE * 1000)
    guest.context.set_offline(False)
    meet(host, guest, "宏远劳务")
    expect(guest.page.locator("#says")).to_be_hidden(timeout=PATIENCE * 1000)
    for one in (host, guest):  # as when the house itself was away
        one.context.set_offline(True)
    guest.page.wait_for_timeout(AWAY)
    for one in (guest, host):
        one.context.set_offline(False)
    meet(host, guest, "宏远劳务")
    part(host, guest)


def test_a_phone_that_was_locked_and_the_mediators_page_loaded_anew(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host, guest = pair(scene, house, cameras, 1, "张三")
    phone = guest.context.new_cdp_session(guest.page)
    phone.send("Debugger.enable")
    phone.send("Debugger.pause")  # no script runs, as on a phone in a pocket
    expect(host.tile("张三")).to_have_count(0, timeout=2 * PATIENCE * 1000)
    phone.send("Debugger.resume")
    phone.send("Debugger.disable")
    meet(host, guest, "张三")
    host.page.reload()
    meet(host, guest, "张三")
    part(host, guest)


def test_a_second_device_takes_over_and_somebody_sent_out_stays_out(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host, guest = pair(scene, house, cameras, 2, "李四")
    other = Guest(cameras, house.url, None).join(scene.links[2])
    meet(host, other, "李四")
    expect(guest.page.locator("#says")).to_contain_text("您在另一台设备上进入了会场", timeout=PATIENCE * 1000)
    assert guest.page.evaluate("() => [window.onlineTracks().audio, window.onlineTracks().video]") == [None, None]
    assert host.tile("李四").count() == 1
    host.page.get_by_role("button", name="请出 李四").click()
    expect(other.page.locator("#says")).to_contain_text("调解员请您离开了会场", timeout=PATIENCE * 1000)
    again = Guest(cameras, house.url, None).join(scene.links[2])
    expect(again.page.locator("#says")).to_contain_text("调解员请您离开了会场", timeout=PATIENCE * 1000)
    expect(host.page.locator("#door-rows")).to_contain_text("已请出", timeout=PATIENCE * 1000)
    assert again.page.locator(".tile-of").count() == 0
    part(host, guest, other, again)


def test_when_the_result_is_noted_everybody_is_out_and_the_links_are_dead(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host, guest = pair(scene, house, cameras, 3, "翻译孙")
    waiting = Guest(cameras, house.url, None, size=PHONE).join(scene.links[4])
    expect(waiting.page.locator("#says")).to_contain_text("您在等候室", timeout=PATIENCE * 1000)
    held = host.context.request.post(
        f"/api/v1/mediations/{scene.hearing.mediation_id}/moves/hold/", data={"minutes": "双方到场。"},
        headers={"X-CSRFToken": next(one["value"] for one in host.context.cookies() if one["name"] == "csrftoken"), "Referer": house.url},
    )  # fmt: skip
    assert held.status == 200, held.text()
    for one in (host, guest, waiting):
        expect(one.page.locator("#says")).to_contain_text("调解会已经结束", timeout=BOUND * 1000)
        assert one.page.evaluate("() => [window.onlineTracks().audio, window.onlineTracks().video, window.onlinePeers().length]") == [None, None, 0]
        expect(one.page.locator("#devices")).to_be_hidden()
    for token, _code in scene.links:
        assert waiting.open(f"/join/{token}/") == 410
    part(host, guest, waiting)
