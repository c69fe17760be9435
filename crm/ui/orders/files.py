"""Import page: how each of the files dropped in would be read."""

from pathlib import Path
from typing import Any

import streamlit as st

from crm import uploads
from crm.errors import CrmError
from crm.imports import inspection
from crm.imports.inspection import Proposal
from crm.layouts import registry
from crm.reading.tables import WORKBOOK
from crm.ui import components, session
from crm.ui.orders import mapping, other_kinds, reading, state, upload
from crm.ui.words import _, language, sentence


def read(paths: list[Path]) -> tuple[list[Path], dict[str, Any]]:
    """Say what each file is; let the columns of unknown tables be set. The files that can go on, and their mappings by name."""
    usable: list[Path] = []
    chosen_mappings: dict[str, Any] = {}
    for path in paths:
        try:
            proposal = _looked_at(path)
        except CrmError as refusal:
            st.error(sentence(refusal))
            continue
        with st.container(border=True):
            if isinstance(proposal, Proposal) and proposal.format:
                _known(
                    proposal.file, registry.label(proposal.format, language()), "" if proposal.encoding == WORKBOOK else proposal.encoding
                )
                usable.append(path)
            elif (result := _columns(proposal, path)) is not None:
                usable.append(path)
                chosen_mappings |= {path.name: result} if result else {}
    return usable, chosen_mappings


def _columns(proposal: Proposal | str, path: Path) -> dict[str, Any] | None:
    """What a table that is no known layout holds, and its columns: nothing where the file says so itself, None while one is missing."""
    result = uploads.ORDERS if isinstance(proposal, Proposal) else proposal
    kind = other_kinds.kind(path, result)
    if kind != uploads.ORDERS:
        return other_kinds.columns(path, kind, result)
    return mapping.columns(proposal if isinstance(proposal, Proposal) else _as_orders(path), path)


def _as_orders(path: Path) -> Proposal:
    """Read as orders all the same, because the person says so."""
    file = state.of(path)
    if file.as_orders is None:
        file.as_orders = inspection.inspect_file(path, session.store(), reading.file_wide(path))
    return file.as_orders


def _known(file: str, label: str, encoding: str) -> None:
    st.markdown(f"**{components.quoted(file)}**")
    text = _("Recognised: {label} · {encoding}", label=label, encoding=encoding) if encoding else _("Recognised: {label}", label=label)
    st.caption(text)


def _looked_at(path: Path) -> Proposal | str:
    """What a file is: a table of orders, or the name of another kind. Looked at once."""
    file = state.of(path)
    if file.looked is None:
        file.looked = _look(path)
    return file.looked


def _look(path: Path) -> Proposal | str:
    with st.spinner(_("Looking at {file} …", file=components.quoted(path.name))):
        given = reading.file_wide(path)
        kind = uploads.ORDERS if given else uploads.propose(path, session.store()).kind
        return kind if kind != uploads.ORDERS else inspection.inspect_file(path, session.store(), given)


def forget() -> None:
    """Empty the place to drop files."""
    upload.forget()
    session.state(state.OrdersState).files.clear()
