"""Why somebody is out, in a browser: looked up, the rung that stops her marked, she herself beside the page with her segments."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import clock, database
from crm.segments import saved
from crm.segments.definition import parse
from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server, serving

FEW = {"field": "purchases", "op": "is", "value": 1}
LADDER = {"name": "回头客", "rungs": [{"name": "有邮箱", "where": {"field": "has_email", "op": "is", "value": True}}]}
LADDER["rungs"] += [
    {"name": "买过两次", "where": {"all": [{"field": "purchases", "op": "at_least", "value": 2}, {"bought": {"at_least": 2}}]}}
]


@pytest.fixture(scope="module")
def shop(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """The demo shop with two segments, and somebody with a nickname of her own who has an address and bought once."""
    folder = Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("why") / "shop"))
    store = database.open_store(folder)
    saved.save(store, parse(LADDER), clock.now())
    saved.save(store, parse({"name": "只买过一次", "rungs": [{"name": "r", "where": FEW}]}), clock.now())
    once = (
        "SELECT * FROM customer_facts WHERE purchases = 1 AND email_norm IS NOT NULL AND length(nickname) > 5 ORDER BY customer_id LIMIT 1"
    )
    who = store.rows(once)[0]
    who["order_id"] = store.rows("SELECT order_id FROM orders WHERE customer_id = ? LIMIT 1", [who["customer_id"]])[0]["order_id"]
    store.close()
    with serving(folder) as server:
        yield server, who


def look_up(page: Page, words: str) -> None:
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="回头客").click()
    settle(page)
    box = page.locator(".st-key-why_words input")
    box.fill(words)
    box.press("Enter")
    settle(page)


def test_why_a_customer_is_out_in_chinese(browser: Browser, shop: tuple[Server, dict[str, Any]]) -> None:
    server, who = shop
    page = visit(browser, server, "segments")
    look_up(page, who["nickname"])
    expect(page.get_by_text("不在这个人群里：卡在第 2 级“买过两次”。")).to_be_visible()
    expect(page.get_by_text("有邮箱 · 是")).to_be_visible()
    expect(page.get_by_text("买过 2 次以上（含） · 1")).to_be_visible()
    shot(page, "why-zh")
    page.get_by_role("button", name="查看这位客户").click()
    settle(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("只买过一次")).to_be_visible()
    expect(dialog.get_by_text("回头客")).to_have_count(0)
    shot(page, "customer-zh")
    assert who["nickname"] not in page.url


def test_a_row_of_the_members_opens_the_customer_each_time(browser: Browser, shop: tuple[Server, dict[str, Any]]) -> None:
    """In English and on a phone: by order number; then by a click on a row, twice the same."""
    server, who = shop
    page = visit(browser, server, "segments", locale="en-GB", viewport={"width": 390, "height": 844})
    look_up(page, who["order_id"])
    expect(page.get_by_text("is out: the first rung that does not hold is 2")).to_be_visible()
    table = page.locator("[class*=st-key-members_table] canvas").first
    for _ in range(2):
        table.scroll_into_view_if_needed()
        settle(page)
        corner = table.bounding_box()
        assert corner is not None
        page.mouse.click(corner["x"] + 16, corner["y"] + 367)
        settle(page)
        expect(page.get_by_role("dialog").get_by_text("Orders, newest first")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        settle(page)
