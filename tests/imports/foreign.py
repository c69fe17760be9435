"""What the exports of platforms abroad come to by pandas and plain rules alone, knowing nothing of the product's own reading."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd


@dataclass(frozen=True)
class Foreign:
    """The columns of one layout, and what its words mean.

    `unpaid` and `void` are words of `status` under which nothing is kept; with `lines` amounts and words are those of each row, else of
    the order. `left` is what refunds left of the amount. `kinds` are movements: those of sales, and those of refunds of `of`.
    Orders in another `currency` than most are purchases, but their money is not added to the others'.
    """

    order: str
    amount: str
    date: str
    status: str = ""
    unpaid: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    refund: str = ""
    left: str = ""
    paid_at: str = ""
    shipping: str = ""
    lines: bool = False
    kind: str = ""
    kinds: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    of: str = ""
    captured: str = ""
    returned: str = ""
    separator: str = ","
    sheet: str = ""
    currency: str = ""


PAYPAL = (
    ("Express Checkout Payment", "Website Payment", "General Payment", "Mobile Payment"),
    ("Payment Refund", "Chargeback"),
)
ORDERS = {
    "bigcommerce_orders": Foreign(
        "Order ID",
        "Order Total (inc tax)",
        "Order Date",
        "Order Status",
        unpaid=("Incomplete", "Cancelled", "Declined"),
        void=("Refunded",),
        refund="Refund Amount",
        currency="Order Currency Code",
    ),
    "ebay_orders": Foreign("Order Number", "Total Price", "Sale Date", paid_at="Paid On Date"),
    "etsy_orders": Foreign(
        "Order ID",
        "Order Total",
        "Sale Date",
        "Status",
        unpaid=("Unpaid",),
        void=("Refunded",),
        left="Adjusted Order Total",
        currency="Currency",
    ),
    "lazada_orders": Foreign(
        "orderNumber",
        "paidPrice",
        "createTime",
        "status",
        unpaid=("unpaid",),
        void=("canceled", "returned"),
        refund="refundAmount",
        shipping="shippingFee",
        lines=True,
    ),
    "magento_orders": Foreign(
        "ID",
        "Grand Total (Base)",
        "Purchase Date",
        "Status",
        unpaid=("Canceled", "Pending", "On Hold"),
        void=("Closed",),
        refund="Total Refunded",
    ),
    "paypal_activity": Foreign(
        "Transaction ID",
        "Gross",
        "Date",
        "Status",
        unpaid=("Pending", "Denied"),
        kind="Type",
        kinds=PAYPAL,
        of="Reference Txn ID",
        currency="Currency",
    ),
    "prestashop_orders": Foreign(
        "ID", "Total", "Date", "Status", unpaid=("Canceled", "Awaiting check payment", "Payment error"), void=("Refunded",), separator=";"
    ),
    "shopee_orders": Foreign(
        "Order ID",
        "Grand Total",
        "Order Creation Date",
        "Order Status",
        unpaid=("Unpaid",),
        void=("Cancelled",),
        paid_at="Order Paid Time",
        returned="Return / Refund Status",
    ),
    "square_orders": Foreign(
        "Order", "Order Total", "Order Date", "Fulfillment Status", void=("Canceled",), refund="Order Refunded Amount", currency="Currency"
    ),
    "squarespace_orders": Foreign(
        "Order ID",
        "Total",
        "Created at",
        "Financial Status",
        unpaid=("pending",),
        void=("refunded",),
        refund="Amount Refunded",
        currency="Currency",
    ),
    "stripe_payments": Foreign(
        "id",
        "Amount",
        "Created date (UTC)",
        "Status",
        unpaid=("Failed", "requires_payment_method"),
        void=("Refunded",),
        refund="Amount Refunded",
        captured="Captured",
        currency="Currency",
    ),
    "tiktok_orders": Foreign(
        "Order ID",
        "Order Amount",
        "Created Time",
        "Order Status",
        unpaid=("Unpaid",),
        void=("Canceled",),
        refund="Order Refund Amount",
        paid_at="Paid Time",
    ),
    "weidian_orders": Foreign("订单编号", "实付金额", "下单时间", "订单状态", unpaid=("待付款",), void=("已关闭",), paid_at="支付时间"),
    "wix_orders": Foreign(
        "Order number",
        "Total",
        "Date created",
        "Payment status",
        unpaid=("Not paid",),
        void=("Refunded",),
        refund="Refunded amount",
        currency="Currency",
    ),
}


def money(cell: object) -> Decimal | None:
    """The amount of a cell with a currency sign and thousands commas; None where there is none."""
    bare = re.sub(r"^[^\d-]+|,", "", str(cell))
    return Decimal(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def sums(rows: pd.DataFrame, rule: Foreign) -> tuple[int, int, Decimal]:
    """How many orders and purchases there are, and what was kept of their money, in the currency of most orders."""
    kept = _orders(rows, rule)
    most = Counter(currency for currency, _ in kept).most_common(1)[0][0]
    return len(kept), sum(one > 0 for _, one in kept), sum((one for currency, one in kept if currency == most), Decimal(0))


def by_currency(rows: pd.DataFrame, rule: Foreign) -> dict[str, Decimal]:
    """What was kept of the money, each currency for itself."""
    values: dict[str, Decimal] = {}
    for currency, one in _orders(rows, rule):
        values[currency] = values.get(currency, Decimal(0)) + one
    return values


def _orders(rows: pd.DataFrame, rule: Foreign) -> list[tuple[str, Decimal]]:
    """Of each order its currency and what was kept."""
    good = (rows[rule.order].fillna("") != "") & rows[rule.date].fillna("").str.contains(r"\d")
    good &= rows[rule.amount].map(lambda cell: cell in ("", None) or pd.isna(cell) or money(cell) is not None)
    rows = rows[good].fillna("")
    back: dict[str, Decimal] = {}
    if rule.kind:
        amounts = rows[rule.amount].map(money)
        for _, row in rows[rows[rule.kind].isin(rule.kinds[1]) & (amounts < 0) & (rows[rule.of] != "")].iterrows():
            back[row[rule.of]] = back.get(row[rule.of], Decimal(0)) - (money(row[rule.amount]) or Decimal(0))
        rows = rows[rows[rule.kind].isin(rule.kinds[0]) & (amounts >= 0)]
    orders = [order for _, order in rows.groupby(rule.order, sort=False) if _first(order, rule.amount)]
    return [
        (_first(order, rule.currency).upper(), max(_kept(order, rule) - back.get(order[rule.order].iloc[0], Decimal(0)), Decimal(0)))
        for order in orders
    ]


def _kept(order: pd.DataFrame, rule: Foreign) -> Decimal:
    if rule.lines:
        return sum((_row(row.to_frame().T, rule) for _, row in order.iterrows()), Decimal(0))
    return _row(order, rule)


def _row(order: pd.DataFrame, rule: Foreign) -> Decimal:
    word = _first(order, rule.status)
    untimed = rule.paid_at and not _first(order, rule.paid_at) and not rule.status
    if word in rule.unpaid or word in rule.void or untimed or _first(order, rule.captured) == "False" or _first(order, rule.returned):
        return Decimal(0)
    amount = _sum(order, rule.amount) + _sum(order, rule.shipping)
    left = _sum(order, rule.left)
    return left if 0 < left < amount else amount - _sum(order, rule.refund)


def _sum(order: pd.DataFrame, name: str) -> Decimal:
    return money(_first(order, name)) or Decimal(0)


def _first(order: pd.DataFrame, name: str) -> str:
    return next((str(cell) for cell in order[name] if cell != ""), "") if name else ""
