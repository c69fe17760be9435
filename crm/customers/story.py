"""Everything between the shop and one customer in the order of time: orders, refunds, messages, times she was held out, reviews, notes."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm.customers.sql import SQL
from crm.database.statements import Reader

MOST = 30
"""So much of it is shown at first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order; its amount and refund in the order's currency (None: not told)."""

    product: str
    quantity: int | None
    amount: Decimal | None
    refunded: Decimal | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, at a moment (UTC; None: nobody told when).

    `title`: an order's id, a campaign's name, a product. `status`: of an order or a message, a rating, why she was left out. `amount` in
    `currency`: what was paid (None: never), or given back; `refunded` of an order. `body`: the words of a review or a note, `actor` who
    noted them.
    """

    kind: str
    happened_at: datetime | None
    title: str | None
    status: str | None
    amount: Decimal | None
    refunded: Decimal | None
    currency: str | None
    body: str | None
    actor: str | None
    order_key: int | None
    lines: tuple[Line, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `crm customer show` prints it: what is there."""
        told = asdict(self) | {"lines": [asdict(line) for line in self.lines]}
        return {name: value for name, value in told.items() if value not in (None, []) and name != "order_key"}


def of(reader: Reader, customer_id: str, limit: int = MOST) -> tuple[list[Event], int]:
    """The latest of it, and how much there is in all. `customer_id`: that she lives on as; what came to her other accounts is among it."""
    rows = SQL.rows(reader, "story", who=customer_id, most=limit)
    total = int(rows[0]["total"]) if rows else 0
    events = [Event(**{name: value for name, value in row.items() if name != "total"}) for row in rows]
    lines = _lines(reader, [event.order_key for event in events if event.order_key is not None])
    return [replace(event, lines=tuple(lines.get(event.order_key or 0, ()))) for event in events], total


def _lines(reader: Reader, keys: list[int]) -> dict[int, list[Line]]:
    sql = (
        "SELECT order_key, coalesce(product, sku) AS product, quantity, amount, refunded FROM order_lines "
        "WHERE order_key IN (SELECT unnest(?::BIGINT[])) AND coalesce(product, sku) IS NOT NULL ORDER BY order_key, line_id"
    )
    result: dict[int, list[Line]] = {}
    for row in reader.rows(sql, [keys]) if keys else []:
        result.setdefault(row.pop("order_key"), []).append(Line(**row))
    return result
