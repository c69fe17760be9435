"""The distribution page and the ladder page run inside the frame: empty, with customers, and through a ladder's whole life."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.customers import dimensions
from crm.segments import ladder, saved, starters
from crm.settings import Shop
from crm.ui.customers.choice import toggled
from tests.conftest import ROOT
from tests.customers.given import customer, fill, line, order

FRAME = str(ROOT / "crm/ui/frame/main.py")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty shop that the screens look at."""
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    opened = database.open_store(tmp_path)
    yield opened
    opened.close()


def screen(page: str) -> AppTest:
    run = AppTest.from_file(FRAME, default_timeout=60)
    run.session_state["language"] = "en"
    return run.run().switch_page(str(ROOT / "pages" / page)).run()


def texts(run: AppTest) -> str:
    return "\n".join(one.value for one in [*run.markdown, *run.caption, *run.title])


def stocked(store: database.Store) -> None:
    orders = [order(n, f"c{n % 4}", "2025-01-01", 100 * n + 50) for n in range(8)]
    people = [customer(f"c{n}", province=["广东省", "浙江省"][n % 2], email_norm=f"{n}@qq.com") for n in range(4)]
    fill(store, orders, people, [line(one) for one in orders])


@pytest.mark.parametrize("page", ["customers.py", "segments.py"])
def test_an_empty_shop_says_what_to_do_next(shop: database.Store, page: str) -> None:
    run = screen(page)
    assert not run.exception and not run.error
    assert "Drop in the order files" in texts(run)


def test_the_distribution_page_shows_everybody(shop: database.Store) -> None:
    stocked(shop)
    run = screen("customers.py")
    assert not run.exception and not run.error
    assert [one.value for one in run.metric][:3] == ["4", "8", "¥3,200"]
    assert "All customers" in texts(run)


def test_the_distribution_page_says_why_nothing_is_to_be_expected(shop: database.Store) -> None:
    stocked(shop)
    assert "Not valid for this shop" in texts(screen("customers.py"))
    assert "Orders are known for 1 days; a forecast needs 180." in texts(screen("customers.py"))


def test_every_dimension_has_a_place_on_the_page(shop: database.Store) -> None:
    """Drawn at once or to be ticked, and said where the files tell nothing about it; whether by its chart or by its name."""
    stocked(shop)
    run = screen("customers.py")
    more = next(one for one in run.button_group if one.label == "Also show")
    names = {one.en for one in dimensions.every().values()}
    assert set(more.options) < names
    result = texts(more.set_value(more.options).run())
    assert not run.exception and not run.error
    drawn = {name for name in names if f"**{name}**" in result}
    silent = set(result.rpartition("say nothing about: ")[2].partition(".")[0].split(", "))
    assert len(drawn) > 5
    assert drawn | silent == names


def test_a_ladder_is_built_saved_and_copied_and_deleting_asks(shop: database.Store) -> None:
    stocked(shop)
    run = screen("segments.py")
    run.button(key="starter_win_back").click().run()
    assert len([one for one in run.button if one.key and one.key.startswith("write_")]) == 3
    next(one for one in run.text_input if one.key.startswith("segment_name_")).set_value("regulars").run()
    run.button(key="segment_save").click().run()
    assert [row.name for row in saved.listed(shop)] == ["regulars"]
    run.button(key="segment_copy").click().run()
    run.button(key="segment_delete").click().run()
    assert run.button(key="segment_delete_sure")
    assert len(saved.listed(shop)) == 2  # so far it only asks
    assert not run.exception and not run.error


def test_the_page_shows_the_numbers_of_before_in_grey_and_does_not_wait(shop: database.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stocked(shop)
    run = screen("segments.py")
    run.button(key="starter_active").click().run()
    for _ in range(100):  # a busy machine counts longer than the page waits
        if run.metric and not any("gray" in one.value for one in run.metric):
            break
        run.run()
    before = [one.value for one in run.metric]
    assert before and not any("gray" in value for value in before)
    go, climb = threading.Event(), ladder.climb
    monkeypatch.setattr(ladder, "climb", lambda *given: go.wait(60) and climb(*given))
    began = time.monotonic()
    run.button(key="ladder_add").click().run()
    assert time.monotonic() - began < 20  # the count lasts until it is let go
    grey = [one.value for one in run.metric]
    assert grey[: len(before)] == [f":gray[{value}]" for value in before]
    assert set(grey[len(before) :]) == {":gray[—]"}
    assert "the grey numbers are those of before" in texts(run)
    assert all(one.disabled for one in run.button if one.key and one.key.startswith("write_"))
    go.set()
    for _ in range(100):
        run.run()
        if not any("gray" in one.value for one in run.metric):
            break
    assert [one.value for one in run.metric][: len(before)] == before
    assert len(run.metric) == 2 * len(before) and not run.exception and not run.error


def test_a_target_size_is_answered_and_one_click_brings_it(shop: database.Store) -> None:
    stocked(shop)
    run = screen("segments.py")
    run.button(key="starter_lost").click().run()
    next(one for one in run.number_input if one.key == "target").set_value(2).run()
    for _ in range(40):
        if "fits" in texts(run) or "No rung has about" in texts(run):
            break
        run.run()
    assert "No rung has about 2 people" in texts(run)
    run.button(key="target_add_narrow").click().run()
    for _ in range(40):
        if "fits: 2 people" in texts(run):
            break
        run.run()
    assert "fits: 2 people" in texts(run) and not run.exception and not run.error


def test_ladders_to_begin_with_follow_the_shops_own_numbers() -> None:
    own = Shop(active_days=60, sleeping_days=120, lost_days=300, repeat_purchases=3, fan_purchases=6)
    ladders = {one.en: one for one in starters.every(own)}
    assert [node.get("value") for node in ladders["Win back sleeping regulars"].nodes] == [[61, 300], 3, True]
    assert [node.get("value") for node in ladders["Thank the fans"].nodes] == [6, 60, True]


def test_every_click_turns_a_bin_on_or_off_whichever_chart_it_was() -> None:
    assert toggled(["a"], ["b"], ["a"]) == ["b"]
    assert toggled([], ["a"], ["a"]) == []
    assert toggled(["a"], [], ["b", "c"]) == ["a", "b", "c"]
