"""Import page: the names of columns and the sentences of the import, in the session's language."""

from collections.abc import Collection

from crm import uploads
from crm.imports.evidence import Evidence
from crm.imports.file_warnings import SENTENCES
from crm.ui.figures import count
from crm.ui.words import _, language


def fields() -> dict[str, str]:
    """What a column of an unknown table may be, in the order of importance."""
    return {
        "order_id": _("Order id"),
        "buyer_id": _("Buyer (account or customer id)"),
        "created_at": _("Date of the order"),
        "paid_at": _("Time of payment"),
        "paid_amount": _("Amount paid"),
        "total_amount": _("Amount due"),
        "refund_amount": _("Amount refunded"),
        "status_raw": _("Status"),
        "buyer_email": _("E-mail"),
        "buyer_phone": _("Phone"),
        "nickname": _("Nickname"),
        "receiver_name": _("Name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "item_title": _("Product"),
        "sku_code": _("Product code"),
        "category": _("Category"),
        "item_qty": _("Quantity"),
        "unit_price": _("Price of one"),
        "line_amount": _("Amount of the line"),
        "receiver_address": _("Address"),
        "province": _("Province"),
        "city": _("City"),
        "district": _("District"),
        "country": _("Country"),
        "channel": _("Source"),
        "shop_name": _("Shop"),
        "currency": _("Currency"),
        "marketing_consent": _("Agreed to marketing"),
    } | _further()


def _further() -> dict[str, str]:
    """Fields that a few tables have."""
    return {
        "line_id": _("Line id"),
        "reference_id": _("Order that a refund belongs to"),
        "void_raw": _("Cancelled, yes or no"),
        "returned_raw": _("Given back, yes or no"),
        "done_raw": _("Completed, yes or no"),
        "owed_amount": _("Amount still owed"),
        "payment_raw": _("Status of the payment"),
        "fulfillment_raw": _("Status of the shipping"),
        "refund_status_raw": _("Status of the refund"),
        "shipping_fee": _("Shipping fee"),
        "goods_amount": _("Amount of the goods"),
        "sku_attr": _("Variant of the product"),
        "shipped_at": _("Time of shipping"),
        "completed_at": _("Time of completion"),
        "cancelled_at": _("Time of cancellation"),
    }


def lacking(name: str) -> str:
    """What an unknown table cannot do without."""
    return {
        "moment": _("Please say which column is the date."),
        "amount": _("Please say which column is the amount."),
        "buyer": _("Please say which column is the order id or the buyer."),
    }[name]


def consequences(fields: set[str]) -> list[str]:
    """What cannot be told from a table without a column, though it can be read."""
    missing = {
        _("No order id: each row is taken as an order, known again by buyer, time and amount."): {"order_id"},
        _("No buyer: sales are counted, but repeat rates and segments leave these orders out."): {"buyer_id", "buyer_email", "buyer_phone"},
        _("No status: every row with an amount counts as paid."): {"status_raw"},
        _("No amount paid: the amount due is taken as paid."): {"paid_amount", "line_amount", "unit_price"},
    }
    return [sentence for sentence, names in missing.items() if not names & fields]


def grains() -> dict[str, str]:
    """What a row can be."""
    return {"order": _("an order"), "line": _("a line of an order")}


def grain(evidence: Evidence | None) -> str:
    """Why a row is taken as an order or as a line."""
    if not evidence:
        return ""
    if evidence.grain == "line":
        return _("{n} of {all} order ids stand on more than one row.", n=count(evidence.repeated), all=count(evidence.orders))
    return _("No order id stands on two rows.") if not evidence.repeated else _("Order ids repeat, but there is no product column.")


def amounts() -> dict[str, str]:
    """How the amount of an order follows from its lines."""
    return {"once": _("is that of the order: count it once"), "sum": _("is that of the line: add it up")}


def amounts_why(evidence: Evidence | None) -> str:
    """Why amounts count once or are added up."""
    if not evidence or not evidence.repeated:
        return ""
    return _("It differs between the lines of an order.") if evidence.amounts == "sum" else _("It is the same on all lines of an order.")


def date_orders() -> dict[str, str]:
    """How a date can be written."""
    return {"dmy": _("day/month/year"), "mdy": _("month/day/year"), "ymd": _("year-month-day")}


def dates(evidence: Evidence) -> str:
    """Why dates are read the way they are."""
    shape, example = date_orders()[evidence.date_order], evidence.date_example or ""
    return {
        "shown": _("Read as {shape} because {example} occurs.", shape=shape, example=example),
        "dots": _("Read as {shape}, as is usual with dots ({example}).", shape=shape, example=example),
        "language": _("Read as {shape}, as the language of the header writes it ({example}).", shape=shape, example=example),
        "ambiguous": _("Nothing shows which it is ({example} could be either). Please check.", example=example),
        "contradictory": _("Both kinds occur: some dates will be rejected."),
    }.get(evidence.date_why, "")


DECIMALS = {".": "1,234.56", ",": "1.234,56"}
"""How a number can be written, by the sign of its decimals."""


def decimals(evidence: Evidence) -> str:
    """Why numbers are read the way they are."""
    example = evidence.decimal_example or ""
    return {
        "shown": _("Read so because {example} occurs.", example=example),
        "doubt": _("Nothing shows whether {example} has decimals or thousands. Please check.", example=example),
        "mixed": _("Both kinds occur, {example} among them: what could be either is rejected.", example=example),
        "differ": _("The columns differ; {example} is one with a decimal comma.", example=example),
    }.get(evidence.decimal_why, "")


def separators() -> dict[str, str]:
    """What stands between two cells."""
    return {",": _("comma"), "\t": _("tab"), ";": _("semicolon"), "|": _("vertical bar"), "，": _("Chinese comma"), "spaces": _("blanks")}


def statuses() -> dict[str, str]:
    """The status of an order: all of `crm.layouts.vocabulary.RANK`, the usual ones first."""
    return {
        "completed": _("completed"),
        "shipped": _("sent"),
        "paid_unshipped": _("paid, not sent"),
        "unpaid": _("not paid yet"),
        "cancelled": _("cancelled"),
        "closed_refunded": _("closed, refunded"),
        "partial_refund": _("refunded in part"),
        "refunding": _("refund asked for"),
        "deposit_paid": _("deposit paid"),
        "on_hold": _("paid, on hold"),
        "closed": _("closed"),
        "closed_unpaid": _("closed, never paid"),
        "by_payment": _("paid if a payment is told"),
        "unknown": _("not known"),
    }


def kinds() -> dict[str, str]:
    """What a file holds."""
    names = {"orders": _("Order file")}
    return names | {name: kind.zh if language() == "zh_CN" else kind.en for name, kind in uploads.KINDS.items()}


def actions() -> dict[str, str]:
    """What the audit trail tells of."""
    return {"import": _("imported"), "undo": _("took back"), "mapping": _("said what columns mean")} | {
        "settings": _("changed settings"),
        "rates": _("changed rates"),
        "backup.made": _("made a backup"),
    }


def counts(kind: str = "") -> dict[str, str]:
    """What a file of another kind came to. “New” alone would read as new customers, so each kind says what is new."""
    entries = {
        "people": {"new": _("New dossiers"), "changed": _("Changed dossiers"), "unchanged": _("Dossiers unchanged")},
        "products": {"new": _("New entries"), "changed": _("Changed entries"), "unchanged": _("Entries unchanged")},
    }
    entries["touches"] = entries["consents"] = entries["rates"] = entries["products"]
    return entries.get(kind, {}) | {name: result for name, result in _shared().items() if name not in entries.get(kind, {})}


def _shared() -> dict[str, str]:
    return {
        "people": _("People"),
        "people_new": _("New customers"),
        "new": _("New"),
        "changed": _("Changed"),
        "unchanged": _("Unchanged"),
        "matched": _("Known customers"),
        "unmatched": _("Not found"),
        "without_order": _("Order not imported yet"),
        "refunds": _("Refunds paid out"),
        "refunds_new": _("New refunds"),
        "refunds_open": _("Not settled, not counted"),
    }


def warning(code: str) -> str:
    """The sentence of a warning (`crm.imports.file_warnings.SENTENCES`) in English; its translations are in the catalogue."""
    return SENTENCES.get(code, code)


def tells(items: list[str], beside: Collection[str] = ()) -> list[str]:
    """What a layout leaves unsaid; what a file `beside` it in the same import says is not missing."""
    missing = {
        "orders": _("It holds order lines only: amounts and buyers come from the order file."),
        "lines": _("It names no products: they come from the item file."),
        "buyers": _("It names no buyers: repeat rates, RFM and old-customer shares cannot be computed from it."),
    }
    if "refunds" in items:
        return [_("Refunds only: they are taken off the orders they belong to, whichever file comes first.")]
    if "unpriced" in items:
        return [_("It tells no amounts: its orders count nothing until Amazon's order report is imported too.")]
    if "orders" not in items:
        return [] if "orders" in beside else [missing["orders"]]
    return [sentence for name, sentence in missing.items() if name not in items and not (name == "lines" and name in beside)]
