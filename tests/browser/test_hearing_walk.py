"""A whole mediation on a phone: accepted, a time found, called in writing and by link, checked in, minuted without a network and against
another editor, signed on the glass, agreed."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Route, expect

from arrears import casework
from arrears.intake import ClaimantFacts, RespondentFacts
from grid.days import day_of
from mediation import hearings
from mediation.models import Minutes, MinutesSignature
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PASSWORD, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FIRM, WORKER = "沭阳会场建筑有限公司", "郑会"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    now = timezone.now()
    claim = Scene.make_claim(
        now=now, claimants=[ClaimantFacts(WORKER, "13900000055")], last_working_day=None, respondents=[RespondentFacts(FIRM)]
    )
    casework.advance(claim, "accept", None, now=now)
    Scene.mediation = hearings.apply(claim, None, now=now, applied_on=day_of(now), request="请求支付工资八千元。")
    return Scene


@pytest.fixture
def come(scene: type[Scene], house: Running, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    visitors: list[Visitor] = []

    def sit_down(name: str | None) -> Visitor:
        visitors.append(Visitor(browser, house.url, getattr(scene, name) if name else None, PHONE))
        return visitors[-1].sign_in() if name else visitors[-1]

    yield sit_down
    for visitor in visitors:
        visitor.context.close()


def test_a_whole_mediation_on_a_phone(scene: type[Scene], come: Callable[..., Visitor]) -> None:
    mediator = come("mediator")
    mediator.open(f"/mediations/{scene.mediation.pk}/")
    mediator.unfold("受理调解申请")
    mediator.choose("调解员", re.compile("条和"))
    mediator.press("受理调解申请")
    mediator.sees("已完成：受理调解申请")
    mediator.follow("找时间")
    mediator.main.get_by_role("button", name=re.compile("^订下")).first.click()
    mediator.sees("已排期")
    mediator.follow("进入会场：签到、笔录、签名")
    room = mediator.path
    call_the_parties(mediator, come(None))
    check_in(mediator)
    write_minutes(mediator, come("county"), room)
    sign(mediator)
    mediator.follow("登记已开会")
    expect(mediator.field("调解情况")).to_have_value(re.compile("同意分两期支付"))
    mediator.press("登记已开会")
    mediator.sees("已开调解会")
    mediator.follow("登记调解协议")
    mediator.fill("协议支付总额（元）", "8000")
    mediator.fill("协议内容", "分两期付清。")
    mediator.field("付款日期").first.fill(scene.today.isoformat())
    mediator.field("金额（元）").first.fill("8000")
    for signature in ("双方当事人已签名或盖章", "调解员已签名", "已加盖调解组织印章"):
        mediator.tick(signature)
    mediator.press("登记调解协议")
    mediator.sees("已达成调解协议")
    assert not [one for one in mediator.troubles if "ERR_INTERNET_DISCONNECTED" not in one]  # the network was away on purpose


def call_the_parties(mediator: Visitor, firm: Visitor) -> None:
    mediator.press("给勾选的当事人制作书面通知")
    mediator.sees("书面通知已制作", "待送达", "下一步：直接送达")
    mediator.main.locator("li").filter(has_text=FIRM).get_by_role("button", name="发通知链接").first.click()
    address = mediator.page.locator("#address").input_value()
    firm.page.goto(address)
    firm.sees("工资支付台账", "条和")
    firm.fits()
    firm.press("我知道了")
    firm.sees("已确认收到")


def check_in(mediator: Visitor) -> None:
    mediator.open(mediator.path.replace("links/", ""))
    mediator.sees("还不能开始", "通过链接确认收到")
    mediator.press("我是调解员，签到")
    for name, by in ((WORKER, None), (FIRM, "王经理")):
        door = mediator.page.locator("#present li").filter(has_text=name)
        door.locator("summary").click()
        door.get_by_label("到场", exact=True).check()
        if by:
            door.get_by_label("来人姓名").fill(by)
        door.get_by_label("核对的证件").select_option("id_card")
        door.get_by_label("证件号末四位").fill("123X")
        mediator.fits()
        door.get_by_role("button", name="保存").click()
        mediator.sees("已登记。")
    mediator.sees("双方都在，可以开始")
    mediator.press("已经宣读，到场的人都听清了")
    mediator.sees("已记下宣读的时间和文字")


def nothing_gets_out(route: Route) -> None:
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.continue_()


def write_minutes(mediator: Visitor, officer: Visitor, room: str) -> None:
    """What is typed saves itself; without a network it waits in the page; against another editor both texts stay."""
    mediator.main.get_by_role("link", name="写笔录").first.click()
    mediator.fill("双方无争议的事实", "欠工资八千元。")
    says = mediator.page.locator("[data-says]")
    expect(says).to_contain_text("已保存", timeout=20_000)
    mediator.context.route("**/notes/", nothing_gets_out)  # set_offline lets some letters through
    mediator.fill("调解结果", "同意分两期支付。")
    expect(says).to_contain_text("没有网络：写的已经存在这台设备上", timeout=20_000)
    mediator.press("保存")  # the page does not go away with what nobody has
    expect(says).to_contain_text("没有网络")
    mediator.page.goto("about:blank")  # the phone closes it meanwhile
    mediator.context.unroute("**/notes/")
    mediator.open(f"{room}notes/")
    expect(says).to_contain_text(re.compile("已找回|已保存"), timeout=20_000)
    expect(mediator.field("调解结果")).to_have_value("同意分两期支付。")
    expect(says).to_contain_text("已保存", timeout=20_000)
    the_session_ends(mediator)
    officer.open(f"{room}notes/")
    expect(officer.field("调解结果")).to_have_value("同意分两期支付。")
    officer.fill("双方有争议的事实", "加班费。")
    expect(officer.page.locator("[data-says]")).to_contain_text("已保存", timeout=20_000)
    mediator.fill("双方有争议的事实", "奖金。")
    expect(says).to_contain_text("冼安刚刚保存了这份笔录", timeout=20_000)
    theirs = mediator.page.locator("[data-theirs=disputed]")
    expect(theirs).to_contain_text("加班费。")
    mediator.fits()
    theirs.get_by_role("button", name="接在我写的后面").click()
    expect(mediator.field("双方有争议的事实")).to_have_value("奖金。\n加班费。")
    mediator.press("保存并定稿")
    mediator.sees("笔录已经定稿", "奖金。", "加班费。", "全文指纹")
    mediator.fits()


def the_session_ends(mediator: Visitor) -> None:
    """In the middle of a sentence: it stays, and goes on once the same person has signed in again beside it."""
    says = mediator.page.locator("[data-says]")
    mediator.context.clear_cookies()
    mediator.fill("开场", "核对身份，宣读权利义务，双方不申请回避。")
    expect(says).to_contain_text("登录已经过期", timeout=20_000)
    with mediator.context.expect_page() as opened:
        says.get_by_role("link", name="重新登录").click()
    tab = opened.value
    tab.get_by_label("用户名").fill(mediator.person.username)
    tab.get_by_label("密码").first.fill(PASSWORD)
    tab.get_by_role("button", name="登录", exact=True).click()
    expect(tab.get_by_role("main")).to_contain_text("写笔录")
    expect(tab.get_by_label("开场").first).not_to_have_value(re.compile("双方不申请回避"))  # a tab that lives keeps what is its own
    tab.close()
    expect(says).to_contain_text("已保存", timeout=20_000)
    mediator.page.reload()
    expect(mediator.field("开场")).to_have_value(re.compile("双方不申请回避"))


def sign(mediator: Visitor) -> None:
    """The phone goes from hand to hand; once the connection is lost with a name on the glass."""
    mediator.main.get_by_role("link", name="签名", exact=True).first.click()
    for number in range(3):
        mediator.page.locator("#sign").get_by_role("link", name="签名").first.click()
        pad = mediator.page.locator("canvas.signature")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        mouse = mediator.page.mouse
        mouse.move(box["x"] + 20, box["y"] + 20)
        mouse.down()
        for step in range(1, 6):
            mouse.move(box["x"] + 20 + 20 * step, box["y"] + 20 + (10 + 7 * number) * (step % 2 + 1))
        mouse.up()
        expect(mediator.page.locator("[data-signs-pad] [data-says]")).to_have_text("已签名")
        mediator.fits()
        if not number:
            mediator.context.set_offline(True)
            mediator.press("内容无误，签名")
            mediator.sees("没有网络：签名还在框里")
            mediator.fits()
            mediator.context.set_offline(False)
        mediator.press("内容无误，签名")
        mediator.sees("已签名。")
    minutes = Minutes.objects.get()
    assert {(row.sha256, tuple(row.pages)) for row in MinutesSignature.objects.all()} == {(minutes.sha256, tuple(minutes.fingerprints))}
    assert set(MinutesSignature.objects.values_list("name", flat=True)) == {"条和", WORKER, "王经理"}
