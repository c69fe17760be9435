"""Products in a browser: tick some, put them in a new category, see it, take it back; words in titles, looked at before they are saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server, serving

HEAD, ROW = 35, 35
SORTED = '[data-testid="stMetric"]:has-text("已归类金额") [data-testid="stMetricValue"]'


@pytest.fixture
def server(demo_copy: Path) -> Iterator[Server]:
    with serving(demo_copy) as running:
        yield running


def tick(page: Page, row: int) -> None:
    """The box at the left of a row of the first table."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + HEAD + ROW * row + ROW / 2)
    settle(page)


def say(page: Page, place: int, name: str) -> None:
    """Type a category that is not there yet into the list."""
    box = page.get_by_label("品类", exact=True).nth(place)
    box.click()
    box.fill(name)
    page.keyboard.press("Enter")
    settle(page)


def counted(page: Page) -> None:
    """Until the count that a change set in motion is done."""
    expect(page.get_by_text("正在重新计算品类")).to_have_count(0, timeout=120_000)
    settle(page)


def test_a_product_is_put_in_a_category_and_out_again(browser: Browser, server: Server) -> None:
    page = visit(browser, server, "products")
    before = page.locator(SORTED).inner_text()
    tick(page, 0)
    tick(page, 1)
    say(page, 0, "日用百货")
    page.get_by_role("button", name="将 2 个归入 日用百货").click()
    expect(page.get_by_text("已将 2 个商品归入 日用百货")).to_be_visible(timeout=30_000)
    counted(page)
    expect(page.get_by_text("1 个商品，按消费金额从高到低")).to_be_visible()
    assert page.locator(SORTED).inner_text() > before
    shot(page, "products-assigned-zh")
    page.goto(f"{server.url}/customers")
    settle(page, 700)
    assert page.get_by_text("日用百货").count() or "日用百货" in page.content()
    page.goto(f"{server.url}/products")
    settle(page)
    page.get_by_text("最近的手动归类").click()
    page.get_by_role("button", name="撤销").last.click()
    dialog = page.locator(".stDialog")
    expect(dialog).to_contain_text("对 2 个商品的手工归类将不再生效")
    dialog.get_by_role("button", name="确认撤销").click()
    settle(page)
    counted(page)
    expect(page.locator(SORTED)).to_have_text(before)
    page.context.close()


def test_a_word_shows_what_it_would_catch_before_it_is_saved(browser: Browser, server: Server) -> None:
    page = visit(browser, server, "products")
    before = page.locator(SORTED).inner_text()
    page.get_by_role("textbox", name="标题包含的词").fill("垃圾袋，海绵")
    settle(page, 700)
    expect(page.get_by_text("可归类 2 个未归类商品")).to_be_visible()
    say(page, 1, "清洁")
    page.get_by_role("button", name="保存关键词（2 个商品改变）").click()
    expect(page.get_by_text("关键词已保存，2 个商品的品类会改变。")).to_be_visible(timeout=30_000)
    counted(page)
    expect(page.get_by_text("1 个商品，按消费金额从高到低")).to_be_visible()
    page.get_by_role("button", name="撤销").first.click()
    settle(page)
    counted(page)
    expect(page.locator(SORTED)).to_have_text(before)
    page.get_by_text("全部关键词（8 个品类）").click()
    box = page.get_by_role("textbox", name="每行一个品类")
    box.fill(box.input_value().replace("锅具 = 锅", "锅具 = 锅, 刀"))
    page.keyboard.press("Control+Enter")
    settle(page)
    expect(page.get_by_text("“刀”同时属于两个品类")).to_be_visible()
    page.context.close()
