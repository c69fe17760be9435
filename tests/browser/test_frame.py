"""The frame: deep links go through it, inner doors are shut, the language stays, a second process is told so, SIGTERM ends it."""

import http.client
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import settle, upload, visit
from tests.conftest import Server, crm, serving, start_server
from tests.imports.given import write_orders

PAGES = {
    "": "经营看板",
    "kpi": "经营看板",
    "orders": "导入订单",
    "customers": "客户分布",
    "products": "商品",
    "segments": "人群圈选",
    "campaigns": "消息发送",
    "result": "活动效果",
    "settings": "店铺设置",
}


@pytest.mark.parametrize("path", ["segments", "campaigns"])
def test_a_deep_link_on_a_fresh_server_goes_through_the_frame(browser: Browser, tmp_path: Path, path: str) -> None:
    with serving(tmp_path / "shop") as server:
        page = visit(browser, server, path)
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("人群圈选")
        expect(page.locator("h1")).to_have_text(PAGES[path])
        page.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_an_empty_shop_says_what_to_do(browser: Browser, empty_server: Server, path: str) -> None:
    page = visit(browser, empty_server, path)
    expect(page.locator("h1")).to_have_text(PAGES[path])
    expect(page.get_by_text("系统出了点问题")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("path", ["", "segments", "orders"])
def test_a_page_begins_with_our_name_and_asks_for_nothing_that_is_not_there(browser: Browser, demo_server: Server, path: str) -> None:
    assert "<title>Huitou 回头</title>" in httpx.get(f"{demo_server.url}/{path}").text
    page = browser.new_context(locale="zh-CN").new_page()
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{demo_server.url}/{path}")
    expect(page.locator("h1")).to_have_text(PAGES[path])
    settle(page)
    assert not refused
    page.context.close()


def test_back_leaves_a_page_with_one_press_whatever_was_begun_on_it(browser: Browser, demo_server: Server) -> None:
    page = visit(browser, demo_server, "")
    menu = page.get_by_test_id("stSidebarNav")
    menu.get_by_text("人群圈选").click()
    page.get_by_role("button", name="从这里开始").first.click()
    expect(page).to_have_url(re.compile(r"/segments\?draft=\w+$"))
    settle(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("经营看板")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("人群圈选")
    expect(page).to_have_url(re.compile(r"/segments\?draft=\w+$"))
    menu.get_by_text("消息发送").click()
    page.get_by_role("button", name="打开").first.click()
    expect(page).to_have_url(re.compile(r"/campaigns\?campaign=\w+$"))
    settle(page)
    page.go_back()  # a campaign is a place of its own
    expect(page).to_have_url(re.compile("/campaigns$"))
    expect(page.get_by_role("button", name="打开").first).to_be_visible()
    page.context.close()


def test_back_from_an_import_is_one_press(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "shop") as server:
        page = visit(browser, server, "")
        page.get_by_test_id("stSidebarNav").get_by_text("导入订单").click()
        upload(page, [write_orders(tmp_path / "orders.csv", {})])
        page.get_by_role("button", name="先看结果").click()
        expect(page).to_have_url(re.compile(r"/orders\?job=\w+$"))
        expect(page.get_by_text("导入后会怎样")).to_be_visible()
        settle(page)
        page.go_back()
        expect(page.locator("h1")).to_have_text("经营看板")
        page.context.close()


def test_inner_doors_are_shut(demo_server: Server) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent", "/_stcore/agent/anything"):
        assert httpx.get(demo_server.url + path).status_code == 404
    assert httpx.get(demo_server.url).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 101), ("shop.evil.example", 403)])
def test_a_foreign_name_for_this_machine_opens_nothing(demo_server: Server, host: str, status: int) -> None:
    address = urlsplit(demo_server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    connection.request("GET", "/_stcore/stream", headers={"Host": f"{host}:{address.port}", **upgrade})
    assert connection.getresponse().status == status
    connection.close()


def test_the_chosen_language_survives_a_reload(browser: Browser, demo_server: Server) -> None:
    page = visit(browser, demo_server, "settings")
    page.get_by_test_id("stSidebar").get_by_text("EN", exact=True).click()
    expect(page.locator("h1")).to_have_text("Settings")
    settle(page)
    page.reload()
    expect(page.locator("h1")).to_have_text("Settings")
    page.context.close()


def test_a_second_process_is_told_so_and_sigterm_ends_the_first(tmp_path: Path) -> None:
    server = start_server(tmp_path / "shop")
    done = crm("kpi", "--json", data=server.data, check=False)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "database.in_use")
    assert "already running" in done.stderr
    second = crm("serve", data=server.data, check=False)
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
    assert crm("kpi", "--json", data=server.data).returncode == 0
