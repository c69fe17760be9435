"""Exports of platforms abroad that went wrong once, and what their entries have to get right: other languages, clocks, refunds as rows."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm.database import Store
from tests.imports import given as a
from tests.imports.given import take
from tests.layouts import samples

CASES = Path(__file__).parent / "cases"
SUMS = """
    SELECT count(*) AS orders, count(DISTINCT customer_id) AS buyers, coalesce(sum(paid - refunded) FILTER (is_purchase), 0) AS kept,
        min(day) AS first, max(day) AS last FROM orders
"""


def came_to(store: Store) -> tuple[int, int, Decimal, date, date]:
    row = store.rows(SUMS)[0]
    return row["orders"], row["buyers"], row["kept"], row["first"], row["last"]


def rows(name: str) -> list[dict[str, str]]:
    """A sample's rows by their column's name."""
    text = next(iter(samples.sheets(name).values())).lstrip("\n")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if text.startswith("ID;") else ","))


def table(path: Path, items: list[dict[str, str]], delimiter: str = ",") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(items[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(items)
    return a.write(path, out.getvalue())


def test_ebay_takes_the_total_of_the_order_and_not_its_record_number(store: Store) -> None:
    results = take(store, CASES / "ebay_record_number.csv")
    assert results[0].format == "ebay_orders"
    assert came_to(store) == (3, 2, Decimal("110.42"), date(2026, 7, 25), date(2026, 8, 1))
    assert results[0].rejections == []


def test_etsy_takes_the_order_total(store: Store) -> None:
    assert take(store, CASES / "etsy_order_value.csv")[0].format == "etsy_orders"
    assert came_to(store) == (3, 2, Decimal("124.30"), date(2025, 12, 30), date(2026, 1, 13))


def test_an_invoice_that_most_payments_lack_is_no_order_id(store: Store) -> None:
    result = take(store, CASES / "sparse_invoice_id.csv")[0]
    assert (result.format, result.orders, result.rejected) == ("stripe_payments", 5, 0)
    assert came_to(store)[2] == Decimal("64.99")
    assert {row["province"] for row in store.rows("SELECT province FROM orders")} == {None}
    assert store.rows("SELECT count(*) AS n FROM orders WHERE status = 'closed_refunded'")[0]["n"] == 1


TAIWAN = {
    "Order ID": "訂單編號",
    "Order Status": "訂單狀態",
    "Return / Refund Status": "退貨 / 退款狀態",
    "Order Creation Date": "訂單成立日期",
    "Product Name": "商品名稱",
    "SKU Reference No.": "商品選項貨號",
    "Quantity": "數量",
    "Deal Price": "商品活動價格",
    "Grand Total": "買家總支付金額",
    "Username (Buyer)": "買家帳號",
    "Receiver Name": "收件者姓名",
    "Phone Number": "收件者電話",
}
VIETNAM = {
    "Order ID": "Mã đơn hàng",
    "Order Status": "Trạng Thái Đơn Hàng",
    "Order Creation Date": "Ngày đặt hàng",
    "Product Name": "Tên sản phẩm",
    "SKU Reference No.": "SKU phân loại hàng",
    "Quantity": "Số lượng",
    "Deal Price": "Giá ưu đãi",
    "Grand Total": "Tổng số tiền người mua thanh toán",
    "Username (Buyer)": "Người Mua",
    "Receiver Name": "Tên Người nhận",
    "Phone Number": "Số điện thoại",
}
BRAZIL = {
    "Order ID": "ID do pedido",
    "Order Status": "Status do pedido",
    "Return / Refund Status": "Status da Devolução / Reembolso",
    "Order Creation Date": "Data de criação do pedido",
    "Order Paid Time": "Hora do pagamento do pedido",
    "Product Name": "Nome do Produto",
    "SKU Reference No.": "Número de referência SKU",
    "Quantity": "Quantidade",
    "Deal Price": "Preço acordado",
    "Grand Total": "Total global",
    "Username (Buyer)": "Nome de usuário (comprador)",
    "Receiver Name": "Nome do destinatário",
}
WORDS = {
    "zh": {"Completed": "已完成", "Cancelled": "不成立", "Unpaid": "尚未付款", "To ship": "待出貨"},
    "vi": {"Completed": "Hoàn thành", "Cancelled": "Đã hủy", "Unpaid": "Chờ xác nhận", "To ship": "Chờ lấy hàng"},
    "pt": {"Completed": "Concluído", "Cancelled": "Cancelado", "Unpaid": "Não pago", "To ship": "A enviar"},
}


@pytest.mark.parametrize(("names", "words"), [(TAIWAN, "zh"), (VIETNAM, "vi"), (BRAZIL, "pt")])
def test_shopee_in_another_language_comes_to_the_same(store: Store, tmp_path: Path, names: dict[str, str], words: str) -> None:
    items = [row for row in rows("shopee_orders") if not row["Return / Refund Status"] and row["Grand Total"] != "n/a"]
    result = take(store, table(tmp_path / "english.csv", items))[0]
    english = came_to(store)
    other = [{names[key]: WORDS[words].get(cell, cell) for key, cell in row.items() if key in names} for row in items]
    foreign = take(store, table(tmp_path / "other.csv", other), shop="other")[0]
    assert (foreign.format, foreign.orders, foreign.warnings) == (result.format, result.orders, [])
    both = came_to(store)
    assert (both[0], both[2]) == (english[0] * 2, english[2] * 2)


def test_a_word_of_return_that_nobody_knows_is_said(store: Store, tmp_path: Path) -> None:
    items = [row | {"Return / Refund Status": "Request Sent"} for row in rows("shopee_orders")[:1]]
    warnings = take(store, table(tmp_path / "s.csv", items))[0].warnings
    assert [(warning.code, warning.values["names"]) for warning in warnings if warning.code == "statuses"] == [("statuses", "Request Sent")]


def test_a_refund_of_a_payment_in_another_file_is_taken_off_whichever_comes_first(store: Store, tmp_path: Path) -> None:
    lines = rows("paypal_activity")
    sold = [row for row in lines if row["Type"] == "Express Checkout Payment" and row["Gross"] == "120.00"]
    back = [row for row in lines if row["Type"] == "Payment Refund" and row["Gross"] == "-25.00"]
    take(store, table(tmp_path / "back.csv", back))
    take(store, table(tmp_path / "sold.csv", sold))
    assert [(row["paid"], row["refunded"]) for row in store.rows("SELECT paid, refunded FROM orders")] == [(Decimal(120), Decimal(25))]
    alone = [row for row in lines if row["Type"] in ("General Withdrawal", "Chargeback")]
    assert take(store, table(tmp_path / "alone.csv", alone))[0].rejected == 1  # a refund was taken over: that is no empty import
    take(store, table(tmp_path / "back again.csv", back))
    assert [row["refunded"] for row in store.rows("SELECT refunded FROM orders")] == [Decimal(25)]


def test_a_lost_dispute_kept_nothing_and_a_won_one_everything(store: Store, tmp_path: Path) -> None:
    items = [row | {"Dispute Status": word} for row, word in zip(rows("stripe_payments"), ("lost", "", "", "won"), strict=False)]
    take(store, table(tmp_path / "s.csv", items))
    values = {row["order_id"]: row["spend"] for row in store.rows("SELECT order_id, spend FROM orders")}
    assert values == {"ch_0001": 0, "ch_0002": Decimal(20), "ch_0003": 0, "ch_0004": Decimal(9)}


def test_stripe_times_are_utc_and_the_time_of_day_has_a_column_of_its_own(store: Store, tmp_path: Path) -> None:
    take(store, table(tmp_path / "s.csv", rows("stripe_payments")[:1]))
    take(store, table(tmp_path / "b.csv", [rows("bigcommerce_orders")[0] | {"Order Time": "23:30:00"}]))
    values = {row["order_id"]: str(row["created_at"]) for row in store.rows("SELECT order_id, created_at FROM orders")}
    assert values == {"ch_0001": "2026-01-17 17:28:00", "101": "2026-04-25 15:30:00"}  # the shop is eight hours ahead


def test_rows_of_the_export_itself_are_no_rejected_rows(store: Store, tmp_path: Path) -> None:
    for name, gone in (("tiktok_orders", "Platform unique"), ("ebay_orders", "record(s)")):
        assert gone in (samples.FOLDER / f"{name}.csv").read_text(encoding="utf-8")
        result = take(store, samples.write(name, tmp_path))[0].rejections
        assert [entry for entry in result if gone in (entry.value or "")] == []
