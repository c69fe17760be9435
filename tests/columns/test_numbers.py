"""Numbers: whole cells in every style, the style of a column, and that a column written in any style is read back or doubted."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.columns import number_formats
from crm.columns.number_formats import EITHER, EUROPEAN, PLAIN, Style

APOSTROPHE = chr(0x2019)


@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("1234,56", None, "1234.56"),
        ("1.234,56", None, "1234.56"),
        ("1,234.56", "1234.56", None),
        ("1.234", "1.234", "1234"),
        ("12,345", "12345", "12.345"),
        ("0.045", "0.045", None),
        ("1,23,456.00", "123456.00", None),
        ("1 234,50 €", None, "1234.50"),
        ("1\u202f234,50\u00a0€", None, "1234.50"),
        ("1\u2009234.50", "1234.50", None),
        (f"1{APOSTROPHE}234.50", "1234.50", None),
        ("CHF 1'234.–", "1234", "1234"),
        ("($5.00)", "-5.00", None),
        ("$ (1,250.50)", "-1250.50", None),
        ("5.00-", "-5.00", None),
        ("−5", "-5", "-5"),
        ("12,50 zł", None, "12.50"),
        ("99 Kč", "99", "99"),
        ("kr.50", "50", "50"),
        ("Rs. 1,00,000", "100000", None),
        ("R$ 1.234,56", None, "1234.56"),
        ("12.00 USD", "12.00", None),
        ("CNY ¥12.00", "12.00", None),
        ("0元", "0", "0"),
        ("￥１，２３４．５０", "1234.50", None),
        ("1.2万", "12000", None),
        ("3亿", "300000000", "300000000"),
        ("499.00（系统计算中，该值仅供参考）", "499.00", None),
        ("1E+05", "100000", "100000"),
        *(
            (cell, None, None)
            for cell in ("", "-", "abc", "15%", "5kg", "5K", "1.2.3", "1,2,3", "2026-01-03", "10:15", "--5", "(5.00", "5-5")
        ),
        *((cell, None, None) for cell in ("1 2", "1,,234", "100.00(0.00)", "共12元", "12.00 14.00", "1 234.567,89", "50€20", "12,34.56")),
    ],
)
def test_a_cell_is_read_whole_or_not_at_all(cell: str, point: str | None, comma: str | None) -> None:
    assert number_formats.parse(cell, PLAIN) == (None if point is None else Decimal(point))
    assert number_formats.parse(cell, EUROPEAN) == (None if comma is None else Decimal(comma))


@pytest.mark.parametrize(
    ("cells", "style", "why"),
    [
        (["1234,56", "89,90", "1.234"], EUROPEAN, "shown"),
        (["1 234,50", "1.234"], Style(",", " "), "shown"),
        (["1.234", "0.5"], PLAIN, "shown"),
        (["1,23,456"], PLAIN, "shown"),
        (["1.234", "2.000", "950"], PLAIN, "doubt"),
        (["12,345"], PLAIN, "doubt"),
        (["950", "12", "1 234"], PLAIN, "plain"),
        (["1.000,00 €", "950,00 €", "110.7 €", "20.00€"], EITHER, "mixed"),
        (["1,234.00", "0.5", "12,34"], PLAIN, "shown"),
        (["n/a", ""], PLAIN, "none"),
    ],
)
def test_the_column_decides(cells: list[str], style: Style, why: str) -> None:
    result = number_formats.weigh(Counter(cells))
    assert (result.style, result.why) == (style, why)


def test_a_contrary_cell_does_not_fit() -> None:
    assert number_formats.parse("12,34", PLAIN) is None
    assert number_formats.parse("1.234", Style(",", " ")) is None
    assert number_formats.parse("1.234", EITHER) is None
    assert number_formats.parse("1.234,56", EITHER) == Decimal("1234.56")


def test_columns_of_one_table_help_one_another() -> None:
    result = number_formats.together({"price": {"1.234": 1}, "total": {"9,50": 3}, "items": {"2": 4}})
    assert result["price"] == number_formats.Decision(EUROPEAN, "beside", "1.234")
    assert result["items"].why == "plain"
    torn = number_formats.together({"price": {"1.234": 1}, "total": {"9,50": 3}, "fee": {"9.50": 3}})
    assert torn["price"].why == "doubt"
    assert number_formats.together({"price": {"1.234": 1}}, usual=",")["price"].style == EUROPEAN


AMOUNTS = st.lists(st.decimals(-999_999, 9_999_999, places=2), min_size=1, max_size=12)
STYLES = [Style(decimal, group) for decimal in ".," for group in (",", ".", " ", "\u00a0", "\u202f", "'", "") if group != decimal]
MARKS = st.sampled_from(("{}", "{} €", "$ {}", "{}元", "EUR {}", "{} kr"))


def written(amount: Decimal, style: Style) -> str:
    return f"{amount:,.2f}".replace(",", "g").replace(".", style.decimal).replace("g", style.group)


@given(AMOUNTS, st.sampled_from(STYLES), MARKS)
def test_a_column_in_any_style_is_read_back(amounts: list[Decimal], style: Style, mark: str) -> None:
    cells = [mark.format(written(amount, style)) for amount in amounts]
    result = number_formats.weigh(Counter(cells))
    assert result.why == "shown"
    assert [number_formats.parse(cell, result.style) for cell in cells] == amounts


@given(st.lists(st.integers(0, 9_999_999), min_size=1, max_size=12), st.sampled_from(STYLES))
def test_whole_amounts_in_any_style_are_read_back_or_doubted(amounts: list[int], style: Style) -> None:
    cells = [f"{amount:,}".replace(",", style.group) for amount in amounts]
    result = number_formats.weigh(Counter(cells))
    assert result.why == "doubt" or [number_formats.parse(cell, result.style) for cell in cells] == amounts


@given(st.text(max_size=12), st.sampled_from((PLAIN, EUROPEAN, EITHER)))
def test_no_text_breaks_it(cell: str, style: Style) -> None:
    value = number_formats.parse(cell, style)
    assert value is None or value.is_finite()


@given(AMOUNTS, st.sampled_from(STYLES), st.integers(0, 11))
def test_a_damaged_cell_changes_no_other(amounts: list[Decimal], style: Style, place: int) -> None:
    cells = [written(amount, style) for amount in [*amounts, Decimal("1.10"), Decimal("2.20")]]
    damaged = [*cells]
    damaged[place % len(cells)] += "x"
    result = number_formats.weigh(Counter(damaged))
    assert [number_formats.parse(cell, result.style) for cell in cells] == [
        number_formats.parse(cell, number_formats.weigh(Counter(cells)).style) for cell in cells
    ]
