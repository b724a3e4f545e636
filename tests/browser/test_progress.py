"""What takes long is done by a worker while the page says how far it is: a wage sheet of many, a long file of work orders. With
scripts the bar grows by itself and the result follows; without them the page asks again every few seconds."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from arrears.identity import make_id
from arrears.models import Claim, OrderSheet, Report, WageSheet
from arrears.sources import keeping
from grid.models import Person
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.test_pages import SCROLLS, cookie_of
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WORKERS, ORDERS = 3000, 600
WAYS = ("with scripts", "without scripts")
PATIENCE = 60_000  # milliseconds, on a busy machine
SURNAMES, GIVEN = "王李张刘陈杨赵黄", "建国志强秀英桂花永福大勇春梅小军国庆玉兰"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.cookies = {name: cookie_of(Person.objects.get(pk=person.pk)) for name, person in Scene.everybody().items()}
    Scene.sources = {  # here, so that the server sees them: what a test writes is not committed
        way: keeping.add(
            Scene.administrator, now=timezone.now(), code=f"long-{number}", name=f"12345 热线 {number}", channel="hotline",
            region=Scene.regions["3213"], return_way="pull",
        )
        for number, way in enumerate(WAYS)
    }  # fmt: skip
    return Scene


@pytest.fixture(params=[True, False], ids=WAYS)
def visit(request: pytest.FixtureRequest, scene: type[Scene], house: Running, browser: Browser) -> Iterator[dict[str, Visitor]]:
    found = {}
    for name in ("grid_worker", "county"):
        found[name] = Visitor(browser, house.url, getattr(scene, name), size=PHONE, java_script_enabled=request.param)
        found[name].context.add_cookies([{"name": "sessionid", "value": scene.cookies[name], "url": house.url}])
    yield found
    for visitor in found.values():
        visitor.context.close()


def name_of(number: int) -> str:
    return SURNAMES[number % 8] + GIVEN[number // 8 % 20] + GIVEN[number // 160 % 20]


def test_a_wage_sheet_of_thousands_becomes_a_claim_while_the_page_says_how_far_it_is(visit: dict[str, Visitor], tmp_path: Path) -> None:
    worker, file = visit["grid_worker"], tmp_path / "11月.csv"
    before = set(Claim.objects.values_list("pk", flat=True))
    lines = [f"{name_of(n)},{make_id('321322', date(1980, 1, 1 + n % 28), n % 999)},3000" for n in range(WORKERS)]
    file.write_text("\n".join(["姓名,身份证号,欠薪", *lines]), encoding="utf-8")
    worker.open("/claims/new/")
    worker.press("用工资表登记")
    worker.fill("名称", "宿迁宏远劳务有限公司")
    for step in ("where", "sheet"):
        worker.press("下一步")
        expect(worker.page).to_have_url(re.compile(f"/{step}/"), timeout=PATIENCE)
    worker.page.locator("input[type=file]").set_input_files(file)
    worker.press("读取工资表")
    expect(worker.main).to_contain_text("每一行都读懂了", timeout=PATIENCE)
    worker.press("下一步")
    expect(worker.page).to_have_url(re.compile("/story/"), timeout=PATIENCE)
    worker.press("核对")
    worker.tick(re.compile("已向劳动者宣读"))
    worker.press("登记案件")
    bar = worker.page.get_by_role("progressbar", name="登记进度")
    expect(bar).to_be_visible(timeout=PATIENCE)
    worker.sees("正在登记", "要么全部登记，要么一行也不登记")
    assert not worker.page.evaluate(SCROLLS)
    assert WageSheet.objects.filter(asked_at__isnull=False).exists() or set(Claim.objects.values_list("pk", flat=True)) - before
    expect(worker.page).to_have_url(re.compile(r"/claims/[0-9a-f-]{36}/$"), timeout=PATIENCE)
    worker.sees("集体案件")
    claim = Claim.objects.get(pk=worker.path.split("/")[2])
    assert (claim.worker_count, claim.claimed) == (WORKERS, 3000 * WORKERS)
    assert not worker.troubles


def test_a_long_file_of_orders_comes_in_while_the_page_says_how_far_it_is(
    visit: dict[str, Visitor], scene: type[Scene], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = scene.sources[request.node.callspec.id]
    county, file = visit["county"], tmp_path / "工单.csv"
    rows = [f"GD{n:04d},{name_of(n)},139{n:08d},沭阳县陇集镇翰林雅苑,干了三个月没有给钱" for n in range(ORDERS)]
    file.write_text("\n".join(["工单编号,诉求人,联系电话,事发地址,诉求内容", *rows]), encoding="utf-8")
    county.open(f"/sources/{source.pk}/import/")
    county.page.locator("input[type=file]").set_input_files(file)
    county.press("读取文件")
    county.sees("每一行都读懂了")
    county.press("全部导入")
    expect(county.page.get_by_role("progressbar", name="导入进度")).to_be_visible()
    county.sees("要么全部导入，要么一件也不导入")
    assert not county.page.evaluate(SCROLLS)
    assert Report.objects.filter(source=source).count() in (0, ORDERS)
    expect(county.main).to_contain_text(f"新工单 {ORDERS} 件", timeout=PATIENCE)
    assert Report.objects.filter(source=source).count() == ORDERS
    assert OrderSheet.objects.get(source=source).is_done
    county.press("导入另一份文件")
    county.sees("选择工单文件")
    assert not county.troubles
