"""The whole way of work orders, on a desk and on a phone, with scripts and without: an office is set up, its file comes in with one
cell put right, an order becomes a claim, and the office reads what became of it."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from arrears.models import Report
from grid.models import Person
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.test_pages import SCROLLS, cookie_of
from tests.browser.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FILE = """12345 工单导出,,,,,
工单编号,诉求人,联系电话,事发地址,诉求内容,办结时限
GD1,李建国,13800000001,沭阳县陇集镇翰林雅苑,干了三个月没有给钱,
GD2,王五,138000,沭阳县陇集镇,老板跑了,
合计,2,,,,
"""


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.cookies = {name: cookie_of(Person.objects.get(pk=person.pk)) for name, person in Scene.everybody().items()}
    return Scene


@pytest.fixture(params=[(DESK, True), (PHONE, True), (PHONE, False)], ids=["desk", "phone", "bare phone"])
def people(request: pytest.FixtureRequest, scene: type[Scene], house: Running, browser: Browser) -> Iterator[dict[str, Visitor]]:
    size, scripts = request.param
    found = {}
    for name in ("administrator", "county", "chief"):
        found[name] = Visitor(browser, house.url, getattr(scene, name), size=size, java_script_enabled=scripts)
        found[name].context.add_cookies([{"name": "sessionid", "value": scene.cookies[name], "url": house.url}])
    yield found
    for visitor in found.values():
        visitor.context.close()


def test_from_an_office_to_a_claim_and_back(people: dict[str, Visitor], house: Running, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    code = "office-" + re.sub(r"\W+", "", request.node.callspec.id)
    token = set_up(people["administrator"], code)
    bring_in(people["county"], code, tmp_path)
    report = Report.objects.get(source__code=code, external_number="GD1")
    chief = people["chief"]
    chief.open(f"/reports/?source={code}&q=GD1")
    chief.sees(f"{code} 热线", "GD1")
    chief.open(f"/reports/{report.pk}/")
    chief.press("登记为案件")
    expect(chief.page).to_have_url(re.compile(r"/claims/[0-9a-f-]{36}/$"))
    chief.sees("已登记为案件", f"{code} 热线", "GD1")
    assert not chief.page.evaluate(SCROLLS)
    said = ask(house, token, "GD1/")
    assert (said["state"], said["claim_number"]) == ("registered", Report.objects.get(pk=report.pk).claim.number)
    changes = ask(house, token, "changes/?after=0")["changes"]
    assert [f"{one['external_number']} {one['state']}" for one in changes] == ["GD1 received", "GD2 received", "GD1 registered"]
    assert not [trouble for visitor in people.values() for trouble in visitor.troubles]


def set_up(administrator: Visitor, code: str) -> str:
    administrator.open("/sources/new/")
    administrator.fill("来源名称", f"{code} 热线")
    administrator.fill("代码", "不对")
    administrator.choose("所属地区", re.compile("宿迁市$"))
    administrator.tick("对方用接口来取")
    administrator.press("保存")
    administrator.sees("代码用小写字母")
    administrator.fill("代码", code)
    administrator.press("保存")
    administrator.press("生成令牌")
    administrator.sees("只显示这一次")
    assert not administrator.page.evaluate(SCROLLS)
    token = administrator.main.locator("code").inner_text()
    administrator.open(administrator.path.removesuffix("token/"))
    administrator.sees_not(token)
    administrator.sees(f"尾号 {token[-4:]}")
    return token


def bring_in(county: Visitor, code: str, folder: Path) -> None:
    file = folder / "工单.csv"
    file.write_text(FILE, encoding="gb18030")
    county.open("/sources/")
    county.follow(f"{code} 热线")
    county.follow("导入工单文件")
    county.page.locator("input[type=file]").set_input_files(file)
    county.press("读取文件")
    county.sees("还有 1 行要改正")
    county.page.locator('[name="fix|4|phone"]').fill("138 0000 0002")
    county.press("保存改动，重新核对")
    county.sees("每一行都读懂了")
    assert not county.page.evaluate(SCROLLS)
    county.press("全部导入")
    county.sees("新工单 2 件", "GD1", "GD2")
    assert not county.page.evaluate(SCROLLS)


def ask(house: Running, token: str, path: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{house.url}/api/v1/work-orders/{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=15) as answer:
        return json.load(answer)
