"""The same rows in the forms of dates and amounts that each platform really writes come to what the plain sample comes to."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crm import database
from crm.database import Store
from tests.imports.given import take
from tests.imports.test_foreign import CASES, came_to, rows, table

ORDERS = "SELECT order_id, status, created_at, paid_at, paid, refunded FROM orders ORDER BY ALL"
LINES = "SELECT order_id, product, quantity, amount, refunded FROM line_records ORDER BY ALL"
Write = Callable[[str], str]


def form(written: str, read: str = "%Y-%m-%d") -> Write:
    """A date in another form; days and months without a leading zero where the form says `%-d`."""
    return lambda cell: datetime.strptime(cell, read).strftime(written) if cell else cell  # noqa: DTZ007 (written again at once)


def signed(sign: str) -> Write:
    return lambda cell: sign + cell.lstrip("$€") if cell else cell


def comma(cell: str) -> str:
    """1234.5 as 1.234,50 €."""
    amount = f"{Decimal(cell.lstrip('$€').replace(',', '')):,.2f}" if cell else ""
    return amount.translate(str.maketrans(",.", ".,")) + " €" if cell else cell


EBAY = ("Sale Date", "Paid On Date", "Shipped On Date")
MONEY = ("Sold For", "Shipping And Handling", "eBay Collected Tax", "Total Price")
FORMS: dict[str, tuple[str, dict[str, Write]]] = {
    "ebay, United States": ("ebay_orders", dict.fromkeys(EBAY, form("%b-%d-%y"))),
    "ebay, Australia": ("ebay_orders", dict.fromkeys(EBAY, form("%d-%b-%y")) | dict.fromkeys(MONEY, signed("AU $"))),
    "ebay, euros": ("ebay_orders", dict.fromkeys(EBAY, form("%d-%b-%y")) | dict.fromkeys(MONEY, comma)),
    "etsy": ("etsy_orders", {"Sale Date": lambda cell: cell[:6] + cell[8:]}),
    "lazada": ("lazada_orders", {"createTime": form("%d %b %Y %H:%M", "%Y-%m-%d %H:%M")}),
    "magento": ("magento_orders", {"Purchase Date": form("%b %-d, %Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S")}),
    "prestashop, France": ("prestashop_orders", {"Total": comma}),
    "tiktok, United States": (
        "tiktok_orders",
        dict.fromkeys(
            ("Created Time", "Paid Time", "Shipped Time", "Delivered Time"),
            lambda cell: form("%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M:%S")(cell.strip()) if cell else cell,
        ),
    ),
    "wix": ("wix_orders", {"Date created": form("%b %-d, %Y", "%m/%d/%Y"), "Time": lambda cell: f"{cell} AM"}),
    "bigcommerce, United States": ("bigcommerce_orders", dict.fromkeys(("Order Date", "Date Shipped"), form("%m/%d/%Y", "%d/%m/%Y"))),
    "paypal, dotted": ("paypal_activity", {"Date": form("%d.%m.%Y", "%m/%d/%Y")}),
    "paypal, Britain": ("paypal_activity", {"Date": form("%d/%m/%Y", "%m/%d/%Y")}),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_platforms_own_forms_come_to_the_same(tmp_path: Path, name: str) -> None:
    layout, changes = FORMS[name]
    entries = [row for row in rows(layout) if None not in row and row.get("Sale Date") != "soon"]
    entries = [row for row in entries if None not in row.values() and not next(iter(row.values())).startswith("Platform")]
    other = [row | {title: write(row[title]) for title, write in changes.items()} for row in entries]
    items = []
    for number, lines in enumerate((entries, other)):
        store = database.memory()
        result = take(store, table(tmp_path / f"{number}.csv", lines))[0]
        assert result.format == layout
        items.append((store.rows(ORDERS), store.rows(LINES), result.rejected))
    assert items[0] == items[1]
    assert items[0][0]


def test_ebay_in_its_own_forms_is_three_orders_of_two_buyers(store: Store) -> None:
    result = take(store, CASES / "ebay_original_dates.csv")[0]
    assert (result.format, result.rejections) == ("ebay_orders", [])
    assert came_to(store) == (3, 2, Decimal("110.42"), date(2026, 7, 25), date(2026, 8, 1))


def test_etsy_with_years_of_two_digits(store: Store) -> None:
    assert take(store, CASES / "etsy_two_digit_year.csv")[0].rejected == 0
    assert came_to(store) == (3, 2, Decimal("124.30"), date(2025, 12, 30), date(2026, 1, 13))


GERMAN = {
    "Date": "Datum",
    "Time": "Uhrzeit",
    "TimeZone": "Zeitzone",
    "Name": "Name",
    "Type": "Typ",
    "Status": "Status",
    "Currency": "Währung",
    "Gross": "Brutto",
    "Fee": "Gebühr",
    "Net": "Netto",
    "From Email Address": "Absender E-Mail-Adresse",
    "To Email Address": "Empfänger E-Mail-Adresse",
    "Transaction ID": "Transaktionscode",
    "Reference Txn ID": "Zugehöriger Transaktionscode",
    "Country": "Land",
}
TYPES = {
    "Express Checkout Payment": "PayPal Express-Zahlung",
    "Website Payment": "Website-Zahlung",
    "General Payment": "Allgemeine Zahlung",
    "Mobile Payment": "Zahlung",
    "Payment Refund": "Rückzahlung",
    "Chargeback": "Rückbuchung",
    "General Withdrawal": "Allgemeine Abbuchung",
    "General Currency Conversion": "Allgemeine Währungsumrechnung",
    "Completed": "Abgeschlossen",
    "Pending": "Ausstehend",
    "Denied": "Abgelehnt",
}


def test_paypal_in_german_comes_to_the_same(store: Store, tmp_path: Path) -> None:
    take(store, table(tmp_path / "en.csv", rows("paypal_activity")))
    english = came_to(store)
    items = [{GERMAN[key]: TYPES.get(cell, cell) for key, cell in row.items() if key in GERMAN} for row in rows("paypal_activity")]
    for row in items:
        month, day, year = row["Datum"].split("/")
        row["Datum"] = f"{day}.{month}.{year}"
        row["Brutto"] = row["Brutto"].replace(".", ",")
    result = take(store, table(tmp_path / "de.csv", items), shop="de")[0]
    both = came_to(store)
    assert (result.format, result.rejected) == ("paypal_activity", 4)
    assert (both[0], both[2], both[3], both[4]) == (english[0] * 2, english[2] * 2, english[3], english[4])
