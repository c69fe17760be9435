"""Import page: the list of imports with their way back, and who did what."""

import pandas as pd
import streamlit as st

from crm import uploads, works
from crm.accounts import audit
from crm.imports import history
from crm.imports.history import Imported, Undoing
from crm.segments import export
from crm.ui import components, figures, reveal, session
from crm.ui.audit import view as audit_words
from crm.ui.figures import count, day
from crm.ui.orders import outcome, view, wording
from crm.ui.orders.state import Key
from crm.ui.words import _, language
from crm.uploads.undoing import Preview

PAGE = 10
SHOWN = 200
TRAIL = 100


def earlier() -> None:
    """The list of imports, newest first, a page at a time."""
    total = history.number(session.store())
    if not total:
        st.caption(_("Nothing has been imported yet."))
        return
    pages = -(-total // PAGE)
    now = components.page(pages, Key.PAGE)
    for entry in history.listed(session.store(), PAGE, (now - 1) * PAGE):
        with st.container(border=True):
            _entry(entry)
    if pages > 1:
        st.pagination(pages, key=Key.PAGE)


def _entry(entry: Imported) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        st.markdown(f"**{components.quoted(entry.file)}**" + (f" · {_('taken back')}" if entry.undone_at else ""))
        st.caption(" · ".join(_line(entry)))
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if entry.rejected and st.button(_("{n} rejected rows", n=count(entry.rejected)), key=Key.BAD.of(entry.import_id), type="tertiary"):
            st.dialog(_("Rows that were not taken over"), width="large")(_rejected)(entry)
        if not entry.undone_at and st.button(_("Undo"), key=Key.UNDO.of(entry.import_id)):
            st.dialog(_("Take this import back?"))(_undo)(entry)


def _line(entry: Imported) -> list[str]:
    zone = session.shop().timezone
    kind = entry.kind or "orders"
    items = [figures.moment(entry.imported_at, zone), _actors().get(entry.actor or "", "")]
    items += [wording.kinds().get(kind, kind) if kind != "orders" else "", _("{n} rows", n=count(entry.rows))]
    if kind == "orders":
        items += [
            _("{n} orders", n=count(entry.orders)) if entry.orders else "",
            _("{n} lines", n=count(entry.lines)) if entry.lines else "",
        ]
    if entry.first_day:
        items.append(f"{day(entry.first_day)} – {day(entry.last_day)}")
    if entry.took_ms:
        items.append(_("{n} s", n=f"{entry.took_ms / 1000:,.1f}"))
    return [words for words in items if words]


def _rejected(entry: Imported) -> None:
    reveal.offer_inside(entry.import_id)
    words = _("Download them, mend the cells, save, and drop the file in: only these rows are imported.")
    outcome.download(entry.import_id, entry.file, words, "list")
    outcome.rejected(history.rejections(session.store(), entry.import_id, SHOWN), entry.rejected, entry.import_id)


def _undo(entry: Imported) -> None:
    st.markdown(f"**{components.quoted(entry.file)}**")
    with components.guard():
        items = history.undo_preview(session.store(), entry.import_id), uploads.preview(session.store(), entry.import_id)
        for sentence in _consequences(*items):
            st.markdown("- " + sentence)
        st.caption(_("Everything this import brought is taken back, as if it had never been. Other imports stay."))
        if st.button(_("Take it back"), key=Key.UNDO_GO.of(entry.import_id), type="primary"):
            view.start(works.Undo(entry.import_id))


def _consequences(orders: Undoing, other: Preview) -> list[str]:
    items = []
    if other.kind == "orders":
        items.append(
            _("{n} orders go, {restored} get back what an earlier file said.", n=count(orders.removed), restored=count(orders.restored))
        )
        if orders.shared:
            items.append(_("{n} orders stay as they are: other imports told the same.", n=count(orders.shared)))
    if other.freed:
        items.append(_("{n} people can be written to again.", n=count(other.freed)))
    if orders.later:
        items.append(_("{n} later imports stay.", n=count(orders.later)))
    return items


def trail() -> None:
    """Who did what, the newest first: a quiet list."""
    with st.expander(_("Who did what")):
        result = audit.latest(session.store(), TRAIL, list(wording.actions()))
        if not result:
            st.caption(_("Nothing has been imported yet."))
            return
        zone, names = session.shop().timezone, wording.actions() | audit_words.actions()
        files = history.names(session.store(), [row.detail.partition(":")[0] for row in result])
        rows = [
            {
                _("When"): figures.moment(row.happened_at, zone),
                _("By"): _actors().get(row.actor, row.actor),
                _("Action"): names.get(row.action, row.action),
                _("File"): files.get(row.detail.partition(":")[0], "—"),
                _("Details"): row.detail,
            }
            for row in result
        ]
        st.dataframe(export.shown(pd.DataFrame(rows)), hide_index=True, placeholder="", key=Key.TRAIL.of(language()))


def _actors() -> dict[str, str]:
    """Who brought a file or did something."""
    return {"screen": _("on screen"), "terminal": _("in the terminal"), "inbox": _("from the inbox")}
