"""Escalation through real pages, processes and dates: a limit runs out and the officer signs for it, a rung orders a
reply that is sent back once, the administrator amends the ladder, the worker chases the case, and every mail went out
once. Each step asserts what its person sees.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time

import pytest
from django.db.models import Q
from playwright.sync_api import Browser, expect

from arrears.calendars import calendar_now
from arrears.models import Claim, Ladder, Nudge, Order, Watch
from grid.days import SHANGHAI
from grid.models import Notice
from grid.models.notices import QUEUED, SENDING, SENT
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.test_main_job import wait_for
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LAY_LONG = 14  # working days: accepted within five, late by more than the five after which a rung orders a reply
REPLY = "今天约谈用人单位，明天报送对账结果。"
NOTE = "试行：逾期三个工作日同时下达督办单。"


class Pressed(Scene):
    """Two claims nobody has touched: `late` by a working day, `long_late` so long that an order is due."""

    late: Claim
    long_late: Claim

    @classmethod
    def make(cls) -> None:
        super().make()
        cls.late = cls.received(cls.letter_day)
        cls.long_late = cls.received(calendar_now().add(cls.today, -LAY_LONG))

    @classmethod
    def received(cls, day: date) -> Claim:
        return cls.make_claim(person=cls.grid_worker, now=datetime.combine(day, time(10), SHANGHAI), last_working_day=day)


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Pressed]:
    Pressed.make()
    return Pressed


@pytest.fixture
def come(scene: type[Pressed], house: Running, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Somebody sits down; who has an account signs in."""
    visitors: list[Visitor] = []

    def sit_down(name: str = "", **options: object) -> Visitor:
        person = getattr(scene, name) if name else None
        visitors.append(Visitor(browser, house.url, person, **options))
        return visitors[-1].sign_in() if person else visitors[-1]

    yield sit_down
    for visitor in visitors:
        visitor.context.close()


def test_a_limit_runs_out(scene: type[Pressed], house: Running, come: Callable[..., Visitor]) -> None:
    house.send_turn("sweep")
    officer = come("county")
    sign_for_the_alert(officer, scene.late)
    order = wait_for(lambda: Order.objects.filter(claim=scene.long_late).first())
    city = come("city")
    find_the_order(officer, order, scene.long_late)
    reply(officer, "已约谈用人单位，正在对账。", order)
    send_back(city, order)
    reply(officer, "对账完成，欠薪八千元，书面承诺本月底付清。", order)
    accept(city, order)
    administrator = come("administrator")
    amend_the_ladder(administrator, scene.late)
    worker = come(size=PHONE)
    chase(worker, scene.late)
    hear_of_it(officer, scene.late)
    read_the_mail(house, scene)
    for visitor in (officer, city, administrator, worker):
        assert not visitor.troubles


def sign_for_the_alert(officer: Visitor, claim: Claim) -> None:
    """It has climbed by itself; what must be signed for stands above all else, and the answer in the history."""
    officer.open("/inbox/")
    first = officer.main.locator("section").filter(has=officer.page.get_by_role("heading", name="请先签收")).locator("li").first
    officer.reload_until(first.get_by_text(f"{claim.number} 已提级至县级"))
    expect(officer.main.locator("li.row-item").first).to_contain_text(claim.number)
    first.get_by_text("签收并回复").first.click()
    first.get_by_label("回复", exact=True).fill(REPLY)
    first.get_by_role("button", name="签收并回复").click()
    officer.sees("已签收并回复")
    officer.open(f"/claims/{claim.pk}/")
    officer.sees("系统自动提级", "签收提醒", REPLY, "冼安")


def find_the_order(officer: Visitor, order: Order, claim: Claim) -> None:
    """A rung has issued it, in the name of the city."""
    assert (order.level, order.from_level, order.issued_by) == ("county", "city", None)
    officer.follow("督办")
    officer.main.locator("li.row-item").filter(has_text=order.number).get_by_role("link").click()
    officer.sees("系统按督办规则下达", claim.number, "待签收")
    officer.press("签收")
    officer.sees("已完成：签收", "已签收，待回复")


def reply(officer: Visitor, words: str, order: Order) -> None:
    officer.open(f"/orders/{order.pk}/")
    officer.follow("回复")
    officer.fill("办理情况", words)
    officer.press("回复")
    officer.sees("已完成：回复", "已回复，待审核", words)


def send_back(city: Visitor, order: Order) -> None:
    city.open("/inbox/")
    city.press(f"督办单 {order.number}：回复")
    city.follow("退回重办")
    city.fill("审核意见", "没有写明数额和付款日期。")
    city.press("退回重办")
    city.sees("已完成：退回重办", "退回意见", "没有写明数额和付款日期。")


def accept(city: Visitor, order: Order) -> None:
    city.open(f"/orders/{order.pk}/")
    city.follow("认可办结")
    city.press("认可办结")
    city.sees("已完成：认可办结", "已办结", "退回重办")
    order.refresh_from_db()
    assert (order.state, order.times_sent_back) == ("accepted", 1)


def amend_the_ladder(administrator: Visitor, claim: Claim) -> None:
    """First what would change, then for good; the running clock takes it from its next rung."""
    administrator.follow("督办规则")
    administrator.page.locator("#legal").get_by_role("link", name="修改").first.click()
    administrator.unfold(re.compile("逾期三个工作日，再次提级"))
    administrator.page.locator("[name=rung-3-order_days]").fill("2")
    administrator.fill("修改说明", NOTE)
    administrator.press("看影响")
    preview = administrator.page.locator("#preview")
    expect(preview).to_contain_text("发布后会怎样")
    expect(preview).to_contain_text(claim.number)
    assert not Ladder.objects.exists()
    administrator.press("发布")
    administrator.sees("新版本已发布", "第 1 版")
    watch = Watch.objects.select_related("ladder").get(clock__claim=claim, clock__rule_id="JC-ACCEPT")
    assert watch.ladder.rungs[watch.rung]["order_days"] == 2


def chase(worker: Visitor, claim: Claim) -> None:
    """No account: the number from the text message and four digits. Who presses again is asked to wait."""
    worker.open("/track/")
    worker.fill("查询号", claim.public_number.lower())
    worker.fill("手机号后四位", "0001")
    worker.press("查询")
    due = claim.clocks.get(rule_id="JC-ACCEPT").due_on
    card = worker.page.locator("body")
    expect(card).to_contain_text("负责的岗位：沭阳县")
    expect(card).to_contain_text(f"{due.month}月{due.day}日")
    expect(card).to_contain_text("已经超过期限")
    again = worker.context.new_page()
    again.goto("/track/")
    worker.press("催办")
    expect(card).to_contain_text("已经催办，承办人和负责人会收到提醒。")
    expect(worker.page.get_by_role("button", name="催办")).to_have_count(0)
    again.get_by_role("button", name="催办").click()
    expect(again.locator("body")).to_contain_text("您最近已经催办过，请在")
    assert Nudge.objects.get(claim=claim).by is None


def hear_of_it(officer: Visitor, claim: Claim) -> None:
    officer.open("/inbox/")
    officer.press(f"催办：{claim.number}")
    officer.sees("劳动者", "催办")


def read_the_mail(house: Running, scene: type[Pressed]) -> None:
    """Whatever was to go out by mail has come to the server, each thing once, and all of it without a name."""
    ours = Notice.objects.filter(channel="email", subject_id__in=[scene.late.pk, scene.long_late.pk])
    waiting = ours.filter(Q(state=SENDING) | Q(state=QUEUED))
    house.send_turn("deliver")
    wait_for(lambda: not waiting.exists())
    sent = Counter((notice.key, notice.recipient.email) for notice in ours.filter(state=SENT).select_related("recipient"))
    came = Counter((mail["X-Xinan-Key"].strip(), mail["To"]) for mail in house.mail.messages)
    assert {key for key in sent if key[1] == scene.county.email}
    assert {key: came[key] for key in sent} == dict.fromkeys(sent, 1)
    assert all("李建国" not in mail.get_content() for mail in house.mail.messages)
