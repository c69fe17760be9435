"""Import page: what a dry run or an import said, file by file: counts, warnings, what changes, what was not taken over."""

import io
from typing import Any

import pandas as pd
import streamlit as st

from crm import clock
from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.imports import history, mending
from crm.imports.file_warnings import FileWarning
from crm.imports.outcomes import Outcome
from crm.imports.results import Rejection
from crm.jobs import Job
from crm.layouts import registry
from crm.segments import export
from crm.ui import components, currencies, personal, session
from crm.ui.figures import count, money
from crm.ui.orders import consent, other_kinds, wording
from crm.ui.orders.state import Key
from crm.ui.words import _, language
from crm.words import translate

SHOWN = 200
BAD = tuple(
    """
    same_file fen fen_by_shop utc no_orders damaged date_order numbers numbers_mixed currency currency_words sign adopted
    consent_column answers unsure_list
    """.split()
)
"""Doubts that should stop a person for a moment; the others are remarks."""


def summary(job: Job[Any], run: list[Outcome]) -> None:
    """All files of a run in one line: rows, time, rows per second."""
    rows = sum(entry.rows for entry in run)
    seconds = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else 0
    if seconds and rows:
        speed = {"rows": count(rows), "seconds": f"{seconds:,.1f}", "speed": count(rows / seconds)}
        st.caption(_("{rows} rows in {seconds} s ({speed} per second)", **speed))


def tells(outcome: Outcome) -> list[str]:
    """What an order file of this run says."""
    return outcome.tells if outcome.kind == "orders" else []


def beside(outcome: Outcome, run: list[Outcome]) -> set[str]:
    """What the other order files of one run tell that are of the same platform."""
    own = registry.platform(outcome.format)
    return {name for one in run if one is not outcome and registry.platform(one.format) == own for name in tells(one)}


def file(outcome: Outcome, dry_run: bool, run: list[Outcome]) -> None:
    """One file of a run."""
    with st.container(border=True):
        st.markdown(f"**{components.quoted(outcome.file)}**")
        st.caption(" · ".join(_about(outcome)))
        with st.grid(min_column_width=110):
            for name, number in _counts(outcome):
                st.metric(name, count(number))
        consent.answers(outcome.counts)
        for sentence in other_kinds.remarks(outcome.counts):
            st.caption(":material/info: " + sentence)
        untold = wording.tells(tells(outcome), beside(outcome, run)) if tells(outcome) else []
        if outcome.left_out:
            st.caption(_("Not orders, left out: {names}.", names=components.quoted(", ".join(outcome.left_out))))
        for warning in outcome.warnings:
            if warning.code != "no_buyer" or "buyers" in outcome.tells:  # a layout without buyers says so below
                _doubt(warning)
        for sentence in untold:
            st.caption(":material/info: " + sentence)
        _changes(outcome, dry_run)
        if outcome.rejected:
            _rejected(outcome, dry_run)


def _about(outcome: Outcome) -> list[str]:
    items = [wording.kinds().get(outcome.kind, ""), _("{n} rows", n=count(outcome.rows))]
    if outcome.first_day:
        between = {"first": outcome.first_day, "last": outcome.last_day, "amount": _amounts(outcome)}
        items.append(_("Orders from {first} to {last}, {amount} kept after refunds", **between))
    if outcome.timezone:
        items.append(_("times read in {zone}", zone=outcome.timezone))
    if outcome.without_currency:
        items.append(
            _("the file names no currency for {n} orders: taken as {own}", n=count(outcome.without_currency), own=session.shop().currency)
        )
    return items


def _amounts(outcome: Outcome) -> str:
    """Each currency's amount for itself."""
    if len(outcome.amounts) > 1:
        return " + ".join(currencies.coded(row.amount, row.currency) for row in outcome.amounts)
    own = outcome.currency or session.shop().currency
    return money(float(outcome.amount or 0), own)


def _counts(outcome: Outcome) -> list[tuple[str, int]]:
    if counts := consent.rest(outcome.counts):
        names = wording.counts(outcome.kind) | other_kinds.counts() | consent.counts()
        counts = ({"people_new": 0} if outcome.kind == "people" else {}) | counts
        return [(names.get(name, name), number) for name, number in counts.items()] + [(_("Rejected rows"), outcome.rejected)]
    if not outcome.orders and outcome.lines:
        return [(_("Order lines"), outcome.lines), (_("Rejected rows"), outcome.rejected)]
    return [
        (_("New orders"), outcome.orders_new),
        (_("Changed orders"), outcome.orders_changed),
        (_("Unchanged"), outcome.orders_unchanged),
        (_("New customers"), outcome.customers_new),
        (_("Rejected rows"), outcome.rejected),
    ]


def _doubt(warning: FileWarning) -> None:
    told = personal.values(warning.values)
    values = {name: count(value) if isinstance(value, int | float) else components.quoted(str(value)) for name, value in told.items()}
    text = _(wording.warning(warning.code), **values)
    if warning.code in BAD:
        st.warning(text, icon=":material/help:")
    else:
        st.caption(":material/help: " + text)


def _changes(outcome: Outcome, dry_run: bool) -> None:
    if not outcome.changes:
        return
    words, own = wording.statuses(), outcome.currency or session.shop().currency
    title = _("Orders that would change, for example") if dry_run else _("Orders that changed, for example")
    rows = [
        {
            _("Order"): row.order_id,
            _("Status"): _from_to(*(words.get(status, status) for status in (row.status_before, row.status_after))),
            _("Paid"): _from_to(*(money(float(paid or 0), own, cents=True) for paid in (row.paid_before, row.paid_after))),
            _("Refunded"): _from_to(*(money(float(back or 0), own, cents=True) for back in (row.refunded_before, row.refunded_after))),
        }
        for row in outcome.changes
    ]
    with st.expander(title):
        st.dataframe(export.shown(pd.DataFrame(rows)), hide_index=True, placeholder="")


def _from_to(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _rejected(outcome: Outcome, dry_run: bool) -> None:
    with st.expander(_("{n} rows were not taken over", n=count(outcome.rejected)), expanded=not dry_run):
        if not dry_run and outcome.import_id:
            words = _("Download them, mend the cells, save, and drop the file in above: only these rows are imported.")
            download(outcome.import_id, outcome.file, words)
        kept = history.rejections(session.store(), outcome.import_id, SHOWN) if outcome.import_id else outcome.rejections[:SHOWN]
        rejected(kept, outcome.rejected)


def rejected(rows: list[Rejection], all_rows: int, what: str | None = None) -> None:
    """Rows that were not taken over, each with its reason; the first few on screen. `what` of the page they are (`personal.full`)."""
    cells = [(row.row, row.column, personal.shown(Kind.CELL, row.value or "", what), row.reason) for row in rows]
    table = pd.DataFrame(cells, columns=["row", "column", "value", "reason"])
    table["reason"] = [_(reason) for reason in table["reason"]]
    table.columns = pd.Index([_("Row"), _("Column"), _("Value"), _("Reason")])
    st.dataframe(export.shown(table), hide_index=True, placeholder="")
    if all_rows > len(rows):
        st.caption(_("The first {n} of {all}; the download has all of them.", n=count(len(rows)), all=count(all_rows)))


def download(import_id: str, name: str, words: str, *place: str) -> None:
    """All rejected rows of an import as a file, made when asked for. `words`: what it is good for; `place`: where else it stands."""
    spoken, store, visitor = language(), session.store(), session.later()
    if not (session.may(Right.EXPORT) and session.may(Right.REVEAL)):
        text = "Only whoever may see names in full and download lists can download them. They can be mended in the file they came from."
        st.caption(_(text))
        return
    st.caption(words)

    def content() -> bytes:  # called outside the script, where nobody speaks a language
        lines = io.StringIO(newline="")
        with visitor():
            mending.write(store, import_id, lines, clock.now(), lambda reason: translate(spoken, reason))
        return lines.getvalue().encode("utf-8-sig")

    plain = name.partition(" [")[0].rpartition(".")[0] or name
    st.download_button(
        _("Download the rejected rows"),
        content,
        file_name=export.named(f"{plain}-{_('rejected')}.csv", session.shop().timezone, clock.now()),
        mime="text/csv",
        key=Key.REJECTED.of(import_id, *place),
        on_click="ignore",
        icon=":material/download:",
    )
