"""A foreman's messy sheet of eighty on a phone: handed in, two cells put right, one claim. And a file of a gigabyte."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from arrears.models import Claim
from grid.models import Person
from tests.arrears import messy
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.test_pages import cookie_of
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SCROLLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
GIGABYTE = 1024**3


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.cookie = cookie_of(Person.objects.get(pk=Scene.grid_worker.pk))
    return Scene


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def worker(request: pytest.FixtureRequest, scene: type[Scene], house: Running, browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor(browser, house.url, scene.grid_worker, size=PHONE, java_script_enabled=request.param)
    visitor.context.add_cookies([{"name": "sessionid", "value": scene.cookie, "url": house.url}])
    yield visitor
    visitor.context.close()


def test_a_messy_sheet_of_eighty_becomes_a_claim_on_a_phone(worker: Visitor, tmp_path: Path) -> None:
    file = tmp_path / "瓦工班11月.xlsx"
    file.write_bytes(messy.workbook())
    worker.open("/claims/new/")
    worker.press("用工资表登记")
    worker.fill("名称", "宿迁宏远劳务有限公司")
    worker.press("下一步")
    worker.press("下一步")
    worker.page.locator("input[type=file]").set_input_files(file)
    worker.press("读取工资表")
    worker.sees("还有 2 行要改正", "78 人")
    fix(worker, f"fix|0-{4 + messy.LOST_PHONE}|phone", messy.phone_of(messy.LOST_PHONE))
    fix(worker, f"fix|0-{5 + messy.UNREADABLE}|due", "６，０００元")
    fix(worker, f"fix|0-{5 + messy.UNREADABLE}|owed", "伍仟元整")
    worker.press("保存改动，重新核对")
    worker.sees("每一行都读懂了", "80 人", "¥400,000.00", "肆拾万元整", "表上的合计与各行相加一致")
    assert not worker.page.evaluate(SCROLLS)
    worker.press("下一步")
    worker.press("核对")
    worker.sees("共 80 人", "¥400,000.00")
    worker.tick(re.compile("已向劳动者宣读"))
    worker.press("登记案件")
    expect(worker.page).to_have_url(re.compile(r"/claims/[0-9a-f-]{36}/$"))
    worker.sees("集体案件", "80 人", "工资表原件", "看全部人员和明细")
    claim = Claim.objects.get(pk=worker.path.split("/")[2])
    assert (claim.worker_count, claim.claimed, claim.claimants.count()) == (80, 400_000, 80)
    assert not worker.troubles


def fix(worker: Visitor, name: str, value: str) -> None:
    worker.page.locator(f"[name='{name}']").fill(value)


def test_a_gigabyte_is_refused_before_anything_reads_it(scene: type[Scene], house: Running) -> None:
    place = urlsplit(house.url)
    head = (
        f"POST /claims/new/ HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: multipart/form-data; boundary=x\r\nAccept: text/html\r\n"
        f"Cookie: sessionid={scene.cookie}\r\nContent-Length: {GIGABYTE}\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port), timeout=120) as line:
        line.sendall(head.encode())
        piece = bytes(1024 * 1024)
        for _ in range(1024):
            line.sendall(piece)
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode(errors="replace")
    assert answer.startswith("HTTP/1.1 413"), answer[:200]
    assert "1,024 MB" in answer
