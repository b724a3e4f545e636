"""A PDF in the room: who leads and who looks alone; and another language in the middle of it, without leaving the call, and an interpreter who is heard above the others."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.meeting import BOUND, Guest, arrange, host_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PATIENCE, PHONE
from tests.mediation.test_online_leaves import written

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
DRAWN = "() => document.getElementById('shown-picture').naturalWidth === 1200 && !document.getElementById('shown-picture').hidden"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    return arrange()


def at_page(one: Guest, text: str) -> None:
    expect(one.page.locator("#leaf-place")).to_have_text(text, timeout=PATIENCE * 1000)
    one.page.wait_for_function(DRAWN, timeout=BOUND * 1000)


def test_the_mediator_leads_through_a_paper_and_somebody_looks_alone(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host, guest = host_of(scene, house, cameras), Guest(cameras, house.url, None, size=PHONE).join(scene.links[0])
    host.admits("宏远劳务")
    host.sees_move("宏远劳务")
    host.press("展示文件")
    host.page.locator("#show-file").set_input_files({"name": "工资表.pdf", "mimeType": "application/pdf", "buffer": written(3)})
    host.press("展示")
    for one in (host, guest):
        at_page(one, "第 1 页，共 3 页")
    host.press("下一页")
    at_page(guest, "第 2 页，共 3 页")
    guest.press("下一页")  # on their own
    at_page(guest, "第 3 页，共 3 页")
    expect(guest.page.locator("#leaf-on")).to_be_disabled()
    expect(guest.page.locator("#leaf-who")).to_have_text("您在自己翻看，没有跟随。")
    expect(host.page.locator("#leaf-place")).to_have_text("第 2 页，共 3 页")
    guest.press("跟着看（现在第 2 页）")
    at_page(guest, "第 2 页，共 3 页")
    host.press("上一页")
    at_page(guest, "第 1 页，共 3 页")
    guest.fits()
    guest.page.locator("#show-file").set_input_files({"name": "坏.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 broken" + b"x" * 500})
    guest.press("展示文件")
    guest.press("展示")
    expect(guest.page.locator("#says")).to_contain_text("这个 PDF 打不开", timeout=PATIENCE * 1000)
    at_page(host, "第 1 页，共 3 页")  # what was shown stays
    host.press("收起")
    expect(guest.page.locator("#shown")).to_be_hidden(timeout=PATIENCE * 1000)
    assert (host.troubles, guest.troubles) == ([], [])
    guest.context.close()
    host.context.close()


def test_another_language_without_leaving_the_call(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host, guest = host_of(scene, house, cameras), Guest(cameras, house.url, None, size=PHONE).join(scene.links[3])
    host.admits("翻译孙")
    guest.sees_move("条和")
    guest.page.evaluate("() => { window.sameCall = window.onlinePeers()[0]; }")
    guest.press("English")
    expect(guest.page.locator("#mic")).to_have_text("Mute", timeout=PATIENCE * 1000)
    expect(guest.page.locator("html")).to_have_attribute("lang", "en")
    expect(guest.tile("条和").locator(".role")).to_have_text("Mediator", timeout=PATIENCE * 1000)
    expect(guest.page.locator("h1")).to_have_text("Online hearing room")
    assert guest.page.evaluate("() => window.onlinePeers()[0] === window.sameCall && window.sameCall.line.connectionState") == "connected"
    left = guest.page.evaluate("() => [...document.querySelectorAll('.online-bar, #chat, #show')].map((part) => part.textContent).join('').match(/[\\u4e00-\\u9fff]+/g)")
    assert left is None, left
    third = Guest(cameras, house.url, None).join(scene.links[2])
    host.admits("李四")
    third.sees_move("翻译孙")
    volumes = "() => Object.fromEntries([...document.querySelectorAll('.tile-of:not(.is-mine)')].map((box) => [box.querySelector('.who').textContent, box.querySelector('video').volume]))"
    assert third.page.evaluate(volumes) == {"条和": 1, "翻译孙": 1}
    third.press("听清翻译")
    assert third.page.evaluate(volumes) == {"条和": 0.15, "翻译孙": 1}
    assert set(host.page.evaluate(volumes).values()) == {1}  # for nobody else
    third.press("恢复大家的音量")
    assert third.page.evaluate(volumes) == {"条和": 1, "翻译孙": 1}
    assert third.troubles == []
    third.context.close()
    guest.press("Mute")
    expect(host.tile("翻译孙")).to_have_attribute("data-muted", "yes", timeout=PATIENCE * 1000)
    expect(host.page.locator("#mic")).to_have_text("关麦克风")  # the others keep theirs
    guest.fits()
    guest.press("简体中文")
    expect(guest.page.locator("#mic")).to_have_text("开麦克风", timeout=PATIENCE * 1000)
    guest.sees_move("条和")
    assert (host.troubles, guest.troubles) == ([], [])
    guest.context.close()
    host.context.close()
