"""The form of the condition “is on a list”: paste, look up, use; choose another; what was typed stays until it is used."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.segments import lists
from tests.customers.given import customer, fill, order


def script() -> None:
    """The form as a condition's editor calls it: with what it gave before."""
    import streamlit as st

    from crm.ui.segments import listed

    st.session_state["node"] = listed.form(st.session_state.get("node"), "k")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[database.Store]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    store = database.open_store(tmp_path)
    fill(store, [order(n, f"c{n}", "2026-01-01") for n in range(3)], [customer(f"c{n}", nickname=f"昵称{n}") for n in range(3)])
    yield store
    store.close()


def press(run: AppTest, label: str) -> AppTest:
    return next(one for one in run.button if one.label == label).click().run()


def test_a_list_is_pasted_looked_up_and_used(shop: database.Store) -> None:
    run = AppTest.from_function(script, default_timeout=60)
    run.session_state["language"] = "en"
    run.run()
    assert run.session_state["node"] is None
    assert next(one for one in run.button if one.label == "Look up").disabled
    run.text_area[0].set_value("昵称1\n昵称1\nnobody\n1.5E+17\nc2").run()
    press(run, "Look up")
    assert run.markdown[0].value == "**2 people** found, from 4 different entries."
    assert [one.value for one in run.code] == ["nobody", "1.5E+17"]
    assert lists.listed(shop) == []
    run.text_area[0].set_value("昵称1").run()
    assert not run.markdown, "what was found is of what stood there before"
    press(run, "Look up")
    press(run, "Use this 1 person")
    (kept,) = lists.listed(shop)
    assert run.session_state["node"] == {"list": kept.list_id, "name": kept.name}
    assert run.text_area[0].value == ""
    run.run()
    assert run.session_state["node"] == {"list": kept.list_id, "name": kept.name}
    assert run.caption[0].value.startswith("1 person, found among 1 pasted entries on ")
    run.text_area[0].set_value("").run()
    run.text_area[0].set_value("zzz").run()
    press(run, "Look up")
    assert not any(one.label.startswith("Use") for one in run.button)
    run.session_state["node"] = {"list": "gone", "name": "x"}
    assert run.run().session_state["node"] == {"list": "gone", "name": "x"}
    assert not run.exception and not run.error
