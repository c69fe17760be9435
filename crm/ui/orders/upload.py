"""Import page: the place to drop files. They are streamed to the data folder and stay there until they are imported or removed."""

from pathlib import Path

import streamlit as st

from crm import jobs, works
from crm.imports import opening
from crm.ui import session
from crm.ui.orders.state import Key, OrdersState
from crm.ui.words import _, language
from crm.web import upload_files, upload_owner

PARTS = Path(__file__).parent / "uploader"
_draw = st.components.v2.component(
    "huitou_upload",
    html=(PARTS / "uploader.html").read_text(encoding="utf-8"),
    css=(PARTS / "uploader.css").read_text(encoding="utf-8"),
    js=(PARTS / "uploader.js").read_text(encoding="utf-8"),
)


def chosen() -> list[Path]:
    """Draw the place to drop files; where those lie that arrived: the same after a rerun, a reload, a change of the page."""
    page, env, mark = session.state(OrdersState), session.environment(), _mark()
    busy = upload_files.paths_of(jobs.running(session.store(), works.Import))
    here = [upload for upload in upload_files.listed(env.data, upload_owner.folder_name(mark)) if upload.path not in busy]
    page.draws += 1
    _draw(
        key=Key.UPLOAD,
        data={
            "ticket": upload_owner.ticket(env, mark),
            "files": [{"id": upload.id, "name": upload.name, "bytes": upload.bytes} for upload in here],
            "kinds": list(opening.EXTENSIONS),
            "limit": env.upload_limit_mb,
            "run": page.draws,
            "language": language().replace("_", "-"),
            "words": _words(env.upload_limit_mb),
        },
        on_changed_change=lambda: None,
    )
    return [upload.path for upload in here]


def _mark() -> str:
    """Who this browser is: its cookie, so that a reload finds the same files; without cookies the session."""
    page = session.state(OrdersState)
    page.mark = page.mark or str(st.context.cookies.get(upload_owner.COOKIE) or upload_owner.new_mark())
    return page.mark


def _words(limit: int) -> dict[str, str]:
    return {
        "label": _("Order files and item files, several at once"),
        "choose": _("Choose files"),
        "drop": _("or drop them here"),
        "kinds": _("{kinds} · up to {n} MB each", kinds=", ".join(opening.EXTENSIONS), n=f"{limit:,}"),
        "waiting": _("waiting"),
        "progress": _("{percent} · {done} of {total}"),
        "checking": _("being written"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "sure": _("Yes, remove"),
        "keep": _("Keep"),
        "again": _("Try again"),
        "arrived": _("{name} has arrived."),
        "cancelled": _("{name} was cancelled. Nothing of it was kept."),
        "broken": _("The connection broke off. Nothing of this file was kept."),
        "unwanted": _("This is not a kind of file that can be imported. It was not uploaded."),
        "large": _("This file is larger than {n} MB. It was not uploaded.", n=f"{limit:,}"),
        "empty": _("This file is empty. It was not uploaded."),
    }


def forget() -> None:
    """The import has been asked for: its files belong to it and are no longer offered. They come back if it is refused."""
