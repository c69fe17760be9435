"""Import page: what a dry run or an import said, file by file: counts, doubts, what changes, what was not taken over."""

import io
from typing import Any

import pandas as pd
import streamlit as st

from crm.imports import mending
from crm.imports.cautions import Doubt
from crm.imports.outcomes import Outcome
from crm.imports.results import Rejection
from crm.jobs import Job
from crm.layouts import registry
from crm.segments import export
from crm.ui import components, currencies, session
from crm.ui.figures import count, money
from crm.ui.orders import consent, other_kinds, wording
from crm.ui.orders.state import Key
from crm.ui.words import _, language
from crm.words import translate

SHOWN = 200
BAD = (
    "same_file", "fen", "fen_by_shop", "utc", "no_orders", "damaged", "date_order", "numbers", "numbers_mixed", "currency",
    "currency_words", "sign", "adopted",
    "consent_column", "answers", "unsure_list",
)  # fmt: skip
"""Doubts that should stop a person for a moment; the others are remarks."""


def summary(job: Job[Any], run: list[Outcome]) -> None:
    """All files of a run in one line: rows, time, rows per second."""
    rows = sum(told.rows for told in run)
    seconds = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else 0
    if seconds and rows:
        speed = {"rows": count(rows), "seconds": f"{seconds:,.1f}", "speed": count(rows / seconds)}
        st.caption(_("{rows} rows in {seconds} s ({speed} per second)", **speed))


def tells(told: Outcome) -> list[str]:
    """What an order file of this run says."""
    return told.tells if told.kind == "orders" else []


def beside(told: Outcome, run: list[Outcome]) -> set[str]:
    """What the other order files of one run tell that are of the same platform."""
    own = registry.platform(told.format)
    return {name for one in run if one is not told and registry.platform(one.format) == own for name in tells(one)}


def file(told: Outcome, dry_run: bool, run: list[Outcome]) -> None:
    """One file of a run."""
    with st.container(border=True):
        st.markdown(f"**{components.quoted(told.file)}**")
        st.caption(" · ".join(_about(told)))
        with st.grid(min_column_width=110):
            for name, number in _counts(told):
                st.metric(name, count(number))
        consent.answers(told.counts)
        for sentence in other_kinds.remarks(told.counts):
            st.caption(":material/info: " + sentence)
        untold = wording.tells(tells(told), beside(told, run)) if tells(told) else []
        if told.left_out:
            st.caption(_("Not orders, left out: {names}.", names=components.quoted(", ".join(told.left_out))))
        for doubt in told.doubts:
            if doubt.code != "no_buyer" or "buyers" in told.tells:  # a layout without buyers says so below
                _doubt(doubt)
        for sentence in untold:
            st.caption(":material/info: " + sentence)
        _changes(told, dry_run)
        if told.rejected:
            _rejected(told, dry_run)


def _about(told: Outcome) -> list[str]:
    said = [wording.kinds().get(told.kind, ""), _("{n} rows", n=count(told.rows))]
    if told.first_day:
        between = {"first": told.first_day, "last": told.last_day, "amount": _amounts(told)}
        said.append(_("Orders from {first} to {last}, {amount} kept after refunds", **between))
    if told.timezone:
        said.append(_("times read in {zone}", zone=told.timezone))
    if told.without_currency:
        said.append(
            _("the file names no currency for {n} orders: taken as {own}", n=count(told.without_currency), own=session.shop().currency)
        )
    return said


def _amounts(told: Outcome) -> str:
    """Each currency's amount for itself."""
    if len(told.amounts) > 1:
        return " + ".join(currencies.coded(row.amount, row.currency) for row in told.amounts)
    own = told.currency or session.shop().currency
    return money(float(told.amount or 0), own)


def _counts(told: Outcome) -> list[tuple[str, int]]:
    if counts := consent.rest(told.counts):
        names = wording.counts(told.kind) | other_kinds.counts() | consent.counts()
        counts = ({"people_new": 0} if told.kind == "people" else {}) | counts
        return [(names.get(name, name), number) for name, number in counts.items()] + [(_("Rejected rows"), told.rejected)]
    if not told.orders and told.lines:
        return [(_("Order lines"), told.lines), (_("Rejected rows"), told.rejected)]
    return [
        (_("New orders"), told.orders_new),
        (_("Changed orders"), told.orders_changed),
        (_("Unchanged"), told.orders_unchanged),
        (_("New customers"), told.customers_new),
        (_("Rejected rows"), told.rejected),
    ]


def _doubt(doubt: Doubt) -> None:
    values = {
        name: count(value) if isinstance(value, int | float) else components.quoted(str(value)) for name, value in doubt.values.items()
    }
    said = _(wording.doubt(doubt.code), **values)
    if doubt.code in BAD:
        st.warning(said, icon=":material/help:")
    else:
        st.caption(":material/help: " + said)


def _changes(told: Outcome, dry_run: bool) -> None:
    if not told.changes:
        return
    words, own = wording.statuses(), told.currency or session.shop().currency
    title = _("Orders that would change, for example") if dry_run else _("Orders that changed, for example")
    rows = [
        {
            _("Order"): row.order_id,
            _("Status"): _from_to(*(words.get(status, status) for status in (row.status_before, row.status_after))),
            _("Paid"): _from_to(*(money(float(paid or 0), own, cents=True) for paid in (row.paid_before, row.paid_after))),
            _("Refunded"): _from_to(*(money(float(back or 0), own, cents=True) for back in (row.refunded_before, row.refunded_after))),
        }
        for row in told.changes
    ]
    with st.expander(title):
        st.dataframe(export.shown(pd.DataFrame(rows)), hide_index=True, placeholder="")


def _from_to(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _rejected(told: Outcome, dry_run: bool) -> None:
    with st.expander(_("{n} rows were not taken over", n=count(told.rejected)), expanded=not dry_run):
        if not dry_run and told.import_id:
            st.caption(_("Download them, mend the cells, save, and drop the file in above: only these rows are imported."))
            download(told.import_id, told.file)
        rejected(told.rejections[:SHOWN], told.rejected)


def rejected(rows: list[Rejection], all_rows: int) -> None:
    """Rows that were not taken over, each with its reason; the first few on screen."""
    table = pd.DataFrame([(row.row, row.column, row.value, row.reason) for row in rows], columns=["row", "column", "value", "reason"])
    table["reason"] = [_(reason) for reason in table["reason"]]
    table.columns = pd.Index([_("Row"), _("Column"), _("Value"), _("Reason")])
    st.dataframe(export.shown(table), hide_index=True, placeholder="")
    if all_rows > len(rows):
        st.caption(_("The first {n} of {all}; the download has all of them.", n=count(len(rows)), all=count(all_rows)))


def download(import_id: str, name: str) -> None:
    """All rejected rows of an import as a file, made when it is asked for."""
    spoken, store = language(), session.store()

    def content() -> bytes:  # called outside the script, where nobody speaks a language
        lines = io.StringIO(newline="")
        mending.write(store, import_id, lines, lambda reason: translate(spoken, reason))
        return lines.getvalue().encode("utf-8-sig")

    plain = name.partition(" [")[0].rpartition(".")[0] or name
    st.download_button(
        _("Download the rejected rows"),
        content,
        file_name=f"{plain}-{_('rejected')}.csv",
        mime="text/csv",
        key=Key.REJECTED.of(import_id),
        on_click="ignore",
        icon=":material/download:",
    )
