"""Orders that are told in parts, line by line: made whole from the winning telling of each part. Only writer of `part_orders`.

A file with an amount on each line tells an order's lines, not the order: the rest of it may stand in another file. So each line is a
telling of its own (`order_rows.part`), and the order is what they come to.
"""

from crm.database import Transaction
from crm.database.statements import quoted
from crm.orders.sql import SQL

WINNING = (
    "(SELECT t.* REPLACE (greatest(t.import_seq, coalesce(again.seq, 0)) AS import_seq) "
    "FROM (FROM order_rows CHOSEN WHERE part IS NOT NULL) AS t "
    "LEFT JOIN (SELECT order_key, telling, max(import_seq) AS seq FROM order_repeats GROUP BY ALL) AS again USING (order_key, telling) "
    "QUALIFY row_number() OVER (PARTITION BY t.order_key, part ORDER BY "
    "observed_at DESC NULLS LAST, status_rank DESC, refunded DESC, greatest(t.import_seq, coalesce(again.seq, 0)) DESC, telling) = 1)"
)
"""Of each part the telling that counts, as for whole orders (winners.sql)."""


def exist(change: Transaction) -> bool:
    """Whether any order is told in parts."""
    return bool(change.rows("SELECT 1 FROM order_rows WHERE part IS NOT NULL LIMIT 1"))


def tellings(change: Transaction) -> str:
    """Where every row tells a whole order: a table, or a query in brackets."""
    if not exist(change):
        return "order_rows"
    return (
        "(SELECT * EXCLUDE (part, shipping) FROM order_rows WHERE part IS NULL "
        "UNION ALL BY NAME SELECT * EXCLUDE (made_of) FROM part_orders)"
    )


def whole(source: str) -> str:
    """A query of the whole orders that the tellings in the table `source` come to; `source` needs no import."""
    told = f"(SELECT *, '' AS import_id, 0::BIGINT AS import_seq FROM {quoted(source)} WHERE part IS NOT NULL)"  # noqa: S608 (names only)
    made = SQL.text("combined").replace("PARTS", told)
    return (
        f"SELECT * EXCLUDE (part, shipping) FROM {quoted(source)} WHERE part IS NULL "  # noqa: S608 (our own words)
        f"UNION ALL BY NAME SELECT * EXCLUDE (made_of, import_id, import_seq) FROM ({made})"
    )


def combine(change: Transaction, chosen: str | None = None) -> None:
    """Make the rows of `part_orders` anew: those of the orders in the table `chosen`, or all."""
    among = f"SEMI JOIN {quoted(chosen)} USING (order_key)" if chosen else ""
    where = f" WHERE order_key IN (SELECT order_key FROM {quoted(chosen)})" if chosen else ""  # noqa: S608 (names only)
    change.execute("DELETE FROM part_orders" + where)  # noqa: S608 (names only)
    if exist(change):
        change.execute("INSERT INTO part_orders BY NAME " + SQL.text("combined").replace("PARTS", WINNING.replace("CHOSEN", among)))


def winners(change: Transaction, chosen: str | None = None) -> str:
    """A query (order_key, telling): for each order, or each of the table `chosen`, the telling that counts."""
    among = f"SEMI JOIN {quoted(chosen)} USING (order_key)" if chosen else ""
    return SQL.text("winners").replace("FROM TELLINGS CHOSEN", f"FROM {tellings(change)} AS told {among}")
