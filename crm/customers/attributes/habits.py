"""When and how customers buy, by rule: nodes, hours, discounts, types of buyers; each with its filter field, its chart and its docs row."""

from typing import Any

from crm.customers import measures, moments, nodes
from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import whole
from crm.customers.context import Context


def _nodes(context: Context) -> Any:
    return nodes.bought(context).select("customer_id", "value")


HABITS: list[Attribute] = [
    Attribute(
        "campaign_nodes",
        "在哪些节点买过",
        "Bought at nodes",
        "set",
        _nodes,
        "the campaign nodes of the calendar (双十一, 618 …) a purchase was at, all of them where they overlap; `ordinary`: at none; "
        "`uncovered`: bought in a year that the calendar does not have",
        rows=True,
        named=nodes.called(),
        phrases=dict.fromkeys(("is", "one_of"), ("在这些节点买过：{value}", "bought at {value}")),
        chart=Chart(65, "node", always=True, per_bin=nodes.per_bin),
    ),
    Attribute(
        "purchase_times",
        "下单时段",
        "Hours bought in",
        "set",
        moments.bought,
        "weekday and hour of every purchase by the shop's clock, such as `2-20` for Tuesday from 20:00; `unknown` where the file tells the "
        "day alone",
        rows=True,
        named=moments.called(),
        phrases=dict.fromkeys(("is", "one_of"), ("在这些时段买过：{value}", "bought on {value}")),
        chart=Chart(100, "moment", "星期和钟点", "Weekday and hour", always=True, longest=169, per_bin=moments.per_bin),
    ),
    Attribute(
        "usual_weekday",
        "常在星期几买",
        "Usual weekday",
        "choice",
        moments.usual_weekday,
        "the weekday (1: Monday) of most of their purchases; of equally many, that of the latest one",
        rows=True,
        values={str(place + 1): words for place, words in enumerate(moments.WEEKDAYS)},
        chart=Chart(102),
    ),
    Attribute(
        "usual_hour",
        "常在几点买",
        "Usual hour",
        "count",
        moments.usual_hour,
        "the hour (0-23, by the shop's clock) of most of their purchases; of equally many, that of the latest one; unknown where "
        "files tell the day alone",
        rows=True,
        phrases={
            "is": ("常在 {value} 点买", "usually buys from {value}:00"),
            "between": ("常在 {low}–{high} 点买", "usually buys from {low} to {high}:59"),
        },
        chart=Chart(104, bands=lambda shop: whole(0, 6, 9, 12, 14, 18, 21), unit=(" 点", " h")),
    ),
    Attribute(
        "discount_percent",
        "优惠幅度（实付比应付）",
        "Discount off the amount due",
        "count",
        measures.discount,
        "discounts in whole percent: by how much less was paid than was due, over the purchases whose files tell both; what a platform "
        "takes off before the amount due is not seen",
        phrases={
            "is": ("实付比应付少 {value}%", "pays {value}% less than due"),
            "at_least": ("实付比应付至少少 {value}%", "pays at least {value}% less than due"),
            "at_most": ("实付比应付至多少 {value}%", "pays at most {value}% less than due"),
            "below": ("实付比应付少不到 {value}%", "pays less than {value}% below what is due"),
            "between": ("实付比应付少 {low}–{high}%", "pays {low}–{high}% less than due"),
        },
        chart=Chart(106, bands=lambda shop: whole(0, 1, 6, 11, 21, 31), unit=("%", "%")),
    ),
    Attribute(
        "buyer_type",
        "买家类型",
        "Buyer type",
        "choice",
        measures.buyer_type,
        "the first that fits (shop settings): choosy asks, returns, complains; lively buys at campaign nodes and with discounts; loyal "
        "buys again at full price; plain is none of these. Unknown: never bought, or nothing is told of discounts",
        values=measures.BUYER_TYPES,
        chart=Chart(108),
    ),
]
