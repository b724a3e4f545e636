"""One running system and one browser for all tests of this folder. Both are gone before other tests go on."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import Running, running

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")


@pytest.fixture(scope="package")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("house")) as started:
        yield started


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread, and nothing else does
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def chromium_with_cameras(browser: Browser, chromium_path: str) -> Iterator[Browser]:
    started = browser.browser_type.launch(executable_path=chromium_path, args=[*FLAGS, *FAKE])
    yield started
    started.close()


@pytest.fixture
def cameras(chromium_with_cameras: Browser) -> Iterator[Browser]:
    """With fake ones. Whatever a failed test leaves open is closed: pages that go on encoding would slow the next one down."""
    yield chromium_with_cameras
    for context in chromium_with_cameras.contexts:
        context.close()


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database open, for a scene that other processes are to see; empty again afterwards."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)
        connection.close()  # inside playwright's loop it is another one than outside, which nobody else would close
