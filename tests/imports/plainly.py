"""What an export comes to by pandas and plain rules alone (domain §2), knowing nothing of the product's own reading."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from tests.imports import foreign
from tests.imports.foreign import Foreign

UNPAID = re.compile(r"等待买家付款|等待付款|已取消|Cancelled|Pending|pending|voided|On hold|failed", re.IGNORECASE)
CLOSED = re.compile(r"关闭|\(删除\)|refunded$", re.IGNORECASE)
GIVEN_BACK = re.compile(r"退款成功|\(锁定\)|(?<!partially_)refunded$")


@dataclass(frozen=True)
class Rule:
    """The columns of one layout. `paid` are added up; with `lines` they are the line's own, else the order's, repeated or left blank."""

    order: str
    status: str
    paid: tuple[str, ...]
    refund: str | None = None
    payable: str | None = None
    paid_at: str | None = None
    dates: tuple[str, ...] = ()
    lines: bool = False
    count: str | None = None
    after_sale: str | None = None
    stage: str | None = None
    sheet: str = ""


TAOBAO = Rule(
    "订单编号", "订单状态", ("买家实际支付金额",), "退款金额", "总金额", "订单付款时间", ("订单创建时间",), stage="分阶段订单信息"
)
DOUYIN = Rule("主订单编号", "订单状态", ("订单应付金额",), paid_at="支付完成时间", lines=True, after_sale="售后状态")
JD = Rule("订单号", "订单状态", ("应付金额",), paid_at="付款确认时间", count="订购数量", after_sale="订单状态")
YOUZAN = Rule("订单号", "订单状态", ("订单实付金额",), "订单已退款金额", "应收订单金额", "买家付款时间")
RULES = {
    "amazon_all_orders": Rule("amazon-order-id", "order-status", ("item-price", "shipping-price"), lines=True),
    "amazon_orders_new": Rule("order-id", "", ("item-price", "shipping-price"), lines=True),
    "douyin_order_2026": DOUYIN,
    "douyin_order_73": DOUYIN,
    "jd_order_2016": JD,
    "jd_order_2026": JD,
    "pdd_order_2026": Rule("订单号", "订单状态", ("用户实付金额(元)",), after_sale="售后状态"),
    "qianniu_workbook_2026": Rule("订单编号", "订单状态", ("买家实付金额",), "退款金额", "买家应付货款", sheet="订单报表"),
    "shopify_orders": Rule("Name", "Financial Status", ("Total",), "Refunded Amount", "Total", "Paid at"),
    "taobao_line_supplier": Rule(
        "主订单编号", "订单状态", ("子单实际支付金额",), "退款金额", paid_at="订单付款时间", lines=True, after_sale="订单状态"
    ),
    "taobao_order_2012": TAOBAO,
    "taobao_order_2017": TAOBAO,
    "taobao_order_2018_2019": TAOBAO,
    "taobao_order_2021": TAOBAO,
    "tmall_order_2022_nopii": TAOBAO,
    "tmall_order_2026_short": Rule("订单编号", "订单状态", ("总金额",)),
    "woocommerce_aoe": Rule("Order Number", "Order Status", ("Order Total Amount",), "Order Refund Amount"),
    "youzan_order": YOUZAN,
    "youzan_order_chain": YOUZAN,
}
ORDERS: dict[str, Rule | Foreign] = {**RULES, **foreign.ORDERS}
ITEMS = {
    "etsy_items": ("Order ID", "Quantity", lambda rows: number(rows["Item Total"]).where(number(rows["Price"]).notna())),
    "taobao_item_2012": ("订单编号", "购买数量", lambda rows: number(rows["价格"]) * number(rows["购买数量"])),
    "taobao_item_2021": ("主订单编号", "购买数量", lambda rows: number(rows["买家实际支付金额"])),
    "taobao_item_2025": ("主订单编号", "购买数量", lambda rows: number(rows["买家实付金额"])),
    "youzan_item": ("订单号", "商品数量", lambda rows: number(rows["商品单价"]) * number(rows["商品数量"])),
}
"""Item files: the order's id, the quantity, and how to come to a line's amount."""


def frame(path: Path, encoding: str, sheet: str = "", separator: str | None = None) -> pd.DataFrame:
    """The raw file as text, cells and names without the blanks, `="…"` and apostrophes around them."""
    if path.suffix == ".xlsx":
        raw = pd.read_excel(path, sheet_name=sheet or 0, dtype=str, engine="calamine", keep_default_na=False)
    else:
        raw = pd.read_csv(path, dtype=str, encoding=encoding, index_col=False, keep_default_na=False, sep=separator, engine="python")
    raw.columns = raw.columns.str.strip()
    return raw.apply(lambda column: column.str.strip().str.replace(r'^="?(.*?)"?$|^\'(.*)$', lambda m: m[1] or m[2] or "", regex=True))


def number(cells: "pd.Series[str]") -> "pd.Series[object]":
    """The first number of each cell as a Decimal; None where there is none."""
    first = cells.str.replace(",", "").str.extract(r"^[￥$]?(-?\d+(?:\.\d+)?)")[0]
    return first.map(lambda text: Decimal(text) if isinstance(text, str) else None)


def sums(path: Path, encoding: str, rule: Rule | Foreign) -> tuple[int, int, Decimal]:
    """How many orders and purchases there are, and what was kept of their money."""
    if isinstance(rule, Foreign):
        return foreign.sums(frame(path, encoding, separator=rule.separator), rule)
    rows = frame(path, encoding, rule.sheet)
    carried = rule.order in ("Name", "Order Number")
    rows["id"] = rows[rule.order].where(rows[rule.order] != "").ffill() if carried else rows[rule.order]
    kept = [_kept(order, rule) for _, order in rows[_good(rows, rule)].groupby("id", sort=False)]
    return len(kept), sum(money > 0 for money in kept), sum(kept, Decimal(0))


def _good(rows: pd.DataFrame, rule: Rule) -> "pd.Series[bool]":
    """Rows with a whole id, real dates, and numbers where numbers have to be."""
    good = ~rows["id"].str.contains(r"E\+") & (rows["id"] != "")
    for name in rule.dates:
        good &= pd.to_datetime(rows[name], errors="coerce").notna()
    for name in (*rule.paid, *([rule.count] if rule.count else [])):
        good &= number(rows[name]).notna() | (rows[name] == "")
    return good


def _kept(order: pd.DataFrame, rule: Rule) -> Decimal:
    """Paid minus refunded, never below nothing."""
    if not _was_paid(order, rule):
        return Decimal(0)
    paid = sum((_money(order, name, rule.lines) for name in rule.paid), Decimal(0))
    refunded = _money(order, rule.refund, rule.lines) if rule.refund else Decimal(0)
    if rule.payable and _money(order, rule.payable, rule.lines) - paid == refunded != 0:
        return paid  # what was paid is told net already
    if rule.after_sale:
        back = order[order[rule.after_sale].str.contains(GIVEN_BACK)]
        refunded = max(refunded, sum((_money(back, name, rule.lines) for name in rule.paid), Decimal(0)))
    return max(paid - refunded, Decimal(0)) if not _taken_back(order, rule, refunded) else Decimal(0)


def _was_paid(order: pd.DataFrame, rule: Rule) -> bool:
    stage = order[rule.stage].iloc[0] if rule.stage in order else ""
    if "阶段2:等待买家付款" in stage or not rule.status:
        return not stage
    states = order[rule.status][order[rule.status] != ""]
    alive = states[~states.str.contains(CLOSED)]
    state = next(iter([*alive, *states]), "")
    untimed = rule.paid_at is None or not bool(order[rule.paid_at].str.contains(r"\d").any())
    unpaid = UNPAID.search(state) is not None or state == "partially_paid" or (alive.empty and state != "" and untimed)
    return not unpaid or state == "wc-refunded"


def _taken_back(order: pd.DataFrame, rule: Rule, refunded: Decimal) -> bool:
    """An order that is closed as a whole gave everything back, told or not."""
    closed = rule.status != "" and bool(order[rule.status].str.contains(CLOSED).all())
    return closed and not rule.lines and refunded == 0


def _money(order: pd.DataFrame, name: str, lines: bool) -> Decimal:
    if name not in order:
        return Decimal(0)
    amounts = [amount for amount in number(order[name]) if amount is not None and not pd.isna(amount)]
    return sum(amounts, Decimal(0)) if lines else next(iter(amounts), Decimal(0))


def items(path: Path, encoding: str, name: str) -> tuple[int, int, Decimal]:
    """How many lines an item file has, how many pieces, and what they come to."""
    order, count, amount = ITEMS[name]
    rows = frame(path, encoding)
    money = amount(rows[rows[order] != ""])
    good = money.notna()
    return int(good.sum()), sum(int(pieces) for pieces in number(rows[count])[good] if pieces is not None), sum(money[good], Decimal(0))
