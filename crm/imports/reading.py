"""What is known of one file while it is imported: how its cells are read, and what its layout means to the statements."""

from dataclasses import dataclass
from typing import Literal

from crm.database import Transaction
from crm.layouts.registry import Layout
from crm.orders.context import ShopContext
from crm.places import zones

AFTER_1900 = 1462
"""By so many days the calendar that some workbooks count from 1904 is behind that of the others."""
Kept = Literal["aside", "stored"]
"""Where the records of a file are until it is merged: apart, or, the very first of a shop, where they stay."""


@dataclass(frozen=True)
class Clock:
    """Times without an offset are those of `zone`, always `offset` microseconds ahead of UTC (None where that changes)."""

    zone: str
    offset: int | None
    days_1904: int = 0


@dataclass(frozen=True)
class Reading:
    """What an import says about a file besides its layout. `shop` is "" where nobody named one; `import_id` None in a preview."""

    clock: Clock
    shop: str
    home: ShopContext
    import_id: str | None = None
    import_seq: int = 0


@dataclass(frozen=True)
class Terms:
    """What the statements ask of a layout, under the names they use. Shops: of orders, lines and refund reports that name none."""

    platform: str
    shop: str
    line_shop: str
    refund_shop: str
    currency: str
    country: str | None
    has_status: bool
    has_paid_at: bool
    has_lines: bool
    per_line: bool
    refunds_per_line: bool
    line_shipping: bool
    own_amounts: bool
    by_account: bool
    by_email: bool
    by_phone: bool
    known: bool
    masks: bool
    carry: bool
    heads: bool
    no_amounts: bool
    line_by: str


def clock(change: Transaction, zone: str, since_1904: bool = False) -> Clock:
    """The clock of a file. Raises BadInputError for what is no time zone."""
    result = zones.resolve(change, zone)
    return Clock(result.name, result.ahead, AFTER_1900 if since_1904 else 0)


def terms(layout: Layout, shop: str, has_status: bool, has_lines: bool) -> Terms:
    """The terms of a layout whose grain is decided. `has_lines`: its rows may be lines, as far as the layout alone says."""
    per_line = layout.lines_only or layout.sum_lines
    return Terms(
        platform=layout.platform,
        shop=shop or "default",
        line_shop="" if layout.lines_only and not shop else shop or "default",
        refund_shop=shop,
        currency=layout.currency or "",
        country=layout.country,
        has_status=has_status,
        has_paid_at="paid_at" in layout.columns,
        has_lines=has_lines,
        per_line=layout.sum_lines,
        refunds_per_line=per_line,
        line_shipping=layout.line_shipping,
        own_amounts=not layout.known and "paid_amount" in layout.columns,
        by_account="account" in layout.identity,
        by_email="email" in layout.identity,
        by_phone="phone" in layout.identity,
        known=layout.known,
        masks=layout.masks,
        carry=layout.carry,
        heads=layout.heads,
        no_amounts=layout.no_amounts,
        line_by=layout.line_by,
    )
