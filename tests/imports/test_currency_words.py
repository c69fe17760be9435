"""Words, signs and codes of currencies in five languages."""

import pytest

from crm.columns import currencies


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("cny", "CNY"),
        ("RMB", "CNY"),
        ("￥", "CNY"),
        ("¥", "CNY"),
        ("元", "CNY"),
        ("人民币", "CNY"),
        ("人民币（CNY）", "CNY"),
        ("Chinese Yuan", "CNY"),
        ("US$", "USD"),
        ("$", "USD"),
        ("usd", "USD"),
        ("美元", "USD"),
        ("US Dollar", "USD"),
        ("€", "EUR"),
        ("Euro", "EUR"),
        ("euros", "EUR"),
        ("欧元", "EUR"),
        ("Pfund Sterling", "GBP"),
        ("livre sterling", "GBP"),
        ("£", "GBP"),
        ("円", "JPY"),
        ("日元", "JPY"),
        ("HK$", "HKD"),
        ("港币", "HKD"),
        ("NT$", "TWD"),
        ("新台币", "TWD"),
        ("Schweizer Franken", "CHF"),
        ("złoty polaco", None),
        ("gold", None),
        ("", None),
    ],
)
def test_a_currency_by_any_name(word: str, code: str | None) -> None:
    assert currencies.code(word) == code


@pytest.mark.parametrize(("word", "own", "code"), [("¥", "JPY", "JPY"), ("$", "HKD", "HKD"), ("元", "TWD", "TWD"), ("$", "EUR", "USD")])
def test_a_sign_of_several_means_the_shop_s_own(word: str, own: str, code: str) -> None:
    assert currencies.code(word, own) == code
