"""The boss's page and the results page, run without a browser on a demo shop and on an empty one."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.campaigns import saved
from tests.conftest import ROOT

FRAME = str(ROOT / "crm" / "ui" / "frame" / "main.py")


def screen(data: Path, monkeypatch: pytest.MonkeyPatch, page: str, language: str = "zh_CN") -> AppTest:
    """A page as the frame shows it."""
    monkeypatch.setenv("CRM_DATA", str(data))
    app = AppTest.from_file(FRAME, default_timeout=60)
    app.session_state["language"] = language
    app.run()
    return app.switch_page(str(ROOT / "pages" / page)).run()


@pytest.fixture
def shown(demo_copy: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    yield lambda page, language="zh_CN": screen(demo_copy, monkeypatch, page, language)
    database.open_store(demo_copy).close()


def test_six_numbers_in_both_languages(shown) -> None:  # type: ignore[no-untyped-def]
    for language, words in (("zh_CN", ("成交额", "复购率·人", "老客占比·人")), ("en", ("Sales", "Repeat buyers", "Returning"))):
        page = shown("kpi.py", language)
        assert not page.exception
        assert not page.error
        labels = [metric.label for metric in page.metric]
        assert len(labels) == 6
        assert set(words) <= set(labels)
        assert all(metric.value not in ("", "—") for metric in page.metric)


def test_the_period_can_be_changed(shown) -> None:  # type: ignore[no-untyped-def]
    page = shown("kpi.py", "en")
    month = page.metric[0].value
    page.button_group[0].set_value(90).run()
    assert not page.error
    assert page.metric[0].value != month


def test_a_result_leads_with_its_sentence(shown) -> None:  # type: ignore[no-untyped-def]
    page = shown("result.py")
    assert not page.exception
    assert not page.error
    assert any(text.value.startswith("### ") and "¥" in text.value for text in page.markdown)
    assert [metric.label for metric in page.metric] == ["增量成交额", "成本", "利润", "投入产出比"]
    assert any(text.value.startswith("归因产出比 ") for text in page.caption)


def test_every_campaign_can_be_chosen(shown, demo_copy: Path) -> None:  # type: ignore[no-untyped-def]
    page = shown("result.py")
    names = set()
    for campaign in saved.listed(database.open_store(demo_copy)):
        page.selectbox(key="result_campaign").set_value(campaign.campaign_id).run()
        assert not page.error
        names |= {text.value for text in page.markdown if text.value.startswith("### ")}
    assert len(names) == 3


def test_a_tiny_holdout_shows_no_money(shown, demo_copy: Path) -> None:  # type: ignore[no-untyped-def]
    store = database.open_store(demo_copy)
    with store.transaction() as change:
        change.execute(
            "DELETE FROM recipients WHERE arm = 'holdout' AND customer_id NOT IN (SELECT customer_id FROM recipients WHERE arm = 'holdout' "
            "QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY customer_id) <= 6)"
        )
    page = shown("result.py", "en")
    values = {metric.label: metric for metric in page.metric}
    assert not page.exception
    assert [values[name].value for name in ("Extra sales", "Profit", "ROI")] == ["—"] * 3
    assert all(values[name].help.startswith("Not shown: with so few") for name in ("Extra sales", "Profit", "ROI"))
    assert values["Cost"].value != "—"
    assert any("Too few people to tell" in text.value for text in page.markdown)
    assert not page.get("vega_lite_chart") or len(page.get("vega_lite_chart")) == 1


@pytest.mark.parametrize("name", ["kpi.py", "result.py"])
def test_empty_pages_say_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    page = screen(tmp_path, monkeypatch, name)
    assert not page.exception
    assert not page.error
    assert page.button(key="empty_orders.py" if name == "kpi.py" else "empty_campaigns.py")
    database.open_store(tmp_path).close()
