"""/field/ where things break for real: a disk without room, a microphone, a server killed while it is registering;
and what a phone offers without a network: names nearby, promises, filling in what a registered claim lacks.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from shutil import disk_usage
from subprocess import Popen
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect

from arrears.intake import RespondentFacts
from arrears.models import Employer
from bench.faults.lossy import THROUGH, UNANSWERED, LossyNetwork
from bench.processes import kill, start
from config.embedded.folder import open_folder
from config.embedded.process import pick_port
from config.serve import list_children
from grid.days import day_of
from grid.models import Person
from tests.browser.conftest import FLAGS
from tests.browser.phone import Phone, claims_of, once
from tests.browser.running import HOST, Running, environment
from tests.browser.scene import Scene
from tests.browser.test_pages import cookie_of
from tests.browser.visitor import PATIENCE, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NOISE = """() => { const canvas = document.createElement("canvas"); canvas.width = 2400; canvas.height = 1800; const pen = canvas.getContext("2d");
    const noise = pen.createImageData(2400, 1800); for (let i = 0; i < noise.data.length; i += 1) noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 255; pen.putImageData(noise, 0, 0);
    return new Promise((done) => canvas.toBlob((blob) => { const input = document.querySelector("[name=photos]"), kept = new DataTransfer();
      kept.items.add(new File([blob], "IMG_2.jpg", { type: "image/jpeg" })); input.files = kept.files; input.dispatchEvent(new Event("change", { bubbles: true })); done(blob.size); }, "image/jpeg", 0.95)); }"""


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.case = Scene.make_claim(now=timezone.now(), site_name="翰林雅苑二期", respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour")])
    Scene.make_claim(now=timezone.now(), region="321322102", respondents=[RespondentFacts("胡集宏远建工有限公司", credit_code="91321322MA1N00001X")])
    Scene.cookies = [cookie_of(Person.objects.get(pk=Scene.grid_worker.pk)) for _number in range(20)]
    return Scene


@pytest.fixture
def network(house: Running) -> Iterator[LossyNetwork]:
    address = urlsplit(house.url)
    with LossyNetwork((address.hostname or "", address.port or 0)) as between:
        yield between


def hold(browser: Any, url: str, scene: type[Scene], **options: object) -> Phone:
    held = Phone(browser, url, scene.grid_worker, PHONE, has_touch=True, is_mobile=True, **options)
    held.context.add_cookies([{"name": "sessionid", "value": scene.cookies.pop(), "url": url}])
    return held


@pytest.fixture
def phone(scene: type[Scene], network: LossyNetwork, browser: Browser) -> Iterator[Phone]:
    held = hold(browser, network.url, scene)
    yield held.start()
    network.is_up = True
    network.decide = lambda method, path: THROUGH
    held.context.close()
    assert not held.troubles, "\n".join(held.troubles)


# The disk


class SmallDisk:
    """A browser whose profile lies on a disk with next to no room: it gives one address a share of `room` bytes."""

    def __init__(self, browser: Browser, chromium_path: str, folder: Path, room: int) -> None:
        share = room / disk_usage(folder).total
        self.flags = [*FLAGS, f"--enable-features=StorageQuotaSettings:PoolSizeBytes/{room}/PoolSizeRatio/{share:.12f}"]
        self.browser, self.path, self.folder = browser, chromium_path, folder

    def new_context(self, **options: object) -> BrowserContext:
        return self.browser.browser_type.launch_persistent_context(self.folder, executable_path=self.path, args=self.flags, **options)


def test_a_disk_that_is_really_full_says_so_and_what_was_written_stays_and_is_sent(
    scene: type[Scene], network: LossyNetwork, browser: Browser, chromium_path: str, tmp_path: Path
) -> None:
    phone = hold(SmallDisk(browser, chromium_path, tmp_path, 1_000_000), network.url, scene).start()
    phone.write("断电甲")
    expect(phone.page.locator("#saved")).to_contain_text("已存在手机上")
    assert phone.page.evaluate(NOISE) > 1_000_000
    expect(phone.page.locator("#alarm")).to_contain_text("手机存储空间不够")
    assert (phone.count("drafts"), phone.count("pieces")) == (1, 0)
    phone.page.reload()
    phone.ready()
    expect(phone.rows("writing")).to_contain_text("断电甲")
    phone.page.get_by_role("button", name="继续填写").click()
    for _number in range(4):
        phone.next()
    expect(phone.page.locator("#f-amount")).to_have_value("3500")
    phone.finish()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert len(claims_of("断电甲")) == 1
    phone.context.close()
    assert not phone.troubles


# The microphone


@pytest.fixture
def speaking(chromium_path: str, browser: Browser) -> Iterator[Browser]:
    """A browser with a microphone in which something is always heard, and somebody who allows it."""
    flags = [*FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    started = browser.browser_type.launch(executable_path=chromium_path, args=flags)
    yield started
    started.close()


def test_a_voice_note_is_recorded_kept_without_a_network_and_becomes_evidence(scene: type[Scene], network: LossyNetwork, speaking: Browser) -> None:
    phone = hold(speaking, network.url, scene, permissions=["microphone"]).start()
    phone.context.set_offline(True)
    phone.write("断电乙")
    phone.press("开始录音")
    expect(phone.page.get_by_role("button", name="停止录音")).to_be_visible()
    phone.page.wait_for_timeout(2500)
    phone.press("停止录音")
    expect(phone.page.locator("#pieces")).to_contain_text("录音")
    expect(phone.page.locator("[data-records] [data-says]")).to_contain_text("已录好")
    phone.finish()
    expect(phone.rows("ready")).to_contain_text("1 个附件")
    phone.context.set_offline(False)
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    (claim,) = claims_of("断电乙")
    note = claim.evidence.get()
    assert (note.kind, note.extension) == ("voice", "webm") and note.size > 3000
    phone.context.close()
    assert not phone.troubles


def test_without_a_microphone_it_says_what_to_do(phone: Phone) -> None:
    phone.write("断电丙")
    phone.press("开始录音")
    expect(phone.page.locator("[data-records] [data-says]")).to_contain_text("请允许使用麦克风，或者选一个录音文件")
    expect(phone.page.get_by_role("button", name="开始录音")).to_be_visible()


# The server


class Web:
    """The web server alone, on a port of its own, as bin/serve starts it."""

    def __init__(self, house: Running, folder: Path) -> None:
        self.port, self.folder = pick_port(None), folder
        self.command = next(child for child in list_children(open_folder(folder), HOST, self.port) if child.name == "web").command
        self.env = environment(f"http://{HOST}:{self.port}", house.mail)
        self.process: Popen | None = None

    def begin(self) -> None:
        self.process = start(command=self.command, env=self.env, stderr=(self.folder / "web.log").open("a"))
        limit = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < limit, (self.folder / "web.log").read_text()
            time.sleep(0.2)

    def answers(self) -> bool:
        line = HTTPConnection(HOST, self.port, timeout=3)
        try:
            line.request("GET", "/field/me/", headers={"Host": HOST})
            return line.getresponse().status == 401
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def die(self) -> None:
        assert self.process is not None
        kill(self.process)


@pytest.fixture
def web(house: Running, tmp_path: Path) -> Iterator[Web]:
    started = Web(house, tmp_path)
    started.begin()
    yield started
    started.die()


@contextmanager
def counter_held() -> Iterator[None]:
    """Nobody gets a case number meanwhile. On a connection of its own: the test's ends its transaction with the test."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT last FROM arrears_casecounter FOR UPDATE")
            assert cursor.fetchall()
        yield
    finally:
        other.rollback()
        other.close()


def is_registering() -> bool:
    """Somebody waits for the counter of case numbers: in the middle of writing a claim."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction it would see the same for ever
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%casecounter%' AND pid <> pg_backend_pid()")
        return cursor.fetchone()[0] > 0


def test_a_server_killed_while_it_registers_and_started_again_makes_one_claim(scene: type[Scene], web: Web, browser: Browser) -> None:
    with LossyNetwork((HOST, web.port)) as network:
        phone = hold(browser, network.url, scene).start()
        phone.write("断电丁")
        with counter_held():  # so that it stands still in the middle
            phone.page.locator("[name=consent]").check()
            phone.press("写好了，放入发件箱")
            limit = time.monotonic() + PATIENCE
            while not is_registering():
                assert time.monotonic() < limit
                phone.page.wait_for_timeout(50)
            web.die()
        expect(phone.rows("ready")).to_contain_text(re.compile("没有网络|服务器这次没有收下"))
        assert not claims_of("断电丁")
        web.begin()
        phone.send()
        expect(phone.page.locator("#sent")).to_contain_text("宿欠", timeout=PATIENCE * 1000)
        assert len(claims_of("断电丁")) == 1
        assert phone.count("drafts") == 0
        phone.context.close()


# Names nearby


def wait_for_names(phone: Phone) -> None:
    """Asked in the page, one answer after the other: a promise would count as a yes to wait_for_function."""
    phone.page.evaluate("""async () => {
        for (const end = Date.now() + 15000; Date.now() < end; await new Promise((next) => setTimeout(next, 100))) {
            const lists = await FieldStore.known();
            if (lists && lists.sites.length) return;
        }
        throw new Error("no names came");
    }""")


def test_names_nearby_are_offered_without_a_network_and_one_tap_fills_them_in(phone: Phone, network: LossyNetwork) -> None:
    phone.keep_shell()
    wait_for_names(phone)
    network.is_up = False
    phone.context.set_offline(True)
    phone.page.reload()
    phone.ready()
    phone.page.get_by_role("button", name="新登记一件").click()
    phone.page.locator("#f-name").fill("断电戊")
    phone.next()
    phone.page.locator("#f-firm").fill("宏 远")
    offered = phone.page.locator("[data-known=employers] button")
    expect(offered).to_have_count(2)
    expect(offered.first).to_contain_text("宿迁宏远劳务有限公司")  # of the own township; then the county's, by its code
    expect(offered.last).to_contain_text("91321322MA1N00001X")
    offered.first.click()
    expect(phone.page.locator("#f-firm")).to_have_value("宿迁宏远劳务有限公司")
    expect(offered).to_have_count(0)
    phone.next()
    phone.page.locator("#f-site").focus()
    phone.page.locator("[data-known=sites]").get_by_role("button", name="翰林雅苑二期").click()
    phone.next()
    phone.page.locator("#f-amount").fill("3500")
    phone.next()
    phone.finish()
    network.is_up = True
    phone.context.set_offline(False)
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    (claim,) = claims_of("断电戊")
    assert claim.site == Scene.case.site
    assert claim.respondents.get().employer == Employer.objects.get(name="宿迁宏远劳务有限公司")


def test_the_names_are_sealed_like_the_drafts(phone: Phone) -> None:
    wait_for_names(phone)
    kept = phone.page.evaluate("""() => new Promise((done) => { const asked = indexedDB.open("xinan-field"); asked.onsuccess = () => { const base = asked.result, got = base.transaction(["facts"]).objectStore("facts").getAll();
        got.onsuccess = () => { base.close(); done(got.result.map((row) => JSON.stringify(row) + (row.sealed ? new TextDecoder().decode(row.sealed.data) : "")).join()); }; }; })""")
    assert '"name":"known"' in kept and "宏远" not in kept and "翰林" not in kept


# Promises


def test_a_promise_signed_on_the_phone_is_registered_once_with_its_day(phone: Phone, network: LossyNetwork) -> None:
    network.decide = once(UNANSWERED)
    phone.write("断电己")
    phone.page.locator("#promise summary").click()
    phone.page.locator("[name=promise_papers][value=identity]").check()
    phone.page.locator("[name=promise_signed]").check()
    phone.finish()  # it arrives, and nobody hears so
    expect(phone.rows("ready")).to_have_count(1)
    phone.send()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    expect(phone.page.locator("#sent")).not_to_contain_text("承诺没有登记")
    (claim,) = claims_of("断电己")
    row = claim.owed_papers.get()
    assert (row.paper, row.is_open, row.due_on - day_of(timezone.now())) == ("identity", True, timedelta(days=15))


def test_a_promise_nobody_signed_is_refused_at_its_place(phone: Phone) -> None:
    phone.write("断电庚")
    phone.page.locator("#promise summary").click()
    phone.page.locator("[name=promise_papers][value=iou]").check()
    phone.finish()
    expect(phone.rows("refused")).to_contain_text("承诺须由劳动者本人签字")
    assert not claims_of("断电庚")
    phone.page.get_by_role("button", name="去改正").click()
    expect(phone.page.locator("[data-error=promise_signed]")).to_be_visible()
    phone.page.locator("[name=promise_signed]").check()
    phone.finish()
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert claims_of("断电庚")[0].owed_papers.get().paper == "iou"


# After it was registered


def test_what_the_registered_claim_lacks_is_filled_in_from_the_phone(phone: Phone, network: LossyNetwork) -> None:
    network.decide = once(UNANSWERED)
    phone.write("断电辛")
    phone.finish()
    expect(phone.rows("ready")).to_have_count(1)
    phone.page.get_by_role("button", name="继续填写").click()
    phone.page.locator("#f-phone").fill("13800000003")
    for _number in range(3):
        phone.next()
    phone.page.locator("#f-amount").fill("9000")
    phone.next()
    phone.finish()
    phone.page.get_by_role("button", name="对照两边").click()
    phone.press("把案件里还空着的补上")
    expect(phone.page.locator("#alarm")).to_contain_text("已补到案件里：电话")
    (claim,) = claims_of("断电辛")
    assert (claim.claimants.get().phone, claim.claimed) == ("13800000003", 3500)
    expect(phone.page.locator("#conflict-rows fieldset")).to_have_count(1)  # the sum differs: for a person to look at
    expect(phone.page.locator("#conflict-page")).to_have_attribute("href", f"/claims/{claim.pk}/complete/")
    phone.press("以登记的为准，清除手机上的草稿")
    expect(phone.page.locator("#sent")).to_contain_text("宿欠")
    assert len(claims_of("断电辛")) == 1



# The amount


def test_an_amount_in_digits_is_said_in_capitals_and_the_whole_keyboard_is_one_tap_away(phone: Phone) -> None:
    phone.page.get_by_role("button", name="新登记一件").click()
    for _number in range(3):
        phone.next()
    amount, said = phone.page.locator("#f-amount"), phone.page.locator("[data-says-amount]")
    for typed, capitals in (
        ("3500", "叁仟伍佰元整"), ("1.2万", "壹万贰仟元整"), ("１２，３４５．６０", "壹万贰仟叁佰肆拾伍元陆角"), ("1005", "壹仟零伍元整"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"), ("100000", "壹拾万元整"), ("0.05", "伍分"),
    ):  # fmt: skip
        amount.fill(typed)
        expect(said).to_have_text(f"读作：{capitals}")
    for typed in ("很多", "3500.505", "叁仟伍佰元整", "-5", "1000000000000"):
        amount.fill(typed)
        expect(said).to_have_text("")
    assert amount.evaluate("one => one.inputMode") == "decimal"
    phone.press("用汉字写")
    assert amount.evaluate("one => one.inputMode") == "text"
    phone.press("用汉字写")
    assert amount.evaluate("one => one.inputMode") == "decimal"
    for field, keyboard in (("#f-phone", "tel"), ("#f-name", ""), ("#f-id_number", "")):
        assert phone.page.locator(field).evaluate("one => one.inputMode") == keyboard  # an ID number may end in X


# Targets a finger can hit


def test_what_is_tapped_is_large_enough_and_dates_are_one_tap(phone: Phone) -> None:
    phone.page.get_by_role("button", name="新登记一件").click()
    small = """() => [...document.querySelectorAll("main button, main select, main textarea, main input:not([type=radio]):not([type=checkbox]):not([type=hidden]), main .choices label, main .check label")]
      .filter((one) => one.offsetParent).map((one) => [one.textContent.trim().slice(0, 20) || one.id, Math.round(one.getBoundingClientRect().height)]).filter(([, height]) => height < 40)"""
    for step in range(5):
        assert phone.page.evaluate(small) == [], step
        if step == 2:
            phone.page.get_by_role("group", name="常用日期：最后工作日").get_by_role("button", name="昨天").click()
            assert phone.page.locator("#f-last_day").input_value() == (day_of(timezone.now()) - timedelta(days=1)).isoformat()
            assert phone.page.locator("#f-received").input_value() == day_of(timezone.now()).isoformat()
            assert phone.page.locator("#f-region").input_value() == "321322101"  # from the posting
        if step < 4:
            phone.next()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# The same worker again


def test_a_duplicate_nobody_could_be_warned_of_offline_is_named_when_it_arrives(phone: Phone) -> None:
    phone.context.set_offline(True)
    phone.write("断电壬")
    phone.page.get_by_role("button", name="回到发件箱").click()
    phone.page.get_by_role("button", name="继续填写").click()
    phone.page.locator("#f-name").fill("李建国")
    phone.page.locator("#f-phone").fill("13800000001")
    for _number in range(4):
        phone.next()
    phone.finish()
    phone.context.set_offline(False)
    phone.send()
    sent = phone.page.locator("#sent li").first
    expect(sent).to_contain_text("疑似重复，请核对")
    expect(sent.get_by_role("link", name=Scene.case.number)).to_have_attribute("href", f"/claims/{Scene.case.pk}/")
