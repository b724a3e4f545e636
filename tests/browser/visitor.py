"""Somebody at a browser: opens, fills in, presses, and looks. Every wait is bounded by Playwright's time-out."""

import re
import time
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, expect

from grid.models import Person

PASSWORD = "xinan-test-2026"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
PATIENCE = 15.0  # seconds; more than a busy machine needs, and never spent where all is well


class Visitor:
    def __init__(self, browser: Browser, url: str, person: Person | None, size: dict[str, int] = DESK, **options: object) -> None:
        self.person = person
        self.context = browser.new_context(
            base_url=url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("console", self.listen)

    def listen(self, said: ConsoleMessage) -> None:
        """Errors of the page and what its security policy blocked; an answer like 404 or 409 is no error of a page."""
        if said.type == "error" and "status of 4" not in said.text:
            self.troubles.append(f"{self.page.url}: {said.text}")

    def sign_in(self) -> Self:
        self.open("/")
        self.fill("用户名", self.person.username)
        self.fill("密码", PASSWORD)
        self.press("登录")
        expect(self.page.get_by_text(self.person.full_name).first).to_be_attached()
        return self

    def open(self, path: str) -> int:
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def part(self, title: str) -> Locator:
        """The section of the page under that heading."""
        return self.main.locator("section").filter(has=self.page.get_by_role("heading", name=title, exact=True)).last

    def field(self, label: str) -> Locator:
        """What one types into or picks from, by its whole label, with or without the mark of a required one."""
        typed = self.page.locator("input:not([type=radio], [type=checkbox]), select, textarea")
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).and_(typed)

    def fill(self, label: str, value: str) -> None:
        self.field(label).fill(value)

    def choose(self, label: str, option: str | re.Pattern[str]) -> None:
        """In a list."""
        listed = self.field(label)
        listed.select_option(listed.get_by_role("option", name=option).get_attribute("value"))

    def tick(self, label: str | re.Pattern[str]) -> None:
        self.page.get_by_label(label).and_(self.page.locator("[type=radio], [type=checkbox]")).check()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def unfold(self, title: str | re.Pattern[str]) -> None:
        self.main.locator("summary").get_by_text(title, exact=True).click()

    def offers(self, move: str) -> bool:
        return self.page.locator("#acts").get_by_text(move, exact=True).count() > 0

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def sees_not(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def fits(self) -> None:
        """Nothing sticks out to the side. Asked again until there is a page: between two there is nothing to measure."""
        sticks_out = None
        limit = time.monotonic() + PATIENCE
        while sticks_out is None:
            assert time.monotonic() < limit, f"{self.page.url} shows nothing"
            self.page.wait_for_load_state()
            sticks_out = self.page.evaluate("most => document.body && document.documentElement.scrollWidth > most", self.page.viewport_size["width"])
        assert not sticks_out, self.path

    def reload_until(self, wanted: Locator) -> None:
        """Looks again until it is there; what is waited for happens in another process."""
        limit = time.monotonic() + PATIENCE
        while not wanted.first.is_visible():
            assert time.monotonic() < limit, f"{self.page.url} never showed {wanted}"
            self.page.wait_for_timeout(100)
            self.page.reload()
