"""A real browser on a running server: pages as a person sees them."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import ROOT, Server, serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = ROOT / "tests" / "screenshots"
REMOVE, CANCEL = re.compile("^(移除|Remove) "), re.compile("^(取消|Cancel) ")
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
QUIET = """([idle, wanted, call]) => {
    if (!document.querySelector(idle)) delete window.settling
    else if (window.settling?.call !== call) window.settling = {call, since: performance.now()}
    return performance.now() - (window.settling?.since ?? Infinity) >= wanted
}"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium: an installed one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    installed = next((path for path in map(shutil.which, names) if path), None)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_server(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a demo shop, for tests that only look."""
    data = Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("served") / "shop"))
    with serving(data) as server:
        yield server


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a shop without any data."""
    with serving(tmp_path_factory.mktemp("empty") / "shop") as server:
        yield server


def visit(browser: Browser, server: Server, path: str, **context: Any) -> Page:
    """A new visitor on a page, when it has come to rest."""
    options = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 1000}, "timezone_id": "Asia/Shanghai"} | context
    page = browser.new_context(**options).new_page()
    page.goto(f"{server.url}/{path}")
    settle(page)
    return page


def settle(page: Page, milliseconds: int = 300) -> None:
    """Until the script has run and the screen has stopped moving: idle all that time, not just between a run and the one it asked for."""
    page.wait_for_selector(IDLE, timeout=30_000)
    page.wait_for_function(QUIET, arg=[IDLE, milliseconds, uuid4().hex], timeout=30_000 + milliseconds)


def upload(page: Page, files: Sequence[Path]) -> None:
    """Choose files on the import page and wait until they lie on the server."""
    before = page.get_by_role("button", name=REMOVE).count()
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.get_by_role("button", name=REMOVE)).to_have_count(before + len(files), timeout=60_000)
    expect(page.get_by_role("button", name=CANCEL)).to_have_count(0, timeout=60_000)
    settle(page)


def shot(page: Page, name: str) -> None:
    """Keep what the page looks like, whole."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
