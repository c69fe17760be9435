"""A dossier in a browser: dropped in, recognised, imported, and what it tells is a filter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, shot, upload, visit
from tests.conftest import Server, serving
from tests.uploads.given import table

LONG = 180_000


def pick(page: Page, name: str, value: str) -> None:
    """Choose in the box of that name."""
    box = page.get_by_role("combobox", name=name).last
    box.click()
    box.fill(value)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    settle(page)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "shop") as running:
        yield running


def test_a_dossier_becomes_filters(browser: Browser, server: Server, tmp_path: Path) -> None:
    rows = ["姓名,手机号,性别,生日,标签", "梁静,13800000001,女,1992-11-03,老客、送礼", "王五,13800000002,男,农历1990年正月初三,老客"]
    page = visit(browser, server, "orders")
    upload(page, [table(tmp_path / "客户档案.csv", *rows)])
    expect(page.get_by_text("2 行 · 用到 5 列中的 5 列")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=LONG)
    settle(page)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible(timeout=LONG)
    page.get_by_test_id("stSidebarNav").get_by_text("客户分布", exact=True).click()
    settle(page)
    page.get_by_test_id("stMain").get_by_text("性别", exact=True).first.click()
    page.locator('[aria-label*="性别: 女"]').last.click(timeout=LONG)
    page.get_by_role("button", name="存为人群").click(timeout=LONG)
    expect(page.locator("h1")).to_have_text("人群圈选", timeout=LONG)
    settle(page)
    expect(page.get_by_text("性别：女").first).to_be_visible(timeout=LONG)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("1", timeout=LONG)
    page.get_by_role("button", name="编辑").first.click()
    settle(page)
    pick(page, "字段", "标签")
    pick(page, "值", "老客")
    expect(page.get_by_text("标签：老客").first).to_be_visible(timeout=LONG)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("2", timeout=LONG)
    shot(page, "dossiers-segment")
