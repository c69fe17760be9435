"""Import page: asking for a dry run or an import, what it said, the list of imports and taking one back."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from crm import clock, jobs
from crm.orders import imports
from crm.segments import export
from crm.ui import numbers, orders_files, parts, session
from crm.ui.numbers import count, day, money
from crm.ui.words import _

SHOWN = 20
JOB = "job"
KINDS = ("import", "undo")


def ask(paths: list[Path], mappings: dict[str, Any], shop: str, dry_run: bool) -> None:
    """Queue the dry run or the import of these files and watch it."""
    args: dict[str, Any] = {"paths": [str(path) for path in paths], "dry_run": dry_run, "shop": shop.strip() or None}
    if mappings:
        args["mapping"] = {"files": mappings}
    if not dry_run:
        orders_files.forget()
    _start("import", args)


def _start(kind: str, args: dict[str, Any]) -> None:
    """Queue a job and name it in the address too, so that its answer outlives a reload."""
    st.session_state[JOB] = st.query_params[JOB] = jobs.ask(session.store(), kind, args, clock.now())
    st.rerun()


def working() -> dict[str, Any] | None:
    """Watch what runs (also when the page was reloaded); the job asked for last, once it has ended."""
    running = [job for kind in KINDS for job in jobs.running(session.store(), kind)]
    if running:
        parts.watch(running[0]["job_id"], "orders")
        return None
    asked = st.query_params.get(JOB) or st.session_state.get(JOB) or _cut_off()
    job = jobs.get(session.store(), asked) if asked else None
    return job if job and job["kind"] in KINDS else None


def _cut_off() -> str | None:
    """The newest import or undo, when a stop of the server cut it off: whoever comes next is told."""
    newest = max((job for kind in KINDS for job in jobs.latest(session.store(), kind, 1)), key=lambda job: job["created_at"], default=None)
    return str(newest["job_id"]) if newest and newest["state"] == "interrupted" else None


def result(job: dict[str, Any]) -> None:
    """What a dry run or an import said, file by file; after a dry run the button that really does it."""
    parts.job_message(job)
    if job["state"] != "done" or job["kind"] != "import":
        return
    dry_run = bool(job["result"].get("dry_run"))
    st.subheader(_("What would happen") if dry_run else _("Imported"), anchor=False)
    if dry_run:
        st.caption(_("Nothing has been written yet."))
    for told in job["result"]["files"]:
        _file(told)
    if dry_run:
        _go(job)
    else:
        st.page_link(session.page_path("customers.py"), label=_("See the customers"), icon=":material/group:")


def _go(job: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        if st.button(_("Import now"), type="primary", key="orders_go"):
            orders_files.forget()
            _start("import", {**job["args"], "dry_run": False})
        if st.button(_("Not now"), key="orders_leave"):
            st.session_state.pop(JOB, None)
            st.query_params.pop(JOB, None)
            st.rerun()


def _file(told: dict[str, Any]) -> None:
    with st.container(border=True):
        st.markdown(f"**{told['file']}**")
        if told["first_day"]:
            between = {
                "first": told["first_day"],
                "last": told["last_day"],
                "amount": money(float(told["amount"]), session.shop().currency),
            }
            st.caption(_("Orders from {first} to {last}, {amount} kept after refunds", **between))
        with st.grid(min_column_width=110):
            for name, number in _counts(told):
                st.metric(name, count(number))
        if told["without_buyer"]:
            st.caption(_("{n} orders name no buyer: repeat rates leave them out.", n=count(told["without_buyer"])))
        if told.get("left_out"):
            st.caption(_("Not orders, left out: {names}.", names=", ".join(told["left_out"])))
        if told["rejections"]:
            with st.expander(_("{n} rows were not taken over", n=count(told["rejected"]))):
                rejected(told["rejections"])


def _counts(told: dict[str, Any]) -> list[tuple[str, int]]:
    if not told["orders"] and told["lines"]:
        return [(_("Order lines"), told["lines"]), (_("Rejected rows"), told["rejected"])]
    return [
        (_("New orders"), told["orders_new"]),
        (_("Changed orders"), told["orders_changed"]),
        (_("Unchanged"), told["orders_unchanged"]),
        (_("New customers"), told["customers_new"]),
        (_("Rejected rows"), told["rejected"]),
    ]


def rejected(rows: list[dict[str, Any]]) -> None:
    """Rows that were not taken over, each with its reason."""
    table = pd.DataFrame(rows)
    table["reason"] = [_(reason) for reason in table["reason"]]
    table.columns = pd.Index([_("Row"), _("Column"), _("Value"), _("Reason")])
    st.dataframe(export.shown(table), hide_index=True)


def earlier() -> None:
    """The list of imports, newest first, each with its way back."""
    found = imports.listed(session.store())
    if not found:
        st.caption(_("Nothing has been imported yet."))
    zone = session.shop().timezone
    for entry in found[:SHOWN]:
        with st.container(border=True):
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.markdown(f"**{entry['file']}**" + (f" · {_('taken back')}" if entry["undone_at"] else ""))
            left.caption(_line(entry, zone))
            if not entry["undone_at"]:
                _undo(right, entry["import_id"])
            if entry["rejected"]:
                with left.popover(_("{n} rejected rows", n=count(entry["rejected"]))):
                    rejected(imports.rejections(session.store(), entry["import_id"])[:500])


def _line(entry: dict[str, Any], zone: str) -> str:
    told = [numbers.moment(entry["imported_at"], zone), _("{n} orders", n=count(entry["orders"])), _("{n} lines", n=count(entry["lines"]))]
    if entry["first_day"]:
        told.append(f"{day(entry['first_day'])} – {day(entry['last_day'])}")
    return " · ".join(told)


def _undo(place: Any, import_id: str) -> None:
    with place.popover(_("Undo")):
        st.markdown(_("Everything this import brought is taken back, as if it had never been. Other imports stay."))
        if st.button(_("Take it back"), key=f"undo_{import_id}"):
            _start("undo", {"import_id": import_id})
