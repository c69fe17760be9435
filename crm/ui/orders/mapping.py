"""Import page: an unknown table: what each column means, how the table is read, and the first orders as they would be taken over."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from crm.imports import amounts, wording
from crm.imports.evidence import Evidence
from crm.imports.inspection import Proposal
from crm.imports.previewing import Preview
from crm.layouts import mapping
from crm.layouts.mapping import Guess
from crm.segments import export
from crm.ui import components, figures, personal, session
from crm.ui.orders import meanings, preview, questions, reading, reasons, repeated, state
from crm.ui.orders import wording as orders_words
from crm.ui.orders.state import Key, MappingDraft
from crm.ui.words import _, language

SURE, LIKELY = 0.9, 0.5
CHOICES = ("grain", "amounts", "date_order", "decimal", "currency", "timezone", "encoding")


def columns(proposal: Proposal, path: Path) -> dict[str, Any] | None:
    """The mapping of an unknown table as it stands on screen, or None while something is missing."""
    if proposal.file != path.name:  # a sheet or a member of it
        st.markdown(f"**{components.quoted(proposal.file)}**")
    if proposal.table and not proposal.table.rows:
        st.warning(_("It has a header and no rows below it. Please export it again."))
        return None
    _said(proposal)
    kept = remembered(proposal, path)
    questions.ask(proposal, path, kept)
    _editor(proposal, path, kept)
    questions.follow(proposal, kept)
    items = [(field, place) for place, field in enumerate(kept.now) if field]
    still = questions.unanswered(proposal, kept)
    if _lacking(items, still) or still:
        _not_yet(path, kept, still)
        return None
    given = _given(proposal, items)
    seen = preview.made(proposal, path, given)
    if meanings.ask(path, kept, _words(proposal, seen, dict(items)), dict(items)):
        still.append("words")
    result = _evidence(proposal, seen, dict(items))
    given |= _decided(result) | ({"statuses": dict(kept.statuses)} if kept.statuses else {})
    still += _read(proposal, path, kept, given, result)
    given |= reading.said(kept)
    preview.draw(preview.made(proposal, path, given), path, given, bool(still))
    if still:
        _not_yet(path, kept, still)
        return None
    _keep(path, kept)
    return given


def _read(proposal: Proposal, path: Path, kept: MappingDraft, given: dict[str, Any], evidence: Evidence | None) -> list[str]:
    """Draw how the table is read besides its columns; what of it is still to be said."""
    question, line = st.container(), st.container(horizontal=True, vertical_alignment="top")
    with line:
        reading.written(path, kept, evidence)
    still = reading.unsaid(kept, evidence)
    repeats = None if still else repeated.repeats(proposal, path, given | reading.said(kept))
    with question:
        if repeats and repeated.ask(path, kept, repeats):
            still.append("repeats")
    with line:
        if not repeats:
            reading.rows(path, kept, evidence, set(given["columns"]))
    reading.beside(path, kept, proposal)
    return still


def _not_yet(path: Path, kept: MappingDraft, still: list[str]) -> None:
    """Keep what was said so far, and say what is not."""
    _keep(path, kept)
    if still:
        what = ("、" if language() == "zh_CN" else ", ").join(reasons.open_roles()[role] for role in still)
        st.warning(_("Still to be said before this file can be imported: {what}.", what=what))


def _decided(evidence: Evidence | None) -> dict[str, str]:
    """What the whole column showed, so that a mended part of the file is read like the whole. What it left open stays open."""
    lines = {"grain": "line", "amounts": evidence.amounts} if evidence and evidence.grain == "line" else {}
    dates = {"date_order": evidence.date_order} if evidence and evidence.date_why in ("shown", "dots", "language") else {}
    return lines | dates | ({"decimal": evidence.decimal} if evidence and evidence.decimal_why == "shown" else {})


def _said(proposal: Proposal) -> None:
    if proposal.remembered_at:
        day = figures.moment(proposal.remembered_at, session.shop().timezone)[:10]
        st.caption(_("Read as last time, on {day}; change what is wrong.", day=day))
    else:
        st.caption(_("This layout is new to us. Please check what each column means; it is remembered for the next file with this header."))


def _editor(proposal: Proposal, path: Path, kept: MappingDraft) -> None:
    names = {"": _("not used")} | orders_words.fields()
    rows = [
        {
            "column": guess.column,
            "samples": " · ".join(export.safe(personal.cell(guess.field, cell)) for cell in guess.samples if cell.strip())[:60],
            "sure": _confidence(guess, field, bool(proposal.remembered_at)),
            "meaning": names[field],
        }
        for guess, field in zip(proposal.guesses, kept.base, strict=True)
    ]
    edited = st.data_editor(
        rows,
        key=Key.MAP.of(path, language(), kept.turn),
        hide_index=True,
        placeholder="",
        disabled=["column", "samples", "sure"],
        column_config={
            "column": st.column_config.TextColumn(_("Column")),
            "samples": st.column_config.TextColumn(_("For example"), width="large"),
            "sure": st.column_config.TextColumn(_("How sure"), width=190),
            "meaning": st.column_config.SelectboxColumn(_("Means"), options=list(names.values()), required=True, width=230),
        },
    )
    back = {text: name for name, text in names.items()}
    kept.now = [back[row["meaning"]] for row in edited]


def _confidence(guess: Guess, chosen: str, result: bool) -> str:
    """How sure the proposal is, and why; what a person said is no guess."""
    proposed = guess.field or ""
    if result or proposed != chosen:
        return "" if not chosen else _("as last time") if result and proposed == chosen else _("as you said")
    if not chosen:
        return ""
    sure = _("sure") if guess.confidence >= SURE else _("likely") if guess.confidence >= LIKELY else _("a guess")
    why = reasons.taken_because(guess.why, chosen)
    return _("{sure}: {why}", sure=sure, why=why) if why else sure


def remembered(proposal: Proposal, path: Path) -> MappingDraft:
    """What is chosen by now: kept over a change of language or page in the session, over a reload beside the file."""
    file = state.of(path)
    if file.mapping is None:
        file.mapping = replace(_unsaid(proposal), **reading.recalled(path))
    kept = file.mapping
    if len(kept.now) != len(proposal.guesses):
        unsaid = _unsaid(proposal)
        kept.now, kept.answers, kept.statuses, kept.language = unsaid.now, unsaid.answers, unsaid.statuses, ""
    drawn = f"{language()} {personal.full()}"
    if kept.language != drawn:
        kept.language, kept.base, kept.turn = drawn, kept.now, kept.turn + 1
    return kept


def _unsaid(proposal: Proposal) -> MappingDraft:
    """What is proposed, before the person has said anything."""
    return MappingDraft(questions.fresh(proposal), _reading(proposal), {}, dict(proposal.mapping.get("statuses", {})))


def _reading(proposal: Proposal) -> dict[str, str]:
    """What was chosen for the last file with this header; where this file shows how it writes dates or numbers, that counts."""
    seen = proposal.evidence
    shown = {"date_order"} if seen and seen.date_why == "shown" else set()
    shown |= {"decimal"} if seen and seen.decimal_why in ("shown", "differ") else set()
    return {name: proposal.mapping[name] for name in CHOICES if name in proposal.mapping and name not in shown}


def _keep(path: Path, kept: MappingDraft) -> None:
    reading.note(path, kept)


def _lacking(items: list[tuple[str, int]], asked: list[str]) -> bool:
    """Say what is missing and is not `asked` above, and what follows from it; whether nothing can be read without it."""
    fields = [field for field, _place in items]
    lacking = mapping.lacks(set(fields))
    double = sorted({field for field in fields if fields.count(field) > 1})
    for name in lacking if not asked else []:
        st.warning(orders_words.lacking(name))
    if double:
        st.warning(_("Two columns mean the same: {names}.", names=", ".join(orders_words.fields()[name] for name in double)))
    for sentence in orders_words.consequences(set(fields)) if not lacking and not asked else []:
        st.caption(":material/info: " + sentence)
    return bool(lacking or double)


def _given(proposal: Proposal, items: list[tuple[str, int]]) -> dict[str, Any]:
    header = bool(proposal.mapping.get("header", True))
    named = {field: proposal.names[place] if header else place + 1 for field, place in items}
    kept = {name: value for name, value in proposal.mapping.items() if name not in (*CHOICES, "statuses", "carry")}
    carry = {"carry": True} if proposal.table and mapping.carries(proposal.table, dict(items)) else {}
    return {**kept, **carry, "columns": named, "header": header}


def _words(proposal: Proposal, seen: Preview, values: dict[str, int]) -> dict[str, int]:
    """The words of the whole file's status, as long as it is the same column; else those of the sample."""
    return proposal.words if _same(proposal, values, wording.COLUMNS) else seen.words


def _evidence(proposal: Proposal, seen: Preview, values: dict[str, int]) -> Evidence | None:
    """What the whole file said, as long as the columns it was asked about are still the same; else what the sample says."""
    whole, sample = proposal.evidence, seen.evidence
    if not whole or not sample:
        return sample or whole
    if _same(proposal, values, mapping.MOMENTS):
        sample = replace(sample, **{name: getattr(whole, name) for name in ("date_order", "date_why", "date_example")})
    if _same(proposal, values, amounts.FIELDS):
        sample = replace(sample, **{name: getattr(whole, name) for name in ("decimal", "decimal_why", "decimal_example")})
    if _same(proposal, values, ("order_id", "item_title", "sku_code", *amounts.FIELDS)):
        sample = replace(sample, **{name: getattr(whole, name) for name in ("grain", "repeated", "orders", "amounts", "rows")})
    return sample


def _same(proposal: Proposal, values: dict[str, int], fields: tuple[str, ...]) -> bool:
    asked = mapping.chosen(proposal.guesses)
    return all(asked.get(name) == values.get(name) for name in fields)
