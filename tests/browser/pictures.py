"""The README's pictures, taken by hand from the demo city while bin/serve runs:

    .venv/bin/python -m tests.browser.pictures [http://127.0.0.1:8000]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PASSWORD = "xinan-demo-2026"  # arrears/demo/cast.py, which needs Django
FOLDER = Path(__file__).resolve().parents[2] / "docs/img"
# File, who signs in, size, and where they go from their desk: the first link of the list.
DESK = ("desk.png", "xianan", {"width": 1440, "height": 800}, "")
PHONE = ("phone.png", "wangge", {"width": 360, "height": 720}, ".claim .row-link")


def take(browser: Browser, url: str, name: str, username: str, size: dict[str, int], follow: str) -> None:
    page = browser.new_page(base_url=url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", color_scheme="light")
    page.goto("/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    if follow:
        page.locator(follow).first.click()
    page.screenshot(path=FOLDER / name)


def main(url: str = "http://127.0.0.1:8000") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for picture in (DESK, PHONE):
            take(browser, url, *picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
