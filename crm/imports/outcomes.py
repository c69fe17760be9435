"""What a run said of each file (`FileResult.details`), read back from its job for the screen and for the report of the inbox."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from crm.database import Store
from crm.imports import history
from crm.imports.file_warnings import FileWarning
from crm.imports.results import FileResult, Rejection
from crm.jobs import Job


@dataclass(frozen=True, slots=True)
class Amount:
    """What the orders in one currency kept after refunds."""

    currency: str
    orders: int
    amount: str


@dataclass(frozen=True, slots=True)
class Change:
    """An order of which the file tells something else than was known."""

    order_id: str
    status_before: str
    status_after: str
    paid_before: str | None
    paid_after: str | None
    refunded_before: str | None
    refunded_after: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file came to. Days and amounts are texts; of the rejected rows the first ones, `rejected` counts all."""

    file: str
    format: str
    rows: int
    kind: str = "orders"
    orders: int = 0
    orders_new: int = 0
    orders_changed: int = 0
    orders_unchanged: int = 0
    lines: int = 0
    customers_new: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    import_id: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    timezone: str | None = None
    amount: str | None = None
    amounts: list[Amount] = field(default_factory=list)
    currency: str | None = None
    without_currency: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[FileWarning] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


NAMES = [one.name for one in fields(Outcome)]


def of(job: Job[Any]) -> list[Outcome]:
    """The files of an import or a dry run that is done."""
    return [read(entry) for entry in job.result["files"]]


def read(values: dict[str, Any]) -> Outcome:
    """One file, from the JSON of the job."""
    known = {name: values[name] for name in NAMES if values.get(name) is not None}
    return Outcome(
        **known
        | {
            "rejections": [Rejection(one["row"], one["column"], one["value"], one["reason"]) for one in values["rejections"]],
            "amounts": [Amount(**one) for one in values.get("amounts") or []],
            "warnings": [FileWarning(one["code"], one["values"]) for one in values.get("warnings") or []],
            "changes": [Change(**one) for one in values.get("changes") or []],
        }
    )


def written_down(store: Store, imported_at: datetime, shown: int = 200) -> list[FileResult]:
    """What the imports of one moment said, as far as it was written down: for a job that was cut off before it could say so."""
    return [_result(store, row, shown) for row in history.listed(store) if row.imported_at == imported_at]


def _result(store: Store, row: history.Imported, shown: int) -> FileResult:
    refused = history.rejections(store, row.import_id, shown)
    return FileResult(
        row.file,
        row.format,
        row.encoding,
        row.rows,
        row.orders,
        row.orders_new,
        row.orders_changed,
        row.orders_unchanged,
        row.lines,
        row.customers_new,
        refused,
        row.rejected - len(refused),
        row.import_id,
        row.first_day,
        row.last_day,
        row.amount,
        json.loads(row.amounts or "[]"),
        timezone=row.timezone,
        without_buyer=row.without_buyer or 0,
        kind=row.kind or "orders",
        currency=row.currency,
        took_ms=row.took_ms,
    )
