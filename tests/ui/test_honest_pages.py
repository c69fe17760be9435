"""Screens that claim no more than the data hold: the overview of short data, the results before a verdict, a campaign's people masked."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.campaigns import saved
from crm.campaigns.roster import Placed
from crm.ui import figures
from crm.ui.campaigns import roster
from tests.customers.given import fill, order
from tests.customers.test_coverage import daily
from tests.ui.test_results_pages import screen, shown  # noqa: F401

HYPHEN = re.compile(r"(?<![\w.])-(?=[¥$]?\d)")
"""A hyphen where a minus belongs (days and ranges have a digit or a letter before theirs)."""


def text(page: AppTest) -> list[str]:
    """All that is written on it."""
    metrics = [part for metric in page.metric for part in (metric.value, metric.delta or "", metric.help or "")]
    return [*(one.value for one in page.caption), *(one.value for one in page.markdown), *metrics]


@pytest.mark.parametrize(
    ("language", "told"), [("zh_CN", "同比: 数据从 2026-09-18 开始，无法对比"), ("en", "vs last year: since 2026-09-18; not comparable")]
)
def test_short_data_are_compared_with_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, told: str) -> None:
    store = database.open_store(tmp_path)
    daily(store, "2026-09-18", "2026-11-25")
    page = screen(tmp_path, monkeypatch, "kpi.py", language)
    assert not page.exception
    assert text(page).count(told) == 5
    page.button_group[0].set_value("year").run()
    assert not [metric.delta for metric in page.metric if metric.delta]
    assert page.metric[4].value == figures.NOTHING
    assert "2026-09-18" in page.caption[0].value
    store.close()


def test_a_month_that_nobody_imported_is_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = database.open_store(tmp_path)
    daily(store, "2025-05-27", "2026-11-25", ("2026-03-01", "2026-03-31"))
    page = screen(tmp_path, monkeypatch, "kpi.py", "en")
    assert [one.value for one in page.info] == [
        "No orders from 2026-03-01 to 2026-03-31: probably a file is missing. Periods that touch these days are not compared."
    ]
    assert any(one.value.startswith("Hollow dots") for one in page.caption)
    store.close()


def test_two_different_repeat_rates_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = database.open_store(tmp_path)
    fill(store, [order(1, "a", "2026-11-01"), order(2, "a", "2026-11-02")])
    labels = [metric.label for metric in screen(tmp_path, monkeypatch, "kpi.py").metric]
    assert "复购率·人" in labels
    assert "复购率" not in labels
    store.close()


def test_spend_per_person_says_who_is_in_it(shown) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    for language, label in (("zh_CN", "人均消费（含从未成交的人）"), ("en", "Spend per person, buyers or not")):
        assert label in [metric.label for metric in shown("customers.py", language).metric]


def test_the_attributed_ratio_is_small_and_last(shown, demo_copy: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    """On every campaign, before and after its verdict: no card, one line that says what it is not."""
    page = shown("result.py", "en")
    for campaign in saved.listed(database.open_store(demo_copy)):
        page.selectbox(key="result_campaign").set_value(campaign.campaign_id).run()
        assert [metric.label for metric in page.metric] == ["Extra sales", "Cost", "Profit", "ROI"]
        line = next(one.value for one in page.caption if one.value.startswith("Attributed ÷ cost: "))
        assert "never judge by this number alone" in line


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_minus_is_a_minus(shown, demo_copy: Path, language: str) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    for name in ("result.py", "kpi.py", "customers.py"):
        assert [one for one in text(shown(name, language)) if HYPHEN.search(one)] == []


@pytest.mark.parametrize(
    ("given", "told"),
    [(-0.3, "−0.3"), (0.3, "+0.3"), (0, "0.0"), (-0.04, "0.0"), (0.04, "0.0"), (-1234.56, "−1,234.6"), (None, "—"), (12, "+12.0")],
)
def test_signs(given: float | None, told: str) -> None:
    assert figures.signed(given) == told
    assert "-" not in figures.big(given) + figures.percent(given) + figures.change(given) + figures.count(given) + figures.big_money(given)


def test_people_of_a_campaign_are_masked() -> None:
    placed = Placed("c", "recipients", "13812345678", "x", "annabel@example.com", "delivered", None)
    assert list(roster._row(placed).values()) == ["138****5678", "Written to", "Delivered", "an***@example.com"]
    held = Placed("c", "holdout", None, "ann", None, None, None)
    assert list(roster._row(held).values()) == ["ann", "Held out", "—", "—"]
