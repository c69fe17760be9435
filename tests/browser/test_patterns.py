"""The page of patterns in a real browser: a box of the grid is clicked, and its people become a segment of as many."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from crm import clock, database
from crm.patterns import grid
from tests.browser.conftest import settle, shot, visit
from tests.conftest import serving


def test_a_box_becomes_a_segment_of_as_many_people(browser: Browser, demo_copy: Path) -> None:
    store = database.open_store(demo_copy)
    day = clock.day_of(clock.now(), database.load_shop(store).timezone)
    found = grid.compute(store, day)
    box = found.boxes["31-90", "3"]
    store.close()
    assert box.people and [one.people for one in found.boxes.values()].count(box.people) == 1
    with serving(demo_copy) as server:
        page = visit(browser, server, "patterns", locale="en-US")
        boxes = page.locator('[aria-label*="people ·"]')
        expect(boxes).to_have_count(len(found.boxes))
        shot(page, "patterns-en")
        page.locator(f'[aria-label*="{box.people:,} people ·"]').click()
        settle(page)
        expect(page.get_by_text("bought 3×, last time 31–90 days ago")).to_be_visible()
        page.get_by_role("button", name=f"Make a segment of these {box.people:,} people").click()
        expect(page.locator("h1")).to_have_text("Segments")
        expect(page.get_by_role("button", name=f"Write to these {box.people:,} people")).to_be_visible(timeout=30_000)

        page = visit(browser, server, "patterns", locale="zh-CN", viewport={"width": 390, "height": 844})
        expect(page.get_by_text("首购之后，逐月来看")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not re.search("[a-z]{4,} [a-z]{3,} [a-z]{3,}", page.locator("[data-testid=stMain]").inner_text())
        page.context.close()
