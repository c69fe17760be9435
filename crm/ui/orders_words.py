"""Import page: the names of columns and the sentences of the import, in the session's language."""

from crm.ui.words import _


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
        "line_id": _("Line id"),
        "completed_at": _("Time of completion"),
    }


def lacking(name: str) -> str:
    """What an unknown table cannot do without."""
    return {
        "moment": _("Please say which column is the date."),
        "amount": _("Please say which column is the amount."),
        "buyer": _("Please say which column is the order id or the buyer."),
    }[name]


def grain(name: str) -> str:
    """One row per order or per line."""
    return {
        "order": _("Each row is taken as one order, unless its order id repeats."),
        "line": _("Order ids repeat: each row is taken as one line of an order."),
    }[name]


def steps() -> list[str]:
    """What a running import says; listed here so that it is translated."""
    return [_("Reading the files"), _("Comparing with what is known"), _("Making the customers anew"), _("Keeping it")]


def reasons() -> list[str]:
    """Why a row is not taken over (`crm.orders.results.REASONS`); listed here so that it is translated."""
    return [
        _("There is no order id."),
        _("The order id was damaged by a spreadsheet program."),
        _("This is not a date."),
        _("This is not an amount."),
        _("This is not a number of items."),
        _("There is no date."),
        _("There is no amount."),
        _("The number of cells differs from the header."),
        _("The row has characters that cannot be read."),
        _("The row is too long or a quotation mark is never closed."),
    ]
