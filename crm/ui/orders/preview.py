"""Import page: the first orders of an unknown table as they would be read, and what could not be."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from crm.accounts.masking import Kind
from crm.imports import previewing
from crm.imports.inspection import Proposal
from crm.imports.previewing import Preview
from crm.segments import export
from crm.ui import components, personal, session
from crm.ui.figures import count, money
from crm.ui.orders import state, wording
from crm.ui.orders.state import Key
from crm.ui.words import _, language


def made(proposal: Proposal, path: Path, given: dict[str, Any]) -> Preview:
    """The preview for exactly this mapping, worked out once."""
    seen = state.of(path).previews
    key = f"{json.dumps(given, sort_keys=True)}|{proposal.encoding}|{len(proposal.names)}"
    if key not in seen and proposal.table:
        if len(seen) > 50:
            seen.clear()
        seen[key] = previewing.preview(session.store(), proposal.table, given, session.shop(), proposal.day_first)
    return seen.get(key, Preview())


def draw(seen: Preview, path: Path, given: dict[str, Any], still: bool) -> None:
    """The first orders with a map file's content. `still`: something is not said yet, so they may come out otherwise."""
    st.markdown(_("**The first orders as they would be read**"))
    if still:
        st.caption(_("As far as it can be told before everything above is said."))
    if not seen.orders:
        st.warning(_("No order can be read this way. Please check what the columns mean."))
    else:
        right = {_(name): st.column_config.TextColumn(alignment="right") for name in ("Paid", "Refunded")}
        st.dataframe(_table(seen, given), hide_index=True, placeholder="", column_config=right, key=Key.PREVIEW.of(path, language()))
    if not seen.rejected:
        st.caption(
            _("{orders} orders from the first {rows} rows; every row could be read.", orders=count(seen.orders_read), rows=count(seen.rows))
        )
        return
    st.caption(
        _(
            "{orders} orders from the first {rows} rows; {bad} rows could not be read:",
            orders=count(seen.orders_read),
            rows=count(seen.rows),
            bad=count(len(seen.rejected)),
        )
    )
    st.markdown("\n".join(f"- {line}" for line in _unreadable(seen)))


def _unreadable(seen: Preview) -> list[str]:
    """Each kind of unreadable cell once: column, reason, how many, one example."""
    known: dict[tuple[str, str], list[str]] = {}
    for entry in seen.rejected:
        known.setdefault((entry.column or "", entry.reason), []).append(personal.shown(Kind.CELL, entry.value or ""))
    items = []
    for (column, reason), values in known.items():
        example = next((components.quoted(value[:40]) for value in values if value), "—")
        by_name = {"column": components.quoted(column) or "—", "n": count(len(values)), "reason": _(reason), "example": example}
        items.append(_("{column}: {reason} {n} times, for example {example}", **by_name))
    return items


def _amount(amount: Any, given: dict[str, Any]) -> str:
    """An amount in the currency of the file; without a sign where each row names its own."""
    if "currency" in given["columns"]:
        return f"{amount:,.2f}"
    return money(amount, given.get("currency") or session.shop().currency, cents=True)


def _table(seen: Preview, given: dict[str, Any]) -> pd.DataFrame:
    words = wording.statuses()
    rows = [
        {
            _("Order"): personal.cell("order_id", row["order_id"] or ""),
            _("Buyer"): personal.cell("buyer", row["buyer"] or "—"),
            _("Date"): f"{row['moment']:%Y-%m-%d %H:%M}" if row["moment"] else "—",
            _("Paid"): _amount(row["paid"], given),
            _("Refunded"): _amount(row["refunded"], given) if row["refunded"] else "—",
            _("Status"): words.get(row["status"], row["status"]),
            _("Place"): personal.cell("place", row["place"] or "—"),
            _("Product"): personal.cell("titles", row["titles"] or "—"),
        }
        for row in seen.orders
    ]
    return export.shown(pd.DataFrame(rows))
