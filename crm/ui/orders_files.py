"""Import page: how each of the files dropped in would be read."""

from pathlib import Path
from typing import Any

import streamlit as st

from crm import uploads
from crm.errors import CrmError
from crm.orders import inspect
from crm.orders.inspect import Proposal
from crm.ui import orders_mapping, orders_reading, orders_upload, orders_words, parts, session
from crm.ui.words import _, sentence


def read(paths: list[Path]) -> tuple[list[Path], dict[str, Any]]:
    """Say what each file is; let the columns of unknown tables be set. The files that can go on, and their mappings by name."""
    usable, chosen_mappings = [], {}
    for path in paths:
        try:
            proposal = _looked_at(path)
        except CrmError as refusal:
            st.error(sentence(refusal))
            continue
        with st.container(border=True):
            if isinstance(proposal, str):
                _known(path.name, orders_words.kinds()[proposal], "")
                usable.append(path)
            elif proposal.format:
                _known(proposal.file, proposal.label, proposal.encoding)
                usable.append(path)
            elif (told := orders_mapping.columns(proposal, path)) is not None:
                usable.append(path)
                chosen_mappings[path.name] = told
    return usable, chosen_mappings


def _known(file: str, label: str, encoding: str) -> None:
    st.markdown(f"**{parts.quoted(file)}**")
    said = _("Recognised: {label} · {encoding}", label=label, encoding=encoding) if encoding else _("Recognised: {label}", label=label)
    st.caption(said)


def _looked_at(path: Path) -> Proposal | str:
    """What a file is: a table of orders, or the name of another kind. Looked at once."""
    seen: dict[str, Proposal | str] = st.session_state.setdefault("orders_seen", {})
    if str(path) not in seen:
        seen[str(path)] = _look(path)
    return seen[str(path)]


def _look(path: Path) -> Proposal | str:
    with st.spinner(_("Looking at {file} …", file=path.name)):
        given = orders_reading.file_wide(path)
        kind = uploads.ORDERS if given else uploads.propose(path, session.store()).kind
        return kind if kind != uploads.ORDERS else inspect.inspect_file(path, session.store(), given)


def forget() -> None:
    """Empty the place to drop files."""
    orders_upload.forget()
    for kept in ("orders_seen", "orders_told", "orders_previews"):
        st.session_state[kept] = {}
