"""Import page: how an unknown table is read besides its columns (date order, row = order or line, separator, encoding, currency, zone)."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import streamlit as st

from crm.imports.evidence import Evidence
from crm.imports.inspection import Proposal
from crm.ui import session
from crm.ui.orders import state, wording
from crm.ui.orders.state import Key, MappingDraft
from crm.ui.words import _, language

KEEP_SECONDS = 2 * 24 * 3600
AUTO = ""
FILE_WIDE = ("delimiter", "encoding")
KEPT = ("now", "reading", "answers", "statuses")
"""What outlives a reload: the meaning of each column, how the file is read, which questions were answered, what its words mean."""
ENCODINGS = {"utf-8-sig": "UTF-8", "gb18030": "GB18030 (GBK)", "big5": "Big5", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD", "TWD", "JPY")
ZONES = ("Asia/Shanghai", "UTC", "Asia/Tokyo", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles")


def written(path: Path, kept: MappingDraft, evidence: Evidence | None) -> None:
    """Draw how dates and numbers are written, where that is a question."""
    if evidence and evidence.date_why not in ("none", "clear"):
        order = None if evidence.date_why == "ambiguous" else evidence.date_order
        _choice(path, kept, "date_order", _("Dates are written"), wording.date_orders(), wording.dates(evidence), order)
    if evidence and evidence.decimal_why not in ("none", "plain"):
        each = {AUTO: _("each column as it shows")} if evidence.decimal_why in ("mixed", "differ") else {}
        sign = AUTO if each else None if evidence.decimal_why == "doubt" else evidence.decimal
        _choice(path, kept, "decimal", _("Numbers are written"), each | wording.DECIMALS, wording.decimals(evidence), sign)


def rows(path: Path, kept: MappingDraft, evidence: Evidence | None, fields: set[str]) -> None:
    """Draw whether a row is an order or a line, and what its amount is then."""
    if "order_id" in fields:
        _choice(path, kept, "grain", _("Each row is"), wording.grains(), wording.grain(evidence), evidence.grain if evidence else AUTO)
    if (kept.reading.get("grain") or (evidence.grain if evidence else "")) == "line" and "paid_amount" in fields:
        why = wording.amounts_why(evidence)
        _choice(path, kept, "amounts", _("The amount"), wording.amounts(), why, evidence.amounts if evidence else AUTO)


def beside(path: Path, kept: MappingDraft, proposal: Proposal) -> None:
    """Draw what is rarely changed."""
    with st.expander(_("Separator, encoding, currency, time zone")), st.container(horizontal=True, vertical_alignment="top"):
        text = _("Found: {what}", what=wording.separators().get(proposal.table.delimiter if proposal.table else "", "—"))
        _choice(path, kept, "delimiter", _("Separator"), {AUTO: _("as found")} | wording.separators(), text, AUTO)
        _choice(path, kept, "encoding", _("Encoding"), {AUTO: _("as found")} | ENCODINGS, _("Found: {what}", what=proposal.encoding), AUTO)
        _choice(path, kept, "currency", _("Currency"), {AUTO: _("that of the shop")} | {name: name for name in CURRENCIES}, "", AUTO)
        _choice(
            path, kept, "timezone", _("Time zone of the file"), {AUTO: _("that of the shop")} | {name: name for name in ZONES}, "", AUTO
        )


def said(kept: MappingDraft) -> dict[str, Any]:
    """Only what the person has changed, in the words of a map file."""
    return {name: value for name, value in kept.reading.items() if value}


def _choice(path: Path, kept: MappingDraft, name: str, label: str, options: dict[str, str], why: str, text: str | None) -> None:
    """One selector with its reason; what is chosen goes into `kept`, what was found is only shown. Found None: it has to be chosen."""
    now, names, file = kept.reading.get(name) or text, list(options), state.of(path)
    with st.container(width=260):
        chosen = st.selectbox(
            label,
            names,
            index=names.index(now) if now in names else None if text is None else 0,
            placeholder=_("Please choose"),
            format_func=lambda value: options[value],
            key=Key.READ.of(name, path, language(), text),
        )
        if why:
            st.caption(why)
    before = kept.reading.get(name, AUTO)
    kept.reading[name] = AUTO if chosen in (text, None) else chosen
    if name in FILE_WIDE and before != kept.reading[name]:
        note(path, kept)
        kept.now, file.looked = [], None
        st.rerun()


def unsaid(kept: MappingDraft, evidence: Evidence | None) -> list[str]:
    """What nothing in the file shows and nobody has said: `dates`, `numbers`."""
    open_ = {"dates": evidence and evidence.date_why == "ambiguous" and not kept.reading.get("date_order")}
    open_["numbers"] = evidence and evidence.decimal_why == "doubt" and not kept.reading.get("decimal")
    return [role for role, still in open_.items() if still]


def file_wide(path: Path) -> dict[str, Any]:
    """What was said of the file as a whole, for which it has to be looked at anew."""
    kept = state.of(path).mapping
    match = kept.reading if kept else recalled(path).get("reading", {})
    return {name: value for name, value in match.items() if name in FILE_WIDE and value}


def recalled(path: Path) -> dict[str, Any]:
    """What was chosen for this file before the page was reloaded."""
    try:
        parsed = json.loads(_draft(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: parsed[name] for name in KEPT} if isinstance(parsed, dict) and set(KEPT) <= set(parsed) else {}


def note(path: Path, kept: MappingDraft) -> None:
    """Write down what is chosen for a file; only when it changed. Drafts of files that are gone go too."""
    values = {name: getattr(kept, name) for name in KEPT}
    if values == recalled(path):
        return
    draft = _draft(path)
    draft.parent.mkdir(parents=True, exist_ok=True)
    for old in draft.parent.iterdir():
        if time.time() - old.stat().st_mtime > KEEP_SECONDS:
            old.unlink(missing_ok=True)
    draft.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def _draft(path: Path) -> Path:
    return (session.store().folder or path.parent) / "drafts" / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.json"
