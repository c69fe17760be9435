"""Import page: how each of the files dropped in would be read."""

from pathlib import Path
from typing import Any

import streamlit as st

from crm.errors import CrmError
from crm.orders import inspect, mapping
from crm.orders.inspect import Proposal
from crm.ui import orders_upload, orders_words, session
from crm.ui.words import _, language, sentence


def read(paths: list[Path]) -> tuple[list[Path], dict[str, Any]]:
    """Say what each file is; let the columns of unknown tables be set. The files that can go on, and their mappings by name."""
    usable, chosen_mappings = [], {}
    for path in paths:
        try:
            proposal = _looked_at(str(path))
        except CrmError as refusal:
            st.error(sentence(refusal))
            continue
        with st.container(border=True):
            if proposal.format:
                st.markdown(f"**{proposal.file}**")
                st.caption(_("Recognised: {label} · {encoding}", label=proposal.label, encoding=proposal.encoding))
                usable.append(path)
            elif (told := _columns(proposal, str(path))) is not None:
                usable.append(path)
                chosen_mappings[path.name] = told
    return usable, chosen_mappings


def _looked_at(path: str) -> Proposal:
    seen: dict[str, Proposal] = st.session_state.setdefault("orders_seen", {})
    if path not in seen:
        seen[path] = inspect.inspect_file(Path(path), session.store())
    return seen[path]


def _columns(proposal: Proposal, key: str) -> dict[str, Any] | None:
    """The mapping of an unknown table as it stands on screen, or None while something is missing."""
    st.markdown(f"**{proposal.file}**")
    st.caption(_("This layout is new to us. Please check what each column means; it is remembered for the next file with this header."))
    fields = orders_words.fields()
    names = {"": _("not used")} | fields
    kept = _kept(proposal, key, set(fields))
    rows = [
        {"column": guess.column, "samples": " · ".join(guess.samples[:3]), "meaning": names[field]}
        for guess, field in zip(proposal.guesses, kept["base"], strict=True)
    ]
    edited = st.data_editor(
        rows,
        key=f"orders_map_{key}_{language()}_{kept['turn']}",
        hide_index=True,
        disabled=["column", "samples"],
        column_config={
            "column": st.column_config.TextColumn(_("Column")),
            "samples": st.column_config.TextColumn(_("For example"), width="large"),
            "meaning": st.column_config.SelectboxColumn(_("Means"), options=list(names.values()), required=True),
        },
    )
    back = {text: name for name, text in names.items()}
    kept["now"] = [back[row["meaning"]] for row in edited]
    return _settled(proposal, [(field, place) for place, field in enumerate(kept["now"]) if field])


def _kept(proposal: Proposal, key: str, fields: set[str]) -> dict[str, Any]:
    """What each column means by now; what is chosen stays when the language or the page changes, for which the table is drawn anew."""
    kept: dict[str, Any] = st.session_state.setdefault("orders_told", {}).setdefault(
        key, {"now": [guess.field if guess.field in fields else "" for guess in proposal.guesses], "turn": 0, "language": ""}
    )
    if kept["language"] != language():
        kept |= {"language": language(), "base": kept["now"], "turn": kept["turn"] + 1}
    return kept


def _settled(proposal: Proposal, told: list[tuple[str, int]]) -> dict[str, Any] | None:
    lacking = mapping.lacks({field for field, _place in told})
    double = {field for field, _place in told if [name for name, _other in told].count(field) > 1}
    for name in lacking:
        st.warning(orders_words.lacking(name))
    if double:
        st.warning(_("Two columns mean the same: {names}.", names=", ".join(orders_words.fields()[name] for name in sorted(double))))
    st.caption(orders_words.grain(proposal.grain))
    header = bool(proposal.mapping.get("header", True))
    columns = {field: proposal.names[place] if header else place + 1 for field, place in told}
    return None if lacking or double else {**proposal.mapping, "columns": columns, "header": header}


def forget() -> None:
    """Empty the place to drop files, and what was said about them."""
    orders_upload.forget()
    for kept in ("orders_seen", "orders_told"):
        st.session_state[kept] = {}
