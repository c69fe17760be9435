"""Report: all that is said about one file, put together from what its steps returned."""

from typing import Any

from crm.database import Transaction
from crm.imports import agreement, file_warnings
from crm.imports.cleaning import Cleaned
from crm.imports.file_warnings import FileWarning
from crm.imports.merging import Merged, Orders
from crm.imports.opening import Source
from crm.imports.reading import Reading
from crm.imports.results import FileResult
from crm.layouts import mapping, marks, registry


def report(change: Transaction, source: Source, reading: Reading, cleaned: Cleaned, merged: Merged, rows: int) -> FileResult:
    """The numbers of a file. `rows` counts those that were not taken over, too."""
    table, orders = source.table, merged.orders or Orders()
    counts = agreement.counts(change, cleaned.layout) if orders.orders else {}
    result = FileResult(
        source.file,
        cleaned.layout.name,
        table.encoding,
        rows=rows,
        orders=orders.orders,
        orders_new=orders.new,
        orders_changed=orders.changed,
        orders_unchanged=orders.orders - orders.new - orders.changed,
        lines=merged.lines,
        customers_new=orders.customers_new,
        import_id=reading.import_id,
        first_day=orders.first_day,
        last_day=orders.last_day,
        without_currency=orders.without_currency,
        timezone=reading.clock.zone,
        without_buyer=orders.without_buyer,
        mapping={name: table.names[places[0]] for name, places in cleaned.layout.columns.items()},
        tells=registry.gives(cleaned.layout),
        header=table.names if table.header_row else None,
        counts=merged.refunds | counts,
        warnings=list(merged.warnings),
        left_out=source.left_out,
    )
    if merged.orders is not None:
        price(result, orders.amounts)
    if cleaned.layout.refunds:
        result.amount, result.currency = merged.refunded, None
    return result


def price(result: FileResult, amounts: list[dict[str, Any]]) -> None:
    """What the orders kept after refunds, by currency; as one amount where there is but one currency."""
    result.amounts = amounts
    only = amounts[0] if len(amounts) == 1 else {"currency": None, "amount": None}
    result.amount, result.currency = only["amount"], only["currency"]


def remarks(change: Transaction, source: Source, cleaned: Cleaned, result: FileResult, own: str) -> list[FileWarning]:
    """What its columns leave open: consent, how dates and numbers are written, what no column was found for, signs of other currencies."""
    asked = agreement.FIELD in cleaned.layout.columns and bool(result.orders)
    outcome = agreement.remarks(change, source.table, cleaned.layout, asked)
    outcome += file_warnings.written(cleaned.layout, result.mapping)
    columns = mapping.remarks(source.table, source.layout)
    outcome += [FileWarning(code, {"names": ", ".join(names)} if names else {}) for code, names in columns.items()]
    sign = marks.marked(source.table, cleaned.layout, own)
    return outcome + ([FileWarning("sign", {"sign": sign, "own": own})] if sign else [])
