"""The boss's page on a phone, in English: six numbers on a narrow screen, each the one that the package computes."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crm import clock, database
from crm.customers import overview
from crm.customers.overview import Metric
from crm.database import Store
from tests.browser.conftest import settle, shot, visit
from tests.conftest import Server

PHONE: dict[str, Any] = {"locale": "en-US", "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NAMES = ["Sales", "Orders", "Customers", "Repeat buyers", "Returning", "Order value"]


@pytest.fixture(scope="module")
def copy(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The served data once more, in a file that this process may open."""
    store = database.open_store(Path(shutil.copytree(demo_data, tmp_path_factory.mktemp("copy") / "shop")))
    yield store
    store.close()


def today(copy: Store) -> date:
    return clock.day_of(clock.now(), database.load_shop(copy).timezone)


def written(metric: Metric) -> str:
    """A number as an English page writes it; by hand, so that the page's own formatting is tested too."""
    value, unit = metric.value, metric.kind.unit
    assert value is not None
    if unit == "share":
        return f"{value * 100:.1f}%"
    sign = "¥" if unit == "money" else ""
    return f"{sign}{value / 1_000:.0f}k" if value >= 100_000 else f"{sign}{round(value):,}"


def cards(page: Page) -> dict[str, str]:
    """Name → number of every card."""
    result = page.get_by_test_id("stMetric").all()
    return {
        card.get_by_test_id("stMetricLabel").inner_text().split("\n")[-1]: card.get_by_test_id("stMetricValue").inner_text()
        for card in result
    }


@pytest.mark.parametrize(("choice", "days"), [("30 days", 30), ("90 days", 90), ("This year", "year")])
def test_six_numbers_for_every_period(browser: Browser, demo_server: Server, copy: Store, choice: str, days: int | str) -> None:
    page = visit(browser, demo_server, "kpi", **PHONE)
    page.get_by_text(choice, exact=True).click()
    settle(page)
    expected = {metric.kind.en: written(metric) for metric in overview.compute(copy, today(copy), days)}
    assert list(expected) == NAMES
    assert cards(page) == expected
    shot(page, f"phone-kpi-{days}")
    page.context.close()


def test_everything_is_inside_a_narrow_screen(browser: Browser, demo_server: Server) -> None:
    page = visit(browser, demo_server, "kpi", **PHONE)
    expect(page.get_by_test_id("stMetric")).to_have_count(6)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    for card in page.get_by_test_id("stMetric").all():
        box = card.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        value = card.get_by_test_id("stMetricValue")
        assert value.evaluate("one => one.scrollWidth <= one.clientWidth + 1"), f"cut off: {value.inner_text()}"
    page.context.close()
