"""The frame: deep links go through it, inner doors are shut, the language stays, a second process is told so, SIGTERM ends it."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import settle, visit
from tests.conftest import Server, crm, serving, start_server

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
    assert (done.returncode, done.stdout) == (1, "")
    assert "already running" in done.stderr
    second = crm("serve", data=server.data, check=False)
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
    assert crm("kpi", "--json", data=server.data).returncode == 0
