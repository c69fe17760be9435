"""A ladder that is being edited outlives its screen: kept under its id, found by a new session, swept after a month."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.segments import definition, drafts, saved
from tests.segments.test_pages import screen, shop, stocked

__all__ = ["shop"]
NOW = datetime(2026, 11, 1)


def draft(name: str) -> dict[str, Any]:
    node = {"field": "purchases", "op": "at_least", "value": 2}
    return {"segment_id": None, "name": name, "rungs": [{"id": 1, "name": "", "conditions": [{"id": 2, "node": node}]}], "open": 1}


def test_the_latest_word_counts_and_old_drafts_are_swept(store: database.Store) -> None:
    drafts.keep(store, "old", draft("forgotten"), False, NOW - drafts.KEPT - timedelta(days=1))
    first = drafts.keep(store, "a", draft("first"), False, NOW)
    drafts.keep(store, "a", draft("second"), False, NOW, first)
    drafts.keep(store, "b", draft("on the shelf"), True, NOW)
    assert drafts.find(store, "a") == draft("second")
    assert drafts.find(store, "old") is None
    assert [row.draft_id for row in drafts.unfinished(store)] == ["a"]


def test_a_deleted_segment_that_another_tab_saves_is_back(store: database.Store) -> None:
    ladder = definition.parse({"name": "x", "rungs": [{"name": "all", "where": {"all": []}}]})
    kept = saved.save(store, ladder, NOW)
    saved.delete(store, kept, NOW)
    saved.save(store, ladder, NOW, kept)
    assert [row.segment_id for row in saved.listed(store)] == [kept]


@pytest.fixture
def typed(shop: database.Store) -> AppTest:
    """A ladder of three rungs, the last one open and named."""
    stocked(shop)
    run = screen("segments.py")
    run.button(key="starter_win_back").click().run()
    [one for one in run.button if one.key and one.key.startswith("edit_")][-1].click().run()
    next(one for one in run.text_input if one.key.startswith("rung_name_")).set_value("my *last* rung").run()
    assert not run.exception and not run.error
    return run


def reloaded(draft_id: str) -> AppTest:
    run = AppTest.from_file(str(Path("crm/ui/frame/main.py").absolute()), default_timeout=60)
    run.session_state["language"] = "en"
    run.query_params["draft"] = draft_id
    return run.run().switch_page(str(Path("pages/segments.py").absolute())).run()


def test_a_new_session_finds_the_ladder_by_its_address(shop: database.Store, typed: AppTest) -> None:
    draft_id = typed.session_state["SegmentsState"].draft_id
    again = reloaded(draft_id)
    assert not again.exception and not again.error
    assert [one.value for one in again.text_input if one.key.startswith("rung_name_")] == ["my *last* rung"]
    assert len(again.session_state["SegmentsState"].draft.rungs) == 3


def test_what_was_begun_can_be_found_again_without_the_address(shop: database.Store, typed: AppTest) -> None:
    fresh = screen("segments.py")
    fresh.button(key=f"draft_{typed.session_state['SegmentsState'].draft_id}").click().run()
    assert len(fresh.session_state["SegmentsState"].draft.rungs) == 3
    fresh.button(key="segment_new").click().run()
    assert len(drafts.unfinished(shop)) == 1
    fresh.button(key=f"draft_{typed.session_state['SegmentsState'].draft_id}").click().run()
    fresh.button(key="segment_save").click().run()
    assert drafts.unfinished(shop) == []
    assert not fresh.exception and not fresh.error
