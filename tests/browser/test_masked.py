"""A shop with users in a browser: what comes over the wire names nobody until somebody who may asks for it; files bear who took them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import database
from crm.accounts.acting import Right, Role
from tests.accounts.given import PASSWORD, add
from tests.accounts.shop_of_names import NAMES, fill, named
from tests.browser.conftest import settle, shot
from tests.conftest import Server, serving

PAGES = ["kpi", "orders", "customers", "same_people", "products", "segments", "campaigns", "result", "account"]
WAIT = 60_000
SHOW = re.compile("查看完整信息|Show in full")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("names")
    store = database.open_store(folder / "shop")
    given = fill(store, folder)
    add(store, "owner", Role.OWNER)
    add(store, "bo", Role.SPECIALIST)
    add(store, "li", Role.SPECIALIST, special=(Right.REVEAL, Right.EXPORT))
    store.close()
    with serving(folder / "shop") as running:
        yield running, given


class Tab:
    """A signed-in visitor, and all that her browser was sent."""

    def __init__(self, browser: Browser, server: Server, name: str, locale: str = "zh-CN") -> None:
        self.server, self.sent = server, list[bytes]()
        self.page: Page = browser.new_context(locale=locale, viewport={"width": 1440, "height": 1000}).new_page()
        self.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self.sent.append(_bytes(frame))))
        self.page.goto(f"{server.url}/login")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("form button").first.click()
        settle(self.page)

    def go(self, path: str) -> list[str]:
        self.sent.clear()
        self.page.goto(f"{self.server.url}/{path}")
        return self.told()

    def told(self) -> list[str]:
        settle(self.page)
        texts = [frame.content() for frame in self.page.frames]
        return named(b"\n".join([*self.sent, *(text.encode() for text in texts)]))


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


def members(tab: Tab, segment: str) -> list[str]:
    """The members' table of the kept segment."""
    tab.go("segments")
    tab.sent.clear()
    tab.page.get_by_role("combobox").first.click()
    tab.page.get_by_role("option", name=segment).click()
    return tab.told()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_nothing_that_is_sent_names_anybody(browser: Browser, shop: tuple[Server, dict[str, str]], locale: str) -> None:
    server, given = shop
    tab = Tab(browser, server, "bo", locale)
    for path in (*PAGES, f"campaigns?campaign={given['draft']}", f"campaigns?campaign={given['sent']}", f"orders?job={given['job']}"):
        assert (path, tab.go(path)) == (path, [])
        assert tab.page.get_by_role("button", name=SHOW).count() == 0
        if "draft" in path or given["draft"] in path:
            shot(tab.page, f"masked-draft-{locale[:2]}")
    assert members(tab, "all") == []
    expect(tab.page.get_by_test_id("stDataFrame")).to_be_visible(timeout=WAIT)
    assert tab.page.get_by_test_id("stDownloadButton").count() == 0
    tab.page.get_by_test_id("stDataFrame").hover()
    table = tab.page.get_by_test_id("stFullScreenFrame").filter(has=tab.page.get_by_test_id("stDataFrame"))
    expect(table.get_by_test_id("stElementToolbar").first).to_be_hidden()
    shot(tab.page, f"masked-members-{locale[:2]}")
    tab.page.context.close()


def test_who_may_sees_them_when_asked_for_and_takes_away_what_is_noted(browser: Browser, shop: tuple[Server, dict[str, str]]) -> None:
    server, given = shop
    tab = Tab(browser, server, "li")
    assert members(tab, "all") == []
    tab.page.get_by_role("button", name=SHOW).click()
    expect(tab.page.get_by_text("姓名和地址已完整显示")).to_be_visible(timeout=WAIT)
    assert NAMES[0] in tab.told()
    shot(tab.page, "revealed-members-zh")
    with tab.page.expect_download(timeout=WAIT) as download:
        tab.page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    assert re.fullmatch(r"all-li-\d{8}-\d{4}\.csv", download.value.suggested_filename)
    assert NAMES[0] in Path(download.value.path()).read_text("utf-8-sig")

    assert tab.go("orders") == []
    tab.page.get_by_role("button", name=re.compile("1 行未导入")).first.click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=WAIT)
    assert tab.told() == []
    dialog.get_by_role("button", name=SHOW).click()
    expect(dialog.get_by_text("姓名和地址已完整显示")).to_be_visible(timeout=WAIT)
    assert NAMES[0] in tab.told()
    with tab.page.expect_download(timeout=WAIT) as download:
        dialog.get_by_test_id("stDownloadButton").get_by_role("button").click()
    assert NAMES[0] in Path(download.value.path()).read_text("utf-8-sig")
    tab.page.context.close()
    server.stop()
    store = database.open_store(server.data)
    rows = store.rows("SELECT actor, action, detail FROM audit WHERE action IN ('reveal', 'export') ORDER BY entry_no")
    assert [tuple(row.values()) for row in rows] == [
        ("li", "reveal", f"segments {given['segment']}"),
        ("li", "export", "members: 5 rows, in full"),
        ("li", "reveal", f"orders {given['rejected']}"),
        ("li", "export", f"rejected rows of {given['rejected']}: 1 rows, in full"),
    ]
    store.close()
