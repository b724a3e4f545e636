"""Intake on a phone without a signal, in a real browser: network and server gone, tab killed, clock moved, two tabs, no
room, answers lost. Whatever happens, a draft is sent exactly once or is still there.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from arrears.models import IntakeDraft
from arrears.privacy import VERSION
from bench.faults.lossy import BROKEN, LOST, THROUGH, UNANSWERED, LossyNetwork
from grid.days import day_of
from grid.models import Person
from tests.browser.phone import FIELD, Phone, claims_of, once
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.test_pages import cookie_of
from tests.browser.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.case = Scene.make_claim(now=timezone.now())
    Scene.cookies = [cookie_of(Person.objects.get(pk=Scene.grid_worker.pk)) for _number in range(40)]  # one of them is signed out
    return Scene


@pytest.fixture
def network(house: Running) -> Iterator[LossyNetwork]:
    address = urlsplit(house.url)
    with LossyNetwork((address.hostname or "", address.port or 0)) as between:
        yield between


@pytest.fixture
def phone(scene: type[Scene], network: LossyNetwork, browser: Browser) -> Iterator[Phone]:
    held = Phone(browser, network.url, scene.grid_worker, PHONE, has_touch=True, is_mobile=True)
    held.context.add_cookies([{"name": "sessionid", "value": scene.cookies.pop(), "url": network.url}])
    yield held.start()
    network.is_up = True
    network.decide = lambda method, path: THROUGH
    held.context.close()
    assert not held.troubles, "\n".join(held.troubles)


def test_without_network_and_server_the_app_starts_keeps_a_draft_and_sends_it_once(phone: Phone, network: LossyNetwork) -> None:
    phone.keep_shell()
    network.is_up = False
    phone.context.set_offline(True)
    phone.open("/")
    assert phone.path == FIELD
    phone.ready()
    phone.write("离线甲")
    phone.finish()
    expect(phone.rows("ready")).to_have_count(1)
    phone.context.set_offline(False)  # a signal, but nobody answers
    phone.send()
    expect(phone.rows("ready")).to_contain_text("没有网络，等有网络再发送")
    assert not claims_of("离线甲")
    network.is_up = True
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert len(claims_of("离线甲")) == 1
    assert (phone.count("drafts"), phone.count("pieces")) == (0, 0)


def test_by_itself_it_sends_only_when_told_to(phone: Phone) -> None:
    phone.context.set_offline(True)
    phone.write("离线乙")
    phone.finish()
    phone.context.set_offline(False)
    phone.page.wait_for_timeout(1500)
    expect(phone.rows("ready")).to_have_count(1)
    assert not claims_of("离线乙")
    phone.context.set_offline(True)
    phone.page.locator("#auto").check()
    phone.context.set_offline(False)
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert len(claims_of("离线乙")) == 1


@pytest.mark.parametrize("fate", [LOST, UNANSWERED, BROKEN])
def test_a_request_an_answer_or_a_server_lost_in_the_middle_makes_one_claim(phone: Phone, network: LossyNetwork, fate: str) -> None:
    name = f"离线{fate}"
    network.decide = once(fate)
    phone.write(name)
    phone.finish()
    expect(phone.rows("ready")).to_have_count(1)
    assert len(claims_of(name)) == (fate == UNANSWERED)
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert len(claims_of(name)) == 1


def test_a_killed_tab_loses_nothing_and_two_tabs_and_two_taps_send_once(phone: Phone) -> None:
    phone.write("离线丙")
    expect(phone.page.locator("#saved")).to_contain_text("已存在手机上")
    killed, phone.page = phone.page, phone.context.new_page()
    killed.close(run_before_unload=False)
    phone.start()
    expect(phone.rows("writing")).to_contain_text("离线丙")
    phone.page.get_by_role("button", name="继续填写").click()
    for _number in range(4):
        phone.next()
    expect(phone.page.locator("#f-amount")).to_have_value("3500")
    phone.page.locator("[name=consent]").check()
    phone.context.set_offline(True)
    phone.press("写好了，放入发件箱")
    expect(phone.rows("ready")).to_have_count(1)
    phone.context.set_offline(False)
    other = phone.context.new_page()
    other.goto(FIELD)
    expect(other.locator("#outbox [data-state=ready]")).to_have_count(1)
    both = [page.evaluate("() => { document.querySelector('#send-all').click(); document.querySelector('#send-all').click(); }") for page in (phone.page, other)]
    assert len(both) == 2
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    expect(phone.page.locator("#outbox li")).to_have_count(0)
    assert len(claims_of("离线丙")) == 1


def test_what_is_refused_says_why_and_is_mended_and_a_clock_gone_wrong_is_found_out(phone: Phone) -> None:
    phone.page.clock.set_system_time(timezone.now() + timedelta(days=3))
    phone.page.reload()
    phone.ready()
    phone.write("离线丁", amount="很多")
    phone.finish()
    expect(phone.rows("refused")).to_contain_text("收到日期不能晚于今天")
    expect(phone.rows("refused")).to_contain_text("看不懂这个金额")
    phone.page.get_by_role("button", name="去改正").click()
    expect(phone.page.locator("#f-received")).to_be_visible()
    phone.page.locator("#f-received").fill(day_of(timezone.now()).isoformat())
    phone.next()
    phone.page.locator("#f-amount").fill("1.2万")
    phone.next()
    phone.finish()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    (claim,) = claims_of("离线丁")
    assert claim.claimed == 12_000
    assert 4300 < int(claim.events.get(kind="register").facts["phone_clock_minutes"]) < 4330


def test_a_notice_that_is_not_kept_here_is_read_out_again_and_the_draft_is_there(phone: Phone) -> None:
    phone.page.evaluate("document.querySelector('#draft-form').dataset.version = '2019-01'")  # a page kept since the text was withdrawn
    phone.write("旧告知")
    phone.finish()
    expect(phone.rows("refused")).to_have_count(1)
    assert not claims_of("旧告知")
    phone.open(FIELD)
    phone.ready()
    phone.page.get_by_role("button", name="去改正").click()
    expect(phone.page.locator("[data-error=consent]")).to_contain_text("2019-01")
    expect(phone.page.locator("[name=consent]")).not_to_be_checked()
    phone.page.locator("[name=consent]").check()
    phone.finish()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    (claim,) = claims_of("旧告知")
    assert claim.events.get(kind="register").facts["privacy_notice"] == VERSION


def test_a_draft_changed_on_both_sides_is_put_side_by_side(phone: Phone, scene: type[Scene]) -> None:
    phone.write("离线戊")
    phone.press("先存到服务器，回办公室再登记")
    expect(phone.rows("kept")).to_have_count(1)
    desk = phone.context.new_page()  # meanwhile in the office
    desk.goto(f"/claims/new/{IntakeDraft.objects.get(person=scene.grid_worker).pk}/money/")
    desk.locator("[name=money-0-rate]").fill("9000")
    desk.get_by_role("button", name="下一步").click()
    desk.wait_for_url("**/story/")
    phone.page.get_by_role("button", name="继续填写").click()
    phone.page.locator("#f-phone").fill("13800000009")
    for _number in range(4):
        phone.next()
    phone.finish()
    expect(phone.rows("conflict")).to_have_count(1)
    phone.page.get_by_role("button", name="对照两边").click()
    expect(phone.page.locator("#conflict-rows")).to_contain_text("3500")
    expect(phone.page.locator("#conflict-rows")).to_contain_text("9000")
    phone.press("按所选内容继续")
    expect(phone.page.locator("#alarm")).to_contain_text("还有一项没有选")
    assert not claims_of("离线戊")
    for side in ("theirs", "mine"):
        phone.page.locator(f"#conflict-rows input[value={side}]").nth(0 if side == "mine" else 1).check()
    phone.press("按所选内容继续")
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    (claim,) = claims_of("离线戊")
    assert (claim.claimed, claim.claimants.get().phone) == (9000, "13800000009")


def test_two_tabs_that_change_one_draft_are_told_and_neither_overwrites(phone: Phone) -> None:
    phone.write("离线己")
    phone.press("回到发件箱")
    other = phone.context.new_page()
    other.goto(FIELD)
    for page in (phone.page, other):
        page.get_by_role("button", name="继续填写").click()
        expect(page.locator("#f-name")).to_have_value("离线己")
    phone.page.locator("#f-phone").fill("13800000001")
    expect(phone.page.locator("#saved")).to_contain_text("已存在手机上")
    phone.page.wait_for_timeout(700)
    other.locator("#f-phone").fill("13800000002")
    expect(other.locator("#conflict-rows")).to_contain_text("13800000001")
    expect(other.locator("#conflict-rows")).to_contain_text("13800000002")


def test_changed_after_a_lost_answer_the_claim_stays_and_the_difference_is_shown(phone: Phone, network: LossyNetwork) -> None:
    network.decide = once(UNANSWERED)
    phone.write("离线庚")
    phone.finish()
    expect(phone.rows("ready")).to_have_count(1)
    phone.page.get_by_role("button", name="继续填写").click()
    phone.page.locator("#f-phone").fill("13800000003")
    for _number in range(4):
        phone.next()
    phone.finish()
    phone.page.get_by_role("button", name="对照两边").click()
    expect(phone.page.locator("#conflict-why")).to_contain_text("已经登记为 宿欠")
    phone.press("以登记的为准，清除手机上的草稿")
    expect(phone.page.locator("#outbox li")).to_have_count(0)
    (claim,) = claims_of("离线庚")
    assert claim.claimants.get().phone == ""
    assert phone.count("drafts") == 0


def test_with_no_room_left_it_says_so_and_what_was_kept_stays(phone: Phone, network: LossyNetwork) -> None:
    phone.write("离线辛")
    expect(phone.page.locator("#saved")).to_contain_text("已存在手机上")
    phone.page.evaluate("() => { const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (row) { if (this.name === 'pieces') throw new DOMException('full', 'QuotaExceededError'); return put.call(this, row); }; }")
    phone.page.locator("[name=photos]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": phone.page.screenshot()})
    expect(phone.page.locator("#alarm")).to_contain_text("手机存储空间不够")
    assert (phone.count("drafts"), phone.count("pieces")) == (1, 0)
    phone.page.reload()
    phone.ready()
    expect(phone.rows("writing")).to_contain_text("离线辛")


def test_a_session_that_ended_keeps_the_draft_until_somebody_signs_in(phone: Phone, scene: type[Scene], network: LossyNetwork) -> None:
    phone.context.clear_cookies()
    phone.write("离线壬")
    phone.finish()
    expect(phone.rows("ready")).to_contain_text("登录已过期，登录后再发送")
    phone.page.locator("#outbox").get_by_role("link", name="去登录").click()
    phone.fill("用户名", scene.grid_worker.username)
    phone.fill("密码", "xinan-test-2026")
    phone.press("登录")
    phone.ready()
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert len(claims_of("离线壬")) == 1


def test_photo_recording_and_signature_arrive_once_each_and_smaller(scene: type[Scene], network: LossyNetwork, chromium_path: str, browser: Browser, phone: Phone) -> None:
    lost: list[str] = []

    def decide(method: str, path: str) -> str:
        if path.endswith("/file/") and len(lost) < 1:
            lost.append(path)
            return UNANSWERED
        return THROUGH

    network.decide = decide
    phone.write("离线癸")
    big = phone.page.evaluate("""() => { const canvas = document.createElement("canvas"); canvas.width = 2400; canvas.height = 1800; const pen = canvas.getContext("2d");
        const noise = pen.createImageData(2400, 1800); for (let i = 0; i < noise.data.length; i += 1) noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 255; pen.putImageData(noise, 0, 0);
        return new Promise((done) => canvas.toBlob((blob) => { const reader = new FileReader(); reader.onload = () => done(reader.result.split(",")[1]); reader.readAsDataURL(blob); }, "image/jpeg", 0.95)); }""")
    from_camera = b64decode(big)
    phone.page.locator("[name=photos]").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": from_camera})
    expect(phone.page.locator("#pieces li")).to_have_count(1)
    pad = phone.page.locator("canvas.signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    phone.page.mouse.move(box["x"] + 20, box["y"] + 20)
    phone.page.mouse.down()
    phone.page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    phone.page.mouse.up()
    expect(phone.page.locator("#pieces")).to_contain_text("劳动者签名")
    phone.finish()
    expect(phone.rows("files")).to_contain_text("已登记，附件待传")
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    (claim,) = claims_of("离线癸")
    found = {evidence.kind: evidence for evidence in claim.evidence.all()}
    assert sorted(evidence.kind for evidence in claim.evidence.all()) == ["photo", "signature"]
    assert found["photo"].extension == "jpg" and found["photo"].size < len(from_camera) / 2
    assert re.fullmatch(r"离线癸签名，\d{4}-\d\d-\d\d \d\d:\d\d，告知文本\d{4}-\d\d", found["signature"].title)
    assert phone.count("pieces") == 0


def test_signing_out_asks_first_and_leaves_nothing_behind(phone: Phone) -> None:
    phone.context.set_offline(True)
    phone.write("离线子")
    phone.finish()
    phone.context.set_offline(False)
    phone.open("/settings/")
    phone.page.locator(".topbar summary").click()
    asked: list[str] = []
    phone.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    phone.press("退出登录")
    phone.page.wait_for_timeout(500)
    assert phone.path == "/settings/" and "1 份没有发送的草稿" in asked[0]
    phone.page.once("dialog", lambda dialog: dialog.accept())
    phone.press("退出登录")
    phone.page.wait_for_url("**/sign-in/**")
    assert phone.page.evaluate("() => indexedDB.databases().then((all) => all.length)") == 0


def test_what_stands_on_the_phone_is_sealed_and_no_page_of_a_case_is_kept(phone: Phone, scene: type[Scene]) -> None:
    phone.keep_shell()
    phone.write("离线丑")
    expect(phone.page.locator("#saved")).to_contain_text("已存在手机上")
    stored = phone.page.evaluate("""() => new Promise((done) => { const asked = indexedDB.open("xinan-field"); asked.onsuccess = () => { const base = asked.result, all = base.transaction(["drafts", "keys"]);
        const rows = all.objectStore("drafts").getAll(), keys = all.objectStore("keys").getAll();
        all.oncomplete = () => { base.close(); done({ rows: rows.result.map((row) => new TextDecoder().decode(row.sealed.data) + JSON.stringify(row)), takes_out: keys.result.map((row) => row.key.extractable) }); }; }; })""")
    assert stored["takes_out"] == [False]
    assert not any("离线丑" in row or "孙老板" in row for row in stored["rows"])
    phone.open(f"/claims/{scene.case.pk}/")
    kept = phone.page.evaluate("() => caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys())))).then((all) => all.flat().map((one) => new URL(one.url).pathname))")
    assert FIELD in kept and all(path == FIELD or path.startswith("/static/") for path in kept)


def test_a_single_claim_asks_for_eight_fields_at_most(phone: Phone) -> None:
    """Of both ways in: the pages of intake, and the page that works without a network. Printed for whoever counts."""
    needed = "() => [...new Set([...document.querySelectorAll('main [required]:not([type=hidden]), main [data-needed]')].filter((one) => !one.closest('template')).map((one) => one.dataset.needed || one.name))]"
    phone.page.get_by_role("button", name="新登记一件").click()
    offline = set(phone.page.evaluate(needed))
    phone.open("/claims/new/")
    asked = set(phone.page.evaluate(needed))
    phone.fill("姓名", "离线寅")
    phone.press("下一步")
    phone.page.wait_for_url(re.compile("/whom/"))
    asked |= set(phone.page.evaluate(needed))
    phone.fill("别名、绰号、车牌等线索", "孙老板")
    phone.press("下一步")
    phone.page.wait_for_url(re.compile("/where/"))
    asked |= set(phone.page.evaluate(needed))
    phone.press("下一步")
    phone.page.wait_for_url(re.compile("/money/"))
    asked |= set(phone.page.evaluate(needed))
    phone.fill("单价或总额（元）", "3500")
    phone.press("下一步")
    phone.page.wait_for_url(re.compile("/story/"))
    asked |= set(phone.page.evaluate(needed))
    phone.press("核对")
    phone.page.wait_for_url(re.compile("/check/"))
    asked |= set(phone.page.evaluate(needed))
    print(f"required for a single claim: {len(asked)} online {sorted(asked)}, {len(offline)} offline {sorted(offline)}")  # noqa: T201
    assert asked == {"who", "whom", "region", "received_on", "money", "consent"}
    assert offline == {"name", "firm", "region", "received", "amount", "consent"}
    phone.tick(re.compile("告知"))
    phone.press("登记案件")
    phone.sees("案件已登记")
    assert len(claims_of("离线寅")) == 1
