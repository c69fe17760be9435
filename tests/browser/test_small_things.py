"""Small things in a real browser: one way on after a dry run, the count in sight, naughty texts in tooltips, toasts and downloads."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm.segments.export import COLUMNS, LANGUAGES, STARTS
from crm.words import translate
from tests.browser.conftest import settle, shot, upload, visit
from tests.conftest import Server, crm, serving
from tests.imports.given import write_items, write_orders
from tests.uploads.given import table

NAUGHTY = [
    "<img src=x onerror=alert(1)>",
    "**b** [a](javascript:alert(2))",
    "=1+1",
    "{{ 7*7 }} $x$",
    "\u202etest\u202e",
    "田中さん",
    "<script>alert(3)</script>",
    "@SUM(1)",
    "-2+3",
    "' OR 1=1 --",
]
SCRIPT = "<script>alert(3)</script>"
"""The one of them that may be a category (an equals sign may not) and would do the most."""
PRIMARY = "[data-testid=stMain] button[kind=primary]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop whose buyers, products and categories are naughty, with a rejected row for each."""
    home = tmp_path_factory.mktemp("small")
    ids = [f"{50000000000000001 + number * 10}" for number in range(len(NAUGHTY))]
    orders = [
        {"订单编号": f'="{one}"', "买家会员名": text, "收货人姓名": text, "宝贝标题": text} for one, text in zip(ids, NAUGHTY, strict=True)
    ]
    bad = [{"订单编号": "", "买家会员名": text, "买家实际支付金额": text} for text in NAUGHTY]
    lines = [(one, text, "9", "1", "交易成功") for one, text in zip(ids, NAUGHTY, strict=True)]
    items = [write_orders(home / "orders.csv", *orders, *bad), write_items(home / "items.csv", *lines)]
    crm("import", *items, data=home / "shop")
    sorted_ = table(home / "categories.csv", "商品标题,品类", *[f'"{text}","{text}"' for text in NAUGHTY])
    crm("import", sorted_, data=home / "shop")
    with serving(home / "shop") as running:
        yield running


def watched(browser: Browser, server: Server, path: str, locale: str) -> tuple[Page, list[str]]:
    """A page, and the dialogs and script errors that must not happen on it."""
    page = visit(browser, server, path, locale=locale)
    happened: list[str] = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: happened.append(str(error)))
    return page, happened


def saved(page: Page, button: Locator) -> list[dict[str, str]]:
    """The rows of the file behind a download button."""
    with page.expect_download() as result:
        button.click()
    with result.value.path().open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_tooltips_show_naughty_texts_as_text(browser: Browser, server: Server, locale: str) -> None:
    page, happened = watched(browser, server, "customers", locale)
    bars = page.locator(f'[aria-label*="{SCRIPT}"]')
    bars.last.scroll_into_view_if_needed()
    bars.last.hover(force=True)
    tip = page.locator("#vg-tooltip-element.visible, .vg-tooltip.visible").first
    expect(tip).to_contain_text(SCRIPT, timeout=10_000)
    shot(page, f"small-tooltip-{locale}")
    bars.last.click(force=True)
    settle(page)
    assert page.locator("[data-testid=stApp] script:text('alert'), #vg-tooltip-element script").count() == 0
    assert happened == []
    page.context.close()


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_members_and_a_saved_name_are_text(browser: Browser, server: Server, locale: str) -> None:
    language = "zh_CN" if locale == "zh-CN" else "en"
    page, happened = watched(browser, server, "segments", locale)
    page.get_by_role("button", name=translate(language, "Add a rung")).click()
    settle(page)
    page.get_by_role("button", name=translate(language, "Remove this condition")).or_(page.get_by_text("close", exact=True)).first.click()
    settle(page)
    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_attached(timeout=15_000)  # the members are drawn anew
    settle(page)
    rows = saved(page, page.locator(".st-key-members_csv button"))
    assert len(rows) == len(NAUGHTY)
    assert [cell for row in rows for cell in row.values() if cell.startswith(STARTS)] == []
    nickname = dict(zip(LANGUAGES, COLUMNS["nickname"], strict=True))[language]
    assert {row[nickname].removeprefix("'") for row in rows} >= {"<img src=x onerror=alert(1)>", "=1+1"}
    page.get_by_role("textbox", name=translate(language, "Name of the segment")).fill(locale + NAUGHTY[0] + NAUGHTY[1])
    settle(page)
    page.locator(".st-key-segment_save button").click()
    expect(page.get_by_test_id("stToast")).to_contain_text(translate(language, "Saved."), timeout=10_000)
    settle(page)
    assert page.locator("img[src='x'], a[href^='javascript:']").count() == 0
    assert happened == []
    page.context.close()


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_rejected_rows_are_text_on_screen_and_safe_in_the_file(browser: Browser, server: Server, tmp_path: Path, locale: str) -> None:
    language = "zh_CN" if locale == "zh-CN" else "en"
    page, happened = watched(browser, server, "orders", locale)
    bad = [{"订单编号": "", "买家会员名": text, "买家实际支付金额": text} for text in NAUGHTY]
    one = {"订单编号": f'="6000000000000000{len(language)}"', "买家会员名": locale}
    upload(page, [write_orders(tmp_path / f"{locale}.csv", one, *bad)])
    page.get_by_role("button", name=translate(language, "Import without looking")).click()
    expect(page.get_by_role("heading", name=translate(language, "Imported"))).to_be_visible(timeout=60_000)
    settle(page)
    rows = saved(page, page.get_by_role("button", name=translate(language, "Download the rejected rows")).first)
    assert len(rows) == len(NAUGHTY)
    assert [cell for row in rows for cell in row.values() if cell and cell.startswith(STARTS)] == []
    assert json.dumps(NAUGHTY[0]) in json.dumps(list(rows[0].values()))
    assert happened == []
    page.context.close()


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 1440), ("en-US", 390)])
def test_after_a_dry_run_one_button_leads_on(browser: Browser, server: Server, tmp_path: Path, locale: str, width: int) -> None:
    language = "zh_CN" if locale == "zh-CN" else "en"
    page = visit(browser, server, "orders", locale=locale, viewport={"width": width, "height": 1600})
    order = "70000000000000001"
    files = [
        write_orders(tmp_path / "o.csv", {"订单编号": f'="{order}"'}),
        write_items(tmp_path / "i.csv", (order, "x", "9", "1", "交易成功")),
    ]
    upload(page, files)
    page.get_by_role("button", name=translate(language, "See what would happen")).click()
    expect(page.get_by_text(translate(language, "Nothing has been written yet."))).to_be_visible(timeout=60_000)
    settle(page)
    assert page.locator(PRIMARY).all_inner_texts() == [translate(language, "Import now")]
    assert page.get_by_text(translate(language, "It names no products: they come from the item file.")).count() == 0
    assert [place for place in page.get_by_text("o.csv", exact=True).all() if place.is_visible()][2:] == []
    page.get_by_role("button", name=translate(language, "Not now")).click()
    settle(page)
    assert page.locator(PRIMARY).all_inner_texts() == [translate(language, "See what would happen")]
    page.context.close()


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_count_stays_in_sight(browser: Browser, demo_server: Server, locale: str) -> None:
    page = visit(browser, demo_server, "customers", locale=locale)
    bar = page.locator('[aria-label*="城市级别: "], [aria-label*="City tier: "]').last
    bar.scroll_into_view_if_needed()
    bar.click(force=True)
    settle(page, 800)
    box = page.get_by_test_id("stBottomBlockContainer").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 1000
    count = page.get_by_test_id("stMetricValue").first.inner_text()
    expect(page.get_by_test_id("stBottomBlockContainer")).to_contain_text(count)
    page.get_by_test_id("stBottomBlockContainer").get_by_role("button").click()
    settle(page)
    expect(page.get_by_test_id("stBottomBlockContainer")).to_have_count(0)
    page.context.close()
