"""Import page: an unknown table: what each column means, how the table is read, and the first orders as they would be taken over."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from crm.orders import amounts, mapping, previewing
from crm.orders.evidence import Evidence
from crm.orders.inspect import Proposal
from crm.orders.previewing import Preview
from crm.segments import export
from crm.ui import numbers, orders_reading, orders_words, parts, session
from crm.ui.numbers import count, money
from crm.ui.words import _, language

SURE, LIKELY = 0.9, 0.5
CHOICES = ("grain", "amounts", "date_order", "decimal", "currency", "timezone", "encoding")


def columns(proposal: Proposal, path: Path) -> dict[str, Any] | None:
    """The mapping of an unknown table as it stands on screen, or None while something is missing."""
    if proposal.file != path.name:  # a sheet or a member of it
        st.markdown(f"**{parts.quoted(proposal.file)}**")
    _said(proposal)
    kept = remembered(proposal, path)
    _editor(proposal, path, kept)
    told = [(field, place) for place, field in enumerate(kept["now"]) if field]
    if _lacking(told):
        _keep(path, kept)
        return None
    given = _given(proposal, told)
    seen = _preview(proposal, path, given)
    found = _evidence(proposal, seen, dict(told))
    given |= orders_reading.choices(path, kept, proposal, found, {field for field, _place in told})
    _keep(path, kept)
    given = _decided(found) | given
    _shown(_preview(proposal, path, given), path)
    return given


def _decided(found: Evidence | None) -> dict[str, str]:
    """What the whole column showed, so that a mended part of the file is read like the whole. What it left open stays open."""
    lines = {"grain": "line", "amounts": found.amounts} if found and found.grain == "line" else {}
    dates = {"date_order": found.date_order} if found and found.date_why in ("shown", "dots") else {}
    return lines | dates | ({"decimal": found.decimal} if found and found.decimal_why == "shown" else {})


def _said(proposal: Proposal) -> None:
    if proposal.remembered_at:
        day = numbers.moment(proposal.remembered_at, session.shop().timezone)[:10]
        st.caption(_("Read as last time, on {day}; change what is wrong.", day=day))
    else:
        st.caption(_("This layout is new to us. Please check what each column means; it is remembered for the next file with this header."))


def _editor(proposal: Proposal, path: Path, kept: dict[str, Any]) -> None:
    names = {"": _("not used")} | orders_words.fields()
    rows = [
        {
            "column": guess.column,
            "samples": " · ".join(export.safe(sample) for sample in guess.samples if sample.strip())[:60],
            "sure": _confidence(guess.confidence, guess.field or "", field, bool(proposal.remembered_at)),
            "meaning": names[field],
        }
        for guess, field in zip(proposal.guesses, kept["base"], strict=True)
    ]
    edited = st.data_editor(
        rows,
        key=f"orders_map_{path}_{language()}_{kept['turn']}",
        hide_index=True,
        placeholder="",
        disabled=["column", "samples", "sure"],
        column_config={
            "column": st.column_config.TextColumn(_("Column")),
            "samples": st.column_config.TextColumn(_("For example"), width="large"),
            "sure": st.column_config.TextColumn(_("How sure"), width=80),
            "meaning": st.column_config.SelectboxColumn(_("Means"), options=list(names.values()), required=True, width=230),
        },
    )
    back = {text: name for name, text in names.items()}
    kept["now"] = [back[row["meaning"]] for row in edited]


def _confidence(score: float, proposed: str, chosen: str, told: bool) -> str:
    """How sure the proposal is; what a person said is no guess."""
    if told or proposed != chosen:
        return "" if not chosen and not proposed else _("as last time") if told and proposed == chosen else _("as you said")
    if not chosen:
        return ""
    return _("sure") if score >= SURE else _("likely") if score >= LIKELY else _("a guess")


def remembered(proposal: Proposal, path: Path) -> dict[str, Any]:
    """What is chosen by now: kept over a change of language or page in the session, over a reload beside the file."""
    told: dict[str, Any] = st.session_state.setdefault("orders_told", {})
    fields = set(orders_words.fields())
    if str(path) not in told:
        fresh = [guess.field if guess.field in fields else "" for guess in proposal.guesses]
        told[str(path)] = {"now": fresh, "turn": 0, "language": "", "reading": _reading(proposal)} | orders_reading.recalled(path)
    kept: dict[str, Any] = told[str(path)]
    if len(kept["now"]) != len(proposal.guesses):
        kept |= {"now": [guess.field if guess.field in fields else "" for guess in proposal.guesses], "language": ""}
    if kept["language"] != language():
        kept |= {"language": language(), "base": kept["now"], "turn": kept["turn"] + 1}
    return kept


def _reading(proposal: Proposal) -> dict[str, Any]:
    """What was chosen for the last file with this header; where this file shows how it writes dates or numbers, that counts."""
    seen = proposal.evidence
    shown = {"date_order"} if seen and seen.date_why == "shown" else set()
    shown |= {"decimal"} if seen and seen.decimal_why in ("shown", "differ") else set()
    return {name: proposal.mapping[name] for name in CHOICES if name in proposal.mapping and name not in shown}


def _keep(path: Path, kept: dict[str, Any]) -> None:
    orders_reading.note(path, {"now": kept["now"], "reading": kept["reading"]})


def _lacking(told: list[tuple[str, int]]) -> bool:
    """Say what is missing and what follows from it; whether nothing can be read without it."""
    fields = [field for field, _place in told]
    lacking = mapping.lacks(set(fields))
    double = sorted({field for field in fields if fields.count(field) > 1})
    for name in lacking:
        st.warning(orders_words.lacking(name))
    if double:
        st.warning(_("Two columns mean the same: {names}.", names=", ".join(orders_words.fields()[name] for name in double)))
    for sentence in orders_words.consequences(set(fields)) if not lacking else []:
        st.caption(":material/info: " + sentence)
    return bool(lacking or double)


def _given(proposal: Proposal, told: list[tuple[str, int]]) -> dict[str, Any]:
    header = bool(proposal.mapping.get("header", True))
    named = {field: proposal.names[place] if header else place + 1 for field, place in told}
    kept = {name: value for name, value in proposal.mapping.items() if name not in CHOICES}
    return {**kept, "columns": named, "header": header}


def _preview(proposal: Proposal, path: Path, given: dict[str, Any]) -> Preview:
    """The preview for exactly this mapping, worked out once."""
    seen: dict[str, Preview] = st.session_state.setdefault("orders_previews", {})
    key = f"{path}|{json.dumps(given, sort_keys=True)}|{proposal.encoding}|{len(proposal.names)}"
    if key not in seen and proposal.table:
        if len(seen) > 50:
            seen.clear()
        seen[key] = previewing.preview(session.store(), proposal.table, given, session.shop())
    return seen.get(key, Preview())


def _evidence(proposal: Proposal, seen: Preview, told: dict[str, int]) -> Evidence | None:
    """What the whole file said, as long as the columns it was asked about are still the same; else what the sample says."""
    asked = mapping.chosen(proposal.guesses)
    watched = {"order_id", "created_at", "paid_at", "item_title", "sku_code", *amounts.FIELDS}
    same = all(asked.get(name) == told.get(name) for name in watched)
    return proposal.evidence if same else seen.evidence


def _shown(seen: Preview, path: Path) -> None:
    st.markdown(_("**The first orders as they would be read**"))
    if not seen.orders:
        st.warning(_("No order can be read this way. Please check what the columns mean."))
    else:
        right = {_(name): st.column_config.TextColumn(alignment="right") for name in ("Paid", "Refunded")}
        st.dataframe(_table(seen), hide_index=True, placeholder="", column_config=right, key=f"orders_preview_{path}_{language()}")
    if not seen.rejected:
        st.caption(_("{told} orders from the first {rows} rows; every row could be read.", told=count(seen.told), rows=count(seen.rows)))
        return
    st.caption(
        _(
            "{told} orders from the first {rows} rows; {bad} rows could not be read:",
            told=count(seen.told), rows=count(seen.rows), bad=count(len(seen.rejected)),
        )
    )  # fmt: skip
    st.markdown("\n".join(f"- {line}" for line in _unreadable(seen)))


def _unreadable(seen: Preview) -> list[str]:
    """Each kind of unreadable cell once: column, reason, how many, one example."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in seen.rejected:
        found.setdefault((entry.column or "", entry.reason), []).append(f"{entry.value or ''}")
    said = []
    for (column, reason), values in found.items():
        example = next((parts.quoted(value[:40]) for value in values if value), "—")
        told = {"column": parts.quoted(column) or "—", "n": count(len(values)), "reason": _(reason), "example": example}
        said.append(_("{column}: {reason} {n} times, for example {example}", **told))
    return said


def _table(seen: Preview) -> pd.DataFrame:
    words, own = orders_words.statuses(), session.shop().currency
    rows = [
        {
            _("Order"): row["order_id"],
            _("Buyer"): row["buyer"] or "—",
            _("Date"): f"{row['moment']:%Y-%m-%d %H:%M}" if row["moment"] else "—",
            _("Paid"): money(row["paid"], own, cents=True),
            _("Refunded"): money(row["refunded"], own, cents=True) if row["refunded"] else "—",
            _("Status"): words.get(row["status"], row["status"]),
            _("Place"): row["place"] or "—",
            _("Product"): row["titles"] or "—",
        }
        for row in seen.orders
    ]
    return export.shown(pd.DataFrame(rows))
