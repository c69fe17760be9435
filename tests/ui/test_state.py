"""What a page remembers: one object per visitor and page, over reruns and a change of the page; what inputs hold before they are drawn."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.database import Store
from crm.ui.result.state import ResultState
from crm.ui.same_people.state import SamePeopleState
from tests.conftest import ROOT


def page() -> None:
    """Ticks one group more with every run, and turns the pages of a list."""
    import streamlit as st

    from crm.ui import components, session
    from crm.ui.same_people.state import Key, SamePeopleState

    chosen = session.state(SamePeopleState).chosen
    chosen.add(f"group {len(chosen)}")
    if st.button("the second", key=Key.BACK):
        session.fill(Key.PAGE, "2")
    st.write(f"page {components.page(3, Key.PAGE.of(3))}, {session.held(Key.PAGE.of(3))}")
    st.number_input("page", 1, 9, key=Key.PAGE.of(3))
    st.text_input("filled", "1", key=Key.PAGE)


def test_each_visitor_has_one_object_that_outlives_the_run() -> None:
    first, second = AppTest.from_function(page).run(), AppTest.from_function(page).run()
    kept = first.session_state["SamePeopleState"]
    first.run()
    assert first.session_state["SamePeopleState"] is kept
    assert (kept.chosen, second.session_state["SamePeopleState"].chosen) == ({"group 0", "group 1"}, {"group 0"})
    assert SamePeopleState().chosen == set()


def test_an_input_is_read_and_filled_before_it_is_drawn() -> None:
    run = AppTest.from_function(page).run()
    assert run.markdown[0].value == "page 1, None"
    run.number_input[0].set_value(2).run()
    assert run.markdown[0].value == "page 2, 2"
    run.number_input[0].set_value(7).run()
    assert run.markdown[0].value == "page 3, 7"
    run.button[0].click().run()
    assert run.text_input[0].value == "2"
    assert not run.exception


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    return database.open_store(tmp_path)


def test_a_page_finds_its_object_after_another_page_was_open(shop: Store) -> None:
    run = AppTest.from_file(str(ROOT / "crm/ui/frame/main.py"), default_timeout=60)
    run.session_state["language"], run.session_state["ResultState"] = "en", ResultState(asked="spring")
    run.run()
    for name in ("settings", "result", "orders", "result"):
        run = run.switch_page(str(ROOT / "pages" / f"{name}.py")).run()
        assert not run.exception
    assert run.session_state["ResultState"].asked == "spring"
