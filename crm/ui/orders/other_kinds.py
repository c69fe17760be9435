"""Import page: what is no order file (dossiers, consents, reviews and inquiries, products): its kind, its columns, its numbers in words."""

import csv
import io
from pathlib import Path
from typing import Any

import streamlit as st

from crm import uploads
from crm.segments import export
from crm.ui import components, personal, session
from crm.ui.figures import count
from crm.ui.orders import state
from crm.ui.orders.state import Key, OtherTable
from crm.ui.words import _, label, language
from crm.uploads import Proposal, Upload


def kind(path: Path, text: str) -> str:
    """What the file holds: as its header says, or as the person says."""
    st.markdown(f"**{components.quoted(path.name)}**")
    file, names = state.of(path), [uploads.ORDERS, *uploads.KINDS]
    before = file.other.kind or text
    chosen = st.selectbox(
        _("This file holds"),
        names,
        names.index(before),
        lambda one: _("Orders or their lines") if one == uploads.ORDERS else label(uploads.KINDS[one]),
        key=Key.OTHER_KIND.of(path, language()),
        width=300,
    )
    if chosen != before:
        file.other = OtherTable()
    file.other.kind = str(chosen)
    return file.other.kind


def columns(path: Path, kind: str, text: str) -> dict[str, Any] | None:
    """The mapping of such a table: empty where its header says it all, None while something is missing."""
    result, upload = state.of(path).other, uploads.KINDS[kind]
    if result.proposal is None:
        result.proposal = uploads.propose(path, session.store(), kind)
        result.now = list(result.proposal.fields)
    proposal = result.proposal
    used = len([field for field in result.now if field])
    rows = _("{n} rows", n=count(proposal.rows)) if proposal.rows is not None else ""
    listed = _("Recognised: {label}", label=label(proposal.listed)) if proposal.listed else label(upload)
    st.caption(" · ".join(filter(None, [listed, rows, _("{n} of {all} columns are used", n=used, all=len(result.now))])))
    missing = uploads.lacks(upload, {field for field in result.now if field}, proposal.listed)
    with st.expander(_("What each column means"), expanded=bool(missing)):
        result.now = _editor(path, upload, proposal, result)
    missing = uploads.lacks(upload, {field for field in result.now if field}, proposal.listed)
    for group in missing:
        st.warning(_("One of these columns is needed: {names}.", names=", ".join(_title(upload, name) for name in group)))
    double = sorted({field for field in result.now if field and result.now.count(field) > 1})
    if double:
        st.warning(_("Two columns mean the same: {names}.", names=", ".join(_title(upload, name) for name in double)))
    if missing or double:
        return None
    return {} if kind == text and result.now == proposal.fields else proposal.mapping(result.now)


def _title(upload: Upload, field: str) -> str:
    """A field as the template names it."""
    return upload.columns[field][0 if language() == "zh_CN" else 1]


def _editor(path: Path, upload: Upload, proposal: Proposal, table: OtherTable) -> list[str | None]:
    names = {"": _("not used")} | {field: _title(upload, field) for field in upload.columns}
    drawn = f"{language()} {personal.full()}"
    if table.language != drawn:
        table.language, table.base, table.turn = drawn, list(table.now), table.turn + 1
    rows = [
        {
            "column": name,
            "samples": " · ".join(export.safe(personal.cell(kept, text)) for text in samples[:3]),
            "meaning": names[field or ""],
        }
        for name, samples, kept, field in zip(proposal.names, proposal.samples, proposal.fields, table.base, strict=True)
    ]
    edited = st.data_editor(
        rows,
        key=Key.OTHER_MAP.of(path, upload.name, language(), table.turn),
        hide_index=True,
        placeholder="",
        disabled=["column", "samples"],
        column_config={
            "column": st.column_config.TextColumn(_("Column")),
            "samples": st.column_config.TextColumn(_("For example"), width="large"),
            "meaning": st.column_config.SelectboxColumn(_("Means"), options=list(dict.fromkeys(names.values())), required=True, width=200),
        },
    )
    back = {text: name for name, text in names.items()}
    return [back[row["meaning"]] or None for row in edited]


def templates() -> None:
    """A file to fill in for each kind: the header and one row."""
    with st.expander(_("Customer dossiers, consents, reviews: templates to fill in")):
        st.caption(_("Excel or csv. Columns may be missing and in any order; each person is known by account, phone or e-mail."))
        with st.container(horizontal=True):
            for upload in uploads.KINDS.values():
                if upload.example:
                    name = f"{label(upload)}.csv"
                    st.download_button(
                        label(upload),
                        _template(upload),
                        name,
                        "text/csv",
                        key=Key.TEMPLATE.of(upload.name),
                        on_click="ignore",
                        icon=":material/download:",
                    )


def _template(upload: Upload) -> bytes:
    lines = io.StringIO(newline="")
    out = csv.writer(lines)
    out.writerow([_title(upload, field) for field in upload.example])
    example = upload.example if language() == "zh_CN" else upload.example | upload.english
    out.writerow(example.values())
    return lines.getvalue().encode("utf-8-sig")


def counts() -> dict[str, str]:
    """What such a file came to."""
    return {
        "good_review": _("Good reviews"),
        "fair_review": _("Fair reviews"),
        "bad_review": _("Bad reviews"),
        "inquiry": _("Inquiries"),
        "dispute": _("Disputes"),
    }


def remarks(values: dict[str, int]) -> list[str]:
    """What has to be said beside the numbers."""
    if not values.get("without_effect"):
        return []
    return [_("{n} said no before: a file never lifts that, they are still not written to.", n=count(values["without_effect"]))]
