"""All kept segments as a list: found by words and tags, opened, copied, deleted; and the deleted ones with the way back."""

from collections.abc import Callable
from math import ceil

import streamlit as st

from crm import clock
from crm.segments import saved, shelved
from crm.segments.shelved import Listed
from crm.ui import components, conflicts, figures, session
from crm.ui.words import _, language

PAGE = 10


class Key(session.Keys):
    BOX = "shelf_all"
    SEARCH = "shelf_search"
    TAGS = "shelf_tags"
    ROW = "shelf_row"
    OPEN = "shelf_open"
    COPY = "shelf_copy"
    DELETE = "shelf_delete"
    BRING_BACK = "shelf_back"
    PAGES = "shelf_pages"


def show(is_open: bool, act: Callable[[str, Listed], None]) -> None:
    """The list, unfolded where nothing is on screen yet. `act`: what is done with open, copy or delete of a segment."""
    rows, gone = shelved.listed(session.store()), shelved.deleted(session.store())
    if not rows and not gone:
        return
    title = _("All saved segments ({n})", n=figures.count(len(rows)))
    with st.expander(title, expanded=is_open, key=Key.BOX.of(is_open)), components.guard():
        if rows:
            _found(rows, act)
        if gone:
            _deleted()


def _found(rows: list[Listed], act: Callable[[str, Listed], None]) -> None:
    tags = shelved.known_tags(session.store())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(_("Search"), key=Key.SEARCH, placeholder=_("Name, tag or condition"), live=True)
        chosen = st.multiselect(_("With the tags"), tags, key=Key.TAGS, placeholder=_("Any"), select_all=False) if tags else []
    found = shelved.search(session.store(), text or "", chosen, language())
    if not found:
        st.caption(_("No saved segment has these words and tags."))
        return
    pages = ceil(len(found) / PAGE)
    page = components.page(pages, Key.PAGES.of(pages))
    for row in found[(page - 1) * PAGE : page * PAGE]:
        _row(row, act)
    if len(found) < len(rows):
        st.caption(_("{n} of {all} segments", n=figures.count(len(found)), all=figures.count(len(rows))))
    if pages > 1:
        st.pagination(pages, key=Key.PAGES.of(pages))


def _row(row: Listed, act: Callable[[str, Listed], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=Key.ROW.of(row.segment_id)):
        with st.container(gap=None):
            badges = "".join(f" :gray-badge[{components.quoted(tag)}]" for tag in row.tags)
            st.markdown(f"**{components.quoted(row.name)}**{badges}")
            st.caption(_told(row))
        for icon, what, key, hint in (
            ("folder_open", "open", Key.OPEN, _("Open {name}", name=components.quoted(row.name))),
            ("content_copy", "copy", Key.COPY, _("Copy {name}", name=components.quoted(row.name))),
            ("delete", "delete", Key.DELETE, _("Delete {name}", name=components.quoted(row.name))),
        ):
            if st.button("", icon=f":material/{icon}:", help=hint, key=key.of(row.segment_id), type="tertiary"):
                act(what, row)


def _told(row: Listed) -> str:
    kind = _("fixed list") if row.fixed else _("dynamic, {n} rungs", n=figures.count(row.rungs))
    changed = _("changed {moment}", moment=figures.moment(row.updated_at, session.shop().timezone))
    return " · ".join(filter(None, [kind, changed, by(row.changed_by)]))


def by(actor: str) -> str:
    """Who saved it, where users sign in; else nothing."""
    return "" if actor in ("screen", "terminal") else components.quoted(actor)


def _deleted() -> None:
    store = session.store()
    st.caption(_("Recently deleted"))
    for row in shelved.deleted(store):
        with st.container(horizontal=True, vertical_alignment="center"):
            when = figures.moment(row.deleted_at, session.shop().timezone)
            st.markdown(f"{components.quoted(row.name)} :gray[· {when}]", width="content")
            if st.button(_("Bring back"), icon=":material/undo:", key=Key.BRING_BACK.of(row.segment_id), type="tertiary"):
                segment_id = row.segment_id
                conflicts.once(Key.BRING_BACK.of(segment_id), lambda: saved.restore(store, segment_id, clock.now()))  # noqa: B023
                st.rerun()
