"""Import page: what is asked of an unknown table, why, and why a column was taken for what it is; in the session's language."""

from crm.ui.words import _


def question(role: str) -> str:
    """What is asked (a key of `crm.layouts.asking.CHOICE`)."""
    return {
        "amount": _("Which column is what the customer paid?"),
        "order": _("Which column is the id of the order?"),
        "moment": _("Which column is the date of the order?"),
        "buyer": _("Which column tells the buyers apart?"),
        "status": _("Which column says how far an order is?"),
        "words": _("What do these words of the status column mean?"),
        "repeats": _("What are the rows of one order?"),
    }[role]


def open_roles() -> dict[str, str]:
    """What is still to be said."""
    return {
        "amount": _("which column is what the customer paid"),
        "order": _("which column is the id of the order"),
        "moment": _("which column is the date of the order"),
        "buyer": _("which column tells the buyers apart"),
        "status": _("which column says how far an order is"),
        "words": _("what the words of the status column mean"),
        "repeats": _("what the rows of one order are"),
        "dates": _("whether the day or the month stands first in the dates"),
        "numbers": _("whether a comma or a point parts the cents"),
    }


def asked_because(why: str) -> str:
    """Why a question is asked (`Candidate.why`)."""
    return {
        "named": _("More than one column is called so, and they say different things."),
        "differ": _("More than one column could be it by its name, and their amounts differ."),
        "sum": _("Goods, shipping, tax and discount come to one column, but another one is called so."),
        "blank": _("It is empty on rows where something was due: was nothing paid there, or is it not told?"),
        "owed": _("Something is still owed, and nothing says which orders were paid."),
        "part": _("One column has the whole amount on some rows and nothing on the others: paid, owed or given back?"),
        "parts": _("There are taxes or discounts, but no column is called the total."),
        "sparse": _("The column that is called so is empty on many rows."),
        "values": _("No column is called so; by their cells these could be it."),
        "coarse": _("One account stands beside several people: it could be a guest's, or a kind of customer."),
        "few": _("It has a few values only: rather kinds of customers than customers."),
    }.get(why, "")


def no_column(role: str) -> str:
    """Why an amount is asked of which no column is named."""
    return _("No column is called so.") if role == "amount" else ""


def without(role: str) -> str:
    """What follows when none of the columns is it."""
    return {
        "order": _("each row is an order of its own"),
        "buyer": _("it is not used: buyers are told apart by the account, e-mail or phone beside it, else not at all"),
        "status": _("every row with an amount counts as paid"),
    }.get(role, "")


def taken_because(why: str, field: str) -> str:
    """Why a column was taken for what it is (`Told.why`)."""
    return {
        "name": _("its name"),
        "values": _("its cells"),
        "only": _("the only dates") if field in ("created_at", "paid_at") else _("the only amounts"),
        "sum": _("goods, shipping and discount come to it"),
        "lines": _("amounts of the lines"),
        "price": _("quantity times price"),
    }.get(why, "")
