"""Screenshots of every page: both languages, desktop and phone, light and dark, empty and full. Nothing scrolls sideways."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server

PAGES = """
    kpi orders customers patterns same_people products segments together campaigns result settings users audit account privacy
""".split()
VIEWS: dict[str, dict[str, Any]] = {
    "zh-desktop-light": {"locale": "zh-CN"},
    "zh-phone-dark": {"locale": "zh-CN", "viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "en-desktop-dark": {"locale": "en-US", "color_scheme": "dark"},
    "en-phone-light": {"locale": "en-US", "viewport": {"width": 390, "height": 844}},
}


def whole(page: Page) -> None:
    """Make the window as high as the page, so that the picture shows all of it."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(max(int(height), size["height"]), 6000)})
    settle(page)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", PAGES)
def test_a_full_page_looks_right(browser: Browser, demo_server: Server, path: str, view: str) -> None:
    page = visit(browser, demo_server, path, **VIEWS[view])
    settle(page, 700)
    whole(page)
    shot(page, f"{path}-{view}")
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= page.evaluate("window.innerWidth")
    page.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_page_looks_right(browser: Browser, empty_server: Server, path: str) -> None:
    page = visit(browser, empty_server, path, locale="en-US")
    shot(page, f"{path}-en-empty")
    assert page.get_by_test_id("stException").count() == 0
    page.context.close()
