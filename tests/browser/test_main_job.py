"""The main job through real pages, processes and dates: a letter that lay too long becomes a claim, the claim climbs
by itself, is referred, mediated, agreed, paid and closed. Each step asserts what its person sees.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.running import Running
from tests.browser.scene import Scene, make_rival
from tests.browser.visitor import PATIENCE, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NUMBER = re.compile(r"宿欠〔\d{4}〕321322-\d{5}")
FIRM = "宿迁宏远劳务有限公司"
ID_NUMBER = "11010519491231002X"
LATE = re.compile("已逾期[12]个工作日")  # one on a day off, two on a working day


class Walk:
    """What the steps hand on to each other."""

    number: str
    path: str


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.rival = make_rival(Scene)
    return Scene


@pytest.fixture
def come(scene: type[Scene], house: Running, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Somebody sits down and signs in."""
    visitors: list[Visitor] = []

    def sit_down(name: str, **options: object) -> Visitor:
        visitors.append(Visitor(browser, house.url, getattr(scene, name), **options))
        return visitors[-1].sign_in()

    yield sit_down
    for visitor in visitors:
        visitor.context.close()


def test_the_main_job(scene: type[Scene], house: Running, come: Callable[..., Visitor]) -> None:
    walk = Walk()
    worker = come("grid_worker", size=PHONE)
    log_the_letter(worker, walk, scene)
    see_it_climb(worker, walk, house)
    officer = come("county")
    find_the_notice(officer, walk, scene)
    accept_it(officer)
    read_the_mail(house, walk, scene)
    refer_it(officer)
    partner = come("partner")
    answer_the_referral(partner, walk)
    mediator = come("mediator")
    schedule_a_hearing(mediator, walk)
    be_refused_the_same_time(mediator, walk, scene)
    agree(mediator, walk, scene)
    pay(worker, mediator, walk)
    conclude(partner)
    close(officer, walk)
    look_back(worker, walk)
    for visitor in (worker, officer, partner, mediator):
        assert not visitor.troubles


def log_the_letter(worker: Visitor, walk: Walk, scene: type[Scene]) -> None:
    """On a phone, step by step, with the day the letter came."""
    worker.follow("登记案件")
    worker.fill("姓名", "李建国")
    worker.fill("电话", "13800000001")
    worker.fill("身份证号", ID_NUMBER)
    worker.press("下一步")
    worker.choose("在用工链条中的角色", "劳务公司")
    worker.fill("名称", FIRM)
    worker.press("下一步")
    worker.tick("其他日期")
    worker.fill("其他日期", scene.letter_day.isoformat())
    worker.unfold("来源、工种、书面约定、工地地址（可以稍后补充）")
    worker.tick("来信")
    worker.fill("最后工作日", scene.letter_day.isoformat())
    worker.fill("工程项目（工地）名称", "翰林雅苑二期")
    worker.press("下一步")
    worker.choose("计酬方式", "月")
    worker.fill("单价或总额（元）", "4000")
    worker.fill("数量", "2")
    worker.fill("劳动者自己说的总额（元）", "8,500")
    worker.sees("¥8,000.00", "与明细合计不一致")
    worker.press("下一步")
    worker.fill("事实经过", "在工地做瓦工两个月，完工后一直没有拿到工资，只好写信。")
    worker.press("核对")
    worker.sees("李建国", FIRM, "翰林雅苑二期", "¥8,000.00")
    assert ID_NUMBER not in worker.page.content()
    worker.page.get_by_label("文件").set_input_files(
        {"name": "欠条.png", "mimeType": "image/png", "buffer": worker.page.screenshot()}
    )
    worker.tick(re.compile("告知"))
    worker.press("登记案件")
    worker.sees("案件已登记", "章镇", LATE, "欠条", "劳动者自述总额 ¥8,500.00")
    walk.number = NUMBER.search(worker.main.inner_text())[0]
    walk.path = worker.path
    assert worker.offers("提级办理")


def see_it_climb(worker: Visitor, walk: Walk, house: Running) -> None:
    """Nobody acts. The worker process sweeps; the claim goes up without anybody's hand, and its grid worker still
    reads it and may no longer decide on it."""
    house.send_turn("sweep")
    worker.reload_until(worker.main.locator(".page-title").get_by_text("县级"))
    worker.sees("冼安须在", "系统自动提级，现由县级负责", "已通知：王格、章镇、冼安", "李建国")
    assert not worker.offers("提级办理")
    assert worker.open(f"{walk.path}moves/escalate/") == 409
    worker.sees("案件已由县级办理，您可以查看和补充材料，但不能进行这项操作。")


def find_the_notice(officer: Visitor, walk: Walk, scene: type[Scene]) -> None:
    menu = officer.page.get_by_role("navigation", name="主菜单")
    expect(menu.get_by_role("link", name="收件箱")).to_contain_text("1 条未读")
    menu.get_by_role("link", name="收件箱").click()
    officer.press(f"{walk.number} 已提级至县级")
    expect(officer.page).to_have_url(re.compile(f"{walk.path}$"))
    expect(menu.get_by_role("link", name="收件箱")).to_contain_text("1 条未读")  # what was opened still waits for 签收
    duty = officer.page.get_by_role("region", name="谁在何时之前做什么")
    expect(duty).to_contain_text("冼安")
    expect(duty).to_contain_text(f"{scene.due_on.month}月{scene.due_on.day}日")
    expect(duty).to_contain_text(LATE)
    expect(duty).to_contain_text("第十八条")
    officer.follow("逐日查看")
    officer.sees("为什么是这一天", scene.letter_day.isoformat(), "第5个工作日")
    officer.page.go_back()


def accept_it(officer: Visitor) -> None:
    officer.unfold("受理")
    officer.tick(re.compile("属于本机构管辖"))
    officer.press("受理")
    officer.sees("已完成：受理", "已受理", "受理后开始办理")


def read_the_mail(house: Running, walk: Walk, scene: type[Scene]) -> None:
    """The same notice went out by mail, with a link and nothing personal in it."""
    house.send_turn("deliver")
    mail = wait_for(lambda: next((m for m in house.mail.messages if m["To"] == scene.county.email and walk.path in m.get_content()), None))
    assert walk.number in mail["Subject"]
    text = mail.get_content()
    assert f"{house.url}{walk.path}" in text
    assert "李建国" not in text


def wait_for(look: Callable[[], object]) -> object:
    limit = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < limit
        time.sleep(0.05)
    return found


def refer_it(officer: Visitor) -> None:
    officer.follow("移送协同单位（支持起诉）")
    expect(officer.page.get_by_role("radio", name="支持起诉")).to_be_checked()
    officer.choose("协同单位", "沭阳县人民检察院")
    expect(officer.page.get_by_role("checkbox", name="欠条")).to_be_checked()
    officer.press("移送")
    officer.sees("已移送沭阳县人民检察院", "签收移送材料")


def answer_the_referral(partner: Visitor, walk: Walk) -> None:
    """The partner sees what was referred and never the case itself."""
    partner.sees("移送给本单位的", walk.number)
    assert partner.open(walk.path) == 404
    partner.open("/claims/")
    partner.sees_not(walk.number)
    partner.open("/referrals/")
    partner.follow(re.compile(FIRM))
    partner.sees("¥8,000.00", "欠条", "签收移送材料")
    assert ID_NUMBER not in partner.page.content()
    partner.press("签收")
    partner.sees("已完成：签收", "答复是否接受")
    partner.follow("接受")
    partner.press("接受")
    partner.sees("已完成：接受", "反馈办理结果")


def schedule_a_hearing(mediator: Visitor, walk: Walk) -> None:
    mediator.open(walk.path)
    mediator.follow("申请调解")
    mediator.fill("调解请求和理由", "请求支付工资八千元。")
    mediator.press("登记调解申请")
    mediator.sees("调解申请已登记")
    mediator.unfold("受理调解申请")
    mediator.choose("调解员", re.compile("条和"))
    mediator.press("受理调解申请")
    mediator.sees("已完成：受理调解申请")
    mediator.follow("安排调解会")
    mediator.choose("调解室", re.compile("第一调解室"))
    mediator.press("安排调解会")
    mediator.sees("已排期", "第一调解室", "09:00–10:30")


def be_refused_the_same_time(mediator: Visitor, walk: Walk, scene: type[Scene]) -> None:
    here = mediator.path
    mediator.open("/mediations/")
    mediator.follow(scene.rival)
    mediator.follow("安排调解会")
    mediator.choose("调解室", re.compile("第一调解室"))
    mediator.press("安排调解会")
    mediator.sees("“第一调解室”在", "09:00–10:30", f"已安排案件 {walk.number} 的调解会，请另选时间或调解室。")
    mediator.open(here)


def agree(mediator: Visitor, walk: Walk, scene: type[Scene]) -> None:
    """Held, and signed for in two instalments."""
    mediator.unfold("登记已开会")
    mediator.fill("调解情况", "双方到场，用人单位承认欠薪，同意分两期支付。")
    mediator.press("登记已开会")
    mediator.sees("已开调解会", "同意分两期支付")
    mediator.follow("登记调解协议")
    mediator.fill("协议内容", "分两期付清，直接转入李建国的银行账户。")
    for line, (day, amount) in enumerate(((scene.today, "3000"), (scene.today + timedelta(days=30), "5000"))):
        mediator.field("付款日期").nth(line).fill(day.isoformat())
        mediator.field("金额（元）").nth(line).fill(amount)
    for signature in ("双方当事人已签名或盖章", "调解员已签名", "已加盖调解组织印章"):
        mediator.tick(signature)
    mediator.press("登记调解协议")
    mediator.sees("已达成调解协议", "第 1 期", "3,000.00", "第 2 期", "5,000.00", "待付")
    mediator.open(walk.path)
    mediator.sees("已达成清偿", "达成调解协议")


def pay(worker: Visitor, mediator: Visitor, walk: Walk) -> None:
    """The first instalment is recorded by the grid worker, whom the climb has not shut out; the last one pays the claim."""
    for visitor, amount in ((worker, "3000"), (mediator, "5000")):
        visitor.open(walk.path)
        visitor.unfold("登记付款")
        visitor.fill("付款金额（元）", amount)
        visitor.tick("银行转账")
        visitor.press("登记付款")
        visitor.sees("已完成：登记付款")
    mediator.sees("已清偿", "欠薪已经付清")
    expect(mediator.part("金额")).to_contain_text("尚欠¥0.00")


def conclude(partner: Visitor) -> None:
    partner.follow("反馈结果")
    partner.tick("办理期间已清偿")
    partner.fill("结果说明", "调解后已经付清，不再起诉。")
    partner.press("反馈结果")
    partner.sees("已完成：反馈结果", "已办结", "办理期间已清偿")


def close(officer: Visitor, walk: Walk) -> None:
    officer.open(walk.path)
    officer.unfold("办结")
    officer.tick("全部清偿")
    officer.fill("结案说明", "工资已全部支付，劳动者确认收到。")
    officer.press("办结")
    officer.sees("已完成：办结", "已办结", "全部清偿")


def look_back(worker: Visitor, walk: Walk) -> None:
    """Everything that happened, for whoever logged it."""
    worker.open(walk.path)
    worker.sees("已办结", "劳动者确认收到", "系统自动提级", "达成调解协议", "决定受理", "来信")
    assert not worker.offers("登记付款")
