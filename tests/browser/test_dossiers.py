"""A dossier in a browser: dropped in, recognised, imported, and its tags and genders are filters."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import settle, shot, upload, visit
from tests.conftest import Server, serving
from tests.uploads.given import table


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "shop") as running:
        yield running


def test_a_dossier_becomes_filters(browser: Browser, server: Server, tmp_path: Path) -> None:
    rows = ["姓名,手机号,性别,生日,标签", "梁静,13800000001,女,1992-11-03,老客、送礼", "王五,13800000002,男,农历1990年正月初三,老客"]
    page = visit(browser, server, "orders")
    upload(page, [table(tmp_path / "客户档案.csv", *rows)])
    expect(page.get_by_text("2 行 · 用到 5 列中的 5 列")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="先看结果").click()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=120_000)
    settle(page)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible(timeout=120_000)
    page.get_by_test_id("stSidebarNav").get_by_text("客户分布", exact=True).click()
    settle(page)
    page.get_by_test_id("stPills").get_by_text("性别", exact=True).click()
    settle(page, 1000)
    expect(page.get_by_test_id("stMain").get_by_text("性别", exact=True)).to_have_count(2)
    shot(page, "dossiers")
    page.get_by_test_id("stSidebarNav").get_by_text("人群圈选", exact=True).click()
    settle(page)
