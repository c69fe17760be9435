"""Tables of unknown layout in a browser: what their columns mean is proposed, corrected on screen, kept, and imported so."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, shot, upload, visit
from tests.conftest import Server, crm, serving
from tests.layouts import samples

HEAD, ROW = 35, 35


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "shop") as running:
        yield running


def drop(page: Page, file: Path) -> None:
    """Put a file on the page and wait until it has been looked at."""
    upload(page, [file])
    expect(page.get_by_text("这种表格是第一次见").or_(page.get_by_text("已识别"))).to_be_visible(timeout=30_000)
    settle(page)


def choose(page: Page, row: int, meaning: str) -> None:
    """Say what a column means: the last cell of its row, a word typed into the list, Enter."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()  # below it stands the preview
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] - 60, box["y"] + HEAD + ROW * row + ROW / 2)
    page.wait_for_timeout(300)
    page.keyboard.type(meaning)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    settle(page)


def take(page: Page, orders: str, customers: str) -> None:
    """Look first, reload, then import with a double click; the screen says how many orders and customers are new."""
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=60_000)
    page.reload()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=60_000)
    settle(page)
    page.get_by_role("button", name="确认导入").dblclick()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(orders)
    expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text(customers)


def spend(server: Server, day: str) -> float:
    """What was spent, once the server has stopped; the file was imported once."""
    assert server.stop() == 0
    assert len(json.loads(crm("imports", "--json", data=server.data).stdout)["imports"]) == 1
    return round(float(json.loads(crm("kpi", "--as-of", day, "--json", data=server.data).stdout)["spend"]), 2)


def test_a_table_without_a_header_is_mapped_on_screen(browser: Browser, server: Server, shared: Path) -> None:
    page = visit(browser, server, "orders")
    drop(page, shared / "corpus" / "datasets" / "CDNOW_sample.txt")
    expect(page.get_by_text("请指明哪一列是订单编号或买家。")).to_be_visible()
    expect(page.get_by_role("button", name="先看结果")).to_have_count(0)
    choose(page, 0, "买家")
    expect(page.get_by_text("请指明哪一列是订单编号或买家。")).to_have_count(0)
    choose(page, 3, "数量")
    page.get_by_test_id("stSidebar").get_by_text("EN", exact=True).click()
    expect(page.locator("h1")).to_have_text("Import orders")
    settle(page)
    expect(page.get_by_role("button", name="See what would happen")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_text("中文", exact=True).click()
    expect(page.get_by_role("button", name="先看结果")).to_be_visible()
    shot(page, "orders-mapping-zh")
    take(page, "6,919", "2,357")
    page.context.close()
    assert spend(server, "1998-07-01") == 244091.94


def test_a_table_whose_columns_are_guessed_needs_no_choice(browser: Browser, server: Server, shared: Path) -> None:
    page = visit(browser, server, "orders")
    drop(page, shared / "corpus" / "datasets" / "rfm_data_orders.csv")
    take(page, "4,906", "995")
    page.context.close()
    assert spend(server, "2006-12-31") == 464158


def test_a_known_workbook_has_no_encoding_to_be_named(browser: Browser, server: Server, tmp_path: Path) -> None:
    page = visit(browser, server, "orders")
    drop(page, samples.write("jd_order_2026", tmp_path))
    expect(page.get_by_text("已识别")).to_have_text(re.compile("^已识别：[^·]*京东[^·]*$"))
