"""Marks of currencies beside amounts, in headers and above them, where no column names one."""

from pathlib import Path

import pytest

from crm.database import Store
from tests.imports.given import take, write
from tests.imports.test_currencies import money, orders, shop


@pytest.mark.parametrize(("header", "cell"), [("amount", "$10"), ("amount ($)", "10"), ("amount", "10 $")])
def test_a_sign_of_several_currencies_is_said(store: Store, tmp_path: Path, header: str, cell: str) -> None:
    table = orders(tmp_path, f"A1,a,2024-05-01,{cell}", header=f"order_id,buyer,created_at,{header}\n")
    assert "sign" in [warning.code for warning in take(shop(store), table)[0].warnings]
    assert money(store) == (10.0, [])


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("amount", "€10", "EUR"),
        ("amount", "10 EUR", "EUR"),
        ("amount (USD)", "10", "USD"),
        ("Total USD", "10", "USD"),
        ("amount", "10 USD", "USD"),
        ("amount", "£10", "GBP"),
        ("amount", "HK$10", "HKD"),
        ("amount", "NT$ 10", "TWD"),
        ("amount", "10 zł", "PLN"),
        ("金额（美元）", "10", "USD"),
        ("Betrag in €", "10", "EUR"),
        ("Valor total (COP)", "10", "COP"),
        ("amount", "CHF 10", "CHF"),
    ],
)
def test_a_mark_of_one_currency_is_the_currency(store: Store, tmp_path: Path, header: str, cell: str, code: str) -> None:
    table = orders(tmp_path, f"A1,a,2024-05-01,{cell}", header=f"order_id,buyer,created_at,{header}\n")
    assert "currency" in [warning.code for warning in take(shop(store), table)[0].warnings]
    assert money(store) == (0.0, [(code, 1, 10.0)])


@pytest.mark.parametrize("above", ["All amounts in EUR", "Währung: EUR", "Umsatz in €", "期间 2024-05，币种 EUR"])
def test_a_line_above_the_header_names_the_currency(store: Store, tmp_path: Path, above: str) -> None:
    table = orders(tmp_path, "A1,a,2024-05-01,10", "A2,b,2024-05-02,5", header=f"{above},,,\n\norder_id,buyer,created_at,amount\n")
    take(shop(store), table)
    assert money(store) == (0.0, [("EUR", 2, 15.0)])


def test_marks_of_two_currencies_name_none(store: Store, tmp_path: Path) -> None:
    table = orders(tmp_path, "A1,a,2024-05-01,10 EUR", "A2,b,2024-05-02,5 USD", header="order_id,buyer,created_at,amount\n")
    assert "sign" in [warning.code for warning in take(shop(store), table)[0].warnings]


@pytest.mark.parametrize(
    ("header", "cell"), [("amount", "¥10"), ("amount", "10 元"), ("amount (CNY)", "10"), ("金额（元）", "10"), ("amount", "10")]
)
def test_the_shop_s_own_sign_is_no_doubt(store: Store, tmp_path: Path, header: str, cell: str) -> None:
    table = orders(tmp_path, f"A1,a,2024-05-01,{cell}", header=f"order_id,buyer,created_at,{header}\n")
    assert [warning.code for warning in take(shop(store), table)[0].warnings] == []


@pytest.mark.parametrize(
    ("cells", "code"), [(("45,90 €", "12,00 €"), "EUR"), (("£45.90", "£12.00"), "GBP"), (("45.90 zł", "12.00 zł"), "PLN")]
)
def test_a_known_layout_without_a_currency_has_that_of_its_cells(store: Store, tmp_path: Path, cells: tuple[str, str], code: str) -> None:
    head = '"ID";"Reference";"New client";"Delivery";"Customer";"Total";"Payment";"Status";"Date"'
    rows = [
        f'"{41 + n}";"XKBK{n}";"1";"France";"J. DUPONT";"{cell}";"PayPal";"Delivered";"2024-03-0{n + 1} 09:17:30"'
        for n, cell in enumerate(cells)
    ]
    (result,) = take(shop(store), write(tmp_path / "order_list.csv", "\n".join([head, *rows]) + "\n"))
    assert result.format == "prestashop_orders"
    assert money(store) == (0.0, [(code, 2, 57.9)])
