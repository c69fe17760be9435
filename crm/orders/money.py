"""The money of purchases by line, product and category: net, and adding up to what the shop sold. Pure Ibis expressions.

Each line's share of what its order brought stands in `order_lines.spend` (sql/line_spend.sql). What is no line's (orders without lines,
orders whose files do not tell how their money is divided) is no product's and in no category, and is counted beside them.
"""

from typing import Any

import ibis

MONEY = "decimal(38, 2)"


def bought(orders: Any, order_lines: Any, rest: Any = None) -> Any:
    """What was bought, without identity too: order_key, customer_id, day, product, category (null: none), spend; one row per line, and one
    for the rest of each purchase that is no line's (`rest`: `unlined` of the same, where it is already there). The spend of a purchase's
    rows adds up to its own.
    """
    lines = order_lines.filter(order_lines.is_purchase)
    result = lines.select("order_key", "customer_id", "day", "product", "category", spend=lines.spend.fill_null(0).cast(MONEY))
    rest, none = unlined(orders, order_lines) if rest is None else rest, ibis.null("string")
    return result.union(rest.mutate(product=none, category=none, spend=rest.spend.cast(MONEY)).select(*result.columns))


def unlined(orders: Any, order_lines: Any) -> Any:
    """The purchases of whose money a part is no line's: order_key, customer_id, day, spend (that part), lines (how many it has)."""
    result = order_lines.filter(order_lines.is_purchase).group_by("order_key")
    result = result.aggregate(lined=ibis._.spend.sum().fill_null(0), lines=ibis._.count())
    beside = orders.filter(orders.is_purchase).left_join(result, "order_key")
    rest = beside.select("order_key", "customer_id", "day", spend=beside.spend - beside.lined.fill_null(0), lines=beside.lines.fill_null(0))
    return rest.filter(rest.spend != 0)
