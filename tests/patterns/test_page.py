"""The page of patterns inside the frame, and its verbs: empty, with customers, and a click that becomes a segment of as many people."""

import json
from pathlib import Path
from typing import Any

import pytest

from crm import clock, database
from crm.patterns import grid
from tests.conftest import terminal
from tests.patterns.shops import LAST, made
from tests.segments.test_pages import screen, texts
from tests.segments.test_pages import shop as shop

VERBS: dict[str, str] = {
    "rfm": "classes",
    "grid": "boxes",
    "moves": "moves",
    "cohorts": "rows",
    "cycle": "cycles",
    "clock": "stretches",
    "affinity": "pairs",
    "first": "items",
}


def test_an_empty_shop_says_what_to_do_next(shop: database.Store) -> None:
    run = screen("patterns.py")
    assert not run.exception and not run.error
    assert "Drop in the order files" in texts(run)


def test_the_page_shows_it_all_and_the_button_makes_a_segment(shop: database.Store) -> None:
    made(1, into=shop)
    run = screen("patterns.py")
    assert not run.exception and not run.error
    result = texts(run)
    for title in ("The eight RFM classes", "Who has moved", "After the first purchase", "When they buy it again", "Bought one"):
        assert title in result
    assert len(run.dataframe) == 5  # the sixth cannot be computed
    assert "no two of them were bought one after the other by 50 people" in result
    today = clock.day_of(clock.now(), "Asia/Shanghai")
    boxes = grid.compute(shop, today).boxes.values()
    box = max((one for one in boxes if one.advice == "wake"), key=lambda one: one.spend)
    button = next(one for one in run.button if one.label == f"Make a segment of these {box.people} people")
    button.click().run()
    assert not run.exception and not run.error
    assert f"{box.people}" in [one.value for one in run.metric]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("patterns")
    opened = database.open_store(path)
    made(2, into=opened)
    opened.close()
    return path


@pytest.mark.parametrize("verb", VERBS)
def test_every_part_can_be_had_in_the_terminal(folder: Path, verb: str) -> None:
    told = json.loads(terminal("patterns", verb, "--as-of", str(LAST), "--json", data=folder).stdout)
    assert isinstance(told[VERBS[verb]], list)
    if verb != "affinity":
        assert told[VERBS[verb]]


def test_a_day_before_the_other_is_asked_for(folder: Path) -> None:
    done = terminal("patterns", "moves", "--as-of", str(LAST), "--before", str(LAST), data=folder, check=False)
    assert done.returncode == 1 and "must come before" in done.stderr
