"""Other currencies on screen: which orders are in no amount and why, and the table of rates in the settings."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from crm import clock, jobs, works
from crm.columns import currencies
from crm.customers import facts, other_currencies, windows
from crm.customers.other_currencies import Missing
from crm.database import tables
from crm.errors import BadInputError
from crm.orders import rates
from crm.ui import components, figures, menu, session
from crm.ui.settings.state import Key, SettingsState
from crm.ui.words import _, language

COMMON = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "KRW", "SGD", "AUD", "CAD", "THB", "MYR", "VND", "RUB")


def notice(missing: Missing, settings: bool = True) -> None:
    """Name the purchases whose money is in no amount beside; nothing where there are none. `settings`: with the way to the rates."""
    if not missing:
        return
    each = [(coded(row.amount, row.currency), figures.count(row.orders)) for row in missing]
    listed = _("; ").join(_("{amount} (orders: {n})", amount=amount, n=n) for amount, n in each)
    text = _(
        "Not in the amounts: {n} orders in other currencies without a rate for their day ({listed}).",
        n=figures.count(sum(row.orders for row in missing)),
        listed=components.quoted(listed),
    )
    st.caption(":material/currency_exchange: " + text)
    if settings:
        menu.link("settings", _("Enter rates in the settings"), "arrow_forward")


def coded(amount: Any, currency: str) -> str:
    """An amount with its currency's code, which no two have in common as CNY and JPY have the sign ¥: `JPY 1,000,000`, `USD 99.50`."""
    decimal = Decimal(str(amount))
    return f"{currency} {decimal:,.0f}" if decimal == decimal.to_integral_value() else f"{currency} {decimal:,.2f}"


def of_days(start: date | None, end: date) -> Missing:
    """The purchases of some shop days that are in no amount."""
    return other_currencies.listed(session.store(), windows.within(facts.until(tables.orders, end), start, end))


def everything() -> Missing:
    """Of all days."""
    return other_currencies.listed(session.store())


def choices(own: str) -> list[str]:
    """Codes to choose from: the shop's own, the usual ones, all others by name."""
    return list(dict.fromkeys([own, *COMMON, *sorted(currencies.codes())]))


def named(code: str) -> str:
    """A code with its name."""
    name = currencies.name(code, language())
    return code if name == code else f"{code} · {name}"


def table() -> None:
    """The rates: typed here, or dropped in as a file on the import page."""
    own = session.shop().currency
    with st.container(border=True):
        st.subheader(_("Orders in other currencies"), anchor=False)
        st.caption(
            _(
                "What one unit of another currency is worth in {own}, from a day on: an order counts at the latest rate "
                "on or before its day. Without one its money is in no amount. A file with the columns date, currency and rate can be "
                "dropped in on the page Import orders.",
                own=own,
            )
        )
        notice(everything(), settings=False)
        shown = st.data_editor(
            _frame(own),
            num_rows="dynamic",
            hide_index=True,
            placeholder="",
            key=Key.RATES.of(own, language()),
            width="stretch",
            column_config={
                "currency": st.column_config.SelectboxColumn(_("Currency"), options=choices(own)[1:], required=True),
                "day": st.column_config.DateColumn(_("From day"), format="YYYY-MM-DD", required=True),
                "rate": st.column_config.TextColumn(_("One unit in {own}", own=own), required=True),
            },
        )
        if st.button(_("Save these rates"), key=Key.RATES_SAVE):
            with components.guard():
                ask(works.Rates(_typed(shown)))
                st.rerun()


def _frame(own: str) -> pd.DataFrame:
    items = [
        {"currency": row["currency"], "day": row["day"], "rate": f"{row['rate'].normalize():f}"}
        for row in rates.known(session.store(), own)
    ]
    return (
        pd.DataFrame(items, columns=["currency", "day", "rate"])
        .astype({"currency": "str", "rate": "str"})
        .assign(day=lambda frame: pd.to_datetime(frame["day"]))
    )


def _typed(frame: pd.DataFrame) -> list[list[str]]:
    """The rows of the table as a job keeps them; raises BadInputError for a rate that is no number."""
    rows = []
    for row in frame.dropna(how="all").to_dict("records"):
        day, currency = pd.to_datetime(str(row["day"]), errors="coerce"), row["currency"]
        if pd.isna(day) or not isinstance(currency, str):
            raise BadInputError("rate.incomplete", "Each rate needs a currency, a day and a number. Nothing was saved.")
        try:
            rate = Decimal(str(row["rate"]).strip().replace(",", "."))
        except InvalidOperation as error:
            raise BadInputError("rate.not_a_number", "“{value}” is no number. Nothing was saved.", value=str(row["rate"])[:40]) from error
        rows.append([currency, day.date().isoformat(), str(rate)])
    return rows


def ask(args: works.Args) -> None:
    """Have the worker do what makes sums anew; the page watches it."""
    page = session.state(SettingsState)
    page.job = jobs.ask(session.store(), args, clock.now())
