"""Orders that several files tell line by line: the sum of the lines, whichever file comes first."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.database import Store
from crm.imports import history
from tests.imports.given import NOW, one, take, write
from tests.layouts import samples

HEADER = "order id,line id,date,customer,product,qty,amount,shipping,status\n"
MAP = {
    "grain": "line",
    "amounts": "sum",
    "columns": {
        "order_id": "order id",
        "line_id": "line id",
        "created_at": "date",
        "buyer_id": "customer",
        "item_title": "product",
        "item_qty": "qty",
        "paid_amount": "amount",
        "shipping_fee": "shipping",
        "status_raw": "status",
    },
}
PAN, LID, DISCOUNT = (
    "A1,1,2026-05-01,ann,Pan,1,40.00,6.00,completed\n",
    "A1,2,2026-05-01,ann,Lid,2,10.00,6.00,completed\n",
    "A1,3,2026-05-01,ann,Discount,1,-5.00,6.00,completed\n",
)


def order(store: Store) -> dict[str, Any]:
    return {name: value for name, value in one(store).items() if name in ("status", "paid", "refunded", "spend", "items")}


@pytest.mark.parametrize("files", [[PAN + LID + DISCOUNT], [PAN, LID + DISCOUNT], [DISCOUNT, LID, PAN], [PAN + LID, LID + DISCOUNT]])
def test_lines_add_up_and_shipping_counts_once(store: Store, tmp_path: Path, files: list[str]) -> None:
    for number, rows in enumerate(files):
        take(store, write(tmp_path / f"{number}.csv", HEADER + rows), mapping=MAP)
    assert order(store) == {"status": "completed", "paid": Decimal(51), "refunded": 0, "spend": Decimal(51), "items": 4}


def test_a_later_telling_of_a_line_counts_instead_of_the_earlier(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path / "1.csv", HEADER + PAN + LID), mapping=MAP)
    later = take(store, write(tmp_path / "2.csv", HEADER + LID.replace("completed", "refunded")), mapping=MAP)[0]
    assert (later.orders_new, later.orders_changed) == (0, 1)
    assert order(store) == {"status": "completed", "paid": Decimal(56), "refunded": Decimal(10), "spend": Decimal(46), "items": 3}
    assert [(change["refunded_before"], change["refunded_after"]) for change in later.changes] == [(0, Decimal(10))]
    assert history.undo_preview(store, str(later.import_id)).restored == 1
    history.undo(store, str(later.import_id), NOW)
    assert order(store) == {"status": "completed", "paid": Decimal(56), "refunded": 0, "spend": Decimal(56), "items": 3}


def test_rows_without_their_first_row_wait_for_it_and_that_is_said(store: Store, tmp_path: Path) -> None:
    header = (
        "Name,Email,Financial Status,Paid at,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Shipping,Refunded Amount\n"
    )
    first = "#1,a@example.com,paid,2024-05-01 10:00:00 +0000,30.00,2024-05-01 10:00:00 +0000,1,Mug,10.00,0.00,0.00\n"
    other = first.replace("#1", "#2")
    entry = take(store, write(tmp_path / "1.csv", header + "#1,,,,,,2,Cup,10.00,,\n" + other), format="shopify_orders")[0]
    assert (entry.orders, [(warning.code, warning.values) for warning in entry.warnings if warning.code == "further_lines"]) == (
        1,
        [("further_lines", {"n": 1})],
    )
    take(store, write(tmp_path / "2.csv", header + first), format="shopify_orders")
    assert store.one("SELECT items, spend FROM orders WHERE order_id = '#1'") == {"items": 3, "spend": Decimal(30)}


@pytest.mark.parametrize(("name", "title"), [("pdd_order_2026", "抹布"), ("amazon_all_orders", "Lid"), ("douyin_order_2026", "口红")])
def test_a_product_that_was_renamed_since_is_not_counted_twice(store: Store, tmp_path: Path, name: str, title: str) -> None:
    file, encoding = samples.write(name, tmp_path), samples.expected(name)["encoding"]
    take(store, file)
    before = store.rows("SELECT order_id, paid, refunded, items FROM orders ORDER BY order_id")
    text = file.read_bytes().decode(encoding)
    assert title in text
    again = take(store, write(tmp_path / "again.csv", text.replace(title, "X"), encoding))[0]
    assert (again.orders_new, store.rows("SELECT order_id, paid, refunded, items FROM orders ORDER BY order_id")) == (0, before)
