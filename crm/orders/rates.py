"""Rates: what a unit of another currency is worth in the shop's own from a day on, as the shop told it. The only writer of `rate_rows`.

convert(change, own)      give every order in another currency its rate and its worth
add(change, own, rates)   write rates down; a rate of None takes back what was said of that day
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from crm.database import Store, Transaction
from crm.orders.sql import SQL

ON_SCREEN = ""
"""The import of what was not told by a file."""
LARGEST = Decimal(10**7)
SMALLEST = Decimal("0.0000000001")


@dataclass(frozen=True)
class Rate:
    """From `day` on one unit of `currency` (an ISO code) is worth `rate` of the shop's own; None: no longer."""

    currency: str
    day: date
    rate: Decimal | None


def convert(change: Transaction, own: str) -> None:
    """Give all orders in other currencies than the shop's `own` the latest rate on or before their day, or none."""
    if not foreign(change, own):
        return
    change.execute("CREATE OR REPLACE TEMP TABLE shop_rates (currency TEXT, day DATE, rate DECIMAL(18, 10))")
    result = known(change, own)
    if result:
        change.insert("shop_rates", pd.DataFrame(result)[["currency", "day", "rate"]])
    SQL.run(change, "rates", shop_currency=own)


def foreign(change: Transaction, own: str) -> bool:
    """Whether any order is in another currency than the shop's."""
    return bool(change.rows("SELECT 1 FROM orders WHERE currency <> $1 LIMIT 1", [own]))


def known(reader: Store | Transaction, own: str) -> list[dict[str, Any]]:
    """The rates that count, by currency and day: currency, day, rate, import_id ('' where it was entered on screen)."""
    items = [row | row.pop("latest") for row in SQL.rows(reader, "shop_rates", shop_currency=own)]
    return sorted((row for row in items if row["rate"] is not None), key=lambda row: (row["currency"], row["day"]))


def add(change: Transaction, own: str, rates: Iterable[Rate], import_id: str = ON_SCREEN) -> None:
    """Write rates into the shop's currency `own` down; they count before whatever was told earlier of the same day."""
    items = [{"own": own, "currency": one.currency, "day": one.day, "rate": one.rate, "import_id": import_id} for one in rates]
    if items:
        last = change.rows("SELECT coalesce(max(told), 0) AS told FROM rate_rows")[0]["told"]
        change.insert("rate_rows", pd.DataFrame(items, dtype=object).assign(told=last + 1))


def differences(before: Sequence[Rate], after: Sequence[Rate]) -> list[Rate]:
    """What has to be told so that the rates `before` become those `after`."""
    was, will = ({(one.currency, one.day): one.rate for one in rates} for rates in (before, after))
    gone = [Rate(*key, None) for key in was if key not in will]
    return gone + [Rate(*key, rate) for key, rate in will.items() if was.get(key) != rate]


def drop(change: Transaction, import_id: str) -> int:
    """Take back what a file told; how many rates."""
    return change.execute("DELETE FROM rate_rows WHERE import_id = ?", [import_id])
