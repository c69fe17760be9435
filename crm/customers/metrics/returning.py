"""Who came back: the repeat rates that compete with each other, each with its own formula."""

from datetime import timedelta

from crm.customers import grounds
from crm.customers.coverage import Coverage, Reason
from crm.customers.metric import OPEN, Metric, Window, share

NOBODY = ("窗口内没有可识别的成交客户", "no identified customer bought in these days")


def _open(window: Window, covered: Coverage) -> Reason | None:
    return OPEN if window.start is None else None


def _earlier(window: Window, covered: Coverage) -> Reason | None:
    """The run of as many days before must be covered, too."""
    if window.start is None:
        return OPEN
    return covered.missing(window.start - timedelta(days=window.days or 0), window.eve)


RETURNING: tuple[Metric, ...] = (
    Metric(
        "repeat_buyer_rate",
        "复购率·人",
        "Repeat buyers",
        ("期内成交两单及以上的客户 ÷ 期内成交客户", "Customers with two or more purchases in the period ÷ customers in the period"),
        "share",
        "up",
        grounds.sold,
        share("repeat_buyers", "customers"),
        NOBODY,
    ),
    Metric(
        "repeat_order_share",
        "复购率·单",
        "Repeat orders",
        (
            "期内成交订单中不是该客户首单的 ÷ 期内成交订单（可识别的买家）",
            "Purchases that are not the customer's first ever ÷ purchases (identified buyers)",
        ),
        "share",
        "up",
        grounds.sold,
        share("repeat_orders", "identified_orders"),
        NOBODY,
        past=True,
    ),
    Metric(
        "retention_rate",
        "回购率",
        "Retention",
        (
            "上一段同样天数的成交客户中，本期又成交的 ÷ 上一段的成交客户",
            "Customers of the run of as many days just before who bought again in the period ÷ customers of that run",
        ),
        "share",
        "up",
        grounds.kept,
        share("again", "before"),
        ("没有选开始日，或上一段没有可识别的成交客户", "no first day is chosen, or nobody identified bought in the run before"),
        _earlier,
    ),
    Metric(
        "second_purchase_rate",
        "二次购买率",
        "Second purchase",
        (
            "期内首购、且首购已满 90 天的客户中，90 天内又成交的 ÷ 这些客户；首购未满 90 天的不计",
            "First-time customers of the period who bought again within 90 days ÷ those whose first purchase is at least 90 days old; "
            "younger ones do not count",
        ),
        "share",
        "up",
        grounds.second,
        share("second", "old_enough"),
        ("期内没有首购满 90 天的客户", "no first-time customer of these days is 90 days old yet"),
        past=True,
    ),
    Metric(
        "old_customer_share",
        "老客占比·人",
        "Returning",
        ("期前已成交过的客户 ÷ 期内成交客户", "Customers with a purchase before the period ÷ customers in the period"),
        "share",
        "up",
        grounds.old,
        share("old", "customers"),
        NOBODY,
        _open,
        past=True,
    ),
    Metric(
        "old_customer_spend_share",
        "老客占比·金额",
        "Sales to returning customers",
        (
            "期前已成交过的客户的成交额 ÷ 期内可识别买家的成交额",
            "Sales to customers with a purchase before the period ÷ sales to identified buyers",
        ),
        "share",
        "up",
        grounds.old,
        share("old_spend", "spend"),
        NOBODY,
        _open,
        past=True,
    ),
    Metric(
        "repeat_spend_share",
        "复购金额占比",
        "Sales of repeat orders",
        (
            "不是首单的成交订单金额 ÷ 可识别买家的成交额",
            "Sales of purchases that are not the customer's first ever ÷ sales to identified buyers",
        ),
        "share",
        "up",
        grounds.sold,
        share("repeat_spend", "identified_spend"),
        NOBODY,
        past=True,
    ),
)
