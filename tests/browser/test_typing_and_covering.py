"""On a phone: employers and sites offered while somebody types them on the pages of intake, nearby first; and rectangles
drawn with the finger over a picture, which cover what lies below for good."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect

from arrears.evidence import add_evidence
from arrears.intake import RespondentFacts
from arrears.models import Claim
from arrears.privacy import VERSION
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CODE = "91321322MA1N00001X"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    now = timezone.now()
    Scene.near = Scene.make_claim(
        now=now, site_name="翰林雅苑二期", site_address="南京路8号", respondents=[RespondentFacts("宿迁恒远劳务有限公司", role="labour", phone="0527-80000001")]
    )
    Scene.make_claim("321322102", now=now, site_name="翰林学府", respondents=[RespondentFacts("恒远建工有限公司", credit_code=CODE)])
    Scene.make_claim("321323101", now=now, respondents=[RespondentFacts("泗阳恒远建筑公司")])
    Scene.paper = add_evidence(Scene.near, drawn(), Scene.grid_worker, now=now, kind="identity", title="身份证")
    return Scene


def drawn() -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (600, 400), "white").save(written, "PNG")
    return SimpleUploadedFile("身份证.png", written.getvalue())


def visit(scene: type[Scene], house: Running, browser: Browser, who: str, **options: object) -> Visitor:
    return Visitor(browser, house.url, getattr(scene, who), size=PHONE, **options).sign_in()


def test_employers_and_sites_are_offered_while_typing_nearby_first_and_one_tap_fills_them_in(scene: type[Scene], house: Running, browser: Browser) -> None:
    worker = visit(scene, house, browser, "grid_worker")
    worker.open("/claims/new/")
    worker.fill("姓名", "输入甲")
    worker.press("下一步")
    worker.page.wait_for_url("**/whom/")
    worker.page.locator("[name=whom-0-legal_name]").press_sequentially("恒远")
    offered = worker.page.locator("#whom-0-known .row-item")
    expect(offered).to_have_count(2)  # one of another county without a code is offered to nobody here
    expect(offered.nth(0)).to_contain_text("宿迁恒远劳务有限公司")
    expect(offered.nth(0)).to_contain_text("本乡镇")
    expect(offered.nth(1)).to_contain_text(CODE)
    worker.fits()
    offered.nth(0).get_by_role("button").click()
    expect(worker.page.locator("[name=whom-0-legal_name]")).to_have_value("宿迁恒远劳务有限公司")
    expect(worker.page.locator("[name=whom-0-phone]")).to_have_value("0527-80000001")
    worker.press("下一步")
    worker.page.wait_for_url("**/where/")
    worker.page.locator("[name=site_name]").press_sequentially("翰林")
    site = worker.page.locator("#site-known .row-item")
    expect(site).to_have_count(1)
    site.get_by_role("button").click()
    expect(worker.page.locator("[name=site_name]")).to_have_value("翰林雅苑二期")
    worker.press("下一步")
    worker.page.wait_for_url("**/money/")
    worker.fill("单价或总额（元）", "3500")
    worker.press("下一步")
    worker.press("核对")
    worker.page.get_by_label("已向劳动者宣读或出示以上告知").check()
    pad = worker.page.locator("canvas.signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    worker.page.mouse.move(box["x"] + 20, box["y"] + 20)
    worker.page.mouse.down()
    worker.page.mouse.move(box["x"] + 140, box["y"] + 70, steps=5)
    worker.page.mouse.up()
    expect(worker.page.get_by_text("已签名")).to_be_visible()
    worker.press("登记案件")
    worker.sees("案件已登记")
    claim = Claim.objects.get(worker_name="输入甲")
    signature = claim.evidence.get()
    assert signature.kind == "signature" and signature.title.startswith("输入甲签名，")
    assert Image.open(signature.file.path).convert("L").getextrema()[0] < 60, "something was written"
    assert claim.events.get(kind="register").facts["privacy_notice"] == VERSION
    assert (claim.site, claim.respondents.get().employer) == (scene.near.site, scene.near.respondents.get().employer)
    assert worker.troubles == []
    worker.context.close()


def test_the_county_is_offered_the_sites_of_the_chosen_township_first(scene: type[Scene], house: Running, browser: Browser) -> None:
    officer = visit(scene, house, browser, "county")
    officer.open("/claims/new/")
    officer.fill("姓名", "输入乙")
    officer.press("下一步")
    officer.fill("别名、绰号、车牌等线索", "孙老板")
    officer.press("下一步")
    officer.page.wait_for_url("**/where/")
    officer.page.locator("[name=region]").select_option("321322102")
    officer.page.locator("[name=site_name]").press_sequentially("翰林")
    expect(officer.page.locator("#site-known .row-link")).to_have_text(["翰林学府", "翰林雅苑二期"])
    officer.page.locator("[name=region]").select_option("321322101")
    officer.page.locator("[name=site_name]").press_sequentially("雅")
    expect(officer.page.locator("#site-known .row-link")).to_have_text(["翰林雅苑二期"])
    officer.context.close()


def test_without_a_script_the_same_is_found_by_a_button(scene: type[Scene], house: Running, browser: Browser) -> None:
    worker = Visitor(browser, house.url, scene.grid_worker, size=PHONE, java_script_enabled=False).sign_in()
    worker.open("/claims/new/")
    worker.fill("姓名", "输入丙")
    worker.press("下一步")
    worker.page.locator("[name=whom-0-legal_name]").fill("恒远")
    worker.press("查找已登记过的")
    worker.page.get_by_role("button", name="宿迁恒远劳务有限公司").click()
    expect(worker.page.locator("[name=whom-0-legal_name]")).to_have_value("宿迁恒远劳务有限公司")
    worker.context.close()


# Covering


def test_rectangles_drawn_with_the_finger_cover_the_picture_for_good(scene: type[Scene], house: Running, browser: Browser) -> None:
    worker = visit(scene, house, browser, "grid_worker", has_touch=True)
    worker.open(f"/evidence/{scene.paper.pk}/redact/")
    sheet, lines = worker.page.locator("[data-redact] svg"), worker.page.locator("[name=boxes]")
    expect(worker.page.locator("[data-redact] img")).to_have_js_property("complete", True)
    sheet.scroll_into_view_if_needed()
    edge = sheet.bounding_box()

    def drag(left: float, top: float, right: float, bottom: float) -> None:
        at = [(edge["x"] + edge["width"] * x, edge["y"] + edge["height"] * y) for x, y in ((left, top), (right, bottom))]
        worker.page.mouse.move(*at[0])
        worker.page.mouse.down()
        worker.page.mouse.move(*at[1], steps=6)
        worker.page.mouse.up()

    drag(0.1, 0.1, 0.5, 0.3)
    drag(0.9, 0.9, 0.6, 0.7)  # from below to above
    drag(0.2, 0.6, 0.2, 0.6)  # a tap is no rectangle
    expect(sheet.locator("rect")).to_have_count(2)
    assert len(lines.input_value().splitlines()) == 2
    worker.press("撤销上一块")
    expect(sheet.locator("rect")).to_have_count(1)
    worker.fits()
    worker.press("保存遮盖件")
    worker.sees("遮盖件已保存")
    copy = scene.paper.redacted.get()
    seen = Image.open(copy.file.path).convert("RGB")
    assert (seen.size, seen.getpixel((180, 80)), seen.getpixel((450, 320))) == ((600, 400), (0, 0, 0), (255, 255, 255))
    assert (seen.getpixel((50, 80)), seen.getpixel((310, 80)), seen.getpixel((180, 130))) == ((255, 255, 255),) * 3
    assert copy.is_drawn and worker.troubles == []
    worker.context.close()
