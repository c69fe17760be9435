"""The words that files of platforms may use, for columns, statuses and keys; another word in such a file is refused when it is read."""

from collections.abc import Iterator
from typing import Any

from crm.errors import BadInputError

FIELDS = tuple(
    """
    order_id line_id buyer_id nickname buyer_alipay buyer_email buyer_phone receiver_mobile receiver_phone receiver_name
    first_name last_name receiver_address province city district country created_at paid_at completed_at shipped_at
    cancelled_at status_raw fulfillment_raw refund_status_raw payment_raw stage_raw total_amount goods_amount shipping_fee
    paid_amount refund_amount item_title sku_code sku_attr product_id item_qty unit_price line_amount category channel
    shop_name currency marketing_consent
    """.split()
)
"""What a column may be. Everything else in a file is left alone."""

READ = (*FIELDS, "clock", "kept_amount", "row_kind", "reference_id", "void_raw", "returned_raw", "done_raw", "owed_amount")
"""What a column of a known layout may be besides: the time of day of `created_at`, what refunds left of the total, what kind of
movement a row is, and of which other row it gives something back."""

IGNORED = tuple(
    """
    seller_memo buyer_message payment_id platform_fee discount_amount merchant_received carrier tracking_no item_kinds close_reason zip
    shop_id street tags
    """.split()
)
"""What a file may call a column of which nothing is read, so that its reader knows what it is."""

SWITCHES = ("lines_only", "sum_lines", "carry", "heads", "line_shipping", "dated_id", "refunds", "no_amounts")
"""What a layout of a platform's file may turn on."""

RANK = {
    "unknown": 0,
    "by_payment": 0,
    "unpaid": 1,
    "deposit_paid": 2,
    "on_hold": 2,
    "paid_unshipped": 3,
    "shipped": 4,
    "refunding": 5,
    "completed": 6,
    "partial_refund": 7,
    "cancelled": 8,
    "closed_unpaid": 8,
    "closed": 8,
    "closed_refunded": 9,
}
"""Which source record is the later one when their moments are equal."""

REFUND_STATUSES = ("none", "refunding", "dispute", "refunded", "charged_back", "unknown")
"""What the column of refunds may mean."""

COUNTS = ("yes", "no", "net", "by_amount")
"""Whether an order of a status counts as a purchase."""

KEYS = tuple("en zh also place identity currency country nulls masks guests export layouts statuses".split())
"""The keys of a platform's file, then those of its parts (data/reference/README.md says what each is)."""
EXPORT_KEYS = ("where", "files")
LAYOUT_KEYS = tuple(
    """
    label label_en grain fingerprint columns headers line_by beside furniture sales refund_rows timezone date_order decimal files encoding
    sheets seen amount quirks all_known_columns
    """.split()
)
MARK_KEYS = ("all", "none")
JOINED_KEYS = ("by", "columns")
STATUS_KEYS = tuple(
    """
    column normalise values rules prefixes own close_reasons_seen refund_status refund_status_api aftersale aftersale_else fulfillment
    """.split()
)


Words = Iterator[tuple[str, str, tuple[str, ...]]]
"""Where a word stands in a file, the word, and what may stand there."""


def check(file: str, parsed: dict[str, Any]) -> None:
    """Refuse a platform's file with a key, meaning or status that nothing here knows. Raises BadInputError."""
    for place, word, known in _words(parsed):
        if word not in known:
            raise BadInputError(
                "platform.unknown_word",
                "The platform file {file} cannot be used: “{word}” in {place} is not known. Nothing was read. Known there are: {known}.",
                file=file,
                place=place,
                word=word,
                known=", ".join(known),
            )


def _words(parsed: dict[str, Any]) -> Words:
    yield from _keys("{}", parsed, KEYS)
    yield from _keys("export", parsed.get("export", {}), EXPORT_KEYS)
    yield from (("identity", kind, ("account", "email", "phone")) for kind in parsed.get("identity", []))
    for name, layout in parsed.get("layouts", {}).items():
        yield from _layout(f"layouts.{name}", layout)
    yield from _statuses(parsed.get("statuses", {}))


def _layout(place: str, layout: dict[str, Any]) -> Words:
    yield from _keys(place, layout, (*LAYOUT_KEYS, *SWITCHES))
    yield f"{place}.grain", str(layout.get("grain")), ("order", "line")
    marks = layout.get("fingerprint", {})
    for mark in marks if isinstance(marks, list) else [marks]:
        yield from _keys(f"{place}.fingerprint", mark, MARK_KEYS)
    yield from _keys(f"{place}.beside", layout.get("beside", {}), JOINED_KEYS)
    yield from _values(f"{place}.columns", layout.get("columns", {}), (*READ, *IGNORED))


def _statuses(parsed: dict[str, Any]) -> Words:
    yield from _keys("statuses", parsed, STATUS_KEYS)
    meanings = parsed.get("values", {})
    yield from _values("statuses.values", {text: status for text, (status, _) in meanings.items()}, tuple(RANK))
    yield from _values("statuses.values", {text: counts for text, (_, counts) in meanings.items()}, COUNTS)
    yield from _values("statuses.fulfillment", parsed.get("fulfillment", {}), tuple(RANK))
    yield from _values("statuses.refund_status", parsed.get("refund_status", {}), REFUND_STATUSES)
    yield from _values("statuses.aftersale", parsed.get("aftersale", {}), REFUND_STATUSES)
    yield "statuses.aftersale_else", parsed.get("aftersale_else", "none"), REFUND_STATUSES


def _keys(place: str, parsed: dict[str, Any], known: tuple[str, ...]) -> Words:
    return ((place, key, known) for key in parsed)


def _values(place: str, parsed: dict[str, str], known: tuple[str, ...]) -> Words:
    return ((f"{place}.{key}", word, known) for key, word in parsed.items())
