"""Writing and sending in a browser: nothing typed is lost, the second step names the number, no click and no tab sends twice."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import database
from crm.segments import definition, saved
from crm.settings import Shop
from tests.browser.conftest import settle, shot, visit
from tests.campaigns.given import EVERYBODY, people, person
from tests.conftest import Server, serving, wait_for

PEOPLE = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    store = database.open_store(tmp_path / "shop")
    people(store, [person(number) for number in range(PEOPLE)])
    database.save_shop(store, Shop(from_email="news@shop.example"))
    saved.save(store, definition.parse(EVERYBODY | {"name": "老客户"}), datetime(2026, 11, 1))
    store.close()
    with serving(tmp_path / "shop") as running:
        yield running


def begin(browser: Browser, server: Server) -> Page:
    """A new campaign with its segment chosen and counted."""
    page = visit(browser, server, "campaigns")
    page.get_by_role("button", name="新建活动").click()
    settle(page)
    page.get_by_label("人群").first.click()
    page.get_by_role("option", name="老客户").click()
    settle(page)
    for label, words in (("主题", "AD 想你了"), ("正文", "{{ customer.nickname }}，新品到了")):
        page.get_by_label(label, exact=True).fill(words)
        page.get_by_label(label, exact=True).blur()
        settle(page)
    return page


def confirm(page: Page) -> None:
    page.get_by_role("button", name="检查并计算人数").click()
    settle(page)
    page.get_by_role("button", name="下一步：发送").click()
    expect(page.locator(".stDialog").get_by_role("button", name="发送给")).to_be_visible()


def outbox(server: Server) -> int:
    return len(list((server.data / "outbox").glob("*.eml")))


def test_what_is_typed_is_kept_and_shown_to_a_real_person(browser: Browser, server: Server) -> None:
    page = begin(browser, server)
    page.get_by_label("正文", exact=True).fill("{{ customer.nickname }}，新品到了")
    page.get_by_label("主题", exact=True).click()
    settle(page)
    expect(page.frame_locator("iframe[src^='/preview/']").get_by_text("，新品到了")).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_label("正文", exact=True)).to_have_value("{{ customer.nickname }}，新品到了")
    page.get_by_label("正文", exact=True).fill("{% if shop.name %}")
    page.get_by_label("主题", exact=True).click()
    expect(page.get_by_text("正文第 1 行有一个标签没有闭合").first).to_be_visible()
    page.context.close()


def test_no_double_click_no_second_tab_and_no_reload_sends_twice(browser: Browser, server: Server) -> None:
    first = begin(browser, server)
    second = first.context.new_page()
    second.goto(first.url)
    settle(second)
    confirm(first)
    confirm(second)
    number = "".join(sign for sign in first.locator(".stDialog").get_by_role("button", name="发送给").inner_text() if sign.isdigit())
    first.locator(".stDialog").get_by_role("button", name="发送给").dblclick()
    second.locator(".stDialog").get_by_role("button", name="发送给").click()
    wait_for(lambda: outbox(server) >= int(number), 60)
    for page in (first, second):
        page.reload()
        settle(page)
        expect(page.get_by_text("能发的都已发出。")).to_be_visible(timeout=20_000)
    assert outbox(server) == int(number) <= PEOPLE
    shot(first, "campaign-sent-zh")
    first.context.close()
