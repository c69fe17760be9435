"""Words in the visitor's language, numbers as people read them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from crm import words
from crm.ui import figures


@pytest.fixture(params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    code = str(request.param)
    monkeypatch.setattr(figures, "language", lambda: code)
    return code


@pytest.mark.parametrize(
    ("cookie", "browser", "expected"),
    [
        ({}, "zh-CN", "zh_CN"),
        ({}, "en-GB", "en"),
        ({}, None, "zh_CN"),
        ({"huitou_language": "en"}, "zh-CN", "en"),
        ({"huitou_language": "x"}, "de", "en"),
    ],
)
def test_the_browser_decides_first_then_the_visitor(cookie: dict[str, str], browser: str | None, expected: str) -> None:
    assert words.chosen(cookie, browser) == expected


def test_a_sentence_is_translated_with_its_values() -> None:
    text = words.translate("zh_CN", "“{text}” is not a day. Nothing was done. Please write it as YYYY-MM-DD.", text="morgen")
    assert text == "“morgen”不是日期。什么都没做。请写成 YYYY-MM-DD。"
    assert words.translate("en", "Settings") == "Settings"


def test_big_numbers(language: str) -> None:
    expected = {"zh_CN": ["999", "12,345", "12.8 万", "1,284 万", "3.2 亿"], "en": ["999", "12,345", "128k", "12.8M", "318M"]}
    assert [figures.big(n) for n in (999, 12345, 128_400, 12_840_000, 318_000_000)] == expected[language]


def test_what_is_not_known_is_not_zero(language: str) -> None:
    items = [
        figures.count(None),
        figures.money(None),
        figures.big_money(None),
        figures.percent(None),
        figures.day(None),
        figures.change(None),
    ]
    assert set(items) == {figures.NOTHING}


def test_money_percent_and_moments(language: str) -> None:
    assert figures.money(Decimal("1284.5"), "CNY", cents=True) == "¥1,284.50"
    assert figures.money(-20, "USD") == "−$20"
    assert figures.percent(0.3478) == "34.8%"
    assert figures.change(-0.006) == "−0.6%"
    assert figures.day(date(2026, 11, 1)) == "2026-11-01"
    assert figures.moment(datetime(2026, 11, 1, 13, 40), "Asia/Shanghai") == "2026-11-01 21:40"
