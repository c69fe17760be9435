"""The shelf in a browser: found by a word, tagged, renamed, put back to an earlier version, deleted, and back after a reload."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import campaigns, database
from crm.segments import definition, saved
from tests.browser.conftest import settle, shot, visit
from tests.campaigns.given import people, person, spec
from tests.conftest import Server, serving

NOW = datetime(2026, 11, 1)


def rung(name: str, node: dict[str, object]) -> dict[str, object]:
    return {"name": name, "where": node}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("shelf") / "shop"
    store = database.open_store(folder)
    people(store, [person(number) for number in range(6)])
    for name, node in (
        ("回头客", {"field": "recency_days", "op": "at_most", "value": 777}),
        ("大客户", {"all": [{"in_segment": "回头客"}, {"field": "spend", "op": "at_least", "value": 50}]}),
        *((f"人群 {n}", {"field": "purchases", "op": "at_least", "value": n}) for n in range(12)),
    ):
        saved.save(store, definition.parse({"name": name, "rungs": [rung("第一级", node)]}), NOW)
    campaigns.saved.create(store, spec(name="秋上新", ladder=None, segment="大客户"), NOW)
    store.close()
    with serving(folder) as running:
        yield running


def fill(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.blur()
    settle(page)


def pick(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label).first
    box.click()
    box.fill(text)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    settle(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def test_the_shelf(browser: Browser, server: Server) -> None:
    page = visit(browser, server, "segments")
    rows = page.locator("[class*=st-key-shelf_row_]")
    expect(rows).to_have_count(10)
    fill(page, "搜索", "777")
    expect(rows).to_have_count(1)
    rows.get_by_role("button").first.click()
    settle(page)
    expect(page.get_by_label("人群名称")).to_have_value("回头客")

    pick(page, "标签", "双十一")
    fill(page, "人群名称", "老回头客")
    expect(page.get_by_text("改名后，它们会继续引用这个人群：“大客户”、“秋上新”")).to_be_visible()
    press(page, "保存")

    press(page, "历史版本")
    dialog = page.locator(".stDialog")
    expect(dialog).to_contain_text("老回头客")
    shot(page, "shelf-versions-zh")
    dialog.get_by_role("button", name="恢复到这个版本").click()
    settle(page)
    expect(page.get_by_label("人群名称")).to_have_value("回头客")

    press(page, "删除")
    expect(dialog).to_contain_text("秋上新")
    expect(dialog).to_contain_text("大客户")
    dialog.get_by_role("button", name="删除人群").click()
    settle(page)
    page.goto(f"{server.url}/segments")
    settle(page)
    expect(page.get_by_text("最近删除")).to_be_visible()
    shot(page, "shelf-deleted-zh")
    page.get_by_role("button", name="恢复").click()
    settle(page)
    expect(page.get_by_text("最近删除")).to_have_count(0)
    pick(page, "带有标签", "双十一")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("回头客")
    page.context.close()
