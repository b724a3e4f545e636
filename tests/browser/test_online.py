"""An online hearing with Chromium's fake cameras: two people see and hear each other move, the waiting room, the supervisor's
seat, six people in one room, a reload, a permission that is refused."""

import hashlib
import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from mediation.models import OnlineNote, OnlineRecording
from tests.browser.meeting import BOUND, MEETING, Guest, arrange, host_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PATIENCE, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    return arrange()


def test_two_people_see_each_other_move_and_a_muted_microphone_is_seen_by_the_other(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host = host_of(scene, house, cameras)
    guest = Guest(cameras, house.url, None, size=PHONE).join(scene.links[0])
    expect(guest.page.locator("#says")).to_contain_text("您在等候室", timeout=PATIENCE * 1000)
    assert guest.page.locator(".tile-of").count() == 0, "nobody is seen from the waiting room"
    host.admits("宏远劳务")
    host.sees_move("宏远劳务")
    guest.sees_move("条和")
    stats = """async () => { const found = []; for (const row of (await window.onlinePeers()[0].line.getStats()).values())
      if (row.type === 'inbound-rtp') found.push([row.kind, row.packetsReceived > 0, row.framesDecoded > 0]); return found.sort(); }"""
    assert guest.page.evaluate(stats) == [["audio", True, False], ["video", True, True]]
    expect(host.tile("宏远劳务")).to_have_attribute("data-muted", "no", timeout=PATIENCE * 1000)
    guest.press("关麦克风")
    expect(host.tile("宏远劳务")).to_have_attribute("data-muted", "yes", timeout=PATIENCE * 1000)
    guest.press("关摄像头")
    expect(host.tile("宏远劳务")).to_have_attribute("data-camera", "no", timeout=PATIENCE * 1000)
    assert guest.page.evaluate("() => window.onlineTracks().video") is None, "the camera is off, not only hidden"
    guest.press("开麦克风")
    expect(host.tile("宏远劳务")).to_have_attribute("data-muted", "no", timeout=PATIENCE * 1000)
    host.press("全体静音")
    expect(host.tile("宏远劳务")).to_have_attribute("data-muted", "yes", timeout=PATIENCE * 1000)
    expect(guest.page.locator("#says")).to_contain_text("调解员关了所有人的麦克风", timeout=PATIENCE * 1000)
    guest.press("开摄像头")
    host.sees_move("宏远劳务")
    guest.fits()
    guest.page.reload()
    guest.sees_move("条和")
    host.sees_move("宏远劳务")
    host.page.get_by_role("button", name="请出 宏远劳务").click()
    expect(guest.page.locator("#says")).to_contain_text("调解员请您离开了会场", timeout=PATIENCE * 1000)
    expect(host.tile("宏远劳务")).to_have_count(0, timeout=PATIENCE * 1000)
    assert (host.troubles, guest.troubles) == ([], [])
    host.leaves()
    guest.context.close()
    host.context.close()


def test_nobody_is_in_before_the_mediator_and_the_supervisor_is_seen_by_everybody(scene: type[Scene], house: Running, cameras: Browser) -> None:
    guest = Guest(cameras, house.url, None, size=PHONE).join(scene.links[1])
    expect(guest.page.locator("#says")).to_contain_text("调解员", timeout=PATIENCE * 1000)
    host = host_of(scene, house, cameras)
    host.admits("张三")
    host.sees_move("张三")
    watcher = Guest(cameras, house.url, scene.city).sign_in().enter(scene)
    for one in (host, guest):
        expect(one.page.locator("#watch")).to_contain_text("监督席：史督（市级督办员）", timeout=PATIENCE * 1000)
        assert one.tile("史督").count() == 0
    for name in ("条和", "张三"):
        watcher.sees_move(name)
    assert watcher.page.get_by_role("button", name="关麦克风").count() == 0
    sends = "() => window.onlinePeers().map((peer) => peer.line.getSenders().filter((one) => one.track).length)"
    assert watcher.page.evaluate(sends) == [0, 0]
    watcher.leaves()
    expect(host.page.locator("#watch")).to_be_hidden(timeout=PATIENCE * 1000)
    moves = [fact for fact in scene.claim.events.order_by("seq").values_list("facts__move", flat=True) if fact and fact.startswith("online_")]
    assert moves == ["online_watched", "online_unwatched"]
    assert (host.troubles, guest.troubles, watcher.troubles) == ([], [], [])
    live = "() => [window.onlineTracks().audio, window.onlineTracks().video, window.onlinePeers().length]"
    guest.leaves()
    assert guest.page.evaluate(live) == [None, None, 0], "nothing goes on running"
    expect(host.tile("张三")).to_have_count(0, timeout=PATIENCE * 1000)
    for one in (guest, watcher, host):
        one.context.close()


def test_six_people_see_each_other(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host = host_of(scene, house, cameras)
    names = ["宏远劳务", "张三", "李四", "翻译孙", "旁听周"]
    guests = [Guest(cameras, house.url, None).join(link) for link in scene.links]
    for name in names:
        button = host.page.get_by_role("button", name=f"准许入会 {name}")
        if not host.tile(name).count():
            button.click()
    begun = time.monotonic()
    for one, own in zip([host, *guests], ["条和", *names], strict=True):
        for name in ["条和", *names]:
            if name != own:
                one.sees_move(name, BOUND - (time.monotonic() - begun))
    took = time.monotonic() - begun
    assert took < BOUND, f"six people see each other after {took:.1f} s"
    for one in (host, *guests):
        assert one.page.evaluate("() => window.onlinePeers().map((peer) => peer.line.connectionState)") == ["connected"] * 5
        assert one.troubles == []
    for one in (*guests, host):
        one.context.close()


def test_a_permission_that_is_refused_leads_to_the_meeting_link_or_to_listening(scene: type[Scene], house: Running, browser: Browser, cameras: Browser) -> None:
    host = host_of(scene, house, cameras)
    guest = Guest(browser, house.url, None, size=PHONE).join(scene.links[4])  # a browser without camera, where nobody allows anything
    expect(guest.page.locator("#trouble")).to_be_visible()
    link = guest.page.locator("#elsewhere")
    assert (link.get_attribute("href"), link.get_attribute("target")) == (MEETING, "_blank")
    guest.fits()
    guest.press("只听不说")
    button = host.page.get_by_role("button", name="准许入会 旁听周")
    expect(button.or_(host.tile("旁听周"))).to_be_visible()
    if button.count():
        button.click()
    guest.sees_move("条和")
    expect(host.tile("旁听周")).to_have_attribute("data-muted", "yes", timeout=PATIENCE * 1000)
    assert guest.troubles == []
    guest.context.close()
    host.context.close()


def test_writing_showing_and_recording_while_everybody_agrees(scene: type[Scene], house: Running, cameras: Browser) -> None:
    host = host_of(scene, house, cameras)
    guest = Guest(cameras, house.url, None, size=PHONE).join(scene.links[2])
    button = host.page.get_by_role("button", name="准许入会 李四")
    expect(button.or_(host.tile("李四"))).to_be_visible(timeout=PATIENCE * 1000)
    if button.count():
        button.click()
    host.sees_move("李四")
    guest.press("消息")
    guest.page.get_by_label("写给大家").fill("三月底以前付清")
    guest.press("发送")
    host.press(re.compile("^消息"))
    expect(host.page.locator("#chat-lines")).to_contain_text("三月底以前付清", timeout=PATIENCE * 1000)
    host.press("记入笔录")
    expect(host.page.get_by_role("button", name="已记入笔录")).to_be_disabled(timeout=PATIENCE * 1000)
    assert OnlineNote.objects.get().text == "三月底以前付清"
    guest.press("展示文件")
    picture = BytesIO()
    Image.new("RGB", (300, 200), "white").save(picture, "PNG")
    guest.page.locator("#show-file").set_input_files({"name": "考勤.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    guest.press("展示")
    expect(host.page.locator("#shown-picture")).to_have_js_property("naturalWidth", 300, timeout=PATIENCE * 1000)
    guest.fits()
    host.press("收起")
    expect(guest.page.locator("#shown")).to_be_hidden(timeout=PATIENCE * 1000)
    host.press("请求录制")
    expect(guest.page.locator("#consent-ask")).to_contain_text("您同意吗", timeout=PATIENCE * 1000)
    guest.press("同意录制")
    host.page.get_by_role("button", name="开始录制").click()
    expect(guest.page.locator("#recording")).to_be_visible(timeout=PATIENCE * 1000)
    limit = time.monotonic() + BOUND
    while (row := OnlineRecording.objects.first()) is None or row.pieces < 2:
        assert time.monotonic() < limit, "no pieces come"
        host.page.wait_for_timeout(500)
    guest.press("撤回同意")
    expect(host.page.locator("#recording")).to_be_hidden(timeout=PATIENCE * 1000)
    row.refresh_from_db()
    kept = Path(row.file.path).read_bytes()
    assert (row.ended_because, row.size, row.sha256) == ("refused", len(kept), hashlib.sha256(kept).hexdigest())
    assert kept[:4] == b"\x1a\x45\xdf\xa3", "a WebM that plays"
    assert (host.troubles, guest.troubles) == ([], [])
    guest.context.close()
    host.context.close()
