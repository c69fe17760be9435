"""One customer in a browser: found from another page by the end of a phone number, changed, noted of, and on along the list."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import database
from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server, serving

SEARCH = "[class*=st-key-find_customer] input"


@pytest.fixture(scope="module")
def shop(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """The demo shop, and somebody whose phone number can be dialled."""
    folder = Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("customer") / "shop"))
    store = database.open_store(folder)
    sql = (
        "SELECT phone, facts.* FROM customers JOIN customer_facts AS facts USING (customer_id) "
        "WHERE customers.phone_quality = 'clear' AND purchases > 2 AND facts.email_norm IS NOT NULL ORDER BY spend DESC LIMIT 1"
    )
    who = store.rows(sql)[0]
    store.close()
    with serving(folder) as server:
        yield server, who


def search(page: Page, words: str) -> None:
    box = page.locator(SEARCH).first
    box.fill(words)
    box.press("Enter")
    page.wait_for_url(re.compile(r"/customer(\?|$)"))
    settle(page)


def test_a_customer_is_found_changed_and_noted_of(browser: Browser, shop: tuple[Server, dict[str, Any]]) -> None:
    server, who = shop
    page = visit(browser, server, "customers")
    search(page, who["phone"][-6:])
    expect(page.locator("h1")).to_contain_text(who["name"])
    assert page.url.partition("?")[2].startswith("who=")
    assert not [word for word in (who["phone"][-6:], who["customer_id"], who["name"]) if word in page.url]
    expect(page.get_by_text("下次可以问")).to_be_visible()
    page.locator("[class*=st-key-customer_edit] button").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="生日").fill("农历三月初八")
    dialog.get_by_role("textbox", name="尺码").fill("M")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    settle(page)
    expect(page.get_by_text("尺码 M")).to_be_visible()
    page.get_by_placeholder("聊了什么").fill("爱喝 *茶*")
    page.get_by_role("button", name="加备注").click()
    expect(page.get_by_role("cell", name=re.compile("备注 爱喝 \\*茶\\*"))).to_be_visible()
    shot(page, "customer-page-zh")
    page.reload()
    settle(page)
    page.get_by_text("资料变更").click()
    settle(page)
    expect(page.get_by_text("尺码 — → M")).to_be_visible()
    page.locator("[class*=st-key-customer_back] button").first.click()
    settle(page)
    expect(page.get_by_text("→ —")).to_have_count(1)
    page.context.close()


def test_on_along_the_list_on_a_phone(browser: Browser, shop: tuple[Server, dict[str, Any]]) -> None:
    server, _ = shop
    page = visit(browser, server, "customers", locale="en-GB", viewport={"width": 390, "height": 844})
    page.get_by_test_id("stExpandSidebarButton").click()
    search(page, "果果妈")
    expect(page.get_by_text(re.compile("found, these are the first 20"))).to_be_visible()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    settle(page)
    table = page.locator("[class*=st-key-customer_found] canvas").first
    corner = table.bounding_box()
    assert corner is not None
    page.mouse.click(corner["x"] + 16, corner["y"] + 52)
    page.wait_for_url(re.compile("who="))
    settle(page)
    first = page.locator("h1").inner_text()
    expect(page.get_by_text(re.compile("“Search”: 1 of "))).to_be_visible()
    page.get_by_role("button", name="Next").click()
    settle(page)
    expect(page.get_by_text(re.compile("“Search”: 2 of "))).to_be_visible()
    assert page.locator("h1").inner_text() != first
    shot(page, "customer-page-phone-en")
    page.context.close()
