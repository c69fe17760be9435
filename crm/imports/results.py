"""What an import says afterwards: one result per file, one entry per row that was not taken over."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from crm.imports.file_warnings import FileWarning

REASONS = {
    "missing": "There is no order id.",
    "damaged": "The order id was damaged by a spreadsheet program.",
    "total": "This row is a total, not an order.",
    "date": "This is not a date. One is read that is written like 2026-01-31 09:30:00.",
    "amount": "This is not an amount.",
    "style": "This amount is written in another way than its column.",
    "large": "This number is too large.",
    "sum": "This comes to more than an amount can be.",
    "count": "This is not a number of items.",
    "no_date": "There is no date.",
    "no_amount": "There is no amount.",
    "no_original": "No order is known that this refund belongs to.",
    "fields": "The number of cells differs from the header.",
    "unreadable": "The row has characters that cannot be read.",
    "no_sale": "This row is no sale: a fee, a transfer, a hold or something the shop itself paid.",
    "no_reference": "This refund does not say of which order.",
    "unclosed": "The row is too long or a quotation mark is never closed.",
}
"""Why a row of an order file is rejected, by code. The sentences are translated in crm/ui/locale."""
UPLOAD_REASONS = {
    "nobody": "There is no account, clear phone number or valid e-mail address by which this person could be known.",
    "birthday": "This is not a birthday.",
    "gender": "This is not a gender.",
    "age": "This is not an age.",
    "kind": "This is no review, inquiry or dispute that we know.",
    "day": "This is not a date.",
    "answer": "This is neither a yes nor a no.",
    "channel": "This is not a channel (e-mail, SMS or call).",
    "address": "There is no address for this channel.",
    "product": "There is neither a title nor a code.",
    "category": "This is not a category's name.",
    "category_again": "Further down the file puts this product in another category.",
    "currency": "This is no currency that we know.",
    "own_currency": "This is the shop's own currency.",
    "other_shop": "This rate is not into the shop's currency.",
    "rate": "This is no exchange rate.",
    "rate_again": "Further down the file gives this day another rate.",
}
"""The same of the other kinds of files (crm.uploads)."""
CODES = {sentence: code for code, sentence in (REASONS | UPLOAD_REASONS).items()}


@dataclass(frozen=True)
class Rejection:
    """A row that was not taken over. `row` counts as a spreadsheet does: the first line of the file is 1. `cells` is what it held."""

    row: int
    column: str | None
    value: str | None
    reason: str
    cells: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """row, column, value, reason (the sentence), code (None only of a sentence that an older version wrote down)."""
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason, "code": CODES.get(self.reason)}


@dataclass
class FileResult:
    """What one file told. Days are the shop's; `timezone` is that in which its moments without an offset were read.

    `amounts`: what its orders kept after refunds, by currency ({currency, orders, amount}, most orders first), never added up across them;
    `amount` and `currency` the same where there is but one. `without_currency`: orders that name none, so that it is the shop's.

    `kind` says what the file is (orders, or one of `crm.uploads.KINDS`); `counts` what such another file came to.
    """

    file: str
    format: str
    encoding: str
    rows: int = 0
    orders: int = 0
    orders_new: int = 0
    orders_changed: int = 0
    orders_unchanged: int = 0
    lines: int = 0
    customers_new: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    unlisted: int = 0
    import_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    amount: Decimal | None = Decimal(0)
    amounts: list[dict[str, Any]] = field(default_factory=list)
    without_currency: int = 0
    timezone: str | None = None
    without_buyer: int = 0
    mapping: dict[str, Any] = field(default_factory=dict)
    tells: list[str] = field(default_factory=list)
    kind: str = "orders"
    currency: str | None = None
    took_ms: int | None = None
    header: list[str] | None = None
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[FileWarning] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rows were not taken over: those listed, and those beyond what a list can hold."""
        return len(self.rejections) + self.unlisted

    def as_json(self) -> dict[str, Any]:
        """The keys of the terminal's `import` (design §6), in their order.

        `kind` and `counts`: what another file than one of orders told; `left_out`: sheets and members that are neither.
        """
        names = (
            "file",
            "format",
            "encoding",
            "rows",
            "orders",
            "orders_new",
            "orders_changed",
            "orders_unchanged",
            "lines",
            "customers_new",
        )
        plain = {name: getattr(self, name) for name in names}
        listed = [rejection.as_json() for rejection in self.rejections]
        values = plain | {"rejected": self.rejected, "rejections": listed, "import_id": self.import_id, "kind": self.kind}
        values |= {"timezone": self.timezone} | ({"amounts": self.amounts} if self.kind == "orders" else {})
        values |= {"warnings": [warning.as_json() for warning in self.warnings], **({"left_out": self.left_out} if self.left_out else {})}
        return values if self.kind == "orders" and not self.counts else values | {"counts": self.counts}

    def details(self, shown: int = 200) -> dict[str, Any]:
        """The same and what a screen adds: days, amount, orders without a buyer, the columns, at most `shown` of the rejected rows.

        `tells` says which of `orders`, `lines` and `buyers` the file gives; the rest cannot be computed from it.
        """
        result = self.as_json()
        more: dict[str, Any] = {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "amount": self.amount,
            "without_buyer": self.without_buyer,
        }
        more |= {"counts": self.counts, "currency": self.currency, "took_ms": self.took_ms, "changes": self.changes}
        more |= {"without_currency": self.without_currency}
        return result | more | {"mapping": self.mapping, "tells": self.tells, "rejections": result["rejections"][:shown]}
