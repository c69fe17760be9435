"""Exchange rates 汇率表: what a unit of another currency is worth in the shop's own from a day on. Kept by `crm.orders.rates`."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from crm import clock
from crm.columns import currencies
from crm.database import Transaction
from crm.orders import derive, rates
from crm.orders.rates import Rate
from crm.uploads import dates
from crm.uploads.upload import Batch, Row, Upload, titles

COLUMNS = titles("rates")


def take(change: Transaction, batch: Batch) -> None:
    """Write the rates down, then convert all orders in other currencies anew."""
    own = batch.shop.currency
    items = [(row, rate) for row in batch.rows if (rate := _typed(row, batch))]
    last = {(rate.currency, rate.day): rate.rate for _, rate in items}
    for row, rate in items:
        if last[rate.currency, rate.day] != rate.rate:
            batch.reject(row, "rate", "rate_again")
    known = {(row["currency"], row["day"]): row["rate"] for row in rates.known(change, own)}
    same = sum(known.get(key) == rate for key, rate in last.items())
    new = sum(key not in known for key in last)
    batch.result.counts = {"new": new, "changed": len(last) - new - same, "unchanged": same}
    rates.add(change, own, [Rate(*key, rate) for key, rate in last.items()], batch.import_id)
    derive.reconvert(change, batch.shop)


def _typed(row: Row, batch: Batch) -> Rate | None:
    """What a row says, or None and why not."""
    at = dates.moment(row.cells.get("day", ""), batch.zone)
    code, into = (currencies.code(row.cells.get(name, ""), batch.shop.currency) for name in ("currency", "into"))
    rate, own = _rate(row), batch.shop.currency
    wrong = next(_wrong(row, at is None, code, into, own), None)
    if wrong or rate is None or at is None or code is None:
        batch.reject(row, *(wrong or ("rate", "rate")))
        return None
    return Rate(code, clock.day_of(at, batch.zone), rate)


def _wrong(row: Row, no_day: bool, code: str | None, into: str | None, own: str) -> Iterator[tuple[str, str]]:
    if no_day:
        yield "day", "day"
    if code is None:
        yield "currency", "currency"
    if code == own:
        yield "currency", "own_currency"
    if "into" in row.cells and into != own:
        yield "into", "other_shop"


def _rate(row: Row) -> Decimal | None:
    """The worth of one unit; a column of units (100) divides it. Eight or ten digits are kept."""
    text, units = row.cells.get("rate", ""), row.cells.get("units", "1")
    if not re.fullmatch(r"\d+([.,]\d+)?", text) or not re.fullmatch(r"\d+", units):
        return None
    try:
        result = (Decimal(text.replace(",", ".")) / Decimal(units)).quantize(rates.SMALLEST)
    except (InvalidOperation, ZeroDivisionError):
        return None
    return result if 0 < result <= rates.LARGEST else None


def undo(change: Transaction, import_id: str) -> dict[str, int]:
    """Take back what an import said of rates; orders are worth what they would be without it."""
    dropped = rates.drop(change, import_id)
    derive.reconvert(change, derive.shop_of(change))
    return {"rates_removed": dropped}


UPLOAD = Upload(
    name="rates",
    zh="汇率表",
    en="Exchange rates",
    columns=COLUMNS,
    required=(("day",), ("currency",), ("rate",)),
    take=take,
    undo=undo,
    example={"day": "2026-01-01", "currency": "USD", "rate": "7.10"},
)
