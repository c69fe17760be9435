"""What a person sees stays true and what she types stays there: over a page change, a reload, a language switch, a set-up that ends."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, visit
from tests.conftest import Server, serving

NAME = "名字 *不会* 丢 <b>"


def menu(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).click()
    expect(page.locator("h1")).to_have_text(name)
    settle(page)


def test_a_ladder_that_is_being_typed_is_not_lost(browser: Browser, demo_server: Server) -> None:
    page = visit(browser, demo_server, "segments")
    page.get_by_role("button", name="从这里开始").first.click()
    settle(page)
    page.get_by_role("button", name="编辑").nth(1).click()
    settle(page)
    page.get_by_label("这一级的名称").fill(NAME)
    expect(page.get_by_text(f"2. {NAME}").first).to_be_visible()
    menu(page, "客户分布")
    menu(page, "人群圈选")
    expect(page.get_by_label("这一级的名称")).to_have_value(NAME)
    page.get_by_label("人群名称").fill("打到一半")
    expect(page).to_have_url(re.compile("draft="))
    settle(page, 800)
    page.reload()
    settle(page)
    expect(page.get_by_label("人群名称")).to_have_value("打到一半")
    expect(page.get_by_label("这一级的名称")).to_have_value(NAME)
    page.get_by_test_id("stSidebar").get_by_text("EN", exact=True).click()
    expect(page.get_by_label("Name of the segment")).to_have_value("打到一半")
    expect(page.get_by_label("Name of this rung")).to_have_value(NAME)
    page.context.close()


def test_a_page_opened_during_the_set_up_of_the_demo_fills_itself(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "shop", "--demo") as server:
        page = visit(browser, server, "")
        expect(page.get_by_text("正在准备演示店铺")).to_be_visible()
        expect(page.get_by_text("这里的客户和订单都是虚构的。")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("购买客户数")).to_be_visible()
        page.context.close()
