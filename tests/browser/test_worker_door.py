"""The worker's own door on a phone, through real pages and processes: reported without an account, made a claim in the
inbox, followed by number and secret, asked and answered, papers added, taken back, rated. Nobody signs in but officials.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, expect

from arrears.models import Claim, Evidence, Report, Site
from grid.days import day_of
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SUM = re.compile(r"请算一算：(\d) 加 (\d) 等于几？")
QUERY_NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
TELEPHONE = "138 0000 4321"
QUESTION = "工资是谁答应给您的？"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.site = Site.objects.create(region=Scene.regions["321322101"], name="和平路三标段")
    cache.clear()  # tries that other tests made from this address
    return Scene


@pytest.fixture
def come(scene: type[Scene], house: Running, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Somebody with a phone of 360 pixels; an official signs in, anybody else (no name) does not."""
    visitors: list[Visitor] = []

    def take_phone(name: str = "", **options: object) -> Visitor:
        visitors.append(Visitor(browser, house.url, getattr(scene, name, None), size=PHONE, **options))
        return visitors[-1].sign_in() if name else visitors[-1]

    yield take_phone
    for visitor in visitors:
        visitor.context.close()


def add_up(visitor: Visitor) -> None:
    first, second = SUM.search(visitor.main.inner_text()).groups()
    visitor.page.get_by_label(SUM).fill(str(int(first) + int(second)))


def test_a_worker_reports_follows_answers_and_takes_it_back(scene: type[Scene], come: Callable[..., Visitor]) -> None:
    worker = come()
    number = report_it(worker)
    official = come("grid_worker")
    accept_it(official, number)
    follow_it(worker, number)
    ask(official)
    answer(worker)
    add_a_paper(worker)
    take_it_back(worker, official)
    rate(worker, number)
    for visitor in (worker, official):
        assert not visitor.troubles


def report_it(worker: Visitor) -> str:
    """What is missing is said, and nothing of the rest is lost."""
    worker.open("/report/")
    worker.fits()
    worker.tick(re.compile("建筑工地"))
    worker.choose("在哪个乡镇（街道）干活？", "陇集镇")
    worker.fill("工地或者店、厂叫什么？", "翰林雅苑二期")
    worker.fill("谁欠您的钱？", "孙老板")
    worker.fill("大约欠多少钱（元）？", "8,000")
    worker.fill("手机号", TELEPHONE)
    worker.fill("还想说什么？", "干了三个月没有给钱。")
    worker.press("提交")
    worker.sees("还有内容需要改正")
    worker.fits()
    expect(worker.field("谁欠您的钱？")).to_have_value("孙老板")
    worker.fill("您叫什么名字？", "李建国")
    add_up(worker)
    worker.press("提交")
    worker.sees("我的反映", "已经收到，等待工作人员处理。", "前答复您", "陇集镇")
    worker.fits()
    return QUERY_NUMBER.search(worker.main.inner_text())[0]


def accept_it(official: Visitor, number: str) -> None:
    official.open("/reports/")
    official.follow("孙老板")
    official.sees(number, "李建国", "干了三个月没有给钱。", "翰林雅苑二期")
    official.fits()
    official.press("登记为案件")
    official.sees("已登记为案件", "李建国", "孙老板", "¥8,000.00")
    assert Report.objects.get(public_number=number).claim.public_number == number


def follow_it(worker: Visitor, number: str) -> None:
    """The same number opens the case; the last four digits of another telephone do not."""
    worker.open("/track/")
    worker.sees("我的案件", "正在等待决定是否受理")
    worker.press("结束查询")
    for secret, said in (("1234", "对不上"), ("4321", "为您登记的欠薪")):
        worker.fill("查询号", number.lower().replace("-", ""))
        worker.fill("手机号后四位", secret)
        worker.press("查询")
        worker.sees(said)
        worker.fits()


def ask(official: Visitor) -> None:
    claim = official.path
    official.open(f"{claim}moves/ask/")
    official.fill("想问劳动者的话", QUESTION)
    official.fill("请在哪天前回答", (day_of(timezone.now()) + timedelta(days=2)).isoformat())
    official.press("向劳动者提问")
    official.sees("已完成：向劳动者提问")


def answer(worker: Visitor) -> None:
    worker.open("/track/")
    worker.sees(QUESTION)
    worker.fits()
    worker.follow("回答问题")
    worker.sees(QUESTION)
    worker.fits()
    worker.press("提交")
    worker.sees("还有内容需要改正")
    worker.fill("您的回答", "带班的孙老板。")
    worker.press("提交")
    worker.sees("已经回答")
    expect(worker.page.get_by_role("link", name="回答问题")).to_have_count(0)


def add_a_paper(worker: Visitor) -> None:
    worker.follow("补充材料")
    worker.fits()
    picture = {"name": "欠条.png", "mimeType": "image/png", "buffer": worker.page.screenshot()}
    worker.page.get_by_label("照片或者其他证据").set_input_files(picture)
    worker.press("提交")
    worker.sees("已保存：欠条")
    assert Evidence.objects.get(title="欠条").added_by is None


def take_it_back(worker: Visitor, official: Visitor) -> None:
    """The wish is the worker's, the act an official's who has asked; until then the case goes on."""
    worker.follow("我想撤回")
    worker.sees("撤回不等于放弃工钱")
    worker.fits()
    worker.press("提交")
    worker.sees("还有内容需要改正")
    worker.tick("是我自己的意思，没有人逼我")
    worker.press("提交")
    worker.sees("工作人员会联系您确认", "正在等待决定是否受理")
    claim = Claim.objects.get(respondents__aliases="孙老板")
    official.open("/tasks/")
    official.follow(f"劳动者想撤回：{claim.number}")
    official.sees("带班的孙老板。", "欠条", "劳动者想撤回")
    official.fits()
    official.open(f"/claims/{claim.pk}/moves/withdraw/")
    official.fill("劳动者撤回的理由", "已经收到现金。")
    official.tick("已由劳动者本人签字确认")
    official.press("撤回")
    official.sees("已完成：撤回")


def rate(worker: Visitor, number: str) -> None:
    worker.open("/track/")
    worker.sees(number, "已经按申请撤回")
    worker.follow("评价")
    worker.fits()
    worker.tick("4 分，满意")
    worker.press("提交")
    worker.sees("谢谢您的评价", "您作了评价")
    worker.fits()


def test_without_a_telephone_number_and_code_on_paper_open_it(scene: type[Scene], come: Callable[..., Visitor]) -> None:
    worker = come(java_script_enabled=False)
    worker.open("/report/")
    worker.tick(re.compile("其他工作"))
    worker.choose("在哪个乡镇（街道）干活？", "陇集镇")
    worker.fill("谁欠您的钱？", "好再来饭店")
    worker.fill("您叫什么名字？", "钱小河")
    worker.tick("没有手机")
    add_up(worker)
    worker.press("提交")
    worker.sees("请写到哪里能找到您")
    worker.fits()
    worker.fill("是谁的手机？没有手机的，到哪里能找到您？", "饭店后面的宿舍")
    worker.press("提交")
    worker.sees("收到了。请抄下查询号和密码", "工作人员会到您写的地方找您")
    worker.fits()
    number, code = (cell.inner_text() for cell in worker.main.locator(".slip-number").all())
    worker.follow("抄好了，去看进展")
    worker.sees("我的反映", number)
    worker.sees_not(code)
    friend = come()
    friend.open("/track/")
    friend.fill("查询号", number)
    friend.fill("手机号后四位", code)
    friend.press("查询")
    friend.sees("等待工作人员处理")
    assert not worker.troubles
    assert not friend.troubles


def test_the_notice_of_a_site_leads_to_the_form_that_knows_it_also_without_a_script(
    scene: type[Scene], come: Callable[..., Visitor]
) -> None:
    """What is declined is answered with its reason, which the worker reads."""
    official = come("chief")
    assert official.open(f"/sites/{scene.site.pk}/notice/") == 200
    official.sees("扫码反映", "和平路三标段")
    official.fits()
    address = official.main.locator(".notice-link").inner_text()
    worker = come(java_script_enabled=False)
    worker.open(address)
    worker.sees("和平路三标段")
    worker.fill("您叫什么名字？", "王芳")
    worker.fill("手机号", "13900008765")
    add_up(worker)
    worker.press("提交")
    worker.sees("等待工作人员处理")
    official.open("/reports/")
    official.follow("和平路三标段")
    official.follow("不登记为案件")
    official.fill("不登记的理由", "您说的钱已经在另一件案件里。")
    official.press("不登记为案件")
    official.sees("已答复反映人", "您说的钱已经在另一件案件里。")
    worker.open("/track/")
    worker.sees("您说的钱已经在另一件案件里。", "再反映一次")
    worker.fits()
    assert not worker.troubles
    assert not official.troubles
