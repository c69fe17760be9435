"""Import page: the place to drop files, and where they are kept in the data folder until they are imported."""

import shutil
import time
import uuid
from pathlib import Path
from typing import Any

import streamlit as st

from crm.ui import session
from crm.ui.words import _

KEEP_SECONDS = 2 * 24 * 3600
KINDS = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods"]


def chosen() -> list[Path]:
    """Draw the place to drop files; where they were put, the same on every rerun."""
    turn = st.session_state.setdefault("orders_turn", 0)
    dropped = st.file_uploader(
        _("Order files and item files, several at once"), type=KINDS, accept_multiple_files=True, key=f"orders_upload_{turn}"
    )
    kept: dict[str, str] = st.session_state.setdefault("orders_kept", {})
    for file in dropped or []:
        if file.file_id not in kept:
            kept[file.file_id] = str(_keep(file.name, file))
    wanted = {file.file_id for file in dropped or []}
    return [Path(path) for key, path in kept.items() if key in wanted and Path(path).is_file()]


def _keep(name: str, content: Any) -> Path:
    home = (session.store().folder or Path()) / "uploads"
    home.mkdir(parents=True, exist_ok=True)
    for old in home.iterdir():
        if time.time() - old.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    folder = home / uuid.uuid4().hex[:12]
    folder.mkdir()
    target = folder / Path(name).name
    with target.open("wb") as out:
        shutil.copyfileobj(content, out)
    return target


def forget() -> None:
    """Empty the place to drop files."""
    st.session_state["orders_turn"] = st.session_state.get("orders_turn", 0) + 1
    st.session_state["orders_kept"] = {}
