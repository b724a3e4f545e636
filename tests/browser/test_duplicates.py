"""On a phone: the same worker again is caught while the name and the number are typed, and goes into the claim that is there."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from arrears.intake import ClaimantFacts
from arrears.models import Claim, Claimant
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Scene]:
    Scene.make()
    Scene.known = Scene.make_claim(now=timezone.now(), claimants=[ClaimantFacts("李国庆", "13812345678")], last_working_day=None)
    Scene.far = Scene.make_claim("321323101", now=timezone.now(), claimants=[ClaimantFacts("赵大勇", "13912345678")], last_working_day=None)
    return Scene


@pytest.fixture
def worker(scene: type[Scene], house: Running, browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor(browser, house.url, scene.grid_worker, size=PHONE)
    yield visitor.sign_in()
    visitor.context.close()


def test_a_duplicate_is_caught_while_typing_on_a_phone(scene: type[Scene], worker: Visitor) -> None:
    page, claims = worker.page, Claim.objects.count()
    worker.open("/claims/new/")
    page.locator("[name=who-0-name]").type("李国")
    page.locator("[name=who-0-phone]").type("13812345678")
    expect(page.get_by_role("heading", name="疑似重复：已有这样的案件")).to_have_count(0)
    page.locator("[name=who-0-name]").press("End")
    page.locator("[name=who-0-name]").type("庆")
    found = worker.part("疑似重复：已有这样的案件")
    expect(found.get_by_text(scene.known.number)).to_be_visible()
    expect(found.get_by_text("电话相同")).to_be_visible()
    worker.fits()
    worker.press("下一步")
    expect(worker.part("疑似重复：已有这样的案件")).to_be_visible()
    worker.part("疑似重复：已有这样的案件").get_by_role("link", name="把劳动者加入这一件").click()
    page.locator("[name=money-0-rate]").fill("1200")
    worker.press("下一步")
    worker.part("疑似重复：已有这样的案件").get_by_role("link", name="把劳动者加入这一件").click()
    page.get_by_label("已向劳动者宣读或出示以上告知").check()
    worker.press("加入这一件")
    expect(page.get_by_text(f"已加入案件 {scene.known.number}")).to_be_visible()
    assert Claim.objects.count() == claims
    assert Claimant.objects.get(claim=scene.known).lines.get().unpaid == 1200
    assert worker.troubles == []


def test_of_a_claim_out_of_sight_only_the_office_is_told(scene: type[Scene], worker: Visitor) -> None:
    worker.open("/claims/new/")
    worker.page.locator("[name=who-0-name]").type("赵大勇")
    worker.page.locator("[name=who-0-phone]").type("13912345678")
    expect(worker.main.get_by_text("泗阳县裴圩镇")).to_be_visible()
    expect(worker.main.get_by_text(scene.far.number)).to_have_count(0)
    assert worker.troubles == []
