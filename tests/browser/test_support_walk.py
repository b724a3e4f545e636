"""支持起诉 through real pages, processes and papers: a worker who cannot sue alone is logged on a phone, three levels say what
they think, the procuratorate answers by a link, the court judges, and enforcement brings the money. Each step asserts what
its person sees.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.models import F
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from arrears.identity import make_credit_code
from arrears.models import Clock, Proceeding, Step
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FIRM, CODE = "宿迁宏远劳务有限公司", make_credit_code("321322", 7)
NAME, TELEPHONE = "李建国", "13800004321"
OWED = "540,000.00"  # the city is asked from half a million on
WHY = "本人不识字，在外地务工，证据在对方手里。"
FOUND = "原告带班三十个月，被告出具欠条，至今未付。"
COURT = "沭阳县人民法院"
QUERY_NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
LINK = re.compile(r"https?://\S+/reply/\S+")


class Walk:
    """What the steps hand on to each other."""

    claim: str  # its path
    case: str
    referral: str
    number: str
    public_number: str
    link: str
    code: str


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.partner.postings.all().delete()  # the procuratorate has nobody in the system
    cache.clear()  # tries that other tests made from this address
    return Scene


@pytest.fixture
def come(scene: type[Scene], house: Running, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Somebody sits down; who has an account signs in."""
    visitors: list[Visitor] = []

    def sit_down(name: str = "", **options: object) -> Visitor:
        visitors.append(Visitor(browser, house.url, getattr(scene, name) if name else None, **options))
        return visitors[-1].sign_in() if name else visitors[-1]

    yield sit_down
    for visitor in visitors:
        visitor.context.close()


def test_support_to_sue(scene: type[Scene], house: Running, come: Callable[..., Visitor]) -> None:
    walk = Walk()
    worker = come("grid_worker", size=PHONE)
    log_the_claim(worker, walk, scene.today)
    chief = come("chief")
    accept_it(chief, walk)
    begin(worker, walk)
    complete_it(worker, walk, scene.today)
    apply(worker, walk)
    agree_in_the_township(chief, walk)
    officer = come("county")
    choose_the_procuratorate(officer, walk)
    pass_to_the_city(officer)
    city = come("city")
    agree_in_the_city(city, walk)
    follow(come(size=PHONE), walk, "已经同意支持您起诉，材料送到：沭阳县人民检察院。", "您仍然是原告")
    make_the_packet(officer, walk)
    send_a_link(officer, walk)
    outsider = come(size=PHONE)
    answer_by_the_link(outsider, walk)
    file_the_suit(officer, walk)
    hearing = scene.today + timedelta(days=20)
    docket_it(officer, walk, hearing)
    see_it_in_the_calendar(officer, hearing)
    judge(officer, walk, scene.today)
    take_effect(officer, house)
    see_the_enforcement_clock(officer, walk)
    follow(come(size=PHONE), walk, "判决生效了。对方到期不付，就可以申请强制执行。", "前申请强制执行，过期法院可能不再执行。")
    enforce(officer, walk)
    find_the_money(officer, walk)
    last = come(size=PHONE)
    follow(last, walk, "登记的欠薪已经付清。", "执行到了一笔钱。")
    for visitor in (worker, chief, officer, city, outsider, last):
        assert not visitor.troubles


def photograph(visitor: Visitor, label: str, name: str) -> None:
    visitor.page.get_by_label(label).set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": visitor.page.screenshot()}
    )


def log_the_claim(worker: Visitor, walk: Walk, today: date) -> None:
    worker.follow("登记案件")
    worker.fill("姓名", NAME)
    worker.fill("电话", TELEPHONE)
    worker.press("下一步")
    worker.choose("在用工链条中的角色", "劳务公司")
    worker.fill("名称", FIRM)
    worker.unfold("信用代码、联系人、地址")
    worker.fill("统一社会信用代码", CODE)
    worker.press("下一步")
    worker.tick(re.compile("今天"))
    worker.fill("最后工作日", (today - timedelta(days=40)).isoformat())
    worker.fill("工程项目（工地）名称", "翰林雅苑二期")
    worker.press("下一步")
    worker.choose("计酬方式", "月")
    worker.fill("单价或总额（元）", "18000")
    worker.fill("数量", "30")
    worker.press("下一步")
    worker.fill("事实经过", "带班两年半，工资只打了欠条，一直没有付。")
    worker.press("核对")
    worker.sees(NAME, FIRM, f"¥{OWED}")
    worker.tick(re.compile("告知"))
    worker.press("登记案件")
    worker.sees("案件已登记")
    walk.public_number = QUERY_NUMBER.search(worker.main.inner_text())[0]
    walk.claim = worker.path


def accept_it(chief: Visitor, walk: Walk) -> None:
    chief.open(walk.claim)
    chief.unfold("受理")
    chief.tick(re.compile("属于本机构管辖"))
    chief.press("受理")
    chief.sees("已完成：受理")


def begin(worker: Visitor, walk: Walk) -> None:
    """What is missing is said, each with the way to where it is mended."""
    worker.open(walk.claim)
    open_act(worker, "支持起诉")
    worker.sees("劳动者仍然是原告", "核对条件")
    worker.press("开始支持起诉")
    walk.case = worker.path
    worker.sees("还缺 4 项，补齐以后提交申请。", "还没有选出申请的劳动者", "案卷里还没有能证明干活或者欠钱的材料")
    worker.sees("还没有写明为什么本人难以单独起诉", "还没有登记调解的日期和结果", "信用代码或者身份证号在案")
    assert not worker.offers("提交申请")
    worker.fits()


def open_act(visitor: Visitor, name: str) -> None:
    """A move of the claim, wherever among the acts it stands."""
    link = visitor.page.locator("#acts").get_by_role("link", name=name, exact=True)
    if not link.is_visible():
        visitor.unfold("其他操作")
    link.click()


def complete_it(worker: Visitor, walk: Walk, today: date) -> None:
    worker.follow("添加证据")
    photograph(worker, "文件", "欠条.png")
    worker.choose("证据类型", "工资欠条或结算单")
    worker.fill("名称", "欠条")
    worker.press("上传")
    worker.open(walk.case)
    worker.sees("还缺 3 项")
    worker.follow("写明为什么难以单独起诉")
    worker.tick("不识字或者不会写诉状")
    worker.fill("具体情况", WHY)
    worker.fill("哪天调解过", (today - timedelta(days=3)).isoformat())
    worker.press("保存")
    worker.sees("请写明调解的结果。")
    expect(worker.field("具体情况")).to_have_value(WHY)
    worker.fill("调解结果", "对方承认欠条，说没有钱。")
    worker.press("保存")
    worker.sees("还缺 1 项")
    worker.follow("选出申请的劳动者，传签字的申请书")
    worker.tick(re.compile(NAME))
    worker.press("不便签名，改为拍纸质签名")
    photograph(worker, "签字的申请书：拍照或者扫描", "申请书.png")
    worker.fill("哪天签的", today.isoformat())
    worker.press("登记申请人")
    worker.sees("条件齐了，可以提交申请。", f"¥{OWED}", "本人签字")


def apply(worker: Visitor, walk: Walk) -> None:
    worker.follow("提交申请")
    worker.press("提交申请")
    worker.sees("待乡镇意见", "章镇", "提出意见")
    assert not worker.offers("同意，报县级")


def agree_in_the_township(chief: Visitor, walk: Walk) -> None:
    chief.open("/support/")
    chief.follow(re.compile(FIRM))
    chief.follow("同意，报县级")
    chief.sees(WHY, "人数或者金额达到标准，须有市级意见")
    chief.fill("意见", "情况属实，同意支持。")
    chief.press("同意，报县级")
    chief.sees("待县级意见", "冼安", "情况属实，同意支持。")


def choose_the_procuratorate(officer: Visitor, walk: Walk) -> None:
    officer.page.get_by_role("navigation", name="主菜单").get_by_role("link", name="收件箱").click()
    officer.page.locator(f"a[href*='{walk.case}']").or_(officer.page.get_by_role("button", name=re.compile("支持起诉"))).first.click()
    expect(officer.page).to_have_url(re.compile(walk.case))
    officer.follow("选支持单位")
    officer.tick(re.compile(r"^\s*人民检察院"))
    officer.choose("哪个单位", re.compile("沭阳县人民检察院"))
    officer.fill("为什么选它", "可以协助收集证据。")
    officer.press("选这个单位")
    officer.sees("沭阳县人民检察院", "待送出", "民事诉讼法 第十五条")


def pass_to_the_city(officer: Visitor) -> None:
    """The county alone cannot agree to so much, and is not offered it."""
    assert not officer.offers("同意支持起诉")
    officer.follow("同意，报市级")
    officer.fill("意见", "欠条清楚，同意，报市级。")
    officer.press("同意，报市级")
    officer.sees("待市级意见", "史督", "待送出")


def agree_in_the_city(city: Visitor, walk: Walk) -> None:
    city.open(walk.case)
    city.follow("同意支持起诉")
    city.fill("意见", "同意支持起诉。")
    city.press("同意支持起诉")
    city.sees("已送支持单位", "已发出", "同意支持起诉。")
    opinions = city.part("各级意见")
    for level in ("乡镇级", "县级", "市级"):
        expect(opinions).to_contain_text(level)


def follow(visitor: Visitor, walk: Walk, *words: str) -> None:
    """The worker's own page, by number and telephone, without an account."""
    visitor.open("/track/")
    visitor.fill("查询号", walk.public_number)
    visitor.fill("手机号后四位", TELEPHONE[-4:])
    visitor.press("查询")
    visitor.sees("我的案件", *words)
    visitor.sees_not("冼安")
    visitor.press("结束查询")


def make_the_packet(officer: Visitor, walk: Walk) -> None:
    """Asked for on a page, made by the worker process; what the case knows is not asked again."""
    officer.open(walk.case)
    officer.follow("支持起诉材料")
    officer.sees(WHY, "可以协助收集证据。")
    expect(officer.field("随哪个移送").locator("option:checked")).to_contain_text("沭阳县人民检察院")
    officer.fill("查明的事实和证据", FOUND)
    officer.press("制作材料包")
    officer.sees("还有内容需要改正", "“授权委托书”要写的；不要这份文书的，在上面不选它。")  # nobody goes to court for him
    expect(officer.field("查明的事实和证据")).to_have_value(FOUND)
    officer.page.get_by_label("授权委托书").uncheck()
    officer.page.get_by_role("group", name=re.compile("是否派员出席庭审")).get_by_label("是").check()
    officer.press("制作材料包")
    officer.reload_until(officer.main.get_by_role("link", name=re.compile("全卷 PDF")))
    text = read(officer)
    for words in (NAME, FIRM, OWED, "伍拾肆万元整", "《民事诉讼法》（2023年修正）第十五条", "支持起诉书", "民事起诉状"):
        assert words in text, words


def read(visitor: Visitor) -> str:
    """The bound PDF of the page, without its spaces."""
    with visitor.page.expect_download() as started:
        visitor.main.get_by_role("link", name=re.compile("全卷 PDF")).click()
    pages = PdfReader(BytesIO(started.value.path().read_bytes())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def send_a_link(officer: Visitor, walk: Walk) -> None:
    officer.open(walk.case)
    officer.follow("沭阳县人民检察院")
    walk.referral = officer.path
    officer.sees("签收移送材料", "收不到系统通知，请发一次性链接，或者登记书面答复")
    officer.follow("发一次性链接")
    officer.fill("姓名", "王检")
    officer.fill("职务", "民行科科长")
    officer.tick("由我转交")
    officer.press("发一次性链接")
    officer.sees("链接和验证码只在这里显示一次")
    walk.link = LINK.search(officer.main.inner_text())[0]
    walk.code = re.search(r"\b\d{6}\b", officer.main.locator(".money.is-big").inner_text())[0]


def answer_by_the_link(outsider: Visitor, walk: Walk) -> None:
    outsider.open(walk.link)
    outsider.sees_not(NAME)
    outsider.fill("验证码", walk.code)
    outsider.press("查看材料")
    outsider.sees(NAME, FIRM, OWED, "欠条", "支持起诉材料")
    outsider.fits()
    assert "民事起诉状" in read(outsider)
    assert outsider.open(walk.claim) == 200 and "/sign-in" in outsider.page.url  # no way on to the case
    outsider.open(walk.link)
    for move, said in (("签收", "已完成：签收"), ("接受", "已完成：接受")):
        outsider.follow(move)
        outsider.fill("答复人姓名", "王检")
        outsider.fill("答复人职务", "民行科科长")
        outsider.press(move)
        outsider.sees(said)
        if move == "签收":
            outsider.follow("返回移送")
    outsider.sees("这个链接用完了")


def file_the_suit(officer: Visitor, walk: Walk) -> None:
    officer.open(walk.case)
    officer.sees("沭阳县人民检察院已经接受。", "起诉状交到法院以后，登记起诉")
    officer.follow(re.compile("^登记起诉"))
    officer.follow(re.compile("直接起诉（欠条、调解协议、劳务）"))
    officer.fill("办理的法院或者机关", COURT)
    officer.press("登记")
    officer.sees("请选择或者上传回执、文书")
    expect(officer.field("办理的法院或者机关")).to_have_value(COURT)
    photograph(officer, "或者现在拍照、上传", "收据.png")
    officer.press("登记")
    officer.sees("已登记：已递交起诉状", COURT, "七日内决定立不立案")


def step(officer: Visitor, name: str, done: str, paper: str = "", **said: str) -> None:
    officer.follow(name)
    for label, value in said.items():
        officer.fill(label, value)
    if paper:
        photograph(officer, "或者现在拍照、上传", paper)
    officer.press("登记")
    officer.sees(f"已登记：{done}")


def docket_it(officer: Visitor, walk: Walk, hearing: date) -> None:
    officer.follow("登记立案")
    officer.fill("案号、文号", "（2026）苏1322民初88号")
    officer.tick("简易程序")
    officer.press("登记")
    officer.sees("已登记：已立案", "（2026）苏1322民初88号")
    step(officer, "登记开庭", "已定开庭", 开庭时间=f"{hearing} 14:30", 开庭地点="第三法庭")
    officer.sees(f"{hearing} 14:30", "第三法庭")


def see_it_in_the_calendar(officer: Visitor, hearing: date) -> None:
    here = officer.path
    officer.open(f"/hearings/?day={hearing}")
    expect(officer.part("仲裁和法院开庭")).to_contain_text("14:30")
    expect(officer.part("仲裁和法院开庭")).to_contain_text("（2026）苏1322民初88号")
    officer.open(here)


def judge(officer: Visitor, walk: Walk, today: date) -> None:
    """While it can be appealed, the day stands in red with what is lost by it."""
    until = today + timedelta(days=10)
    step(
        officer, "登记判决（收到判决书）", "已判决，上诉期内", "判决书.png",
        **{"金额（元）": "540000", "文书写明的履行或者支付期限": until.isoformat(), "对方收到的日期": today.isoformat()},
    )  # fmt: skip
    alert = officer.main.get_by_role("alert").filter(has_text="对判决上诉")
    expect(alert).to_contain_text("过了这一天判决生效，不能再上诉。")
    expect(alert).to_contain_text("第一百七十一条")
    officer.unfold("现在还不能走的")
    officer.sees("次日起才能走这一步")


def take_effect(officer: Visitor, house: Running) -> None:
    """Nobody appeals. The worker process enters it, once the time is over for both sides."""
    days_go_by(30)
    house.send_turn("sweep")
    officer.reload_until(officer.main.get_by_text("系统自动登记"))
    officer.page.reload()  # one that was read while the sweep wrote may show half of it
    officer.sees("判决生效了。对方到期不付，就可以申请强制执行。")
    expect(officer.main.get_by_role("alert").filter(has_text="对判决上诉")).to_have_count(0)


def days_go_by(days: int) -> None:
    """All days of the proceeding lie so many days further back. Written by another connection: the test's own is not committed."""

    def move() -> None:
        back = timedelta(days=days)
        Step.objects.update(on=F("on") - back, until=F("until") - back, other_on=F("other_on") - back)
        Proceeding.objects.update(until=F("until") - back, auto_on=F("auto_on") - back)
        about = Clock.objects.filter(about_id__in=Proceeding.objects.values("pk"))
        about.update(started_on=F("started_on") - back, due_on=F("due_on") - back)
        connections.close_all()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(move).result()


def see_the_enforcement_clock(officer: Visitor, walk: Walk) -> None:
    """Two years from the last day for paying, or from when it is in force; once they are nearly over, in red on every page."""
    here, clock = officer.path, Clock.objects.running().get(rule_id="ENF-2Y")
    assert clock.due_on >= clock.started_on.replace(year=clock.started_on.year + 2)
    line = officer.main.locator("li.row-item").filter(has_text="申请执行期间")
    expect(line).to_contain_text("民事诉讼法 第二百五十条")
    expect(line).to_contain_text(clock.due_on.isoformat())
    days_go_by(720)
    for path in (walk.claim, "/", here):
        officer.open(path)
        alert = officer.main.get_by_role("alert").filter(has_text="申请执行期间")
        expect(alert).to_contain_text("申请执行的期间届满，法院可以不再强制执行。")
        expect(alert).to_contain_text("帮劳动者写强制执行申请书")


def enforce(officer: Visitor, walk: Walk) -> None:
    officer.main.locator(".chain").get_by_role("link", name="申请强制执行", exact=True).click()
    officer.fill("办理的法院或者机关", COURT)
    photograph(officer, "或者现在拍照、上传", "执行申请.png")
    officer.press("登记")
    officer.sees("已登记：已申请执行", "已转入执行")
    step(officer, "登记执行立案", "执行中", **{"案号、文号": "（2026）苏1322执66号"})


def find_the_money(officer: Visitor, walk: Walk) -> None:
    step(officer, "登记执行到账", "有款项到账", **{"金额（元）": "540000"})
    step(officer, "登记执行完毕", "执行完毕")
    officer.open(walk.claim)
    officer.sees("已清偿", "欠薪已经付清", "强制执行 （2026）苏1322执66号到账")
    expect(officer.part("金额")).to_contain_text("尚欠¥0.00")
