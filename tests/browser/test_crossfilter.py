"""Clicking on charts in a real browser: the numbers on screen are those that the package computes from a copy of the same data."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm import clock, database
from crm.bench.visitor import NoAnswerError, Visitor
from crm.customers import distributions
from crm.database import Store
from crm.segments import compiler, count, explore, scope
from crm.segments.definition import Definition, Rung
from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server


@pytest.fixture(scope="module")
def copy(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The served data once more, in a file that this process may open."""
    store = database.open_store(Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("copy") / "shop")))
    yield store
    store.close()


def within(copy: Store) -> scope.Scope:
    """The day the server looks at."""
    return scope.at(copy, clock.day_of(clock.now(), database.load_shop(copy).timezone))


def row(page: Page, dimension: str, label: str) -> Locator:
    """What catches clicks on one bar."""
    return page.locator(f'[aria-label*="{dimension}: {label};"]').last


def figure(page: Page, name: str) -> str:
    """The number of the summary under that name."""
    return page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{name}")).first.get_by_test_id("stMetricValue").inner_text()


def click(page: Page, dimension: str, label: str) -> None:
    row(page, dimension, label).click()
    settle(page)


def bars(page: Page, dimension: str) -> list[tuple[str, int]]:
    """(bar, people) from top to bottom, as the tooltips tell it; empty bars left out. Of the provinces first the tiles, then the bars."""
    result = page.locator(f'[aria-label*="; {dimension}: "]').evaluate_all("bars => bars.map(bar => bar.ariaLabel)")
    items = [re.search(rf"; {dimension}: (.+?); People: ([\d,]+)", text) for text in result]
    every = [(one[1], int(one[2].replace(",", ""))) for one in items if one]
    return [(name, n) for name, n in every if n]


def test_two_clicks_filter_everything_and_become_a_ladder(browser: Browser, demo_server: Server, copy: Store) -> None:
    page = visit(browser, demo_server, "customers", locale="en-US")
    click(page, "Time since last purchase", "91–180 days")
    click(page, "Purchases", "1×")
    chosen, context = {"lapse": ["91-180"], "frequency": ["1"]}, within(copy)
    expected = explore.explore(copy, chosen, context)
    who = context.facts.filter(compiler.predicate(expected.node, context))

    # Who is chosen, in words and numbers
    expect(page.get_by_text(expected.sentence("en"))).to_be_visible()
    assert figure(page, "People") == f"{expected.customers:,}" == f"{len(copy.read(who)):,}"
    assert figure(page, "Spend per person, buyers or not") == f"¥{round(expected.spend / expected.customers):,}"

    # The other charts show those people only, a clicked chart ignores its own filter
    for name, title in (("city_tier", "City tier"), ("spend", "Spend"), ("province", "Province")):
        counted = [(one.label_en, one.customers) for one in distributions.compute(copy, name, who, context)]
        assert bars(page, title)[-min(len(counted), 15) :] == counted[:15]
    lapse = [(one.label_en, one.customers) for one in expected.bins["lapse"]]
    assert bars(page, "Time since last purchase") == lapse
    assert sum(n for _, n in lapse) > expected.customers
    shot(page, "crossfilter-en")

    # Saved, the last rung has as many
    page.get_by_role("button", name=f"Save these {expected.customers:,} customers as a segment").click()
    expect(page.locator("h1")).to_have_text("Segments")
    settle(page)
    rungs = [Rung(name=name, where=node) for name, node in expected.steps]
    last = count(copy, Definition(name="two", rungs=rungs), context.as_of)[-1].customers
    assert last == expected.customers
    expect(page.get_by_role("button", name=f"Write to these {last:,} people")).to_be_visible()
    page.context.close()


def test_by_spend_and_everybody_again(browser: Browser, demo_server: Server, copy: Store) -> None:
    page = visit(browser, demo_server, "customers", locale="en-US")
    everybody = figure(page, "People")
    assert everybody == f"{len(copy.read(within(copy).facts)):,}"
    click(page, "Purchases", "2×")
    assert figure(page, "People") != everybody
    page.get_by_text("By spend", exact=True).click()
    settle(page)
    provinces = explore.explore(copy, {"frequency": ["2"]}, within(copy), ["province"], "spend").bins["province"]
    assert bars(page, "Province")[-15:] == [(one.label_en, one.customers) for one in provinces[:15]]
    everybody_again = page.get_by_role("button", name="Show everybody again")
    expect(everybody_again).to_have_count(2)  # under the summary, and at the foot of the window
    everybody_again.first.click()
    expect(page.get_by_text("All customers")).to_be_visible()
    settle(page)
    assert figure(page, "People") == everybody
    page.context.close()


def test_a_chart_has_a_name_and_each_row_is_read_out_once(browser: Browser, demo_server: Server) -> None:
    page = visit(browser, demo_server, "customers", locale="en-US")
    chart = page.locator('[role=graphics-document][aria-label="Bars by Purchases"]')
    expect(chart.locator('[aria-label*="label: 2×"]')).to_have_count(1)
    expect(page.locator('[role=graphics-document][aria-label="Map of the provinces, the darker the more"]')).to_have_count(1)
    page.context.close()


def test_a_visitor_s_click_filters_the_page(demo_server: Server) -> None:
    with Visitor(demo_server.url, "customers") as person:
        person.open()
        assert not {"explore_clear", "explore_clear_below"} & set(person.buttons)
        person.click("_province", "广东省")
        assert {"explore_clear", "explore_clear_below"} & set(person.buttons)
        person.click("_province")
        assert not {"explore_clear", "explore_clear_below"} & set(person.buttons)
        with pytest.raises(NoAnswerError):
            person.click("_weather", "rain")


def test_a_brush_the_way_down_a_search_and_the_files(browser: Browser, demo_server: Server, copy: Store) -> None:
    page = visit(browser, demo_server, "customers", locale="en-US", viewport={"width": 1440, "height": 3200})
    first, last = (row(page, "Time since last purchase", f"{days} days").bounding_box() for days in ("31–90", "181–365"))
    assert first and last
    page.mouse.move(first["x"] + 60, first["y"] + 13)
    page.mouse.down()
    page.mouse.move(last["x"] + 60, last["y"] + 8, steps=6)
    page.mouse.up()
    expect(page.get_by_text("last bought 31–365 days ago")).to_be_visible()
    settle(page)
    chosen = {"lapse": ["31-90", "91-180", "181-365"]}
    assert figure(page, "People") == f"{explore.explore(copy, chosen, within(copy)).customers:,}"
    page.locator('[aria-label*="Province: Zhejiang;"]').first.click()
    page.get_by_role("button", name="Cities of Zhejiang").click()
    settle(page)
    page.locator('[aria-label*="City: Hangzhou;"]').first.click()
    page.get_by_role("button", name="Districts of Hangzhou").click()
    settle(page)
    below = explore.explore(copy, chosen | {"province": ["浙江省"], "city": ["杭州市"]}, within(copy))
    assert figure(page, "People") == f"{below.customers:,}"
    expect(page.locator('[aria-label*="District: 西湖区;"]')).to_be_visible()
    page.get_by_role("button", name="Cities of Zhejiang").click()
    page.get_by_role("button", name="All provinces").click()
    settle(page)
    assert figure(page, "People") == f"{explore.explore(copy, chosen, within(copy)).customers:,}"
    with page.expect_download() as file:
        page.get_by_test_id("stDownloadButton").nth(1).get_by_role("button").click()
    assert Path(file.value.path()).read_text(encoding="utf-8-sig").startswith("bin,customers,orders,spend")
