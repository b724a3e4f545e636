"""What every test run needs: whether there is a browser, and a word about the tests left out without one."""

import shutil
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as examples
from xdist.scheduler import LoadFileScheduling

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_TESTS = "tests/browser/"
LONGEST = (BROWSER_TESTS, "tests/faults/", "tests/arrears/test_simulate.py")
HOW_TO_GET = "apt-get install chromium fonts-noto-cjk"
NO_BROWSER = "no browser was found"

# The same tree gives the same answer on every machine; new examples are looked for with --hypothesis-profile explore.
examples.register_profile("repeatable", derandomize=True, deadline=None)
examples.register_profile("explore", deadline=None, max_examples=20_000)
examples.load_profile("repeatable")


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=begins_late)
    if not find_browser():
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def begins_late(item: pytest.Item) -> bool:
    """What takes longest begins first, so that no process is left alone with it at the end."""
    return not item.nodeid.startswith(LONGEST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """From the reports, because with several processes only these come home."""
    skipped = terminalreporter.stats.get("skipped", [])
    files = [report.fspath for report in skipped if NO_BROWSER in str(report.longrepr)]
    if files:
        terminalreporter.write_line(
            f"没有找到浏览器，略过 {len(files)} 个测试：{', '.join(sorted(set(files)))}；安装浏览器：{HOW_TO_GET}"
            f" / no browser found, {len(files)} tests left out"
        )


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return find_browser() or pytest.skip(f"no browser: {HOW_TO_GET}")


@pytest.fixture(autouse=True)
def speak_chinese() -> None:
    """A page asked for in English leaves its language behind in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


class ByFile(LoadFileScheduling):
    """A file stays in one process; the browser's whole folder does, for it shares one running system."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER_TESTS if nodeid.startswith(BROWSER_TESTS) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)
