"""Segments over each other in a real browser: a bar of the chart becomes a segment of as many people; nothing waits for the weeks."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from crm import clock, database, segments
from crm.segments import overlap, saved
from crm.segments.definition import parse
from tests.browser.conftest import settle, shot, visit
from tests.conftest import serving

SEGMENTS = {
    "Regulars": {"field": "purchases", "op": "at_least", "value": 2},
    "Pots": {"bought": {"category": "锅具", "within_days": 700, "at_least": 1}},
    "East": {"field": "province", "op": "one_of", "value": ["浙江省", "江苏省", "上海市"]},
}


def test_a_combination_becomes_a_segment_of_as_many_people(browser: Browser, demo_copy: Path) -> None:
    store = database.open_store(demo_copy)
    for name, where in SEGMENTS.items():
        saved.save(store, parse({"name": name, "rungs": [{"name": name, "where": where}]}), clock.now())
    day = clock.day_of(clock.now(), database.load_shop(store).timezone)
    found = overlap.compute(store, [saved.get(store, name) for name in SEGMENTS], day)
    people = found.exactly(["Regulars", "Pots"]).customers
    assert people and people not in [one.people.customers for one in found.combinations if set(one.inside) != {"Regulars", "Pots"}]
    store.close()
    with serving(demo_copy) as server:
        page = visit(browser, server, "together", locale="en-US")
        # All three are chosen to begin with; each combination has a bar, its number beside it
        bars = page.locator('[aria-label*="Who: In "]')
        expect(bars).to_have_count(len(found.combinations))
        told = [re.search(r"People: ([\d,]+)", label)[1] for label in bars.evaluate_all("bars => bars.map(bar => bar.ariaLabel)")]  # type: ignore[index]
        assert told == [f"{one.people.customers:,}" for one in found.combinations]
        expect(page.get_by_text(re.compile(r"Counting week \d+ of 26|people today")).first).to_be_visible(timeout=20_000)
        shot(page, "together-en")

        page.locator('[aria-label*=" + "][aria-label*=", not in East"]').last.click()
        settle(page)
        page.get_by_role("button", name=f"Make a segment of these {people:,} people").click()
        expect(page.locator("h1")).to_have_text("Segments")
        expect(page.get_by_role("button", name=f"Write to these {people:,} people")).to_be_visible(timeout=30_000)
        page.context.close()
    store = database.open_store(demo_copy)
    made = next(row.name for row in saved.listed(store) if row.name not in SEGMENTS)
    assert segments.count(store, saved.get(store, made), day)[-1].customers == people
    store.close()
